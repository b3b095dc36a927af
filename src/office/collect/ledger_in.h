/* What the parts of the ledger reader share. */
#ifndef OFFICE_COLLECT_LEDGER_IN_H
#define OFFICE_COLLECT_LEDGER_IN_H

#include "base/heading.h"
#include "base/quantity.h"
#include "office/collect/ledger.h"

/* A heading's meaning in the look-up of headings. */
enum { HEAD_CODE = -2, HEAD_LEVEL = -100, HEAD_SEVERAL = -1000 }; /* HEAD_LEVEL - level */

/* The cells of one row, by column; texts live until the row is done. */
struct grid_row {
    int64_t row;
    struct cell cells[LEDGER_COLUMNS_MAX];
    int width;
};

/* A range merged over several rows of one column. */
struct drop {
    int64_t first_row;
    int64_t last_row;
    int column;
};

/* The text of such a range, which stands for the empty cells below it. */
struct carried {
    int64_t last_row;
    str text;
};

/* Percentages without a sign of percent: a column of nothing but numbers up to 1 was filled in as
 * shares of one. */
struct column_watch {
    int known;
    int up_to_one;
    int fractions;
};

struct ledger_state {
    struct map headings; /* folded heading → indicator, HEAD_CODE, HEAD_LEVEL - level */
    struct map gauges;   /* folded spelling → gauge */
    struct map *choices; /* by indicator: folded spelling → number of the choice */
    struct map words;    /* folded spelling → enum word */

    struct sheet_info sheet;
    str sheet_names[LEDGER_SHEETS_MAX];
    struct grid_row *head;   /* rows held back until the heading is found, */
    struct grid_row *filled; /* and the same with merged ranges filled in */
    int head_count;
    bool is_open;      /* the heading was found: rows are values */
    bool has_any;      /* some sheet had a heading */
    int64_t units_row; /* a row that names units but no indicator; 0: none was met */
    str units_titles;  /* what it names */
    struct ledger_column columns[LEDGER_COLUMNS_MAX];
    int column_count;
    int64_t head_row; /* last row of the heading */

    struct drop *drops; /* cells merged downward, by first row */
    int drop_count;
    int drop_next;
    struct carried carried[LEDGER_COLUMNS_MAX];

    struct value values[LEDGER_COLUMNS_MAX]; /* of the row being read */
    int row_room;
    struct map seen; /* unit code → row of the ledger */
    struct column_watch watch[LEDGER_COLUMNS_MAX];
};

enum word { WORD_YES, WORD_NO, WORD_NOT_REPORTED, WORD_NOT_APPLICABLE, WORD_TOTAL };

/* A cell that a mark is about. */
struct spot {
    int sheet; /* NONE: the one being read */
    int64_t row;
    int column; /* NONE: the row's first cell */
    str cell;   /* what stands there */
};

/* Add a mark; arguments as err_set. */
void ledger_mark(struct ledger *ledger, enum severity severity, struct spot spot, enum msg_id says,
                 const struct arg *args, int arg_count);
#define LEDGER_MARK(ledger, severity, row, column, cell, says, ...)                                \
    ledger_mark((ledger), (severity), (struct spot){NONE, (row), (column), (cell)}, (says),        \
                (const struct arg[]){__VA_ARGS__},                                                 \
                (int)(sizeof((const struct arg[]){__VA_ARGS__}) / sizeof(struct arg)))

/* `text` in the form in which spellings are compared. */
str ledger_fold(struct ledger *ledger, str text);

/* Learn the programme's headings and spellings. */
enum rc ledger_learn(struct ledger *ledger) MUST_CHECK;

/* Find the heading among the rows held back; false when they hold none. `*out_last` is the place
 * of its last row among them. */
bool ledger_find_head(struct ledger *ledger, int *out_last);
/* A column filled in as shares of one gets a mark on its heading; called when a sheet ends. */
void ledger_end_columns(struct ledger *ledger);

/* Take one row of values. */
enum rc ledger_take_row(struct ledger *ledger, const struct grid_row *row) MUST_CHECK;

/* Read one cell as a value of the column's indicator. False: nothing to keep (blank, or marked). */
bool ledger_read_cell(struct ledger *ledger, const struct grid_row *row, int column,
                      struct value *out);

#endif
