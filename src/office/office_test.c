/* What every act of the office shares; and the proof of every statement. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/office.h"
#include "office/test_world.h"

static void reads_and_writes_periods(void **state)
{
    struct cx *cx = world_cx(*state);
    static const struct {
        const char *text;
        int key;
        date end;
    } CASES[] = {
        {"2024", 202400, {20088}},
        {"2024-02", 202402, {19782}},
        {"2024-12", 202412, {20088}},
        {"2024Q3", 202423, {19996}},
    };

    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        struct buf buf;
        str text = {0};
        struct period p = {0};
        assert_true(period_parse(str_from(CASES[i].text), &p));
        assert_int_equal(p.key, CASES[i].key);
        assert_int_equal(period_end(p).days, CASES[i].end.days);
        buf_init(&buf, cx->arena, 16);
        period_put(&buf, p);
        assert_true(buf_done(&buf, &text));
        assert_true(str_equal(text, str_from(CASES[i].text)));
    }
}

static void refuses_what_is_no_period(void **state)
{
    static const char *const WRONG[] = {"", "24", "2024-13", "2024-1", "2024Q5", "2024 ", "1899"};
    struct period p = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        assert_false(period_parse(str_from(WRONG[i]), &p));
    }
}

static void undoes_an_act_that_failed(void **state)
{
    struct cx *cx = world_cx(*state);
    str value = {0};

    assert_int_equal(office_enter(cx, DB_WRITE), RC_OK);
    assert_int_equal(office_set(cx, STR("root"), STR("1")), RC_OK);
    assert_int_equal(office_leave(cx, RC_INVALID), RC_INVALID);
    assert_int_equal(office_setting(cx, STR("root"), &value), RC_MISSING);
    assert_int_equal(office_enter(cx, DB_WRITE), RC_OK);
    assert_int_equal(office_set(cx, STR("root"), STR("1")), RC_OK);
    assert_int_equal(office_set(cx, STR("root"), STR("2")), RC_OK);
    assert_int_equal(office_leave(cx, RC_OK), RC_OK);
    assert_int_equal(office_setting(cx, STR("root"), &value), RC_OK);
    assert_true(str_equal(value, STR("2")));
}

struct watching {
    int64_t done;
    bool is_tired;
};

static void watch(void *self, enum msg_id what, int64_t done, int64_t total)
{
    struct watching *watching = self;

    assert_int_equal(what, MSG_OFFICE_STOPPED);
    assert_int_equal(total, 9);
    watching->done = done;
}

static bool is_tired(void *self)
{
    const struct watching *watching = self;

    return watching->is_tired;
}

static void stops_at_the_next_point_where_progress_is_told(void **state)
{
    struct cx *cx = world_cx(*state);
    struct watching watching = {.done = 0};
    const struct progress progress = {&watching, watch, is_tired};

    assert_int_equal(cx_progress(cx, MSG_OFFICE_STOPPED, 1, 9), RC_OK);
    cx->progress = &progress;
    assert_int_equal(cx_progress(cx, MSG_OFFICE_STOPPED, 3, 9), RC_OK);
    assert_int_equal(watching.done, 3);
    assert_false(cx_is_stopped(cx));
    watching.is_tired = true;
    assert_true(cx_is_stopped(cx));
    assert_int_equal(cx_progress(cx, MSG_OFFICE_STOPPED, 4, 9), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_OFFICE_STOPPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(reads_and_writes_periods),
        IN_A_WORLD(refuses_what_is_no_period),
        IN_A_WORLD(undoes_an_act_that_failed),
        IN_A_WORLD(stops_at_the_next_point_where_progress_is_told),
    };
    return cmocka_run_group_tests_name("office", tests, NULL, NULL);
}
