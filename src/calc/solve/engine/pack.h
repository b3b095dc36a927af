/* A model laid out for speed: what the groups choose at given prices, in single precision. Good
 * for finding prices; what they prove is said by model_bound. */
#ifndef CALC_SOLVE_ENGINE_PACK_H
#define CALC_SOLVE_ENGINE_PACK_H

#include "calc/solve/engine/kernel.h"
#include "calc/solve/engine/model.h"

struct pack {
    const struct model *model;
    const struct kernel *kernel;
    int runs;
    struct kernel_run *run;
    float **run_price; /* [runs] scratch */
    int *order;        /* [bundles × 16] group of a lane, or -1 */
    int bundles;
    int32_t *best; /* [bundles × 16] */
    int32_t *open;
    double value;  /* of the first options */
    double *use;   /* [rows] of the first options */
    int64_t steps; /* what one evaluation counts for */
};

void pack_of(const struct model *model, const struct kernel *kernel, struct arena *arena,
             struct pack *out);
/* The dual function at the prices [rows], and the uses chosen there [rows]. */
double pack_eval(const struct pack *pack, const double *price, double *use);
/* The same, and the option chosen in every group [groups]. */
double pack_pick(const struct pack *pack, const double *price, double *use, int *pick);
/* The same without the groups whose two best options are within the margin: they count as
 * choosing their first option and are listed. The answer is their number. */
int pack_open(const struct pack *pack, const double *price, double margin, double *use,
              double *out_total, int *groups);
/* 64-byte aligned. */
void *pack_take(struct arena *arena, size_t count, size_t size);

#endif
