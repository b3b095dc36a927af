/* An office's own ledger, read back by the product's own reader. */
#include <stddef.h>
#include <stdint.h>

#include "format/paper/paper.h"
#include "format/sheet/reading_test.h"
#include "format/xlsx/taken_test.h"

static const struct paper_column COLUMNS[] = {
    {STR_INIT("代码"), STR_INIT(""), 16},
    {STR_INIT("乡镇"), STR_INIT(""), 12},
    {STR_INIT("人口（人）"), STR_INIT("人口"), 10},
    {STR_INIT("户数"), STR_INIT("人口"), 10},
    {STR_INIT("普及率（%）"), STR_INIT("环境"), 10},
};

static const str LINES[] = {STR_INIT("填报单位：某局")};

static struct paper_sheet sheet_of(bool has_one_head)
{
    return (struct paper_sheet){
        .tab = STR("台账"),
        .title = STR("某县台账"),
        .lines = LINES,
        .line_count = 1,
        .columns = COLUMNS,
        .column_count = (int)COUNT_OF(COLUMNS),
        .frozen_columns = 2,
        .has_one_head = has_one_head,
    };
}

static struct paper *begun(struct taken *taken, const struct paper_sheet *sheet)
{
    const struct book_options options = {.title = STR("台账"), .footer = STR("演示")};
    struct paper *paper = NULL;

    assert_int_equal(paper_open(&taken->arena, &options, &taken->err, &paper), RC_OK);
    assert_int_equal(paper_begin(paper, sheet), RC_OK);
    return paper;
}

/* `part` as it was read back, or all of it where it is not there. */
static str part_like(struct fixture *fixture, const char *part)
{
    str text = read_back(fixture);
    size_t at = str_find(text, str_from(part));

    return at == STR_NONE ? text : str_part(text, at, str_from(part).len);
}

/* Close and read what came out. */
static void close_and_read(struct fixture *fixture, struct taken *taken, struct paper *paper,
                           struct byte_sink sink)
{
    struct sheet_reader reader = reader_of(fixture);

    assert_int_equal(paper_close(paper, sink), RC_OK);
    assert_int_equal(xlsx_read(bytes_of(taken), &SHEET_LIMITS, &reader, &taken->err), RC_OK);
    arena_done(&taken->arena);
}

static void two_rows_of_heading_are_merged_down_and_across(void **state)
{
    struct taken taken;
    struct byte_sink sink = start(&taken);
    const struct paper_sheet sheet = sheet_of(false);
    struct paper *paper = begun(&taken, &sheet);

    assert_int_equal(paper_next_row(paper), 5);
    close_and_read(*state, &taken, paper, sink);
    assert_text(part_like(*state, " 1-1/0-4"), " 1-1/0-4"); /* the title */
    assert_text(part_like(*state, " 3-4/0-0"), " 3-4/0-0"); /* the code, downward */
    assert_text(part_like(*state, " 3-3/2-3"), " 3-3/2-3"); /* a group, across */
    assert_text(part_like(*state, "At:代码"), "At:代码");   /* and its text is there */
    assert_text(part_like(*state, "Ct:人口（人）"), "Ct:人口（人）");
}

static void one_row_of_heading_has_no_groups(void **state)
{
    struct taken taken;
    struct byte_sink sink = start(&taken);
    const struct paper_sheet sheet = sheet_of(true);
    struct paper *paper = begun(&taken, &sheet);

    assert_int_equal(paper_next_row(paper), 4);
    close_and_read(*state, &taken, paper, sink);
    assert_true(str_find(read_back(*state), STR("环境")) == STR_NONE);
    assert_text(part_like(*state, "Et:普及率（%）"), "Et:普及率（%）");
}

static void cells_come_back_as_they_were_written(void **state)
{
    struct taken taken;
    struct byte_sink sink = start(&taken);
    const struct paper_sheet sheet = sheet_of(false);
    struct paper *paper = begun(&taken, &sheet);
    const struct paper_cell rows[][COUNT_OF(COLUMNS)] = {
        {{PAPER_TEXT, STR_INIT("990101"), 0},
         {PAPER_TEXT, STR_INIT("某镇"), 0},
         {PAPER_NUMBER, STR_INIT(""), 1234.5},
         {PAPER_TEXT, STR_INIT("—"), 0},
         {PAPER_PERCENT, STR_INIT(""), 0.853}},
        {{PAPER_TEXT, STR_INIT("990102"), 0},
         {PAPER_EMPTY, STR_INIT(""), 0},
         {PAPER_NUMBER, STR_INIT(""), 7},
         {PAPER_EMPTY, STR_INIT(""), 0},
         {PAPER_EMPTY, STR_INIT(""), 0}},
        {{PAPER_EMPTY, STR_INIT(""), 0},
         {PAPER_TEXT, STR_INIT("小计"), 0},
         {PAPER_SUM, STR_INIT("=SUM(C5:C6)"), 1241.5},
         {PAPER_EMPTY, STR_INIT(""), 0},
         {PAPER_EMPTY, STR_INIT(""), 0}},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(paper_row(paper, rows[i], i == 2), RC_OK);
        if (i == 1) {
            assert_int_equal(paper_merge(paper, 1, 5), RC_OK);
        }
    }
    close_and_read(*state, &taken, paper, sink);
    assert_text(part_like(*state, "5-6/1-1"), "5-6/1-1"); /* the township over its villages */
    assert_text(part_like(*state, "Bt:某镇 Cn:1234.5 Dt:— En%:0.853"),
                "Bt:某镇 Cn:1234.5 Dt:— En%:0.853");
    assert_text(part_like(*state, "Bt:小计 Cn=:1241.5"), "Bt:小计 Cn=:1241.5");
}

static void text_that_cannot_be_stored_spoils_the_book(void **state)
{
    struct taken taken;
    struct byte_sink sink = start(&taken);
    const struct paper_sheet sheet = sheet_of(true);
    struct paper *paper = begun(&taken, &sheet);
    struct paper_cell cells[COUNT_OF(COLUMNS)] = {{PAPER_TEXT, STR_INIT("\xff"), 0}};

    (void)state;
    assert_int_equal(paper_row(paper, cells, false), RC_INVALID);
    assert_int_equal(paper_close(paper, sink), RC_INVALID);
    assert_int_equal(bytes_of(&taken).len, 0);
    arena_done(&taken.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(two_rows_of_heading_are_merged_down_and_across, begin, end),
        cmocka_unit_test_setup_teardown(one_row_of_heading_has_no_groups, begin, end),
        cmocka_unit_test_setup_teardown(cells_come_back_as_they_were_written, begin, end),
        cmocka_unit_test_setup_teardown(text_that_cannot_be_stored_spoils_the_book, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
