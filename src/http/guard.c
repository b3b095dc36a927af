/* The guard at the door: who is connected, since when, and what is overdue. */
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "http/parts.h"

enum { TICK_MS = 100, SPARE_DOORS = 64 };

int64_t steady_us(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void guard_set(struct door *door, enum door_phase phase, int64_t deadline_ms)
{
    atomic_store_explicit(&door->phase, (int)phase, memory_order_relaxed);
    atomic_store_explicit(&door->deadline_ms, deadline_ms, memory_order_relaxed);
}

void guard_slam(struct http_server *server, int fd, enum http_limit why)
{
    str answer = server->bare[why];

    (void)atomic_fetch_add(&server->refused[why], 1);
    if (answer.len > 0) {
        (void)send(fd, answer.at, answer.len, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
    (void)shutdown(fd, SHUT_RDWR);
}

static int *chain_of(struct guard *guard, const struct door *door)
{
    uint64_t hash = 0;

    (void)crypto_shorthash((unsigned char *)&hash, door->address, ADDRESS_BYTES, guard->hash_key);
    return &guard->chains[hash % (uint64_t)guard->door_count];
}

static int64_t count_same(const struct guard *guard, int at, const struct door *door)
{
    int64_t count = 0;

    for (; at >= 0; at = guard->doors[at].next) {
        count += memcmp(guard->doors[at].address, door->address, ADDRESS_BYTES) == 0;
    }
    return count;
}

/* A place for the newcomer, or why there is none. */
static enum http_limit admit(struct http_server *server, const struct door *newcomer,
                             struct door **out)
{
    struct guard *guard = &server->guard;
    const int64_t *limit = server->limits.of;
    int *chain = chain_of(guard, newcomer);

    if (guard->open >= limit[HTTP_CONNECTIONS] || guard->door_free < 0) {
        return HTTP_CONNECTIONS;
    }
    if (newcomer->is_counted &&
        count_same(guard, *chain, newcomer) >= limit[HTTP_CONNECTIONS_EACH]) {
        return HTTP_CONNECTIONS_EACH;
    }
    struct door *door = &guard->doors[guard->door_free];
    int at = guard->door_free;
    guard->door_free = door->next;
    memcpy(door, newcomer, sizeof(*door));
    if (door->is_counted) {
        door->next = *chain;
        *chain = at;
    }
    guard->open++;
    guard_set(door, DOOR_HEAD, steady_us() / 1000 + limit[HTTP_HEAD_MS]);
    *out = door;
    return HTTP_LIMIT_COUNT;
}

struct door *guard_enter(struct http_server *server, int fd, const struct sockaddr *from)
{
    struct door newcomer = {.fd = fd, .next = -1};
    struct door *door = NULL;

    socket_address(from, &newcomer);
    for (int i = 0; i < server->opts.proxy_count; i++) {
        newcomer.is_proxy |= str_equal(server->opts.proxies[i], str_from(newcomer.name));
    }
    newcomer.is_counted = !newcomer.is_proxy && from->sa_family != AF_UNIX;
    (void)pthread_mutex_lock(&server->guard.lock);
    enum http_limit why = admit(server, &newcomer, &door);
    (void)pthread_mutex_unlock(&server->guard.lock);
    if (why != HTTP_LIMIT_COUNT) {
        guard_slam(server, fd, why);
    }
    return door;
}

static void unlink_door(struct guard *guard, struct door *door, int at)
{
    int *link = chain_of(guard, door);

    while (*link != at) {
        link = &guard->doors[*link].next;
    }
    *link = door->next;
}

void guard_leave(struct http_server *server, struct door *door)
{
    struct guard *guard = &server->guard;
    int at = (int)(door - guard->doors);

    (void)pthread_mutex_lock(&guard->lock);
    if (door->is_counted) {
        unlink_door(guard, door, at);
    }
    guard_set(door, DOOR_FREE, HTTP_NEVER_MS);
    door->next = guard->door_free;
    guard->door_free = at;
    guard->open--;
    (void)pthread_mutex_unlock(&guard->lock);
}

/* Without the lock: guard_cut_all, which follows the pointer, is called after is_stopping was set;
 * whoever does not see that here has taken the pointer away before it looks. */
void guard_busy(struct http_server *server, struct door *door, struct asked *asked)
{
    atomic_store(&door->asked, asked);
    if (asked == NULL && atomic_load(&server->is_stopping)) {
        (void)pthread_mutex_lock(&server->guard.lock);
        (void)pthread_mutex_unlock(&server->guard.lock);
    }
}

int guard_open(struct http_server *server)
{
    (void)pthread_mutex_lock(&server->guard.lock);
    int open = server->guard.open;
    (void)pthread_mutex_unlock(&server->guard.lock);
    return open;
}

/* Shut what is overdue: heads and bodies are told why, idle connections are not. */
static void look_round(struct http_server *server, int64_t now_ms)
{
    static const enum http_limit WHY[] = {
        [DOOR_HEAD] = HTTP_HEAD_MS,
        [DOOR_BODY] = HTTP_BODY_RATE,
        [DOOR_WORK] = HTTP_SEND_MS,
        [DOOR_IDLE] = HTTP_IDLE_MS,
    };
    struct guard *guard = &server->guard;

    for (int i = 0; i < guard->door_count; i++) {
        struct door *door = &guard->doors[i];
        int phase = atomic_load_explicit(&door->phase, memory_order_relaxed);
        if (phase != DOOR_FREE &&
            atomic_load_explicit(&door->deadline_ms, memory_order_relaxed) <= now_ms) {
            guard_slam(server, door->fd, WHY[phase]);
            guard_set(door, DOOR_WORK, HTTP_NEVER_MS);
        }
    }
}

static void *watch(void *self)
{
    struct http_server *server = self;
    struct guard *guard = &server->guard;

    (void)pthread_mutex_lock(&guard->lock);
    while (!guard->is_stopping) {
        struct timespec until = {0};
        (void)clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += TICK_MS * INT64_C(1000000);
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        (void)pthread_cond_timedwait(&guard->stop, &guard->lock, &until);
        look_round(server, steady_us() / 1000);
        (void)pthread_mutex_unlock(&guard->lock);
        events_beat(server, steady_us() / 1000);
        (void)pthread_mutex_lock(&guard->lock);
    }
    (void)pthread_mutex_unlock(&guard->lock);
    return NULL;
}

void guard_cut_all(struct http_server *server)
{
    struct guard *guard = &server->guard;

    (void)pthread_mutex_lock(&guard->lock);
    for (int i = 0; i < guard->door_count; i++) {
        struct door *door = &guard->doors[i];
        if (atomic_load(&door->phase) != DOOR_FREE) {
            (void)shutdown(door->fd, SHUT_RDWR);
            struct asked *asked = atomic_load(&door->asked);
            if (asked != NULL) {
                stream_cut(asked);
            }
        }
    }
    (void)pthread_mutex_unlock(&guard->lock);
}

enum rc guard_start(struct http_server *server, struct err *err)
{
    struct guard *guard = &server->guard;
    pthread_condattr_t steady;

    guard->door_count = (int)server->limits.of[HTTP_CONNECTIONS] + SPARE_DOORS;
    guard->doors = calloc((size_t)guard->door_count, sizeof(*guard->doors));
    guard->chains = calloc((size_t)guard->door_count, sizeof(*guard->chains));
    MUST(guard->doors != NULL && guard->chains != NULL);
    for (int i = 0; i < guard->door_count; i++) {
        guard->doors[i].next = i + 1 < guard->door_count ? i + 1 : -1;
        guard->chains[i] = -1;
    }
    randombytes_buf(guard->hash_key, sizeof(guard->hash_key));
    (void)pthread_mutex_init(&guard->lock, NULL);
    (void)pthread_condattr_init(&steady);
    (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&guard->stop, &steady);
    (void)pthread_condattr_destroy(&steady);
    if (pthread_create(&guard->watch, NULL, watch, server) != 0) {
        return err_set(err, RC_BROKEN, MSG_HTTP_START);
    }
    guard->has_watch = true;
    return RC_OK;
}

void guard_stop(struct http_server *server)
{
    struct guard *guard = &server->guard;

    if (guard->has_watch) {
        (void)pthread_mutex_lock(&guard->lock);
        guard->is_stopping = true;
        (void)pthread_cond_broadcast(&guard->stop);
        (void)pthread_mutex_unlock(&guard->lock);
        (void)pthread_join(guard->watch, NULL);
    }
    free(guard->doors);
    free(guard->chains);
}
