/* Prices of the rows: the minimum of the dual function, found by steps along its subgradients. */
#ifndef CALC_SOLVE_ENGINE_DUAL_H
#define CALC_SOLVE_ENGINE_DUAL_H

#include "calc/solve/engine/pack.h"

struct dual {
    const struct pack *pack;
    double *price; /* [rows] the best so far */
    double bound;  /* there, in floating point: for steering, not for proof */
    int64_t steps;
    int threads; /* of the smooth part; set by the caller, 1 at first */
    /* scratch, [rows] each */
    double *at;
    double *use;
    double *step;
    double *slope;
    double *scale;   /* how much of a row all groups could use */
    double *typical; /* a price that the values in play suggest */
};

void dual_init(const struct pack *pack, struct arena *arena, struct dual *out);
/* From nothing: one price a row, by signs first. */
void dual_from_signs(struct dual *dual, int evaluations);
/* From `price` as it stands (set by the caller when warm): deflected subgradient steps to a level
 * below the best, which halves on a stall and doubles on a success; `level` is the first one, as a
 * share of the bound. */
void dual_descend(struct dual *dual, int evaluations, double level);
/* Evaluate at these prices, and keep them if they are the best so far. */
void dual_try(struct dual *dual, const double *price);
/* The prices as whole numbers, scaled. */
void dual_round(const struct dual *dual, int64_t *prices);

#endif
