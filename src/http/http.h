/* The door: HTTP/1.1 in, answers out. Knows no route, no right and no word of the office: a server
 * is opened with two functions, one that looks at a request's head and one that answers it. */
#ifndef HTTP_HTTP_H
#define HTTP_HTTP_H

#include "base/arena.h"
#include "base/err.h"
#include "http/limits.h"

struct http_server;

enum http_method {
    HTTP_GET,
    HTTP_HEAD,
    HTTP_POST,
    HTTP_PUT,
    HTTP_PATCH,
    HTTP_DELETE,
    HTTP_OPTIONS
};

struct http_pair {
    str name;
    str value;
};

/* A request, read-only but for `user` and `route`. All texts are valid UTF-8 without zero bytes,
 * decoded once, and live as long as the request: from begin() until its answer has been sent.
 * It belongs to one thread at a time: loop, then worker or whoever it was deferred to. */
struct http_request {
    int64_t id; /* from 1, unique in a server's life; X-Request-Id of every answer */
    enum http_method method;
    const str *segments; /* of the path: "/a/b%20c" is "a", "b c"; "/" has none */
    int segment_count;
    bool has_slash; /* the path ended with '/' */
    const struct http_pair *query;
    int query_count;
    const struct http_pair *headers; /* names in lower case */
    int header_count;
    const struct http_pair *cookies;
    int cookie_count;
    str peer;         /* the client's address, "unix" on a Unix socket without proxy */
    str body;         /* HTTP_BODY_MEMORY: the bytes as sent (the one text that is not checked) */
    int body_file;    /* HTTP_BODY_SPOOL: descriptor of an unnamed file, at its start; else -1 */
    int64_t body_len; /* bytes received, both kinds */
    int lane; /* which thread runs it, 0 to loops + workers - 1: for what each has its own */
    struct arena *arena;
    struct http_server *server;
    void *user;     /* the caller's: who is asking, which route */
    int route;      /* the caller's, for the log: a name of the route, */
    int64_t cpu_us; /* and what handling took */
};

/* The first of that name; "" when absent. Header names in lower case; cookies without "__Host-". */
str http_header(const struct http_request *request, str name);
str http_cookie(const struct http_request *request, str name);
bool http_query(const struct http_request *request, str name, str *out_value);
/* The body is said to be of that media type, in UTF-8 where it has a charset. */
bool http_has_type(const struct http_request *request, str type);

/* What is wanted of a request whose head was read. Zeroed: no body, inline, counted by address. */
struct http_plan {
    enum { HTTP_BODY_NONE, HTTP_BODY_MEMORY, HTTP_BODY_SPOOL, HTTP_BODY_STREAM } body;
    int64_t body_max;  /* bytes; more is refused with 413, before it is sent where that is known */
    bool is_slow;      /* handled by the pool, not on the loop; a streamed body always is */
    str session;       /* counted against the rate of this session; "": of the peer's address */
    bool is_unmetered; /* not counted: static assets */
};

enum http_cache {
    HTTP_NO_STORE,   /* what was shown to somebody */
    HTTP_REVALIDATE, /* may be kept, is asked for again each time by its etag */
    HTTP_MINUTE,     /* public, for a minute */
    HTTP_IMMUTABLE,  /* public, for ever: the name changes with the content */
};

/* A session cookie by the rules of __Host-: Secure (by HTTPS), HttpOnly, SameSite=Lax, Path=/. */
struct http_cookie {
    str name; /* without "__Host-", which is put before it when is_https */
    str value;
    int64_t max_age_s; /* 0: forget it now; -1: until the browser closes */
};

/* An answer. Texts must live as long as the request: in its arena, or static. */
struct http_answer {
    int status;
    str type; /* "application/json"; "" with a body is application/octet-stream */
    str body;
    int file;         /* when has_file: sent instead of body, then closed, in any case */
    int64_t file_len; /* its bytes, from its start */
    bool has_file;
    str download;    /* file name in UTF-8 under which it is to be saved; "": show it */
    bool is_foreign; /* bytes of users' making: shown in a sandbox */
    enum http_cache cache;
    str etag; /* without quotes; answers If-None-Match with 304 */
    str location;
    str allow;         /* of 405 */
    str link;          /* RFC 8288, ready made */
    int retry_after_s; /* 0: none */
    bool has_cookie;
    struct http_cookie cookie;
};

/* Answer, exactly once; from begin() it spares the body and handle(). From any thread after
 * http_defer(). A HEAD gets the same without the body. The request must not be touched after. */
void http_answer(struct http_request *request, const struct http_answer *answer);

/* In handle(): another thread answers later. It must, or the server never stops. */
void http_defer(struct http_request *request);

/* An answer in pieces, in constant memory; only from a worker or after http_defer(). `body` and
 * `file` of the head are not used. Between begin and end the request stays alive. */
void http_stream_begin(struct http_request *request, const struct http_answer *head);
/* Waits until there is room. False: the client is gone, or the server cuts off; stop making it. */
bool http_write(struct http_request *request, str bytes);
/* Not whole: the connection is cut, so that nobody takes a part for all. */
void http_stream_end(struct http_request *request, bool is_whole);

/* Server-sent events. Begin in handle(), which may then return; push and end from any one thread
 * at a time. The room sends heartbeats. End it always, after a false push too. */
struct http_event {
    str name; /* "": message */
    str id;   /* comes back as Last-Event-ID; "": none */
    str data; /* lines are split as the format wants */
};
/* False: too many streams are open; refused and answered. */
bool http_events_begin(struct http_request *request);
/* Never waits. False: the client is gone, too slow for its buffer, or the server is stopping. */
bool http_events_push(struct http_request *request, const struct http_event *event);
void http_events_end(struct http_request *request);

/* HTTP_BODY_STREAM, in handle(): up to `room` bytes of the body; waits for some. 0: the end;
 * -1: it broke off, was too long or too slow (body_max is the limit; answer what you like). */
int64_t http_read(struct http_request *request, char *into, size_t room);

/* One finished request, for a log without personal data: no path, no query, no address. */
struct http_line {
    int64_t id;
    int route; /* -1: refused before begin() */
    enum http_method method;
    int status;
    int64_t wait_us; /* from the head read to the answer sent */
    int64_t cpu_us;
    int64_t bytes_in;
    int64_t bytes_out;
    bool is_cut;    /* the client was gone before the end */
    bool is_events; /* a stream of events: as long as somebody listens */
};

struct http_opts {
    str listen; /* "127.0.0.1:8600", "[::1]:8600", port 0: any; "unix:/path"; "fd:3" */
    int loops;  /* threads that read and write; 0: 2 */
    int workers;
    int queue_max;                    /* slow requests that may wait for a worker; beyond it 503 */
    const struct http_limits *limits; /* NULL: http_limits_default() */
    str spool;                        /* directory for bodies on their way */
    const str *proxies;               /* addresses whose X-Forwarded-For is believed; "unix" */
    int proxy_count;
    bool is_https; /* clients reach it by HTTPS, through the proxy */
    void *self;
    /* On a loop, the head was read, no body yet: fills the plan, or answers at once. */
    void (*begin)(void *self, struct http_request *request, struct http_plan *plan);
    /* The request is whole: answers, streams, begins events, or defers. Else the room says 500. */
    void (*handle)(void *self, struct http_request *request);
    /* How a refusal of the room is told: fills type and body of `answer`, whose status and
     * retry_after_s are set. NULL: plain text in English. `why` names the limit. */
    void (*refuse)(void *self, struct http_request *request, enum http_limit why,
                   struct http_answer *answer);
    /* From any loop, once a request. NULL: none. */
    void (*log)(void *self, const struct http_line *line);
};

/* Open the socket and start. RC_INVALID: the address. RC_BROKEN: the system. */
MUST_CHECK enum rc http_open(const struct http_opts *opts, struct http_server **out,
                             struct err *err);
/* The port it listens on; 0 on a Unix socket. */
int http_port(const struct http_server *server);
/* No new connections; what runs has `wait_ms` to finish, streams of events are told to end; then
 * all is cut, and the server is gone. The number of requests that were cut. */
int http_close(struct http_server *server, int64_t wait_ms);

enum { HTTP_WAIT_BUCKETS = 12 };
/* Upper ends of the buckets of waits, in microseconds; the last is open. */
extern const int64_t HTTP_WAIT_ENDS_US[HTTP_WAIT_BUCKETS - 1];
struct http_counts {
    int64_t by_class[6]; /* answers by the first digit of their status; [0]: cut before one */
    int64_t refused[HTTP_LIMIT_COUNT];
    int64_t bytes_in;
    int64_t bytes_out;
    int64_t waits[HTTP_WAIT_BUCKETS];
    int64_t wait_us; /* their sum */
    int64_t open_connections;
    int64_t open_requests;
    int64_t open_events;
    int64_t queued;
    int64_t busy_workers;
};
void http_count(struct http_server *server, struct http_counts *out);

#endif
