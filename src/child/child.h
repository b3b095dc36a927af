/* Child processes with limits: time, memory, output. They are started by a helper, a small process
 * of one thread forked before the program has any other, so that no lock of a thread is ever
 * copied into a child. */
#ifndef CHILD_CHILD_H
#define CHILD_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { CHILD_ARGS_MAX = 64, CHILD_ARGS_BYTES_MAX = 8 * 1024 };

struct child_limits {
    int64_t time_ms;    /* from start to end, by the clock */
    int64_t memory_max; /* bytes of address space; 0: no limit */
    int64_t output_max; /* bytes of output, and as many of errors */
    /* Asked some times a second: is it wanted no more? NULL: it always is. */
    bool (*is_stopped)(void *self);
    void *self; /* of is_stopped */
};

enum child_end {
    CHILD_EXITED,    /* by itself; see exit_code */
    CHILD_SIGNALLED, /* by a signal that is not ours: out of memory, a fault of its own */
    CHILD_TIMED_OUT, /* killed by us at its time limit, with everything it had started */
    CHILD_FLOODED,   /* killed by us because it wrote more than output_max */
    CHILD_STOPPED,   /* killed by us, or never started, because it was wanted no more */
    CHILD_UNFOUND,   /* no such program, or it may not be run */
};

struct child_result {
    enum child_end end;
    int exit_code;
    int signal;
    str output; /* what there was of it until the end */
    str errors;
    int64_t time_ms;
};

/* Fork the helper. Once, at the program's start, before any thread. RC_BROKEN: the system refuses
 * a process. */
MUST_CHECK enum rc child_helper_start(struct err *err);
/* End the helper and what it may still run. */
void child_helper_stop(void);

/* Run argv[0] (found on PATH; argv ends with NULL) with `input` on its standard input. What the
 * program did, a failure included, is in `out`: its output lives in `arena`. One child at a time:
 * a second caller waits. RC_LIMIT: too many arguments. RC_BROKEN: the helper is gone. */
MUST_CHECK enum rc child_run(const char *const argv[], str input, const struct child_limits *limits,
                             struct arena *arena, struct child_result *out, struct err *err);

#endif
