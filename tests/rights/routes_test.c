/* Every route, asked by every model actor at every place, through the dispatcher: what comes of it
 * against routes.txt, which was written from docs/rights.md alone. Each request is undone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/num.h"
#include "tests/rights/asking.h"

enum { SHOWN_MAX = 60 };

static const char *const METHOD_WORDS[] = {
    [HTTP_GET] = "GET",         [HTTP_HEAD] = "HEAD",   [HTTP_POST] = "POST",
    [HTTP_PUT] = "PUT",         [HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
    [HTTP_OPTIONS] = "OPTIONS",
};

static str number_text(struct arena *arena, int64_t number)
{
    char *text = arena_take(arena, NUM_TEXT_MAX);

    return num_print(text, number, 0);
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
