/* The routes. A row is written through ROUTE or OWN, which take all of its columns: one that
 * forgets its right does not compile, nor does one that says RIGHT_NONE, as that divides by
 * nothing. */
#include <stdio.h>

#include "act/options.h"
#include "web/account.h"
#include "web/call.h"
#include "web/describe.h"
#include "web/file.h"
#include "web/forms.h"
#include "web/job.h"
#include "web/map/map.h"
#include "web/page.h"
#include "web/route.h"
#include "web/self.h"
#include "web/value.h"

#define HELD(right) ((right) / ((right) != RIGHT_NONE))
#define ROUTE(METHOD, PATH, COMMAND, RIGHT, WHERE, CARRIES)                                        \
    {                                                                                              \
        .method = (METHOD), .path = (PATH), .command = (COMMAND), .right = HELD(RIGHT),            \
        .where = (WHERE), .carries = (CARRIES),                                                    \
    }
#define LONG(METHOD, PATH, COMMAND, RIGHT, WHERE, CARRIES)                                         \
    {                                                                                              \
        .method = (METHOD), .path = (PATH), .command = (COMMAND), .right = HELD(RIGHT),            \
        .where = (WHERE), .carries = (CARRIES), .is_long = true,                                   \
    }
#define OWN(METHOD, PATH, PREPARE, HANDLE, RIGHT, CARRIES, IS_WRITE, HELP)                         \
    {                                                                                              \
        .method = (METHOD), .path = (PATH), .prepare = (PREPARE), .handle = (HANDLE),              \
        .right = HELD(RIGHT), .where = WHERE_SCOPE, .carries = (CARRIES), .is_write = (IS_WRITE),  \
        .help = (HELP),                                                                            \
    }
#define FORM(METHOD, PATH, PREPARE, HANDLE, RIGHT, OPTS, HELP)                                     \
    {                                                                                              \
        .method = (METHOD), .path = (PATH), .prepare = (PREPARE), .handle = (HANDLE),              \
        .right = HELD(RIGHT), .where = WHERE_SCOPE, .carries = CARRIES_FORM, .is_write = true,     \
        .help = (HELP), .opts = (OPTS),                                                            \
    }
#define QUICK(PATH, HANDLE, QUICKLY, RIGHT, HELP)                                                  \
    {                                                                                              \
        .method = HTTP_GET, .path = (PATH), .handle = (HANDLE), .quick = (QUICKLY),                \
        .right = HELD(RIGHT), .where = WHERE_PATH, .carries = CARRIES_NOTHING, .help = (HELP),     \
    }
#define MAP(PATH, HANDLE, WHERE, OPTS, TYPE, HELP)                                                 \
    {                                                                                              \
        .method = HTTP_GET, .path = (PATH), .handle = (HANDLE), .right = RIGHT_READ,               \
        .where = (WHERE), .carries = CARRIES_NOTHING, .help = (HELP), .opts = (OPTS),              \
        .type = (TYPE), .is_ogc = true,                                                            \
    }

static const char GEOJSON[] = "application/geo+json";
static const char SCHEMA[] = "application/schema+json";
static const char OPENAPI[] = "application/vnd.oai.openapi+json;version=3.1";
static const char TILE[] = "application/vnd.mapbox-vector-tile";

const struct route ROUTES[] = {
    OWN(HTTP_GET, "/", NULL, page_front, RIGHT_PUBLIC, CARRIES_NOTHING, false, MSG_WEB_WHAT_PAGE),
    OWN(HTTP_POST, "/demo/{POST}/{LEVEL}", NULL, page_try_out, RIGHT_PUBLIC, CARRIES_NOTHING, true,
        MSG_WEB_WHAT_TRY_OUT),
    OWN(HTTP_GET, "/enter/{KEY}", NULL, page_enter, RIGHT_PUBLIC, CARRIES_NOTHING, false,
        MSG_WEB_WHAT_ENTER),
    OWN(HTTP_POST, "/leave", NULL, page_leave, RIGHT_SELF, CARRIES_NOTHING, true,
        MSG_WEB_WHAT_LOG_OUT),

    OWN(HTTP_GET, "/api", NULL, describe_api, RIGHT_PUBLIC, CARRIES_NOTHING, false,
        MSG_WEB_WHAT_API),
    OWN(HTTP_GET, "/api/session", NULL, account_who, RIGHT_SELF, CARRIES_NOTHING, false,
        MSG_WEB_WHAT_WHO),
    FORM(HTTP_POST, "/api/session", account_weigh, account_log_in, RIGHT_PUBLIC, LOG_IN_FORM,
         MSG_WEB_WHAT_LOG_IN),
    OWN(HTTP_DELETE, "/api/session", NULL, account_log_out, RIGHT_SELF, CARRIES_NOTHING, true,
        MSG_WEB_WHAT_LOG_OUT),

    FORM(HTTP_POST, "/api/start", self_weigh_first, self_start, RIGHT_PUBLIC, START_FORM,
         MSG_WEB_WHAT_START),
    FORM(HTTP_POST, "/api/session/proof", self_weigh, self_prove, RIGHT_SELF, PROOF_FORM,
         MSG_WEB_WHAT_PROVE),
    FORM(HTTP_PUT, "/api/session/password", self_weigh_new, self_set_password, RIGHT_SELF,
         PASSWORD_FORM, MSG_WEB_WHAT_PASSWORD),
    OWN(HTTP_POST, "/api/session/codes", NULL, self_offer_codes, RIGHT_SELF, CARRIES_NOTHING, true,
        MSG_WEB_WHAT_OFFER_CODES),
    FORM(HTTP_PUT, "/api/session/codes", NULL, self_confirm_codes, RIGHT_SELF, CODE_FORM,
         MSG_WEB_WHAT_CONFIRM_CODES),
    OWN(HTTP_GET, "/api/sessions", NULL, self_sessions, RIGHT_SELF, CARRIES_NOTHING, false,
        MSG_WEB_WHAT_SESSIONS),
    OWN(HTTP_DELETE, "/api/sessions/{SESSION}", NULL, self_end_session, RIGHT_SELF, CARRIES_NOTHING,
        true, MSG_WEB_WHAT_END_SESSION),
    FORM(HTTP_POST, "/api/tokens", NULL, self_add_token, RIGHT_SELF, USER_TOKEN_OPTS,
         MSG_WEB_WHAT_TOKEN),

    OWN(HTTP_GET, "/api/jobs", NULL, job_list, RIGHT_READ, CARRIES_NOTHING, false,
        MSG_WEB_WHAT_JOBS),
    OWN(HTTP_GET, "/api/jobs/{JOB}", NULL, job_show, RIGHT_READ, CARRIES_NOTHING, false,
        MSG_WEB_WHAT_JOB),
    OWN(HTTP_GET, "/api/jobs/{JOB}/events", NULL, job_events, RIGHT_READ, CARRIES_NOTHING, false,
        MSG_WEB_WHAT_JOB_EVENTS),
    OWN(HTTP_GET, "/api/jobs/{JOB}/result", NULL, job_result, RIGHT_READ, CARRIES_NOTHING, false,
        MSG_WEB_WHAT_JOB_RESULT),
    OWN(HTTP_DELETE, "/api/jobs/{JOB}", NULL, job_stop, RIGHT_READ, CARRIES_NOTHING, true,
        MSG_WEB_WHAT_JOB_STOP),

    OWN(HTTP_POST, "/api/files", NULL, file_keep, RIGHT_IMPORT, CARRIES_FILE, true,
        MSG_WEB_WHAT_FILE),

    ROUTE(HTTP_GET, "/api/batches", "import list", RIGHT_READ, WHERE_SCOPE, CARRIES_NOTHING),
    ROUTE(HTTP_GET, "/api/conflicts", "import conflicts", RIGHT_READ, WHERE_UNIT, CARRIES_NOTHING),
    ROUTE(HTTP_POST, "/api/batches/{BATCH}/revert", "import revert", RIGHT_REVERT, WHERE_PATH,
          CARRIES_FORM),
    LONG(HTTP_POST, "/api/registers", "import register", RIGHT_REGISTER, WHERE_OFFICE,
         CARRIES_FILE),
    LONG(HTTP_POST, "/api/ledgers", "import ledger", RIGHT_IMPORT, WHERE_UNIT, CARRIES_FILE),
    LONG(HTTP_POST, "/api/wishes", "import wishes", RIGHT_IMPORT, WHERE_SCOPE, CARRIES_FILE),
    LONG(HTTP_GET, "/api/form", "export ledger", RIGHT_EXPORT, WHERE_UNIT, CARRIES_NOTHING),

    ROUTE(HTTP_GET, "/api/lineage", "lineage show", RIGHT_READ, WHERE_SCOPE, CARRIES_NOTHING),
    LONG(HTTP_GET, "/api/lineage/proposals", "lineage propose", RIGHT_REGISTER, WHERE_UNIT,
         CARRIES_NOTHING),
    ROUTE(HTTP_GET, "/api/lineage/{CODE}", "lineage show", RIGHT_READ, WHERE_PATH, CARRIES_NOTHING),
    ROUTE(HTTP_POST, "/api/lineage", "lineage apply", RIGHT_REGISTER, WHERE_SCOPE, CARRIES_FILE),

    ROUTE(HTTP_GET, "/api/rollup", "rollup", RIGHT_READ, WHERE_UNIT, CARRIES_NOTHING),
    ROUTE(HTTP_GET, "/api/values", "values list", RIGHT_READ, WHERE_UNIT, CARRIES_NOTHING),
    ROUTE(HTTP_GET, "/api/values/{CODE}/{INDICATOR}", "explain value", RIGHT_READ, WHERE_PATH,
          CARRIES_NOTHING),

    QUICK("/api/values/{CODE}/{INDICATOR}/{PERIOD}", value_show, value_quick, RIGHT_READ,
          MSG_WEB_WHAT_VALUE),

    LONG(HTTP_POST, "/api/tiers", "classify", RIGHT_CLASSIFY, WHERE_UNIT, CARRIES_FORM),
    ROUTE(HTTP_GET, "/api/tiers/{CODE}", "explain tier", RIGHT_READ, WHERE_PATH, CARRIES_NOTHING),
    ROUTE(HTTP_PUT, "/api/tiers/{CODE}/{TIER}", "override tier", RIGHT_OVERRIDE, WHERE_PATH,
          CARRIES_FORM),

    LONG(HTTP_POST, "/api/plans", "plan", RIGHT_PLAN, WHERE_TIERS, CARRIES_FORM),
    ROUTE(HTTP_GET, "/api/plans/{CODE}", "explain plan", RIGHT_READ, WHERE_PATH, CARRIES_NOTHING),

    ROUTE(HTTP_GET, "/api/runs", "runs list", RIGHT_READ, WHERE_SCOPE, CARRIES_NOTHING),
    ROUTE(HTTP_GET, "/api/runs/{RUN}", "runs show", RIGHT_READ, WHERE_PATH, CARRIES_NOTHING),
    ROUTE(HTTP_GET, "/api/runs/{RUN}/results", "runs results", RIGHT_READ, WHERE_PATH,
          CARRIES_NOTHING),
    ROUTE(HTTP_GET, "/api/runs/{RUN}/against/{OTHER}", "runs compare", RIGHT_READ, WHERE_PATH,
          CARRIES_NOTHING),
    ROUTE(HTTP_POST, "/api/runs/{RUN}/approval", "approve", RIGHT_READ, WHERE_PATH, CARRIES_FORM),

    ROUTE(HTTP_GET, "/api/proposals", "proposals list", RIGHT_READ, WHERE_SCOPE, CARRIES_NOTHING),
    ROUTE(HTTP_PUT, "/api/proposals/{PROPOSAL}/{VERDICT}", "proposals decide", RIGHT_SELF,
          WHERE_SCOPE, CARRIES_FORM),
    ROUTE(HTTP_DELETE, "/api/proposals/{PROPOSAL}", "proposals withdraw", RIGHT_SELF, WHERE_SCOPE,
          CARRIES_FORM),
    ROUTE(HTTP_GET, "/api/notices", "notice list", RIGHT_READ, WHERE_SCOPE, CARRIES_NOTHING),
    ROUTE(HTTP_POST, "/api/runs/{RUN}/notice", "notice open", RIGHT_NOTICE, WHERE_PATH,
          CARRIES_FORM),
    ROUTE(HTTP_POST, "/api/notices/{NOTICE}/close", "notice close", RIGHT_NOTICE, WHERE_PATH,
          CARRIES_FORM),
    ROUTE(HTTP_GET, "/api/notices/{NOTICE}/appeals", "appeal list", RIGHT_READ, WHERE_PATH,
          CARRIES_NOTHING),
    ROUTE(HTTP_POST, "/api/notices/{NOTICE}/appeals/{CODE}", "appeal add", RIGHT_APPEAL, WHERE_PATH,
          CARRIES_FORM),
    ROUTE(HTTP_PUT, "/api/appeals/{APPEAL}/{CODE}/{VERDICT}", "appeal answer", RIGHT_ANSWER,
          WHERE_PATH, CARRIES_FORM),

    ROUTE(HTTP_GET, "/api/persons", "user list", RIGHT_ACCOUNTS, WHERE_OFFICE, CARRIES_NOTHING),
    ROUTE(HTTP_POST, "/api/persons/{LOGIN}", "user add", RIGHT_ACCOUNTS, WHERE_OFFICE,
          CARRIES_FORM),
    ROUTE(HTTP_POST, "/api/persons/{LOGIN}/disable", "user disable", RIGHT_ACCOUNTS, WHERE_OFFICE,
          CARRIES_FORM),
    ROUTE(HTTP_POST, "/api/persons/{LOGIN}/restart", "user restart", RIGHT_ACCOUNTS, WHERE_OFFICE,
          CARRIES_FORM),
    ROUTE(HTTP_GET, "/api/posts", "user posts", RIGHT_POSTS, WHERE_OFFICE, CARRIES_NOTHING),
    ROUTE(HTTP_POST, "/api/persons/{LOGIN}/posts/{POST}", "user post", RIGHT_POSTS, WHERE_OFFICE,
          CARRIES_FORM),
    ROUTE(HTTP_POST, "/api/posts/{HELD}/end", "user leave", RIGHT_POSTS, WHERE_OFFICE,
          CARRIES_FORM),
    ROUTE(HTTP_GET, "/api/persons/{LOGIN}/sessions", "user sessions", RIGHT_POSTS, WHERE_OFFICE,
          CARRIES_NOTHING),
    ROUTE(HTTP_DELETE, "/api/persons/{LOGIN}/sessions/{SESSION}", "user revoke", RIGHT_POSTS,
          WHERE_OFFICE, CARRIES_NOTHING),

    ROUTE(HTTP_GET, "/api/programme", "programme export", RIGHT_READ, WHERE_SCOPE, CARRIES_NOTHING),
    ROUTE(HTTP_POST, "/api/programme/check", "programme check", RIGHT_READ, WHERE_SCOPE,
          CARRIES_FILE),
    ROUTE(HTTP_POST, "/api/programme/changes", "programme diff", RIGHT_READ, WHERE_SCOPE,
          CARRIES_FILE),
    ROUTE(HTTP_PUT, "/api/programme", "programme apply", RIGHT_PROGRAMME, WHERE_OFFICE,
          CARRIES_FILE),
    ROUTE(HTTP_POST, "/api/programme/workbook", "programme import", RIGHT_PROGRAMME, WHERE_OFFICE,
          CARRIES_FILE),

    ROUTE(HTTP_GET, "/api/trace/verdict", "audit verify", RIGHT_TRACE, WHERE_SCOPE,
          CARRIES_NOTHING),
    ROUTE(HTTP_GET, "/api/trace", "audit export", RIGHT_TRACE, WHERE_SCOPE, CARRIES_NOTHING),

    ROUTE(HTTP_POST, "/api/tasks", "read", RIGHT_READ, WHERE_SCOPE, CARRIES_FILE),
    ROUTE(HTTP_GET, "/api/health", "doctor", RIGHT_SYSTEM, WHERE_OFFICE, CARRIES_NOTHING),

    MAP("/api/map", map_landing, WHERE_SCOPE, MAP_OPTS, NULL, MSG_MAP_WHAT_LANDING),
    MAP("/api/map/api", describe_api, WHERE_SCOPE, MAP_OPTS, OPENAPI, MSG_WEB_WHAT_API),
    MAP("/api/map/conformance", map_conformance, WHERE_SCOPE, MAP_OPTS, NULL,
        MSG_MAP_WHAT_CONFORMANCE),
    MAP("/api/map/collections", map_collections, WHERE_SCOPE, MAP_OPTS, NULL,
        MSG_MAP_WHAT_COLLECTIONS),
    MAP("/api/map/collections/{LEVEL}", map_collection, WHERE_SCOPE, MAP_OPTS, NULL,
        MSG_MAP_WHAT_COLLECTION),
    MAP("/api/map/collections/{LEVEL}/schema", map_schema, WHERE_SCOPE, MAP_OPTS, SCHEMA,
        MSG_MAP_WHAT_SCHEMA),
    MAP("/api/map/collections/{LEVEL}/items", map_items, WHERE_SCOPE, MAP_ITEMS_OPTS, GEOJSON,
        MSG_MAP_WHAT_ITEMS),
    MAP("/api/map/collections/{LEVEL}/items/{CODE}", map_item, WHERE_PATH, MAP_OPTS, GEOJSON,
        MSG_MAP_WHAT_ITEM),
    MAP("/api/map/tiles", map_tilejson, WHERE_SCOPE, MAP_OPTS, NULL, MSG_MAP_TILES),
    MAP("/api/map/tiles/{ZOOM}/{COLUMN}/{ROW}", map_tile, WHERE_SCOPE, MAP_OPTS, TILE,
        MSG_MAP_WHAT_TILE),
};
const int ROUTE_COUNT = (int)COUNT_OF(ROUTES);

static const char *const METHODS[] = {
    [HTTP_GET] = "GET",         [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
    [HTTP_PUT] = "PUT",         [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
    [HTTP_OPTIONS] = "OPTIONS",
};

/* Most paths differ from the others in the first letter of their second word: told apart before a
 * path is taken apart, as all of them are tried for every request. */
static bool may_fit(const char *path, const struct http_request *request)
{
    const str base = STR("/api/");

    return request->segment_count < 2 || strncmp(path, base.at, base.len) != 0 ||
           path[base.len] == '{' || path[base.len] == request->segments[1].at[0];
}

/* Does the path fit, segment by segment? */
static bool path_fits(const char *path, const struct http_request *request,
                      struct route_match *match)
{
    str rest = str_from(path);
    str word = {0};
    int at = 0;

    match->param_count = 0;
    rest = str_part(rest, 1, rest.len);
    while (rest.len > 0 && str_cut(&rest, '/', &word)) {
        if (at == request->segment_count) {
            return false;
        }
        str segment = request->segments[at++];
        if (word.at[0] == '{') {
            match->params[match->param_count++] = segment;
        } else if (!str_equal(word, segment)) {
            return false;
        }
    }
    return at == request->segment_count && !request->has_slash;
}

static void add_method(struct route_match *match, const char *name)
{
    size_t used = strlen(match->allow);

    (void)snprintf(match->allow + used, sizeof(match->allow) - used, "%s%s", used > 0 ? ", " : "",
                   name);
}

void route_find(const struct http_request *request, struct route_match *out)
{
    struct route_match tried = {.route = -1};
    enum http_method method = request->method == HTTP_HEAD ? HTTP_GET : request->method;

    *out = tried;
    for (int i = 0; i < ROUTE_COUNT && out->route < 0; i++) {
        if (!may_fit(ROUTES[i].path, request) || !path_fits(ROUTES[i].path, request, &tried)) {
            continue;
        }
        if (ROUTES[i].method == method) {
            *out = tried;
            out->route = i;
        } else {
            add_method(out, METHODS[ROUTES[i].method]);
        }
    }
}

const struct command *route_command(const struct route *route)
{
    for (int i = 0; route->command != NULL && i < COMMAND_COUNT; i++) {
        if (str_equal(str_from(COMMANDS[i].name), str_from(route->command))) {
            return &COMMANDS[i];
        }
    }
    return NULL;
}

const struct opt *route_opts(const struct route *route)
{
    static const struct opt NOTHING = {0};
    const struct command *command = route_command(route);
    const struct opt *opts = command == NULL ? route->opts : command->opts;

    return opts == NULL ? &NOTHING : opts;
}

bool route_skips(const struct opt *opt)
{
    str name = str_from(opt->name);

    return str_equal(name, STR("output")) || str_equal(name, STR("errors"));
}
