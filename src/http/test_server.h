/* For tests: a server whose routes show what the door does. */
#ifndef HTTP_TEST_SERVER_H
#define HTTP_TEST_SERVER_H

#include <pthread.h>

#include "http/http.h"

struct bench {
    struct http_opts opts;
    struct http_limits limits;
    struct http_server *server;
    struct err err;
    int port;
    pthread_mutex_t lock;      /* of what follows */
    struct http_request *kept; /* by "later" and "events", for the test's own thread */
    struct http_line last;     /* that was logged */
    int lines;
    int begun;
    int handled;
    bool is_loud;  /* refusals are told by opts.refuse */
    char note[64]; /* what a worker saw */
};

/* Options that a test may change before bench_open. */
void bench_init(struct bench *bench);
void bench_open(struct bench *bench);
int bench_close(struct bench *bench, int64_t wait_ms);
/* A test with the server of `bench` open before it and closed after it. */
int bench_begin(void **state);
int bench_end(void **state);
#define BENCH_TEST(test, bench)                                                                    \
    cmocka_unit_test_prestate_setup_teardown(test, bench_begin, bench_end, bench)
/* What "later" or "events" kept; waits for it. */
struct http_request *bench_kept(struct bench *bench);
/* Wait until so many lines were logged. */
void bench_wait_lines(struct bench *bench, int lines);

#endif
