/* Improving a choice by two groups at a time. */
#ifndef CALC_SOLVE_ENGINE_EXCHANGE_H
#define CALC_SOLVE_ENGINE_EXCHANGE_H

#include "calc/solve/engine/near.h"

/* Change the options of two groups at once wherever that is worth more and keeps the rows, until no
 * two of the cheapest changes do. `choice` keeps the rows before and after. Returns the steps. */
int64_t exchange_pairs(const struct near_frame *frame, struct arena *arena, struct choice *choice);

#endif
