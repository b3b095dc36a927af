/* How a programme places units in tiers: schemes, criteria, gates, quotas. */
#ifndef OFFICE_PROGRAMME_LADDER_H
#define OFFICE_PROGRAMME_LADDER_H

#include "base/table.h"
#include "office/programme/dictionary.h"

enum method { METHOD_WEIGHTED_SUM, METHOD_TOPSIS };
enum weighting { WEIGHTING_FIXED, WEIGHTING_AHP, WEIGHTING_ENTROPY, WEIGHTING_CRITIC };
enum reference { REFERENCE_FIXED, REFERENCE_MINMAX };
enum tier_sorting { SORTING_QUOTA, SORTING_THRESHOLDS, SORTING_BREAKS };

/* One way of placing the units of one level in tiers. Scores run from 0 to 1. */
struct scheme {
    str id;
    struct text name;
    int level;      /* whose units are placed */
    uint32_t kinds; /* of these kinds only; 0: all of the level */
    enum method method;
    enum weighting weighting;
    enum reference reference;
    enum tier_sorting sorting;
    double coverage_min;    /* share of weight that must be known, else undecided */
    double sigma_dimension; /* panel's spread of log weights, between dimensions */
    double sigma_criterion; /* and inside one */
    double hysteresis;      /* added to the score of whoever holds the tier */
    bool spill;             /* a place left free in one unit goes to another of the same parent */
    int peers;              /* enumeration whose values are peer groups; NONE */
    struct ints ties;       /* indicators in order, better first by their direction, then unit id */
    str basis;
    struct file_place place;
};

/* Weight of a dimension in a scheme, share of 1 after reading. */
struct dimension_weight {
    str id;
    int scheme;
    int dimension;
    double weight;
    str basis;
    struct file_place place;
};

/* One point of a criterion's value function. */
struct point {
    double x; /* in the indicator's unit */
    double u; /* 0 to 1 */
};

/* A scored indicator. Its worth is piecewise linear through the points, flat beyond the ends: two
 * for floor and goal, four for a target band, one a value for an enumeration. */
struct criterion {
    str id;
    int scheme;
    int indicator;
    int dimension;
    double weight; /* share of the dimension's weight, 1 in sum after reading */
    const struct point *points;
    int point_count;
    str basis;
    struct file_place place;
};

/* A judgment for AHP: `first` is `ratio` times as important as `second`. Both are dimensions, or
 * criteria of one dimension. */
struct judgment {
    str id;
    int scheme;
    bool of_dimensions;
    int first;
    int second;
    double ratio; /* 1/9 to 9 */
    struct file_place place;
};

/* Tiers stand highest first within their scheme. */
struct tier {
    str id;
    int scheme;
    str letter; /* with the colour, never the colour alone */
    struct text name;
    struct text promise; /* what is done for a place in it */
    enum tone tone;
    double threshold; /* SORTING_THRESHOLDS: least score */
    str basis;
    struct file_place place;
};

/* What must hold for a tier. On a missing input it is undetermined (contracts D13). */
struct tier_gate {
    str id;
    int scheme;
    uint32_t tiers;
    struct formula formula;
    struct text says; /* what is wrong when it fails */
    str basis;
    struct file_place place;
};

/* How many places a tier has. A share is taken of the classified units in each unit of `total` and
 * apportioned by largest remainder among its units of `within`, where places compete. */
struct quota {
    str id;
    int tier;
    bool is_new; /* places new this year; else the stock */
    int within;
    int total;
    int64_t count; /* of each unit of `total`; NONE: `share_ppm` */
    int64_t share_ppm;
    int64_t min; /* of each unit of `within` */
    int from_year;
    int to_year;
    str basis;
    struct file_place place;
};

/* A unit of the quota's `within` whose number of places is set by name. */
struct quota_exception {
    str id;
    int quota;
    str unit; /* code */
    int64_t count;
    str basis;
    struct file_place place;
};

#endif
