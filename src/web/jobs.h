/* Long work: requests that take seconds or more wait in a line of bounded length for one of a few
 * threads, so that neither those who write nor those who read wait for them. Whoever asked waits
 * for the answer, or has it kept as a job (office/job) and looks in now and then. */
#ifndef WEB_JOBS_H
#define WEB_JOBS_H

#include "office/job/job.h"
#include "web/call.h"

struct jobs;

enum {
    JOB_THREADS = 2,
    JOB_TRIES_MAX = 3,     /* beside other acts; then it is done while all others wait */
    CROSSED_TRIES_MAX = 5, /* of those; who still crosses other transactions is told so */
    JOB_TELL_MS = 250,     /* those who look on are told no more often */
};

/* How far it is; `state` is of this moment. */
struct job_progress {
    enum job_state state;
    bool has_stage;
    enum msg_id stage;
    int64_t done;
    int64_t total; /* 0: not known */
    int64_t turn;  /* rises whenever any of this changes */
};

/* Threads that have their own connections: server->readers from lane `lane` on. */
enum rc jobs_start(struct server *server, int lane, struct jobs **out, struct err *err) MUST_CHECK;
/* Do what the call asks for and answer it: on RC_OK its request is deferred and the call is not to
 * be touched any more. RC_BUSY: too many wait. */
enum rc jobs_put(struct jobs *jobs, struct call *call) MUST_CHECK;
/* A job that waits joins the line. */
void jobs_add(struct jobs *jobs, int64_t id, int64_t person);
/* Tell a job to stop; false: it neither waits nor runs. */
bool jobs_cancel(struct jobs *jobs, int64_t id);
/* How far a job is; false: it neither waits nor runs. */
bool jobs_look(struct jobs *jobs, int64_t id, struct job_progress *out);
/* Look on until it ends: the request of the call becomes a stream of events, and the call is not to
 * be touched any more. `seen` is the last event that is known already, -1 for none. False: as
 * jobs_look, and nothing was done. */
bool jobs_watch(struct jobs *jobs, int64_t id, struct call *call, int64_t seen);
/* An event by itself. */
bool jobs_push(struct http_request *request, int64_t id, const struct job_progress *shown,
               enum lang lang);
/* Take no more; those that run or wait are stopped and answered, jobs wait for the next start.
 * NULL is fine. */
void jobs_quit(struct jobs *jobs);
/* The same, and wait for their end. NULL is fine. */
void jobs_stop(struct jobs *jobs);

#endif
