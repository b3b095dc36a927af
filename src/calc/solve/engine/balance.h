/* A choice that loses next to nothing at the prices and nearly meets the rows. */
#ifndef CALC_SOLVE_ENGINE_BALANCE_H
#define CALC_SOLVE_ENGINE_BALANCE_H

#include "calc/solve/engine/dual.h"
#include "calc/solve/engine/near.h"

/* Where many groups do not care at the prices which option they take (two recipes for one work, one
 * year or the next), what each takes for itself may miss the rows by far. Change the picks of
 * `choice`, which has some, so that together they meet the rows with small losses. Another seed
 * weighs the rows a little differently; 0 weighs them by their prices. Returns the steps done. */
int64_t balance_choice(const struct dual *dual, const struct near_frame *frame, uint64_t seed,
                       struct arena *arena, struct choice *choice);

#endif
