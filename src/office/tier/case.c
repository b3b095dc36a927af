/* A scheme's rules and a period's values in the words of calc. */
#include <math.h>

#include "base/num.h"
#include "office/tier/tier_in.h"

static bool is_placed(const struct tier_case *in, int place)
{
    const struct unit *unit = &in->tree->units[place];
    bool is_inside = place >= in->options.root && place < in->tree->units[in->options.root].end;

    return is_inside && (in->scheme->kinds == 0 ||
                         (unit->kind != NONE && (in->scheme->kinds >> unit->kind & 1U) != 0));
}

static void find_rows(struct tier_case *in)
{
    int *rows = ARENA_NEW(in->cx->arena, int, (size_t)in->panel.count);

    for (int i = 0; i < in->panel.count; i++) {
        if (is_placed(in, in->panel.places[i])) {
            rows[in->count++] = i;
        }
    }
    in->rows = rows;
}

static void find_tiers(struct tier_case *in)
{
    for (int i = 0; i < in->programme->tier_count; i++) {
        if (in->programme->tiers[i].scheme == in->options.scheme) {
            in->first_tier = in->tier_count == 0 ? i : in->first_tier;
            in->tier_count++;
        }
    }
}

/* ---- criteria and weights ---- */

static int dimension_place(struct tier_case *in, int *dimensions, int dimension)
{
    for (int i = 0; i < in->dimension_count; i++) {
        if (dimensions[i] == dimension) {
            return i;
        }
    }
    dimensions[in->dimension_count] = dimension;
    return in->dimension_count++;
}

static void find_criteria(struct tier_case *in)
{
    struct arena *arena = in->cx->arena;
    int *criteria = ARENA_NEW(arena, int, (size_t)in->programme->criterion_count);
    int *dimensions = ARENA_NEW(arena, int, (size_t)in->programme->criterion_count);
    int *dimension_of = ARENA_NEW(arena, int, (size_t)in->programme->criterion_count);

    for (int i = 0; i < in->programme->criterion_count; i++) {
        const struct criterion *criterion = &in->programme->criteria[i];
        if (criterion->scheme == in->options.scheme) {
            dimension_of[in->criterion_count] =
                dimension_place(in, dimensions, criterion->dimension);
            criteria[in->criterion_count++] = i;
        }
    }
    in->criteria = criteria;
    in->dimensions = dimensions;
    in->weights = (struct weight_tree){
        .criterion_count = in->criterion_count,
        .dimension_count = in->dimension_count,
        .dimension = dimension_of,
    };
}

static struct scale scale_of(const struct tier_case *in, const struct criterion *criterion)
{
    const struct indicator *indicator = &in->programme->indicators[criterion->indicator];
    const struct point *points = criterion->points;
    int last = criterion->point_count - 1;

    if (in->scheme->reference == REFERENCE_MINMAX && indicator->type != VALUE_ENUM) {
        return (struct scale){
            .kind = SCALE_MIN_MAX,
            .less_is_better = indicator->direction == DIRECTION_COST,
        };
    }
    if (indicator->type == VALUE_ENUM) {
        struct scale_step *steps =
            ARENA_NEW(in->cx->arena, struct scale_step, (size_t)criterion->point_count);
        for (int i = 0; i <= last; i++) {
            steps[i] = (struct scale_step){points[i].x, points[i].u};
        }
        return (struct scale){
            .kind = SCALE_STEPS, .steps = steps, .step_count = criterion->point_count};
    }
    if (criterion->point_count == 4) {
        return (struct scale){.kind = SCALE_BAND,
                              .floor = points[0].x,
                              .goal = points[1].x,
                              .goal_end = points[2].x,
                              .floor_end = points[3].x};
    }
    bool rises = points[0].u < points[last].u;
    return (struct scale){
        .kind = SCALE_LINE,
        .floor = points[rises ? 0 : last].x,
        .goal = points[rises ? last : 0].x,
    };
}

static enum weigh_state weigh_state_of(enum expr_state state)
{
    switch (state) {
    case EXPR_KNOWN:
        return VALUE_KNOWN;
    case EXPR_MISSING:
        return VALUE_MISSING;
    case EXPR_NOT_APPLICABLE:
        return VALUE_NOT_APPLICABLE;
    }
    NEVER("a value of no state");
}

static void fill_values(struct tier_case *in)
{
    size_t cells = (size_t)in->count * (size_t)in->criterion_count;
    double *values = ARENA_NEW(in->cx->arena, double, cells);
    unsigned char *states = ARENA_NEW(in->cx->arena, unsigned char, cells);
    size_t at = 0;

    for (int i = 0; i < in->count; i++) {
        for (int k = 0; k < in->criterion_count; k++, at++) {
            int indicator = in->programme->criteria[in->criteria[k]].indicator;
            enum expr_state state = panel_state(&in->panel, indicator, in->rows[i]);
            states[at] = (unsigned char)weigh_state_of(state);
            values[at] =
                state == EXPR_KNOWN ? panel_number(&in->panel, indicator, in->rows[i]) : 0.0;
        }
    }
    in->values = (struct weigh_values){in->count, in->criterion_count, values, states};
}

static enum rc make_utilities(struct tier_case *in)
{
    struct arena *arena = in->cx->arena;
    struct scale *scales = ARENA_NEW(arena, struct scale, (size_t)in->criterion_count);
    struct scale *fitted = ARENA_NEW(arena, struct scale, (size_t)in->criterion_count);

    for (int k = 0; k < in->criterion_count; k++) {
        scales[k] = scale_of(in, &in->programme->criteria[in->criteria[k]]);
        TRY(utility_check(&scales[k], k + 1, in->cx->err));
    }
    in->scales = scales;
    fill_values(in);
    utility_fit(scales, &in->values, fitted);
    in->fitted = fitted;
    return utilities_make(fitted, &in->values, arena, &in->utilities, in->cx->err);
}

/* ---- gates ---- */

static enum gate gate_of(const struct expr_result *result, int row)
{
    if (result->state[row] == EXPR_MISSING) {
        return GATE_UNDETERMINED;
    }
    bool applies = result->state[row] == EXPR_KNOWN;
    return !applies || result->value[row] > 0.5 ? GATE_PASSED : GATE_FAILED;
}

/* Failed weighs more than undetermined, and that more than passed. */
static unsigned char worse(unsigned char a, unsigned char b)
{
    static const int BURDEN[] = {[GATE_PASSED] = 0, [GATE_UNDETERMINED] = 1, [GATE_FAILED] = 2};

    return BURDEN[a] >= BURDEN[b] ? a : b;
}

static void run_gates(struct tier_case *in)
{
    struct arena *arena = in->cx->arena;
    size_t count = (size_t)in->count;
    unsigned char *gates = ARENA_NEW(arena, unsigned char, count *(size_t)in->tier_count);

    in->gate_states = ARENA_NEW(arena, unsigned char, count *(size_t)in->programme->gate_count);
    for (int g = 0; g < in->programme->gate_count; g++) {
        const struct tier_gate *gate = &in->programme->gates[g];
        if (gate->scheme != in->options.scheme) {
            continue;
        }
        struct expr_result result = panel_run(&in->panel, gate->formula.code);
        for (int i = 0; i < in->count; i++) {
            unsigned char state = (unsigned char)gate_of(&result, in->rows[i]);
            in->gate_states[(size_t)g * count + (size_t)i] = state;
            for (int t = 0; t < in->tier_count; t++) {
                size_t at = (size_t)i * (size_t)in->tier_count + (size_t)t;
                bool guards = (gate->tiers >> (in->first_tier + t) & 1U) != 0;
                gates[at] = guards ? worse(gates[at], state) : gates[at];
            }
        }
    }
    in->rules.gates = gates;
}

/* ---- who is undecided, who goes first among equals ---- */

/* RC_MISSING where nobody has reported anything that is scored. */
static enum rc find_undecided(struct tier_case *in)
{
    bool *undecided = ARENA_NEW(in->cx->arena, bool, (size_t)in->count);
    bool has_values = false;
    struct buf period;
    str text = {0};

    for (int i = 0; i < in->count; i++) {
        double coverage = score_coverage(&in->utilities, &in->weights, i);
        undecided[i] = coverage < in->scheme->coverage_min;
        has_values = has_values || coverage > 0.0;
    }
    in->rules.undecided = undecided;
    if (has_values) {
        return RC_OK;
    }
    buf_init(&period, in->cx->arena, 16);
    period_put(&period, in->options.period);
    MUST(buf_done(&period, &text));
    return err_set(in->cx->err, RC_MISSING, MSG_TIER_NO_VALUES, arg_text(text));
}

static void find_keys(struct tier_case *in)
{
    int64_t *ids = ARENA_NEW(in->cx->arena, int64_t, (size_t)in->count);

    for (int i = 0; i < in->count; i++) {
        ids[i] = in->tree->units[in->panel.places[in->rows[i]]].id.v;
    }
    in->rules.id = ids;
    in->rules.key_count = in->scheme->ties.count;
    for (int k = 0; k < in->scheme->ties.count; k++) {
        int indicator = in->scheme->ties.at[k];
        bool less = in->programme->indicators[indicator].direction == DIRECTION_COST;
        double *key = ARENA_NEW(in->cx->arena, double, (size_t)in->count);
        for (int i = 0; i < in->count; i++) {
            double x = panel_number(&in->panel, indicator, in->rows[i]);
            key[i] = isnan(x) ? -1e300 : less ? -x : x;
        }
        in->rules.keys[k] = key;
    }
}

static enum rc check_limits(const struct tier_case *in)
{
    if (in->tier_count < 2 || in->tier_count > TIER_COUNT_MAX || in->criterion_count == 0 ||
        in->scheme->ties.count > TIE_KEYS_MAX) {
        return err_set(in->cx->err, RC_INVALID, MSG_TIER_SCHEME_UNFIT,
                       arg_text(text_in(in->scheme->name, in->cx->lang)));
    }
    if (in->count == 0) {
        return err_set(in->cx->err, RC_MISSING, MSG_TIER_NOBODY,
                       arg_text(text_in(in->scheme->name, in->cx->lang)));
    }
    return RC_OK;
}

enum rc tier_prepare(const struct cx *cx, const struct panel_of *of,
                     const struct tier_options *options, struct tier_case *out)
{
    *out = (struct tier_case){
        .cx = cx,
        .tree = of->tree,
        .programme = of->programme,
        .scheme = &of->programme->schemes[options->scheme],
        .options = *options,
        .consistency = (double)NAN,
    };
    TRY(panel_load(cx, of, options->period, &out->panel));
    find_rows(out);
    find_tiers(out);
    find_criteria(out);
    TRY(check_limits(out));
    out->rules.place_count = out->count;
    out->rules.tier_count = out->tier_count;
    out->rules.spill = out->scheme->spill;
    out->rules.hysteresis = (float)out->scheme->hysteresis;
    TRY(make_utilities(out));
    TRY(tier_weights(out));
    run_gates(out);
    TRY(find_undecided(out));
    find_keys(out);
    TRY(tier_find_pools(out));
    TRY(tier_find_locks(out));
    return tiering_check(&out->rules, cx->err);
}
