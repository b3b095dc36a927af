/* A register on its way in: find the heading, check each row by itself. */
#include "office/register/register.h"

enum { COLUMN_CODE, COLUMN_LEVEL, COLUMN_NAME, COLUMN_PARENT, COLUMN_KIND };

/* How headings spell the columns, the spellings parted by "|". */
static const enum msg_id SPELLINGS[REGISTER_COLUMNS] = {
    [COLUMN_CODE] = MSG_UNIT_COLUMN_CODE, [COLUMN_LEVEL] = MSG_UNIT_COLUMN_LEVEL,
    [COLUMN_NAME] = MSG_UNIT_COLUMN_NAME, [COLUMN_PARENT] = MSG_UNIT_COLUMN_PARENT,
    [COLUMN_KIND] = MSG_UNIT_COLUMN_KIND,
};

static bool spells(str spellings, str heading)
{
    str one = {0};

    while (str_cut(&spellings, '|', &one)) {
        if (str_equal(one, heading)) {
            return true;
        }
    }
    return false;
}

static int column_of(str heading)
{
    for (int i = 0; i < REGISTER_COLUMNS; i++) {
        if (spells(msg_text(LANG_ZH, SPELLINGS[i]), heading) ||
            spells(msg_text(LANG_EN, SPELLINGS[i]), heading)) {
            return i;
        }
    }
    return NONE;
}

static void forget_columns(struct register_reader *reader)
{
    for (int i = 0; i < REGISTER_COLUMNS; i++) {
        reader->columns[i] = NONE;
    }
}

static void try_heading(struct register_reader *reader, const struct sheet_row *row)
{
    forget_columns(reader);
    for (int i = 0; i < row->count; i++) {
        int column = column_of(str_trim(row->cells[i].text));
        if (column != NONE && reader->columns[column] == NONE) {
            reader->columns[column] = row->cells[i].column;
        }
    }
    if (reader->columns[COLUMN_CODE] != NONE && reader->columns[COLUMN_LEVEL] != NONE &&
        reader->columns[COLUMN_NAME] != NONE) {
        reader->state = REGISTER_READING;
    }
}

static str cell_text(const struct register_reader *reader, const struct sheet_row *row, int column)
{
    for (int i = 0; i < row->count; i++) {
        if (row->cells[i].column == reader->columns[column] && reader->columns[column] != NONE) {
            return str_trim(row->cells[i].text);
        }
    }
    return STR("");
}

static bool is_code(str code)
{
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        bool fits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                    c == '-' || c == '_' || c == '.';
        if (!fits) {
            return false;
        }
    }
    return code.len > 0 && code.len <= UNIT_CODE_BYTES_MAX;
}

static bool is_word_for(struct text name, str id, str word)
{
    return str_equal(id, word) || str_equal(name.zh, word) || str_equal(name.en, word);
}

static int level_of(const struct programme *programme, str word)
{
    for (int i = 0; i < programme->level_count; i++) {
        if (is_word_for(programme->levels[i].name, programme->levels[i].id, word)) {
            return i;
        }
    }
    return NONE;
}

static int kind_of(const struct programme *programme, int level, str word)
{
    for (int i = 0; i < programme->kind_count; i++) {
        const struct kind *kind = &programme->kinds[i];
        if (kind->level == level && is_word_for(kind->name, kind->id, word)) {
            return i;
        }
    }
    return NONE;
}

static enum rc refuse(const struct register_reader *reader, int64_t row, enum msg_id why, str what)
{
    return err_set(reader->cx->err, RC_INVALID, why, arg_count(row), arg_text(what));
}

static struct register_row *new_row(struct register_reader *reader)
{
    if (reader->count == reader->room) {
        int room = reader->room == 0 ? 1024 : reader->room * 2;
        struct register_row *rows = ARENA_NEW(reader->cx->arena, struct register_row, (size_t)room);
        for (int i = 0; i < reader->count; i++) {
            rows[i] = reader->rows[i];
        }
        reader->rows = rows;
        reader->room = room;
    }
    return &reader->rows[reader->count++];
}

static enum rc take_row(struct register_reader *reader, const struct sheet_row *row)
{
    const struct programme *programme = reader->programme;
    str code = cell_text(reader, row, COLUMN_CODE);
    str level_word = cell_text(reader, row, COLUMN_LEVEL);
    str name = cell_text(reader, row, COLUMN_NAME);
    str kind_word = cell_text(reader, row, COLUMN_KIND);
    int level = level_of(programme, level_word);

    if (code.len == 0 && name.len == 0) {
        return RC_OK;
    }
    if (!is_code(code)) {
        return refuse(reader, row->row, MSG_UNIT_ROW_CODE, code);
    }
    if (name.len == 0 || name.len > UNIT_NAME_BYTES_MAX) {
        return refuse(reader, row->row, MSG_UNIT_ROW_NAME, code);
    }
    if (level == NONE) {
        return refuse(reader, row->row, MSG_UNIT_ROW_LEVEL, level_word);
    }
    int kind = kind_word.len == 0 ? unit_kind_of_code(programme, level, code)
                                  : kind_of(programme, level, kind_word);
    if (kind_word.len > 0 && kind == NONE) {
        return refuse(reader, row->row, MSG_UNIT_ROW_KIND, kind_word);
    }
    if (reader->count == UNIT_UNITS_MAX) {
        return err_set(reader->cx->err, RC_LIMIT, MSG_UNIT_TOO_MANY, arg_count(UNIT_UNITS_MAX));
    }
    struct arena *arena = reader->cx->arena;
    *new_row(reader) = (struct register_row){
        .row = row->row,
        .code = arena_str(arena, code),
        .name = arena_str(arena, name),
        .parent = arena_str(arena, cell_text(reader, row, COLUMN_PARENT)),
        .level = level,
        .kind = kind,
    };
    return RC_OK;
}

static enum rc on_sheet(void *self, const struct sheet_info *info)
{
    (void)self;
    (void)info;
    return RC_OK;
}

static enum rc on_row(void *self, const struct sheet_row *row)
{
    struct register_reader *reader = self;

    if (reader->state == REGISTER_READING) {
        return take_row(reader, row);
    }
    if (reader->state == REGISTER_SEEKING && row->row <= REGISTER_HEADER_ROWS_MAX) {
        try_heading(reader, row);
    }
    return RC_OK;
}

static enum rc on_end(void *self)
{
    struct register_reader *reader = self;

    if (reader->state == REGISTER_READING) {
        reader->state = REGISTER_READ;
    }
    return RC_OK;
}

void register_reader_init(struct register_reader *reader, const struct cx *cx,
                          const struct programme *programme)
{
    *reader = (struct register_reader){.cx = cx, .programme = programme};
    forget_columns(reader);
}

struct sheet_reader register_reader_sheet(struct register_reader *reader)
{
    return (struct sheet_reader){.self = reader, .sheet = on_sheet, .row = on_row, .end = on_end};
}
