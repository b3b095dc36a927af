/* Requests of other sites, told by what browsers send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "web/origin.h"

static bool is_elsewhere(const char *site, const char *origin, const char *host)
{
    return origin_is_elsewhere(str_from(site), str_from(origin), str_from(host));
}

static void a_browser_that_says_where_it_comes_from_is_believed(void **state)
{
    (void)state;
    assert_false(is_elsewhere("same-origin", "https://evil.example", "wancun.example"));
    assert_false(is_elsewhere("none", "", "wancun.example"));
    assert_true(is_elsewhere("cross-site", "https://wancun.example", "wancun.example"));
    assert_true(is_elsewhere("same-site", "", "wancun.example"));
}

static void an_origin_alone_must_be_the_host_that_is_asked(void **state)
{
    (void)state;
    assert_false(is_elsewhere("", "https://wancun.example", "wancun.example"));
    assert_false(is_elsewhere("", "http://127.0.0.1:8600", "127.0.0.1:8600"));
    assert_false(is_elsewhere("", "http://[::1]:8600", "[::1]:8600"));
    assert_true(is_elsewhere("", "https://evil.example", "wancun.example"));
    assert_true(is_elsewhere("", "https://wancun.example.evil.example", "wancun.example"));
    assert_true(is_elsewhere("", "https://evil.example/wancun.example", "wancun.example"));
    assert_true(is_elsewhere("", "http://127.0.0.1:9999", "127.0.0.1:8600"));
    assert_true(is_elsewhere("", "http://[::2]:8600", "[::1]:8600"));
    assert_true(is_elsewhere("", "null", "wancun.example"));
    assert_true(is_elsewhere("", "file://", "wancun.example"));
    assert_true(is_elsewhere("", "https://wancun.example", ""));
}

static void a_proxy_may_leave_out_the_port(void **state)
{
    (void)state;
    assert_false(is_elsewhere("", "https://wancun.example:8443", "wancun.example"));
    assert_false(is_elsewhere("", "https://[::1]:8443", "[::1]"));
    assert_true(is_elsewhere("", "https://evil.example:8443", "wancun.example"));
}

static void programs_say_nothing(void **state)
{
    (void)state;
    assert_false(is_elsewhere("", "", "wancun.example"));
    assert_false(is_elsewhere("", "", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_browser_that_says_where_it_comes_from_is_believed),
        cmocka_unit_test(an_origin_alone_must_be_the_host_that_is_asked),
        cmocka_unit_test(a_proxy_may_leave_out_the_port),
        cmocka_unit_test(programs_say_nothing),
    };

    return cmocka_run_group_tests_name("origin", tests, NULL, NULL);
}
