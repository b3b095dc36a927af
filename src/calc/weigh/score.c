/* Scores by patterns of applicable criteria. */
#include "calc/weigh/score.h"

#include <math.h>

#include "base/must.h"

static bool applies(uint64_t mask, int criterion)
{
    return (mask >> criterion & 1) != 0;
}

/* Shares of the whole in force for one pattern, as doubles; all 0 when nothing applies. */
static void shares_in_force(const struct weight_tree *tree, const double *dimension,
                            const double *criterion, uint64_t applicable, double *out)
{
    double inside[WEIGH_CRITERIA_MAX] = {0};
    double whole = 0;

    for (int k = 0; k < tree->criterion_count; k++) {
        inside[tree->dimension[k]] += applies(applicable, k) ? criterion[k] : 0.0;
    }
    for (int d = 0; d < tree->dimension_count; d++) {
        whole += inside[d] > 0 ? dimension[d] : 0.0;
    }
    for (int k = 0; k < tree->criterion_count; k++) {
        int d = tree->dimension[k];
        bool counts = applies(applicable, k) && criterion[k] > 0 && whole > 0;
        out[k] = counts ? dimension[d] / whole * (criterion[k] / inside[d]) : 0.0;
    }
}

void score_weights(const struct weight_tree *tree, enum score_method method,
                   const double *dimension, const double *criterion, uint64_t applicable,
                   float *out)
{
    double shares[WEIGH_CRITERIA_MAX];

    shares_in_force(tree, dimension, criterion, applicable, shares);
    for (int k = 0; k < tree->criterion_count; k++) {
        out[k] = (float)(method == SCORE_TOPSIS ? shares[k] * shares[k] : shares[k]);
    }
}

static float score_topsis(const float *weights, const float *u, int criterion_count)
{
    float near = 0;
    float far = 0;

    for (int k = 0; k < criterion_count; k++) {
        float rest = 1.0F - u[k];
        near = fmaf(weights[k], u[k] * u[k], near);
        far = fmaf(weights[k], rest * rest, far);
    }
    return near > 0 ? near / (near + far) : 0.0F;
}

float score_of(const float *weights, const float *u, int criterion_count, enum score_method method)
{
    float sum = 0;

    if (method == SCORE_TOPSIS) {
        return score_topsis(weights, u, criterion_count);
    }
    for (int k = 0; k < criterion_count; k++) {
        sum = fmaf(weights[k], u[k], sum);
    }
    return sum;
}

void score_all(const struct utilities *u, const struct weight_tree *tree, enum score_method method,
               float *out)
{
    float weights[WEIGH_CRITERIA_MAX] = {0};

    for (int i = 0; i < u->place_count; i++) {
        if (i == 0 || u->applicable[i] != u->applicable[i - 1]) {
            score_weights(tree, method, tree->dimension_weight, tree->criterion_weight,
                          u->applicable[i], weights);
        }
        out[i] = score_of(weights, u->u + (size_t)i * (size_t)u->criterion_count,
                          u->criterion_count, method);
    }
}

double score_coverage(const struct utilities *u, const struct weight_tree *tree, int place)
{
    double shares[WEIGH_CRITERIA_MAX];
    double covered = 0;

    shares_in_force(tree, tree->dimension_weight, tree->criterion_weight, u->applicable[place],
                    shares);
    for (int k = 0; k < u->criterion_count; k++) {
        covered += applies(u->missing[place], k) ? 0.0 : shares[k];
    }
    return covered;
}

static void add(double *table, int at, double amount)
{
    if (table != NULL) {
        table[at] += amount;
    }
}

static void clear(double *table, int count)
{
    if (table != NULL) {
        memset(table, 0, (size_t)count * sizeof(*table));
    }
}

void score_contributions(const struct utilities *u, const struct weight_tree *tree, int place,
                         struct contributions *out)
{
    double shares[WEIGH_CRITERIA_MAX];
    const float *row = u->u + (size_t)place * (size_t)u->criterion_count;

    shares_in_force(tree, tree->dimension_weight, tree->criterion_weight, u->applicable[place],
                    shares);
    clear(out->criterion_weight, tree->criterion_count);
    clear(out->criterion, tree->criterion_count);
    clear(out->dimension_weight, tree->dimension_count);
    clear(out->dimension, tree->dimension_count);
    out->total = out->lost = 0;
    for (int k = 0; k < tree->criterion_count; k++) {
        double part = shares[k] * (double)row[k];
        add(out->criterion_weight, k, shares[k]);
        add(out->criterion, k, part);
        add(out->dimension_weight, tree->dimension[k], shares[k]);
        add(out->dimension, tree->dimension[k], part);
        out->total += part;
        out->lost += applies(u->missing[place], k) ? shares[k] : 0.0;
    }
}
