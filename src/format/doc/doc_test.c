/* Documents from YAML and JSON, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/msg.h"
#include "format/doc/doc.h"

#define assert_str(got, want) assert_true(str_equal((got), STR(want)))

static int begin(void **state)
{
    static struct arena arena;

    arena_init(&arena, ARENA_REQUEST_MAX);
    *state = &arena;
    return 0;
}

static int end(void **state)
{
    arena_done(*state);
    return 0;
}

static const struct doc *yaml(struct arena *arena, const char *text)
{
    const struct doc *doc = NULL;
    struct err err = {0};

    assert_int_equal(doc_read_yaml(str_from(text), STR("a.yaml"), arena, &doc, &err), RC_OK);
    return doc;
}

/* What the reader says about `text`, with `line`:`column` where it says so. */
static void refused(struct arena *arena, bool is_json, const char *text, enum msg_id msg, int line,
                    int column)
{
    const struct doc *doc = NULL;
    struct err err = {0};
    enum rc rc = is_json ? doc_read_json(str_from(text), STR("a"), arena, &doc, &err)
                         : doc_read_yaml(str_from(text), STR("a"), arena, &doc, &err);

    assert_int_not_equal(rc, RC_OK);
    assert_null(doc);
    assert_int_equal(err.msg, msg);
    if (line > 0) {
        assert_int_equal(err.args[1].number, line);
        assert_int_equal(err.args[2].number, column);
    }
}

static void keeps_order_text_and_place(void **state)
{
    const struct doc *doc = yaml(*state, "甲: 007\n乙:\n  丙: [1.50, '2', ~]\n");

    assert_int_equal(doc->kind, DOC_MAP);
    assert_int_equal(doc->count, 2);
    assert_str(doc->first->key, "甲");
    assert_str(doc->first->text, "007");
    assert_false(doc->first->quoted);
    const struct doc *list = doc_get(doc_get(doc, STR("乙")), STR("丙"));
    assert_int_equal(list->kind, DOC_LIST);
    assert_int_equal(list->key_line, 3);
    assert_int_equal(list->key_column, 3);
    assert_int_equal(list->column, 6);
    assert_str(list->first->text, "1.50");
    assert_true(list->first->next->quoted);
    assert_int_equal(list->first->next->next->kind, DOC_NULL);
    assert_str(list->file, "a.yaml");
}

static void block_texts_and_comments_are_read(void **state)
{
    const struct doc *doc = yaml(*state, "# note\na: >-\n  one\n  two\nb: \"x\\ny\" # end\n");

    assert_str(doc_get(doc, STR("a"))->text, "one two");
    assert_str(doc_get(doc, STR("b"))->text, "x\ny");
}

static void doubled_quotes_are_one_quote(void **state)
{
    const struct doc *doc =
        yaml(*state, "a: 'it''s'\nb: \"it's ''\"\nc: ''''\nd: '中''''''文'\n'k''1': ''\n"
                     "e: 'two\n  lines'\n");

    assert_str(doc_get(doc, STR("a"))->text, "it's");
    assert_str(doc_get(doc, STR("b"))->text, "it's ''");
    assert_str(doc_get(doc, STR("c"))->text, "'");
    assert_str(doc_get(doc, STR("d"))->text, "中'''文");
    assert_str(doc_get(doc, STR("k'1"))->text, "");
    assert_str(doc_get(doc, STR("e"))->text, "two lines");
    refused(*state, false, "a: 'it''s\n  two'\n", MSG_DOC_QUOTES, 1, 4);
}

static void yaml_beyond_definitions_is_refused_with_its_place(void **state)
{
    refused(*state, false, "a: &x 1\n", MSG_DOC_ALIAS, 1, 7);
    refused(*state, false, "b: 1\na: *x\n", MSG_DOC_ALIAS, 2, 5);
    refused(*state, false, "a: !!int 3\n", MSG_DOC_TAG, 1, 10);
    refused(*state, false, "a: 1\nb: 2\na: 3\n", MSG_DOC_KEY_TWICE, 3, 1);
    refused(*state, false, "a: 1\n---\nb: 2\n", MSG_DOC_SECOND, 0, 0);
    refused(*state, false, "? {a: b}\n: 1\n", MSG_DOC_KEY_NOT_TEXT, 1, 3);
    refused(*state, false, "a:\n\tb: 1\n", MSG_DOC_SYNTAX, 2, 1);
    refused(*state, false, "a: [1, 2\nb: 3\n", MSG_DOC_SYNTAX, 3, 1);
    refused(*state, false, "a: \"\\x01\"\n", MSG_DOC_CONTROL, 1, 4);
    refused(*state, false, "a: 1\n中: x\x02\n", MSG_DOC_CONTROL, 2, 5);
    refused(*state, false, "", MSG_DOC_EMPTY, 0, 0);
    refused(*state, false, "# only a note\n", MSG_DOC_EMPTY, 0, 0);
    refused(*state, false, "a: \xff\n", MSG_DOC_NOT_UTF8, 0, 0);
}

static void a_key_that_stands_twice_is_found_in_a_large_map(void **state)
{
    char text[4096] = "";
    size_t len = 0;

    for (int i = 0; i < 100; i++) {
        len += (size_t)snprintf(text + len, sizeof(text) - len, "key%d: %d\n", i, i);
    }
    assert_int_equal(yaml(*state, text)->count, 100);
    (void)snprintf(text + len, sizeof(text) - len, "key7: again\n");
    refused(*state, false, text, MSG_DOC_KEY_TWICE, 101, 1);
}

static void limits_answer_before_memory_does(void **state)
{
    struct arena *arena = *state;
    char *big = arena_take(arena, DOC_BYTES_MAX + 2);

    memset(big, ' ', DOC_BYTES_MAX + 1);
    refused(arena, false, big, MSG_DOC_TOO_LARGE, 0, 0);
    memset(big, '\0', DOC_BYTES_MAX + 1);
    memset(big, '[', DOC_DEPTH_MAX + 1);
    refused(arena, false, big, MSG_DOC_TOO_DEEP, 1, DOC_DEPTH_MAX + 1);
    big[0] = '[';
    for (size_t i = 1; i < (size_t)2 * DOC_NODES_MAX + 2; i += 2) {
        big[i] = '1';
        big[i + 1] = ',';
    }
    refused(arena, true, big, MSG_DOC_TOO_MANY, 1, 2 * DOC_NODES_MAX);
}

static void json_is_read_strictly_and_digit_for_digit(void **state)
{
    static const char *const WRONG[] = {
        "{\"a\":1,}", "{'a':1}",      "{a:1}",    "[1 2]",    "[01]",     "[1.]",
        "[.5]",       "[NaN]",        "[+1]",     "[1] x",    "# c\n1",   "[\"\\x\"]",
        "[1,,2]",     "{\"a\":&b 1}", "[1]\n[2]", "[\"\t\"]", "{\"a\":}",
    };
    struct arena *arena = *state;
    const struct doc *doc = NULL;
    struct err err = {0};
    str text = STR("{\"n\": 123456789012345678901234567890.0100, \"t\": \"\\ud83d\\ude00\","
                   " \"b\": true, \"x\": null}");

    assert_int_equal(doc_read_json(text, STR("a.json"), arena, &doc, &err), RC_OK);
    assert_str(doc_get(doc, STR("n"))->text, "123456789012345678901234567890.0100");
    assert_str(doc_get(doc, STR("t"))->text, "\xF0\x9F\x98\x80");
    assert_str(doc_get(doc, STR("b"))->text, "true");
    assert_int_equal(doc_get(doc, STR("x"))->kind, DOC_NULL);
    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        refused(arena, true, WRONG[i], MSG_DOC_SYNTAX, 0, 0);
    }
    refused(arena, true, "{\"a\":1,\"a\":2}", MSG_DOC_KEY_TWICE, 1, 8);
    refused(arena, true, "[\"\\u0000\"]", MSG_DOC_CONTROL, 1, 2);
}

static void the_message_names_file_line_and_column(void **state)
{
    struct arena *arena = *state;
    const struct doc *doc = NULL;
    struct err err = {0};
    struct buf out;
    str said = {0};

    buf_init(&out, arena, 4096);
    assert_int_equal(doc_read_yaml(STR("a: 1\na: 2\n"), STR("levels.yaml"), arena, &doc, &err),
                     RC_INVALID);
    err_put(&out, LANG_EN, &err);
    assert_true(buf_done(&out, &said));
    assert_true(str_starts(said, STR("levels.yaml, line 2, column 1: \"a\" stands twice")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_order_text_and_place, begin, end),
        cmocka_unit_test_setup_teardown(block_texts_and_comments_are_read, begin, end),
        cmocka_unit_test_setup_teardown(doubled_quotes_are_one_quote, begin, end),
        cmocka_unit_test_setup_teardown(yaml_beyond_definitions_is_refused_with_its_place, begin,
                                        end),
        cmocka_unit_test_setup_teardown(a_key_that_stands_twice_is_found_in_a_large_map, begin,
                                        end),
        cmocka_unit_test_setup_teardown(limits_answer_before_memory_does, begin, end),
        cmocka_unit_test_setup_teardown(json_is_read_strictly_and_digit_for_digit, begin, end),
        cmocka_unit_test_setup_teardown(the_message_names_file_line_and_column, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
