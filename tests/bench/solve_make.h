/* Problems of choice made from a seed, for the solver's bench: provinces and counties of villages
 * with and without lumpy costs, one or more years, and general instances. */
#ifndef TESTS_BENCH_SOLVE_MAKE_H
#define TESTS_BENCH_SOLVE_MAKE_H

#include "calc/solve/problem.h"

struct make_opts {
    uint64_t seed;
    int villages;
    int county_villages; /* on average; the last county takes the rest */
    int years;           /* 1…3 */
    bool lumpy;          /* costs are multiples of five, value follows cost */
};

/* Twenty measures in six groups a village (two of joint bundles), money of the province and of
 * counties, four funds, land of counties. */
enum rc make_villages(const struct make_opts *opts, struct arena *arena, struct err *err,
                      struct solve_problem *out);
/* `groups` of ten options, ten rows at half of what could be used. */
enum rc make_general(uint64_t seed, int groups, struct arena *arena, struct err *err,
                     struct solve_problem *out);

#endif
