/* The log of a server on its standard error: a JSON line for each request and each event, for
 * machines to read. It names routes as the table writes them, never paths, queries, persons or
 * addresses; the number of a request is in its answer too. Also what is counted by route. */
#ifndef WEB_LOG_H
#define WEB_LOG_H

#include "http/http.h"

/* How much is told: only what failed; what was slow, refused for want of room or broken off, too;
 * everything. */
enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_LEVELS };
/* LOG_LEVELS when there is none of that name. */
enum log_level log_level_by_name(str name);

enum { LOG_SLOW_MS = 1000, LOG_CLASSES = 6 };

struct log;
/* Lives in the arena. */
struct log *log_open(struct arena *arena, enum log_level level);

/* From any thread. */
void log_request(struct log *log, const struct http_line *line);
/* Something about the server itself; `detail` is a word of the program, never of its users. */
void log_event(struct log *log, enum log_level level, str event, str detail);
/* A request failed for no fault of whoever asked: `code` is the problem's. */
void log_problem(struct log *log, int64_t request, str code);

/* What a request without a route is counted as. */
enum { LOG_ROUTE_ASSET = -2, LOG_ROUTE_NONE = -1 };
struct log_count {
    str method; /* "" where there is no route */
    str path;
    int64_t by_class[LOG_CLASSES]; /* by the first digit of the status; [0]: broken off */
    int64_t wait_us;
    int64_t cpu_us;
};
/* Every route, and what has none; `place` from 0 to log_count_places() - 1. */
int log_count_places(void);
void log_count(struct log *log, int place, struct log_count *out);
/* Lines that the standard error did not take. */
int64_t log_dropped(struct log *log);

#endif
