/* Scores of places, and what they are made of.
 *
 * A place's weights are those of its pattern, the set of criteria that apply to it: the weight of
 * a criterion that does not apply goes to the others of its dimension; that of a dimension of
 * which nothing applies goes to the other dimensions in proportion. A score is one chain of fused
 * multiply-adds in criterion order in float32, so that it is the same on every machine. */
#ifndef CALC_WEIGH_SCORE_H
#define CALC_WEIGH_SCORE_H

#include "base/arena.h"
#include "calc/weigh/utility.h"
#include "calc/weigh/weights.h"

enum score_method {
    /* sum of w_k u_k */
    SCORE_SUM,
    /* near the ideal and far from its opposite: D-^2 / (D+^2 + D-^2) with the squared distances
     * D-^2 = sum of (w_k u_k)^2, D+^2 = sum of (w_k (1 - u_k))^2. Ranks as TOPSIS's D- / (D+ + D-)
     * does (Hwang & Yoon 1981) with ideal = goal and anti-ideal = floor. */
    SCORE_TOPSIS,
};

/* Coverage below this leaves a place undecided (contract 12). */
#define SCORE_COVERAGE_MIN 0.80

/* Weights in force for one pattern; `dimension` and `criterion` are positive weights on any scale
 * (the tree's, or a draw's). Under SCORE_TOPSIS they are the squares. What does not apply gets 0;
 * all are 0 when nothing applies. */
void score_weights(const struct weight_tree *tree, enum score_method method,
                   const double *dimension, const double *criterion, uint64_t applicable,
                   float *out);

/* The score of one place from score_weights of its pattern. */
float score_of(const float *weights, const float *u, int criterion_count, enum score_method method);

/* Scores of all places by the tree's own weights. */
void score_all(const struct utilities *u, const struct weight_tree *tree, enum score_method method,
               float *out);

/* Share of the weight in force that has a value, 0 to 1; 0 when nothing applies. */
double score_coverage(const struct utilities *u, const struct weight_tree *tree, int place);

/* What the sum of one place consists of: weight in force and w_k u_k of each criterion, and their
 * sums by dimension. Missing and inapplicable criteria contribute 0; `lost` is what missing values
 * could have brought at most. Any output may be NULL. */
struct contributions {
    double *criterion_weight; /* criterion_count */
    double *criterion;        /* criterion_count */
    double *dimension_weight; /* dimension_count */
    double *dimension;        /* dimension_count */
    double total;
    double lost;
};
void score_contributions(const struct utilities *u, const struct weight_tree *tree, int place,
                         struct contributions *out);

#endif
