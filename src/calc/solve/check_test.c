/* Problems as written down, and the checker: a sound answer passes, each planted fault is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "calc/solve/check.h"
#include "calc/solve/solve.h"

enum { ONE_PRICE = 1 << SOLVE_PRICE_BITS };

struct bench {
    struct arena arena;
    struct err err;
    struct solve_problem problem;
    int picks[3];
    int64_t prices[2];
    struct check_claim claim;
};

/* Money 10 (at most), roads 1 (at least). Three groups of nothing / 4 for 6 / 8 for 9 and a road;
 * the last option of the last group is forbidden, the first group is fixed to its second. */
static void write_down(struct bench *bench)
{
    struct solve_builder *b = solve_begin(&bench->arena, &bench->err);
    const struct solve_use small[] = {{0, 4}};
    const struct solve_use large[] = {{1, 1}, {0, 8}};

    assert_int_equal(solve_row(b, SOLVE_AT_MOST, 17), RC_OK);
    assert_int_equal(solve_row(b, SOLVE_AT_LEAST, 1), RC_OK);
    for (int g = 0; g < 3; g++) {
        assert_int_equal(solve_group(b, 0), RC_OK);
        assert_int_equal(solve_option(b, 0, NULL, 0), RC_OK);
        assert_int_equal(solve_option(b, 6, small, 1), RC_OK);
        assert_int_equal(solve_option(b, 9, large, 2), RC_OK);
        if (g == 0) {
            assert_int_equal(solve_fix(b, 1), RC_OK);
        }
    }
    assert_int_equal(solve_forbid(b, 2), RC_OK);
    assert_int_equal(solve_end(b, &bench->problem), RC_OK);
}

static int begin(void **state)
{
    static struct bench bench;

    bench = (struct bench){0};
    arena_init(&bench.arena, ARENA_REQUEST_MAX);
    write_down(&bench);
    /* 4 + 8 + 4 = 16 of 17, a road: worth 21. At a price of 1 the rest is worth 2 + 2 + 2. */
    bench.picks[0] = 1;
    bench.picks[1] = 2;
    bench.picks[2] = 1;
    bench.prices[0] = ONE_PRICE;
    bench.prices[1] = 0;
    bench.claim = (struct check_claim){
        .picks = bench.picks, .prices = bench.prices, .value = 21, .bound = 22};
    *state = &bench;
    return 0;
}

static int end(void **state)
{
    struct bench *bench = *state;

    arena_done(&bench->arena);
    return 0;
}

static struct check_verdict judge(struct bench *bench)
{
    struct check_verdict verdict = {0};

    solve_check(&bench->problem, &bench->claim, &bench->arena, &verdict);
    return verdict;
}

static void a_sound_answer_passes(void **state)
{
    struct check_verdict verdict = judge(*state);

    assert_int_equal(verdict.fault, CHECK_SOUND);
    assert_int_equal(verdict.value, 21);
    assert_int_equal(verdict.used[0], 16);
    assert_int_equal(verdict.used[1], 1);
    assert_true(verdict.certified);
    assert_false(verdict.optimal);
}

/* Every use is a multiple of four, so 17 is as good as 16: the bound is 16 + 2 + 2 + 2. */
static void the_limit_is_taken_at_the_nearest_reachable_sum(void **state)
{
    assert_int_equal(judge(*state).bound, 22);
}

static void a_wrong_value_is_found(void **state)
{
    struct bench *bench = *state;

    bench->claim.value = 22;
    assert_int_equal(judge(bench).fault, CHECK_VALUE_WRONG);
}

static void an_overspent_row_is_found(void **state)
{
    struct bench *bench = *state;

    bench->picks[2] = 0;
    bench->claim.value = 15;
    assert_int_equal(judge(bench).fault, CHECK_SOUND);
    bench->picks[1] = 1;
    bench->claim.value = 12;
    assert_int_equal(judge(bench).fault, CHECK_ROW_BROKEN);
    assert_int_equal(judge(bench).place, 1);
    assert_int_equal(judge(bench).rows_broken, 1);
}

static void a_forbidden_or_unknown_pick_is_found(void **state)
{
    struct bench *bench = *state;

    bench->picks[2] = 2;
    assert_int_equal(judge(bench).fault, CHECK_PICK_FORBIDDEN);
    assert_int_equal(judge(bench).place, 2);
    bench->picks[2] = 3;
    assert_int_equal(judge(bench).fault, CHECK_PICK_UNKNOWN);
    bench->picks[2] = 1;
    bench->picks[0] = 0;
    assert_int_equal(judge(bench).fault, CHECK_PICK_FORBIDDEN);
    assert_int_equal(judge(bench).place, 0);
}

static void a_lowered_bound_is_found_unless_a_search_is_claimed(void **state)
{
    struct bench *bench = *state;

    bench->claim.bound = 21;
    assert_int_equal(judge(bench).fault, CHECK_BOUND_LOW);
    bench->claim.searched = true;
    assert_int_equal(judge(bench).fault, CHECK_SOUND);
    assert_false(judge(bench).certified);
    bench->claim.bound = 20;
    assert_int_equal(judge(bench).fault, CHECK_BOUND_CROSSED);
}

static void a_price_of_the_wrong_sign_or_size_is_found(void **state)
{
    struct bench *bench = *state;

    bench->prices[1] = 1;
    assert_int_equal(judge(bench).fault, CHECK_PRICE_SIGN);
    assert_int_equal(judge(bench).place, 1);
    bench->prices[1] = 0;
    bench->prices[0] = -1;
    assert_int_equal(judge(bench).fault, CHECK_PRICE_SIGN);
    assert_false(judge(bench).certified);
}

static void numbers_out_of_range_are_refused(void **state)
{
    struct bench *bench = *state;
    struct solve_builder *b = solve_begin(&bench->arena, &bench->err);
    const struct solve_use twice[] = {{0, 1}, {0, 2}};
    const struct solve_use nowhere[] = {{1, 1}};
    const struct solve_use huge[] = {{0, SOLVE_NUMBER_MAX + 1}};

    assert_int_equal(solve_row(b, SOLVE_AT_MOST, SOLVE_NUMBER_MAX + 1), RC_INVALID);
    assert_int_equal(solve_row(b, SOLVE_AT_MOST, SOLVE_NUMBER_MAX), RC_OK);
    assert_int_equal(solve_group(b, -1), RC_INVALID);
    assert_int_equal(solve_group(b, 0), RC_OK);
    assert_int_equal(solve_option(b, 1, twice, 2), RC_INVALID);
    assert_int_equal(solve_option(b, 1, nowhere, 1), RC_INVALID);
    assert_int_equal(solve_option(b, 1, huge, 1), RC_INVALID);
    assert_int_equal(solve_option(b, -SOLVE_NUMBER_MAX - 1, NULL, 0), RC_INVALID);
    err_clear(&bench->err);
    assert_int_equal(solve_option(b, 1, NULL, SOLVE_OPTION_USES_MAX + 1), RC_LIMIT);
    err_clear(&bench->err);
    assert_int_equal(solve_fix(b, 0), RC_INVALID);
    assert_int_equal(solve_forbid(b, -1), RC_INVALID);
}

static void sums_that_cannot_be_exact_are_refused(void **state)
{
    struct bench *bench = *state;
    struct solve_builder *b = solve_begin(&bench->arena, &bench->err);
    struct solve_problem problem = {0};

    for (int g = 0; g < 257; g++) {
        assert_int_equal(solve_group(b, 0), RC_OK);
        assert_int_equal(solve_option(b, SOLVE_NUMBER_MAX, NULL, 0), RC_OK);
    }
    assert_int_equal(solve_end(b, &problem), RC_LIMIT);
    err_clear(&bench->err);
    b = solve_begin(&bench->arena, &bench->err);
    assert_int_equal(solve_row(b, SOLVE_AT_MOST, 1), RC_OK);
    for (int g = 0; g < 257; g++) {
        const struct solve_use use[] = {{0, g == 0 ? -SOLVE_NUMBER_MAX : SOLVE_NUMBER_MAX}};
        assert_int_equal(solve_group(b, 0), RC_OK);
        assert_int_equal(solve_option(b, 1, use, 1), RC_OK);
    }
    assert_int_equal(solve_end(b, &problem), RC_LIMIT);
}

static void groups_without_a_possible_option_are_listed(void **state)
{
    struct bench *bench = *state;
    struct solve_builder *b = solve_begin(&bench->arena, &bench->err);
    struct solve_problem problem = {0};
    int *groups = NULL;

    for (int g = 0; g < 3; g++) {
        assert_int_equal(solve_group(b, 0), RC_OK);
        for (int o = 0; o < g; o++) {
            assert_int_equal(solve_option(b, 0, NULL, 0), RC_OK);
        }
    }
    assert_int_equal(solve_fix(b, 1), RC_OK);
    assert_int_equal(solve_forbid(b, 1), RC_OK);
    assert_int_equal(solve_end(b, &problem), RC_OK);
    assert_int_equal(solve_impossible(&problem, &bench->arena, &groups), 2);
    assert_int_equal(groups[0], 0);
    assert_int_equal(groups[1], 2);
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_sound_answer_passes),
        test(the_limit_is_taken_at_the_nearest_reachable_sum),
        test(a_wrong_value_is_found),
        test(an_overspent_row_is_found),
        test(a_forbidden_or_unknown_pick_is_found),
        test(a_lowered_bound_is_found_unless_a_search_is_claimed),
        test(a_price_of_the_wrong_sign_or_size_is_found),
        test(numbers_out_of_range_are_refused),
        test(sums_that_cannot_be_exact_are_refused),
        test(groups_without_a_possible_option_are_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
