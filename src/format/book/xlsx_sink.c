/* Tables as sheets of a workbook. */
#include <math.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"
#include "format/book/book.h"
#include "format/book/cell.h"
#include "format/xlsx/xlsx.h"

enum {
    WIDTH_MIN = 6,
    WIDTH_MAX = 48,       /* longer text wraps */
    WIDTH_MARGIN = 2,     /* beside the text: the filter's button, the frame */
    WIDTH_DEFAULT = 9,    /* of a column nobody set, in characters */
    LEAD_WIDTH_MIN = 100, /* title, facts and notes may run beyond a narrow table */
    LEAD_LINES_FROZEN_MAX = 10,
    CHART_ROWS_MAX = 400, /* more cannot be told apart */
    BESIDE_ROWS_MAX = 40,
    BESIDE_WIDTH_MAX = 90,
    TONES = TONE_TOTAL + 1,
    LINE_TEXT_MAX = 32000,
    ROW_POINTS_MAX = 405, /* Excel's limit is 409 */
};

/* How a cell is written; each has its formats. */
enum look { LOOK_TEXT, LOOK_LONG, LOOK_NONE, LOOK_NUMBER, LOOK_RATIO, LOOKS };

struct book {
    struct xlsx xlsx;
    const struct table *table;
    struct xlsx_sheet sheet;
    int64_t row;       /* the next one, from 0 */
    int64_t head_row;  /* titles of the columns */
    int64_t last_row;  /* last row of data that is no total; before head_row: none */
    int lines;         /* of the row being written, where its text wraps */
    int lead_lines;    /* text lines above the headings */
    const char **axes; /* how a chart's axis writes the numbers of a column; NULL: as they are */
    double *widths;    /* characters */
    lxw_format *cells[LOOKS][NUM_DECIMALS_MAX + 1][TONES];
    lxw_format *title;
    lxw_format *facts;
    lxw_format *notes;
    lxw_format *group;
    lxw_format *head;
    lxw_format *head_top; /* a title that stands under no group looks like one cell of two rows */
    lxw_format *head_foot;
};

static const struct {
    uint32_t fill; /* 0: none */
    uint32_t ink;
    bool is_bold;
} TONE_LOOK[TONES] = {
    [TONE_PLAIN] = {0, XLSX_INK, false},         [TONE_FIRST] = {0xDCE8F5, XLSX_INK, false},
    [TONE_SECOND] = {0xDCEBDD, XLSX_INK, false}, [TONE_THIRD] = {0xF5EAD6, XLSX_INK, false},
    [TONE_WARN] = {0xFFF3C4, 0x6B4500, false},   [TONE_MUTED] = {0, XLSX_GREY, false},
    [TONE_TOTAL] = {0xEDF0F3, XLSX_INK, true},
};

/* "#,##0.00_)" or "0.0%_)": a little room before the frame. */
static void set_number_format(lxw_format *format, enum look look, int decimals)
{
    enum { FORMAT_ROOM = 48 };
    static const char ZEROS[] = "000000000000000";
    char text[FORMAT_ROOM];

    (void)snprintf(text, sizeof(text), "%s%s%.*s%s_)", look == LOOK_RATIO ? "0" : "#,##0",
                   decimals > 0 ? "." : "", decimals, ZEROS, look == LOOK_RATIO ? "%" : "");
    format_set_num_format(format, text);
}

static lxw_format *make_cell_format(struct xlsx *xlsx, enum look look, int decimals, enum tone tone)
{
    lxw_format *format = xlsx_format(xlsx, 10, TONE_LOOK[tone].ink);

    xlsx_frame(format);
    if (TONE_LOOK[tone].fill != 0) {
        format_set_bg_color(format, TONE_LOOK[tone].fill);
    }
    if (TONE_LOOK[tone].is_bold) {
        format_set_bold(format);
    }
    switch (look) {
    case LOOK_LONG:
        format_set_text_wrap(format);
        format_set_indent(format, 1);
        break;
    case LOOK_NONE:
        format_set_align(format, LXW_ALIGN_CENTER);
        format_set_font_color(format, XLSX_GREY);
        break;
    case LOOK_NUMBER:
    case LOOK_RATIO:
        set_number_format(format, look, decimals);
        break;
    case LOOK_TEXT:
        format_set_num_format(format, "@"); /* a code that is edited stays a text */
        if (tone == TONE_FIRST || tone == TONE_SECOND || tone == TONE_THIRD) {
            format_set_align(format, LXW_ALIGN_CENTER);
        } else {
            format_set_indent(format, 1);
        }
        break;
    case LOOKS:
        NEVER("no look");
    }
    return format;
}

static lxw_format *cell_format(struct book *book, enum look look, int decimals, enum tone tone)
{
    lxw_format **format = &book->cells[look][decimals][tone];

    if (*format == NULL) {
        *format = make_cell_format(&book->xlsx, look, decimals, tone);
    }
    return *format;
}

static lxw_format *make_head_format(struct xlsx *xlsx, uint32_t fill)
{
    lxw_format *format = xlsx_format(xlsx, 10, XLSX_INK);

    format_set_bold(format);
    format_set_align(format, LXW_ALIGN_CENTER);
    format_set_text_wrap(format);
    format_set_bg_color(format, fill);
    xlsx_frame(format);
    return format;
}

static void make_head_formats(struct book *book)
{
    struct xlsx *xlsx = &book->xlsx;

    book->title = xlsx_format(xlsx, 15, XLSX_INK);
    format_set_bold(book->title);
    book->facts = xlsx_format(xlsx, 9, XLSX_GREY);
    format_set_text_wrap(book->facts);
    book->notes = xlsx_format(xlsx, 10, XLSX_INK);
    format_set_text_wrap(book->notes);
    book->group = make_head_format(xlsx, XLSX_GROUP);
    book->head = make_head_format(xlsx, XLSX_HEAD);
    book->head_top = make_head_format(xlsx, XLSX_HEAD);
    format_set_bottom(book->head_top, LXW_BORDER_NONE);
    book->head_foot = make_head_format(xlsx, XLSX_HEAD);
    format_set_top(book->head_foot, LXW_BORDER_NONE);
}

/* The width of a column before its cells are known. */
static double head_width(struct book *book, const struct column *column)
{
    double width = xlsx_heading_width(xlsx_heading(book->xlsx.arena, column->title));

    if (column->width > 0) {
        return fmin(column->width, 255);
    }
    return fmin(fmax(width + WIDTH_MARGIN + 1, WIDTH_MIN), WIDTH_MAX);
}

/* A cell asks for room; a column of a declared width does not listen. */
static void ask_width(struct book *book, int i, double characters)
{
    double wanted = fmin(characters + WIDTH_MARGIN, WIDTH_MAX);

    if (book->table->columns[i].width == 0 && wanted > book->widths[i]) {
        book->widths[i] = wanted;
    }
}

/* The last column that title, facts and notes run over, and the width they have there. */
static int lead_span(const struct book *book, double *out_width)
{
    double width = 0;
    int last = 0;

    for (int i = 0; i < book->table->column_count || width < LEAD_WIDTH_MIN; i++) {
        width += i < book->table->column_count ? book->widths[i] : WIDTH_DEFAULT;
        last = i;
    }
    *out_width = width;
    return last;
}

/* One block of text above the rows, as high as it needs. */
static enum rc put_lead(struct book *book, str text, lxw_format *format)
{
    double width = 0;
    int span[2] = {0, lead_span(book, &width)};
    int lines = xlsx_lines(text, width);

    if (text.len == 0) {
        return RC_OK;
    }
    book->lead_lines += lines;
    (void)worksheet_set_row(book->sheet.sheet, (lxw_row_t)book->row,
                            fmin(lines * XLSX_LINE_POINTS, ROW_POINTS_MAX), NULL);
    return xlsx_text_across(&book->sheet, book->row++, span, text, format);
}

static enum rc put_title(struct book *book)
{
    double width = 0;
    int span[2] = {0, lead_span(book, &width)};

    book->lead_lines += 2;
    (void)worksheet_set_row(book->sheet.sheet, (lxw_row_t)book->row, 2 * XLSX_LINE_POINTS, NULL);
    return xlsx_text_across(&book->sheet, book->row++, span, book->table->title, book->title);
}

static enum rc put_facts(struct book *book)
{
    static const struct column PLAIN = {0};
    const struct table *table = book->table;
    struct arena_mark mark = arena_mark(book->xlsx.arena);
    struct buf line;
    str text = {0};

    buf_init(&line, book->xlsx.arena, LINE_TEXT_MAX);
    for (int i = 0; i < table->fact_count; i++) {
        buf_put(&line, i > 0 ? STR("    ·    ") : STR(""));
        buf_put(&line, table->facts[i].title);
        buf_put(&line, STR(" "));
        cell_show(&line, &PLAIN, &table->facts[i].value);
    }
    (void)buf_done(&line, &text);
    enum rc rc = put_lead(book, text, book->facts);
    arena_rewind(book->xlsx.arena, mark);
    return rc;
}

static enum rc put_notes(struct book *book)
{
    const struct table *table = book->table;
    struct arena_mark mark = arena_mark(book->xlsx.arena);
    struct buf lines;
    str text = {0};

    buf_init(&lines, book->xlsx.arena, LINE_TEXT_MAX);
    for (int i = 0; i < table->note_count; i++) {
        buf_put(&lines, i > 0 ? STR("\n") : STR(""));
        buf_put(&lines, table->notes[i]);
    }
    (void)buf_done(&lines, &text);
    enum rc rc = put_lead(book, text, book->notes);
    arena_rewind(book->xlsx.arena, mark);
    return rc;
}

static bool has_groups(const struct table *table)
{
    for (int i = 0; i < table->column_count; i++) {
        if (table->columns[i].group.len > 0) {
            return true;
        }
    }
    return false;
}

static enum rc put_groups(struct book *book)
{
    const struct table *table = book->table;
    enum rc rc = RC_OK;

    if (!has_groups(table)) {
        return RC_OK;
    }
    (void)worksheet_set_row(book->sheet.sheet, (lxw_row_t)book->row, XLSX_LINE_POINTS + 4, NULL);
    for (int i = 0; i < table->column_count && rc == RC_OK;) {
        int span[2] = {i, i};
        str group = table->columns[i].group;
        while (group.len > 0 && span[1] + 1 < table->column_count &&
               str_equal(table->columns[span[1] + 1].group, group)) {
            span[1]++;
        }
        rc = xlsx_text_across(&book->sheet, book->row, span, group,
                              group.len > 0 ? book->group : book->head_top);
        i = span[1] + 1;
    }
    book->row++;
    return rc;
}

static enum rc put_titles(struct book *book)
{
    const struct table *table = book->table;
    int lines = 1;
    enum rc rc = RC_OK;

    for (int i = 0; i < table->column_count; i++) {
        str heading = xlsx_heading(book->xlsx.arena, table->columns[i].title);
        int needed = xlsx_lines(heading, book->widths[i] - WIDTH_MARGIN);
        lines = needed > lines ? needed : lines;
    }
    book->head_row = book->row;
    book->last_row = book->row;
    (void)worksheet_set_row(book->sheet.sheet, (lxw_row_t)book->row, lines * XLSX_LINE_POINTS + 8,
                            NULL);
    for (int i = 0; i < table->column_count && rc == RC_OK; i++) {
        bool is_foot = has_groups(table) && table->columns[i].group.len == 0;
        rc = xlsx_text(&book->sheet, book->row, i,
                       xlsx_heading(book->xlsx.arena, table->columns[i].title),
                       is_foot ? book->head_foot : book->head);
    }
    book->row++;
    return rc;
}

static enum rc put_head(struct book *book)
{
    enum rc rc = put_title(book);

    if (rc == RC_OK) {
        rc = put_facts(book);
    }
    if (rc == RC_OK) {
        rc = put_notes(book);
    }
    if (rc == RC_OK) {
        rc = put_groups(book);
    }
    return rc == RC_OK ? put_titles(book) : rc;
}

static enum rc book_begin(void *self, const struct table *table)
{
    struct book *book = self;

    if (book->xlsx.rc != RC_OK) {
        return book->xlsx.rc;
    }
    if (table->column_count > BOOK_COLUMNS_MAX) {
        book->xlsx.rc =
            err_set(book->xlsx.err, RC_LIMIT, MSG_BOOK_COLUMNS_MANY, arg_text(table->title),
                    arg_count(table->column_count), arg_count(BOOK_COLUMNS_MAX));
        return book->xlsx.rc;
    }
    book->table = table;
    book->row = 0;
    book->lead_lines = 0;
    book->widths = ARENA_NEW(book->xlsx.arena, double, (size_t)table->column_count);
    book->axes = ARENA_NEW(book->xlsx.arena, const char *, (size_t)table->column_count);
    for (int i = 0; i < table->column_count; i++) {
        book->widths[i] = head_width(book, &table->columns[i]);
    }
    enum rc rc =
        xlsx_sheet_add(&book->xlsx, table->tab.len > 0 ? table->tab : table->title, &book->sheet);
    return rc == RC_OK ? put_head(book) : rc;
}

/* The widest text that a column shows on one line. */
static double text_room(const struct book *book, int i)
{
    int declared = book->table->columns[i].width;

    return (declared > 0 ? fmin(declared, 255) : WIDTH_MAX) - WIDTH_MARGIN;
}

static enum rc put_text_cell(struct book *book, int i, str text, enum tone tone)
{
    size_t width = (double)text.len + WIDTH_MARGIN > book->widths[i] ? utf8_width(text) : 0;
    bool is_long = (double)width > text_room(book, i) || memchr(text.at, '\n', text.len) != NULL;
    enum look look = is_long ? LOOK_LONG : LOOK_TEXT;

    ask_width(book, i, (double)width + 1);
    if (is_long) {
        int lines = xlsx_lines(text, text_room(book, i));
        book->lines = lines > book->lines ? lines : book->lines;
    }
    return xlsx_text(&book->sheet, book->row, i, text, cell_format(book, look, 0, tone));
}

/* A number whose digits a double would lose, or a code: shown as text. */
static enum rc put_shown(struct book *book, int i, const struct out *cell)
{
    struct arena_mark mark = arena_mark(book->xlsx.arena);
    struct buf shown;
    str text = {0};

    buf_init(&shown, book->xlsx.arena, LINE_TEXT_MAX);
    cell_show(&shown, &book->table->columns[i], cell);
    MUST(buf_done(&shown, &text));
    enum rc rc = put_text_cell(book, i, text, cell->tone);
    arena_rewind(book->xlsx.arena, mark);
    return rc;
}

static enum rc put_none(struct book *book, int i, const struct out *cell)
{
    str text = cell->text.len > 0 ? cell->text : STR("—");

    ask_width(book, i, (double)utf8_width(text));
    return xlsx_text(&book->sheet, book->row, i, text, cell_format(book, LOOK_NONE, 0, cell->tone));
}

/* Digits, separators and sign that a number needs. */
static double number_width(double number, int decimals)
{
    double digits = floor(log10(fmax(fabs(number), 1))) + 1;

    return digits + floor((digits - 1) / 3) + (number < 0 ? 1 : 0) +
           (decimals > 0 ? decimals + 1 : 0);
}

static enum rc put_number(struct book *book, int i, const struct out *cell)
{
    static const int64_t DIGITS_15 = INT64_C(1000000000000000);
    int decimals = cell->kind == OUT_MONEY ? 2 : cell->decimals;
    bool is_exact = cell->number > -DIGITS_15 && cell->number < DIGITS_15;
    double number = num_to_double(cell->number, cell->decimals);

    if (!is_exact || book->table->columns[i].is_id) {
        return put_shown(book, i, cell);
    }
    ask_width(book, i, number_width(number, decimals) + 1);
    book->axes[i] = decimals == 0 ? "#,##0" : book->axes[i];
    return xlsx_number(&book->sheet, book->row, i, number,
                       cell_format(book, LOOK_NUMBER, decimals, cell->tone));
}

static enum rc put_ratio(struct book *book, int i, const struct out *cell)
{
    double ratio = (double)cell->number / (double)cell->whole;

    if (cell->whole == 0) {
        return put_none(book, i, cell);
    }
    ask_width(book, i, number_width(ratio * 100, cell->decimals) + 2);
    book->axes[i] = "0%";
    return xlsx_number(&book->sheet, book->row, i, ratio,
                       cell_format(book, LOOK_RATIO, cell->decimals, cell->tone));
}

static enum rc put_cell(struct book *book, int i, const struct out *cell)
{
    switch (cell->kind) {
    case OUT_NONE:
        return put_none(book, i, cell);
    case OUT_TEXT:
        return put_text_cell(book, i, cell->text, cell->tone);
    case OUT_FIXED:
    case OUT_MONEY:
        return put_number(book, i, cell);
    case OUT_RATIO:
        return put_ratio(book, i, cell);
    }
    NEVER("no kind of cell");
}

static enum rc book_row(void *self, const struct out *cells)
{
    struct book *book = self;
    enum rc rc = book->xlsx.rc;

    if (rc == RC_OK && book->row >= BOOK_ROWS_MAX) {
        rc = err_set(book->xlsx.err, RC_LIMIT, MSG_BOOK_ROWS_MANY, arg_text(book->table->title),
                     arg_count(BOOK_ROWS_MAX));
        book->xlsx.rc = rc;
    }
    book->lines = 1;
    for (int i = 0; i < book->table->column_count && rc == RC_OK; i++) {
        rc = put_cell(book, i, &cells[i]);
    }
    if (book->lines > 1) {
        (void)worksheet_set_row(book->sheet.sheet, (lxw_row_t)book->row,
                                fmin(book->lines * XLSX_LINE_POINTS + 2, ROW_POINTS_MAX), NULL);
    }
    if (book->table->column_count > 0 && cells[0].tone != TONE_TOTAL) {
        book->last_row = book->row;
    }
    book->row++;
    return rc;
}

static double set_widths(struct book *book)
{
    double total = 0;

    for (int i = 0; i < book->table->column_count; i++) {
        (void)worksheet_set_column(book->sheet.sheet, (lxw_col_t)i, (lxw_col_t)i, book->widths[i],
                                   NULL);
        total += book->widths[i];
    }
    return total;
}

static enum rc add_chart(struct book *book, double width)
{
    struct xlsx_chart wanted = {
        .table = book->table,
        .head_row = book->head_row,
        .first_row = book->head_row + 1,
        .last_row = book->last_row,
    };
    int64_t rows = book->last_row - book->head_row;

    if (book->table->chart.kind == CHART_NONE || rows == 0 || rows > CHART_ROWS_MAX) {
        return RC_OK;
    }
    MUST(book->table->chart.value_columns[0] >= 0);
    wanted.axis_format = book->axes[book->table->chart.value_columns[0]];
    wanted.is_beside = rows <= BESIDE_ROWS_MAX && width <= BESIDE_WIDTH_MAX;
    return xlsx_chart_add(&book->sheet, &wanted);
}

/* Headings stay in sight while the rows roll, unless what stands above them would fill the
 * window. */
static void freeze(struct book *book)
{
    bool keeps_rows = book->lead_lines <= LEAD_LINES_FROZEN_MAX;
    lxw_row_t rows = keeps_rows ? (lxw_row_t)(book->head_row + 1) : 0;

    worksheet_freeze_panes(book->sheet.sheet, rows, (lxw_col_t)book->table->frozen_columns);
}

/* A drop-down over the cells of a column that a person fills in. */
static enum rc put_choices(struct book *book, int i)
{
    const struct column *column = &book->table->columns[i];
    char **list = ARENA_NEW(book->xlsx.arena, char *, (size_t)column->choice_count + 1);
    lxw_data_validation check = {.validate = LXW_VALIDATION_TYPE_LIST, .value_list = list};

    for (int k = 0; k < column->choice_count; k++) {
        str word = column->choices[k];
        list[k] = arena_take(book->xlsx.arena, word.len + 1);
        memcpy(list[k], word.at, word.len);
    }
    return xlsx_outcome(&book->xlsx,
                        worksheet_data_validation_range(
                            book->sheet.sheet, (lxw_row_t)(book->head_row + 1), (lxw_col_t)i,
                            (lxw_row_t)(book->row - 1), (lxw_col_t)i, &check));
}

static enum rc put_all_choices(struct book *book)
{
    enum rc rc = RC_OK;

    for (int i = 0; rc == RC_OK && i < book->table->column_count; i++) {
        bool is_asked = book->table->columns[i].choice_count > 0 && book->row > book->head_row + 1;
        rc = is_asked ? put_choices(book, i) : RC_OK;
    }
    return rc;
}

static enum rc book_end(void *self)
{
    struct book *book = self;
    lxw_worksheet *sheet = book->sheet.sheet;
    lxw_row_t head = (lxw_row_t)book->head_row;
    int columns = book->table->column_count;

    if (book->xlsx.rc != RC_OK) {
        return book->xlsx.rc;
    }
    double width = set_widths(book);
    xlsx_fit(&book->sheet, width);
    freeze(book);
    (void)worksheet_repeat_rows(sheet, has_groups(book->table) ? head - 1 : head, head);
    if (book->table->frozen_columns > 0) {
        (void)worksheet_repeat_columns(sheet, 0, (lxw_col_t)(book->table->frozen_columns - 1));
    }
    if (book->last_row > book->head_row && columns > 0) {
        (void)worksheet_autofilter(sheet, head, 0, (lxw_row_t)book->last_row,
                                   (lxw_col_t)(columns - 1));
    }
    enum rc rc = put_all_choices(book);
    return rc == RC_OK ? add_chart(book, width) : rc;
}

enum rc book_open(struct arena *arena, const struct book_options *options, struct err *err,
                  struct book **out)
{
    struct book *book = ARENA_NEW(arena, struct book, 1);
    enum rc rc = xlsx_open(&book->xlsx, arena, options, err);

    if (rc == RC_OK) {
        make_head_formats(book);
        *out = book;
    }
    return rc;
}

struct table_sink book_sink(struct book *book)
{
    return (struct table_sink){book, book_begin, book_row, book_end};
}

enum rc book_close(struct book *book, struct byte_sink out)
{
    return xlsx_close(&book->xlsx, out);
}

void book_abandon(struct book *book)
{
    if (book != NULL) {
        xlsx_abandon(&book->xlsx);
    }
}
