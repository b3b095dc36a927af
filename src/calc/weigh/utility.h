/* How far a value has come between a floor (0) and a goal (1): the common scale on which unlike
 * criteria are added. Piecewise linear, the "reference point" value function of multi-criteria
 * analysis (Keeney & Raiffa, Decisions with Multiple Objectives, 1976, ch. 3). */
#ifndef CALC_WEIGH_UTILITY_H
#define CALC_WEIGH_UTILITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { WEIGH_CRITERIA_MAX = 64, WEIGH_PLACES_MAX = 4000000, WEIGH_STEPS_MAX = 256 };

/* Silence never pays: a missing value stands at the floor. What does not apply to a place gives
 * its weight to the other criteria of its dimension. */
enum weigh_state { VALUE_KNOWN, VALUE_MISSING, VALUE_NOT_APPLICABLE };

enum scale_kind {
    SCALE_LINE,    /* from floor to goal; a goal below the floor means that less is better */
    SCALE_BAND,    /* 0 at floor, 1 from goal to goal_end, 0 again from floor_end on */
    SCALE_STEPS,   /* every allowed value is listed with its utility */
    SCALE_MIN_MAX, /* a line between the least and the greatest known value of all places */
};

struct scale_step {
    double value;
    double utility; /* 0 to 1 */
};

struct scale {
    enum scale_kind kind;
    double floor;
    double goal;
    double goal_end;     /* SCALE_BAND: floor < goal <= goal_end < floor_end */
    double floor_end;    /* SCALE_BAND */
    bool less_is_better; /* SCALE_MIN_MAX */
    const struct scale_step *steps;
    int step_count;
};

/* Raw values, one row a place: values[place * criterion_count + criterion]. */
struct weigh_values {
    int place_count;
    int criterion_count;
    const double *values;
    const unsigned char *states; /* enum weigh_state, same shape */
};

/* The same on the common scale. Bit k of a mask belongs to criterion k. */
struct utilities {
    int place_count;
    int criterion_count;
    const float *u;             /* 0 to 1; 0 where missing or not applicable */
    const uint64_t *applicable; /* a place: the criteria that apply to it */
    const uint64_t *missing;    /* a place: those that apply and have no value */
};

/* RC_INVALID when a scale contradicts itself: floor equal to goal, a band out of order, a utility
 * outside 0..1, a value listed twice, numbers that are not finite. `criterion`: its place in the
 * list, for the message. */
MUST_CHECK enum rc utility_check(const struct scale *scale, int criterion, struct err *err);

/* The utility of one known value, in [0, 1]. SCALE_MIN_MAX must have been fitted. False when
 * SCALE_STEPS does not list the value. */
MUST_CHECK bool utility_of(const struct scale *scale, double value, double *out);

/* SCALE_MIN_MAX scales become SCALE_LINE with the ends found in `values`; others are copied. All
 * known values equal, or none known: everyone stands at the goal (nothing tells them apart). */
void utility_fit(const struct scale *scales, const struct weigh_values *values,
                 struct scale *out_fitted);

/* Utilities of all places by fitted scales, in `arena`. RC_INVALID names place and criterion
 * (counted from 1) of a value that is not finite or not listed; RC_LIMIT above the maxima. */
MUST_CHECK enum rc utilities_make(const struct scale *fitted, const struct weigh_values *values,
                                  struct arena *arena, struct utilities *out, struct err *err);

/* The optimistic variant: the same with every missing value at its goal. */
struct utilities utilities_optimistic(const struct utilities *pessimistic, struct arena *arena);

#endif
