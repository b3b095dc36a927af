/* The operator: against a slow one on random instances, by its properties, and by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/test_arena.h"
#include "calc/weigh/quota.h"
#include "calc/weigh/reference.h"

enum { INSTANCES = 600, PLACES_MAX = 40 };

static struct tiering_result run(const struct instance *it)
{
    struct err err = {0};

    assert_int_equal(tiering_check(&it->rules, &err), RC_OK);
    return tiering_run(&it->rules, it->scores, &arena);
}

static void agrees_with_the_slow_operator(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= INSTANCES; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct instance it = instance_make(seed, PLACES_MAX, &arena);
        struct tiering_result result = run(&it);
        signed char want[PLACES_MAX];
        naive_tiers(&it.rules, it.scores, want);
        for (int i = 0; i < it.rules.place_count; i++) {
            assert_int_equal(result.places[i].tier, want[i]);
        }
        arena_rewind(&arena, mark);
    }
}

static int count_in(const struct instance *it, const struct tiering_result *result, int pool,
                    int tier)
{
    int count = 0;

    for (int i = 0; i < it->rules.place_count; i++) {
        count += it->rules.pool[i] == pool && result->places[i].tier == tier;
    }
    return count;
}

/* Everyone in a tier is locked, kept or admitted; a quota is used up or somebody is missing. */
static void accounts_for_every_place_of_a_quota(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= INSTANCES; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct instance it = instance_make(seed, PLACES_MAX, &arena);
        struct tiering_result result = run(&it);
        for (int at = 0; at < it.rules.pool_count * it.rules.tier_count; at++) {
            const struct tier_line *line = &result.lines[at];
            int tier = at % it.rules.tier_count;
            bool has_quota = it.rules.sorting == SORT_BY_QUOTA && tier < it.rules.tier_count - 1;
            if (!has_quota) {
                continue;
            }
            assert_int_equal(line->open + line->overrun,
                             line->locked + line->admitted + line->unfilled);
            assert_true(line->unfilled == 0 || line->first_out == TIER_NONE);
            if (it.rules.kinds[tier] == QUOTA_STOCK) {
                assert_int_equal(count_in(&it, &result, at / it.rules.tier_count, tier),
                                 line->locked + line->admitted);
            }
        }
        arena_rewind(&arena, mark);
    }
}

static void never_lowers_who_scores_more(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= INSTANCES; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct instance it = instance_make(seed, PLACES_MAX, &arena);
        struct tiering_result before = run(&it);
        int place = (int)(seed % (uint64_t)it.rules.place_count);
        it.scores[place] += 0.07F * (float)(seed % 5);
        struct tiering_result after = run(&it);
        assert_true(after.places[place].tier <= before.places[place].tier);
        arena_rewind(&arena, mark);
    }
}

/* A place with more score and fewer gates, in a whole run of its own. */
static int tier_of_run(const struct instance *it, const struct tier_hope *hope, int place)
{
    struct tiering rules = tiering_resolve(&it->rules, it->scores, &arena);
    size_t n = (size_t)rules.place_count;
    size_t tiers = (size_t)rules.tier_count;
    unsigned char *gates = ARENA_NEW(&arena, unsigned char, n *tiers);
    bool *undecided = ARENA_NEW(&arena, bool, n);
    float *scores = ARENA_NEW(&arena, float, n);
    size_t at = (size_t)place * tiers;

    memcpy(gates, rules.gates, n * tiers);
    memcpy(gates + at, hope->gates + at, tiers);
    memcpy(undecided, rules.undecided, n * sizeof(*undecided));
    memcpy(scores, it->scores, n * sizeof(*scores));
    undecided[place] = false;
    scores[place] = hope->scores[place];
    rules.gates = gates;
    rules.undecided = undecided;
    return tiering_run(&rules, scores, &arena).places[place].tier;
}

static struct tier_hope hope_of(const struct instance *it, uint64_t seed)
{
    size_t n = (size_t)it->rules.place_count;
    size_t tiers = (size_t)it->rules.tier_count;
    unsigned char *gates = ARENA_NEW(&arena, unsigned char, n *tiers);
    float *scores = ARENA_NEW(&arena, float, n);

    for (size_t i = 0; i < n; i++) {
        scores[i] = it->scores[i] + 0.07F * (float)((seed + i) % 5);
    }
    for (size_t i = 0; i < n * tiers; i++) {
        bool opens = it->rules.gates[i] == GATE_UNDETERMINED;
        gates[i] = opens ? GATE_PASSED : it->rules.gates[i];
    }
    return (struct tier_hope){scores, gates};
}

static void alone_is_a_run_in_which_one_place_alone_differs(void **state)
{
    int raised = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= INSTANCES; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct instance it = instance_make(seed, PLACES_MAX, &arena);
        struct tiering_result base = run(&it);
        struct tier_hope hope = hope_of(&it, seed);
        signed char tiers[PLACES_MAX];
        tiering_alone(&it.rules, it.scores, &base, &hope, &arena, tiers);
        for (int i = 0; i < it.rules.place_count; i++) {
            assert_int_equal(tiers[i], tier_of_run(&it, &hope, i));
            raised += tiers[i] < base.places[i].tier ? 1 : 0;
        }
        arena_rewind(&arena, mark);
    }
    assert_true(raised > INSTANCES);
}

/* The rows of a table, last first, in a copy. */
static void *reversed(const void *rows, size_t count, size_t size)
{
    char *copy = ARENA_NEW(&arena, char, count *size);

    for (size_t i = 0; i < count; i++) {
        memcpy(copy + i * size, (const char *)rows + (count - 1 - i) * size, size);
    }
    return copy;
}

static void reverse_places(struct instance *it)
{
    struct tiering *rules = &it->rules;
    size_t n = (size_t)rules->place_count;

    rules->gates = reversed(rules->gates, n, (size_t)rules->tier_count);
    rules->pool = reversed(rules->pool, n, sizeof(*rules->pool));
    rules->previous = reversed(rules->previous, n, sizeof(*rules->previous));
    rules->locked = reversed(rules->locked, n, sizeof(*rules->locked));
    rules->undecided = reversed(rules->undecided, n, sizeof(*rules->undecided));
    rules->keys[0] = reversed(rules->keys[0], n, sizeof(*rules->keys[0]));
    rules->id = reversed(rules->id, n, sizeof(*rules->id));
    it->scores = reversed(it->scores, n, sizeof(*it->scores));
}

static void does_not_care_in_what_order_places_come(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= INSTANCES; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct instance it = instance_make(seed, PLACES_MAX, &arena);
        int n = it.rules.place_count;
        struct tiering_result before = run(&it);
        reverse_places(&it);
        struct tiering_result after = run(&it);
        for (int i = 0; i < n; i++) {
            assert_int_equal(before.places[i].tier, after.places[n - 1 - i].tier);
            assert_int_equal(before.places[i].rank, after.places[n - 1 - i].rank);
            assert_int_equal(before.places[i].reason, after.places[n - 1 - i].reason);
        }
        arena_rewind(&arena, mark);
    }
}

/* ---- by hand: one pool of six, three tiers, quotas 1 and 2 ---- */

enum { SIX = 6, GATES = SIX * 3 };
static const int ONE_POOL[SIX] = {0};
static const bool ALL_KNOWN[SIX] = {0};
static const signed char NEVER_BEFORE[SIX] = {-1, -1, -1, -1, -1, -1};
static const int64_t IDS[SIX] = {10, 11, 12, 13, 14, 15};
static const int QUOTAS[3] = {1, 2, 0};
static const float SCORES[SIX] = {0.9F, 0.8F, 0.7F, 0.6F, 0.5F, 0.4F};

static struct tiering six_places(unsigned char gates[GATES])
{
    memset(gates, GATE_PASSED, GATES);
    return (struct tiering){
        .place_count = SIX,
        .pool_count = 1,
        .tier_count = 3,
        .pool = ONE_POOL,
        .previous = NEVER_BEFORE,
        .locked = NEVER_BEFORE,
        .undecided = ALL_KNOWN,
        .gates = gates,
        .quota = QUOTAS,
        .id = IDS,
    };
}

static void expect(const struct tiering *rules, const float *scores, const char *tiers)
{
    struct tiering_result result = tiering_run(rules, scores, &arena);

    for (int i = 0; i < rules->place_count; i++) {
        assert_int_equal(result.places[i].tier, tiers[i] == '-' ? TIER_NONE : tiers[i] - '0');
    }
}

static void fills_from_the_best_down_and_measures_margins(void **state)
{
    unsigned char gates[GATES];
    struct tiering rules = six_places(gates);
    struct tiering_result result = tiering_run(&rules, SCORES, &arena);

    (void)state;
    expect(&rules, SCORES, "011222");
    assert_int_equal(result.places[0].reason, REASON_ADMITTED);
    assert_int_equal(result.places[3].reason, REASON_QUOTA);
    assert_true(fabsf(result.places[3].to_rise - 0.1F) < 1e-6F);
    assert_true(fabsf(result.places[2].to_fall - 0.1F) < 1e-6F);
    assert_true(fabsf(result.places[2].to_rise - 0.2F) < 1e-6F);
    assert_true(isnan(result.places[0].to_rise));
    assert_int_equal(result.lines[1].last, 2);
    assert_int_equal(result.lines[1].first_out, 3);
    assert_int_equal(result.places[4].rank, 5);
}

static void sends_who_fails_a_gate_to_the_next_tier(void **state)
{
    unsigned char gates[GATES];
    struct tiering rules = six_places(gates);

    (void)state;
    gates[0] = GATE_FAILED;
    gates[3] = GATE_UNDETERMINED;
    struct tiering_result result = tiering_run(&rules, SCORES, &arena);
    expect(&rules, SCORES, "110222");
    assert_int_equal(result.places[0].reason, REASON_GATE);
    assert_int_equal(result.places[1].reason, REASON_GATE_UNDETERMINED);
    assert_true(result.places[0].to_rise < 0);
}

static void gives_locked_places_their_tier_first(void **state)
{
    unsigned char gates[GATES];
    struct tiering rules = six_places(gates);
    const signed char locked[SIX] = {-1, -1, -1, -1, 0, 0};

    (void)state;
    rules.locked = locked;
    struct tiering_result result = tiering_run(&rules, SCORES, &arena);
    expect(&rules, SCORES, "112200");
    assert_int_equal(result.lines[0].overrun, 1);
    assert_int_equal(result.places[5].reason, REASON_LOCKED);
    assert_int_equal(result.places[5].rank, 6);
}

static void keeps_undecided_places_apart(void **state)
{
    unsigned char gates[GATES];
    struct tiering rules = six_places(gates);
    const bool undecided[SIX] = {true};

    (void)state;
    rules.undecided = undecided;
    struct tiering_result result = tiering_run(&rules, SCORES, &arena);
    expect(&rules, SCORES, "-01122");
    assert_int_equal(result.places[0].reason, REASON_UNDECIDED);
    assert_int_equal(result.places[0].rank, 0);
    assert_int_equal(result.places[1].rank, 1);
}

static void spares_who_held_the_tier_by_the_margin_of_stability(void **state)
{
    unsigned char gates[GATES];
    struct tiering rules = six_places(gates);
    const signed char previous[SIX] = {-1, 0, -1, 0, -1, 1};

    (void)state;
    rules.previous = previous;
    rules.hysteresis = 0.15F;
    /* 0.8 + 0.15 beats 0.9; 0.6 + 0.15, held higher before, beats 0.7; 0.4 + 0.15 does not. */
    expect(&rules, SCORES, "102122");
}

static void leaves_empty_places_empty_unless_told(void **state)
{
    unsigned char gates[GATES];
    struct tiering rules = six_places(gates);

    (void)state;
    for (int i = 0; i < SIX; i++) {
        gates[(size_t)i * 3] = GATE_FAILED;
    }
    expect(&rules, SCORES, "112222");
    rules.spill = true;
    expect(&rules, SCORES, "111222");
}

static void counts_newcomers_alone_when_the_quota_is_this_year_s(void **state)
{
    unsigned char gates[GATES];
    struct tiering rules = six_places(gates);
    const signed char previous[SIX] = {-1, -1, -1, 0, -1, 1};

    (void)state;
    rules.previous = previous;
    rules.kinds[0] = QUOTA_NEW_THIS_YEAR;
    struct tiering_result result = tiering_run(&rules, SCORES, &arena);
    expect(&rules, SCORES, "011022");
    assert_int_equal(result.lines[0].kept, 1);
    gates[9] = GATE_FAILED;
    expect(&rules, SCORES, "011222");
}

static void breaks_ties_by_keys_then_by_id(void **state)
{
    unsigned char gates[GATES];
    struct tiering rules = six_places(gates);
    const float equal[SIX] = {0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F};
    const double people[SIX] = {1, 1, 9, 5, 5, 1};

    (void)state;
    expect(&rules, equal, "011222");
    rules.keys[0] = people;
    rules.key_count = 1;
    expect(&rules, equal, "220112");
}

static void sorts_by_threshold(void **state)
{
    unsigned char gates[GATES];
    struct tiering rules = six_places(gates);
    const float threshold[3] = {0.8F, 0.55F, 0};

    (void)state;
    rules.sorting = SORT_BY_THRESHOLD;
    rules.threshold = threshold;
    gates[0] = GATE_FAILED;
    struct tiering_result result = tiering_run(&rules, SCORES, &arena);
    expect(&rules, SCORES, "101122");
    assert_int_equal(result.places[2].reason, REASON_THRESHOLD);
    assert_true(fabsf(result.places[2].to_rise - 0.1F) < 1e-6F);
    assert_true(fabsf(result.places[3].to_fall - 0.05F) < 1e-6F);
}

static void sorts_by_natural_breaks_of_each_pool(void **state)
{
    unsigned char gates[GATES];
    struct tiering rules = six_places(gates);
    const float three_groups[SIX] = {0.91F, 0.88F, 0.52F, 0.49F, 0.12F, 0.1F};
    const float two_scores[SIX] = {0.9F, 0.9F, 0.9F, 0.2F, 0.2F, 0.2F};
    const float equal[SIX] = {0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F};

    (void)state;
    rules.sorting = SORT_BY_BREAKS;
    expect(&rules, three_groups, "001122");
    expect(&rules, two_scores, "000111");
    expect(&rules, equal, "000000");
    gates[0] = GATE_FAILED;
    expect(&rules, three_groups, "101122");
}

static void refuses_rules_that_cannot_be(void **state)
{
    unsigned char gates[GATES];
    struct tiering rules = six_places(gates);
    struct tiering wrong = rules;
    const int negative[3] = {1, -1, 0};
    const float rising[3] = {0.5F, 0.6F, 0};
    const double key[SIX] = {[2] = (double)NAN};
    struct err err = {0};

    (void)state;
    wrong.tier_count = 1;
    assert_int_equal(tiering_check(&wrong, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_TIER_COUNT);
    err = (struct err){0};
    wrong = rules;
    wrong.hysteresis = -0.1F;
    assert_int_equal(tiering_check(&wrong, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_HYSTERESIS);
    err = (struct err){0};
    wrong = rules;
    wrong.quota = negative;
    assert_int_equal(tiering_check(&wrong, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_QUOTA_NEGATIVE);
    assert_int_equal(err.args[1].number, 2);
    err = (struct err){0};
    wrong = rules;
    wrong.sorting = SORT_BY_THRESHOLD;
    wrong.threshold = rising;
    assert_int_equal(tiering_check(&wrong, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_THRESHOLD);
    err = (struct err){0};
    wrong = rules;
    wrong.keys[0] = key;
    wrong.key_count = 1;
    assert_int_equal(tiering_check(&wrong, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_TIE_KEY);
    err = (struct err){0};
    gates[14] = GATE_FAILED;
    assert_int_equal(tiering_check(&rules, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_LAST_GATE);
    assert_int_equal(err.args[0].number, 5);
}

/* ---- quotas ---- */

static void apportions_by_largest_remainder(void **state)
{
    const int base[] = {60, 28, 12};
    const int parent[] = {7, 7, 7};
    int quota[3];

    (void)state;
    /* 10 % of 100 is 10: 6.0, 2.8, 1.2. */
    assert_int_equal(
        quota_apportion(base, parent, 3, (struct quota_rule){.ppm = 100000}, quota, &arena), 0);
    assert_int_equal(quota[0], 6);
    assert_int_equal(quota[1], 3);
    assert_int_equal(quota[2], 1);
    /* 15 % is 15: 9.0, 4.2, 1.8. */
    (void)quota_apportion(base, parent, 3, (struct quota_rule){.ppm = 150000}, quota, &arena);
    assert_int_equal(quota[1], 4);
    assert_int_equal(quota[2], 2);
}

static void apportions_inside_each_parent_with_minima(void **state)
{
    const int base[] = {100, 50, 3, 100, 0};
    const int parent[] = {1, 2, 1, 2, 2};
    int quota[5];

    (void)state;
    /* Parent 1: 10 % of 103 is 10, one of 3 gets its 2, the other 8. Parent 2: 15 of 150. */
    assert_int_equal(quota_apportion(base, parent, 5,
                                     (struct quota_rule){.ppm = 100000, .least = 2}, quota, &arena),
                     0);
    assert_int_equal(quota[0], 8);
    assert_int_equal(quota[2], 2);
    assert_int_equal(quota[1] + quota[3], 15);
    assert_int_equal(quota[1], 5);
    assert_int_equal(quota[4], 0);
}

static void shares_a_number_of_each_parent(void **state)
{
    const int base[] = {60, 28, 12, 5};
    const int parent[] = {1, 1, 1, 2};
    int quota[4];

    (void)state;
    /* 7 of 100: 4.2, 1.96, 0.84; parent 2 has more places than units. */
    (void)quota_apportion(base, parent, 4, (struct quota_rule){.count = 7}, quota, &arena);
    assert_int_equal(quota[0], 4);
    assert_int_equal(quota[1], 2);
    assert_int_equal(quota[2], 1);
    assert_int_equal(quota[3], 7);
}

static void says_how_far_minima_go_beyond_the_total(void **state)
{
    const int base[] = {10, 10, 10};
    const int parent[] = {0, 0, 0};
    int quota[3];

    (void)state;
    assert_int_equal(quota_apportion(base, parent, 3, (struct quota_rule){.ppm = 30000, .least = 1},
                                     quota, &arena),
                     2);
    assert_int_equal(quota[0] + quota[1] + quota[2], 3);
}

static void gives_equal_remainders_to_the_larger_base_then_the_earlier(void **state)
{
    const int base[] = {50, 50, 150, 50};
    const int parent[] = {0, 0, 0, 0};
    int quota[4];

    (void)state;
    /* 1 % of 300 is 3: 0.5, 0.5, 1.5, 0.5. */
    (void)quota_apportion(base, parent, 4, (struct quota_rule){.ppm = 10000}, quota, &arena);
    assert_int_equal(quota[2], 2);
    assert_int_equal(quota[0], 1);
    assert_int_equal(quota[1], 0);
    assert_int_equal(quota[3], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(agrees_with_the_slow_operator),
        WITH_ARENA(accounts_for_every_place_of_a_quota),
        WITH_ARENA(never_lowers_who_scores_more),
        WITH_ARENA(alone_is_a_run_in_which_one_place_alone_differs),
        WITH_ARENA(does_not_care_in_what_order_places_come),
        WITH_ARENA(fills_from_the_best_down_and_measures_margins),
        WITH_ARENA(sends_who_fails_a_gate_to_the_next_tier),
        WITH_ARENA(gives_locked_places_their_tier_first),
        WITH_ARENA(keeps_undecided_places_apart),
        WITH_ARENA(spares_who_held_the_tier_by_the_margin_of_stability),
        WITH_ARENA(leaves_empty_places_empty_unless_told),
        WITH_ARENA(counts_newcomers_alone_when_the_quota_is_this_year_s),
        WITH_ARENA(breaks_ties_by_keys_then_by_id),
        WITH_ARENA(sorts_by_threshold),
        WITH_ARENA(sorts_by_natural_breaks_of_each_pool),
        WITH_ARENA(refuses_rules_that_cannot_be),
        WITH_ARENA(apportions_by_largest_remainder),
        WITH_ARENA(apportions_inside_each_parent_with_minima),
        WITH_ARENA(shares_a_number_of_each_parent),
        WITH_ARENA(says_how_far_minima_go_beyond_the_total),
        WITH_ARENA(gives_equal_remainders_to_the_larger_base_then_the_earlier),
    };
    return cmocka_run_group_tests_name("tiering", tests, NULL, NULL);
}
