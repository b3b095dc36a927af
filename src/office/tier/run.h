/* Runs: every computed tiering and plan, with all it rests on, so that it can be made again. */
#ifndef OFFICE_TIER_RUN_H
#define OFFICE_TIER_RUN_H

#include "base/hash.h"
#include "base/table.h"
#include "office/audit/replay.h"
#include "office/office.h"
#include "office/programme/programme.h"
#include "office/unit/unit.h"

struct resolution; /* office/approval */
struct proposal;

struct run {
    int64_t id;
    str kind; /* "tier", "plan" */
    str scheme;
    struct period period;
    date register_day;
    struct unit_id root;
    struct hash programme;
    int64_t data_batch; /* the last batch it saw: the generation of the data */
    str program;        /* version of this program */
    int64_t seed;
    int64_t draws;
    int64_t rests_on; /* a plan: the tier run; 0 */
    str summary;      /* what it said in short, packed by its own room */
    int64_t at_ms;
    str actor;
    str resolution;        /* "" until approved */
    struct event_ref told; /* its event, filled in by run_add */
};

/* Write a run; id, data_batch, time and actor are filled in here. */
enum rc run_add(const struct cx *cx, struct run *run) MUST_CHECK;
/* RC_MISSING with a message when there is none of that number, or it concerns nothing in sight. */
enum rc run_load(const struct cx *cx, int64_t id, struct run *out) MUST_CHECK;
/* The newest of a kind that concerns something in sight; RC_MISSING with a message when there is
 * none. */
enum rc run_newest(const struct cx *cx, str kind, struct run *out) MUST_CHECK;
/* The approved tier run of `scheme` for the latest period before `period`; RC_MISSING leaves err
 * alone. */
enum rc run_approved_before(const struct cx *cx, str scheme, struct period period,
                            struct run *out) MUST_CHECK;

/* How runs, results, exceptions and approvals are checked against the trace. */
extern const struct replay_table TIER_TABLES[];

/* Note the resolution that carries a run out: at once when the owner does; a person's is proposed,
 * and waits as `*out_waits` for another person (0: it is noted). RC_CONFLICT when it has one. */
enum rc run_approve(const struct cx *cx, int64_t id, const struct resolution *resolution,
                    int64_t *out_waits) MUST_CHECK;
/* After the other person's decision. RC_CONFLICT when the run is not what was proposed. */
enum rc run_approve_carry_out(const struct cx *cx, const struct proposal *proposal) MUST_CHECK;

/* The runs that concern something in sight, newest first; and one with everything it rests on. */
enum rc run_table(const struct cx *cx, const struct programme *programme,
                  const struct table_sink *sink) MUST_CHECK;
enum rc run_show(const struct cx *cx, const struct programme *programme, const struct run *run,
                 const struct table_sink *sink) MUST_CHECK;

#endif
