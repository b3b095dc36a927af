/* The operator on an office's own rules: quotas, gates, missing values, exceptions, the tier held
 * before. Two criteria weigh alike; with the same dirt everywhere the score is good / 200 + 0.25.
 */
#include <math.h>

#include "tests/office/ladder.h"

/* Ten villages in the first city, three in the second, and an estate that is no village. */
#define FIRST_COUNTY                                                                               \
    "991101|100|90|50|是\n991102|100|80|50|是\n991103|100|70|50|是\n"                           \
    "991104|100|60|50|是\n991105|100|50|50|是\n991106|100|40|50|是\n"
#define SECOND_COUNTY                                                                              \
    "991201|100|85|50|是\n991202|100|75|50|是\n991203|100|65|50|是\n991204|100|55|50|是\n"
#define THIRD_COUNTY  "992101|100|95|50|是\n992102|100|45|50|是\n992103|100|35|50|是\n"
#define REST          SECOND_COUNTY THIRD_COUNTY
#define FIVE_OF_FIRST "991102|100|80|50|是\n991103|100|70|50|是\n" FOUR_OF_FIRST
#define FOUR_OF_FIRST "991104|100|60|50|是\n991105|100|50|50|是\n991106|100|40|50|是\n"

static void run_with(void **state, const char *text, struct ladder *out)
{
    ladder_open(*state, NULL, 0, out);
    ladder_take(out, 2024, text);
    ladder_run(out, 2024);
}

static void quotas_of_a_city_are_shared_among_its_counties(void **state)
{
    struct ladder ladder;

    run_with(state, LADDER_HEAD FIRST_COUNTY REST "991150|100|99|50|是\n", &ladder);
    assert_int_equal(ladder.in.count, 13); /* the estate is classified nowhere, and not counted */
    /* 20 % of ten: 1.2 and 0.8; 30 %: 1.8 and 1.2; of three: 0.6 and 0.9 make one each. */
    assert_int_equal(ladder_line(&ladder, "9911", HIGH)->open, 1);
    assert_int_equal(ladder_line(&ladder, "9911", MIDDLE)->open, 2);
    assert_int_equal(ladder_line(&ladder, "9912", HIGH)->open, 1);
    assert_int_equal(ladder_line(&ladder, "9912", MIDDLE)->open, 1);
    assert_int_equal(ladder_line(&ladder, "9921", HIGH)->open, 1);
    assert_int_equal(ladder_line(&ladder, "9921", MIDDLE)->open, 1);
    assert_int_equal(ladder_tier(&ladder, "991101"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "991102"), MIDDLE);
    assert_int_equal(ladder_tier(&ladder, "991103"), MIDDLE);
    assert_int_equal(ladder_tier(&ladder, "991104"), LOW);
    assert_int_equal(ladder_tier(&ladder, "991201"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "991203"), LOW);
    assert_int_equal(ladder_tier(&ladder, "992101"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "992103"), LOW);
    assert_int_equal(ladder_placing(&ladder, "991102")->reason, REASON_QUOTA);
}

static void a_score_is_the_weighted_sum_of_what_each_value_is_worth(void **state)
{
    struct ladder ladder;

    run_with(state, LADDER_HEAD "991101|100|90|12.5|是\n" FIVE_OF_FIRST REST, &ladder);
    assert_true(fabs(ladder_score(&ladder, "991101") - (0.9 + 0.875) / 2.0) < 1e-6);
    assert_true(fabs(ladder_score(&ladder, "992103") - (0.35 + 0.5) / 2.0) < 1e-6);
}

static void who_fails_a_gate_competes_for_the_next_tier(void **state)
{
    struct ladder ladder;

    run_with(state, LADDER_HEAD "991101|100|90|50|否\n" FIVE_OF_FIRST REST, &ladder);
    assert_int_equal(ladder_tier(&ladder, "991101"), MIDDLE);
    assert_int_equal(ladder_placing(&ladder, "991101")->reason, REASON_GATE);
    assert_int_equal(ladder_tier(&ladder, "991102"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "991103"), MIDDLE);
}

static void a_gate_of_two_tiers_shuts_both(void **state)
{
    struct ladder ladder;

    run_with(state, LADDER_HEAD "991101|9|90|50|是\n" FIVE_OF_FIRST REST, &ladder);
    assert_int_equal(ladder_tier(&ladder, "991101"), LOW);
    assert_int_equal(ladder_placing(&ladder, "991101")->reason, REASON_GATE);
}

static void a_gate_on_a_missing_value_shuts_and_is_told_apart(void **state)
{
    struct ladder ladder;

    run_with(state, LADDER_HEAD "991101|100|90|50|未统计\n" FIVE_OF_FIRST REST, &ladder);
    assert_int_equal(ladder_tier(&ladder, "991101"), MIDDLE);
    assert_int_equal(ladder_placing(&ladder, "991101")->reason, REASON_GATE_UNDETERMINED);
    assert_int_equal(ladder.answer.optimistic[ladder_place(&ladder, "991101")], HIGH);
}

/* A failed gate weighs more than an undetermined one: asking for the value would not help. */
static void a_failed_gate_is_said_before_an_undetermined_one(void **state)
{
    struct ladder ladder;

    run_with(state, LADDER_HEAD "991101|9|90|50|未统计\n" FIVE_OF_FIRST REST, &ladder);
    ladder.answer.base = tiering_run(&ladder.in.rules, ladder.answer.scores, ladder.in.cx->arena);
    int at = ladder_place(&ladder, "991101");
    assert_int_equal(ladder.in.rules.gates[at * ladder.in.tier_count + HIGH], GATE_FAILED);
    assert_int_equal(ladder.in.rules.gates[at * ladder.in.tier_count + MIDDLE], GATE_FAILED);
    assert_int_equal(ladder.answer.optimistic[at], LOW);
}

static void a_gate_that_does_not_apply_is_open(void **state)
{
    struct ladder ladder;

    run_with(state, LADDER_HEAD "991101|100|90|50|不适用\n" FIVE_OF_FIRST REST, &ladder);
    assert_int_equal(ladder_tier(&ladder, "991101"), HIGH);
}

/* Silence never pays: it scores the floor; what it might be worth is told beside. */
static void a_missing_value_scores_the_floor(void **state)
{
    struct ladder ladder;

    run_with(state, LADDER_HEAD "991101|100|未统计|50|是\n" FIVE_OF_FIRST REST, &ladder);
    assert_true(fabs(ladder_score(&ladder, "991101") - 0.25) < 1e-6);
    assert_int_equal(ladder_tier(&ladder, "991101"), LOW);
    int at = ladder_place(&ladder, "991101");
    assert_int_equal(ladder.answer.optimistic[at], HIGH);
    assert_true(fabsf(ladder.answer.coverage[at] - 0.5F) < 1e-6F);
}

/* What one village lacks is its own affair: another's gap takes nothing from it. */
static void the_hopeful_tier_of_a_village_leaves_the_others_as_they_are(void **state)
{
    struct ladder ladder;

    run_with(state,
             LADDER_HEAD "991101|100|90|10|是\n991102|100|未统计|5|是\n991103|100|未统计|4|是\n"
                         "991104|100|60|50|是\n991105|100|50|50|是\n991106|100|40|50|是\n" REST,
             &ladder);
    assert_int_equal(ladder_tier(&ladder, "991101"), HIGH);
    assert_int_equal(ladder_line(&ladder, "9911", HIGH)->open, 1);
    for (int i = 0; i < ladder.in.count; i++) {
        assert_true(ladder.answer.optimistic[i] <= ladder.answer.base.places[i].tier ||
                    ladder.answer.base.places[i].tier == TIER_NONE);
    }
    assert_int_equal(ladder.answer.optimistic[ladder_place(&ladder, "991101")], HIGH);
    assert_int_equal(ladder.answer.optimistic[ladder_place(&ladder, "991102")], HIGH);
    assert_int_equal(ladder.answer.optimistic[ladder_place(&ladder, "991103")], HIGH);
}

static void too_little_known_is_undecided_but_counts_in_the_quota(void **state)
{
    struct ladder ladder;

    run_with(state, LADDER_HEAD "991101|100|未统计|未统计|是\n" FIVE_OF_FIRST REST, &ladder);
    assert_int_equal(ladder_tier(&ladder, "991101"), TIER_NONE);
    assert_int_equal(ladder_placing(&ladder, "991101")->reason, REASON_UNDECIDED);
    assert_int_equal(ladder_placing(&ladder, "991101")->rank, 0);
    assert_int_equal(ladder_line(&ladder, "9911", MIDDLE)->open, 2);
    assert_int_equal(ladder_tier(&ladder, "991102"), HIGH);
    assert_int_equal(ladder_placing(&ladder, "991102")->rank, 1);
}

/* The weight of what does not apply goes to the others of its dimension. */
static void what_does_not_apply_leaves_its_weight_to_its_dimension(void **state)
{
    static const struct edit MORE[] = {
        {"  DIRT: {weight: 1, floor", "  POP: {weight: 3, floor: 0, goal: 1000, basis: test}\n"
                                      "  DIRT: {weight: 1, floor"},
    };
    struct ladder ladder;

    ladder_open(*state, MORE, 1, &ladder);
    ladder_take(&ladder, 2024, LADDER_HEAD "991101|100|90|50|是\n991102|100|不适用|50|是\n");
    ladder_run(&ladder, 2024);
    assert_true(fabs(ladder_score(&ladder, "991101") - (0.25 * 0.9 + 0.75 * 0.1 + 0.5) / 2.0) <
                1e-6);
    assert_true(fabs(ladder_score(&ladder, "991102") - (0.1 + 0.5) / 2.0) < 1e-6);
}

static void equal_scores_are_settled_by_the_declared_key_then_by_age(void **state)
{
    struct ladder ladder;

    run_with(state,
             LADDER_HEAD "991101|100|80|50|是\n991102|101|80|50|是\n991103|未统计|80|50|是\n"
                         "991104|100|80|50|是\n991105|100|10|50|是\n991106|100|10|50|是\n" REST,
             &ladder);
    assert_int_equal(ladder_tier(&ladder, "991102"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "991101"), MIDDLE);
    assert_int_equal(ladder_tier(&ladder, "991104"), MIDDLE);
    assert_int_equal(ladder_tier(&ladder, "991103"), LOW);
    assert_true(ladder_placing(&ladder, "991101")->rank < ladder_placing(&ladder, "991104")->rank);
}

static void an_exception_takes_its_place_first_and_an_overrun_is_said(void **state)
{
    struct ladder ladder;

    ladder_open(*state, NULL, 0, &ladder);
    ladder_take(&ladder, 2024, LADDER_HEAD FIRST_COUNTY REST);
    assert_int_equal(ladder_override(&ladder, "991106", "high", "省级试点"), RC_OK);
    ladder_run(&ladder, 2024);
    assert_int_equal(ladder_tier(&ladder, "991106"), HIGH);
    assert_int_equal(ladder_placing(&ladder, "991106")->reason, REASON_LOCKED);
    assert_int_equal(ladder_tier(&ladder, "991101"), MIDDLE);
    assert_int_equal(ladder_line(&ladder, "9911", HIGH)->overrun, 0);
    assert_int_equal(ladder_override(&ladder, "991105", "high", "省级试点"), RC_OK);
    ladder_run(&ladder, 2024);
    assert_int_equal(ladder_line(&ladder, "9911", HIGH)->overrun, 1);
    assert_int_equal(ladder_override(&ladder, "991105", "", "撤回"), RC_OK);
    assert_int_equal(ladder_override(&ladder, "991106", "middle", "改为提档"), RC_OK);
    ladder_run(&ladder, 2024);
    assert_int_equal(ladder_tier(&ladder, "991105"), LOW);
    assert_int_equal(ladder_tier(&ladder, "991106"), MIDDLE);
    assert_int_equal(ladder_tier(&ladder, "991101"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "991103"), LOW);
}

static void an_exception_needs_a_reason(void **state)
{
    struct ladder ladder;

    ladder_open(*state, NULL, 0, &ladder);
    ladder_take(&ladder, 2024, LADDER_HEAD FIRST_COUNTY REST);
    assert_int_equal(ladder_override(&ladder, "991106", "high", " 　"), RC_INVALID);
    assert_int_equal(ladder.rooms.cx->err->msg, MSG_TIER_NO_REASON);
    ladder_run(&ladder, 2024);
    assert_int_equal(ladder_tier(&ladder, "991106"), LOW);
}

#define NEXT_YEAR(held, rival)                                                                     \
    LADDER_HEAD "991101|100|" held "|50|是\n991102|100|" rival                                     \
                "|50|是\n991103|100|70|50|是\n" FOUR_OF_FIRST REST

static void run_after(void **state, const char *resolution, const char *text, struct ladder *out)
{
    run_with(state, LADDER_HEAD FIRST_COUNTY REST, out);
    (void)ladder_keep(out, resolution);
    ladder_take(out, 2025, text);
    ladder_run(out, 2025);
}

/* 98 beats 90 by 0.04, less than the 0.05 that a tier held is worth. */
static void who_held_the_tier_keeps_it_against_a_small_lead(void **state)
{
    struct ladder ladder;

    run_after(state, "县委会议2024-12-01", NEXT_YEAR("90", "98"), &ladder);
    assert_int_equal(ladder_tier(&ladder, "991101"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "991102"), MIDDLE);
}

static void who_held_the_tier_loses_it_to_a_clear_lead(void **state)
{
    struct ladder ladder;

    run_after(state, "县委会议2024-12-01", NEXT_YEAR("88", "99"), &ladder);
    assert_int_equal(ladder_tier(&ladder, "991101"), MIDDLE);
    assert_int_equal(ladder_tier(&ladder, "991102"), HIGH);
}

static void only_an_approved_run_gives_something_to_hold(void **state)
{
    struct ladder ladder;

    run_after(state, NULL, NEXT_YEAR("90", "98"), &ladder);
    assert_int_equal(ladder_tier(&ladder, "991102"), HIGH);
}

/* A run of the same year, or of a later one, is nothing that was held before. */
static void only_an_earlier_year_gives_something_to_hold(void **state)
{
    struct ladder ladder;

    run_after(state, "县委会议2024-12-01", NEXT_YEAR("90", "98"), &ladder);
    ladder_take(&ladder, 2024, NEXT_YEAR("90", "98"));
    ladder_run(&ladder, 2024);
    assert_int_equal(ladder_tier(&ladder, "991102"), HIGH);
}

static void a_part_of_the_province_competes_for_itself(void **state)
{
    struct ladder ladder;

    ladder_open(*state, NULL, 0, &ladder);
    ladder_take(&ladder, 2024, LADDER_HEAD FIRST_COUNTY REST);
    ladder.options.root = rooms_place(&ladder.rooms, "9912");
    ladder_run(&ladder, 2024);
    assert_int_equal(ladder.in.count, 4);
    assert_int_equal(ladder.in.rules.pool_count, 1);
    assert_int_equal(ladder_tier(&ladder, "991201"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "991202"), MIDDLE);
}

static void nobody_to_place_is_refused(void **state)
{
    struct ladder ladder;

    ladder_open(*state, NULL, 0, &ladder);
    ladder.options.root = rooms_place(&ladder.rooms, "991150");
    assert_int_equal(ladder_try(&ladder, 2024), RC_MISSING);
    assert_int_equal(ladder.rooms.cx->err->msg, MSG_TIER_NOBODY);
}

static void robustness_counts_every_draw_and_comes_again_from_its_seed(void **state)
{
    struct ladder ladder;

    ladder_open(*state, NULL, 0, &ladder);
    ladder_take(&ladder, 2024,
                LADDER_HEAD "991101|100|90|80|是\n991102|100|60|40|是\n"
                            "991103|100|40|5|是\n" FOUR_OF_FIRST REST);
    ladder.options.draws = 400;
    ladder.options.seed = 7;
    ladder_run(&ladder, 2024);
    struct tier_answer first = ladder.answer;
    ladder_run(&ladder, 2024);
    int robust = 0;
    int unsure = 0;
    for (int i = 0; i < ladder.in.count; i++) {
        int64_t all = 0;
        for (int t = 0; t < ladder.in.tier_count; t++) {
            uint32_t count = ladder.answer.robust.count[i * ladder.in.tier_count + t];
            assert_int_equal(count, first.robust.count[i * ladder.in.tier_count + t]);
            all += count;
        }
        assert_int_equal(all, 400);
        int64_t held = first.robust.count[i * ladder.in.tier_count + first.base.places[i].tier];
        assert_int_equal(tier_is_robust(&ladder.in, &first, i), held >= 360);
        robust += held >= 360 ? 1 : 0;
        unsure += held < 360 ? 1 : 0;
    }
    assert_true(robust > 0 && unsure > 0); /* the ledger has both kinds */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(quotas_of_a_city_are_shared_among_its_counties),
        IN_A_WORLD(a_score_is_the_weighted_sum_of_what_each_value_is_worth),
        IN_A_WORLD(who_fails_a_gate_competes_for_the_next_tier),
        IN_A_WORLD(a_gate_of_two_tiers_shuts_both),
        IN_A_WORLD(a_gate_on_a_missing_value_shuts_and_is_told_apart),
        IN_A_WORLD(a_failed_gate_is_said_before_an_undetermined_one),
        IN_A_WORLD(a_gate_that_does_not_apply_is_open),
        IN_A_WORLD(a_missing_value_scores_the_floor),
        IN_A_WORLD(the_hopeful_tier_of_a_village_leaves_the_others_as_they_are),
        IN_A_WORLD(too_little_known_is_undecided_but_counts_in_the_quota),
        IN_A_WORLD(what_does_not_apply_leaves_its_weight_to_its_dimension),
        IN_A_WORLD(equal_scores_are_settled_by_the_declared_key_then_by_age),
        IN_A_WORLD(an_exception_takes_its_place_first_and_an_overrun_is_said),
        IN_A_WORLD(an_exception_needs_a_reason),
        IN_A_WORLD(who_held_the_tier_keeps_it_against_a_small_lead),
        IN_A_WORLD(who_held_the_tier_loses_it_to_a_clear_lead),
        IN_A_WORLD(only_an_approved_run_gives_something_to_hold),
        IN_A_WORLD(only_an_earlier_year_gives_something_to_hold),
        IN_A_WORLD(a_part_of_the_province_competes_for_itself),
        IN_A_WORLD(nobody_to_place_is_refused),
        IN_A_WORLD(robustness_counts_every_draw_and_comes_again_from_its_seed),
    };
    return cmocka_run_group_tests_name("tiers", tests, NULL, NULL);
}
