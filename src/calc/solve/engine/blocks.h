/* Improving a choice over many blocks (counties) with rows of their own and some shared ones. */
#ifndef CALC_SOLVE_ENGINE_BLOCKS_H
#define CALC_SOLVE_ENGINE_BLOCKS_H

#include "calc/solve/engine/search.h"

/* Are there blocks to search one by one, and too many rows to search all at once? */
bool blocks_apply(const struct model *model);

/* For each block the best choices are collected that keep its own rows, the shared rows counting
 * at their prices; then one of them is chosen for every block so that the shared rows hold, which
 * is a problem of the same kind with blocks as groups. Repeated with longer lists until the steps
 * are used up. `choice` must be there (any); it is improved in place. Returns the steps done. */
int64_t blocks_run(const struct near_frame *frame, const struct search_opts *opts, double bound,
                   struct choice *choice, struct arena *arena);

#endif
