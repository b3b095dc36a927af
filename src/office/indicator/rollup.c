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

static bool is_from_inputs(const struct rollup *in, int indicator)
{
    const struct indicator *about = &in->panel->programme->indicators[indicator];

    return about->aggregate == AGGREGATE_FROM_INPUTS && about->formula.code != NULL;
}

static struct rollup_column add_column(struct rollup *out, int indicator)
{
    bool is_here = out->panel->columns[indicator].state != NULL;
    struct rollup_column column = {.indicator = indicator, .num = NONE, .den = NONE};

    column.num = is_here ? out->column_count++ : NONE;
    column.den = is_here && is_pair(out->panel, indicator) ? out->column_count++ : NONE;
    return column;
}

/* The indicator, then everything its formula needs; what a derived one needs comes behind it. */
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

static const struct rollup_column *find_column(const struct rollup_inputs *inputs, int indicator)
{
    for (int i = 0; i < inputs->count; i++) {
        if (inputs->columns[i].indicator == indicator) {
            return &inputs->columns[i];
        }
    }
    return NULL;
}

static struct rollup_inputs add_inputs(struct rollup *out, int indicator)
{
    struct arena *arena = out->panel->cx->arena;
    int *order = ARENA_NEW(arena, int, EXPR_NODES_MAX);
    int count = order_inputs(out, indicator, order);
    struct rollup_inputs inputs = {
        .columns = ARENA_NEW(arena, struct rollup_column, (size_t)count),
    };

    for (int i = 1; i < count; i++) {
        if (!is_from_inputs(out, order[i]) && find_column(&inputs, order[i]) == NULL) {
            inputs.columns[inputs.count++] = add_column(out, order[i]);
        }
    }
    return inputs;
}

static void number_columns(struct rollup *out)
{
    const struct panel *panel = out->panel;
    size_t count = (size_t)panel->programme->indicator_count;

    out->own = ARENA_NEW(panel->cx->arena, struct rollup_column, count);
    out->inputs = ARENA_NEW(panel->cx->arena, struct rollup_inputs, count);
    for (int i = 0; i < panel->programme->indicator_count; i++) {
        out->own[i] = add_column(out, i);
        if (out->own[i].num != NONE && is_from_inputs(out, i)) {
            out->inputs[i] = add_inputs(out, i);
        }
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
        .weight = is_weighted ? in->own[about->weight].num : CUBE_NO_WEIGHT,
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

/* One column of the cube on its way in. Both sides of a percentage, or values in `num`. */
struct filling {
    double *num;
    double *den;
    uint8_t *state;
};

/* A village that gave only a percentage has as many of what it is a percentage of as it reported;
 * where it did not report them, its percentage says nothing about the sum. */
static void set_sides(const struct panel *panel, int indicator, int row, struct filling *out)
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

static void set_plain(const struct panel_column *column, int row, struct filling *out)
{
    out->num[row] = column->num == NULL ? column->value[row]
                                        : (double)column->num[row] / (double)column->den[row];
}

/* `counts` leaves rows out: enum expr_state by row, what is not EXPR_KNOWN stands for the row. */
static struct filling filling_of(const struct rollup *in, const struct rollup_column *to,
                                 const uint8_t *counts)
{
    const struct panel *panel = in->panel;
    size_t count = (size_t)panel->count;
    struct filling out = {
        .num = ARENA_NEW(panel->cx->arena, double, count),
        .den = ARENA_NEW(panel->cx->arena, double, count),
        .state = ARENA_NEW(panel->cx->arena, uint8_t, count),
    };

    for (int i = 0; i < panel->count; i++) {
        bool is_out = counts != NULL && counts[i] != EXPR_KNOWN;
        out.state[i] = is_out ? counts[i] : panel->columns[to->indicator].state[i];
        out.num[i] = (double)NAN;
        out.den[i] = (double)NAN;
        if (out.state[i] == EXPR_KNOWN && to->den != NONE) {
            set_sides(panel, to->indicator, i, &out);
        } else if (out.state[i] == EXPR_KNOWN) {
            set_plain(&panel->columns[to->indicator], i, &out);
        }
    }
    return out;
}

static enum rc fill_column(const struct rollup *in, const struct rollup_column *to,
                           const uint8_t *counts)
{
    struct arena *arena = in->panel->cx->arena;
    struct arena_mark mark = arena_mark(arena);
    struct filling filling = filling_of(in, to, counts);

    if (to->den != NONE) {
        TRY(cube_fill(in->cube, to->den, filling.den, filling.state, in->panel->cx->err));
    }
    TRY(cube_fill(in->cube, to->num, filling.num, filling.state, in->panel->cx->err));
    arena_rewind(arena, mark);
    return RC_OK;
}

static bool has_all(const struct panel *panel, const struct rollup_inputs *inputs, int row)
{
    for (int i = 0; i < inputs->count; i++) {
        if (panel_state(panel, inputs->columns[i].indicator, row) != EXPR_KNOWN) {
            return false;
        }
    }
    return true;
}

/* A village counts where the derived value is known; also where everything is there but the value
 * itself cannot be computed, as of a village without homes: its people belong to the sum. */
static uint8_t *counting_rows(const struct rollup *in, int indicator)
{
    const struct panel *panel = in->panel;
    uint8_t *counts = ARENA_NEW(panel->cx->arena, uint8_t, (size_t)panel->count);

    for (int i = 0; i < panel->count; i++) {
        bool is_there = has_all(panel, &in->inputs[indicator], i);
        counts[i] = is_there ? EXPR_KNOWN : panel->columns[indicator].state[i];
    }
    return counts;
}

/* In its own column of the cube a derived indicator has only who counts. */
static enum rc fill_derived(const struct rollup *in, int indicator)
{
    const struct rollup_inputs *inputs = &in->inputs[indicator];
    const struct panel *panel = in->panel;
    uint8_t *counts = counting_rows(in, indicator);
    double *ones = ARENA_NEW(panel->cx->arena, double, (size_t)panel->count);

    for (int i = 0; i < panel->count; i++) {
        ones[i] = counts[i] == EXPR_KNOWN ? 1.0 : (double)NAN;
    }
    TRY(cube_fill(in->cube, in->own[indicator].num, ones, counts, panel->cx->err));
    for (int i = 0; i < inputs->count; i++) {
        if (inputs->columns[i].num != NONE) {
            TRY(fill_column(in, &inputs->columns[i], counts));
        }
    }
    return RC_OK;
}

static enum rc fill_all(const struct rollup *in)
{
    struct arena *arena = in->panel->cx->arena;

    for (int i = 0; i < in->panel->programme->indicator_count; i++) {
        struct arena_mark mark = arena_mark(arena);
        if (in->own[i].num != NONE) {
            TRY(is_from_inputs(in, i) ? fill_derived(in, i) : fill_column(in, &in->own[i], NULL));
        }
        arena_rewind(arena, mark);
    }
    cube_roll(in->cube, CUBE_THREADS_MAX);
    return RC_OK;
}

static void describe_column(const struct rollup *in, const struct rollup_column *column,
                            struct cube_indicator *out)
{
    if (column->num != NONE) {
        out[column->num] = describe(in, column->indicator);
    }
    if (column->den != NONE) {
        out[column->den] = describe(in, column->indicator);
    }
}

static const struct cube_indicator *describe_all(const struct rollup *in)
{
    struct cube_indicator *out =
        ARENA_NEW(in->panel->cx->arena, struct cube_indicator, (size_t)in->column_count);

    for (int i = 0; i < in->panel->programme->indicator_count; i++) {
        describe_column(in, &in->own[i], out);
        for (int k = 0; k < in->inputs[i].count; k++) {
            describe_column(in, &in->inputs[i].columns[k], out);
        }
    }
    return out;
}

enum rc rollup_make(const struct panel *panel, struct rollup *out)
{
    struct cube_tree tree = {0};

    MUST(panel->within == 0); /* sums are of whole units */
    *out = (struct rollup){.panel = panel};
    find_levels(out);
    if (out->level_count < 2 || out->level_count > CUBE_LEVELS_MAX) {
        return err_set(panel->cx->err, RC_INVALID, MSG_ROLLUP_LEVELS);
    }
    make_tree(out, &tree);
    number_columns(out);
    TRY(cube_make(&tree, describe_all(out), (size_t)out->column_count, panel->cx->arena, &out->cube,
                  panel->cx->err));
    return fill_all(out);
}

/* ---- one number ---- */

/* A panel's column holds given numbers scaled, derived ones as they are. */
static double scale_of(const struct indicator *indicator)
{
    bool is_number = indicator->type == VALUE_INTEGER || indicator->type == VALUE_DECIMAL;

    return is_number && indicator->formula.code == NULL ? (double)num_pow10(indicator->decimals)
                                                        : 1.0;
}

static double in_unit(const struct indicator *indicator, double value)
{
    return indicator->type == VALUE_PERCENT ? 100.0 * value : value / scale_of(indicator);
}

/* As the cube has it: scaled numbers, shares of one. */
static double raw_value(const struct rollup *in, int place, const struct rollup_column *column,
                        struct cube_sum sum, struct arena *scratch)
{
    const struct indicator *about = &in->panel->programme->indicators[column->indicator];
    int level = in->level_of[place];
    uint32_t unit = in->unit_of[place];

    switch (about->aggregate) {
    case AGGREGATE_SUM:
        return sum.sum;
    case AGGREGATE_RATIO:
        return column->den == NONE ? cube_mean(sum)
                                   : cube_ratio(sum, cube_unit(in->cube, level, unit, column->den));
    case AGGREGATE_WEIGHTED:
        return cube_weighted_mean(sum);
    case AGGREGATE_COUNT_TRUE:
        return cube_mean(sum);
    case AGGREGATE_MIN:
        return sum.least;
    case AGGREGATE_MAX:
        return sum.most;
    case AGGREGATE_MEDIAN:
        return cube_quantile(in->cube, level, unit, column->num, 0.5, scratch);
    case AGGREGATE_NONE:
    case AGGREGATE_FROM_INPUTS:
        return (double)NAN;
    }
    NEVER("an aggregate of no kind");
}

static struct rolled roll_given(const struct rollup *in, int place,
                                const struct rollup_column *column, struct arena *scratch)
{
    if (column->num == NONE) {
        return (struct rolled){.state = EXPR_MISSING};
    }
    struct cube_sum sum = cube_unit(in->cube, in->level_of[place], in->unit_of[place], column->num);
    double raw = raw_value(in, place, column, sum, scratch);

    return (struct rolled){
        .state = isnan(raw) || sum.known == 0 ? EXPR_MISSING : EXPR_KNOWN,
        .value = in_unit(&in->panel->programme->indicators[column->indicator], raw),
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

    state[0] = (uint8_t)(is_now ? rolled->state : EXPR_MISSING);
    value[0] = indicator->type == VALUE_PERCENT ? rolled->value / 100.0
                                                : rolled->value * scale_of(indicator);
    return (struct expr_column){.value = value, .state = state};
}

/* A derived indicator of a unit is its formula on what the inputs come to there. */
static struct rolled roll_formula(const struct rollup *in, int indicator,
                                  const struct rolled *known, struct arena *scratch)
{
    const struct indicator *about = &in->panel->programme->indicators[indicator];
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(about->formula.code, &count);
    struct expr_column *columns = ARENA_NEW(scratch, struct expr_column, count);
    double value = 0.0;
    uint8_t state = EXPR_MISSING;

    for (size_t i = 0; i < count; i++) {
        int input = (int)inputs[i].id;
        columns[i] = input_column(&known[input], &in->panel->programme->indicators[input],
                                  inputs[i].back == 0, scratch);
    }
    expr_run(about->formula.code, columns, 1, (struct expr_result){&value, &state}, scratch);
    return (struct rolled){
        .state = (enum expr_state)state,
        .value = about->type == VALUE_PERCENT ? 100.0 * value : value,
    };
}

/* Inputs that are derived themselves come first: a stack, as formulas have no cycles. All of it
 * rests on the villages that have everything the indicator asked for needs. */
static struct rolled roll_derived(const struct rollup *in, int place, int indicator,
                                  struct arena *scratch)
{
    size_t room = (size_t)in->panel->programme->indicator_count;
    struct rolled *known = ARENA_NEW(scratch, struct rolled, room);
    int *order = ARENA_NEW(scratch, int, EXPR_NODES_MAX);
    int count = order_inputs(in, indicator, order);

    for (int i = count - 1; i >= 0; i--) {
        const struct rollup_column *given = find_column(&in->inputs[indicator], order[i]);
        known[order[i]] = given == NULL ? roll_formula(in, order[i], known, scratch)
                                        : roll_given(in, place, given, scratch);
    }
    struct cube_sum counted =
        cube_unit(in->cube, in->level_of[place], in->unit_of[place], in->own[indicator].num);
    struct rolled out = known[indicator];
    out.known = counted.known;
    out.applicable = counted.leaves - counted.excluded;
    return out;
}

struct rolled rollup_unit(const struct rollup *rollup, int place, int indicator,
                          struct arena *scratch)
{
    const struct rollup_column *own = &rollup->own[indicator];
    bool is_derived = own->num != NONE && is_from_inputs(rollup, indicator);
    struct arena_mark mark = arena_mark(scratch);
    struct rolled out = is_derived ? roll_derived(rollup, place, indicator, scratch)
                                   : roll_given(rollup, place, own, scratch);

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
