/* Foreign sheets on their way in: xlsx workbooks and CSV files become rows of cells
 * (base/sheet.h), and .xz files become bytes. Everything works on bytes in memory, in one pass of
 * callbacks, with memory that does not grow with the rows. */
#ifndef FORMAT_SHEET_SHEET_H
#define FORMAT_SHEET_SHEET_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/sheet.h"

/* What a file may be at most; more is refused with RC_LIMIT and the limit's name. Rows and columns
 * count up to the last cell that holds something: formatted empty ones are free. */
struct sheet_limits {
    size_t packed_max;   /* bytes of the file */
    size_t unpacked_max; /* bytes of all parts of a workbook */
    int ratio_max;       /* unpacked to packed, for parts above 1 MiB */
    int part_max;        /* files inside a workbook */
    int sheet_max;
    int64_t row_max;
    int column_max;
    int cell_max;       /* characters of a cell, counted as Excel does: UTF-16 units */
    size_t strings_max; /* bytes of memory for the shared strings of a workbook */
    int merge_max;      /* merged ranges of a sheet */
    int depth_max;      /* nesting of XML */
};

extern const struct sheet_limits SHEET_LIMITS;

/* Read a workbook (.xlsx, transitional or strict). Worksheets come in the workbook's order; chart
 * sheets are passed over. Every sheet is read twice, so that merges are known and faults are found
 * before its first row is delivered. Fails with RC_INVALID for what is not a sound workbook or one
 * we refuse (old formats, macros, passwords, links to other files, DOCTYPE), RC_LIMIT for a limit,
 * or with what a callback answered. */
enum rc xlsx_read(str bytes, const struct sheet_limits *limits, const struct sheet_reader *reader,
                  struct err *err) MUST_CHECK;

/* Read comma, tab or semicolon separated text, in UTF-8 or else GB 18030. One sheet named "", all
 * cells CELL_TEXT, empty fields left out; a row's number is that of the record, blank ones counted.
 * Fails with RC_INVALID (text valid in neither encoding, a quote never closed: with the line),
 * RC_LIMIT, or with what a callback answered. */
enum rc csv_read(str bytes, const struct sheet_limits *limits, const struct sheet_reader *reader,
                 struct err *err) MUST_CHECK;

/* Unpack an .xz file into the arena, which must have room for `unpacked_max` bytes. RC_INVALID when
 * it is damaged, RC_LIMIT when what it says it holds is more than `unpacked_max`. */
enum rc xz_unpack(str bytes, size_t unpacked_max, struct arena *arena, str *out,
                  struct err *err) MUST_CHECK;

#endif
