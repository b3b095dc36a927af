/* A first choice that keeps every row, quickly; good ones come from the searches. */
#ifndef CALC_SOLVE_ENGINE_FIRST_H
#define CALC_SOLVE_ENGINE_FIRST_H

#include "calc/solve/engine/dual.h"
#include "calc/solve/engine/near.h"

/* Raise the prices of broken rows until what they choose fits; else mend the rest move by move.
 * choice->any says whether it succeeded. Returns the steps done. */
int64_t first_choice(const struct dual *dual, const struct near_frame *frame, struct arena *arena,
                     struct choice *choice);
/* Mend a choice that breaks rows: moves that lose least for what they relieve. */
int64_t first_mend(const struct near_frame *frame, const double *scale, struct arena *arena,
                   struct choice *choice);
/* Take every better option that still fits, the best for its price first. */
int64_t first_fill(const struct near_frame *frame, struct arena *arena, struct choice *choice);

#endif
