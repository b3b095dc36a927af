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

/* The scheme's method in the words of calc. */
enum score_method tier_method(const struct tier_case *in);
/* Letter and name, with the tier's tone. */
struct out tier_named(const struct cx *cx, const struct tier *tier);
/* What stands against the tier: its gates that are not passed, in words. */
str tier_gates_text(const struct tier_case *in, int place, int tier);

#endif
