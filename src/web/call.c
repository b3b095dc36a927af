/* The door of a request, and what happens between asking and answering. */
#include "web/call.h"

#include "act/load.h"
#include "base/clock.h"
#include "format/json/json.h"
#include "web/answer.h"
#include "web/owner.h"
#include "web/phase.h"
#include "web/place.h"
#include "web/server_in.h"

enum { SAID_MAX = 1 << 20, LARGE_ACT_BYTES = 8 << 20 };
static const str FILE_PREFIX = STR_INIT("sha256:");

/* The file that came with the request; its bytes stay on the disk. */
enum rc call_body(struct call *call, str *out)
{
    enum rc rc = RC_OK;

    if (call->body.len == 0 && call->request->body_file >= 0) {
        rc = file_map_open(call->request->body_file, STR("body"), &call->body, &call->act.err);
    }
    *out = file_map_bytes(&call->body);
    return rc == RC_MISSING ? RC_OK : rc; /* nothing was sent */
}

/* Files kept before that the act reads, as memory until it ends. */
struct kept_map {
    struct file_map map;
    struct kept_map *next;
};

/* "sha256:<64 digits>/<name>": a file that was sent before. */
static enum rc read_kept(struct act *act, str name, str *out)
{
    struct hash hash;
    str digits = str_part(name, FILE_PREFIX.len, 2 * (size_t)HASH_BYTES);

    if (!hash_parse(digits, &hash)) {
        return err_set(&act->err, RC_INVALID, MSG_WEB_FILE_NAME, arg_text(name));
    }
    struct call *call = act->caller;
    struct kept_map *kept = ARENA_NEW(&act->arena, struct kept_map, 1);

    TRY(home_map_file(act->home, hash, &kept->map, &act->err));
    kept->next = call->maps;
    call->maps = kept;
    *out = file_map_bytes(&kept->map);
    return RC_OK;
}

static enum rc read_named(struct act *act, str name, str *out)
{
    struct call *call = act->caller;

    if (call->route->carries == CARRIES_FILE) {
        return call_body(call, out);
    }
    return str_starts(name, FILE_PREFIX)
               ? read_kept(act, name, out)
               : err_set(&act->err, RC_INVALID, MSG_WEB_FILE_NAME, arg_text(name));
}

/* Nobody names directories from afar. */
static enum rc list_none(struct act *act, str name, str ending, str **out, size_t *out_count)
{
    (void)act;
    (void)name;
    (void)ending;
    *out = NULL;
    *out_count = 0;
    return RC_MISSING;
}

static struct table_sink shown(struct act *act)
{
    return faces_sink(act->caller);
}

static enum rc sink(struct act *act, struct table_sink *out)
{
    *out = shown(act);
    return RC_OK;
}

static enum rc write_file(struct act *act, str name, struct spool *bytes)
{
    struct call *call = act->caller;

    MUST(call->faces.begun == 0);
    call->download = name.len > 0 ? name : STR("wancun.xlsx");
    call->faces.spool = bytes;
    return RC_OK;
}

static void say(struct act *act, str text)
{
    struct call *call = act->caller;

    if (call->said.len > 0) {
        buf_char(&call->said, '\n');
    }
    buf_put(&call->said, text);
}

static const struct door REQUEST = {
    .read = read_named,
    .list = list_none,
    .sink = sink,
    .shown = shown,
    .write = write_file,
    .say = say,
    .begin_write = phase_begin_write,
};

static enum lang language_of(const struct http_request *request, enum lang fallback)
{
    str asked = http_header(request, STR("accept-language"));

    (void)http_query(request, STR("lang"), &asked);
    if (asked.len == 0) {
        return fallback;
    }
    return str_starts(asked, STR("en")) ? LANG_EN : LANG_ZH;
}

struct call *call_begin(struct server *server, struct http_request *request,
                        const struct route_match *match)
{
    struct call *call = ARENA_NEW(request->arena, struct call, 1);
    struct act *act = &call->act;

    *call = (struct call){.request = request, .server = server, .match = *match};
    call->route = &ROUTES[match->route];
    act_init(act, &REQUEST, call);
    act->command = route_command(call->route);
    act->is_json = true;
    act->home = server->readers[request->lane];
    act->cx = (struct cx){
        .arena = &act->arena,
        .db = home_db(act->home),
        .err = &act->err,
        .now_ms = clock_now_ms(),
        .lang = language_of(request, server->opts.lang),
    };
    buf_init(&call->said, &act->out_arena, SAID_MAX);
    act->scratch = server->opts.spool;
    call->faces.spool = act_spool(act);
    return call;
}

void call_mark(struct call *call)
{
    call->kept = NULL;
    call->begin = act_mark(&call->act);
    struct call *kept = ARENA_NEW(call->request->arena, struct call, 1);
    *kept = *call;
    call->kept = kept;
}

bool call_may_repeat(const struct call *call)
{
    return call->turn == TURN_NONE && call->kept->phase == PHASE_BEFORE &&
           !export_is_due(call->kept);
}

void call_restart(struct call *call)
{
    struct call *kept = call->kept;

    faces_drop(call);
    act_rewind(&call->act, &call->begin);
    kept->next = call->next;
    *call = *kept;
    call->kept = kept;
    spool_clear(call->faces.spool);
}

bool call_is_write(const struct call *call)
{
    return call->act.command == NULL ? call->route->is_write
                                     : call->act.command->access == ACCESS_WRITE;
}

/* Whoever asked for a job, with what he may do today: he may have logged out since, but a token
 * that was taken back does nothing more. */
static enum rc find_asker(struct call *call, const struct programme *programme)
{
    const struct job *job = call->job;

    call->session =
        (struct session){.id = job->session, .person = job->person, .fresh_ms = job->fresh_ms};
    if (job->is_token) {
        TRY(session_of_token(&call->act.cx, job->session, &call->session));
    }
    return actor_load(&call->act.cx, programme, &call->session, &call->actor);
}

str call_token(const struct http_request *request)
{
    const str prefix = STR("Bearer ");
    str bearer = http_header(request, STR("authorization"));

    return str_starts(bearer, prefix) ? str_part(bearer, prefix.len, bearer.len)
                                      : http_cookie(request, STR("wc"));
}

/* Who asks: by the cookie of a session, or a token in the head. */
static enum rc find_actor(struct call *call, const struct programme *programme)
{
    str token = call->job == NULL ? call_token(call->request) : STR("");

    if (call->job != NULL) {
        return find_asker(call, programme);
    }
    if (call->job == NULL && owner_is(call->server->owner, token, call->act.cx.now_ms)) {
        call->actor = ACTOR_OWNER;
        call->act.cx.actor = owner_name(call->server->owner);
        return RC_OK;
    }
    if (token.len == 0) {
        call->actor = (struct actor){.kind = ACTOR_NOBODY};
        return RC_OK;
    }
    TRY(session_find(&call->act.cx, token, &call->session));
    return actor_load(&call->act.cx, programme, &call->session, &call->actor);
}

enum rc call_may_still(struct call *call)
{
    struct act *act = &call->act;

    MUST(call->programme != NULL);
    TRY(find_actor(call, call->programme));
    act->cx.who = &call->actor;
    return place_enter(call);
}

/* Rights first: what is wrong with a request is told only to those who may make it. */
enum rc call_may(struct call *call)
{
    struct act *act = &call->act;

    TRY(load_programme(act, &call->programme));
    enum rc rc = find_actor(call, call->programme);
    act->cx.who = &call->actor;
    if (call->route->right == RIGHT_PUBLIC && (rc == RC_OK || rc == RC_DENIED)) {
        err_clear(&act->err); /* a session that has ended keeps nobody from logging in anew */
        return RC_OK;
    }
    TRY(rc);
    TRY(place_enter(call));
    export_begin(call);
    return RC_OK;
}

static enum rc touch_session(struct call *call)
{
    bool is_due = call->phase == PHASE_WRITING && call->job == NULL && call->session.id != 0 &&
                  session_wants_touch(&call->act.cx, &call->session);

    return is_due ? session_touch(&call->act.cx, &call->session) : RC_OK;
}

static enum rc do_it(struct call *call)
{
    if (call->instead != NULL) {
        return call->instead(call);
    }
    return call->route->handle != NULL ? call->route->handle(call)
                                       : call->act.command->run(&call->act);
}

static enum rc act_out(struct call *call)
{
    TRY(call_may(call));
    TRY(touch_session(call));
    TRY(do_it(call));
    return faces_end(call);
}

void call_drop(struct call *call)
{
    file_unmap(&call->body);
    for (struct kept_map *kept = call->maps; kept != NULL; kept = kept->next) {
        file_unmap(&kept->map);
    }
    faces_drop(call);
    size_t taken = call->act.arena.taken + call->act.out_arena.taken;
    act_done(&call->act);
    if (taken > LARGE_ACT_BYTES) {
        arena_give_back();
    }
}

/* What a request takes of the processor is in its line of the log. */
static enum rc timed(struct call *call, enum rc (*run)(struct call *call))
{
    int64_t begun_us = clock_thread_us();
    enum rc rc = run(call);

    call->request->cpu_us += clock_thread_us() - begun_us;
    return rc;
}

enum rc call_run(struct call *call)
{
    return timed(call, act_out);
}

static enum rc prepare(struct call *call)
{
    TRY(call_may(call));
    return call->route->prepare(call);
}

enum rc call_prepare(struct call *call)
{
    return timed(call, prepare);
}

void call_answer(struct call *call)
{
    struct http_request *request = call->request;
    struct http_answer answer = {.status = 200};

    if (call->rc == RC_OK && call->answer != NULL) {
        call->answer(call);
        return;
    }
    if (call->rc == RC_OK) {
        act_say_what_was_done(&call->act);
    }
    if (call->rc == RC_BROKEN) {
        log_problem(call->server->log, request->id, msg_key(call->act.err.msg));
    }
    answer_make(call, &answer);
    call_drop(call);
    http_answer(request, &answer);
}

struct json *call_object(struct call *call)
{
    call->is_plain = true;
    call->json = ARENA_NEW(&call->act.out_arena, struct json, 1);
    json_init(call->json, spool_sink(call->faces.spool));
    json_open_map(call->json);
    return call->json;
}

enum rc call_close_object(struct call *call)
{
    json_close_map(call->json);
    json_line(call->json);
    return json_done(call->json);
}

enum rc call_text(struct call *call, const char *name, size_t max, str *out)
{
    str text = act_text(&call->act, name);

    if (text.len == 0 || text.len > max) {
        return err_set(&call->act.err, RC_INVALID, MSG_WEB_TEXT, arg_text(str_from(name)),
                       arg_count((int64_t)max));
    }
    *out = text;
    return RC_OK;
}
