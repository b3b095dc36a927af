/* Problem files: what is read from them, whatever its order, and what is refused with its place. */
#include "format/problem/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/msg.h"

enum { SAID_MAX = 4096, STORY_MAX = 1 << 16 };

struct bench {
    struct arena arena;
    struct err err;
    struct buf story; /* what the sink was told, in short */
    struct problem_names names;
};

static int set_up(void **state)
{
    static struct bench bench;

    bench = (struct bench){0};
    arena_init(&bench.arena, ARENA_REQUEST_MAX);
    *state = &bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;

    arena_done(&bench->arena);
    return 0;
}

static void tell(struct bench *bench, char what, int64_t number)
{
    buf_char(&bench->story, what);
    buf_int(&bench->story, number);
    buf_char(&bench->story, ' ');
}

static enum rc take_resource(void *self, const struct problem_resource *resource)
{
    static const char SENSES[] = {'<', '>', '='};

    tell(self, SENSES[resource->sense], resource->limit);
    return RC_OK;
}

static enum rc take_group(void *self, int block)
{
    tell(self, 'g', block);
    return RC_OK;
}

static enum rc take_option(void *self, int64_t value, const struct problem_use *uses, int count)
{
    tell(self, 'o', value);
    for (int i = 0; i < count; i++) {
        tell(self, 'r', uses[i].resource);
        tell(self, 'u', uses[i].amount);
    }
    return RC_OK;
}

static enum rc take_fixed(void *self, int option)
{
    tell(self, '!', option);
    return RC_OK;
}

static enum rc take_forbidden(void *self, int option)
{
    tell(self, '-', option);
    return RC_OK;
}

static enum rc read(struct bench *bench, const char *text, str file)
{
    const struct problem_sink sink = {bench,       take_resource, take_group,
                                      take_option, take_fixed,    take_forbidden};

    bench->err = (struct err){0};
    buf_init(&bench->story, &bench->arena, STORY_MAX);
    return problem_read(str_from(text), file, &sink, &bench->arena, &bench->names, &bench->err);
}

static str story_of(const struct bench *bench)
{
    str story = {0};

    assert_true(buf_done(&bench->story, &story));
    return story;
}

#define HEAD                                                                                       \
    "\"resources\":[{\"id\":\"prov\",\"limit\":9},{\"limit\":-4,\"sense\":\"ge\",\"scale\":100}]"
#define GROUP                                                                                      \
    "{\"id\":\"v1\",\"options\":[{\"value\":0},{\"id\":\"b\",\"value\":7,\"use\":{\"1\":-2,"       \
    "\"prov\":3}}]}"
#define BACKWARD                                                                                   \
    "{\"forbid\":[\"0\"],\"fixed\":\"b\",\"options\":[{\"use\":{},\"value\":1},"                   \
    "{\"value\":2,\"id\":\"b\"}],\"block\":\"c2\",\"id\":3}"
#define STORY "<9 >-4 g0 o0 o7 r1 u-2 r0 u3 g0 o1 o2 !1 -0 "

static void check_names(const struct problem_names *names)
{
    assert_int_equal(names->resource_count, 2);
    assert_true(str_equal(names->resources[0].id, STR("prov")));
    assert_true(str_equal(names->resources[1].id, STR("1")));
    assert_int_equal(names->resources[1].decimals, 2);
    assert_int_equal(names->group_count, 2);
    assert_true(str_equal(names->groups[0], STR("v1")));
    assert_true(str_equal(names->groups[1], STR("3")));
    assert_int_equal(names->first[1], 2);
    assert_int_equal(names->first[2], 4);
    assert_true(str_equal(names->options[0], STR("0")));
    assert_true(str_equal(names->options[3], STR("b")));
    assert_int_equal(names->decimals, 3);
}

static void a_problem_is_read_whatever_the_order_of_its_keys(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(read(bench,
                          "{\"groups\":[" GROUP "," BACKWARD
                          "],\"name\":[1,{}],\"scale\":1000," HEAD
                          ",\"schema\":\"wancun.problem/1\"}",
                          STR("a.json")),
                     RC_OK);
    assert_true(str_equal(story_of(bench), STR(STORY)));
    check_names(&bench->names);
}

static void lines_say_the_same_as_one_document(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(
        read(bench, "{\"scale\":1000," HEAD "}\n" GROUP "\n" BACKWARD "\n\n", STR("a.ndjson")),
        RC_OK);
    assert_true(str_equal(story_of(bench), STR(STORY)));
    check_names(&bench->names);
}

static void blocks_are_numbered_as_they_come(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(read(bench,
                          "{\"resources\":[]}\n"
                          "{\"block\":\"x\",\"options\":[{\"value\":1}]}\n"
                          "{\"block\":7,\"options\":[{\"value\":1}]}\n"
                          "{\"block\":\"x\",\"options\":[{\"value\":1}]}\n",
                          STR("a.ndjson")),
                     RC_OK);
    assert_true(str_equal(story_of(bench), STR("g0 o1 g1 o1 g0 o1 ")));
}

static void refused(void **state, const char *text, enum rc rc, const char *says)
{
    struct bench *bench = *state;
    struct buf out;
    str said = {0};

    assert_int_equal(read(bench, text, STR("a.ndjson")), rc);
    buf_init(&out, &bench->arena, SAID_MAX);
    err_put(&out, LANG_EN, &bench->err);
    assert_true(buf_done(&out, &said));
    if (str_find(said, str_from(says)) == STR_NONE) {
        print_error("%s\n%.*s\n", text, STR_ARG(said));
        fail();
    }
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
    static const char *const FAULTS[][2] = {
        {"[]", "line 1, column 1: expected here: an object"},
        {"{}", "line 1, column 1: this object lacks “resources”"},
        {"{" HEAD ",\"grups\":[]}", "“grups” here; the nearest is “groups”"},
        {"{" HEAD ",\"groups\":[]}", "each further line is one"},
        {"{" HEAD "," HEAD "}", "“resources” stands twice"},
        {"{\"schema\":\"wancun.plan/1\"," HEAD "}", "“wancun.plan/1”, not wancun.problem/1"},
        {"{\"scale\":20," HEAD "}", "not 20"},
        {"{\"scale\":0," HEAD "}", "“0” is no whole number from 1"},
        {"{\"resources\":[{}]}", "line 1, column 15: this object lacks “limit”"},
        {"{\"resources\":[1]}", "column 15: expected here: an object"},
        {"{\"resources\":[{\"limit\":1.5}]}", "“1.5” is no whole number"},
        {"{\"resources\":[{\"limit\":9007199254740993}]}", "is no whole number"},
        {"{\"resources\":[{\"limit\":1,\"sense\":\"<=\"}]}", "not “<=”"},
        {"{\"resources\":[{\"id\":\"a\",\"limit\":1},{\"id\":\"a\",\"limit\":1}]}",
         "“a” stands twice"},
        {"{\"resources\":[{\"id\":\"1\",\"limit\":1},{\"limit\":1}]}", "“1” stands twice"},
        {"{\"resources\":[{\"id\":true,\"limit\":1}]}", "an id is expected here"},
        {"{" HEAD "}\n[]", "line 2, column 1: expected here: an object"},
        {"{" HEAD "}\n{}", "line 2, column 1: this object lacks “options”"},
        {"{" HEAD "}\n" GROUP "\n{\"id\":\"v2\",\"options\":[]}",
         "line 3, column 23: group “v2” has"},
        {"{" HEAD "}\n" GROUP GROUP, "“v1” stands twice"},
        {"{" HEAD "}\n{\"options\":[{}]}", "line 2, column 13: this object lacks “value”"},
        {"{" HEAD "}\n{\"options\":[{\"value\":\"7\"}]}", "expected here: a number"},
        {"{" HEAD "}\n{\"options\":[{\"value\":7,\"use\":{\"c\":1}}]}", "group “0” uses “c”"},
        {"{" HEAD "}\n{\"options\":[{\"value\":7,\"use\":{\"1\":1,\"1\":1}}]}", "“1” stands twice"},
        {"{" HEAD "}\n{\"options\":[{\"value\":7,\"id\":\"a\"},{\"value\":7,\"id\":\"a\"}]}",
         "twice"},
        {"{" HEAD "}\n{\"options\":[{\"value\":7}],\"fixed\":\"z\"}", "“0” has no option “z”"},
        {"{" HEAD "}\n{\"options\":[{\"value\":7}],\"forbid\":[1]}", "“0” has no option “1”"},
        {"{" HEAD "}\n{\"options\":[{\"value\":7}],\"forbid\":\"0\"}", "expected here: a list"},
        {"{" HEAD "}\n{\"options\":[{\"value\":7,}]}", "line 2, column 24: no JSON"},
    };

    for (size_t i = 0; i < COUNT_OF(FAULTS); i++) {
        refused(state, FAULTS[i][0], RC_INVALID, FAULTS[i][1]);
    }
}

static void put_times(struct buf *out, int times, const char *text)
{
    for (int i = 0; i < times; i++) {
        buf_put(out, STR(","));
        buf_put(out, str_from(text));
    }
}

static void every_limit_is_named(void **state)
{
    struct bench *bench = *state;
    struct buf out;

    buf_init(&out, &bench->arena, 32 * ARENA_MIB);
    buf_put(&out, STR("{\"resources\":[]}\n{\"options\":[{\"value\":1}"));
    put_times(&out, PROBLEM_GROUP_OPTIONS_MAX, "{\"value\":1}");
    buf_put(&out, STR("]}"));
    buf_char(&out, '\0');
    refused(state, out.at, RC_LIMIT, "options of one group: more than 4,096");

    buf_clear(&out);
    buf_put(&out, STR("{\"resources\":[{\"limit\":1}"));
    put_times(&out, PROBLEM_OPTION_USES_MAX, "{\"limit\":1}");
    buf_put(&out, STR("]}\n{\"options\":[{\"value\":1,\"use\":{\"0\":1"));
    for (int i = 1; i <= PROBLEM_OPTION_USES_MAX; i++) {
        buf_put(&out, STR(",\""));
        buf_int(&out, i);
        buf_put(&out, STR("\":1"));
    }
    buf_put(&out, STR("}}]}"));
    buf_char(&out, '\0');
    refused(state, out.at, RC_LIMIT, "uses of one option: more than 256");

    buf_clear(&out);
    buf_put(&out, STR("{\"resources\":[]}\n"));
    for (int i = 0; i <= PROBLEM_OPTIONS_MAX / PROBLEM_GROUP_OPTIONS_MAX; i++) {
        buf_put(&out, STR("{\"options\":[{\"value\":1}"));
        put_times(&out, PROBLEM_GROUP_OPTIONS_MAX - 1, "{\"value\":1}");
        buf_put(&out, STR("]}\n"));
    }
    buf_char(&out, '\0');
    refused(state, out.at, RC_LIMIT, "options of all groups: more than 300,000");

    buf_clear(&out);
    buf_put(&out, STR("{\"resources\":[{\"limit\":1}"));
    put_times(&out, PROBLEM_RESOURCES_MAX, "{\"limit\":1}");
    buf_put(&out, STR("]}"));
    buf_char(&out, '\0');
    refused(state, out.at, RC_LIMIT, "resources: more than 65,536");
}

static void a_large_document_is_asked_for_as_lines(void **state)
{
    struct bench *bench = *state;
    char *text = arena_take(&bench->arena, PROBLEM_JSON_BYTES_MAX + 2);

    memset(text, ' ', PROBLEM_JSON_BYTES_MAX + 1);
    assert_int_equal(read(bench, text, STR("a.json")), RC_LIMIT);
    assert_int_equal(bench->err.msg, MSG_PROBLEM_LARGE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_problem_is_read_whatever_the_order_of_its_keys),
        TEST(lines_say_the_same_as_one_document),
        TEST(blocks_are_numbered_as_they_come),
        TEST(what_is_wrong_is_said_with_its_place),
        TEST(every_limit_is_named),
        TEST(a_large_document_is_asked_for_as_lines),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
