/* Checks over many values at once: jumps, another gauge, copied rows, heaps at a standard. */
#include "tests/office/rooms.h"

#define HEAD "行政区划代码|户籍人口|户数|自来水普及率\n"

enum { POP = 1, HOMES = 2, WATER = 3 }; /* columns of the ledgers */

#define CHECK(text)                                                                                \
    {                                                                                              \
        "rules:\n", "checks:\n  one: {" text ", says: 可疑}\nrules:\n"                           \
    }

/* Read a ledger of 2024 over one of 2023 and check it. */
static void check(void **state, const struct edit *edits, int count, const char *before,
                  const char *now, struct ledger *out)
{
    static struct rooms rooms;
    struct change_list list = {0};
    struct batch batch = {0};
    struct panel panel;
    const struct rooms_of of = {"rooms.yaml", rooms_register_text(), edits, count};

    assert_int_equal(world_end(state), 0);
    assert_int_equal(world_begin(state), 0);
    rooms_open_as(*state, &of, &rooms);
    struct ledger_job job = rooms_job(&rooms);
    if (before != NULL) {
        job.period = period_of_year(2023);
        assert_int_equal(rooms_import(&rooms, before, &job, &list, &batch), RC_OK);
    }
    assert_int_equal(rooms_read(&rooms, now, out), RC_OK);
    rooms_panel(&rooms, 2024, &panel);
    ledger_check(out, &panel);
}

static void a_jump_beyond_the_limit_is_marked_on_its_cell(void **state)
{
    static const struct edit EDIT =
        CHECK("kind: jump, types: [integer], limit: 50, severity: warning");
    struct ledger ledger;

    check(state, &EDIT, 1,
          HEAD "99010101|100|40\n99010102|100|40\n99010103|100|40\n99010201|0|40\n",
          HEAD "99010101|150|40\n99010102|151|40\n99010103|49|41\n99010201|90|40\n"
               "99010202|90|40\n",
          &ledger);
    assert_int_equal(ledger.errors, 0);
    assert_int_equal(ledger.warnings, 2); /* half more is no jump, nor is a start from nothing */
    assert_true(rooms_marked(&ledger, SEVERITY_WARNING, 3, POP));
    assert_true(rooms_marked(&ledger, SEVERITY_WARNING, 4, POP));
}

static void a_check_looks_at_its_types_and_indicators_only(void **state)
{
    static const struct edit EDITS[] = {
        CHECK("kind: jump, types: [percent], limit: 30, severity: error"),
        CHECK("kind: jump, types: [integer], indicators: [HOMES], limit: 30, severity: error"),
    };
    static const char BEFORE[] = HEAD "99010101|100|40|50%\n";
    static const char NOW[] = HEAD "99010101|200|80|90%\n";
    struct ledger ledger;

    check(state, &EDITS[0], 1, BEFORE, NOW, &ledger);
    assert_int_equal(ledger.errors, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 2, WATER));
    check(state, &EDITS[1], 1, BEFORE, NOW, &ledger);
    assert_int_equal(ledger.errors, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 2, HOMES));
}

/* About a hundred times more or less: filled in in another unit. */
static void a_value_in_another_gauge_is_marked(void **state)
{
    static const struct edit EDIT =
        CHECK("kind: gauge, types: [integer], limit: 100, severity: warning");
    struct ledger ledger;

    check(state, &EDIT, 1,
          HEAD "99010101|80|20\n99010102|80|20\n99010103|80|20\n99010201|8000|20\n99010202|80|20\n",
          HEAD "99010101|8100|20\n99010102|4000|20\n99010103|4100|20\n99010201|79|20\n"
               "99010202|81|20\n",
          &ledger);
    assert_int_equal(ledger.warnings, 3);
    assert_true(rooms_marked(&ledger, SEVERITY_WARNING, 2, POP));
    assert_true(rooms_marked(&ledger, SEVERITY_WARNING, 4, POP));
    assert_true(rooms_marked(&ledger, SEVERITY_WARNING, 5, POP));
}

/* Three villages of one township alike in everything; the third alike stands in another one. */
static void rows_filled_in_once_and_copied_are_marked(void **state)
{
    static const struct edit EDIT = CHECK("kind: copied, limit: 3, severity: warning");
    struct ledger ledger;

    check(state, &EDIT, 1, NULL,
          HEAD "99010101|120|40|50%\n99010102|120|40|50%\n99010103|120|40|50%\n", &ledger);
    assert_int_equal(ledger.warnings, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_WARNING, 2, 0));
    check(state, &EDIT, 1, NULL,
          HEAD "99010101|120|40|50%\n99010102|120|40|50%\n99010201|120|40|50%\n", &ledger);
    assert_int_equal(ledger.warnings, 0);
    check(state, &EDIT, 1, NULL,
          HEAD "99010101|120|40|50%\n99010102|120|40|50%\n99010103|120|40|50.1%\n", &ledger);
    assert_int_equal(ledger.warnings, 0);
    check(state, &EDIT, 1, NULL, HEAD "99010101|120|40|50%\n99010102|120|40|50%\n99010103|120|40\n",
          &ledger);
    assert_int_equal(ledger.warnings, 0);
}

/* Villages of two townships by turns. */
static void copied_rows_are_found_in_any_order(void **state)
{
    static const struct edit EDIT = CHECK("kind: copied, limit: 3, severity: warning");
    struct ledger ledger;

    check(state, &EDIT, 1, NULL,
          HEAD "99010101|120|40|50%\n99010201|9|4|5%\n99010102|120|40|50%\n99020101|7|4|5%\n"
               "99010202|9|4|5%\n99010103|120|40|50%\n99020102|7|4|5%\n",
          &ledger);
    assert_int_equal(ledger.warnings, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_WARNING, 2, 0));
}

#define STANDARD                                                                                   \
    {                                                                                              \
        "quotas:\n", "standards:\n  one: {tier: high, indicator: WATER, at_least: 90, by_year: "   \
                     "2027, basis: test}\nquotas:\n"                                               \
    }

/* Three of six exactly at the standard are half: more than 40 per cent, not more than 50. */
static void values_heaped_on_a_standard_are_marked_once(void **state)
{
    static const struct edit EDITS[][2] = {
        {CHECK("kind: heaping, types: [percent], limit: 40, severity: warning"), STANDARD},
        {CHECK("kind: heaping, types: [percent], limit: 50, severity: warning"), STANDARD},
    };
    static const char NOW[] =
        HEAD "99010101|120|40|50%\n99010102|120|41|90%\n99010103|120|42|90.0%\n"
             "99010201|120|43|90.1%\n99010202|120|44|90%\n99020101|120|45|89.9%\n";
    struct ledger ledger;

    check(state, EDITS[0], 2, NULL, NOW, &ledger);
    assert_int_equal(ledger.warnings, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_WARNING, 3, WATER));
    check(state, EDITS[1], 2, NULL, NOW, &ledger);
    assert_int_equal(ledger.warnings, 0);
}

static void two_at_a_standard_are_no_heap(void **state)
{
    static const struct edit EDITS[] = {
        CHECK("kind: heaping, types: [percent], limit: 5, severity: warning"), STANDARD};
    struct ledger ledger;

    check(state, EDITS, 2, NULL, HEAD "99010101|120|40|90%\n99010102|120|41|90%\n", &ledger);
    assert_int_equal(ledger.warnings, 0);
}

static void a_rule_is_not_broken_by_what_is_missing(void **state)
{
    struct ledger ledger;

    check(state, NULL, 0, NULL, HEAD "99010101|30|40\n99010102|未统计|40\n99010103|50|40\n",
          &ledger);
    assert_int_equal(ledger.errors + ledger.warnings, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 2, POP) ||
                rooms_marked(&ledger, SEVERITY_WARNING, 2, POP));
}

/* What stands and is not in this ledger has no cell here that could be marked. */
static void only_cells_of_this_ledger_are_marked(void **state)
{
    static const struct edit EDIT =
        CHECK("kind: jump, types: [integer], limit: 50, severity: warning");
    struct ledger ledger;

    check(state, &EDIT, 1, HEAD "99010101|100|40\n", "行政区划代码|户数\n99010101|41\n", &ledger);
    assert_int_equal(ledger.warnings, 0);
}

/* Two sheets of one theme each are one ledger; saying the same twice is an error. */
static void sheets_of_one_ledger_are_joined(void **state)
{
    static const char PEOPLE[] = "行政区划代码|户籍人口\n99010101|120\n99010102|300\n";
    static const char HOMES_OF[] = "行政区划代码|户数\n99010102|100\n99010101|40\n99010103|9\n";
    struct rooms rooms;
    struct ledger ledger;
    const char *const second[] = {HOMES_OF, PEOPLE};

    for (int i = 0; i < 2; i++) {
        assert_int_equal(world_end(state), 0);
        assert_int_equal(world_begin(state), 0);
        rooms_open(*state, &rooms);
        const struct ledger_job job = rooms_job(&rooms);
        assert_int_equal(ledger_begin(rooms.cx, &job, &ledger), RC_OK);
        assert_int_equal(rooms_feed(ledger_reader(&ledger), PEOPLE, NULL, 0), RC_OK);
        assert_int_equal(rooms_feed(ledger_reader(&ledger), second[i], NULL, 0), RC_OK);
        assert_int_equal(ledger_finish(&ledger), RC_OK);
        assert_int_equal(ledger.errors, i == 0 ? 0 : 2);
        assert_int_equal(ledger.row_count, i == 0 ? 3 : 2);
        assert_int_equal(rooms_value(&rooms, &ledger, "99010101", "POP")->num, 120);
        if (i == 0) {
            assert_int_equal(rooms_value(&rooms, &ledger, "99010101", "HOMES")->num, 40);
            assert_int_equal(rooms_value(&rooms, &ledger, "99010102", "HOMES")->num, 100);
            assert_int_equal(rooms_value(&rooms, &ledger, "99010103", "HOMES")->num, 9);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_jump_beyond_the_limit_is_marked_on_its_cell),
        IN_A_WORLD(a_check_looks_at_its_types_and_indicators_only),
        IN_A_WORLD(a_value_in_another_gauge_is_marked),
        IN_A_WORLD(rows_filled_in_once_and_copied_are_marked),
        IN_A_WORLD(copied_rows_are_found_in_any_order),
        IN_A_WORLD(values_heaped_on_a_standard_are_marked_once),
        IN_A_WORLD(two_at_a_standard_are_no_heap),
        IN_A_WORLD(a_rule_is_not_broken_by_what_is_missing),
        IN_A_WORLD(only_cells_of_this_ledger_are_marked),
        IN_A_WORLD(sheets_of_one_ledger_are_joined),
    };
    return cmocka_run_group_tests_name("checks", tests, NULL, NULL);
}
