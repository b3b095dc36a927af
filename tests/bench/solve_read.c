/* From a problem file to the solver's words, for problems of which only a file is at hand. */
#include "solve_read.h"

#include <stdio.h>

#include "format/problem/problem.h"

enum { BYTES_MAX = 64 << 20 };

static enum rc take_resource(void *self, const struct problem_resource *resource)
{
    static const enum solve_sense SENSES[] = {
        [PROBLEM_AT_MOST] = SOLVE_AT_MOST,
        [PROBLEM_AT_LEAST] = SOLVE_AT_LEAST,
        [PROBLEM_EQUAL] = SOLVE_EQUAL,
    };

    return solve_row(self, SENSES[resource->sense], resource->limit);
}

static enum rc take_group(void *self, int block)
{
    return solve_group(self, block);
}

static enum rc take_option(void *self, int64_t value, const struct problem_use *uses, int count)
{
    struct solve_use use[PROBLEM_OPTION_USES_MAX];

    for (int i = 0; i < count; i++) {
        use[i] = (struct solve_use){uses[i].resource, uses[i].amount};
    }
    return solve_option(self, value, use, count);
}

static enum rc take_fixed(void *self, int option)
{
    return solve_fix(self, option);
}

static enum rc take_forbidden(void *self, int option)
{
    return solve_forbid(self, option);
}

/* The whole file; the bench stops where there is none. */
static str bytes_of(const char *path, struct arena *arena)
{
    char *bytes = ARENA_NEW(arena, char, BYTES_MAX);
    FILE *file = fopen(path, "rb");

    MUST(file != NULL);
    size_t len = fread(bytes, 1, BYTES_MAX, file);
    MUST(len < BYTES_MAX && fclose(file) == 0);
    return (str){bytes, len};
}

enum rc read_problem(const char *path, struct arena *arena, struct err *err,
                     struct solve_problem *out)
{
    struct solve_builder *builder = solve_begin(arena, err);
    const struct problem_sink sink = {builder,     take_resource, take_group,
                                      take_option, take_fixed,    take_forbidden};
    struct problem_names names;

    TRY(problem_read(bytes_of(path, arena), str_from(path), &sink, arena, &names, err));
    return solve_end(builder, out);
}
