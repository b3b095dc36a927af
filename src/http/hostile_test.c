/* Clients that mean no good, or do not know better: each limit of the table, each malformed head,
 * and what must not slip through between two readers of the same bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "http/test_client.h"
#include "http/test_server.h"

static struct bench bench;

/* The same server with one limit changed. */
static void with_limit(enum http_limit which, int64_t amount)
{
    (void)bench_close(&bench, 100);
    bench.limits.of[which] = amount;
    bench_open(&bench);
}

static void assert_refused(str answer, enum http_limit why)
{
    char retry[16];

    if (client_status(answer) != HTTP_LIMITS[why].status) {
        fail_msg("wanted %d for %.*s, got “%.*s”", HTTP_LIMITS[why].status,
                 STR_ARG(HTTP_LIMITS[why].name), STR_ARG(answer));
    }
    str body = client_body(answer);
    assert_true(body.len == 0 || str_equal(body, HTTP_LIMITS[why].name));
    assert_true(client_header(answer, STR("content-security-policy")).len > 0);
    (void)snprintf(retry, sizeof(retry), "%d", HTTP_LIMITS[why].retry_s);
    assert_true(HTTP_LIMITS[why].retry_s == 0 ||
                str_equal(client_header(answer, STR("retry-after")), str_from(retry)));
}

#define HOST "Host: test\r\n"

/* A second request is hidden behind each: it must never be handled. */
static const char *const MALFORMED[] = {
    "GET /show HTTP/1.1\nHost: test\r\n\r\n",
    "GET /show HTTP/1.1\r\nHost: test\nX: y\r\n\r\n",
    "GET /show HTTP/1.1\r\nHost: test\r\nX: y\n\r\n",
    "GET /show HTTP/1.1\r\nHost: test\r\nX: y\n\n",
    "GET /show HTTP/1.1\r\n" HOST "X: a\r\n b\r\n\r\n",
    "GET /show HTTP/1.1\r\n" HOST "X: a\r\n\tb\r\nY: c\r\n\r\n",
    "GET /show HTTP/1.1\r\n X: a\r\n" HOST "\r\n",
    "POST /show HTTP/1.1\r\n" HOST
    "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST
    "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Content-Length: 0\r\nContent-Length: 40\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Content-Length: 0, 0\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Content-Length: +0\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Content-Length: -1\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Content-Length: 0x0\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Content-Length: \r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Transfer-Encoding: identity\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "POST /show HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Content-Length : 0\r\n\r\n",
    "POST /show HTTP/1.1\r\n" HOST "Transfer-Encoding\r\n\r\n",
    "GET /show HTTP/1.1\r\n" HOST "Host: other\r\n\r\n",
    "GET /show HTTP/1.1\r\n\r\n",
    "GET http://other/show HTTP/1.1\r\n" HOST "\r\n",
    "GET https://test@other/show HTTP/1.1\r\n" HOST "\r\n",
    "GET show HTTP/1.1\r\n" HOST "\r\n",
    "OPTIONS * HTTP/1.1\r\n" HOST "\r\n",
    "GET /show/%2f HTTP/1.1\r\n" HOST "\r\n",
    "GET /show/%5C HTTP/1.1\r\n" HOST "\r\n",
    "GET /show/%00 HTTP/1.1\r\n" HOST "\r\n",
    "GET /show/%0a HTTP/1.1\r\n" HOST "\r\n",
    "GET /show/%zz HTTP/1.1\r\n" HOST "\r\n",
    "GET /show/%e HTTP/1.1\r\n" HOST "\r\n",
    "GET /show/%C0%AF HTTP/1.1\r\n" HOST "\r\n",
    "GET /show/%ED%A0%80 HTTP/1.1\r\n" HOST "\r\n",
    "GET /show/../etc HTTP/1.1\r\n" HOST "\r\n",
    "GET /show/%2e%2E/etc HTTP/1.1\r\n" HOST "\r\n",
    "GET /show/./a HTTP/1.1\r\n" HOST "\r\n",
    "GET /show//a HTTP/1.1\r\n" HOST "\r\n",
    "GET //show HTTP/1.1\r\n" HOST "\r\n",
    "GET /show#a HTTP/1.1\r\n" HOST "\r\n",
    "GET /show?a=%FF HTTP/1.1\r\n" HOST "\r\n",
    "GET /show?%=1 HTTP/1.1\r\n" HOST "\r\n",
    "GET /show HTTP/1.1\r\n" HOST "X: a\x01z\r\n\r\n",
    "GET /show HTTP/1.1\r\n" HOST "X: \xff\r\n\r\n",
    "GET /show HTTP/1.1\r\n" HOST "X(y): z\r\n\r\n",
    "GET /show HTTP/1.1\r\n" HOST ": z\r\n\r\n",
    "GET /show HTTP/1.1\r\n" HOST "Expect: 200-ok\r\n\r\n",
    "GET /show\r\n\r\n",
    "\x16\x03\x01\x02\r\n\r\n",
};

static void what_is_malformed_is_refused_and_hides_nothing(void **state)
{
    static const str HIDDEN = STR_INIT("GET /hello HTTP/1.1\r\nHost: test\r\n\r\n");
    bool is_closed = false;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(MALFORMED); i++) {
        int fd = client_open(bench.port);
        client_send(fd, str_from(MALFORMED[i]));
        client_send(fd, HIDDEN);
        (void)shutdown(fd, SHUT_WR);
        str answer = client_rest(fd, &is_closed);
        (void)close(fd);
        if (!is_closed || bench.handled != 0 ||
            (answer.len > 0 && client_status(answer) != 400 && client_status(answer) != 505)) {
            fail_msg("“%s” got “%.*s”", MALFORMED[i], STR_ARG(answer));
        }
    }
}

static void the_body_of_a_refused_request_is_no_request(void **state)
{
    bool is_closed = false;

    (void)state;
    int fd = client_open(bench.port);
    client_send(fd, STR("POST /denied HTTP/1.1\r\n" HOST "Content-Length: 38\r\n\r\n"
                        "GET /hello HTTP/1.1\r\nHost: testtest\r\n\r\n"));
    assert_int_equal(client_status(client_rest(fd, &is_closed)), 401);
    assert_true(is_closed);
    assert_int_equal(bench.handled, 0);
    assert_int_equal(bench.begun, 1);
    (void)close(fd);
}

static void bytes_of_zero_end_nothing_early(void **state)
{
    static const char ZERO_IN_PATH[] = "GET /hello\0/x HTTP/1.1\r\nHost: test\r\n\r\n";
    static const char ZERO_IN_VALUE[] = "GET /hello HTTP/1.1\r\nHost: test\r\nX: a\0b\r\n\r\n";
    bool is_closed = false;

    (void)state;
    int fd = client_open(bench.port);
    client_send(fd, (str){ZERO_IN_PATH, sizeof(ZERO_IN_PATH) - 1});
    (void)shutdown(fd, SHUT_WR);
    assert_int_not_equal(client_status(client_rest(fd, &is_closed)), 200);
    (void)close(fd);
    fd = client_open(bench.port);
    client_send(fd, (str){ZERO_IN_VALUE, sizeof(ZERO_IN_VALUE) - 1});
    (void)shutdown(fd, SHUT_WR);
    assert_int_equal(client_status(client_rest(fd, &is_closed)), 400);
    (void)close(fd);
    assert_int_equal(bench.handled, 0);
}

static void other_versions_methods_and_packings_are_refused(void **state)
{
    (void)state;
    assert_refused(client_ask(bench.port, "GET /show HTTP/1.2\r\n" HOST "\r\n"), HTTP_VERSION);
    assert_refused(client_ask(bench.port, "BREW /show HTTP/1.1\r\n" HOST "\r\n"), HTTP_METHODS);
    assert_refused(client_ask(bench.port, "get /show HTTP/1.1\r\n" HOST "\r\n"), HTTP_METHODS);
    assert_refused(client_ask(bench.port, "POST /show HTTP/1.1\r\n" HOST
                                          "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"),
                   HTTP_ENCODING);
    assert_int_equal(bench.handled, 0);
}

/* A request of `count` bytes of `what` between two texts. */
static str ask_long(const char *before, char what, size_t count, const char *after)
{
    static char request[128 * 1024];
    size_t len = strlen(before);

    (void)snprintf(request, sizeof(request), "%s", before);
    memset(request + len, what, count);
    (void)snprintf(request + len + count, sizeof(request) - len - count, "%s", after);
    return client_ask(bench.port, request);
}

static void a_long_line_is_refused(void **state)
{
    (void)state;
    assert_int_equal(
        client_status(ask_long("GET /show?", 'q', 8192 - 6, " HTTP/1.1\r\n" HOST "\r\n")), 200);
    assert_refused(ask_long("GET /show?", 'q', 8192 - 5, " HTTP/1.1\r\n" HOST "\r\n"),
                   HTTP_LINE_BYTES);
    /* beyond its own memory the library refuses, in its own words */
    str answer = ask_long("GET /show?", 'q', 100000, " HTTP/1.1\r\n" HOST "\r\n");
    assert_true(client_status(answer) == 414 || answer.len == 0);
}

static void a_long_head_is_refused(void **state)
{
    static char many[128 * 40];

    (void)state;
    assert_refused(ask_long("GET /show HTTP/1.1\r\n" HOST "X: ", 'x', 16400, "\r\n\r\n"),
                   HTTP_HEAD_BYTES);
    str answer = ask_long("GET /show HTTP/1.1\r\n" HOST "X: ", 'x', 100000, "\r\n\r\n");
    assert_true(client_status(answer) == 431 || answer.len == 0);
    for (int i = 0; i < 101; i++) {
        (void)snprintf(many + strlen(many), sizeof(many) - strlen(many), "X-%d: y\r\n", i);
    }
    (void)snprintf(many + strlen(many), sizeof(many) - strlen(many), "\r\n");
    answer = ask_long("GET /show HTTP/1.1\r\n" HOST, ' ', 0, many);
    assert_refused(answer, HTTP_HEADERS);
}

static void a_slow_head_is_told_and_let_go(void **state)
{
    bool is_closed = false;

    (void)state;
    with_limit(HTTP_HEAD_MS, 300);
    int fd = client_open(bench.port);
    int64_t begun_ms = clock_steady_ms();
    client_send(fd, STR("GET /show HTTP/1.1\r\n"));
    for (int i = 0; i < 6; i++) {
        client_send(fd, STR("X: y\r\n"));
        usleep(100000);
    }
    str answer = client_rest(fd, &is_closed);
    assert_true(is_closed && clock_steady_ms() - begun_ms < 2000);
    assert_refused(answer, HTTP_HEAD_MS);
    (void)close(fd);
}

static void a_silent_connection_is_let_go(void **state)
{
    bool is_closed = false;

    (void)state;
    with_limit(HTTP_HEAD_MS, 200);
    int fd = client_open(bench.port);
    (void)client_rest(fd, &is_closed);
    assert_true(is_closed);
    (void)close(fd);
    with_limit(HTTP_IDLE_MS, 200);
    fd = client_open(bench.port);
    client_send(fd, STR("GET /hello HTTP/1.1\r\n" HOST "\r\n"));
    assert_int_equal(client_status(client_answer(fd, false)), 200);
    assert_int_equal(client_rest(fd, &is_closed).len, 0);
    assert_true(is_closed);
    (void)close(fd);
}

static void a_body_too_long_is_refused_before_it_is_sent(void **state)
{
    (void)state;
    assert_refused(client_ask(bench.port, "POST /show HTTP/1.1\r\n" HOST
                                          "Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n"),
                   HTTP_BODY_BYTES);
    assert_refused(
        client_ask(bench.port, "POST /hello HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx"),
        HTTP_BODY_BYTES);
    assert_int_equal(bench.handled, 0);
}

static void chunks_too_many_are_refused_on_the_way(void **state)
{
    static char bytes[65536];
    bool is_closed = false;

    (void)state;
    int fd = client_open(bench.port);
    memset(bytes, 'c', sizeof(bytes));
    client_send(fd, STR("POST /show HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n"
                        "10000\r\n"));
    client_send(fd, (str){bytes, sizeof(bytes)});
    client_send(fd, STR("\r\n1\r\nx"));
    assert_refused(client_rest(fd, &is_closed), HTTP_BODY_BYTES);
    assert_true(is_closed);
    assert_int_equal(bench.handled, 0);
    (void)close(fd);
}

static void a_slow_body_is_told_and_let_go(void **state)
{
    bool is_closed = false;

    (void)state;
    bench.limits.of[HTTP_BODY_GRACE_MS] = 200;
    with_limit(HTTP_BODY_RATE, 100000);
    int fd = client_open(bench.port);
    client_send(fd, STR("POST /show HTTP/1.1\r\n" HOST "Content-Length: 1000\r\n\r\n"));
    for (int i = 0; i < 6; i++) {
        client_send(fd, STR("x"));
        usleep(100000);
    }
    assert_refused(client_rest(fd, &is_closed), HTTP_BODY_RATE);
    assert_true(is_closed);
    (void)close(fd);
}

static void bodies_in_memory_are_bounded_together(void **state)
{
    (void)state;
    with_limit(HTTP_MEMORY_BYTES, 100);
    int fd = client_open(bench.port);
    client_send(fd, STR("POST /show HTTP/1.1\r\n" HOST "Content-Length: 90\r\n\r\nabc"));
    usleep(50000);
    assert_refused(client_ask(bench.port, "POST /show HTTP/1.1\r\n" HOST
                                          "Content-Length: 20\r\nExpect: 100-continue\r\n\r\n"),
                   HTTP_MEMORY_BYTES);
    (void)close(fd);
    usleep(50000);
    assert_int_equal(client_status(client_ask(bench.port, "POST /show HTTP/1.1\r\n" HOST
                                                          "Content-Length: 3\r\n\r\nabc")),
                     200);
}

static void a_missing_spool_is_said(void **state)
{
    (void)state;
    (void)bench_close(&bench, 100);
    bench.opts.spool = STR("/nowhere/at/all");
    bench_open(&bench);
    assert_refused(
        client_ask(bench.port, "PUT /spool HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx"),
        HTTP_SPOOL);
}

static void who_does_not_take_the_answer_is_let_go(void **state)
{
    (void)state;
    with_limit(HTTP_SEND_MS, 200);
    int fd = client_open(bench.port);
    client_send(fd, STR("GET /give?bytes=500000000 HTTP/1.1\r\n" HOST "\r\n"));
    bench_wait_lines(&bench, 1);
    assert_true(bench.last.is_cut);
    (void)close(fd);
}

static void connections_are_bounded_in_all(void **state)
{
    bool is_closed = false;

    (void)state;
    with_limit(HTTP_CONNECTIONS, 2);
    int first = client_open(bench.port);
    int second = client_open(bench.port);
    usleep(50000);
    int third = client_open(bench.port);
    assert_refused(client_rest(third, &is_closed), HTTP_CONNECTIONS);
    assert_true(is_closed);
    (void)close(first);
    (void)close(third);
    usleep(50000);
    assert_int_equal(client_status(client_get(bench.port, "/hello")), 200);
    (void)close(second);
}

static void connections_of_one_address_are_bounded(void **state)
{
    static const str PROXIES[] = {STR_INIT("127.0.0.1")};
    bool is_closed = false;

    (void)state;
    with_limit(HTTP_CONNECTIONS_EACH, 1);
    int first = client_open(bench.port);
    usleep(50000);
    int second = client_open(bench.port);
    assert_refused(client_rest(second, &is_closed), HTTP_CONNECTIONS_EACH);
    (void)close(second);
    (void)close(first);
    bench.opts.proxies = PROXIES; /* a proxy stands for many */
    bench.opts.proxy_count = 1;
    with_limit(HTTP_CONNECTIONS_EACH, 1);
    first = client_open(bench.port);
    usleep(50000);
    assert_int_equal(client_status(client_get(bench.port, "/hello")), 200);
    (void)close(first);
}

static void requests_in_hand_are_bounded(void **state)
{
    (void)state;
    with_limit(HTTP_REQUESTS, 1);
    int fd = client_open(bench.port);
    client_send(fd, STR("GET /later HTTP/1.1\r\n" HOST "\r\n"));
    struct http_request *request = bench_kept(&bench);
    assert_refused(client_get(bench.port, "/hello"), HTTP_REQUESTS);
    http_answer(request, &(struct http_answer){.status = 204});
    assert_int_equal(client_status(client_answer(fd, false)), 204);
    (void)close(fd);
}

static void streams_of_events_are_bounded(void **state)
{
    (void)state;
    with_limit(HTTP_EVENT_STREAMS, 1);
    int fd = client_open(bench.port);
    client_send(fd, STR("GET /events HTTP/1.1\r\n" HOST "\r\n"));
    struct http_request *request = bench_kept(&bench);
    assert_refused(client_get(bench.port, "/events"), HTTP_EVENT_STREAMS);
    http_events_end(request);
    (void)close(fd);
}

static void an_address_that_asks_too_often_waits(void **state)
{
    (void)state;
    bench.limits.of[HTTP_ADDRESS_RATE] = 1;
    with_limit(HTTP_ADDRESS_BURST, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(client_status(client_get(bench.port, "/hello")), 200);
    }
    assert_refused(client_get(bench.port, "/hello"), HTTP_ADDRESS_RATE);
    assert_refused(client_get(bench.port, "/denied"), HTTP_ADDRESS_RATE);
    assert_int_equal(client_status(client_get(bench.port, "/asset?path=/app.js")), 200);
}

static void a_session_that_asks_too_often_waits_alone(void **state)
{
    static const char ASK[] = "GET /hello HTTP/1.1\r\n" HOST "Cookie: session=a\r\n\r\n";
    static const char OTHER[] = "GET /hello HTTP/1.1\r\n" HOST "Cookie: session=b\r\n\r\n";

    (void)state;
    bench.limits.of[HTTP_SESSION_RATE] = 1;
    with_limit(HTTP_SESSION_BURST, 2);
    assert_int_equal(client_status(client_ask(bench.port, ASK)), 200);
    assert_int_equal(client_status(client_ask(bench.port, ASK)), 200);
    assert_refused(client_ask(bench.port, ASK), HTTP_SESSION_RATE);
    assert_int_equal(client_status(client_ask(bench.port, OTHER)), 200);
}

static void *close_server(void *self)
{
    (void)self;
    (void)bench_close(&bench, 2000);
    return NULL;
}

static void who_asks_while_the_server_stops_is_told(void **state)
{
    pthread_t closer;

    (void)state;
    int idle = client_open(bench.port);
    client_send(idle, STR("GET /hello HTTP/1.1\r\n" HOST "\r\n"));
    (void)client_answer(idle, false);
    int slow = client_open(bench.port);
    client_send(slow, STR("GET /slow?ms=400 HTTP/1.1\r\n" HOST "\r\n"));
    usleep(50000);
    assert_int_equal(pthread_create(&closer, NULL, close_server, NULL), 0);
    usleep(50000);
    client_send(idle, STR("GET /hello HTTP/1.1\r\n" HOST "\r\n"));
    assert_refused(client_answer(idle, false), HTTP_STOPPING);
    (void)pthread_join(closer, NULL);
    assert_int_equal(client_status(client_answer(slow, false)), 200);
    (void)close(idle);
    (void)close(slow);
}

static void refusals_are_counted_by_their_limit(void **state)
{
    struct http_counts counts = {0};

    (void)state;
    (void)client_ask(bench.port, "BREW /show HTTP/1.1\r\n" HOST "\r\n");
    http_count(bench.server, &counts);
    assert_int_equal(counts.refused[HTTP_METHODS], 1);
}

static void refusals_have_words_of_their_own_when_nobody_gives_any(void **state)
{
    (void)state;
    bench.is_loud = false;
    str answer = client_ask(bench.port, "BREW /show HTTP/1.1\r\n" HOST "\r\n");
    assert_true(str_starts(client_body(answer), STR("GET, HEAD, POST")));
}

#define WITH_SERVER(test) BENCH_TEST(test, &bench)

static void an_answer_to_the_head_keeps_the_connection(void **state)
{
    const str request = STR("GET /denied HTTP/1.1\r\nHost: test\r\n\r\n");
    int fd = client_open(bench.port);

    (void)state;
    for (int i = 0; i < 3; i++) {
        client_send(fd, request);
        str answer = client_answer(fd, false);
        assert_int_equal(client_status(answer), 401);
        assert_int_equal(client_header(answer, STR("connection")).len, 0);
    }
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(what_is_malformed_is_refused_and_hides_nothing),
        WITH_SERVER(the_body_of_a_refused_request_is_no_request),
        WITH_SERVER(bytes_of_zero_end_nothing_early),
        WITH_SERVER(an_answer_to_the_head_keeps_the_connection),
        WITH_SERVER(other_versions_methods_and_packings_are_refused),
        WITH_SERVER(a_long_line_is_refused),
        WITH_SERVER(a_long_head_is_refused),
        WITH_SERVER(a_slow_head_is_told_and_let_go),
        WITH_SERVER(a_silent_connection_is_let_go),
        WITH_SERVER(a_body_too_long_is_refused_before_it_is_sent),
        WITH_SERVER(chunks_too_many_are_refused_on_the_way),
        WITH_SERVER(a_slow_body_is_told_and_let_go),
        WITH_SERVER(bodies_in_memory_are_bounded_together),
        WITH_SERVER(a_missing_spool_is_said),
        WITH_SERVER(who_does_not_take_the_answer_is_let_go),
        WITH_SERVER(connections_are_bounded_in_all),
        WITH_SERVER(connections_of_one_address_are_bounded),
        WITH_SERVER(requests_in_hand_are_bounded),
        WITH_SERVER(streams_of_events_are_bounded),
        WITH_SERVER(an_address_that_asks_too_often_waits),
        WITH_SERVER(a_session_that_asks_too_often_waits_alone),
        WITH_SERVER(who_asks_while_the_server_stops_is_told),
        WITH_SERVER(refusals_are_counted_by_their_limit),
        WITH_SERVER(refusals_have_words_of_their_own_when_nobody_gives_any),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
