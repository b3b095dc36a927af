/* Counts in the text format of Prometheus, version 0.0.4. */
#include "web/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/num.h"
#include "office/account/demo.h"
#include "web/log.h"
#include "web/server_in.h"

enum { TEXT_BYTES_MAX = 1 << 20, STATUS_MAX = 256, STOP_MS = 200 };

struct metrics {
    struct server *server;
    struct http_server *http;
    int64_t begun_ms;
};

static void put(struct buf *out, str text)
{
    buf_put(out, text);
}

static void put_head(struct buf *out, str name, str kind, str help)
{
    put(out, STR("# HELP "));
    put(out, name);
    buf_char(out, ' ');
    put(out, help);
    put(out, STR("\n# TYPE "));
    put(out, name);
    buf_char(out, ' ');
    put(out, kind);
    buf_char(out, '\n');
}

static void put_value(struct buf *out, int64_t scaled, int decimals)
{
    buf_char(out, ' ');
    buf_fixed(out, scaled, decimals);
    buf_char(out, '\n');
}

/* A number without labels. */
static void put_one(struct buf *out, const char *name, const char *help, int64_t value)
{
    bool is_total = str_ends(str_from(name), STR("_total"));

    put_head(out, str_from(name), is_total ? STR("counter") : STR("gauge"), str_from(help));
    put(out, str_from(name));
    put_value(out, value, 0);
}

static void put_labelled(struct buf *out, str name, str label, str word)
{
    put(out, name);
    buf_char(out, '{');
    put(out, label);
    put(out, STR("=\""));
    put(out, word);
    put(out, STR("\"}"));
}

static void put_refusals(struct buf *out, const struct http_counts *counts)
{
    const str name = STR("wancun_http_refused_total");

    put_head(out, name, STR("counter"), STR("Requests the door refused, by limit."));
    for (int i = 0; i < HTTP_LIMIT_COUNT; i++) {
        put_labelled(out, name, STR("limit"), HTTP_LIMITS[i].name);
        put_value(out, counts->refused[i], 0);
    }
}

static void put_waits(struct buf *out, const struct http_counts *counts)
{
    const str name = STR("wancun_http_request_duration_seconds");
    char digits[NUM_TEXT_MAX];
    int64_t sum = 0;

    put_head(out, name, STR("histogram"), STR("From the head read to the answer sent."));
    for (int i = 0; i < HTTP_WAIT_BUCKETS; i++) {
        sum += counts->waits[i];
        put_labelled(out, STR("wancun_http_request_duration_seconds_bucket"), STR("le"),
                     i < HTTP_WAIT_BUCKETS - 1 ? num_print(digits, HTTP_WAIT_ENDS_US[i], 6)
                                               : STR("+Inf"));
        put_value(out, sum, 0);
    }
    put(out, STR("wancun_http_request_duration_seconds_sum"));
    put_value(out, counts->wait_us, 6);
    put(out, STR("wancun_http_request_duration_seconds_count"));
    put_value(out, sum, 0);
}

static void put_route(struct buf *out, const struct log_count *count, str name)
{
    put(out, name);
    put(out, STR("{method=\""));
    put(out, count->method);
    put(out, STR("\",route=\""));
    put(out, count->path);
    put(out, STR("\""));
}

static int64_t requests_of(const struct log_count *count)
{
    int64_t sum = 0;

    for (int i = 0; i < LOG_CLASSES; i++) {
        sum += count->by_class[i];
    }
    return sum;
}

/* Routes that nobody has asked yet are left out. */
static void put_requests(struct buf *out, struct log *log)
{
    static const str CLASSES[LOG_CLASSES] = {STR_INIT("cut"), STR_INIT("1xx"), STR_INIT("2xx"),
                                             STR_INIT("3xx"), STR_INIT("4xx"), STR_INIT("5xx")};
    const str name = STR("wancun_requests_total");
    struct log_count count;

    put_head(out, name, STR("counter"), STR("Requests by route and class of status."));
    for (int i = 0; i < log_count_places(); i++) {
        log_count(log, i, &count);
        for (int c = 0; c < LOG_CLASSES; c++) {
            if (count.by_class[c] > 0) {
                put_route(out, &count, name);
                put(out, STR(",class=\""));
                put(out, CLASSES[c]);
                put(out, STR("\"}"));
                put_value(out, count.by_class[c], 0);
            }
        }
    }
}

static void put_seconds(struct buf *out, struct log *log, str name, bool is_cpu)
{
    struct log_count count;

    put_head(out, name, STR("counter"),
             is_cpu ? STR("CPU time of handlers by route.") : STR("Time to answer by route."));
    for (int i = 0; i < log_count_places(); i++) {
        log_count(log, i, &count);
        if (requests_of(&count) > 0) {
            put_route(out, &count, name);
            put(out, STR("}"));
            put_value(out, is_cpu ? count.cpu_us : count.wait_us, 6);
        }
    }
}

/* Resident memory in bytes, as the kernel tells it; 0 where it does not. */
static int64_t resident_bytes(void)
{
    char text[STATUS_MAX] = "";
    int64_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    str words = {0};
    str word = {0};

    if (file == NULL) {
        return 0;
    }
    words = str_from(fgets(text, sizeof(text), file) != NULL ? text : "");
    (void)fclose(file);
    (void)str_cut(&words, ' ', &word);
    bool is_there = str_cut(&words, ' ', &word) && num_parse_int(word, 0, INT64_MAX >> 20, &pages);
    return is_there ? pages * sysconf(_SC_PAGESIZE) : 0;
}

static void put_process(struct buf *out, const struct metrics *metrics)
{
    put_head(out, STR("wancun_build_info"), STR("gauge"), STR("The program's version."));
    put_labelled(out, STR("wancun_build_info"), STR("version"), STR(WANCUN_VERSION));
    put_value(out, 1, 0);
    put_one(out, "wancun_start_time_seconds", "When the server began.", metrics->begun_ms / 1000);
    put_one(out, "process_resident_memory_bytes", "Resident memory.", resident_bytes());
    put_head(out, STR("process_cpu_seconds_total"), STR("counter"), STR("CPU time used."));
    put(out, STR("process_cpu_seconds_total"));
    put_value(out, clock_cpu_us(), 6);
    put_one(out, "wancun_log_dropped_total", "Lines of the log that nobody took.",
            log_dropped(metrics->server->log));
}

static void put_door(struct buf *out, const struct http_counts *counts)
{
    put_one(out, "wancun_http_received_bytes_total", "Bytes of bodies received.", counts->bytes_in);
    put_one(out, "wancun_http_sent_bytes_total", "Bytes of bodies sent.", counts->bytes_out);
    put_one(out, "wancun_http_open_connections", "Connections.", counts->open_connections);
    put_one(out, "wancun_http_open_requests", "Requests in hand.", counts->open_requests);
    put_one(out, "wancun_http_open_events", "Streams of events.", counts->open_events);
    put_one(out, "wancun_http_queued", "Requests that wait for a worker.", counts->queued);
    put_one(out, "wancun_http_busy_workers", "Workers at work.", counts->busy_workers);
    put_refusals(out, counts);
    put_waits(out, counts);
}

static str text_of(struct metrics *metrics, struct arena *arena)
{
    struct log *log = metrics->server->log;
    struct http_counts counts = {0};
    struct buf out;
    str text = {0};

    buf_init(&out, arena, TEXT_BYTES_MAX);
    http_count(metrics->server->http, &counts);
    put_process(&out, metrics);
    put_door(&out, &counts);
    put_requests(&out, log);
    put_seconds(&out, log, STR("wancun_request_seconds_total"), false);
    put_seconds(&out, log, STR("wancun_request_cpu_seconds_total"), true);
    MUST(buf_done(&out, &text));
    return text;
}

static void handle(void *self, struct http_request *request)
{
    bool is_known = request->method <= HTTP_HEAD && request->segment_count == 1 &&
                    str_equal(request->segments[0], STR("metrics"));
    struct http_answer answer = {.status = 404};

    if (is_known) {
        answer = (struct http_answer){
            .status = 200,
            .type = STR("text/plain; version=0.0.4; charset=utf-8"),
            .body = text_of(self, request->arena),
        };
    }
    http_answer(request, &answer);
}

static void begin(void *self, struct http_request *request, struct http_plan *plan)
{
    (void)self;
    (void)request;
    plan->is_unmetered = true;
}

enum rc metrics_open(struct server *server, str listen, struct metrics **out, struct err *err)
{
    struct metrics *metrics = ARENA_NEW(&server->arena, struct metrics, 1);
    const struct http_opts opts = {
        .listen = listen,
        .loops = 1,
        .workers = 1,
        .queue_max = 1,
        .spool = server->opts.spool,
        .self = metrics,
        .begin = begin,
        .handle = handle,
    };

    if (!address_is_local(listen)) {
        return err_set(err, RC_INVALID, MSG_WEB_METRICS, arg_text(listen));
    }
    *metrics = (struct metrics){.server = server, .begun_ms = clock_now_ms()};
    enum rc rc = http_open(&opts, &metrics->http, err);
    if (rc == RC_OK) {
        *out = metrics;
    }
    return rc;
}

void metrics_close(struct metrics *metrics)
{
    if (metrics != NULL) {
        (void)http_close(metrics->http, STOP_MS);
    }
}

int metrics_port(const struct metrics *metrics)
{
    return http_port(metrics->http);
}
