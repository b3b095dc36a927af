/* What every workbook of ours shares: libxlsxwriter behind one door, with its traps closed.
 * Private to the rooms of format that write workbooks. */
#ifndef FORMAT_XLSX_XLSX_H
#define FORMAT_XLSX_XLSX_H

#include <xlsxwriter.h>

#include "base/bytes.h"
#include "base/map.h"
#include "base/table.h"
#include "format/xlsx/options.h"

struct xlsx {
    struct arena *arena;
    struct err *err;
    lxw_workbook *book;
    int fd;     /* an unnamed file, or anonymous memory: the library can only write to a path */
    enum rc rc; /* the first failure sticks: a spoilt book is never handed over */
    str footer; /* ready for the page's foot */
    struct map tabs;
    char *text; /* room for one cell, zero-ended */
};

struct xlsx_sheet {
    struct xlsx *xlsx;
    lxw_worksheet *sheet;
    str tab; /* zero-ended */
};

enum { XLSX_PAPER_A4 = 9, XLSX_ROW_POINTS = 17, XLSX_LINE_POINTS = 15 };

/* Colours of the house: restrained, and readable in grey. */
enum xlsx_colour {
    XLSX_INK = 0x1F2933,
    XLSX_GREY = 0x66707A,
    XLSX_LINE = 0xC9D1D9,
    XLSX_HEAD = 0xDFE7EF,
    XLSX_GROUP = 0xCBD8E4,
};

/* Only one row is held in memory: rows are written from the top, each once. */
MUST_CHECK enum rc xlsx_open(struct xlsx *xlsx, struct arena *arena,
                             const struct book_options *options, struct err *err);
/* The outcome of a call of the library; a failure spoils the book. */
MUST_CHECK enum rc xlsx_outcome(struct xlsx *xlsx, lxw_error error);
/* Hand over and free; hand over nothing unless every sheet is whole. */
MUST_CHECK enum rc xlsx_close(struct xlsx *xlsx, struct byte_sink out);
void xlsx_abandon(struct xlsx *xlsx);

/* A new sheet; `wanted` is made to fit Excel's rules: at most 31 units, none of []:*?/\, not
 * twice. A4, landscape, with the foot. */
MUST_CHECK enum rc xlsx_sheet_add(struct xlsx *xlsx, str wanted, struct xlsx_sheet *out);
/* A sheet of `width` characters prints on as few pages across as stay readable. */
void xlsx_fit(struct xlsx_sheet *sheet, double width);
/* The same rules for a name that is not a worksheet's. Zero-ended, lives with the arena. */
str xlsx_tab(struct xlsx *xlsx, str wanted);

/* A format with the house's font, size and colour. */
lxw_format *xlsx_format(struct xlsx *xlsx, double points, uint32_t colour);
/* A title with a line break before the bracket that ends it, when it is long: a unit stays whole.
 * And the width it asks for, in characters, on two lines or three. */
str xlsx_heading(struct arena *arena, str title);
double xlsx_heading_width(str heading);
/* Lines that `text` takes in `width` characters. */
int xlsx_lines(str text, double width);
/* A cell's frame: hairlines around. */
void xlsx_frame(lxw_format *format);

/* Text as text, never as a formula. Row and column from 0. */
MUST_CHECK enum rc xlsx_text(struct xlsx_sheet *sheet, int64_t row, int column, str text,
                             lxw_format *format);
/* One text over the columns `first` to `last` of a row. */
MUST_CHECK enum rc xlsx_text_across(struct xlsx_sheet *sheet, int64_t row, const int span[2],
                                    str text, lxw_format *format);
MUST_CHECK enum rc xlsx_number(struct xlsx_sheet *sheet, int64_t row, int column, double number,
                               lxw_format *format);
/* A zero-ended copy for the library, or NULL: `text` cannot stand in a workbook (err is set with
 * the place). */
const char *xlsx_c(struct xlsx_sheet *sheet, int64_t row, int column, str text);

/* Rows `first` to `last` of a sheet as a chart. */
struct xlsx_chart {
    const struct table *table;
    int64_t head_row;
    int64_t first_row;
    int64_t last_row;
    const char *axis_format; /* of the numbers beside the axis; NULL: as they are */
    bool is_beside;          /* right of the last column; else on a sheet of its own */
};
MUST_CHECK enum rc xlsx_chart_add(struct xlsx_sheet *sheet, const struct xlsx_chart *wanted);

#endif
