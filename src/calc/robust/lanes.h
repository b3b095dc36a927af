/* The inner loops of robustness, 32 draws side by side, once for each instruction set. All of
 * them give the same bits; which one runs changes nothing but the time. */
#ifndef CALC_ROBUST_LANES_H
#define CALC_ROBUST_LANES_H

#include <stdbool.h>
#include <stdint.h>

#include "calc/robust/robust.h"

enum {
    LANES_WIDE = 32,      /* draws in a block */
    LANES_ALIGN = 64,     /* bytes, of every table below */
    LANES_TILE_MAX = 8,   /* rows scored together */
    GRADE_TAKEN = -32768, /* grade of a row that already has a tier in this draw */
    GRADE_MIN = -32767,
    GRADE_MAX = 32767,
};

/* Rows of one pattern scored together: u[criterion * tile_rows + row], padded with zeros. */
struct score_tile {
    const float *u;       /* SCORE_TOPSIS: u squared */
    const float *rest;    /* SCORE_TOPSIS: (1 - u) squared; else NULL */
    const float *weights; /* [criterion * LANES_WIDE + lane] */
    int criterion_count;
    float *scores; /* [row * LANES_WIDE + lane] */
};

/* Who of some rows gets a place, lane by lane. Scores become 16-bit grades around a guess of the
 * line: grade = scale * (score + bonus) + offset, rounded and kept inside GRADE_MIN..GRADE_MAX.
 * A greater score never has a smaller grade, so that the grades decide all but equal ones. */
struct grade_task {
    int row_count;
    const int *rows;       /* which rows of `scores` */
    const float *bonus;    /* hysteresis of each listed row */
    const float *scores;   /* [row * LANES_WIDE + lane] */
    const uint32_t *taken; /* of each row: lanes in which it has a tier already */
    float scale;
    float density;                 /* listed rows per unit of grade near the line, a guess */
    const float *offset;           /* LANES_WIDE */
    const int32_t *places;         /* LANES_WIDE: how many to admit; 0 or less for none */
    int16_t *grades;               /* out: [listed row * LANES_WIDE + lane] */
    uint32_t *admitted;            /* out: of each listed row, lanes with a grade >= line */
    int32_t available[LANES_WIDE]; /* out: listed rows that have no tier yet */
    int32_t line[LANES_WIDE];      /* out: the greatest grade that enough rows reach */
    int32_t reached[LANES_WIDE];   /* out: how many reach it; more than places only by ties */
};

struct lanes_ops {
    int tile_rows;
    void (*score)(const struct score_tile *tile);
    void (*grade)(struct grade_task *task);
    /* admitted[i] = lanes without a tier in which score + bonus >= threshold. */
    void (*reach)(struct grade_task *task, float threshold);
};

extern const struct lanes_ops LANES_OPS_SCALAR;
extern const struct lanes_ops LANES_OPS_AVX2;
extern const struct lanes_ops LANES_OPS_AVX512;

#endif
