/* Serves a data directory like `wancun serve`, but without limits of rate, for the benchmark of one
 * authenticated value: value_bench DIRECTORY SECONDS prints its port, and goes when time is up. */
#include <stdio.h>
#include <time.h>

#include <sodium.h>

#include "base/num.h"
#include "web/server.h"

enum { RATE = 100 * 1000 * 1000, WAIT_MS = 1000, SECONDS_MAX = 3600 };

int main(int argc, char **argv)
{
    struct http_limits limits = http_limits_default();
    struct server *server = NULL;
    struct err err = {0};
    int64_t seconds = 0;

    if (sodium_init() < 0 || argc != 3 ||
        !num_parse_int(str_from(argv[2]), 1, SECONDS_MAX, &seconds)) {
        return 2;
    }
    limits.of[HTTP_SESSION_RATE] = limits.of[HTTP_SESSION_BURST] = RATE;
    limits.of[HTTP_ADDRESS_RATE] = limits.of[HTTP_ADDRESS_BURST] = RATE;
    const struct server_opts opts = {
        .directory = str_from(argv[1]),
        .listen = STR("127.0.0.1:0"),
        .spool = str_from(argv[1]),
        .log = LOG_INFO,
        .limits = &limits,
    };
    if (server_open(&opts, &server, &err) != RC_OK) {
        (void)fprintf(stderr, "value_bench: %.*s\n", STR_ARG(msg_key(err.msg)));
        return 1;
    }
    (void)printf("%d\n", server_port(server));
    (void)fflush(stdout);
    (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){.tv_sec = seconds}, NULL);
    return server_close(server, WAIT_MS);
}
