/* For tests: small random instances with everything in them, and the operator written again,
 * slow and plain. */
#ifndef CALC_WEIGH_REFERENCE_H
#define CALC_WEIGH_REFERENCE_H

#include "base/arena.h"
#include "calc/weigh/score.h"
#include "calc/weigh/tiering.h"

struct instance {
    struct tiering rules;
    struct utilities u;
    struct weight_tree tree;
    enum score_method method;
    float *scores; /* by the tree's weights */
};

/* Ties, gates, locks, missing and inapplicable values, all rules: what the seed decides. */
struct instance instance_make(uint64_t seed, int places_max, struct arena *arena);

/* The same with places so unlike each other that most are far from every line. */
struct instance instance_make_spread(uint64_t seed, int places_max, struct arena *arena);

/* The tier of every place: again and again the best of those left. */
void naive_tiers(const struct tiering *rules, const float *scores, signed char *out);

/* Whether `a` comes before `b` among equals. */
bool naive_is_before(const struct tiering *rules, int a, int b);

#endif
