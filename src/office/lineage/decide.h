/* Deciding on proposed lineage: the list goes out as a table, comes back with a word in the column
 * of decisions, and is applied as a whole. */
#ifndef OFFICE_LINEAGE_DECIDE_H
#define OFFICE_LINEAGE_DECIDE_H

#include "office/file/batch.h"
#include "office/lineage/lineage.h"

enum {
    DECISION_COLUMNS = 4,
    DECISION_HEADER_ROWS_MAX = 20,
    DECISION_BASIS_BYTES_MAX = 600,
    DECISION_FAULTS_MAX = 200, /* kept; all are counted */
};

/* What a person may put in the column of decisions, by the first spelling in `lang`. */
enum decision_word { DECISION_CONFIRM, DECISION_REJECT, DECISION_OTHER, DECISION_WORDS };
str decision_word_text(const struct cx *cx, enum decision_word word);

/* One row that says something. */
struct decision {
    str sheet;
    int64_t row; /* as the file counts */
    int64_t id;  /* of the proposal */
    enum decision_word word;
    str successor; /* DECISION_OTHER: code of the unit it really became; else "" */
    str basis;     /* the document it rests on, "" for none */
};

/* Why a row cannot be applied, and at which cell. */
struct decision_fault {
    str sheet;
    int64_t row;
    int column; /* from 0 */
    str cell;   /* what stands there */
    enum msg_id msg;
    str says;
};

/* Takes decided rows from any sheet or CSV reader; rows without a decision are passed over. The
 * headings are those of lineage_steps_table, in either language. Rows that cannot be become
 * faults. */
struct decision_reader {
    const struct cx *cx;
    struct decision *rows;
    int count;
    int room;
    struct decision_fault *faults;
    int fault_count; /* kept */
    int64_t faults_found;
    str sheet;                     /* being read */
    int columns[DECISION_COLUMNS]; /* id, decision, successor, basis; NONE */
    bool is_reading;
    bool has_heading; /* in any sheet */
};

void decision_reader_init(struct decision_reader *reader, const struct cx *cx);
struct sheet_reader decision_reader_sheet(struct decision_reader *reader);

/* Where the decisions come from, and why they are applied. */
struct decision_act {
    str file_name;
    struct hash file_hash;
    str reason; /* the basis of rows that name none; not blank */
};

struct decision_result {
    int64_t batch; /* 0: nothing was left to decide */
    int confirmed; /* those with another successor included */
    int rejected;
    int again;                /* decided so before */
    struct lineage_rows rows; /* as decided, and steps a person named instead */
};

/* Apply all decisions, or none: then RC_INVALID, and each reason is among the reader's faults, or
 * the file holds no decision. Confirming a continuation makes the newer unit the older one for
 * good: its id becomes an alias, and no data is rewritten (decision 0071). The same file twice
 * changes nothing. The caller has entered a write. */
enum rc lineage_apply(const struct cx *cx, const struct programme *programme,
                      struct decision_reader *decisions, const struct decision_act *act,
                      struct decision_result *out) MUST_CHECK;

/* Undo an act of deciding by a counter-batch: its steps are proposals again, steps a person named
 * instead are gone, units it joined are apart. RC_CONFLICT names what was built on it: a later
 * batch, a run that a resolution carries out, an exception to the tiers. */
enum rc lineage_revert(const struct cx *cx, int64_t batch_id, str reason,
                       struct batch *out) MUST_CHECK;

/* The faults as a table: sheet, row, column, what stands there, why it cannot be. */
enum rc decision_faults_table(const struct decision_reader *decisions,
                              const struct table_sink *sink) MUST_CHECK;

#endif
