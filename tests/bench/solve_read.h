/* A problem file (docs/schemas/problem.json) for the solver's bench. */
#ifndef TESTS_BENCH_SOLVE_READ_H
#define TESTS_BENCH_SOLVE_READ_H

#include "calc/solve/problem.h"

enum rc read_problem(const char *path, struct arena *arena, struct err *err,
                     struct solve_problem *out);

#endif
