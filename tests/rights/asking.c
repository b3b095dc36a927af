/* A request of the matrix of routes. */
#include "tests/rights/asking.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "web/form.h"

/* What stands in the place of a word in braces. */
static str filled(const struct asking *in, str word)
{
    const struct {
        const char *word;
        str text;
    } WORDS[] = {
        {"{CODE}", str_from(in->names.code)},
        {"{RUN}", in->names.run},
        {"{OTHER}", in->names.run},
        {"{NOTICE}", in->names.notice},
        {"{BATCH}", in->names.batch},
        {"{PROPOSAL}", in->names.proposal},
        {"{INDICATOR}", STR("POP")},
        {"{PERIOD}", STR("2024")},
        {"{TIER}", STR("high")},
        {"{POST}", STR("auditor")},
        {"{LOGIN}", STR("p0")},
        {"{VERDICT}", STR("refuse")},
        {"{APPEAL}", STR("1")},
        {"{HELD}", STR("1")},
        {"{SESSION}", STR("1")},
        {"{JOB}", STR("1")},
        {"{LEVEL}", STR("none")},
        {"{ZOOM}", STR("5")},
        {"{COLUMN}", STR("16")},
        {"{ROW}", STR("16.mvt")},
    };

    for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
        if (str_equal(word, str_from(WORDS[i].word))) {
            return WORDS[i].text;
        }
    }
    fail_msg("no such word: %.*s", STR_ARG(word));
    return STR("");
}

static void put_path(struct asking *in)
{
    str rest = str_part(str_from(in->route->path), 1, STR_NONE);
    str word = {0};
    int count = 0;

    while (rest.len > 0 && str_cut(&rest, '/', &word)) {
        assert_true(count < WORDS_MAX);
        in->segments[count++] = word.at[0] == '{' ? filled(in, word) : word;
    }
    in->request.segments = in->segments;
    in->request.segment_count = count;
}

static str sample(const struct asking *in, const char *option)
{
    static const char *const SAMPLES[][2] = {
        {"period", "2024"},      {"years", "2025"}, {"to", "2026-06-01"},
        {"as-of", "2026-01-01"}, {"days", "1"},     {"rights", "read"},
    };

    for (size_t i = 0; i < COUNT_OF(SAMPLES); i++) {
        if (strcmp(SAMPLES[i][0], option) == 0) {
            return str_from(SAMPLES[i][1]);
        }
    }
    if (strcmp(option, "tiers") == 0) {
        return in->names.run;
    }
    return strcmp(option, "unit") == 0 ? str_from(in->names.code) : STR("x");
}

static bool is_wanted(const struct asking *in, const struct opt *opt)
{
    bool is_place = (strcmp(opt->name, "unit") == 0 && in->route->where == WHERE_UNIT) ||
                    (strcmp(opt->name, "tiers") == 0 && in->route->where == WHERE_TIERS);

    return (opt->is_required && strcmp(opt->name, "output") != 0) || is_place;
}

static const struct opt *opts_of(const struct route *route)
{
    static const struct opt NONE_AT_ALL = {0};
    const struct command *command = route_command(route);

    return command == NULL || command->opts == NULL ? &NONE_AT_ALL : command->opts;
}

static void put_query(struct asking *in)
{
    int count = 0;

    if (in->route->carries == CARRIES_FILE) {
        in->query[count++] = (struct http_pair){STR("name"), STR("x.csv")};
    }
    for (const struct opt *opt = opts_of(in->route); opt->name != NULL; opt++) {
        if (is_wanted(in, opt)) {
            in->query[count++] = (struct http_pair){str_from(opt->name), sample(in, opt->name)};
        }
    }
    in->request.query = in->query;
    in->request.query_count = count;
}

static void put_form(struct asking *in)
{
    struct buf body;
    bool is_first = true;

    buf_init(&body, &in->arena, 4096);
    buf_char(&body, '{');
    for (const struct opt *opt = opts_of(in->route); opt->name != NULL; opt++) {
        if (!is_wanted(in, opt)) {
            continue;
        }
        buf_put(&body, is_first ? STR("\"") : STR(",\""));
        buf_put(&body, str_from(opt->name));
        buf_put(&body, STR("\":\""));
        buf_put(&body, sample(in, opt->name));
        buf_char(&body, '"');
        is_first = false;
    }
    buf_char(&body, '}');
    assert_true(buf_done(&body, &in->request.body));
}

/* A list that names the place in its first row, whatever it is a list of. */
static void put_file(struct asking *in)
{
    struct buf body;

    buf_init(&body, &in->arena, 4096);
    if (str_equal(str_from(in->route->path), STR("/api/lineage"))) {
        buf_put(&body, STR("编号,决定\n"));
        buf_put(&body, in->names.step);
        buf_put(&body, STR(",否决\n"));
    } else {
        buf_put(&body, STR("代码,建设内容\n"));
        buf_put(&body, str_from(in->names.code));
        buf_put(&body, STR(",x\n"));
    }
    str text = {0};
    assert_true(buf_done(&body, &text));
    in->request.body_file = memfd_create("body", 0);
    in->request.body_len = (int64_t)text.len;
    assert_int_equal(write(in->request.body_file, text.at, text.len), text.len);
}

static void put_actor(struct asking *in)
{
    struct buf bearer;
    int heads = 0;

    in->head[heads++] = (struct http_pair){STR("content-type"), STR("application/json")};
    if (in->actor->is_token) {
        buf_init(&bearer, &in->arena, 256);
        buf_put(&bearer, STR("Bearer "));
        buf_put(&bearer, in->actor->token);
        in->head[heads].name = STR("authorization");
        assert_true(buf_done(&bearer, &in->head[heads++].value));
    } else if (in->actor->person != 0) {
        in->cookie = (struct http_pair){STR("wc"), in->actor->token};
        in->request.cookies = &in->cookie;
        in->request.cookie_count = 1;
    }
    in->request.headers = in->head;
    in->request.header_count = heads;
}

/* As the server does it: what is wrong with a request is told to those who may make it. */
static enum rc may_at_all(struct call *call, enum rc wrong)
{
    struct act *act = &call->act;
    struct err said = act->err;

    err_clear(&act->err);
    assert_int_equal(office_enter(&act->cx, DB_WRITE), RC_OK);
    enum rc rc = call_may(call);
    office_undo(&act->cx);
    if (rc == RC_OK) {
        act->err = said;
    }
    return rc == RC_OK ? wrong : rc;
}

/* Through the dispatcher as a whole write, and back. */
static struct outcome run(struct asking *in)
{
    struct route_match match;

    route_find(&in->request, &match);
    assert_true(match.route >= 0);
    assert_string_equal(ROUTES[match.route].path, in->route->path);
    struct call *call = call_begin(&in->stage->server, &in->request, &match);
    struct act *act = &call->act;
    call->route = in->route;
    call->phase = PHASE_WRITING;
    enum rc rc = form_read(call);
    if (rc != RC_OK) {
        rc = may_at_all(call, rc);
    } else {
        assert_int_equal(office_enter(&act->cx, DB_WRITE), RC_OK);
        rc = in->route->prepare == NULL ? RC_OK : call_prepare(call);
        rc = rc == RC_OK ? call_run(call) : rc;
        office_undo(&act->cx);
    }
    const struct outcome outcome = {rc, act->err.msg};
    act_done(act);
    return outcome;
}

struct outcome ask(struct asking *in)
{
    arena_init(&in->arena, ARENA_JOB_MAX);
    in->request = (struct http_request){
        .id = 1,
        .method = in->route->method,
        .body_file = -1,
        .arena = &in->arena,
        .server = in->stage->server.http,
    };
    put_path(in);
    if (in->route->carries == CARRIES_FORM) {
        put_form(in);
    } else {
        put_query(in);
    }
    in->request.body_len = (int64_t)in->request.body.len;
    if (in->route->carries == CARRIES_FILE) {
        put_file(in);
    }
    put_actor(in);
    struct outcome outcome = run(in);
    if (in->request.body_file >= 0) {
        (void)close(in->request.body_file);
    }
    arena_done(&in->arena);
    return outcome;
}
