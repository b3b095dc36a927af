/* What the program and its helper say to each other over their socket. */
#ifndef CHILD_CHILD_IN_H
#define CHILD_CHILD_IN_H

#include <stdint.h>

#include "child/child.h"

enum { CHILD_FDS = 3 };

/* Program to helper: start this, with the three descriptors sent along; or kill what runs. */
struct child_order {
    enum { CHILD_START, CHILD_KILL } kind;
    int64_t memory_max;
    int64_t time_ms;
    int args;
    char bytes[CHILD_ARGS_BYTES_MAX]; /* the arguments, each ended by a zero */
};

/* Helper to program: it has ended. */
struct child_report {
    bool started;
    int status; /* of waitpid */
};

/* The helper's life; returns when the program closes its end. */
_Noreturn void child_helper(int socket);

#endif
