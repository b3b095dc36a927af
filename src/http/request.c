/* Requests as callers see them: taken from the spare ones, their heads read, let go. */
#include <netinet/in.h>
#include <stdlib.h>

#include "http/parse.h"
#include "http/parts.h"

enum { SPARE_MAX = 64, COOKIES_MAX = 50 };

static const str METHODS[] = {
    STR_INIT("GET"),   STR_INIT("HEAD"),   STR_INIT("POST"),    STR_INIT("PUT"),
    STR_INIT("PATCH"), STR_INIT("DELETE"), STR_INIT("OPTIONS"),
};

static struct asked *make_asked(void)
{
    struct asked *asked = calloc(1, sizeof(*asked));

    MUST(asked != NULL);
    (void)pthread_mutex_init(&asked->lock, NULL);
    (void)pthread_cond_init(&asked->moved, NULL);
    arena_init(&asked->arena, ARENA_REQUEST_MAX);
    (void)arena_take(&asked->arena, 1);
    asked->fresh = arena_mark(&asked->arena);
    return asked;
}

static void free_asked(struct asked *asked)
{
    arena_done(&asked->arena);
    (void)pthread_mutex_destroy(&asked->lock);
    (void)pthread_cond_destroy(&asked->moved);
    free(asked->out.at);
    free(asked->in.at);
    free(asked->body_bytes);
    free(asked);
}

struct asked *asked_new(struct http_server *server, struct lane *home)
{
    struct asked *asked = home->spare;

    if (asked != NULL) {
        home->spare = asked->next;
        home->spare_count--;
    } else {
        asked = make_asked();
    }
    memset(asked, 0, offsetof(struct asked, lock));
    atomic_init(&asked->holds, 1);
    asked->begun_us = steady_us();
    asked->home = home;
    asked->open.server = server;
    asked->open.arena = &asked->arena;
    asked->open.id = home->next_id;
    asked->open.route = -1;
    asked->open.body_file = -1;
    home->next_id += server->opts.loops;
    (void)atomic_fetch_add_explicit(&home->opened, 1, memory_order_relaxed);
    return asked;
}

void asked_hold(struct asked *asked)
{
    (void)atomic_fetch_add(&asked->holds, 1);
}

void asked_keep(struct asked *asked)
{
    if (!asked->is_held) {
        asked->is_held = true;
        (void)atomic_fetch_add(&asked->open.server->held, 1);
    }
}

void asked_release(struct asked *asked)
{
    struct http_server *server = asked->open.server;
    struct lane *home = asked->home;

    if (atomic_fetch_sub(&asked->holds, 1) > 1) {
        return;
    }
    if (asked->is_held) {
        (void)atomic_fetch_sub(&server->held, 1);
    }
    body_forget(asked);
    if (lane_here(server) == home && home->spare_count < SPARE_MAX) {
        arena_rewind(&asked->arena, asked->fresh);
        asked->in.len = 0;
        asked->out.len = 0;
        asked->next = home->spare;
        home->spare = asked;
        home->spare_count++;
    } else {
        free_asked(asked);
    }
    (void)atomic_fetch_add(&home->closed, 1);
}

void asked_free_spare(struct lane *lane)
{
    while (lane->spare != NULL) {
        struct asked *asked = lane->spare;
        lane->spare = asked->next;
        free_asked(asked);
    }
}

static str lower_copy(struct arena *arena, const char *text, size_t len)
{
    char *copy = arena_take(arena, len + 1);

    for (size_t i = 0; i < len; i++) {
        copy[i] = parse_lower(text[i]);
    }
    return (str){copy, len};
}

/* What is gathered while the library names the headers one by one. */
struct gather {
    struct asked *asked;
    struct http_pair *pairs;
    int count;
    size_t bytes;
    const char *last_end; /* of the header that stands last */
    bool is_bad;
};

/* The library (0.9.75) takes a bare LF for the end of a line and joins folded lines, without a way
 * to forbid it. It overwrites line ends with zeros in place: behind a text that ended its line with
 * CRLF stand two, and what follows is no blank; the head ends four bytes behind its last text. All
 * of it is the library's own memory, since more of the head comes behind. */
static bool line_ends_well(const char *end)
{
    return end[0] == 0 && end[1] == 0 && end[2] != ' ' && end[2] != '\t';
}

static bool head_ends_well(struct MHD_Connection *connection, const char *method, const char *last)
{
    size_t size =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;

    return method + size == last + 4;
}

static enum MHD_Result gather_header(void *self, enum MHD_ValueKind kind, const char *name,
                                     size_t name_len, const char *value, size_t value_len)
{
    struct gather *all = self;
    struct arena *arena = &all->asked->arena;

    (void)kind;
    if (value == NULL || !line_ends_well(value + value_len) ||
        !parse_name_is_token((str){name, name_len}) ||
        !parse_value_is_clean((str){value, value_len})) {
        all->is_bad = true;
        return MHD_NO;
    }
    if (value + value_len > all->last_end) {
        all->last_end = value + value_len;
    }
    all->bytes += name_len + value_len + 4;
    all->pairs[all->count++] = (struct http_pair){
        .name = lower_copy(arena, name, name_len),
        .value = str_trim(arena_str(arena, (str){value, value_len})),
    };
    return MHD_YES;
}

static enum MHD_Result gather_query(void *self, enum MHD_ValueKind kind, const char *name,
                                    size_t name_len, const char *value, size_t value_len)
{
    struct gather *all = self;
    struct arena *arena = &all->asked->arena;
    struct http_pair *pair = &all->pairs[all->count];

    (void)kind;
    if (!parse_percent((str){name, name_len}, arena, &pair->name) ||
        !parse_percent((str){value == NULL ? "" : value, value_len}, arena, &pair->value)) {
        all->is_bad = true;
        return MHD_NO;
    }
    all->count++;
    return MHD_YES;
}

static struct gather gather(struct asked *asked, enum MHD_ValueKind kind, int64_t max,
                            MHD_KeyValueIteratorN take)
{
    int count = MHD_get_connection_values_n(asked->connection, kind, NULL, NULL);
    struct gather all = {.asked = asked, .is_bad = count > max};

    if (!all.is_bad) {
        all.pairs = ARENA_NEW(&asked->arena, struct http_pair, (size_t)count);
        (void)MHD_get_connection_values_n(asked->connection, kind, take, &all);
    }
    return all;
}

static int count_header(const struct http_request *request, str name)
{
    int count = 0;

    for (int i = 0; i < request->header_count; i++) {
        count += str_equal(request->headers[i].name, name);
    }
    return count;
}

str http_header(const struct http_request *request, str name)
{
    for (int i = 0; i < request->header_count; i++) {
        if (str_equal(request->headers[i].name, name)) {
            return request->headers[i].value;
        }
    }
    return STR("");
}

str http_cookie(const struct http_request *request, str name)
{
    str prefix = request->server->opts.is_https ? HTTP_HOST_PREFIX : STR("");

    for (int i = 0; i < request->cookie_count; i++) {
        str full = request->cookies[i].name;
        if (str_starts(full, prefix) && str_equal(str_part(full, prefix.len, full.len), name)) {
            return request->cookies[i].value;
        }
    }
    return STR("");
}

bool http_query(const struct http_request *request, str name, str *out_value)
{
    for (int i = 0; i < request->query_count; i++) {
        if (str_equal(request->query[i].name, name)) {
            *out_value = request->query[i].value;
            return true;
        }
    }
    return false;
}

bool http_has_type(const struct http_request *request, str type)
{
    return parse_type_is(http_header(request, STR("content-type")), type);
}

/* How long the body is: said once, in one way, and without packing. */
static enum http_limit read_framing(struct asked *asked, bool is_old)
{
    const struct http_request *request = &asked->open;
    str coding = http_header(request, STR("transfer-encoding"));
    str packing = http_header(request, STR("content-encoding"));
    str expect = http_header(request, STR("expect"));
    int codings = count_header(request, STR("transfer-encoding"));
    int lengths = count_header(request, STR("content-length"));

    if (codings + lengths > 1 || (codings == 1 && (is_old || !parse_is_word(coding, "chunked"))) ||
        (expect.len > 0 && !parse_is_word(expect, "100-continue"))) {
        return HTTP_WELL_FORMED;
    }
    if (lengths == 1 &&
        !parse_length(http_header(request, STR("content-length")), &asked->body_said)) {
        return HTTP_WELL_FORMED;
    }
    asked->body_said = codings == 1 ? -1 : asked->body_said;
    asked->has_body = asked->body_said != 0;
    return packing.len > 0 && !parse_is_word(packing, "identity") ? HTTP_ENCODING
                                                                  : HTTP_LIMIT_COUNT;
}

static void read_cookies(struct asked *asked)
{
    struct http_request *request = &asked->open;
    struct http_pair *cookies = NULL;

    for (int i = 0; i < request->header_count; i++) {
        if (str_equal(request->headers[i].name, STR("cookie"))) {
            if (cookies == NULL) {
                cookies = ARENA_NEW(&asked->arena, struct http_pair, COOKIES_MAX);
            }
            request->cookie_count +=
                parse_cookies(request->headers[i].value, cookies + request->cookie_count,
                              COOKIES_MAX - request->cookie_count);
        }
    }
    request->cookies = cookies;
}

/* The client behind a proxy that we know; the last line counts, which the proxy wrote. */
static void read_peer(struct asked *asked)
{
    struct http_request *request = &asked->open;
    const struct http_opts *opts = &request->server->opts;

    request->peer = arena_str(&asked->arena, str_from(asked->door->name));
    if (!asked->door->is_proxy) {
        return;
    }
    for (int i = request->header_count - 1; i >= 0; i--) {
        if (str_equal(request->headers[i].name, STR("x-forwarded-for"))) {
            str peer = parse_forwarded(request->headers[i].value, opts->proxies, opts->proxy_count);
            request->peer = peer.len > 0 ? peer : request->peer;
            return;
        }
    }
}

static enum http_limit read_method(struct http_request *request, const char *method)
{
    for (size_t i = 0; i < COUNT_OF(METHODS); i++) {
        if (str_equal(str_from(method), METHODS[i])) {
            request->method = (enum http_method)i;
            return HTTP_LIMIT_COUNT;
        }
    }
    return HTTP_METHODS;
}

static enum http_limit read_target(struct asked *asked, const char *url)
{
    struct http_request *request = &asked->open;
    struct parse_path path = {0};
    str raw = {0};
    struct gather query = gather(asked, MHD_GET_ARGUMENT_KIND, INT32_MAX, gather_query);

    if (query.is_bad || !parse_target(str_from(url), http_header(request, STR("host")), &raw) ||
        !parse_path(raw, &asked->arena, &path)) {
        return HTTP_WELL_FORMED;
    }
    request->query = query.pairs;
    request->query_count = query.count;
    request->segments = path.segments;
    request->segment_count = path.count;
    request->has_slash = path.has_slash;
    return HTTP_LIMIT_COUNT;
}

/* `last`: where the first line ends. */
static enum http_limit read_headers(struct asked *asked, const char *method, const char *last)
{
    struct http_request *request = &asked->open;
    const int64_t *limit = request->server->limits.of;
    struct gather headers = gather(asked, MHD_HEADER_KIND, limit[HTTP_HEADERS], gather_header);

    if (headers.pairs == NULL) {
        return HTTP_HEADERS;
    }
    last = headers.last_end > last ? headers.last_end : last;
    if (headers.is_bad || !head_ends_well(asked->connection, method, last)) {
        return HTTP_WELL_FORMED;
    }
    if (headers.bytes > (size_t)limit[HTTP_HEAD_BYTES]) {
        return HTTP_HEAD_BYTES;
    }
    request->headers = headers.pairs;
    request->header_count = headers.count;
    return count_header(request, STR("host")) > 1 ? HTTP_WELL_FORMED : HTTP_LIMIT_COUNT;
}

enum http_limit asked_read_head(struct asked *asked, const char *method, const char *url,
                                const char *version)
{
    const char *version_end = version + strlen(version);
    bool is_old = strcmp(version, "HTTP/1.0") == 0;
    enum http_limit why = read_method(&asked->open, method);

    if (!is_old && strcmp(version, "HTTP/1.1") != 0) {
        return HTTP_VERSION;
    }
    if (asked->door->target_len > (size_t)asked->open.server->limits.of[HTTP_LINE_BYTES]) {
        return HTTP_LINE_BYTES;
    }
    /* a zero byte in the target would end it early */
    if (version != asked->door->target_end + 1 || !line_ends_well(version_end)) {
        return HTTP_WELL_FORMED;
    }
    why = why == HTTP_LIMIT_COUNT ? read_headers(asked, method, version_end) : why;
    why = why == HTTP_LIMIT_COUNT ? read_framing(asked, is_old) : why;
    why = why == HTTP_LIMIT_COUNT ? read_target(asked, url) : why;
    if (why == HTTP_LIMIT_COUNT) {
        read_cookies(asked);
    }
    read_peer(asked);
    return why;
}
