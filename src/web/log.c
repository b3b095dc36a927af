/* Lines of the log, and counts by route. */
#include "web/log.h"

#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/num.h"
#include "web/route.h"

enum { LINE_BYTES = 512, PLACES_BEFORE = 2, SLOW_US = LOG_SLOW_MS * 1000 };

struct count {
    _Atomic int64_t by_class[LOG_CLASSES];
    _Atomic int64_t wait_us;
    _Atomic int64_t cpu_us;
};

struct log {
    enum log_level level;
    struct count *counts; /* assets, what has no route, routes */
    _Atomic int64_t dropped;
};

static const str LEVELS[LOG_LEVELS] = {STR_INIT("error"), STR_INIT("warn"), STR_INIT("info")};
static const str METHODS[] = {
    [HTTP_GET] = STR_INIT("GET"),         [HTTP_HEAD] = STR_INIT("HEAD"),
    [HTTP_POST] = STR_INIT("POST"),       [HTTP_PUT] = STR_INIT("PUT"),
    [HTTP_PATCH] = STR_INIT("PATCH"),     [HTTP_DELETE] = STR_INIT("DELETE"),
    [HTTP_OPTIONS] = STR_INIT("OPTIONS"),
};

enum log_level log_level_by_name(str name)
{
    int i = 0;

    while (i < LOG_LEVELS && !str_equal(LEVELS[i], name)) {
        i++;
    }
    return (enum log_level)i;
}

struct log *log_open(struct arena *arena, enum log_level level)
{
    struct log *log = ARENA_NEW(arena, struct log, 1);

    log->level = level;
    log->counts = ARENA_NEW(arena, struct count, (size_t)log_count_places());
    return log;
}

/* One line on its way: all that is put into it is the program's own and needs no escape. */
struct line {
    size_t len;
    char at[LINE_BYTES];
};

static void put(struct line *line, str text)
{
    MUST(line->len + text.len <= LINE_BYTES);
    memcpy(line->at + line->len, text.at, text.len);
    line->len += text.len;
}

static void put_number(struct line *line, str key, int64_t scaled, int decimals)
{
    char digits[NUM_TEXT_MAX];

    put(line, STR(",\""));
    put(line, key);
    put(line, STR("\":"));
    put(line, num_print(digits, scaled, decimals));
}

static void put_text(struct line *line, str key, str text)
{
    put(line, STR(",\""));
    put(line, key);
    put(line, STR("\":\""));
    put(line, str_part(text, 0, LINE_BYTES / 4));
    put(line, STR("\""));
}

static void put_digits(struct line *line, int64_t number, size_t count)
{
    char digits[NUM_TEXT_MAX];

    for (size_t i = count; i > 0; i--) {
        digits[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    put(line, (str){digits, count});
}

/* {"time":"2026-11-24T01:02:03.456Z","level":"info" */
static void begin(struct line *line, enum log_level level)
{
    int64_t now = clock_now_ms();
    int32_t key = date_key(date_of_moment(now, 0));
    int64_t of_day = now % 86400000;

    line->len = 0;
    put(line, STR("{\"time\":\""));
    put_digits(line, key / 10000, 4);
    put(line, STR("-"));
    put_digits(line, key / 100 % 100, 2);
    put(line, STR("-"));
    put_digits(line, key % 100, 2);
    put(line, STR("T"));
    put_digits(line, of_day / 3600000, 2);
    put(line, STR(":"));
    put_digits(line, of_day / 60000 % 60, 2);
    put(line, STR(":"));
    put_digits(line, of_day / 1000 % 60, 2);
    put(line, STR("."));
    put_digits(line, of_day % 1000, 3);
    put(line, STR("Z\""));
    put_text(line, STR("level"), LEVELS[level]);
}

/* In one write, so that lines of several threads do not mix; a reader that is gone or does not
 * read keeps nobody waiting for more than that. */
static void end(struct log *log, struct line *line)
{
    put(line, STR("}\n"));
    if (write(STDERR_FILENO, line->at, line->len) != (ssize_t)line->len) {
        (void)atomic_fetch_add_explicit(&log->dropped, 1, memory_order_relaxed);
    }
}

static void add(_Atomic int64_t *count, int64_t by)
{
    (void)atomic_fetch_add_explicit(count, by, memory_order_relaxed);
}

static void count_request(struct log *log, const struct http_line *line)
{
    struct count *count = &log->counts[line->route + PLACES_BEFORE];

    add(&count->by_class[line->is_cut ? 0 : line->status / 100 % LOG_CLASSES], 1);
    add(&count->wait_us, line->wait_us);
    add(&count->cpu_us, line->cpu_us);
}

static bool is_slow(const struct http_line *line)
{
    return line->wait_us >= SLOW_US && !line->is_events;
}

static enum log_level level_of(const struct http_line *line)
{
    if (line->status >= 500 && line->status != 503) {
        return LOG_ERROR;
    }
    bool is_notable = line->status == 503 || line->status == 429 || line->is_cut || is_slow(line);
    return is_notable ? LOG_WARN : LOG_INFO;
}

static str path_of(int route)
{
    if (route == LOG_ROUTE_ASSET) {
        return STR("(asset)");
    }
    return route < 0 ? STR("(none)") : str_from(ROUTES[route].path);
}

void log_request(struct log *log, const struct http_line *line)
{
    enum log_level level = level_of(line);
    struct line text;

    count_request(log, line);
    if (level > log->level) {
        return;
    }
    begin(&text, level);
    put_text(&text, STR("event"), is_slow(line) ? STR("slow") : STR("request"));
    put_number(&text, STR("request"), line->id, 0);
    put_text(&text, STR("method"), METHODS[line->method]);
    put_text(&text, STR("route"), path_of(line->route));
    put_number(&text, STR("status"), line->status, 0);
    put_number(&text, STR("bytes_in"), line->bytes_in, 0);
    put_number(&text, STR("bytes_out"), line->bytes_out, 0);
    put_number(&text, STR("ms"), line->wait_us, 3);
    put_number(&text, STR("cpu_ms"), line->cpu_us, 3);
    if (line->is_cut) {
        put(&text, STR(",\"cut\":true"));
    }
    end(log, &text);
}

void log_event(struct log *log, enum log_level level, str event, str detail)
{
    struct line text;

    if (level > log->level) {
        return;
    }
    begin(&text, level);
    put_text(&text, STR("event"), event);
    put_text(&text, STR("detail"), detail);
    end(log, &text);
}

void log_problem(struct log *log, int64_t request, str code)
{
    struct line text;

    begin(&text, LOG_ERROR);
    put_text(&text, STR("event"), STR("problem"));
    put_number(&text, STR("request"), request, 0);
    put_text(&text, STR("code"), code);
    end(log, &text);
}

int log_count_places(void)
{
    return ROUTE_COUNT + PLACES_BEFORE;
}

void log_count(struct log *log, int place, struct log_count *out)
{
    struct count *count = &log->counts[place];
    int route = place - PLACES_BEFORE;

    *out = (struct log_count){
        .method = route < 0 ? STR("") : METHODS[ROUTES[route].method],
        .path = path_of(route),
        .wait_us = atomic_load_explicit(&count->wait_us, memory_order_relaxed),
        .cpu_us = atomic_load_explicit(&count->cpu_us, memory_order_relaxed),
    };
    for (int i = 0; i < LOG_CLASSES; i++) {
        out->by_class[i] = atomic_load_explicit(&count->by_class[i], memory_order_relaxed);
    }
}

int64_t log_dropped(struct log *log)
{
    return atomic_load_explicit(&log->dropped, memory_order_relaxed);
}
