/* Random draws without state: each is a function of a seed and a place (a, b), so that any draw
 * can be made again, in any order, on any machine, bit for bit. */
#ifndef CALC_STAT_DRAW_H
#define CALC_STAT_DRAW_H

#include <stdint.h>

/* Where a draw stands. `a` and `b` are the caller's: the draw and the criterion, say. Two uses of
 * one seed must not share a place. */
struct draw_at {
    uint64_t seed;
    uint64_t a;
    uint64_t b;
};

/* 128 bits: Philox 4x32 with 10 rounds (Salmon et al., "Parallel Random Numbers: As Easy as
 * 1, 2, 3", 2011); key = seed, counter = (a, b), low words first. */
struct draw_bits {
    uint64_t first;
    uint64_t second;
};

struct draw_bits draw_bits(struct draw_at at);

/* Uniform in (0, 1): the middle of one of 2^52 equal cells, so neither 0 nor 1. */
double draw_uniform(struct draw_at at);
/* Standard normal, by inversion of draw_uniform; never beyond ±8.3. */
double draw_normal(struct draw_at at);
/* Exponential with mean 1. */
double draw_exponential(struct draw_at at);

/* The inverse of the standard normal distribution at p in (0, 1), to about 1e-16: Wichura,
 * algorithm AS 241 (PPND16), Applied Statistics 37, 1988. */
double normal_quantile(double p);

#endif
