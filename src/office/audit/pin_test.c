/* Pins: what makes them give way, and what does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/audit/pin.h"
#include "office/test_world.h"

enum { NEAR = 1, FAR = 2 };

static void happens(struct cx *cx, int64_t log, const char *kind)
{
    struct event_body body;

    event_body_init(&body, cx->arena);
    assert_int_equal(event_add(cx, (struct unit_id){log}, str_from(kind), &body, NULL, NULL),
                     RC_OK);
}

static bool is_near(void *self, struct unit_id log)
{
    (void)self;
    return log.v == NEAR;
}

static bool holds(struct cx *cx, const struct pin *pin)
{
    bool is_held = false;

    assert_int_equal(pin_holds(cx, pin, is_near, NULL, &is_held), RC_OK);
    return is_held;
}

/* Does a pin hold when this happens in a log that is already there? */
static bool holds_after(struct cx *cx, int64_t log, const char *kind)
{
    struct pin pin;

    assert_int_equal(pin_take(cx, &pin), RC_OK);
    assert_true(holds(cx, &pin));
    happens(cx, log, kind);
    return holds(cx, &pin);
}

static void holds_while_only_the_door_is_busy(void **state)
{
    struct cx *cx = world_cx(*state);

    happens(cx, NEAR, "value.put");
    assert_true(holds_after(cx, NEAR, "session.begin"));
    assert_true(holds_after(cx, NEAR, "person.add"));
    assert_true(holds_after(cx, NEAR, "run.keep"));
    assert_true(holds_after(cx, NEAR, "rows.stamp"));
}

static void gives_way_to_values_that_are_near_and_not_to_others(void **state)
{
    struct cx *cx = world_cx(*state);

    happens(cx, NEAR, "value.put");
    happens(cx, FAR, "value.put");
    assert_false(holds_after(cx, NEAR, "value.put"));
    assert_true(holds_after(cx, FAR, "value.put"));
    assert_false(holds_after(cx, NEAR, "tier.override"));
    assert_true(holds_after(cx, FAR, "wish.put"));
}

static void gives_way_to_what_it_does_not_know_wherever_it_is(void **state)
{
    struct cx *cx = world_cx(*state);

    happens(cx, FAR, "value.put");
    assert_false(holds_after(cx, FAR, "register.import"));
    assert_false(holds_after(cx, FAR, "programme.apply"));
    assert_false(holds_after(cx, FAR, "test.act"));
}

static void gives_way_to_the_first_event_of_a_log(void **state)
{
    struct cx *cx = world_cx(*state);

    happens(cx, FAR, "value.put");
    assert_false(holds_after(cx, NEAR, "value.put"));
}

/* One kind of many that count does not hide behind those that do not. */
static void looks_at_every_event_since(void **state)
{
    struct cx *cx = world_cx(*state);
    struct pin pin;

    assert_int_equal(pin_take(cx, &pin), RC_OK);
    for (int64_t log = 10; log < 600; log++) {
        happens(cx, log, "session.begin");
    }
    assert_true(holds(cx, &pin));
    happens(cx, 300, "register.import");
    happens(cx, 300, "session.end");
    assert_false(holds(cx, &pin));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(holds_while_only_the_door_is_busy),
        IN_A_WORLD(gives_way_to_values_that_are_near_and_not_to_others),
        IN_A_WORLD(gives_way_to_what_it_does_not_know_wherever_it_is),
        IN_A_WORLD(gives_way_to_the_first_event_of_a_log),
        IN_A_WORLD(looks_at_every_event_since),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
