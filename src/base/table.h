/* A table on its way out: columns said once, rows one at a time. Lists on the terminal, --json,
 * CSV and workbooks are all made from it, so that none of them can differ. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/msg.h"
#include "base/str.h"

/* Colour never stands alone: the text of the cell says the same. */
enum tone { TONE_PLAIN, TONE_FIRST, TONE_SECOND, TONE_THIRD, TONE_WARN, TONE_MUTED, TONE_TOTAL };

enum out_kind {
    OUT_NONE, /* nothing known: `key` names the state, `text` says it to people ("" is a dash) */
    OUT_TEXT,
    OUT_FIXED, /* `number` / 10^decimals */
    OUT_RATIO, /* `number` of `whole`, shown as a percentage with `decimals` */
    OUT_MONEY, /* `number` fen, shown in units of 10^decimals fen: 2 yuan, 6 ten thousand yuan */
};

struct out {
    enum out_kind kind;
    enum tone tone;
    str text; /* in the reader's language */
    str key;  /* the same for programs, never translated; "": the text itself */
    int64_t number;
    int64_t whole;
    int decimals;
};

/* `key` is a state of contract 32 ("not_reported"); "" stands for "unknown". */
struct out out_none(str key, str text);
struct out out_text(str text);
/* A word that has a name: JSON and CSV carry `key` ("exemplary"), people read `text`. */
struct out out_named(str key, str text);
struct out out_int(int64_t number);
struct out out_fixed(int64_t scaled, int decimals);
/* A ratio of nothing (`den` 0) is shown as nothing known. */
struct out out_ratio(int64_t num, int64_t den, int decimals);
struct out out_money(int64_t fen, int decimals);
struct out out_toned(struct out cell, enum tone tone);

struct column {
    str key;            /* name in JSON and CSV: snake_case, English, stable */
    str title;          /* in the reader's language */
    str group;          /* heading above neighbouring columns that share it, or "" */
    int width;          /* characters in a workbook; 0: from title and cells */
    bool is_id;         /* a code or a 64-bit id: text even if all digits, never grouped */
    const str *choices; /* what a person may put in: a drop-down in a workbook; NULL: anything */
    int choice_count;
};

/* Columns as they stand in code: titles by message. */
struct column_row {
    str key;
    enum msg_id title;
    int width;
    bool is_id;
};
const struct column *columns_in(enum lang lang, const struct column_row *rows, int count,
                                struct arena *arena);

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
    str title; /* above the rows */
    str tab;   /* name of its sheet in a workbook; "": the title */
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
