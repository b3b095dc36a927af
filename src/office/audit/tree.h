/* The Merkle trees of the logs (calc/merkle): a head that grows with every event, kept subtrees,
 * and proofs from them. A leaf is the canonical bytes of an event, those that its digest covers. */
#ifndef OFFICE_AUDIT_TREE_H
#define OFFICE_AUDIT_TREE_H

#include "calc/merkle/merkle.h"
#include "office/audit/audit.h"

/* Subtrees from this level on are kept; smaller ones are made again from at most 8 events. */
enum { TREE_KEPT_LEVEL = 4 };

/* The head of a log as kept; empty where none is. */
enum rc tree_head(const struct cx *cx, struct unit_id log, struct merkle_range *out) MUST_CHECK;
/* The same, and where none is, made and kept from the events there are: a log may have been begun
 * before there were heads. */
enum rc tree_begin(const struct cx *cx, struct unit_id log, struct merkle_range *out) MUST_CHECK;
/* Grow the log by the event's canonical bytes and keep its head: in the transaction of event_add,
 * which alone calls it. */
enum rc tree_grow(const struct cx *cx, struct unit_id log, struct merkle_range *head,
                  str leaf) MUST_CHECK;

/* Subtrees of a log, for proofs. */
struct tree_reading {
    const struct cx *cx;
    struct unit_id log;
};
struct merkle_source tree_source(struct tree_reading *reading);

/* Every log there is, in order of id. */
typedef enum rc (*log_take)(void *self, struct unit_id log);
enum rc tree_each_log(const struct cx *cx, log_take take, void *self) MUST_CHECK;

#endif
