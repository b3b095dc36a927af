/* Ledgers: which unit a row speaks of. */
#include "tests/office/rooms.h"

#define HEAD "行政区划代码|乡镇名|村名|户籍人口\n"

static void read_rows(void **state, const char *text, struct rooms *rooms, struct ledger *ledger)
{
    rooms_open(*state, rooms);
    assert_int_equal(rooms_read(rooms, text, ledger), RC_OK);
}

static bool has(const struct rooms *rooms, const struct ledger *ledger, const char *code)
{
    return rooms_value(rooms, ledger, code, "POP") != NULL;
}

static void a_code_is_enough(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "99010201|||7\n", &rooms, &ledger);
    assert_true(has(&rooms, &ledger, "99010201"));
    assert_int_equal(ledger.errors + ledger.warnings, 0);
}

static void the_name_beside_a_code_may_be_written_in_full(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "99010101||李庄村委会|7\n", &rooms, &ledger);
    assert_true(has(&rooms, &ledger, "99010101"));
    assert_int_equal(ledger.errors + ledger.warnings, 0);
}

static void the_name_of_another_village_beside_a_code_is_an_error(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "99010101||王庄村|7\n", &rooms, &ledger);
    assert_int_equal(ledger.errors, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 2, 2));
}

static void an_unknown_name_beside_a_code_is_a_warning(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "99010101||新李庄|7\n", &rooms, &ledger);
    assert_int_equal(ledger.errors, 0);
    assert_true(rooms_marked(&ledger, SEVERITY_WARNING, 2, 2));
    assert_true(has(&rooms, &ledger, "99010101"));
}

static void a_name_that_is_unique_needs_no_code(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "||赵庄|7\n", &rooms, &ledger);
    assert_true(has(&rooms, &ledger, "99010202"));
    assert_int_equal(ledger.errors, 0);
}

static void a_name_that_two_villages_bear_is_refused(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "||李庄村|7\n", &rooms, &ledger);
    assert_int_equal(ledger.row_count, 0);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 2, 2));
}

static void the_township_tells_two_villages_of_one_name_apart(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "|西镇|李庄村|7\n", &rooms, &ledger);
    assert_int_equal(ledger.errors, 0);
    assert_true(has(&rooms, &ledger, "99010201"));
    assert_false(has(&rooms, &ledger, "99010101"));
}

static void a_village_is_not_looked_for_outside_the_township_named(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "|东镇|赵庄村|7\n|无此镇|赵庄村|7\n", &rooms, &ledger);
    assert_int_equal(ledger.row_count, 0);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 2, 2));
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 3, 1));
}

/* A township merged over its villages stands for the empty cells below it, and no further. */
static void a_merged_township_counts_for_all_its_rows(void **state)
{
    static const struct merge MERGES[] = {{2, 3, 1, 1}, {4, 5, 1, 1}};
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    const struct ledger_job job = rooms_job(&rooms);
    assert_int_equal(ledger_begin(rooms.cx, &job, &ledger), RC_OK);
    assert_int_equal(rooms_feed(ledger_reader(&ledger),
                                HEAD "|东镇|王庄村|1\n||李庄村|2\n|西镇|赵庄村|3\n||李庄村|4\n"
                                     "||李庄村|5\n",
                                MERGES, COUNT_OF(MERGES)),
                     RC_OK);
    assert_int_equal(rooms_value(&rooms, &ledger, "99010101", "POP")->num, 2);
    assert_int_equal(rooms_value(&rooms, &ledger, "99010201", "POP")->num, 4);
    assert_int_equal(ledger.errors, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 6, 2));
}

/* What is merged on one sheet is not merged on the next. */
static void merged_cells_count_for_their_own_sheet(void **state)
{
    static const struct merge MERGES[] = {{2, 3, 1, 1}};
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    const struct ledger_job job = rooms_job(&rooms);
    assert_int_equal(ledger_begin(rooms.cx, &job, &ledger), RC_OK);
    const struct sheet_reader reader = ledger_reader(&ledger);
    assert_int_equal(
        rooms_feed(reader, HEAD "|东镇|王庄村|1\n||李庄村|2\n", MERGES, COUNT_OF(MERGES)), RC_OK);
    assert_int_equal(rooms_feed(reader, HEAD "|西镇|赵庄村|3\n||李庄村|4\n", NULL, 0), RC_OK);
    assert_int_equal(ledger.errors, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 3, 2));
}

static void an_empty_sheet_is_passed_over(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    const struct ledger_job job = rooms_job(&rooms);
    assert_int_equal(ledger_begin(rooms.cx, &job, &ledger), RC_OK);
    const struct sheet_reader reader = ledger_reader(&ledger);
    assert_int_equal(rooms_feed(reader, "", NULL, 0), RC_OK);
    assert_int_equal(rooms_feed(reader, HEAD "|西镇|赵庄村|3\n", NULL, 0), RC_OK);
    assert_int_equal(rooms_feed(reader, "", NULL, 0), RC_OK);
    assert_int_equal(ledger_finish(&ledger), RC_OK);
    assert_int_equal(ledger.mark_count, 0);
    assert_int_equal(ledger.row_count, 1);
}

/* The word for a total makes a total of a row only where names stand. */
static void a_total_in_a_column_of_values_is_refused(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "99010101|||合计\n", &rooms, &ledger);
    assert_int_equal(ledger.errors, 1);
    assert_int_equal(ledger.total_count, 0);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 2, 3));
}

static void an_unknown_code_of_ours_is_refused_a_foreign_one_counted(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "99010109|||7\n88010101|||7\n", &rooms, &ledger);
    assert_int_equal(ledger.row_count, 0);
    assert_int_equal(ledger.errors, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 2, 0));
    assert_int_equal(ledger.outside_count, 1);
}

static void rows_outside_the_unit_asked_for_are_counted_not_read(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    struct ledger_job job = rooms_job(&rooms);
    job.root = rooms_place(&rooms, "9901");
    assert_int_equal(
        rooms_read_job(&rooms, HEAD "99010101|||1\n99020101|||2\n990101|||3\n", &job, &ledger),
        RC_OK);
    assert_int_equal(ledger.row_count, 1);
    assert_int_equal(ledger.outside_count, 2);
    assert_int_equal(ledger.errors, 0);
    assert_false(has(&rooms, &ledger, "99020101"));
}

static void
on_request_unknown_units_are_passed_over_and_every_row_passed_over_is_listed(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    struct ledger_job job = rooms_job(&rooms);
    job.known_only = true;
    assert_int_equal(rooms_read_job(&rooms,
                                    HEAD "99010101||李庄村|7\n99019999||无此村|8\n|甲乡|无此村|9\n"
                                         "11010101||外省村|5\n||合计|29\n",
                                    &job, &ledger),
                     RC_OK);
    assert_int_equal(ledger.row_count, 1);
    assert_int_equal(ledger.errors + ledger.warnings, 0);
    assert_int_equal(ledger.unknown_count, 2);
    assert_int_equal(ledger.outside_count, 1);
    assert_int_equal(ledger.total_count, 1);
    assert_int_equal(ledger.mark_count, 4);
    assert_true(rooms_marked(&ledger, SEVERITY_NOTE, 3, 0));
    assert_true(rooms_marked(&ledger, SEVERITY_NOTE, 5, 0));
    assert_true(rooms_marked(&ledger, SEVERITY_NOTE, 6, 2));
}

static void a_name_that_two_bear_stays_an_error_whatever_is_passed_over(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    rooms_open(*state, &rooms);
    struct ledger_job job = rooms_job(&rooms);
    job.known_only = true;
    assert_int_equal(rooms_read_job(&rooms, HEAD "||李庄村|7\n", &job, &ledger), RC_OK);
    assert_int_equal(ledger.errors, 1);
}

static void a_word_for_nothing_in_the_column_of_codes_is_no_code(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "未统计||王庄村|7\n", &rooms, &ledger);
    assert_int_equal(ledger.errors, 0);
    assert_true(has(&rooms, &ledger, "99010102"));
}

/* Codes of letters and digits, from the first of each to the last. */
static void letters_in_codes_are_read(void **state)
{
    static const char CODES[] = "code|level|name\n99|province|示范省\n9901|county|甲县\n"
                                "990101|township|东镇\n990101AZ|village|李庄村\n"
                                "990101az|village|王庄村\n99010109|village|张庄村\n";
    const struct rooms_of of = {.file = "rooms.yaml", .register_text = CODES};
    struct rooms rooms;
    struct ledger ledger;

    rooms_open_as(*state, &of, &rooms);
    assert_int_equal(
        rooms_read(&rooms, "行政区划代码|户籍人口\n990101AZ|1\n990101az|2\n99010109|3\n", &ledger),
        RC_OK);
    assert_int_equal(ledger.errors, 0);
    assert_int_equal(rooms_value(&rooms, &ledger, "990101AZ", "POP")->num, 1);
    assert_int_equal(rooms_value(&rooms, &ledger, "990101az", "POP")->num, 2);
    assert_int_equal(rooms_value(&rooms, &ledger, "99010109", "POP")->num, 3);
}

static void totals_are_counted_not_read(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "合计|||300\n||小 计|300\n99010101|||7\n", &rooms, &ledger);
    assert_int_equal(ledger.total_count, 2);
    assert_int_equal(ledger.row_count, 1);
    assert_int_equal(ledger.errors, 0);
}

static void a_village_named_twice_is_an_error_that_names_both_rows(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "99010101|||7\n|东镇|李庄村|8\n", &rooms, &ledger);
    assert_int_equal(ledger.errors, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 3, 0));
    assert_true(str_find(ledger.marks[0].says, STR("2")) != STR_NONE);
    assert_int_equal(ledger.row_count, 1);
}

static void values_without_a_unit_are_refused_notes_passed_over(void **state)
{
    struct rooms rooms;
    struct ledger ledger;

    read_rows(state, HEAD "|||7\n||填表说明：如实填写|\n\n", &rooms, &ledger);
    assert_int_equal(ledger.errors, 1);
    assert_true(rooms_marked(&ledger, SEVERITY_ERROR, 2, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_code_is_enough),
        IN_A_WORLD(the_name_beside_a_code_may_be_written_in_full),
        IN_A_WORLD(the_name_of_another_village_beside_a_code_is_an_error),
        IN_A_WORLD(an_unknown_name_beside_a_code_is_a_warning),
        IN_A_WORLD(a_name_that_is_unique_needs_no_code),
        IN_A_WORLD(a_name_that_two_villages_bear_is_refused),
        IN_A_WORLD(the_township_tells_two_villages_of_one_name_apart),
        IN_A_WORLD(a_village_is_not_looked_for_outside_the_township_named),
        IN_A_WORLD(a_merged_township_counts_for_all_its_rows),
        IN_A_WORLD(an_empty_sheet_is_passed_over),
        IN_A_WORLD(merged_cells_count_for_their_own_sheet),
        IN_A_WORLD(a_total_in_a_column_of_values_is_refused),
        IN_A_WORLD(an_unknown_code_of_ours_is_refused_a_foreign_one_counted),
        IN_A_WORLD(rows_outside_the_unit_asked_for_are_counted_not_read),
        IN_A_WORLD(on_request_unknown_units_are_passed_over_and_every_row_passed_over_is_listed),
        IN_A_WORLD(a_name_that_two_bear_stays_an_error_whatever_is_passed_over),
        IN_A_WORLD(a_word_for_nothing_in_the_column_of_codes_is_no_code),
        IN_A_WORLD(letters_in_codes_are_read),
        IN_A_WORLD(totals_are_counted_not_read),
        IN_A_WORLD(a_village_named_twice_is_an_error_that_names_both_rows),
        IN_A_WORLD(values_without_a_unit_are_refused_notes_passed_over),
    };
    return cmocka_run_group_tests_name("ledger units", tests, NULL, NULL);
}
