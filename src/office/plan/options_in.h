/* What the making of options shares: the ways to build one measure, an option in the making. */
#ifndef OFFICE_PLAN_OPTIONS_IN_H
#define OFFICE_PLAN_OPTIONS_IN_H

#include "office/plan/plan_in.h"

enum {
    WAYS_MAX = 2000,
    WAY_GOES_MAX = 2, /* contracts E22: levels rise, here once */
    CHOICE_WORKS_MAX = PLAN_GROUP_MEASURES_MAX * WAY_GOES_MAX,
    MADE_USES_MAX = 128,
};

/* One way to build a measure in a place: not at all, in one go, or a lower level first. */
struct way {
    struct plan_work goes[WAY_GOES_MAX];
    int count;
};

struct ways {
    struct way at[WAYS_MAX];
    int count;
};

struct made { /* an option of the group in hand */
    struct plan_work works[CHOICE_WORKS_MAX];
    int work_count;
    int64_t value;
    bool is_barred; /* against a lock: kept to tell what the lock costs, never chosen */
    struct solve_use uses[MADE_USES_MAX];
    int use_count;
};

/* The ways to build a measure in a place, not at all first. False: more than WAYS_MAX. */
bool plan_find_ways(const struct plan_case *plan, int place, int measure, struct ways *out);

/* What the option uses of the rows. False when it cannot be paid for. */
bool plan_find_uses(const struct plan_case *plan, int place, struct made *made);

#endif
