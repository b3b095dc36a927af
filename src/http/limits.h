/* Every limit of the door in one table: its name, what it is by default, and how it answers. */
#ifndef HTTP_LIMITS_H
#define HTTP_LIMITS_H

#include <stdint.h>

#include "base/err.h"

enum http_limit {
    HTTP_WELL_FORMED, /* no number: what is malformed or could be read in two ways */
    HTTP_VERSION,     /* no number: HTTP/1.0 and 1.1 */
    HTTP_METHODS,     /* no number: the seven of enum http_method */
    HTTP_ENCODING,    /* no number: bodies are sent as they are */
    HTTP_LINE_BYTES,
    HTTP_HEAD_BYTES,
    HTTP_HEADERS,
    HTTP_HEAD_MS,
    HTTP_BODY_BYTES, /* no number of its own: the plan's */
    HTTP_BODY_RATE,
    HTTP_BODY_GRACE_MS,
    HTTP_MEMORY_BYTES,
    HTTP_SPOOL, /* no number: the disk that takes bodies is full or broken */
    HTTP_IDLE_MS,
    HTTP_SEND_MS,
    HTTP_CONNECTIONS,
    HTTP_CONNECTIONS_EACH,
    HTTP_REQUESTS,
    HTTP_EVENT_STREAMS,
    HTTP_EVENT_BEAT_MS,
    HTTP_QUEUE,
    HTTP_ADDRESS_RATE,
    HTTP_ADDRESS_BURST,
    HTTP_SESSION_RATE,
    HTTP_SESSION_BURST,
    HTTP_STOPPING, /* no number: the server is on its way down */
    HTTP_ANSWERED, /* no number: a handler that gave no answer */
    HTTP_LIMIT_COUNT
};

struct http_limits {
    int64_t of[HTTP_LIMIT_COUNT];
};

struct http_limit_row {
    str name;         /* "line_bytes": in settings, counters and documents */
    int64_t amount;   /* by default; 0: the row has no number */
    int status;       /* of the answer; 0: the connection is closed without one */
    int retry_s;      /* of Retry-After; 0: none */
    enum msg_id text; /* what it bounds and why, a sentence */
};

extern const struct http_limit_row HTTP_LIMITS[HTTP_LIMIT_COUNT];

struct http_limits http_limits_default(void);

#endif
