/* What a programme and a file of limits may say otherwise: standards, spread costs, land, caps,
 * classes, payers; and what that makes of the problem. */
#include <math.h>

#include "tests/office/board.h"

/* Groups of the board by village; see board.h. */
enum { WATER_2 = 2, LIGHT_2 = 3, WATER_4_IN_ONE_YEAR = 5, WATER_4_IN_TWO_YEARS = 6 };

#define COUNTED(list) (list), (int)COUNT_OF(list)

static void begin_anew(void **state)
{
    (void)world_end(state);
    (void)world_begin(state);
}

static bool may_do_nothing(const struct solve_problem *p, int group)
{
    for (int o = p->first[group]; o < p->first[group + 1]; o++) {
        if (p->value[o] == 0 && p->use_first[o] == p->use_first[o + 1]) {
            return true;
        }
    }
    return false;
}

/* The row of the plan's sheet of what cannot be reached, or -1. */
static int unmet_row(struct board_room *room, const char *code, int *out_rows)
{
    struct shown shown;

    assert_int_equal(board_compute(room), RC_OK);
    shown_begin(&shown);
    struct table_sink sink = shown_sink(&shown);
    assert_int_equal(plan_tables(room->plan, &room->answer, &sink), RC_OK);
    const struct shown_table *table = shown_table(&shown, "plan_unmet");
    int row = shown_row(table, "code", code);
    *out_rows = table->rows;
    shown_end(&shown);
    return row;
}

/* ---- standards ---- */

#define BY_2026    "at_least: 50, by_year: 2026"
#define BY_2025    "at_least: 50, by_year: 2025"
#define STANDARDS  "standards:\n"
#define WATER_MEAN "name: 供水\n    tiers: [high, low]"

/* The fourth village is of the high tier and has 45 per cent; the second, of the low one, 30. */
static void a_standard_is_reached_in_the_tier_it_is_asked_of(void **state)
{
    static const struct edit EDIT[] = {{BY_2026, BY_2025}};
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, COUNTED(EDIT), 1, &room);

    assert_false(may_do_nothing(p, WATER_4_IN_ONE_YEAR));
    assert_true(may_do_nothing(p, WATER_2));
    assert_true(may_do_nothing(p, 0)); /* of the high tier too, with 90 per cent */
}

static void a_standard_that_falls_due_after_the_plan_binds_nobody(void **state)
{
    struct board_room room;

    assert_true(may_do_nothing(board_problem(*state, NULL, 0, 1, &room), WATER_4_IN_ONE_YEAR));
    begin_anew(state);
    assert_false(may_do_nothing(board_problem(*state, NULL, 0, 2, &room), WATER_4_IN_TWO_YEARS));
}

/* Due in the first year, every option spends in the first year; due in the second, some do not. */
static void a_standard_is_reached_by_its_year(void **state)
{
    static const struct edit EDIT[] = {{BY_2026, BY_2025}};
    static const struct edit PAST[] = {{BY_2026, "at_least: 50, by_year: 2021"}};
    struct board_room room;
    int late[3] = {0};

    for (int round = 0; round < 3; round++) {
        const struct edit *edit = round == 0 ? NULL : round == 1 ? EDIT : PAST;
        const struct solve_problem *p = board_problem(*state, edit, round > 0 ? 1 : 0, 2, &room);
        int g = WATER_4_IN_TWO_YEARS;
        for (int o = p->first[g]; o < p->first[g + 1]; o++) {
            late[round] += board_use(p, o, 4) == 0 ? 1 : 0;
        }
        begin_anew(state);
    }
    assert_true(late[0] > 0);
    assert_int_equal(late[1], 0);
    assert_int_equal(late[2], 0);
}

static void a_standard_that_no_measure_reaches_is_listed_and_let_go(void **state)
{
    static const struct edit EDITS[] = {{BY_2026, BY_2025},
                                        {WATER_MEAN, "name: 供水\n    tiers: [low]"}};
    struct board_room room;
    int rows = 0;

    (void)board_problem(*state, COUNTED(EDITS), 1, &room);
    assert_int_equal(unmet_row(&room, "990201", &rows), 0);
    assert_int_equal(rows, 1);
}

/* The bridge is done in the second year only: safety cannot be reached in the first, water can and
 * must. */
static void what_can_be_reached_is_asked_although_something_else_cannot(void **state)
{
    static const struct edit EDITS[] = {
        {BY_2026, BY_2025},
        {STANDARDS, STANDARDS "  high-safe: {tier: high, indicator: SAFE, at_least: true, "
                              "by_year: 2025, basis: test}\n"}};
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, COUNTED(EDITS), 1, &room);
    int rows = 0;

    assert_false(may_do_nothing(p, WATER_4_IN_ONE_YEAR));
    assert_int_equal(unmet_row(&room, "990201", &rows), 0);
    assert_int_equal(rows, 1);
}

/* ---- what a measure does ---- */

/* A bridge that would also bring water to a tenth of the homes takes none from those that have
 * more. */
static void what_is_there_already_gets_no_worse(void **state)
{
    static const struct edit EDIT[] = {
        {"effects: {SAFE: {to: true}}", "effects: {SAFE: {to: true}, WATER: {to: 10}}"}};
    struct board_room room;
    int64_t best = board_best(board_problem(*state, NULL, 0, 2, &room), WATER_2);

    begin_anew(state);
    assert_int_equal(board_best(board_problem(*state, COUNTED(EDIT), 2, &room), WATER_2), best);
}

/* Light is what is bad here: the fewer the better. */
static void what_is_better_already_is_not_brought_up_to_a_worse_goal(void **state)
{
    static const struct edit EDITS[] = {
        {"type: percent, decimals: 1, of: HOMES, direction: benefit, aggregate: ratio, "
         "source: form, cheat: none, actionable: true, baseline: 10",
         "type: percent, decimals: 1, of: HOMES, direction: cost, aggregate: ratio, "
         "source: form, cheat: none, actionable: true, baseline: 10"},
        {"LIGHT: {weight: 1, floor: 0, goal: 100", "LIGHT: {weight: 1, floor: 100, goal: 0"},
        {"effects: {LIGHT: {to: 100}}", "effects: {LIGHT: {to: 40}}"}};
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, COUNTED(EDITS), 1, &room);

    /* 80, 50 and 60 per cent fall to 40; the villages with 20 and 30 have nothing to decide. */
    assert_int_equal(p->groups, 9 - 2);
}

static void measures_meet_in_what_is_derived_from_both(void **state)
{
    static const struct edit EDITS[] = {
        {"  CLASS: {", "  EASE: {name: 便利, levels: [village], dimension: A, type: percent, "
                       "decimals: 1, gauge: '%', formula: 'LIGHT / 2 + WATER / 2', aggregate: "
                       "from_inputs, use: [monitor]}\n  CLASS: {"},
        {STANDARDS, STANDARDS "  low-ease: {tier: low, indicator: EASE, at_least: 1, "
                              "by_year: 2040, basis: test}\n"}};
    struct board_room room;

    assert_int_equal(board_problem(*state, COUNTED(EDITS), 1, &room)->groups, 5);
}

#define LIGHT_LINE                                                                                 \
    "  LIGHT: {name: 照明, levels: [village], dimension: A, type: percent, decimals: 1, of: "    \
    "HOMES, direction: benefit, aggregate: ratio, source: form, cheat: none, actionable: true, "   \
    "baseline: 10}\n"

/* The order in which a programme lists its indicators joins nothing and parts nothing. */
static void measures_meet_in_the_first_indicator_as_in_any_other(void **state)
{
    static const struct edit FIRST[] = {
        {LIGHT_LINE, ""},
        {"indicators:\n", "indicators:\n" LIGHT_LINE},
        {"{SAFE: {to: true}}", "{SAFE: {to: true}, LIGHT: {add: 5}}"}};
    struct board_room room;

    assert_int_equal(board_problem(*state, FIRST, 2, 1, &room)->groups, 9);
    begin_anew(state);
    assert_int_equal(board_problem(*state, FIRST, 3, 1, &room)->groups, 5);
}

static void what_nobody_is_judged_by_joins_no_measures(void **state)
{
    static const struct edit EDITS[] = {
        {"  CLASS: {", "  TREES: {name: 绿化, levels: [village], dimension: A, type: boolean, "
                       "direction: benefit, aggregate: count_true, source: form, cheat: none, "
                       "use: [monitor]}\n  CLASS: {"},
        {"effects: {LIGHT: {to: 100}}", "effects: {LIGHT: {to: 100}, TREES: {to: true}}"},
        {"effects: {WATER: {to: 60}}", "effects: {WATER: {to: 60}, TREES: {to: true}}"}};
    struct board_room room;

    assert_int_equal(board_problem(*state, COUNTED(EDITS), 1, &room)->groups, 9);
}

/* Of a village of 800 with a score of 0.275: light counts a quarter and stands at 50 per cent; of
 * one of 1,200 with 0.9, at 80. */
static void an_effect_may_add_up_to_the_end_of_the_range(void **state)
{
    static const struct edit EDIT[] = {
        {"effects: {LIGHT: {to: 100}}", "effects: {LIGHT: {add: 30}}"},
        {"actionable: true, baseline: 10", "actionable: true, range: [0, 90], baseline: 10"}};
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, COUNTED(EDIT), 1, &room);
    double third = 800 * sqrt(0.5 / 0.275) * 0.25 * 0.3 * 1e6;
    double fifth = 1200 * sqrt(0.5 / 0.9) * 0.25 * 0.1 * 1e6;

    assert_true(fabs((double)board_best(p, LIGHT_2) - third) < 100);
    assert_true(fabs((double)board_best(p, 1) - fifth) < 100);
}

/* Lamps that also bring water to three homes of five, where nobody knows how many have it. */
static void nothing_is_gained_from_nobody_knows_where(void **state)
{
    static const struct edit EDITS[] = {
        {"effects: {LIGHT: {to: 100}}", "effects: {LIGHT: {to: 100}, WATER: {to: 60}}"},
        {"actionable: true, baseline: 20", "actionable: true"}};
    struct board_room room;
    double one = 500 * sqrt(0.5 / 0.2) * 1e6; /* of score, in the third village */

    /* Counted from the baseline of 20 that the programme declares, or not at all. */
    double best = (double)board_best(board_problem(*state, EDITS, 1, 1, &room), 2);
    assert_true(fabs(best - one * (0.25 * 0.8 + 0.5 * 0.4)) < 100);
    begin_anew(state);
    best = (double)board_best(board_problem(*state, EDITS, 2, 1, &room), 2);
    assert_true(fabs(best - one * 0.25 * 0.8) < 100);
}

/* Pipes to the house for a song: nobody would lay the main alone. */
static void what_costs_more_and_brings_less_is_no_choice(void **state)
{
    static const struct edit EDITS[] = {{"unit_cost: 777.77, fixed_cost: 1000,", "unit_cost: 10, "},
                                        {"upkeep: 2, farmland: 0.5", "upkeep: 2"}};
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, COUNTED(EDITS), 1, &room);
    int first = p->first[WATER_2];

    assert_int_equal(p->first[WATER_2 + 1] - first, 3); /* nothing; shared; alone */
    assert_true(may_do_nothing(p, WATER_2));
    assert_int_equal(board_use(p, first + 1, 0), 210 * 1000 * 15 / 10 * 60 / 100);
    assert_int_equal(board_use(p, first + 2, 1), 210 * 1000 * 15 / 10);
}

static void more_combinations_than_can_be_weighed_are_refused_with_their_measure(void **state)
{
    static const struct edit EDITS[] = {
        {"recipes: [shared, alone]\n    asset: public\n    levels:\n      - {name: 主管",
         "recipes: [shared, alone, half, tenth]\n    asset: public\n    levels:\n      - {name: "
         "主管"},
        {"recipes: [shared, alone]\n    asset: public\n    levels:\n      - {name: 桥",
         "recipes: [shared, alone, half, tenth]\n    asset: public\n    levels:\n      - {name: "
         "桥"},
        {"effects: {LIGHT: {to: 100}}", "effects: {LIGHT: {to: 100}, WATER: {add: 5}}"},
        {"recipes:\n  shared",
         "recipes:\n  half: {name: 各半, parts: [{fund: province, share: 50}, "
         "{fund: county}], basis: test}\n  tenth: {name: 一成, parts: "
         "[{fund: province, share: 10}, {fund: county}], basis: test}\n  shared"}};
    struct board_room room;

    board_open(*state, COUNTED(EDITS), &room);
    room.options.year_count = PLAN_YEARS_MAX;
    assert_int_equal(board_limit(&room, BOARD_MONEY), RC_OK);
    assert_int_equal(board_prepare(&room), RC_LIMIT);
    assert_int_equal(room.rooms.cx->err->msg, MSG_PLAN_BUNDLES_MANY);
    assert_true(str_equal(room.rooms.cx->err->args[0].text, STR("供水")));
}

/* ---- costs ---- */

#define BRIDGE_COST   "unit_cost: 90001"
#define BRIDGE_SHARES "year_shares: [55, 45], after: [PIPES 1]"

/* 90,001.37 yuan and half as much again in the mountains are 13,500,206 fen (rounded): 33
 * hundredths of it without the broken fen, then the rest. */
static void a_cost_is_spread_over_its_years_to_the_fen(void **state)
{
    static const struct edit EDITS[] = {{BRIDGE_COST, "unit_cost: 90001.37"},
                                        {BRIDGE_SHARES, "year_shares: [33, 67]"}};
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, COUNTED(EDITS), 2, &room);
    int bridge = p->first[3]; /* behind water and light of the first village, water of the second */
    int64_t cost = 13500206;

    assert_int_equal(p->first[4] - bridge, 3); /* nothing, and two recipes */
    assert_int_equal(board_use(p, bridge + 2, 2), cost * 33 / 100);
    assert_int_equal(board_use(p, bridge + 2, 3), cost);
}

static void money_that_cannot_be_carried_over_is_counted_year_by_year(void **state)
{
    static const struct edit EDITS[] = {{"carry_over: true", "carry_over: false"},
                                        {BRIDGE_SHARES, "year_shares: [55, 45]"}};
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, COUNTED(EDITS), 2, &room);

    /* Money that comes in the first year: nothing can be paid in the second. */
    assert_int_equal(p->limit[0], 900LL * 1000000);
    assert_int_equal(p->limit[1], 0);
    for (int o = 0; o < p->options; o++) {
        int64_t first = board_use(p, o, 2);
        assert_true(first == 0 || board_use(p, o, 3) != first);
    }
}

/* The order in which a programme lists its classes is nobody's business. */
static void a_payer_s_share_goes_by_the_class_of_the_county(void **state)
{
    static const struct edit EDIT[] = {
        {"values: {key: {number: 0, name: 重点}, strong: {number: 1, name: 较强}}",
         "values: {strong: {number: 0, name: 较强}, key: {number: 1, name: 重点}}"}};
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, COUNTED(EDIT), 1, &room);

    for (int g = 0; g < p->groups; g++) {
        int shared = p->first[g] + 1;
        int64_t cost = board_use(p, shared + 1, g < 5 ? 1 : 2);
        assert_int_equal(board_use(p, shared, 0), cost * (g < 5 ? 60 : 35) / 100);
    }
}

static void who_has_no_money_pays_nothing(void **state)
{
    struct board_room room;

    board_open(*state, NULL, 0, &room);
    assert_int_equal(
        board_limit(&room, "funds:\n  - {fund: county, unit: '9901', year: 2025, amount: 900}\n"),
        RC_OK);
    assert_int_equal(board_prepare(&room), RC_OK);
    const struct solve_problem *p = plan_problem(room.plan);
    /* Three villages of the first county, by the county's own recipe alone. */
    assert_int_equal(p->groups, 5);
    assert_int_equal(p->options, 2 + 2 + 3 + 2 + 2);
}

/* ---- rows ---- */

static void every_cap_is_a_row_of_its_own(void **state)
{
    static const struct edit EDIT[] = {
        {"caps:\n", "caps:\n  light: {name: 照明, measures: [LAMPS], share: 70, within: province, "
                    "basis: test}\n"}};
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, COUNTED(EDIT), 1, &room);
    int lamps = p->first[LIGHT_2] + 1; /* shared */

    assert_int_equal(p->rows, 3 + 2 + 2);
    /* Of all the money below the province, whoever pays. */
    assert_int_equal(p->limit[5], 2700LL * 1000000 * 70 / 100);
    assert_int_equal(p->limit[6], 900LL * 1000000 * 80 / 100);
    assert_int_equal(board_use(p, lamps, 5), board_use(p, lamps, 0) + board_use(p, lamps, 1));
    assert_int_equal(board_use(p, lamps, 6), 0);
    assert_int_equal(board_use(p, p->first[WATER_2] + 1, 5), 0);
}

static const struct solve_problem *with_land(void **state, const char *land, const char *quotas,
                                             struct board_room *room)
{
    const struct edit edits[] = {{"land: 0.4", land}, {", after: [PIPES 1]", ""}};

    board_open(*state, COUNTED(edits), room);
    room->options.year_count = 2;
    assert_int_equal(board_limit(room, BOARD_MONEY), RC_OK);
    assert_int_equal(board_limit(room, quotas), RC_OK);
    assert_int_equal(board_prepare(room), RC_OK);
    return plan_problem(room->plan);
}

/* Rows of two years, after those of money: land comes in a year and stays. */
static void building_land_is_limited_where_a_quota_was_given(void **state)
{
    struct board_room room;
    const struct solve_problem *p = with_land(
        state, "land: 0.01", "land:\n  - {unit: '9901', year: 2026, amount: 7.5}\n", &room);
    int bridges = 0;

    assert_int_equal(p->limit[6], 0);
    assert_int_equal(p->limit[7], 750);
    for (int o = 0; o < p->options; o++) {
        assert_int_equal(board_use(p, o, 6), board_use(p, o, 7));
        bridges += board_use(p, o, 7) == 1 ? 1 : 0;
    }
    assert_int_equal(bridges, 2 * 2); /* second and third village, two recipes */
}

static void the_nearest_quota_of_land_is_the_one_that_counts(void **state)
{
    struct board_room room;
    const struct solve_problem *p = with_land(state, "land: 0.4",
                                              "land:\n  - {unit: '9901', year: 2025, amount: 1}\n"
                                              "  - {unit: '99', year: 2025, amount: 2}\n",
                                              &room);
    int near = 0;
    int far = 0;

    for (int o = 0; o < p->options; o++) {
        assert_true(board_use(p, o, 7) == 0 || board_use(p, o, 9) == 0);
        near += board_use(p, o, 7) == 40 ? 1 : 0;
        far += board_use(p, o, 9) == 40 ? 1 : 0;
    }
    assert_int_equal(near, 2 * 2);
    assert_int_equal(far, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_standard_is_reached_in_the_tier_it_is_asked_of),
        IN_A_WORLD(a_standard_that_falls_due_after_the_plan_binds_nobody),
        IN_A_WORLD(a_standard_is_reached_by_its_year),
        IN_A_WORLD(a_standard_that_no_measure_reaches_is_listed_and_let_go),
        IN_A_WORLD(what_can_be_reached_is_asked_although_something_else_cannot),
        IN_A_WORLD(what_is_there_already_gets_no_worse),
        IN_A_WORLD(what_is_better_already_is_not_brought_up_to_a_worse_goal),
        IN_A_WORLD(measures_meet_in_what_is_derived_from_both),
        IN_A_WORLD(measures_meet_in_the_first_indicator_as_in_any_other),
        IN_A_WORLD(what_nobody_is_judged_by_joins_no_measures),
        IN_A_WORLD(an_effect_may_add_up_to_the_end_of_the_range),
        IN_A_WORLD(nothing_is_gained_from_nobody_knows_where),
        IN_A_WORLD(what_costs_more_and_brings_less_is_no_choice),
        IN_A_WORLD(more_combinations_than_can_be_weighed_are_refused_with_their_measure),
        IN_A_WORLD(a_cost_is_spread_over_its_years_to_the_fen),
        IN_A_WORLD(money_that_cannot_be_carried_over_is_counted_year_by_year),
        IN_A_WORLD(a_payer_s_share_goes_by_the_class_of_the_county),
        IN_A_WORLD(who_has_no_money_pays_nothing),
        IN_A_WORLD(every_cap_is_a_row_of_its_own),
        IN_A_WORLD(building_land_is_limited_where_a_quota_was_given),
        IN_A_WORLD(the_nearest_quota_of_land_is_the_one_that_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
