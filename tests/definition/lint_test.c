/* What could be read but makes no sense: each rule broken once, in base.yaml. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/definition/world.h"

struct fault {
    const char *from;
    const char *to;
    enum msg_id says;
    enum severity severity;
};

#define POP_LINE  "  POP: {name: People, "
#define LATE_LINE "  LATE: {name: Late, levels: [hamlet], dimension: B, "

static const struct fault FAULTS[] = {
    /* dictionary */
    {"aggregate: sum, source: office, cheat: counted", "aggregate: ratio, source: office, cheat: c",
     MSG_LINT_AGGREGATE_TYPE, SEVERITY_ERROR},
    {"aggregate: sum, source: office, cheat: counted",
     "aggregate: from_inputs, source: office, cheat: c", MSG_LINT_AGGREGATE_TYPE, SEVERITY_ERROR},
    {"aggregate: sum, source: office, cheat: counted",
     "aggregate: weighted, source: office, cheat: c", MSG_LINT_AGGREGATE_WEIGHT, SEVERITY_ERROR},
    {"aggregate: sum, source: office, cheat: counted",
     "aggregate: sum, weight: HOMES, source: office, cheat: c", MSG_LINT_AGGREGATE_WEIGHT,
     SEVERITY_ERROR},
    {POP_LINE, POP_LINE "of: HOMES, ", MSG_LINT_OF_NO_PERCENT, SEVERITY_ERROR},
    {"source: office, cheat: counted", "cheat: counted", MSG_LINT_SOURCE, SEVERITY_ERROR},
    {"gauge: people/homes, formula", "source: office, gauge: people/homes, formula",
     MSG_LINT_SOURCE, SEVERITY_ERROR},
    {"decimals: 1, gauge: ha, ", "", MSG_LINT_NO_GAUGE, SEVERITY_ERROR},
    {POP_LINE, POP_LINE "decimals: 1, ", MSG_LINT_DECIMALS, SEVERITY_ERROR},
    {POP_LINE, POP_LINE "values: {a: {number: 0, name: A}}, ", MSG_LINT_VALUES, SEVERITY_ERROR},
    {POP_LINE, POP_LINE "since: 2024-01-01, until: 2023-01-01, ", MSG_LINT_DATES, SEVERITY_ERROR},
    {"aggregate: sum, source: office, found: true",
     "direction: cost, aggregate: sum, source: office, found: true", MSG_LINT_FOUND_DIRECTION,
     SEVERITY_ERROR},
    {POP_LINE, POP_LINE "aliases: [Homes], ", MSG_LINT_ALIAS_TWICE, SEVERITY_ERROR},
    {"aliases: [hilly]", "aliases: [flat]", MSG_LINT_CHOICE_TWICE, SEVERITY_ERROR},
    {"spellings: [hectare]", "spellings: [homes]", MSG_LINT_GAUGE_TWICE, SEVERITY_ERROR},
    {"code_digits: 6", "code_digits: 3", MSG_LINT_CODE_DIGITS, SEVERITY_ERROR},
    {"level: hamlet}", "level: hamlet, code_from: 5, code_to: 4}", MSG_LINT_KIND_CODES,
     SEVERITY_ERROR},
    {"says: more homes than people, basis: test", "says: more homes than people", MSG_LINT_NO_BASIS,
     SEVERITY_ERROR},
    /* ladder */
    {"must: WATER >= 50 %", "must: FOUND = 0", MSG_LINT_FOUND_SCORED, SEVERITY_ERROR},
    {", cheat: meters, baseline: 50", "", MSG_LINT_NO_CHEAT, SEVERITY_WARNING},
    {LATE_LINE "type: integer, gauge: homes, range: [0, 50], direction: cost, aggregate: sum, "
               "source: office",
     LATE_LINE "type: integer, gauge: homes, range: [0, 50], direction: cost, aggregate: sum, "
               "source: form",
     MSG_LINT_REWARDS_HIDING, SEVERITY_WARNING},
    {"  LATE: {weight: 1, floor: 20, goal: 0", "  HOMES: {weight: 1, floor: 0, goal: 9",
     MSG_LINT_DESCRIPTIVE_SCORED, SEVERITY_ERROR},
    {"floor: 20, goal: 0", "floor: 0, goal: 20", MSG_LINT_DIRECTION_POINTS, SEVERITY_ERROR},
    {"floor: 20, goal: 100", "floor: [0, 100], goal: [20, 30]", MSG_LINT_DIRECTION_POINTS,
     SEVERITY_ERROR},
    {"must: WATER >= 50 %", "must: WATER > 100 %", MSG_LINT_GATE_CLOSED, SEVERITY_WARNING},
    {"must: WATER >= 50 %", "must: WATER >= 0 %", MSG_LINT_GATE_OPEN, SEVERITY_WARNING},
    {"must: WATER >= 50 %", "must: 1 < 2", MSG_LINT_GATE_OPEN, SEVERITY_WARNING},
    {"must: WATER >= 50 %", "must: GROUND = \"flat\" and STATE = \"bad\" and STATE = \"good\"",
     MSG_LINT_GATE_CLOSED, SEVERITY_WARNING},
    {"{tiers: [high], must", "{tiers: [high, low], must", MSG_LINT_GATE_TIER, SEVERITY_ERROR},
    {"share: 12.5, min: 1", "min: 1", MSG_LINT_QUOTA_EITHER, SEVERITY_ERROR},
    {"share: 12.5, min: 1", "share: 12.5, count: 3, min: 1", MSG_LINT_QUOTA_EITHER, SEVERITY_ERROR},
    {"within: shire, share", "within: hamlet, share", MSG_LINT_QUOTA_LEVELS, SEVERITY_ERROR},
    {"within: shire, share", "within: land, total: shire, share", MSG_LINT_QUOTA_LEVELS,
     SEVERITY_ERROR},
    {"from_year: 2024, basis: test}",
     "from_year: 2024, basis: test}\n"
     "  again: {tier: high, within: shire, count: 2, from_year: 2030, basis: test}",
     MSG_LINT_QUOTA_TWICE, SEVERITY_ERROR},
    {"from_year: 2024, basis: test}", "from_year: 2024, to_year: 2023, basis: test}",
     MSG_LINT_DATES, SEVERITY_ERROR},
    {"{tier: high, within: shire", "{tier: low, within: shire", MSG_LINT_NO_QUOTA, SEVERITY_ERROR},
    {"ties: [POP], basis", "sorting: thresholds, basis", MSG_LINT_THRESHOLDS, SEVERITY_ERROR},
    {"level: hamlet}\ngauges", "level: shire}\ngauges", MSG_LINT_SCHEME_KIND, SEVERITY_ERROR},
    {"ties: [POP], basis", "peers: POP, basis", MSG_LINT_NOT_ENUM, SEVERITY_ERROR},
    {"  A: {weight: 60, basis: test}\n", "", MSG_LINT_WEIGHT_CRITERIA, SEVERITY_ERROR},
    {"weight: 60, basis: test", "weight: 60", MSG_LINT_NO_BASIS, SEVERITY_ERROR},
    {"too little water, basis: test", "too little water", MSG_LINT_NO_BASIS, SEVERITY_ERROR},
    {"from_year: 2024, basis: test}", "from_year: 2024}", MSG_LINT_NO_BASIS, SEVERITY_ERROR},
    {"goal: 500, basis: test", "goal: 500", MSG_LINT_NO_BASIS, SEVERITY_ERROR},
    /* board */
    {"{fund: shire}]", "{fund: land}]", MSG_LINT_RECIPE_FUND, SEVERITY_ERROR},
    {"{fund: land, share: {poor: 70, rich: 30}}", "{fund: land, share: {poor: 170, rich: 30}}",
     MSG_LINT_RECIPE_SUM, SEVERITY_ERROR},
    {"level: shire, measures: [PIPES]", "level: shire, refused: [PIPES]", MSG_LINT_FUND_REFUSES,
     SEVERITY_ERROR},
    {"level: shire, measures: [PIPES]", "level: shire, measures: [DRAINS]", MSG_LINT_FUND_REFUSES,
     SEVERITY_ERROR},
    {"effects: {SEWER: {to: 90}}", "effects: {DENSE: {add: 1}}", MSG_LINT_EFFECT_DERIVED,
     SEVERITY_ERROR},
    {"effects: {SEWER: {to: 90}}", "effects: {STATE: {add: good}}", MSG_LINT_EFFECT_ADD,
     SEVERITY_ERROR},
    {"effects: {SEWER: {to: 90}}", "effects: {SEWER: {add: -5}}", MSG_LINT_EFFECT_WORSE,
     SEVERITY_WARNING},
    {"recipes: [alone]", "recipes: []", MSG_LINT_MEASURE_EMPTY, SEVERITY_ERROR},
    {"recipes: [alone]", "recipes: [alone, both, alone, both, alone]", MSG_LINT_RECIPES_MANY,
     SEVERITY_ERROR},
    {"unit_cost: 9000, ", "", MSG_LINT_COSTS_NOTHING, SEVERITY_WARNING},
    {"indicator: WATER, at_least",
     "indicator: STATE, at_least: fair, by_year: 2027, basis: test}\n"
     "  other: {tier: high, indicator: WATER, at_least",
     MSG_LINT_STANDARD_UNMOVED, SEVERITY_WARNING},
    {"at_least: 90", "at_most: 90", MSG_LINT_STANDARD_WAY, SEVERITY_ERROR},
    {"months: 3}", "months: 3, after: [DRAINS]}", MSG_LINT_NEEDS_CIRCLE, SEVERITY_ERROR},
    {"farmland_floor: FLOOR", "farmland_floor: POP", MSG_LINT_NOT_AT_PARTITION, SEVERITY_ERROR},
    {"population: POP, ", "", MSG_LINT_NO_POPULATION, SEVERITY_ERROR},
    {"cheat: none\n    basis: test\n  DRAINS", "cheat: none\n  DRAINS", MSG_LINT_NO_BASIS,
     SEVERITY_ERROR},
    {"    cheat: none\n    basis: test\n  DRAINS", "    basis: test\n  DRAINS", MSG_LINT_NO_CHEAT,
     SEVERITY_WARNING},
};

static void every_rule_of_sense_speaks_when_it_is_broken(void **state)
{
    struct world *world = *state;

    for (size_t i = 0; i < COUNT_OF(FAULTS); i++) {
        enum rc rc = world_change(world, FAULTS[i].from, FAULTS[i].to);
        const struct problem *problem = world_problem(world, FAULTS[i].says);
        if (problem == NULL || problem->severity != FAULTS[i].severity ||
            (rc == RC_OK) != (FAULTS[i].severity == SEVERITY_WARNING)) {
            fail_msg("fault %zu (%s -> %s): %s", i, FAULTS[i].from, FAULTS[i].to,
                     problem == NULL ? "not said" : "outcome differs");
        }
    }
}

/* The ends of a range are not all of it. */
static void a_gate_that_only_the_middle_passes_is_a_gate(void **state)
{
    struct world *world = *state;

    assert_int_equal(
        world_change(world, "must: WATER >= 50 %", "must: WATER >= 40 % and WATER <= 60 %"), RC_OK);
    assert_null(world_problem(world, MSG_LINT_GATE_CLOSED));
    assert_null(world_problem(world, MSG_LINT_GATE_OPEN));
}

/* Twenty-five criteria that all look at one indicator. */
static void too_many_criteria_are_refused(void **state)
{
    struct world *world = *state;
    struct buf more;
    str text = {0};

    buf_init(&more, &world->arena, 65536);
    buf_put(&more, STR("criteria:\n"));
    for (int i = 0; i < PROGRAMME_CRITERIA_MAX - 3; i++) {
        buf_put(&more, STR("  X"));
        buf_int(&more, i);
        buf_put(&more, STR(": {indicator: SEWER, floor: 0, goal: 100, basis: test}\n"));
    }
    buf_char(&more, '\0');
    assert_true(buf_done(&more, &text));
    assert_int_equal(world_change(world, "criteria:\n", text.at), RC_INVALID);
    assert_non_null(world_problem(world, MSG_LINT_CRITERIA_COUNT));
}

static enum rc with_more_funds(struct world *world, int count)
{
    struct buf more;
    str text = {0};

    buf_init(&more, &world->arena, 65536);
    buf_put(&more, STR("funds:\n"));
    for (int i = 0; i < count; i++) {
        buf_put(&more, STR("  x"));
        buf_int(&more, i);
        buf_put(&more, STR(": {name: X, level: land, basis: test}\n"));
    }
    buf_char(&more, '\0');
    assert_true(buf_done(&more, &text));
    return world_change(world, "funds:\n", text.at);
}

static void too_many_funds_are_refused(void **state)
{
    struct world *world = *state;

    assert_int_equal(with_more_funds(world, PROGRAMME_FUNDS_MAX - 2), RC_OK);
    assert_int_equal(world->programme->fund_count, PROGRAMME_FUNDS_MAX);
    assert_int_equal(with_more_funds(world, PROGRAMME_FUNDS_MAX - 1), RC_INVALID);
    assert_non_null(world_problem(world, MSG_DEFINITION_TOO_MANY));
}

/* A chain of measures on one indicator: 3 levels each make 4 bundles each; seven of them 16,384. */
static void a_group_with_too_many_bundles_names_its_measures(void **state)
{
    struct world *world = *state;
    struct buf more;
    str text = {0};

    buf_init(&more, &world->arena, 65536);
    for (int i = 0; i < 7; i++) {
        buf_put(&more, STR("  M"));
        buf_int(&more, i);
        buf_put(&more,
                STR(": {name: M, tiers: [high], recipes: [alone], cheat: c, basis: t, levels: ["));
        for (int k = 0; k < 3; k++) {
            buf_put(&more, k > 0 ? STR(", ") : STR(""));
            buf_put(&more, STR("{name: L, unit_cost: 1, effects: {LATE: {add: -1}}, months: 1}"));
        }
        buf_put(&more, STR("]}\n"));
    }
    buf_put(&more, STR("standards:\n"));
    buf_char(&more, '\0');
    assert_true(buf_done(&more, &text));
    assert_int_equal(world_change(world, "standards:\n", text.at), RC_INVALID);
    const struct problem *problem = world_problem(world, MSG_LINT_GROUP_LARGE);
    assert_non_null(problem);
    assert_true(str_equal(problem->what.args[0].text, STR("M0, M1, M2, M3, M4, M5, M6")));
    assert_int_equal(problem->what.args[1].number, 16384);
}

static void the_bundled_programmes_are_sound(void **state)
{
    static const char *const NAMES[] = {
        "programmes/example-province",
        "programmes/example-highland",
        "programmes/census-county",
    };
    struct world *world = *state;

    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        if (world_read(world, str_from(NAMES[i])) != RC_OK || world->problems.warnings > 0) {
            struct buf out;
            str said = {0};
            buf_init(&out, &world->arena, 4096);
            problem_put(&out, LANG_EN, world->problems.rows[0]);
            (void)buf_done(&out, &said);
            fail_msg("%s: %.*s", NAMES[i], STR_ARG(said));
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
    const struct CMUnitTest tests[] = {
        TEST(every_rule_of_sense_speaks_when_it_is_broken),
        TEST(a_gate_that_only_the_middle_passes_is_a_gate),
        TEST(too_many_criteria_are_refused),
        TEST(too_many_funds_are_refused),
        TEST(a_group_with_too_many_bundles_names_its_measures),
        TEST(the_bundled_programmes_are_sound),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
