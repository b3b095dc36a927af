/* What a command would show: the tables that an office room gives to a sink, kept for a test. */
#ifndef TESTS_OFFICE_SHOWN_H
#define TESTS_OFFICE_SHOWN_H

#include "base/table.h"

struct shown_table {
    struct table about; /* its texts and columns are copies */
    struct out *cells;  /* row by row */
    int rows;
};

enum { SHOWN_TABLES_MAX = 16, SHOWN_ROWS_MAX = 256 };

struct shown {
    struct arena arena;
    struct shown_table tables[SHOWN_TABLES_MAX];
    int count;
};

void shown_begin(struct shown *shown);
void shown_end(struct shown *shown);
struct table_sink shown_sink(struct shown *shown);

/* By name; each must be there. */
const struct shown_table *shown_table(const struct shown *shown, const char *name);
/* The first row that has `text` (or a word of that key) in `column`; -1. */
int shown_row(const struct shown_table *table, const char *column, const char *text);
const struct out *shown_cell(const struct shown_table *table, int row, const char *column);
const struct out *shown_fact(const struct shown_table *table, const char *key);
/* Is `text` the cell's text, or its key? */
bool shown_is(const struct out *cell, const char *text);

#endif
