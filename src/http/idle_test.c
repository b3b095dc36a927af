/* Ten thousand connections that say nothing, or nothing more, cost bounded memory and no honest
 * client. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <malloc.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "http/test_client.h"
#include "http/test_server.h"

enum { IDLE = 10000, ASKED = 1000, FILES = IDLE + 200, SILENT_BYTES = 4096 };
enum { ASKED_BYTES = 48 * 1024, ANSWER_MS_MAX = 1000 };

static struct bench bench;
static int fds[IDLE];

static int64_t resident_bytes(void)
{
    char line[128] = {0};
    str rest = {0};
    str all = {0};
    str resident = {0};
    int64_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");

    MUST(file != NULL && fgets(line, sizeof(line), file) != NULL);
    (void)fclose(file);
    rest = str_from(line);
    MUST(str_cut(&rest, ' ', &all) && str_cut(&rest, ' ', &resident));
    MUST(num_parse_int(resident, 0, INT32_MAX, &pages));
    return pages * sysconf(_SC_PAGESIZE);
}

static bool may_open_many(void)
{
    struct rlimit files = {0};

    (void)getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < FILES) {
        files.rlim_cur = FILES;
        files.rlim_max = files.rlim_max < FILES ? FILES : files.rlim_max;
    }
    return setrlimit(RLIMIT_NOFILE, &files) == 0;
}

/* The crowd, a process of its own: told the port, it connects, says so, and stays until the pipe is
 * closed. */
static void crowd(int orders, int reports)
{
    int port = 0;
    char word = 'y';

    MUST(read(orders, &port, sizeof(port)) == sizeof(port));
    for (int i = 0; i < IDLE; i++) {
        fds[i] = client_open(port);
        if (i % (IDLE / ASKED) == 0) {
            client_send(fds[i], STR("GET /hello HTTP/1.1\r\nHost: test\r\n\r\n"));
            MUST(client_status(client_answer(fds[i], false)) == 200);
        }
    }
    MUST(write(reports, &word, 1) == 1);
    (void)!read(orders, &word, 1);
    _exit(0);
}

static void ask_beside_the_crowd(int64_t before)
{
    struct http_counts counts = {0};
    int64_t begun_ms = clock_steady_ms();

    assert_int_equal(client_status(client_get(bench.port, "/hello")), 200);
    assert_true(clock_steady_ms() - begun_ms < ANSWER_MS_MAX);
    http_count(bench.server, &counts);
    assert_in_range(counts.open_connections, IDLE, IDLE + 1);
    int64_t grown = resident_bytes() - before;
    print_message("# %d connections, %d of which had asked: %ld KiB resident\n", IDLE, ASKED,
                  (long)(grown / 1024));
#ifndef ARENA_SPLIT /* sanitizers keep more */
    assert_true(grown < (int64_t)IDLE * SILENT_BYTES + (int64_t)ASKED * ASKED_BYTES);
#endif
}

static void ten_thousand_idle_connections_cost_little_and_nobody(void **state)
{
    int orders[2] = {-1, -1};
    int reports[2] = {-1, -1};
    char word = 0;

    (void)state;
    (void)mallopt(M_PERTURB, 0); /* the runner of tests has every byte touched that is allocated */
    if (!may_open_many()) {
        print_message("skipped: not allowed to open %d files\n", FILES);
        skip();
    }
    assert_true(pipe(orders) == 0 && pipe(reports) == 0);
    pid_t child = fork(); /* before the server's threads */
    if (child == 0) {
        (void)close(orders[1]);
        crowd(orders[0], reports[1]);
    }
    bench_init(&bench);
    bench.limits.of[HTTP_CONNECTIONS_EACH] = IDLE + 10;
    bench.limits.of[HTTP_HEAD_MS] = 60000;
    bench_open(&bench);
    int64_t before = resident_bytes();
    assert_int_equal(write(orders[1], &bench.port, sizeof(bench.port)), sizeof(bench.port));
    (void)close(reports[1]);
    assert_int_equal(read(reports[0], &word, 1), 1);
    ask_beside_the_crowd(before);
    (void)close(orders[1]);
    (void)waitpid(child, NULL, 0);
    (void)bench_close(&bench, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_thousand_idle_connections_cost_little_and_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
