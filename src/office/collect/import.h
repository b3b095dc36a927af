/* Taking a ledger in: what would change, then all of it in one act, or nothing. */
#ifndef OFFICE_COLLECT_IMPORT_H
#define OFFICE_COLLECT_IMPORT_H

#include "office/collect/ledger.h"
#include "office/file/batch.h"

/* One value that the ledger would change. */
struct change {
    int row;             /* of the ledger */
    struct value before; /* state NOT_REPORTED with batch 0: never reported */
    struct value after;
};

struct change_list {
    struct change *changes; /* in the ledger's order */
    int count;
    struct change *conflicts; /* kept out: a higher-ranked source stands against them; without
                                 those kept out before */
    int conflict_count;
};

/* What would change. Values equal to what stands are no change; silence never overwrites what a
 * higher source says, be it a value or that the indicator does not apply. */
enum rc import_compare(const struct ledger *ledger, struct change_list *out) MUST_CHECK;

/* Old and new, one row a change. */
enum rc import_changes_table(const struct ledger *ledger, const struct change_list *list,
                             const struct table_sink *sink) MUST_CHECK;

/* Write the changes as one batch of the file, with its events: one in the root's log with a digest
 * for each partition, one a unit in its partition's log. A ledger with errors is refused with
 * RC_INVALID; one that changes nothing writes nothing and leaves batch->id 0. */
enum rc import_write(const struct ledger *ledger, const struct change_list *list,
                     struct batch *batch) MUST_CHECK;

/* What a higher-ranked source keeps out, beside what stands: of one period or of all, in one unit
 * or everywhere. Only words that still speak against what stands: the last one of each source,
 * unless that source was heard since. */
struct conflicts_of {
    const struct programme *programme;
    const struct numbers *numbers;
    struct period period;  /* key 0: all */
    struct unit_id within; /* 0: everywhere */
};
enum rc import_conflicts_table(const struct cx *cx, const struct conflicts_of *of,
                               const struct table_sink *sink) MUST_CHECK;

/* Undo a ledger's batch by a counter-batch: each value it wrote becomes what the batches that still
 * count say last, in whatever order batches are undone; nothing when they say nothing. */
enum rc import_revert(const struct cx *cx, int64_t batch_id, str reason,
                      struct batch *out) MUST_CHECK;

#endif
