/* The solver and CBC on the same cores: their optimum is ours, and their bound holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "calc/solve/core_lp.h"
#include "calc/solve/engine/random.h"
#include "child/child.h"

enum { PROBLEMS = 4, GROUPS = 20, OPTIONS = 5, ROWS = 3, STEPS = 20 * 1000 * 1000 };

static const struct child_limits LIMITS = {
    .time_ms = 120000, .memory_max = INT64_C(2) << 30, .output_max = INT64_C(4) << 20};

static int64_t draw(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)(random_next(state) % (uint64_t)(high - low + 1));
}

static struct solve_problem make(uint64_t seed, struct arena *arena)
{
    uint64_t state = seed;
    struct err err = {0};
    struct solve_problem problem = {0};
    struct solve_builder *b = solve_begin(arena, &err);

    for (int r = 0; r < ROWS; r++) {
        assert_int_equal(solve_row(b, SOLVE_AT_MOST, (int64_t)GROUPS * (30 + 5 * r)), RC_OK);
    }
    for (int g = 0; g < GROUPS; g++) {
        assert_int_equal(solve_group(b, 0), RC_OK);
        for (int o = 0; o < OPTIONS; o++) {
            const struct solve_use use[ROWS] = {{0, draw(&state, 0, 100) * (o > 0)},
                                                {1, draw(&state, 0, 100) * (o > 0)},
                                                {2, draw(&state, 0, 100) * (o > 0)}};
            assert_int_equal(solve_option(b, draw(&state, 0, 1000) * (o > 0), use, ROWS), RC_OK);
        }
    }
    assert_int_equal(solve_end(b, &problem), RC_OK);
    return problem;
}

static struct solve_answer solve(const struct solve_problem *p, int64_t steps, struct arena *arena)
{
    struct err err = {0};
    struct solve_answer answer = {0};

    assert_int_equal(
        solve_run(p, &(struct solve_opts){.seed = 1, .steps = steps}, arena, &answer, &err), RC_OK);
    assert_non_null(answer.picks);
    return answer;
}

/* Improve an answer by CBC's plan on its core, and say CBC's bound; false when there is no CBC
 * here. */
static bool ask_cbc(const struct solve_problem *p, struct solve_answer *answer, struct arena *arena,
                    int64_t *out_bound)
{
    struct err err = {0};
    struct buf mps;
    struct core_lp core = {0};
    struct child_result result = {0};
    str text = {0};
    int *picks = NULL;
    const char *const argv[] = {"cbc",    "-import",   "-", "-sec",  "10",
                                "-solve", "-solution", "-", "-quit", NULL};

    buf_init(&mps, arena, ARENA_MIB);
    core_lp_write(p, answer, &mps, arena, &core);
    assert_true(buf_done(&mps, &text));
    assert_int_equal(child_run(argv, text, &LIMITS, arena, &result, &err), RC_OK);
    if (result.end == CHILD_UNFOUND) {
        return false;
    }
    assert_int_equal(result.end, CHILD_EXITED);
    assert_true(core_lp_read_bound(&core, result.output, out_bound));
    if (core_lp_read_picks(&core, result.output, arena, &picks)) {
        solve_take_picks(p, picks, answer);
    }
    return true;
}

/* The core around a poor first plan holds the optimum: CBC finds it, and so must the search. */
static void the_search_ends_at_the_optimum_that_cbc_finds(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
        struct arena arena;
        int64_t optimum = 0;
        arena_init(&arena, ARENA_JOB_MAX);
        struct solve_problem p = make(seed, &arena);
        struct solve_answer first = solve(&p, 0, &arena);
        if (!ask_cbc(&p, &first, &arena, &optimum)) {
            arena_done(&arena);
            print_message("# skipped: cbc is not installed\n");
            skip();
        }
        struct solve_answer best = solve(&p, STEPS, &arena);
        assert_int_equal(best.value, optimum);
        assert_true(best.bound >= optimum);
        assert_true(first.price_bound >= optimum);
        solve_lower_bound(&first, optimum);
        assert_int_equal(first.bound, optimum);
        assert_int_equal(first.value, optimum);
        assert_true(first.status == SOLVE_SEARCHED || first.price_bound == optimum);
        arena_done(&arena);
    }
}

int main(void)
{
    struct err err = {0};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_search_ends_at_the_optimum_that_cbc_finds),
    };

    if (child_helper_start(&err) != RC_OK) {
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    child_helper_stop();
    return failed;
}
