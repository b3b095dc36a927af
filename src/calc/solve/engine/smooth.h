/* Prices where rows pull against each other (years, nested limits): the dual made smooth and
 * minimised by Newton's method. */
#ifndef CALC_SOLVE_ENGINE_SMOOTH_H
#define CALC_SOLVE_ENGINE_SMOOTH_H

#include "calc/solve/engine/dual.h"

/* Improve dual->price. Every group chooses softly (a share of its choice goes to each option, by
 * exp(worth / softness)), which gives slopes and curvature; the softness shrinks step by step, the
 * first one being `softness` × the mean spread of value in a group.
 * Groups that still choose softly in the end are given whole options in `pick` [groups], such that
 * the rows are nearly met; the others' are left alone.
 * Returns at once where the curvature would need too much memory. */
void smooth_descend(struct dual *dual, double softness, struct arena *arena, int *pick);

#endif
