/* For tests of tiers: the programme of tiers.yaml on two cities of three counties, and its runs. */
#ifndef TESTS_OFFICE_LADDER_H
#define TESTS_OFFICE_LADDER_H

#include "office/tier/tier.h"
#include "tests/office/rooms.h"
#include "tests/office/shown.h"

enum { HIGH, MIDDLE, LOW };

#define LADDER_HEAD "行政区划代码|人口|得分|脏乱|安全\n"

struct ladder {
    struct rooms rooms;
    struct tier_options options;
    struct tier_case in;
    struct tier_answer answer;
};

/* With `count` places of the programme changed. */
void ladder_open(void *world, const struct edit *edits, int count, struct ladder *out);
/* Take a ledger of one year in. */
void ladder_take(struct ladder *ladder, int year, const char *text);
/* Prepare and compute the run of a year. */
enum rc ladder_try(struct ladder *ladder, int year);
void ladder_run(struct ladder *ladder, int year);
/* Keep the run that was computed last, and say which resolution carries it out unless NULL. */
int64_t ladder_keep(struct ladder *ladder, const char *resolution);
/* Put a village in a tier against the rules. */
enum rc ladder_override(struct ladder *ladder, const char *code, const char *tier,
                        const char *reason);

/* The place of a village in the case. */
int ladder_place(const struct ladder *ladder, const char *code);
const struct placing *ladder_placing(const struct ladder *ladder, const char *code);
int ladder_tier(const struct ladder *ladder, const char *code);
double ladder_score(const struct ladder *ladder, const char *code);
/* The line of a county's tier. */
const struct tier_line *ladder_line(const struct ladder *ladder, const char *county, int tier);

#endif
