/* Replaying the trace against the tables: is every row still what the events say? Each room has a
 * table of the tables it owns and how they are checked; office/replay gathers them. */
#ifndef OFFICE_AUDIT_REPLAY_H
#define OFFICE_AUDIT_REPLAY_H

#include "office/audit/stamp.h"

/* What was looked at. Rows written before events spoke of them are not covered, and said to be. */
struct replay_count {
    int64_t rows;
    int64_t uncovered;
};

struct replay_table {
    str table;
    /* RC_BROKEN by event_wrong names the first record that is wrong. */
    enum rc (*check)(const struct cx *cx, const struct replay_table *self,
                     struct replay_count *out);
    const struct stamped *stamped; /* for replay_stamped */
};

/* A check for tables that are stamped: the newest stamp of each key against the rows, and every key
 * has one. */
enum rc replay_stamped(const struct cx *cx, const struct replay_table *self,
                       struct replay_count *out) MUST_CHECK;

/* `rows` stand in the table, `told` of them in events: more rows than that are wrong, or not
 * covered where the office was begun before events spoke of all. */
enum rc replay_compare(const struct cx *cx, str table, int64_t rows, int64_t told,
                       struct replay_count *out) MUST_CHECK;

/* "run 17…", for event_wrong; lives in cx->arena. */
str replay_where(const struct cx *cx, str table, int64_t key);

/* Of audit itself: the settings. Ends with a row without a table, as all such lists. */
extern const struct replay_table AUDIT_TABLES[];

#endif
