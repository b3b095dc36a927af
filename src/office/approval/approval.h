/* Two persons (双人办理): what one proposes, another decides, who holds another post and sits in
 * another session. One mechanism for every act that needs it. */
#ifndef OFFICE_APPROVAL_APPROVAL_H
#define OFFICE_APPROVAL_APPROVAL_H

#include "office/access/actor.h"
#include "office/audit/replay.h"

enum matter {
    MATTER_OVERRIDE, /* a unit in a tier against the rules */
    MATTER_TIERS,    /* carrying out a tier run */
    MATTER_PLAN,     /* carrying out a plan */
    MATTER_EXPORT,   /* more rows than anybody may take out alone */
    MATTER_RESTORE,  /* putting a backup in the place of the data */
    MATTER_COUNT,
};

struct matter_row {
    str id;
    enum msg_id name;
    enum right proposes;
    enum right decides;
    int days;           /* to decide in */
    bool is_resolution; /* it carries out what a body resolved: body, day and minutes are named */
};
extern const struct matter_row MATTERS[MATTER_COUNT];

enum proposal_state {
    PROPOSAL_PROPOSED,
    PROPOSAL_APPROVED,
    PROPOSAL_REFUSED,
    PROPOSAL_WITHDRAWN,
    PROPOSAL_DONE,
    PROPOSAL_STATES,
};
enum proposal_verb { VERB_APPROVE, VERB_REFUSE, VERB_WITHDRAW, VERB_DO };

/* What a body resolved. */
struct resolution {
    str body;
    date day; /* 0 days: not said */
    str minutes;
    struct hash document;
    bool has_document;
};

struct proposal {
    int64_t id;
    enum matter matter;
    struct unit_id unit; /* {0}: the whole office */
    int64_t target;      /* a unit, a run */
    str topic;           /* of an exception: the scheme */
    str wanted;          /* of an exception: the tier, "" to take one back */
    struct hash digest;  /* of what is proposed, as it is now */
    str reason;
    struct resolution resolution;
    enum proposal_state state;
    int64_t proposer; /* 0: the owner */
    str proposer_post;
    int64_t proposer_session;
    str actor;
    int64_t at_ms;
    int64_t ends_ms;
    int64_t decider; /* 0: nobody yet */
    str decided_by;
    int64_t decided_ms;
    str remark;
};

/* Where a verb leads from a state; PROPOSAL_STATES: nowhere. */
enum proposal_state proposal_after(enum proposal_state state, enum proposal_verb verb);

/* Ask for it: matter to resolution are given, the rest is filled in here. A person's proposal waits
 * (`*out_waits`: its id); the owner at the command line needs nobody (`*out_waits` 0: go on), and
 * the same record says so. RC_DENIED or RC_MISSING without the right to propose there, RC_CONFLICT
 * when the same waits already. */
enum rc proposal_ask(const struct cx *cx, struct proposal *proposal, int64_t *out_waits) MUST_CHECK;

/* Approve or refuse. RC_DENIED for whoever proposed it, for the same post or session, without the
 * right, without having proved lately who he is, and for the owner: his own acts need none.
 * RC_CONFLICT when it waits no more. What was approved is then carried out by its own room, in the
 * same act, which ends in proposal_done. */
enum rc proposal_decide(const struct cx *cx, int64_t id, bool is_approved, str remark,
                        struct proposal *out) MUST_CHECK;
/* By whoever proposed it. */
enum rc proposal_withdraw(const struct cx *cx, int64_t id) MUST_CHECK;
/* Carried out: what it is about must still be what was proposed (`now`), else RC_CONFLICT. Only
 * once. */
enum rc proposal_done(const struct cx *cx, const struct proposal *proposal,
                      struct hash now) MUST_CHECK;

/* What cx->person proposed, another approved and nobody carried out yet: 0 when there is none, or
 * it is longer ago than the matter's days. */
enum rc proposal_released(const struct cx *cx, enum matter matter, struct hash digest,
                          int64_t *out_id) MUST_CHECK;

/* RC_MISSING with a message: none, or out of sight; RC_DENIED of the whole office's, for those who
 * have no part in it. */
enum rc proposal_load(const struct cx *cx, int64_t id, struct proposal *out) MUST_CHECK;
/* Those within sight, newest first. */
enum rc proposal_table(const struct cx *cx, const struct programme *programme,
                       const struct table_sink *sink) MUST_CHECK;
/* "县委农办会议，2025-01-10，纪要第1号" */
str resolution_text(const struct resolution *resolution, struct arena *arena);

/* How proposals are checked against the trace. */
extern const struct replay_table PROPOSAL_TABLES[];

#endif
