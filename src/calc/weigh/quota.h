/* Places for pools: a number or a share of each parent, by largest remainder among its pools, with
 * a minimum. */
#ifndef CALC_WEIGH_QUOTA_H
#define CALC_WEIGH_QUOTA_H

#include "base/arena.h"

struct quota_rule {
    int count; /* of each parent; 0 where a share is given */
    int ppm;   /* of the parent's base: 15000 is 1.5 %; 0 to 1000000; 0 where a count is given */
    int least; /* for each pool, 0 for none */
};

/* The parent's total, count + ppm * (sum of its pools' bases) / 1000000 rounded half up, is shared
 * among its pools by largest remainder (Hamilton's method); equal remainders go to the larger
 * base, then to the earlier pool. No pool gets less than `least`, or its base if that is smaller:
 * such pools get their minimum and the others share the rest. Answers by how much minima go
 * beyond the totals. A base counts undecided and locked places too. `arena` for scratch. */
int quota_apportion(const int *base, const int *parent, int pool_count, struct quota_rule rule,
                    int *out_quota, struct arena *arena);

#endif
