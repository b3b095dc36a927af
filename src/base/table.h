/* A table on its way out: columns said once, rows one at a time. Lists on the terminal, --json,
 * CSV and workbooks are all made from it, so that none of them can differ. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

/* Colour never stands alone: the text of the cell says the same. */
enum tone { TONE_PLAIN, TONE_FIRST, TONE_SECOND, TONE_THIRD, TONE_WARN, TONE_MUTED, TONE_TOTAL };

enum out_kind {
    OUT_NONE, /* nothing known; `text` may say why ("not reported") */
    OUT_TEXT,
    OUT_FIXED, /* `number` / 10^decimals */
    OUT_RATIO, /* `number` of `whole`, shown as a percentage with `decimals` */
};

struct out {
    enum out_kind kind;
    enum tone tone;
    str text;
    int64_t number;
    int64_t whole;
    int decimals;
};

struct out out_none(str why);
struct out out_text(str text);
struct out out_int(int64_t number);
struct out out_fixed(int64_t scaled, int decimals);
struct out out_ratio(int64_t num, int64_t den, int decimals);
struct out out_toned(struct out cell, enum tone tone);

struct column {
    str key;    /* name in JSON and CSV: snake_case, English, stable */
    str title;  /* in the reader's language */
    str group;  /* heading above neighbouring columns that share it, or "" */
    int width;  /* characters in a workbook; 0: from the title */
    bool is_id; /* a code: text even if all digits */
};

struct fact { /* what the table rests on: run, seed, date, definition */
    str key;
    str title;
    struct out value;
};

enum chart_kind { CHART_NONE, CHART_COLUMNS, CHART_STACKED, CHART_BARS };

struct chart { /* drawn in workbooks beside the rows; columns by place, -1 ends the list */
    enum chart_kind kind;
    str title;
    int label_column;
    int value_columns[4];
};

struct table {
    str name;  /* schema "wancun.<name>/1" in JSON */
    str title; /* sheet and page title */
    const struct column *columns;
    int column_count;
    const struct fact *facts;
    int fact_count;
    const str *notes; /* sentences under the title */
    int note_count;
    int frozen_columns;
    struct chart chart;
};

/* Who takes tables. Several tables may follow one another: sheets of a workbook. */
struct table_sink {
    void *self;
    enum rc (*begin)(void *self, const struct table *table);
    enum rc (*row)(void *self, const struct out *cells); /* column_count of them */
    enum rc (*end)(void *self);
};

#endif
