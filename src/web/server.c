/* From the door's two functions to calls, and who runs them. */
#include "base/clock.h"
#include "web/answer.h"
#include "web/ask.h"
#include "web/assets.h"
#include "web/form.h"
#include "web/job.h"
#include "web/known.h"
#include "web/origin.h"
#include "web/owner.h"
#include "web/server_in.h"

enum { FILE_BYTES_MAX = 256 << 20, ASSET_PATH_MAX = 256 };

static void refuse(struct http_request *request, enum lang lang, int status, struct err *err,
                   str allow)
{
    struct http_answer answer = {.status = status, .allow = allow};

    answer_problem(request, lang, err, &answer);
    http_answer(request, &answer);
}

/* A page of another site must not act in the name of who has logged in here: what changes anything
 * comes from our own pages, or from programs, which send no such headers. */
static bool is_from_elsewhere(const struct http_request *request)
{
    return origin_is_elsewhere(http_header(request, STR("sec-fetch-site")),
                               http_header(request, STR("origin")),
                               http_header(request, STR("host")));
}

/* A reading request that gives a reason may propose something. */
static bool may_change(const struct http_request *request)
{
    str reason = {0};

    return (request->method != HTTP_GET && request->method != HTTP_HEAD) ||
           http_query(request, STR("reason"), &reason);
}

static void plan_body(const struct route *route, struct http_plan *plan)
{
    plan->is_slow = true;
    if (route->carries == CARRIES_FORM) {
        plan->body = HTTP_BODY_MEMORY;
        plan->body_max = FORM_BYTES_MAX;
    } else if (route->carries == CARRIES_FILE) {
        plan->body = HTTP_BODY_SPOOL;
        plan->body_max = FILE_BYTES_MAX;
    }
}

/* Files built in are for everybody, and cost nothing. */
static bool begin_asset(struct http_request *request, struct http_plan *plan)
{
    struct buf buf;
    str path = {0};

    if (request->method > HTTP_HEAD || request->segment_count < 2) {
        return false;
    }
    buf_init(&buf, request->arena, ASSET_PATH_MAX);
    for (int i = 0; i < request->segment_count; i++) {
        buf_char(&buf, '/');
        buf_put(&buf, request->segments[i]);
    }
    request->route = LOG_ROUTE_ASSET;
    plan->is_unmetered = buf_done(&buf, &path) && !request->has_slash &&
                         http_answer_asset(request, ASSETS, ASSET_COUNT, path);
    if (!plan->is_unmetered) {
        request->route = LOG_ROUTE_NONE;
    }
    return plan->is_unmetered;
}

static void begin(void *self, struct http_request *request, struct http_plan *plan)
{
    struct server *server = self;
    struct route_match *match = ARENA_NEW(request->arena, struct route_match, 1);
    struct err err = {0};

    if (begin_asset(request, plan)) {
        return;
    }
    route_find(request, match);
    request->user = match;
    request->route = match->route;
    if (match->route < 0) {
        bool is_there = match->allow[0] != '\0';
        (void)err_set(&err, RC_MISSING, is_there ? MSG_WEB_METHOD : MSG_WEB_PATH);
        refuse(request, server->opts.lang, is_there ? 405 : 404, &err, str_from(match->allow));
        return;
    }
    if (may_change(request) && is_from_elsewhere(request)) {
        (void)err_set(&err, RC_DENIED, MSG_WEB_ELSEWHERE);
        refuse(request, server->opts.lang, 403, &err, STR(""));
        return;
    }
    if (ROUTES[match->route].quick != NULL && ROUTES[match->route].quick(server, request, match)) {
        return;
    }
    plan->session = call_token(request);
    plan_body(&ROUTES[match->route], plan);
}

/* What only reads, on the worker's own connection. */
static enum rc read_in(struct call *call, enum rc (*run)(struct call *call))
{
    struct cx *cx = &call->act.cx;

    TRY(office_enter(cx, DB_READ));
    return office_leave(cx, run(call));
}

/* What is wrong with a request is told only to those who may make it. */
static enum rc read_form(struct call *call)
{
    enum rc rc = form_read(call);
    struct err wrong = call->act.err;

    if (rc == RC_OK) {
        return RC_OK;
    }
    err_clear(&call->act.err);
    TRY(read_in(call, call_may));
    call->act.err = wrong;
    return rc;
}

/* Nobody waits: it is kept as a job. */
static enum rc ask(struct call *call)
{
    TRY(ask_pack(call, &call->asked));
    call->instead = job_ask;
    http_defer(call->request);
    writer_put(call->server->writer, call);
    return RC_OK;
}

/* Whoever may do it waits in the line of long work, or asks for a job. */
static void hand_over(struct call *call)
{
    bool is_job = ask_is_wanted(call->request);

    call->rc = call->rc == RC_OK ? read_in(call, call_may) : call->rc;
    enum rc rc = call->rc;
    if (rc == RC_OK) {
        rc = is_job ? ask(call) : jobs_put(call->server->jobs, call);
    }
    if (rc != RC_OK) {
        call->rc = rc;
        call_answer(call);
    }
}

static void handle(void *self, struct http_request *request)
{
    struct call *call = call_begin(self, request, request->user);

    call->rc = read_form(call);
    if (call->route->is_long) {
        hand_over(call);
        return;
    }
    if (call->rc == RC_OK && call->route->prepare != NULL) {
        call->rc = read_in(call, call_prepare);
    }
    if (call->rc == RC_OK && call_is_write(call)) {
        http_defer(request);
        writer_put(call->server->writer, call);
        return;
    }
    call->rc = call->rc == RC_OK ? read_in(call, call_run) : call->rc;
    if (export_is_due(call)) {
        http_defer(request);
        writer_put(call->server->writer, call);
        return;
    }
    call_answer(call);
}

static void tell_log(void *self, const struct http_line *line)
{
    const struct server *server = self;

    log_request(server->log, line);
}

/* How the door's own refusals are told. */
static void tell_refusal(void *self, struct http_request *request, enum http_limit why,
                         struct http_answer *answer)
{
    const struct server *server = self;
    struct err err = {0};

    (void)err_set(&err, RC_LIMIT, HTTP_LIMITS[why].text);
    answer_problem(request, server->opts.lang, &err, answer);
}

static enum rc open_homes(struct server *server, struct err *err)
{
    int64_t now = clock_now_ms();

    TRY(home_open(server->opts.directory, HOME_WRITE, now, &server->home, err));
    for (int i = 0; i < LANES; i++) {
        TRY(home_open(server->opts.directory, HOME_READ, now, &server->readers[i], err));
    }
    for (int i = 0; i < LOOPS; i++) {
        server->known[i] = known_open(server, i);
    }
    TRY(writer_start(server->home, server->log, &server->arena, &server->writer, err));
    return jobs_start(server, LOOPS + WORKERS, &server->jobs, err);
}

static enum rc open_door(struct server *server, struct err *err)
{
    const struct http_opts opts = {
        .listen = server->opts.listen,
        .loops = LOOPS,
        .limits = server->opts.limits,
        .workers = WORKERS,
        .queue_max = QUEUE_MAX,
        .spool = server->opts.spool,
        .proxies = server->opts.proxies,
        .proxy_count = server->opts.proxy_count,
        .is_https = server->opts.is_https,
        .self = server,
        .begin = begin,
        .handle = handle,
        .refuse = tell_refusal,
        .log = tell_log,
    };

    TRY(http_open(&opts, &server->http, err));
    return server->opts.metrics.len == 0
               ? RC_OK
               : metrics_open(server, server->opts.metrics, &server->metrics, err);
}

enum rc server_open(const struct server_opts *opts, struct server **out, struct err *err)
{
    struct arena arena;

    arena_init(&arena, ARENA_JOB_MAX);
    struct server *server = ARENA_NEW(&arena, struct server, 1);
    *server = (struct server){.arena = arena, .opts = *opts};
    server->log = log_open(&server->arena, opts->log);
    server->owner = opts->owner.len == 0 ? NULL : owner_new(&server->arena, opts->owner);
    enum rc rc = open_homes(server, err);
    rc = rc == RC_OK ? open_door(server, err) : rc;
    if (rc != RC_OK) {
        (void)server_close(server, 0);
        return rc;
    }
    log_event(server->log, LOG_INFO, STR("start"), STR(WANCUN_VERSION));
    *out = server;
    return RC_OK;
}

struct owner *server_owner(const struct server *server)
{
    return server->owner;
}

int server_port(const struct server *server)
{
    return http_port(server->http);
}

int server_close(struct server *server, int64_t wait_ms)
{
    jobs_quit(server->jobs);
    metrics_close(server->metrics);
    int cut = server->http == NULL ? 0 : http_close(server->http, wait_ms);

    jobs_stop(server->jobs);
    writer_stop(server->writer);
    for (int i = 0; i < LANES; i++) {
        home_close(server->readers[i]);
    }
    for (int i = 0; i < LOOPS; i++) {
        known_close(server->known[i]);
    }
    home_close(server->home);
    log_event(server->log, LOG_INFO, STR("stop"), STR(WANCUN_VERSION));
    struct arena arena = server->arena;
    arena_done(&arena);
    return cut;
}
