/* Deciding on proposed lineage: the list goes out as a table, comes back with a word in the column
 * of decisions, and is applied as a whole. */
#ifndef OFFICE_LINEAGE_DECIDE_H
#define OFFICE_LINEAGE_DECIDE_H

#include "office/lineage/lineage.h"

enum { DECISION_COLUMNS = 4, DECISION_HEADER_ROWS_MAX = 20, DECISION_BASIS_BYTES_MAX = 600 };

/* One row that says something. */
struct decision {
    int64_t row; /* as the file counts */
    int64_t id;  /* of the proposal */
    bool is_confirmed;
    str successor; /* code of the unit it really became, "" for the one proposed */
    str basis;     /* the document it rests on, "" for none */
};

/* Takes decided rows from any sheet or CSV reader; rows without a decision are passed over. The
 * headings are those of lineage_proposals_table, in either language. */
struct decision_reader {
    const struct cx *cx;
    struct decision *rows;
    int count;
    int room;
    int columns[DECISION_COLUMNS]; /* id, decision, successor, basis; NONE */
    bool is_reading;
};

void decision_reader_init(struct decision_reader *reader, const struct cx *cx);
struct sheet_reader decision_reader_sheet(struct decision_reader *reader);

struct decision_result {
    int64_t batch; /* 0: nothing was left to decide */
    int confirmed;
    int rejected;
    int again; /* decided so before */
};

/* Apply all decisions, or none: RC_INVALID or RC_CONFLICT names the row. Confirming a continuation
 * makes the newer unit the older one for good: its id becomes an alias, and no data is rewritten
 * (decision 0071). The same file twice changes nothing. The caller has entered a write. */
enum rc lineage_apply(const struct cx *cx, const struct programme *programme,
                      const struct decision_reader *decisions, str file_name, struct hash file_hash,
                      struct decision_result *out) MUST_CHECK;

#endif
