/* Any bytes as a problem file, as JSON and as NDJSON: names that fit what was handed on, or an
 * outcome with a message. */
#include <stdint.h>

#include "base/msg.h"
#include "base/utf8.h"
#include "format/problem/problem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct counted {
    int resources;
    int groups;
    int options;
    int group_options;
};

static enum rc take_resource(void *self, const struct problem_resource *resource)
{
    struct counted *counted = self;

    MUST(resource->limit <= PROBLEM_NUMBER_MAX && resource->limit >= -PROBLEM_NUMBER_MAX);
    MUST(resource->decimals >= 0 && resource->decimals <= PROBLEM_DECIMALS_MAX);
    counted->resources++;
    return RC_OK;
}

static enum rc take_group(void *self, int block)
{
    struct counted *counted = self;

    MUST(block >= 0);
    counted->groups++;
    counted->group_options = 0;
    return RC_OK;
}

static enum rc take_option(void *self, int64_t value, const struct problem_use *uses, int count)
{
    struct counted *counted = self;

    MUST(value <= PROBLEM_NUMBER_MAX && value >= -PROBLEM_NUMBER_MAX);
    for (int i = 0; i < count; i++) {
        MUST(uses[i].resource >= 0 && uses[i].resource < counted->resources);
    }
    counted->options++;
    counted->group_options++;
    return RC_OK;
}

static enum rc take_choice(void *self, int option)
{
    const struct counted *counted = self;

    MUST(option >= 0 && option < counted->group_options);
    return RC_OK;
}

static void check_names(const struct problem_names *names, const struct counted *counted)
{
    MUST(names->resource_count == counted->resources && names->group_count == counted->groups);
    MUST(names->group_count == 0 || names->first[names->group_count] == counted->options);
    for (int g = 0; g < names->group_count; g++) {
        MUST(names->groups[g].len > 0 && utf8_is_valid(names->groups[g]));
        MUST(names->first[g] < names->first[g + 1]);
    }
    for (int o = 0; o < counted->options; o++) {
        MUST(names->options[o].len > 0 && utf8_is_valid(names->options[o]));
    }
}

static void check_err(struct arena *arena, const struct err *err)
{
    struct buf out;
    str said = {0};

    buf_init(&out, arena, 65536);
    err_put(&out, LANG_ZH, err);
    MUST(buf_done(&out, &said) && said.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const str files[] = {STR("a.json"), STR("a.ndjson")};

    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct counted counted = {0};
        struct problem_names names = {0};
        struct arena arena;
        struct err err = {0};
        const struct problem_sink sink = {&counted,    take_resource, take_group,
                                          take_option, take_choice,   take_choice};
        arena_init(&arena, ARENA_JOB_MAX);
        if (problem_read((str){(const char *)data, size}, files[i], &sink, &arena, &names, &err) ==
            RC_OK) {
            check_names(&names, &counted);
        } else {
            check_err(&arena, &err);
        }
        arena_done(&arena);
    }
    return 0;
}
