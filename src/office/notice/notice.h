/* After tiers are approved: the notice to the public (公示), objections (异议), decisions on them.
 */
#ifndef OFFICE_NOTICE_NOTICE_H
#define OFFICE_NOTICE_NOTICE_H

#include "office/access/actor.h"
#include "office/audit/replay.h"
#include "office/tier/run.h"

enum { NOTICE_TEXT_MAX = 4000 };

/* A notice of an approved tier run, where it hangs, from a day up to, not including, another. */
struct notice {
    int64_t id;
    int64_t run;
    struct unit_id unit; /* of the run */
    date from;
    date to;
    str place;
    bool is_open;
};
/* Hang one out: run, days and place are given. RC_CONFLICT: the run is not an approved tier run, or
 * has a notice. */
enum rc notice_open(const struct cx *cx, struct notice *notice) MUST_CHECK;
/* Its days are over and every objection is decided: the tiers stand. RC_CONFLICT before that. */
enum rc notice_close(const struct cx *cx, int64_t id, date today) MUST_CHECK;
/* RC_MISSING with a message: none, or it concerns nothing in sight. */
enum rc notice_load(const struct cx *cx, int64_t id, struct notice *out) MUST_CHECK;
enum rc notice_table(const struct cx *cx, const struct table_sink *sink) MUST_CHECK;

/* An objection, put on record for somebody by a post of the unit's. */
struct appeal {
    int64_t id;
    int64_t notice;
    struct unit_id home;
    struct unit_id unit;
    str who;
    str text;
    str ground;
    str state; /* "open", "upheld", "dismissed" */
    str answer;
    int64_t person; /* who put it on record, 0: the owner */
};
/* notice, home, unit, who, text and ground are given. RC_CONFLICT when the notice does not hang
 * today; RC_INVALID when something is not said or too long. */
enum rc appeal_add(const struct cx *cx, struct appeal *appeal, date today) MUST_CHECK;
/* Decide, with reasons; by somebody else than who put it on record, and once. What is upheld is
 * followed by an exception or another run: the decision itself changes no tier. */
enum rc appeal_answer(const struct cx *cx, struct unit_id home, int64_t id, bool is_upheld,
                      str answer) MUST_CHECK;
enum rc appeal_table(const struct cx *cx, const struct unit_tree *tree, int64_t notice,
                     const struct table_sink *sink) MUST_CHECK;

/* How notices and objections are checked against the trace. */
extern const struct replay_table NOTICE_TABLES[];

#endif
