/* Every route, asked by every model actor at every place, through the dispatcher: what comes of it
 * against routes.txt, which was written from docs/rights.md alone. Each request is undone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/num.h"
#include "tests/rights/stage.h"
#include "web/form.h"

enum { WORDS_MAX = 16, PAIRS_MAX = 16, SHOWN_MAX = 60 };

static const char *const METHOD_WORDS[] = {
    [HTTP_GET] = "GET",         [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
    [HTTP_PUT] = "PUT",         [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
    [HTTP_OPTIONS] = "OPTIONS",
};

/* What names a place in a request: that of a unit, or, for comparison, of none that exists. */
struct names {
    const char *code;
    str run;
    str notice;
    str batch;
    str proposal;
    str step;
};

/* One request: the row of the matrix and all that is made of it. */
struct asking {
    struct stage *stage;
    const struct route *route;
    const struct stage_actor *actor;
    struct names names;
    struct arena arena;
    str segments[WORDS_MAX];
    struct http_pair query[PAIRS_MAX];
    struct http_pair head[2];
    struct http_pair cookie;
    struct http_request request;
};

static str number_text(struct arena *arena, int64_t number)
{
    char *text = arena_take(arena, NUM_TEXT_MAX);

    return num_print(text, number, 0);
}

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
        {"{TIER}", STR("high")},
        {"{POST}", STR("auditor")},
        {"{LOGIN}", STR("p0")},
        {"{VERDICT}", STR("refuse")},
        {"{APPEAL}", STR("1")},
        {"{HELD}", STR("1")},
        {"{SESSION}", STR("1")},
        {"{JOB}", STR("1")},
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
    assert_true(buf_done(&body, &in->request.body));
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

struct outcome {
    enum rc rc;
    enum msg_id msg;
};

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
    if (rc == RC_OK) {
        assert_int_equal(office_enter(&act->cx, DB_WRITE), RC_OK);
        rc = call_run(call);
        office_undo(&act->cx);
    }
    const struct outcome outcome = {rc, act->err.msg};
    act_done(act);
    return outcome;
}

static struct outcome ask(struct asking *in)
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
    if (in->route->carries == CARRIES_FILE) {
        put_file(in);
    }
    in->request.body_len = (int64_t)in->request.body.len;
    put_actor(in);
    struct outcome outcome = run(in);
    arena_done(&in->arena);
    return outcome;
}

static const struct names NOWHERE = {
    .code = "999999999999",
    .run = STR_INIT("7"),
    .notice = STR_INIT("7"),
    .batch = STR_INIT("7"),
    .proposal = STR_INIT("7"),
    .step = STR_INIT("7"),
};

/* The things at the place, or of the office as a whole. */
static struct names names_at(struct asking *in, const char *code, struct arena *arena)
{
    const struct stage_things *at = stage_at(in->stage, code);
    const struct stage_things *any = at == NULL ? &in->stage->things[0] : at;
    bool is_own = in->route->method == HTTP_DELETE;
    int64_t waits = at == NULL ? in->stage->restore : at->proposal;

    if (is_own && str_find(str_from(in->route->path), STR("{PROPOSAL}")) != STR_NONE) {
        waits = stage_proposal_of(in->stage, in->actor, at);
    }
    return (struct names){
        .code = any->code,
        .run = number_text(arena, any->run),
        .notice = number_text(arena, any->notice),
        .batch = number_text(arena, at == NULL ? in->stage->batch : at->batch),
        .proposal = number_text(arena, waits),
        .step = number_text(arena, any->step),
    };
}

/* Does the request name anything that might not be there? */
static bool names_anything(const struct asking *in, bool is_at_unit)
{
    static const char *const WORDS[] = {"{CODE}", "{RUN}", "{NOTICE}", "{BATCH}", "{PROPOSAL}"};
    str path = str_from(in->route->path);
    bool is_option = in->route->where == WHERE_UNIT || in->route->where == WHERE_TIERS;

    for (size_t i = 0; i < COUNT_OF(WORDS); i++) {
        if (str_find(path, str_from(WORDS[i])) != STR_NONE) {
            return true;
        }
    }
    return is_at_unit && (is_option || in->route->carries == CARRIES_FILE);
}

static bool is_answered_alike(struct asking *in, struct outcome outcome, struct names names)
{
    in->names = names;
    struct outcome other = ask(in);
    return other.rc == outcome.rc && other.msg == outcome.msg;
}

/* What a row of the matrix calls it: missing is what is answered like a thing that is not there. */
static const char *word_of(struct asking *in, struct outcome outcome, bool is_at_unit)
{
    struct names no_unit = in->names;
    bool is_of_file = outcome.rc == RC_INVALID && in->route->carries == CARRIES_FILE;

    no_unit.code = NOWHERE.code;
    if (outcome.rc == RC_DENIED) {
        return in->actor->person == 0 ? "login" : "denied";
    }
    if ((outcome.rc != RC_MISSING && !is_of_file) || !names_anything(in, is_at_unit)) {
        return "allowed";
    }
    bool is_nowhere =
        is_answered_alike(in, outcome, NOWHERE) || is_answered_alike(in, outcome, no_unit);
    return is_nowhere ? "missing" : "allowed";
}

struct row {
    const struct route *route;
    str actor;
    str place;
    str wanted;
};

struct matrix {
    struct stage stage;
    str text;
    int rows;
    int wrong;
    bool is_shown;
    const struct route *planted; /* in the place of the route of its path and method; NULL: none */
};

static const struct route *find_route(str words)
{
    str path = words;
    str method = {0};

    (void)str_cut(&path, ' ', &method);
    for (int i = 0; i < ROUTE_COUNT; i++) {
        if (str_equal(str_from(ROUTES[i].path), path) &&
            str_equal(str_from(METHOD_WORDS[ROUTES[i].method]), method)) {
            return &ROUTES[i];
        }
    }
    return NULL;
}

static bool read_row(str line, struct row *out)
{
    str route = {0};

    if (str_starts(line, STR("#")) || !str_cut(&line, '\t', &route) ||
        !str_cut(&line, '\t', &out->actor) || !str_cut(&line, '\t', &out->place)) {
        return false;
    }
    out->wanted = str_trim(line);
    out->route = find_route(route);
    if (out->route == NULL) {
        print_message("# no route %.*s\n", STR_ARG(route));
    }
    return true;
}

static const char *code_of(const struct stage_actor *actor, str place)
{
    static const char *const PLACES[] = {"own", "below", "above", "beside"};

    for (size_t i = 0; i < COUNT_OF(PLACES); i++) {
        if (str_equal(place, str_from(PLACES[i]))) {
            return actor->codes[i];
        }
    }
    assert_true(str_equal(place, STR("office")));
    return "";
}

static void check_row(struct matrix *matrix, const struct row *row)
{
    struct asking in = {.stage = &matrix->stage, .route = row->route};
    struct arena arena;

    in.actor = stage_actor(&matrix->stage, row->actor);
    arena_init(&arena, ARENA_MIB);
    in.names = names_at(&in, code_of(in.actor, row->place), &arena);
    in.route = matrix->planted != NULL ? matrix->planted : row->route;
    struct outcome outcome = ask(&in);
    const char *found = word_of(&in, outcome, !str_equal(row->place, STR("office")));
    matrix->rows++;
    if (!str_equal(row->wanted, str_from(found))) {
        if (matrix->is_shown && matrix->wrong < SHOWN_MAX) {
            print_message("# %s %s, %.*s, %.*s: %s (%.*s), not %.*s\n",
                          METHOD_WORDS[row->route->method], row->route->path, STR_ARG(row->actor),
                          STR_ARG(row->place), found, STR_ARG(msg_key(outcome.msg)),
                          STR_ARG(row->wanted));
        }
        matrix->wrong++;
    }
    arena_done(&arena);
}

/* All rows, or those of the planted route. */
static void compare(struct matrix *matrix)
{
    const struct route *planted = matrix->planted;
    struct row row = {0};
    str line = {0};

    matrix->rows = 0;
    matrix->wrong = 0;
    for (str rest = matrix->text; str_cut(&rest, '\n', &line);) {
        if (!read_row(line, &row)) {
            continue;
        }
        assert_non_null(row.route);
        bool is_of_it = planted == NULL ||
                        (row.route->path == planted->path && row.route->method == planted->method);
        if (is_of_it) {
            check_row(matrix, &row);
        }
    }
}

static int open_matrix(void **state)
{
    struct matrix *matrix = calloc(1, sizeof(*matrix));

    stage_open(&matrix->stage);
    matrix->text = stage_file(&matrix->stage, "tests/rights/routes.txt");
    *state = matrix;
    return 0;
}

static int close_matrix(void **state)
{
    struct matrix *matrix = *state;

    stage_close(&matrix->stage);
    free(matrix);
    return 0;
}

static void every_route_answers_as_the_page_of_rights_says(void **state)
{
    struct matrix *matrix = *state;

    matrix->is_shown = true;
    compare(matrix);
    print_message("# %d rows\n", matrix->rows);
    assert_int_equal(matrix->wrong, 0);
}

/* Pages for people, and what is asked of a job by its number: no part of the matrix. */
static bool is_apart(const struct route *route)
{
    return !str_starts(str_from(route->path), STR("/api"));
}

static void every_route_of_the_interface_has_its_rows(void **state)
{
    struct matrix *matrix = *state;
    int without = 0;

    for (int i = 0; i < ROUTE_COUNT; i++) {
        struct buf head;
        str wanted = {0};
        buf_init(&head, &matrix->stage.arena, 512);
        buf_char(&head, '\n');
        buf_put(&head, str_from(METHOD_WORDS[ROUTES[i].method]));
        buf_char(&head, ' ');
        buf_put(&head, str_from(ROUTES[i].path));
        buf_char(&head, '\t');
        assert_true(buf_done(&head, &wanted));
        if (!is_apart(&ROUTES[i]) && str_find(matrix->text, wanted) == STR_NONE) {
            print_message("# no rows:%.*s\n", STR_ARG(wanted));
            without++;
        }
    }
    assert_int_equal(without, 0);
}

/* A right that others of the model actors have. At the topmost unit only one of them stands: one
 * that he has not. */
static enum right another(const struct route *route)
{
    if (route->where == WHERE_OFFICE && RIGHTS[route->right].is_given) {
        return RIGHT_APPROVE;
    }
    return route->right == RIGHT_READ ? RIGHT_IMPORT : RIGHT_READ;
}

/* Acts that ask for their right once more, whatever the route says. */
static bool asks_itself(const struct route *route)
{
    static const char *const COMMAND_NAMES[] = {"approve",      "override tier", "notice open",
                                                "notice close", "appeal add",    "appeal answer"};

    for (size_t i = 0; i < COUNT_OF(COMMAND_NAMES); i++) {
        if (route->command != NULL && strcmp(route->command, COMMAND_NAMES[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_found(struct matrix *matrix, const struct route *route, enum right right)
{
    struct route wrong = *route;

    wrong.right = right;
    matrix->planted = &wrong;
    compare(matrix);
    matrix->planted = NULL;
    if (matrix->wrong == 0) {
        print_message("# not found: %s %s by %s\n", METHOD_WORDS[wrong.method], wrong.path,
                      RIGHTS[right].id.at);
    }
    return matrix->wrong > 0;
}

/* In every route one after the other, a right that nearly nobody has, and one that others have: its
 * rows turn red. */
static void a_route_with_a_wrong_right_is_found(void **state)
{
    struct matrix *matrix = *state;
    int planted = 0;

    matrix->is_shown = false;
    for (int i = 0; i < ROUTE_COUNT; i++) {
        const struct route *route = &ROUTES[i];
        if (is_apart(route) || route->right == RIGHT_PUBLIC) {
            continue;
        }
        assert_true(is_found(matrix, route, RIGHT_WATCH));
        assert_true(asks_itself(route) || is_found(matrix, route, another(route)));
        planted += 2;
    }
    print_message("# %d rights planted\n", planted);
}

/* The right is the right one, but asked in the wrong place. */
static void a_route_that_asks_in_the_wrong_place_is_found(void **state)
{
    struct matrix *matrix = *state;
    int planted = 0;

    matrix->is_shown = false;
    for (int i = 0; i < ROUTE_COUNT; i++) {
        struct route wrong = ROUTES[i];
        bool is_whole = wrong.where == WHERE_OFFICE && wrong.right != RIGHT_PUBLIC;
        if (is_apart(&wrong) || !(is_whole || wrong.where == WHERE_SCOPE) ||
            RIGHTS[wrong.right].about != ABOUT_DATA) {
            continue;
        }
        wrong.where = is_whole ? WHERE_SCOPE : WHERE_OFFICE;
        matrix->planted = &wrong;
        compare(matrix);
        assert_true(matrix->wrong > 0);
        planted++;
    }
    matrix->planted = NULL;
    print_message("# %d places planted\n", planted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_route_answers_as_the_page_of_rights_says),
        cmocka_unit_test(every_route_of_the_interface_has_its_rows),
        cmocka_unit_test(a_route_with_a_wrong_right_is_found),
        cmocka_unit_test(a_route_that_asks_in_the_wrong_place_is_found),
    };

    return cmocka_run_group_tests_name("routes", tests, open_matrix, close_matrix);
}
