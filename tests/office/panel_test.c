/* Panels: what units reported for a year, and what is computed from it. */
#include <math.h>

#include "tests/office/rooms.h"

#define HEAD "行政区划代码|户籍人口|户数|自来水普及率|通硬化路|地形\n"

static void take_year(const struct rooms *rooms, int year, const char *text)
{
    struct ledger_job job = rooms_job(rooms);
    struct change_list list = {0};
    struct batch batch = {0};

    job.period = period_of_year(year);
    assert_int_equal(rooms_import(rooms, text, &job, &list, &batch), RC_OK);
}

static double number_of(const struct rooms *rooms, const struct panel *panel, const char *code,
                        const char *indicator)
{
    return panel_number(panel, rooms_indicator(rooms, indicator), rooms_row(panel, code));
}

static enum expr_state state_of(const struct rooms *rooms, const struct panel *panel,
                                const char *code, const char *indicator)
{
    return panel_state(panel, rooms_indicator(rooms, indicator), rooms_row(panel, code));
}

static void a_panel_has_a_row_for_every_village_and_no_other_unit(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    rooms_panel(&rooms, 2024, &panel);
    assert_int_equal(panel.count, 7);
    assert_int_equal(panel.rows[rooms_place(&rooms, "990101")], NONE);
    for (int i = 0; i < panel.count; i++) {
        assert_int_equal(panel.rows[panel.places[i]], i);
    }
}

static void every_kind_of_value_comes_back_in_its_unit(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    take_year(&rooms, 2024,
              HEAD "99010101|120|40|34/40|是|山区\n99010102|不适用|未统计|85.5%|否\n");
    rooms_panel(&rooms, 2024, &panel);
    assert_true(number_of(&rooms, &panel, "99010101", "POP") == 120.0);
    assert_true(number_of(&rooms, &panel, "99010101", "WATER") == 85.0);
    assert_true(number_of(&rooms, &panel, "99010101", "ROAD") == 1.0);
    assert_true(number_of(&rooms, &panel, "99010101", "GROUND") == 3.0);
    assert_true(number_of(&rooms, &panel, "99010102", "WATER") == 85.5);
    assert_int_equal(state_of(&rooms, &panel, "99010102", "POP"), EXPR_NOT_APPLICABLE);
    assert_int_equal(state_of(&rooms, &panel, "99010102", "HOMES"), EXPR_MISSING);
    assert_true(isnan(number_of(&rooms, &panel, "99010102", "HOMES")));
    assert_int_equal(state_of(&rooms, &panel, "99010103", "ROAD"), EXPR_MISSING);
}

static void values_of_another_year_are_not_in_the_panel(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    take_year(&rooms, 2023, HEAD "99010101|120\n");
    rooms_panel(&rooms, 2024, &panel);
    assert_int_equal(state_of(&rooms, &panel, "99010101", "POP"), EXPR_MISSING);
}

static void derived_values_are_computed_where_their_inputs_are_known(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    take_year(&rooms, 2024, HEAD "99010101|130|40\n99010102|130|未统计\n99010103|130|0\n");
    rooms_panel(&rooms, 2024, &panel);
    assert_true(number_of(&rooms, &panel, "99010101", "SIZE") == 3.25);
    assert_int_equal(state_of(&rooms, &panel, "99010102", "SIZE"), EXPR_MISSING);
    assert_int_not_equal(state_of(&rooms, &panel, "99010103", "SIZE"), EXPR_KNOWN);
}

/* With the decimals it is shown with, or without: a formula on a formula gives the same. */
static void derived_values_may_be_made_of_derived_values(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    take_year(&rooms, 2024, "行政区划代码|户籍人口|户数|房龄\n99010101|120|40|10\n");
    rooms_panel(&rooms, 2024, &panel);
    int row = rooms_row(&panel, "99010101");
    assert_true(panel_number(&panel, rooms_indicator(&rooms, "SIZE"), row) == 3.0);
    assert_true(panel_number(&panel, rooms_indicator(&rooms, "TWICE"), row) == 15.0);
}

static void formulas_look_back_a_year(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    take_year(&rooms, 2022, HEAD "99010101|1\n99010102|1\n");
    take_year(&rooms, 2023, HEAD "99010101|120\n");
    take_year(&rooms, 2024, HEAD "99010101|113\n99010102|50\n");
    rooms_panel(&rooms, 2024, &panel);
    assert_true(number_of(&rooms, &panel, "99010101", "GROWTH") == -7.0);
    assert_int_equal(state_of(&rooms, &panel, "99010102", "GROWTH"), EXPR_MISSING);
    assert_non_null(panel_back(&panel, 1));
    assert_int_equal(panel_back(&panel, 1)->period.key, period_of_year(2023).key);
    assert_null(panel_back(&panel, 2));
}

static void a_part_of_the_tree_has_the_same_values(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    take_year(&rooms, 2024, HEAD "99010101|120\n99010202|7\n99020101|8\n");
    const struct panel_of of = {
        .tree = &rooms.tree,
        .programme = rooms.programme,
        .numbers = &rooms.numbers,
        .level = rooms.programme->level_count - 1,
        .within = rooms_place(&rooms, "990102"),
    };
    assert_int_equal(panel_load(rooms.cx, &of, period_of_year(2024), &panel), RC_OK);
    assert_int_equal(panel.count, 2);
    assert_true(number_of(&rooms, &panel, "99010202", "POP") == 7.0);
    assert_int_equal(panel.rows[rooms_place(&rooms, "99010101")], NONE);
}

static void a_panel_within_a_village_has_its_row_alone(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    const struct panel_of of = {
        .tree = &rooms.tree,
        .programme = rooms.programme,
        .numbers = &rooms.numbers,
        .level = rooms.programme->level_count - 1,
        .within = rooms_place(&rooms, "99010101"),
    };
    assert_int_equal(panel_load(rooms.cx, &of, period_of_year(2024), &panel), RC_OK);
    assert_int_equal(panel.count, 1);
}

/* As a table shows it: a number with its decimals, a share, a word with its key, or why there is
 * none. */
static void every_kind_of_value_is_shown_in_its_own_way(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    take_year(&rooms, 2024,
              "行政区划代码|户籍人口|户数|耕地面积|自来水普及率|通硬化路|地形\n"
              "99010101|120|40|12.5|34/40|是|山区\n99010102|不适用|未统计|||否\n");
    rooms_panel(&rooms, 2024, &panel);
    int first = rooms_row(&panel, "99010101");
    int second = rooms_row(&panel, "99010102");
    struct out out = panel_out(&panel, rooms_indicator(&rooms, "LAND"), first);
    assert_true(out.kind == OUT_FIXED && out.number == 125 && out.decimals == 1);
    out = panel_out(&panel, rooms_indicator(&rooms, "SIZE"), first);
    assert_true(out.kind == OUT_FIXED && out.number == 300 && out.decimals == 2);
    out = panel_out(&panel, rooms_indicator(&rooms, "WATER"), first);
    assert_true(out.kind == OUT_RATIO && out.number == 34 && out.whole == 40);
    out = panel_out(&panel, rooms_indicator(&rooms, "GROUND"), first);
    assert_true(str_equal(out.key, STR("steep")) && str_equal(out.text, STR("山区")));
    assert_true(
        str_equal(panel_out(&panel, rooms_indicator(&rooms, "ROAD"), first).key, STR("yes")));
    assert_true(
        str_equal(panel_out(&panel, rooms_indicator(&rooms, "ROAD"), second).key, STR("no")));
    out = panel_out(&panel, rooms_indicator(&rooms, "POP"), second);
    assert_true(out.kind == OUT_NONE && str_equal(out.key, STR("not_applicable")));
    out = panel_out(&panel, rooms_indicator(&rooms, "HOMES"), second);
    assert_true(out.kind == OUT_NONE && str_equal(out.key, STR("not_reported")));
}

static void a_value_put_in_changes_what_is_derived_only_when_derived_again(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    take_year(&rooms, 2024, HEAD "99010101|130|40\n");
    rooms_panel(&rooms, 2024, &panel);
    const struct value people = {
        .indicator = rooms.numbers.of_indicator[rooms_indicator(&rooms, "POP")], .num = 80};
    panel_put(&panel, rooms_row(&panel, "99010101"), &people);
    assert_true(number_of(&rooms, &panel, "99010101", "SIZE") == 3.25);
    panel_derive(&panel);
    assert_true(number_of(&rooms, &panel, "99010101", "SIZE") == 2.0);
}

/* An indicator that is asked of counties only, or of nobody any more. */
static void values_of_what_is_not_asked_of_villages_are_passed_over(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    take_year(&rooms, 2024, HEAD "99010101|120|40\n");
    int homes = rooms_indicator(&rooms, "HOMES");
    rooms.numbers.indicator_of[rooms.numbers.of_indicator[homes]] = NONE;
    const struct indicator *asked = &rooms.programme->indicators[rooms_indicator(&rooms, "POP")];
    struct indicator *people =
        (struct indicator *)(uintptr_t)asked; /* NOLINT(performance-no-int-to-ptr) */
    people->levels = 1U << 1;
    rooms_panel(&rooms, 2024, &panel);
    assert_int_equal(state_of(&rooms, &panel, "99010101", "HOMES"), EXPR_MISSING);
    assert_int_equal(state_of(&rooms, &panel, "99010101", "POP"), EXPR_MISSING);
}

/* A township goes with its villages to a county that was on record before its own. */
static const char MOVED[] = "code|level|name\n99|province|示范省\n"
                            "9901|county|甲县\n990101|township|东镇\n"
                            "99010101|village|李庄村\n99010102|village|王庄村\n"
                            "99010103|village|张庄村\n990102|township|西镇\n"
                            "99010201|village|李庄村\n99010202|village|赵庄村\n"
                            "990103|township|南镇\n99010301|village|孙庄村\n"
                            "99010302|village|周庄村\n9902|county|乙县\n";

/* As a confirmed lineage does: the two are one unit. */
static void join(void *world, int64_t newer, int64_t older)
{
    char text[128];

    (void)snprintf(text, sizeof(text), "UPDATE unit SET same_as = %lld WHERE id = %lld",
                   (long long)older, (long long)newer);
    world_script(world, text);
}

static void a_later_address_stands_over_an_earlier_one(void **state)
{
    struct rooms rooms;
    struct panel panel;

    rooms_open(*state, &rooms);
    take_year(&rooms, 2024, HEAD "99020102|120|40\n");
    int64_t id = rooms.tree.units[rooms_place(&rooms, "99020102")].id.v;
    rooms_register(&rooms, MOVED, date_of(2024, 6, 30));
    take_year(&rooms, 2024, HEAD "99010302|130\n");
    join(*state, rooms.tree.units[rooms_place(&rooms, "99010302")].id.v, id);
    assert_int_equal(unit_tree_load(rooms.cx, rooms.programme, date_of(2024, 12, 31), &rooms.tree),
                     RC_OK);
    rooms_panel(&rooms, 2024, &panel);
    assert_true(number_of(&rooms, &panel, "99010302", "POP") == 130.0);
    assert_true(number_of(&rooms, &panel, "99010302", "HOMES") == 40.0);
    const struct ledger_job job = rooms_job(&rooms);
    struct change_list list = {0};
    struct batch batch = {0};
    assert_int_equal(rooms_import(&rooms, HEAD "99010302|130|40\n", &job, &list, &batch), RC_OK);
    assert_int_equal(list.count, 0); /* what stands is what both addresses say */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_panel_has_a_row_for_every_village_and_no_other_unit),
        IN_A_WORLD(every_kind_of_value_comes_back_in_its_unit),
        IN_A_WORLD(values_of_another_year_are_not_in_the_panel),
        IN_A_WORLD(derived_values_are_computed_where_their_inputs_are_known),
        IN_A_WORLD(derived_values_may_be_made_of_derived_values),
        IN_A_WORLD(formulas_look_back_a_year),
        IN_A_WORLD(a_later_address_stands_over_an_earlier_one),
        IN_A_WORLD(a_part_of_the_tree_has_the_same_values),
        IN_A_WORLD(values_of_what_is_not_asked_of_villages_are_passed_over),
        IN_A_WORLD(a_panel_within_a_village_has_its_row_alone),
        IN_A_WORLD(every_kind_of_value_is_shown_in_its_own_way),
        IN_A_WORLD(a_value_put_in_changes_what_is_derived_only_when_derived_again),
    };
    return cmocka_run_group_tests_name("panels", tests, NULL, NULL);
}
