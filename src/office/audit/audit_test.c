/* The trace: its encoding, its order, and that a change is seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/audit/audit.h"
#include "office/test_world.h"

static enum rc add(struct cx *cx, int64_t log, const char *text, const struct event_ref *cause,
                   struct event_ref *out)
{
    struct event_body body;

    event_body_init(&body, cx->arena);
    event_body_text(&body, str_from(text));
    return event_add(cx, (struct unit_id){log}, STR("test.act"), &body, cause, out);
}

static void numbers_the_events_of_each_log(void **state)
{
    struct cx *cx = world_cx(*state);
    struct event_ref ref = {0};

    assert_int_equal(add(cx, 1, "a", NULL, &ref), RC_OK);
    assert_int_equal(ref.seq, 1);
    assert_int_equal(add(cx, 1, "b", NULL, &ref), RC_OK);
    assert_int_equal(ref.seq, 2);
    assert_int_equal(add(cx, 2, "c", &ref, &ref), RC_OK);
    assert_int_equal(ref.seq, 1);
    assert_int_equal(event_check(cx, (struct unit_id){1}), RC_OK);
    assert_int_equal(event_check(cx, (struct unit_id){2}), RC_OK);
}

/* Length tags keep "ab"+"c" apart from "a"+"bc". */
static void encodes_different_facts_differently(void **state)
{
    struct cx *cx = world_cx(*state);
    struct event_body one;
    struct event_body two;
    str a = {0};
    str b = {0};

    event_body_init(&one, cx->arena);
    event_body_init(&two, cx->arena);
    event_body_text(&one, STR("ab"));
    event_body_text(&one, STR("c"));
    event_body_text(&two, STR("a"));
    event_body_text(&two, STR("bc"));
    assert_true(buf_done(&one.bytes, &a) && buf_done(&two.bytes, &b));
    assert_false(str_equal(a, b));
    assert_true(str_equal(a, (str){"t\0\0\0\2abt\0\0\0\1c", 13}));
}

static void notices_an_altered_event(void **state)
{
    struct cx *cx = world_cx(*state);
    struct event_ref ref = {0};

    assert_int_equal(add(cx, 1, "a", NULL, &ref), RC_OK);
    assert_int_equal(add(cx, 1, "b", NULL, &ref), RC_OK);
    world_script(*state, "DROP TRIGGER event_is_kept;"
                         "UPDATE event SET actor = 'somebody else' WHERE seq = 2");
    assert_int_equal(event_check(cx, (struct unit_id){1}), RC_BROKEN);
    assert_int_equal(cx->err->msg, MSG_AUDIT_CHANGED);
    assert_int_equal(cx->err->args[0].number, 2);
}

static void notices_a_missing_event(void **state)
{
    struct cx *cx = world_cx(*state);
    struct event_ref ref = {0};

    assert_int_equal(add(cx, 1, "a", NULL, &ref), RC_OK);
    assert_int_equal(add(cx, 1, "b", NULL, &ref), RC_OK);
    world_script(*state, "DROP TRIGGER event_stays; DELETE FROM event WHERE seq = 1");
    assert_int_equal(event_check(cx, (struct unit_id){1}), RC_BROKEN);
}

static void checks_every_log_there_is(void **state)
{
    struct cx *cx = world_cx(*state);
    struct event_ref ref = {0};

    assert_int_equal(event_check_all(cx), RC_OK);
    for (int64_t log = 0; log < 9; log += 4) {
        assert_int_equal(add(cx, log, "a", NULL, &ref), RC_OK);
    }
    assert_int_equal(event_check_all(cx), RC_OK);
    world_script(*state, "DROP TRIGGER event_is_kept;"
                         "UPDATE event SET at_ms = at_ms + 1 WHERE log_id = 8");
    assert_int_equal(event_check_all(cx), RC_BROKEN);
}

static void refuses_a_body_over_its_limit(void **state)
{
    struct cx *cx = world_cx(*state);
    struct event_body body;
    char *big = arena_take(cx->arena, EVENT_BODY_MAX);

    event_body_init(&body, cx->arena);
    event_body_text(&body, (str){big, EVENT_BODY_MAX});
    assert_int_equal(event_add(cx, LOG_OFFICE, STR("test.act"), &body, NULL, NULL), RC_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(numbers_the_events_of_each_log), IN_A_WORLD(encodes_different_facts_differently),
        IN_A_WORLD(notices_an_altered_event),       IN_A_WORLD(notices_a_missing_event),
        IN_A_WORLD(checks_every_log_there_is),      IN_A_WORLD(refuses_a_body_over_its_limit),
    };
    return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
