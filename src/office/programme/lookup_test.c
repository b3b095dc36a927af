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

static void formulas_are_shown_with_names_and_signs(void **state)
{
    static const struct choice STAGES[] = {
        {.id = STR_INIT("none"), .name = {STR_INIT("未编制"), STR_INIT("none yet")}},
        {.id = STR_INIT("approved"), .name = {STR_INIT("已批复"), STR_INIT("approved")}},
    };
    static const struct indicator INDICATORS[] = {
        {.id = STR_INIT("DF01"),
         .name = {STR_INIT("村庄规划"), STR_INIT("plan")},
         .type = VALUE_ENUM,
         .choices = STAGES,
         .choice_count = 2},
        {.id = STR_INIT("PS04"), .name = {STR_INIT("常住人口"), STR_INIT("residents")}},
    };
    static const struct programme NAMES = {.indicators = INDICATORS, .indicator_count = 2};
    struct arena arena = {0};
    str source = STR("DF01 >= \"approved\" and (not PS04 <> 500 or x = \"none\")");

    (void)state;
    arena_init(&arena, 1 << 20);
    assert_true(str_equal(programme_formula(&NAMES, source, LANG_ZH, &arena),
                          STR("村庄规划 ≥ 已批复 且 (非 常住人口 ≠ 500 或 x = 未编制)")));
    assert_true(str_equal(programme_formula(&NAMES, source, LANG_EN, &arena),
                          STR("plan ≥ approved and (not residents ≠ 500 or x = none yet)")));
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_gauge_by_id_and_by_spelling),
        cmocka_unit_test(converts_exactly_or_not_at_all),
        cmocka_unit_test(formulas_are_shown_with_names_and_signs),
        cmocka_unit_test(worth_is_linear_between_points_and_flat_beyond),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
