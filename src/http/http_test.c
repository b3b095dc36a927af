/* The door as a client sees it: requests read, answers given, in each of the ways there are. */
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

static void every_answer_has_the_security_headers(void **state)
{
    static const char *const PATHS[] = {"/hello",  "/nothing", "/forget",
                                        "/denied", "/a%2Fb",   "/give?bytes=3"};
    static const str NAMES[] = {
        STR_INIT("x-content-type-options"),       STR_INIT("referrer-policy"),
        STR_INIT("cross-origin-opener-policy"),   STR_INIT("content-security-policy"),
        STR_INIT("cross-origin-resource-policy"), STR_INIT("cache-control"),
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(PATHS); i++) {
        str answer = client_get(bench.port, PATHS[i]);
        for (size_t name = 0; name < COUNT_OF(NAMES); name++) {
            if (client_header(answer, NAMES[name]).len == 0) {
                fail_msg("%s lacks %.*s", PATHS[i], STR_ARG(NAMES[name]));
            }
        }
    }
    assert_true(client_header(client_get(bench.port, "/hello"), STR("x-request-id")).len > 0);
    assert_true(client_header(client_get(bench.port, "/nothing"), STR("x-request-id")).len > 0);
}

static void by_https_cookies_are_host_cookies_and_hsts_is_sent(void **state)
{
    (void)state;
    (void)bench_close(&bench, 100);
    bench.opts.is_https = true;
    bench_open(&bench);
    str answer = client_get(bench.port, "/hello");

    assert_str(client_header(answer, STR("set-cookie")),
               STR("__Host-wc=token; Path=/; HttpOnly; SameSite=Lax; Secure"));
    assert_true(client_header(answer, STR("strict-transport-security")).len > 0);
    answer = client_ask(bench.port, "GET /show HTTP/1.1\r\nHost: test\r\n"
                                    "Cookie: wc=planted; __Host-wc=ours\r\n\r\n");
    assert_true(str_find(answer, STR("cookie ours\n")) != STR_NONE);
}

static void head_gets_the_length_without_the_body(void **state)
{
    (void)state;
    str answer = client_ask(bench.port, "HEAD /hello HTTP/1.1\r\nHost: test\r\n\r\n");

    assert_int_equal(client_status(answer), 200);
    assert_str(client_header(answer, STR("content-length")), STR("17"));
    assert_int_equal(client_body(answer).len, 0);
}

static void a_known_etag_is_answered_without_the_body(void **state)
{
    (void)state;
    str answer = client_ask(
        bench.port, "GET /hello HTTP/1.1\r\nHost: test\r\nIf-None-Match: \"x\", W/\"h1\"\r\n\r\n");

    assert_int_equal(client_status(answer), 304);
    assert_int_equal(client_body(answer).len, 0);
    assert_str(client_header(answer, STR("etag")), STR("\"h1\""));
    answer =
        client_ask(bench.port, "GET /file HTTP/1.1\r\nHost: test\r\nIf-None-Match: \"f1\"\r\n\r\n");
    assert_int_equal(client_status(answer), 304);
    answer = client_ask(bench.port,
                        "GET /hello HTTP/1.1\r\nHost: test\r\nIf-None-Match: \"h2\"\r\n\r\n");
    assert_int_equal(client_status(answer), 200);
}

static void a_file_is_sent_under_its_name_in_a_sandbox(void **state)
{
    (void)state;
    str answer = client_get(bench.port, "/file");

    assert_str(client_body(answer), STR("file bytes"));
    assert_str(client_header(answer, STR("content-disposition")),
               STR("attachment; filename=\"__ ___.xlsx\"; "
                   "filename*=UTF-8''%E6%9D%91%E5%BA%84%20%22%E4%B8%80%22.xlsx"));
    assert_true(str_ends(client_header(answer, STR("content-security-policy")), STR("sandbox")));
}

static void slow_requests_run_on_workers_beside_fast_ones(void **state)
{
    (void)state;
    int slow = client_open(bench.port);

    client_send(slow, STR("GET /slow?ms=300 HTTP/1.1\r\nHost: test\r\n\r\n"));
    struct http_counts counts = {0};
    for (int i = 0; i < 200 && counts.busy_workers == 0; i++) {
        usleep(1000);
        http_count(bench.server, &counts);
    }
    assert_int_equal(counts.busy_workers, 1);
    assert_int_equal(client_status(client_get(bench.port, "/hello")), 200);
    http_count(bench.server, &counts);
    assert_int_equal(counts.busy_workers, 1);
    str answer = client_answer(slow, false);
    assert_int_equal(client_status(answer), 200);
    (void)close(slow);
}

static void a_full_queue_says_503_and_when_to_come_back(void **state)
{
    int fds[8];
    int refused = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        fds[i] = client_open(bench.port);
        client_send(fds[i], STR("GET /slow?ms=300 HTTP/1.1\r\nHost: test\r\n\r\n"));
    }
    for (size_t i = 0; i < COUNT_OF(fds); i++) {
        str answer = client_answer(fds[i], false);
        if (client_status(answer) == 503) {
            refused++;
            assert_str(client_header(answer, STR("retry-after")), STR("5"));
            assert_str(client_body(answer), STR("queue"));
        } else {
            assert_int_equal(client_status(answer), 200);
        }
        (void)close(fds[i]);
    }
    /* two run, four wait; a worker may not have taken its own yet when the queue was full */
    assert_in_range(refused, 2, 4);
}

static void an_answer_may_come_later_from_another_thread(void **state)
{
    (void)state;
    int fd = client_open(bench.port);

    client_send(fd, STR("GET /later HTTP/1.1\r\nHost: test\r\n\r\n"));
    struct http_request *request = bench_kept(&bench);
    http_answer(request, &(struct http_answer){.status = 201, .body = STR("done")});
    str answer = client_answer(fd, false);
    assert_int_equal(client_status(answer), 201);
    assert_str(client_body(answer), STR("done"));
    client_send(fd, STR("GET /hello HTTP/1.1\r\nHost: test\r\n\r\n"));
    assert_int_equal(client_status(client_answer(fd, false)), 200);
    (void)close(fd);
}

static void a_client_that_left_does_not_trouble_a_later_answer(void **state)
{
    (void)state;
    int fd = client_open(bench.port);

    client_send(fd, STR("GET /later HTTP/1.1\r\nHost: test\r\n\r\n"));
    struct http_request *request = bench_kept(&bench);
    (void)close(fd);
    http_answer(request, &(struct http_answer){.status = 201, .body = STR("done")});
    assert_int_equal(client_status(client_get(bench.port, "/hello")), 200);
}

static void who_forgets_to_answer_says_500(void **state)
{
    (void)state;
    assert_int_equal(client_status(client_get(bench.port, "/forget")), 500);
    assert_int_equal(client_status(client_get(bench.port, "/header")), 500);
}

static void a_stream_comes_whole_and_in_constant_memory(void **state)
{
    (void)state;
    str answer = client_get(bench.port, "/give?bytes=3000000");
    size_t count = 0;

    assert_int_equal(client_status(answer), 200);
    str body = client_body(answer);
    for (size_t i = 0; i < body.len; i++) {
        count += body.at[i] == 'x';
    }
    assert_int_equal(count, 3000000);
    bench_wait_lines(&bench, 1);
    assert_int_equal(bench.last.bytes_out, 3000000);
}

static void a_stream_that_breaks_is_seen_to_be_broken(void **state)
{
    (void)state;
    int fd = client_open(bench.port);
    bool is_closed = false;

    client_send(fd, STR("GET /give?bytes=30000&break=1 HTTP/1.1\r\nHost: test\r\n\r\n"));
    str answer = client_rest(fd, &is_closed);
    assert_true(is_closed);
    assert_false(str_ends(answer, STR("0\r\n\r\n")));
    (void)close(fd);
}

static void who_streams_learns_that_the_client_is_gone(void **state)
{
    (void)state;
    int fd = client_open(bench.port);

    client_send(fd, STR("GET /give?bytes=3000000000 HTTP/1.1\r\nHost: test\r\n\r\n"));
    usleep(50000);
    (void)close(fd);
    bench_wait_lines(&bench, 1);
    assert_true(bench.last.is_cut);
    assert_int_equal(bench_close(&bench, 2000), 0);
    assert_string_equal(bench.note, "gone");
}

static void events_are_pushed_as_they_happen(void **state)
{
    (void)state;
    int fd = client_open(bench.port);

    client_send(fd, STR("GET /events HTTP/1.1\r\nHost: test\r\n\r\n"));
    struct http_request *request = bench_kept(&bench);
    assert_true(http_events_push(
        request, &(struct http_event){.name = STR("done"), .id = STR("7"), .data = STR("a\nb")}));
    http_events_end(request);
    str answer = client_answer(fd, false);
    assert_str(client_header(answer, STR("content-type")), STR("text/event-stream"));
    assert_true(str_find(answer, STR("id: 7\nevent: done\ndata: a\ndata: b\n\n")) != STR_NONE);
    (void)close(fd);
}

static void a_silent_stream_of_events_beats_until_its_client_is_gone(void **state)
{
    const struct http_event event = {.data = STR("x")};
    int pushes = 0;

    (void)state;
    (void)bench_close(&bench, 100);
    bench.limits.of[HTTP_EVENT_BEAT_MS] = 100;
    bench_open(&bench);
    int fd = client_open(bench.port);
    client_send(fd, STR("GET /events HTTP/1.1\r\nHost: test\r\n\r\n"));
    struct http_request *request = bench_kept(&bench);
    usleep(350000);
    char bytes[4096] = {0};
    assert_true(read(fd, bytes, sizeof(bytes) - 1) > 0);
    assert_non_null(strstr(bytes, ":\n\n"));
    (void)close(fd);
    bench_wait_lines(&bench, 1);
    while (http_events_push(request, &event) && pushes < 10) {
        pushes++;
    }
    assert_int_equal(pushes, 0);
    http_events_end(request);
}

static void who_reads_events_too_slowly_is_let_go(void **state)
{
    static char line[8000];
    int pushes = 0;

    (void)state;
    int fd = client_open(bench.port);
    memset(line, 'e', sizeof(line));
    client_send(fd, STR("GET /events HTTP/1.1\r\nHost: test\r\n\r\n"));
    struct http_request *request = bench_kept(&bench);
    while (pushes < 10000 &&
           http_events_push(request, &(struct http_event){.data = {line, sizeof(line)}})) {
        pushes++;
    }
    assert_in_range(pushes, 1, 9999);
    http_events_end(request);
    (void)close(fd);
}

static void assets_are_packed_as_the_client_takes_them(void **state)
{
    static const struct {
        const char *taken;
        str body;
        str packing;
        str etag;
    } CASES[] = {
        {"", STR_INIT("let plain"), STR_INIT(""), STR_INIT("\"abc\"")},
        {"Accept-Encoding: gzip\r\n", STR_INIT("GZIPPED"), STR_INIT("gzip"),
         STR_INIT("\"abc-gz\"")},
        {"Accept-Encoding: gzip, BR\r\n", STR_INIT("BROTLI"), STR_INIT("br"),
         STR_INIT("\"abc-br\"")},
        {"Accept-Encoding: br;q=0, gzip;q=0.5\r\n", STR_INIT("GZIPPED"), STR_INIT("gzip"),
         STR_INIT("\"abc-gz\"")},
    };
    char request[512];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        (void)snprintf(request, sizeof(request),
                       "GET /asset?path=/app.js HTTP/1.1\r\nHost: test\r\n%s\r\n", CASES[i].taken);
        str answer = client_ask(bench.port, request);
        assert_str(client_body(answer), CASES[i].body);
        assert_str(client_header(answer, STR("content-encoding")), CASES[i].packing);
        assert_str(client_header(answer, STR("etag")), CASES[i].etag);
        assert_str(client_header(answer, STR("vary")), STR("Accept-Encoding"));
        assert_str(client_header(answer, STR("cache-control")),
                   STR("public, max-age=31536000, immutable"));
    }
    assert_int_equal(client_status(client_get(bench.port, "/asset?path=/none")), 404);
}

static void only_a_listed_proxy_is_believed(void **state)
{
    static const char ASK[] = "GET /show HTTP/1.1\r\nHost: test\r\n"
                              "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 10.0.0.2\r\n\r\n";
    static const str PROXIES[] = {STR_INIT("127.0.0.1"), STR_INIT("10.0.0.2")};

    (void)state;
    str answer = client_ask(bench.port, ASK);
    assert_true(str_find(answer, STR("peer 127.0.0.1\n")) != STR_NONE);
    (void)bench_close(&bench, 100);
    bench.opts.proxies = PROXIES;
    bench.opts.proxy_count = COUNT_OF(PROXIES);
    bench_open(&bench);
    answer = client_ask(bench.port, ASK);
    assert_true(str_find(answer, STR("peer 203.0.113.9\n")) != STR_NONE);
}

static void a_unix_socket_is_listened_on_and_cleared_away(void **state)
{
    static const str PROXIES[] = {STR_INIT("unix")};
    char path[64];
    char listen[80];

    (void)state;
    (void)bench_close(&bench, 100);
    (void)snprintf(path, sizeof(path), "/tmp/wancun-http-%ld.sock", (long)getpid());
    (void)snprintf(listen, sizeof(listen), "unix:%s", path);
    bench.opts.listen = str_from(listen);
    bench.opts.proxies = PROXIES;
    bench.opts.proxy_count = 1;
    bench_open(&bench);
    int fd = client_open_path(path);
    client_send(fd, STR("GET /show HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: ::1\r\n\r\n"));
    assert_true(str_find(client_answer(fd, false), STR("peer ::1\n")) != STR_NONE);
    (void)close(fd);
    (void)bench_close(&bench, 100);
    assert_int_equal(access(path, F_OK), -1);
}

static void an_address_in_use_or_wrong_is_refused_plainly(void **state)
{
    static const char *const WRONG[] = {
        "",      "here:80",       "127.0.0.1",     "127.0.0.1:65536",
        "[::1]", "127.0.0.1:-1",  "[127.0.0.1]:1", "::1:80",
        "unix:", "0x7f.0.0.1:80", "localhost:80"};
    struct http_server *server = NULL;
    char listen[64];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        bench.opts.listen = str_from(WRONG[i]);
        err_clear(&bench.err);
        assert_int_equal(http_open(&bench.opts, &server, &bench.err), RC_INVALID);
    }
    (void)snprintf(listen, sizeof(listen), "127.0.0.1:%d", bench.port);
    bench.opts.listen = str_from(listen);
    err_clear(&bench.err);
    assert_int_equal(http_open(&bench.opts, &server, &bench.err), RC_BROKEN);
}

static void every_request_is_logged_and_counted(void **state)
{
    struct http_counts counts = {0};

    (void)state;
    (void)client_get(bench.port, "/hello?secret=1");
    bench_wait_lines(&bench, 1);
    assert_int_equal(bench.last.route, 7);
    assert_int_equal(bench.last.status, 200);
    assert_int_equal(bench.last.bytes_out, 17);
    assert_true(bench.last.id > 0 && bench.last.wait_us >= 0);
    (void)client_ask(bench.port,
                     "POST /show HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\n\r\nabc");
    (void)client_get(bench.port, "/nothing");
    bench_wait_lines(&bench, 3);
    http_count(bench.server, &counts);
    assert_int_equal(counts.by_class[2], 2);
    assert_int_equal(counts.by_class[4], 1);
    assert_int_equal(counts.bytes_in, 3);
    assert_int_equal(counts.waits[0] + counts.waits[1] + counts.waits[2] + counts.waits[3] +
                         counts.waits[4] + counts.waits[5] + counts.waits[6] + counts.waits[7] +
                         counts.waits[8] + counts.waits[9] + counts.waits[10] + counts.waits[11],
                     3);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    int fd = client_open(bench.port);

    client_send(fd, STR("GET /hello HTTP/1.1\r\nHost: t\r\n\r\nGET /slow?ms=30 HTTP/1.1\r\n"
                        "Host: t\r\n\r\nGET /nothing HTTP/1.1\r\nHost: t\r\n"
                        "Connection: close\r\n\r\n"));
    bool is_closed = false;
    str all = client_rest(fd, &is_closed);
    assert_true(is_closed);
    size_t hello = str_find(all, STR("hello"));
    size_t slow = str_find(all, STR("segment slow"));
    size_t nothing = str_find(all, STR("nothing here"));
    assert_true(hello < slow && slow < nothing && nothing != STR_NONE);
    (void)close(fd);
}

static void a_stop_lets_running_requests_finish(void **state)
{
    (void)state;
    int fd = client_open(bench.port);

    client_send(fd, STR("GET /slow?ms=200 HTTP/1.1\r\nHost: test\r\n\r\n"));
    usleep(50000);
    assert_int_equal(bench_close(&bench, 3000), 0);
    str answer = client_answer(fd, false);
    assert_int_equal(client_status(answer), 200);
    assert_str(client_header(answer, STR("connection")), STR("close"));
    (void)close(fd);
}

static void a_stop_cuts_what_does_not_finish(void **state)
{
    (void)state;
    int fd = client_open(bench.port);

    client_send(fd, STR("GET /give?bytes=9000000000 HTTP/1.1\r\nHost: test\r\n\r\n"));
    usleep(50000);
    assert_int_equal(bench_close(&bench, 100), 1);
    assert_string_equal(bench.note, "gone");
    (void)close(fd);
}

static void *end_events(void *request)
{
    while (http_events_push(request, &(struct http_event){.data = STR("tick")})) {
        usleep(10000);
    }
    http_events_end(request);
    return NULL;
}

static void a_stop_tells_streams_of_events_to_end(void **state)
{
    pthread_t teller;

    (void)state;
    int fd = client_open(bench.port);
    client_send(fd, STR("GET /events HTTP/1.1\r\nHost: test\r\n\r\n"));
    assert_int_equal(pthread_create(&teller, NULL, end_events, bench_kept(&bench)), 0);
    usleep(30000);
    assert_int_equal(bench_close(&bench, 3000), 0);
    (void)pthread_join(teller, NULL);
    assert_true(str_ends(client_answer(fd, false), STR("0\r\n\r\n")));
    (void)close(fd);
}

#define WITH_SERVER(test) BENCH_TEST(test, &bench)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SERVER(an_inline_answer_comes_with_its_headers),
        WITH_SERVER(a_request_is_read_whole),
        WITH_SERVER(every_answer_has_the_security_headers),
        WITH_SERVER(by_https_cookies_are_host_cookies_and_hsts_is_sent),
        WITH_SERVER(head_gets_the_length_without_the_body),
        WITH_SERVER(a_known_etag_is_answered_without_the_body),
        WITH_SERVER(a_file_is_sent_under_its_name_in_a_sandbox),
        WITH_SERVER(slow_requests_run_on_workers_beside_fast_ones),
        WITH_SERVER(a_full_queue_says_503_and_when_to_come_back),
        WITH_SERVER(an_answer_may_come_later_from_another_thread),
        WITH_SERVER(a_client_that_left_does_not_trouble_a_later_answer),
        WITH_SERVER(who_forgets_to_answer_says_500),
        WITH_SERVER(a_stream_comes_whole_and_in_constant_memory),
        WITH_SERVER(a_stream_that_breaks_is_seen_to_be_broken),
        WITH_SERVER(who_streams_learns_that_the_client_is_gone),
        WITH_SERVER(events_are_pushed_as_they_happen),
        WITH_SERVER(a_silent_stream_of_events_beats_until_its_client_is_gone),
        WITH_SERVER(who_reads_events_too_slowly_is_let_go),
        WITH_SERVER(assets_are_packed_as_the_client_takes_them),
        WITH_SERVER(only_a_listed_proxy_is_believed),
        WITH_SERVER(a_unix_socket_is_listened_on_and_cleared_away),
        WITH_SERVER(an_address_in_use_or_wrong_is_refused_plainly),
        WITH_SERVER(every_request_is_logged_and_counted),
        WITH_SERVER(pipelined_requests_are_answered_in_order),
        WITH_SERVER(a_stop_lets_running_requests_finish),
        WITH_SERVER(a_stop_cuts_what_does_not_finish),
        WITH_SERVER(a_stop_tells_streams_of_events_to_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
