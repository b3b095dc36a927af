/* The weights of a draw, eight at a time: the steps of draw.c and same.c in vectors, so that the
 * bits are those of robust_draw. For instruction sets with vectors of doubles. */
#ifndef CALC_ROBUST_LANES_DRAW_H
#define CALC_ROBUST_LANES_DRAW_H

#include "calc/robust/lanes.h"
#include "calc/stat/draw.h"
#include "calc/stat/series.h"

enum { EIGHT = 8, PHILOX_ROUNDS = 10, FRACTION_BITS = 52, EXPONENT_BIAS = 1023 };

typedef double f64 __attribute__((vector_size(64)));
typedef uint64_t u64 __attribute__((vector_size(64)));
typedef int64_t i64 __attribute__((vector_size(64)));

union vector {
    f64 number;
    u64 word;
    i64 whole;
    double each[EIGHT];
};

static const uint64_t LOW_HALF = 0xFFFFFFFF;

/* draw_uniform at (a, b), (a, b + 1) ... */
static inline KERNEL void uniforms(struct draw_at at, union vector *out)
{
    const u64 count = {0, 1, 2, 3, 4, 5, 6, 7};
    const u64 zero = {0};
    u64 b = count + at.b;
    u64 x[4] = {zero + (at.a & LOW_HALF), zero + (at.a >> 32), b & LOW_HALF, b >> 32};
    uint32_t key[2] = {(uint32_t)at.seed, (uint32_t)(at.seed >> 32)};

    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        u64 p = x[0] * 0xD2511F53U;
        u64 q = x[2] * 0xCD9E8D57U;
        x[0] = (q >> 32) ^ x[1] ^ key[0];
        x[1] = q & LOW_HALF;
        x[2] = (p >> 32) ^ x[3] ^ key[1];
        x[3] = p & LOW_HALF;
        key[0] += 0x9E3779B9U;
        key[1] += 0xBB67AE85U;
    }
    /* A whole number below 2^52 in the fraction of 2^52 is 2^52 plus that number. */
    union vector cell = {.word = ((x[0] | x[1] << 32) >> 12) | (uint64_t)0x4330000000000000};
    out->number = ((cell.number - 0x1p52) + 0.5) * 0x1p-52;
}

static inline KERNEL void normals(struct draw_at at, union vector *out)
{
    union vector p;

    uniforms(at, &p);
    f64 q = p.number - 0.5;
    f64 x = QUANTILE_CENTRE_FROM - q * q;
    f64 above = x * 0 + QUANTILE_CENTRE.above[QUANTILE_TERMS - 1];
    f64 below = x * 0 + QUANTILE_CENTRE.below[QUANTILE_TERMS - 1];
    for (int i = QUANTILE_TERMS - 2; i >= 0; i--) {
        above = above * x + QUANTILE_CENTRE.above[i];
        below = below * x + QUANTILE_CENTRE.below[i];
    }
    out->number = q * (above / below);
    for (int i = 0; i < EIGHT; i++) {
        double off = p.each[i] - 0.5;
        if (off > QUANTILE_CENTRE_END || off < -QUANTILE_CENTRE_END) {
            out->each[i] = normal_quantile(p.each[i]);
        }
    }
}

/* same_exp, for arguments well inside its range. */
static inline KERNEL void exponents(union vector *x)
{
    union vector sign = {.word = (x->word & (uint64_t)0x8000000000000000) |
                                 (uint64_t)0x3FE0000000000000};
    i64 k = __builtin_convertvector(x->number / LN2 + sign.number, i64);
    f64 turns = __builtin_convertvector(k, f64);
    f64 r = (x->number - turns * LN2_HIGH) - turns * LN2_LOW;
    f64 sum = r * 0 + EXP_SERIES[EXP_TERMS - 1];

    for (int i = EXP_TERMS - 2; i >= 0; i--) {
        sum = EXP_SERIES[i] + r * sum;
    }
    union vector power = {.whole = (k + EXPONENT_BIAS) << FRACTION_BITS};
    x->number = sum * power.number;
}

/* same_log of numbers between 0 and 1. */
static inline KERNEL void logarithms(union vector *x)
{
    union vector m = {.word =
                          (x->word & (uint64_t)0x000FFFFFFFFFFFFF) | (uint64_t)0x3FF0000000000000};
    i64 k = (i64)(x->word >> FRACTION_BITS) - EXPONENT_BIAS;
    i64 is_large = m.number > ROOT_OF_2;
    union vector half = {.number = m.number * 0.5};

    m.whole = (half.whole & is_large) | (m.whole & ~is_large);
    k -= is_large;
    f64 turns = __builtin_convertvector(k, f64);
    f64 f = m.number - 1.0;
    f64 s = f / (m.number + 1.0);
    f64 square = s * s;
    f64 tail = f * 0;
    for (int i = LOG_TERMS - 1; i >= 0; i--) {
        tail = square * (tail + LOG_SERIES[i]);
    }
    x->number = turns * LN2_HIGH + (f - (s * (f - 2.0 * tail) - turns * LN2_LOW));
}

/* Eight weights from `at` on, `count` of them wanted. */
static inline KERNEL void draw_eight(enum draw_model model, struct draw_at at, const double *weight,
                                     const double *sigma, int count, double *out)
{
    union vector x;
    double factor[EIGHT] = {0};

    if (model == DRAW_ANY) {
        uniforms(at, &x);
        logarithms(&x);
        x.number = -x.number;
    } else {
        normals(at, &x);
        memcpy(factor, sigma, (size_t)count * sizeof(*factor));
        for (int i = 0; i < EIGHT; i++) {
            x.each[i] *= factor[i];
        }
        exponents(&x);
    }
    for (int i = 0; i < count; i++) {
        double scaled = model == DRAW_ANY ? x.each[i] : weight[i] * x.each[i];
        out[i] = weight[i] == 0 ? 0.0 : scaled;
    }
}

static KERNEL void draw(const struct robust_job *job, int number, double *out_dimension,
                        double *out_criterion)
{
    const struct weight_tree *tree = job->tree;
    struct draw_at at = {.seed = job->seed, .a = (uint64_t)number};

    for (int k = 0; k < tree->criterion_count; k += EIGHT) {
        int left = tree->criterion_count - k;
        at.b = (uint64_t)k;
        draw_eight(job->model, at, tree->criterion_weight + k,
                   job->model == DRAW_ANY ? NULL : job->criterion_sigma + k,
                   left < EIGHT ? left : EIGHT, out_criterion + k);
    }
    for (int d = 0; d < tree->dimension_count; d += EIGHT) {
        int left = tree->dimension_count - d;
        at.b = WEIGH_CRITERIA_MAX + (uint64_t)d;
        draw_eight(job->model, at, tree->dimension_weight + d,
                   job->model == DRAW_ANY ? NULL : job->dimension_sigma + d,
                   left < EIGHT ? left : EIGHT, out_dimension + d);
    }
}

#endif
