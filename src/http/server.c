/* The server: opened, closed, counted. */
#include <stdlib.h>

#include "http/parts.h"

/* Memory of a connection: the library clears all of it for each request, and keeps it while idle.
 */
enum { POOL_BYTES = 28 * 1024, LOOPS_MAX = 64, WAIT_STEP_MS = 5 };

const int64_t HTTP_WAIT_ENDS_US[HTTP_WAIT_BUCKETS - 1] = {
    100, 250, 500, 1000, 2500, 5000, 10000, 25000, 100000, 500000, 2500000,
};

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
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, access_entry,
        server, MHD_OPTION_LISTEN_SOCKET, server->socket, MHD_OPTION_THREAD_POOL_SIZE,
        (unsigned)server->opts.loops, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES,
        MHD_OPTION_CONNECTION_LIMIT, connections, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_NOTIFY_CONNECTION, access_connection, server, MHD_OPTION_NOTIFY_COMPLETED,
        access_completed, server, MHD_OPTION_URI_LOG_CALLBACK, access_target, server,
        MHD_OPTION_UNESCAPE_CALLBACK, access_escaped, NULL, MHD_OPTION_END);
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
