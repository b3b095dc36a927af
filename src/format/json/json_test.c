/* The JSON writer: escapes, commas, nesting, numbers, failure of the sink. */
#include "format/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "format/json/geojson.h"

struct taken {
    struct arena arena;
    struct buf text;
    int calls;
    int fail_after; /* calls; 0: never */
};

static enum rc take(void *self, str bytes)
{
    struct taken *taken = self;

    taken->calls++;
    if (taken->fail_after > 0 && taken->calls > taken->fail_after) {
        return RC_BROKEN;
    }
    buf_put(&taken->text, bytes);
    return RC_OK;
}

static void start(struct json *json, struct taken *taken)
{
    *taken = (struct taken){0};
    arena_init(&taken->arena, ARENA_MIB);
    buf_init(&taken->text, &taken->arena, ARENA_MIB);
    json_init(json, (struct byte_sink){taken, take});
}

static void expect(struct json *json, struct taken *taken, const char *wanted)
{
    str got = {0};

    assert_int_equal(json_done(json), RC_OK);
    assert_true(buf_done(&taken->text, &got));
    buf_char(&taken->text, '\0');
    assert_string_equal(taken->text.at, wanted);
    arena_done(&taken->arena);
}

static void maps_and_lists_get_their_commas(void **state)
{
    struct json json;
    struct taken taken;

    (void)state;
    start(&json, &taken);
    json_open_map(&json);
    json_key(&json, STR("a"));
    json_open_list(&json);
    json_int(&json, 1);
    json_open_map(&json);
    json_close_map(&json);
    json_bool(&json, true);
    json_close_list(&json);
    json_key(&json, STR("b"));
    json_bool(&json, false);
    json_close_map(&json);
    json_line(&json);
    json_open_list(&json);
    json_close_list(&json);
    json_line(&json);
    expect(&json, &taken, "{\"a\":[1,{},true],\"b\":false}\n[]\n");
}

static void text_is_escaped_and_chinese_is_not(void **state)
{
    struct json json;
    struct taken taken;

    (void)state;
    start(&json, &taken);
    json_text(&json, STR("\"村\\\n\t\r\x01\x1f/\x7f"));
    expect(&json, &taken, "\"\\\"村\\\\\\n\\t\\r\\u0001\\u001f/\x7f\"");
}

static void numbers_keep_their_declared_decimals(void **state)
{
    struct json json;
    struct taken taken;

    (void)state;
    start(&json, &taken);
    json_open_list(&json);
    json_fixed(&json, -5, 2);
    json_fixed(&json, 1200, 3);
    json_int(&json, INT64_C(9007199254740992));
    json_id(&json, INT64_MAX);
    json_ratio(&json, 1702, 1729);
    json_state(&json, STR("not_reported"));
    json_close_list(&json);
    expect(&json, &taken,
           "[-0.05,1.200,9007199254740992,\"9223372036854775807\","
           "{\"num\":1702,\"den\":1729},{\"state\":\"not_reported\"}]");
}

static void text_longer_than_a_piece_arrives_whole(void **state)
{
    struct json json;
    struct taken taken;
    static char text[3 * JSON_PIECE_MAX];
    str got = {0};

    (void)state;
    start(&json, &taken);
    memset(text, 'x', sizeof(text));
    json_text(&json, (str){text, sizeof(text)});
    assert_int_equal(json_done(&json), RC_OK);
    assert_true(buf_done(&taken.text, &got));
    assert_int_equal(got.len, sizeof(text) + 2);
    assert_int_equal(taken.calls, 4);
    arena_done(&taken.arena);
}

static void the_first_failure_of_the_sink_sticks(void **state)
{
    struct json json;
    struct taken taken;

    (void)state;
    start(&json, &taken);
    taken.fail_after = 1;
    json_open_list(&json);
    for (int i = 0; i < 5000; i++) {
        json_int(&json, 1000 + i);
    }
    json_close_list(&json);
    assert_int_equal(json_done(&json), RC_BROKEN);
    assert_int_equal(taken.calls, 2);
    arena_done(&taken.arena);
}

/* True when `wrong` stops the process. */
static bool stops(void (*wrong)(struct json *))
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        struct json json;
        struct taken taken;
        if (freopen("/dev/null", "w", stderr) == NULL) {
            _exit(0);
        }
        start(&json, &taken);
        wrong(&json);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status);
}

static void value_without_key(struct json *json)
{
    json_open_map(json);
    json_int(json, 1);
}

static void key_in_list(struct json *json)
{
    json_open_list(json);
    json_key(json, STR("a"));
}

static void wrong_closer(struct json *json)
{
    json_open_list(json);
    json_close_map(json);
}

static void key_without_value(struct json *json)
{
    json_open_map(json);
    json_key(json, STR("a"));
    json_close_map(json);
}

static void left_open(struct json *json)
{
    json_open_map(json);
    assert_int_equal(json_done(json), RC_OK);
}

static void beyond_exact(struct json *json)
{
    json_int(json, INT64_C(9007199254740993));
}

static void wrong_nesting_breaks_a_promise(void **state)
{
    (void)state;
    assert_true(stops(value_without_key));
    assert_true(stops(key_in_list));
    assert_true(stops(wrong_closer));
    assert_true(stops(key_without_value));
    assert_true(stops(left_open));
    assert_true(stops(beyond_exact));
}

static void a_ring_is_a_closed_polygon_in_degrees(void **state)
{
    static const struct geo_point POINTS[] = {{-3000, 0}, {120500001, -1732}, {0, 90000000}};
    struct json json;
    struct taken taken;

    (void)state;
    start(&json, &taken);
    geojson_polygon(&json, (struct geo_ring){POINTS, 3});
    expect(&json, &taken,
           "{\"type\":\"Polygon\",\"coordinates\":[[[-0.003000,0.000000],[120.500001,-0.001732],"
           "[0.000000,90.000000],[-0.003000,0.000000]]]}");
}

static void a_box_is_west_south_east_north(void **state)
{
    struct json json;
    struct taken taken;

    (void)state;
    start(&json, &taken);
    geojson_box(&json, (struct geo_box){-1000000, -2000000, 3000000, 4000000});
    expect(&json, &taken, "[-1.000000,-2.000000,3.000000,4.000000]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_and_lists_get_their_commas),
        cmocka_unit_test(text_is_escaped_and_chinese_is_not),
        cmocka_unit_test(numbers_keep_their_declared_decimals),
        cmocka_unit_test(text_longer_than_a_piece_arrives_whole),
        cmocka_unit_test(the_first_failure_of_the_sink_sticks),
        cmocka_unit_test(wrong_nesting_breaks_a_promise),
        cmocka_unit_test(a_ring_is_a_closed_polygon_in_degrees),
        cmocka_unit_test(a_box_is_west_south_east_north),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
