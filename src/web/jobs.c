/* The line of long work and its threads. */
#include "web/jobs.h"

#include <pthread.h>
#include <stdatomic.h>

#include "web/form.h"
#include "web/phase.h"
#include "web/server_in.h"

struct job {
    struct arena arena; /* holds the job itself */
    struct http_request *request;
    int64_t person;
    _Atomic bool is_stopped;
    struct progress progress;
    struct job *next; /* in the line */
};

struct job_thread {
    struct jobs *jobs;
    pthread_t thread;
    int lane;
    struct job *job; /* in hand; under jobs.lock */
};

struct jobs {
    struct server *server;
    pthread_mutex_t lock;
    pthread_cond_t has_work;
    struct job *first; /* waiting, in the order they came */
    struct job *last;
    int waiting;
    bool is_stopping;
    int running;
    struct job_thread threads[JOB_THREADS];
};

static void note_progress(void *self, enum msg_id what, int64_t done, int64_t total)
{
    (void)self;
    (void)what;
    (void)done;
    (void)total;
}

static bool is_stopped(void *self)
{
    struct job *job = self;

    return atomic_load(&job->is_stopped);
}

static struct job *job_new(struct call *call)
{
    struct arena arena;

    arena_init(&arena, ARENA_MIB);
    struct job *job = ARENA_NEW(&arena, struct job, 1);
    *job = (struct job){
        .arena = arena,
        .request = call->request,
        .person = call->actor.person,
        .progress = {job, note_progress, is_stopped},
    };
    return job;
}

static void job_drop(struct job *job)
{
    struct arena arena = job->arena;

    arena_done(&arena);
}

/* ---- the line ---- */

static int waiting_of(const struct jobs *jobs, int64_t person)
{
    int count = 0;

    for (const struct job *job = jobs->first; job != NULL; job = job->next) {
        count += job->person == person ? 1 : 0;
    }
    return count;
}

/* With the lock held. */
static enum rc check_room(const struct jobs *jobs, int64_t person, struct err *err)
{
    if (jobs->is_stopping) {
        return err_set(err, RC_BUSY, MSG_WEB_STOPPING);
    }
    if (jobs->waiting >= JOBS_WAITING_MAX) {
        return err_set(err, RC_BUSY, MSG_WEB_JOBS_MANY, arg_count(jobs->waiting));
    }
    return waiting_of(jobs, person) < JOBS_OF_ONE_MAX
               ? RC_OK
               : err_set(err, RC_BUSY, MSG_WEB_JOBS_OF_ONE, arg_count(JOBS_OF_ONE_MAX));
}

static void append(struct jobs *jobs, struct job *job)
{
    if (jobs->first == NULL) {
        jobs->first = job;
    } else {
        jobs->last->next = job;
    }
    jobs->last = job;
    jobs->waiting++;
    MUST(pthread_cond_signal(&jobs->has_work) == 0);
}

enum rc jobs_put(struct jobs *jobs, struct call *call)
{
    struct job *job = job_new(call);

    MUST(pthread_mutex_lock(&jobs->lock) == 0);
    enum rc rc = check_room(jobs, job->person, &call->act.err);
    if (rc == RC_OK) {
        http_defer(call->request);
        act_done(&call->act); /* the job begins one of its own */
        append(jobs, job);
    }
    MUST(pthread_mutex_unlock(&jobs->lock) == 0);
    if (rc != RC_OK) {
        job_drop(job);
    }
    return rc;
}

static struct job *take(struct job_thread *self)
{
    struct jobs *jobs = self->jobs;

    MUST(pthread_mutex_lock(&jobs->lock) == 0);
    while (jobs->first == NULL && !jobs->is_stopping) {
        MUST(pthread_cond_wait(&jobs->has_work, &jobs->lock) == 0);
    }
    struct job *job = jobs->first;
    if (job != NULL) {
        jobs->first = job->next;
        jobs->waiting--;
        atomic_store(&job->is_stopped, jobs->is_stopping);
    }
    self->job = job;
    MUST(pthread_mutex_unlock(&jobs->lock) == 0);
    return job;
}

/* ---- the work ---- */

/* Beside other acts; when what it has read is overtaken, anew, and in the end while they wait. */
static struct call *run(struct jobs *jobs, struct job *job)
{
    for (int tries = 1;; tries++) {
        struct call *call = call_begin(jobs->server, job->request, job->request->user);
        call->act.cx.progress = &job->progress;
        call->rc = form_read(call);
        if (call->rc == RC_OK) {
            phase_run(call, tries > JOB_TRIES_MAX);
        }
        if (!call->is_stale || tries == JOB_TRIES_MAX + CROSSED_TRIES_MAX) {
            return call;
        }
        call_drop(call);
    }
}

static void *work(void *self)
{
    struct job_thread *thread = self;
    struct job *job = NULL;

    while ((job = take(thread)) != NULL) {
        job->request->lane = thread->lane;
        call_answer(run(thread->jobs, job));
        MUST(pthread_mutex_lock(&thread->jobs->lock) == 0);
        thread->job = NULL;
        MUST(pthread_mutex_unlock(&thread->jobs->lock) == 0);
        job_drop(job);
    }
    return NULL;
}

enum rc jobs_start(struct server *server, int lane, struct jobs **out, struct err *err)
{
    struct jobs *jobs = ARENA_NEW(&server->arena, struct jobs, 1);

    *jobs = (struct jobs){.server = server};
    *out = jobs;
    MUST(pthread_mutex_init(&jobs->lock, NULL) == 0);
    MUST(pthread_cond_init(&jobs->has_work, NULL) == 0);
    for (; jobs->running < JOB_THREADS; jobs->running++) {
        struct job_thread *thread = &jobs->threads[jobs->running];
        *thread = (struct job_thread){.jobs = jobs, .lane = lane + jobs->running};
        if (pthread_create(&thread->thread, NULL, work, thread) != 0) {
            return err_set(err, RC_BROKEN, MSG_WEB_THREAD);
        }
    }
    return RC_OK;
}

void jobs_quit(struct jobs *jobs)
{
    if (jobs == NULL) {
        return;
    }
    MUST(pthread_mutex_lock(&jobs->lock) == 0);
    jobs->is_stopping = true;
    for (int i = 0; i < jobs->running; i++) {
        if (jobs->threads[i].job != NULL) {
            atomic_store(&jobs->threads[i].job->is_stopped, true);
        }
    }
    MUST(pthread_cond_broadcast(&jobs->has_work) == 0);
    MUST(pthread_mutex_unlock(&jobs->lock) == 0);
}

void jobs_stop(struct jobs *jobs)
{
    if (jobs == NULL) {
        return;
    }
    jobs_quit(jobs);
    for (int i = 0; i < jobs->running; i++) {
        MUST(pthread_join(jobs->threads[i].thread, NULL) == 0);
    }
    MUST(pthread_cond_destroy(&jobs->has_work) == 0);
    MUST(pthread_mutex_destroy(&jobs->lock) == 0);
}
