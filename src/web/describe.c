/* OpenAPI 3.1 from the tables: paths, parameters, bodies, rights. */
#include "web/describe.h"

#include "act/face.h"
#include "format/json/json.h"

/* components/schemas: what every command answers, made from docs/schemas/answers.json. */
#include "shapes.h"

enum { NAME_MAX_BYTES = 256 };

/* A description on its way out. */
struct page {
    struct json *json;
    enum lang lang;
    struct arena *arena;
};

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

static void put_type(struct json *json, const struct opt *opt)
{
    static const str TYPES[] = {[OPT_FLAG] = STR_INIT("boolean"),
                                [OPT_TEXT] = STR_INIT("string"),
                                [OPT_INT] = STR_INIT("integer")};

    put_pair(json, STR("type"), TYPES[opt->kind]);
    if (opt->fallback != NULL) {
        put_pair(json, STR("default"), str_from(opt->fallback));
    }
}

static void put_option(struct json *json, const struct opt *opt, enum lang lang)
{
    json_open_map(json);
    put_pair(json, STR("name"), str_from(opt->name));
    put_pair(json, STR("in"), STR("query"));
    json_key(json, STR("required"));
    json_bool(json, opt->is_required);
    put_pair(json, STR("description"), msg_text(lang, opt->help));
    json_key(json, STR("schema"));
    json_open_map(json);
    put_type(json, opt);
    json_close_map(json);
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

static void put_required(struct json *json, const struct route *route)
{
    json_key(json, STR("required"));
    json_open_list(json);
    for (const struct opt *opt = route_opts(route); opt->name != NULL; opt++) {
        if (opt->is_required && !route_skips(opt)) {
            json_text(json, str_from(opt->name));
        }
    }
    json_close_list(json);
}

static void put_form(struct json *json, const struct route *route, enum lang lang)
{
    put_required(json, route);
    json_key(json, STR("properties"));
    json_open_map(json);
    for (const struct opt *opt = route_opts(route); opt->name != NULL; opt++) {
        if (!route_skips(opt)) {
            json_key(json, str_from(opt->name));
            json_open_map(json);
            put_type(json, opt);
            put_pair(json, STR("description"), msg_text(lang, opt->help));
            json_close_map(json);
        }
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
        put_form(json, route, lang);
    }
    json_close_map(json);
    json_close_map(json);
    json_close_map(json);
    json_close_map(json);
}

/* What is long may be asked for without waiting. */
static void put_prefer(struct json *json, enum lang lang)
{
    json_open_map(json);
    put_pair(json, STR("name"), STR("Prefer"));
    put_pair(json, STR("in"), STR("header"));
    put_pair(json, STR("description"), msg_text(lang, MSG_WEB_PREFER));
    json_key(json, STR("schema"));
    json_open_map(json);
    put_pair(json, STR("type"), STR("string"));
    json_close_map(json);
    json_close_map(json);
}

static void put_parameters(struct json *json, const struct route *route, enum lang lang)
{
    json_key(json, STR("parameters"));
    json_open_list(json);
    put_path_words(json, route->path);
    if (route->carries != CARRIES_FORM) {
        for (const struct opt *opt = route_opts(route); opt->name != NULL; opt++) {
            if (!route_skips(opt)) {
                put_option(json, opt, lang);
            }
        }
    }
    put_face_options(json, route, lang);
    if (route->is_long) {
        put_prefer(json, lang);
    }
    json_close_list(json);
}

/* The text after `before`, with every sign of `from` as `to`. */
static str name_of(struct page *page, str before, str text, const char *from, char to)
{
    struct buf buf;
    str name = {0};

    buf_init(&buf, page->arena, NAME_MAX_BYTES);
    buf_put(&buf, before);
    for (size_t i = 0; i < text.len; i++) {
        bool is_kept = strchr(from, text.at[i]) == NULL;
        buf_put(&buf, is_kept ? str_part(text, i, 1) : (str){&to, 1});
    }
    MUST(buf_done(&buf, &name));
    return name;
}

/* TYPE: {"schema": {"$ref": …}}; what a command answers has the command's name. */
static void put_media(struct page *page, str type, str name)
{
    struct json *json = page->json;

    json_key(json, type);
    json_open_map(json);
    json_key(json, STR("schema"));
    json_open_map(json);
    put_pair(json, STR("$ref"), name_of(page, STR("#/components/schemas/"), name, " ", '-'));
    json_close_map(json);
    json_close_map(json);
}

/* A file: of what kind, and no more. */
static void put_file(struct json *json, str type)
{
    json_key(json, type);
    json_open_map(json);
    json_close_map(json);
}

/* Tables in every form they come in; else a file, or an object of the route's own. */
static void put_content(struct page *page, const struct route *route)
{
    const struct command *command = route_command(route);
    struct json *json = page->json;

    json_key(json, STR("content"));
    json_open_map(json);
    if (gives_tables(command)) {
        put_media(page, FACE_ROWS[FACE_JSON].type, str_from(route->command));
        for (int i = FACE_JSON + 1; i < FACES; i++) {
            put_file(json, FACE_ROWS[i].type);
        }
    } else {
        str own = route->type == NULL ? FACE_ROWS[FACE_JSON].type : str_from(route->type);
        put_file(json, command == NULL ? own : FACE_ROWS[FACE_XLSX].type);
    }
    json_close_map(json);
}

/* Who must have logged in: nobody, or by the cookie of a session, or with a token. */
static void put_security(struct json *json, const struct route *route)
{
    static const str WAYS[] = {STR_INIT("session"), STR_INIT("token")};

    json_key(json, STR("security"));
    json_open_list(json);
    for (size_t i = 0; i < COUNT_OF(WAYS) && route->right != RIGHT_PUBLIC; i++) {
        json_open_map(json);
        json_key(json, WAYS[i]);
        json_open_list(json);
        json_close_list(json);
        json_close_map(json);
    }
    json_close_list(json);
}

static void put_asked(struct json *json, enum lang lang)
{
    json_key(json, STR("202"));
    json_open_map(json);
    put_pair(json, STR("description"), msg_text(lang, MSG_WEB_ASKED));
    json_key(json, STR("content"));
    json_open_map(json);
    put_file(json, FACE_ROWS[FACE_JSON].type);
    json_close_map(json);
    json_close_map(json);
}

static void put_responses(struct page *page, const struct route *route)
{
    struct json *json = page->json;
    enum lang lang = page->lang;

    json_key(json, STR("responses"));
    json_open_map(json);
    json_key(json, STR("200"));
    json_open_map(json);
    put_pair(json, STR("description"), msg_text(lang, MSG_WEB_ANSWERS));
    put_content(page, route);
    json_close_map(json);
    if (route->is_long) {
        put_asked(json, lang);
    }
    json_key(json, STR("4XX"));
    json_open_map(json);
    put_pair(json, STR("description"), msg_text(lang, MSG_WEB_PROBLEM));
    json_key(json, STR("content"));
    json_open_map(json);
    put_media(page, STR("application/problem+json"), STR("problem"));
    json_close_map(json);
    json_close_map(json);
    json_close_map(json);
}

static void put_operation(struct page *page, const struct route *route)
{
    const struct command *command = route_command(route);
    struct json *json = page->json;
    enum lang lang = page->lang;

    json_key(json, str_from(METHOD_KEYS[route->method]));
    json_open_map(json);
    put_pair(
        json, STR("operationId"),
        name_of(page, str_from(METHOD_KEYS[route->method]), str_from(route->path), "/{}", '_'));
    put_pair(json, STR("summary"), msg_text(lang, command != NULL ? command->help : route->help));
    put_pair(json, STR("x-right"), RIGHTS[route->right].id);
    put_security(json, route);
    put_parameters(json, route, lang);
    if (route->carries != CARRIES_NOTHING) {
        put_body(json, route, lang);
    }
    put_responses(page, route);
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

static void put_path(struct page *page, int first)
{
    struct json *json = page->json;

    json_key(json, str_from(ROUTES[first].path));
    json_open_map(json);
    for (int i = first; i < ROUTE_COUNT; i++) {
        if (str_equal(str_from(ROUTES[i].path), str_from(ROUTES[first].path))) {
            put_operation(page, &ROUTES[i]);
        }
    }
    json_close_map(json);
}

static void put_schemes(struct json *json)
{
    json_key(json, STR("securitySchemes"));
    json_open_map(json);
    json_key(json, STR("session"));
    json_open_map(json);
    put_pair(json, STR("type"), STR("apiKey"));
    put_pair(json, STR("in"), STR("cookie"));
    put_pair(json, STR("name"), STR("wc"));
    json_close_map(json);
    json_key(json, STR("token"));
    json_open_map(json);
    put_pair(json, STR("type"), STR("http"));
    put_pair(json, STR("scheme"), STR("bearer"));
    json_close_map(json);
    json_close_map(json);
}

static void put_head(struct json *json, enum lang lang)
{
    put_pair(json, STR("openapi"), STR("3.1.0"));
    json_key(json, STR("info"));
    json_open_map(json);
    put_pair(json, STR("title"), msg_text(lang, MSG_WEB_TITLE));
    put_pair(json, STR("version"), STR(WANCUN_VERSION));
    json_close_map(json);
    json_key(json, STR("servers"));
    json_open_list(json);
    json_open_map(json);
    put_pair(json, STR("url"), STR("/"));
    json_close_map(json);
    json_close_list(json);
}

void describe_put(struct json *json, enum lang lang, struct arena *arena)
{
    struct page page = {json, lang, arena};

    put_head(json, lang);
    json_key(json, STR("paths"));
    json_open_map(json);
    for (int i = 0; i < ROUTE_COUNT; i++) {
        if (is_first(i)) {
            put_path(&page, i);
        }
    }
    json_close_map(json);
    json_key(json, STR("components"));
    json_open_map(json);
    put_schemes(json);
    json_key(json, STR("schemas"));
    json_raw(json, (str){SHAPES, sizeof(SHAPES)});
    json_close_map(json);
}

enum rc describe_api(struct call *call)
{
    describe_put(call_object(call), call->act.cx.lang, &call->act.out_arena);
    return call_close_object(call);
}
