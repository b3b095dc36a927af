/* Numbers by chance that a seed reproduces: SplitMix64 (Steele, Lea, Flood 2014). */
#ifndef CALC_SOLVE_ENGINE_RANDOM_H
#define CALC_SOLVE_ENGINE_RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/* 0 … below - 1. */
static inline int random_below(uint64_t *state, int below)
{
    return (int)((random_next(state) >> 33) % (uint64_t)below);
}

/* From 0, below 1. */
static inline double random_unit(uint64_t *state)
{
    return (double)(random_next(state) >> 11) * 0x1p-53;
}

/* A stream of its own for the n-th task. */
static inline uint64_t random_stream(uint64_t seed, uint64_t n)
{
    uint64_t state = seed ^ (n * 0xd1342543de82ef95ULL);

    return random_next(&state);
}

#endif
