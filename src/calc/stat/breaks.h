/* Natural breaks: classes that differ least inside and most from each other. */
#ifndef CALC_STAT_BREAKS_H
#define CALC_STAT_BREAKS_H

#include <stddef.h>

#include "base/arena.h"

enum { BREAKS_CLASSES_MAX = 16 };

/* The exact optimum of Fisher (1958), which Jenks popularised: `classes` contiguous classes with
 * the least sum of squared deviations from their means. NaN is left out. Writes the least value of
 * each class, `out[0]` being the least of all; room for `classes`. Answers how many classes there
 * are: fewer only when there are fewer different values. Of equal optima, that with the earlier
 * breaks. O(classes · n log n); scratch is given back. */
size_t breaks_find(const double *values, size_t count, size_t classes, double *out,
                   struct arena *scratch);

/* The class of a value, from 0, by the answer of breaks_find; a value below all is in the first. */
size_t breaks_class(const double *breaks, size_t classes, double value);

#endif
