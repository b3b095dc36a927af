/* The rights of the example programme, cell by cell: what the program answers against what
 * docs/rights.md says (expected.txt). A right given wrongly on purpose must be found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "format/doc/doc.h"
#include "office/access/actor.h"
#include "office/definition/definition.h"
#include "office/register/test_units.h"
#include "office/test_world.h"
#include "store/file.h"

enum { FIELDS = 7, PLACES = 5, FILES_MAX = 32, LINES_OF_POSTS = 12 };

static const char UNITS[] = "code,level,name\n"
                            "990000000000,province,示范省\n"
                            "990100000000,city,甲市\n"
                            "990101000000,county,丙县\n"
                            "990101100000,township,丁镇\n"
                            "990101100200,village,东沟村委会\n"
                            "990101100201,village,西沟村委会\n"
                            "990101101000,township,戊镇\n"
                            "990101101200,village,南沟村委会\n"
                            "990102000000,county,己县\n";

/* Own, below, above, beside of a post at each level; "": there is none. */
static const struct {
    const char *level;
    const char *codes[PLACES - 1];
} STANDS[] = {
    {"province", {"990000000000", "990101100200", "", ""}},
    {"county", {"990101000000", "990101100200", "990100000000", "990102000000"}},
    {"township", {"990101100000", "990101100200", "990101000000", "990101101000"}},
    {"village", {"990101100200", "", "990101100000", "990101100201"}},
    {"", {"990101000000", "990101100200", "990100000000", "990102000000"}},
};

struct matrix {
    struct cx *cx;
    struct programme programme;
    struct unit_tree tree;
    const char *const *codes; /* where the post at hand stands */
    str post;                 /* as the table names it: "township@township" */
    struct actor actor;
    int cells;
    int wrong;
};

static str word_of(enum rc rc)
{
    switch (rc) {
    case RC_OK:
        return STR("yes");
    case RC_DENIED:
        return STR("no");
    case RC_MISSING:
        return STR("hidden");
    case RC_INVALID:
    case RC_CONFLICT:
    case RC_BUSY:
    case RC_LIMIT:
    case RC_BROKEN:
        break;
    }
    return STR("broken");
}

static struct unit_id unit_at(const struct matrix *matrix, int place)
{
    if (place == PLACES - 1) {
        return (struct unit_id){0};
    }
    int at = unit_tree_find_code(&matrix->tree, str_from(matrix->codes[place]));
    assert_int_not_equal(at, NONE);
    return matrix->tree.units[at].id;
}

static str answer(const struct matrix *matrix, enum right right, int place)
{
    if (place < PLACES - 1 && matrix->codes[place][0] == '\0') {
        return STR("-");
    }
    enum rc rc = right_check(matrix->cx, right, unit_at(matrix, place), NULL);
    err_clear(matrix->cx->err);
    return word_of(rc);
}

/* Somebody who holds that post and no other. */
static void take_post(struct matrix *matrix, str written)
{
    struct person person = {.name = STR("某人")};
    struct buf login;
    struct held held = {0};
    str kind = {0};
    str token = {0};
    str level = written;

    assert_true(str_cut(&level, '@', &kind));
    size_t stand = 0;
    while (stand < COUNT_OF(STANDS) - 1 && !str_equal(level, str_from(STANDS[stand].level))) {
        stand++;
    }
    matrix->codes = STANDS[stand].codes;
    matrix->post = written;
    buf_init(&login, matrix->cx->arena, 64);
    buf_put(&login, STR("p"));
    buf_int(&login, db_new_id(matrix->cx->db, matrix->cx->now_ms));
    assert_true(buf_done(&login, &person.login));
    bool is_admin = person_kind_by_id(kind) != PERSON_KINDS;
    person.kind = is_admin ? person_kind_by_id(kind) : PERSON_OFFICIAL;
    matrix->cx->who = &ACTOR_OWNER;
    assert_int_equal(person_add(matrix->cx, &person, &token), RC_OK);
    assert_int_equal(person_set_password(matrix->cx, &person, STR("$"), 0), RC_OK);
    const struct appointment giving = {
        .programme = &matrix->programme,
        .tree = &matrix->tree,
        .person = &person,
        .post = kind,
        .place = unit_tree_find_code(&matrix->tree, str_from(matrix->codes[0])),
        .from = date_of(2020, 1, 1),
        .to = HELD_OPEN,
    };
    assert_int_equal(post_give(matrix->cx, &giving, &held), RC_OK);
    const struct session session = {.id = 1, .person = person.id};
    assert_int_equal(actor_load(matrix->cx, &matrix->programme, &session, &matrix->actor), RC_OK);
    matrix->cx->who = &matrix->actor;
}

static int split(str line, str fields[static FIELDS])
{
    int count = 0;
    str word = {0};

    while (str_cut(&line, ' ', &word)) {
        if (word.len > 0 && count < FIELDS) {
            fields[count++] = word;
        }
    }
    return count;
}

static void compare_line(struct matrix *matrix, const str fields[static FIELDS], bool is_shown)
{
    enum right right = right_by_id(fields[1]);

    assert_int_not_equal(right, RIGHT_NONE);
    for (int place = 0; place < PLACES; place++) {
        str found = answer(matrix, right, place);
        matrix->cells++;
        if (!str_equal(found, fields[2 + place])) {
            matrix->wrong++;
            if (is_shown) {
                print_message("# %.*s %.*s, column %d: %.*s, not %.*s\n", STR_ARG(fields[0]),
                              STR_ARG(fields[1]), place + 3, STR_ARG(found),
                              STR_ARG(fields[2 + place]));
            }
        }
    }
}

static void compare(struct matrix *matrix, str text, bool is_shown)
{
    str line = {0};
    bool is_head = true;

    while (str_cut(&text, '\n', &line)) {
        str fields[FIELDS] = {{0}};
        if (str_starts(line, STR("#")) || split(line, fields) != FIELDS) {
            continue;
        }
        if (!is_head) {
            if (!str_equal(fields[0], matrix->post)) {
                take_post(matrix, fields[0]);
            }
            compare_line(matrix, fields, is_shown);
        }
        is_head = false;
    }
}

static str in_tree(struct arena *arena, const char *name)
{
    struct buf path;
    str text = {0};

    buf_init(&path, arena, 4096);
    buf_put(&path, str_from(getenv("WANCUN_SOURCE"))); /* NOLINT(concurrency-mt-unsafe) */
    buf_char(&path, '/');
    buf_put(&path, str_from(name));
    assert_true(buf_done(&path, &text));
    return text;
}

static str file_text(struct cx *cx, str path)
{
    str text = {0};

    assert_int_equal(file_read_whole(path, DOC_BYTES_MAX, cx->arena, &text, cx->err), RC_OK);
    return text;
}

static void read_programme(struct matrix *matrix)
{
    struct cx *cx = matrix->cx;
    const struct doc *docs[FILES_MAX] = {0};
    struct programme *programme = NULL;
    struct problems problems;
    str folder = in_tree(cx->arena, "programmes/example-province");
    str *names = NULL;
    size_t count = 0;

    assert_int_equal(file_list(folder, STR(".yaml"), cx->arena, &names, &count, cx->err), RC_OK);
    assert_true(count > 0 && count <= FILES_MAX);
    for (size_t i = 0; i < count; i++) {
        struct buf path;
        str text = {0};
        buf_init(&path, cx->arena, 4096);
        buf_put(&path, folder);
        buf_char(&path, '/');
        buf_put(&path, names[i]);
        assert_true(buf_done(&path, &text));
        assert_int_equal(doc_read_yaml(file_text(cx, text), names[i], cx->arena, &docs[i], cx->err),
                         RC_OK);
    }
    assert_int_equal(definition_read(docs, (int)count, cx->arena, &programme, &problems, cx->err),
                     RC_OK);
    matrix->programme = *programme;
}

static void begin(void **state, struct matrix *matrix)
{
    struct register_result result = {0};

    *matrix = (struct matrix){.cx = world_cx(*state)};
    read_programme(matrix);
    assert_int_equal(test_import(matrix->cx, str_from(UNITS), "2023-06-30", 95, &result), RC_OK);
    assert_int_equal(
        unit_tree_load(matrix->cx, test_programme(), date_of(2026, 1, 1), &matrix->tree), RC_OK);
}

static str expected(struct matrix *matrix)
{
    return file_text(matrix->cx, in_tree(matrix->cx->arena, "tests/rights/expected.txt"));
}

/* Every post of the programme, each administrator, every right that a post or one of them can have.
 */
static void every_cell_is_as_the_page_of_rights_says(void **state)
{
    struct matrix matrix;

    begin(state, &matrix);
    compare(&matrix, expected(&matrix), true);
    print_message("# %d cells\n", matrix.cells);
    assert_int_equal(matrix.wrong, 0);
    assert_int_equal(matrix.cells, LINES_OF_POSTS * (RIGHT_COUNT - RIGHT_FIRST_GIVEN) * PLACES);
}

/* The same comparison with one right too many, or too few, in one post. */
static void a_right_given_wrongly_is_found(void **state)
{
    struct matrix matrix;

    begin(state, &matrix);
    struct post_kind *posts =
        ARENA_NEW(matrix.cx->arena, struct post_kind, (size_t)matrix.programme.post_count);
    memcpy(posts, matrix.programme.posts, sizeof(*posts) * (size_t)matrix.programme.post_count);
    matrix.programme.posts = posts;
    for (int post = 0; post < matrix.programme.post_count; post++) {
        for (int right = 0; right <= RIGHT_LAST_GIVEN - RIGHT_FIRST_GIVEN; right += 3) {
            posts[post].rights ^= 1U << right;
            matrix.wrong = 0;
            matrix.post = STR("");
            compare(&matrix, expected(&matrix), false);
            assert_true(matrix.wrong > 0);
            posts[post].rights ^= 1U << right;
        }
    }
}

static void the_table_names_every_post_of_the_programme(void **state)
{
    struct matrix matrix;

    begin(state, &matrix);
    str text = expected(&matrix);
    for (int post = 0; post < matrix.programme.post_count; post++) {
        struct buf head;
        str wanted = {0};
        buf_init(&head, matrix.cx->arena, 256);
        buf_char(&head, '\n');
        buf_put(&head, matrix.programme.posts[post].id);
        buf_char(&head, '@');
        assert_true(buf_done(&head, &wanted));
        assert_int_not_equal(str_find(text, wanted), STR_NONE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(every_cell_is_as_the_page_of_rights_says),
        IN_A_WORLD(a_right_given_wrongly_is_found),
        IN_A_WORLD(the_table_names_every_post_of_the_programme),
    };

    return cmocka_run_group_tests_name("rights", tests, NULL, NULL);
}
