/* Jobs as their owner sees them. */
#include "web/job.h"

#include "base/num.h"
#include "web/answer.h"
#include "web/ask.h"
#include "web/server_in.h"

enum { PLACE_BYTES_MAX = 64 };

/* ---- looking ---- */

static enum rc number_of(struct call *call, int64_t *out)
{
    str text = call->act.operands[0];

    return num_parse_int(text, 1, INT64_MAX, out)
               ? RC_OK
               : err_set(&call->act.err, RC_MISSING, MSG_WEB_JOB_NUMBER, arg_text(text));
}

static enum rc find(struct call *call, struct job *out)
{
    int64_t id = 0;

    TRY(number_of(call, &id));
    return job_load(&call->act.cx, call->actor.person, id, out);
}

/* As its thread sees it; as it is on record when no thread has it. */
static struct job_progress progress_of(struct call *call, const struct job *job)
{
    struct job_progress shown = {.state = job->state};

    if (!job_has_ended(job)) {
        (void)jobs_look(call->server->jobs, job->id, &shown);
    }
    return shown;
}

void job_put_progress(struct json *json, int64_t id, const struct job_progress *shown,
                      enum lang lang)
{
    json_key(json, STR("job"));
    json_id(json, id);
    json_key(json, STR("state"));
    json_text(json, JOB_STATES[shown->state]);
    if (shown->has_stage) {
        json_key(json, STR("stage"));
        json_text(json, msg_text(lang, shown->stage));
        json_key(json, STR("done"));
        json_int(json, shown->done);
        json_key(json, STR("total"));
        json_int(json, shown->total);
    }
}

static void put_moment(struct json *json, str key, int64_t at_ms)
{
    if (at_ms != 0) {
        json_key(json, key);
        json_int(json, at_ms);
    }
}

static void put_job(struct call *call, struct json *json, const struct job *job)
{
    const struct job_progress shown = progress_of(call, job);

    job_put_progress(json, job->id, &shown, call->act.cx.lang);
    json_key(json, STR("work"));
    json_text(json, job->work);
    put_moment(json, STR("asked_ms"), job->asked_ms);
    put_moment(json, STR("begun_ms"), job->begun_ms);
    put_moment(json, STR("ended_ms"), job->ended_ms);
    if (job->has_answer) {
        json_key(json, STR("status"));
        json_int(json, job->answer.status);
    }
}

struct listing {
    struct call *call;
    struct json *json;
};

static enum rc list_one(void *self, const struct job *job)
{
    const struct listing *listing = self;

    json_open_map(listing->json);
    put_job(listing->call, listing->json, job);
    json_close_map(listing->json);
    return RC_OK;
}

enum rc job_list(struct call *call)
{
    struct json *json = call_object(call);
    struct listing listing = {call, json};

    json_key(json, STR("jobs"));
    json_open_list(json);
    TRY(job_each(&call->act.cx, call->actor.person, list_one, &listing));
    json_close_list(json);
    return call_close_object(call);
}

static enum rc show(struct call *call, const struct job *job)
{
    put_job(call, call_object(call), job);
    return call_close_object(call);
}

enum rc job_show(struct call *call)
{
    struct job job = {0};

    TRY(find(call, &job));
    return show(call, &job);
}

/* ---- asking ---- */

static str place_of(struct arena *arena, int64_t id)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, arena, PLACE_BYTES_MAX);
    buf_put(&buf, STR("/api/jobs/"));
    buf_int(&buf, id);
    MUST(buf_done(&buf, &text));
    return text;
}

/* After the commit: now it may be begun. */
static void answer_asked(struct call *call)
{
    struct http_request *request = call->request;
    struct http_answer answer = {.status = 200};
    int64_t id = call->asked.id;

    jobs_add(call->server->jobs, id, call->asked.person);
    answer_make(call, &answer);
    if (call->rc == RC_OK) {
        answer.status = 202;
        answer.location = place_of(request->arena, id);
    }
    call_drop(call);
    http_answer(request, &answer);
}

enum rc job_ask(struct call *call)
{
    TRY(job_add(&call->act.cx, &call->asked));
    call->answer = answer_asked;
    return show(call, &call->asked);
}

/* ---- looking on ---- */

/* It ended before anybody could look on: its last event alone. */
static enum rc tell_end(struct call *call)
{
    struct http_request *request = call->request;
    enum lang lang = call->act.cx.lang;
    struct job job = {0};

    TRY(office_enter(&call->act.cx, DB_READ));
    TRY(office_leave(&call->act.cx, find(call, &job)));
    const struct job_progress shown = {.state = job.state};
    call_drop(call);
    if (http_events_begin(request)) {
        (void)jobs_push(request, job.id, &shown, lang);
        http_events_end(request);
    }
    return RC_OK;
}

static void begin_events(struct call *call)
{
    int64_t seen = -1;
    int64_t id = 0;

    (void)num_parse_int(http_header(call->request, STR("last-event-id")), 0, INT64_MAX, &seen);
    MUST(number_of(call, &id) == RC_OK);
    if (jobs_watch(call->server->jobs, id, call, seen)) {
        return;
    }
    enum rc rc = tell_end(call);
    if (rc != RC_OK) {
        call->rc = rc;
        call_answer(call);
    }
}

enum rc job_events(struct call *call)
{
    struct job job = {0};

    TRY(find(call, &job));
    call->answer = begin_events;
    return RC_OK;
}

/* ---- the end ---- */

static void send_result(struct call *call)
{
    struct http_request *request = call->request;
    const struct job_answer *kept = &call->asked.answer;
    struct http_answer answer = {
        .status = kept->status,
        .type = arena_str(request->arena, kept->media),
        .download = arena_str(request->arena, kept->file_name),
        .has_file = true,
    };

    call->rc =
        home_open_file(call->act.home, kept->bytes, &answer.file, &answer.file_len, &call->act.err);
    if (call->rc != RC_OK) {
        call_answer(call);
        return;
    }
    call_drop(call);
    http_answer(request, &answer);
}

enum rc job_result(struct call *call)
{
    struct job *job = &call->asked;
    struct err *err = &call->act.err;

    TRY(find(call, job));
    if (job->state == JOB_LOST) {
        return err_set(err, RC_CONFLICT, MSG_WEB_JOB_LOST, arg_number(job->id));
    }
    if (!job_has_ended(job)) {
        return err_set(err, RC_CONFLICT, MSG_WEB_JOB_RUNS, arg_number(job->id));
    }
    if (!job->has_answer) {
        return err_set(err, RC_CONFLICT, MSG_WEB_JOB_NO_ANSWER, arg_number(job->id));
    }
    call->answer = send_result;
    return RC_OK;
}

/* After the commit. */
static void stop_now(struct call *call)
{
    (void)jobs_cancel(call->server->jobs, call->asked.id);
    call->answer = NULL;
    call_answer(call);
}

enum rc job_stop(struct call *call)
{
    struct job *job = &call->asked;

    TRY(find(call, job));
    enum rc rc = job_cancel(&call->act.cx, call->actor.person, job->id);
    if (rc == RC_CONFLICT) {
        rc = job_has_ended(job) ? err_set(&call->act.err, rc, MSG_JOB_ENDED, arg_number(job->id))
                                : RC_OK;
    }
    TRY(rc);
    TRY(find(call, job));
    call->answer = stop_now;
    return show(call, job);
}
