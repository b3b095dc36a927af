/* The door as a client sees it: requests read, answers given, in each of the ways there are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <unistd.h>

#include "http/test_client.h"
#include "http/test_server.h"

static struct bench bench;

static int begin(void **state)
{
    (void)state;
    bench_init(&bench);
    bench_open(&bench);
    return 0;
}

static int end(void **state)
{
    (void)state;
    return bench.server == NULL ? 0 : bench_close(&bench, 2000);
}

static void assert_str(str got, str wanted)
{
    if (!str_equal(got, wanted)) {
        fail_msg("got “%.*s”, wanted “%.*s”", STR_ARG(got), STR_ARG(wanted));
    }
}

static void an_inline_answer_comes_with_its_headers(void **state)
{
    (void)state;
    str answer = client_get(bench.port, "/hello");

    assert_int_equal(client_status(answer), 200);
    assert_str(client_header(answer, STR("content-type")), STR("application/json"));
    assert_str(client_body(answer), STR("{\"hello\":\"world\"}"));
    assert_str(client_header(answer, STR("etag")), STR("\"h1\""));
    assert_str(client_header(answer, STR("cache-control")), STR("no-store"));
    assert_str(client_header(answer, STR("set-cookie")),
               STR("wc=token; Path=/; HttpOnly; SameSite=Lax"));
}

static void a_request_is_read_whole(void **state)
{
    (void)state;
    str answer = client_ask(bench.port,
                            "POST /show/%E6%9D%91/b%20c/?q=a%2Bb+c&q2=%E4%B8%80&empty HTTP/1.1\r\n"
                            "Host: test\r\nCookie: a=b; wc=\"x y\"\r\nX-Kind:  old \r\n"
                            "Content-Length: 5\r\n\r\nhello");
    assert_int_equal(client_status(answer), 200);
    assert_str(client_body(answer),
               STR("segment show\nsegment 村\nsegment b c\nslash\nq=a+b c\nq2=一\nempty=\n"
                   "cookie x y\npeer 127.0.0.1\nkind old\nbytes 5 hello"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_inline_answer_comes_with_its_headers, begin, end),
        cmocka_unit_test_setup_teardown(a_request_is_read_whole, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
