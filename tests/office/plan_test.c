/* The problem that a plan becomes: value, groups, years and recipes against figures found by hand.
 */
#include <math.h>

#include "office/collect/wishes.h"
#include "tests/office/board.h"

#define MICRO 1e6

/* contracts E20: V = P · E · (1 + beta · support) · gain, E = (S_ref / max(S, S_min)) ^ epsilon. */
static double value(double people, double score, double gain, double support)
{
    return people * sqrt(0.5 / fmax(score, 0.2)) * (1 + 0.5 * support) * gain * MICRO;
}

/* Weights: water a half, light and safety a quarter each. Groups by village: water with its bridge,
 * light. The third village has no water reported: nothing can be priced there but its light, and
 * its score counts water from nothing. */
static void value_is_people_times_equity_times_what_is_gained(void **state)
{
    static const struct {
        double people;
        double score;
        double gain; /* of the best option */
    } GROUPS[] = {
        {1200, 0.9, 0.05},   {1200, 0.9, 0.05},  {800, 0.275, 0.35},
        {800, 0.275, 0.125}, {500, 0.05, 0.2},   {900, 0.375, 0.275},
        {900, 0.375, 0.1},   {300, 0.375, 0.45}, {300, 0.375, 0.175},
    };
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, NULL, 0, 1, &room);

    assert_int_equal(p->groups, COUNT_OF(GROUPS));
    for (int g = 0; g < p->groups; g++) {
        double naive = value(GROUPS[g].people, GROUPS[g].score, GROUPS[g].gain, 0);
        assert_true(fabs((double)board_best(p, g) - naive) <= 2e-6 * naive);
    }
}

/* 333.33 yuan a home, 90 homes from 30 to 60 per cent, half as much again in the mountains; the
 * other levels the same way. */
static void a_cost_is_what_is_needed_times_its_price_and_the_ground(void **state)
{
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, NULL, 0, 1, &room);
    int nothing = p->first[2];

    assert_int_equal(board_use(p, nothing + 2, 1), 90 * 33333 * 15 / 10);
    assert_int_equal(board_use(p, nothing + 4, 1), 210 * 77777 * 15 / 10 + 100000);
}

static void a_recipe_assigns_every_fen_to_one_fund(void **state)
{
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, NULL, 0, 1, &room);
    int pairs = 0;

    for (int g = 0; g < p->groups; g++) {
        int64_t share = g < 5 ? 60 : 35; /* key county, strong county */
        int county = g < 5 ? 1 : 2;
        for (int o = p->first[g] + 1; o + 1 < p->first[g + 1]; o += 2) {
            int64_t cost = board_use(p, o + 1, county);
            assert_int_equal(board_use(p, o, 0), cost * share / 100);
            assert_int_equal(board_use(p, o, 0) + board_use(p, o, county), cost);
            assert_int_equal(board_use(p, o + 1, 0), 0);
            pairs++;
        }
    }
    assert_int_equal(pairs, 12);
}

/* Water is capped at eight tenths of the province's money, farmland at what is above the floor. */
static void caps_and_farmland_are_rows_of_their_own(void **state)
{
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, NULL, 0, 1, &room);
    int pipes = p->first[2] + 3; /* to the house, shared */

    assert_int_equal(p->limit[5], 900LL * 1000000 * 80 / 100);
    assert_int_equal(board_use(p, pipes, 5), board_use(p, pipes, 0));
    assert_int_equal(p->limit[3], 1000);
    assert_int_equal(p->limit[4], 2000);
    assert_int_equal(board_use(p, pipes, 3), 50);
    assert_int_equal(board_use(p, p->first[3] + 1, 5), 0); /* light is not water */
}

static void measures_that_need_or_touch_one_another_are_decided_together(void **state)
{
    static const struct edit APART[] = {{", after: [PIPES 1]", ""}};
    static const struct edit MEET[] = {
        {"effects: {LIGHT: {to: 100}}", "effects: {LIGHT: {to: 100}, WATER: {add: 5}}"}};
    struct board_room room;
    int together = board_problem(*state, NULL, 0, 2, &room)->groups;

    (void)world_end(state);
    (void)world_begin(state);
    /* The two villages that may have both decide twice. */
    assert_int_equal(board_problem(*state, APART, 1, 2, &room)->groups, together + 2);
    (void)world_end(state);
    (void)world_begin(state);
    /* One group for each of five villages. */
    assert_int_equal(board_problem(*state, MEET, 1, 2, &room)->groups, 5);
}

/* A need done in the same year will do; none done, none built. */
static void a_bridge_is_built_with_its_pipes_only(void **state)
{
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, NULL, 0, 2, &room);
    double gain = value(800, 0.275, 0.25, 0);

    /* Of the village with 30 per cent: nothing brings the bridge's gain alone, in any year. */
    for (int o = p->first[2]; o < p->first[3]; o++) {
        double alone = (double)p->value[o] / gain;
        assert_true(o == p->first[2] || alone < 0.75 || alone > 1.0);
    }
}

/* contracts E22, with a horizon of five years and a discount of four per cent. */
static void what_serves_later_is_worth_less(void **state)
{
    double first = pow(1.04, -1);
    double rest = 0;
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, NULL, 0, 2, &room);
    int light = p->first[1];
    bool later = false;

    for (int t = 2; t <= 6; t++) {
        rest += pow(1.04, -t);
    }
    double naive = value(1200, 0.9, 0.05, 0);
    assert_true(fabs((double)board_best(p, 1) - naive) < 100);
    for (int o = light; o < p->first[2]; o++) {
        later = later || fabs((double)p->value[o] - naive * rest / (first + rest)) < 100;
    }
    assert_true(later);
}

/* 30 to 60 per cent in the first year, on to 100 in the second: what the higher level costs more,
 * and a fifth of it for coming back. */
static void a_measure_may_be_built_in_two_goes(void **state)
{
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, NULL, 0, 2, &room);
    int64_t low = 90 * 33333 * 15 / 10;
    int64_t high = 210 * 77777 * 15 / 10 + 100000;
    double first = pow(1.04, -1);
    double rest = 0;
    bool found = false;

    for (int t = 2; t <= 6; t++) {
        rest += pow(1.04, -t);
    }
    double gain = (first * 0.15 + rest * 0.35) / (first + rest);
    for (int o = p->first[2]; o < p->first[3]; o++) {
        /* Money of the county alone, up to the first and the second year. */
        bool two_goes = board_use(p, o, 2) == low && board_use(p, o, 3) == high + high / 5;
        found = found || two_goes;
        assert_true(!two_goes || fabs((double)p->value[o] - value(800, 0.275, gain, 0)) < 1000);
    }
    assert_true(found);
}

static void one_year_leaves_no_time_for_two_goes(void **state)
{
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, NULL, 0, 1, &room);

    assert_int_equal(p->first[3] - p->first[2], 5); /* nothing, two levels by two recipes */
}

/* Not asked, not built: a veto takes the measure away; support counts for its group. */
static void wishes_weigh_and_veto(void **state)
{
    static const char WISHES[] = "代码|建设内容|支持率|不同意|说明\n"
                                 "990101|LAMPS|40%|否|\n"
                                 "990102|LAMPS|80%|否|\n"
                                 "990202|LAMPS||是|\n";
    struct board_room room;
    struct wish_reader reader;
    struct batch batch = {.file_name = STR("wishes"), .file = hash_of(STR("wishes"))};

    board_open(*state, NULL, 0, &room);
    wish_reader_init(&reader, room.rooms.cx, &room.rooms.tree);
    assert_int_equal(rooms_feed(wish_reader_sheet(&reader), WISHES, NULL, 0), RC_OK);
    assert_int_equal(office_enter(room.rooms.cx, DB_WRITE), RC_OK);
    assert_int_equal(office_leave(room.rooms.cx, wishes_import(&reader, &batch)), RC_OK);
    assert_int_equal(board_limit(&room, BOARD_MONEY), RC_OK);
    assert_int_equal(board_prepare(&room), RC_OK);
    const struct solve_problem *p = plan_problem(room.plan);
    assert_int_equal(p->groups, 8); /* the last village's light is gone */
    assert_true(fabs((double)board_best(p, 1) - value(1200, 0.9, 0.05, 0.4)) < 100);
    assert_true(fabs((double)board_best(p, 3) - value(800, 0.275, 0.125, 0.8)) < 100);
    assert_true(fabs((double)board_best(p, 2) - value(800, 0.275, 0.35, 0)) < 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(value_is_people_times_equity_times_what_is_gained),
        IN_A_WORLD(a_cost_is_what_is_needed_times_its_price_and_the_ground),
        IN_A_WORLD(a_recipe_assigns_every_fen_to_one_fund),
        IN_A_WORLD(caps_and_farmland_are_rows_of_their_own),
        IN_A_WORLD(measures_that_need_or_touch_one_another_are_decided_together),
        IN_A_WORLD(a_bridge_is_built_with_its_pipes_only),
        IN_A_WORLD(what_serves_later_is_worth_less),
        IN_A_WORLD(a_measure_may_be_built_in_two_goes),
        IN_A_WORLD(one_year_leaves_no_time_for_two_goes),
        IN_A_WORLD(wishes_weigh_and_veto),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
