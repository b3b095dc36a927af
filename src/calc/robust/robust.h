/* How sure a tier is: the share of plausible weightings that give it (SMAA; Lahdelma & Salminen
 * 2001). Every draw applies the whole operator of tiering.h: quotas, gates, locks, hysteresis.
 * Natural breaks are found once, by the tree's own weights, and stand as thresholds in all draws.
 *
 * The same seed gives the same counts, bit for bit, on every machine: draws are functions of
 * (seed, draw, criterion), scores are fixed chains of fused multiply-adds, and neither the number
 * of threads nor the instruction set changes an answer. */
#ifndef CALC_ROBUST_ROBUST_H
#define CALC_ROBUST_ROBUST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "calc/weigh/score.h"
#include "calc/weigh/tiering.h"

enum { ROBUST_DRAWS_MAX = 1000000, ROBUST_THREADS_MAX = 64, ROBUST_SIGMA_MAX = 3 };

enum draw_model {
    /* w proportional to w0 * exp(sigma * z), z standard normal, for dimensions and for criteria
     * inside them: smooth in w0, so that a moved weight moves the shares without jitter. */
    DRAW_AROUND,
    /* No knowledge: every weighting alike (Dirichlet(1) over dimensions and over the criteria of
     * each). Weights of 0 stay 0. */
    DRAW_ANY,
};

/* Instruction sets: for tests and measurements; everybody else takes the best there is. */
enum lanes { LANES_BEST, LANES_SCALAR, LANES_AVX2, LANES_AVX512 };

struct robust_job {
    const struct tiering *rules;
    const struct utilities *u;
    const struct weight_tree *tree;
    enum score_method method;
    enum draw_model model;
    const double *dimension_sigma; /* dimension_count; DRAW_AROUND: about ln of the factor by */
    const double *criterion_sigma; /* criterion_count; which the panel was unsure */
    uint64_t seed;
    int draws;
    int threads;
    enum lanes lanes;
    /* Told now and then, on the caller's thread, how many draws are done; false ends it. NULL:
     * nobody is told. */
    bool (*step)(void *self, int done);
    void *step_self;
};

struct robustness {
    int draws;
    bool is_stopped; /* by `step`: no counts */
    int tier_count;
    uint32_t *count; /* [place * tier_count + tier]: draws that gave this tier; all 0 when
                        undecided, all draws in its tier when locked */
    double error;    /* shares are good to about plus or minus this: 1 / sqrt(draws) */
};

/* RC_INVALID / RC_LIMIT: what tiering_check and weights_check refuse, a sigma that is negative or
 * not finite, draws or threads out of range. The answer lives in `arena`; so does the scratch. */
MUST_CHECK enum rc robust_run(const struct robust_job *job, struct arena *arena,
                              struct robustness *out, struct err *err);

/* Draws in which the place came into `tier` or a higher one. */
uint32_t robust_or_better(const struct robustness *of, int place, int tier);

/* The weightings that speak for each tier of one place: mean share of every criterion over the
 * draws that gave the tier, out[tier * criterion_count + criterion]; 0 where no draw did. Same
 * refusals as robust_run. */
MUST_CHECK enum rc robust_central(const struct robust_job *job, int place, struct arena *arena,
                                  double *out, struct err *err);

/* One draw's weights, to be shown or fed to score_weights: dimension_count and criterion_count
 * positive numbers, before they are made shares. */
void robust_draw(const struct robust_job *job, int draw, double *out_dimension,
                 double *out_criterion);

/* Whether this machine has the instruction set. */
bool lanes_offered(enum lanes lanes);

#endif
