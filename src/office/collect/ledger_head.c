/* Finding the heading of a sheet: title rows above it, several rows of it, merged cells in it. */
#include "office/collect/ledger_in.h"

enum { TITLES_BYTES_MAX = 512 };

/* The texts over one column, from the top row of the heading to its last. */
struct stack {
    str parts[LEDGER_HEAD_DEPTH_MAX];
    int count;
};

static str cell_text(const struct grid_row *row, int column)
{
    return column < row->width ? str_trim(row->cells[column].text) : STR("");
}

static struct stack stack_over(const struct ledger_state *state, int last, int depth, int column)
{
    struct stack stack = {.count = 0};

    for (int i = last - depth + 1; i <= last; i++) {
        str text = cell_text(&state->filled[i], column);
        bool is_repeat = stack.count > 0 && str_equal(stack.parts[stack.count - 1], text);
        if (text.len > 0 && !is_repeat) {
            stack.parts[stack.count++] = text;
        }
    }
    return stack;
}

static bool look_up(const struct ledger *ledger, struct heading heading, int64_t *out)
{
    const struct map *headings = &ledger->state->headings;

    return (heading.whole.len > 0 && map_get(headings, heading.whole, out)) ||
           (heading.name.len > 0 && map_get(headings, heading.name, out));
}

static struct heading join(struct ledger *ledger, const struct stack *stack)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, ledger->cx->arena, 1 << 17);
    for (int i = 0; i < stack->count; i++) {
        buf_put(&buf, stack->parts[i]);
    }
    return heading_of(buf_done(&buf, &text) ? text : STR(""), ledger->cx->arena);
}

/* The lowest text that means something; else all of them together ("厕所" over "普及率"). */
static bool meaning_of(struct ledger *ledger, const struct stack *stack, struct heading *out,
                       int64_t *out_meaning)
{
    for (int i = stack->count - 1; i >= 0; i--) {
        *out = heading_of(stack->parts[i], ledger->cx->arena);
        if (look_up(ledger, *out, out_meaning) && *out_meaning != HEAD_SEVERAL) {
            return true;
        }
    }
    *out = join(ledger, stack);
    return stack->count > 1 && look_up(ledger, *out, out_meaning) && *out_meaning != HEAD_SEVERAL;
}

struct fit {
    int values; /* columns of values found */
    int units;  /* columns that name the ledger's units */
    int last;
    int depth;
};

static struct fit try_head(struct ledger *ledger, int last, int depth)
{
    const struct ledger_state *state = ledger->state;
    struct fit fit = {.last = last, .depth = depth};

    for (int c = 0; c < state->filled[last].width; c++) {
        struct stack stack = stack_over(state, last, depth, c);
        struct heading heading = {0};
        int64_t meaning = 0;
        if (!meaning_of(ledger, &stack, &heading, &meaning)) {
            continue;
        }
        fit.values += meaning >= 0 ? 1 : 0;
        fit.units += meaning == HEAD_CODE || meaning == HEAD_LEVEL - ledger->job.level ? 1 : 0;
    }
    return fit;
}

/* More columns first; then fewer rows of heading; then the lower one, because a cell merged
 * downward stands in every row of the heading. */
static bool is_better(const struct fit *a, const struct fit *b)
{
    int a_sum = a->values + a->units;
    int b_sum = b->values + b->units;

    if (a_sum != b_sum) {
        return a_sum > b_sum;
    }
    return a->depth != b->depth ? a->depth < b->depth : a->last > b->last;
}

static bool best_head(struct ledger *ledger, struct fit *out)
{
    bool found = false;

    for (int last = 0; last < ledger->state->head_count; last++) {
        for (int depth = 1; depth <= LEDGER_HEAD_DEPTH_MAX && depth <= last + 1; depth++) {
            struct fit fit = try_head(ledger, last, depth);
            bool is_head = fit.values > 0 && fit.units > 0;
            if (is_head && (!found || is_better(&fit, out))) {
                *out = fit;
                found = true;
            }
        }
    }
    return found;
}

/* Copy the corner of each merged range into all its cells, so that a group's heading stands over
 * each of its columns. Only rows held back matter. */
static void fill_merge(struct ledger_state *state, const struct merge *merge)
{
    const struct cell *corner = NULL;

    for (int i = 0; i < state->head_count; i++) {
        struct grid_row *row = &state->filled[i];
        if (row->row == merge->first_row && merge->first_column < row->width) {
            corner = &row->cells[merge->first_column];
        }
        bool is_inside = row->row >= merge->first_row && row->row <= merge->last_row;
        for (int c = merge->first_column;
             is_inside && corner != NULL && c <= merge->last_column && c < LEDGER_COLUMNS_MAX;
             c++) {
            row->cells[c] = *corner;
            row->width = c >= row->width ? c + 1 : row->width;
        }
    }
}

static void note_ignored(struct ledger *ledger, str title)
{
    str *longer = ARENA_NEW(ledger->cx->arena, str, (size_t)ledger->ignored_count + 1);

    for (int i = 0; i < ledger->ignored_count; i++) {
        longer[i] = ledger->ignored[i];
    }
    longer[ledger->ignored_count++] = title;
    ledger->ignored = longer;
}

/* What brackets hold that is no gauge may be a note, or a gauge that would change every number:
 * somebody must look. A heading known with its brackets means what its name means. */
static void warn_of_brackets(struct ledger *ledger, const struct ledger_column *column,
                             const struct heading *heading, int c)
{
    const struct indicator *indicator = &ledger->job.programme->indicators[column->indicator];
    int64_t meaning = 0;

    if (indicator->gauge != NONE && !map_get(&ledger->state->headings, heading->whole, &meaning)) {
        LEDGER_MARK(ledger, SEVERITY_WARNING, ledger->state->head_row, c, column->title,
                    MSG_COLLECT_GAUGE_UNKNOWN, arg_text(heading->unit),
                    arg_text(ledger->job.programme->gauges[indicator->gauge].id));
    }
}

/* The gauge in the heading's brackets must be one that converts to the indicator's. */
static void set_gauge(struct ledger *ledger, struct ledger_column *column,
                      const struct heading *heading, int c)
{
    const struct indicator *indicator = &ledger->job.programme->indicators[column->indicator];
    str unit = heading->unit;
    int64_t gauge = NONE;
    int64_t one = 0;

    if (unit.len > 0 && !map_get(&ledger->state->gauges, unit, &gauge)) {
        warn_of_brackets(ledger, column, heading, c);
    }
    if (gauge == NONE || gauge == indicator->gauge) {
        return;
    }
    if (indicator->gauge == NONE ||
        !programme_convert(ledger->job.programme, (int)gauge, indicator->gauge, &one)) {
        LEDGER_MARK(ledger, SEVERITY_ERROR, ledger->state->head_row, c, column->title,
                    MSG_COLLECT_GAUGE_OTHER, arg_text(unit),
                    arg_text(text_in(indicator->name, ledger->cx->lang)));
        return;
    }
    column->gauge = (int)gauge;
}

static void refuse_twice(struct ledger *ledger, int c)
{
    const struct ledger_state *state = ledger->state;
    const struct ledger_column *column = &state->columns[c];

    for (int i = 0; i < c; i++) {
        const struct ledger_column *other = &state->columns[i];
        bool is_same = column->indicator != NONE ? other->indicator == column->indicator
                                                 : column->is_code && other->is_code;
        if (is_same) {
            LEDGER_MARK(ledger, SEVERITY_ERROR, state->head_row, c, column->title,
                        MSG_COLLECT_COLUMN_TWICE, arg_text(other->title));
        }
    }
}

static void set_column(struct ledger *ledger, const struct fit *fit, int c)
{
    struct ledger_column *column = &ledger->state->columns[c];
    struct stack stack = stack_over(ledger->state, fit->last, fit->depth, c);
    struct heading heading = {0};
    int64_t meaning = 0;

    *column = (struct ledger_column){.indicator = NONE, .unit_level = NONE, .gauge = NONE};
    if (stack.count == 0) {
        return;
    }
    column->title = arena_str(ledger->cx->arena, stack.parts[stack.count - 1]);
    if (!meaning_of(ledger, &stack, &heading, &meaning)) {
        note_ignored(ledger, column->title);
        return;
    }
    if (meaning == HEAD_CODE) {
        column->is_code = true;
    } else if (meaning <= HEAD_LEVEL) {
        column->unit_level = (int)(HEAD_LEVEL - meaning);
    } else {
        column->indicator = (int)meaning;
        set_gauge(ledger, column, &heading, c);
    }
    refuse_twice(ledger, c);
}

static str titles_of(struct ledger *ledger, const struct grid_row *row)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, ledger->cx->arena, TITLES_BYTES_MAX);
    for (int c = 0; c < row->width; c++) {
        str title = cell_text(row, c);
        buf_put(&buf, buf.len > 0 && title.len > 0 ? STR("、") : STR(""));
        buf_put(&buf, title);
    }
    return buf_done(&buf, &text) ? text : STR("…");
}

/* A row that names the ledger's units but none of the programme's indicators: remembered, so that
 * the refusal can say what it found. */
static void note_units_row(struct ledger *ledger)
{
    struct ledger_state *state = ledger->state;

    for (int i = 0; i < state->head_count && state->units_row == 0; i++) {
        struct fit fit = try_head(ledger, i, 1);
        if (fit.units > 0) {
            state->units_row = state->filled[i].row;
            state->units_titles = titles_of(ledger, &state->filled[i]);
        }
    }
}

bool ledger_find_head(struct ledger *ledger, int *out_last)
{
    struct ledger_state *state = ledger->state;
    struct fit fit = {0};

    memcpy(state->filled, state->head, (size_t)state->head_count * sizeof(*state->head));
    for (int i = 0; i < state->sheet.merge_count; i++) {
        fill_merge(state, &state->sheet.merges[i]);
    }
    if (!best_head(ledger, &fit)) {
        note_units_row(ledger);
        return false;
    }
    state->head_row = state->head[fit.last].row;
    state->column_count = state->filled[fit.last].width;
    *out_last = fit.last;
    for (int c = 0; c < state->column_count; c++) {
        set_column(ledger, &fit, c);
    }
    return true;
}
