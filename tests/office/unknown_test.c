/* What missing data keep out of a plan, or take as there, is named: on the sheets, in the words,
 * and of one village. */
#include "office/plan/unknown_in.h"
#include "tests/office/board.h"

static const char MONEY[] = "funds:\n"
                            "  - {fund: province, unit: '99', year: 2025, amount: 900}\n"
                            "  - {fund: county, unit: '9901', year: 2025, amount: 900}\n"
                            "  - {fund: county, unit: '9902', year: 2025, amount: 900}\n";

/* The third village does not say how many have water; its bridge needs pipes. */
enum { WITHOUT_WATER = 1 };

static void plan_on(void **state, const char *county, const struct edit *edits, int count,
                    struct board_room *out)
{
    struct change_list list = {0};
    struct batch batch = {0};

    board_open(*state, edits, count, out);
    if (county != NULL) {
        struct ledger_job job = rooms_job(&out->rooms);
        job.level = 1;
        assert_int_equal(rooms_import(&out->rooms, county, &job, &list, &batch), RC_OK);
    }
    assert_int_equal(board_limit(out, MONEY), RC_OK);
    out->options.year_count = 2;
    assert_int_equal(board_compute(out), RC_OK);
}

static void show_plan(struct board_room *room, struct shown *shown)
{
    shown_begin(shown);
    const struct table_sink sink = shown_sink(shown);
    assert_int_equal(plan_tables(room->plan, &room->answer, &sink), RC_OK);
}

static void explain(struct board_room *room, const char *code, struct shown *shown)
{
    struct run kept = {0};
    const struct plan_question question = {
        .tree = &room->rooms.tree,
        .programme = room->rooms.programme,
        .numbers = &room->rooms.numbers,
        .run = &kept,
        .place = rooms_place(&room->rooms, code),
    };

    assert_int_equal(board_keep(room), RC_OK);
    assert_int_equal(run_load(room->rooms.cx, room->answer.run, &kept), RC_OK);
    shown_begin(shown);
    const struct table_sink sink = shown_sink(shown);
    assert_int_equal(plan_explain(room->rooms.cx, &question, &sink), RC_OK);
}

/* Villages of which a measure has this unknown; 0 when there is no such row. */
static int64_t villages_of(const struct shown *shown, const char *measure, const char *why)
{
    const struct shown_table *table = shown_table(shown, "plan_unknown");

    for (int i = 0; i < table->rows; i++) {
        if (shown_is(shown_cell(table, i, "measure"), measure) &&
            shown_is(shown_cell(table, i, "why"), why)) {
            return shown_cell(table, i, "villages")->number;
        }
    }
    return 0;
}

static void what_cannot_be_priced_is_named_and_so_is_what_needs_it(void **state)
{
    struct board_room room;
    struct shown shown;

    plan_on(state, NULL, NULL, 0, &room);
    show_plan(&room, &shown);
    assert_int_equal(villages_of(&shown, "PIPES", "quantity_unknown"), WITHOUT_WATER);
    assert_int_equal(villages_of(&shown, "BRIDGE", "need_unpriced"), WITHOUT_WATER);
    assert_int_equal(shown_table(&shown, "plan_unknown")->rows, 2);
    const struct shown_table *table = shown_table(&shown, "plan_unknown");
    int pipes = shown_row(table, "measure", "PIPES");
    assert_true(shown_is(shown_cell(table, pipes, "looks_at"), "户数、供水"));
    assert_true(
        shown_is(shown_cell(table, shown_row(table, "measure", "BRIDGE"), "looks_at"), "供水"));
    shown_end(&shown);
}

/* The second level of pipes takes farmland; two of the county's villages could have it. */
static void unknown_farmland_is_named_by_measure_and_by_county(void **state)
{
    struct board_room room;
    struct shown shown;

    plan_on(state, "行政区划代码|耕地\n9902|未统计\n", NULL, 0, &room);
    show_plan(&room, &shown);
    assert_int_equal(villages_of(&shown, "PIPES", "farmland_unknown"), 2);
    const struct shown_table *money = shown_table(&shown, "plan_money");
    int row = shown_row(money, "what", msg_text(LANG_ZH, MSG_PLAN_ROW_FARMLAND_UNKNOWN).at);
    assert_true(row >= 0);
    assert_true(shown_is(shown_cell(money, row, "owner"), "乙县"));
    shown_end(&shown);
    explain(&room, "990201", &shown);
    const struct shown_table *village = shown_table(&shown, "plan_unknown_of_unit");
    row = shown_row(village, "measure", "PIPES");
    assert_true(shown_is(shown_cell(village, row, "why"), "farmland_unknown"));
    assert_true(shown_is(shown_cell(village, row, "looks_at"), "耕地、耕地任务"));
    shown_end(&shown);
}

static void a_condition_that_nobody_can_tell_is_named(void **state)
{
    static const struct edit EDIT = {"effects: {LIGHT: {to: 100}}, months: 2",
                                     "when: WATER >= 40 %, effects: {LIGHT: {to: 100}}, months: 2"};
    struct board_room room;
    struct shown shown;

    plan_on(state, NULL, &EDIT, 1, &room);
    show_plan(&room, &shown);
    assert_int_equal(villages_of(&shown, "LAMPS", "condition_unknown"), WITHOUT_WATER);
    shown_end(&shown);
    explain(&room, "990103", &shown);
    const struct shown_table *village = shown_table(&shown, "plan_unknown_of_unit");
    int row = shown_row(village, "measure", "LAMPS");
    assert_true(shown_is(shown_cell(village, row, "why"), "condition_unknown"));
    shown_end(&shown);
}

/* A condition that does not hold leaves a work out whatever the quantity. */
static void what_is_not_wanted_anyway_is_not_unknown(void **state)
{
    static const struct edit EDIT = {"counts: 户, unit_cost: 333.33",
                                     "when: POP > 9000, counts: 户, unit_cost: 333.33"};
    struct board_room room;
    struct shown shown;

    plan_on(state, NULL, &EDIT, 1, &room);
    show_plan(&room, &shown);
    const struct shown_table *table = shown_table(&shown, "plan_unknown");
    int pipes = shown_row(table, "measure", "PIPES");
    assert_true(str_equal(shown_cell(table, pipes, "level")->text, STR("到户")));
    shown_end(&shown);
}

static void the_words_of_a_plan_count_what_is_unknown(void **state)
{
    struct board_room room;

    plan_on(state, "行政区划代码|耕地\n9902|未统计\n", NULL, 0, &room);
    struct plan_unknowns all = plan_count_unknowns(room.plan);
    assert_int_equal(all.villages, 3);
    assert_int_equal(all.by_kind[UNKNOWN_QUANTITY], 1);
    assert_int_equal(all.by_kind[UNKNOWN_FARMLAND], 2);
    assert_int_equal(all.by_kind[UNKNOWN_NEED], 1);
    struct shown shown;
    show_plan(&room, &shown);
    const struct shown_table *summary = shown_table(&shown, "plan_summary");
    bool is_said = false;
    for (int i = 0; i < summary->about.note_count; i++) {
        is_said =
            is_said || str_equal(summary->about.notes[i], plan_unknowns_text(room.plan, &all));
    }
    assert_true(is_said);
    shown_end(&shown);
}

/* Where there is no plan, want of data may be the reason: it is shown beside the relief. */
static void a_plan_that_cannot_be_shows_what_is_unknown(void **state)
{
    struct board_room room;
    struct plan_relief relief;
    struct shown shown;

    board_open(*state, NULL, 0, &room);
    assert_int_equal(
        board_limit(&room, "locks:\n  - {unit: '990103', measure: PIPES, choice: in, reason: x}\n"),
        RC_OK);
    assert_int_equal(board_compute(&room), RC_CONFLICT);
    err_clear(room.rooms.cx->err);
    assert_int_equal(plan_relieve(room.plan, &relief), RC_OK);
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(plan_relief_tables(room.plan, &relief, &sink), RC_OK);
    assert_int_equal(villages_of(&shown, "PIPES", "quantity_unknown"), WITHOUT_WATER);
    shown_end(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(what_cannot_be_priced_is_named_and_so_is_what_needs_it),
        IN_A_WORLD(unknown_farmland_is_named_by_measure_and_by_county),
        IN_A_WORLD(a_condition_that_nobody_can_tell_is_named),
        IN_A_WORLD(what_is_not_wanted_anyway_is_not_unknown),
        IN_A_WORLD(the_words_of_a_plan_count_what_is_unknown),
        IN_A_WORLD(a_plan_that_cannot_be_shows_what_is_unknown),
    };
    return cmocka_run_group_tests_name("what is unknown to a plan", tests, NULL, NULL);
}
