/* Answers in pieces: a ring between whoever makes them and the loop that sends them. */
#include <sys/socket.h>

#include "http/parts.h"

enum { BLOCK_BYTES = 32 * 1024 };

/* With asked.lock held: something changed that the sleeping reader waits for. */
static void wake(struct asked *asked)
{
    if (asked->is_asleep && !asked->is_gone) {
        asked->is_asleep = false;
        MHD_resume_connection(asked->connection);
    }
}

/* Cut the connection. The library (0.9.75) forgets it in this state until something happens on its
 * socket: the shutdown does. */
static ssize_t break_off(const struct asked *asked)
{
    (void)shutdown(asked->door->fd, SHUT_RDWR);
    return MHD_CONTENT_READER_END_WITH_ERROR;
}

/* On the loop: what there is; nothing yet: sleep. */
static ssize_t read_ring(void *self, uint64_t place, char *into, size_t room)
{
    struct asked *asked = self;
    ssize_t got = 0;

    (void)place;
    (void)pthread_mutex_lock(&asked->lock);
    if (asked->is_cut) {
        got = break_off(asked);
    } else if (asked->out.len > 0) {
        got = (ssize_t)ring_take(&asked->out, into, room);
        asked->bytes_out += got;
        guard_set(asked->door, DOOR_WORK,
                  steady_us() / 1000 + asked->open.server->limits.of[HTTP_SEND_MS]);
        (void)pthread_cond_broadcast(&asked->moved);
    } else if (asked->is_ended) {
        got = asked->is_whole ? MHD_CONTENT_READER_END_OF_STREAM : break_off(asked);
    } else {
        guard_set(asked->door, DOOR_WORK, HTTP_NEVER_MS);
        asked->is_asleep = true;
        MHD_suspend_connection(asked->connection);
    }
    (void)pthread_mutex_unlock(&asked->lock);
    return got;
}

struct MHD_Response *stream_response(struct asked *asked)
{
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_ring, asked, NULL);
}

void stream_gone(struct asked *asked)
{
    if (atomic_load(&asked->holds) == 1) {
        return; /* nobody else has it */
    }
    (void)pthread_mutex_lock(&asked->lock);
    asked->is_gone = true;
    (void)pthread_cond_broadcast(&asked->moved);
    (void)pthread_mutex_unlock(&asked->lock);
}

void stream_cut(struct asked *asked)
{
    (void)pthread_mutex_lock(&asked->lock);
    asked->is_cut = true;
    wake(asked);
    if (asked->is_in_full && !asked->is_gone) {
        asked->is_in_full = false;
        MHD_resume_connection(asked->connection);
    }
    (void)pthread_cond_broadcast(&asked->moved);
    (void)pthread_mutex_unlock(&asked->lock);
}

static void begin(struct asked *asked, const struct http_answer *head)
{
    (void)pthread_mutex_lock(&asked->lock);
    MUST(!asked->is_answered);
    asked->answer = *head;
    asked->answer.has_file = false;
    asked->is_stream = true;
    asked->is_answered = true;
    if (!asked->is_deferred) {
        asked_hold(asked); /* the stream's; that of http_defer becomes it */
    }
    if (asked->is_parked) {
        asked->is_parked = false;
        MHD_resume_connection(asked->connection);
    }
    (void)pthread_mutex_unlock(&asked->lock);
}

void http_stream_begin(struct http_request *request, const struct http_answer *head)
{
    begin((struct asked *)request, head);
}

static bool is_over(const struct asked *asked)
{
    return asked->is_gone || asked->is_cut || asked->is_ended;
}

bool http_write(struct http_request *request, str bytes)
{
    struct asked *asked = (struct asked *)request;

    (void)pthread_mutex_lock(&asked->lock);
    while (bytes.len > 0 && !is_over(asked)) {
        bytes = str_part(bytes, ring_put(&asked->out, bytes), bytes.len);
        wake(asked);
        while (asked->out.len == RING_BYTES && !is_over(asked)) {
            (void)pthread_cond_wait(&asked->moved, &asked->lock);
        }
    }
    bool is_well = !is_over(asked);
    (void)pthread_mutex_unlock(&asked->lock);
    return is_well;
}

void http_stream_end(struct http_request *request, bool is_whole)
{
    struct asked *asked = (struct asked *)request;

    (void)pthread_mutex_lock(&asked->lock);
    asked->is_ended = true;
    asked->is_whole = is_whole;
    wake(asked);
    (void)pthread_mutex_unlock(&asked->lock);
    asked_release(asked);
}

static void link_events(struct http_server *server, struct asked *asked)
{
    (void)pthread_mutex_lock(&server->events_lock);
    asked->is_events = true;
    asked->before = NULL;
    asked->next = server->events;
    if (server->events != NULL) {
        server->events->before = asked;
    }
    server->events = asked;
    (void)pthread_mutex_unlock(&server->events_lock);
}

static void unlink_events(struct http_server *server, struct asked *asked)
{
    (void)pthread_mutex_lock(&server->events_lock);
    if (asked->before == NULL) {
        server->events = asked->next;
    } else {
        asked->before->next = asked->next;
    }
    if (asked->next != NULL) {
        asked->next->before = asked->before;
    }
    (void)pthread_mutex_unlock(&server->events_lock);
}

bool http_events_begin(struct http_request *request)
{
    static const struct http_answer HEAD = {
        .status = 200,
        .type = STR_INIT("text/event-stream"),
    };
    struct asked *asked = (struct asked *)request;
    struct http_server *server = request->server;

    asked_keep(asked);
    if (atomic_fetch_add(&server->open_events, 1) >= server->limits.of[HTTP_EVENT_STREAMS]) {
        (void)atomic_fetch_sub(&server->open_events, 1);
        answer_refuse(asked, HTTP_EVENT_STREAMS, 0);
        return false;
    }
    link_events(server, asked);
    asked->beat_ms = steady_us() / 1000;
    begin(asked, &HEAD);
    return true;
}

/* `data` without its first line, which is `*out`. */
static str cut_line(str data, str *out)
{
    size_t end = 0;

    while (end < data.len && data.at[end] != '\n' && data.at[end] != '\r') {
        end++;
    }
    *out = str_part(data, 0, end);
    if (end + 1 < data.len && data.at[end] == '\r' && data.at[end + 1] == '\n') {
        end++;
    }
    return str_part(data, end + 1, data.len);
}

static void put_field(struct buf *out, str name, str value)
{
    buf_put(out, name);
    buf_put(out, value);
    buf_char(out, '\n');
}

/* The event as it is sent; false: it is larger than the ring. */
static bool write_event(struct buf *out, const struct http_event *event)
{
    str line = {0};
    str rest = {0};
    str done = {0};

    if (event->id.len > 0) {
        (void)cut_line(event->id, &line);
        put_field(out, STR("id: "), line);
    }
    if (event->name.len > 0) {
        (void)cut_line(event->name, &line);
        put_field(out, STR("event: "), line);
    }
    rest = event->data;
    do {
        rest = cut_line(rest, &line);
        put_field(out, STR("data: "), line);
    } while (rest.len > 0);
    buf_char(out, '\n');
    return buf_done(out, &done);
}

bool http_events_push(struct http_request *request, const struct http_event *event)
{
    struct asked *asked = (struct asked *)request;
    struct arena scratch;
    struct buf out;
    str text = {0};

    arena_init(&scratch, ARENA_MIB);
    buf_init(&out, &scratch, RING_BYTES);
    bool is_small = write_event(&out, event) && buf_done(&out, &text);
    (void)pthread_mutex_lock(&asked->lock);
    if (!is_small || text.len > RING_BYTES - asked->out.len) {
        asked->is_ended = true; /* too slow: it comes back with the last id that it has */
        wake(asked);
    }
    bool is_well = !is_over(asked);
    if (is_well) {
        (void)ring_put(&asked->out, text);
        asked->beat_ms = steady_us() / 1000;
        wake(asked);
    }
    (void)pthread_mutex_unlock(&asked->lock);
    arena_done(&scratch);
    return is_well;
}

void http_events_end(struct http_request *request)
{
    struct http_server *server = request->server;

    unlink_events(server, (struct asked *)request);
    (void)atomic_fetch_sub(&server->open_events, 1);
    http_stream_end(request, true);
}

void events_beat(struct http_server *server, int64_t now_ms)
{
    (void)pthread_mutex_lock(&server->events_lock);
    for (struct asked *asked = server->events; asked != NULL; asked = asked->next) {
        (void)pthread_mutex_lock(&asked->lock);
        bool is_due = now_ms - asked->beat_ms >= server->limits.of[HTTP_EVENT_BEAT_MS];
        if (is_due && !is_over(asked) && asked->out.len <= RING_BYTES / 2) {
            (void)ring_put(&asked->out, STR(":\n\n"));
            asked->beat_ms = now_ms;
            wake(asked);
        }
        (void)pthread_mutex_unlock(&asked->lock);
    }
    (void)pthread_mutex_unlock(&server->events_lock);
}

void events_stop(struct http_server *server)
{
    (void)pthread_mutex_lock(&server->events_lock);
    for (struct asked *asked = server->events; asked != NULL; asked = asked->next) {
        (void)pthread_mutex_lock(&asked->lock);
        asked->is_ended = true;
        asked->is_whole = true;
        wake(asked);
        (void)pthread_mutex_unlock(&asked->lock);
    }
    (void)pthread_mutex_unlock(&server->events_lock);
}
