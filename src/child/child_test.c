/* Children as they behave and misbehave. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "child/child.h"

static const struct child_limits ROOMY = {
    .time_ms = 20000, .memory_max = 0, .output_max = INT64_C(4) * 1024 * 1024};

struct bench {
    struct arena arena;
    struct err err;
    struct child_result result;
};

static int begin(void **state)
{
    static struct bench bench;

    bench = (struct bench){0};
    arena_init(&bench.arena, ARENA_REQUEST_MAX);
    *state = &bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    arena_done(&bench->arena);
    return 0;
}

static void run(struct bench *bench, const char *const *argv, str input, struct child_limits limits)
{
    assert_int_equal(child_run(argv, input, &limits, &bench->arena, &bench->result, &bench->err),
                     RC_OK);
}

static void shell(struct bench *bench, const char *script, struct child_limits limits)
{
    run(bench, (const char *const[]){"/bin/sh", "-c", script, NULL}, STR(""), limits);
}

static void what_goes_in_comes_out_of_cat(void **state)
{
    struct bench *bench = *state;
    struct buf buf;
    str text = {0};

    buf_init(&buf, &bench->arena, (size_t)ROOMY.output_max);
    for (int i = 0; i < 100000; i++) {
        buf_int(&buf, i);
        buf_char(&buf, '\n');
    }
    assert_true(buf_done(&buf, &text));
    run(bench, (const char *const[]){"/bin/cat", NULL}, text, ROOMY);
    assert_int_equal(bench->result.end, CHILD_EXITED);
    assert_int_equal(bench->result.exit_code, 0);
    assert_true(str_equal(bench->result.output, text));
}

static void exit_code_and_errors_come_back(void **state)
{
    struct bench *bench = *state;

    shell(bench, "echo out; echo bad >&2; exit 7", ROOMY);
    assert_int_equal(bench->result.end, CHILD_EXITED);
    assert_int_equal(bench->result.exit_code, 7);
    assert_true(str_equal(bench->result.output, STR("out\n")));
    assert_true(str_equal(bench->result.errors, STR("bad\n")));
}

static void a_child_that_does_not_read_its_input_is_no_trouble(void **state)
{
    struct bench *bench = *state;
    size_t size = (size_t)1024 * 1024;
    char *bytes = arena_take(&bench->arena, size);

    run(bench, (const char *const[]){"/bin/true", NULL}, (str){bytes, size}, ROOMY);
    assert_int_equal(bench->result.end, CHILD_EXITED);
    assert_int_equal(bench->result.exit_code, 0);
}

static void a_sleeper_is_killed_at_its_time_with_all_it_started(void **state)
{
    struct bench *bench = *state;
    struct child_limits limits = ROOMY;

    limits.time_ms = 200;
    shell(bench, "sleep 60 & echo started; sleep 60", limits);
    assert_int_equal(bench->result.end, CHILD_TIMED_OUT);
    assert_true(bench->result.time_ms < 10000);
    assert_true(str_equal(bench->result.output, STR("started\n")));
}

static bool is_tired(void *self)
{
    int *asked = self;

    return ++*asked > 4;
}

static void a_child_that_is_wanted_no_more_is_killed(void **state)
{
    struct bench *bench = *state;
    struct child_limits limits = ROOMY;
    int asked = 0;

    limits.is_stopped = is_tired;
    limits.self = &asked;
    shell(bench, "sleep 60 & echo started; sleep 60", limits);
    assert_int_equal(bench->result.end, CHILD_STOPPED);
    assert_true(bench->result.time_ms < 10000);
    assert_true(str_equal(bench->result.output, STR("started\n")));
    shell(bench, "echo started", limits);
    assert_int_equal(bench->result.end, CHILD_STOPPED);
    assert_int_equal(bench->result.output.len, 0);
}

static void what_a_child_leaves_behind_does_not_keep_us_waiting(void **state)
{
    struct bench *bench = *state;

    shell(bench, "sleep 60 & echo done", ROOMY);
    assert_int_equal(bench->result.end, CHILD_EXITED);
    assert_true(bench->result.time_ms < 10000);
}

static void a_flood_of_output_is_cut_at_its_limit(void **state)
{
    struct bench *bench = *state;
    struct child_limits limits = ROOMY;

    limits.output_max = 10000;
    shell(bench, "while :; do echo 0123456789; done", limits);
    assert_int_equal(bench->result.end, CHILD_FLOODED);
    assert_int_equal(bench->result.output.len, 10000);
    shell(bench, "while :; do echo 0123456789 >&2; done", limits);
    assert_int_equal(bench->result.end, CHILD_FLOODED);
    assert_int_equal(bench->result.errors.len, 10000);
}

static void memory_beyond_the_limit_is_refused_to_the_child(void **state)
{
    struct bench *bench = *state;
    struct child_limits limits = ROOMY;

    limits.memory_max = INT64_C(64) * 1024 * 1024;
    shell(bench, "ulimit -v", limits);
    assert_true(str_equal(bench->result.output, STR("65536\n")));
    shell(bench, "awk 'BEGIN { s = \"x\"; while (length(s) < 400000000) s = s s }'", limits);
    assert_true(bench->result.end == CHILD_SIGNALLED ||
                (bench->result.end == CHILD_EXITED && bench->result.exit_code != 0));
}

static void a_signal_is_told_from_an_exit(void **state)
{
    struct bench *bench = *state;

    shell(bench, "kill -SEGV $$", ROOMY);
    assert_int_equal(bench->result.end, CHILD_SIGNALLED);
    assert_int_equal(bench->result.signal, 11);
}

static void a_program_that_is_not_there_is_said_to_be_missing(void **state)
{
    struct bench *bench = *state;

    run(bench, (const char *const[]){"no-such-program-anywhere", NULL}, STR(""), ROOMY);
    assert_int_equal(bench->result.end, CHILD_UNFOUND);
}

static void too_many_arguments_are_refused(void **state)
{
    struct bench *bench = *state;
    const char *argv[CHILD_ARGS_MAX + 2];

    for (int i = 0; i <= CHILD_ARGS_MAX; i++) {
        argv[i] = "x";
    }
    argv[CHILD_ARGS_MAX + 1] = NULL;
    assert_int_equal(child_run(argv, STR(""), &ROOMY, &bench->arena, &bench->result, &bench->err),
                     RC_LIMIT);
}

static void the_helper_serves_one_after_the_other(void **state)
{
    struct bench *bench = *state;

    for (int i = 0; i < 50; i++) {
        run(bench, (const char *const[]){"/bin/echo", "again", NULL}, STR(""), ROOMY);
        assert_true(str_equal(bench->result.output, STR("again\n")));
    }
}

static void without_a_helper_there_is_an_error_and_no_child(void **state)
{
    struct bench *bench = *state;

    child_helper_stop();
    assert_int_equal(child_run((const char *const[]){"/bin/true", NULL}, STR(""), &ROOMY,
                               &bench->arena, &bench->result, &bench->err),
                     RC_BROKEN);
    err_clear(&bench->err);
    assert_int_equal(child_helper_start(&bench->err), RC_OK);
    run(bench, (const char *const[]){"/bin/true", NULL}, STR(""), ROOMY);
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    struct err err = {0};
    const struct CMUnitTest tests[] = {
        test(what_goes_in_comes_out_of_cat),
        test(exit_code_and_errors_come_back),
        test(a_child_that_does_not_read_its_input_is_no_trouble),
        test(a_sleeper_is_killed_at_its_time_with_all_it_started),
        test(a_child_that_is_wanted_no_more_is_killed),
        test(what_a_child_leaves_behind_does_not_keep_us_waiting),
        test(a_flood_of_output_is_cut_at_its_limit),
        test(memory_beyond_the_limit_is_refused_to_the_child),
        test(a_signal_is_told_from_an_exit),
        test(a_program_that_is_not_there_is_said_to_be_missing),
        test(too_many_arguments_are_refused),
        test(the_helper_serves_one_after_the_other),
        test(without_a_helper_there_is_an_error_and_no_child),
    };

    if (child_helper_start(&err) != RC_OK) {
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    child_helper_stop();
    return failed;
}
