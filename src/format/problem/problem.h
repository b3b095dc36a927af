/* A problem of choice as a file (docs/schemas/problem.json): JSON, or NDJSON with the resources on
 * its first line and a group on every other. Read token by token and handed on option by option;
 * only the names stay in memory. */
#ifndef FORMAT_PROBLEM_PROBLEM_H
#define FORMAT_PROBLEM_PROBLEM_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum {
    PROBLEM_JSON_BYTES_MAX = 16 << 20, /* more than this is written as NDJSON */
    PROBLEM_RESOURCES_MAX = 65536,
    PROBLEM_GROUPS_MAX = 1000 * 1000,
    PROBLEM_OPTIONS_MAX = 300 * 1000, /* what is solved in 2 GiB */
    PROBLEM_GROUP_OPTIONS_MAX = 4096,
    PROBLEM_OPTION_USES_MAX = 256,
    PROBLEM_USES_MAX = 1300 * 1000,
    PROBLEM_DECIMALS_MAX = 9,
};

#define PROBLEM_NUMBER_MAX ((int64_t)1 << 53)

enum problem_sense { PROBLEM_AT_MOST, PROBLEM_AT_LEAST, PROBLEM_EQUAL };

struct problem_resource {
    str id;
    enum problem_sense sense;
    int64_t limit;
    int decimals; /* 10^decimals of its whole numbers make one */
};

struct problem_use {
    int resource;
    int64_t amount;
};

/* Who takes the problem: every resource, then group by group its options from 0 and what is fixed
 * or forbidden of them. Groups of the same block lie in one county. */
struct problem_sink {
    void *self;
    enum rc (*resource)(void *self, const struct problem_resource *resource);
    enum rc (*group)(void *self, int block);
    enum rc (*option)(void *self, int64_t value, const struct problem_use *uses, int count);
    enum rc (*fix)(void *self, int option);
    enum rc (*forbid)(void *self, int option);
};

/* The names, given or counted from "0", and what numbers mean. */
struct problem_names {
    int decimals; /* of values */
    const struct problem_resource *resources;
    int resource_count;
    const str *groups;
    const int *first; /* [groups + 1] the options of group g: first[g]…first[g+1]-1 */
    int group_count;
    const str *options;
};

/* `file` names the source in messages; `.ndjson` at its end makes it NDJSON. The names live as long
 * as `bytes` and `arena`. RC_INVALID with file, line, column and what is wrong there; RC_LIMIT for
 * a limit above; or with what a callback answered. */
MUST_CHECK enum rc problem_read(str bytes, str file, const struct problem_sink *sink,
                                struct arena *arena, struct problem_names *out, struct err *err);

#endif
