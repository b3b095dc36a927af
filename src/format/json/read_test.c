/* The JSON reader: every token, every fault with its place. */
#include "format/json/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/msg.h"

enum { SAID_MAX = 4096 };

struct bench {
    struct arena arena;
    struct err err;
    struct json_reader json;
};

static int set_up(void **state)
{
    static struct bench bench;

    bench = (struct bench){0};
    arena_init(&bench.arena, ARENA_MIB);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    arena_done(&bench->arena);
    return 0;
}

static struct json_reader *begin(void **state, const char *text)
{
    struct bench *bench = *state;

    bench->err = (struct err){0};
    assert_int_equal(
        json_read_begin(&bench->json, str_from(text), STR("a.json"), &bench->arena, &bench->err),
        RC_OK);
    return &bench->json;
}

static void next(struct json_reader *json, enum json_token token, const char *text)
{
    assert_int_equal(json_next(json), RC_OK);
    assert_int_equal(json->token, token);
    assert_true(str_equal(json->text, str_from(text)));
}

static void every_token_comes_in_its_order(void **state)
{
    struct json_reader *json =
        begin(state, "\xEF\xBB\xBF{ \"a\" : [1, -2.5e+3,\t{}],\r\n\"村\":[\"x\",true,null ] }\n[]");

    next(json, JSON_MAP, "");
    next(json, JSON_KEY, "a");
    next(json, JSON_LIST, "");
    next(json, JSON_NUMBER, "1");
    next(json, JSON_NUMBER, "-2.5e+3");
    next(json, JSON_MAP, "");
    next(json, JSON_MAP_END, "");
    next(json, JSON_LIST_END, "");
    next(json, JSON_KEY, "村");
    assert_int_equal(json->token_line, 2);
    next(json, JSON_LIST, "");
    next(json, JSON_TEXT, "x");
    next(json, JSON_WORD, "true");
    next(json, JSON_WORD, "null");
    next(json, JSON_LIST_END, "");
    next(json, JSON_MAP_END, "");
    next(json, JSON_LIST, "");
    next(json, JSON_LIST_END, "");
    next(json, JSON_END, "");
    next(json, JSON_END, "");
}

static void escapes_become_what_they_stand_for(void **state)
{
    struct json_reader *json =
        begin(state, "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\",\"\\u6751\\u00e9\\uD83D\\ude00!\"]");

    next(json, JSON_LIST, "");
    next(json, JSON_TEXT, "\"\\/\b\f\n\r\t");
    next(json, JSON_TEXT, "村é😀!");
}

static void a_reader_that_was_copied_is_a_place_to_come_back_to(void **state)
{
    struct json_reader *json = begin(state, "{\"a\":[1,[2],{\"b\":3}],\"c\":4}");

    next(json, JSON_MAP, "");
    next(json, JSON_KEY, "a");
    const struct json_reader place = *json;
    assert_int_equal(json_skip(json), RC_OK);
    next(json, JSON_KEY, "c");
    assert_int_equal(json_skip(json), RC_OK);
    next(json, JSON_MAP_END, "");
    *json = place;
    next(json, JSON_LIST, "");
    next(json, JSON_NUMBER, "1");
}

/* Read to the end or to the first fault. */
static enum rc read_all(struct json_reader *json)
{
    enum rc rc = RC_OK;

    do {
        rc = json_next(json);
    } while (rc == RC_OK && json->token != JSON_END);
    return rc;
}

static str said(struct bench *bench)
{
    struct buf out;
    str text = {0};

    buf_init(&out, &bench->arena, SAID_MAX);
    err_put(&out, LANG_EN, &bench->err);
    assert_true(buf_done(&out, &text));
    return text;
}

static void faults_are_refused_with_their_place(void **state)
{
    static const struct {
        const char *text;
        const char *place;
    } FAULTS[] = {
        {"{\"a\":1", "line 1, column 7"},
        {"{\"a\":1,}", "line 1, column 8"},
        {"[1,\n 村]", "line 2, column 2"},
        {"[1 2]", "line 1, column 4"},
        {"[1,]", "line 1, column 4"},
        {"{a:1}", "line 1, column 2"},
        {"{\"a\" 1}", "line 1, column 6"},
        {"{\"a\":}", "line 1, column 6"},
        {"[01]", "line 1, column 2"},
        {"[-]", "line 1, column 2"},
        {"[1.]", "line 1, column 2"},
        {"[.5]", "line 1, column 2"},
        {"[1e]", "line 1, column 2"},
        {"[+1]", "line 1, column 2"},
        {"[\"a\nb\"]", "line 1, column 4"},
        {"[\"a", "line 1, column 4"},
        {"[\"a\\", "line 1, column 5"},
        {"[\"\\x\"]", "line 1, column 2"},
        {"[\"村\", \"\\u12g4\"]", "line 1, column 7"},
        {"[\"\\ud800\"]", "line 1, column 2"},
        {"[\"\\ud800\\u0041\"]", "line 1, column 2"},
        {"[\"\\udc00\"]", "line 1, column 2"},
        {"[nul]", "line 1, column 2"},
        {"]", "line 1, column 1"},
        {"{]", "line 1, column 2"},
    };

    for (size_t i = 0; i < COUNT_OF(FAULTS); i++) {
        struct json_reader *json = begin(state, FAULTS[i].text);
        assert_int_equal(read_all(json), RC_INVALID);
        if (str_find(said(*state), str_from(FAULTS[i].place)) == STR_NONE) {
            print_error("%s: %.*s\n", FAULTS[i].text, STR_ARG(said(*state)));
            fail();
        }
    }
}

static void what_is_not_utf_8_is_refused(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(
        json_read_begin(&bench->json, STR("[\"\xB4\xE5\"]"), STR("a"), &bench->arena, &bench->err),
        RC_INVALID);
}

static void nesting_has_a_limit(void **state)
{
    char text[JSON_DEPTH_MAX + 2] = {0};

    memset(text, '[', JSON_DEPTH_MAX + 1);
    assert_int_equal(read_all(begin(state, text)), RC_LIMIT);
}

static void whole_numbers_are_held_to_their_range(void **state)
{
    struct json_reader *json = begin(state, "[9, -9, 10, 1.0, 1e0, \"9\"]");
    int64_t number = 0;

    next(json, JSON_LIST, "");
    assert_int_equal(json_expect_int(json, -9, 9, &number), RC_OK);
    assert_int_equal(number, 9);
    assert_int_equal(json_expect_int(json, -9, 9, &number), RC_OK);
    assert_int_equal(number, -9);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(json_expect_int(json, -9, 9, &number), RC_INVALID);
    }
}

static void what_is_expected_is_named(void **state)
{
    struct json_reader *json = begin(state, "[1]");

    assert_int_equal(json_expect(json, JSON_MAP), RC_INVALID);
    assert_true(str_find(said(*state), STR("line 1, column 1")) != STR_NONE);
    assert_true(str_find(said(*state), STR("in braces")) != STR_NONE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_token_comes_in_its_order),
        TEST(escapes_become_what_they_stand_for),
        TEST(a_reader_that_was_copied_is_a_place_to_come_back_to),
        TEST(faults_are_refused_with_their_place),
        TEST(what_is_not_utf_8_is_refused),
        TEST(nesting_has_a_limit),
        TEST(whole_numbers_are_held_to_their_range),
        TEST(what_is_expected_is_named),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
