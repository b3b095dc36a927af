/* The ledger as a reader of sheets: rows held back until the heading is known, then rows of
 * values; and its marks. */
#include "office/collect/ledger.h"

#include "office/collect/ledger_in.h"

void ledger_mark(struct ledger *ledger, enum severity severity, struct spot spot, enum msg_id says,
                 const struct arg *args, int arg_count)
{
    struct arena *arena = ledger->cx->arena;
    int sheet = spot.sheet == NONE ? ledger->state->sheet.index : spot.sheet;
    struct buf text;
    str made = {0};

    ledger->errors += severity == SEVERITY_ERROR ? 1 : 0;
    ledger->warnings += severity == SEVERITY_WARNING ? 1 : 0;
    if (ledger->mark_count == LEDGER_MARKS_MAX) {
        return;
    }
    buf_init(&text, arena, 1 << 17);
    msg_put(&text, ledger->cx->lang, says, args, arg_count);
    (void)buf_done(&text, &made);
    ledger->marks[ledger->mark_count++] = (struct remark){
        .severity = severity,
        .sheet = sheet,
        .sheet_name = sheet < LEDGER_SHEETS_MAX ? ledger->state->sheet_names[sheet] : STR(""),
        .row = spot.row,
        .column = spot.column == NONE ? 0 : spot.column,
        .cell = arena_str(arena, spot.cell),
        .says = made,
    };
}

enum rc ledger_begin(const struct cx *cx, const struct ledger_job *job, struct ledger *out)
{
    *out = (struct ledger){
        .cx = cx,
        .job = *job,
        .marks = ARENA_NEW(cx->arena, struct remark, LEDGER_MARKS_MAX),
        .state = ARENA_NEW(cx->arena, struct ledger_state, 1),
    };
    out->state->head = ARENA_NEW(cx->arena, struct grid_row, LEDGER_HEAD_ROWS_MAX);
    out->state->filled = ARENA_NEW(cx->arena, struct grid_row, LEDGER_HEAD_ROWS_MAX);
    return ledger_learn(out);
}

static int by_first_row(const void *a, const void *b)
{
    const struct drop *x = a;
    const struct drop *y = b;

    return (x->first_row > y->first_row) - (x->first_row < y->first_row);
}

static void note_drops(struct ledger *ledger, const struct sheet_info *info)
{
    struct ledger_state *state = ledger->state;

    state->drops = ARENA_NEW(ledger->cx->arena, struct drop, (size_t)info->merge_count);
    state->drop_count = 0;
    state->drop_next = 0;
    for (int i = 0; i < info->merge_count; i++) {
        const struct merge *merge = &info->merges[i];
        if (merge->last_row > merge->first_row && merge->first_column < LEDGER_COLUMNS_MAX) {
            state->drops[state->drop_count++] =
                (struct drop){merge->first_row, merge->last_row, merge->first_column};
        }
    }
    qsort(state->drops, (size_t)state->drop_count, sizeof(struct drop), by_first_row);
    memset(state->carried, 0, sizeof(state->carried));
}

static enum rc take_sheet(void *self, const struct sheet_info *info)
{
    struct ledger *ledger = self;
    struct ledger_state *state = ledger->state;

    state->sheet = *info;
    state->sheet.name = arena_str(ledger->cx->arena, info->name);
    if (info->index < LEDGER_SHEETS_MAX) {
        state->sheet_names[info->index] = state->sheet.name;
    }
    state->head_count = 0;
    state->is_open = false;
    state->column_count = 0;
    map_init(&state->seen, ledger->cx->arena, 1024); /* once a sheet; sheets are joined later */
    note_drops(ledger, info);
    return RC_OK;
}

static void spread(const struct sheet_row *row, struct grid_row *out)
{
    out->row = row->row;
    out->width = 0;
    memset(out->cells, 0, sizeof(out->cells));
    for (int i = 0; i < row->count; i++) {
        int column = row->cells[i].column;
        if (column < LEDGER_COLUMNS_MAX) {
            out->cells[column] = row->cells[i];
            out->width = column >= out->width ? column + 1 : out->width;
        }
    }
}

static void hold_back(struct ledger *ledger, const struct sheet_row *row)
{
    struct grid_row *held = &ledger->state->head[ledger->state->head_count++];

    spread(row, held);
    for (int c = 0; c < held->width; c++) {
        held->cells[c].text = arena_str(ledger->cx->arena, held->cells[c].text);
    }
}

/* Look for the heading and take the rows below it that were held back. */
static enum rc open_sheet(struct ledger *ledger)
{
    struct ledger_state *state = ledger->state;
    int last = 0;

    if (!ledger_find_head(ledger, &last)) {
        return RC_OK;
    }
    state->is_open = true;
    state->has_any = true;
    for (int i = last + 1; i < state->head_count; i++) {
        TRY(ledger_take_row(ledger, &state->head[i]));
    }
    return RC_OK;
}

static enum rc take_row(void *self, const struct sheet_row *row)
{
    struct ledger *ledger = self;
    struct ledger_state *state = ledger->state;

    if (state->is_open) {
        struct grid_row *grid = &state->filled[0];
        spread(row, grid);
        return ledger_take_row(ledger, grid);
    }
    if (state->head_count == LEDGER_HEAD_ROWS_MAX || row->count == 0) {
        return RC_OK;
    }
    hold_back(ledger, row);
    return state->head_count == LEDGER_HEAD_ROWS_MAX ? open_sheet(ledger) : RC_OK;
}

static enum rc end_sheet(void *self)
{
    struct ledger *ledger = self;

    if (!ledger->state->is_open && ledger->state->head_count > 0 &&
        ledger->state->head_count < LEDGER_HEAD_ROWS_MAX) {
        TRY(open_sheet(ledger));
    }
    if (ledger->state->is_open) {
        ledger_end_columns(ledger);
    }
    return RC_OK;
}

struct sheet_reader ledger_reader(struct ledger *ledger)
{
    return (struct sheet_reader){
        .self = ledger,
        .sheet = take_sheet,
        .row = take_row,
        .end = end_sheet,
    };
}

static int by_place(const void *a, const void *b)
{
    const struct ledger_row *x = a;
    const struct ledger_row *y = b;

    if (x->place != y->place) {
        return x->place - y->place;
    }
    return x->sheet != y->sheet ? x->sheet - y->sheet : (x->row > y->row) - (x->row < y->row);
}

static void refuse_twice(struct ledger *ledger, const struct value *value)
{
    const struct numbers *numbers = ledger->job.numbers;
    int place = numbers->indicator_of[value->indicator];
    str name = text_in(ledger->job.programme->indicators[place].name, ledger->cx->lang);

    LEDGER_MARK(ledger, SEVERITY_ERROR, value->row, value->column, STR(""), MSG_COLLECT_VALUE_TWICE,
                arg_text(name));
    ledger->marks[ledger->mark_count - 1].sheet = value->sheet;
}

/* What a later sheet says of the same unit joins what an earlier one says; both saying the same
 * indicator is an error. */
static void join_rows(struct ledger *ledger, struct ledger_row *to, const struct ledger_row *more)
{
    struct value *values =
        ARENA_NEW(ledger->cx->arena, struct value, (size_t)to->count + (size_t)more->count);
    int count = 0;
    int i = 0;

    for (int k = 0; k < more->count; k++) {
        while (i < to->count && to->values[i].indicator < more->values[k].indicator) {
            values[count++] = to->values[i++];
        }
        if (i < to->count && to->values[i].indicator == more->values[k].indicator) {
            refuse_twice(ledger, &more->values[k]);
            i++;
        }
        values[count++] = more->values[k];
    }
    while (i < to->count) {
        values[count++] = to->values[i++];
    }
    to->values = values;
    to->count = count;
}

/* A ledger may have a sheet for each theme: one row a unit is made of them. */
static void join_sheets(struct ledger *ledger)
{
    int kept = 0;

    if (ledger->row_count > 0) {
        qsort(ledger->rows, (size_t)ledger->row_count, sizeof(*ledger->rows), by_place);
    }
    for (int i = 0; i < ledger->row_count; i++) {
        bool is_same = kept > 0 && ledger->rows[kept - 1].place == ledger->rows[i].place;
        if (is_same) {
            join_rows(ledger, &ledger->rows[kept - 1], &ledger->rows[i]);
        } else {
            ledger->rows[kept++] = ledger->rows[i];
        }
    }
    ledger->row_count = kept;
}

enum rc ledger_finish(struct ledger *ledger)
{
    const struct ledger_state *state = ledger->state;

    join_sheets(ledger);
    if (!state->has_any && state->units_row > 0) {
        return err_set(ledger->cx->err, RC_INVALID, MSG_COLLECT_NO_INDICATOR,
                       arg_number(state->units_row), arg_text(state->units_titles));
    }
    if (!state->has_any) {
        const struct programme *programme = ledger->job.programme;
        str level = text_in(programme->levels[ledger->job.level].name, ledger->cx->lang);
        return err_set(ledger->cx->err, RC_INVALID, MSG_COLLECT_NO_HEADING, arg_text(level),
                       arg_count(LEDGER_HEAD_ROWS_MAX));
    }
    return RC_OK;
}

static const struct column_row MARK_COLUMNS[] = {
    {STR_INIT("severity"), MSG_COLLECT_MARK_SEVERITY, 8, false},
    {STR_INIT("sheet"), MSG_COLLECT_MARK_SHEET, 16, false},
    {STR_INIT("cell"), MSG_COLLECT_MARK_PLACE, 8, false},
    {STR_INIT("value"), MSG_COLLECT_MARK_CELL, 20, false},
    {STR_INIT("says"), MSG_COLLECT_MARK_SAYS, 60, false},
};

/* "AB12" */
static str place_text(const struct remark *mark, struct arena *arena)
{
    char letters[8];
    size_t at = sizeof(letters);
    struct buf buf;
    str text = {0};

    for (int c = mark->column; c >= 0; c = c / 26 - 1) {
        letters[--at] = (char)('A' + c % 26);
    }
    buf_init(&buf, arena, 64);
    buf_put(&buf, (str){letters + at, sizeof(letters) - at});
    buf_int(&buf, mark->row);
    MUST(buf_done(&buf, &text));
    return text;
}

static struct out severity_out(enum severity severity, enum lang lang)
{
    switch (severity) {
    case SEVERITY_ERROR:
        return out_toned(out_named(STR("error"), msg_text(lang, MSG_COLLECT_ERROR)), TONE_WARN);
    case SEVERITY_WARNING:
        return out_named(STR("warning"), msg_text(lang, MSG_COLLECT_WARNING));
    case SEVERITY_NOTE:
        return out_toned(out_named(STR("skipped"), msg_text(lang, MSG_COLLECT_PASSED_OVER)),
                         TONE_MUTED);
    }
    NEVER("a mark of no kind");
}

enum rc ledger_marks_table(const struct ledger *ledger, const struct table_sink *sink)
{
    enum lang lang = ledger->cx->lang;
    struct arena *arena = ledger->cx->arena;
    const struct table table = {
        .name = STR("marks"),
        .title = msg_text(lang, MSG_COLLECT_MARKS_TITLE),
        .columns = columns_in(lang, MARK_COLUMNS, COUNT_OF(MARK_COLUMNS), arena),
        .column_count = COUNT_OF(MARK_COLUMNS),
    };

    TRY(sink->begin(sink->self, &table));
    for (int i = 0; i < ledger->mark_count; i++) {
        const struct remark *mark = &ledger->marks[i];
        const struct out cells[] = {
            severity_out(mark->severity, lang),
            out_text(mark->sheet_name),
            out_text(place_text(mark, arena)),
            out_text(mark->cell),
            out_text(mark->says),
        };
        TRY(sink->row(sink->self, cells));
    }
    return sink->end(sink->self);
}
