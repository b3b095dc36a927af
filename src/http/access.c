/* What the library calls while a connection lives: its requests step by step. */
#include "http/parts.h"

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

void access_connection(void *self, struct MHD_Connection *connection, void **context,
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
void *access_target(void *self, const char *target, struct MHD_Connection *connection)
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
size_t access_escaped(void *self, struct MHD_Connection *connection, char *text)
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
    if (asked->is_answered) { /* sent now it would be the connection's last */
        return asked->has_body ? answer_send(asked) : MHD_YES;
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
        if (asked->is_answered) {
            return answer_send(asked);
        }
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

enum MHD_Result access_step(struct http_server *server, const struct access_call *call)
{
    struct asked *asked = *call->state;
    struct door *door = door_of(call->connection);

    if (door == NULL) {
        return MHD_NO;
    }
    if (asked != NULL) {
        return *call->len > 0 ? body_take(asked, call->bytes, call->len) : on_whole(asked);
    }
    struct lane *lane = join_lane(server);
    asked = asked_new(server, lane);
    *call->state = asked;
    asked->connection = call->connection;
    asked->door = door;
    asked->open.lane = (int)(lane - server->lanes);
    guard_set(door, DOOR_WORK, HTTP_NEVER_MS);
    guard_busy(server, door, asked);
    enum http_limit why = asked_read_head(asked, call->method, call->url, call->version);
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
    if (!line->is_events) {
        bump(&lane->waits[bucket], 1);
        bump(&lane->wait_us, line->wait_us);
    }
    bump(&lane->by_class[line->status / 100], 1);
    bump(&lane->bytes_in, line->bytes_in);
    bump(&lane->bytes_out, line->bytes_out);
}

void access_completed(void *self, struct MHD_Connection *connection, void **state,
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
        .cpu_us = asked->open.cpu_us,
        .bytes_in = asked->open.body_len,
        .bytes_out = asked->bytes_out,
        .is_cut = code != MHD_REQUEST_TERMINATED_COMPLETED_OK,
        .is_events = asked->is_events,
    };
    count_line(asked->home, &line);
    if (server->opts.log != NULL) {
        server->opts.log(server->opts.self, &line);
    }
    *state = NULL;
    asked_release(asked);
}
