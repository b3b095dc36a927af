/* Routes by their first segment. */
#include "http/test_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/num.h"
#include "http/asset.h"

enum { TEXT_MAX = 256 * 1024 };

static const struct http_asset ASSETS[] = {
    {STR_INIT("/app.js"), STR_INIT("text/javascript"), STR_INIT("let plain"), STR_INIT("GZIPPED"),
     STR_INIT("BROTLI"), STR_INIT("abc"), true},
    {STR_INIT("/index.html"), STR_INIT("text/html; charset=utf-8"), STR_INIT("<p>"), STR_INIT(""),
     STR_INIT(""), STR_INIT("def"), false},
};

static str first_of(const struct http_request *request)
{
    return request->segment_count > 0 ? request->segments[0] : STR("");
}

static int64_t number_of(const struct http_request *request, str name)
{
    str text = {0};
    int64_t number = 0;

    (void)(http_query(request, name, &text) && num_parse_int(text, 0, INT64_MAX, &number));
    return number;
}

static void say(struct http_request *request, int status, str text)
{
    http_answer(request, &(struct http_answer){
                             .status = status,
                             .type = STR("text/plain; charset=utf-8"),
                             .body = arena_str(request->arena, text),
                         });
}

/* What was read of the request, one fact a line. */
static void show(struct http_request *request)
{
    struct buf out;
    str text = {0};

    buf_init(&out, request->arena, TEXT_MAX);
    for (int i = 0; i < request->segment_count; i++) {
        buf_put(&out, STR("segment "));
        buf_put(&out, request->segments[i]);
        buf_char(&out, '\n');
    }
    buf_put(&out, request->has_slash ? STR("slash\n") : STR(""));
    for (int i = 0; i < request->query_count; i++) {
        buf_put(&out, request->query[i].name);
        buf_char(&out, '=');
        buf_put(&out, request->query[i].value);
        buf_char(&out, '\n');
    }
    buf_put(&out, STR("cookie "));
    buf_put(&out, http_cookie(request, STR("wc")));
    buf_put(&out, STR("\npeer "));
    buf_put(&out, request->peer);
    buf_put(&out, STR("\nkind "));
    buf_put(&out, http_header(request, STR("x-kind")));
    buf_put(&out, STR("\nbytes "));
    buf_int(&out, request->body_len);
    buf_put(&out, STR(" "));
    buf_put(&out, request->body);
    (void)buf_done(&out, &text);
    say(request, 200, text);
}

static void begin(void *self, struct http_request *request, struct http_plan *plan)
{
    struct bench *bench = self;
    str first = first_of(request);

    (void)pthread_mutex_lock(&bench->lock);
    bench->begun++;
    (void)pthread_mutex_unlock(&bench->lock);
    request->user = bench;
    request->route = 7;
    plan->session = http_cookie(request, STR("session"));
    plan->is_slow = str_equal(first, STR("slow")) || str_equal(first, STR("give")) ||
                    str_equal(first, STR("ticks"));
    if (str_equal(first, STR("show"))) {
        plan->body = HTTP_BODY_MEMORY;
        plan->body_max = INT64_C(64) * 1024;
    } else if (str_equal(first, STR("spool"))) {
        plan->body = HTTP_BODY_SPOOL;
        plan->body_max = ARENA_MIB;
        plan->is_slow = true;
    } else if (str_equal(first, STR("take"))) {
        plan->body = HTTP_BODY_STREAM;
        plan->body_max = INT64_C(1024) * 1024 * 1024;
    } else if (str_equal(first, STR("asset"))) {
        plan->is_unmetered = true;
    } else if (str_equal(first, STR("denied"))) {
        say(request, 401, STR("who are you"));
    }
}

static void sleep_ms(int64_t ms)
{
    const struct timespec wait = {ms / 1000, ms % 1000 * 1000000};

    (void)nanosleep(&wait, NULL);
}

static void spool(struct http_request *request)
{
    static char bytes[1024 * 1024];
    char text[NUM_TEXT_MAX];
    int64_t sum = 0;
    ssize_t len = read(request->body_file, bytes, sizeof(bytes));

    for (ssize_t i = 0; i < len; i++) {
        sum += bytes[i];
    }
    say(request, 200, num_print(text, sum, 0));
}

static void take(struct http_request *request)
{
    struct bench *bench = request->user;
    char bytes[8 * 1024];
    char text[NUM_TEXT_MAX];
    int64_t sum = 0;
    int64_t got = 0;
    int64_t pause_ms = number_of(request, STR("pause"));

    while ((got = http_read(request, bytes, sizeof(bytes))) > 0) {
        sum += got;
        if (pause_ms > 0) {
            sleep_ms(pause_ms);
        }
    }
    (void)pthread_mutex_lock(&bench->lock);
    (void)snprintf(bench->note, sizeof(bench->note), "%s", got < 0 ? "broken" : "whole");
    (void)pthread_mutex_unlock(&bench->lock);
    say(request, got < 0 ? 400 : 200, num_print(text, sum, 0));
}

static void give(struct http_request *request)
{
    struct bench *bench = request->user;
    char bytes[10000];
    int64_t left = number_of(request, STR("bytes"));
    bool is_well = true;

    memset(bytes, 'x', sizeof(bytes));
    http_stream_begin(request, &(struct http_answer){.status = 200, .type = STR("text/csv")});
    while (left > 0 && is_well) {
        size_t len = left < (int64_t)sizeof(bytes) ? (size_t)left : sizeof(bytes);
        is_well = http_write(request, (str){bytes, len});
        left -= (int64_t)len;
    }
    (void)pthread_mutex_lock(&bench->lock);
    (void)snprintf(bench->note, sizeof(bench->note), "%s", is_well ? "whole" : "gone");
    (void)pthread_mutex_unlock(&bench->lock);
    http_stream_end(request, number_of(request, STR("break")) == 0);
}

static void file(struct http_request *request)
{
    int fd = open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    (void)!write(fd, "file bytes", 10);
    http_answer(request, &(struct http_answer){
                             .status = 200,
                             .type = STR("application/vnd.ms-excel"),
                             .has_file = true,
                             .file = fd,
                             .file_len = 10,
                             .download = STR("村庄 \"一\".xlsx"),
                             .is_foreign = true,
                             .etag = STR("f1"),
                             .cache = HTTP_REVALIDATE,
                         });
}

static void keep(struct http_request *request)
{
    struct bench *bench = request->user;

    (void)pthread_mutex_lock(&bench->lock);
    bench->kept = request;
    (void)pthread_mutex_unlock(&bench->lock);
}

static void later(struct http_request *request)
{
    http_defer(request);
    keep(request);
}

static void events(struct http_request *request)
{
    if (http_events_begin(request)) {
        keep(request);
    }
}

/* How many workers are at work. */
static void busy(struct http_request *request)
{
    struct http_counts counts = {0};
    char text[NUM_TEXT_MAX];

    http_count(request->server, &counts);
    say(request, 200, num_print(text, counts.busy_workers, 0));
}

/* Two events, a second apart. */
static void ticks(struct http_request *request)
{
    if (http_events_begin(request)) {
        (void)http_events_push(request, &(struct http_event){.data = STR("first")});
        sleep_ms(1000);
        (void)http_events_push(request, &(struct http_event){.data = STR("second")});
        http_events_end(request);
    }
}

static void asset(struct http_request *request)
{
    str path = {0};

    if (!http_query(request, STR("path"), &path) ||
        !http_answer_asset(request, ASSETS, COUNT_OF(ASSETS), path)) {
        say(request, 404, STR("no"));
    }
}

static void slow(struct http_request *request)
{
    sleep_ms(number_of(request, STR("ms")));
    show(request);
}

static void hello(struct http_request *request)
{
    http_answer(request, &(struct http_answer){
                             .status = 200,
                             .type = STR("application/json"),
                             .body = STR("{\"hello\":\"world\"}"),
                             .etag = STR("h1"),
                             .has_cookie = true,
                             .cookie = {STR("wc"), STR("token"), -1},
                         });
}

static void broken_header(struct http_request *request)
{
    http_answer(request, &(struct http_answer){.status = 200, .location = STR("/a\r\nX: y")});
}

static void forget(struct http_request *request)
{
    (void)request;
}

static const struct {
    str name;
    void (*run)(struct http_request *request);
} ROUTES[] = {
    {STR_INIT("busy"), busy},     {STR_INIT("ticks"), ticks},
    {STR_INIT("show"), show},     {STR_INIT("spool"), spool},
    {STR_INIT("take"), take},     {STR_INIT("give"), give},
    {STR_INIT("file"), file},     {STR_INIT("later"), later},
    {STR_INIT("events"), events}, {STR_INIT("asset"), asset},
    {STR_INIT("slow"), slow},     {STR_INIT("hello"), hello},
    {STR_INIT("forget"), forget}, {STR_INIT("header"), broken_header},
};

static void handle(void *self, struct http_request *request)
{
    struct bench *bench = self;

    (void)pthread_mutex_lock(&bench->lock);
    bench->handled++;
    (void)pthread_mutex_unlock(&bench->lock);
    for (size_t i = 0; i < COUNT_OF(ROUTES); i++) {
        if (str_equal(first_of(request), ROUTES[i].name)) {
            ROUTES[i].run(request);
            return;
        }
    }
    say(request, 404, STR("nothing here"));
}

static void refuse(void *self, struct http_request *request, enum http_limit why,
                   struct http_answer *answer)
{
    const struct bench *bench = self;

    (void)request;
    if (bench->is_loud) {
        answer->type = STR("application/problem+json");
        answer->body = HTTP_LIMITS[why].name;
    }
}

static void log_line(void *self, const struct http_line *line)
{
    struct bench *bench = self;

    (void)pthread_mutex_lock(&bench->lock);
    bench->last = *line;
    bench->lines++;
    (void)pthread_mutex_unlock(&bench->lock);
}

void bench_init(struct bench *bench)
{
    *bench = (struct bench){0};
    (void)pthread_mutex_init(&bench->lock, NULL);
    bench->limits = http_limits_default();
    bench->limits.of[HTTP_ADDRESS_RATE] = 100000;
    bench->limits.of[HTTP_ADDRESS_BURST] = 100000;
    bench->is_loud = true;
    bench->opts = (struct http_opts){
        .listen = STR("127.0.0.1:0"),
        .loops = 2,
        .workers = 2,
        .queue_max = 4,
        .limits = &bench->limits,
        .spool = STR("/dev/shm"),
        .self = bench,
        .begin = begin,
        .handle = handle,
        .refuse = refuse,
        .log = log_line,
    };
}

void bench_open(struct bench *bench)
{
    MUST(http_open(&bench->opts, &bench->server, &bench->err) == RC_OK);
    bench->port = http_port(bench->server);
}

int bench_close(struct bench *bench, int64_t wait_ms)
{
    int cut = http_close(bench->server, wait_ms);

    bench->server = NULL;
    return cut;
}

int bench_begin(void **state)
{
    struct bench *bench = *state;

    bench_init(bench);
    bench_open(bench);
    return 0;
}

int bench_end(void **state)
{
    struct bench *bench = *state;

    return bench->server == NULL ? 0 : bench_close(bench, 2000);
}

struct http_request *bench_kept(struct bench *bench)
{
    struct http_request *kept = NULL;

    for (int i = 0; i < 5000 && kept == NULL; i++) {
        (void)pthread_mutex_lock(&bench->lock);
        kept = bench->kept;
        bench->kept = NULL;
        (void)pthread_mutex_unlock(&bench->lock);
        sleep_ms(kept == NULL ? 1 : 0);
    }
    MUST(kept != NULL);
    return kept;
}

void bench_wait_lines(struct bench *bench, int lines)
{
    int seen = 0;

    for (int i = 0; i < 5000 && seen < lines; i++) {
        (void)pthread_mutex_lock(&bench->lock);
        seen = bench->lines;
        (void)pthread_mutex_unlock(&bench->lock);
        sleep_ms(seen < lines ? 1 : 0);
    }
    MUST(seen >= lines);
}
