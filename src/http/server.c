/* The server: opened, closed, counted, and what the library calls in between. */
#include <stdlib.h>
#include <sys/socket.h>

#include "http/parts.h"

/* Memory of a connection: the library clears all of it for each request, and keeps it while idle.
 */
enum { POOL_BYTES = 28 * 1024, LOOPS_MAX = 64, WAIT_STEP_MS = 5 };

const int64_t HTTP_WAIT_ENDS_US[HTTP_WAIT_BUCKETS - 1] = {
    100, 250, 500, 1000, 2500, 5000, 10000, 25000, 100000, 500000, 2500000,
};

/* Which of its server's loops this thread is. */
static _Thread_local struct {
    const struct http_server *server;
    int64_t start; /* servers may follow one another at the same address */
    int lane;
} loop;

struct lane *lane_here(const struct http_server *server)
{
    return loop.server == server && loop.start == server->start ? &server->lanes[loop.lane] : NULL;
}

static struct lane *join_lane(struct http_server *server)
{
    struct lane *lane = lane_here(server);

    if (lane == NULL) {
        loop.server = server;
        loop.start = server->start;
        loop.lane = atomic_fetch_add(&server->next_lane, 1) % server->opts.loops;
        lane = &server->lanes[loop.lane];
    }
    return lane;
}

static struct door *door_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void on_connection(void *self, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = self;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = guard_enter(
            server,
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
    } else if (*context != NULL) {
        guard_leave(server, *context);
    }
}

/* The first line was read, its target not yet taken apart. */
static void *on_target(void *self, const char *target, struct MHD_Connection *connection)
{
    struct http_server *server = self;
    struct door *door = door_of(connection);

    if (door != NULL) {
        door->target_len = strlen(target);
        door->target_end = target + door->target_len;
        if (atomic_load_explicit(&door->phase, memory_order_relaxed) == DOOR_IDLE) {
            guard_set(door, DOOR_HEAD, steady_us() / 1000 + server->limits.of[HTTP_HEAD_MS]);
        }
    }
    return NULL;
}

/* Escapes stay as they are: parse.c decodes them, once. */
static size_t leave_escaped(void *self, struct MHD_Connection *connection, char *text)
{
    (void)self;
    (void)connection;
    return strlen(text);
}

static enum MHD_Result refuse(struct asked *asked, enum http_limit why, int retry_s)
{
    answer_refuse(asked, why, retry_s);
    return answer_send(asked);
}

/* 0, or the seconds that this client has to wait. */
static int charge(struct asked *asked)
{
    bool has_session = asked->plan.session.len > 0;

    return asked->plan.is_unmetered
               ? 0
               : rate_take(asked->open.server, has_session,
                           has_session ? asked->plan.session : asked->open.peer,
                           asked->begun_us / 1000);
}

static enum http_limit admit(struct asked *asked)
{
    struct http_server *server = asked->open.server;

    if (atomic_load(&server->is_stopping)) {
        return HTTP_STOPPING;
    }
    return atomic_load(&server->held) >= server->limits.of[HTTP_REQUESTS] ? HTTP_REQUESTS
                                                                          : HTTP_LIMIT_COUNT;
}

/* The head is well: ask what is to become of the request. */
static enum MHD_Result plan(struct asked *asked)
{
    struct http_server *server = asked->open.server;

    server->opts.begin(server->opts.self, &asked->open, &asked->plan);
    int wait_s = charge(asked);
    if (wait_s > 0) {
        answer_withdraw(asked);
        return refuse(asked, asked->plan.session.len > 0 ? HTTP_SESSION_RATE : HTTP_ADDRESS_RATE,
                      wait_s);
    }
    if (asked->is_answered) {
        return answer_send(asked);
    }
    enum http_limit why = body_plan(asked);
    if (why != HTTP_LIMIT_COUNT) {
        return refuse(asked, why, 0);
    }
    asked->is_begun = asked->has_body && asked->plan.body == HTTP_BODY_STREAM;
    if (asked->is_begun && !pool_put(asked)) {
        return refuse(asked, HTTP_QUEUE, 0);
    }
    return MHD_YES;
}

/* Inline: answered now, deferred, or forgotten. */
static enum MHD_Result handle(struct asked *asked)
{
    struct http_server *server = asked->open.server;

    server->opts.handle(server->opts.self, &asked->open);
    if (asked->is_deferred) {
        answer_park(asked);
        return MHD_YES;
    }
    if (asked->is_answered) {
        return answer_send(asked);
    }
    return refuse(asked, HTTP_ANSWERED, 0);
}

/* The body is whole, or the answer has come. */
static enum MHD_Result on_whole(struct asked *asked)
{
    if (!asked->is_whole_in) {
        asked->is_whole_in = true;
        guard_set(asked->door, DOOR_WORK, HTTP_NEVER_MS);
        body_end(asked);
        if (asked->is_begun) {
            answer_park(asked);
            return MHD_YES;
        }
        if (!asked->plan.is_slow && asked->plan.body != HTTP_BODY_STREAM) {
            return handle(asked);
        }
        return pool_put(asked) ? MHD_YES : refuse(asked, HTTP_QUEUE, 0);
    }
    return answer_send(asked); /* it was resumed because there is one */
}

static enum MHD_Result on_access(void *self, struct MHD_Connection *connection, const char *url,
                                 const char *method, const char *version, const char *bytes,
                                 size_t *len, void **state)
{
    struct http_server *server = self;
    struct asked *asked = *state;
    struct door *door = door_of(connection);

    if (door == NULL) {
        return MHD_NO;
    }
    if (asked != NULL) {
        return *len > 0 ? body_take(asked, bytes, len) : on_whole(asked);
    }
    struct lane *lane = join_lane(server);
    asked = asked_new(server, lane);
    *state = asked;
    asked->connection = connection;
    asked->door = door;
    asked->open.lane = (int)(lane - server->lanes);
    guard_set(door, DOOR_WORK, HTTP_NEVER_MS);
    guard_busy(server, door, asked);
    enum http_limit why = asked_read_head(asked, method, url, version);
    why = why == HTTP_LIMIT_COUNT ? admit(asked) : why;
    return why == HTTP_LIMIT_COUNT ? plan(asked) : refuse(asked, why, 0);
}

/* Only the loop of the lane writes. */
static void bump(_Atomic int64_t *count, int64_t by)
{
    atomic_store_explicit(count, atomic_load_explicit(count, memory_order_relaxed) + by,
                          memory_order_relaxed);
}

static void count_line(struct lane *lane, const struct http_line *line)
{
    int bucket = 0;

    while (bucket < HTTP_WAIT_BUCKETS - 1 && line->wait_us > HTTP_WAIT_ENDS_US[bucket]) {
        bucket++;
    }
    bump(&lane->waits[bucket], 1);
    bump(&lane->wait_us, line->wait_us);
    bump(&lane->by_class[line->status / 100], 1);
    bump(&lane->bytes_in, line->bytes_in);
    bump(&lane->bytes_out, line->bytes_out);
}

static void on_completed(void *self, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct http_server *server = self;
    struct asked *asked = *state;

    (void)connection;
    if (asked == NULL) {
        return;
    }
    int64_t now_us = steady_us();
    stream_gone(asked);
    guard_busy(server, asked->door, NULL);
    guard_set(asked->door, DOOR_IDLE, now_us / 1000 + server->limits.of[HTTP_IDLE_MS]);
    struct http_line line = {
        .id = asked->open.id,
        .route = asked->open.route,
        .method = asked->open.method,
        .status = asked->answer.status,
        .wait_us = now_us - asked->begun_us,
        .bytes_in = asked->open.body_len,
        .bytes_out = asked->bytes_out,
        .is_cut = code != MHD_REQUEST_TERMINATED_COMPLETED_OK,
    };
    count_line(asked->home, &line);
    if (server->opts.log != NULL) {
        server->opts.log(server->opts.self, &line);
    }
    *state = NULL;
    asked_release(asked);
}

static void take_opts(struct http_server *server, const struct http_opts *opts)
{
    struct arena *arena = &server->arena;
    str *proxies = ARENA_NEW(arena, str, (size_t)opts->proxy_count);

    server->opts = *opts;
    server->opts.listen = arena_str(arena, opts->listen);
    server->opts.spool = arena_str(arena, opts->spool);
    for (int i = 0; i < opts->proxy_count; i++) {
        proxies[i] = arena_str(arena, opts->proxies[i]);
    }
    server->opts.proxies = proxies;
    server->opts.loops = opts->loops > 0 ? opts->loops : 2;
    server->opts.workers = opts->workers > 0 ? opts->workers : 1;
    server->opts.queue_max = opts->queue_max > 0 ? opts->queue_max : 1;
    MUST(server->opts.loops <= LOOPS_MAX && opts->begin != NULL && opts->handle != NULL);
    server->limits = opts->limits == NULL ? http_limits_default() : *opts->limits;
    for (int i = 0; i < HTTP_LIMIT_COUNT; i++) {
        server->bare[i] = answer_bare(arena, (enum http_limit)i, opts->is_https);
    }
}

static bool start_daemon(struct http_server *server)
{
    unsigned connections = (unsigned)(server->guard.door_count * server->opts.loops);

    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_access, server,
        MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)server->opts.loops, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
        MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, server, MHD_OPTION_URI_LOG_CALLBACK, on_target, server,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_END);
    return server->daemon != NULL;
}

static void free_server(struct http_server *server)
{
    pool_stop(server);
    guard_stop(server);
    free(server->rate.buckets);
    for (int i = 0; i < server->opts.loops; i++) {
        asked_free_spare(&server->lanes[i]);
    }
    free(server->lanes);
    socket_close(server);
    arena_done(&server->arena);
    free(server);
}

static void start_lanes(struct http_server *server)
{
    size_t bytes = (size_t)server->opts.loops * sizeof(struct lane);

    server->start = steady_us();
    server->lanes = aligned_alloc(_Alignof(struct lane), bytes);
    MUST(server->lanes != NULL);
    memset(server->lanes, 0, bytes);
    for (int i = 0; i < server->opts.loops; i++) {
        server->lanes[i].next_id = i + 1;
    }
}

enum rc http_open(const struct http_opts *opts, struct http_server **out, struct err *err)
{
    struct http_server *server = calloc(1, sizeof(*server));

    MUST(server != NULL);
    server->socket = -1;
    arena_init(&server->arena, ARENA_MIB);
    take_opts(server, opts);
    start_lanes(server);
    (void)pthread_mutex_init(&server->events_lock, NULL);
    rate_init(server);
    enum rc rc = guard_start(server, err);
    rc = rc == RC_OK ? pool_start(server, err) : rc;
    rc = rc == RC_OK ? socket_listen(server, err) : rc;
    if (rc == RC_OK && !start_daemon(server)) {
        rc = err_set(err, RC_BROKEN, MSG_HTTP_START);
    }
    if (rc != RC_OK) {
        free_server(server);
        return rc;
    }
    *out = server;
    return RC_OK;
}

int http_port(const struct http_server *server)
{
    return server->port;
}

static int64_t count_open(const struct http_server *server)
{
    int64_t open = 0;

    for (int i = 0; i < server->opts.loops; i++) {
        open -= atomic_load(&server->lanes[i].closed); /* first: never less than there are */
        open += atomic_load(&server->lanes[i].opened);
    }
    return open;
}

/* Wait until no request is in hand, at most so long; how many are left. */
static int wait_for_requests(const struct http_server *server, int64_t wait_ms)
{
    const struct timespec step = {.tv_nsec = WAIT_STEP_MS * INT64_C(1000000)};
    int64_t until_ms = wait_ms == HTTP_NEVER_MS ? HTTP_NEVER_MS : steady_us() / 1000 + wait_ms;

    while (count_open(server) > 0 && steady_us() / 1000 < until_ms) {
        (void)nanosleep(&step, NULL);
    }
    return (int)count_open(server);
}

int http_close(struct http_server *server, int64_t wait_ms)
{
    atomic_store(&server->is_stopping, true);
    (void)MHD_quiesce_daemon(server->daemon);
    socket_close(server);
    events_stop(server);
    int cut = wait_for_requests(server, wait_ms);
    guard_cut_all(server);
    (void)wait_for_requests(server, HTTP_NEVER_MS);
    MHD_stop_daemon(server->daemon);
    server->unix_path = NULL;
    free_server(server);
    return cut;
}

static void add_lane(const struct lane *lane, struct http_counts *out)
{
    for (size_t i = 0; i < COUNT_OF(out->by_class); i++) {
        out->by_class[i] += atomic_load(&lane->by_class[i]);
    }
    for (int i = 0; i < HTTP_WAIT_BUCKETS; i++) {
        out->waits[i] += atomic_load(&lane->waits[i]);
    }
    out->bytes_in += atomic_load(&lane->bytes_in);
    out->bytes_out += atomic_load(&lane->bytes_out);
    out->wait_us += atomic_load(&lane->wait_us);
}

void http_count(struct http_server *server, struct http_counts *out)
{
    *out = (struct http_counts){
        .open_connections = guard_open(server),
        .open_requests = count_open(server),
        .open_events = atomic_load(&server->open_events),
    };
    for (int i = 0; i < server->opts.loops; i++) {
        add_lane(&server->lanes[i], out);
    }
    for (int i = 0; i < HTTP_LIMIT_COUNT; i++) {
        out->refused[i] = atomic_load(&server->refused[i]);
    }
    (void)pthread_mutex_lock(&server->pool.lock);
    out->queued = server->pool.count;
    out->busy_workers = server->pool.busy;
    (void)pthread_mutex_unlock(&server->pool.lock);
}
