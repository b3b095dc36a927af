/* What a programme may say otherwise: kinds of quota, thresholds and breaks, ways of weighting and
 * scoring. */
#include <math.h>

#include "calc/weigh/weights.h"
#include "office/tier/tier_in.h"
#include "tests/office/ladder.h"

static const char LEDGER[] =
    LADDER_HEAD "991101|100|90|50|是\n991102|100|80|50|是\n991103|100|70|50|是\n"
                "991104|100|60|50|是\n991105|100|50|50|是\n991106|100|40|50|是\n"
                "991201|100|85|50|是\n991202|100|75|50|是\n991203|100|65|50|是\n"
                "991204|100|55|50|是\n992101|100|95|50|是\n992102|100|45|50|是\n"
                "992103|100|35|50|是\n";

#define HIGH_QUOTA "share: 20, min: 1, from_year: 2020, to_year: 2030"

static void run_edited(void **state, const struct edit *edits, int count, struct ladder *out)
{
    ladder_open(*state, edits, count, out);
    ladder_take(out, 2024, LEDGER);
    ladder_run(out, 2024);
}

static void a_number_is_shared_among_the_counties_of_its_city(void **state)
{
    static const struct edit EDIT = {HIGH_QUOTA, "count: 5, from_year: 2020"};
    struct ladder ladder;

    run_edited(state, &EDIT, 1, &ladder);
    assert_int_equal(ladder_line(&ladder, "9911", HIGH)->open, 3);
    assert_int_equal(ladder_line(&ladder, "9912", HIGH)->open, 2);
    assert_int_equal(ladder_line(&ladder, "9921", HIGH)->open, 5);
    assert_int_equal(ladder_line(&ladder, "9921", HIGH)->unfilled, 2);
}

static void a_number_without_a_total_is_each_county_s(void **state)
{
    static const struct edit EDIT = {"total: city, " HIGH_QUOTA, "count: 2, from_year: 2020"};
    struct ladder ladder;

    run_edited(state, &EDIT, 1, &ladder);
    assert_int_equal(ladder_line(&ladder, "9911", HIGH)->open, 2);
    assert_int_equal(ladder_line(&ladder, "9912", HIGH)->open, 2);
    assert_int_equal(ladder_line(&ladder, "9921", HIGH)->open, 2);
}

/* 24.95 % of ten is 2.495, which makes 2; 25 % would make 3. */
static void a_share_keeps_its_decimals(void **state)
{
    static const struct edit EDIT = {HIGH_QUOTA, "share: 24.995, from_year: 2020"};
    struct ladder ladder;

    run_edited(state, &EDIT, 1, &ladder);
    assert_int_equal(
        ladder_line(&ladder, "9911", HIGH)->open + ladder_line(&ladder, "9912", HIGH)->open, 2);
}

static void a_county_may_have_a_number_of_its_own(void **state)
{
    static const struct edit EDIT = {
        "quotas:\n",
        "exceptions:\n  one: {quota: high, unit: '9912', count: 3, basis: test}\nquotas:\n"};
    struct ladder ladder;

    run_edited(state, &EDIT, 1, &ladder);
    assert_int_equal(ladder_line(&ladder, "9912", HIGH)->open, 3);
    assert_int_equal(ladder_line(&ladder, "9911", HIGH)->open, 1);
    assert_int_equal(ladder_tier(&ladder, "991203"), HIGH);
}

static void the_quota_of_the_year_is_taken(void **state)
{
    static const struct edit EDITS[] = {
        {HIGH_QUOTA, "share: 10, from_year: 2020, to_year: 2023"},
        {"quotas:\n", "quotas:\n  later: {tier: high, within: county, total: city, share: 40, "
                      "from_year: 2024, basis: test}\n"},
    };
    struct ladder ladder;

    run_edited(state, EDITS, 2, &ladder);
    assert_int_equal(ladder_line(&ladder, "9911", HIGH)->open, 2);
    ladder_take(&ladder, 2023, LEDGER);
    ladder_run(&ladder, 2023);
    assert_int_equal(
        ladder_line(&ladder, "9911", HIGH)->open + ladder_line(&ladder, "9912", HIGH)->open, 1);
}

static void a_year_without_a_quota_is_refused(void **state)
{
    struct ladder ladder;

    ladder_open(*state, NULL, 0, &ladder);
    ladder_take(&ladder, 2031, LEDGER);
    assert_int_equal(ladder_try(&ladder, 2031), RC_INVALID);
    assert_int_equal(ladder.rooms.cx->err->msg, MSG_TIER_NO_QUOTA);
    ladder_take(&ladder, 2030, LEDGER);
    ladder_run(&ladder, 2030);
}

static void tiers_that_compete_on_different_levels_are_refused(void **state)
{
    static const struct edit EDIT = {"tier: middle, within: county", "tier: middle, within: city"};
    struct ladder ladder;

    ladder_open(*state, &EDIT, 1, &ladder);
    ladder_take(&ladder, 2024, LEDGER);
    assert_int_equal(ladder_try(&ladder, 2024), RC_INVALID);
    assert_int_equal(ladder.rooms.cx->err->msg, MSG_TIER_QUOTA_LEVELS);
}

/* Who had it keeps it; the quota is of newcomers. */
static void a_quota_of_newcomers_leaves_those_who_had_it(void **state)
{
    static const struct edit EDIT = {HIGH_QUOTA, HIGH_QUOTA ", new: true"};
    struct ladder ladder;

    run_edited(state, &EDIT, 1, &ladder);
    (void)ladder_keep(&ladder, "会议");
    ladder_take(&ladder, 2025, LEDGER);
    ladder_run(&ladder, 2025);
    assert_int_equal(ladder_tier(&ladder, "991101"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "991102"), HIGH);
    assert_int_equal(ladder_line(&ladder, "9911", HIGH)->kept, 1);
    assert_int_equal(ladder_line(&ladder, "9911", HIGH)->admitted, 1);
}

#define SORTING(how)                                                                               \
    {                                                                                              \
        "coverage_min: 0.5", "coverage_min: 0.5, sorting: " how                                    \
    }

/* 0.65 is reached by a score of 0.65, that is by 80; scores of 0.70 and more by 90 and 95. */
static void thresholds_place_by_the_score_alone(void **state)
{
    static const struct edit EDITS[] = {
        SORTING("thresholds"),
        {"promise: 多,", "promise: 多, threshold: 0.7,"},
        {"promise: 中,", "promise: 中, threshold: 0.6,"},
    };
    struct ladder ladder;

    run_edited(state, EDITS, 3, &ladder);
    assert_int_equal(ladder.in.rules.pool_count, 1);
    assert_int_equal(ladder_tier(&ladder, "991101"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "992101"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "991201"), MIDDLE);
    assert_int_equal(ladder_tier(&ladder, "991103"), MIDDLE);
    assert_int_equal(ladder_tier(&ladder, "991203"), LOW);
    assert_int_equal(ladder_placing(&ladder, "991203")->reason, REASON_THRESHOLD);
}

/* Three heaps of scores far apart are three classes. */
static void breaks_are_where_the_scores_part(void **state)
{
    static const struct edit EDIT = SORTING("breaks");
    struct ladder ladder;

    ladder_open(*state, &EDIT, 1, &ladder);
    ladder_take(&ladder, 2024,
                LADDER_HEAD "991101|100|95|50|是\n991102|100|94|50|是\n991103|100|50|50|是\n"
                            "991104|100|51|50|是\n991105|100|49|50|是\n991106|100|5|50|是\n"
                            "991201|100|6|50|是\n991202|100|96|50|是\n991203|100|4|50|是\n"
                            "991204|100|50|50|是\n992101|100|5|50|是\n992102|100|50|50|是\n"
                            "992103|100|93|50|是\n");
    ladder_run(&ladder, 2024);
    assert_int_equal(ladder_tier(&ladder, "992103"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "991102"), HIGH);
    assert_int_equal(ladder_tier(&ladder, "991104"), MIDDLE);
    assert_int_equal(ladder_tier(&ladder, "991105"), MIDDLE);
    assert_int_equal(ladder_tier(&ladder, "991201"), LOW);
}

/* Places nobody of a tier's gate could take go to the next tier, if the scheme says so. */
static void a_place_left_free_spills_only_where_it_may(void **state)
{
    static const struct edit EDIT = {"coverage_min: 0.5", "coverage_min: 0.5, spill: true"};
    static const char NOBODY_SAFE[] =
        LADDER_HEAD "992101|100|95|50|否\n992102|100|45|50|否\n992103|100|35|50|否\n";

    for (int spills = 0; spills < 2; spills++) {
        struct ladder ladder;
        ladder_open(*state, &EDIT, spills, &ladder);
        ladder_take(&ladder, 2024, NOBODY_SAFE);
        ladder.options.root = rooms_place(&ladder.rooms, "9921");
        ladder_run(&ladder, 2024);
        assert_int_equal(ladder_tier(&ladder, "992102"), spills == 1 ? MIDDLE : LOW);
        assert_int_equal(world_end(state), 0);
        assert_int_equal(world_begin(state), 0);
    }
}

#define WEIGHTING(how)                                                                             \
    {                                                                                              \
        "coverage_min: 0.5", "coverage_min: 0.5, weighting: " how                                  \
    }

static void expect_shares(const struct ladder *ladder, const double *want, int count)
{
    double shares[WEIGH_CRITERIA_MAX] = {0};

    weights_combine(&ladder->in.weights, shares);
    assert_int_equal(ladder->in.criterion_count, count);
    for (int k = 0; k < count; k++) {
        assert_true(fabs(shares[k] - want[k]) < 1e-9);
    }
}

static void judgments_make_the_weights_and_say_how_well_they_agree(void **state)
{
    static const struct edit EDITS[] = {
        WEIGHTING("ahp"),
        {"criteria:\n", "judgments:\n  one: {first: A, second: B, ratio: 3}\n"
                        "  two: {first: DIRT, second: POP, ratio: 4}\ncriteria:\n"
                        "  POP: {dimension: B, weight: 1, floor: 0, goal: 1000, basis: test}\n"},
    };
    struct ladder ladder;

    run_edited(state, EDITS, 2, &ladder);
    int pop = str_equal(ladder.rooms.programme->criteria[ladder.in.criteria[0]].id, STR("POP"));
    assert_true(pop);
    expect_shares(&ladder, (const double[]){0.25 / 5.0, 0.75, 0.25 * 4.0 / 5.0}, 3);
    assert_true(fabs(ladder.in.consistency) < 1e-9); /* two things always agree */
}

/* Only what differs between villages can weigh. */
static void weights_from_the_data_leave_out_what_is_the_same_everywhere(void **state)
{
    static const struct edit EDITS[] = {WEIGHTING("entropy"), WEIGHTING("critic")};

    for (int i = 0; i < 2; i++) {
        struct ladder ladder;
        run_edited(state, &EDITS[i], 1, &ladder);
        expect_shares(&ladder, (const double[]){1.0, 0.0}, 2);
        assert_int_equal(world_end(state), 0);
        assert_int_equal(world_begin(state), 0);
    }
}

/* Squared distances from worst and best: 0.9² + 0.5² against 0.1² + 0.5². */
static void topsis_scores_by_nearness_to_the_best_and_the_worst(void **state)
{
    static const struct edit EDIT = {"coverage_min: 0.5", "coverage_min: 0.5, method: topsis"};
    struct ladder ladder;

    run_edited(state, &EDIT, 1, &ladder);
    assert_int_equal(tier_method(&ladder.in), SCORE_TOPSIS);
    assert_true(fabs(ladder_score(&ladder, "991101") - 1.06 / (1.06 + 0.26)) < 1e-5);
}

static void the_data_s_own_range_may_be_the_reference(void **state)
{
    static const struct edit EDIT = {"coverage_min: 0.5", "coverage_min: 0.5, reference: minmax"};
    struct ladder ladder;

    ladder_open(*state, &EDIT, 1, &ladder);
    ladder_take(&ladder, 2024,
                LADDER_HEAD "991101|100|90|20|是\n991102|100|60|50|是\n991103|100|40|60|是\n");
    ladder_run(&ladder, 2024);
    assert_true(fabs(ladder_score(&ladder, "991101") - 1.0) < 1e-6);
    assert_true(fabs(ladder_score(&ladder, "991102") - (0.4 + 0.25) / 2.0) < 1e-6);
    assert_true(fabs(ladder_score(&ladder, "991103") - 0.0) < 1e-6);
}

static void grades_are_worth_what_their_points_say(void **state)
{
    static const struct edit EDIT = {
        "  DIRT: {weight: 1, floor: 100, goal: 0, basis: 脏乱口径}",
        "  RANK: {weight: 1, points: {none: 0, county: 0.3, nation: 1}, basis: test}"};
    struct ladder ladder;

    ladder_open(*state, &EDIT, 1, &ladder);
    ladder_take(&ladder, 2024,
                "行政区划代码|得分|级别\n991101|90|国家级\n991102|90|县级\n991103|90|无\n");
    ladder_run(&ladder, 2024);
    assert_true(fabs(ladder_score(&ladder, "991101") - (0.9 + 1.0) / 2.0) < 1e-6);
    assert_true(fabs(ladder_score(&ladder, "991102") - (0.9 + 0.3) / 2.0) < 1e-6);
    assert_true(fabs(ladder_score(&ladder, "991103") - 0.9 / 2.0) < 1e-6);
}

/* 30 to 60 is best; it falls to nothing at 10 and at 80. */
static void a_band_is_best_in_its_middle(void **state)
{
    static const struct edit EDITS[] = {
        {"gauge: 分, range: [0, 100], direction: cost",
         "gauge: 分, range: [0, 100], direction: target"},
        {"floor: 100, goal: 0", "floor: [10, 80], goal: [30, 60]"},
    };
    struct ladder ladder;

    ladder_open(*state, EDITS, 2, &ladder);
    ladder_take(&ladder, 2024,
                LADDER_HEAD "991101|100|0|45|是\n991102|100|0|20|是\n991103|100|0|75|是\n"
                            "991104|100|0|5|是\n991105|100|0|90|是\n");
    ladder_run(&ladder, 2024);
    assert_true(fabs(ladder_score(&ladder, "991101") - 0.5) < 1e-6);
    assert_true(fabs(ladder_score(&ladder, "991102") - 0.25) < 1e-6);
    assert_true(fabs(ladder_score(&ladder, "991103") - 0.125) < 1e-6);
    assert_true(fabs(ladder_score(&ladder, "991104")) < 1e-6);
    assert_true(fabs(ladder_score(&ladder, "991105")) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_number_is_shared_among_the_counties_of_its_city),
        IN_A_WORLD(a_number_without_a_total_is_each_county_s),
        IN_A_WORLD(a_share_keeps_its_decimals),
        IN_A_WORLD(a_county_may_have_a_number_of_its_own),
        IN_A_WORLD(the_quota_of_the_year_is_taken),
        IN_A_WORLD(a_year_without_a_quota_is_refused),
        IN_A_WORLD(tiers_that_compete_on_different_levels_are_refused),
        IN_A_WORLD(a_quota_of_newcomers_leaves_those_who_had_it),
        IN_A_WORLD(thresholds_place_by_the_score_alone),
        IN_A_WORLD(breaks_are_where_the_scores_part),
        IN_A_WORLD(a_place_left_free_spills_only_where_it_may),
        IN_A_WORLD(judgments_make_the_weights_and_say_how_well_they_agree),
        IN_A_WORLD(weights_from_the_data_leave_out_what_is_the_same_everywhere),
        IN_A_WORLD(topsis_scores_by_nearness_to_the_best_and_the_worst),
        IN_A_WORLD(the_data_s_own_range_may_be_the_reference),
        IN_A_WORLD(grades_are_worth_what_their_points_say),
        IN_A_WORLD(a_band_is_best_in_its_middle),
    };
    return cmocka_run_group_tests_name("rules of tiers", tests, NULL, NULL);
}
