/* From the boundaries of then to those of now: which newer units an older one's values belong to,
 * and in what shares. Only confirmed lineage speaks. */
#ifndef OFFICE_LINEAGE_CROSSWALK_H
#define OFFICE_LINEAGE_CROSSWALK_H

#include "office/unit/unit.h"

/* A part of an older unit. The shares of one unit add up to one, so that totals are conserved. */
struct unit_share {
    int from; /* place in the older tree */
    int to;   /* place in the newer tree */
    int64_t num;
    int64_t den;
    bool is_whole;       /* one to one: `to` is all of `from` and nothing else */
    bool is_unallocated; /* nobody knows which unit below `to` it belongs to */
};

struct unit_crosswalk {
    const struct unit_share *shares; /* in order of `from`, then of `to` */
    const int
        *first; /* shares of place i are [first[i], first[i + 1]); before->count + 1 of them */
    int count;
};

/* Stocks move by share; ratios move their numerator and denominator by share; enumerations, yes/no
 * and extremes move only where is_whole (contracts B9). What vanished without a known successor
 * is unallocated in the nearest unit above that is known to go on. `after` is not older than
 * `before`. Lives in cx->arena. */
enum rc unit_crosswalk_load(const struct cx *cx, const struct unit_tree *before,
                            const struct unit_tree *after, struct unit_crosswalk *out) MUST_CHECK;

#endif
