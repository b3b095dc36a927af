/* Doing long work: for somebody who waits for the answer, or as a job from its begin to its end. */
#include "store/spool.h"
#include "web/answer.h"
#include "web/ask.h"
#include "web/form.h"
#include "web/jobs_in.h"
#include "web/phase.h"

/* ---- trying ---- */

static struct call *begin_try(struct work *work, const struct job *job)
{
    struct call *call = call_begin(work->jobs->server, work->request, work->request->user);

    call->job = job;
    call->act.cx.progress = &work->progress;
    call->rc = form_read(call);
    return call;
}

/* Beside other acts; when what it has read is overtaken, anew, and in the end while they wait.
 * `at_end` (NULL: nothing) is done in its transaction when all went well. */
static struct call *run(struct work *work, const struct job *job,
                        enum rc (*at_end)(struct call *call))
{
    for (int tries = 1;; tries++) {
        struct call *call = begin_try(work, job);
        if (call->rc == RC_OK) {
            phase_run(call, tries > JOB_TRIES_MAX, at_end);
        }
        if (!call->is_stale || tries == JOB_TRIES_MAX + CROSSED_TRIES_MAX) {
            return call;
        }
        call_drop(call);
    }
}

static bool was_stopped(const struct call *call)
{
    return call->rc == RC_CONFLICT && call->act.err.msg == MSG_OFFICE_STOPPED;
}

/* Nobody cancels what somebody waits for: only the server stops it. */
static void answer_waiter(struct work *work)
{
    struct call *call = run(work, NULL, NULL);

    if (was_stopped(call)) {
        err_clear(&call->act.err);
        call->rc = err_set(&call->act.err, RC_BUSY, MSG_WEB_STOPPING);
    }
    call_answer(call);
}

/* ---- the answer of a job ---- */

static enum rc keep_answer(struct call *call, struct job_answer *out)
{
    struct act *act = &call->act;
    struct http_answer answer = {.status = 200};
    str bytes = {0};

    if (call->rc == RC_OK) {
        act_say_what_was_done(act);
    }
    answer_make(call, &answer);
    const struct spooled whole = {
        .bytes = answer.body,
        .file = answer.has_file ? answer.file : -1,
        .len = answer.file_len,
    };
    TRY(spooled_read(&whole, &act->arena, &bytes, &act->err));
    *out = (struct job_answer){
        .status = answer.status,
        .media = answer.type,
        .file_name = answer.download,
    };
    return home_keep_file(act->home, bytes, &out->bytes, &act->err);
}

/* In the transaction of the work itself: both are committed, or neither. */
static enum rc end_with_work(struct call *call)
{
    struct job_answer answer = {0};

    if (call->act.is_trial) {
        return RC_OK; /* it is undone, and ended by itself */
    }
    TRY(keep_answer(call, &answer));
    TRY(call->rc); /* there was no room for the answer */
    TRY(job_end(&call->act.cx, call->job->id, JOB_DONE, &answer));
    call->is_noted = true;
    return RC_OK;
}

/* ---- the books ---- */

/* Writing about a job, apart from its work. */
struct entry {
    int64_t id;
    struct job job;
    struct arena *arena; /* of the texts of `job` */
    enum job_state state;
    bool has_answer;
    struct job_answer answer;
};

static enum rc enter_begin(const struct cx *cx, struct entry *entry)
{
    TRY(job_begin(cx, entry->id, &entry->job));
    entry->job.work = arena_str(entry->arena, entry->job.work);
    entry->job.asked = arena_str(entry->arena, entry->job.asked);
    return RC_OK;
}

static enum rc enter_end(const struct cx *cx, struct entry *entry)
{
    return entry->state == JOB_WAITING
               ? job_put_back(cx, entry->id)
               : job_end(cx, entry->id, entry->state, entry->has_answer ? &entry->answer : NULL);
}

static enum rc try_entry(struct call *call, struct entry *entry,
                         enum rc (*write)(const struct cx *cx, struct entry *entry))
{
    struct writer *writer = call->server->writer;

    TRY(writer_enter(writer, call));
    call->rc = write(&call->act.cx, entry);
    writer_leave(writer, call);
    return call->rc;
}

/* `desk` is a request of our own making, which asks for nothing. What crosses another transaction
 * is written anew. */
static enum rc write_entry(struct work *work, struct http_request *desk, struct entry *entry,
                           enum rc (*write)(const struct cx *cx, struct entry *entry))
{
    struct server *server = work->jobs->server;
    enum rc rc = RC_OK;
    bool is_crossed = true;

    for (int tries = 0; tries < CROSSED_TRIES_MAX && is_crossed; tries++) {
        struct call *call = call_begin(server, desk, desk->user);
        rc = try_entry(call, entry, write);
        is_crossed = rc != RC_OK && call->is_stale;
        if (rc == RC_BROKEN || rc == RC_BUSY) {
            log_problem(server->log, desk->id, msg_key(call->act.err.msg));
        }
        call_drop(call);
    }
    return rc;
}

static struct http_request *make_request(struct work *work, int lane)
{
    struct http_request *request = ARENA_NEW(&work->arena, struct http_request, 1);

    *request = (struct http_request){
        .arena = &work->arena,
        .user = ARENA_NEW(&work->arena, struct route_match, 1),
        .lane = lane,
        .body_file = -1,
    };
    return request;
}

/* ---- jobs ---- */

/* How it ended, when not with its work: it only read, it failed, or it was stopped. */
static enum job_state ending_of(const struct work *work, const struct call *call)
{
    if (call->rc == RC_OK) {
        return JOB_DONE;
    }
    if (!was_stopped(call)) {
        return JOB_FAILED;
    }
    return atomic_load(&work->stop) == STOP_SERVER ? JOB_WAITING : JOB_CANCELLED;
}

static enum job_state end_apart(struct work *work, struct http_request *desk, struct call *call,
                                struct entry *entry)
{
    entry->state = ending_of(work, call);
    entry->has_answer = entry->state != JOB_WAITING && keep_answer(call, &entry->answer) == RC_OK;
    if (entry->state == JOB_DONE && !entry->has_answer) {
        entry->state = JOB_FAILED;
    }
    return write_entry(work, desk, entry, enter_end) == RC_OK ? entry->state : JOB_RUNNING;
}

/* Asked of an older program, which had such a route. */
static enum job_state refuse(struct work *work, struct http_request *desk, struct entry *entry,
                             const struct err *err)
{
    struct call *call = call_begin(work->jobs->server, desk, desk->user);

    err_copy(&call->act.err, err);
    call->rc = err->rc;
    enum job_state state = end_apart(work, desk, call, entry);
    call_drop(call);
    return state;
}

static enum job_state do_job(struct work *work, int lane)
{
    struct http_request *desk = make_request(work, lane);
    struct entry entry = {.id = work->id, .arena = &work->arena};
    struct err err = {0};
    enum rc rc = write_entry(work, desk, &entry, enter_begin);

    if (rc != RC_OK) {
        return rc == RC_CONFLICT ? JOB_CANCELLED : JOB_WAITING;
    }
    watch_state(work, JOB_RUNNING);
    work->request = make_request(work, lane);
    rc = ask_unpack(&entry.job, work->jobs->server->readers[lane], work->request, &err);
    if (rc != RC_OK) {
        return refuse(work, desk, &entry, &err);
    }
    struct call *call = run(work, &entry.job, end_with_work);
    bool is_done = call->rc == RC_OK && call->is_noted;
    enum job_state state = is_done ? JOB_DONE : end_apart(work, desk, call, &entry);
    call_drop(call);
    ask_close(work->request);
    return state;
}

enum job_state work_do(struct work *work, int lane)
{
    if (work->id != 0) {
        return do_job(work, lane);
    }
    work->request->lane = lane;
    answer_waiter(work);
    return JOB_DONE;
}
