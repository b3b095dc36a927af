/* What a roll-up says: one number, and the table. */
#include "office/indicator/rollup_in.h"

#include <math.h>

#include "base/num.h"

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

/* What is summed: a unit of the cube, or leaves one by one. */
struct where {
    int level; /* 0: leaves */
    uint32_t unit;
    const uint32_t *leaves;
    size_t count;
};

static struct where leaves_of(const struct rollup *in, int place)
{
    int first = in->first_leaf[place];

    return (struct where){
        .leaves = in->leaf_numbers + first,
        .count = (size_t)(in->first_leaf[place + 1] - first),
    };
}

static struct where unit_where(const struct rollup *in, int place)
{
    return in->level_of[place] > 0
               ? (struct where){.level = in->level_of[place], .unit = in->unit_of[place]}
               : leaves_of(in, place);
}

static struct cube_sum sum_at(const struct rollup *in, const struct where *at, int number)
{
    return at->level > 0 ? cube_unit(in->cube, at->level, at->unit, number)
                         : cube_group(in->cube, at->leaves, at->count, number);
}

static double median_at(const struct rollup *in, const struct where *at, int number,
                        struct arena *scratch)
{
    return at->level > 0
               ? cube_quantile(in->cube, at->level, at->unit, number, 0.5, scratch)
               : cube_group_quantile(in->cube, at->leaves, at->count, number, 0.5, scratch);
}

/* As the cube has it: scaled numbers, shares of one. */
static double raw_value(const struct rollup *in, const struct where *at,
                        const struct rollup_column *column, struct cube_sum sum,
                        struct arena *scratch)
{
    if (column->den != NONE) {
        return cube_ratio(sum, sum_at(in, at, column->den));
    }
    switch (in->panel->programme->indicators[column->indicator].aggregate) {
    case AGGREGATE_SUM:
        return sum.sum;
    case AGGREGATE_WEIGHTED:
        return cube_weighted_mean(sum);
    case AGGREGATE_RATIO:
    case AGGREGATE_COUNT_TRUE:
        return cube_mean(sum);
    case AGGREGATE_MIN:
        return sum.least;
    case AGGREGATE_MAX:
        return sum.most;
    case AGGREGATE_MEDIAN:
        return median_at(in, at, column->num, scratch);
    case AGGREGATE_NONE:
    case AGGREGATE_FROM_INPUTS:
        return (double)NAN;
    }
    NEVER("an aggregate of no kind");
}

static struct rolled roll_given(const struct rollup *in, const struct where *at,
                                const struct rollup_column *column, struct arena *scratch)
{
    if (column->num == NONE) {
        return (struct rolled){.state = EXPR_MISSING};
    }
    struct cube_sum sum = sum_at(in, at, column->num);
    double raw = raw_value(in, at, column, sum, scratch);

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
static struct rolled roll_derived(const struct rollup *in, const struct where *where, int indicator,
                                  struct arena *scratch)
{
    size_t room = (size_t)in->panel->programme->indicator_count;
    struct rolled *known = ARENA_NEW(scratch, struct rolled, room);
    int *order = ARENA_NEW(scratch, int, EXPR_NODES_MAX);
    int count = rollup_order_inputs(in, indicator, order);

    for (int i = count - 1; i >= 0; i--) {
        const struct rollup_column *given = rollup_find_column(&in->inputs[indicator], order[i]);
        known[order[i]] = given == NULL ? roll_formula(in, order[i], known, scratch)
                                        : roll_given(in, where, given, scratch);
    }
    struct cube_sum counted = sum_at(in, where, in->own[indicator].num);
    struct rolled out = known[indicator];
    out.known = counted.known;
    out.applicable = counted.leaves - counted.excluded;
    return out;
}

static struct rolled roll(const struct rollup *in, const struct where *where, int indicator,
                          struct arena *scratch)
{
    const struct rollup_column *own = &in->own[indicator];
    bool is_derived = own->num != NONE && rollup_is_from_inputs(in, indicator);
    struct arena_mark mark = arena_mark(scratch);
    struct rolled out = is_derived ? roll_derived(in, where, indicator, scratch)
                                   : roll_given(in, where, own, scratch);

    arena_rewind(scratch, mark);
    return out;
}

struct rolled rollup_unit(const struct rollup *rollup, int place, int indicator,
                          struct arena *scratch)
{
    const struct where where = unit_where(rollup, place);

    return roll(rollup, &where, indicator, scratch);
}

struct rolled rollup_rest(const struct rollup *rollup, int place, int indicator,
                          struct arena *scratch)
{
    const struct where where =
        rollup->level_of[place] > 0 ? leaves_of(rollup, place) : (struct where){.level = 0};

    return roll(rollup, &where, indicator, scratch);
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

/* One row of the table: a unit, or what is unallocated in it. */
struct shown {
    int place;
    bool is_rest;
};

static enum rc put_shown(const struct rollup *in, struct shown shown, int place,
                         const struct table_sink *sink)
{
    const struct cx *cx = in->panel->cx;
    const struct indicator *indicator = &in->panel->programme->indicators[place];
    const struct unit *unit = &in->tree->units[shown.place];
    struct rolled rolled = shown.is_rest ? rollup_rest(in, shown.place, place, cx->arena)
                                         : rollup_unit(in, shown.place, place, cx->arena);
    str rest = msg_text(cx->lang, MSG_ROLLUP_REST);
    const struct out cells[] = {
        out_text(unit->code),
        shown.is_rest ? out_named(STR("unallocated"), rest) : out_text(unit->name),
        out_named(indicator->id, text_in(indicator->name, cx->lang)),
        rolled_out(in, &rolled, indicator),
        out_text(gauge_text(in, indicator)),
        out_int(rolled.known),
        out_int(rolled.applicable),
    };

    return sink->row(sink->self, cells);
}

/* Which indicators, by place in the programme. */
struct asked {
    const int *indicators;
    int count;
};

static enum rc put_all(const struct rollup *in, struct shown shown, struct asked asked,
                       const struct table_sink *sink)
{
    for (int i = 0; i < asked.count; i++) {
        TRY(put_shown(in, shown, asked.indicators[i], sink));
    }
    return RC_OK;
}

static enum rc put_below(const struct rollup *in, int place, struct asked asked,
                         const struct table_sink *sink)
{
    const struct unit *units = in->tree->units;
    bool has_rest = in->level_of[place] > 0 && in->first_leaf[place] < in->first_leaf[place + 1];

    for (int at = place + 1; at < units[place].end; at = units[at].end) {
        if (in->level_of[at] > 0) { /* the panel's own units have no sums */
            TRY(put_all(in, (struct shown){at, false}, asked, sink));
        }
    }
    return has_rest ? put_all(in, (struct shown){place, true}, asked, sink) : RC_OK;
}

static str period_text(const struct cx *cx, struct period period)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 32);
    period_put(&buf, period);
    MUST(buf_done(&buf, &text));
    return text;
}

enum rc rollup_table(const struct rollup *rollup, int place, const int *indicators, int count,
                     const struct table_sink *sink)
{
    const struct cx *cx = rollup->panel->cx;
    const struct asked asked = {indicators, count};
    const struct fact facts[] = {
        {STR("period"), msg_text(cx->lang, MSG_ROLLUP_PERIOD),
         out_text(period_text(cx, rollup->panel->period))},
        {STR("boundaries"), msg_text(cx->lang, MSG_ROLLUP_BOUNDARIES),
         out_text(cx_day(cx, rollup->tree->register_day))},
    };
    const str notes[] = {msg_text(cx->lang, MSG_ROLLUP_MOVED)};
    const struct table table = {
        .name = STR("rollup"),
        .title = msg_text(cx->lang, MSG_ROLLUP_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
        .facts = facts,
        .fact_count = COUNT_OF(facts),
        .notes = notes,
        .note_count = rollup->is_moved ? 1 : 0,
        .frozen_columns = 2,
    };

    TRY(sink->begin(sink->self, &table));
    TRY(put_all(rollup, (struct shown){place, false}, asked, sink));
    TRY(put_below(rollup, place, asked, sink));
    return sink->end(sink->self);
}
