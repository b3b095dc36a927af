/* Versions of the definition: kept, taken up again, never changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/audit/audit.h"
#include "office/programme/record.h"
#include "office/test_world.h"

static struct programme version_of(const char *text)
{
    struct programme programme = {.id = STR("p"), .version = STR("1"), .text = str_from(text)};

    programme.hash = hash_of(programme.text);
    return programme;
}

static void has_no_version_at_first(void **state)
{
    struct cx *cx = world_cx(*state);
    str text = {0};

    assert_int_equal(programme_recorded(cx, STR(""), &text), RC_MISSING);
    assert_int_equal(cx->err->msg, MSG_PROGRAMME_NO_VERSION);
}

static void takes_up_a_version_once(void **state)
{
    struct cx *cx = world_cx(*state);
    struct programme one = version_of("one");
    struct programme two = version_of("two");
    bool is_new = false;
    str text = {0};

    assert_int_equal(programme_record(cx, &one, &is_new), RC_OK);
    assert_true(is_new);
    assert_int_equal(programme_record(cx, &one, &is_new), RC_OK);
    assert_false(is_new);
    assert_int_equal(programme_record(cx, &two, &is_new), RC_OK);
    assert_int_equal(programme_record(cx, &one, &is_new), RC_OK);
    assert_true(is_new);
    assert_int_equal(programme_recorded(cx, STR(""), &text), RC_OK);
    assert_true(str_equal(text, STR("one")));
    assert_int_equal(programme_recorded(cx, str_part(hash_hex(two.hash, cx->arena), 0, 8), &text),
                     RC_OK);
    assert_true(str_equal(text, STR("two")));
}

static enum rc count_event(void *self, const struct event *event)
{
    (*(int *)self) += str_equal(event->kind, STR("programme.apply")) ? 1 : 0;
    return RC_OK;
}

static void leaves_an_event_each_time(void **state)
{
    struct cx *cx = world_cx(*state);
    struct programme one = version_of("one");
    bool is_new = false;
    int count = 0;

    assert_int_equal(programme_record(cx, &one, &is_new), RC_OK);
    assert_int_equal(programme_record(cx, &one, &is_new), RC_OK);
    assert_int_equal(event_each(cx, LOG_OFFICE, count_event, &count), RC_OK);
    assert_int_equal(count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(has_no_version_at_first),
        IN_A_WORLD(takes_up_a_version_once),
        IN_A_WORLD(leaves_an_event_each_time),
    };
    return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
