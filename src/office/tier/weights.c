/* Weights by the scheme's way: as stated, from pairwise judgments, or from the data. */
#include "office/tier/tier_in.h"

static void stated(const struct tier_case *in, double *dimension, double *criterion)
{
    for (int d = 0; d < in->dimension_count; d++) {
        dimension[d] = 0.0;
        for (int i = 0; i < in->programme->weight_count; i++) {
            const struct dimension_weight *weight = &in->programme->weights[i];
            bool is_it =
                weight->scheme == in->options.scheme && weight->dimension == in->dimensions[d];
            dimension[d] = is_it ? weight->weight : dimension[d];
        }
    }
    for (int k = 0; k < in->criterion_count; k++) {
        criterion[k] = in->programme->criteria[in->criteria[k]].weight;
    }
}

/* The judgments among `count` things as a matrix; `names[i]` is the place in the programme. */
static bool matrix_of(const struct tier_case *in, bool of_dimensions, const int *names, int count,
                      double *out)
{
    bool any = false;

    for (int i = 0; i < count * count; i++) {
        out[i] = i % (count + 1) == 0 ? 1.0 : 0.0;
    }
    for (int j = 0; j < in->programme->judgment_count; j++) {
        const struct judgment *judgment = &in->programme->judgments[j];
        bool is_ours =
            judgment->scheme == in->options.scheme && judgment->of_dimensions == of_dimensions;
        for (int i = 0; is_ours && i < count * count; i++) {
            bool is_it =
                names[i / count] == judgment->first && names[i % count] == judgment->second;
            out[i] = is_it ? judgment->ratio : out[i];
            any = any || is_it;
        }
    }
    return any;
}

static enum rc judge(struct tier_case *in, bool of_dimensions, const int *names, int count,
                     double *out)
{
    double matrix[AHP_SIZE_MAX * AHP_SIZE_MAX];
    struct ahp ahp = {{0}};

    if (count > AHP_SIZE_MAX) {
        return err_set(in->cx->err, RC_LIMIT, MSG_TIER_AHP_LARGE, arg_count(AHP_SIZE_MAX));
    }
    if (!matrix_of(in, of_dimensions, names, count, matrix)) {
        return RC_OK; /* nothing judged here: the stated weights stand */
    }
    TRY(weights_ahp(matrix, count, &ahp, in->cx->err));
    for (int i = 0; i < count; i++) {
        out[i] = ahp.weights[i];
    }
    bool is_worse = !(in->consistency >= ahp.consistency_ratio);
    in->consistency = is_worse ? ahp.consistency_ratio : in->consistency;
    return RC_OK;
}

static enum rc judged(struct tier_case *in, double *dimension, double *criterion)
{
    TRY(judge(in, true, in->dimensions, in->dimension_count, dimension));
    for (int d = 0; d < in->dimension_count; d++) {
        int names[WEIGH_CRITERIA_MAX];
        int places[WEIGH_CRITERIA_MAX];
        double weights[WEIGH_CRITERIA_MAX];
        int count = 0;
        for (int k = 0; k < in->criterion_count; k++) {
            if (in->weights.dimension[k] == d) {
                weights[count] = criterion[k];
                places[count] = k;
                names[count++] = in->criteria[k];
            }
        }
        TRY(judge(in, false, names, count, weights));
        for (int i = 0; i < count; i++) {
            criterion[places[i]] = weights[i];
        }
    }
    return RC_OK;
}

/* Weights found from the data are of criteria alone: a dimension weighs what its criteria do. */
static enum rc found(const struct tier_case *in, double *dimension, double *criterion)
{
    if (in->scheme->weighting == WEIGHTING_ENTROPY) {
        TRY(weights_entropy(&in->utilities, criterion, in->cx->err));
    } else {
        TRY(weights_critic(&in->utilities, criterion, in->cx->err));
    }
    for (int d = 0; d < in->dimension_count; d++) {
        dimension[d] = 0.0;
    }
    for (int k = 0; k < in->criterion_count; k++) {
        dimension[in->weights.dimension[k]] += criterion[k];
    }
    return RC_OK;
}

enum rc tier_weights(struct tier_case *in)
{
    struct arena *arena = in->cx->arena;
    double *dimension = ARENA_NEW(arena, double, (size_t)in->dimension_count);
    double *criterion = ARENA_NEW(arena, double, (size_t)in->criterion_count);

    stated(in, dimension, criterion);
    in->weights.dimension_weight = dimension;
    in->weights.criterion_weight = criterion;
    switch (in->scheme->weighting) {
    case WEIGHTING_FIXED:
        break;
    case WEIGHTING_AHP:
        TRY(judged(in, dimension, criterion));
        break;
    case WEIGHTING_ENTROPY:
    case WEIGHTING_CRITIC:
        TRY(found(in, dimension, criterion));
        break;
    }
    return weights_check(&in->weights, in->cx->err);
}
