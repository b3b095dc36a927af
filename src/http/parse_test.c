/* Request texts taken apart, case by case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/test_arena.h"
#include "http/parse.h"

static void assert_str(str got, const char *wanted)
{
    if (!str_equal(got, str_from(wanted))) {
        fail_msg("got “%.*s”, wanted “%s”", STR_ARG(got), wanted);
    }
}

static void escapes_are_decoded_once(void **state)
{
    str out = {0};

    (void)state;
    assert_true(parse_percent(STR("%E6%9D%91+%2541"), &arena, &out));
    assert_str(out, "村+%41");
    assert_true(parse_percent(STR(""), &arena, &out));
    assert_str(out, "");
    assert_false(parse_percent(STR("%"), &arena, &out));
    assert_false(parse_percent(STR("%4"), &arena, &out));
    assert_false(parse_percent(STR("%g1"), &arena, &out));
    assert_false(parse_percent(STR("%00"), &arena, &out));
    assert_false(parse_percent(STR("%7f"), &arena, &out));
    assert_false(parse_percent(STR("%ff"), &arena, &out));
}

static void a_path_is_its_segments(void **state)
{
    struct parse_path path = {0};

    (void)state;
    assert_true(parse_path(STR("/"), &arena, &path));
    assert_int_equal(path.count, 0);
    assert_true(parse_path(STR("/a/%E6%9D%91/"), &arena, &path));
    assert_int_equal(path.count, 2);
    assert_true(path.has_slash);
    assert_str(path.segments[1], "村");
    assert_true(parse_path(STR("/a/..b"), &arena, &path));
    assert_false(path.has_slash);
}

static void a_path_with_a_second_meaning_is_refused(void **state)
{
    static const char *const PATHS[] = {"",     "a",     "//",        "/a//",   "/a//b", "//a",
                                        "/.",   "/..",   "/a/../b",   "/%2e",   "/%2E.", "/a%2fb",
                                        "/a\\", "/%5cb", "/a?b#c/\n", "/a/%00", "/#a"};
    struct parse_path path = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
        if (parse_path(str_from(PATHS[i]), &arena, &path)) {
            fail_msg("“%s” was taken", PATHS[i]);
        }
    }
}

static void a_target_is_of_this_host_or_refused(void **state)
{
    str path = {0};

    (void)state;
    assert_true(parse_target(STR("/a"), STR("x"), &path));
    assert_str(path, "/a");
    assert_true(parse_target(STR("HTTP://X:80/a"), STR("x:80"), &path));
    assert_str(path, "/a");
    assert_false(parse_target(STR("http://y/a"), STR("x"), &path));
    assert_false(parse_target(STR("http://x"), STR("x"), &path));
    assert_false(parse_target(STR("http://"), STR(""), &path));
    assert_false(parse_target(STR("ftp://x/a"), STR("x"), &path));
    assert_false(parse_target(STR("*"), STR("x"), &path));
}

static void cookies_are_pairs_and_the_rest_is_left_out(void **state)
{
    struct http_pair pairs[3];

    (void)state;
    assert_int_equal(parse_cookies(STR("a=1; bad; b=\"x;\" ;=2;c d=3; e=f=g"), pairs, 3), 3);
    assert_str(pairs[0].name, "a");
    assert_str(pairs[0].value, "1");
    assert_str(pairs[1].name, "b");
    assert_str(pairs[2].value, "f=g");
    assert_int_equal(parse_cookies(STR("a=1; b=2; c=3; d=4"), pairs, 3), 3);
    assert_int_equal(parse_cookies(STR(""), pairs, 3), 0);
}

static void a_media_type_is_known_in_any_case_and_only_in_utf_8(void **state)
{
    (void)state;
    assert_true(parse_type_is(STR("Application/JSON"), STR("application/json")));
    assert_true(parse_type_is(STR("text/csv ; charset=\"UTF-8\""), STR("text/csv")));
    assert_true(parse_type_is(STR("text/csv; header=present"), STR("text/csv")));
    assert_false(parse_type_is(STR("text/csv; charset=gbk"), STR("text/csv")));
    assert_false(parse_type_is(STR("text/csv; charset"), STR("text/csv")));
    assert_false(parse_type_is(STR("text/csvx"), STR("text/csv")));
    assert_false(parse_type_is(STR(""), STR("text/csv")));
}

static void the_client_is_the_last_address_that_is_no_proxy(void **state)
{
    static const str PROXIES[] = {STR_INIT("10.0.0.1"), STR_INIT("::1")};

    (void)state;
    assert_str(parse_forwarded(STR("1.2.3.4"), PROXIES, 2), "1.2.3.4");
    assert_str(parse_forwarded(STR("9.9.9.9, 1.2.3.4,10.0.0.1, ::1"), PROXIES, 2), "1.2.3.4");
    assert_str(parse_forwarded(STR("2001:db8::7"), PROXIES, 2), "2001:db8::7");
    assert_str(parse_forwarded(STR("10.0.0.1"), PROXIES, 2), "");
    assert_str(parse_forwarded(STR("1.2.3.4, me"), PROXIES, 2), "");
    assert_str(parse_forwarded(STR("1.2.3.4:80"), PROXIES, 2), "");
    assert_str(parse_forwarded(STR(""), PROXIES, 2), "");
    assert_str(parse_forwarded(STR(","), PROXIES, 2), "");
    assert_str(parse_forwarded(STR("1.2.3.4\0x"), PROXIES, 2), "");
}

static void an_etag_is_found_in_its_list(void **state)
{
    (void)state;
    assert_true(parse_etag_listed(STR("*"), STR("a")));
    assert_true(parse_etag_listed(STR("\"b\" , W/\"a\""), STR("a")));
    assert_false(parse_etag_listed(STR("\"b\""), STR("a")));
    assert_false(parse_etag_listed(STR("a"), STR("a")));
    assert_false(parse_etag_listed(STR(""), STR("a")));
}

static void a_coding_is_taken_unless_its_weight_is_nothing(void **state)
{
    (void)state;
    assert_true(parse_coding_taken(STR("gzip"), STR("gzip")));
    assert_true(parse_coding_taken(STR("br;q=1.0, GZIP;q=0.001"), STR("gzip")));
    assert_false(parse_coding_taken(STR("gzip;q=0"), STR("gzip")));
    assert_false(parse_coding_taken(STR("gzip; q=0.000"), STR("gzip")));
    assert_false(parse_coding_taken(STR("gzip;q=x"), STR("gzip")));
    assert_false(parse_coding_taken(STR("xgzip"), STR("gzip")));
    assert_false(parse_coding_taken(STR(""), STR("gzip")));
}

static void a_length_is_digits_and_nothing_else(void **state)
{
    int64_t length = 0;

    (void)state;
    assert_true(parse_length(STR("0"), &length));
    assert_true(parse_length(STR("999999999999999999"), &length));
    assert_int_equal(length, INT64_C(999999999999999999));
    assert_false(parse_length(STR("1000000000000000000"), &length));
    assert_false(parse_length(STR(""), &length));
    assert_false(parse_length(STR("+1"), &length));
    assert_false(parse_length(STR("1 "), &length));
}

static void a_name_of_a_file_is_given_in_ascii_and_in_utf_8(void **state)
{
    struct buf out;
    str text = {0};

    (void)state;
    buf_init(&out, &arena, ARENA_KIB);
    parse_put_disposition(&out, STR("村\r\n\"a\".csv"));
    assert_true(buf_done(&out, &text));
    assert_str(text, "attachment; filename=\"____a_.csv\"; "
                     "filename*=UTF-8''%E6%9D%91%0D%0A%22a%22.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(escapes_are_decoded_once),
        WITH_ARENA(a_path_is_its_segments),
        WITH_ARENA(a_path_with_a_second_meaning_is_refused),
        WITH_ARENA(a_target_is_of_this_host_or_refused),
        WITH_ARENA(cookies_are_pairs_and_the_rest_is_left_out),
        WITH_ARENA(a_media_type_is_known_in_any_case_and_only_in_utf_8),
        WITH_ARENA(the_client_is_the_last_address_that_is_no_proxy),
        WITH_ARENA(an_etag_is_found_in_its_list),
        WITH_ARENA(a_coding_is_taken_unless_its_weight_is_nothing),
        WITH_ARENA(a_length_is_digits_and_nothing_else),
        WITH_ARENA(a_name_of_a_file_is_given_in_ascii_and_in_utf_8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
