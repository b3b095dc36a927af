/* Ledgers: what one cell says, and what is refused in it. */
#include "tests/office/rooms.h"
#include "tests/office/shown.h"

#define HEAD "行政区划代码|户籍人口|耕地面积|自来水普及率|通硬化路|地形\n"

enum { POP_COLUMN = 1, LAND_COLUMN, WATER_COLUMN, ROAD_COLUMN, GROUND_COLUMN };

/* One village, one cell: text before it stands for the columns before it. */
struct cell_case {
    const char *row; /* all of it behind the code */
    const char *indicator;
    int column;
    enum value_state state;
    int64_t num;
    int64_t den;
};

static void read_row(const struct rooms *rooms, const char *row, struct ledger *out)
{
    char text[512];

    (void)snprintf(text, sizeof(text), HEAD "99010101|%s\n", row);
    assert_int_equal(rooms_read(rooms, text, out), RC_OK);
}

static void expect_read(void **state, const struct cell_case *cases, size_t count)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    for (size_t i = 0; i < count; i++) {
        struct ledger ledger;
        read_row(&rooms, cases[i].row, &ledger);
        const struct value *value = rooms_value(&rooms, &ledger, "99010101", cases[i].indicator);
        assert_non_null(value);
        assert_int_equal(ledger.errors, 0);
        assert_int_equal(value->state, cases[i].state);
        assert_int_equal(value->num, cases[i].num);
        assert_int_equal(value->den, cases[i].den);
        assert_int_equal(value->row, 2);
        assert_int_equal(value->column, cases[i].column);
    }
}

static void expect_refused(void **state, const struct cell_case *cases, size_t count)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    for (size_t i = 0; i < count; i++) {
        struct ledger ledger;
        read_row(&rooms, cases[i].row, &ledger);
        assert_int_equal(ledger.errors, 1);
        assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 2, cases[i].column));
        assert_null(rooms_value(&rooms, &ledger, "99010101", cases[i].indicator));
    }
}

static void numbers_are_kept_scaled(void **state)
{
    static const struct cell_case CASES[] = {
        {"~120", "POP", POP_COLUMN, REPORTED, 120, 0},
        {"1,200人", "POP", POP_COLUMN, REPORTED, 1200, 0},
        {"|~12.3", "LAND", LAND_COLUMN, REPORTED, 123, 0},
        {"|12.34亩", "LAND", LAND_COLUMN, REPORTED, 123, 0},
    };

    expect_read(state, CASES, COUNT_OF(CASES));
}

static void percentages_are_ratios_however_written(void **state)
{
    static const struct cell_case CASES[] = {
        {"||85%", "WATER", WATER_COLUMN, REPORTED, 850, 1000},
        {"||~85.3", "WATER", WATER_COLUMN, REPORTED, 853, 1000},
        {"||~0.853%", "WATER", WATER_COLUMN, REPORTED, 853, 1000},
        {"||235/280", "WATER", WATER_COLUMN, REPORTED, 235, 280},
    };

    expect_read(state, CASES, COUNT_OF(CASES));
}

static void words_say_yes_and_no_and_choices(void **state)
{
    static const struct cell_case CASES[] = {
        {"|||是", "ROAD", ROAD_COLUMN, REPORTED, 1, 0},
        {"|||已通", "ROAD", ROAD_COLUMN, REPORTED, 1, 0},
        {"|||未通", "ROAD", ROAD_COLUMN, REPORTED, 0, 0},
        {"||||平川", "GROUND", GROUND_COLUMN, REPORTED, 0, 0},
        {"||||高山", "GROUND", GROUND_COLUMN, REPORTED, 3, 0},
        {"||||steep", "GROUND", GROUND_COLUMN, REPORTED, 3, 0},
    };

    expect_read(state, CASES, COUNT_OF(CASES));
}

static void silence_and_not_applicable_are_two_things(void **state)
{
    static const struct cell_case CASES[] = {
        {"未统计", "POP", POP_COLUMN, NOT_REPORTED, 0, 0},
        {"—", "POP", POP_COLUMN, NOT_REPORTED, 0, 0},
        {"不适用", "POP", POP_COLUMN, NOT_APPLICABLE, 0, 0},
        {"||不适用", "WATER", WATER_COLUMN, NOT_APPLICABLE, 0, 0},
        {"||—", "WATER", WATER_COLUMN, NOT_REPORTED, 0, 0},
        {"|||未统计", "ROAD", ROAD_COLUMN, NOT_REPORTED, 0, 0},
        {"||||不适用", "GROUND", GROUND_COLUMN, NOT_APPLICABLE, 0, 0},
        {"||||未统计", "GROUND", GROUND_COLUMN, NOT_REPORTED, 0, 0},
    };

    expect_read(state, CASES, COUNT_OF(CASES));
}

static void a_programme_s_own_words_for_nothing_are_read(void **state)
{
    static const struct edit EDIT = {"not_reported: [未统计]", "not_reported: [没人数过]"};
    const struct rooms_of of = {"rooms.yaml", rooms_register_text(), &EDIT, 1};
    struct rooms rooms;
    struct ledger ledger;

    rooms_open_as(*state, &of, &rooms);
    assert_int_equal(rooms_read(&rooms, "行政区划代码|户籍人口\n99010101|没人数过\n", &ledger),
                     RC_OK);
    assert_int_equal(ledger.errors, 0);
    assert_int_equal(rooms_value(&rooms, &ledger, "99010101", "POP")->state, NOT_REPORTED);
}

static void every_mark_keeps_its_own_words(void **state)
{
    struct shown shown;
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(
        rooms_read(&rooms,
                   "行政区划代码|户籍人口|户数|耕地面积\n99010101|许多|99999|5\n99010102|6|7|8\n"
                   "99010103|9|几十户|10\n",
                   &ledger),
        RC_OK);
    assert_int_equal(ledger.errors, 3);
    assert_true(str_equal(ledger.marks[0].cell, STR("许多")));
    assert_true(str_equal(ledger.marks[1].cell, STR("99999")));
    assert_true(str_find(ledger.marks[1].says, STR("户数")) != STR_NONE);
    assert_true(str_equal(ledger.marks[2].cell, STR("几十户")));
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(ledger_marks_table(&ledger, &sink), RC_OK);
    const struct shown_table *marks = shown_table(&shown, "marks");
    assert_int_equal(marks->rows, 3);
    assert_true(shown_is(shown_cell(marks, 0, "cell"), "B2"));
    assert_true(shown_is(shown_cell(marks, 2, "cell"), "C4"));
    assert_true(shown_is(shown_cell(marks, 2, "value"), "几十户"));
    assert_true(shown_is(shown_cell(marks, 0, "severity"), "error"));
    shown_end(&shown);
}

static void an_empty_cell_says_nothing_at_all(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    read_row(&rooms, "|~1.5", &ledger);
    assert_null(rooms_value(&rooms, &ledger, "99010101", "POP"));
    assert_int_equal(ledger.cell_count, 1);
    assert_int_equal(ledger.errors, 0);
}

static void formulas_without_a_result_or_with_an_error_are_refused(void **state)
{
    static const struct cell_case CASES[] = {
        {"=", "POP", POP_COLUMN, REPORTED, 0, 0},
        {"#DIV/0!", "POP", POP_COLUMN, REPORTED, 0, 0},
    };

    expect_refused(state, CASES, COUNT_OF(CASES));
}

static void values_out_of_range_are_refused(void **state)
{
    static const struct cell_case CASES[] = {
        {"~9001", "POP", POP_COLUMN, REPORTED, 0, 0},
        {"~-1", "POP", POP_COLUMN, REPORTED, 0, 0},
        {"||100.1%", "WATER", WATER_COLUMN, REPORTED, 0, 0},
        {"||281/280", "WATER", WATER_COLUMN, REPORTED, 0, 0},
    };

    expect_refused(state, CASES, COUNT_OF(CASES));
}

static void what_cannot_be_read_is_refused(void **state)
{
    static const struct cell_case CASES[] = {
        {"约一百", "POP", POP_COLUMN, REPORTED, 0, 0},
        {"~12.5", "POP", POP_COLUMN, REPORTED, 0, 0},
        {"12户", "POP", POP_COLUMN, REPORTED, 0, 0},
        {"||3/0", "WATER", WATER_COLUMN, REPORTED, 0, 0},
        {"|||也许", "ROAD", ROAD_COLUMN, REPORTED, 0, 0},
        {"||||湖区", "GROUND", GROUND_COLUMN, REPORTED, 0, 0},
    };

    expect_refused(state, CASES, COUNT_OF(CASES));
}

#define SHARES(third)                                                                              \
    "行政区划代码|自来水普及率\n99010101|0.85\n99010102|0.9\n99010103|" third                      \
    "\n99010201|0.4\n99010202|1\n99020101|0.25\n"

static void a_column_of_shares_of_one_is_refused_on_its_heading(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(rooms_read(&rooms, SHARES("0.7"), &ledger), RC_OK);
    assert_int_equal(ledger.errors, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 1, 1));
}

static void one_true_percentage_in_the_column_tells_that_it_is_none_of_shares(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    assert_int_equal(rooms_read(&rooms, SHARES("70"), &ledger), RC_OK);
    assert_int_equal(ledger.errors, 0);
}

static void a_broken_rule_is_marked_on_the_cell_that_broke_it(void **state)
{
    struct rooms rooms;
    struct ledger ledger;
    struct panel panel;

    rooms_open(*state, &rooms);
    assert_int_equal(
        rooms_read(&rooms, "行政区划代码|户籍人口|户数\n99010101|10|20\n99010102|20|10\n", &ledger),
        RC_OK);
    rooms_panel(&rooms, 2024, &panel);
    ledger_check(&ledger, &panel);
    assert_int_equal(ledger.errors + ledger.warnings, 1);
    assert_int_equal(ledger.marks[0].row, 2);
    assert_true(ledger.marks[0].column == 1 || ledger.marks[0].column == 2);
    assert_true(str_find(ledger.marks[0].says, STR("户数多于人口")) != STR_NONE);
}

/* What stands already breaks the rule together with what this ledger says: the cell here is it. */
static void a_broken_rule_is_marked_where_this_ledger_speaks(void **state)
{
    struct rooms rooms;
    struct change_list list = {0};
    struct batch batch = {0};
    struct ledger ledger;
    struct panel panel;

    rooms_open(*state, &rooms);
    const struct ledger_job job = rooms_job(&rooms);
    assert_int_equal(
        rooms_import(&rooms, "行政区划代码|户籍人口\n99010101|10\n", &job, &list, &batch), RC_OK);
    assert_int_equal(rooms_read(&rooms, "行政区划代码|耕地面积|户数\n99010101|3|20\n", &ledger),
                     RC_OK);
    rooms_panel(&rooms, 2024, &panel);
    ledger_check(&ledger, &panel);
    assert_int_equal(ledger.mark_count, 1);
    assert_int_equal(ledger.marks[0].row, 2);
    assert_int_equal(ledger.marks[0].column, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(numbers_are_kept_scaled),
        IN_A_WORLD(percentages_are_ratios_however_written),
        IN_A_WORLD(words_say_yes_and_no_and_choices),
        IN_A_WORLD(silence_and_not_applicable_are_two_things),
        IN_A_WORLD(a_programme_s_own_words_for_nothing_are_read),
        IN_A_WORLD(every_mark_keeps_its_own_words),
        IN_A_WORLD(an_empty_cell_says_nothing_at_all),
        IN_A_WORLD(formulas_without_a_result_or_with_an_error_are_refused),
        IN_A_WORLD(values_out_of_range_are_refused),
        IN_A_WORLD(what_cannot_be_read_is_refused),
        IN_A_WORLD(a_column_of_shares_of_one_is_refused_on_its_heading),
        IN_A_WORLD(one_true_percentage_in_the_column_tells_that_it_is_none_of_shares),
        IN_A_WORLD(a_broken_rule_is_marked_on_the_cell_that_broke_it),
        IN_A_WORLD(a_broken_rule_is_marked_where_this_ledger_speaks),
    };
    return cmocka_run_group_tests_name("ledger cells", tests, NULL, NULL);
}
