/* The smallest improvement: against trying every value, and by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/test_arena.h"
#include "calc/stat/draw.h"
#include "calc/weigh/improve.h"
#include "calc/weigh/reference.h"

enum { INSTANCES = 250, PLACES_MAX = 30, GRID = 20 };

static const struct scale_step STEPS[] = {{0, 0}, {1, 0.5}, {2, 0.25}, {3, 1}};

/* All kinds of scales over values 0, 1 … GRID. */
static struct scale scale_of(uint64_t n)
{
    const struct scale scales[] = {
        {.kind = SCALE_LINE, .floor = 2, .goal = 17},
        {.kind = SCALE_LINE, .floor = 15.5, .goal = 3.5},
        {.kind = SCALE_BAND, .floor = -1, .goal = 7, .goal_end = 9, .floor_end = 18},
        {.kind = SCALE_STEPS, .steps = STEPS, .step_count = COUNT_OF(STEPS)},
        {.kind = SCALE_MIN_MAX},
    };

    return scales[n % COUNT_OF(scales)];
}

/* A place of work: rules of a random instance, and raw values of its own. */
struct world {
    struct instance it;
    struct scale scales[WEIGH_CRITERIA_MAX];
    struct lever levers[WEIGH_CRITERIA_MAX];
    double *values;
    unsigned char *states;
    struct weigh_values table;
    struct tiering_result base;
    struct improve_job job;
};

static int drawn(uint64_t seed, uint64_t a, uint64_t b, int sides)
{
    return (int)(draw_uniform((struct draw_at){seed, a, b}) * sides);
}

static struct tiering_result run(const struct world *world)
{
    struct scale fitted[WEIGH_CRITERIA_MAX];
    struct utilities u = {0};
    struct err err = {0};
    float *scores = ARENA_NEW(&arena, float, (size_t)world->table.place_count);

    utility_fit(world->scales, &world->table, fitted);
    assert_int_equal(utilities_make(fitted, &world->table, &arena, &u, &err), RC_OK);
    score_all(&u, &world->it.tree, world->it.method, scores);
    return tiering_run(&world->it.rules, scores, &arena);
}

static struct world *make_world(uint64_t seed)
{
    struct world *world = ARENA_NEW(&arena, struct world, 1);
    size_t cells = 0;

    world->it = instance_make(seed, PLACES_MAX, &arena);
    int criteria = world->it.tree.criterion_count;
    int places = world->it.rules.place_count;
    cells = (size_t)criteria * (size_t)places;
    world->values = ARENA_NEW(&arena, double, cells);
    world->states = ARENA_NEW(&arena, unsigned char, cells);
    for (int k = 0; k < criteria; k++) {
        world->scales[k] = scale_of(seed + (uint64_t)k);
        world->levers[k] = (struct lever){k, 0, GRID - (k % 3), 1};
    }
    for (size_t at = 0; at < cells; at++) {
        bool is_listed = world->scales[at % (size_t)criteria].kind == SCALE_STEPS;
        int state = drawn(seed, at, 1, 20);
        world->values[at] = drawn(seed, at, 2, is_listed ? 4 : GRID + 1);
        world->states[at] = (unsigned char)(state > 2 ? VALUE_KNOWN : state);
    }
    world->table = (struct weigh_values){places, criteria, world->values, world->states};
    world->base = run(world);
    world->job = (struct improve_job){
        .rules = &world->it.rules,
        .base = &world->base,
        .scales = world->scales,
        .values = &world->table,
        .tree = &world->it.tree,
        .method = world->it.method,
        .levers = world->levers,
        .lever_count = criteria,
    };
    return world;
}

/* The tier with another value and the target's gate passed. */
static signed char tier_with(struct world *world, int place, int target, int criterion,
                             double value)
{
    size_t at = (size_t)place * (size_t)world->table.criterion_count + (size_t)criterion;
    size_t gate = (size_t)place * (size_t)world->it.rules.tier_count + (size_t)target;
    size_t gate_count = (size_t)world->it.rules.place_count * (size_t)world->it.rules.tier_count;
    const unsigned char *gates = world->it.rules.gates;
    unsigned char *open = ARENA_NEW(&arena, unsigned char, gate_count);
    double old_value = world->values[at];
    unsigned char old_state = world->states[at];

    memcpy(open, gates, gate_count);
    open[gate] = GATE_PASSED;
    world->it.rules.gates = open;
    world->values[at] = value;
    world->states[at] = VALUE_KNOWN;
    signed char tier = run(world).places[place].tier;
    world->values[at] = old_value;
    world->states[at] = old_state;
    world->it.rules.gates = gates;
    return tier;
}

/* Utility as things are, a missing value at the floor. */
static double utility_now(const struct world *world, const struct improvement *got)
{
    double utility = 0;

    assert_true(utility_of(&world->scales[got->criterion], got->from, &utility));
    return utility;
}

/* The least change by trying all values of the grid; NAN when none does. */
static double least_change(struct world *world, int place, int target,
                           const struct improvement *got)
{
    const struct scale *scale = &world->scales[got->criterion];
    const struct lever *lever = &world->levers[got->criterion];
    double best = (double)NAN;
    double best_cost = (double)INFINITY;

    for (int value = 0; value <= (int)lever->most; value++) {
        double utility = 0;
        if (!utility_of(scale, value, &utility) || utility <= utility_now(world, got)) {
            continue;
        }
        double cost = scale->kind == SCALE_STEPS ? utility : fabs(value - got->from);
        if (cost < best_cost && tier_with(world, place, target, got->criterion, value) <= target) {
            best = value;
            best_cost = cost;
        }
    }
    return best;
}

static void check_improvement(struct world *world, int place, int target,
                              const struct improvement *got)
{
    bool moves_ends = world->scales[got->criterion].kind == SCALE_MIN_MAX;

    if (got->outcome == IMPROVE_NOT_APPLICABLE) {
        return;
    }
    if (moves_ends) {
        if (got->outcome == IMPROVE_ENOUGH) {
            assert_true(tier_with(world, place, target, got->criterion, got->to) <= target);
        }
        return;
    }
    double want = least_change(world, place, target, got);
    assert_int_equal(got->outcome == IMPROVE_ENOUGH, !isnan(want));
    if (got->outcome == IMPROVE_ENOUGH) {
        assert_true(fabs(got->to - want) < 1e-9 ||
                    fabs(fabs(got->to - got->from) - fabs(want - got->from)) < 1);
        assert_true(got->score_after > got->score_before);
    }
}

static void finds_the_least_change_that_trying_finds(void **state)
{
    int enough = 0;
    int not_enough = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= INSTANCES; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct world *world = make_world(seed);
        int place = drawn(seed, 0, 3, world->table.place_count);
        struct improve_answer answer = {0};
        struct err err = {0};
        assert_int_equal(improve_find(&world->job, place, &arena, &answer, &err), RC_OK);
        bool asks = answer.target != TIER_NONE && !answer.gate_is_enough;
        for (int i = 0; asks && i < world->job.lever_count; i++) {
            check_improvement(world, place, answer.target, &answer.improvements[i]);
            enough += answer.improvements[i].outcome == IMPROVE_ENOUGH;
            not_enough += answer.improvements[i].outcome == IMPROVE_NOT_ENOUGH;
        }
        arena_rewind(&arena, mark);
    }
    /* Both answers must have been put to the test. */
    assert_true(enough > 50 && not_enough > 50);
}

/* Two places, one place in the highest tier; one criterion, 0 to 100 in tenths. */
static struct world *two_places(double first, double second)
{
    static const int POOL[2] = {0};
    static const signed char NONE[2] = {-1, -1};
    static const bool KNOWN[2] = {0};
    static const int QUOTA[2] = {1, 0};
    static const int64_t IDS[2] = {1, 2};
    static const int DIMENSION[1] = {0};
    static const double WEIGHT[1] = {1};
    struct world *world = ARENA_NEW(&arena, struct world, 1);

    world->it.rules = (struct tiering){
        .place_count = 2,
        .pool_count = 1,
        .tier_count = 2,
        .pool = POOL,
        .previous = NONE,
        .locked = NONE,
        .undecided = KNOWN,
        .gates = ARENA_NEW(&arena, unsigned char, 4),
        .quota = QUOTA,
        .id = IDS,
    };
    world->it.tree = (struct weight_tree){1, 1, DIMENSION, WEIGHT, WEIGHT};
    world->scales[0] = (struct scale){.kind = SCALE_LINE, .goal = 100};
    world->levers[0] = (struct lever){0, 0, 100, 0.1};
    world->values = ARENA_NEW(&arena, double, 2);
    world->states = ARENA_NEW(&arena, unsigned char, 2);
    world->values[0] = first;
    world->values[1] = second;
    world->table = (struct weigh_values){2, 1, world->values, world->states};
    world->base = run(world);
    world->job = (struct improve_job){&world->it.rules, &world->base, world->scales, &world->table,
                                      &world->it.tree,  SCORE_SUM,    world->levers, 1};
    return world;
}

static struct improve_answer answer_for(const struct world *world, int place)
{
    struct improve_answer answer = {0};
    struct err err = {0};

    assert_int_equal(improve_find(&world->job, place, &arena, &answer, &err), RC_OK);
    return answer;
}

static void beats_a_rival_by_one_step_unless_ties_are_won(void **state)
{
    struct world *world = two_places(70, 60);
    struct improve_answer answer = answer_for(world, 1);

    (void)state;
    assert_int_equal(answer.target, 0);
    assert_int_equal(answer.enough_count, 1);
    assert_true(fabs(answer.improvements[0].to - 70.1) < 1e-9);
    world = two_places(60, 70);
    answer = answer_for(world, 0);
    assert_true(fabs(answer.improvements[0].to - 70.0) < 1e-9);
    assert_int_equal(answer_for(world, 1).target, TIER_NONE);
}

static void goes_no_farther_than_the_nearer_end_of_a_band(void **state)
{
    struct world *world = two_places(0, 0);

    (void)state;
    world->scales[0] = (struct scale){
        .kind = SCALE_BAND, .floor = 0, .goal = 40, .goal_end = 60, .floor_end = 100};
    world->values[0] = 50;
    world->values[1] = 80;
    world->base = run(world);
    /* The rival is in the band: reaching it ties, and the tie is lost. */
    struct improve_answer answer = answer_for(world, 1);
    assert_int_equal(answer.improvements[0].outcome, IMPROVE_NOT_ENOUGH);
    assert_true(fabs(answer.improvements[0].to - 60) < 1e-9);
}

static void says_when_one_criterion_cannot_do_it(void **state)
{
    struct world *world = two_places(70, 60);

    (void)state;
    world->levers[0].most = 70;
    assert_int_equal(answer_for(world, 1).improvements[0].outcome, IMPROVE_NOT_ENOUGH);
    assert_int_equal(answer_for(world, 1).enough_count, 0);
    world->levers[0].most = 60;
    assert_int_equal(answer_for(world, 1).improvements[0].outcome, IMPROVE_NO_ROOM);
    world = two_places(100, 100);
    assert_int_equal(answer_for(world, 1).improvements[0].outcome, IMPROVE_NO_ROOM);
}

static void counts_from_the_floor_where_nothing_is_known(void **state)
{
    struct world *world = two_places(10, 60);

    (void)state;
    world->states[1] = VALUE_MISSING;
    world->base = run(world);
    struct improve_answer answer = answer_for(world, 1);
    assert_true(answer.improvements[0].from_missing);
    assert_true(fabs(answer.improvements[0].from) < 1e-12);
    assert_true(fabs(answer.improvements[0].to - 10.1) < 1e-9);
    world->states[1] = VALUE_NOT_APPLICABLE;
    world->base = run(world);
    assert_int_equal(answer_for(world, 1).improvements[0].outcome, IMPROVE_NOT_APPLICABLE);
}

static void puts_a_failed_gate_first(void **state)
{
    struct world *world = two_places(70, 60);
    unsigned char gates[4] = {GATE_FAILED, 0, GATE_FAILED, 0};

    (void)state;
    world->it.rules.gates = gates;
    world->base = run(world);
    struct improve_answer answer = answer_for(world, 1);
    assert_int_equal(answer.gate, GATE_FAILED);
    assert_true(answer.gate_is_enough);
}

static void stands_by_the_rerun_where_the_scale_moves(void **state)
{
    struct world *world = two_places(70, 60);

    (void)state;
    world->scales[0] = (struct scale){.kind = SCALE_MIN_MAX};
    world->base = run(world);
    /* The goal is the rival's 70; reaching it ties, and the tie is lost. */
    assert_int_equal(answer_for(world, 1).improvements[0].outcome, IMPROVE_NOT_ENOUGH);
}

static void refuses_levers_that_cannot_be(void **state)
{
    struct world *world = two_places(70, 60);
    struct improve_answer answer = {0};
    struct err err = {0};

    (void)state;
    world->levers[0].step = 0;
    assert_int_equal(improve_find(&world->job, 1, &arena, &answer, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_LEVER);
    err = (struct err){0};
    world->levers[0] = (struct lever){0, 10, 5, 1};
    assert_int_equal(improve_find(&world->job, 1, &arena, &answer, &err), RC_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(finds_the_least_change_that_trying_finds),
        WITH_ARENA(beats_a_rival_by_one_step_unless_ties_are_won),
        WITH_ARENA(goes_no_farther_than_the_nearer_end_of_a_band),
        WITH_ARENA(says_when_one_criterion_cannot_do_it),
        WITH_ARENA(counts_from_the_floor_where_nothing_is_known),
        WITH_ARENA(puts_a_failed_gate_first),
        WITH_ARENA(stands_by_the_rerun_where_the_scale_moves),
        WITH_ARENA(refuses_levers_that_cannot_be),
    };
    return cmocka_run_group_tests_name("improve", tests, NULL, NULL);
}
