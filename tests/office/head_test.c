/* Ledgers: where the heading stands, what its columns are, and what is said when there is none. */
#include "tests/office/rooms.h"

#define ROW "99010101|李庄村|~120\n"

static void expect_people(const struct rooms *rooms, const struct ledger *ledger, int64_t people)
{
    const struct value *value = rooms_value(rooms, ledger, "99010101", "POP");

    assert_non_null(value);
    assert_int_equal(value->state, REPORTED);
    assert_int_equal(value->num, people);
}

static void a_heading_is_found_below_title_rows(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(rooms_read(&rooms,
                                "甲县村级台账\n填报单位：东镇|||2024 年\n"
                                "行政区划代码|村名|户籍人口\n" ROW,
                                &ledger),
                     RC_OK);
    expect_people(&rooms, &ledger, 120);
    assert_int_equal(ledger.errors + ledger.warnings, 0);
    assert_int_equal(ledger.row_count, 1);
    assert_int_equal(ledger.rows[0].row, 4);
}

static void names_aliases_identifiers_and_blanks_head_a_column_alike(void **state)
{
    static const char *const TEXTS[] = {
        "行政区划代码|村名|户籍人口\n" ROW,
        "行政区划代码|村名|人口数\n" ROW,
        "行政区划代码|村名|pop\n" ROW,
        "行政区划代码：|村 名|户籍 人口（人）\n" ROW,
    };
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        assert_int_equal(rooms_read(&rooms, TEXTS[i], &ledger), RC_OK);
        expect_people(&rooms, &ledger, 120);
    }
}

/* The group stands over two columns, the code over two rows: 自来水 over 普及率 is one heading. */
static void merged_rows_of_a_heading_are_read_as_one(void **state)
{
    static const struct merge MERGES[] = {
        {1, 1, 0, 4}, {2, 3, 0, 0}, {2, 3, 1, 1}, {2, 3, 2, 2}, {2, 2, 3, 4}};
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    const struct ledger_job job = rooms_job(&rooms);
    assert_int_equal(ledger_begin(rooms.cx, &job, &ledger), RC_OK);
    assert_int_equal(rooms_feed(ledger_reader(&ledger),
                                "台账\n"
                                "行政区划代码|村名|户籍人口|自来水\n"
                                "|||户数|普及率\n"
                                "99010101|李庄村|120|40|85%\n",
                                MERGES, COUNT_OF(MERGES)),
                     RC_OK);
    assert_int_equal(ledger_finish(&ledger), RC_OK);
    assert_int_equal(ledger.row_count, 1);
    assert_int_equal(ledger.rows[0].row, 4);
    expect_people(&rooms, &ledger, 120);
    assert_int_equal(rooms_value(&rooms, &ledger, "99010101", "HOMES")->num, 40);
    assert_int_equal(rooms_value(&rooms, &ledger, "99010101", "WATER")->num, 850);
}

static void rows_of_values_are_not_taken_for_a_heading(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(rooms_read(&rooms,
                                "行政区划代码|村名|户籍人口|户数\n"
                                "99010101|李庄村|120|40\n99010102|王庄村|130|41\n",
                                &ledger),
                     RC_OK);
    assert_int_equal(ledger.row_count, 2);
    assert_int_equal(ledger.cell_count, 4);
}

static void a_unit_in_the_heading_converts_exactly(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(rooms_read(&rooms,
                                "行政区划代码|耕地面积（公顷）\n"
                                "99010101|2.5\n99010102|0.01\n",
                                &ledger),
                     RC_OK);
    assert_int_equal(rooms_value(&rooms, &ledger, "99010101", "LAND")->num, 375);
    assert_int_equal(rooms_value(&rooms, &ledger, "99010102", "LAND")->num, 2);
    assert_int_equal(ledger.rounded_count, 1); /* 0.15 亩 has more decimals than are kept */
}

static void a_unit_of_another_quantity_is_refused_on_the_heading(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(rooms_read(&rooms, "行政区划代码|耕地面积（户）\n99010101|2.5\n", &ledger),
                     RC_OK);
    assert_int_equal(ledger.errors, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 1, 1));
}

static void a_unit_of_two_words_is_known_in_a_heading(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(
        rooms_read(&rooms, "行政区划代码|人均收入（k yuan）\n99010101|12.5\n", &ledger), RC_OK);
    assert_int_equal(rooms_value(&rooms, &ledger, "99010101", "INCOME")->num, 12500);
    assert_int_equal(ledger.warnings, 0);
}

static void brackets_that_hold_no_known_unit_are_shown_to_somebody(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(rooms_read(&rooms, "行政区划代码|耕地面积（垧）\n99010101|2.5\n", &ledger),
                     RC_OK);
    assert_int_equal(ledger.errors, 0);
    assert_true(rooms_marked(&ledger, SEVERITY_WARNING, 1, 1));
    assert_int_equal(rooms_value(&rooms, &ledger, "99010101", "LAND")->num, 25);
}

static void a_percentage_is_counted_in_percent_without_saying_so(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(rooms_read(&rooms, "行政区划代码|自来水普及率（%）\n99010101|85\n", &ledger),
                     RC_OK);
    assert_int_equal(ledger.errors, 0);
    assert_int_equal(rooms_value(&rooms, &ledger, "99010101", "WATER")->num, 850);
}

static void a_column_given_twice_is_refused(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(
        rooms_read(&rooms, "行政区划代码|户籍人口|人口数\n99010101|120|121\n", &ledger), RC_OK);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 1, 2));
}

static void unknown_and_computed_columns_are_passed_over_and_named(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(rooms_read(&rooms,
                                "行政区划代码|户籍人口|联系电话|户均人口\n"
                                "99010101|120|13800000000|3.5\n",
                                &ledger),
                     RC_OK);
    assert_int_equal(ledger.errors, 0);
    assert_int_equal(ledger.cell_count, 1);
    assert_int_equal(ledger.ignored_count, 2);
    assert_true(str_equal(ledger.ignored[0], STR("联系电话")));
    assert_true(str_equal(ledger.ignored[1], STR("户均人口")));
}

static void a_ledger_of_unknown_columns_is_refused_by_their_names(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(
        rooms_read(&rooms, "某县情况表\n行政区划代码|村名|鸡只数|手机号\n99010101|李庄村|5|6\n",
                   &ledger),
        RC_INVALID);
    assert_int_equal(rooms.cx->err->msg, MSG_COLLECT_NO_INDICATOR);
    assert_int_equal(rooms.cx->err->args[0].number, 2);
    assert_true(str_equal(rooms.cx->err->args[1].text, STR("行政区划代码、村名、鸡只数、手机号")));
}

static void a_book_without_a_heading_is_refused(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(rooms_read(&rooms, "联系人|联系电话\n李某|13800000000\n", &ledger),
                     RC_INVALID);
    assert_int_equal(rooms.cx->err->msg, MSG_COLLECT_NO_HEADING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_heading_is_found_below_title_rows),
        IN_A_WORLD(names_aliases_identifiers_and_blanks_head_a_column_alike),
        IN_A_WORLD(merged_rows_of_a_heading_are_read_as_one),
        IN_A_WORLD(rows_of_values_are_not_taken_for_a_heading),
        IN_A_WORLD(a_unit_in_the_heading_converts_exactly),
        IN_A_WORLD(a_unit_of_another_quantity_is_refused_on_the_heading),
        IN_A_WORLD(a_unit_of_two_words_is_known_in_a_heading),
        IN_A_WORLD(brackets_that_hold_no_known_unit_are_shown_to_somebody),
        IN_A_WORLD(a_percentage_is_counted_in_percent_without_saying_so),
        IN_A_WORLD(a_column_given_twice_is_refused),
        IN_A_WORLD(unknown_and_computed_columns_are_passed_over_and_named),
        IN_A_WORLD(a_ledger_of_unknown_columns_is_refused_by_their_names),
        IN_A_WORLD(a_book_without_a_heading_is_refused),
    };
    return cmocka_run_group_tests_name("ledger headings", tests, NULL, NULL);
}
