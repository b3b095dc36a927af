/* Problems in which most groups do not care, at the prices, which of two options they take. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calc/solve/check.h"
#include "calc/solve/solve.h"

enum { WORKS = 600, FUNDS = 3, YEARS = 3, RECIPES = 2, STEPS = 20 * 1000 * 1000 };

static const int64_t SHARES[RECIPES][FUNDS] = {{60, 20, 20}, {0, 40, 60}};

/* Money carried over: a row for each fund and year holds what was spent up to its end. */
static void add_work(struct solve_builder *builder, int64_t cost, int64_t worth)
{
    assert_int_equal(solve_group(builder, 0), RC_OK);
    assert_int_equal(solve_option(builder, 0, NULL, 0), RC_OK);
    for (int recipe = 0; recipe < RECIPES; recipe++) {
        for (int begins = 0; begins < YEARS; begins++) {
            struct solve_use use[FUNDS * YEARS];
            int uses = 0;
            for (int fund = 0; fund < FUNDS; fund++) {
                for (int year = begins; year < YEARS; year++) {
                    use[uses++] =
                        (struct solve_use){fund * YEARS + year, cost * SHARES[recipe][fund]};
                }
            }
            assert_int_equal(solve_option(builder, cost * worth * (100 - 3 * begins), use, uses),
                             RC_OK);
        }
    }
}

/* Works worth what they cost, give or take a tenth; two recipes, three years: at the prices most of
 * them do not care by which recipe and in which year they are built. */
static struct solve_problem works_and_purses(uint64_t seed, struct arena *arena)
{
    struct err err = {0};
    struct solve_builder *builder = solve_begin(arena, &err);
    struct solve_problem problem = {0};

    for (int fund = 0; fund < FUNDS; fund++) {
        for (int year = 0; year < YEARS; year++) {
            int64_t limit = (int64_t)WORKS * 5500 * 100 / 15 * (year + 1) * (fund + 2) / 6;
            assert_int_equal(solve_row(builder, SOLVE_AT_MOST, limit), RC_OK);
        }
    }
    for (int work = 0; work < WORKS; work++) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        add_work(builder, 1000 + (int64_t)(seed >> 33) % 9000, 900 + (int64_t)(seed >> 20) % 200);
    }
    assert_int_equal(solve_end(builder, &problem), RC_OK);
    return problem;
}

static void groups_that_do_not_care_are_shared_out_over_the_rows(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct arena arena;
        struct err err = {0};
        struct solve_answer answer = {0};
        struct check_verdict verdict = {0};
        arena_init(&arena, ARENA_JOB_MAX);
        struct solve_problem problem = works_and_purses(seed, &arena);
        const struct solve_opts opts = {.seed = seed, .steps = STEPS, .threads = 1};
        assert_int_equal(solve_run(&problem, &opts, &arena, &answer, &err), RC_OK);
        const struct check_claim claim = {answer.picks, answer.prices, answer.value, answer.bound,
                                          false};
        solve_check(&problem, &claim, &arena, &verdict);
        assert_int_equal(verdict.fault, CHECK_SOUND);
        /* Departures from the prices' own choice end above one per cent. */
        assert_true(answer.bound - answer.value <= answer.bound / 200);
        arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_that_do_not_care_are_shared_out_over_the_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
