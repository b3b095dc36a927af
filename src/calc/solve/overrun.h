/* What a choice overruns, at the terms of a relief; and choices that overrun less. */
#ifndef CALC_SOLVE_OVERRUN_H
#define CALC_SOLVE_OVERRUN_H

#include "calc/solve/relief.h"

/* The cost of the rows that give way so that `picks` [groups] holds; -1 where one that is hard
 * would have to. `given` [rows], or NULL, gets by how much each row gives way: of a chain, the
 * first row that lacks gives what it lacks, the next what it lacks beyond that. */
int64_t overrun_cost(const struct solve_problem *problem, const struct relief_terms *terms,
                     const int *picks, struct arena *scratch, int64_t *given);

/* Change one group at a time as long as that makes the cost less; `picks` must have one. */
void overrun_descend(const struct solve_problem *problem, const struct relief_terms *terms,
                     int *picks, struct arena *scratch);

#endif
