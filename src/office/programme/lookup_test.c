/* Looking things up in a programme. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/programme/programme.h"

static const str WAN_SPELLINGS[] = {STR_INIT("万人民币")};
static const struct gauge GAUGES[] = {
    {.id = STR_INIT("元"), .quantity = STR_INIT("money"), .num = 1, .den = 1},
    {.id = STR_INIT("万元"),
     .quantity = STR_INIT("money"),
     .num = 10000,
     .den = 1,
     .spellings = {WAN_SPELLINGS, 1}},
    {.id = STR_INIT("ha"), .quantity = STR_INIT("area"), .num = 10000, .den = 1},
    {.id = STR_INIT("亩"), .quantity = STR_INIT("area"), .num = 2000, .den = 3},
};
static const struct programme PROGRAMME = {.gauges = GAUGES, .gauge_count = 4};

static void finds_a_gauge_by_id_and_by_spelling(void **state)
{
    (void)state;
    assert_int_equal(programme_gauge(&PROGRAMME, STR("亩")), 3);
    assert_int_equal(programme_gauge(&PROGRAMME, STR("万人民币")), NONE);
    assert_int_equal(programme_gauge_spelt(&PROGRAMME, STR("万人民币")), 1);
    assert_int_equal(programme_gauge_spelt(&PROGRAMME, STR("里")), NONE);
}

static void converts_exactly_or_not_at_all(void **state)
{
    int64_t value = 1200000;

    (void)state;
    assert_true(programme_convert(&PROGRAMME, 0, 1, &value));
    assert_int_equal(value, 120);
    assert_false(programme_convert(&PROGRAMME, 0, 1, &value));
    assert_int_equal(value, 120);
    assert_true(programme_convert(&PROGRAMME, 2, 3, &value));
    assert_int_equal(value, 1800);
    assert_false(programme_convert(&PROGRAMME, 0, 3, &value));
    value = INT64_MAX;
    assert_false(programme_convert(&PROGRAMME, 1, 0, &value));
}

static void worth_is_linear_between_points_and_flat_beyond(void **state)
{
    static const struct point BAND[] = {{0, 0}, {20, 1}, {30, 1}, {50, 0}};
    static const struct criterion CRITERION = {.points = BAND, .point_count = 4};

    (void)state;
    assert_float_equal(criterion_worth(&CRITERION, -5), 0, 0);
    assert_float_equal(criterion_worth(&CRITERION, 5), 0.25, 1e-12);
    assert_float_equal(criterion_worth(&CRITERION, 25), 1, 0);
    assert_float_equal(criterion_worth(&CRITERION, 45), 0.25, 1e-12);
    assert_float_equal(criterion_worth(&CRITERION, 99), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_gauge_by_id_and_by_spelling),
        cmocka_unit_test(converts_exactly_or_not_at_all),
        cmocka_unit_test(worth_is_linear_between_points_and_flat_beyond),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
