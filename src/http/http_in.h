/* What the files of the door share. The library below is libmicrohttpd; nobody else sees it.
 *
 * Locks, outermost first: guard.lock, events_lock, pool.lock, asked.lock, those of the library. */
#ifndef HTTP_HTTP_IN_H
#define HTTP_HTTP_IN_H

#include <pthread.h>
#include <stdatomic.h>

#include <microhttpd.h>

#include "base/buf.h"
#include "http/http.h"

#define HTTP_NEVER_MS    INT64_MAX
#define HTTP_HOST_PREFIX STR("__Host-")

enum { RING_BYTES = 64 * 1024, ADDRESS_BYTES = 16 };

/* Bytes between two threads. */
struct ring {
    char *at; /* RING_BYTES, or NULL before first use */
    size_t first;
    size_t len;
};
/* One connection: what the watch needs to know of it. */
enum door_phase { DOOR_FREE, DOOR_HEAD, DOOR_BODY, DOOR_WORK, DOOR_IDLE };
struct asked;
struct door {
    _Atomic int phase;
    _Atomic int64_t deadline_ms; /* of the steady clock */
    int fd;
    int next; /* free list, or the doors whose addresses share a chain; -1: none */
    bool is_proxy;
    bool is_counted;   /* against its address */
    size_t target_len; /* as it was sent */
    const char *target_end;
    unsigned char address[ADDRESS_BYTES]; /* zeros: a Unix socket */
    char name[48];                        /* the address as text */
    struct asked *_Atomic asked;          /* what it is busy with */
};

struct bucket { /* of tokens */
    uint64_t key;
    int64_t at_ms;
    int64_t tokens_milli;
};

struct guard {
    pthread_mutex_t lock;
    struct door *doors;
    int door_count;
    int door_free; /* head of the free list */
    int *chains;   /* door_count of them, by address */
    int open;
    unsigned char hash_key[16];
    pthread_t watch;
    bool has_watch;
    pthread_cond_t stop;
    bool is_stopping;
};

struct rate {
    pthread_mutex_t lock;
    struct bucket *buckets;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t more;
    pthread_t *threads;
    struct asked **queue; /* a ring of opts.queue_max */
    int first;
    int count;
    int busy;
    int running; /* threads started */
    bool is_stopping;
};

/* A request on our side. What stands from `lock` on is kept when it is used again. */
struct asked {
    struct http_request open; /* first: callers' pointers are ours */
    struct MHD_Connection *connection;
    struct door *door;
    struct http_plan plan;
    struct lane *home; /* of the loop that has it */
    bool is_held;      /* counted in server.held */
    int64_t begun_us;
    _Atomic int holds; /* the library's, a worker's, a later answer's */
    bool has_body;
    int64_t body_said; /* its length as announced; -1: in chunks */
    int64_t memory_held;
    int64_t rate_begun_ms; /* the watch on slow bodies began */
    int64_t rate_bytes;    /* and these have come since */
    bool has_paused;       /* the body waited for room in `in` */
    bool is_closing;       /* the connection ends with this answer */
    bool is_begun;         /* handed to a worker before its body was whole */
    bool is_whole_in;      /* the body has come, and what it leads to has begun */
    str packing;           /* of the answer: "gzip" */
    bool varies;           /* by Accept-Encoding */
    int64_t bytes_out;

    struct http_answer answer; /* this and all below under `lock` once another thread has it */
    bool is_answered;
    bool is_parked; /* the connection is suspended until the answer */
    bool is_deferred;
    bool is_gone;   /* the library has let go of the connection */
    bool is_cut;    /* by http_close */
    bool is_stream; /* the answer comes through `out` */
    bool is_events;
    bool is_asleep; /* suspended until there is something in `out` */
    bool is_ended;
    bool is_whole;
    bool is_in_full; /* suspended until there is room in `in` */
    bool is_in_ended;
    bool is_in_broken;
    int64_t beat_ms;    /* events: when something was last put */
    struct asked *next; /* of the spare ones, or of the streams of events */
    struct asked *before;

    pthread_mutex_t lock;
    pthread_cond_t moved;
    struct arena arena;
    struct arena_mark fresh; /* of the arena, with its first chunk kept */
    struct ring out;
    struct ring in; /* HTTP_BODY_STREAM */
    char *body_bytes;
};

/* What each loop has of its own, so that loops do not wait for one another. */
struct lane {
    _Alignas(64) _Atomic int64_t opened; /* requests; written by the loop alone, like all counts */
    _Atomic int64_t closed;              /* by whoever lets go last */
    int64_t next_id;
    struct asked *spare;
    int spare_count;
    _Atomic int64_t by_class[6];
    _Atomic int64_t bytes_in;
    _Atomic int64_t bytes_out;
    _Atomic int64_t waits[HTTP_WAIT_BUCKETS];
    _Atomic int64_t wait_us;
};

struct http_server {
    struct http_opts opts;
    struct http_limits limits;
    struct arena arena;
    struct MHD_Daemon *daemon;
    int socket;
    int port;
    const char *unix_path;      /* to be removed at the end */
    str bare[HTTP_LIMIT_COUNT]; /* whole answers for guard_slam */
    struct guard guard;
    struct rate rate;
    struct pool pool;
    int64_t start;
    struct lane *lanes; /* opts.loops of them */
    _Atomic int next_lane;
    _Atomic bool is_stopping;
    pthread_mutex_t events_lock;
    struct asked *events;
    _Atomic int64_t memory_held;
    _Atomic int64_t refused[HTTP_LIMIT_COUNT];
    _Atomic int64_t held; /* requests that are more than a moment in hand */
    _Atomic int64_t open_events;
};

#endif
