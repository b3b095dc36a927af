/* Answers. */
#include "web/answer.h"

#include "format/json/json.h"

static const str JSON_TYPE = STR_INIT("application/json");
static const str PROBLEM_TYPE = STR_INIT("application/problem+json");
static const str SHEET_TYPE =
    STR_INIT("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");

int answer_status(enum rc rc)
{
    switch (rc) {
    case RC_OK:
        return 200;
    case RC_INVALID:
        return 422;
    case RC_DENIED:
        return 403;
    case RC_MISSING:
        return 404;
    case RC_CONFLICT:
        return 409;
    case RC_LIMIT:
        return 413;
    case RC_BUSY:
        return 503;
    case RC_BROKEN:
        return 500;
    }
    NEVER("an outcome of no kind");
}

static enum rc take_piece(void *self, str bytes)
{
    buf_put(self, bytes);
    return RC_OK;
}

static str text_of(struct buf *buf)
{
    str text = {0};

    MUST(buf_done(buf, &text));
    return text;
}

/* The first line says what is wrong, the others what to do. */
static void put_problem(struct json *json, enum lang lang, const struct err *err,
                        struct arena *arena)
{
    struct buf buf;
    str rest = {0};
    str detail = {0};

    buf_init(&buf, arena, 1 << 16);
    err_put(&buf, lang, err);
    rest = text_of(&buf);
    (void)str_cut(&rest, '\n', &detail);
    json_key(json, STR("code"));
    json_text(json, msg_key(err->msg));
    json_key(json, STR("detail"));
    json_text(json, detail);
    if (rest.len > 0) {
        json_key(json, STR("hint"));
        json_text(json, rest);
    }
}

static str problem_text(enum lang lang, const struct err *err, int status, int64_t id,
                        struct arena *arena)
{
    struct buf buf;
    struct json *json = ARENA_NEW(arena, struct json, 1);

    buf_init(&buf, arena, 1 << 17);
    json_init(json, (struct byte_sink){&buf, take_piece});
    json_open_map(json);
    json_key(json, STR("type"));
    json_text(json, STR("about:blank"));
    json_key(json, STR("status"));
    json_int(json, status);
    put_problem(json, lang, err, arena);
    json_key(json, STR("request"));
    json_id(json, id);
    json_close_map(json);
    json_line(json);
    MUST(json_done(json) == RC_OK);
    return text_of(&buf);
}

void answer_problem(struct http_request *request, enum lang lang, const struct err *err,
                    struct http_answer *out)
{
    out->type = PROBLEM_TYPE;
    out->body = problem_text(lang, err, out->status, request->id, request->arena);
}

/* {"tables":[…],"said":["…"]} */
static str tables_text(struct call *call)
{
    struct buf buf;
    struct json *json = ARENA_NEW(call->request->arena, struct json, 1);
    str said = text_of(&call->said);
    str line = {0};

    buf_init(&buf, call->request->arena, OUTPUT_BYTES_MAX);
    buf_put(&buf, STR("{\"tables\":["));
    buf_put(&buf, gathered_bytes(call->body));
    buf_put(&buf, STR("],\"said\":"));
    json_init(json, (struct byte_sink){&buf, take_piece});
    json_open_list(json);
    while (said.len > 0 && str_cut(&said, '\n', &line)) {
        json_text(json, line);
    }
    json_close_list(json);
    MUST(json_done(json) == RC_OK);
    buf_put(&buf, STR("}\n"));
    return text_of(&buf);
}

/* 401 where logging in may help. */
static int status_of(const struct call *call)
{
    bool is_nobody = call->actor.kind == ACTOR_NOBODY;

    return call->rc == RC_DENIED && is_nobody ? 401 : answer_status(call->rc);
}

void answer_make(struct call *call, struct http_answer *out)
{
    struct http_request *request = call->request;

    out->status = status_of(call);
    out->has_cookie = call->has_cookie;
    out->cookie = call->cookie;
    if (call->rc != RC_OK) {
        answer_problem(request, call->act.cx.lang, &call->act.err, out);
    } else if (call->download.len > 0) {
        out->type = SHEET_TYPE;
        out->download = arena_str(request->arena, call->download);
        out->body = arena_str(request->arena, gathered_bytes(call->body));
    } else if (call->location.len > 0) {
        out->status = 303;
        out->location = arena_str(request->arena, call->location);
    } else if (call->is_plain) {
        out->type = call->type.len > 0 ? call->type : JSON_TYPE;
        out->body = arena_str(request->arena, gathered_bytes(call->body));
    } else {
        out->type = JSON_TYPE;
        out->body = tables_text(call);
    }
    act_done(&call->act);
}
