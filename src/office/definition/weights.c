/* Weights made shares: of the dimensions of a scheme, and of the criteria inside a dimension, as
 * given or from pairwise judgments. */
#include "calc/weigh/weights.h"

#include "office/definition/reader.h"

/* What is weighed against each other: places of weights or of criteria. */
struct group {
    int places[PROGRAMME_CRITERIA_MAX];
    int objects[PROGRAMME_CRITERIA_MAX]; /* the dimension or criterion a judgment names */
    double weights[PROGRAMME_CRITERIA_MAX];
    int count;
    bool of_dimensions;
    int scheme;
    struct file_place place;
    str id;
};

static int place_in(const struct group *group, int object)
{
    for (int i = 0; i < group->count; i++) {
        if (group->objects[i] == object) {
            return i;
        }
    }
    return NONE;
}

/* The judgments about a group as a square matrix; how many there are. */
static int judge(const struct programme *programme, const struct group *group, double *matrix)
{
    int found = 0;

    for (int i = 0; i < group->count; i++) {
        matrix[i * group->count + i] = 1;
    }
    for (int i = 0; i < programme->judgment_count; i++) {
        const struct judgment *judgment = &programme->judgments[i];
        int row = place_in(group, judgment->first);
        int column = place_in(group, judgment->second);
        if (judgment->scheme == group->scheme && judgment->of_dimensions == group->of_dimensions &&
            judgment->ratio > 0 && row != NONE && column != NONE && row != column) {
            matrix[row * group->count + column] = judgment->ratio;
            found++;
        }
    }
    return found;
}

static void weigh_by_judgments(struct reader *reader, struct group *group)
{
    double matrix[AHP_SIZE_MAX * AHP_SIZE_MAX] = {0};
    struct ahp ahp = {0};
    struct err err = {0};

    if (group->count > AHP_SIZE_MAX) {
        SAY_ERROR(reader->problems, group->place, MSG_DEFINITION_AHP_LARGE, arg_text(group->id),
                  arg_count(group->count), arg_count(AHP_SIZE_MAX));
        return;
    }
    if (judge(reader->out, group, matrix) == 0) {
        return;
    }
    if (weights_ahp(matrix, group->count, &ahp, &err) != RC_OK) {
        SAY_ERROR(reader->problems, group->place, MSG_DEFINITION_AHP_UNFINISHED,
                  arg_text(group->id));
        return;
    }
    if (!ahp.is_consistent) {
        SAY_ERROR(reader->problems, group->place, MSG_DEFINITION_AHP_INCONSISTENT,
                  arg_text(group->id), arg_fixed((int64_t)(ahp.consistency_ratio * 1000 + 0.5), 3));
    }
    memcpy(group->weights, ahp.weights, sizeof(double) * (size_t)group->count);
}

/* Make the weights of a group sum to 1. */
static void share(struct reader *reader, struct group *group)
{
    const struct scheme *scheme = &reader->out->schemes[group->scheme];
    double sum = 0;

    if (group->count == 0) {
        return;
    }
    if (scheme->weighting == WEIGHTING_AHP) {
        weigh_by_judgments(reader, group);
    }
    for (int i = 0; i < group->count; i++) {
        sum += group->weights[i];
    }
    if (sum <= 0) {
        SAY_ERROR(reader->problems, group->place, MSG_DEFINITION_NO_WEIGHT, arg_text(group->id));
        return;
    }
    for (int i = 0; i < group->count; i++) {
        group->weights[i] /= sum;
    }
}

static void share_dimensions(struct reader *reader, int scheme)
{
    struct dimension_weight *weights = thaw(reader->out->weights);
    struct group group = {.of_dimensions = true,
                          .scheme = scheme,
                          .place = reader->out->schemes[scheme].place,
                          .id = reader->out->schemes[scheme].id};
    double sum = 0;

    for (int i = 0; i < reader->out->weight_count && group.count < PROGRAMME_CRITERIA_MAX; i++) {
        if (weights[i].scheme == scheme) {
            sum += weights[i].weight;
            group.places[group.count] = i;
            group.objects[group.count] = weights[i].dimension;
            group.weights[group.count++] = weights[i].weight;
        }
    }
    bool is_whole = (sum > 0.999999 && sum < 1.000001) || (sum > 99.9999 && sum < 100.0001);
    if (group.count > 0 && !is_whole && reader->out->schemes[scheme].weighting == WEIGHTING_FIXED) {
        SAY_WARNING(reader->problems, group.place, MSG_DEFINITION_WEIGHTS_SUM, arg_text(group.id),
                    arg_fixed((int64_t)(sum * 100 + 0.5), 2));
    }
    share(reader, &group);
    for (int i = 0; i < group.count; i++) {
        weights[group.places[i]].weight = group.weights[i];
    }
}

static void share_criteria(struct reader *reader, int scheme, int dimension)
{
    struct criterion *criteria = thaw(reader->out->criteria);
    struct group group = {.scheme = scheme,
                          .place = reader->out->dimensions[dimension].place,
                          .id = reader->out->dimensions[dimension].id};

    for (int i = 0; i < reader->out->criterion_count && group.count < PROGRAMME_CRITERIA_MAX; i++) {
        if (criteria[i].scheme == scheme && criteria[i].dimension == dimension) {
            group.places[group.count] = i;
            group.objects[group.count] = i;
            group.weights[group.count++] = criteria[i].weight;
        }
    }
    share(reader, &group);
    for (int i = 0; i < group.count; i++) {
        criteria[group.places[i]].weight = group.weights[i];
    }
}

void finish_weights(struct reader *reader)
{
    for (int scheme = 0; scheme < reader->out->scheme_count; scheme++) {
        share_dimensions(reader, scheme);
        for (int dimension = 0; dimension < reader->out->dimension_count; dimension++) {
            share_criteria(reader, scheme, dimension);
        }
    }
}
