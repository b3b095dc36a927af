/* What the files of this room share. */
#ifndef WEB_SERVER_IN_H
#define WEB_SERVER_IN_H

#include <stdatomic.h>

#include "web/call.h"
#include "web/jobs.h"
#include "web/metrics.h"
#include "web/server.h"
#include "web/writer.h"

enum { LOOPS = 2, WORKERS = 4, QUEUE_MAX = 64, LANES = LOOPS + WORKERS + JOB_THREADS };

struct known;
struct owner;

struct server {
    struct arena arena;
    struct server_opts opts;
    struct http_server *http;
    struct metrics *metrics;
    struct log *log;
    struct home *readers[LANES]; /* by lane: a connection belongs to one thread */
    struct home *home;           /* the writer's */
    struct writer *writer;
    struct jobs *jobs;
    struct owner *owner;        /* NULL: nobody comes in by a key */
    struct known *known[LOOPS]; /* what each loop remembers */
    _Atomic int64_t version;    /* of the data: raised after each commit, before it is answered */
};

#endif
