/* What the files of the door do for one another. */
#ifndef HTTP_PARTS_H
#define HTTP_PARTS_H

#include "http/http_in.h"

/* Microseconds of a clock that never goes back. */
int64_t steady_us(void);

/* access.c: what the library calls */
struct access_call {
    struct MHD_Connection *connection;
    const char *url;
    const char *method;
    const char *version;
    const char *bytes; /* of the body */
    size_t *len;
    void **state;
};
enum MHD_Result access_entry(void *self, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *bytes,
                             size_t *len, void **state);
enum MHD_Result access_step(struct http_server *server, const struct access_call *call);
void access_connection(void *self, struct MHD_Connection *connection, void **context,
                       enum MHD_ConnectionNotificationCode code);
void *access_target(void *self, const char *target, struct MHD_Connection *connection);
size_t access_escaped(void *self, struct MHD_Connection *connection, char *text);
void access_completed(void *self, struct MHD_Connection *connection, void **state,
                      enum MHD_RequestTerminationCode code);
/* The lane of this thread; NULL: it is no loop of that server. */
struct lane *lane_here(const struct http_server *server);

/* socket.c */
MUST_CHECK enum rc socket_listen(struct http_server *server, struct err *err);
void socket_close(struct http_server *server);
/* The address in its 16 bytes (IPv4 mapped), zeros for a Unix socket; and as text. */
void socket_address(const struct sockaddr *from, struct door *door);

/* guard.c: connections and their deadlines */
MUST_CHECK enum rc guard_start(struct http_server *server, struct err *err);
void guard_stop(struct http_server *server);
/* NULL: refused, and told so. */
struct door *guard_enter(struct http_server *server, int fd, const struct sockaddr *from);
void guard_leave(struct http_server *server, struct door *door);
void guard_set(struct door *door, enum door_phase phase, int64_t deadline_ms);
void guard_busy(struct http_server *server, struct door *door, struct asked *asked);
/* Answer on the bare socket and shut it: where the library cannot answer any more. */
void guard_slam(struct http_server *server, int fd, enum http_limit why);
void guard_cut_all(struct http_server *server);
int guard_open(struct http_server *server);

/* rate.c: 0: admitted; else seconds to wait */
void rate_init(struct http_server *server);
int rate_take(struct http_server *server, bool is_session, str key, int64_t now_ms);

/* request.c */
struct asked *asked_new(struct http_server *server, struct lane *home);
void asked_hold(struct asked *asked);
void asked_release(struct asked *asked);
void asked_free_spare(struct lane *lane);
/* It stays in hand: counted against HTTP_REQUESTS. */
void asked_keep(struct asked *asked);
/* Read the head; HTTP_LIMIT_COUNT: it is well. */
enum http_limit asked_read_head(struct asked *asked, const char *method, const char *url,
                                const char *version);

/* answer.c */
enum MHD_Result answer_send(struct asked *asked);
void answer_refuse(struct asked *asked, enum http_limit why, int retry_s);
str answer_bare(struct arena *arena, enum http_limit why, bool is_https); /* whole, no body */
/* Before anything was sent: as if there had been none. */
void answer_withdraw(struct asked *asked);
/* Suspend until http_answer; on the loop. */
void answer_park(struct asked *asked);

/* stream.c */
struct MHD_Response *stream_response(struct asked *asked);
void stream_gone(struct asked *asked);
void stream_cut(struct asked *asked);
void events_beat(struct http_server *server, int64_t now_ms);
void events_stop(struct http_server *server);

/* body.c: the body on its way in */
size_t ring_put(struct ring *ring, str bytes); /* as much as there is room for */
size_t ring_take(struct ring *ring, char *into, size_t room);
enum http_limit body_plan(struct asked *asked);
/* Takes all of `*len` bytes, or less and suspends; MHD_NO: the connection was shut. */
enum MHD_Result body_take(struct asked *asked, const char *bytes, size_t *len);
void body_end(struct asked *asked);
void body_forget(struct asked *asked);

/* pool.c */
MUST_CHECK enum rc pool_start(struct http_server *server, struct err *err);
void pool_stop(struct http_server *server); /* what still waits is refused */
/* Park the request and give it to a worker; false: the queue is full. */
bool pool_put(struct asked *asked);

#endif
