/* Bodies on their way in: into memory, into an unnamed file, or to a worker that waits for them. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "http/parts.h"

size_t ring_put(struct ring *ring, str bytes)
{
    if (ring->at == NULL) {
        ring->at = malloc(RING_BYTES);
        MUST(ring->at != NULL);
    }
    size_t len = bytes.len < RING_BYTES - ring->len ? bytes.len : RING_BYTES - ring->len;
    size_t end = (ring->first + ring->len) % RING_BYTES;
    size_t front = len < RING_BYTES - end ? len : RING_BYTES - end;

    memcpy(ring->at + end, bytes.at, front);
    memcpy(ring->at, bytes.at + front, len - front);
    ring->len += len;
    return len;
}

size_t ring_take(struct ring *ring, char *into, size_t room)
{
    size_t len = room < ring->len ? room : ring->len;
    size_t front = len < RING_BYTES - ring->first ? len : RING_BYTES - ring->first;

    if (len > 0) {
        memcpy(into, ring->at + ring->first, front);
        memcpy(into + front, ring->at, len - front);
        ring->first = (ring->first + len) % RING_BYTES;
        ring->len -= len;
    }
    return len;
}

/* Each second after the grace has to bring its share. */
static void watch_rate(struct asked *asked)
{
    const int64_t *limit = asked->open.server->limits.of;
    int64_t earned_ms = asked->rate_bytes * 1000 / limit[HTTP_BODY_RATE];

    guard_set(asked->door, DOOR_BODY, asked->rate_begun_ms + limit[HTTP_BODY_GRACE_MS] + earned_ms);
}

static void begin_watch(struct asked *asked)
{
    asked->rate_begun_ms = steady_us() / 1000;
    asked->rate_bytes = 0;
    watch_rate(asked);
}

static bool reserve_memory(struct asked *asked, int64_t bytes)
{
    struct http_server *server = asked->open.server;
    int64_t held = atomic_fetch_add(&server->memory_held, bytes) + bytes;

    asked->memory_held += bytes;
    return held <= server->limits.of[HTTP_MEMORY_BYTES];
}

static bool open_spool(struct asked *asked)
{
    str directory = arena_str(&asked->arena, asked->open.server->opts.spool);

    asked->open.body_file = open(directory.at, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    return asked->open.body_file >= 0;
}

enum http_limit body_plan(struct asked *asked)
{
    const struct http_plan *plan = &asked->plan;
    int64_t max = plan->body == HTTP_BODY_NONE ? 0 : plan->body_max;

    if (!asked->has_body) {
        return HTTP_LIMIT_COUNT;
    }
    if (max == 0 || asked->body_said > max) {
        return HTTP_BODY_BYTES;
    }
    if (plan->body == HTTP_BODY_MEMORY && asked->body_said > 0) {
        if (!reserve_memory(asked, asked->body_said)) {
            return HTTP_MEMORY_BYTES;
        }
        asked->body_bytes = malloc((size_t)asked->body_said);
        MUST(asked->body_bytes != NULL);
    }
    if (plan->body == HTTP_BODY_SPOOL && !open_spool(asked)) {
        return HTTP_SPOOL;
    }
    asked_keep(asked);
    begin_watch(asked);
    return HTTP_LIMIT_COUNT;
}

/* A body in chunks grows by doubling, within what all bodies together may take. */
static bool grow(struct asked *asked, int64_t need)
{
    int64_t room = asked->memory_held == 0 ? INT64_C(16) * 1024 : asked->memory_held;

    while (room < need) {
        room *= 2;
    }
    if (room > asked->memory_held) {
        if (!reserve_memory(asked, room - asked->memory_held)) {
            return false;
        }
        asked->body_bytes = realloc(asked->body_bytes, (size_t)room);
        MUST(asked->body_bytes != NULL);
    }
    return true;
}

static enum http_limit keep_in_memory(struct asked *asked, str bytes)
{
    int64_t before = asked->open.body_len;

    if (!grow(asked, before + (int64_t)bytes.len)) {
        return HTTP_MEMORY_BYTES;
    }
    memcpy(asked->body_bytes + before, bytes.at, bytes.len);
    return HTTP_LIMIT_COUNT;
}

static enum http_limit keep_in_file(const struct asked *asked, str bytes)
{
    while (bytes.len > 0) {
        ssize_t written = write(asked->open.body_file, bytes.at, bytes.len);
        if (written < 0) {
            return HTTP_SPOOL;
        }
        bytes = str_part(bytes, (size_t)written, bytes.len);
    }
    return HTTP_LIMIT_COUNT;
}

/* Give the worker what there is room for; wait for it, suspended, with what is left: the library
 * calls again for the rest only when more arrives or it is resumed. */
static size_t pass_on(struct asked *asked, str bytes)
{
    (void)pthread_mutex_lock(&asked->lock);
    bool is_wanted = !asked->is_answered && !asked->is_in_broken;
    size_t taken = is_wanted ? ring_put(&asked->in, bytes) : bytes.len;
    if (taken < bytes.len) {
        asked->is_in_full = true;
        guard_set(asked->door, DOOR_WORK, HTTP_NEVER_MS);
        MHD_suspend_connection(asked->connection);
    }
    (void)pthread_cond_broadcast(&asked->moved);
    (void)pthread_mutex_unlock(&asked->lock);
    return taken;
}

static enum http_limit keep(struct asked *asked, str bytes)
{
    switch (asked->plan.body) {
    case HTTP_BODY_MEMORY:
        return keep_in_memory(asked, bytes);
    case HTTP_BODY_SPOOL:
        return keep_in_file(asked, bytes);
    case HTTP_BODY_NONE:
    case HTTP_BODY_STREAM:
        break;
    }
    return HTTP_LIMIT_COUNT;
}

static void break_off(struct asked *asked)
{
    (void)pthread_mutex_lock(&asked->lock);
    asked->is_in_broken = true;
    (void)pthread_cond_broadcast(&asked->moved);
    (void)pthread_mutex_unlock(&asked->lock);
}

enum MHD_Result body_take(struct asked *asked, const char *bytes, size_t *len)
{
    str rest = {bytes, *len};
    enum http_limit why = HTTP_LIMIT_COUNT;

    if (asked->has_paused) { /* for the worker, which does not count against the client */
        asked->has_paused = false;
        begin_watch(asked);
    }
    if (asked->open.body_len + (int64_t)*len > asked->plan.body_max) {
        why = HTTP_BODY_BYTES;
    } else if (asked->plan.body == HTTP_BODY_STREAM) {
        rest.len = pass_on(asked, rest);
        asked->has_paused = rest.len < *len;
    } else {
        why = keep(asked, rest);
    }
    if (why != HTTP_LIMIT_COUNT) {
        break_off(asked);
        guard_slam(asked->open.server, asked->door->fd, why);
        return MHD_NO;
    }
    asked->open.body_len += (int64_t)rest.len;
    asked->rate_bytes += (int64_t)rest.len;
    *len -= rest.len;
    if (!asked->has_paused) {
        watch_rate(asked);
    }
    return MHD_YES;
}

void body_end(struct asked *asked)
{
    struct http_request *request = &asked->open;

    if (asked->plan.body == HTTP_BODY_MEMORY) {
        request->body =
            (str){asked->body_bytes == NULL ? "" : asked->body_bytes, (size_t)request->body_len};
    }
    if (request->body_file >= 0) {
        (void)lseek(request->body_file, 0, SEEK_SET);
    }
    if (asked->is_begun) {
        (void)pthread_mutex_lock(&asked->lock);
        asked->is_in_ended = true;
        (void)pthread_cond_broadcast(&asked->moved);
        (void)pthread_mutex_unlock(&asked->lock);
    }
}

void body_forget(struct asked *asked)
{
    if (asked->memory_held > 0) {
        (void)atomic_fetch_sub(&asked->open.server->memory_held, asked->memory_held);
        free(asked->body_bytes);
        asked->body_bytes = NULL;
    }
    if (asked->open.body_file >= 0) {
        (void)close(asked->open.body_file);
    }
}

int64_t http_read(struct http_request *request, char *into, size_t room)
{
    struct asked *asked = (struct asked *)request;
    int64_t got = -1;

    (void)pthread_mutex_lock(&asked->lock);
    while (asked->in.len == 0 && !asked->is_in_ended && !asked->is_in_broken && !asked->is_gone &&
           !asked->is_cut) {
        (void)pthread_cond_wait(&asked->moved, &asked->lock);
    }
    if (!asked->is_in_broken && !asked->is_cut && (asked->is_in_ended || !asked->is_gone)) {
        got = (int64_t)ring_take(&asked->in, into, room);
    }
    if (asked->is_in_full && !asked->is_gone && asked->in.len <= RING_BYTES / 2) {
        asked->is_in_full = false;
        guard_set(asked->door, DOOR_BODY,
                  steady_us() / 1000 + request->server->limits.of[HTTP_BODY_GRACE_MS]);
        MHD_resume_connection(asked->connection);
    }
    (void)pthread_mutex_unlock(&asked->lock);
    return got;
}
