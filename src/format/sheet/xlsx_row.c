/* Rows on their way to the reader: places checked, values made into what a person sees. */
#include "base/num.h"
#include "format/sheet/xlsx_in.h"

enum { ROW_MAX = 1048576, COLUMN_MAX = 16384, PLACE_TEXT_MAX = 16, LETTERS = 26 };

bool cell_type_of(str name, enum cell_type *out)
{
    static const struct {
        str name;
        enum cell_type type;
    } TYPES[] = {
        {STR_INIT("s"), TYPE_SHARED}, {STR_INIT("n"), TYPE_NUMBER},
        {STR_INIT("str"), TYPE_TEXT}, {STR_INIT("inlineStr"), TYPE_TEXT},
        {STR_INIT("b"), TYPE_BOOL},   {STR_INIT("e"), TYPE_ERROR},
        {STR_INIT("d"), TYPE_DATE},
    };

    for (size_t i = 0; i < COUNT_OF(TYPES); i++) {
        if (str_equal(name, TYPES[i].name)) {
            *out = TYPES[i].type;
            return true;
        }
    }
    return false;
}

bool cell_place_of(str name, int *out_column, int64_t *out_row)
{
    size_t place = 0;
    int column = 0;
    int64_t row = 0;

    for (; place < name.len && name.at[place] >= 'A' && name.at[place] <= 'Z'; place++) {
        column = column * LETTERS + (name.at[place] - 'A' + 1);
        if (column > COLUMN_MAX) {
            return false;
        }
    }
    size_t digits = place;
    for (; place < name.len && name.at[place] >= '0' && name.at[place] <= '9'; place++) {
        row = row * 10 + (name.at[place] - '0');
        if (row > ROW_MAX) {
            return false;
        }
    }
    if (digits == 0 || place != name.len || row == 0) {
        return false;
    }
    *out_column = column - 1;
    *out_row = row;
    return true;
}

/* "B12", for messages. */
static str place_text(char text[static PLACE_TEXT_MAX], int column, int64_t row)
{
    char digits[NUM_TEXT_MAX];
    str number = num_print(digits, row, 0);
    char letters[4];
    int count = 0;
    size_t len = 0;

    for (int rest = column + 1; rest > 0 && count < 4; rest = (rest - 1) / LETTERS) {
        letters[count++] = (char)('A' + (rest - 1) % LETTERS);
    }
    while (count > 0) {
        text[len++] = letters[--count];
    }
    for (size_t i = 0; i < number.len && len < PLACE_TEXT_MAX; i++) {
        text[len++] = number.at[i];
    }
    return (str){text, len};
}

enum rc rows_broken_cell(const struct rows *rows, int column)
{
    char text[PLACE_TEXT_MAX];

    return err_set(rows->book->package->err, RC_INVALID, MSG_SHEET_CELL_BROKEN,
                   arg_text(rows->sheet->name), arg_text(place_text(text, column, rows->row)));
}

enum rc rows_begin_row(struct rows *rows, int64_t row)
{
    int64_t next = row == 0 ? rows->row + 1 : row;

    if (next <= rows->row || next > ROW_MAX) {
        return err_set(rows->book->package->err, RC_INVALID, MSG_SHEET_ROW_ORDER,
                       arg_text(rows->sheet->name), arg_count(next));
    }
    rows->row = next;
    rows->column = -1;
    rows->count = 0;
    rows->is_over = next > rows->book->package->limits->row_max;
    return RC_OK;
}

static enum rc too_long(const struct rows *rows, int column)
{
    char text[PLACE_TEXT_MAX];

    return err_set(rows->book->package->err, RC_LIMIT, MSG_SHEET_CELL_TOO_LONG,
                   arg_text(rows->sheet->name), arg_text(place_text(text, column, rows->row)),
                   arg_count(rows->book->package->limits->cell_max));
}

enum rc rows_long_cell(const struct rows *rows)
{
    return too_long(rows, rows->column + 1);
}

/* A cell that holds something must be within the limits. */
static enum rc check_limits(const struct rows *rows, int column, str value)
{
    const struct package *package = rows->book->package;
    const struct sheet_limits *limits = package->limits;

    if (rows->is_over) {
        return err_set(package->err, RC_LIMIT, MSG_SHEET_TOO_MANY_ROWS, arg_text(rows->sheet->name),
                       arg_count(limits->row_max));
    }
    if (column >= limits->column_max) {
        return err_set(package->err, RC_LIMIT, MSG_SHEET_TOO_MANY_COLUMNS,
                       arg_text(rows->sheet->name), arg_count(limits->column_max));
    }
    if (value.len > (size_t)limits->cell_max && utf16_count(value) > (size_t)limits->cell_max) {
        return too_long(rows, column);
    }
    return RC_OK;
}

/* Text that is not what its type says stays text: the reader sees what the file holds. */
static struct cell text_cell(str text)
{
    return (struct cell){.kind = text.len == 0 ? CELL_EMPTY : CELL_TEXT, .text = text};
}

static struct cell number_cell(const struct rows *rows, const struct raw_cell *raw)
{
    enum number_look look = book_look(rows->book, raw->style);
    str number = number_text(raw->value, rows->scratch);

    if (number.at == NULL) {
        return text_cell(raw->value);
    }
    if (look == LOOK_DATE) {
        str moment = serial_text(number, rows->book->is_1904, rows->scratch);
        if (moment.at != NULL) {
            return (struct cell){.kind = CELL_DATE, .text = moment};
        }
    }
    return (struct cell){.kind = CELL_NUMBER, .is_percent = look == LOOK_PERCENT, .text = number};
}

static struct cell date_cell(const struct rows *rows, const struct raw_cell *raw)
{
    str moment = moment_text(raw->value, rows->scratch);

    return moment.at == NULL ? text_cell(raw->value)
                             : (struct cell){.kind = CELL_DATE, .text = moment};
}

static struct cell bool_cell(const struct raw_cell *raw)
{
    bool is_known = str_equal(raw->value, STR("0")) || str_equal(raw->value, STR("1"));

    return is_known ? (struct cell){.kind = CELL_BOOL, .text = raw->value} : text_cell(raw->value);
}

/* The cell of a value that is there. False for a shared string that is not. */
static bool make_cell(const struct rows *rows, const struct raw_cell *raw, struct cell *out)
{
    int64_t index = 0;
    str shared = {0};

    switch (raw->type) {
    case TYPE_NUMBER:
        *out = number_cell(rows, raw);
        return true;
    case TYPE_SHARED:
        if (!num_parse_int(raw->value, 0, INT32_MAX, &index) ||
            !strings_get(&rows->book->strings, (uint64_t)index, &shared)) {
            return false;
        }
        *out = text_cell(shared);
        return true;
    case TYPE_TEXT:
        *out = text_cell(unescaped_text(raw->value, rows->scratch));
        if (raw->has_formula) {
            out->kind = CELL_TEXT; /* calculated, and empty */
        }
        return true;
    case TYPE_BOOL:
        *out = bool_cell(raw);
        return true;
    case TYPE_ERROR:
        *out = (struct cell){.kind = CELL_ERROR, .text = raw->value};
        return true;
    case TYPE_DATE:
        *out = date_cell(rows, raw);
        return true;
    }
    NEVER("cell type");
}

static enum rc check_place(struct rows *rows, const struct raw_cell *raw)
{
    int column = raw->column < 0 ? rows->column + 1 : raw->column;

    if (column <= rows->column || column >= COLUMN_MAX ||
        (raw->row != 0 && raw->row != rows->row)) {
        return rows_broken_cell(rows, column);
    }
    rows->column = column;
    return RC_OK;
}

enum rc rows_cell(struct rows *rows, const struct raw_cell *raw)
{
    struct cell cell = {0};
    bool has_value = raw->has_value && (raw->value.len > 0 || raw->type == TYPE_TEXT);

    enum rc rc = check_place(rows, raw);
    if (rc != RC_OK || (!has_value && !raw->has_formula)) {
        return rc;
    }
    rc = check_limits(rows, rows->column, raw->value);
    if (rc != RC_OK || (rows->reader == NULL && raw->type != TYPE_SHARED)) {
        return rc;
    }
    if (has_value && !make_cell(rows, raw, &cell)) {
        return rows_broken_cell(rows, rows->column);
    }
    cell.column = rows->column;
    cell.is_formula = raw->has_formula;
    if (cell.kind != CELL_EMPTY || cell.is_formula) {
        rows->cells[rows->count++] = cell;
    }
    return RC_OK;
}

enum rc rows_end_row(struct rows *rows)
{
    struct sheet_row row = {.row = rows->row, .cells = rows->cells, .count = rows->count};
    enum rc rc = RC_OK;

    if (rows->reader != NULL && rows->count > 0) {
        rc = rows->reader->row(rows->reader->self, &row);
    }
    arena_rewind(rows->scratch, rows->mark);
    return rc;
}
