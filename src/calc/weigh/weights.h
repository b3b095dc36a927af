/* Weights of criteria: stated, or found from pairwise comparisons (AHP) or from the data (entropy,
 * CRITIC). Dimensions have weights, and criteria have weights inside their dimension. */
#ifndef CALC_WEIGH_WEIGHTS_H
#define CALC_WEIGH_WEIGHTS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "calc/weigh/utility.h"

enum { AHP_SIZE_MAX = 15 };

/* Any positive scale will do: what counts are shares. A weight of 0 leaves its criterion out. */
struct weight_tree {
    int criterion_count;
    int dimension_count;
    const int *dimension; /* of each criterion: 0 .. dimension_count - 1 */
    const double *dimension_weight;
    const double *criterion_weight;
};

struct ahp {
    double weights[AHP_SIZE_MAX]; /* sum 1 */
    double lambda_max;
    double consistency_index; /* (lambda_max - n) / (n - 1) */
    double consistency_ratio; /* index / Saaty's random index; 0 for n <= 2 */
    bool is_consistent;       /* ratio <= 0.10, Saaty's limit */
    int worst_row;            /* the comparison that fits the weights least, from 0 */
    int worst_column;
    double worst_expected; /* what would fit: weights[row] / weights[column] */
};

/* RC_INVALID: a weight negative or not finite, a dimension without weight, no weight at all,
 * a dimension number out of range; RC_LIMIT: too many criteria. */
MUST_CHECK enum rc weights_check(const struct weight_tree *tree, struct err *err);

/* Share of each criterion in the whole, for a place to which all of them apply: the dimension's
 * share times the criterion's share inside it. They sum to 1. */
void weights_combine(const struct weight_tree *tree, double *out);

/* Analytic hierarchy process: the principal eigenvector of n x n pairwise judgements (row-major;
 * a[i][j] says how many times more important i is than j), by power iteration; a judgement not
 * made is 0. T. L. Saaty, The Analytic Hierarchy Process, 1980; random indices: Saaty 1980/2008,
 * n = 1..15. RC_INVALID names the first judgement that is missing on both sides, not positive, or
 * not the reciprocal of its mirror (beyond 1e-6); one given on one side only is mirrored. An
 * inconsistent matrix is answered, with is_consistent false and its worst judgement. */
MUST_CHECK enum rc weights_ahp(const double *judgements, int n, struct ahp *out, struct err *err);

/* Weights from the spread of the data, over the places to which a criterion applies and has a
 * value; they sum to 1 over all criteria. Entropy: Shannon's, of column shares (Zeleny 1982;
 * Hwang & Yoon 1981, p. 54), weight = (1 - e_k) / sum. CRITIC: standard deviation times the sum
 * of 1 - correlation with the others (Diakoulaki, Mavrotas & Papayannakis 1995), correlations
 * over places that have both. A criterion without spread gets 0; RC_INVALID when none has any. */
MUST_CHECK enum rc weights_entropy(const struct utilities *u, double *out, struct err *err);
MUST_CHECK enum rc weights_critic(const struct utilities *u, double *out, struct err *err);

#endif
