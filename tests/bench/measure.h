/* Time and spread, as every bench here reports them. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stddef.h>

enum { RUNS = 7 };

/* Milliseconds of this process's CPU time, all threads; and of the clock. */
double cpu_ms(void);
double wall_ms(void);
/* The largest amount of memory this process ever held, and what it holds now, MiB. */
double peak_mib(void);
double held_mib(void);

struct spread {
    double median;
    double least;
    double most;
};

/* Reorders the samples. */
struct spread spread_of(double *samples, size_t count);

#endif
