/* The limits of the door. */
#include "http/limits.h"

#define KIB    INT64_C(1024)
#define MIB    (KIB * 1024)
#define SECOND INT64_C(1000)

const struct http_limit_row HTTP_LIMITS[HTTP_LIMIT_COUNT] = {
    [HTTP_WELL_FORMED] = {STR_INIT("well_formed"), 0, 400, 0, MSG_HTTP_LIMIT_WELL_FORMED},
    [HTTP_VERSION] = {STR_INIT("version"), 0, 505, 0, MSG_HTTP_LIMIT_VERSION},
    [HTTP_METHODS] = {STR_INIT("methods"), 0, 501, 0, MSG_HTTP_LIMIT_METHODS},
    [HTTP_ENCODING] = {STR_INIT("encoding"), 0, 415, 0, MSG_HTTP_LIMIT_ENCODING},
    [HTTP_LINE_BYTES] = {STR_INIT("line_bytes"), 8 * KIB, 414, 0, MSG_HTTP_LIMIT_LINE_BYTES},
    [HTTP_HEAD_BYTES] = {STR_INIT("head_bytes"), 16 * KIB, 431, 0, MSG_HTTP_LIMIT_HEAD_BYTES},
    [HTTP_HEADERS] = {STR_INIT("headers"), 100, 431, 0, MSG_HTTP_LIMIT_HEADERS},
    [HTTP_HEAD_MS] = {STR_INIT("head_ms"), 10 * SECOND, 408, 0, MSG_HTTP_LIMIT_HEAD_MS},
    [HTTP_BODY_BYTES] = {STR_INIT("body_bytes"), 0, 413, 0, MSG_HTTP_LIMIT_BODY_BYTES},
    [HTTP_BODY_RATE] = {STR_INIT("body_rate"), KIB, 408, 0, MSG_HTTP_LIMIT_BODY_RATE},
    [HTTP_BODY_GRACE_MS] = {STR_INIT("body_grace_ms"), 10 * SECOND, 408, 0,
                            MSG_HTTP_LIMIT_BODY_GRACE_MS},
    [HTTP_MEMORY_BYTES] = {STR_INIT("memory_bytes"), 256 * MIB, 503, 2,
                           MSG_HTTP_LIMIT_MEMORY_BYTES},
    [HTTP_SPOOL] = {STR_INIT("spool"), 0, 507, 0, MSG_HTTP_LIMIT_SPOOL},
    [HTTP_IDLE_MS] = {STR_INIT("idle_ms"), 60 * SECOND, 0, 0, MSG_HTTP_LIMIT_IDLE_MS},
    [HTTP_SEND_MS] = {STR_INIT("send_ms"), 60 * SECOND, 0, 0, MSG_HTTP_LIMIT_SEND_MS},
    [HTTP_CONNECTIONS] = {STR_INIT("connections"), 20000, 503, 5, MSG_HTTP_LIMIT_CONNECTIONS},
    [HTTP_CONNECTIONS_EACH] = {STR_INIT("connections_each"), 200, 429, 5,
                               MSG_HTTP_LIMIT_CONNECTIONS_EACH},
    [HTTP_REQUESTS] = {STR_INIT("requests"), 2000, 503, 2, MSG_HTTP_LIMIT_REQUESTS},
    [HTTP_EVENT_STREAMS] = {STR_INIT("event_streams"), 1000, 503, 30, MSG_HTTP_LIMIT_EVENT_STREAMS},
    [HTTP_EVENT_BEAT_MS] = {STR_INIT("event_beat_ms"), 15 * SECOND, 0, 0,
                            MSG_HTTP_LIMIT_EVENT_BEAT_MS},
    [HTTP_QUEUE] = {STR_INIT("queue"), 0, 503, 5, MSG_HTTP_LIMIT_QUEUE},
    [HTTP_ADDRESS_RATE] = {STR_INIT("address_rate"), 10, 429, 1, MSG_HTTP_LIMIT_ADDRESS_RATE},
    [HTTP_ADDRESS_BURST] = {STR_INIT("address_burst"), 50, 429, 1, MSG_HTTP_LIMIT_ADDRESS_BURST},
    [HTTP_SESSION_RATE] = {STR_INIT("session_rate"), 20, 429, 1, MSG_HTTP_LIMIT_SESSION_RATE},
    [HTTP_SESSION_BURST] = {STR_INIT("session_burst"), 100, 429, 1, MSG_HTTP_LIMIT_SESSION_BURST},
    [HTTP_STOPPING] = {STR_INIT("stopping"), 0, 503, 5, MSG_HTTP_LIMIT_STOPPING},
    [HTTP_ANSWERED] = {STR_INIT("answered"), 0, 500, 0, MSG_HTTP_LIMIT_ANSWERED},
};

struct http_limits http_limits_default(void)
{
    struct http_limits limits = {0};

    for (int i = 0; i < HTTP_LIMIT_COUNT; i++) {
        limits.of[i] = HTTP_LIMITS[i].amount;
    }
    return limits;
}
