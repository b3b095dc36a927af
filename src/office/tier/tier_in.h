/* What the parts of tiering share. */
#ifndef OFFICE_TIER_TIER_IN_H
#define OFFICE_TIER_TIER_IN_H

#include "office/tier/tier.h"

/* Weights of dimensions and criteria by the scheme's way of weighting. */
enum rc tier_weights(struct tier_case *in) MUST_CHECK;
/* Pools, and how many places of each tier every pool has, or which score it takes. */
enum rc tier_find_pools(struct tier_case *in) MUST_CHECK;
/* Exceptions that stand, and the tier each unit held by the last approved run. */
enum rc tier_find_locks(struct tier_case *in) MUST_CHECK;

/* The place of a unit in the case, by that of every place in the tree; NONE. */
int tier_find_case(const struct tier_case *in, const int *case_of, struct unit_id unit);
/* By place of the case: the tier it is worked on as by an approved plan of an earlier period, begun
 * by the period's last day and not done then, and that plan's run; TIER_NONE and 0. */
struct tier_works {
    signed char *tier;
    int64_t *plan;
};
enum rc tier_find_works(const struct tier_case *in, const int *case_of,
                        struct tier_works *out) MUST_CHECK;

/* What writing and replaying share: kinds of events, and which rows are stamped. */
extern const str EVENT_OVERRIDE; /* unit, scheme, tier, reason */
extern const str EVENT_APPROVE;  /* run, resolution */
extern const struct stamped RUN_STAMPED;
extern const struct stamped RESULT_STAMPED;

/* Why a place is where it is, in words. */
str tier_reason_text(const struct tier_case *in, int place, enum tier_reason reason);
/* A message about the plan whose works lock the place. */
str tier_works_text(const struct tier_case *in, int place, enum msg_id msg);

/* The scheme's method in the words of calc. */
enum score_method tier_method(const struct tier_case *in);
/* Letter and name, with the tier's tone. */
struct out tier_named(const struct cx *cx, const struct tier *tier);
/* The tier of a kept result: by its place among those of the scheme. */
struct out tier_kept_out(const struct cx *cx, const struct programme *programme, int scheme,
                         int tier);
/* What stands against the tier: its gates that are not passed, in words. */
str tier_gates_text(const struct tier_case *in, int place, int tier);

#endif
