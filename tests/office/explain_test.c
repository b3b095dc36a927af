/* Where a value came from; and of one that is not there, who was to say it and when it was last
 * known. */
#include "base/num.h"
#include "tests/office/rooms.h"
#include "tests/office/shown.h"

#define HEAD "行政区划代码|户籍人口|户数\n"

enum { NOTES_BYTES_MAX = 4096 };

/* What an explanation says. */
struct told {
    struct buf notes; /* a line a note */
    struct buf cells; /* "value from cell" of every row */
    int rows;
};

static enum rc see_begin(void *self, const struct table *table)
{
    struct told *told = self;

    for (int i = 0; i < table->note_count; i++) {
        buf_put(&told->notes, table->notes[i]);
        buf_char(&told->notes, '\n');
    }
    return RC_OK;
}

static enum rc see_row(void *self, const struct out *cells)
{
    struct told *told = self;

    buf_fixed(&told->cells, cells[0].number, cells[0].decimals);
    buf_char(&told->cells, ' ');
    buf_put(&told->cells, cells[1].text);
    buf_char(&told->cells, ' ');
    buf_put(&told->cells, cells[4].text);
    buf_char(&told->cells, '\n');
    told->rows++;
    return RC_OK;
}

static enum rc see_end(void *self)
{
    (void)self;
    return RC_OK;
}

static void take(const struct rooms *rooms, const char *period, const char *text)
{
    struct ledger_job job = rooms_job(rooms);
    struct change_list list = {0};
    struct batch batch = {0};

    assert_true(period_parse(str_from(period), &job.period));
    assert_int_equal(rooms_import(rooms, text, &job, &list, &batch), RC_OK);
}

static struct told explain(const struct rooms *rooms, const char *code, const char *indicator)
{
    struct told told = {.rows = 0};
    const struct table_sink sink = {&told, see_begin, see_row, see_end};
    const struct value_question question = {
        .programme = rooms->programme,
        .numbers = &rooms->numbers,
        .tree = &rooms->tree,
        .place = rooms_place(rooms, code),
        .indicator = rooms_indicator(rooms, indicator),
        .period = period_of_year(2024),
    };

    buf_init(&told.notes, rooms->cx->arena, NOTES_BYTES_MAX);
    buf_init(&told.cells, rooms->cx->arena, NOTES_BYTES_MAX);
    assert_int_equal(value_explain(rooms->cx, &question, &sink), RC_OK);
    return told;
}

static bool says(const struct told *told, const char *words)
{
    str notes = {0};

    assert_true(buf_done(&told->notes, &notes));
    return str_find(notes, str_from(words)) != STR_NONE;
}

static void expect_cells(const struct told *told, const char *want)
{
    str cells = {0};

    assert_true(buf_done(&told->cells, &cells));
    assert_true(str_equal(cells, str_from(want)));
}

static void a_value_names_its_cell_and_a_formula_its_steps(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    take(&rooms, "2024", HEAD "99010102|120|40\n99010101|121|40\n");
    struct told told = explain(&rooms, "99010101", "HOMES");
    expect_cells(&told, "40 村表 C3\n");
    told = explain(&rooms, "99010101", "SIZE");
    expect_cells(&told, "121 户籍人口 \n40 户数 \n3.03 户籍人口 / 户数 \n");
}

static void a_value_nobody_reported_names_who_was_to(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    take(&rooms, "2024", HEAD "99010101|120\n");
    struct told told = explain(&rooms, "99010101", "HOMES");
    assert_int_equal(told.rows, 0);
    assert_true(says(&told, "2024 期"));
    assert_true(says(&told, "李庄村"));
    assert_true(says(&told, "户数"));
    assert_true(says(&told, "村表"));
    assert_true(says(&told, "各期也都没有数值"));
    told = explain(&rooms, "99010102", "POP");
    assert_true(says(&told, "主管部门"));
}

static void the_last_period_with_a_value_is_named(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    take(&rooms, "2021", HEAD "99010101|120|40\n");
    take(&rooms, "2023Q4", HEAD "99010101|120|41\n");
    take(&rooms, "2022", HEAD "99010101|120|42\n");
    take(&rooms, "2025", HEAD "99010101|120|43\n");
    take(&rooms, "2024-11", HEAD "99010101|120|未统计\n");
    struct told told = explain(&rooms, "99010101", "HOMES");
    assert_true(says(&told, "最近一次有数值的是 2023Q4 期"));
}

static void a_value_taken_back_has_its_rows_and_the_last_known_period(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    take(&rooms, "2023", HEAD "99010101|120|40\n");
    take(&rooms, "2024", HEAD "99010101|120|41\n");
    take(&rooms, "2024", HEAD "99010101|120|不适用\n");
    struct told told = explain(&rooms, "99010101", "HOMES");
    assert_int_equal(told.rows, 2);
    assert_false(says(&told, "村表"));
    assert_true(says(&told, "最近一次有数值的是 2023 期"));
}

static void a_known_value_needs_no_words(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    take(&rooms, "2024", HEAD "99010101|120|40\n");
    struct told told = explain(&rooms, "99010101", "HOMES");
    assert_int_equal(told.rows, 1);
    assert_true(!says(&told, "期"));
}

static void a_unit_that_is_not_asked_is_no_debtor(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    struct told told = explain(&rooms, "990101", "POP");
    assert_true(says(&told, "乡镇"));
    assert_true(says(&told, "rollup"));
    assert_false(says(&told, "主管部门"));
    assert_false(says(&told, "在此之前"));
}

/* A row of a history as people ask for it: when, from which batch. */
static void a_value_names_its_batch(void **state)
{
    struct rooms rooms;
    struct shown shown;
    struct change_list list = {0};
    struct batch batch = {0};
    char number[NUM_TEXT_MAX];

    rooms_open(*state, &rooms);
    const struct ledger_job job = rooms_job(&rooms);
    assert_int_equal(rooms_import(&rooms, HEAD "99010101|121|40\n", &job, &list, &batch), RC_OK);
    const struct value_question question = {
        .programme = rooms.programme,
        .numbers = &rooms.numbers,
        .tree = &rooms.tree,
        .place = rooms_place(&rooms, "99010101"),
        .indicator = rooms_indicator(&rooms, "HOMES"),
        .period = period_of_year(2024),
    };
    shown_begin(&shown);
    struct table_sink sink = shown_sink(&shown);
    assert_int_equal(value_explain(rooms.cx, &question, &sink), RC_OK);
    str said = shown_cell(&shown.tables[0], 0, "batch")->text;
    assert_true(str_equal(said, num_print(number, batch.id, 0)));
    assert_true(str_equal(shown_fact(&shown.tables[0], "indicator")->key, STR("HOMES")));
    shown_end(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_value_names_its_batch),
        IN_A_WORLD(a_value_names_its_cell_and_a_formula_its_steps),
        IN_A_WORLD(a_value_nobody_reported_names_who_was_to),
        IN_A_WORLD(the_last_period_with_a_value_is_named),
        IN_A_WORLD(a_value_taken_back_has_its_rows_and_the_last_known_period),
        IN_A_WORLD(a_known_value_needs_no_words),
        IN_A_WORLD(a_unit_that_is_not_asked_is_no_debtor),
    };
    return cmocka_run_group_tests_name("explanations of values", tests, NULL, NULL);
}
