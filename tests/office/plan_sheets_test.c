/* What the sheets of a plan say: money and what more of it would bring, locks and their cost, sums,
 * what has to give way where there is no plan, and what is kept. */
#include <math.h>

#include "calc/solve/prices.h"
#include "office/audit/audit.h"
#include "tests/office/board.h"

#define COUNTED(list) (list), (int)COUNT_OF(list)

/* Money that is scarce, shown in hundreds of yuan: 10,000 fen. */
enum { HUNDRED_YUAN = 10000 };
static const struct edit IN_HUNDREDS = {"display: 万元, display_size: 10000",
                                        "display: 百元, display_size: 100"};
static const char SCARCE[] = "funds:\n"
                             "  - {fund: province, unit: '99', year: 2025, amount: 1250}\n"
                             "  - {fund: county, unit: '9901', year: 2025, amount: 2050}\n"
                             "  - {fund: county, unit: '9902', year: 2025, amount: 590}\n";

static void begin_anew(void **state)
{
    (void)world_end(state);
    (void)world_begin(state);
}

static void compute(struct board_room *room, const char *limits)
{
    assert_int_equal(board_limit(room, limits), RC_OK);
    assert_int_equal(board_compute(room), RC_OK);
}

static void show(struct board_room *room, struct shown *shown)
{
    shown_begin(shown);
    struct table_sink sink = shown_sink(shown);
    assert_int_equal(plan_tables(room->plan, &room->answer, &sink), RC_OK);
}

static int64_t number(const struct shown_table *table, int row, const char *column)
{
    return shown_cell(table, row, column)->number;
}

static bool says(const struct out *cell, const char *text)
{
    return str_find(cell->text, str_from(text)) != STR_NONE;
}

/* Units of value as hundredths of a person's point, rounded. */
static int64_t points(int64_t value)
{
    return (value + 50) / 100;
}

/* ---- what more would bring ---- */

/* The problem's row that a line speaks of: the sheet of money has them all, in their order. */
static int row_of(const struct shown *shown, int line)
{
    const struct shown_table *worth = shown_table(shown, "plan_worth");
    const struct shown_table *money = shown_table(shown, "plan_money");

    for (int r = 0; r < money->rows; r++) {
        if (str_equal(shown_cell(money, r, "what")->text, shown_cell(worth, line, "what")->text) &&
            str_equal(shown_cell(money, r, "owner")->text,
                      shown_cell(worth, line, "owner")->text)) {
            return r;
        }
    }
    return -1;
}

/* About the hundredth part: 1, 2 or 5 and zeros, of what the limit is shown in. */
static int64_t naive_delta(int64_t limit, int64_t unit)
{
    static const int64_t ROUND[] = {1, 2, 5, 10, 20, 50, 100, 200, 500};
    int64_t best = 1;

    for (size_t i = 0; i < COUNT_OF(ROUND); i++) {
        best = ROUND[i] * 100 * unit <= limit ? ROUND[i] : best;
    }
    return best * unit;
}

static void a_little_more_is_a_round_hundredth_of_a_limit_dearest_first(void **state)
{
    struct board_room room;
    struct shown shown;
    double before = (double)INFINITY;

    board_open(*state, &IN_HUNDREDS, 1, &room);
    compute(&room, SCARCE);
    show(&room, &shown);
    const struct solve_problem *p = plan_problem(room.plan);
    const struct shown_table *table = shown_table(&shown, "plan_worth");
    assert_true(table->rows >= 3);
    for (int i = 0; i < table->rows; i++) {
        int row = row_of(&shown, i);
        int64_t delta = number(table, i, "delta");
        assert_int_equal(delta, naive_delta(p->limit[row], HUNDRED_YUAN));
        double brings = (double)room.answer.solved.prices[row] * (double)delta;
        assert_true(brings > 0 && brings <= before);
        before = brings;
    }
    shown_end(&shown);
}

static void what_more_brings_is_proven_by_the_bound(void **state)
{
    struct board_room room;
    struct shown shown;
    int needed = 0;

    board_open(*state, &IN_HUNDREDS, 1, &room);
    compute(&room, SCARCE);
    show(&room, &shown);
    const struct shown_table *table = shown_table(&shown, "plan_worth");
    for (int i = 0; i < table->rows; i++) {
        int row = row_of(&shown, i);
        const struct solve_move move = {&row, 1, number(table, i, "delta")};
        struct solve_price price = {0};
        assert_int_equal(solve_price_of(plan_problem(room.plan), &room.answer.solved, &move, &price,
                                        room.rooms.cx->err),
                         RC_OK);
        assert_int_equal(number(table, i, "gain"), points(price.gain));
        assert_int_equal(number(table, i, "loss"), points(price.loss));
        assert_true(shown_is(shown_cell(table, i, "how"), "bound"));
        needed += price.gain > 0 ? 1 : 0;
    }
    assert_true(needed > 0);
    shown_end(&shown);
}

static void nothing_is_worth_more_where_there_is_enough(void **state)
{
    struct board_room room;
    struct shown shown;

    board_open(*state, NULL, 0, &room);
    compute(&room, BOARD_MONEY);
    show(&room, &shown);
    assert_int_equal(shown_table(&shown, "plan_worth")->rows, 0);
    const struct shown_table *money = shown_table(&shown, "plan_money");
    assert_int_equal(number(money, 0, "worth"), 0);
    assert_true(str_equal(shown_cell(money, 0, "why")->text,
                          msg_text(room.rooms.cx->lang, MSG_PLAN_LEFT_UNNEEDED)));
    shown_end(&shown);
}

/* Ten mu of farmland may go, and two villages would each take six. */
static void land_is_moved_by_whole_units_of_its_gauge(void **state)
{
    static const struct edit EDIT = {"farmland: 0.5", "farmland: 6"};
    struct board_room room;
    struct shown shown;

    board_open(*state, &EDIT, 1, &room);
    compute(&room, BOARD_MONEY);
    show(&room, &shown);
    const struct shown_table *table = shown_table(&shown, "plan_worth");
    assert_int_equal(table->rows, 1);
    assert_int_equal(row_of(&shown, 0), 3);
    assert_int_equal(number(table, 0, "delta"), 100);
    assert_int_equal(shown_cell(table, 0, "delta")->decimals, 2);
    shown_end(&shown);
}

/* ---- money ---- */

static void money_used_and_left_make_up_the_limit(void **state)
{
    struct board_room room;
    struct shown shown;

    board_open(*state, &IN_HUNDREDS, 1, &room);
    compute(&room, SCARCE);
    show(&room, &shown);
    const struct solve_problem *p = plan_problem(room.plan);
    const struct shown_table *table = shown_table(&shown, "plan_money");
    assert_int_equal(table->rows, p->rows);
    for (int r = 0; r < p->rows; r++) {
        int64_t used = 0;
        for (int g = 0; g < p->groups; g++) {
            used += board_use(p, p->first[g] + room.answer.solved.picks[g], r);
        }
        bool is_money = r < 3 || r == 5;
        double worth = (double)room.answer.solved.prices[r] / (1 << SOLVE_PRICE_BITS) *
                       (is_money ? HUNDRED_YUAN : 100) / 100;
        assert_int_equal(shown_cell(table, r, "left")->kind, is_money ? OUT_MONEY : OUT_FIXED);
        assert_int_equal(number(table, r, "limit"), p->limit[r]);
        assert_int_equal(number(table, r, "used"), used);
        assert_int_equal(number(table, r, "left"), p->limit[r] - used);
        assert_true(fabs((double)number(table, r, "worth") - worth) <= 0.5 + 1e-6);
    }
    shown_end(&shown);
}

/* Money of the first year that serves in the second is not left over for nothing. */
static void money_that_serves_later_is_carried(void **state)
{
    struct board_room room;
    struct shown shown;
    int carried = 0;

    board_open(*state, &IN_HUNDREDS, 1, &room);
    room.options.year_count = 2;
    compute(&room, SCARCE);
    show(&room, &shown);
    const struct shown_table *table = shown_table(&shown, "plan_money");
    for (int r = 0; r < table->rows; r++) {
        const int64_t *prices = room.answer.solved.prices;
        bool is_first = r < 6 && r % 2 == 0;
        bool is_carried =
            is_first && number(table, r, "left") > 0 && prices[r] == 0 && prices[r + 1] > 0;
        assert_true(is_carried == str_equal(shown_cell(table, r, "why")->text,
                                            msg_text(room.rooms.cx->lang, MSG_PLAN_LEFT_CARRIED)));
        carried += is_carried ? 1 : 0;
    }
    assert_true(carried > 0);
    shown_end(&shown);
}

/* ---- works and sums ---- */

static void sums_by_unit_are_those_of_the_works(void **state)
{
    static const char *const COUNTIES[] = {"9901", "9902", "99"};
    static const char *const NAMES[] = {"甲县", "乙县", "示范省"};
    struct board_room room;
    struct shown shown;

    board_open(*state, &IN_HUNDREDS, 1, &room);
    compute(&room, SCARCE);
    show(&room, &shown);
    const struct shown_table *works = shown_table(&shown, "plan_works");
    const struct shown_table *parts = shown_table(&shown, "plan_counties");
    assert_int_equal(parts->rows, 3);
    for (int c = 0; c < 3; c++) {
        int64_t cost = 0;
        int64_t count = 0;
        for (int w = 0; w < works->rows; w++) {
            bool is_here = str_starts(shown_cell(works, w, "code")->text, str_from(COUNTIES[c]));
            cost += is_here ? number(works, w, "cost") : 0;
            count += is_here ? 1 : 0;
            assert_int_equal(number(works, w, "cost"),
                             number(works, w, "province") + number(works, w, "county"));
        }
        int row = shown_row(parts, "unit", NAMES[c]);
        assert_int_equal(number(parts, row, "cost"), cost);
        assert_int_equal(number(parts, row, "works"), count);
    }
    shown_end(&shown);
}

static void people_are_counted_once_however_many_works_they_get(void **state)
{
    struct board_room room;
    struct shown shown;

    board_open(*state, NULL, 0, &room);
    compute(&room, BOARD_MONEY);
    show(&room, &shown);
    const struct shown_table *parts = shown_table(&shown, "plan_summary");
    int row = shown_row(parts, "unit", "甲县");
    assert_int_equal(number(parts, row, "villages"), 3);
    assert_int_equal(number(parts, row, "works"), 5);
    assert_int_equal(number(parts, row, "residents"), 1200 + 800 + 500);
    assert_int_equal(shown_fact(parts, "value")->number, room.answer.solved.value / 10000);
    assert_int_equal(shown_fact(parts, "bound")->number, (room.answer.solved.bound + 9999) / 10000);
    shown_end(&shown);
}

/* ---- locks ---- */

#define LOCKS "locks:\n"
#define LOCK(unit, measure, choice)                                                                \
    "  - {unit: '" unit "', measure: " measure ", choice: " choice ", reason: agreed}\n"

static int64_t cost_of_lock(void **state, const char *locks, int lock, const char *how)
{
    struct board_room room;
    struct shown shown;

    begin_anew(state);
    board_open(*state, NULL, 0, &room);
    room.options.year_count = 2;
    assert_int_equal(board_limit(&room, locks), RC_OK);
    compute(&room, BOARD_MONEY);
    show(&room, &shown);
    const struct shown_table *table = shown_table(&shown, "plan_locks");
    assert_int_equal(table->rows, room.limits.lock_count);
    assert_true(shown_is(shown_cell(table, lock, "how"), how));
    int64_t cost = number(table, lock, "cost");
    assert_true(number(table, lock, "most") >= cost);
    shown_end(&shown);
    return cost;
}

/* With money for everything, the best of a group less the best that keeps the lock. */
static void a_lock_costs_what_its_release_would_bring(void **state)
{
    struct board_room room;
    const struct solve_problem *p = board_problem(*state, NULL, 0, 2, &room);
    int64_t lamps[] = {board_best(p, 1), board_best(p, 3), board_best(p, 5)};

    assert_int_equal(cost_of_lock(state, LOCKS LOCK("990101", "LAMPS", "out"), 0, "resolved"),
                     points(lamps[0]));
    assert_int_equal(cost_of_lock(state, LOCKS LOCK("990102", "LAMPS", "out"), 0, "resolved"),
                     points(lamps[1]));
    assert_int_equal(cost_of_lock(state, LOCKS LOCK("990103", "LAMPS", "out"), 0, "resolved"),
                     points(lamps[2]));
    assert_int_equal(cost_of_lock(state, LOCKS LOCK("990102", "LAMPS", "in"), 0, "about"), 0);
}

static void a_lock_is_priced_with_the_others_in_force(void **state)
{
    static const char BOTH[] = LOCKS LOCK("990102", "PIPES", "out") LOCK("990102", "BRIDGE", "out");

    /* Without its pipes there is no bridge, whatever the second lock says. */
    assert_int_equal(cost_of_lock(state, BOTH, 1, "about"), 0);
    assert_true(cost_of_lock(state, BOTH, 0, "resolved") > 0);
    assert_true(cost_of_lock(state, LOCKS LOCK("990102", "BRIDGE", "out"), 0, "resolved") > 0);
}

static void a_lock_on_what_is_not_decided_is_idle(void **state)
{
    /* Lamps are for the high tier only; the fifth village is of the low one. */
    static const struct edit EDIT[] = {
        {"name: 路灯\n    tiers: [high, low]", "name: 路灯\n    tiers: [high]"}};
    struct board_room room;
    struct shown shown;

    board_open(*state, COUNTED(EDIT), &room);
    assert_int_equal(board_limit(&room, LOCKS LOCK("990202", "LAMPS", "out")), RC_OK);
    compute(&room, BOARD_MONEY);
    show(&room, &shown);
    const struct shown_table *table = shown_table(&shown, "plan_locks");
    assert_true(shown_is(shown_cell(table, 0, "how"), "idle"));
    assert_int_equal(number(table, 0, "cost"), 0);
    shown_end(&shown);
}

static void a_lock_is_said_with_its_level_and_its_reason(void **state)
{
    struct board_room room;
    struct shown shown;

    board_open(*state, NULL, 0, &room);
    assert_int_equal(
        board_limit(&room, "locks:\n  - {unit: '990102', measure: PIPES, choice: in, level: 1, "
                           "reason: 群众大会通过}"),
        RC_OK);
    compute(&room, BOARD_MONEY);
    show(&room, &shown);
    const struct shown_table *table = shown_table(&shown, "plan_locks");
    assert_true(shown_is(shown_cell(table, 0, "lock"), "必须安排“供水”（主管）：群众大会通过。"));
    shown_end(&shown);
}

/* ---- where there is no plan ---- */

static void relieve(struct board_room *room, struct plan_relief *relief, struct shown *shown)
{
    assert_int_equal(board_compute(room), RC_CONFLICT);
    err_clear(room->rooms.cx->err);
    assert_int_equal(plan_relieve(room->plan, relief), RC_OK);
    shown_begin(shown);
    struct table_sink sink = shown_sink(shown);
    assert_int_equal(plan_relief_tables(room->plan, relief, &sink), RC_OK);
}

/* To every house of the second village, in the mountains: 245,997.55 yuan, where the county has
 * 140,000; shared, the province and its cap would have to give way as well. */
static void the_least_that_gives_way_is_said_to_the_fen(void **state)
{
    struct board_room room;
    struct plan_relief relief;
    struct shown shown;

    board_open(*state, NULL, 0, &room);
    assert_int_equal(
        board_limit(&room, "funds:\n"
                           "  - {fund: province, unit: '99', year: 2025, amount: 12.5}\n"
                           "  - {fund: county, unit: '9901', year: 2025, amount: 14}\n"
                           "locks:\n  - {unit: '990102', measure: PIPES, choice: in, level: 2, "
                           "reason: promised}"),
        RC_OK);
    relieve(&room, &relief, &shown);
    const struct shown_table *table = shown_table(&shown, "plan_relief");
    assert_int_equal(relief.limits.cost, 24599755 - 14000000);
    assert_int_equal(table->rows, 1);
    assert_true(shown_is(shown_cell(table, 0, "owner"), "甲县"));
    assert_int_equal(number(table, 0, "year"), 2025);
    assert_int_equal(shown_cell(table, 0, "year")->decimals, 0);
    assert_int_equal(number(table, 0, "limit"), 14000000);
    assert_int_equal(number(table, 0, "more"), 24599755 - 14000000);
    /* What is locked does not wait. */
    assert_int_equal(shown_table(&shown, "plan_deferred")->rows, 0);
    shown_end(&shown);
}

/* Both villages of the high tier could be brought to the standard; there is money for neither. */
static void the_fewest_people_wait_for_their_standard(void **state)
{
    static const struct edit EDIT[] = {
        {"at_least: 50, by_year: 2026", "at_least: 95, by_year: 2025"}};
    struct board_room room;
    struct plan_relief relief;
    struct shown shown;

    board_open(*state, COUNTED(EDIT), &room);
    assert_int_equal(board_limit(&room,
                                 "funds:\n"
                                 "  - {fund: county, unit: '9901', year: 2025, amount: 0.5}\n"
                                 "  - {fund: county, unit: '9902', year: 2025, amount: 0.5}\n"),
                     RC_OK);
    relieve(&room, &relief, &shown);
    const struct shown_table *table = shown_table(&shown, "plan_deferred");
    assert_int_equal(relief.impossible_count, 0);
    assert_int_equal(relief.standards.cost, 1200 + 900);
    assert_int_equal(table->rows, 2);
    assert_int_equal(number(table, shown_row(table, "code", "990101"), "residents"), 1200);
    assert_true(shown_is(shown_cell(table, 1, "standards"), "供水不低于 95（2025 年）"));
    shown_end(&shown);
}

static void what_contradicts_a_lock_whatever_the_money_is_named(void **state)
{
    static const struct edit EDITS[] = {
        {"by_year: 2026", "by_year: 2025"},
        {"standards:\n", "standards:\n  high-safe: {tier: high, indicator: SAFE, at_least: true, "
                         "by_year: 2025, basis: test}\n"}};
    struct board_room room;
    struct plan_relief relief;
    struct shown shown;

    board_open(*state, COUNTED(EDITS), &room);
    assert_int_equal(
        board_limit(&room, LOCKS LOCK("990201", "PIPES", "out") LOCK("990202", "PIPES", "out")),
        RC_OK);
    assert_int_equal(board_limit(&room, BOARD_MONEY), RC_OK);
    relieve(&room, &relief, &shown);
    const struct shown_table *table = shown_table(&shown, "plan_impossible");
    assert_int_equal(table->rows, 1);
    assert_true(shown_is(shown_cell(table, 0, "code"), "990201"));
    assert_true(says(shown_cell(table, 0, "measures"), "供水"));
    assert_true(says(shown_cell(table, 0, "measures"), "过水桥"));
    assert_true(shown_is(shown_cell(table, 0, "standards"),
                         "安全为“是”（2025 年）；供水不低于 50（2025 年）"));
    assert_true(says(shown_cell(table, 0, "locks"), "agreed"));
    shown_end(&shown);
}

/* ---- what is kept ---- */

static void a_kept_plan_remembers_its_years_its_value_and_its_proof(void **state)
{
    struct board_room room;
    struct run kept = {0};

    board_open(*state, &IN_HUNDREDS, 1, &room);
    compute(&room, SCARCE);
    assert_int_equal(board_keep(&room), RC_OK);
    assert_int_equal(run_load(room.rooms.cx, room.answer.run, &kept), RC_OK);
    struct event_reader reader = {.rest = kept.summary};
    assert_int_equal(event_read_int(&reader), 2025);
    assert_int_equal(event_read_int(&reader), 1);
    assert_int_equal(event_read_int(&reader), room.answer.solved.value);
    assert_int_equal(event_read_int(&reader), room.answer.solved.bound);
    assert_int_equal(event_read_int(&reader), room.answer.solved.status);
    assert_int_equal(kept.rests_on, room.run.id);
    assert_true(str_equal(kept.kind, STR("plan")));
}

/* Every work is told of its own village as the sheet of works has it. */
static void a_village_is_told_its_works_and_what_they_do(void **state)
{
    struct board_room room;
    struct run kept = {0};
    struct shown shown;

    board_open(*state, NULL, 0, &room);
    compute(&room, BOARD_MONEY);
    assert_int_equal(board_keep(&room), RC_OK);
    assert_int_equal(run_load(room.rooms.cx, room.answer.run, &kept), RC_OK);
    const struct plan_question question = {&room.rooms.tree, room.rooms.programme,
                                           &room.rooms.numbers, &kept,
                                           rooms_place(&room.rooms, "990202")};
    show(&room, &shown);
    struct table_sink sink = shown_sink(&shown);
    assert_int_equal(plan_explain(room.rooms.cx, &question, &sink), RC_OK);
    const struct shown_table *table = shown_table(&shown, "plan_of_unit");
    const struct shown_table *works = shown_table(&shown, "plan_works");
    int lamps = shown_row(table, "measure", "LAMPS");
    assert_int_equal(table->rows, 2);
    assert_int_equal(number(table, lamps, "cost"), number(works, works->rows - 1, "cost"));
    assert_true(shown_is(shown_cell(table, lamps, "begins"), "2025"));
    assert_true(shown_is(shown_cell(table, lamps, "effects"), "照明 → 100"));
    shown_end(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_little_more_is_a_round_hundredth_of_a_limit_dearest_first),
        IN_A_WORLD(what_more_brings_is_proven_by_the_bound),
        IN_A_WORLD(nothing_is_worth_more_where_there_is_enough),
        IN_A_WORLD(land_is_moved_by_whole_units_of_its_gauge),
        IN_A_WORLD(money_used_and_left_make_up_the_limit),
        IN_A_WORLD(money_that_serves_later_is_carried),
        IN_A_WORLD(sums_by_unit_are_those_of_the_works),
        IN_A_WORLD(people_are_counted_once_however_many_works_they_get),
        IN_A_WORLD(a_lock_costs_what_its_release_would_bring),
        IN_A_WORLD(a_lock_is_priced_with_the_others_in_force),
        IN_A_WORLD(a_lock_on_what_is_not_decided_is_idle),
        IN_A_WORLD(a_lock_is_said_with_its_level_and_its_reason),
        IN_A_WORLD(the_least_that_gives_way_is_said_to_the_fen),
        IN_A_WORLD(the_fewest_people_wait_for_their_standard),
        IN_A_WORLD(what_contradicts_a_lock_whatever_the_money_is_named),
        IN_A_WORLD(a_kept_plan_remembers_its_years_its_value_and_its_proof),
        IN_A_WORLD(a_village_is_told_its_works_and_what_they_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
