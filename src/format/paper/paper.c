/* Ledgers as an office makes them by itself. */
#include "format/paper/paper.h"

#include "format/xlsx/xlsx.h"

static const char FONT[] = "宋体";

enum paper_format { FORMAT_TITLE, FORMAT_LINE, FORMAT_HEAD, FORMAT_CELL, FORMAT_SHARE, FORMAT_SUM };

enum { FORMATS = FORMAT_SUM + 1, BLACK = 0, HEAD_POINTS = 30 };

struct paper {
    struct xlsx xlsx;
    struct xlsx_sheet sheet;
    const struct paper_sheet *about;
    lxw_format *formats[FORMATS];
    int64_t row; /* from 0: the next one */
};

static lxw_format *plain(struct paper *paper, double points)
{
    lxw_format *format = xlsx_format(&paper->xlsx, points, BLACK);

    format_set_font_name(format, FONT);
    return format;
}

static lxw_format *framed(struct paper *paper)
{
    lxw_format *format = plain(paper, 10);

    format_set_border(format, LXW_BORDER_THIN);
    return format;
}

static void make_formats(struct paper *paper)
{
    lxw_format **formats = paper->formats;

    formats[FORMAT_TITLE] = plain(paper, 18);
    format_set_bold(formats[FORMAT_TITLE]);
    format_set_align(formats[FORMAT_TITLE], LXW_ALIGN_CENTER);
    formats[FORMAT_LINE] = plain(paper, 10);
    formats[FORMAT_HEAD] = framed(paper);
    format_set_bold(formats[FORMAT_HEAD]);
    format_set_align(formats[FORMAT_HEAD], LXW_ALIGN_CENTER);
    format_set_text_wrap(formats[FORMAT_HEAD]);
    formats[FORMAT_CELL] = framed(paper);
    formats[FORMAT_SHARE] = framed(paper);
    format_set_num_format(formats[FORMAT_SHARE], "0.0%");
    formats[FORMAT_SUM] = framed(paper);
    format_set_bold(formats[FORMAT_SUM]);
}

enum rc paper_open(struct arena *arena, const struct book_options *options, struct err *err,
                   struct paper **out)
{
    struct paper *paper = ARENA_NEW(arena, struct paper, 1);
    enum rc rc = xlsx_open(&paper->xlsx, arena, options, err);

    if (rc == RC_OK) {
        make_formats(paper);
        *out = paper;
    }
    return rc;
}

static enum rc put_lines(struct paper *paper)
{
    const struct paper_sheet *about = paper->about;
    const int span[2] = {0, about->column_count - 1};
    enum rc rc =
        xlsx_text_across(&paper->sheet, 0, span, about->title, paper->formats[FORMAT_TITLE]);

    paper->row = 1;
    for (int i = 0; i < about->line_count && rc == RC_OK; i++) {
        rc = xlsx_text(&paper->sheet, paper->row, 0, about->lines[i], paper->formats[FORMAT_LINE]);
        paper->row++;
    }
    return rc;
}

/* The last column of the group that begins at `first`. */
static int group_end(const struct paper_sheet *about, int first)
{
    int last = first;

    while (about->columns[first].group.len > 0 && last + 1 < about->column_count &&
           str_equal(about->columns[last + 1].group, about->columns[first].group)) {
        last++;
    }
    return last;
}

static enum rc put_groups(struct paper *paper)
{
    const struct paper_sheet *about = paper->about;
    lxw_format *format = paper->formats[FORMAT_HEAD];
    enum rc rc = RC_OK;

    for (int c = 0; c < about->column_count && rc == RC_OK; c = group_end(about, c) + 1) {
        const struct paper_column *column = &about->columns[c];
        const int span[2] = {c, group_end(about, c)};
        rc = xlsx_text_across(&paper->sheet, paper->row, span,
                              column->group.len > 0 ? column->group : column->title, format);
    }
    paper->row++;
    return rc;
}

/* Merge down to the current row. Rows are written once: the library keeps the range and leaves the
 * rows above as they are. */
static enum rc merge_down(struct paper *paper, int column, int64_t first, int64_t last)
{
    return xlsx_outcome(&paper->xlsx,
                        worksheet_merge_range(paper->sheet.sheet, (lxw_row_t)first,
                                              (lxw_col_t)column, (lxw_row_t)last, (lxw_col_t)column,
                                              "", paper->formats[FORMAT_HEAD]));
}

/* The second row of the heading. A title without a group stands in the row above. */
static enum rc put_titles(struct paper *paper)
{
    const struct paper_sheet *about = paper->about;
    lxw_format *format = paper->formats[FORMAT_HEAD];
    enum rc rc = RC_OK;

    (void)worksheet_set_row(paper->sheet.sheet, (lxw_row_t)paper->row, HEAD_POINTS, NULL);
    for (int c = 0; c < about->column_count && rc == RC_OK; c++) {
        bool is_alone = about->columns[c].group.len == 0 && !about->has_one_head;
        if (is_alone) {
            rc = merge_down(paper, c, paper->row - 1, paper->row);
        } else {
            rc = xlsx_text(&paper->sheet, paper->row, c, about->columns[c].title, format);
        }
    }
    paper->row++;
    return rc;
}

static void set_widths(struct paper *paper)
{
    const struct paper_sheet *about = paper->about;
    double width = 0;

    for (int c = 0; c < about->column_count; c++) {
        (void)worksheet_set_column(paper->sheet.sheet, (lxw_col_t)c, (lxw_col_t)c,
                                   about->columns[c].width, NULL);
        width += about->columns[c].width;
    }
    xlsx_fit(&paper->sheet, width);
}

enum rc paper_begin(struct paper *paper, const struct paper_sheet *sheet)
{
    enum rc rc = xlsx_sheet_add(&paper->xlsx, sheet->tab, &paper->sheet);

    MUST(sheet->column_count > 0 && sheet->column_count <= PAPER_COLUMNS_MAX);
    MUST(sheet->line_count <= PAPER_LINES_MAX);
    paper->about = sheet;
    if (rc == RC_OK) {
        set_widths(paper);
        rc = put_lines(paper);
    }
    if (rc == RC_OK && !sheet->has_one_head) {
        rc = put_groups(paper);
    }
    if (rc == RC_OK) {
        rc = put_titles(paper);
        worksheet_freeze_panes(paper->sheet.sheet, (lxw_row_t)paper->row,
                               (lxw_col_t)sheet->frozen_columns);
    }
    return rc;
}

static enum rc put_sum(struct paper *paper, int column, const struct paper_cell *cell)
{
    const char *formula = xlsx_c(&paper->sheet, paper->row, column, cell->text);

    if (formula == NULL) {
        return paper->xlsx.rc;
    }
    return xlsx_outcome(&paper->xlsx,
                        worksheet_write_formula_num(paper->sheet.sheet, (lxw_row_t)paper->row,
                                                    (lxw_col_t)column, formula,
                                                    paper->formats[FORMAT_SUM], cell->number));
}

static enum rc put_cell(struct paper *paper, int column, const struct paper_cell *cell,
                        lxw_format *format)
{
    struct xlsx_sheet *sheet = &paper->sheet;

    switch (cell->kind) {
    case PAPER_EMPTY:
        return xlsx_outcome(&paper->xlsx, worksheet_write_blank(sheet->sheet, (lxw_row_t)paper->row,
                                                                (lxw_col_t)column, format));
    case PAPER_TEXT:
        return xlsx_text(sheet, paper->row, column, cell->text, format);
    case PAPER_NUMBER:
        return xlsx_number(sheet, paper->row, column, cell->number, format);
    case PAPER_PERCENT:
        return xlsx_number(sheet, paper->row, column, cell->number, paper->formats[FORMAT_SHARE]);
    case PAPER_SUM:
        return put_sum(paper, column, cell);
    }
    NEVER("a cell of no kind");
}

enum rc paper_row(struct paper *paper, const struct paper_cell *cells, bool is_total)
{
    lxw_format *format = paper->formats[is_total ? FORMAT_SUM : FORMAT_CELL];
    enum rc rc = RC_OK;

    for (int c = 0; c < paper->about->column_count && rc == RC_OK; c++) {
        rc = put_cell(paper, c, &cells[c], format);
    }
    paper->row++;
    return rc;
}

enum rc paper_merge(struct paper *paper, int column, int64_t first)
{
    MUST(first >= 1 && first < paper->row);
    return merge_down(paper, column, first - 1, paper->row - 1);
}

int64_t paper_next_row(const struct paper *paper)
{
    return paper->row + 1;
}

enum rc paper_close(struct paper *paper, struct byte_sink out)
{
    return xlsx_close(&paper->xlsx, out);
}

void paper_abandon(struct paper *paper)
{
    xlsx_abandon(&paper->xlsx);
}
