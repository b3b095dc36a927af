/* The line of long work and its threads. */
#include "base/clock.h"
#include "web/jobs_in.h"

static struct work *work_new(struct jobs *jobs, int64_t id)
{
    struct arena arena;

    arena_init(&arena, ARENA_JOB_MAX);
    struct work *work = ARENA_NEW(&arena, struct work, 1);
    *work = (struct work){.arena = arena, .jobs = jobs, .id = id};
    work->progress = (struct progress){work, watch_step, watch_is_stopped};
    return work;
}

static void work_drop(struct work *work)
{
    struct arena arena = work->arena;

    arena_done(&arena);
}

static void lock(struct jobs *jobs)
{
    MUST(pthread_mutex_lock(&jobs->lock) == 0);
}

static void unlock(struct jobs *jobs)
{
    MUST(pthread_mutex_unlock(&jobs->lock) == 0);
}

/* ---- the line; with the lock held ---- */

/* Those that wait, of one person or (0) of all; what was cancelled takes no room. */
static int waiting_of(const struct jobs *jobs, int64_t person)
{
    int count = 0;

    for (const struct work *work = jobs->first; work != NULL; work = work->next) {
        bool is_counted = person == 0 || work->person == person;
        count += is_counted && atomic_load(&work->stop) == STOP_NOT ? 1 : 0;
    }
    return count;
}

static enum rc check_room(const struct jobs *jobs, int64_t person, struct err *err)
{
    int all = waiting_of(jobs, 0);
    int own = waiting_of(jobs, person);

    if (jobs->is_stopping) {
        return err_set(err, RC_BUSY, MSG_WEB_STOPPING);
    }
    if (all >= JOBS_WAITING_MAX) {
        return err_set(err, RC_BUSY, MSG_JOB_MANY, arg_count(all));
    }
    return own < JOBS_OF_ONE_MAX ? RC_OK : err_set(err, RC_BUSY, MSG_JOB_OF_ONE, arg_count(own));
}

static void append(struct jobs *jobs, struct work *work)
{
    if (jobs->first == NULL) {
        jobs->first = work;
    } else {
        jobs->last->next = work;
    }
    jobs->last = work;
    MUST(pthread_cond_signal(&jobs->has_work) == 0);
}

static struct work *remove_first(struct jobs *jobs)
{
    struct work *work = jobs->first;

    if (work != NULL) {
        jobs->first = work->next;
    }
    return work;
}

struct work *jobs_find(struct jobs *jobs, int64_t id)
{
    for (int i = 0; i < JOB_THREADS; i++) {
        if (jobs->threads[i].work != NULL && jobs->threads[i].work->id == id) {
            return jobs->threads[i].work;
        }
    }
    struct work *work = jobs->first;
    while (work != NULL && work->id != id) {
        work = work->next;
    }
    return work;
}

/* ---- putting work in, and taking an eye on it ---- */

enum rc jobs_put(struct jobs *jobs, struct call *call)
{
    struct work *work = work_new(jobs, 0);

    work->request = call->request;
    work->person = call->actor.person;
    lock(jobs);
    enum rc rc = check_room(jobs, work->person, &call->act.err);
    if (rc == RC_OK) {
        http_defer(call->request);
        call_drop(call); /* the work begins one of its own */
        append(jobs, work);
    }
    unlock(jobs);
    if (rc != RC_OK) {
        work_drop(work);
    }
    return rc;
}

void jobs_add(struct jobs *jobs, int64_t id, int64_t person)
{
    struct work *work = work_new(jobs, id);

    work->person = person;
    lock(jobs);
    append(jobs, work);
    unlock(jobs);
}

bool jobs_cancel(struct jobs *jobs, int64_t id)
{
    lock(jobs);
    struct work *work = jobs_find(jobs, id);
    int was = STOP_NOT;
    if (work != NULL) {
        (void)atomic_compare_exchange_strong(&work->stop, &was, STOP_CANCELLED);
    }
    unlock(jobs);
    return work != NULL;
}

bool jobs_look(struct jobs *jobs, int64_t id, struct job_progress *out)
{
    lock(jobs);
    const struct work *work = jobs_find(jobs, id);
    if (work != NULL) {
        *out = work->shown;
    }
    unlock(jobs);
    return work != NULL;
}

/* ---- the threads ---- */

/* Jobs that wait when the server stops wait on in their table; whoever waits for an answer gets
 * one. */
static struct work *take(struct job_thread *self)
{
    struct jobs *jobs = self->jobs;

    lock(jobs);
    while (jobs->first == NULL && !jobs->is_stopping) {
        MUST(pthread_cond_wait(&jobs->has_work, &jobs->lock) == 0);
    }
    struct work *work = remove_first(jobs);
    while (work != NULL && jobs->is_stopping && work->id != 0) {
        watch_end(work);
        work_drop(work);
        work = remove_first(jobs);
    }
    if (work != NULL && jobs->is_stopping) {
        atomic_store(&work->stop, STOP_SERVER);
    }
    self->work = work;
    unlock(jobs);
    return work;
}

static void *run(void *self)
{
    struct job_thread *thread = self;
    struct work *work = NULL;

    while ((work = take(thread)) != NULL) {
        enum job_state state = work_do(work, thread->lane);
        watch_state(work, state);
        lock(thread->jobs);
        thread->work = NULL;
        watch_end(work);
        unlock(thread->jobs);
        work_drop(work);
    }
    return NULL;
}

/* ---- start and stop ---- */

static enum rc add_waiting(void *self, int64_t id, int64_t person)
{
    jobs_add(self, id, person);
    return RC_OK;
}

/* What was asked for before this start. */
static enum rc recover(struct jobs *jobs, struct err *err)
{
    struct arena arena;
    enum rc rc = RC_OK;

    arena_init(&arena, ARENA_MIB);
    const struct cx cx = {
        .arena = &arena,
        .db = home_db(jobs->server->home),
        .err = err,
        .now_ms = clock_now_ms(),
    };
    rc = office_enter(&cx, DB_WRITE);
    if (rc == RC_OK) {
        rc = job_recover(&cx);
        rc = rc == RC_OK ? job_each_waiting(&cx, add_waiting, jobs) : rc;
        rc = office_leave(&cx, rc);
    }
    arena_done(&arena);
    return rc;
}

enum rc jobs_start(struct server *server, int lane, struct jobs **out, struct err *err)
{
    struct jobs *jobs = ARENA_NEW(&server->arena, struct jobs, 1);

    *jobs = (struct jobs){.server = server};
    *out = jobs;
    MUST(pthread_mutex_init(&jobs->lock, NULL) == 0);
    MUST(pthread_cond_init(&jobs->has_work, NULL) == 0);
    TRY(recover(jobs, err));
    for (; jobs->running < JOB_THREADS; jobs->running++) {
        struct job_thread *thread = &jobs->threads[jobs->running];
        *thread = (struct job_thread){.jobs = jobs, .lane = lane + jobs->running};
        if (pthread_create(&thread->thread, NULL, run, thread) != 0) {
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
    lock(jobs);
    jobs->is_stopping = true;
    for (int i = 0; i < jobs->running; i++) {
        if (jobs->threads[i].work != NULL) {
            atomic_store(&jobs->threads[i].work->stop, STOP_SERVER);
            watch_end(jobs->threads[i].work);
        }
    }
    MUST(pthread_cond_broadcast(&jobs->has_work) == 0);
    unlock(jobs);
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
    while (jobs->first != NULL) {
        work_drop(remove_first(jobs));
    }
    MUST(pthread_cond_destroy(&jobs->has_work) == 0);
    MUST(pthread_mutex_destroy(&jobs->lock) == 0);
}
