/* Requests as text, and back. */
#include "web/ask.h"

#include <unistd.h>

#include "format/json/json.h"
#include "format/json/read.h"
#include "store/spool.h"

enum { ASKED_BYTES_MAX = 1 << 20, TEXT_BYTES_MIN = 3, HEADERS_KEPT = 3 };

/* The headers that have a say in what the answer looks like. */
static const str HEADERS[HEADERS_KEPT] = {
    STR_INIT("accept"),
    STR_INIT("accept-language"),
    STR_INIT("content-type"),
};

bool ask_is_wanted(const struct http_request *request)
{
    str rest = http_header(request, STR("prefer"));
    str word = {0};

    while (rest.len > 0 && str_cut(&rest, ',', &word)) {
        if (str_equal(str_trim(word), STR("respond-async"))) {
            return true;
        }
    }
    return false;
}

static void put_texts(struct json *json, str key, const str *texts, int count)
{
    json_key(json, key);
    json_open_list(json);
    for (int i = 0; i < count; i++) {
        json_text(json, texts[i]);
    }
    json_close_list(json);
}

static void put_pairs(struct json *json, str key, const struct http_pair *pairs, int count)
{
    json_key(json, key);
    json_open_list(json);
    for (int i = 0; i < count; i++) {
        json_text(json, pairs[i].name);
        json_text(json, pairs[i].value);
    }
    json_close_list(json);
}

static enum rc take_piece(void *self, str bytes)
{
    buf_put(self, bytes);
    return RC_OK;
}

static enum rc pack_text(struct call *call, str *out)
{
    const struct http_request *request = call->request;
    struct http_pair headers[HEADERS_KEPT];
    struct json *json = ARENA_NEW(&call->act.arena, struct json, 1);
    struct buf buf;

    for (int i = 0; i < HEADERS_KEPT; i++) {
        headers[i] = (struct http_pair){HEADERS[i], http_header(request, HEADERS[i])};
    }
    buf_init(&buf, &call->act.arena, ASKED_BYTES_MAX);
    json_init(json, (struct byte_sink){&buf, take_piece});
    json_open_map(json);
    json_key(json, STR("method"));
    json_int(json, request->method);
    put_texts(json, STR("path"), request->segments, request->segment_count);
    put_pairs(json, STR("query"), request->query, request->query_count);
    put_pairs(json, STR("headers"), headers, HEADERS_KEPT);
    json_close_map(json);
    return json_done(json) == RC_OK && buf_done(&buf, out)
               ? RC_OK
               : err_set(&call->act.err, RC_LIMIT, MSG_WEB_ASKED_LARGE,
                         arg_count(ASKED_BYTES_MAX >> 10));
}

enum rc ask_pack(struct call *call, struct job *out)
{
    struct act *act = &call->act;

    *out = (struct job){
        .person = call->actor.person,
        .session = call->session.id,
        .is_token = call->session.is_token,
        .fresh_ms = call->session.fresh_ms,
        .work = str_from(call->route->command),
        .has_body = call->route->carries != CARRIES_NOTHING,
    };
    TRY(pack_text(call, &out->asked));
    if (!out->has_body) {
        return RC_OK;
    }
    str bytes = call->request->body;
    TRY(call->route->carries == CARRIES_FILE ? call_body(call, &bytes) : RC_OK);
    return home_keep_file(act->home, bytes, &out->body, &act->err);
}

/* ---- and back ---- */

struct texts {
    str *at;
    int count;
};

static enum rc read_texts(struct json_reader *json, size_t room, struct texts *out)
{
    *out = (struct texts){.at = ARENA_NEW(json->arena, str, room)};
    TRY(json_expect(json, JSON_LIST));
    TRY(json_next(json));
    while (json->token == JSON_TEXT) {
        out->at[out->count++] = json->text;
        TRY(json_next(json));
    }
    return RC_OK;
}

static struct http_pair *pairs_of(const struct texts *texts, struct arena *arena, int *out_count)
{
    struct http_pair *pairs = ARENA_NEW(arena, struct http_pair, (size_t)texts->count / 2 + 1);

    *out_count = texts->count / 2;
    for (int i = 0; i < *out_count; i++) {
        const str *pair = texts->at + 2 * (size_t)i;
        pairs[i] = (struct http_pair){pair[0], pair[1]};
    }
    return pairs;
}

static enum rc read_member(struct json_reader *json, size_t room, struct http_request *to)
{
    str name = json->text;
    struct texts texts = {0};
    int64_t method = 0;

    if (str_equal(name, STR("method"))) {
        TRY(json_expect_int(json, HTTP_GET, HTTP_OPTIONS, &method));
        to->method = (enum http_method)method;
        return RC_OK;
    }
    TRY(read_texts(json, room, &texts));
    if (str_equal(name, STR("path"))) {
        to->segments = texts.at;
        to->segment_count = texts.count;
    } else if (str_equal(name, STR("query"))) {
        to->query = pairs_of(&texts, json->arena, &to->query_count);
    } else {
        to->headers = pairs_of(&texts, json->arena, &to->header_count);
    }
    return RC_OK;
}

static enum rc read_request(str asked, struct arena *arena, struct http_request *to,
                            struct err *err)
{
    struct json_reader json;
    size_t room = asked.len / TEXT_BYTES_MIN + 1;
    bool is_key = false;

    TRY(json_read_begin(&json, asked, STR("job"), arena, err));
    TRY(json_expect(&json, JSON_MAP));
    TRY(json_next_key(&json, &is_key));
    while (is_key) {
        TRY(read_member(&json, room, to));
        TRY(json_next_key(&json, &is_key));
    }
    return RC_OK;
}

/* A file stays one; a form is read, as the door does it. */
static enum rc open_body(const struct job *job, struct home *home, struct http_request *to,
                         struct err *err)
{
    struct spooled whole = {.file = -1};

    TRY(home_open_file(home, job->body, &whole.file, &whole.len, err));
    to->body_len = whole.len;
    if (ROUTES[to->route].carries == CARRIES_FILE) {
        to->body_file = whole.file;
        return RC_OK;
    }
    return spooled_read(&whole, to->arena, &to->body, err);
}

enum rc ask_unpack(const struct job *job, struct home *home, struct http_request *to,
                   struct err *err)
{
    struct route_match *match = ARENA_NEW(to->arena, struct route_match, 1);

    TRY(read_request(job->asked, to->arena, to, err));
    route_find(to, match);
    if (match->route < 0 || !ROUTES[match->route].is_long) {
        return err_set(err, RC_MISSING, MSG_WEB_JOB_STALE, arg_text(job->work));
    }
    to->user = match;
    to->route = match->route;
    return job->has_body ? open_body(job, home, to, err) : RC_OK;
}

void ask_close(struct http_request *request)
{
    if (request->body_file >= 0) {
        (void)close(request->body_file);
    }
}
