/* Answers: what callers say made into the library's response, with the headers of every answer. */
#include <unistd.h>

#include "base/msg.h"
#include "http/parse.h"
#include "http/parts.h"

enum { HEADER_MAX = 4096, NUM_ROOM = 32, KEPT_BYTES = 64 * 1024 };

struct fixed {
    const char *name;
    const char *value;
};

/* On every answer, also on those that the library cannot give any more. */
static const struct fixed SECURITY[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};
static const char POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'";
static const char POLICY_FOREIGN[] =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; "
    "sandbox";
static const char HSTS[] = "max-age=31536000; includeSubDomains";
static const char *const CACHES[] = {
    [HTTP_NO_STORE] = "no-store",
    [HTTP_REVALIDATE] = "private, no-cache",
    [HTTP_MINUTE] = "public, max-age=60",
    [HTTP_IMMUTABLE] = "public, max-age=31536000, immutable",
};

/* The words of a status line that the room writes itself. */
static const char *words_of(int status)
{
    return MHD_get_reason_phrase_for((unsigned)status);
}

static void put_fixed(struct buf *out, struct fixed header)
{
    buf_put(out, str_from(header.name));
    buf_put(out, STR(": "));
    buf_put(out, str_from(header.value));
    buf_put(out, STR("\r\n"));
}

str answer_bare(struct arena *arena, enum http_limit why, bool is_https)
{
    const struct http_limit_row *row = &HTTP_LIMITS[why];
    struct buf out;
    str text = {0};

    if (row->status == 0) {
        return STR("");
    }
    buf_init(&out, arena, HEADER_MAX);
    buf_put(&out, STR("HTTP/1.1 "));
    buf_int(&out, row->status);
    buf_char(&out, ' ');
    buf_put(&out, str_from(words_of(row->status)));
    buf_put(&out, STR("\r\nConnection: close\r\nContent-Length: 0\r\nCache-Control: no-store\r\n"));
    for (size_t i = 0; i < COUNT_OF(SECURITY); i++) {
        put_fixed(&out, SECURITY[i]);
    }
    put_fixed(&out, (struct fixed){"Content-Security-Policy", POLICY});
    if (is_https) {
        put_fixed(&out, (struct fixed){"Strict-Transport-Security", HSTS});
    }
    if (row->retry_s > 0) {
        buf_put(&out, STR("Retry-After: "));
        buf_int(&out, row->retry_s);
        buf_put(&out, STR("\r\n"));
    }
    buf_put(&out, STR("\r\n"));
    MUST(buf_done(&out, &text));
    return text;
}

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    MUST(MHD_add_response_header(response, name, value) == MHD_YES);
}

static void add_text(struct asked *asked, struct MHD_Response *response, const char *name,
                     str value)
{
    if (value.len > 0) {
        add(response, name, arena_str(&asked->arena, value).at);
    }
}

static void add_number(struct asked *asked, struct MHD_Response *response, const char *name,
                       int64_t number)
{
    struct buf text;
    str done = {0};

    buf_init(&text, &asked->arena, NUM_ROOM);
    buf_int(&text, number);
    MUST(buf_done(&text, &done));
    add_text(asked, response, name, done);
}

static void add_download(struct asked *asked, struct MHD_Response *response, str name)
{
    struct buf text;
    str done = {0};

    buf_init(&text, &asked->arena, HEADER_MAX + name.len * 4);
    parse_put_disposition(&text, name);
    MUST(buf_done(&text, &done));
    add_text(asked, response, "Content-Disposition", done);
}

static void add_cookie(struct asked *asked, struct MHD_Response *response)
{
    const struct http_cookie *cookie = &asked->answer.cookie;
    bool is_https = asked->open.server->opts.is_https;
    struct buf text;
    str done = {0};

    buf_init(&text, &asked->arena, HEADER_MAX);
    buf_put(&text, is_https ? HTTP_HOST_PREFIX : STR(""));
    buf_put(&text, cookie->name);
    buf_char(&text, '=');
    buf_put(&text, cookie->value);
    buf_put(&text, STR("; Path=/; HttpOnly; SameSite=Lax"));
    buf_put(&text, is_https ? STR("; Secure") : STR(""));
    if (cookie->max_age_s >= 0) {
        buf_put(&text, STR("; Max-Age="));
        buf_int(&text, cookie->max_age_s);
    }
    MUST(buf_done(&text, &done));
    add_text(asked, response, "Set-Cookie", done);
}

static void add_etag(struct asked *asked, struct MHD_Response *response)
{
    struct buf text;
    str done = {0};

    if (asked->answer.etag.len > 0) {
        buf_init(&text, &asked->arena, HEADER_MAX);
        buf_char(&text, '"');
        buf_put(&text, asked->answer.etag);
        buf_char(&text, '"');
        MUST(buf_done(&text, &done));
        add_text(asked, response, "ETag", done);
    }
}

static void add_headers(struct asked *asked, struct MHD_Response *response, bool has_content)
{
    const struct http_answer *answer = &asked->answer;
    struct http_server *server = asked->open.server;

    for (size_t i = 0; i < COUNT_OF(SECURITY); i++) {
        add(response, SECURITY[i].name, SECURITY[i].value);
    }
    add(response, "Content-Security-Policy", answer->is_foreign ? POLICY_FOREIGN : POLICY);
    add(response, "Cache-Control", CACHES[answer->cache]);
    if (server->opts.is_https) {
        add(response, "Strict-Transport-Security", HSTS);
    }
    if (has_content) {
        str type = answer->type.len > 0 ? answer->type : STR("application/octet-stream");
        add_text(asked, response, "Content-Type", type);
        add_text(asked, response, "Content-Encoding", asked->packing);
    }
    if (asked->varies) {
        add(response, "Vary", "Accept-Encoding");
    }
    add_etag(asked, response);
    add_text(asked, response, "Location", answer->location);
    add_text(asked, response, "Allow", answer->allow);
    add_text(asked, response, "Link", answer->link);
    add_number(asked, response, "X-Request-Id", asked->open.id);
    if (answer->retry_after_s > 0) {
        add_number(asked, response, "Retry-After", answer->retry_after_s);
    }
    if (answer->download.len > 0) {
        add_download(asked, response, answer->download);
    }
    if (answer->has_cookie) {
        add_cookie(asked, response);
    }
    if (asked->is_closing || atomic_load_explicit(&server->is_stopping, memory_order_relaxed)) {
        add(response, "Connection", "close");
    }
}

static bool is_known_already(const struct asked *asked)
{
    const struct http_answer *answer = &asked->answer;

    return answer->etag.len > 0 && answer->status == 200 && !asked->is_stream &&
           asked->open.method <= HTTP_HEAD &&
           parse_etag_listed(http_header(&asked->open, STR("if-none-match")), answer->etag);
}

static void close_file(struct asked *asked)
{
    if (asked->answer.has_file) {
        (void)close(asked->answer.file);
        asked->answer.has_file = false;
    }
}

static struct MHD_Response *make_response(struct asked *asked)
{
    struct http_answer *answer = &asked->answer;

    if (asked->is_stream) {
        return stream_response(asked);
    }
    if (answer->has_file) {
        answer->has_file = false; /* the library closes it */
        asked->bytes_out = answer->file_len;
        return MHD_create_response_from_fd64((uint64_t)answer->file_len, answer->file);
    }
    asked->bytes_out = (int64_t)answer->body.len;
    if (asked->bytes_out > KEPT_BYTES) {
        asked_keep(asked);
    }
    union {
        const char *text;
        void *bytes;
    } body = {.text = answer->body.at};
    return MHD_create_response_from_buffer(answer->body.len, body.bytes, MHD_RESPMEM_PERSISTENT);
}

/* A client must take its answer at the pace at which bodies must come. */
static void watch_sending(struct asked *asked)
{
    const int64_t *limit = asked->open.server->limits.of;
    int64_t earned_ms = asked->bytes_out * 1000 / limit[HTTP_BODY_RATE];

    guard_set(asked->door, DOOR_WORK, steady_us() / 1000 + limit[HTTP_SEND_MS] + earned_ms);
}

enum MHD_Result answer_send(struct asked *asked)
{
    bool is_known = is_known_already(asked);

    if (is_known) {
        close_file(asked);
        asked->answer.status = 304;
        asked->answer.body = STR("");
    }
    bool has_content = asked->is_stream || asked->answer.has_file || asked->answer.body.len > 0;
    struct MHD_Response *response = make_response(asked);
    MUST(response != NULL);
    add_headers(asked, response, has_content);
    watch_sending(asked);
    enum MHD_Result queued =
        MHD_queue_response(asked->connection, (unsigned)asked->answer.status, response);
    MHD_destroy_response(response);
    return queued;
}

/* No control characters in what becomes a header. */
static bool is_clean(const struct http_answer *answer)
{
    return parse_value_is_clean(answer->type) && parse_value_is_clean(answer->etag) &&
           parse_value_is_clean(answer->location) && parse_value_is_clean(answer->allow) &&
           parse_value_is_clean(answer->link) && parse_value_is_clean(answer->cookie.value);
}

static void settle(struct asked *asked, const struct http_answer *answer)
{
    (void)pthread_mutex_lock(&asked->lock);
    MUST(!asked->is_answered);
    asked->answer = *answer;
    asked->is_answered = true;
    bool is_deferred = asked->is_deferred;
    if (asked->is_parked) {
        asked->is_parked = false;
        MHD_resume_connection(asked->connection);
    }
    (void)pthread_cond_broadcast(&asked->moved);
    (void)pthread_mutex_unlock(&asked->lock);
    if (is_deferred) {
        asked_release(asked);
    }
}

void http_answer(struct http_request *request, const struct http_answer *answer)
{
    struct asked *asked = (struct asked *)request;

    if (is_clean(answer)) {
        settle(asked, answer);
        return;
    }
    if (answer->has_file) {
        (void)close(answer->file);
    }
    answer_refuse(asked, HTTP_ANSWERED, 0);
}

void answer_refuse(struct asked *asked, enum http_limit why, int retry_s)
{
    struct http_server *server = asked->open.server;
    const struct http_limit_row *row = &HTTP_LIMITS[why];
    struct http_answer answer = {
        .status = row->status,
        .retry_after_s = retry_s > 0 ? retry_s : row->retry_s,
        .type = STR("text/plain; charset=utf-8"),
        .body = msg_text(LANG_EN, row->text),
    };

    (void)atomic_fetch_add(&server->refused[why], 1);
    asked->is_closing = row->retry_s == 0; /* what follows could be read in two ways */
    if (server->opts.refuse != NULL) {
        server->opts.refuse(server->opts.self, &asked->open, why, &answer);
    }
    settle(asked, &answer);
}

void answer_withdraw(struct asked *asked)
{
    close_file(asked);
    asked->answer = (struct http_answer){0};
    asked->is_answered = false;
}

void answer_park(struct asked *asked)
{
    asked_keep(asked);
    MHD_suspend_connection(asked->connection);
    (void)pthread_mutex_lock(&asked->lock);
    if (asked->is_answered) {
        MHD_resume_connection(asked->connection);
    } else {
        asked->is_parked = true;
    }
    (void)pthread_mutex_unlock(&asked->lock);
}

void http_defer(struct http_request *request)
{
    struct asked *asked = (struct asked *)request;

    (void)pthread_mutex_lock(&asked->lock);
    MUST(!asked->is_answered && !asked->is_deferred);
    asked->is_deferred = true;
    asked_hold(asked);
    (void)pthread_mutex_unlock(&asked->lock);
}
