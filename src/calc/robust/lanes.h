/* The inner loops of robustness, 32 draws side by side, once for each instruction set. All of
 * them give the same bits; which one runs changes nothing but the time. */
#ifndef CALC_ROBUST_LANES_H
#define CALC_ROBUST_LANES_H

#include <stdbool.h>
#include <stdint.h>

#include "calc/robust/robust.h"

/* A loop over a few registers; and a loop over rows, four at a time. */
#ifdef __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#define BY_FOURS _Pragma("clang loop unroll_count(4)")
#else
#define UNROLLED _Pragma("GCC unroll 8")
#define BY_FOURS _Pragma("GCC unroll 4")
#endif

enum {
    LANES_WIDE = 32,      /* draws in a block; lane i is bit i of a mask */
    LANES_ALIGN = 64,     /* bytes, of the large tables below */
    GRADE_TAKEN = -32768, /* grade of a row that already has a tier in this draw */
    GRADE_MIN = -32767,
    GRADE_MAX = 32767,
    GRADE_AT_WIDTH = 16000, /* the grade `width` above the guess; its opposite, below */
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
 * line: grade = (score + bonus - guess) / width * GRADE_AT_WIDTH, rounded and kept inside
 * GRADE_MIN..GRADE_MAX. A greater score never has a smaller grade, so that grades decide all but
 * rows of one grade of which some get a place and some do not: the contested. */
struct grade_task {
    int row_count;
    const int *rows;       /* which rows of `scores` */
    const float *bonus;    /* hysteresis of each listed row */
    const float *scores;   /* [row * LANES_WIDE + lane] */
    const uint32_t *taken; /* of each row of `scores`: lanes in which it has a tier already */
    bool none_taken;       /* they are all 0 */
    int guide_count;       /* guess = mean score of the guides + shift */
    const int *guides;     /* rows of `scores` */
    float shift;
    float width;
    float density; /* listed rows per unit of score near the guess */
    int room;      /* places for all, without what spilled; may be negative */
    int sure;      /* places that go to rows not listed */
    int seen;      /* how far from the guess lines were until now, as a grade */

    int32_t spilled[LANES_WIDE]; /* in: places left over above; out: left over here */
    int16_t *grades;             /* out: [listed row * LANES_WIDE + lane] */
    uint32_t *admitted;          /* out: of each listed row, lanes in which it is in for certain */
    int contested_count;         /* out: the contested rows, and where they are it */
    int *contested;
    uint32_t *contested_lanes;
    uint32_t open;                 /* out: lanes with contested rows */
    uint32_t outside;              /* out: lanes whose line is not well inside the width */
    uint32_t far;                  /* out: lanes whose line is farther than seen */
    int32_t places[LANES_WIDE];    /* out: for listed rows: room + spilled - sure */
    int32_t available[LANES_WIDE]; /* out: listed rows that have no tier yet */
    int32_t certain[LANES_WIDE];   /* out: how many are in for certain */
    int32_t line[LANES_WIDE];      /* out: a grade that enough rows reach */
};

struct lanes_ops {
    int tile_rows;
    /* As robust_draw, and the same bits. */
    void (*draw)(const struct robust_job *job, int number, double *out_dimension,
                 double *out_criterion);
    void (*score)(const struct score_tile *tile);
    void (*grade)(struct grade_task *task);
    /* admitted[i] = lanes without a tier in which score + bonus >= threshold. */
    void (*reach)(struct grade_task *task, float threshold);
    /* sums[i] += number of bits of masks[i] & valid. */
    void (*tally)(const uint32_t *masks, uint32_t valid, int count, uint32_t *sums);
};

extern const struct lanes_ops LANES_OPS_SCALAR;
extern const struct lanes_ops LANES_OPS_AVX2;
extern const struct lanes_ops LANES_OPS_AVX512;

#endif
