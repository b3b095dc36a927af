/* Panels. */
#include "office/indicator/panel.h"

#include <math.h>

#include "base/num.h"

enum { DERIVE_ROUNDS_MAX = 64 };

static bool is_of_level(const struct indicator *indicator, int level)
{
    return (indicator->levels >> level & 1U) != 0;
}

static void make_column(struct panel *panel, int indicator)
{
    struct panel_column *column = &panel->columns[indicator];
    size_t count = (size_t)panel->count;
    struct arena *arena = panel->cx->arena;

    column->state = ARENA_NEW(arena, uint8_t, count);
    for (int i = 0; i < panel->count; i++) {
        column->state[i] = EXPR_MISSING;
    }
    if (panel->programme->indicators[indicator].type == VALUE_PERCENT) {
        column->num = ARENA_NEW(arena, int64_t, count);
        column->den = ARENA_NEW(arena, int64_t, count);
    } else {
        column->value = ARENA_NEW(arena, double, count);
    }
}

static void make_columns(struct panel *panel)
{
    const struct programme *programme = panel->programme;

    panel->columns =
        ARENA_NEW(panel->cx->arena, struct panel_column, (size_t)programme->indicator_count);
    for (int i = 0; i < programme->indicator_count; i++) {
        if (is_of_level(&programme->indicators[i], panel->level)) {
            make_column(panel, i);
        }
    }
}

static void make_rows(struct panel *panel)
{
    const struct unit_tree *tree = panel->tree;
    int *places = ARENA_NEW(panel->cx->arena, int, (size_t)tree->count);
    int *rows = ARENA_NEW(panel->cx->arena, int, (size_t)tree->count);

    for (int i = 0; i < tree->count; i++) {
        rows[i] = NONE;
        if (tree->units[i].level == panel->level) {
            rows[i] = panel->count;
            places[panel->count++] = i;
        }
    }
    panel->places = places;
    panel->rows = rows;
}

static int choice_place(const struct indicator *indicator, int64_t number)
{
    for (int i = 0; i < indicator->choice_count; i++) {
        if (indicator->choices[i].number == number) {
            return i;
        }
    }
    return NONE;
}

static enum expr_state state_of(enum value_state state)
{
    switch (state) {
    case VALUE_KNOWN:
        return EXPR_KNOWN;
    case VALUE_NOT_APPLICABLE:
        return EXPR_NOT_APPLICABLE;
    case VALUE_NOT_REPORTED:
    case VALUE_REJECTED:
        return EXPR_MISSING;
    }
    NEVER("a value of no state");
}

static void put_known(struct panel_column *column, const struct indicator *indicator, int row,
                      const struct value *value)
{
    if (indicator->type == VALUE_PERCENT) {
        column->num[row] = value->num;
        column->den[row] = value->den;
        return;
    }
    if (indicator->type != VALUE_ENUM) {
        column->value[row] = (double)value->num;
        return;
    }
    int place = choice_place(indicator, value->num);
    column->value[row] = place;
    if (place == NONE) {
        column->state[row] = EXPR_MISSING;
    }
}

void panel_put(struct panel *panel, int row, const struct value *value)
{
    int place = value->indicator <= panel->numbers->indicator_max
                    ? panel->numbers->indicator_of[value->indicator]
                    : NONE;

    if (place == NONE || panel->columns[place].state == NULL) {
        return;
    }
    struct panel_column *column = &panel->columns[place];
    column->state[row] = (uint8_t)state_of(value->state);
    if (value->state == VALUE_KNOWN) {
        put_known(column, &panel->programme->indicators[place], row, value);
    }
}

/* Rows of a unit's later address come later and stand over earlier ones. */
static enum rc take_row(void *self, const struct value_row *row)
{
    struct panel *panel = self;
    int place = unit_tree_find_id(panel->tree, row->unit);
    int at = place == NONE ? NONE : panel->rows[place];

    for (int i = 0; at != NONE && i < row->count; i++) {
        panel_put(panel, at, &row->values[i]);
    }
    return RC_OK;
}

enum rc panel_load(const struct cx *cx, const struct unit_tree *tree,
                   const struct programme *programme, const struct numbers *numbers, int level,
                   struct period period, struct panel *out)
{
    *out = (struct panel){
        .cx = cx,
        .tree = tree,
        .programme = programme,
        .numbers = numbers,
        .level = level,
        .period = period,
    };
    make_rows(out);
    make_columns(out);
    TRY(value_each(cx, period, take_row, out));
    return panel_derive(out);
}

/* The panel `back` years earlier. Looking back from there is its own chain. */
static enum rc panel_back(struct panel *panel, int back, struct panel **out)
{
    for (; back > 0; back--) {
        if (panel->before == NULL) {
            struct panel *before = ARENA_NEW(panel->cx->arena, struct panel, 1);
            TRY(panel_load(panel->cx, panel->tree, panel->programme, panel->numbers, panel->level,
                           period_year_before(panel->period), before));
            panel->before = before;
        }
        panel = panel->before;
    }
    *out = panel;
    return RC_OK;
}

/* A column nobody of this level has: missing everywhere. */
static struct expr_column column_of(const struct panel *panel, int indicator)
{
    const struct panel_column *column = &panel->columns[indicator];
    struct arena *arena = panel->cx->arena;

    if (column->state != NULL) {
        return (struct expr_column){column->value, column->num, column->den, column->state};
    }
    uint8_t *state = ARENA_NEW(arena, uint8_t, (size_t)panel->count);
    for (int i = 0; i < panel->count; i++) {
        state[i] = EXPR_MISSING;
    }
    double *value = ARENA_NEW(arena, double, (size_t)panel->count);
    return (struct expr_column){.value = value, .state = state};
}

static enum rc gather(struct panel *panel, const struct expr *expr, struct expr_column **out)
{
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(expr, &count);
    struct expr_column *columns = ARENA_NEW(panel->cx->arena, struct expr_column, count);

    for (size_t i = 0; i < count; i++) {
        struct panel *from = NULL;
        TRY(panel_back(panel, inputs[i].back, &from));
        columns[i] = column_of(from, (int)inputs[i].id);
    }
    *out = columns;
    return RC_OK;
}

enum rc panel_run(struct panel *panel, const struct expr *expr, struct expr_result *out)
{
    struct arena *arena = panel->cx->arena;
    struct expr_column *columns = NULL;
    struct expr_result result = {
        .value = ARENA_NEW(arena, double, (size_t)panel->count),
        .state = ARENA_NEW(arena, uint8_t, (size_t)panel->count),
    };

    TRY(gather(panel, expr, &columns));
    expr_run(expr, columns, (size_t)panel->count, result, arena);
    *out = result;
    return RC_OK;
}

enum rc panel_explain(struct panel *panel, const struct expr *expr, int row,
                      const struct expr_step **out, size_t *out_count)
{
    struct expr_column *columns = NULL;

    TRY(gather(panel, expr, &columns));
    *out = expr_explain(expr, columns, (size_t)row, panel->cx->arena, out_count);
    return RC_OK;
}

/* Are all of this period's inputs that are themselves derived computed already? */
static bool is_ready(const struct panel *panel, const struct expr *expr, const bool *is_done)
{
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(expr, &count);

    for (size_t i = 0; i < count; i++) {
        bool is_derived = panel->programme->indicators[inputs[i].id].formula.code != NULL;
        if (inputs[i].back == 0 && is_derived && !is_done[inputs[i].id]) {
            return false;
        }
    }
    return true;
}

/* Results come unrounded and stay so: a derived value is rounded once, when it is shown. The
 * column holds them in the indicator's scaled unit, like any given value. */
static void keep_derived(struct panel *panel, int indicator, const struct expr_result *result)
{
    const struct indicator *about = &panel->programme->indicators[indicator];
    struct panel_column *column = &panel->columns[indicator];
    bool is_number = about->type == VALUE_INTEGER || about->type == VALUE_DECIMAL;
    double scale = is_number ? (double)num_pow10(about->decimals) : 1.0;

    column->num = NULL;
    column->den = NULL;
    column->state = result->state;
    column->value = result->value;
    for (int i = 0; scale > 1.0 && i < panel->count; i++) {
        column->value[i] *= scale;
    }
}

static enum rc derive_round(struct panel *panel, bool *is_done, int *out_left)
{
    *out_left = 0;
    for (int i = 0; i < panel->programme->indicator_count; i++) {
        const struct expr *code = panel->programme->indicators[i].formula.code;
        struct expr_result result = {0};
        if (code == NULL || is_done[i] || panel->columns[i].state == NULL) {
            continue;
        }
        if (!is_ready(panel, code, is_done)) {
            (*out_left)++;
            continue;
        }
        TRY(panel_run(panel, code, &result));
        keep_derived(panel, i, &result);
        is_done[i] = true;
    }
    return RC_OK;
}

enum rc panel_derive(struct panel *panel)
{
    size_t count = (size_t)panel->programme->indicator_count;
    bool *is_done = ARENA_NEW(panel->cx->arena, bool, count);
    int left = 1;

    for (size_t i = 0; i < count; i++) {
        is_done[i] = panel->columns[i].state == NULL;
    }
    for (int round = 0; left > 0; round++) {
        MUST(round < DERIVE_ROUNDS_MAX);
        TRY(derive_round(panel, is_done, &left));
    }
    return RC_OK;
}

enum expr_state panel_state(const struct panel *panel, int indicator, int row)
{
    const struct panel_column *column = &panel->columns[indicator];

    return column->state == NULL ? EXPR_MISSING : (enum expr_state)column->state[row];
}

double panel_number(const struct panel *panel, int indicator, int row)
{
    const struct indicator *about = &panel->programme->indicators[indicator];
    const struct panel_column *column = &panel->columns[indicator];

    if (panel_state(panel, indicator, row) != EXPR_KNOWN) {
        return NAN;
    }
    switch (about->type) {
    case VALUE_PERCENT:
        return 100.0 * (column->num == NULL ? column->value[row]
                                            : (double)column->num[row] / (double)column->den[row]);
    case VALUE_ENUM:
        return about->choices[(int)column->value[row]].number;
    case VALUE_INTEGER:
    case VALUE_DECIMAL:
        return column->value[row] / (double)num_pow10(about->decimals);
    case VALUE_BOOLEAN:
        return column->value[row];
    }
    NEVER("an indicator of no type");
}

static struct out number_out(const struct panel *panel, int indicator, int row)
{
    const struct indicator *about = &panel->programme->indicators[indicator];
    int64_t scaled = 0;

    if (!num_from_double(panel_number(panel, indicator, row), about->decimals, &scaled)) {
        return out_none(msg_text(panel->cx->lang, MSG_VALUE_TOO_BIG));
    }
    return out_fixed(scaled, about->decimals);
}

struct out panel_out(const struct panel *panel, int indicator, int row)
{
    const struct indicator *about = &panel->programme->indicators[indicator];
    const struct panel_column *column = &panel->columns[indicator];
    enum lang lang = panel->cx->lang;
    enum expr_state state = panel_state(panel, indicator, row);

    if (state != EXPR_KNOWN) {
        return out_none(msg_text(lang, state == EXPR_MISSING ? MSG_VALUE_NOT_REPORTED
                                                             : MSG_VALUE_NOT_APPLICABLE));
    }
    if (about->type == VALUE_PERCENT && column->num != NULL) {
        return out_ratio(column->num[row], column->den[row], about->decimals);
    }
    if (about->type == VALUE_ENUM) {
        return out_text(text_in(about->choices[(int)column->value[row]].name, lang));
    }
    if (about->type == VALUE_BOOLEAN) {
        return out_text(msg_text(lang, column->value[row] > 0.5 ? MSG_VALUE_YES : MSG_VALUE_NO));
    }
    return number_out(panel, indicator, row);
}
