/* Plans as answers: the best of all choices, locks, limits as files say them, checks that fail when
 * they should, and what a kept plan says of one village. */
#include "tests/office/board.h"

static const char SCARCE[] = "funds:\n"
                             "  - {fund: province, unit: '99', year: 2025, amount: 12.5}\n"
                             "  - {fund: county, unit: '9901', year: 2025, amount: 14}\n"
                             "  - {fund: county, unit: '9902', year: 2025, amount: 9}\n";

static void open_scarce(void **state, struct board_room *room)
{
    board_open(*state, NULL, 0, room);
    assert_int_equal(board_limit(room, SCARCE), RC_OK);
}

/* ---- the best of all choices ---- */

enum { GROUPS_MAX = 16, ROWS_MAX = 16 };

struct trying {
    const struct solve_problem *p;
    int pick[GROUPS_MAX];
    int64_t best;
};

static void weigh(struct trying *in)
{
    const struct solve_problem *p = in->p;
    int64_t left[ROWS_MAX];
    int64_t value = 0;
    bool holds = true;

    memcpy(left, p->limit, (size_t)p->rows * sizeof(*left));
    for (int g = 0; g < p->groups; g++) {
        int o = p->first[g] + in->pick[g];
        value += p->value[o];
        for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
            left[p->use[u].row] -= p->use[u].amount;
        }
    }
    for (int r = 0; r < p->rows; r++) {
        holds = holds && left[r] >= 0;
    }
    in->best = holds && value > in->best ? value : in->best;
}

static int64_t best_of_all(const struct solve_problem *p)
{
    struct trying in = {.p = p};
    int moved = 0;

    assert_true(p->groups <= GROUPS_MAX && p->rows <= ROWS_MAX);
    while (moved < p->groups) {
        weigh(&in);
        for (moved = 0; moved < p->groups; moved++) {
            if (++in.pick[moved] < p->first[moved + 1] - p->first[moved]) {
                break;
            }
            in.pick[moved] = 0;
        }
    }
    return in.best;
}

static void a_plan_is_the_best_of_all_choices(void **state)
{
    struct board_room room;

    open_scarce(state, &room);
    assert_int_equal(board_compute(&room), RC_OK);
    const struct solve_problem *p = plan_problem(room.plan);
    assert_true(p->groups >= 8);
    assert_int_equal(room.answer.solved.value, best_of_all(p));
    assert_true(room.answer.solved.bound >= room.answer.solved.value);
    assert_true(room.answer.is_verified);
}

/* ---- locks ---- */

/* Is the measure among the village's works in the kept plan? */
static bool is_built(struct board_room *room, const char *code, const char *measure)
{
    struct run kept = {0};
    const struct plan_question question = {
        .tree = &room->rooms.tree,
        .programme = room->rooms.programme,
        .numbers = &room->rooms.numbers,
        .run = &kept,
        .place = rooms_place(&room->rooms, code),
    };
    struct shown shown;

    assert_int_equal(board_keep(room), RC_OK);
    assert_int_equal(run_load(room->rooms.cx, room->answer.run, &kept), RC_OK);
    shown_begin(&shown);
    struct table_sink sink = shown_sink(&shown);
    assert_int_equal(plan_explain(room->rooms.cx, &question, &sink), RC_OK);
    bool found = shown_row(shown_table(&shown, "plan_of_unit"), "measure", measure) >= 0;
    shown_end(&shown);
    return found;
}

static bool is_built_with(void **state, const char *lock, const char *code, const char *measure)
{
    struct board_room room;

    (void)world_end(state);
    (void)world_begin(state);
    open_scarce(state, &room);
    assert_int_equal(board_limit(&room, lock), RC_OK);
    assert_int_equal(board_compute(&room), RC_OK);
    return is_built(&room, code, measure);
}

static void a_lock_says_what_is_built(void **state)
{
    assert_true(is_built_with(state, "locks: []", "990102", "LAMPS"));
    assert_false(is_built_with(
        state, "locks:\n  - {unit: '990102', measure: LAMPS, choice: out, reason: later}", "990102",
        "LAMPS"));
    assert_false(is_built_with(state, "locks: []", "990101", "LAMPS"));
    assert_true(is_built_with(
        state, "locks:\n  - {unit: '990101', measure: LAMPS, choice: in, reason: promised}",
        "990101", "LAMPS"));
}

static void what_is_locked_in_and_cannot_be_paid_is_a_conflict(void **state)
{
    struct board_room room;
    struct plan_relief relief;

    open_scarce(state, &room);
    assert_int_equal(
        board_limit(&room, "locks:\n  - {unit: '990102', measure: PIPES, choice: in, level: 2, "
                           "reason: promised}"),
        RC_OK);
    assert_int_equal(board_compute(&room), RC_CONFLICT);
    assert_int_equal(room.rooms.cx->err->msg, MSG_PLAN_INFEASIBLE);
    err_clear(room.rooms.cx->err);
    assert_int_equal(plan_relieve(room.plan, &relief), RC_OK);
    assert_int_equal(relief.impossible_count, 0);
    assert_true(relief.limits.cost >= relief.limits.cost_least);
    assert_true(relief.limits.cost_least > 0);
}

/* ---- limits as files say them ---- */

static void a_line_that_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *text;
        enum msg_id why;
    } BAD[] = {
        {"funds:\n  - {fund: crown, unit: '99', year: 2025, amount: 1}", MSG_PLAN_LINE_FUND},
        {"funds:\n  - {fund: county, unit: '99', year: 2025, amount: 1}", MSG_PLAN_LINE_LEVEL},
        {"funds:\n  - {fund: county, unit: '9903', year: 2025, amount: 1}", MSG_PLAN_LINE_UNIT},
        {"funds:\n  - {fund: county, unit: '9901', year: soon, amount: 1}", MSG_PLAN_LINE_NUMBER},
        {"funds:\n  - {fund: county, unit: '9901', year: 2025, amount: -1}", MSG_PLAN_LINE_NUMBER},
        {"funds:\n  - {fund: county, unit: '9901', year: 2025}", MSG_PLAN_LINE_LACKS},
        {"funds: 100", MSG_PLAN_NOT_A_LIST},
        {"purse: []", MSG_PLAN_SECTION_UNKNOWN},
        {"locks:\n  - {unit: '990101', measure: TOWER, choice: in, reason: x}",
         MSG_PLAN_LINE_MEASURE},
        {"locks:\n  - {unit: '990101', measure: LAMPS, choice: maybe, reason: x}",
         MSG_PLAN_LINE_CHOICE},
        {"locks:\n  - {unit: '990101', measure: LAMPS, choice: in}", MSG_PLAN_LINE_LACKS},
        {"locks:\n  - {unit: '990101', measure: LAMPS, choice: in, level: 2, reason: x}",
         MSG_PLAN_LINE_NUMBER},
    };
    struct board_room room;

    board_open(*state, NULL, 0, &room);
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        assert_int_equal(board_limit(&room, BAD[i].text), RC_INVALID);
        assert_int_equal(room.rooms.cx->err->msg, BAD[i].why);
        err_clear(room.rooms.cx->err);
    }
    assert_int_equal(room.limits.money_count, 0);
    assert_int_equal(room.limits.lock_count, 0);
}

static void a_name_that_is_not_known_is_answered_with_those_that_are(void **state)
{
    struct board_room room;

    board_open(*state, NULL, 0, &room);
    const struct arg *args = room.rooms.cx->err->args;
    assert_int_equal(
        board_limit(&room, "funds:\n  - {fund: crown, unit: '99', year: 2025, amount: 1}"),
        RC_INVALID);
    assert_true(str_equal(args[2].text, STR("crown")));
    assert_true(str_equal(args[3].text, STR("province, county")));
    err_clear(room.rooms.cx->err);
    assert_int_equal(
        board_limit(&room, "locks:\n  - {unit: '990101', measure: TOWER, choice: in, reason: x}"),
        RC_INVALID);
    assert_int_equal(args[1].number, 2);
    assert_true(str_equal(args[3].text, STR("PIPES, BRIDGE, LAMPS")));
}

static void money_of_other_years_is_passed_over(void **state)
{
    struct board_room room;

    board_open(*state, NULL, 0, &room);
    assert_int_equal(board_limit(&room,
                                 "funds:\n  - {fund: county, unit: '9901', year: 2026, amount: 5}\n"
                                 "  - {fund: county, unit: '9901', year: 2025, amount: 7.5}"),
                     RC_OK);
    assert_int_equal(room.limits.money_count, 1);
    assert_int_equal(room.limits.money[0].amount, 7500000);
}

/* ---- checks ---- */

/* Whoever tampers with the problem's values is found out by the recount from the definition. */
static void a_value_that_the_definition_does_not_give_is_found(void **state)
{
    struct board_room room;

    open_scarce(state, &room);
    assert_int_equal(board_compute(&room), RC_OK);
    const struct solve_problem *p = plan_problem(room.plan);
    int64_t *value = (int64_t *)(uintptr_t)p->value; /* NOLINT(performance-no-int-to-ptr) */
    for (int g = 0; g < p->groups; g++) {
        value[p->first[g] + room.answer.solved.picks[g]] += 1000;
    }
    assert_int_equal(plan_compute(room.plan, &room.answer), RC_BROKEN);
    assert_int_equal(room.rooms.cx->err->msg, MSG_PLAN_RECOUNT_DIFFERS);
}

/* Values are in millionths: a village of thousands is worth more of them than a float can count. */
static void the_recount_agrees_where_few_villages_are_worth_much(void **state)
{
    struct board_room room;

    board_open(*state, NULL, 0, &room);
    room.options.year_count = 2;
    assert_int_equal(board_limit(&room, BOARD_MONEY), RC_OK);
    assert_int_equal(
        board_limit(&room, "locks:\n"
                           "  - {unit: '990102', measure: PIPES, choice: out, reason: agreed}\n"
                           "  - {unit: '990102', measure: BRIDGE, choice: out, reason: agreed}\n"),
        RC_OK);
    assert_int_equal(board_compute(&room), RC_OK);
    assert_true(room.answer.is_verified);
}

/* The fourth village gets its main, the fifth beside it pipes to the house. */
static void what_a_neighbour_builds_raises_nothing(void **state)
{
    struct board_room room;

    board_open(*state, NULL, 0, &room);
    assert_int_equal(board_limit(&room, BOARD_MONEY), RC_OK);
    assert_int_equal(
        board_limit(&room,
                    "locks:\n"
                    "  - {unit: '990201', measure: PIPES, choice: in, level: 1, reason: agreed}\n"
                    "  - {unit: '990202', measure: PIPES, choice: in, level: 2, reason: agreed}\n"),
        RC_OK);
    assert_int_equal(board_compute(&room), RC_OK);
    assert_true(room.answer.is_verified);
}

/* ---- the prover ---- */

struct prover {
    const char *log;
    int calls;
    bool is_mps;
};

static bool say(void *self, str mps, struct arena *arena, str *out_log)
{
    struct prover *prover = self;

    (void)arena;
    prover->calls++;
    prover->is_mps = str_starts(mps, STR("NAME core\n"));
    *out_log = str_from(prover->log == NULL ? "" : prover->log);
    return prover->log != NULL;
}

/* Compute without a search, so that a gap is left, and let the prover say something. */
static void compute_with(struct board_room *room, struct prover *prover)
{
    room->options.steps = 0;
    room->options.prover = (struct plan_prover){say, prover};
    assert_int_equal(board_compute(room), RC_OK);
}

static void a_prover_is_asked_where_a_gap_is_left_and_may_close_it(void **state)
{
    struct prover prover = {.log = "Result - Problem proven infeasible\n"};
    struct board_room room;

    open_scarce(state, &room);
    compute_with(&room, &prover);
    assert_int_equal(prover.calls, 1);
    assert_true(prover.is_mps);
    assert_int_equal(room.answer.solved.status, SOLVE_SEARCHED);
    assert_int_equal(room.answer.solved.bound, room.answer.solved.value);
}

static void nothing_a_prover_says_is_believed_of_the_plan(void **state)
{
    struct prover silent = {.log = NULL};
    struct prover liar = {.log = "      0 X0   1   0\n      1 X1   1   0\n      2 X2   1   0\n"};
    struct board_room room;

    open_scarce(state, &room);
    compute_with(&room, &silent);
    int64_t value = room.answer.solved.value;
    assert_int_equal(silent.calls, 1);
    assert_int_equal(room.answer.solved.status, SOLVE_CERTIFIED);
    compute_with(&room, &liar);
    assert_int_equal(liar.calls, 1);
    assert_true(room.answer.solved.value >= value);
    assert_true(room.answer.is_verified);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_plan_is_the_best_of_all_choices),
        IN_A_WORLD(a_lock_says_what_is_built),
        IN_A_WORLD(what_is_locked_in_and_cannot_be_paid_is_a_conflict),
        IN_A_WORLD(a_line_that_cannot_be_is_refused),
        IN_A_WORLD(a_name_that_is_not_known_is_answered_with_those_that_are),
        IN_A_WORLD(money_of_other_years_is_passed_over),
        IN_A_WORLD(a_value_that_the_definition_does_not_give_is_found),
        IN_A_WORLD(the_recount_agrees_where_few_villages_are_worth_much),
        IN_A_WORLD(what_a_neighbour_builds_raises_nothing),
        IN_A_WORLD(a_prover_is_asked_where_a_gap_is_left_and_may_close_it),
        IN_A_WORLD(nothing_a_prover_says_is_believed_of_the_plan),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
