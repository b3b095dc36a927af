/* Long work: requests that take seconds or more wait in a line of bounded length for one of a few
 * threads, so that neither those who write nor those who read wait for them. */
#ifndef WEB_JOBS_H
#define WEB_JOBS_H

#include "web/call.h"

struct jobs;

enum {
    JOB_THREADS = 2,
    JOBS_WAITING_MAX = 32,
    JOBS_OF_ONE_MAX = 4,   /* waiting, of one person */
    JOB_TRIES_MAX = 3,     /* beside other acts; then it is done while all others wait */
    CROSSED_TRIES_MAX = 5, /* of those; who still crosses other transactions is told so */
    JOB_RETRY_S = 10,      /* told to those who find the line full */
};

/* Threads that have their own connections: server->readers from lane `lane` on. */
enum rc jobs_start(struct server *server, int lane, struct jobs **out, struct err *err) MUST_CHECK;
/* Do what the call asks for and answer it: on RC_OK its request is deferred and the call is not to
 * be touched any more. RC_BUSY: too many wait. */
enum rc jobs_put(struct jobs *jobs, struct call *call) MUST_CHECK;
/* Take no more; those that run or wait are stopped and answered. NULL is fine. */
void jobs_quit(struct jobs *jobs);
/* The same, and wait for their end. NULL is fine. */
void jobs_stop(struct jobs *jobs);

#endif
