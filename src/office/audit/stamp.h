/* Stamps: how many rows an act left in a table, and a digest of them, put into the office's log in
 * the same transaction. A stamp holds until the next one of the same rows; rows that are not what
 * their newest stamp says were changed past the office. */
#ifndef OFFICE_AUDIT_STAMP_H
#define OFFICE_AUDIT_STAMP_H

#include "office/audit/audit.h"

/* A table that is stamped, as a whole or by a key (a batch, a run). Rows are read in the order of
 * their primary key, every column of them. */
struct stamped {
    str table;
    const struct sql *rows; /* takes the key where there is one */
    const struct sql *keys; /* every key of the table; NULL: it is stamped as a whole, key 0 */
};

struct stamp {
    int64_t count;
    struct hash digest; /* each row's bytes hashed behind the digest so far */
};

/* Stamp the rows as they stand now; `cause` is the event of the act. */
enum rc stamp_add(const struct cx *cx, const struct stamped *what, int64_t key,
                  const struct event_ref *cause) MUST_CHECK;
/* What a stamp of the rows as they stand would say. */
enum rc stamp_now(const struct cx *cx, const struct stamped *what, int64_t key,
                  struct stamp *out) MUST_CHECK;

/* Its event: kind, and the fields table, key, count, digest. */
extern const str EVENT_STAMP;

/* Settings of the office, stamped as a whole. */
extern const struct stamped SETTINGS_STAMPED;

#endif
