/* For tests of lineage: three registers of one county, and decisions on what is between them. */
#ifndef OFFICE_REGISTER_TEST_LINEAGE_H
#define OFFICE_REGISTER_TEST_LINEAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/lineage/decide.h"
#include "office/register/test_units.h"
#include "office/test_world.h"

enum { TEST_REGISTERS = 3 };
extern const char *const TEST_DAY[TEST_REGISTERS];
extern const char *const TEST_REGISTER[TEST_REGISTERS];

/* Take in one of them. */
void import(const struct cx *cx, int which, int accept_min);
struct unit_tree tree_at(const struct cx *cx, int which);
int place(const struct unit_tree *tree, const char *code);
struct lineage_rows all_rows(const struct cx *cx);
/* Does the tree hold the units of the register, and no others? */
void assert_is_register(const struct unit_tree *tree, int which);
/* The step from one code to another up to register `which`; "" for none. */
struct lineage_row step(const struct cx *cx, int which, const char *before, const char *after);

/* A decision on a step. */
struct verdict {
    const char *before;
    const char *after;
    const char *word;
    const char *successor;
};

/* Apply decisions as a list that came back, in a transaction of its own. `out_fault` gets the
 * first thing that was wrong; may be NULL. */
enum rc apply(const struct cx *cx, int which, const struct verdict *verdicts, int count,
              struct decision_result *out, struct decision_fault *out_fault);

#endif
