/* The core as another program reads it: the best departure it allows, found by trying all, is the
 * best choice of the problem. And what is taken from such a program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/num.h"
#include "calc/solve/core_lp.h"
#include "calc/solve/engine/random.h"

enum { GROUPS = 5, OPTIONS = 3, ROWS = 3, PROBLEMS = 40, COLUMNS_MAX = GROUPS * OPTIONS };

struct bench {
    struct arena arena;
    struct err err;
    struct solve_problem problem;
    struct solve_answer answer;
};

static int begin(void **state)
{
    static struct bench bench;

    bench = (struct bench){.err = {.rc = RC_OK}};
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

static int64_t draw(uint64_t *state, int64_t low, int64_t high)
{
    return low + (int64_t)(random_next(state) % (uint64_t)(high - low + 1));
}

/* Two limits, and at least some of a third; the last group is fixed. */
static void make(struct bench *bench, uint64_t seed)
{
    static const int64_t LIMIT[ROWS] = {60, 60, 15};
    uint64_t state = seed;
    struct solve_builder *b = solve_begin(&bench->arena, &bench->err);

    for (int r = 0; r < ROWS; r++) {
        assert_int_equal(solve_row(b, r == 2 ? SOLVE_AT_LEAST : SOLVE_AT_MOST, LIMIT[r]), RC_OK);
    }
    for (int g = 0; g < GROUPS; g++) {
        assert_int_equal(solve_group(b, 0), RC_OK);
        for (int o = 0; o < OPTIONS; o++) {
            const struct solve_use use[ROWS] = {
                {0, draw(&state, 3, 20)}, {1, draw(&state, 3, 20)}, {2, draw(&state, 0, 10)}};
            assert_int_equal(solve_option(b, draw(&state, 1, 1000), use, ROWS), RC_OK);
        }
    }
    assert_int_equal(solve_fix(b, 1), RC_OK);
    assert_int_equal(solve_end(b, &bench->problem), RC_OK);
}

/* The next of all picks; false after the last. */
static bool next_pick(int *pick, int count, int options)
{
    for (int i = 0; i < count; i++) {
        if (++pick[i] < options) {
            return true;
        }
        pick[i] = 0;
    }
    return false;
}

static bool keeps_rows(const struct solve_problem *p, const int *pick, int64_t *out_value)
{
    int64_t used[ROWS] = {0};

    *out_value = 0;
    for (int g = 0; g < p->groups; g++) {
        int o = p->first[g] + pick[g];
        *out_value += p->value[o];
        for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
            used[p->use[u].row] += p->use[u].amount;
        }
        if (!solve_allowed(p, g, o)) {
            return false;
        }
    }
    return used[0] <= p->limit[0] && used[1] <= p->limit[1] && used[2] >= p->limit[2];
}

/* The best or the worst of all choices that keep the rows; false when none does. */
static bool extreme(const struct solve_problem *p, int sign, int *out_pick, int64_t *out_value)
{
    int pick[GROUPS] = {0};
    bool any = false;
    int64_t value = 0;

    do {
        if (keeps_rows(p, pick, &value) && (!any || sign * value > sign * *out_value)) {
            any = true;
            *out_value = value;
            memcpy(out_pick, pick, sizeof(pick));
        }
    } while (next_pick(pick, GROUPS, OPTIONS));
    return any;
}

/* ---- MPS, read naively ---- */

struct mps {
    int64_t loss[COLUMNS_MAX];
    int64_t use[COLUMNS_MAX][ROWS];
    int64_t group[COLUMNS_MAX][GROUPS];
    int64_t left[ROWS];
    int64_t group_left[GROUPS];
    int columns;
    int groups; /* rows of them */
    int bounds;
};

static int64_t number(str text)
{
    int64_t out = 0;

    assert_true(num_parse_int(text, INT64_MIN / 2, INT64_MAX / 2, &out));
    return out;
}

/* "X3 R1 -12", or "RHS G0 1". */
static void read_entry(str line, struct mps *out)
{
    str word[3] = {{0}};

    for (int i = 0; i < 3; i++) {
        line = str_trim(line);
        assert_true(str_cut(&line, ' ', &word[i]));
    }
    bool is_right = str_equal(word[0], STR("RHS"));
    int64_t column = is_right ? 0 : number(str_part(word[0], 1, word[0].len));
    int64_t row = number(str_part(word[1], 1, word[1].len));
    int64_t amount = number(word[2]);

    assert_true(column < COLUMNS_MAX && row < GROUPS);
    out->columns = column >= out->columns && !is_right ? (int)column + 1 : out->columns;
    switch (word[1].at[0]) {
    case 'C':
        out->loss[column] = amount;
        return;
    case 'R':
        *(is_right ? &out->left[row] : &out->use[column][row]) = amount;
        return;
    default:
        *(is_right ? &out->group_left[row] : &out->group[column][row]) = amount;
        return;
    }
}

static void read_mps(str text, struct mps *out)
{
    str line = {0};
    bool has_entries = false;

    *out = (struct mps){.columns = 0};
    while (str_cut(&text, '\n', &line)) {
        bool is_heading = !str_starts(line, STR(" "));
        has_entries = is_heading ? str_equal(line, STR("COLUMNS")) || str_equal(line, STR("RHS"))
                                 : has_entries;
        out->groups += str_starts(line, STR(" L G")) ? 1 : 0;
        out->bounds += str_starts(line, STR(" UP BND X")) && str_ends(line, STR(" 1")) ? 1 : 0;
        if (!is_heading && has_entries && str_find(line, STR("MARKER")) == STR_NONE) {
            read_entry(line, out);
        }
    }
}

static bool fits(const struct mps *mps, unsigned chosen)
{
    bool holds = true;

    for (int k = 0; k < GROUPS; k++) {
        int64_t left = k < ROWS ? mps->left[k] : 0;
        int64_t group_left = mps->group_left[k];
        for (int c = 0; c < mps->columns; c++) {
            bool is_in = (chosen >> c & 1U) != 0;
            left -= is_in && k < ROWS ? mps->use[c][k] : 0;
            group_left -= is_in ? mps->group[c][k] : 0;
        }
        holds = holds && left >= 0 && group_left >= 0;
    }
    return holds;
}

/* The least loss of all sets of columns that fit; false when none does. */
static bool least_loss(const struct mps *mps, int64_t *out)
{
    bool any = false;

    for (unsigned chosen = 0; chosen < 1U << mps->columns; chosen++) {
        int64_t loss = 0;
        for (int c = 0; c < mps->columns; c++) {
            loss += (chosen >> c & 1U) != 0 ? mps->loss[c] : 0;
        }
        if ((!any || loss < *out) && fits(mps, chosen)) {
            any = true;
            *out = loss;
        }
    }
    return any;
}

static void write_core(struct bench *bench, struct mps *mps, struct core_lp *core)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &bench->arena, ARENA_MIB);
    core_lp_write(&bench->problem, &bench->answer, &buf, &bench->arena, core);
    assert_true(buf_done(&buf, &text));
    read_mps(text, mps);
    assert_int_equal(mps->columns, core->columns);
    assert_int_equal(mps->bounds, core->columns);
    assert_int_equal(mps->groups, core->groups);
}

/* An answer with good prices and the worst choice there is: much is left to be found. */
static bool answer_badly(struct bench *bench, uint64_t seed)
{
    int64_t worst = 0;
    int *picks = ARENA_NEW(&bench->arena, int, GROUPS);

    make(bench, seed);
    assert_int_equal(solve_run(&bench->problem, &(struct solve_opts){.seed = 1, .steps = 100000},
                               &bench->arena, &bench->answer, &bench->err),
                     RC_OK);
    if (bench->answer.picks == NULL || !extreme(&bench->problem, -1, picks, &worst)) {
        return false;
    }
    bench->answer.picks = picks;
    bench->answer.value = worst;
    bench->answer.bound = bench->answer.price_bound;
    return true;
}

static void the_best_of_the_core_is_the_best_of_all(void **state)
{
    struct bench *bench = *state;
    int pick[GROUPS] = {0};
    int tried = 0;

    for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
        struct arena_mark mark = arena_mark(&bench->arena);
        struct core_lp core = {0};
        struct mps mps;
        int64_t loss = 0;
        int64_t best = 0;
        if (answer_badly(bench, seed)) {
            write_core(bench, &mps, &core);
            assert_true(extreme(&bench->problem, 1, pick, &best));
            assert_true(least_loss(&mps, &loss));
            assert_int_equal(core.base - loss, best);
            tried++;
        }
        arena_rewind(&bench->arena, mark);
    }
    assert_true(tried > PROBLEMS / 2);
}

/* The better the answer, the less of the problem is open. */
static void what_cannot_be_part_of_a_better_choice_is_left_out(void **state)
{
    struct bench *bench = *state;
    int smaller = 0;

    for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
        struct arena_mark mark = arena_mark(&bench->arena);
        struct core_lp wide = {0};
        struct core_lp narrow = {0};
        struct mps mps;
        if (answer_badly(bench, seed)) {
            write_core(bench, &mps, &wide);
            assert_true(extreme(&bench->problem, 1, bench->answer.picks, &bench->answer.value));
            write_core(bench, &mps, &narrow);
            assert_true(narrow.columns <= wide.columns);
            assert_true(wide.columns <= (GROUPS - 1) * (OPTIONS - 1));
            smaller += narrow.columns < wide.columns ? 1 : 0;
        }
        arena_rewind(&bench->arena, mark);
    }
    assert_true(smaller > PROBLEMS / 4);
}

/* ---- what is taken from elsewhere ---- */

static void a_plan_from_elsewhere_is_taken_if_it_keeps_the_rows_and_is_worth_more(void **state)
{
    struct bench *bench = *state;
    int taken = 0;

    assert_true(answer_badly(bench, 3));
    int pick[GROUPS] = {0};
    do {
        int *picks = ARENA_NEW(&bench->arena, int, GROUPS);
        struct solve_answer answer = bench->answer;
        int64_t left[ROWS] = {0};
        int64_t value = 0;
        memcpy(picks, pick, sizeof(pick));
        answer.left = left;
        bool is_better = keeps_rows(&bench->problem, pick, &value) && value > bench->answer.value;
        solve_take_picks(&bench->problem, picks, &answer);
        assert_true(answer.picks == (is_better ? picks : bench->answer.picks));
        assert_int_equal(answer.value, is_better ? value : bench->answer.value);
        assert_true(left[0] >= 0 && left[1] >= 0 && left[2] <= 0);
        taken += is_better ? 1 : 0;
    } while (next_pick(pick, GROUPS, OPTIONS));
    assert_true(taken > 0);
}

/* A row that has to be met exactly is met neither above nor below. */
static void a_plan_from_elsewhere_meets_what_is_to_be_equal(void **state)
{
    struct bench *bench = *state;
    struct solve_builder *b = solve_begin(&bench->arena, &bench->err);
    int64_t left[1] = {0};

    assert_int_equal(solve_row(b, SOLVE_EQUAL, 5), RC_OK);
    assert_int_equal(solve_group(b, 0), RC_OK);
    for (int o = 0; o < 3; o++) {
        const struct solve_use use[] = {{0, 4 + o}};
        assert_int_equal(solve_option(b, 10, use, 1), RC_OK);
    }
    assert_int_equal(solve_end(b, &bench->problem), RC_OK);
    for (int o = 0; o < 3; o++) {
        int picks[1] = {o};
        struct solve_answer answer = {.left = left};
        solve_take_picks(&bench->problem, picks, &answer);
        assert_int_equal(answer.value, o == 1 ? 10 : 0);
    }
}

static void a_bound_from_elsewhere_never_falls_below_the_value(void **state)
{
    int picks[1] = {0};
    struct solve_answer answer = {.picks = picks, .value = 90, .bound = 100};

    (void)state;
    solve_lower_bound(&answer, 110);
    assert_int_equal(answer.bound, 100);
    solve_lower_bound(&answer, 95);
    assert_int_equal(answer.bound, 95);
    assert_int_equal(answer.status, SOLVE_SEARCHED);
    solve_lower_bound(&answer, 80);
    assert_int_equal(answer.bound, 90);
}

#define test(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(the_best_of_the_core_is_the_best_of_all),
        test(what_cannot_be_part_of_a_better_choice_is_left_out),
        test(a_plan_from_elsewhere_is_taken_if_it_keeps_the_rows_and_is_worth_more),
        test(a_plan_from_elsewhere_meets_what_is_to_be_equal),
        test(a_bound_from_elsewhere_never_falls_below_the_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
