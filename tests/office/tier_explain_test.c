/* Why a village is where it is, what would move it up, and the sheets of a run. */
#include "tests/office/ladder.h"

#define BELOW_FOURTH "991105|100|50|50|是\n991106|100|40|50|是\n"
#define REST                                                                                       \
    "991201|100|85|50|是\n991202|100|75|50|是\n991203|100|65|50|是\n991204|100|55|50|是\n"     \
    "992101|100|95|50|是\n992102|100|45|50|是\n992103|100|35|50|是\n"
#define TOP_THREE "991101|100|90|50|是\n991102|100|80|50|是\n991103|100|70|50|是\n"

static void run_with(void **state, const char *text, struct ladder *out)
{
    ladder_open(*state, NULL, 0, out);
    ladder_take(out, 2024, text);
    ladder_run(out, 2024);
}

/* Explain one village of a ledger. */
static void explain(void **state, const char *text, const char *code, struct ladder *ladder,
                    struct shown *shown)
{
    run_with(state, text, ladder);
    shown_begin(shown);
    const struct table_sink sink = shown_sink(shown);
    assert_int_equal(tier_explain(&ladder->in, &ladder->answer, ladder_place(ladder, code), &sink),
                     RC_OK);
}

static int tier_with(void **state, const char *fourth)
{
    struct ladder ladder;
    static char text[1024];

    assert_int_equal(world_end(state), 0);
    assert_int_equal(world_begin(state), 0);
    (void)snprintf(text, sizeof(text), LADDER_HEAD TOP_THREE "%s" BELOW_FOURTH REST, fourth);
    run_with(state, text, &ladder);
    return ladder_tier(&ladder, "991104");
}

/* 60.00 is the score of the last in the middle tier, whom an equal score does not beat. */
static void the_least_change_that_is_shown_does_it_and_a_smaller_does_not(void **state)
{
    struct ladder ladder;
    struct shown shown;

    explain(state, LADDER_HEAD TOP_THREE "991104|100|60|50|是\n" BELOW_FOURTH REST, "991104",
            &ladder, &shown);
    const struct shown_table *steps = shown_table(&shown, "tier_steps");
    int good = shown_row(steps, "indicator", "GOOD");
    int dirt = shown_row(steps, "indicator", "DIRT");
    assert_int_equal(shown_cell(steps, good, "from")->number, 60);
    assert_int_equal(shown_cell(steps, good, "to")->number, 71);
    assert_int_equal(shown_cell(steps, dirt, "to")->number, 399);
    assert_int_equal(shown_cell(steps, dirt, "to")->decimals, 1);
    assert_true(
        shown_is(shown_cell(steps, good, "outcome"), msg_text(LANG_ZH, MSG_TIER_STEP_ENOUGH).at));
    assert_true(str_equal(steps->about.notes[0], msg_text(LANG_ZH, MSG_TIER_STEPS_SOME)));
    shown_end(&shown);
    assert_int_equal(tier_with(state, "991104|100|71|50|是\n"), MIDDLE);
    assert_int_equal(tier_with(state, "991104|100|70|50|是\n"), LOW);
    assert_int_equal(tier_with(state, "991104|100|60|39.9|是\n"), MIDDLE);
    assert_int_equal(tier_with(state, "991104|100|60|40|是\n"), LOW);
}

static void it_is_said_when_no_single_change_is_enough(void **state)
{
    struct ladder ladder;
    struct shown shown;

    explain(state, LADDER_HEAD TOP_THREE "991104|100|0|100|是\n" BELOW_FOURTH REST, "991104",
            &ladder, &shown);
    const struct shown_table *steps = shown_table(&shown, "tier_steps");
    assert_true(str_equal(steps->about.notes[0], msg_text(LANG_ZH, MSG_TIER_STEPS_NONE)));
    assert_int_equal(shown_cell(steps, 0, "to")->kind, OUT_NONE);
    assert_true(
        shown_is(shown_cell(steps, 0, "outcome"), msg_text(LANG_ZH, MSG_TIER_STEP_NOT_ENOUGH).at));
    shown_end(&shown);
}

static void a_missing_value_is_improved_from_silence(void **state)
{
    struct ladder ladder;
    struct shown shown;

    explain(state, LADDER_HEAD TOP_THREE "991104|100|未统计|20|是\n" BELOW_FOURTH REST, "991104",
            &ladder, &shown);
    const struct shown_table *steps = shown_table(&shown, "tier_steps");
    int good = shown_row(steps, "indicator", "GOOD");
    assert_true(shown_is(shown_cell(steps, good, "from"), "not_reported"));
    assert_int_equal(shown_cell(steps, good, "to")->number, 41);
    shown_end(&shown);
}

/* From silence beyond the range the least improvement is the end of the range. */
static void an_improvement_stays_inside_the_range(void **state)
{
    static const struct edit EDIT = {"range: [0, 100], direction: cost",
                                     "range: [0, 60], direction: cost"};
    struct ladder ladder;
    struct shown shown;

    ladder_open(*state, &EDIT, 1, &ladder);
    ladder_take(&ladder, 2024, LADDER_HEAD TOP_THREE "991104|100|90|未统计|是\n" BELOW_FOURTH REST);
    ladder_run(&ladder, 2024);
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(
        tier_explain(&ladder.in, &ladder.answer, ladder_place(&ladder, "991104"), &sink), RC_OK);
    const struct shown_table *steps = shown_table(&shown, "tier_steps");
    int dirt = shown_row(steps, "indicator", "DIRT");
    assert_int_equal(shown_cell(steps, dirt, "to")->number, 600);
    shown_end(&shown);
}

/* Of a grade of which less is better, the best is the least number there is. */
static void the_best_grade_may_be_the_least_number(void **state)
{
    static const struct edit EDITS[] = {
        {"type: enum, direction: benefit", "type: enum, direction: cost"},
        {"  DIRT: {weight: 1, floor: 100, goal: 0, basis: 脏乱口径}",
         "  RANK: {weight: 1, points: {none: 1, county: 0.5, nation: 0}, basis: test}"},
    };
    struct ladder ladder;
    struct shown shown;

    ladder_open(*state, EDITS, 2, &ladder);
    ladder_take(&ladder, 2024,
                "行政区划代码|人口|得分|级别|安全\n991101|100|90|县级|是\n991102|100|80|县级|是\n"
                "991103|100|70|县级|是\n991104|100|60|县级|是\n991105|100|50|县级|是\n"
                "991106|100|40|县级|是\n");
    ladder_run(&ladder, 2024);
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(
        tier_explain(&ladder.in, &ladder.answer, ladder_place(&ladder, "991104"), &sink), RC_OK);
    const struct shown_table *steps = shown_table(&shown, "tier_steps");
    assert_true(shown_is(shown_cell(steps, shown_row(steps, "indicator", "RANK"), "to"), "无"));
    assert_true(
        shown_is(shown_cell(steps, shown_row(steps, "indicator", "RANK"), "from"), "county"));
    shown_end(&shown);
}

/* However high its number is. */
static void the_best_grade_may_be_the_greatest_number(void **state)
{
    static const struct edit EDIT = {
        "  DIRT: {weight: 1, floor: 100, goal: 0, basis: 脏乱口径}",
        "  RANK: {weight: 1, points: {none: 0, county: 0.05, nation: 1}, basis: test}"};
    struct ladder ladder;
    struct shown shown;

    ladder_open(*state, &EDIT, 1, &ladder);
    ladder_take(&ladder, 2024,
                "行政区划代码|人口|得分|级别|安全\n991101|100|90|无|是\n991102|100|80|无|是\n"
                "991103|100|70|无|是\n991104|100|60|无|是\n991105|100|50|无|是\n"
                "991106|100|40|无|是\n");
    ladder_run(&ladder, 2024);
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(
        tier_explain(&ladder.in, &ladder.answer, ladder_place(&ladder, "991104"), &sink), RC_OK);
    const struct shown_table *steps = shown_table(&shown, "tier_steps");
    assert_true(shown_is(shown_cell(steps, shown_row(steps, "indicator", "RANK"), "to"), "国家级"));
    shown_end(&shown);
}

static void a_gate_stands_before_the_steps(void **state)
{
    struct ladder ladder;
    struct shown shown;

    explain(state, LADDER_HEAD "991101|100|90|50|否\n" REST, "991101", &ladder, &shown);
    const struct shown_table *steps = shown_table(&shown, "tier_steps");
    assert_true(str_equal(steps->about.notes[0], msg_text(LANG_ZH, MSG_TIER_STEPS_GATE_ENOUGH)));
    assert_int_equal(steps->rows, 0);
    const struct shown_table *gates = shown_table(&shown, "tier_gates");
    int safe = shown_row(gates, "says", "safe");
    int sized = shown_row(gates, "says", "sized");
    assert_true(shown_is(shown_cell(gates, safe, "state"), "failed"));
    assert_true(shown_is(shown_cell(gates, safe, "tier"), "high"));
    assert_true(shown_is(shown_cell(gates, safe, "inputs"), "安全 = 否"));
    assert_true(shown_is(shown_cell(gates, safe, "basis"), "安全口径"));
    assert_true(shown_is(shown_cell(gates, sized, "state"), "passed"));
    assert_true(shown_is(shown_cell(gates, sized, "inputs"), "人口 = 100"));
    shown_end(&shown);
}

static void with_a_gate_to_pass_a_low_score_has_steps_after_it(void **state)
{
    struct ladder ladder;
    struct shown shown;

    explain(state, LADDER_HEAD TOP_THREE "991104|9|60|50|是\n" BELOW_FOURTH REST, "991104", &ladder,
            &shown);
    const struct shown_table *steps = shown_table(&shown, "tier_steps");
    assert_true(str_equal(steps->about.notes[0], msg_text(LANG_ZH, MSG_TIER_STEPS_GATE_FIRST)));
    assert_int_equal(steps->rows, 2);
    shown_end(&shown);
}

static void an_undetermined_gate_is_no_failed_one(void **state)
{
    struct ladder ladder;
    struct shown shown;

    explain(state, LADDER_HEAD "991101|100|90|50|未统计\n" REST, "991101", &ladder, &shown);
    const struct shown_table *gates = shown_table(&shown, "tier_gates");
    assert_true(
        shown_is(shown_cell(gates, shown_row(gates, "says", "safe"), "state"), "undetermined"));
    shown_end(&shown);
}

static void the_highest_tier_has_nothing_above_it(void **state)
{
    struct ladder ladder;
    struct shown shown;

    explain(state, LADDER_HEAD TOP_THREE BELOW_FOURTH REST, "991101", &ladder, &shown);
    const struct shown_table *steps = shown_table(&shown, "tier_steps");
    assert_int_equal(steps->rows, 0);
    assert_true(str_equal(steps->about.notes[0], msg_text(LANG_ZH, MSG_TIER_STEPS_HIGHEST)));
    shown_end(&shown);
}

/* Points of the criteria add up to the score; each names its basis. */
static void the_points_add_up_to_the_score(void **state)
{
    struct ladder ladder;
    struct shown shown;

    explain(state,
            LADDER_HEAD "991101|100|90|12.5|是\n991102|100|80|50|是\n"
                        "991103|100|70|50|是\n991104|100|60|50|是\n" BELOW_FOURTH REST,
            "991101", &ladder, &shown);
    const struct shown_table *parts = shown_table(&shown, "tier_points");
    const struct shown_table *head = shown_table(&shown, "tier_of_unit");
    assert_int_equal(parts->rows, 2);
    assert_int_equal(shown_cell(parts, 0, "points")->number, 4500);
    assert_int_equal(shown_cell(parts, 1, "points")->number, 4375);
    assert_int_equal(shown_cell(parts, 1, "value")->number, 125);
    assert_int_equal(shown_cell(parts, 0, "weight")->number, 500000);
    assert_true(shown_is(shown_cell(parts, 0, "basis"), "得分口径"));
    assert_int_equal(shown_fact(head, "score")->number, 8875);
    assert_int_equal(shown_fact(head, "rank")->number, 1);
    assert_true(shown_is(shown_fact(head, "tier"), "high"));
    assert_true(shown_is(shown_fact(head, "optimistic"), "high"));
    assert_int_equal(shown_fact(head, "coverage")->number, 1000000);
    assert_true(str_equal(head->about.title, STR("东市甲县一村")));
    assert_int_equal(head->rows, 0); /* no draws were made */
    shown_end(&shown);
}

static void the_share_of_weightings_is_told_for_every_tier(void **state)
{
    struct ladder ladder;
    struct shown shown;

    ladder_open(*state, NULL, 0, &ladder);
    ladder.options.draws = 100;
    ladder_take(&ladder, 2024, LADDER_HEAD TOP_THREE BELOW_FOURTH REST);
    ladder_run(&ladder, 2024);
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(
        tier_explain(&ladder.in, &ladder.answer, ladder_place(&ladder, "991101"), &sink), RC_OK);
    const struct shown_table *head = shown_table(&shown, "tier_of_unit");
    assert_int_equal(head->rows, 3);
    assert_int_equal(shown_cell(head, HIGH, "holds")->number, 100);
    assert_int_equal(shown_cell(head, HIGH, "holds")->whole, 100);
    assert_int_equal(shown_cell(head, LOW, "holds")->number, 0);
    shown_end(&shown);
}

static void the_sheets_of_a_run_say_what_came_of_it(void **state)
{
    struct ladder ladder;
    struct shown shown;

    ladder_open(*state, NULL, 0, &ladder);
    ladder_take(&ladder, 2024,
                LADDER_HEAD "991101|100|90|50|否\n991102|100|80|50|是\n991103|100|70|50|未统计\n"
                            "991104|100|未统计|未统计|是\n" BELOW_FOURTH REST);
    assert_int_equal(ladder_override(&ladder, "991203", "middle", "试点"), RC_OK);
    ladder.options.draws = 50;
    ladder_run(&ladder, 2024);
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(tier_tables(&ladder.in, &ladder.answer, &sink), RC_OK);
    const struct shown_table *summary = shown_table(&shown, "tier_summary");
    assert_int_equal(summary->rows, 3);
    assert_true(shown_is(shown_cell(summary, 0, "unit"), "东市"));
    assert_int_equal(shown_cell(summary, 0, "units")->number, 10);
    assert_int_equal(shown_cell(summary, 0, "high")->number, 2);
    assert_int_equal(shown_cell(summary, 0, "middle")->number, 3);
    assert_int_equal(shown_cell(summary, 0, "low")->number, 4);
    assert_int_equal(shown_cell(summary, 0, "undecided")->number, 1);
    assert_int_equal(shown_cell(summary, 2, "units")->number, 13);
    assert_int_equal(shown_cell(summary, 2, "robust_share")->whole, 12);
    const struct shown_table *units = shown_table(&shown, "tiers");
    int first = shown_row(units, "code", "991101");
    assert_true(shown_is(shown_cell(units, first, "tier"), "middle"));
    assert_true(shown_is(shown_cell(units, first, "gates"), "不安全"));
    assert_int_equal(shown_cell(units, first, "score")->number, 7000);
    assert_true(shown_is(shown_cell(units, first, "county"), "甲县"));
    assert_int_equal(shown_cell(units, first, "A")->number, 4500);
    int locked = shown_row(units, "code", "991203");
    assert_true(shown_is(shown_cell(units, locked, "holds"), "locked"));
    int undecided = shown_row(units, "code", "991104");
    assert_true(shown_is(shown_cell(units, undecided, "tier"), "undecided"));
    assert_true(shown_is(shown_cell(units, undecided, "rank"), "undecided"));
    const struct shown_table *pools = shown_table(&shown, "tier_pools");
    assert_int_equal(shown_cell(pools, 0, "high_quota")->number, 1);
    assert_int_equal(shown_cell(pools, 0, "middle_placed")->number, 2);
    assert_int_equal(shown_cell(pools, 0, "high_line")->number, 6500);
    const struct shown_table *rules = shown_table(&shown, "tier_rules");
    assert_int_equal(rules->rows, 4);
    assert_int_equal(shown_cell(rules, 0, "weight")->number, 500000);
    assert_true(shown_is(shown_cell(rules, 2, "rule"), "SAFE"));
    shown_end(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(the_least_change_that_is_shown_does_it_and_a_smaller_does_not),
        IN_A_WORLD(it_is_said_when_no_single_change_is_enough),
        IN_A_WORLD(a_missing_value_is_improved_from_silence),
        IN_A_WORLD(an_improvement_stays_inside_the_range),
        IN_A_WORLD(the_best_grade_may_be_the_least_number),
        IN_A_WORLD(the_best_grade_may_be_the_greatest_number),
        IN_A_WORLD(a_gate_stands_before_the_steps),
        IN_A_WORLD(with_a_gate_to_pass_a_low_score_has_steps_after_it),
        IN_A_WORLD(an_undetermined_gate_is_no_failed_one),
        IN_A_WORLD(the_highest_tier_has_nothing_above_it),
        IN_A_WORLD(the_points_add_up_to_the_score),
        IN_A_WORLD(the_share_of_weightings_is_told_for_every_tier),
        IN_A_WORLD(the_sheets_of_a_run_say_what_came_of_it),
    };
    return cmocka_run_group_tests_name("reasons of tiers", tests, NULL, NULL);
}
