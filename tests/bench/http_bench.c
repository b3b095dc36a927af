/* http_bench SECONDS: serves a constant JSON and, with a request id in the log as always, nothing
 * else. Prints its port, serves so long, then prints requests and CPU microseconds. */
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/num.h"
#include "http/http.h"

static void begin(void *self, struct http_request *request, struct http_plan *plan)
{
    (void)self;
    (void)request;
    plan->is_unmetered = true; /* one client asks more often than any person may */
}

static void handle(void *self, struct http_request *request)
{
    (void)self;
    http_answer(request, &(struct http_answer){
                             .status = 200,
                             .type = STR("application/json"),
                             .cache = HTTP_MINUTE,
                             .body = STR("{\"name\":\"wancun\",\"state\":\"well\"}"),
                         });
}

int main(int argc, char **argv)
{
    struct http_limits limits = http_limits_default();
    struct http_opts opts = {
        .listen = STR("127.0.0.1:0"),
        .loops = 2,
        .workers = 2,
        .queue_max = 16,
        .limits = &limits,
        .spool = STR("/tmp"),
        .begin = begin,
        .handle = handle,
    };
    struct http_server *server = NULL;
    struct http_counts counts = {0};
    struct err err = {0};
    int64_t seconds = 0;

    if (argc != 2 || !num_parse_int(str_from(argv[1]), 1, 3600, &seconds) ||
        http_open(&opts, &server, &err) != RC_OK) {
        return 1;
    }
    (void)printf("%d\n", http_port(server));
    (void)fflush(stdout);
    (void)nanosleep(&(struct timespec){.tv_sec = seconds}, NULL);
    http_count(server, &counts);
    (void)printf("%" PRId64 " %" PRId64 "\n", counts.by_class[2], clock_cpu_us());
    (void)http_close(server, 0);
    return 0;
}
