/* A ledger to be filled in by hand: units down, indicators across. The office says what may stand
 * in each column; `format` makes the workbook that a township opens. */
#ifndef BASE_FORM_H
#define BASE_FORM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"

enum form_kind {
    FORM_TEXT,
    FORM_NUMBER, /* with `decimals`; within min and max if has_range */
    FORM_CHOICE, /* one of `choices` */
    FORM_YES_NO, /* one of two `choices`: the words for yes and no */
    FORM_DATE,   /* a day; values are OUT_TEXT in ISO 8601 */
};

struct form_column {
    str key;   /* id of the indicator: re-import finds the column by it */
    str title; /* unique among the columns */
    str group; /* heading above neighbours that share it, or "" */
    str unit;  /* behind the title in brackets, or "" */
    str note;  /* what counts and what does not: the comment of the heading, or "" */
    str rule;  /* what may stand here, in words: shown when something else is typed */
    enum form_kind kind;
    int decimals;
    bool has_range;
    int64_t min; /* scaled by `decimals` */
    int64_t max;
    bool is_locked; /* shown but not asked for: another source has it */
    const str *choices;
    int choice_count;
    int width; /* characters; 0: from the title */
};

struct form_word { /* a pair on the hidden sheet, and a custom property of the file */
    str key;
    str value;
};

struct form {
    str title;
    str tab;          /* name of the sheet to fill in */
    str lead;         /* one line under the title: period, unit, whom to ask */
    const str *heads; /* titles of the locked columns in front: code, township, name */
    int head_count;   /* 1 to 8; the first is the code */
    const struct form_column *columns;
    int column_count;
    const str *notes; /* the sheet of instructions, a paragraph each */
    int note_count;
    str notes_tab;                 /* its name */
    const struct form_word *marks; /* what re-import must know: programme, period, unit */
    int mark_count;
};

struct form_row {
    const str *heads; /* head_count of them */
    const struct out
        *values; /* column_count; OUT_NONE stays empty; a ratio is written in per cent */
};

/* Who takes a form: begin once, its rows, end once. */
struct form_sink {
    void *self;
    enum rc (*begin)(void *self, const struct form *form);
    enum rc (*row)(void *self, const struct form_row *row);
    enum rc (*end)(void *self);
};

#endif
