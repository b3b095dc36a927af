/* Bodies on their way in: kept, spooled, handed to a worker while they come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <unistd.h>

#include "http/test_client.h"
#include "http/test_server.h"

static struct bench bench;

static void a_body_may_be_spooled(void **state)
{
    static char request[900 * 1024];
    static const char HEAD[] =
        "PUT /spool HTTP/1.1\r\nHost: test\r\nContent-Length: 800000\r\n\r\n";

    (void)state;
    memcpy(request, HEAD, sizeof(HEAD) - 1);
    memset(request + sizeof(HEAD) - 1, 1, 800000);
    str answer = client_ask(bench.port, request);
    assert_true(str_equal(client_body(answer), STR("800000")));
}

static void chunks_are_put_together(void **state)
{
    (void)state;
    str answer = client_ask(bench.port, "POST /show HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: "
                                        "chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n");
    assert_true(str_ends(client_body(answer), STR("bytes 7 abcdefg")));
}

static void a_streamed_body_waits_for_its_worker(void **state)
{
    static char bytes[1024 * 1024];

    (void)state;
    int fd = client_open(bench.port);
    memset(bytes, 'b', sizeof(bytes));
    client_send(fd, STR("PUT /take?pause=1 HTTP/1.1\r\nHost: test\r\n"
                        "Content-Length: 1048576\r\n\r\n"));
    client_send(fd, (str){bytes, sizeof(bytes)});
    str answer = client_answer(fd, false);
    assert_true(str_equal(client_body(answer), STR("1048576")));
    assert_string_equal(bench.note, "whole");
    (void)close(fd);
}

/* The last of it is there before the worker has room for it: nothing more comes to wake the loop.
 */
static void the_rest_of_a_streamed_body_is_not_forgotten(void **state)
{
    static char bytes[160 * 1024];

    (void)state;
    memset(bytes, 'b', sizeof(bytes));
    for (int i = 0; i < 40; i++) {
        int fd = client_open(bench.port);
        char head[128];
        size_t len = (size_t)64 * 1024 + (size_t)i * 2400;
        (void)snprintf(head, sizeof(head),
                       "PUT /take?pause=1 HTTP/1.1\r\nHost: test\r\nContent-Length: %zu\r\n\r\n",
                       len);
        client_send(fd, str_from(head));
        client_send(fd, (str){bytes, len});
        str answer = client_answer(fd, false);
        assert_string_equal(bench.note, "whole");
        assert_true(client_body(answer).len > 0);
        (void)close(fd);
    }
}

static void a_streamed_body_that_breaks_off_is_told_to_its_worker(void **state)
{
    (void)state;
    int fd = client_open(bench.port);

    client_send(fd, STR("PUT /take HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nabc"));
    usleep(20000);
    (void)close(fd);
    bench_wait_lines(&bench, 1);
    (void)bench_close(&bench, 2000);
    assert_string_equal(bench.note, "broken");
}

#define WITH_SERVER(test) BENCH_TEST(test, &bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(a_body_may_be_spooled),
        WITH_SERVER(chunks_are_put_together),
        WITH_SERVER(a_streamed_body_waits_for_its_worker),
        WITH_SERVER(the_rest_of_a_streamed_body_is_not_forgotten),
        WITH_SERVER(a_streamed_body_that_breaks_off_is_told_to_its_worker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
