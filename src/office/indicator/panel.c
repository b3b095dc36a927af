/* Panels. */
#include "office/indicator/panel.h"

#include <math.h>

#include "base/num.h"

enum { DERIVE_ROUNDS_MAX = 64 };

bool panel_has(const struct panel *panel, int indicator)
{
    return (panel->programme->indicators[indicator].levels >> panel->level & 1U) != 0;
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
        if (panel_has(panel, i)) {
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
        bool is_inside = i >= panel->within && i < tree->units[panel->within].end;
        rows[i] = NONE;
        if (is_inside && tree->units[i].level == panel->level) {
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
    case REPORTED:
        return EXPR_KNOWN;
    case NOT_APPLICABLE:
        return EXPR_NOT_APPLICABLE;
    case NOT_REPORTED:
    case REJECTED:
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
    if (value->state == REPORTED) {
        put_known(column, &panel->programme->indicators[place], row, value);
    }
}

/* A panel while it is loaded: how many rows of the database came for each of its rows. */
struct loading {
    struct panel *panel;
    int *came;
};

static enum rc take_row(void *self, const struct value_row *row)
{
    const struct loading *loading = self;
    struct panel *panel = loading->panel;
    int place = unit_tree_find_id(panel->tree, row->unit);
    int at = place == NONE ? NONE : panel->rows[place];

    for (int i = 0; at != NONE && i < row->count; i++) {
        panel_put(panel, at, &row->values[i]);
    }
    if (at != NONE) {
        loading->came[at]++;
    }
    return RC_OK;
}

/* A unit with values under several addresses: once more, in the order in which it had them. */
static enum rc take_again(struct panel *panel, int row)
{
    struct unit_address *addresses = NULL;
    int count = 0;

    TRY(unit_addresses(panel->cx, panel->tree->units[panel->places[row]].id, &addresses, &count));
    for (int i = 0; i < count; i++) {
        struct value_row values = {0};
        TRY(value_read(panel->cx, addresses[i].home, addresses[i].unit, panel->period, &values));
        for (int k = 0; k < values.count; k++) {
            panel_put(panel, row, &values.values[k]);
        }
    }
    return RC_OK;
}

/* Homes whose rows may hold values of these units: those of today, and those under which some of
 * them were written before a transfer. */
struct homes {
    struct map seen;
    int64_t *ids;
    int count;
    int room;
};

static void add_home(struct arena *arena, struct homes *homes, int64_t id)
{
    char text[NUM_TEXT_MAX];

    if (!map_put(&homes->seen, arena_str(arena, num_print(text, id, 0)), 1)) {
        return;
    }
    if (homes->count == homes->room) {
        int64_t *wider = ARENA_NEW(arena, int64_t, 2 * (size_t)homes->room);
        memcpy(wider, homes->ids, (size_t)homes->count * sizeof(*wider));
        homes->ids = wider;
        homes->room *= 2;
    }
    homes->ids[homes->count++] = id;
}

static enum rc find_homes(struct panel *panel, struct homes *out)
{
    struct arena *arena = panel->cx->arena;

    out->room = 16;
    out->ids = ARENA_NEW(arena, int64_t, (size_t)out->room);
    map_init(&out->seen, arena, 64);
    for (int i = 0; i < panel->count; i++) {
        struct unit_address *addresses = NULL;
        int count = 0;
        TRY(unit_addresses(panel->cx, panel->tree->units[panel->places[i]].id, &addresses, &count));
        for (int k = 0; k < count; k++) {
            add_home(arena, out, addresses[k].home.v);
        }
    }
    return RC_OK;
}

static enum rc take_homes(struct loading *loading)
{
    struct panel *panel = loading->panel;
    struct homes homes = {.ids = NULL};

    TRY(find_homes(panel, &homes));
    for (int i = 0; i < homes.count; i++) {
        TRY(value_each_of_home(panel->cx, (struct unit_id){homes.ids[i]}, panel->period, take_row,
                               loading));
    }
    return RC_OK;
}

static enum rc take_values(struct panel *panel)
{
    struct loading loading = {
        .panel = panel,
        .came = ARENA_NEW(panel->cx->arena, int, (size_t)panel->count),
    };

    TRY(panel->within == 0 ? value_each(panel->cx, panel->period, take_row, &loading)
                           : take_homes(&loading));
    for (int i = 0; i < panel->count; i++) {
        if (loading.came[i] > 1) {
            TRY(take_again(panel, i));
        }
    }
    return RC_OK;
}

void panel_frame(const struct cx *cx, const struct panel_of *of, struct period period,
                 struct panel *out)
{
    *out = (struct panel){
        .cx = cx,
        .tree = of->tree,
        .programme = of->programme,
        .numbers = of->numbers,
        .level = of->level,
        .within = of->within,
        .period = period,
    };
    make_rows(out);
}

static enum rc load_year(const struct cx *cx, const struct panel_of *of, struct period period,
                         struct panel *out)
{
    panel_frame(cx, of, period, out);
    make_columns(out);
    return take_values(out);
}

static int deeper(int depth, const struct expr *code)
{
    size_t count = 0;
    const struct expr_input *inputs = code == NULL ? NULL : expr_inputs(code, &count);

    for (size_t i = 0; i < count; i++) {
        depth = inputs[i].back > depth ? inputs[i].back : depth;
    }
    return depth;
}

/* How many years back any formula of the programme looks. */
static int depth_of(const struct programme *programme)
{
    int depth = programme->check_count > 0 ? 1 : 0;

    for (int i = 0; i < programme->indicator_count; i++) {
        depth = deeper(depth, programme->indicators[i].formula.code);
    }
    for (int i = 0; i < programme->rule_count; i++) {
        depth = deeper(depth, programme->rules[i].formula.code);
    }
    for (int i = 0; i < programme->gate_count; i++) {
        depth = deeper(depth, programme->gates[i].formula.code);
    }
    return depth;
}

/* The oldest year is derived first, so that a formula may look back at derived values; one that
 * looks back beyond the oldest finds nothing. */
enum rc panel_load(const struct cx *cx, const struct panel_of *of, struct period period,
                   struct panel *out)
{
    int depth = depth_of(of->programme);
    struct panel *years = ARENA_NEW(cx->arena, struct panel, (size_t)depth + 1);

    for (int i = 0; i <= depth; i++) {
        TRY(load_year(cx, of, period, &years[i]));
        years[i].before = i < depth ? &years[i + 1] : NULL;
        period = period_year_before(period);
    }
    for (int i = depth; i >= 0; i--) {
        panel_derive(&years[i]);
    }
    *out = years[0];
    return RC_OK;
}

const struct panel *panel_back(const struct panel *panel, int years)
{
    for (; years > 0 && panel != NULL; years--) {
        panel = panel->before;
    }
    return panel;
}

/* A column that nobody of this level has, or of a year beyond the oldest: missing everywhere. */
static struct expr_column missing_column(const struct panel *panel)
{
    struct arena *arena = panel->cx->arena;
    uint8_t *state = ARENA_NEW(arena, uint8_t, (size_t)panel->count);

    memset(state, EXPR_MISSING, (size_t)panel->count);
    return (struct expr_column){
        .value = ARENA_NEW(arena, double, (size_t)panel->count),
        .state = state,
    };
}

static const struct expr_column *gather(const struct panel *panel, const struct expr *expr)
{
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(expr, &count);
    struct expr_column *columns = ARENA_NEW(panel->cx->arena, struct expr_column, count);

    for (size_t i = 0; i < count; i++) {
        const struct panel *from = panel_back(panel, inputs[i].back);
        const struct panel_column *column = from == NULL ? NULL : &from->columns[inputs[i].id];
        columns[i] =
            column == NULL || column->state == NULL
                ? missing_column(panel)
                : (struct expr_column){column->value, column->num, column->den, column->state};
    }
    return columns;
}

struct expr_result panel_run(const struct panel *panel, const struct expr *expr)
{
    struct arena *arena = panel->cx->arena;
    struct expr_result result = {
        .value = ARENA_NEW(arena, double, (size_t)panel->count),
        .state = ARENA_NEW(arena, uint8_t, (size_t)panel->count),
    };

    expr_run(expr, gather(panel, expr), (size_t)panel->count, result, arena);
    return result;
}

const struct expr_step *panel_explain(const struct panel *panel, const struct expr *expr, int row,
                                      size_t *out_count)
{
    return expr_explain(expr, gather(panel, expr), (size_t)row, panel->cx->arena, out_count);
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

/* Results come unrounded and stay so: a derived value is rounded once, when it is shown. */
static void keep_derived(struct panel *panel, int indicator, const struct expr_result *result)
{
    panel->columns[indicator] =
        (struct panel_column){.value = result->value, .state = result->state};
}

/* Compute what can be computed; how many columns still wait for others. */
static int derive_round(struct panel *panel, bool *is_done)
{
    int left = 0;

    for (int i = 0; i < panel->programme->indicator_count; i++) {
        const struct expr *code = panel->programme->indicators[i].formula.code;
        if (code == NULL || is_done[i]) {
            continue;
        }
        if (!is_ready(panel, code, is_done)) {
            left++;
            continue;
        }
        struct expr_result result = panel_run(panel, code);
        keep_derived(panel, i, &result);
        is_done[i] = true;
    }
    return left;
}

void panel_derive_some(struct panel *panel, const bool *wanted)
{
    size_t count = (size_t)panel->programme->indicator_count;
    bool *is_done = ARENA_NEW(panel->cx->arena, bool, count);
    int round = 0;

    for (size_t i = 0; i < count; i++) {
        is_done[i] = panel->columns[i].state == NULL || !wanted[i];
    }
    while (derive_round(panel, is_done) > 0) {
        MUST(++round < DERIVE_ROUNDS_MAX); /* formulas have no cycles: checked when read */
    }
}

void panel_derive(struct panel *panel)
{
    size_t count = (size_t)panel->programme->indicator_count;
    bool *all = ARENA_NEW(panel->cx->arena, bool, count);

    memset(all, true, count);
    panel_derive_some(panel, all);
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
        return (double)NAN;
    }
    switch (about->type) {
    case VALUE_PERCENT:
        return 100.0 * (column->num == NULL ? column->value[row]
                                            : (double)column->num[row] / (double)column->den[row]);
    case VALUE_ENUM:
        return about->choices[(int)column->value[row]].number;
    case VALUE_INTEGER:
    case VALUE_DECIMAL:
        return about->formula.code != NULL
                   ? column->value[row]
                   : column->value[row] / (double)num_pow10(about->decimals);
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
        return out_none(STR("too_big"), msg_text(panel->cx->lang, MSG_VALUE_TOO_BIG));
    }
    return out_fixed(scaled, about->decimals);
}

struct out panel_out(const struct panel *panel, int indicator, int row)
{
    const struct indicator *about = &panel->programme->indicators[indicator];
    const struct panel_column *column = &panel->columns[indicator];
    enum lang lang = panel->cx->lang;
    enum expr_state state = panel_state(panel, indicator, row);

    if (state == EXPR_MISSING) {
        return out_none(STR("not_reported"), msg_text(lang, MSG_VALUE_NOT_REPORTED));
    }
    if (state == EXPR_NOT_APPLICABLE) {
        return out_none(STR("not_applicable"), msg_text(lang, MSG_VALUE_NOT_APPLICABLE));
    }
    if (about->type == VALUE_PERCENT && column->num != NULL) {
        return out_ratio(column->num[row], column->den[row], about->decimals);
    }
    if (about->type == VALUE_ENUM) {
        const struct choice *choice = &about->choices[(int)column->value[row]];
        return out_named(choice->id, text_in(choice->name, lang));
    }
    if (about->type == VALUE_BOOLEAN) {
        return column->value[row] > 0.5 ? out_named(STR("yes"), msg_text(lang, MSG_VALUE_YES))
                                        : out_named(STR("no"), msg_text(lang, MSG_VALUE_NO));
    }
    return number_out(panel, indicator, row);
}

uint32_t panel_asked_kinds(const struct panel *panel)
{
    const struct programme *programme = panel->programme;
    uint32_t kinds = 0;

    for (int i = 0; i < programme->scheme_count; i++) {
        const struct scheme *scheme = &programme->schemes[i];
        if (scheme->level == panel->level && scheme->kinds == 0) {
            return 0;
        }
        kinds |= scheme->level == panel->level ? scheme->kinds : 0;
    }
    return kinds;
}

bool panel_asks(const struct panel *panel, int row, uint32_t kinds)
{
    const struct unit *unit = &panel->tree->units[panel->places[row]];

    return kinds == 0 || (unit->kind != NONE && (kinds >> unit->kind & 1U) != 0);
}
