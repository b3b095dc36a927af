/* Reading decided lists, and showing what is wrong with them. */
#include "base/num.h"
#include "base/place.h"
#include "office/lineage/decide_in.h"

enum { FAULT_BYTES_MAX = 4096 };

static const enum msg_id SPELLINGS[DECISION_COLUMNS] = {
    [COLUMN_ID] = MSG_UNIT_COLUMN_ID,
    [COLUMN_DECISION] = MSG_UNIT_COLUMN_DECISION,
    [COLUMN_SUCCESSOR] = MSG_UNIT_COLUMN_SUCCESSOR,
    [COLUMN_BASIS] = MSG_UNIT_COLUMN_BASIS,
};

static const enum msg_id WORDS[DECISION_WORDS] = {
    [DECISION_CONFIRM] = MSG_UNIT_WORD_CONFIRM,
    [DECISION_REJECT] = MSG_UNIT_WORD_REJECT,
    [DECISION_OTHER] = MSG_UNIT_WORD_OTHER,
};

str decision_word_text(const struct cx *cx, enum decision_word word)
{
    str rest = msg_text(cx->lang, WORDS[word]);
    str first = {0};

    (void)str_cut(&rest, '|', &first);
    return first;
}

/* Is `word` one of the spellings, parted by "|", in either language? */
static bool is_spelt(enum msg_id spellings, str word)
{
    for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
        str rest = msg_text((enum lang)lang, spellings);
        str one = {0};
        while (str_cut(&rest, '|', &one)) {
            if (str_equal(one, word)) {
                return true;
            }
        }
    }
    return false;
}

static void try_heading(struct decision_reader *reader, const struct sheet_row *row)
{
    for (int c = 0; c < DECISION_COLUMNS; c++) {
        reader->columns[c] = NONE;
        for (int i = 0; i < row->count && reader->columns[c] == NONE; i++) {
            if (is_spelt(SPELLINGS[c], str_trim(row->cells[i].text))) {
                reader->columns[c] = row->cells[i].column;
            }
        }
    }
    reader->is_reading =
        reader->columns[COLUMN_ID] != NONE && reader->columns[COLUMN_DECISION] != NONE;
    reader->has_heading = reader->has_heading || reader->is_reading;
}

static str cell_text(const struct decision_reader *reader, const struct sheet_row *row, int column)
{
    for (int i = 0; i < row->count; i++) {
        if (row->cells[i].column == reader->columns[column]) {
            return arena_str(reader->cx->arena, str_trim(row->cells[i].text));
        }
    }
    return STR("");
}

void decision_fault_add(struct decision_reader *reader, const struct decision *decision, int column,
                        str cell)
{
    const struct cx *cx = reader->cx;
    struct buf text;
    str says = {0};

    if (reader->faults == NULL) {
        reader->faults = ARENA_NEW(cx->arena, struct decision_fault, DECISION_FAULTS_MAX);
    }
    reader->faults_found++;
    if (reader->fault_count < DECISION_FAULTS_MAX) {
        buf_init(&text, cx->arena, FAULT_BYTES_MAX);
        err_put(&text, cx->lang, cx->err);
        MUST(buf_done(&text, &says));
        reader->faults[reader->fault_count++] = (struct decision_fault){
            .sheet = decision->sheet,
            .row = decision->row,
            .column = reader->columns[column] == NONE ? 0 : reader->columns[column],
            .cell = cell,
            .msg = cx->err->msg,
            .says = says,
        };
    }
    err_clear(cx->err);
}

static struct decision *new_row(struct decision_reader *reader)
{
    if (reader->count == reader->room) {
        int room = reader->room == 0 ? 256 : reader->room * 2;
        struct decision *rows = ARENA_NEW(reader->cx->arena, struct decision, (size_t)room);
        for (int i = 0; i < reader->count; i++) {
            rows[i] = reader->rows[i];
        }
        reader->rows = rows;
        reader->room = room;
    }
    return &reader->rows[reader->count++];
}

static enum rc read_word(struct err *err, str text, enum decision_word *out)
{
    for (int i = 0; i < DECISION_WORDS; i++) {
        if (is_spelt(WORDS[i], text)) {
            *out = (enum decision_word)i;
            return RC_OK;
        }
    }
    return err_set(err, RC_INVALID, MSG_UNIT_DECISION_WORD, arg_text(text));
}

/* Another successor is named exactly where the decision says so. */
static enum rc check_successor(struct err *err, const struct decision *decision)
{
    if (decision->word == DECISION_OTHER && decision->successor.len == 0) {
        return err_set(err, RC_INVALID, MSG_UNIT_DECISION_NO_CODE);
    }
    if (decision->word != DECISION_OTHER && decision->successor.len > 0) {
        return err_set(err, RC_INVALID, MSG_UNIT_DECISION_CODE);
    }
    return RC_OK;
}

/* The first thing that is wrong with a row, at its cell. */
static void take_decision(struct decision_reader *reader, const struct sheet_row *row)
{
    struct err *err = reader->cx->err;
    str word = cell_text(reader, row, COLUMN_DECISION);
    str id = cell_text(reader, row, COLUMN_ID);
    struct decision decision = {
        .sheet = reader->sheet,
        .row = row->row,
        .successor = cell_text(reader, row, COLUMN_SUCCESSOR),
        .basis = cell_text(reader, row, COLUMN_BASIS),
    };

    if (word.len == 0) {
        return;
    }
    if (read_word(err, word, &decision.word) != RC_OK) {
        decision_fault_add(reader, &decision, COLUMN_DECISION, word);
    } else if (!num_parse_int(id, 1, INT64_MAX, &decision.id)) {
        (void)err_set(err, RC_INVALID, MSG_UNIT_DECISION_ID);
        decision_fault_add(reader, &decision, COLUMN_ID, id);
    } else if (check_successor(err, &decision) != RC_OK) {
        decision_fault_add(reader, &decision, COLUMN_SUCCESSOR, decision.successor);
    } else if (decision.basis.len > DECISION_BASIS_BYTES_MAX) {
        (void)err_set(err, RC_LIMIT, MSG_UNIT_DECISION_BASIS);
        decision_fault_add(reader, &decision, COLUMN_BASIS, decision.basis);
    } else {
        *new_row(reader) = decision;
    }
}

static enum rc on_sheet(void *self, const struct sheet_info *info)
{
    struct decision_reader *reader = self;

    reader->is_reading = false;
    reader->sheet = arena_str(reader->cx->arena, info->name);
    return RC_OK;
}

static enum rc on_row(void *self, const struct sheet_row *row)
{
    struct decision_reader *reader = self;

    if (reader->is_reading) {
        take_decision(reader, row);
    } else if (row->row <= DECISION_HEADER_ROWS_MAX) {
        try_heading(reader, row);
    }
    return RC_OK;
}

static enum rc on_end(void *self)
{
    (void)self;
    return RC_OK;
}

void decision_reader_init(struct decision_reader *reader, const struct cx *cx)
{
    *reader = (struct decision_reader){.cx = cx};
}

struct sheet_reader decision_reader_sheet(struct decision_reader *reader)
{
    return (struct sheet_reader){.self = reader, .sheet = on_sheet, .row = on_row, .end = on_end};
}

static const struct column_row FAULTS[] = {
    {STR_INIT("sheet"), MSG_UNIT_FAULT_SHEET, 16, false},
    {STR_INIT("row"), MSG_UNIT_FAULT_ROW, 6, true},
    {STR_INIT("column"), MSG_UNIT_FAULT_COLUMN, 6, true},
    {STR_INIT("cell"), MSG_UNIT_FAULT_CELL, 18, false},
    {STR_INIT("says"), MSG_UNIT_FAULT_SAYS, 60, false},
};

enum rc decision_faults_table(const struct decision_reader *decisions,
                              const struct table_sink *sink)
{
    const struct cx *cx = decisions->cx;
    const struct table table = {
        .name = STR("lineage_faults"),
        .title = msg_text(cx->lang, MSG_UNIT_FAULT_TITLE),
        .columns = columns_in(cx->lang, FAULTS, COUNT_OF(FAULTS), cx->arena),
        .column_count = COUNT_OF(FAULTS),
    };

    TRY(sink->begin(sink->self, &table));
    for (int i = 0; i < decisions->fault_count; i++) {
        const struct decision_fault *fault = &decisions->faults[i];
        char letters[PLACE_MAX];
        const struct out cells[] = {
            out_text(fault->sheet),
            out_int(fault->row),
            out_text(place_column(letters, fault->column)),
            out_text(fault->cell),
            out_text(fault->says),
        };
        TRY(sink->row(sink->self, cells));
    }
    return sink->end(sink->self);
}
