/* What the files of long work share. The line, and of `struct work` all from `shown` on, is under
 * jobs.lock; the rest is its thread's alone. */
#ifndef WEB_JOBS_IN_H
#define WEB_JOBS_IN_H

#include <pthread.h>
#include <stdatomic.h>

#include "web/jobs.h"
#include "web/server_in.h"

enum stop { STOP_NOT, STOP_CANCELLED, STOP_SERVER };

/* Somebody who looks on; in the arena of the request. */
struct watcher {
    struct http_request *request;
    enum lang lang;
    struct watcher *next;
};

/* One piece of long work. */
struct work {
    struct arena arena; /* holds the work itself */
    struct jobs *jobs;
    int64_t id;                   /* of the job; 0: somebody waits for the answer */
    int64_t person;               /* whom it counts for in the line */
    struct http_request *request; /* of a job: made when its turn comes */
    _Atomic int stop;             /* enum stop */
    struct progress progress;
    struct job_progress shown;
    int64_t told_ms; /* when those who look on were last told */
    struct watcher *watchers;
    struct work *next; /* in the line */
};

struct job_thread {
    struct jobs *jobs;
    pthread_t thread;
    int lane;
    struct work *work; /* in hand */
};

struct jobs {
    struct server *server;
    pthread_mutex_t lock;
    pthread_cond_t has_work;
    struct work *first; /* waiting, in the order they came */
    struct work *last;
    bool is_stopping;
    int running;
    struct job_thread threads[JOB_THREADS];
};

/* work.c: do it and answer whoever waits; or, of a job, from its begin to its end. What became of
 * it is returned. */
enum job_state work_do(struct work *work, int lane);

/* watch.c: the hooks of work->progress. */
void watch_step(void *self, enum msg_id what, int64_t done, int64_t total);
bool watch_is_stopped(void *self);
/* Without the lock: its state has changed, and those who look on are told. */
void watch_state(struct work *work, enum job_state state);
/* With the lock held: those who look on are let go. */
void watch_end(struct work *work);

/* jobs.c, with the lock held: by number, waiting or in hand; NULL when it is neither. */
struct work *jobs_find(struct jobs *jobs, int64_t id);

#endif
