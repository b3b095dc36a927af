/* OpenAPI 3.1 from the tables: paths, parameters, bodies, rights. */
#include "web/describe.h"

#include "act/face.h"
#include "format/json/json.h"

static const char *const METHOD_KEYS[] = {
    [HTTP_GET] = "get",         [HTTP_HEAD] = "head",   [HTTP_POST] = "post",
    [HTTP_PUT] = "put",         [HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete",
    [HTTP_OPTIONS] = "options",
};

static void put_pair(struct json *json, str key, str text)
{
    json_key(json, key);
    json_text(json, text);
}

/* A command that must be told a file gives that; every other gives tables. */
static bool gives_tables(const struct command *command)
{
    for (const struct opt *opt = command == NULL ? NULL : command->opts;
         opt != NULL && opt->name != NULL; opt++) {
        if (opt->is_required && str_equal(str_from(opt->name), STR("output"))) {
            return false;
        }
    }
    return command != NULL;
}

static void put_schema(struct json *json, const struct opt *opt)
{
    static const str TYPES[] = {[OPT_FLAG] = STR_INIT("boolean"),
                                [OPT_TEXT] = STR_INIT("string"),
                                [OPT_INT] = STR_INIT("integer")};

    json_key(json, STR("schema"));
    json_open_map(json);
    put_pair(json, STR("type"), TYPES[opt->kind]);
    if (opt->fallback != NULL) {
        put_pair(json, STR("default"), str_from(opt->fallback));
    }
    json_close_map(json);
}

static void put_option(struct json *json, const struct opt *opt, enum lang lang)
{
    json_open_map(json);
    put_pair(json, STR("name"), str_from(opt->name));
    put_pair(json, STR("in"), STR("query"));
    json_key(json, STR("required"));
    json_bool(json, opt->is_required);
    put_pair(json, STR("description"), msg_text(lang, opt->help));
    put_schema(json, opt);
    json_close_map(json);
}

/* Options of the answer, not of a command. */
static void put_face_options(struct json *json, const struct route *route, enum lang lang)
{
    static const struct opt FORMAT = {
        .name = "format", .kind = OPT_TEXT, .help = MSG_WEB_OPT_FORMAT};
    static const struct opt TABLE = {.name = "table", .kind = OPT_TEXT, .help = MSG_WEB_OPT_TABLE};
    static const struct opt REASON = {
        .name = "reason", .kind = OPT_TEXT, .help = MSG_WEB_OPT_REASON};

    if (!gives_tables(route_command(route))) {
        return;
    }
    put_option(json, &FORMAT, lang);
    put_option(json, &TABLE, lang);
    if (route->method == HTTP_GET && route->right == RIGHT_READ) {
        put_option(json, &REASON, lang);
    }
}

static void put_path_words(struct json *json, const char *path)
{
    str rest = str_from(path);
    str word = {0};

    while (rest.len > 0 && str_cut(&rest, '/', &word)) {
        if (word.len > 2 && word.at[0] == '{') {
            json_open_map(json);
            put_pair(json, STR("name"), str_part(word, 1, word.len - 2));
            put_pair(json, STR("in"), STR("path"));
            json_key(json, STR("required"));
            json_bool(json, true);
            json_key(json, STR("schema"));
            json_open_map(json);
            put_pair(json, STR("type"), STR("string"));
            json_close_map(json);
            json_close_map(json);
        }
    }
}

static void put_form(struct json *json, const struct command *command, enum lang lang)
{
    json_key(json, STR("properties"));
    json_open_map(json);
    for (const struct opt *opt = command == NULL ? NULL : command->opts;
         opt != NULL && opt->name != NULL; opt++) {
        json_key(json, str_from(opt->name));
        json_open_map(json);
        put_pair(json, STR("type"), STR("string"));
        put_pair(json, STR("description"), msg_text(lang, opt->help));
        json_close_map(json);
    }
    json_close_map(json);
}

static void put_body(struct json *json, const struct route *route, enum lang lang)
{
    bool is_form = route->carries == CARRIES_FORM;

    json_key(json, STR("requestBody"));
    json_open_map(json);
    json_key(json, STR("content"));
    json_open_map(json);
    json_key(json, is_form ? STR("application/json") : STR("application/octet-stream"));
    json_open_map(json);
    json_key(json, STR("schema"));
    json_open_map(json);
    put_pair(json, STR("type"), is_form ? STR("object") : STR("string"));
    if (is_form) {
        put_form(json, route_command(route), lang);
    }
    json_close_map(json);
    json_close_map(json);
    json_close_map(json);
    json_close_map(json);
}

static void put_parameters(struct json *json, const struct route *route, enum lang lang)
{
    const struct command *command = route_command(route);

    json_key(json, STR("parameters"));
    json_open_list(json);
    put_path_words(json, route->path);
    if (route->carries != CARRIES_FORM) {
        for (const struct opt *opt = command == NULL ? NULL : command->opts;
             opt != NULL && opt->name != NULL; opt++) {
            put_option(json, opt, lang);
        }
    }
    put_face_options(json, route, lang);
    json_close_list(json);
}

/* A media type without a schema of its own: tables are told apart by "schema" in JSON
 * (docs/json.md), files by their kind. */
static void put_media(struct json *json, str type)
{
    json_key(json, type);
    json_open_map(json);
    json_close_map(json);
}

/* {"tables":[{"schema":…,"columns":[…],"rows":[…]}],"said":["…"]} */
static void put_tables_schema(struct json *json)
{
    static const str LISTS[] = {STR_INIT("tables"), STR_INIT("said")};
    static const str ITEMS[] = {STR_INIT("object"), STR_INIT("string")};

    json_key(json, FACE_ROWS[FACE_JSON].type);
    json_open_map(json);
    json_key(json, STR("schema"));
    json_open_map(json);
    put_pair(json, STR("type"), STR("object"));
    json_key(json, STR("properties"));
    json_open_map(json);
    for (size_t i = 0; i < COUNT_OF(LISTS); i++) {
        json_key(json, LISTS[i]);
        json_open_map(json);
        put_pair(json, STR("type"), STR("array"));
        json_key(json, STR("items"));
        json_open_map(json);
        put_pair(json, STR("type"), ITEMS[i]);
        json_close_map(json);
        json_close_map(json);
    }
    json_close_map(json);
    json_close_map(json);
    json_close_map(json);
}

static void put_content(struct json *json, const struct route *route)
{
    const struct command *command = route_command(route);

    json_key(json, STR("content"));
    json_open_map(json);
    if (gives_tables(command)) {
        put_tables_schema(json);
        for (int i = FACE_JSON + 1; i < FACES; i++) {
            put_media(json, FACE_ROWS[i].type);
        }
    } else {
        put_media(json, FACE_ROWS[command == NULL ? FACE_JSON : FACE_XLSX].type);
    }
    json_close_map(json);
}

static void put_response(struct json *json, str status, const struct route *route, enum lang lang)
{
    bool is_problem = route == NULL;

    json_key(json, status);
    json_open_map(json);
    put_pair(json, STR("description"),
             msg_text(lang, is_problem ? MSG_WEB_PROBLEM : MSG_WEB_ANSWERS));
    if (!is_problem) {
        put_content(json, route);
    } else {
        json_key(json, STR("content"));
        json_open_map(json);
        put_media(json, STR("application/problem+json"));
        json_close_map(json);
    }
    json_close_map(json);
}

static void put_operation(struct json *json, const struct route *route, enum lang lang)
{
    const struct command *command = route_command(route);

    json_key(json, str_from(METHOD_KEYS[route->method]));
    json_open_map(json);
    if (command != NULL) {
        put_pair(json, STR("summary"), msg_text(lang, command->help));
    }
    put_pair(json, STR("x-right"), RIGHTS[route->right].id);
    put_parameters(json, route, lang);
    if (route->carries != CARRIES_NOTHING) {
        put_body(json, route, lang);
    }
    json_key(json, STR("responses"));
    json_open_map(json);
    put_response(json, STR("200"), route, lang);
    put_response(json, STR("default"), NULL, lang);
    json_close_map(json);
    json_close_map(json);
}

/* Is it the first route of its path? Pages for people are no part of the interface. */
static bool is_first(int at)
{
    if (!str_starts(str_from(ROUTES[at].path), STR("/api"))) {
        return false;
    }
    for (int i = 0; i < at; i++) {
        if (str_equal(str_from(ROUTES[i].path), str_from(ROUTES[at].path))) {
            return false;
        }
    }
    return true;
}

static void put_path(struct json *json, int first, enum lang lang)
{
    json_key(json, str_from(ROUTES[first].path));
    json_open_map(json);
    for (int i = first; i < ROUTE_COUNT; i++) {
        if (str_equal(str_from(ROUTES[i].path), str_from(ROUTES[first].path))) {
            put_operation(json, &ROUTES[i], lang);
        }
    }
    json_close_map(json);
}

enum rc describe_api(struct call *call)
{
    struct json *json = call_object(call);
    enum lang lang = call->act.cx.lang;

    put_pair(json, STR("openapi"), STR("3.1.0"));
    json_key(json, STR("info"));
    json_open_map(json);
    put_pair(json, STR("title"), msg_text(lang, MSG_WEB_TITLE));
    put_pair(json, STR("version"), STR(WANCUN_VERSION));
    json_close_map(json);
    json_key(json, STR("paths"));
    json_open_map(json);
    for (int i = 0; i < ROUTE_COUNT; i++) {
        if (is_first(i)) {
            put_path(json, i, lang);
        }
    }
    json_close_map(json);
    return call_close_object(call);
}
