/* Long work that somebody asked for from afar (后台任务): who asked what, how far it is, what came
 * of it. What it does to the office is told by its own act, and ends in the same transaction. */
#ifndef OFFICE_JOB_JOB_H
#define OFFICE_JOB_JOB_H

#include "base/hash.h"
#include "office/office.h"

enum {
    JOBS_WAITING_MAX = 32,
    JOBS_OF_ONE_MAX = 4, /* waiting, of one person */
    JOB_BEGUN_MAX = 2,   /* times it is begun; a program that died over it twice leaves it lost */
    JOB_DAYS = 30,       /* it can be looked up after its end */
    JOBS_LISTED_MAX = 200,
};

enum job_state { JOB_WAITING, JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED, JOB_LOST };
extern const str JOB_STATES[]; /* by state: "waiting"… */

/* What came of it, as its door would have answered. */
struct job_answer {
    int status;
    str media;
    str file_name;
    struct hash bytes; /* of a kept file */
};

struct job {
    int64_t id;
    int64_t person;
    int64_t session;
    bool is_token;
    int64_t fresh_ms;
    str work;
    str asked;
    bool has_body;
    struct hash body; /* of a kept file */
    enum job_state state;
    int tries;
    int64_t asked_ms;
    int64_t begun_ms;
    int64_t ended_ms;
    bool has_answer;
    struct job_answer answer;
};

/* Is it over, one way or another? */
bool job_has_ended(const struct job *job);

/* Ask: id, state and time are filled in here. Drops what ended long ago. RC_BUSY: too many wait. */
enum rc job_add(const struct cx *cx, struct job *job) MUST_CHECK;
/* RC_MISSING with a message: there is none, or it is not that person's. Texts live in cx->arena. */
enum rc job_load(const struct cx *cx, int64_t person, int64_t id, struct job *out) MUST_CHECK;
/* Of one person, newest first, JOBS_LISTED_MAX at most. */
typedef enum rc (*job_take)(void *self, const struct job *job);
enum rc job_each(const struct cx *cx, int64_t person, job_take take, void *self) MUST_CHECK;

/* It is in hand now; `out` is what it is. RC_CONFLICT: it waits no more. */
enum rc job_begin(const struct cx *cx, int64_t id, struct job *out) MUST_CHECK;
/* It was running and is over: done, failed or cancelled. `answer` may be NULL: it has none. */
enum rc job_end(const struct cx *cx, int64_t id, enum job_state state,
                const struct job_answer *answer) MUST_CHECK;
/* It was running, and is to be begun again as if it never had been. */
enum rc job_put_back(const struct cx *cx, int64_t id) MUST_CHECK;
/* Cancel what waits; RC_CONFLICT without a message when it does not. */
enum rc job_cancel(const struct cx *cx, int64_t person, int64_t id) MUST_CHECK;

/* After a start: what ran when the program ended waits again, or is lost where that was the last
 * time. */
enum rc job_recover(const struct cx *cx) MUST_CHECK;
/* Those that wait, and whose they are, in the order they were asked. */
typedef enum rc (*job_take_waiting)(void *self, int64_t id, int64_t person);
enum rc job_each_waiting(const struct cx *cx, job_take_waiting take, void *self) MUST_CHECK;

#endif
