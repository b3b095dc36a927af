/* Order statistics of a sample. NaN is missing and left out everywhere. */
#ifndef CALC_STAT_SAMPLE_H
#define CALC_STAT_SAMPLE_H

#include <stddef.h>

#include "base/arena.h"

/* Move the known values to the front, in their order; how many they are. */
size_t sample_pack(double *values, size_t count);

/* The k-th smallest, from 0, of `count` values without NaN; puts smaller ones before place k and
 * larger ones behind it. Quickselect by medians of three, linear time on average; never worse than
 * sorting. */
double sample_select(double *values, size_t count, size_t k);

/* The quantile at `share` in [0, 1] of values without NaN, which it reorders: between the two
 * neighbours by linear interpolation, as PERCENTILE.INC does (Hyndman & Fan 1996, type 7). 0.5 is
 * the median. NaN of nothing. */
double sample_quantile(double *values, size_t count, double share);

enum sample_ties {
    TIES_LEAST, /* 1 2 2 4: for a list that people read */
    TIES_MEAN,  /* 1 2.5 2.5 4: for rank correlation */
};

/* Ranks from 1, the largest value first; NaN for missing values. `scratch` is given back. */
void sample_ranks(const double *values, size_t count, enum sample_ties ties, double *out,
                  struct arena *scratch);

/* How far each value lies from the median, in robust standard deviations (Iglewicz & Hoaglin 1993):
 * 0.6745 (x - median) / MAD; where more than half of the values are equal and MAD is 0, by the
 * mean deviation, (x - median) / (1.2533 MeanAD). Beyond OUTLIER_SCORE a value deserves a look.
 * All 0 where all are equal. */
#define OUTLIER_SCORE 3.5
void sample_outlier_scores(const double *values, size_t count, double *out, struct arena *scratch);

#endif
