/* Looking on at long work: how far it is, and streams of events. */
#include "base/clock.h"
#include "format/json/json.h"
#include "web/job.h"
#include "web/jobs_in.h"

enum { EVENT_TEXT_MAX = 4096 };

bool watch_is_stopped(void *self)
{
    struct work *work = self;

    return atomic_load(&work->stop) != STOP_NOT;
}

static enum rc take_piece(void *self, str bytes)
{
    buf_put(self, bytes);
    return RC_OK;
}

bool jobs_push(struct http_request *request, int64_t id, const struct job_progress *shown,
               enum lang lang)
{
    bool has_ended = shown->state != JOB_WAITING && shown->state != JOB_RUNNING;
    struct http_event event = {.name = has_ended ? STR("end") : STR("progress")};
    struct arena arena;
    struct buf data;
    struct buf turn;

    arena_init(&arena, ARENA_MIB);
    struct json *json = ARENA_NEW(&arena, struct json, 1);
    buf_init(&data, &arena, EVENT_TEXT_MAX);
    buf_init(&turn, &arena, 32);
    json_init(json, (struct byte_sink){&data, take_piece});
    json_open_map(json);
    job_put_progress(json, id, shown, lang);
    json_close_map(json);
    buf_int(&turn, shown->turn);
    MUST(json_done(json) == RC_OK && buf_done(&data, &event.data) && buf_done(&turn, &event.id));
    bool is_sent = http_events_push(request, &event);
    arena_done(&arena);
    return is_sent;
}

/* Those who are gone or too slow are let go: they come back, or not. */
static void tell_all(struct work *work)
{
    struct watcher **at = &work->watchers;

    work->told_ms = clock_steady_ms();
    while (*at != NULL) {
        struct watcher *watcher = *at;
        if (jobs_push(watcher->request, work->id, &work->shown, watcher->lang)) {
            at = &watcher->next;
        } else {
            *at = watcher->next;
            http_events_end(watcher->request);
        }
    }
}

void watch_step(void *self, enum msg_id what, int64_t done, int64_t total)
{
    struct work *work = self;
    struct job_progress *shown = &work->shown;

    MUST(pthread_mutex_lock(&work->jobs->lock) == 0);
    bool is_other = !shown->has_stage || shown->stage != what;
    shown->has_stage = true;
    shown->stage = what;
    shown->done = done;
    shown->total = total;
    shown->turn++;
    if (work->watchers != NULL && (is_other || clock_steady_ms() - work->told_ms >= JOB_TELL_MS)) {
        tell_all(work);
    }
    MUST(pthread_mutex_unlock(&work->jobs->lock) == 0);
}

void watch_state(struct work *work, enum job_state state)
{
    MUST(pthread_mutex_lock(&work->jobs->lock) == 0);
    work->shown.state = state;
    work->shown.turn++;
    tell_all(work);
    MUST(pthread_mutex_unlock(&work->jobs->lock) == 0);
}

void watch_end(struct work *work)
{
    while (work->watchers != NULL) {
        struct watcher *watcher = work->watchers;
        work->watchers = watcher->next;
        http_events_end(watcher->request);
    }
}

static void attach(struct work *work, struct http_request *request, enum lang lang, int64_t seen)
{
    struct watcher *watcher = ARENA_NEW(request->arena, struct watcher, 1);

    if (!http_events_begin(request)) {
        return; /* too many look on: it has been told so */
    }
    if (work->shown.turn != seen && !jobs_push(request, work->id, &work->shown, lang)) {
        http_events_end(request);
        return;
    }
    *watcher = (struct watcher){request, lang, work->watchers};
    work->watchers = watcher;
}

bool jobs_watch(struct jobs *jobs, int64_t id, struct call *call, int64_t seen)
{
    struct http_request *request = call->request;
    enum lang lang = call->act.cx.lang;

    MUST(pthread_mutex_lock(&jobs->lock) == 0);
    struct work *work = jobs_find(jobs, id);
    if (work != NULL) {
        call_drop(call);
        attach(work, request, lang, seen);
    }
    MUST(pthread_mutex_unlock(&jobs->lock) == 0);
    return work != NULL;
}
