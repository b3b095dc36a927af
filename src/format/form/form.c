/* Ledgers to be filled in. */
#include "format/form/form.h"

#include <math.h>

#include "base/buf.h"
#include "base/date.h"
#include "base/num.h"
#include "base/utf8.h"
#include "format/form/form_in.h"

enum {
    WIDTH_MIN = 9,
    WIDTH_MAX = 26,
    HEAD_WIDTH_MAX = 30,
    TITLE_LINES = 3,
    NOTE_WIDTH = 110,
    NOTE_PX = 260,
    NOTE_LINE_WIDTH = 36,
    NOTE_LINE_PX = 18,
    LEAD_COLUMNS_MIN = 8,
};

static const uint32_t OPEN_FILL = 0xFFFFFF;
static const uint32_t LOCKED_FILL = 0xF1F3F5;

static lxw_format *heading(struct form_book *book, uint32_t fill)
{
    lxw_format *format = xlsx_format(&book->xlsx, 10, XLSX_INK);

    format_set_bold(format);
    format_set_align(format, LXW_ALIGN_CENTER);
    format_set_text_wrap(format);
    format_set_bg_color(format, fill);
    xlsx_frame(format);
    return format;
}

static void make_formats(struct form_book *book)
{
    book->title = xlsx_format(&book->xlsx, 15, XLSX_INK);
    format_set_bold(book->title);
    book->lead = xlsx_format(&book->xlsx, 9, XLSX_GREY);
    format_set_text_wrap(book->lead);
    book->head = heading(book, XLSX_HEAD);
    book->group = heading(book, XLSX_GROUP);
    book->locked = xlsx_format(&book->xlsx, 10, XLSX_INK);
    format_set_num_format(book->locked, "@");
    format_set_indent(book->locked, 1);
    format_set_bg_color(book->locked, LOCKED_FILL);
    xlsx_frame(book->locked);
}

static void set_kind(lxw_format *format, const struct form_column *column)
{
    enum { FORMAT_ROOM = 48 };
    static const char ZEROS[] = "000000000000000";
    char text[FORMAT_ROOM];

    switch (column->kind) {
    case FORM_NUMBER:
        (void)snprintf(text, sizeof(text), "#,##0%s%.*s_)", column->decimals > 0 ? "." : "",
                       column->decimals, ZEROS);
        format_set_num_format(format, text);
        break;
    case FORM_DATE:
        format_set_num_format(format, "yyyy-mm-dd");
        break;
    case FORM_CHOICE:
    case FORM_YES_NO:
        format_set_align(format, LXW_ALIGN_CENTER);
        break;
    case FORM_TEXT:
        format_set_num_format(format, "@");
        break;
    }
}

static lxw_format *column_format(struct form_book *book, const struct form_column *column)
{
    lxw_format *format = xlsx_format(&book->xlsx, 10, XLSX_INK);

    set_kind(format, column);
    format_set_bg_color(format, column->is_locked ? LOCKED_FILL : OPEN_FILL);
    xlsx_frame(format);
    if (!column->is_locked) {
        format_set_unlocked(format);
    }
    return format;
}

static double column_width(struct arena *arena, const struct form_column *column)
{
    struct arena_mark mark = arena_mark(arena);
    double longest = xlsx_heading_width(xlsx_heading(arena, form_full_title(arena, column)));

    arena_rewind(arena, mark);
    for (int i = 0; i < column->choice_count; i++) {
        longest = fmax(longest, (double)utf8_width(column->choices[i]) + 2);
    }
    if (column->width > 0) {
        return fmin(column->width, 255);
    }
    return fmin(fmax(longest + 3, WIDTH_MIN), WIDTH_MAX);
}

static void set_width(struct form_book *book, int column, double width)
{
    (void)worksheet_set_column(book->sheet.sheet, (lxw_col_t)column, (lxw_col_t)column, width,
                               NULL);
    book->width += width;
}

static enum rc put_lead(struct form_book *book)
{
    const struct form *form = book->form;
    int last = form->head_count + form->column_count - 1;
    int span[2] = {0, last < LEAD_COLUMNS_MIN ? LEAD_COLUMNS_MIN : last};

    (void)worksheet_set_row(book->sheet.sheet, 0, 2 * XLSX_LINE_POINTS, NULL);
    enum rc rc = xlsx_text_across(&book->sheet, book->row++, span, form->title, book->title);
    if (rc == RC_OK && form->lead.len > 0) {
        (void)worksheet_set_row(book->sheet.sheet, 1, XLSX_LINE_POINTS, NULL);
        rc = xlsx_text_across(&book->sheet, book->row++, span, form->lead, book->lead);
    }
    return rc;
}

static bool has_groups(const struct form *form)
{
    for (int i = 0; i < form->column_count; i++) {
        if (form->columns[i].group.len > 0) {
            return true;
        }
    }
    return false;
}

static enum rc put_groups(struct form_book *book)
{
    const struct form *form = book->form;
    enum rc rc = RC_OK;

    if (!has_groups(form)) {
        return RC_OK;
    }
    for (int i = 0; i < form->head_count && rc == RC_OK; i++) {
        rc = xlsx_text(&book->sheet, book->row, i, STR(""), book->head);
    }
    for (int i = 0; i < form->column_count && rc == RC_OK;) {
        int end = i + 1;
        str group = form->columns[i].group;
        while (group.len > 0 && end < form->column_count &&
               str_equal(form->columns[end].group, group)) {
            end++;
        }
        int span[2] = {form->head_count + i, form->head_count + end - 1};
        rc = xlsx_text_across(&book->sheet, book->row, span, group,
                              group.len > 0 ? book->group : book->head);
        i = end;
    }
    book->row++;
    return rc;
}

/* What a column is about, behind its heading; as large as its text. */
static enum rc put_note(struct form_book *book, int place, const struct form_column *column)
{
    struct arena_mark mark = arena_mark(book->xlsx.arena);
    struct buf out;
    str text = {0};

    buf_init(&out, book->xlsx.arena, BOOK_TEXT_MAX);
    buf_put(&out, column->note);
    buf_put(&out, column->note.len > 0 && column->rule.len > 0 ? STR("\n") : STR(""));
    buf_put(&out, column->rule);
    (void)buf_done(&out, &text);
    int lines = (int)(utf8_width(text) / NOTE_LINE_WIDTH) + 3;
    lxw_comment_options how = {
        .width = NOTE_PX,
        .height = (uint16_t)(NOTE_LINE_PX * (lines < 20 ? lines : 20)),
        .color = 0xFFFBE6,
        .font_size = 9,
    };
    const char *c = xlsx_c(&book->sheet, book->row, place, text);
    enum rc rc = book->xlsx.rc;
    if (c != NULL && text.len > 0) {
        rc = xlsx_outcome(&book->xlsx,
                          worksheet_write_comment_opt(book->sheet.sheet, (lxw_row_t)book->row,
                                                      (lxw_col_t)place, c, &how));
    }
    arena_rewind(book->xlsx.arena, mark);
    return rc;
}

static enum rc put_column(struct form_book *book, int i)
{
    const struct form_column *column = &book->form->columns[i];
    int place = book->form->head_count + i;

    set_width(book, place, column_width(book->xlsx.arena, column));
    book->formats[i] = column_format(book, column);
    str title = form_full_title(book->xlsx.arena, column);
    enum rc rc = xlsx_text(&book->sheet, book->row, place, xlsx_heading(book->xlsx.arena, title),
                           book->head);
    return rc == RC_OK ? put_note(book, place, column) : rc;
}

static enum rc put_titles(struct form_book *book)
{
    const struct form *form = book->form;
    enum rc rc = RC_OK;

    book->head_row = book->row;
    (void)worksheet_set_row(book->sheet.sheet, (lxw_row_t)book->row,
                            TITLE_LINES * XLSX_LINE_POINTS + 4, NULL);
    for (int i = 0; i < form->head_count && rc == RC_OK; i++) {
        double width = (double)utf8_width(form->heads[i]) + 4;
        set_width(book, i, fmin(fmax(width, i == 0 ? 16 : 14), HEAD_WIDTH_MAX));
        rc = xlsx_text(&book->sheet, book->row, i, form->heads[i], book->head);
    }
    for (int i = 0; i < form->column_count && rc == RC_OK; i++) {
        rc = put_column(book, i);
    }
    book->row++;
    return rc;
}

static enum rc check_size(struct form_book *book, const struct form *form)
{
    struct xlsx *xlsx = &book->xlsx;

    MUST(form->head_count > 0 && form->head_count <= FORM_HEADS_MAX);
    if (form->column_count > FORM_COLUMNS_MAX) {
        xlsx->rc = err_set(xlsx->err, RC_LIMIT, MSG_BOOK_COLUMNS_MANY, arg_text(form->title),
                           arg_count(form->column_count), arg_count(FORM_COLUMNS_MAX));
    }
    for (int i = 0; i < form->column_count && xlsx->rc == RC_OK; i++) {
        if (form->columns[i].choice_count > FORM_LIST_MAX) {
            xlsx->rc = err_set(xlsx->err, RC_LIMIT, MSG_BOOK_CHOICES_MANY,
                               arg_text(form->columns[i].title),
                               arg_count(form->columns[i].choice_count), arg_count(FORM_LIST_MAX));
        }
    }
    return xlsx->rc;
}

static enum rc form_begin(void *self, const struct form *form)
{
    struct form_book *book = self;
    enum rc rc = check_size(book, form);

    MUST(book->form == NULL);
    book->form = form;
    book->formats = ARENA_NEW(book->xlsx.arena, lxw_format *, (size_t)form->column_count);
    if (rc == RC_OK) {
        rc = xlsx_sheet_add(&book->xlsx, form->tab, &book->sheet);
    }
    if (rc == RC_OK) {
        rc = put_lead(book);
    }
    if (rc == RC_OK) {
        rc = put_groups(book);
    }
    return rc == RC_OK ? put_titles(book) : rc;
}

static enum rc put_day(struct form_book *book, int i, str text)
{
    int place = book->form->head_count + i;
    date day = {0};

    if (!date_parse(text, &day)) {
        return xlsx_text(&book->sheet, book->row, place, text, book->formats[i]);
    }
    return xlsx_number(&book->sheet, book->row, place, (double)day.days + FORM_EXCEL_EPOCH,
                       book->formats[i]);
}

/* A share of the whole, in per cent, with the column's decimals. */
static double percent(const struct out *value, int decimals)
{
    double scale = (double)num_pow10(decimals);

    return round(100.0 * (double)value->number / (double)value->whole * scale) / scale;
}

static enum rc put_value(struct form_book *book, int i, const struct out *value)
{
    const struct form_column *column = &book->form->columns[i];
    int place = book->form->head_count + i;
    lxw_format *format = book->formats[i];
    struct xlsx_sheet *sheet = &book->sheet;

    switch (value->kind) {
    case OUT_NONE:
        break;
    case OUT_TEXT:
        if (column->kind == FORM_DATE) {
            return put_day(book, i, value->text);
        }
        return xlsx_text(sheet, book->row, place, value->text, format);
    case OUT_RATIO:
        if (value->whole != 0) {
            return xlsx_number(sheet, book->row, place, percent(value, column->decimals), format);
        }
        break;
    case OUT_FIXED:
    case OUT_MONEY:
        return xlsx_number(sheet, book->row, place, num_to_double(value->number, value->decimals),
                           format);
    }
    return xlsx_text(sheet, book->row, place, STR(""), format);
}

static enum rc form_put_row(void *self, const struct form_row *row)
{
    struct form_book *book = self;
    enum rc rc = book->xlsx.rc;

    if (rc == RC_OK && book->row > book->head_row + FORM_ROWS_MAX) {
        rc = err_set(book->xlsx.err, RC_LIMIT, MSG_BOOK_ROWS_MANY, arg_text(book->form->title),
                     arg_count(FORM_ROWS_MAX));
        book->xlsx.rc = rc;
    }
    for (int i = 0; i < book->form->head_count && rc == RC_OK; i++) {
        rc = xlsx_text(&book->sheet, book->row, i, row->heads[i], book->locked);
    }
    for (int i = 0; i < book->form->column_count && rc == RC_OK; i++) {
        rc = put_value(book, i, &row->values[i]);
    }
    book->row++;
    return rc;
}

static enum rc put_notes(struct form_book *book)
{
    const struct form *form = book->form;
    struct xlsx_sheet sheet = {0};
    lxw_format *body = xlsx_format(&book->xlsx, 11, XLSX_INK);

    if (form->note_count == 0) {
        return RC_OK;
    }
    enum rc rc = xlsx_sheet_add(&book->xlsx, form->notes_tab, &sheet);
    format_set_text_wrap(body);
    if (rc == RC_OK) {
        (void)worksheet_set_column(sheet.sheet, 0, 0, NOTE_WIDTH, NULL);
        (void)worksheet_set_row(sheet.sheet, 0, 2 * XLSX_LINE_POINTS, NULL);
        rc = xlsx_text(&sheet, 0, 0, form->notes_tab, book->title);
    }
    for (int i = 0; i < form->note_count && rc == RC_OK; i++) {
        double lines = ceil((double)utf8_width(form->notes[i]) * 1.15 / NOTE_WIDTH);
        (void)worksheet_set_row(sheet.sheet, (lxw_row_t)(i + 1),
                                fmin(fmax(lines, 1) * (XLSX_LINE_POINTS + 3) + 6, 400), NULL);
        rc = xlsx_text(&sheet, i + 1, 0, form->notes[i], body);
    }
    return rc;
}

static void finish_sheet(struct form_book *book)
{
    lxw_worksheet *sheet = book->sheet.sheet;
    const struct form *form = book->form;
    lxw_row_t head = (lxw_row_t)book->head_row;
    lxw_protection allowed = {
        .format_columns = LXW_TRUE, .format_rows = LXW_TRUE, .autofilter = LXW_TRUE};

    worksheet_freeze_panes(sheet, head + 1, (lxw_col_t)form->head_count);
    (void)worksheet_repeat_rows(sheet, has_groups(form) ? head - 1 : head, head);
    (void)worksheet_repeat_columns(sheet, 0, (lxw_col_t)(form->head_count - 1));
    if (book->row > book->head_row + 1) {
        (void)worksheet_autofilter(sheet, head, 0, (lxw_row_t)(book->row - 1),
                                   (lxw_col_t)(form->head_count + form->column_count - 1));
    }
    worksheet_protect(sheet, NULL, &allowed);
    xlsx_fit(&book->sheet, book->width);
}

static enum rc form_end(void *self)
{
    struct form_book *book = self;
    enum rc rc = book->xlsx.rc;

    if (rc != RC_OK) {
        return rc;
    }
    finish_sheet(book);
    rc = put_notes(book);
    if (rc == RC_OK) {
        rc = form_put_checks(book);
    }
    return rc == RC_OK ? form_put_marks(book) : rc;
}

enum rc form_open(struct arena *arena, const struct book_options *options, struct err *err,
                  struct form_book **out)
{
    struct form_book *book = ARENA_NEW(arena, struct form_book, 1);
    enum rc rc = xlsx_open(&book->xlsx, arena, options, err);

    if (rc == RC_OK) {
        make_formats(book);
        *out = book;
    }
    return rc;
}

struct form_sink form_sink(struct form_book *form)
{
    return (struct form_sink){form, form_begin, form_put_row, form_end};
}

enum rc form_close(struct form_book *form, struct byte_sink out)
{
    return xlsx_close(&form->xlsx, out);
}

void form_abandon(struct form_book *form)
{
    if (form != NULL) {
        xlsx_abandon(&form->xlsx);
    }
}
