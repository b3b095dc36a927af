/* Ledgers to be filled in: what is locked, what is checked, how they are recognised. */
#include "format/form/form.h"

#include "format/sheet/sheet.h"
#include "format/xlsx/taken_test.h"

static const str HEADS[] = {STR_INIT("代码"), STR_INIT("乡镇"), STR_INIT("村名")};
static const str TERRAIN[] = {STR_INIT("平原"), STR_INIT("丘陵"), STR_INIT("山区")};
static const str YES_NO[] = {STR_INIT("是"), STR_INIT("否")};

static const struct form_column COLUMNS[] = {
    {
        .key = STR_INIT("people"),
        .title = STR_INIT("常住人口"),
        .group = STR_INIT("基本情况"),
        .unit = STR_INIT("人"),
        .note = STR_INIT("在村居住半年以上的人口。"),
        .rule = STR_INIT("0 到 100,000 的整数"),
        .kind = FORM_NUMBER,
        .has_range = true,
        .max = 100000,
    },
    {
        .key = STR_INIT("toilets"),
        .title = STR_INIT("卫生厕所普及率"),
        .group = STR_INIT("基本情况"),
        .unit = STR_INIT("%"),
        .kind = FORM_NUMBER,
        .decimals = 1,
        .has_range = true,
        .max = 1000,
    },
    {
        .key = STR_INIT("terrain"),
        .title = STR_INIT("地形"),
        .kind = FORM_CHOICE,
        .choices = TERRAIN,
        .choice_count = 3,
    },
    {
        .key = STR_INIT("bus"),
        .title = STR_INIT("通客车"),
        .kind = FORM_YES_NO,
        .choices = YES_NO,
        .choice_count = 2,
    },
    {
        .key = STR_INIT("lamps"),
        .title = STR_INIT("有路灯"),
        .kind = FORM_YES_NO,
        .choices = YES_NO,
        .choice_count = 2,
    },
    {.key = STR_INIT("built"), .title = STR_INIT("建成日期"), .kind = FORM_DATE},
    {.key = STR_INIT("income"),
     .title = STR_INIT("集体收入"),
     .kind = FORM_NUMBER,
     .decimals = 2,
     .is_locked = true},
    {.key = STR_INIT("remark"), .title = STR_INIT("备注"), .kind = FORM_TEXT},
};

static const str NOTES[] = {STR_INIT("请在白色单元格中填写。")};
static const struct form_word MARKS[] = {
    {STR_INIT("programme"), STR_INIT("ab12")},
    {STR_INIT("period"), STR_INIT("2024")},
    {STR_INIT("unit"), STR_INIT("990101")},
};

static struct form sample(void)
{
    return (struct form){
        .title = STR("2024 年村情台账"),
        .tab = STR("台账"),
        .lead = STR("填报单位：示范县　期：2024"),
        .heads = HEADS,
        .head_count = 3,
        .columns = COLUMNS,
        .column_count = COUNT_OF(COLUMNS),
        .notes = NOTES,
        .note_count = 1,
        .notes_tab = STR("填报说明"),
        .marks = MARKS,
        .mark_count = 3,
    };
}

static enum rc feed(struct form_sink sink, const struct form *form, int rows)
{
    const str heads[] = {STR("990101001001"), STR("中心镇"), STR("东村")};
    const struct out values[] = {
        out_int(1234),
        out_ratio(2, 3, 4),
        out_text(STR("山区")),
        out_none(STR(""), STR("")),
        out_text(STR("是")),
        out_text(STR("2020-02-29")),
        out_money(INT64_C(123456), 2),
        out_text(STR("=1+1")),
    };
    struct form_row row = {heads, values};
    enum rc rc = sink.begin(sink.self, form);

    for (int i = 0; i < rows && rc == RC_OK; i++) {
        rc = sink.row(sink.self, &row);
    }
    return rc == RC_OK ? sink.end(sink.self) : rc;
}

static void write_sample(struct taken *taken, int rows)
{
    struct byte_sink out = start(taken);
    struct book_options options = {.title = STR("台账")};
    struct form_book *book = NULL;
    struct form form = sample();

    assert_int_equal(form_open(&taken->arena, &options, &taken->err, &book), RC_OK);
    assert_int_equal(feed(form_sink(book), &form, rows), RC_OK);
    assert_int_equal(form_close(book, out), RC_OK);
}

static const char LEDGER[] = "xl/worksheets/sheet1.xml";

static void units_are_locked_and_answers_are_open(void **state)
{
    struct taken taken;

    (void)state;
    write_sample(&taken, 2);
    expect_part(&taken, LEDGER, "<sheetProtection sheet=\"1\"");
    expect_part(&taken, LEDGER, "formatColumns=\"0\"");
    expect_part(&taken, "xl/styles.xml", "<protection locked=\"0\"/>");
    expect_part(&taken, LEDGER, "<t>常住人口（人）</t>");
    expect_part(&taken, LEDGER, "<mergeCell ref=\"D3:E3\"/>");
    expect_part(&taken, LEDGER, "<pane xSplit=\"3\" ySplit=\"4\"");
    arena_done(&taken.arena);
}

static void values_are_filled_in(void **state)
{
    struct taken taken;

    (void)state;
    write_sample(&taken, 1);
    expect_part(&taken, LEDGER, "<v>1234</v>");
    expect_part(&taken, LEDGER, "<v>66.7</v>");
    expect_part(&taken, LEDGER, "<v>43890</v>"); /* 2020-02-29 as Excel counts days */
    expect_part(&taken, LEDGER, "<v>1234.56</v>");
    expect_part(&taken, LEDGER, "<t>=1+1</t>");
    expect_part(&taken, LEDGER,
                "r=\"G5\""); /* an open cell without a value is there to be typed in */
    assert_int_equal(str_find(part_of(&taken, LEDGER), STR("<f>")), STR_NONE);
    arena_done(&taken.arena);
}

static void what_is_typed_is_checked(void **state)
{
    struct taken taken;

    (void)state;
    write_sample(&taken, 2);
    expect_part(&taken, LEDGER, "<dataValidation type=\"whole\"");
    expect_part(&taken, LEDGER,
                "error=\"0 到 100,000 的整数\" sqref=\"D5:D6\">"
                "<formula1>0</formula1><formula2>100000</formula2>");
    expect_part(&taken, LEDGER, "sqref=\"E5:E6\"><formula1>0</formula1><formula2>100</formula2>");
    expect_part(&taken, LEDGER, "sqref=\"F5:F6\"><formula1>wancun_list_2</formula1>");
    expect_part(&taken, LEDGER, "sqref=\"G5:G6\"><formula1>wancun_list_3</formula1>");
    expect_part(&taken, LEDGER, "sqref=\"H5:H6\"><formula1>wancun_list_3</formula1>");
    expect_part(&taken, LEDGER, "<dataValidation type=\"date\"");
    expect_part(&taken, "xl/workbook.xml",
                "<definedName name=\"wancun_list_2\">'_lists'!$C$1:$C$3</definedName>");
    assert_int_equal(str_find(part_of(&taken, LEDGER), STR("sqref=\"J5")), STR_NONE); /* locked */
    arena_done(&taken.arena);
}

static void a_ledger_can_be_recognised(void **state)
{
    struct taken taken;

    (void)state;
    write_sample(&taken, 1);
    expect_part(&taken, "xl/workbook.xml", "name=\"_wancun\" sheetId=\"4\" state=\"hidden\"");
    expect_part(&taken, "xl/worksheets/sheet4.xml", "<t>wancun.form/1</t>");
    expect_part(&taken, "xl/worksheets/sheet4.xml", "<t>ab12</t>");
    expect_part(&taken, "xl/worksheets/sheet4.xml", "<t>people</t>");
    expect_part(&taken, "xl/worksheets/sheet4.xml", "<t>常住人口（人）</t>");
    expect_part(&taken, "docProps/custom.xml", "name=\"wancun.period\"");
    arena_done(&taken.arena);
}

/* What the reader finds on the hidden sheet, and in the row of headings. */
struct found {
    struct buf text;
    bool in_marks;
};

static enum rc find_sheet(void *self, const struct sheet_info *info)
{
    struct found *found = self;

    found->in_marks = str_equal(info->name, STR(FORM_MARK_TAB)) && info->is_hidden;
    return RC_OK;
}

static enum rc find_row(void *self, const struct sheet_row *row)
{
    struct found *found = self;

    for (int i = 0; i < row->count && found->in_marks; i++) {
        buf_put(&found->text, row->cells[i].text);
        buf_char(&found->text, i + 1 < row->count ? '=' : ';');
    }
    return RC_OK;
}

static enum rc find_end(void *self)
{
    (void)self;
    return RC_OK;
}

static void a_ledger_comes_back_through_the_reader(void **state)
{
    struct taken taken;
    struct found found = {0};
    struct sheet_reader reader = {&found, find_sheet, find_row, find_end};
    str all = {0};

    (void)state;
    write_sample(&taken, 3);
    buf_init(&found.text, &taken.arena, ARENA_MIB);
    assert_int_equal(xlsx_read(bytes_of(&taken), &SHEET_LIMITS, &reader, &taken.err), RC_OK);
    assert_true(buf_done(&found.text, &all));
    assert_true(str_starts(all, STR("schema=wancun.form/1;programme=ab12;period=2024;unit=990101;"
                                    "tab=台账;head_row=4;column=people=常住人口（人）;"
                                    "column=toilets=卫生厕所普及率（%）;")));
    arena_done(&taken.arena);
}

static void definitions_stand_behind_the_headings(void **state)
{
    struct taken taken;

    (void)state;
    write_sample(&taken, 1);
    expect_part(&taken, "xl/comments1.xml", "<comment ref=\"D4\"");
    expect_part(&taken, "xl/comments1.xml", "在村居住半年以上的人口。\n0 到 100,000 的整数");
    expect_part(&taken, "xl/worksheets/sheet2.xml", "请在白色单元格中填写。");
    arena_done(&taken.arena);
}

static void a_ledger_without_units_is_still_whole(void **state)
{
    struct taken taken;

    (void)state;
    write_sample(&taken, 0);
    assert_int_equal(str_find(part_of(&taken, LEDGER), STR("<dataValidation")), STR_NONE);
    arena_done(&taken.arena);
}

static void too_many_choices_are_refused(void **state)
{
    struct form_column column = COLUMNS[2];
    struct taken taken;
    struct byte_sink out = start(&taken);
    struct book_options options = {.title = STR("台账")};
    struct form_book *book = NULL;
    struct form form = sample();

    (void)state;
    column.choice_count = FORM_LIST_MAX + 1;
    form.columns = &column;
    form.column_count = 1;
    assert_int_equal(form_open(&taken.arena, &options, &taken.err, &book), RC_OK);
    assert_int_equal(feed(form_sink(book), &form, 0), RC_LIMIT);
    assert_int_equal(taken.err.msg, MSG_BOOK_CHOICES_MANY);
    assert_int_equal(form_close(book, out), RC_LIMIT);
    assert_int_equal(bytes_of(&taken).len, 0);
    arena_done(&taken.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(units_are_locked_and_answers_are_open),
        cmocka_unit_test(values_are_filled_in),
        cmocka_unit_test(what_is_typed_is_checked),
        cmocka_unit_test(a_ledger_can_be_recognised),
        cmocka_unit_test(a_ledger_comes_back_through_the_reader),
        cmocka_unit_test(definitions_stand_behind_the_headings),
        cmocka_unit_test(a_ledger_without_units_is_still_whole),
        cmocka_unit_test(too_many_choices_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
