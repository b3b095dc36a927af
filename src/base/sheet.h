/* A sheet on its way in: rows of cells as a workbook or a CSV file holds them, before anybody
 * has said what they mean. `format` makes them, `office/collect` reads them. */
#ifndef BASE_SHEET_H
#define BASE_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum cell_kind {
    CELL_EMPTY,
    CELL_TEXT,
    CELL_NUMBER,
    CELL_BOOL,  /* text is "1" or "0" */
    CELL_DATE,  /* text is ISO "2023-01-05", "2023-01-05 08:30[:15]", or a time "08:30[:15]" */
    CELL_ERROR, /* text is the code, "#DIV/0!" */
};

struct cell {
    enum cell_kind kind;
    int column;      /* from 0 */
    bool is_percent; /* CELL_NUMBER shown with a percent format: 0.85 is read as 85 % */
    bool is_formula; /* a cached value; CELL_EMPTY with is_formula: never calculated */
    str text;        /* valid UTF-8; for numbers the plain decimal a person sees ("2.45") */
};

/* A merged range; both corners included, rows from 1, columns from 0. */
struct merge {
    int64_t first_row;
    int64_t last_row;
    int first_column;
    int last_column;
};

struct sheet_info {
    int index; /* from 0, in the workbook's order */
    str name;  /* "" for CSV */
    bool is_hidden;
    const struct merge *merges;
    int merge_count;
};

struct sheet_row {
    int64_t row; /* from 1, as the file counts */
    const struct cell *cells;
    int count; /* cells present, in order of column; empty ones may be left out */
};

/* Who takes the rows: `sheet`, its rows, `end`, then the next sheet; hidden sheets too. Texts live
 * until the call returns. A failure stops the reading and is what the reading answers; whoever
 * fails has said why in the err it shares with the reader. */
struct sheet_reader {
    void *self;
    enum rc (*sheet)(void *self, const struct sheet_info *info);
    enum rc (*row)(void *self, const struct sheet_row *row);
    enum rc (*end)(void *self);
};

#endif
