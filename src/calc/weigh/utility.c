/* Piecewise linear values between floor and goal, for one value and for whole tables. */
#include "calc/weigh/utility.h"

#include <math.h>

static bool line_is_sound(const struct scale *scale)
{
    return isfinite(scale->floor) && isfinite(scale->goal) && scale->floor != scale->goal;
}

static bool band_is_sound(const struct scale *scale)
{
    return isfinite(scale->floor) && isfinite(scale->floor_end) && scale->floor < scale->goal &&
           scale->goal <= scale->goal_end && scale->goal_end < scale->floor_end;
}

static bool steps_are_sound(const struct scale *scale)
{
    for (int i = 0; i < scale->step_count; i++) {
        const struct scale_step *step = &scale->steps[i];
        if (!isfinite(step->value) || !(step->utility >= 0 && step->utility <= 1)) {
            return false;
        }
        for (int j = 0; j < i; j++) {
            if (scale->steps[j].value == step->value) {
                return false;
            }
        }
    }
    return scale->step_count > 0 && scale->step_count <= WEIGH_STEPS_MAX;
}

enum rc utility_check(const struct scale *scale, int criterion, struct err *err)
{
    struct arg place = arg_count(criterion + 1);

    switch (scale->kind) {
    case SCALE_LINE:
        return line_is_sound(scale) ? RC_OK : err_set(err, RC_INVALID, MSG_WEIGH_SCALE_LINE, place);
    case SCALE_BAND:
        return band_is_sound(scale) ? RC_OK : err_set(err, RC_INVALID, MSG_WEIGH_SCALE_BAND, place);
    case SCALE_STEPS:
        return steps_are_sound(scale) ? RC_OK
                                      : err_set(err, RC_INVALID, MSG_WEIGH_SCALE_STEPS, place,
                                                arg_count(WEIGH_STEPS_MAX));
    case SCALE_MIN_MAX:
        return RC_OK;
    }
    NEVER("a kind of scale without a check");
}

/* Where `value` stands on the way from `floor` to `goal`; a way of no length is at its goal. */
static double on_line(double value, double floor, double goal)
{
    if (floor == goal) {
        return 1.0;
    }
    double share = (value - floor) / (goal - floor);
    return share < 0 ? 0.0 : share > 1 ? 1.0 : share;
}

static bool step_of(const struct scale *scale, double value, double *out)
{
    for (int i = 0; i < scale->step_count; i++) {
        if (scale->steps[i].value == value) {
            *out = scale->steps[i].utility;
            return true;
        }
    }
    return false;
}

bool utility_of(const struct scale *scale, double value, double *out)
{
    switch (scale->kind) {
    case SCALE_LINE:
        *out = on_line(value, scale->floor, scale->goal);
        return true;
    case SCALE_BAND:
        *out = value <= scale->goal_end ? on_line(value, scale->floor, scale->goal)
                                        : on_line(value, scale->floor_end, scale->goal_end);
        return true;
    case SCALE_STEPS:
        return step_of(scale, value, out);
    case SCALE_MIN_MAX:
        break;
    }
    NEVER("a scale between the data's ends must be fitted first");
}

/* The least and the greatest known value; both 0 when none is known. */
static void find_ends(const struct weigh_values *values, int criterion, double ends[2])
{
    bool found = false;

    ends[0] = ends[1] = 0;
    for (int i = 0; i < values->place_count; i++) {
        size_t at = (size_t)i * (size_t)values->criterion_count + (size_t)criterion;
        double value = values->values[at];
        if (values->states[at] != VALUE_KNOWN) {
            continue;
        }
        ends[0] = !found || value < ends[0] ? value : ends[0];
        ends[1] = !found || value > ends[1] ? value : ends[1];
        found = true;
    }
}

void utility_fit(const struct scale *scales, const struct weigh_values *values,
                 struct scale *out_fitted)
{
    for (int k = 0; k < values->criterion_count; k++) {
        out_fitted[k] = scales[k];
        if (scales[k].kind == SCALE_MIN_MAX) {
            double ends[2];
            find_ends(values, k, ends);
            out_fitted[k].kind = SCALE_LINE;
            out_fitted[k].floor = ends[scales[k].less_is_better ? 1 : 0];
            out_fitted[k].goal = ends[scales[k].less_is_better ? 0 : 1];
        }
    }
}

struct table_in_work {
    float *u;
    uint64_t *applicable;
    uint64_t *missing;
};

static enum rc fill_cell(const struct scale *scale, const struct weigh_values *values, int place,
                         int criterion, struct table_in_work *table, struct err *err)
{
    size_t at = (size_t)place * (size_t)values->criterion_count + (size_t)criterion;
    uint64_t bit = (uint64_t)1 << criterion;
    double utility = 0;

    if (values->states[at] == VALUE_NOT_APPLICABLE) {
        return RC_OK;
    }
    table->applicable[place] |= bit;
    if (values->states[at] == VALUE_MISSING) {
        table->missing[place] |= bit;
        return RC_OK;
    }
    if (!isfinite(values->values[at])) {
        return err_set(err, RC_INVALID, MSG_WEIGH_VALUE_NOT_FINITE, arg_count(place + 1),
                       arg_count(criterion + 1));
    }
    if (!utility_of(scale, values->values[at], &utility)) {
        return err_set(err, RC_INVALID, MSG_WEIGH_VALUE_UNLISTED, arg_count(place + 1),
                       arg_count(criterion + 1));
    }
    table->u[at] = (float)utility;
    return RC_OK;
}

enum rc utilities_make(const struct scale *fitted, const struct weigh_values *values,
                       struct arena *arena, struct utilities *out, struct err *err)
{
    if (values->criterion_count < 1 || values->criterion_count > WEIGH_CRITERIA_MAX) {
        return err_set(err, RC_LIMIT, MSG_WEIGH_CRITERIA_LIMIT, arg_count(values->criterion_count),
                       arg_count(WEIGH_CRITERIA_MAX));
    }
    if (values->place_count > WEIGH_PLACES_MAX) {
        return err_set(err, RC_LIMIT, MSG_WEIGH_PLACES_LIMIT, arg_count(values->place_count),
                       arg_count(WEIGH_PLACES_MAX));
    }
    size_t place_count = (size_t)values->place_count;
    struct table_in_work table = {
        .u = ARENA_NEW(arena, float, place_count *(size_t)values->criterion_count),
        .applicable = ARENA_NEW(arena, uint64_t, place_count),
        .missing = ARENA_NEW(arena, uint64_t, place_count),
    };
    for (int i = 0; i < values->place_count; i++) {
        for (int k = 0; k < values->criterion_count; k++) {
            enum rc rc = fill_cell(&fitted[k], values, i, k, &table, err);
            if (rc != RC_OK) {
                return rc;
            }
        }
    }
    *out = (struct utilities){
        .place_count = values->place_count,
        .criterion_count = values->criterion_count,
        .u = table.u,
        .applicable = table.applicable,
        .missing = table.missing,
    };
    return RC_OK;
}

struct utilities utilities_optimistic(const struct utilities *pessimistic, struct arena *arena)
{
    struct utilities out = *pessimistic;
    size_t criterion_count = (size_t)out.criterion_count;
    size_t cell_count = (size_t)out.place_count * criterion_count;
    float *u = ARENA_NEW(arena, float, cell_count);

    for (size_t at = 0; at < cell_count; at++) {
        bool is_missing = (out.missing[at / criterion_count] >> (at % criterion_count) & 1) != 0;
        u[at] = is_missing ? 1.0F : pessimistic->u[at];
    }
    out.u = u;
    return out;
}
