/* Ledgers as an office makes them by itself, with none of the house's finish: a title across the
 * sheet, lines under it, a heading of two rows with merged cells, rows in black and white, totals
 * that are formulas. Only the demonstration sends such workbooks; the product receives them. */
#ifndef FORMAT_PAPER_PAPER_H
#define FORMAT_PAPER_PAPER_H

#include "base/arena.h"
#include "base/bytes.h"
#include "format/xlsx/options.h"

enum { PAPER_COLUMNS_MAX = 256, PAPER_LINES_MAX = 8 };

struct paper_column {
    str title; /* with its unit, "常住人口（人）" */
    str group; /* over neighbours that share it; "": the title takes both rows of the heading */
    double width;
};

struct paper_sheet {
    str tab;
    str title;
    const str *lines; /* under the title, a row each */
    int line_count;
    const struct paper_column *columns;
    int column_count;
    int frozen_columns;
    bool has_one_head; /* one row of heading: groups are left out */
};

enum paper_kind {
    PAPER_EMPTY,
    PAPER_TEXT,
    PAPER_NUMBER,
    PAPER_PERCENT, /* a share of one, shown as 85.3% */
    PAPER_SUM,     /* a formula with its result: `text` is "=SUM(D5:D9)" */
};

struct paper_cell {
    enum paper_kind kind;
    str text;
    double number;
};

struct paper;

/* Rows are written from the top, one sheet after the other, in constant memory. Failures as
 * format/book: RC_INVALID a text that cannot be stored, RC_BUSY the disk is full, RC_BROKEN the
 * library. */
MUST_CHECK enum rc paper_open(struct arena *arena, const struct book_options *options,
                              struct err *err, struct paper **out);
/* Begin a sheet: title, lines and heading. The row that follows is paper_next_row. */
MUST_CHECK enum rc paper_begin(struct paper *paper, const struct paper_sheet *sheet);
MUST_CHECK enum rc paper_row(struct paper *paper, const struct paper_cell *cells, bool is_total);
/* Merge a column downward from row `first`, from 1, to the row written last. Its text stands in the
 * first; the cells below it were empty. */
MUST_CHECK enum rc paper_merge(struct paper *paper, int column, int64_t first);
/* The row, from 1, that the next call writes. */
int64_t paper_next_row(const struct paper *paper);
MUST_CHECK enum rc paper_close(struct paper *paper, struct byte_sink out);
void paper_abandon(struct paper *paper);

#endif
