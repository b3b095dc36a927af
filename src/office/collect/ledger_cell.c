/* One cell as a value of its column's indicator. */
#include "base/num.h"
#include "office/collect/ledger_in.h"

enum { EXTRA_DECIMALS = 6, LIST_BYTES_MAX = 400, WATCH_LEAST = 5 };

struct cell_job {
    struct ledger *ledger;
    const struct grid_row *row;
    int column;
    const struct indicator *indicator;
    const struct ledger_column *heading;
    const struct cell *cell;
};

static bool refuse(const struct cell_job *job, enum msg_id says)
{
    LEDGER_MARK(job->ledger, SEVERITY_ERROR, job->row->row, job->column, job->cell->text, says,
                arg_text(job->cell->text),
                arg_text(text_in(job->indicator->name, job->ledger->cx->lang)));
    return false;
}

static bool is_word(struct ledger *ledger, str folded, enum word word)
{
    int64_t found = 0;

    return map_get(&ledger->state->words, folded, &found) && found == (int64_t)word;
}

/* Words for nothing: those of the programme; numbers know the common ones by themselves. */
static bool says_nothing(const struct cell_job *job, str folded, struct value *out)
{
    bool is_not_applicable = is_word(job->ledger, folded, WORD_NOT_APPLICABLE);
    bool is_nothing = is_not_applicable || is_word(job->ledger, folded, WORD_NOT_REPORTED);

    if (job->cell->kind != CELL_TEXT || !is_nothing) {
        return false;
    }
    out->state = is_not_applicable ? NOT_APPLICABLE : NOT_REPORTED;
    return true;
}

static bool check_range(const struct cell_job *job, struct value *out)
{
    const struct indicator *indicator = job->indicator;
    bool is_inside = out->num >= indicator->min && out->num <= indicator->max;

    if (!is_inside) {
        LEDGER_MARK(job->ledger, SEVERITY_ERROR, job->row->row, job->column, job->cell->text,
                    MSG_COLLECT_RANGE, arg_text(job->cell->text),
                    arg_text(text_in(indicator->name, job->ledger->cx->lang)),
                    arg_fixed(indicator->min, indicator->decimals),
                    arg_fixed(indicator->max, indicator->decimals));
    }
    return is_inside;
}

/* From what the heading counts in to what the indicator is declared in, rounded at the end. */
static bool convert(const struct cell_job *job, int64_t scaled, int decimals, struct value *out)
{
    const struct indicator *indicator = job->indicator;
    int64_t kept = 0;
    int64_t back = 0;

    if (job->heading->gauge != NONE &&
        !programme_convert(job->ledger->job.programme, job->heading->gauge, indicator->gauge,
                           &scaled)) {
        return refuse(job, MSG_COLLECT_NOT_EXACT);
    }
    if (!num_rescale(scaled, decimals, indicator->decimals, &kept)) {
        return refuse(job, MSG_COLLECT_TOO_LARGE);
    }
    bool is_exact = num_rescale(kept, indicator->decimals, decimals, &back) && back == scaled;
    if (!is_exact && indicator->type == VALUE_INTEGER) {
        return refuse(job, MSG_COLLECT_NOT_WHOLE);
    }
    job->ledger->rounded_count += is_exact ? 0 : 1;
    out->num = kept;
    return check_range(job, out);
}

static struct quantity read_quantity(const struct cell_job *job, enum quantity_want want,
                                     int decimals)
{
    const struct programme *programme = job->ledger->job.programme;
    int gauge = job->heading->gauge == NONE ? job->indicator->gauge : job->heading->gauge;
    struct quantity_ask ask = {
        .want = want,
        .decimals = decimals,
        .is_percent_cell = job->cell->is_percent,
    };

    if (gauge != NONE) {
        ask.units = programme->gauges[gauge].spellings.at;
        ask.unit_count = programme->gauges[gauge].spellings.count;
    }
    return quantity_read(job->cell->text, &ask);
}

/* What every kind of cell may answer beside a value. True when `out` is settled. */
static bool settle(const struct cell_job *job, const struct quantity *read, struct value *out,
                   bool *out_keep)
{
    *out_keep = true;
    if (read->kind == QUANTITY_NOT_REPORTED) {
        out->state = NOT_REPORTED;
        return true;
    }
    if (read->kind == QUANTITY_NOT_APPLICABLE) {
        out->state = NOT_APPLICABLE;
        return true;
    }
    if (read->kind == QUANTITY_UNREADABLE) {
        *out_keep = refuse(job, read->why);
        return true;
    }
    return false;
}

static bool read_number(const struct cell_job *job, struct value *out)
{
    int decimals = job->indicator->decimals + EXTRA_DECIMALS;
    struct quantity read = read_quantity(job, WANT_NUMBER, decimals);
    bool keep = false;

    if (settle(job, &read, out, &keep)) {
        return keep;
    }
    return convert(job, read.scaled, read.decimals, out);
}

static void watch(const struct cell_job *job, const struct quantity *read)
{
    struct column_watch *watch = &job->ledger->state->watch[job->column];
    int64_t one = num_pow10(read->decimals);

    if (read->has_sign_of_percent || job->cell->is_percent) {
        return;
    }
    watch->known++;
    watch->up_to_one += read->scaled <= one ? 1 : 0;
    watch->fractions += read->scaled > 0 && read->scaled < one ? 1 : 0;
}

/* "235/280": both sides of a share, when both are known. */
static bool read_share(const struct cell_job *job, size_t slash, struct value *out)
{
    str text = str_trim(job->cell->text);
    int64_t num = 0;
    int64_t den = 0;

    if (!num_parse_int(str_trim(str_part(text, 0, slash)), 0, INT32_MAX, &num) ||
        !num_parse_int(str_trim(str_part(text, slash + 1, text.len)), 1, INT32_MAX, &den)) {
        return refuse(job, MSG_COLLECT_SHARE);
    }
    int64_t scale = 100 * num_pow10(job->indicator->decimals);
    struct value percent = {.num = num * scale / den};
    out->num = num;
    out->den = den;
    return check_range(job, &percent);
}

static bool read_percent(const struct cell_job *job, struct value *out)
{
    size_t slash = str_find(str_trim(job->cell->text), STR("/"));
    bool is_share = slash != STR_NONE && str_trim(job->cell->text).len > 1;
    bool keep = false;

    if (is_share && job->cell->kind == CELL_TEXT) {
        return read_share(job, slash, out);
    }
    struct quantity read = read_quantity(job, WANT_PERCENT, job->indicator->decimals + 2);
    if (settle(job, &read, out, &keep)) {
        return keep;
    }
    watch(job, &read);
    if (!num_rescale(read.scaled, read.decimals, job->indicator->decimals, &out->num)) {
        return refuse(job, MSG_COLLECT_TOO_LARGE);
    }
    out->den = 100 * num_pow10(job->indicator->decimals);
    return check_range(job, out);
}

static bool read_bool(const struct cell_job *job, str folded, struct value *out)
{
    bool keep = false;

    if (is_word(job->ledger, folded, WORD_YES) || is_word(job->ledger, folded, WORD_NO)) {
        out->num = is_word(job->ledger, folded, WORD_YES) ? 1 : 0;
        return true;
    }
    struct quantity read = read_quantity(job, WANT_BOOL, 0);
    if (settle(job, &read, out, &keep)) {
        return keep;
    }
    out->num = read.scaled;
    return true;
}

static str list_choices(const struct cell_job *job)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, job->ledger->cx->arena, LIST_BYTES_MAX);
    for (int i = 0; i < job->indicator->choice_count; i++) {
        buf_put(&buf, i == 0 ? STR("") : STR(" / "));
        buf_put(&buf, text_in(job->indicator->choices[i].name, job->ledger->cx->lang));
    }
    return buf_done(&buf, &text) ? text : str_part(text, 0, 0);
}

/* A choice is known by its words; the words for nothing come after them ("无" may be a choice). */
static bool read_choice(const struct cell_job *job, str folded, struct value *out)
{
    int64_t number = 0;
    bool keep = false;

    if (map_get(&job->ledger->state->choices[job->heading->indicator], folded, &number)) {
        out->num = number;
        return true;
    }
    if (says_nothing(job, folded, out)) {
        return true;
    }
    struct quantity read = read_quantity(job, WANT_NUMBER, 0);
    bool is_nothing = read.kind == QUANTITY_NOT_REPORTED || read.kind == QUANTITY_NOT_APPLICABLE;
    if (is_nothing && settle(job, &read, out, &keep)) {
        return keep;
    }
    LEDGER_MARK(job->ledger, SEVERITY_ERROR, job->row->row, job->column, job->cell->text,
                MSG_COLLECT_CHOICE, arg_text(job->cell->text),
                arg_text(text_in(job->indicator->name, job->ledger->cx->lang)),
                arg_text(list_choices(job)));
    return false;
}

static bool read_kind(const struct cell_job *job, struct value *out)
{
    str folded = ledger_fold(job->ledger, job->cell->text);
    bool is_choice = job->indicator->type == VALUE_ENUM;

    out->state = REPORTED;
    if (!is_choice && says_nothing(job, folded, out)) {
        return true;
    }
    switch (job->indicator->type) {
    case VALUE_INTEGER:
    case VALUE_DECIMAL:
        return read_number(job, out);
    case VALUE_PERCENT:
        return read_percent(job, out);
    case VALUE_BOOLEAN:
        return read_bool(job, folded, out);
    case VALUE_ENUM:
        return read_choice(job, folded, out);
    }
    NEVER("an indicator of no type");
}

bool ledger_read_cell(struct ledger *ledger, const struct grid_row *row, int column,
                      struct value *out)
{
    const struct ledger_column *heading = &ledger->state->columns[column];
    const struct cell_job job = {
        .ledger = ledger,
        .row = row,
        .column = column,
        .indicator = &ledger->job.programme->indicators[heading->indicator],
        .heading = heading,
        .cell = &row->cells[column],
    };
    int source = ledger->job.source == NONE ? job.indicator->source : ledger->job.source;

    *out = (struct value){
        .indicator = ledger->job.numbers->of_indicator[heading->indicator],
        .source = source == NONE ? 0 : ledger->job.numbers->of_source[source],
        .sheet = ledger->state->sheet.index,
        .row = (int)row->row,
        .column = column,
    };
    if (job.cell->kind == CELL_EMPTY) {
        return job.cell->is_formula && refuse(&job, MSG_COLLECT_FORMULA_EMPTY);
    }
    if (job.cell->kind == CELL_ERROR) {
        return refuse(&job, MSG_COLLECT_FORMULA_ERROR);
    }
    struct arena_mark mark = arena_mark(ledger->cx->arena);
    int marks = ledger->mark_count;
    bool keep = read_kind(&job, out);
    if (ledger->mark_count == marks) {
        arena_rewind(ledger->cx->arena, mark);
    }
    return keep;
}

void ledger_end_columns(struct ledger *ledger)
{
    struct ledger_state *state = ledger->state;

    for (int c = 0; c < state->column_count; c++) {
        const struct column_watch *watch = &state->watch[c];
        bool is_share = watch->known >= WATCH_LEAST && watch->up_to_one == watch->known &&
                        2 * watch->fractions >= watch->known;
        if (is_share) {
            LEDGER_MARK(ledger, SEVERITY_ERROR, state->head_row, c, state->columns[c].title,
                        MSG_COLLECT_SHARES_OF_ONE, arg_text(state->columns[c].title));
        }
        state->watch[c] = (struct column_watch){0};
    }
}
