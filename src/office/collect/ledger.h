/* A ledger (台账) on its way in: sheets of an office workbook become values of units, or marks that
 * say what must be mended. Columns are found by name, units by code or by name; nothing is guessed
 * silently. */
#ifndef OFFICE_COLLECT_LEDGER_H
#define OFFICE_COLLECT_LEDGER_H

#include "base/sheet.h"
#include "office/indicator/panel.h"

enum {
    LEDGER_HEAD_ROWS_MAX = 12, /* the heading stands among the first rows that hold anything */
    LEDGER_HEAD_DEPTH_MAX = 3, /* rows a heading may have */
    LEDGER_SHEETS_MAX = 256,   /* more are taken, but named by number only */
    LEDGER_COLUMNS_MAX = 500,
    LEDGER_ROWS_MAX = 700000,
    LEDGER_MARKS_MAX = 5000, /* kept; more are counted */
};

/* What is wrong in one cell, in the reader's language. */
struct remark {
    enum severity severity;
    int sheet; /* from 0 */
    str sheet_name;
    int64_t row; /* from 1; 0: the sheet as a whole */
    int column;  /* from 0 */
    str cell;    /* what stands there */
    str says;
};

/* The values one row of a ledger gives to one unit; cells that say nothing are absent. */
struct ledger_row {
    int place; /* in the tree */
    int sheet;
    int64_t row;
    struct value *values; /* in order of indicator number */
    int count;
};

/* Where a column's values go. */
struct ledger_column {
    int indicator;  /* place in the programme; NONE: not a column of values */
    int unit_level; /* level of the units it names; NONE */
    bool is_code;   /* codes of units */
    int gauge;      /* what the heading says the numbers are counted in; NONE: as declared */
    str title;      /* as it stands in the sheet */
};

struct ledger_job {
    const struct unit_tree *tree;
    const struct programme *programme;
    const struct numbers *numbers;
    int level; /* whose values the ledger holds */
    int root;  /* place in the tree: rows outside are passed over and counted */
    struct period period;
    int source;      /* place in the programme; NONE: the source each indicator declares */
    bool known_only; /* units that the register lacks are passed over, and every row that is passed
                        over gets a note */
};

struct ledger {
    const struct cx *cx;
    struct ledger_job job;

    struct ledger_row *rows;
    int row_count;
    struct remark *marks;
    int mark_count; /* kept */
    int errors;     /* found, kept or not */
    int warnings;
    int64_t cell_count;    /* values read */
    int64_t outside_count; /* rows of units outside the root, or of another level */
    int64_t total_count;   /* rows of totals */
    int64_t unknown_count; /* rows of units the register lacks; only with known_only */
    int64_t rounded_count; /* values with more decimals than are kept */
    const str *ignored;    /* headings of columns nobody knows */
    int ignored_count;

    struct ledger_state *state; /* while reading */
};

/* Begin a ledger; feed it with the reader below; then ledger_finish. */
enum rc ledger_begin(const struct cx *cx, const struct ledger_job *job,
                     struct ledger *out) MUST_CHECK;
struct sheet_reader ledger_reader(struct ledger *ledger);
/* Settle what can only be known at the end: units named twice, columns that look wrong as a whole.
 * RC_INVALID when no sheet has a heading that names a column of units and one of values. */
enum rc ledger_finish(struct ledger *ledger) MUST_CHECK;

/* Hold the ledger against what stands and against the programme's rules of data quality; adds
 * marks. `panel` is of the units of the ledger, loaded by the caller; it is left with the ledger's
 * values put in. */
void ledger_check(struct ledger *ledger, struct panel *panel);

/* The marks as a table: sheet, cell, what stands there, what is wrong. */
enum rc ledger_marks_table(const struct ledger *ledger, const struct table_sink *sink) MUST_CHECK;

#endif
