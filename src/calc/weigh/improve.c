/* The least change of one criterion that beats the line, found by halving, confirmed by the
 * operator itself. */
#include "calc/weigh/improve.h"

#include <math.h>

#include "base/must.h"

/* A value is on the lever's grain when it is off by less than this share of a step. */
#define GRAIN_SLACK     1e-6
#define LEVER_STEPS_MAX 1e12

/* What it takes to come into a tier. */
struct hurdle {
    bool is_open;   /* the gate is passed, or taken as passed: the target's */
    bool wins_ties; /* equal to `needed` is enough */
    float needed;   /* NAN where no score helps */
    float bonus;
};

/* The place's pool as a small world of its own: values and rules of its members only. */
struct field {
    const struct improve_job *job;
    int place;
    int self; /* the place, among the members */
    int member_count;
    int *members;
    struct tiering rules;
    struct weigh_values table;
    double *values; /* what `table` shows: one of them is tried */
    unsigned char *states;
    struct scale fitted[WEIGH_CRITERIA_MAX];
    float weights[WEIGH_CRITERIA_MAX]; /* of the place's pattern */
    float row[WEIGH_CRITERIA_MAX];     /* the place's utilities as they are */
    int target;
    struct hurdle hurdles[TIER_COUNT_MAX]; /* of the tiers up to the target */
};

/* ---- the small world ---- */

static void *picked(const void *rows, const struct field *field, size_t size, struct arena *arena)
{
    char *out = ARENA_NEW(arena, char, (size_t)field->member_count *size);

    for (int i = 0; i < field->member_count; i++) {
        memcpy(out + (size_t)i * size, (const char *)rows + (size_t)field->members[i] * size, size);
    }
    return out;
}

static void find_members(struct field *field, struct arena *arena)
{
    const struct tiering *rules = field->job->rules;

    field->members = ARENA_NEW(arena, int, (size_t)rules->place_count);
    for (int i = 0; i < rules->place_count; i++) {
        if (rules->pool[i] == rules->pool[field->place]) {
            field->self = i == field->place ? field->member_count : field->self;
            field->members[field->member_count++] = i;
        }
    }
}

static void pick_rules(struct field *field, struct arena *arena)
{
    const struct tiering *from = field->job->rules;
    struct tiering *to = &field->rules;
    size_t line = (size_t)from->pool[field->place] * (size_t)from->tier_count;
    size_t tiers = (size_t)from->tier_count;

    *to = *from;
    to->place_count = field->member_count;
    to->pool_count = 1;
    to->pool = ARENA_NEW(arena, int, (size_t)field->member_count);
    to->previous = picked(from->previous, field, sizeof(*from->previous), arena);
    to->locked = picked(from->locked, field, sizeof(*from->locked), arena);
    to->undecided = picked(from->undecided, field, sizeof(*from->undecided), arena);
    to->id = picked(from->id, field, sizeof(*from->id), arena);
    unsigned char *gates = picked(from->gates, field, tiers, arena);
    gates[(size_t)field->self * tiers + (size_t)field->target] = GATE_PASSED;
    to->gates = gates;
    to->quota = from->quota == NULL ? NULL : from->quota + line;
    to->threshold = from->threshold == NULL ? NULL : from->threshold + line;
    for (int key = 0; key < from->key_count; key++) {
        to->keys[key] = picked(from->keys[key], field, sizeof(*from->keys[key]), arena);
    }
}

static void pick_values(struct field *field, struct arena *arena)
{
    const struct weigh_values *from = field->job->values;
    size_t criteria = (size_t)from->criterion_count;

    field->values = picked(from->values, field, criteria * sizeof(*from->values), arena);
    field->states = picked(from->states, field, criteria, arena);
    field->table = (struct weigh_values){
        .place_count = field->member_count,
        .criterion_count = from->criterion_count,
        .values = field->values,
        .states = field->states,
    };
}

/* ---- the line ---- */

static bool is_before(const struct tiering *rules, int a, int b)
{
    for (int key = 0; key < rules->key_count; key++) {
        if (rules->keys[key][a] != rules->keys[key][b]) {
            return rules->keys[key][a] > rules->keys[key][b];
        }
    }
    return rules->id[a] < rules->id[b];
}

static struct hurdle find_hurdle(const struct field *field, int tier)
{
    const struct tiering *rules = field->job->rules;
    size_t tiers = (size_t)rules->tier_count;
    size_t at = (size_t)rules->pool[field->place] * tiers + (size_t)tier;
    const struct tier_line *line = &field->job->base->lines[at];
    signed char previous = rules->previous[field->place];
    bool held = previous != TIER_NONE && previous <= tier;
    bool by_quota = rules->sorting == SORT_BY_QUOTA;

    return (struct hurdle){
        .is_open = tier == field->target ||
                   rules->gates[(size_t)field->place * tiers + (size_t)tier] == GATE_PASSED,
        .wins_ties =
            !by_quota || (line->last != TIER_NONE && is_before(rules, field->place, line->last)),
        .needed = rules->sorting == SORT_BY_THRESHOLD ? rules->threshold[at] : line->last_score,
        .bonus = held ? rules->hysteresis : 0.0F,
    };
}

static enum rc begin_field(struct field *field, struct arena *arena, struct err *err)
{
    const struct improve_job *job = field->job;
    size_t criteria = (size_t)job->tree->criterion_count;
    struct utilities u = {0};

    find_members(field, arena);
    pick_rules(field, arena);
    pick_values(field, arena);
    for (int tier = 0; tier <= field->target; tier++) {
        field->hurdles[tier] = find_hurdle(field, tier);
    }
    utility_fit(job->scales, job->values, field->fitted);
    enum rc rc = utilities_make(field->fitted, &field->table, arena, &u, err);
    if (rc != RC_OK) {
        return rc;
    }
    memcpy(field->row, u.u + (size_t)field->self * criteria, criteria * sizeof(*field->row));
    score_weights(job->tree, job->method, job->tree->dimension_weight, job->tree->criterion_weight,
                  u.applicable[field->self], field->weights);
    return RC_OK;
}

/* The tier after a run with the values as they stand in the small world. */
static signed char tier_now(const struct field *field, const struct scale *fitted,
                            struct arena *arena)
{
    struct arena_mark mark = arena_mark(arena);
    struct utilities u = {0};
    struct err err = {0};
    float *scores = ARENA_NEW(arena, float, (size_t)field->member_count);

    MUST(utilities_make(fitted, &field->table, arena, &u, &err) == RC_OK);
    score_all(&u, field->job->tree, field->job->method, scores);
    struct tiering_result result = tiering_run(&field->rules, scores, arena);
    signed char tier = result.places[field->self].tier;
    arena_rewind(arena, mark);
    return tier;
}

/* ---- one lever ---- */

static float score_with(const struct field *field, int criterion, double value)
{
    float row[WEIGH_CRITERIA_MAX];
    double utility = 0;

    memcpy(row, field->row, sizeof(row));
    MUST(utility_of(&field->fitted[criterion], value, &utility));
    row[criterion] = (float)utility;
    return score_of(field->weights, row, field->job->tree->criterion_count, field->job->method);
}

/* Whether a score brings the place into the target or a higher tier, rivals as they are. */
static bool is_enough(const struct field *field, float score)
{
    for (int tier = 0; tier <= field->target; tier++) {
        const struct hurdle *hurdle = &field->hurdles[tier];
        float with_bonus = score + hurdle->bonus;
        if (hurdle->is_open &&
            (with_bonus > hurdle->needed || (with_bonus == hurdle->needed && hurdle->wins_ties))) {
            return true;
        }
    }
    return false;
}

/* Values to try, each better than the one before: those listed, or steps from `from`. */
struct ladder {
    int64_t count;
    double from;
    double step; /* below 0 where less is better */
    double listed[WEIGH_STEPS_MAX];
    bool is_listed;
};

static double rung(const struct ladder *ladder, int64_t n)
{
    return ladder->is_listed ? ladder->listed[n] : ladder->from + (double)(n + 1) * ladder->step;
}

/* Listed values inside the range that are worth more than now, the least first. */
static void list_rungs(const struct scale *scale, const struct lever *lever, double now,
                       struct ladder *ladder)
{
    double worth[WEIGH_STEPS_MAX];

    ladder->is_listed = true;
    for (int i = 0; i < scale->step_count; i++) {
        struct scale_step step = scale->steps[i];
        if (step.utility <= now || step.value < lever->least || step.value > lever->most) {
            continue;
        }
        int64_t at = ladder->count++;
        for (; at > 0 && worth[at - 1] > step.utility; at--) {
            worth[at] = worth[at - 1];
            ladder->listed[at] = ladder->listed[at - 1];
        }
        worth[at] = step.utility;
        ladder->listed[at] = step.value;
    }
}

/* Steps towards the goal, as far as it or the end of the range, whichever comes first. */
static void step_rungs(const struct scale *scale, const struct lever *lever, struct ladder *ladder)
{
    double goal = scale->goal;
    bool is_beyond = scale->kind == SCALE_BAND && ladder->from > scale->goal_end;

    goal = is_beyond ? scale->goal_end : goal;
    bool goes_up = scale->kind == SCALE_BAND ? !is_beyond : scale->goal > scale->floor;
    /* From outside the range the first rung is its end. */
    if (goes_up && ladder->from < lever->least) {
        ladder->from = lever->least - lever->step;
    } else if (!goes_up && ladder->from > lever->most) {
        ladder->from = lever->most + lever->step;
    }
    double range = goes_up ? lever->most - ladder->from : ladder->from - lever->least;
    double way = goes_up ? goal - ladder->from : ladder->from - goal;
    double to_end = floor(range / lever->step + GRAIN_SLACK);
    double to_goal = ceil(way / lever->step - GRAIN_SLACK);
    double count = to_end < to_goal ? to_end : to_goal;
    ladder->step = goes_up ? lever->step : -lever->step;
    ladder->count = count > 0 ? (int64_t)count : 0;
}

/* The value now; where there is none, the worst there can be. */
static double value_now(const struct field *field, int criterion, bool *out_missing)
{
    const struct scale *scale = &field->fitted[criterion];
    size_t at = (size_t)field->self * (size_t)field->table.criterion_count + (size_t)criterion;

    *out_missing = field->states[at] == VALUE_MISSING;
    if (!*out_missing) {
        return field->values[at];
    }
    if (scale->kind != SCALE_STEPS) {
        return scale->floor;
    }
    int worst = 0;
    for (int i = 1; i < scale->step_count; i++) {
        worst = scale->steps[i].utility < scale->steps[worst].utility ? i : worst;
    }
    return scale->steps[worst].value;
}

static struct ladder make_ladder(const struct field *field, const struct lever *lever, double from)
{
    const struct scale *scale = &field->fitted[lever->criterion];
    struct ladder ladder = {.from = from};

    if (scale->kind == SCALE_STEPS) {
        list_rungs(scale, lever, (double)field->row[lever->criterion], &ladder);
    } else {
        step_rungs(scale, lever, &ladder);
    }
    return ladder;
}

/* The first rung that beats the line; the last one does. */
static int64_t first_enough(const struct field *field, const struct ladder *ladder, int criterion)
{
    int64_t low = 0;
    int64_t high = ladder->count - 1;

    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (is_enough(field, score_with(field, criterion, rung(ladder, middle)))) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* Ends of the data move with the value that is tried. */
static void refit(const struct field *field, int criterion, double value, struct scale *out,
                  struct arena *arena)
{
    const struct weigh_values *from = field->job->values;
    size_t criteria = (size_t)from->criterion_count;
    size_t cells = (size_t)from->place_count * criteria;
    size_t at = (size_t)field->place * criteria + (size_t)criterion;
    double *values = ARENA_NEW(arena, double, cells);
    unsigned char *states = ARENA_NEW(arena, unsigned char, cells);
    struct weigh_values table = {from->place_count, from->criterion_count, values, states};

    memcpy(values, from->values, cells * sizeof(*values));
    memcpy(states, from->states, cells);
    values[at] = value;
    states[at] = VALUE_KNOWN;
    utility_fit(field->job->scales, &table, out);
}

/* Run the operator with the value in place. */
static bool is_confirmed(const struct field *field, int criterion, double value,
                         struct arena *arena)
{
    struct arena_mark mark = arena_mark(arena);
    size_t at = (size_t)field->self * (size_t)field->table.criterion_count + (size_t)criterion;
    double old_value = field->values[at];
    unsigned char old_state = field->states[at];
    struct scale fitted[WEIGH_CRITERIA_MAX];

    memcpy(fitted, field->fitted, sizeof(fitted));
    if (field->job->scales[criterion].kind == SCALE_MIN_MAX) {
        refit(field, criterion, value, fitted, arena);
    }
    field->values[at] = value;
    field->states[at] = VALUE_KNOWN;
    signed char tier = tier_now(field, fitted, arena);
    field->values[at] = old_value;
    field->states[at] = old_state;
    arena_rewind(arena, mark);
    return tier <= field->target;
}

static struct improvement try_lever(const struct field *field, const struct lever *lever,
                                    struct arena *arena)
{
    int k = lever->criterion;
    struct improvement out = {.criterion = k, .outcome = IMPROVE_NOT_APPLICABLE};

    if (field->weights[k] <= 0) {
        return out;
    }
    out.from = value_now(field, k, &out.from_missing);
    struct ladder ladder = make_ladder(field, lever, out.from);
    out.to = out.from;
    out.score_before =
        score_of(field->weights, field->row, field->job->tree->criterion_count, field->job->method);
    out.score_after = out.score_before;
    if (ladder.count == 0) {
        out.outcome = IMPROVE_NO_ROOM;
        return out;
    }
    out.to = rung(&ladder, ladder.count - 1);
    out.outcome = IMPROVE_NOT_ENOUGH;
    if (is_enough(field, score_with(field, k, out.to))) {
        out.to = rung(&ladder, first_enough(field, &ladder, k));
        out.outcome = is_confirmed(field, k, out.to, arena) ? IMPROVE_ENOUGH : IMPROVE_UNCONFIRMED;
    }
    out.score_after = score_with(field, k, out.to);
    return out;
}

/* ---- all levers ---- */

static enum rc check_levers(const struct improve_job *job, struct err *err)
{
    for (int i = 0; i < job->lever_count; i++) {
        const struct lever *lever = &job->levers[i];
        MUST(lever->criterion >= 0 && lever->criterion < job->tree->criterion_count);
        bool is_range = isfinite(lever->least) && isfinite(lever->most) &&
                        lever->least <= lever->most && isfinite(lever->step) && lever->step > 0;
        if (!is_range || (lever->most - lever->least) / lever->step > LEVER_STEPS_MAX) {
            return err_set(err, RC_INVALID, MSG_WEIGH_LEVER, arg_count(lever->criterion + 1));
        }
    }
    return RC_OK;
}

enum rc improve_find(const struct improve_job *job, int place, struct arena *arena,
                     struct improve_answer *out, struct err *err)
{
    const struct placing *placing = &job->base->places[place];
    enum rc rc = check_levers(job, err);

    if (rc != RC_OK) {
        return rc;
    }
    *out = (struct improve_answer){.target = placing->tier - 1, .needed = NAN};
    if (placing->reason == REASON_LOCKED || placing->tier <= 0) {
        out->target = TIER_NONE;
        return RC_OK;
    }
    struct field *field = ARENA_NEW(arena, struct field, 1);
    field->job = job;
    field->place = place;
    field->target = out->target;
    rc = begin_field(field, arena, err);
    if (rc != RC_OK) {
        return rc;
    }
    size_t gate = (size_t)place * (size_t)job->rules->tier_count + (size_t)out->target;
    out->gate = (enum gate)job->rules->gates[gate];
    out->gate_is_enough = tier_now(field, field->fitted, arena) <= out->target;
    out->needed = field->hurdles[out->target].needed - field->hurdles[out->target].bonus;
    out->improvements = ARENA_NEW(arena, struct improvement, (size_t)job->lever_count);
    for (int i = 0; i < job->lever_count; i++) {
        out->improvements[i] = try_lever(field, &job->levers[i], arena);
        out->enough_count += out->improvements[i].outcome == IMPROVE_ENOUGH;
    }
    return RC_OK;
}
