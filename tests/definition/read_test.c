/* Reading definitions: what comes out of them, and what is refused with its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calc/expr/expr.h"
#include "tests/definition/world.h"

#define assert_str(got, want) assert_true(str_equal((got), STR(want)))

static const struct programme *base(struct world *world)
{
    assert_int_equal(world_change(world, "", ""), RC_OK);
    assert_int_equal(world->problems.errors, 0);
    assert_int_equal(world->problems.warnings, 0);
    return world->programme;
}

static void names_levels_and_money_come_out_as_written(void **state)
{
    const struct programme *p = base(*state);

    assert_str(p->id, "base");
    assert_str(p->name.zh, "Base");
    assert_int_equal(p->level_count, 3);
    assert_int_equal(p->partition, 1);
    assert_int_equal(p->levels[2].code_digits, 6);
    assert_int_equal(p->money.display_fen, 100000);
    assert_int_equal(p->money.land_gauge, programme_gauge(p, STR("ha")));
    assert_str(p->spellings.yes.at[0], "aye");
    assert_int_equal(p->sources[0].rank, 1);
    assert_true(p->sources[0].is_form);
}

static void indicators_hold_scaled_ranges_and_places(void **state)
{
    const struct programme *p = base(*state);
    const struct indicator *water = &p->indicators[programme_indicator(p, STR("WATER"))];
    const struct indicator *farm = &p->indicators[programme_indicator(p, STR("FARM"))];
    const struct indicator *ground = &p->indicators[programme_indicator(p, STR("GROUND"))];

    assert_int_equal(water->max, 1000);
    assert_int_equal(water->use, USE_CLASSIFY | USE_GATE | USE_PLAN);
    assert_int_equal(water->aggregate, AGGREGATE_RATIO);
    assert_int_equal(water->denominator, programme_indicator(p, STR("HOMES")));
    assert_true(water->has_baseline);
    assert_int_equal(water->baseline, 500);
    assert_int_equal(water->levels, 1U << 2);
    assert_int_equal(water->place.line, 26);
    assert_int_equal(water->place.column, 3);
    assert_int_equal(farm->max, 999990);
    assert_int_equal(farm->levels, 1U << 1);
    assert_int_equal(ground->choice_count, 2);
    assert_str(indicator_choice(ground, 1)->id, "steep");
    assert_null(indicator_choice(ground, 2));
    assert_int_equal(ground->gauge, NONE);
}

static void an_enumeration_keeps_its_numbers_and_gaps(void **state)
{
    const struct programme *p = base(*state);
    const struct indicator *scale = &p->indicators[programme_indicator(p, STR("STATE"))];

    assert_int_equal(scale->max, 3);
    assert_int_equal(scale->labels->count, 4);
    assert_str(scale->labels->names[3], "good");
    assert_int_equal(scale->labels->names[2].len, 0);
    assert_true(scale->labels->is_ordered);
}

static void weights_are_shares_and_points_ascend(void **state)
{
    const struct programme *p = base(*state);

    assert_float_equal(p->weights[0].weight, 0.6, 1e-12);
    assert_float_equal(p->criteria[0].weight, 0.5, 1e-12);
    assert_float_equal(p->criteria[2].weight, 0.75, 1e-12);
    assert_int_equal(p->criteria[1].point_count, 3);
    assert_float_equal(criterion_worth(&p->criteria[1], 1), 0.5, 0);
    assert_float_equal(criterion_worth(&p->criteria[3], 0), 1, 0);
    assert_float_equal(criterion_worth(&p->criteria[3], 20), 0, 0);
    assert_float_equal(criterion_worth(&p->criteria[3], 5), 0.75, 1e-12);
    assert_int_equal(p->criteria[3].dimension, 1);
}

static void tiers_gates_and_quotas_name_each_other_by_place(void **state)
{
    const struct programme *p = base(*state);

    assert_int_equal(p->tiers[0].tone, TONE_FIRST);
    assert_int_equal(p->gates[0].tiers, 1);
    assert_non_null(p->gates[0].formula.code);
    assert_int_equal(p->quotas[0].share_ppm, 125000);
    assert_int_equal(p->quotas[0].count, NONE);
    assert_int_equal(p->quotas[0].within, 1);
    assert_int_equal(p->quotas[0].total, 1);
    assert_int_equal(p->quotas[0].to_year, 2199);
    assert_str(p->exceptions[0].unit, "101");
    assert_int_equal(p->exceptions[0].count, 3);
    assert_float_equal(p->schemes[0].coverage_min, 0.8, 0);
}

static void measures_hold_costs_effects_and_needs(void **state)
{
    const struct programme *p = base(*state);
    const struct measure *pipes = &p->measures[0];
    const struct measure *drains = &p->measures[1];

    assert_int_equal(pipes->level_count, 2);
    assert_int_equal(pipes->levels[0].unit_fen, 12050);
    assert_int_equal(pipes->levels[1].fixed_fen, 100000);
    assert_int_equal(pipes->levels[1].land, 25);
    assert_int_equal(pipes->levels[1].upkeep, 15);
    assert_int_equal(pipes->levels[1].year_shares.at[1], 40);
    assert_int_equal(pipes->levels[0].year_shares.at[0], 100);
    assert_int_equal(pipes->levels[1].effect_count, 2);
    assert_true(pipes->levels[1].effects[1].is_add);
    assert_float_equal(pipes->levels[1].effects[0].amount, 100, 0);
    assert_int_equal(pipes->terrain[1], 1250);
    assert_null(drains->terrain);
    assert_int_equal(drains->levels[0].need_count, 1);
    assert_int_equal(drains->levels[0].needs[0].measure, 0);
    assert_int_equal(drains->levels[0].needs[0].level, 2);
    assert_non_null(drains->levels[0].when.code);
    assert_null(drains->levels[0].quantity.code);
}

static void money_is_shared_by_class_to_the_last_payer(void **state)
{
    const struct programme *p = base(*state);

    assert_int_equal(p->board.class_count, 2);
    assert_int_equal(p->recipes[0].parts[0].shares[0], 70);
    assert_int_equal(p->recipes[0].parts[0].shares[1], 30);
    assert_true(p->recipes[0].parts[1].is_rest);
    assert_true(p->recipes[1].parts[0].is_rest);
    assert_int_equal(p->caps[0].share, 625);
    assert_int_equal(p->board.discount, 35);
    assert_int_equal(p->board.terrain_factors[1], 1100);
    assert_false(p->standards[0].is_at_most);
    assert_float_equal(p->standards[0].value, 90, 0);
}

static void derived_indicators_stand_behind_their_inputs(void **state)
{
    struct world *world = *state;

    assert_int_equal(
        world_change(world, "  FARM: {",
                     "  TWICE: {name: T, levels: [hamlet], dimension: A, type: decimal,"
                     " formula: LATER * 2, aggregate: from_inputs}\n"
                     "  LATER: {name: L, levels: [hamlet], dimension: A, type: decimal,"
                     " formula: DENSE + DENSE, aggregate: from_inputs}\n  FARM: {"),
        RC_INVALID); /* the unit of DENSE is people/homes */
    assert_int_equal(
        world_change(world, "gauge: people/homes, formula: POP / HOMES, aggregate: from_inputs}",
                     "formula: TWICE / TWICE, aggregate: from_inputs}\n"
                     "  TWICE: {name: T, levels: [hamlet], dimension: A, type: "
                     "percent, formula: WATER / 2, aggregate: from_inputs}"),
        RC_OK);
    assert_int_equal(world->programme->derived.count, 2);
    assert_int_equal(world->programme->derived.at[1],
                     programme_indicator(world->programme, STR("DENSE")));
}

static void the_hash_forgets_comments_order_of_fields_and_files(void **state)
{
    struct world *world = *state;
    struct hash first = base(world)->hash;

    assert_int_equal(world_change(world, "# A small", "# Another"), RC_OK);
    assert_memory_equal(&first, &world->programme->hash, sizeof(first));
    assert_int_equal(world_change(world, "{name: Alpha}", "{ name : \"Alpha\" }"), RC_OK);
    assert_memory_equal(&first, &world->programme->hash, sizeof(first));
    assert_int_equal(world_change(world, "{weight: 60, basis: test}", "{basis: test, weight: 60}"),
                     RC_OK);
    assert_memory_equal(&first, &world->programme->hash, sizeof(first));
    assert_int_equal(world_change(world, "{name: Alpha}", "{name: {en: Alpha, zh: Alpha}}"), RC_OK);
    assert_memory_equal(&first, &world->programme->hash, sizeof(first));
    assert_int_equal(world_change(world, "{name: Alpha}", "{name: Alpha2}"), RC_OK);
    assert_memory_not_equal(&first, &world->programme->hash, sizeof(first));
}

static void the_canonical_text_reads_back_to_the_same_hash(void **state)
{
    struct world *world = *state;
    struct hash first = base(world)->hash;

    assert_int_equal(world_text(world, world->programme->text), RC_OK);
    assert_memory_equal(&first, &world->programme->hash, sizeof(first));
}

/* A change of base.yaml, what must be said of it, and where. */
struct fault {
    const char *from;
    const char *to;
    enum msg_id says;
    int line; /* 0: not asked */
};

static const struct fault FAULTS[] = {
    {"spellings:", "speling:", MSG_DEFINITION_KEY_NEAR, 4},
    {"spellings:", "zzzzzzzz:", MSG_DEFINITION_SECTION_UNKNOWN, 4},
    {"direction: benefit", "directoin: benefit", MSG_DEFINITION_KEY_NEAR, 24},
    {"direction: benefit", "qqqqqqqqq: benefit", MSG_DEFINITION_KEY_UNKNOWN, 24},
    {"direction: benefit", "direction: up", MSG_DEFINITION_WORD_UNKNOWN, 24},
    {"{name: Alpha}", "Alpha", MSG_DEFINITION_EXPECTED_AT, 21},
    {"{name: Alpha}", "{name: [a]}", MSG_DEFINITION_EXPECTED_AT, 21},
    {"{name: Alpha}", "{name: {de: a}}", MSG_DEFINITION_EXPECTED_AT, 21},
    {"{name: Alpha}", "{}", MSG_DEFINITION_NEEDED, 21},
    {"people: {quantity: people}", "people: people", MSG_DEFINITION_EXPECTED_AT, 12},
    {"from: 2024-01-01", "from: 2024-02-30", MSG_DEFINITION_EXPECTED_AT, 2},
    {"rank: 1", "rank: one", MSG_DEFINITION_EXPECTED_AT, 18},
    {"rank: 1", "rank: 101", MSG_DEFINITION_RANGE, 18},
    {"rank: 1", "rank: 1.5", MSG_DEFINITION_EXPECTED_AT, 18},
    {"form: true", "form: yes", MSG_DEFINITION_EXPECTED_AT, 18},
    {"worth: 10000", "worth: 0", MSG_DEFINITION_EXPECTED_AT, 15},
    {"worth: 10000", "worth: 1/0", MSG_DEFINITION_EXPECTED_AT, 15},
    {"share: 12.5", "share: 12.55555", MSG_DEFINITION_EXPECTED_DECIMALS, 56},
    {"unit_cost: 120.50", "unit_cost: -1", MSG_DEFINITION_EXPECTED_AT, 0},
    {"unit_cost: 120.50", "unit_cost: 1.005", MSG_DEFINITION_EXPECTED_DECIMALS, 0},
    {"gauge: people", "gauge: peopel", MSG_DEFINITION_REF_NEAR, 24},
    {"gauge: people", "gauge: qqqqqq", MSG_DEFINITION_REF_UNKNOWN, 24},
    {"ties: [POP]", "ties: [PPO]", MSG_DEFINITION_REF_NEAR, 41},
    {"ties: [POP]", "ties: POP", MSG_DEFINITION_EXPECTED_AT, 41},
    {"levels: [hamlet], dim", "levels: [halmet], dim", MSG_DEFINITION_REF_NEAR, 24},
    {"range: [1, 9000]", "range: [9000, 1]", MSG_DEFINITION_EXPECTED_AT, 24},
    {"range: [1, 9000]", "range: [1]", MSG_DEFINITION_EXPECTED_AT, 24},
    {" range: [1, 9000],", "", MSG_DEFINITION_NEEDED, 24},
    {"baseline: 50", "baseline: half", MSG_DEFINITION_EXPECTED_DECIMALS, 26},
    {"{bad: 0, fair: 0.5", "{bda: 0, fair: 0.5", MSG_DEFINITION_REF_NEAR, 47},
    {"{bad: 0, fair: 0.5", "{bad: 0, fair: 1.5", MSG_DEFINITION_POINTS_WRONG, 47},
    {"points: {bad: 0, fair: 0.5, good: 1}", "points: {bad: 0}", MSG_DEFINITION_POINTS_WRONG, 47},
    {"floor: 10, goal: 500", "floor: 10", MSG_DEFINITION_NO_POINTS, 46},
    {"floor: 10, goal: 500", "floor: 10, goal: 10", MSG_DEFINITION_POINTS_WRONG, 46},
    {"floor: 10, goal: 500", "floor: [0, 9], goal: 5", MSG_DEFINITION_NO_POINTS, 46},
    {"number: 3", "number: 1", MSG_DEFINITION_NUMBER_TWICE, 29},
    {"number: 3", "number: 64", MSG_DEFINITION_RANGE, 29},
    {"of: HOMES, ", "", MSG_DEFINITION_NO_AGGREGATE, 26},
    {"formula: POP / HOMES, aggregate: from_inputs", "formula: POP / HOMES",
     MSG_DEFINITION_NO_AGGREGATE, 32},
    {"partition: true", "partition: false", MSG_DEFINITION_PARTITION_NONE, 6},
    {"{name: Hamlet, code_digits: 6}", "{name: Hamlet, code_digits: 6, partition: true}",
     MSG_DEFINITION_PARTITION_TWICE, 8},
    {"weight: 60", "weight: 61", MSG_DEFINITION_WEIGHTS_SUM, 41},
    {"[{fund: land}]", "[{fund: land, share: 50}]", MSG_DEFINITION_REST_LAST, 0},
    {"{poor: 70, rich: 30}", "{poor: 70}", MSG_DEFINITION_CLASS_MISSING, 0},
    {"{poor: 70, rich: 30}", "{poor: -1, rich: 30}", MSG_DEFINITION_EXPECTED_AT, 0},
    {"{SEWER: {to: 90}}", "{SEWER: {to: 90, add: 1}}", MSG_DEFINITION_TO_OR_ADD, 0},
    {"{SEWER: {to: 90}}", "{SEWRE: {to: 90}}", MSG_DEFINITION_REF_NEAR, 0},
    {"after: [PIPES 2]", "after: [PIPES 3]", MSG_DEFINITION_LEVEL_UNKNOWN, 0},
    {"after: [PIPES 2]", "after: [PIPE 2]", MSG_DEFINITION_REF_NEAR, 0},
    {"year_shares: [60, 40]", "year_shares: [60, 30]", MSG_DEFINITION_YEARS_SUM, 0},
    {"at_least: 90", "at_least: 90, at_most: 95", MSG_DEFINITION_LEAST_OR_MOST, 0},
    {"terrain: GROUND", "terrain: POP", MSG_DEFINITION_NOT_ENUM, 0},
    {"must: POP / HOMES", "must: PPO / HOMES", MSG_EXPR_NAME_NEAR, 37},
    {"WATER >= 50 %", "WATER >= 50", MSG_EXPR_PERCENT, 0},
    {"POP / HOMES >= 1, says", "FARM / FARM >= 1, says", MSG_DEFINITION_NOT_AT_LEVEL, 37},
    {"formula: POP / HOMES", "formula: DENSE", MSG_DEFINITION_CYCLE, 32},
};

static void every_fault_is_said_with_its_line(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < COUNT_OF(FAULTS); i++) {
        (void)world_change(world, FAULTS[i].from, FAULTS[i].to);
        const struct problem *problem = world_problem(world, FAULTS[i].says);
        if (problem == NULL || (FAULTS[i].line != 0 && problem->place.line != FAULTS[i].line)) {
            fail_msg("fault %zu (%s -> %s): %s", i, FAULTS[i].from, FAULTS[i].to,
                     problem == NULL ? "not said" : "in another line");
        }
    }
}

static void all_faults_are_collected_in_order(void **state)
{
    struct world *world = *state;

    assert_int_equal(world_change(world, "rank: 1, form: true", "rank: x, form: y, extra: 1"),
                     RC_INVALID);
    assert_int_equal(world->problems.errors, 3);
    assert_int_equal(world->problems.rows[0]->place.column, 28);
    assert_int_equal(world->problems.rows[1]->place.column, 37);
    assert_int_equal(world->problems.rows[2]->place.column, 40);
    assert_int_equal(world->err.msg, MSG_DEFINITION_REFUSED);
    assert_int_equal(world->err.args[0].number, 3);
    assert_null(world->programme);
}

static void a_fault_in_a_formula_points_into_it(void **state)
{
    struct world *world = *state;

    assert_int_equal(world_change(world, "must: POP / HOMES", "must: POP / HOMSE"), RC_INVALID);
    assert_int_equal(world->problems.rows[0]->place.line, 37);
    assert_int_equal(world->problems.rows[0]->place.column, 43);
}

static void a_problem_is_one_readable_line(void **state)
{
    struct world *world = *state;
    struct buf out;
    str said = {0};

    assert_int_equal(world_change(world, "gauge: people", "gauge: peopel"), RC_INVALID);
    buf_init(&out, &world->arena, 4096);
    problem_put(&out, LANG_EN, world->problems.rows[0]);
    assert_true(buf_done(&out, &said));
    assert_str(said, "test.yaml, line 24, column 77: error: There is no \"peopel\" in gauges; "
                     "the nearest is \"people\"");
}

static void more_faults_than_are_kept_are_counted(void **state)
{
    struct world *world = *state;
    struct buf text;
    str whole = {0};

    buf_init(&text, &world->arena, ARENA_MIB);
    for (int i = 0; i < PROBLEMS_MAX + 50; i++) {
        buf_put(&text, STR("nonsense"));
        buf_int(&text, i);
        buf_put(&text, STR(": 1\n"));
    }
    assert_true(buf_done(&text, &whole));
    assert_int_equal(world_text(world, whole), RC_INVALID);
    assert_int_equal(world->problems.count, PROBLEMS_MAX);
    assert_true(world->problems.errors >= PROBLEMS_MAX + 50);
}

static void ahp_gives_weights_and_refuses_contradiction(void **state)
{
    struct world *world = *state;
    const char *scheme = "ties: [POP], basis: test}";

    assert_int_equal(world_change(world, scheme,
                                  "weighting: ahp, basis: test}\njudgments:\n"
                                  "  one: {first: A, second: B, ratio: 3}\n"),
                     RC_OK);
    assert_float_equal(world->programme->weights[0].weight, 0.75, 1e-9);
    assert_float_equal(world->programme->weights[1].weight, 0.25, 1e-9);
    assert_int_equal(world_change(world, scheme,
                                  "weighting: ahp, basis: test}\njudgments:\n"
                                  "  one: {first: A, second: WATER, ratio: 3}\n"),
                     RC_INVALID);
    assert_non_null(world_problem(world, MSG_DEFINITION_REF_UNKNOWN));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
    const struct CMUnitTest tests[] = {
        TEST(names_levels_and_money_come_out_as_written),
        TEST(indicators_hold_scaled_ranges_and_places),
        TEST(an_enumeration_keeps_its_numbers_and_gaps),
        TEST(weights_are_shares_and_points_ascend),
        TEST(tiers_gates_and_quotas_name_each_other_by_place),
        TEST(measures_hold_costs_effects_and_needs),
        TEST(money_is_shared_by_class_to_the_last_payer),
        TEST(derived_indicators_stand_behind_their_inputs),
        TEST(the_hash_forgets_comments_order_of_fields_and_files),
        TEST(the_canonical_text_reads_back_to_the_same_hash),
        TEST(every_fault_is_said_with_its_line),
        TEST(all_faults_are_collected_in_order),
        TEST(a_fault_in_a_formula_points_into_it),
        TEST(a_problem_is_one_readable_line),
        TEST(more_faults_than_are_kept_are_counted),
        TEST(ahp_gives_weights_and_refuses_contradiction),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
