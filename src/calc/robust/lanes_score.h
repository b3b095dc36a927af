/* Scores, and what needs no search, in the words of an instruction set (see lanes_grade.h). */
#ifndef CALC_ROBUST_LANES_SCORE_H
#define CALC_ROBUST_LANES_SCORE_H

#include "calc/robust/lanes.h"

/* One chain of multiply-adds a row, in criterion order. */
static inline KERNEL void chains(const float *u, const struct score_tile *tile, f32 *out)
{
    const float *weights = tile->weights;

    UNROLLED
    for (int row = 0; row < TILE_ROWS; row++) {
        out[row] = f32_all(0);
    }
    for (int k = 0; k < tile->criterion_count; k++) {
        f32 weight = f32_load(weights);
        UNROLLED
        for (int row = 0; row < TILE_ROWS; row++) {
            out[row] = f32_fma(weight, f32_all(u[row]), out[row]);
        }
        weights += LANES_WIDE;
        u += TILE_ROWS;
    }
}

static KERNEL void score(const struct score_tile *tile)
{
    f32 near[TILE_ROWS];
    float *out = tile->scores;

    chains(tile->u, tile, near);
    if (tile->rest != NULL) {
        f32 far[TILE_ROWS];
        chains(tile->rest, tile, far);
        UNROLLED
        for (int row = 0; row < TILE_ROWS; row++) {
            near[row] = f32_div_or_zero(near[row], f32_add(near[row], far[row]));
        }
    }
    UNROLLED
    for (int row = 0; row < TILE_ROWS; row++) {
        f32_store(out, near[row]);
        out += LANES_WIDE;
    }
}

static KERNEL void reach(struct grade_task *task, float threshold)
{
    for (int i = 0; i < task->row_count; i++) {
        int row = task->rows[i];
        f32 score = f32_load(task->scores + (size_t)row * LANES_WIDE);
        f32 with_bonus = f32_add(score, f32_all(task->bonus[i]));
        task->admitted[i] =
            where_bits(f32_at_least(with_bonus, f32_all(threshold))) & ~task->taken[row];
    }
}

static KERNEL void tally(const uint32_t *masks, uint32_t valid, int count, uint32_t *sums)
{
    for (int i = 0; i < count; i++) {
        sums[i] += (uint32_t)__builtin_popcount(masks[i] & valid);
    }
}

#endif
