/* Roll-up on the cube. */
#include "office/indicator/rollup.h"

#include <math.h>

#include "base/num.h"

/* ---- the cube of a panel ---- */

static void find_levels(struct rollup *out)
{
    const struct panel *panel = out->panel;
    struct arena *arena = panel->cx->arena;
    int count = panel->tree->count;

    out->level_count = panel->level - panel->tree->units[0].level + 1;
    out->level_of = ARENA_NEW(arena, int, (size_t)count);
    out->unit_of = ARENA_NEW(arena, uint32_t, (size_t)count);
    for (int i = 0; i < count; i++) {
        int level = panel->level - panel->tree->units[i].level;
        out->level_of[i] = level < 0 ? NONE : level;
    }
}

/* Units of each level, in tree order, each under the unit of the level above. A unit whose parent
 * stands higher up gets a unit of its own in between, which stands for nobody else. */
struct levels {
    uint32_t count[CUBE_LEVELS_MAX];
    uint32_t *parent[CUBE_LEVELS_MAX];
};

static uint32_t add_unit(struct levels *levels, int level, uint32_t parent)
{
    uint32_t unit = levels->count[level]++;

    levels->parent[level][unit] = parent;
    return unit;
}

static void add_place(struct rollup *out, struct levels *levels, int place)
{
    const struct unit *units = out->panel->tree->units;
    int above = units[place].parent;
    uint32_t under = above == NONE ? 0 : out->unit_of[above];
    int from = above == NONE ? out->level_count : out->level_of[above];

    for (int level = from - 1; level > out->level_of[place]; level--) {
        under = add_unit(levels, level, under);
    }
    out->unit_of[place] = add_unit(levels, out->level_of[place], under);
}

static void make_tree(struct rollup *out, struct cube_tree *tree)
{
    struct arena *arena = out->panel->cx->arena;
    struct levels levels = {{0}, {NULL}};

    for (int l = 0; l < out->level_count; l++) {
        levels.parent[l] = ARENA_NEW(arena, uint32_t, (size_t)out->panel->tree->count);
    }
    for (int i = 0; i < out->panel->tree->count; i++) {
        if (out->level_of[i] != NONE) {
            add_place(out, &levels, i);
        }
    }
    *tree = (struct cube_tree){.level_count = out->level_count};
    for (int l = 0; l < out->level_count; l++) {
        tree->count[l] = levels.count[l];
        tree->parent[l] = l + 1 < out->level_count ? levels.parent[l] : NULL;
    }
}

static bool is_pair(const struct panel *panel, int indicator)
{
    return panel->columns[indicator].num != NULL &&
           panel->programme->indicators[indicator].aggregate == AGGREGATE_RATIO;
}

static void number_indicators(struct rollup *out, int *out_count)
{
    const struct panel *panel = out->panel;
    struct arena *arena = panel->cx->arena;
    int count = panel->programme->indicator_count;

    out->num = ARENA_NEW(arena, int, (size_t)count);
    out->den = ARENA_NEW(arena, int, (size_t)count);
    *out_count = 0;
    for (int i = 0; i < count; i++) {
        bool is_here = panel->columns[i].state != NULL;
        out->num[i] = is_here ? (*out_count)++ : NONE;
        out->den[i] = is_here && is_pair(panel, i) ? (*out_count)++ : NONE;
    }
}

static struct cube_indicator describe(const struct rollup *in, int indicator)
{
    const struct indicator *about = &in->panel->programme->indicators[indicator];
    bool is_real = about->formula.code != NULL || about->type == VALUE_PERCENT;
    bool is_weighted = about->aggregate == AGGREGATE_WEIGHTED && about->weight != NONE;
    struct cube_indicator out = {
        .least = (double)about->min,
        .most = (double)about->max,
        .is_whole = !is_real,
        .weight = is_weighted ? in->num[about->weight] : CUBE_NO_WEIGHT,
        .threshold = 1.0,
    };

    if (is_real || about->max <= about->min) {
        out.least = -1e15;
        out.most = 1e15;
    }
    if (about->type == VALUE_BOOLEAN || about->type == VALUE_ENUM) {
        out.least = 0.0;
        out.most = 255.0;
        out.is_whole = true;
    }
    return out;
}

/* Both sides of a percentage, row by row. */
struct sides {
    double *num;
    double *den;
    uint8_t *state;
};

/* A village that gave only a percentage has as many of what it is a percentage of as it reported;
 * where it did not report them, its percentage says nothing about the sum. */
static void set_sides(const struct panel *panel, int indicator, int row, struct sides *out)
{
    const struct indicator *about = &panel->programme->indicators[indicator];
    const struct panel_column *column = &panel->columns[indicator];
    bool is_bare =
        about->denominator != NONE && column->den[row] == 100 * num_pow10(about->decimals);
    double den = is_bare ? panel_number(panel, about->denominator, row) : (double)column->den[row];

    out->state[row] = (uint8_t)(isnan(den) ? EXPR_MISSING : EXPR_KNOWN);
    out->den[row] = den;
    out->num[row] = is_bare ? den * (double)column->num[row] / (double)column->den[row]
                            : (double)column->num[row];
}

static struct sides sides_of(const struct panel *panel, int indicator)
{
    struct arena *arena = panel->cx->arena;
    size_t count = (size_t)panel->count;
    struct sides out = {
        .num = ARENA_NEW(arena, double, count),
        .den = ARENA_NEW(arena, double, count),
        .state = ARENA_NEW(arena, uint8_t, count),
    };

    for (int i = 0; i < panel->count; i++) {
        out.state[i] = panel->columns[indicator].state[i];
        out.num[i] = (double)NAN;
        out.den[i] = (double)NAN;
        if (out.state[i] == EXPR_KNOWN) {
            set_sides(panel, indicator, i, &out);
        }
    }
    return out;
}

static const double *shares(const struct panel *panel, const struct panel_column *column)
{
    double *out = ARENA_NEW(panel->cx->arena, double, (size_t)panel->count);

    for (int i = 0; i < panel->count; i++) {
        bool is_known = column->state[i] == EXPR_KNOWN;
        out[i] = is_known ? (double)column->num[i] / (double)column->den[i] : (double)NAN;
    }
    return out;
}

static enum rc fill_sides(const struct rollup *in, int indicator)
{
    struct sides sides = sides_of(in->panel, indicator);
    struct err *err = in->panel->cx->err;

    TRY(cube_fill(in->cube, in->den[indicator], sides.den, sides.state, err));
    return cube_fill(in->cube, in->num[indicator], sides.num, sides.state, err);
}

static enum rc fill_plain(const struct rollup *in, int indicator)
{
    const struct panel_column *column = &in->panel->columns[indicator];
    const double *values = column->num == NULL ? column->value : shares(in->panel, column);

    return cube_fill(in->cube, in->num[indicator], values, column->state, in->panel->cx->err);
}

static enum rc fill_one(const struct rollup *in, int indicator)
{
    struct arena *arena = in->panel->cx->arena;
    struct arena_mark mark = arena_mark(arena);
    bool has_sides = in->den[indicator] != NONE;

    TRY(has_sides ? fill_sides(in, indicator) : fill_plain(in, indicator));
    arena_rewind(arena, mark);
    return RC_OK;
}

static enum rc fill_all(const struct rollup *in)
{
    for (int i = 0; i < in->panel->programme->indicator_count; i++) {
        if (in->num[i] != NONE) {
            TRY(fill_one(in, i));
        }
    }
    cube_roll(in->cube, CUBE_THREADS_MAX);
    return RC_OK;
}

enum rc rollup_make(const struct panel *panel, struct rollup *out)
{
    struct arena *arena = panel->cx->arena;
    struct cube_tree tree = {0};
    int count = 0;

    MUST(panel->within == 0); /* sums are of whole units */
    *out = (struct rollup){.panel = panel};
    find_levels(out);
    if (out->level_count < 2 || out->level_count > CUBE_LEVELS_MAX) {
        return err_set(panel->cx->err, RC_INVALID, MSG_ROLLUP_LEVELS);
    }
    make_tree(out, &tree);
    number_indicators(out, &count);
    struct cube_indicator *indicators = ARENA_NEW(arena, struct cube_indicator, (size_t)count);
    for (int i = 0; i < panel->programme->indicator_count; i++) {
        if (out->num[i] != NONE) {
            indicators[out->num[i]] = describe(out, i);
        }
        if (out->num[i] != NONE && out->den[i] != NONE) {
            indicators[out->den[i]] = describe(out, i);
        }
    }
    TRY(cube_make(&tree, indicators, (size_t)count, arena, &out->cube, panel->cx->err));
    return fill_all(out);
}

/* ---- one number ---- */

static double in_unit(const struct indicator *indicator, double value)
{
    if (indicator->type == VALUE_PERCENT) {
        return 100.0 * value;
    }
    bool is_scaled = indicator->type == VALUE_INTEGER || indicator->type == VALUE_DECIMAL;
    return is_scaled ? value / (double)num_pow10(indicator->decimals) : value;
}

/* As the cube has it: scaled numbers, shares of one. */
static double raw_value(const struct rollup *in, int place, int indicator, struct cube_sum sum,
                        struct arena *scratch)
{
    const struct indicator *about = &in->panel->programme->indicators[indicator];
    int level = in->level_of[place];
    uint32_t unit = in->unit_of[place];

    switch (about->aggregate) {
    case AGGREGATE_SUM:
        return sum.sum;
    case AGGREGATE_RATIO:
        return in->den[indicator] == NONE
                   ? cube_mean(sum)
                   : cube_ratio(sum, cube_unit(in->cube, level, unit, in->den[indicator]));
    case AGGREGATE_WEIGHTED:
        return cube_weighted_mean(sum);
    case AGGREGATE_COUNT_TRUE:
        return cube_mean(sum);
    case AGGREGATE_MIN:
        return sum.least;
    case AGGREGATE_MAX:
        return sum.most;
    case AGGREGATE_MEDIAN:
        return cube_quantile(in->cube, level, unit, in->num[indicator], 0.5, scratch);
    case AGGREGATE_NONE:
    case AGGREGATE_FROM_INPUTS:
        return (double)NAN;
    }
    NEVER("an aggregate of no kind");
}

static struct rolled roll_given(const struct rollup *in, int place, int indicator,
                                struct arena *scratch)
{
    struct cube_sum sum =
        cube_unit(in->cube, in->level_of[place], in->unit_of[place], in->num[indicator]);
    double raw = raw_value(in, place, indicator, sum, scratch);

    return (struct rolled){
        .state = isnan(raw) || sum.known == 0 ? EXPR_MISSING : EXPR_KNOWN,
        .value = in_unit(&in->panel->programme->indicators[indicator], raw),
        .known = sum.known,
        .applicable = sum.leaves - sum.excluded,
    };
}

/* One input of a formula as the one row of a column. Formulas of the past have no sums here. */
static struct expr_column input_column(const struct rolled *rolled,
                                       const struct indicator *indicator, bool is_now,
                                       struct arena *scratch)
{
    double *value = ARENA_NEW(scratch, double, 1);
    uint8_t *state = ARENA_NEW(scratch, uint8_t, 1);
    bool is_scaled = indicator->type == VALUE_INTEGER || indicator->type == VALUE_DECIMAL;

    state[0] = (uint8_t)(is_now ? rolled->state : EXPR_MISSING);
    value[0] = indicator->type == VALUE_PERCENT
                   ? rolled->value / 100.0
                   : rolled->value * (is_scaled ? (double)num_pow10(indicator->decimals) : 1.0);
    return (struct expr_column){.value = value, .state = state};
}

/* A derived indicator of a unit is its formula on what the inputs come to there. Inputs that are
 * derived themselves come first: a stack, as formulas have no cycles. */
static struct rolled roll_derived(const struct rollup *in, int indicator,
                                  const struct rolled *known, struct arena *scratch)
{
    const struct indicator *about = &in->panel->programme->indicators[indicator];
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(about->formula.code, &count);
    struct expr_column *columns = ARENA_NEW(scratch, struct expr_column, count);
    double value = 0.0;
    uint8_t state = EXPR_MISSING;
    struct rolled out = {.known = UINT32_MAX};

    for (size_t i = 0; i < count; i++) {
        int input = (int)inputs[i].id;
        const struct rolled *rolled = &known[input];
        columns[i] = input_column(rolled, &in->panel->programme->indicators[input],
                                  inputs[i].back == 0, scratch);
        out.known = rolled->known < out.known ? rolled->known : out.known;
        out.applicable = rolled->applicable > out.applicable ? rolled->applicable : out.applicable;
    }
    expr_run(about->formula.code, columns, 1, (struct expr_result){&value, &state}, scratch);
    out.known = out.known == UINT32_MAX ? 0 : out.known;
    out.state = (enum expr_state)state;
    out.value = about->type == VALUE_PERCENT ? 100.0 * value : value;
    return out;
}

static bool is_from_inputs(const struct rollup *in, int indicator)
{
    const struct indicator *about = &in->panel->programme->indicators[indicator];

    return about->aggregate == AGGREGATE_FROM_INPUTS && about->formula.code != NULL;
}

/* Everything a formula needs, lowest first; the formula itself comes last. */
static int order_inputs(const struct rollup *in, int indicator, int *out)
{
    int count = 0;

    out[count++] = indicator;
    for (int at = 0; at < count; at++) {
        size_t inputs = 0;
        const struct expr *code = in->panel->programme->indicators[out[at]].formula.code;
        const struct expr_input *input =
            is_from_inputs(in, out[at]) ? expr_inputs(code, &inputs) : NULL;
        for (size_t i = 0; i < inputs && count < EXPR_NODES_MAX; i++) {
            out[count++] = (int)input[i].id;
        }
    }
    return count;
}

struct rolled rollup_unit(const struct rollup *rollup, int place, int indicator,
                          struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    size_t room = (size_t)rollup->panel->programme->indicator_count;
    struct rolled *known = ARENA_NEW(scratch, struct rolled, room);
    int *order = ARENA_NEW(scratch, int, EXPR_NODES_MAX);
    int count = order_inputs(rollup, indicator, order);

    for (int i = count - 1; i >= 0; i--) {
        int at = order[i];
        bool is_here = rollup->num[at] != NONE;
        known[at] = is_from_inputs(rollup, at) ? roll_derived(rollup, at, known, scratch)
                    : is_here                  ? roll_given(rollup, place, at, scratch)
                                               : (struct rolled){.state = EXPR_MISSING};
    }
    struct rolled out = known[indicator];
    arena_rewind(scratch, mark);
    return out;
}

/* ---- the table ---- */

static const struct column_row COLUMNS[] = {
    {STR_INIT("code"), MSG_ROLLUP_CODE, 15, true},
    {STR_INIT("unit"), MSG_ROLLUP_UNIT, 18, false},
    {STR_INIT("indicator"), MSG_ROLLUP_INDICATOR, 30, false},
    {STR_INIT("value"), MSG_ROLLUP_VALUE, 16, false},
    {STR_INIT("gauge"), MSG_ROLLUP_GAUGE, 10, false},
    {STR_INIT("known"), MSG_ROLLUP_KNOWN, 10, false},
    {STR_INIT("of"), MSG_ROLLUP_OF, 10, false},
};

static struct out rolled_out(const struct rollup *in, const struct rolled *rolled,
                             const struct indicator *indicator)
{
    bool is_share = indicator->aggregate == AGGREGATE_COUNT_TRUE;
    int decimals = is_share ? 1 : indicator->decimals;
    int64_t scaled = 0;

    if (rolled->state != EXPR_KNOWN ||
        !num_from_double(is_share ? 100.0 * rolled->value : rolled->value, decimals, &scaled)) {
        return out_none(STR("not_reported"), msg_text(in->panel->cx->lang, MSG_VALUE_NOT_REPORTED));
    }
    return out_fixed(scaled, decimals);
}

static str gauge_text(const struct rollup *in, const struct indicator *indicator)
{
    bool is_share =
        indicator->type == VALUE_PERCENT || indicator->aggregate == AGGREGATE_COUNT_TRUE;

    if (is_share) {
        return STR("%");
    }
    return indicator->gauge == NONE
               ? STR("")
               : text_in(in->panel->programme->gauges[indicator->gauge].name, in->panel->cx->lang);
}

static enum rc put_unit(const struct rollup *in, int place, const int *indicators, int count,
                        const struct table_sink *sink)
{
    const struct panel *panel = in->panel;
    const struct unit *unit = &panel->tree->units[place];

    for (int i = 0; i < count; i++) {
        const struct indicator *indicator = &panel->programme->indicators[indicators[i]];
        struct rolled rolled = rollup_unit(in, place, indicators[i], panel->cx->arena);
        const struct out cells[] = {
            out_text(unit->code),
            out_text(unit->name),
            out_named(indicator->id, text_in(indicator->name, panel->cx->lang)),
            rolled_out(in, &rolled, indicator),
            out_text(gauge_text(in, indicator)),
            out_int(rolled.known),
            out_int(rolled.applicable),
        };
        TRY(sink->row(sink->self, cells));
    }
    return RC_OK;
}

enum rc rollup_table(const struct rollup *rollup, int place, const int *indicators, int count,
                     const struct table_sink *sink)
{
    const struct panel *panel = rollup->panel;
    const struct unit *units = panel->tree->units;
    struct buf period;
    str text = {0};

    buf_init(&period, panel->cx->arena, 32);
    period_put(&period, panel->period);
    MUST(buf_done(&period, &text));
    const struct fact facts[] = {
        {STR("period"), msg_text(panel->cx->lang, MSG_ROLLUP_PERIOD), out_text(text)}};
    const struct table table = {
        .name = STR("rollup"),
        .title = msg_text(panel->cx->lang, MSG_ROLLUP_TITLE),
        .columns = columns_in(panel->cx->lang, COLUMNS, COUNT_OF(COLUMNS), panel->cx->arena),
        .column_count = COUNT_OF(COLUMNS),
        .facts = facts,
        .fact_count = 1,
        .frozen_columns = 2,
    };

    TRY(sink->begin(sink->self, &table));
    TRY(put_unit(rollup, place, indicators, count, sink));
    for (int at = place + 1; at < units[place].end; at = units[at].end) {
        if (rollup->level_of[at] <= 0) {
            continue; /* the panel's own units have no sums */
        }
        TRY(put_unit(rollup, at, indicators, count, sink));
    }
    return sink->end(sink->self);
}
