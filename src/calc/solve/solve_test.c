/* The solver against every choice of small problems, and against its own promises on larger ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "calc/solve/check.h"
#include "calc/solve/engine/pack.h"
#include "calc/solve/engine/random.h"
#include "calc/solve/engine/search.h"
#include "calc/solve/solve.h"

enum { SMALL_PROBLEMS = 400, STEPS = 3 * 1000 * 1000, LONG_STEPS = 10 * 1000 * 1000 };

/* How to make a random problem. */
struct recipe {
    uint64_t seed;
    int groups;
    int options; /* at most, in a group */
    int rows;
    int blocks; /* > 1: half of the rows are local to them */
    int64_t value_max;
    int64_t use_max;
    bool senses;    /* also at least and equal */
    bool negatives; /* uses below zero */
    bool locks;     /* fixed and forbidden options */
};

static int64_t draw(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)(random_next(state) % (uint64_t)(high - low + 1));
}

/* Does a row concern the groups of a block? Every second one is local where there are blocks. */
static bool concerns(const struct recipe *r, int row, int block)
{
    return r->blocks == 1 || row % 2 == 0 || row % r->blocks == block;
}

static void lock(struct solve_builder *b, int options, uint64_t *state)
{
    if (draw(state, 0, 5) == 0) {
        assert_int_equal(solve_fix(b, (int)draw(state, 0, options - 1)), RC_OK);
    } else if (options > 1 && draw(state, 0, 3) == 0) {
        assert_int_equal(solve_forbid(b, (int)draw(state, 0, options - 1)), RC_OK);
    }
}

static void make_group(struct solve_builder *b, const struct recipe *r, uint64_t *state, int group)
{
    int block = group * r->blocks / r->groups;
    int options = (int)draw(state, 1, r->options);

    assert_int_equal(solve_group(b, block), RC_OK);
    for (int o = 0; o < options; o++) {
        struct solve_use use[16];
        int uses = 0;
        for (int row = 0; row < r->rows; row++) {
            int64_t low = r->negatives ? -r->use_max / 4 : 0;
            if (concerns(r, row, block) && draw(state, 0, 3) > 0) {
                use[uses++] = (struct solve_use){row, draw(state, low, r->use_max)};
            }
        }
        assert_int_equal(solve_option(b, draw(state, 0, r->value_max), use, uses), RC_OK);
    }
    if (r->locks) {
        lock(b, options, state);
    }
}

static struct solve_problem make(const struct recipe *r, struct arena *arena)
{
    uint64_t state = r->seed;
    struct err err = {0};
    struct solve_problem problem = {0};
    struct solve_builder *b = solve_begin(arena, &err);

    for (int row = 0; row < r->rows; row++) {
        enum solve_sense sense = SOLVE_AT_MOST;
        int64_t share = draw(&state, 20, 60);
        if (r->senses && draw(&state, 0, 3) == 0) {
            sense = draw(&state, 0, 3) == 0 ? SOLVE_EQUAL : SOLVE_AT_LEAST;
            share = draw(&state, 5, 40);
        }
        int64_t local = r->blocks > 1 && row % 2 == 1 ? r->blocks : 1;
        int64_t limit = r->groups / local * r->use_max * share / 100;
        assert_int_equal(solve_row(b, sense, limit), RC_OK);
    }
    for (int g = 0; g < r->groups; g++) {
        make_group(b, r, &state, g);
    }
    assert_int_equal(solve_end(b, &problem), RC_OK);
    return problem;
}

static bool keeps_rows(const struct solve_problem *p, const int *picks)
{
    int64_t used[16] = {0};

    for (int g = 0; g < p->groups; g++) {
        int o = p->first[g] + picks[g];
        for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
            used[p->use[u].row] += p->use[u].amount;
        }
    }
    for (int r = 0; r < p->rows; r++) {
        if ((p->sense[r] != SOLVE_AT_LEAST && used[r] > p->limit[r]) ||
            (p->sense[r] != SOLVE_AT_MOST && used[r] < p->limit[r])) {
            return false;
        }
    }
    return true;
}

/* Next choice in counting order; false after the last. */
static bool count_up(const struct solve_problem *p, int *picks)
{
    for (int g = 0; g < p->groups; g++) {
        if (++picks[g] < p->first[g + 1] - p->first[g]) {
            return true;
        }
        picks[g] = 0;
    }
    return false;
}

/* The best value of all choices; INT64_MIN when none keeps the rows. */
static int64_t best_of_all(const struct solve_problem *p)
{
    int picks[16] = {0};
    int64_t best = INT64_MIN;

    do {
        int64_t value = 0;
        bool allowed = true;
        for (int g = 0; g < p->groups; g++) {
            allowed = allowed && solve_allowed(p, g, p->first[g] + picks[g]);
            value += p->value[p->first[g] + picks[g]];
        }
        if (allowed && value > best && keeps_rows(p, picks)) {
            best = value;
        }
    } while (count_up(p, picks));
    return best;
}

static struct solve_answer run(const struct solve_problem *p, const struct solve_opts *opts,
                               struct arena *arena)
{
    struct err err = {0};
    struct solve_answer answer = {0};

    assert_int_equal(solve_run(p, opts, arena, &answer, &err), RC_OK);
    return answer;
}

static void assert_sound(const struct solve_problem *p, const struct solve_answer *a,
                         struct arena *arena)
{
    struct check_verdict verdict = {0};
    const struct check_claim claim = {
        .picks = a->picks,
        .prices = a->prices,
        .value = a->value,
        .bound = a->bound,
        .searched = a->status == SOLVE_SEARCHED,
    };

    solve_check(p, &claim, arena, &verdict);
    assert_int_equal(verdict.fault, CHECK_SOUND);
    assert_int_equal(verdict.bound, a->price_bound);
    for (int r = 0; r < p->rows; r++) {
        assert_int_equal(p->limit[r] - verdict.used[r], a->left[r]);
    }
}

/* How often each outcome was seen, so that a test cannot pass by never meeting one. */
struct tally {
    int best;
    int none;
};

static void compare_with_all(const struct recipe *recipe, struct tally *tally)
{
    struct arena arena;

    arena_init(&arena, ARENA_JOB_MAX);
    struct solve_problem p = make(recipe, &arena);
    int64_t best = best_of_all(&p);
    const struct solve_opts opts = {.seed = recipe->seed, .steps = STEPS, .threads = 1};
    struct solve_answer answer = run(&p, &opts, &arena);

    if (best == INT64_MIN) {
        assert_null(answer.picks);
        tally->none++;
    } else {
        assert_true(answer.status != SOLVE_IMPOSSIBLE);
        assert_true(answer.bound >= best);
        assert_true(answer.price_bound >= best);
        assert_non_null(answer.picks);
        assert_sound(&p, &answer, &arena);
        assert_int_equal(answer.value, best);
        tally->best++;
    }
    arena_done(&arena);
}

static void small_problems_are_solved_as_by_trying_everything(void **state)
{
    struct tally tally = {0};

    (void)state;
    for (int i = 0; i < SMALL_PROBLEMS; i++) {
        const struct recipe recipe = {
            .seed = (uint64_t)i,
            .groups = 2 + i % 6,
            .options = 4,
            .rows = 1 + i % 5,
            .blocks = 1,
            .value_max = i % 3 == 0 ? 20 : 100000,
            .use_max = i % 2 == 0 ? 10 : 5000,
            .locks = i % 4 == 3,
        };
        compare_with_all(&recipe, &tally);
    }
    assert_true(tally.best > SMALL_PROBLEMS / 2);
}

static void least_and_equal_rows_and_negative_uses_are_solved_too(void **state)
{
    struct tally tally = {0};

    (void)state;
    for (int i = 0; i < SMALL_PROBLEMS; i++) {
        const struct recipe recipe = {
            .seed = 10000 + (uint64_t)i,
            .groups = 3 + i % 5,
            .options = 5,
            .rows = 1 + i % 4,
            .blocks = 1,
            .value_max = 1000,
            .use_max = 6,
            .senses = true,
            .negatives = i % 2 == 0,
            .locks = i % 3 == 0,
        };
        compare_with_all(&recipe, &tally);
    }
    assert_true(tally.best > SMALL_PROBLEMS / 4);
    assert_true(tally.none > SMALL_PROBLEMS / 20);
}

static void larger_problems_get_a_sound_answer_with_a_small_gap(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        struct arena arena;
        const struct recipe recipe = {
            .seed = 20000 + (uint64_t)i,
            .groups = 300,
            .options = 8,
            .rows = 2 + i,
            .blocks = 1,
            .value_max = 1000000000,
            .use_max = (int64_t)1 << (10 + 4 * i),
        };
        arena_init(&arena, ARENA_JOB_MAX);
        struct solve_problem p = make(&recipe, &arena);
        const struct solve_opts opts = {.seed = 1, .steps = LONG_STEPS, .threads = 2};
        struct solve_answer answer = run(&p, &opts, &arena);
        assert_non_null(answer.picks);
        assert_sound(&p, &answer, &arena);
        assert_true(answer.bound - answer.value < answer.bound / 1000);
        arena_done(&arena);
    }
}

/* The same picks, prices and steps with one to five threads. */
static void assert_threads_agree(const struct recipe *recipe)
{
    struct arena arena;

    arena_init(&arena, ARENA_JOB_MAX);
    struct solve_problem p = make(recipe, &arena);
    struct solve_answer first = {0};
    for (int threads = 1; threads <= 5; threads++) {
        const struct solve_opts opts = {.seed = 7, .steps = STEPS, .threads = threads};
        struct solve_answer answer = run(&p, &opts, &arena);
        if (threads == 1) {
            first = answer;
        }
        assert_non_null(answer.picks);
        assert_sound(&p, &answer, &arena);
        assert_int_equal(answer.value, first.value);
        assert_int_equal(answer.bound, first.bound);
        assert_int_equal(answer.steps, first.steps);
        assert_memory_equal(answer.picks, first.picks, (size_t)p.groups * sizeof(int));
        assert_memory_equal(answer.prices, first.prices, (size_t)p.rows * sizeof(int64_t));
    }
    arena_done(&arena);
}

static void the_answer_depends_on_seed_and_steps_but_not_on_threads(void **state)
{
    (void)state;
    assert_threads_agree(&(struct recipe){.seed = 5,
                                          .groups = 120,
                                          .options = 8,
                                          .rows = 5,
                                          .blocks = 1,
                                          .value_max = 100000,
                                          .use_max = 1000});
}

static struct recipe blocks_recipe(void)
{
    return (struct recipe){.seed = 6,
                           .groups = 400,
                           .options = 8,
                           .rows = 16,
                           .blocks = 4,
                           .value_max = 100000,
                           .use_max = 1000};
}

static void blocks_with_rows_of_their_own_are_searched_with_the_same_promises(void **state)
{
    struct arena arena;
    struct recipe recipe = blocks_recipe();

    (void)state;
    assert_threads_agree(&recipe);
    arena_init(&arena, ARENA_JOB_MAX);
    struct solve_problem p = make(&recipe, &arena);
    struct solve_answer none = run(&p, &(struct solve_opts){.steps = 0}, &arena);
    struct solve_answer some = run(&p, &(struct solve_opts){.steps = LONG_STEPS}, &arena);
    assert_true(some.value > none.value);
    assert_true(some.bound - some.value < some.bound / 200);
    arena_done(&arena);
}

static void every_instruction_set_gives_the_same_bits(void **state)
{
    const struct kernel *kernels[3];
    int count = kernel_all(kernels);
    struct arena arena;
    const struct recipe recipe = {.seed = 11,
                                  .groups = 333,
                                  .options = 9,
                                  .rows = 7,
                                  .blocks = 1,
                                  .value_max = 100000,
                                  .use_max = 1000};

    (void)state;
    arena_init(&arena, ARENA_JOB_MAX);
    struct solve_problem p = make(&recipe, &arena);
    struct model model;
    double bound[3] = {0};
    double use[3][8] = {{0}};
    model_of(&p, &arena, &model);
    for (int i = 0; i < count; i++) {
        struct pack pack;
        const double price[8] = {31.7, 0, 11.3, 77.1, 0.001, 19.9, 3.3, 0};
        pack_of(&model, kernels[i], &arena, &pack);
        bound[i] = pack_eval(&pack, price, use[i]);
        assert_memory_equal(&bound[i], &bound[0], sizeof(double));
        assert_memory_equal(use[i], use[0], sizeof(use[0]));
    }
    arena_done(&arena);
}

/* The searches of every instruction set end alike, too: the same hits in the same order. */
static void every_instruction_set_finds_the_same_choice(void **state)
{
    const struct kernel *kernels[3];
    int count = kernel_all(kernels);
    struct arena arena;
    struct recipe recipe = blocks_recipe();

    (void)state;
    recipe.blocks = 1;
    arena_init(&arena, ARENA_JOB_MAX);
    struct solve_problem p = make(&recipe, &arena);
    struct solve_answer a = run(&p, &(struct solve_opts){.dual_only = true}, &arena);
    struct model model;
    model_of(&p, &arena, &model);
    double *price = ARENA_NEW(&arena, double, (size_t)model.rows);
    double *loss = ARENA_NEW(&arena, double, (size_t)model.options);
    int *best = ARENA_NEW(&arena, int, (size_t)model.groups);
    int64_t *scaled = ARENA_NEW(&arena, int64_t, (size_t)model.rows);
    for (int r = 0; r < model.rows; r++) {
        scaled[r] = a.prices[model.row_origin[r]];
        price[r] = (double)scaled[r] / (1 << SOLVE_PRICE_BITS);
    }
    (void)model_bound(&model, scaled, loss, best);
    int64_t value[3] = {0};
    for (int i = 0; i < count; i++) {
        const struct near_frame frame = {&model, kernels[i], price, loss, best};
        struct stopper stopper = {0};
        const struct search_opts opts = {
            .seed = 3, .threads = 1, .steps_max = STEPS, .entries_first = 500, .stopper = &stopper};
        struct choice choice;
        bool proven = false;
        choice_init(&model, &arena, &choice);
        (void)search_run(&frame, &opts, (double)a.bound, &choice, &arena, &proven);
        assert_true(choice.any);
        value[i] = choice.value;
        assert_int_equal(value[i], value[0]);
    }
    arena_done(&arena);
}

static bool stop_at_once(void *cx)
{
    (void)cx;
    return true;
}

static void a_stopped_run_still_answers_soundly(void **state)
{
    struct arena arena;
    const struct recipe recipe = {.seed = 6,
                                  .groups = 100,
                                  .options = 6,
                                  .rows = 3,
                                  .blocks = 1,
                                  .value_max = 100000,
                                  .use_max = 1000};

    (void)state;
    arena_init(&arena, ARENA_JOB_MAX);
    struct solve_problem p = make(&recipe, &arena);
    const struct solve_opts opts = {
        .seed = 7, .steps = INT64_MAX / 4, .threads = 2, .stop = stop_at_once};
    struct solve_answer answer = run(&p, &opts, &arena);
    assert_true(answer.stopped);
    assert_sound(&p, &answer, &arena);
    arena_done(&arena);
}

static void a_new_start_from_an_earlier_answer_is_no_worse(void **state)
{
    struct arena arena;
    const struct recipe recipe = {.seed = 8,
                                  .groups = 200,
                                  .options = 6,
                                  .rows = 4,
                                  .blocks = 1,
                                  .value_max = 100000,
                                  .use_max = 1000};

    (void)state;
    arena_init(&arena, ARENA_JOB_MAX);
    struct solve_problem p = make(&recipe, &arena);
    const struct solve_opts cold = {.seed = 7, .steps = STEPS};
    struct solve_answer before = run(&p, &cold, &arena);
    const struct solve_opts warm = {
        .seed = 8, .steps = 0, .prices = before.prices, .picks = before.picks};
    struct solve_answer after = run(&p, &warm, &arena);
    assert_sound(&p, &after, &arena);
    assert_true(after.value >= before.value);
    assert_true(after.price_bound <= before.price_bound + 1);
    arena_done(&arena);
}

static void prices_of_an_earlier_answer_lead_to_the_bound_of_a_changed_problem(void **state)
{
    struct arena arena;
    const struct recipe recipe = {.seed = 9,
                                  .groups = 300,
                                  .options = 6,
                                  .rows = 4,
                                  .blocks = 1,
                                  .value_max = 100000,
                                  .use_max = 1000};

    (void)state;
    arena_init(&arena, ARENA_JOB_MAX);
    struct solve_problem p = make(&recipe, &arena);
    struct solve_answer before = run(&p, &(struct solve_opts){.dual_only = true}, &arena);
    int64_t limit[4];
    for (int r = 0; r < 4; r++) {
        limit[r] = p.limit[r] * (r % 2 == 0 ? 9 : 11) / 10;
    }
    p.limit = limit;
    struct solve_answer cold = run(&p, &(struct solve_opts){.dual_only = true}, &arena);
    const struct solve_opts opts = {.prices = before.prices, .dual_only = true};
    struct solve_answer warm = run(&p, &opts, &arena);
    assert_null(warm.picks);
    assert_true(warm.bound != before.bound);
    assert_in_range(warm.bound - cold.bound + cold.bound / 100000, 0, 2 * cold.bound / 100000);
    arena_done(&arena);
}

static void a_row_out_of_reach_or_a_group_without_option_is_impossible(void **state)
{
    struct arena arena;
    struct err err = {0};
    const struct solve_use use[] = {{0, 3}};

    (void)state;
    arena_init(&arena, ARENA_JOB_MAX);
    for (int wrong = 0; wrong < 2; wrong++) {
        struct solve_problem p = {0};
        struct solve_builder *b = solve_begin(&arena, &err);
        assert_int_equal(solve_row(b, SOLVE_AT_LEAST, wrong == 0 ? 4 : 3), RC_OK);
        assert_int_equal(solve_group(b, 0), RC_OK);
        assert_int_equal(solve_option(b, 1, use, 1), RC_OK);
        if (wrong == 1) {
            assert_int_equal(solve_group(b, 0), RC_OK);
        }
        assert_int_equal(solve_end(b, &p), RC_OK);
        struct solve_answer answer = run(&p, &(struct solve_opts){.steps = STEPS}, &arena);
        assert_int_equal(answer.status, SOLVE_IMPOSSIBLE);
    }
    arena_done(&arena);
}

static void an_effort_out_of_range_is_refused(void **state)
{
    struct arena arena;
    struct err err = {0};
    struct solve_problem p = {0};
    struct solve_answer answer = {0};

    (void)state;
    arena_init(&arena, ARENA_JOB_MAX);
    struct solve_builder *b = solve_begin(&arena, &err);
    assert_int_equal(solve_end(b, &p), RC_OK);
    assert_int_equal(solve_run(&p, &(struct solve_opts){.steps = -1}, &arena, &answer, &err),
                     RC_INVALID);
    assert_int_equal(solve_run(&p, &(struct solve_opts){.threads = SOLVE_THREADS_MAX + 1}, &arena,
                               &answer, &err),
                     RC_INVALID);
    arena_done(&arena);
}

static void a_problem_without_groups_or_rows_is_optimal_at_once(void **state)
{
    struct arena arena;
    struct err err = {0};
    struct solve_problem p = {0};

    (void)state;
    arena_init(&arena, ARENA_JOB_MAX);
    struct solve_builder *b = solve_begin(&arena, &err);
    assert_int_equal(solve_end(b, &p), RC_OK);
    struct solve_answer answer = run(&p, &(struct solve_opts){.steps = STEPS}, &arena);
    assert_int_equal(answer.status, SOLVE_OPTIMAL);
    assert_int_equal(answer.value, 0);
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_problems_are_solved_as_by_trying_everything),
        cmocka_unit_test(least_and_equal_rows_and_negative_uses_are_solved_too),
        cmocka_unit_test(larger_problems_get_a_sound_answer_with_a_small_gap),
        cmocka_unit_test(the_answer_depends_on_seed_and_steps_but_not_on_threads),
        cmocka_unit_test(blocks_with_rows_of_their_own_are_searched_with_the_same_promises),
        cmocka_unit_test(every_instruction_set_gives_the_same_bits),
        cmocka_unit_test(every_instruction_set_finds_the_same_choice),
        cmocka_unit_test(a_stopped_run_still_answers_soundly),
        cmocka_unit_test(a_new_start_from_an_earlier_answer_is_no_worse),
        cmocka_unit_test(prices_of_an_earlier_answer_lead_to_the_bound_of_a_changed_problem),
        cmocka_unit_test(a_row_out_of_reach_or_a_group_without_option_is_impossible),
        cmocka_unit_test(an_effort_out_of_range_is_refused),
        cmocka_unit_test(a_problem_without_groups_or_rows_is_optimal_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
