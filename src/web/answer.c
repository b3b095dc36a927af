/* Answers. */
#include "web/answer.h"

#include "format/json/json.h"

enum { RETRY_S = 10 }; /* told to those who come at a busy moment */

static const str JSON_TYPE = STR_INIT("application/json");
static const str PROBLEM_TYPE = STR_INIT("application/problem+json");

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
    if (out->status == 503 && out->retry_after_s == 0) {
        out->retry_after_s = RETRY_S;
    }
    out->body = problem_text(lang, err, out->status, request->id, request->arena);
}

/* {"tables":[…],"said":["…"]}: what follows the tables. */
static enum rc end_tables(struct call *call)
{
    struct byte_sink out = spool_sink(call->faces.spool);
    struct json *json = ARENA_NEW(call->request->arena, struct json, 1);
    str said = text_of(&call->said);
    str line = {0};

    TRY(out.take(out.self,
                 call->faces.begun == 0 ? STR("{\"tables\":[],\"said\":") : STR("],\"said\":")));
    json_init(json, out);
    json_open_list(json);
    while (said.len > 0 && str_cut(&said, '\n', &line)) {
        json_text(json, line);
    }
    json_close_list(json);
    TRY(json_done(json));
    return out.take(out.self, STR("}\n"));
}

/* 401 where logging in may help. */
static int status_of(const struct call *call)
{
    bool is_nobody = call->actor.kind == ACTOR_NOBODY;

    if (call->rc == RC_INVALID && call->route->is_ogc) {
        return 400;
    }
    return call->rc == RC_DENIED && is_nobody ? 401 : answer_status(call->rc);
}

/* "wancun.audit-export.ndjson": what its ending says. */
static str type_of_file(str name)
{
    for (int i = 0; i < FACES; i++) {
        str id = FACE_ROWS[i].id;
        if (name.len > id.len && str_ends(name, id) && name.at[name.len - id.len - 1] == '.') {
            return FACE_ROWS[i].type;
        }
    }
    return STR("application/octet-stream");
}

/* "runs list" as a file: "runs-list.csv" */
static str name_of_tables(const struct call *call)
{
    struct buf buf;
    str rest = str_from(call->act.command->name);
    str word = {0};

    buf_init(&buf, call->request->arena, 256);
    while (rest.len > 0 && str_cut(&rest, ' ', &word)) {
        buf_put(&buf, word);
        buf_char(&buf, rest.len > 0 ? '-' : '.');
    }
    buf_put(&buf, FACE_ROWS[call->faces.face].id);
    return text_of(&buf);
}

static bool is_tables_file(const struct call *call)
{
    return call->faces.is_open && call->faces.face != FACE_JSON;
}

/* The bytes of the answer, to their end, whether in memory or in a file. */
static enum rc take_body(struct call *call, struct http_answer *out)
{
    struct spooled whole = {.file = -1};
    bool is_whole = call->is_plain || call->download.len > 0 || call->location.len > 0;
    bool is_open_ended = !is_whole && !is_tables_file(call);

    TRY(is_open_ended ? end_tables(call) : RC_OK);
    TRY(spool_take(call->faces.spool, &whole));
    out->body = arena_str(call->request->arena, whole.bytes);
    out->has_file = whole.file >= 0;
    out->file = whole.file;
    out->file_len = whole.len;
    return RC_OK;
}

static void name_body(struct call *call, struct http_answer *out)
{
    out->type = call->type.len > 0 ? call->type : JSON_TYPE;
    out->etag = call->etag;
    out->cache = call->etag.len > 0 ? HTTP_REVALIDATE : HTTP_NO_STORE;
    if (call->location.len > 0) {
        out->status = 303;
        out->location = arena_str(call->request->arena, call->location);
    } else if (call->download.len > 0) {
        out->type = type_of_file(call->download);
        out->download = arena_str(call->request->arena, call->download);
    } else if (is_tables_file(call)) {
        out->type = FACE_ROWS[call->faces.face].type;
        out->download = name_of_tables(call);
        out->link = faces_link(call);
    }
}

/* What has been committed is not undone by an answer that there is no room for; it says so. */
static void lose_answer(struct call *call)
{
    struct err *err = &call->act.err;

    call->rc = err->rc;
    if (call_is_write(call) && call->job == NULL) {
        err_clear(err);
        call->rc =
            err_set(err, RC_BROKEN, MSG_WEB_ANSWER_LOST); /* not 503: nobody shall do it again */
    }
}

void answer_make(struct call *call, struct http_answer *out)
{
    out->has_cookie = call->has_cookie;
    out->cookie = call->cookie;
    if (call->rc == RC_OK && take_body(call, out) != RC_OK) {
        lose_answer(call);
    }
    out->status = call->export.proposal != 0 && call->rc == RC_OK ? 202 : status_of(call);
    if (call->rc == RC_OK) {
        name_body(call, out);
    } else {
        answer_problem(call->request, call->act.cx.lang, &call->act.err, out);
    }
}
