/* Lineage (沿革): how units came from one another. Proposed by an import, decided by a person,
 * never forgotten. */
#ifndef OFFICE_LINEAGE_LINEAGE_H
#define OFFICE_LINEAGE_LINEAGE_H

#include "base/sheet.h"
#include "base/table.h"
#include "calc/lineage/lineage.h"
#include "office/audit/replay.h"
#include "office/unit/unit.h"

enum lineage_state { LINEAGE_PROPOSED, LINEAGE_CONFIRMED, LINEAGE_REJECTED, LINEAGE_STATES };

/* One step on record. Ids are those of the day: a proposal to continue names the older unit and
 * the newer one; accepted at the import, both are the same. */
struct lineage_row {
    int64_t id;
    date day; /* of the register that shows it */
    enum lineage_kind kind;
    struct unit_id from; /* 0: none */
    struct unit_id to;   /* 0: none, or unknown */
    int64_t share_num;
    int64_t share_den;
    int confidence; /* thousandths */
    enum lineage_reason reason;
    int64_t count; /* what the reason counts */
    enum lineage_state state;
    str basis;
    struct unit_id home; /* the partition of `to`, else of `from` */
};

/* Every step with `since` < day <= `until`, oldest first; rows live in cx->arena. */
struct lineage_rows {
    struct lineage_row *rows;
    int count;
};
enum rc lineage_load(const struct cx *cx, date since, date until,
                     struct lineage_rows *out) MUST_CHECK;

enum rc lineage_insert(const struct cx *cx, const struct lineage_row *row,
                       int64_t batch) MUST_CHECK;

/* The trace of decided steps: a digest a partition for the act's own event, and then an event of
 * `kind` in the log of each partition, caused by it. */
struct lineage_digest {
    struct unit_id home;
    int count;
    struct hash hash; /* of ids, kinds, ends and shares, in the encoding of events */
};
/* Of the rows that are decided; lives in cx->arena. */
void lineage_digests(const struct cx *cx, const struct lineage_row *rows, int count,
                     struct lineage_digest **out, int *out_count);
void lineage_put_digests(struct event_body *body, const struct lineage_digest *digests, int count);
struct lineage_act {
    str kind;
    int64_t batch;
    const struct lineage_digest *digests;
    int count;
};
enum rc lineage_tell_homes(const struct cx *cx, const struct lineage_act *act,
                           const struct event_ref *cause) MUST_CHECK;

/* Where units with logs of their own ended in others, the others' logs say where they go on from:
 * the ended log, its size and root. */
enum rc lineage_tell_logs(const struct cx *cx, const struct lineage_row *rows, int count,
                          const struct event_ref *cause) MUST_CHECK;
/* Stamp units and lineage as an act left them; and how they are checked. */
enum rc lineage_stamp(const struct cx *cx, const struct event_ref *cause) MUST_CHECK;
extern const struct replay_table LINEAGE_TABLES[];

/* Does what was decided agree: joined units are one, shares stay within one, and every row is what
 * the events of its partition say? RC_BROKEN names the first record that does not. */
enum rc lineage_check(const struct cx *cx) MUST_CHECK;

/* Identifiers as in the database and in JSON: "merge", "proposed", "same_code". */
str lineage_kind_key(enum lineage_kind kind);
str lineage_state_key(enum lineage_state state);
/* The same for people, in cx->lang. */
str lineage_kind_text(const struct cx *cx, enum lineage_kind kind);
str lineage_state_text(const struct cx *cx, enum lineage_state state);
/* Why, in words. */
str lineage_reason_text(const struct cx *cx, const struct lineage_row *row);

#endif
