/* The faces of a table: text, JSON, CSV, workbooks. */
#include "format/book/book.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "format/xlsx/taken_test.h"

static void expect_text(struct taken *taken, const char *wanted)
{
    str all = bytes_of(taken);

    assert_string_equal(arena_str(&taken->arena, all).at, wanted);
    arena_done(&taken->arena);
}

static const struct column COLUMNS[] = {
    {.key = STR_INIT("code"), .title = STR_INIT("代码"), .is_id = true},
    {.key = STR_INIT("name"), .title = STR_INIT("村名")},
    {.key = STR_INIT("people"), .title = STR_INIT("常住人口"), .group = STR_INIT("人口")},
    {.key = STR_INIT("old"), .title = STR_INIT("老龄"), .group = STR_INIT("人口")},
    {.key = STR_INIT("spent"), .title = STR_INIT("资金（万元）")},
};

enum { COLUMN_COUNT = COUNT_OF(COLUMNS) };

static struct table sample(void)
{
    static struct fact facts[2];
    static const str NOTES[] = {STR_INIT("人口按常住口径。")};

    facts[0] = (struct fact){STR("seed"), STR("种子"), out_int(12345)};
    facts[1] = (struct fact){STR("as_of"), STR("登记截止"), out_text(STR("2023-06-30"))};
    return (struct table){
        .name = STR("village_list"),
        .title = STR("村庄清单"),
        .columns = COLUMNS,
        .column_count = COLUMN_COUNT,
        .facts = facts,
        .fact_count = 2,
        .notes = NOTES,
        .note_count = 1,
        .frozen_columns = 2,
    };
}

static enum rc feed(struct table_sink sink, const struct table *table)
{
    const struct out first[] = {
        out_text(STR("990101000001")),
        out_named(STR("east"), STR("东村")),
        out_int(1234567),
        out_ratio(1, 3, 1),
        out_money(INT64_C(1234567890123), 6),
    };
    const struct out second[] = {
        out_int(990101000002),
        out_text(STR("西村\x1b[31m")),
        out_none(STR("not_reported"), STR("")),
        out_ratio(0, 0, 1),
        out_none(STR(""), STR("未报")),
    };

    enum rc rc = sink.begin(sink.self, table);
    if (rc == RC_OK) {
        rc = sink.row(sink.self, first);
    }
    if (rc == RC_OK) {
        rc = sink.row(sink.self, second);
    }
    return rc == RC_OK ? sink.end(sink.self) : rc;
}

static void text_is_aligned_grouped_and_harmless(void **state)
{
    struct taken taken;
    struct byte_sink out = start(&taken);
    struct table table = sample();

    (void)state;
    assert_int_equal(feed(text_sink(&taken.arena, out), &table), RC_OK);
    expect_text(&taken, "村庄清单\n"
                        "种子      12,345\n"
                        "登记截止  2023-06-30\n"
                        "人口按常住口径。\n"
                        "\n"
                        "                         人口\n"
                        "代码          村名        常住人口   老龄  资金（万元）\n"
                        "------------  ---------  ---------  -----  ------------\n"
                        "990101000001  东村       1,234,567  33.3%  1,234,567.89\n"
                        "990101000002  西村 [31m          —      —          未报\n");
}

static void text_beyond_the_sample_still_arrives(void **state)
{
    static const struct column ONE[] = {{.key = STR_INIT("n"), .title = STR_INIT("n")}};
    struct table table = {.columns = ONE, .column_count = 1};
    struct taken taken;
    struct table_sink sink = text_sink(&taken.arena, start(&taken));
    size_t lines = 0;

    (void)state;
    assert_int_equal(sink.begin(sink.self, &table), RC_OK);
    for (int i = 0; i < 1200; i++) {
        struct out cell = out_int(i);
        assert_int_equal(sink.row(sink.self, &cell), RC_OK);
    }
    assert_int_equal(sink.end(sink.self), RC_OK);
    str all = bytes_of(&taken);
    for (size_t i = 0; i < all.len; i++) {
        lines += all.at[i] == '\n' ? 1 : 0;
    }
    assert_int_equal(lines, 1 + 2 + 1200);
    assert_true(str_ends(all, STR("\n1,199\n")));
    arena_done(&taken.arena);
}

static void json_follows_the_contract(void **state)
{
    struct taken taken;
    struct byte_sink out = start(&taken);
    struct table table = sample();

    (void)state;
    assert_int_equal(feed(json_sink(&taken.arena, out), &table), RC_OK);
    expect_text(&taken,
                "{\"schema\":\"wancun.village_list/1\",\"title\":\"村庄清单\","
                "\"inputs\":{\"seed\":12345,\"as_of\":\"2023-06-30\"},"
                "\"notes\":[\"人口按常住口径。\"],\"columns\":["
                "{\"key\":\"code\",\"title\":\"代码\"},{\"key\":\"name\",\"title\":\"村名\"},"
                "{\"key\":\"people\",\"title\":\"常住人口\"},{\"key\":\"old\",\"title\":\"老龄\"},"
                "{\"key\":\"spent\",\"title\":\"资金（万元）\"}],\"rows\":["
                "{\"code\":\"990101000001\",\"name\":\"east\",\"people\":1234567,"
                "\"old\":{\"num\":1,\"den\":3},\"spent\":1234567890123},"
                "{\"code\":\"990101000002\",\"name\":\"西村\\u001b[31m\","
                "\"people\":{\"state\":\"not_reported\"},\"old\":{\"num\":0,\"den\":0},"
                "\"spent\":{\"state\":\"unknown\"}}]}\n");
}

static void several_tables_are_one_json_object_a_line(void **state)
{
    struct taken taken;
    struct table_sink sink = json_sink(&taken.arena, start(&taken));
    struct table table = {.name = STR("a"), .columns = COLUMNS, .column_count = 0};

    (void)state;
    assert_int_equal(sink.begin(sink.self, &table), RC_OK);
    assert_int_equal(sink.end(sink.self), RC_OK);
    assert_int_equal(sink.begin(sink.self, &table), RC_OK);
    assert_int_equal(sink.end(sink.self), RC_OK);
    expect_text(&taken,
                "{\"schema\":\"wancun.a/"
                "1\",\"title\":\"\",\"inputs\":{},\"notes\":[],\"columns\":[],\"rows\":[]}\n"
                "{\"schema\":\"wancun.a/"
                "1\",\"title\":\"\",\"inputs\":{},\"notes\":[],\"columns\":[],\"rows\":[]}\n");
}

static void rows_are_one_json_object_a_line(void **state)
{
    struct taken taken;
    struct table_sink sink = ndjson_sink(&taken.arena, start(&taken));
    static const struct column TWO[] = {{.key = STR_INIT("code"), .is_id = true},
                                        {.key = STR_INIT("name")}};
    const struct out cells[] = {out_int(990101000001), out_text(STR("a \"b\""))};
    struct table table = {.name = STR("a"), .columns = TWO, .column_count = 2};

    (void)state;
    assert_int_equal(sink.begin(sink.self, &table), RC_OK);
    assert_int_equal(sink.row(sink.self, cells), RC_OK);
    assert_int_equal(sink.row(sink.self, cells), RC_OK);
    assert_int_equal(sink.end(sink.self), RC_OK);
    expect_text(&taken, "{\"code\":\"990101000001\",\"name\":\"a \\\"b\\\"\"}\n"
                        "{\"code\":\"990101000001\",\"name\":\"a \\\"b\\\"\"}\n");
}

static void csv_is_quoted_and_exact(void **state)
{
    struct taken taken;
    struct byte_sink out = start(&taken);
    struct table table = sample();

    (void)state;
    assert_int_equal(feed(csv_sink(&taken.arena, out), &table), RC_OK);
    expect_text(&taken, "\xEF\xBB\xBF"
                        "code,name,people,old,spent\r\n"
                        "990101000001,east,1234567,33.3%,1234567.890123\r\n"
                        "990101000002,西村\x1b[31m,,,\r\n");
}

static void csv_never_starts_a_formula(void **state)
{
    static const char *const EVIL[] = {"=1+1", "+1", "-1", "@x", "\tx", "\rx", "=\"a\",b"};
    static const struct column ONE[] = {{.key = STR_INIT("t")}};
    struct table table = {.columns = ONE, .column_count = 1};
    struct taken taken;
    struct table_sink sink = csv_sink(&taken.arena, start(&taken));
    struct out minus = out_int(-7);

    (void)state;
    assert_int_equal(sink.begin(sink.self, &table), RC_OK);
    for (size_t i = 0; i < COUNT_OF(EVIL); i++) {
        struct out cell = out_text(str_from(EVIL[i]));
        assert_int_equal(sink.row(sink.self, &cell), RC_OK);
    }
    assert_int_equal(sink.row(sink.self, &minus), RC_OK);
    assert_int_equal(sink.end(sink.self), RC_OK);
    expect_text(&taken, "\xEF\xBB\xBFt\r\n'=1+1\r\n'+1\r\n'-1\r\n'@x\r\n'\tx\r\n\"'\rx\"\r\n"
                        "\"'=\"\"a\"\",b\"\r\n-7\r\n");
}

static void a_refusing_sink_is_told_at_once(void **state)
{
    struct taken taken;
    struct byte_sink out = start(&taken);
    struct table table = sample();

    (void)state;
    taken.refuses = true;
    assert_int_equal(feed(text_sink(&taken.arena, out), &table), RC_BROKEN);
    assert_int_equal(feed(csv_sink(&taken.arena, out), &table), RC_BROKEN);
    assert_int_equal(feed(json_sink(&taken.arena, out), &table), RC_BROKEN);
    arena_done(&taken.arena);
}

static struct book *open_book(struct taken *taken)
{
    struct book_options options = {
        .title = STR("演示"),
        .footer = STR("演示数据（合成，非真实） A&B"),
        .created_ms = INT64_C(1700000000000),
    };
    struct book *book = NULL;

    assert_int_equal(book_open(&taken->arena, &options, &taken->err, &book), RC_OK);
    return book;
}

static const char SHEET[] = "xl/worksheets/sheet1.xml";

static void workbook_holds_values_and_finish(void **state)
{
    struct taken taken;
    struct byte_sink out = start(&taken);
    struct book *book = open_book(&taken);
    struct table table = sample();

    (void)state;
    table.chart = (struct chart){CHART_COLUMNS, STR("人口"), 1, {2, -1}};
    assert_int_equal(feed(book_sink(book), &table), RC_OK);
    assert_int_equal(book_close(book, out), RC_OK);
    expect_part(&taken, SHEET, "<t>村庄清单</t>");
    expect_part(&taken, SHEET, "<t>种子 12,345    ·    登记截止 2023-06-30</t>");
    expect_part(&taken, SHEET, "<v>1234567</v>");
    expect_part(&taken, SHEET, "<v>0.3333333333333333</v>");
    expect_part(&taken, SHEET, "<v>1234567.890123</v>");
    expect_part(&taken, SHEET, "<t>990101000002</t>");
    expect_part(&taken, SHEET, "<mergeCell ref=\"C4:D4\"/>");
    expect_part(&taken, SHEET, "<pane xSplit=\"2\" ySplit=\"5\"");
    expect_part(&taken, SHEET, "<autoFilter ref=\"A5:E7\"/>");
    expect_part(&taken, SHEET, "orientation=\"landscape\"");
    expect_part(&taken, SHEET, "fitToHeight=\"0\"");
    expect_part(&taken, SHEET, "&amp;L演示数据（合成，非真实） A&amp;&amp;B&amp;C&amp;P / &amp;N");
    expect_part(&taken, "xl/workbook.xml", "Print_Titles");
    expect_part(&taken, "xl/styles.xml", "#,##0.00");
    expect_part(&taken, "xl/styles.xml", "0.0%");
    expect_part(&taken, "xl/charts/chart1.xml", "'村庄清单'!$C$6:$C$7");
    expect_part(&taken, "docProps/core.xml", "2023-11-14T22:13:20Z");
    arena_done(&taken.arena);
}

static void put_one(struct taken *taken, struct out cell, enum rc wanted)
{
    static const struct column ONE[] = {{.key = STR_INIT("t"), .title = STR_INIT("t")}};
    struct table table = {.title = STR("t"), .columns = ONE, .column_count = 1};
    struct byte_sink out = start(taken);
    struct book *book = open_book(taken);
    struct table_sink sink = book_sink(book);

    assert_int_equal(sink.begin(sink.self, &table), RC_OK);
    assert_int_equal(sink.row(sink.self, &cell), wanted);
    assert_int_equal(sink.end(sink.self), wanted);
    assert_int_equal(book_close(book, out), wanted);
    if (wanted != RC_OK) {
        assert_int_equal(bytes_of(taken).len, 0);
        assert_int_equal(taken->err.rc, wanted);
    }
}

static void text_is_never_a_formula(void **state)
{
    struct taken taken;

    (void)state;
    put_one(&taken, out_text(STR("=HYPERLINK(\"x\")")), RC_OK);
    expect_part(&taken, SHEET, "t=\"inlineStr\"><is><t>=HYPERLINK(\"x\")</t>");
    assert_int_equal(str_find(part_of(&taken, SHEET), STR("<f>")), STR_NONE);
    arena_done(&taken.arena);
}

static void text_that_looks_like_an_escape_stays_as_it_is(void **state)
{
    struct taken taken;

    (void)state;
    put_one(&taken, out_text(STR("_x0041_ _x00_ \x01")), RC_OK);
    expect_part(&taken, SHEET, "<t>_x005F_x0041_ _x00_ _x0001_</t>");
    arena_done(&taken.arena);
}

static void text_that_cannot_be_stored_is_refused(void **state)
{
    static const str BAD[] = {STR_INIT("\xff"), STR_INIT("a\0b"), STR_INIT("\xEF\xBF\xBF")};
    struct taken taken;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        put_one(&taken, out_text(BAD[i]), RC_INVALID);
        assert_int_equal(taken.err.msg, MSG_BOOK_TEXT_BROKEN);
        arena_done(&taken.arena);
    }
}

static void text_of_a_cell_has_a_limit_in_utf16_units(void **state)
{
    static char text[2 * (size_t)BOOK_TEXT_MAX + 4];
    struct taken taken;
    size_t len = 0;

    (void)state;
    memset(text, 'x', BOOK_TEXT_MAX);
    put_one(&taken, out_text((str){text, BOOK_TEXT_MAX}), RC_OK);
    arena_done(&taken.arena);
    put_one(&taken, out_text((str){text, BOOK_TEXT_MAX + 1}), RC_INVALID); /* a zero byte */
    arena_done(&taken.arena);
    static const char PLANE_2[] = {'\xF0', '\xA0', '\x80', '\x80'}; /* one point, two units */
    for (; len + sizeof(PLANE_2) <= sizeof(text); len += sizeof(PLANE_2)) {
        memcpy(text + len, PLANE_2, sizeof(PLANE_2));
    }
    put_one(&taken, out_text((str){text, len}), RC_LIMIT);
    assert_int_equal(taken.err.msg, MSG_BOOK_TEXT_LONG);
    arena_done(&taken.arena);
}

static void numbers_a_double_would_spoil_go_as_text(void **state)
{
    struct taken taken;

    (void)state;
    put_one(&taken, out_int(INT64_C(1234567890123456)), RC_OK);
    expect_part(&taken, SHEET, "<t>1,234,567,890,123,456</t>");
    arena_done(&taken.arena);
    put_one(&taken, out_int(INT64_C(123456789012345)), RC_OK);
    expect_part(&taken, SHEET, "<v>123456789012345</v>");
    arena_done(&taken.arena);
}

static void names_of_sheets_fit_excel(void **state)
{
    static const str TITLES[] = {
        STR_INIT("2024/2025[全省]"),
        STR_INIT("Tier"),
        STR_INIT("TIER"),
        STR_INIT("History"),
        STR_INIT(""),
        STR_INIT("示范省二〇二四年度全部行政村分类结果总表（按县、按类别、按稳健性）"),
        STR_INIT("示范省二〇二四年度全部行政村分类结果总表（按县、按类别、按稳健性）"),
    };
    static const char *const NAMES[] = {
        "\"2024-2025-全省-\"",
        "\"Tier\"",
        "\"TIER-2\"",
        "\"History-1\"",
        "\"1\"",
        "\"示范省二〇二四年度全部行政村分类结果总表（按县、按类别、按稳健\"",
        "\"示范省二〇二四年度全部行政村分类结果总表（按县、按类-2\"",
    };
    struct taken taken;
    struct byte_sink out = start(&taken);
    struct book *book = open_book(&taken);
    struct table table = sample();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(TITLES); i++) {
        table.title = TITLES[i];
        assert_int_equal(feed(book_sink(book), &table), RC_OK);
    }
    assert_int_equal(book_close(book, out), RC_OK);
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        expect_part(&taken, "xl/workbook.xml", NAMES[i]);
    }
    arena_done(&taken.arena);
}

static void a_full_disk_leaves_no_workbook(void **state)
{
    struct taken taken;
    struct byte_sink out = start(&taken);
    struct book *book = open_book(&taken);
    struct table table = sample();
    struct table_sink sink = book_sink(book);
    struct out cells[COLUMN_COUNT] = {0};
    struct rlimit before = {0};

    (void)state;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(sink.begin(sink.self, &table), RC_OK);
    for (int row = 0; row < 3000; row++) {
        assert_int_equal(sink.row(sink.self, cells), RC_OK);
    }
    /* Temporary files stop at 200 KB; the packed workbook would fit. */
    struct rlimit small = {200000, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(sink.end(sink.self), RC_OK);
    assert_int_equal(book_close(book, out), RC_BUSY);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(taken.err.msg, MSG_BOOK_NOT_MADE);
    assert_int_equal(bytes_of(&taken).len, 0);
    arena_done(&taken.arena);
}

static void the_same_table_gives_the_same_bytes(void **state)
{
    struct taken first;
    struct taken second;
    struct taken *both[] = {&first, &second};
    struct table table = sample();

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct byte_sink out = start(both[i]);
        struct book *book = open_book(both[i]);
        assert_int_equal(feed(book_sink(book), &table), RC_OK);
        assert_int_equal(book_close(book, out), RC_OK);
    }
    assert_true(bytes_of(&first).len > 0);
    assert_true(str_equal(bytes_of(&first), bytes_of(&second)));
    arena_done(&first.arena);
    arena_done(&second.arena);
}

static void a_column_with_choices_offers_them(void **state)
{
    static const str WORDS[] = {STR_INIT("确认"), STR_INIT("否决")};
    struct column columns[COLUMN_COUNT];
    struct table table = sample();
    struct taken taken;
    struct byte_sink out = start(&taken);
    struct book *book = open_book(&taken);

    (void)state;
    memcpy(columns, COLUMNS, sizeof(columns));
    columns[1].choices = WORDS;
    columns[1].choice_count = COUNT_OF(WORDS);
    table.columns = columns;
    assert_int_equal(feed(book_sink(book), &table), RC_OK);
    assert_int_equal(book_close(book, out), RC_OK);
    expect_part(&taken, SHEET, "<dataValidation type=\"list\"");
    expect_part(&taken, SHEET, "<formula1>\"确认,否决\"</formula1>");
    arena_done(&taken.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_aligned_grouped_and_harmless),
        cmocka_unit_test(text_beyond_the_sample_still_arrives),
        cmocka_unit_test(json_follows_the_contract),
        cmocka_unit_test(several_tables_are_one_json_object_a_line),
        cmocka_unit_test(rows_are_one_json_object_a_line),
        cmocka_unit_test(csv_is_quoted_and_exact),
        cmocka_unit_test(csv_never_starts_a_formula),
        cmocka_unit_test(a_refusing_sink_is_told_at_once),
        cmocka_unit_test(workbook_holds_values_and_finish),
        cmocka_unit_test(text_is_never_a_formula),
        cmocka_unit_test(text_that_looks_like_an_escape_stays_as_it_is),
        cmocka_unit_test(text_that_cannot_be_stored_is_refused),
        cmocka_unit_test(text_of_a_cell_has_a_limit_in_utf16_units),
        cmocka_unit_test(numbers_a_double_would_spoil_go_as_text),
        cmocka_unit_test(names_of_sheets_fit_excel),
        cmocka_unit_test(a_column_with_choices_offers_them),
        cmocka_unit_test(a_full_disk_leaves_no_workbook),
        cmocka_unit_test(the_same_table_gives_the_same_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
