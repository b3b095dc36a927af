/* Weights: stated, from judgements, from data. */
#include "calc/weigh/weights.h"

#include <math.h>

#include "base/must.h"
#include "calc/stat/same.h"

/* Saaty 1980, table for n = 1..15. */
static const double RANDOM_INDEX[AHP_SIZE_MAX] = {
    0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
};
#define CONSISTENCY_MAX    0.10
#define RECIPROCAL_SLACK   1e-6
#define POWER_STEPS_MAX    10000
#define POWER_CHANGE_SMALL 1e-15
#define CONFLICT_SMALL     1e-9 /* what rounding leaves of 1 - 1 */

static bool is_weight(double weight)
{
    return isfinite(weight) && weight >= 0;
}

static enum rc check_dimensions(const struct weight_tree *tree, const double *inside,
                                struct err *err)
{
    bool any = false;

    for (int d = 0; d < tree->dimension_count; d++) {
        if (!is_weight(tree->dimension_weight[d])) {
            return err_set(err, RC_INVALID, MSG_WEIGH_DIMENSION_WEIGHT, arg_count(d + 1));
        }
        if (tree->dimension_weight[d] > 0 && !(inside[d] > 0)) {
            return err_set(err, RC_INVALID, MSG_WEIGH_DIMENSION_EMPTY, arg_count(d + 1));
        }
        any = any || tree->dimension_weight[d] > 0;
    }
    return any ? RC_OK : err_set(err, RC_INVALID, MSG_WEIGH_NO_WEIGHT);
}

enum rc weights_check(const struct weight_tree *tree, struct err *err)
{
    double inside[WEIGH_CRITERIA_MAX] = {0};

    if (tree->criterion_count < 1 || tree->criterion_count > WEIGH_CRITERIA_MAX) {
        return err_set(err, RC_LIMIT, MSG_WEIGH_CRITERIA_LIMIT, arg_count(tree->criterion_count),
                       arg_count(WEIGH_CRITERIA_MAX));
    }
    MUST(tree->dimension_count >= 1 && tree->dimension_count <= tree->criterion_count);
    for (int k = 0; k < tree->criterion_count; k++) {
        MUST(tree->dimension[k] >= 0 && tree->dimension[k] < tree->dimension_count);
        if (!is_weight(tree->criterion_weight[k])) {
            return err_set(err, RC_INVALID, MSG_WEIGH_CRITERION_WEIGHT, arg_count(k + 1));
        }
        inside[tree->dimension[k]] += tree->criterion_weight[k];
    }
    return check_dimensions(tree, inside, err);
}

static void make_shares(double *weights, int n)
{
    double sum = 0;

    for (int i = 0; i < n; i++) {
        sum += weights[i];
    }
    for (int i = 0; i < n; i++) {
        weights[i] /= sum;
    }
}

void weights_combine(const struct weight_tree *tree, double *out)
{
    double inside[WEIGH_CRITERIA_MAX] = {0};
    double whole = 0;

    for (int k = 0; k < tree->criterion_count; k++) {
        inside[tree->dimension[k]] += tree->criterion_weight[k];
    }
    for (int d = 0; d < tree->dimension_count; d++) {
        whole += tree->dimension_weight[d];
    }
    for (int k = 0; k < tree->criterion_count; k++) {
        int d = tree->dimension[k];
        double share = inside[d] > 0 ? tree->criterion_weight[k] / inside[d] : 0.0;
        out[k] = tree->dimension_weight[d] / whole * share;
    }
}

/* ---- analytic hierarchy process ---- */

struct judgements {
    int n;
    double a[AHP_SIZE_MAX][AHP_SIZE_MAX];
};

/* One pair of mirrored judgements; one that is 0 is made from the other. */
static enum rc take_pair(const double *from, int i, int j, struct judgements *to, struct err *err)
{
    double forth = from[i * to->n + j];
    double back = from[j * to->n + i];
    struct arg row = arg_count(i + 1);
    struct arg column = arg_count(j + 1);

    if (!is_weight(forth) || !is_weight(back)) {
        return err_set(err, RC_INVALID, MSG_WEIGH_AHP_NOT_POSITIVE, row, column);
    }
    if (forth == 0 && back == 0) {
        return err_set(err, RC_INVALID, MSG_WEIGH_AHP_MISSING, row, column);
    }
    forth = forth == 0 ? 1 / back : forth;
    back = back == 0 ? 1 / forth : back;
    if (fabs(forth * back - 1) > RECIPROCAL_SLACK) {
        return err_set(err, RC_INVALID, MSG_WEIGH_AHP_NOT_RECIPROCAL, row, column);
    }
    to->a[i][j] = forth;
    to->a[j][i] = back;
    return RC_OK;
}

static enum rc take_judgements(const double *from, struct judgements *to, struct err *err)
{
    for (int i = 0; i < to->n; i++) {
        for (int j = i; j < to->n; j++) {
            enum rc rc = take_pair(from, i, j, to, err);
            if (rc != RC_OK) {
                return rc;
            }
        }
    }
    return RC_OK;
}

/* One step of power iteration: weights become shares of a * weights; returns the eigenvalue's
 * present estimate, and the greatest change of a weight. */
static double power_step(const struct judgements *of, double *weights, double *out_change)
{
    double next[AHP_SIZE_MAX] = {0};
    double sum = 0;

    for (int i = 0; i < of->n; i++) {
        for (int j = 0; j < of->n; j++) {
            next[i] += of->a[i][j] * weights[j];
        }
        sum += next[i];
    }
    *out_change = 0;
    for (int i = 0; i < of->n; i++) {
        double change = fabs(next[i] / sum - weights[i]);
        *out_change = change > *out_change ? change : *out_change;
        weights[i] = next[i] / sum;
    }
    return sum;
}

static void find_worst(const struct judgements *of, struct ahp *out)
{
    double worst = 1;

    for (int i = 0; i < of->n; i++) {
        for (int j = 0; j < of->n; j++) {
            double off = of->a[i][j] * out->weights[j] / out->weights[i];
            if (off > worst) {
                worst = off;
                out->worst_row = i;
                out->worst_column = j;
                out->worst_expected = out->weights[i] / out->weights[j];
            }
        }
    }
}

enum rc weights_ahp(const double *judgements, int n, struct ahp *out, struct err *err)
{
    struct judgements of = {.n = n};

    if (n < 1 || n > AHP_SIZE_MAX) {
        return err_set(err, RC_LIMIT, MSG_WEIGH_AHP_LIMIT, arg_count(n), arg_count(AHP_SIZE_MAX));
    }
    enum rc rc = take_judgements(judgements, &of, err);
    if (rc != RC_OK) {
        return rc;
    }
    *out = (struct ahp){.worst_expected = 1};
    for (int i = 0; i < n; i++) {
        out->weights[i] = 1.0 / n;
    }
    double change = 1;
    for (int step = 0; step < POWER_STEPS_MAX && change > POWER_CHANGE_SMALL; step++) {
        out->lambda_max = power_step(&of, out->weights, &change);
    }
    out->consistency_index = n > 1 ? (out->lambda_max - n) / (n - 1) : 0.0;
    out->consistency_ratio = n > 2 ? out->consistency_index / RANDOM_INDEX[n - 1] : 0.0;
    out->is_consistent = out->consistency_ratio <= CONSISTENCY_MAX;
    find_worst(&of, out);
    return RC_OK;
}

/* ---- weights from the data ---- */

static bool has_value(const struct utilities *u, int place, int criterion)
{
    return ((u->applicable[place] & ~u->missing[place]) >> criterion & 1) != 0;
}

static double value_of(const struct utilities *u, int place, int criterion)
{
    return (double)u->u[(size_t)place * (size_t)u->criterion_count + (size_t)criterion];
}

static bool has_spread(const struct utilities *u, int criterion)
{
    int first = -1;

    for (int i = 0; i < u->place_count; i++) {
        if (!has_value(u, i, criterion)) {
            continue;
        }
        first = first < 0 ? i : first;
        if (value_of(u, i, criterion) != value_of(u, first, criterion)) {
            return true;
        }
    }
    return false;
}

/* 1 - entropy of the column's shares, in units of the greatest possible entropy. */
static double divergence(const struct utilities *u, int criterion)
{
    double sum = 0;
    double entropy = 0;
    int count = 0;

    for (int i = 0; i < u->place_count; i++) {
        if (has_value(u, i, criterion)) {
            sum += value_of(u, i, criterion);
            count++;
        }
    }
    for (int i = 0; i < u->place_count; i++) {
        double share = has_value(u, i, criterion) ? value_of(u, i, criterion) / sum : 0.0;
        entropy -= share > 0 ? share * same_log(share) : 0.0;
    }
    return 1 - entropy / same_log(count);
}

/* What tells places apart gets weight; nothing that does is the input's fault. */
static enum rc shares_or_refusal(double *weights, int n, struct err *err)
{
    double sum = 0;

    for (int k = 0; k < n; k++) {
        sum += weights[k];
    }
    if (!(sum > 0)) {
        return err_set(err, RC_INVALID, MSG_WEIGH_NO_SPREAD);
    }
    make_shares(weights, n);
    return RC_OK;
}

enum rc weights_entropy(const struct utilities *u, double *out, struct err *err)
{
    for (int k = 0; k < u->criterion_count; k++) {
        out[k] = has_spread(u, k) ? divergence(u, k) : 0.0;
    }
    return shares_or_refusal(out, u->criterion_count, err);
}

struct pair_sums {
    double count, a, b, aa, bb, ab;
};

static struct pair_sums sum_pairs(const struct utilities *u, int a, int b)
{
    struct pair_sums sums = {0};

    for (int i = 0; i < u->place_count; i++) {
        if (has_value(u, i, a) && has_value(u, i, b)) {
            double x = value_of(u, i, a);
            double y = value_of(u, i, b);
            sums.count++;
            sums.a += x;
            sums.b += y;
            sums.aa += x * x;
            sums.bb += y * y;
            sums.ab += x * y;
        }
    }
    return sums;
}

/* Pearson's; 0 where it is not defined. */
static double correlation(const struct utilities *u, int a, int b)
{
    struct pair_sums s = sum_pairs(u, a, b);
    double spread = (s.count * s.aa - s.a * s.a) * (s.count * s.bb - s.b * s.b);

    return spread > 0 ? (s.count * s.ab - s.a * s.b) / sqrt(spread) : 0.0;
}

static double deviation(const struct utilities *u, int k)
{
    struct pair_sums s = sum_pairs(u, k, k);
    double variance = (s.aa - s.a * s.a / s.count) / s.count;

    return variance > 0 ? sqrt(variance) : 0.0;
}

/* How much `k` says that the others do not: the sum of 1 - correlation. */
static double conflict_of(const struct utilities *u, const bool *spread, int k)
{
    double conflict = 0;

    for (int j = 0; j < u->criterion_count; j++) {
        conflict += spread[j] && j != k ? 1 - correlation(u, k, j) : 0.0;
    }
    return conflict > CONFLICT_SMALL ? conflict : 0.0;
}

enum rc weights_critic(const struct utilities *u, double *out, struct err *err)
{
    bool spread[WEIGH_CRITERIA_MAX] = {0};
    double conflicts[WEIGH_CRITERIA_MAX] = {0};
    double all_conflicts = 0;

    for (int k = 0; k < u->criterion_count; k++) {
        spread[k] = has_spread(u, k);
    }
    for (int k = 0; k < u->criterion_count; k++) {
        conflicts[k] = spread[k] ? conflict_of(u, spread, k) : 0.0;
        all_conflicts += conflicts[k];
    }
    /* Where everything says the same, or one criterion is alone, the spread is all there is. */
    for (int k = 0; k < u->criterion_count; k++) {
        double conflict = all_conflicts > 0 ? conflicts[k] : 1.0;
        out[k] = spread[k] ? deviation(u, k) * conflict : 0.0;
    }
    return shares_or_refusal(out, u->criterion_count, err);
}
