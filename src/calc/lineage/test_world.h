/* For tests of lineage: two registers written down unit by unit, and compared. */
#ifndef CALC_LINEAGE_TEST_WORLD_H
#define CALC_LINEAGE_TEST_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calc/lineage/lineage.h"

enum { ROOT, COUNTY, TOWN, VILLAGE, UNITS_MAX = 64 };

struct world {
    struct arena arena;
    struct lineage_unit units[2][UNITS_MAX];
    int count[2];
    struct lineage_answer answer;
};

int world_begin(void **state);
int world_end(void **state);

/* A unit of a side (0: the earlier register), in tree order: its parent is the last one of a higher
 * level. A village is a residents' committee when its own digits begin with 0. */
void add(struct world *world, int side, const char *code, int level, const char *name);
/* On both sides; on the earlier; on the later. */
void both(struct world *world, const char *code, int level, const char *name);
void was(struct world *world, const char *code, int level, const char *name);
void is(struct world *world, const char *code, int level, const char *name);
/* The province and its first county. */
void heads(struct world *world);

void compare(struct world *world);
/* What is said of a pair, NULL for none; NULL when nothing is. */
const struct lineage_link *link_of(const struct world *world, const char *before,
                                   const char *after);
void assert_link(const struct world *world, const char *before, const char *after,
                 enum lineage_kind kind, enum lineage_reason reason);

#endif
