/* Villages' wishes. */
#include "office/collect/wishes.h"

#include "base/heading.h"
#include "base/quantity.h"
#include "office/audit/audit.h"
#include "office/collect/wishes_sql.h"

enum { COLUMN_CODE, COLUMN_MEASURE, COLUMN_SUPPORT, COLUMN_VETO, COLUMN_NOTE };

static const enum msg_id HEADS[WISH_COLUMNS] = {
    MSG_WISHES_COLUMN_CODE, MSG_WISHES_COLUMN_MEASURE, MSG_WISHES_COLUMN_SUPPORT,
    MSG_WISHES_COLUMN_VETO, MSG_WISHES_COLUMN_NOTE,
};

void wish_reader_init(struct wish_reader *reader, const struct cx *cx, const struct unit_tree *tree)
{
    *reader = (struct wish_reader){
        .cx = cx,
        .tree = tree,
        .programme = tree->programme,
        .wishes = ARENA_NEW(cx->arena, struct wish, WISHES_MAX),
    };
}

static enum rc take_sheet(void *self, const struct sheet_info *info)
{
    struct wish_reader *reader = self;

    (void)info;
    reader->is_open = false;
    return RC_OK;
}

/* Is it the heading of a column, in either language? */
static bool is_head(const struct wish_reader *reader, str text, enum msg_id head)
{
    struct arena *arena = reader->cx->arena;
    str name = heading_of(text, arena).whole;

    return str_equal(name, heading_of(msg_text(LANG_ZH, head), arena).whole) ||
           str_equal(name, heading_of(msg_text(LANG_EN, head), arena).whole);
}

static void try_heading(struct wish_reader *reader, const struct sheet_row *row)
{
    for (int k = 0; k < WISH_COLUMNS; k++) {
        reader->columns[k] = NONE;
        for (int i = 0; i < row->count; i++) {
            if (is_head(reader, row->cells[i].text, HEADS[k])) {
                reader->columns[k] = row->cells[i].column;
            }
        }
    }
    reader->is_open =
        reader->columns[COLUMN_CODE] != NONE && reader->columns[COLUMN_MEASURE] != NONE;
}

static str cell_of(const struct wish_reader *reader, const struct sheet_row *row, int what)
{
    for (int i = 0; i < row->count; i++) {
        if (row->cells[i].column == reader->columns[what]) {
            return str_trim(row->cells[i].text);
        }
    }
    return STR("");
}

static enum rc wrong(const struct wish_reader *reader, const struct sheet_row *row, enum msg_id msg,
                     str what)
{
    return err_set(reader->cx->err, RC_INVALID, msg, arg_number(row->row), arg_text(what));
}

static int find_measure(const struct programme *programme, str text)
{
    for (int m = 0; m < programme->measure_count; m++) {
        const struct measure *measure = &programme->measures[m];
        if (str_equal(text, measure->id) || str_equal(text, measure->name.zh) ||
            str_equal(text, measure->name.en)) {
            return m;
        }
    }
    return NONE;
}

static enum rc read_support(const struct wish_reader *reader, const struct sheet_row *row,
                            struct wish *out)
{
    const struct quantity_ask share = {.want = WANT_PERCENT, .decimals = 2};
    const struct quantity_ask veto = {.want = WANT_BOOL};
    str text = cell_of(reader, row, COLUMN_SUPPORT);
    struct quantity read = quantity_read(text, &share);
    struct quantity no = quantity_read(cell_of(reader, row, COLUMN_VETO), &veto);

    bool is_share = read.kind == QUANTITY_PERCENT && read.scaled >= 0 && read.scaled <= 10000;
    if (!is_share && read.kind != QUANTITY_NOT_REPORTED) {
        return wrong(reader, row, MSG_WISHES_SUPPORT, text);
    }
    if (no.kind != QUANTITY_BOOL && no.kind != QUANTITY_NOT_REPORTED) {
        return wrong(reader, row, MSG_WISHES_VETO, cell_of(reader, row, COLUMN_VETO));
    }
    out->support = is_share ? (int)read.scaled : 0;
    out->is_veto = no.kind == QUANTITY_BOOL && no.scaled != 0;
    return RC_OK;
}

static enum rc take_row(void *self, const struct sheet_row *row)
{
    struct wish_reader *reader = self;
    struct wish wish = {0};

    if (!reader->is_open) {
        try_heading(reader, row);
        return RC_OK;
    }
    str code = cell_of(reader, row, COLUMN_CODE);
    str measure = cell_of(reader, row, COLUMN_MEASURE);
    if (code.len == 0 && measure.len == 0) {
        return RC_OK;
    }
    bool is_seen = false;
    wish.place = unit_tree_find_code(reader->tree, code);
    if (wish.place != NONE) {
        TRY(cx_sees(reader->cx, reader->tree->units[wish.place].id, &is_seen));
    }
    if (!is_seen) {
        return wrong(reader, row, MSG_WISHES_CODE, code);
    }
    wish.measure = find_measure(reader->programme, measure);
    if (wish.measure == NONE) {
        return wrong(reader, row, MSG_WISHES_MEASURE, measure);
    }
    TRY(read_support(reader, row, &wish));
    if (reader->count == WISHES_MAX) {
        return wrong(reader, row, MSG_WISHES_MANY, STR(""));
    }
    wish.note = arena_str(reader->cx->arena, cell_of(reader, row, COLUMN_NOTE));
    reader->wishes[reader->count++] = wish;
    return RC_OK;
}

static enum rc end_sheet(void *self)
{
    (void)self;
    return RC_OK;
}

struct sheet_reader wish_reader_sheet(struct wish_reader *reader)
{
    return (struct sheet_reader){reader, take_sheet, take_row, end_sheet};
}

static enum rc write_wish(const struct wish_reader *reader, const struct wish *wish, int64_t batch)
{
    const struct unit_tree *tree = reader->tree;
    const struct unit *unit = &tree->units[wish->place];
    struct unit_id home = tree->units[unit->home].id;
    struct event_body body;
    const struct val in[] = {
        v_int(home.v),
        v_int(unit->id.v),
        v_text(reader->programme->measures[wish->measure].id),
        v_int(batch),
        v_int(wish->is_veto ? 1 : 0),
        v_int(wish->support),
        v_text(wish->note),
    };
    /* Answered at once, so that the row that stands twice is the one that is named. */
    enum rc rc = db_change_one(reader->cx->db, &WISH_PUT, in, reader->cx->err);

    if (rc == RC_CONFLICT) {
        err_clear(reader->cx->err);
        return err_set(reader->cx->err, RC_INVALID, MSG_WISHES_TWICE, arg_text(unit->name),
                       arg_text(reader->programme->measures[wish->measure].id));
    }
    TRY(rc);
    event_body_init(&body, reader->cx->arena);
    event_body_int(&body, batch);
    event_body_int(&body, unit->id.v);
    event_body_text(&body, reader->programme->measures[wish->measure].id);
    event_body_int(&body, wish->is_veto ? 1 : 0);
    event_body_int(&body, wish->support);
    event_body_text(&body, wish->note);
    return event_add(reader->cx, home, EVENT_WISH, &body, NULL, NULL);
}

enum rc wishes_import(const struct wish_reader *reader, struct batch *batch)
{
    if (reader->count == 0) {
        return err_set(reader->cx->err, RC_INVALID, MSG_WISHES_NONE);
    }
    batch->kind = STR("wishes");
    TRY(batch_add(reader->cx, batch));
    for (int i = 0; i < reader->count; i++) {
        struct arena_mark mark = arena_mark(reader->cx->arena);
        TRY(write_wish(reader, &reader->wishes[i], batch->id));
        arena_rewind(reader->cx->arena, mark);
    }
    batch->value_count = reader->count;
    batch->changed_count = reader->count;
    return batch_count(reader->cx, batch);
}
