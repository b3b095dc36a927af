/* Lineage (沿革): how units came from one another. Proposed by an import, decided by a person,
 * never forgotten. */
#ifndef OFFICE_UNIT_LINEAGE_H
#define OFFICE_UNIT_LINEAGE_H

#include "base/sheet.h"
#include "base/table.h"
#include "calc/lineage/lineage.h"
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
};

/* Every step with `after` < day <= `until`, oldest first; rows live in cx->arena. */
struct lineage_rows {
    struct lineage_row *rows;
    int count;
};
enum rc lineage_load(const struct cx *cx, date after, date until,
                     struct lineage_rows *out) MUST_CHECK;

/* Identifiers as in the database and in JSON: "merge", "proposed", "same_code". */
str lineage_kind_key(enum lineage_kind kind);
str lineage_state_key(enum lineage_state state);
/* The same for people, in cx->lang. */
str lineage_kind_text(const struct cx *cx, enum lineage_kind kind);
str lineage_state_text(const struct cx *cx, enum lineage_state state);
/* Why, in words. */
str lineage_reason_text(const struct cx *cx, const struct lineage_row *row);

#endif
