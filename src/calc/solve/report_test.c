/* Prices, locks, leftovers, relief and the core: against bounds, and against every choice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "calc/solve/core_lp.h"
#include "calc/solve/engine/random.h"
#include "calc/solve/prices.h"
#include "calc/solve/relief.h"

enum { STEPS = 2 * 1000 * 1000, GROUPS = 5, OPTIONS = 3, ROWS = 3, PROBLEMS = 60 };

struct bench {
    struct arena arena;
    struct err err;
    struct solve_problem problem;
    int64_t limit[ROWS];
    enum solve_sense third; /* of row 2 */
};

static int64_t draw(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)(random_next(state) % (uint64_t)(high - low + 1));
}

/* Groups of options that all use something; limits are a share of what all would use. Row 2 mostly
 * asks for at least its limit. */
static void make(struct bench *bench, uint64_t seed, int groups, int64_t percent, bool locked)
{
    uint64_t state = seed;
    struct solve_builder *b = solve_begin(&bench->arena, &bench->err);

    for (int r = 0; r < ROWS; r++) {
        enum solve_sense sense = r == 2 ? bench->third : SOLVE_AT_MOST;
        bench->limit[r] = (int64_t)groups * 20 * (sense == SOLVE_AT_LEAST ? 10 : percent) / 100;
        assert_int_equal(solve_row(b, sense, bench->limit[r]), RC_OK);
    }
    for (int g = 0; g < groups; g++) {
        assert_int_equal(solve_group(b, 0), RC_OK);
        for (int o = 0; o < OPTIONS; o++) {
            const struct solve_use use[ROWS] = {
                {0, draw(&state, 3, 20)}, {1, draw(&state, 3, 20)}, {2, draw(&state, 0, 10)}};
            assert_int_equal(solve_option(b, draw(&state, 1, 1000), use, ROWS), RC_OK);
        }
        if (locked && g == 0) {
            assert_int_equal(solve_fix(b, 0), RC_OK);
        }
    }
    assert_int_equal(solve_end(b, &bench->problem), RC_OK);
}

static int begin(void **state)
{
    static struct bench bench;

    bench = (struct bench){.third = SOLVE_AT_LEAST};
    arena_init(&bench.arena, ARENA_JOB_MAX);
    *state = &bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    arena_done(&bench->arena);
    return 0;
}

static struct solve_answer solve(struct bench *bench)
{
    struct solve_answer answer = {0};

    assert_int_equal(solve_run(&bench->problem, &(struct solve_opts){.seed = 1, .steps = STEPS},
                               &bench->arena, &answer, &bench->err),
                     RC_OK);
    assert_non_null(answer.picks);
    return answer;
}

static void more_room_brings_less_than_less_room_costs(void **state)
{
    struct bench *bench = *state;
    int priced = 0;

    for (uint64_t seed = 0; seed < 10; seed++) {
        make(bench, seed, 200, 50, false);
        struct solve_answer answer = solve(bench);
        for (int row = 0; row < ROWS; row++) {
            struct solve_price price = {0};
            const struct solve_move move = {&row, 1, 40};
            assert_int_equal(solve_price_of(&bench->problem, &answer, &move, &price, &bench->err),
                             RC_OK);
            assert_true(price.needed);
            assert_true(price.gain <= price.loss + 2); /* a bound is concave in its limits */
            int64_t linear = answer.prices[row] < 0 ? -answer.prices[row] : answer.prices[row];
            assert_true(price.gain <= (linear * 40 >> SOLVE_PRICE_BITS) + 2);
            assert_true(price.loss >= (linear * 40 >> SOLVE_PRICE_BITS) - 2);
            priced += price.gain > 0;
        }
    }
    assert_true(priced >= 10);
}

static void less_room_than_the_least_use_is_said_to_be_impossible(void **state)
{
    struct bench *bench = *state;
    struct solve_price price = {0};

    make(bench, 1, 50, 50, false);
    struct solve_answer answer = solve(bench);
    const struct solve_move move = {&(int){0}, 1, bench->limit[0]};
    assert_int_equal(solve_price_of(&bench->problem, &answer, &move, &price, &bench->err), RC_OK);
    assert_false(price.needed);
}

static struct solve_lock_cost cost_of(struct bench *bench, const struct solve_answer *answer,
                                      int group)
{
    const struct solve_opts opts = {.seed = 1, .steps = STEPS};
    struct solve_lock_cost cost = {0};

    assert_int_equal(solve_cost_of_lock(&bench->problem, answer,
                                        &(struct solve_lock){.group = group}, &opts, &cost,
                                        &bench->err),
                     RC_OK);
    return cost;
}

static void a_lock_costs_what_the_bound_loses_by_it(void **state)
{
    struct bench *bench = *state;
    int costly = 0;
    int resolved = 0;

    for (uint64_t seed = 0; seed < 10; seed++) {
        make(bench, seed, 100, 50, true);
        struct solve_answer answer = solve(bench);
        struct solve_lock_cost cost = cost_of(bench, &answer, 0);
        struct solve_lock_cost none = cost_of(bench, &answer, 1);
        assert_true(none.relaxed <= 1);
        assert_false(none.is_resolved);
        make(bench, seed, 100, 50, false);
        struct solve_answer open = solve(bench);
        assert_in_range(cost.relaxed - (open.price_bound - answer.price_bound) + 2, 0, 4);
        assert_true(cost.most >= open.value - answer.value);
        if (cost.is_resolved) {
            assert_true(cost.resolved <= cost.most);
            assert_true(llabs(cost.resolved - (open.value - answer.value)) <=
                        (answer.bound - answer.value) + (open.bound - open.value));
        }
        costly += cost.relaxed > 2;
        resolved += cost.is_resolved;
    }
    assert_true(costly >= 3);
    assert_true(resolved >= 1);
}

static void leftovers_are_explained(void **state)
{
    struct bench *bench = *state;
    enum solve_why why[2] = {0};
    const struct solve_use one[] = {{0, 6}};
    struct solve_builder *b = solve_begin(&bench->arena, &bench->err);

    assert_int_equal(solve_row(b, SOLVE_AT_MOST, 9), RC_OK);
    assert_int_equal(solve_row(b, SOLVE_AT_MOST, 50), RC_OK);
    for (int g = 0; g < 2; g++) {
        assert_int_equal(solve_group(b, 0), RC_OK);
        assert_int_equal(solve_option(b, 0, NULL, 0), RC_OK);
        assert_int_equal(solve_option(b, 10 + g, one, 1), RC_OK);
    }
    assert_int_equal(solve_end(b, &bench->problem), RC_OK);
    struct solve_answer answer = solve(bench);
    assert_int_equal(answer.value, 11);
    assert_int_equal(answer.left[0], 3);
    solve_why_left(&bench->problem, &answer, why);
    assert_int_equal(why[0], SOLVE_TOO_LITTLE);
    assert_int_equal(why[1], SOLVE_NOT_NEEDED);
}

/* What the picks overrun, at the prices. */
static int64_t overrun(const struct solve_problem *p, const int *picks, const int64_t *price)
{
    int64_t used[ROWS] = {0};
    int64_t cost = 0;

    for (int g = 0; g < p->groups; g++) {
        int o = p->first[g] + picks[g];
        for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
            used[p->use[u].row] += p->use[u].amount;
        }
    }
    for (int r = 0; r < ROWS; r++) {
        int64_t over =
            p->sense[r] == SOLVE_AT_LEAST ? p->limit[r] - used[r] : used[r] - p->limit[r];
        cost += over > 0 ? over * price[r] : 0;
    }
    return cost;
}

static bool count_up(int *picks, int groups, int options)
{
    for (int g = 0; g < groups; g++) {
        if (++picks[g] < options) {
            return true;
        }
        picks[g] = 0;
    }
    return false;
}

static void the_least_relief_is_that_of_trying_everything(void **state)
{
    struct bench *bench = *state;
    const int64_t price[ROWS] = {3, 5, 7};
    const struct relief_terms terms = {.price = price};
    int conflicts = 0;

    for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
        int picks[GROUPS] = {0};
        int64_t least = INT64_MAX;
        struct relief relief = {0};
        const struct solve_opts opts = {.seed = seed, .steps = STEPS};
        make(bench, seed, GROUPS, 35, false);
        do {
            int64_t cost = overrun(&bench->problem, picks, price);
            least = cost < least ? cost : least;
        } while (count_up(picks, GROUPS, OPTIONS));
        assert_int_equal(
            relief_rows(&bench->problem, &terms, &opts, &bench->arena, &relief, &bench->err),
            RC_OK);
        assert_non_null(relief.picks);
        assert_int_equal(relief.cost, least);
        assert_true(relief.cost_least <= least);
        assert_int_equal(overrun(&bench->problem, relief.picks, price), least);
        conflicts += relief.cost_least > 0;
    }
    assert_true(conflicts > PROBLEMS / 10);
}

/* What comes in a year is there in all later ones: the least is what the worst year lacks. */
static int64_t worst_overrun(const struct solve_problem *p, const int *picks)
{
    int64_t worst = 0;

    for (int r = 0; r < ROWS; r++) {
        int64_t price[ROWS] = {0};
        price[r] = 1;
        int64_t over = overrun(p, picks, price);
        worst = over > worst ? over : worst;
    }
    return worst;
}

static void rows_of_a_chain_give_way_together(void **state)
{
    struct bench *bench = *state;
    const int64_t price[ROWS] = {1, 1, 1};
    const int next[ROWS] = {1, 2, RELIEF_LAST};
    const struct relief_terms terms = {.price = price, .next = next};
    int64_t most = 0;

    bench->third = SOLVE_AT_MOST;
    for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
        int picks[GROUPS] = {0};
        int64_t least = INT64_MAX;
        struct relief relief = {0};
        const struct solve_opts opts = {.seed = seed, .steps = STEPS};
        make(bench, seed, GROUPS, 35, false);
        do {
            int64_t cost = worst_overrun(&bench->problem, picks);
            least = cost < least ? cost : least;
        } while (count_up(picks, GROUPS, OPTIONS));
        assert_int_equal(
            relief_rows(&bench->problem, &terms, &opts, &bench->arena, &relief, &bench->err),
            RC_OK);
        assert_non_null(relief.picks);
        assert_int_equal(relief.cost, least);
        assert_int_equal(relief.given[0] + relief.given[1] + relief.given[2], least);
        most = least > most ? least : most;
    }
    assert_true(most > 0);
}

static void a_hard_row_does_not_give_way(void **state)
{
    struct bench *bench = *state;
    const int64_t price[ROWS] = {RELIEF_HARD, 5, 7};
    const struct relief_terms terms = {.price = price};
    const struct solve_opts opts = {.seed = 1, .steps = STEPS};
    int found = 0;

    for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
        struct relief relief = {0};
        make(bench, seed, GROUPS, 40, false);
        assert_int_equal(
            relief_rows(&bench->problem, &terms, &opts, &bench->arena, &relief, &bench->err),
            RC_OK);
        if (relief.picks != NULL) {
            assert_int_equal(relief.given[0], 0);
            const int64_t only_first[ROWS] = {1, 0, 0};
            assert_int_equal(overrun(&bench->problem, relief.picks, only_first), 0);
            found++;
        }
    }
    assert_true(found > PROBLEMS / 2);
}

/* The weight left out, or INT64_MAX where the others break a row. */
static int64_t cost_left_out(const struct solve_problem *p, const int *picks, const int64_t *weight)
{
    int64_t used[ROWS] = {0};
    int64_t cost = 0;

    for (int g = 0; g < GROUPS; g++) {
        int o = p->first[g] + picks[g];
        if (picks[g] == OPTIONS) {
            cost += weight[g];
            continue;
        }
        for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
            used[p->use[u].row] += p->use[u].amount;
        }
    }
    bool holds = used[0] <= p->limit[0] && used[1] <= p->limit[1] && used[2] >= p->limit[2];
    return holds ? cost : INT64_MAX;
}

/* The least weight left out such that the others keep every row, by trying everything. */
static int64_t least_left_out(const struct solve_problem *p, const int64_t *weight)
{
    int picks[GROUPS] = {0};
    int64_t least = INT64_MAX;

    do {
        int64_t cost = cost_left_out(p, picks, weight);
        least = cost < least ? cost : least;
    } while (count_up(picks, GROUPS, OPTIONS + 1));
    return least;
}

static void the_groups_left_out_weigh_least(void **state)
{
    struct bench *bench = *state;
    const int64_t weight[GROUPS] = {10, 7, 12, 9, 20};
    const struct solve_opts opts = {.seed = 1, .steps = STEPS};
    int left_out = 0;

    for (uint64_t seed = 0; seed < PROBLEMS; seed++) {
        struct relief relief = {0};
        make(bench, seed, GROUPS, 30, false);
        int64_t least = least_left_out(&bench->problem, weight);
        assert_int_equal(
            relief_groups(&bench->problem, weight, &opts, &bench->arena, &relief, &bench->err),
            RC_OK);
        assert_int_equal(relief.picks != NULL, least < INT64_MAX);
        if (relief.picks != NULL) {
            assert_int_equal(relief.cost, least);
            assert_true(relief.cost_least <= least);
            left_out += relief.cost > 0;
        }
    }
    assert_true(left_out > PROBLEMS / 10);
}

static void the_core_is_written_as_mps(void **state)
{
    struct bench *bench = *state;
    struct buf mps;
    struct core_lp core = {0};
    str text = {0};

    make(bench, 3, 100, 50, false);
    struct solve_answer answer = solve(bench);
    buf_init(&mps, &bench->arena, ARENA_MIB);
    core_lp_write(&bench->problem, &answer, &mps, &bench->arena, &core);
    assert_true(buf_done(&mps, &text));
    assert_true(str_starts(text, STR("NAME core\nROWS\n N C0\n L R0\n")));
    assert_true(str_ends(text, STR("ENDATA\n")));
    assert_true(core.columns >= core.groups);
    assert_int_equal(core.cutoff, answer.value);
}

static void the_bound_is_read_from_the_log(void **state)
{
    const struct core_lp core = {.base = 1000, .cutoff = 900};
    int64_t bound = 0;

    (void)state;
    assert_true(core_lp_read_bound(
        &core,
        STR("Result - Optimal solution found\n\nObjective value:                81.00000000\n"),
        &bound));
    assert_int_equal(bound, 919);
    assert_true(core_lp_read_bound(&core,
                                   STR("Result - Stopped on time limit\n\nObjective value:      "
                                       "30.0\nLower bound:          -10.241\n"),
                                   &bound));
    assert_int_equal(bound, 1010);
    assert_true(core_lp_read_bound(&core, STR("Lower bound:  250\n"), &bound));
    assert_int_equal(bound, 900);
    assert_true(core_lp_read_bound(&core, STR("Result - Problem proven infeasible\n"), &bound));
    assert_int_equal(bound, 900);
    assert_false(core_lp_read_bound(&core, STR("Result - Stopped on time limit\n"), &bound));
    assert_false(core_lp_read_bound(&core, STR("Objective value: 3\n"), &bound));
}

static void the_plan_is_read_from_the_log(void **state)
{
    struct bench *bench = *state;
    int base[3] = {0, 1, 2};
    int column_group[2] = {0, 2};
    int column_option[2] = {4, 5};
    const struct core_lp core = {.columns = 2,
                                 .problem_groups = 3,
                                 .picks = base,
                                 .column_group = column_group,
                                 .column_option = column_option};
    int *picks = NULL;

    assert_true(core_lp_read_picks(
        &core,
        STR("Optimal - objective value 7\n      1 X1                     1           -138\n"
            "      7 X7    1   2\n      0 X0    0   2\n"),
        &bench->arena, &picks));
    assert_int_equal(picks[0], 0);
    assert_int_equal(picks[1], 1);
    assert_int_equal(picks[2], 5);
    assert_false(core_lp_read_picks(&core, STR("Infeasible\n"), &bench->arena, &picks));
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(more_room_brings_less_than_less_room_costs),
        test(less_room_than_the_least_use_is_said_to_be_impossible),
        test(a_lock_costs_what_the_bound_loses_by_it),
        test(leftovers_are_explained),
        test(the_least_relief_is_that_of_trying_everything),
        test(rows_of_a_chain_give_way_together),
        test(a_hard_row_does_not_give_way),
        test(the_groups_left_out_weigh_least),
        test(the_core_is_written_as_mps),
        test(the_bound_is_read_from_the_log),
        test(the_plan_is_read_from_the_log),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
