/* The trace (留痕): what happened, in order, in the log of the unit that owns it. An event is
 * written in the same transaction as the change it speaks of, and is never changed. */
#ifndef OFFICE_AUDIT_AUDIT_H
#define OFFICE_AUDIT_AUDIT_H

#include "base/hash.h"
#include "office/office.h"

/* The body of an event: fields in a fixed order, each tagged with its kind and length, so that
 * the same facts always give the same bytes. */
struct event_body {
    struct buf bytes;
};

enum { EVENT_BODY_MAX = 1 << 20 };

void event_body_init(struct event_body *body, struct arena *arena);
void event_body_int(struct event_body *body, int64_t number);
void event_body_text(struct event_body *body, str text);
void event_body_hash(struct event_body *body, struct hash hash);

/* An event's place. */
struct event_ref {
    struct unit_id log;
    int64_t seq;
};

/* Append to the log of `log`. `kind` is "room.act" ("ledger.import"); `cause` may be NULL: the
 * event of which this one is a consequence. The digest covers everything but itself:
 * SHA-256(log, seq, time, actor, kind, cause, body) in the encoding of the body. The same bytes are
 * a leaf of the log's Merkle tree (tree.h), whose head grows in the same transaction. */
enum rc event_add(const struct cx *cx, struct unit_id log, str kind, const struct event_body *body,
                  const struct event_ref *cause, struct event_ref *out) MUST_CHECK;

/* The log of the whole office, for acts before there is a unit: definitions, the first register. */
extern const struct unit_id LOG_OFFICE;

/* Every event of one log, oldest first. */
struct event {
    struct event_ref ref;
    int64_t at_ms;
    str actor;
    str kind;
    struct event_ref cause; /* seq 0: none */
    str body;
    struct hash digest;
};
typedef enum rc (*event_take)(void *self, const struct event *event);
enum rc event_each(const struct cx *cx, struct unit_id log, event_take take, void *self) MUST_CHECK;
/* Those from `first` to `last`. */
enum rc event_each_between(const struct cx *cx, struct unit_id log, int64_t first, int64_t last,
                           event_take take, void *self) MUST_CHECK;
/* Every event of one kind, log by log: for checks. */
enum rc event_each_of_kind(const struct cx *cx, str kind, event_take take, void *self) MUST_CHECK;

/* The fields of a body in their order, as they were put in; a body that has not what is asked for
 * is broken, and gives nothing from there on. */
struct event_reader {
    str rest;
    bool is_broken;
};
int64_t event_read_int(struct event_reader *reader);
str event_read_text(struct event_reader *reader);
struct hash event_read_hash(struct event_reader *reader);

/* The canonical bytes of an event: what its digest covers, and the leaf of its log's tree. */
str event_leaf(struct arena *arena, const struct event *event);

/* RC_BROKEN: the record of that log and number is wrong, why, and in which rows ("value 14:2024").
 * Number 0 is the log as a whole. */
enum rc event_wrong(const struct cx *cx, struct event_ref at, enum msg_id why, str where);

/* Is every event of a log still what it was when it was written, without a gap? RC_BROKEN names
 * the first that is not. */
enum rc event_check(const struct cx *cx, struct unit_id log) MUST_CHECK;
/* The same of every log there is. */
enum rc event_check_all(const struct cx *cx) MUST_CHECK;

#endif
