/* Foreign sheets: workbooks made here part by part, text files, and the real census. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zip.h>

#include "base/buf.h"
#include "format/sheet/sheet.h"

/* What was read, as one text: "[name]" a sheet, "A1:text" a cell, ";" the end of a row. */
struct reading {
    struct buf text;
    int sheets;
    int64_t rows;
    int64_t cells;
    enum rc answer; /* what the row callback answers */
};

struct fixture {
    struct arena arena;
    struct reading reading;
    struct err err;
};

static const char KIND_LETTERS[] = {'_', 't', 'n', 'b', 'd', 'e'};

static enum rc take_sheet(void *self, const struct sheet_info *info)
{
    struct reading *reading = self;

    reading->sheets++;
    buf_put(&reading->text, STR("["));
    buf_put(&reading->text, info->name);
    buf_put(&reading->text, info->is_hidden ? STR(" hidden") : STR(""));
    for (int i = 0; i < info->merge_count; i++) {
        const struct merge *merge = &info->merges[i];
        buf_put(&reading->text, STR(" "));
        buf_int(&reading->text, merge->first_row);
        buf_put(&reading->text, STR("-"));
        buf_int(&reading->text, merge->last_row);
        buf_put(&reading->text, STR("/"));
        buf_int(&reading->text, merge->first_column);
        buf_put(&reading->text, STR("-"));
        buf_int(&reading->text, merge->last_column);
    }
    buf_put(&reading->text, STR("]"));
    return RC_OK;
}

static enum rc take_row(void *self, const struct sheet_row *row)
{
    struct reading *reading = self;

    reading->rows++;
    reading->cells += row->count;
    buf_int(&reading->text, row->row);
    for (int i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        buf_char(&reading->text, ' ');
        buf_char(&reading->text, (char)('A' + cell->column));
        buf_char(&reading->text, KIND_LETTERS[cell->kind]);
        buf_put(&reading->text, cell->is_percent ? STR("%") : STR(""));
        buf_put(&reading->text, cell->is_formula ? STR("=") : STR(""));
        buf_char(&reading->text, ':');
        buf_put(&reading->text, cell->text);
    }
    buf_char(&reading->text, ';');
    return reading->answer;
}

static enum rc take_end(void *self)
{
    (void)self;
    return RC_OK;
}

static int begin(void **state)
{
    static struct fixture fixture;

    fixture = (struct fixture){0};
    arena_init(&fixture.arena, ARENA_JOB_MAX);
    buf_init(&fixture.reading.text, &fixture.arena, ARENA_MIB);
    *state = &fixture;
    return 0;
}

static int end(void **state)
{
    struct fixture *fixture = *state;

    arena_done(&fixture->arena);
    return 0;
}

static struct sheet_reader reader_of(struct fixture *fixture)
{
    return (struct sheet_reader){&fixture->reading, take_sheet, take_row, take_end};
}

static str read_back(struct fixture *fixture)
{
    str text = {0};

    (void)buf_done(&fixture->reading.text, &text);
    return text;
}

static void assert_text(str got, const char *want)
{
    if (!str_equal(got, str_from(want))) {
        fail_msg("got  %.*s\nwant %s", STR_ARG(got), want);
    }
}

/* ---- workbooks made here ---- */

struct piece {
    const char *path;
    const char *text;
};

static const char CONTENT_TYPES[] =
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override "
    "PartName=\"/xl/workbook.xml\" ContentType=\"application/"
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>";

#define RELS                                                                                       \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define KIND "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define MAIN "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""

static const char ROOT_RELS[] =
    RELS "<Relationship Id=\"rId1\" Type=\"" KIND
         "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
static const char BOOK_RELS[] =
    RELS "<Relationship Id=\"rId1\" Type=\"" KIND "worksheet\" Target=\"worksheets/sheet1.xml\"/>"
         "<Relationship Id=\"rId2\" Type=\"" KIND "styles\" Target=\"/xl/styles.xml\"/>"
         "<Relationship Id=\"rId3\" Type=\"" KIND
         "sharedStrings\" Target=\"./sharedStrings.xml\"/></Relationships>";
static const char WORKBOOK[] =
    "<workbook " MAIN " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/"
    "relationships\"><sheets><sheet name=\"台账\" sheetId=\"1\" "
    "r:id=\"rId1\"/></sheets></workbook>";

static str zip_of(struct fixture *fixture, const struct piece *pieces, int count)
{
    zip_error_t why;
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, &why);
    zip_stat_t stat = {0};

    assert_non_null(zip);
    for (int i = 0; i < count; i++) {
        if (pieces[i].text != NULL) {
            zip_source_t *part =
                zip_source_buffer(zip, pieces[i].text, str_from(pieces[i].text).len, 0);
            assert_true(zip_file_add(zip, pieces[i].path, part, ZIP_FL_ENC_UTF_8) >= 0);
        }
    }
    zip_source_keep(target);
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_stat(target, &stat), 0);
    char *at = arena_take(&fixture->arena, stat.size);
    assert_int_equal(zip_source_open(target), 0);
    assert_int_equal(zip_source_read(target, at, stat.size), stat.size);
    (void)zip_source_close(target);
    zip_source_free(target);
    return (str){at, stat.size};
}

/* A workbook of one sheet; styles and strings may be NULL. */
static str book_of(struct fixture *fixture, const char *workbook, const char *styles,
                   const char *strings, const char *sheet)
{
    const struct piece pieces[] = {
        {"[Content_Types].xml", CONTENT_TYPES},
        {"_rels/.rels", ROOT_RELS},
        {"xl/workbook.xml", workbook},
        {"xl/_rels/workbook.xml.rels", BOOK_RELS},
        {"xl/styles.xml", styles},
        {"xl/sharedStrings.xml", strings},
        {"xl/worksheets/sheet1.xml", sheet},
    };

    return zip_of(fixture, pieces, (int)COUNT_OF(pieces));
}

static enum rc read_book(struct fixture *fixture, str bytes)
{
    struct sheet_reader reader = reader_of(fixture);

    return xlsx_read(bytes, &SHEET_LIMITS, &reader, &fixture->err);
}

#define SHEET(rows) "<worksheet " MAIN "><sheetData>" rows "</sheetData></worksheet>"

static void expect_sheet(struct fixture *fixture, const char *sheet, const char *want)
{
    assert_int_equal(read_book(fixture, book_of(fixture, WORKBOOK, NULL, NULL, sheet)), RC_OK);
    assert_text(read_back(fixture), want);
}

static void reads_cells_by_place_with_gaps(void **state)
{
    expect_sheet(*state,
                 SHEET("<row r=\"2\"><c r=\"B2\"><v>1</v></c><c r=\"D2\"><v>-2.50</v></c></row>"
                       "<row r=\"5\" spans=\"1:2\"><c r=\"A5\" s=\"0\" t=\"str\"><v>村</v></c>"
                       "<c r=\"C5\" t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c></row>"
                       "<row><c><v>7</v></c></row>"),
                 "[台账]2 Bn:1 Dn:-2.5;5 At:村 Cb:1 De:#N/A;6 An:7;");
}

static const struct test_number {
    const char *stored;
    const char *shown;
} NUMBERS[] = {
    {"2.4500000000000002", "2.45"},
    {"0.30000000000000004", "0.3"},
    {"0.1", "0.1"},
    {"-0", "0"},
    {"0.0", "0"},
    {"007", "7"},
    {"1.50", "1.5"},
    {"1E3", "1000"},
    {"1.2345678901234568E+17", "123456789012345680"},
    {"140402198001011234", "140402198001011234"},
    {"0.33333333333333331", "0.333333333333333"},
    {"0.66666666666666663", "0.666666666666667"},
    {"99999999999999.996", "100000000000000"},
    {"9.9999999999999996E-2", "0.1"},
    {"1e-7", "0.0000001"},
    {"1.5e300", "1.5e300"},
    {"-1.5E-300", "-1.5e-300"},
    {".5", "0.5"},
    {"5.", "5"},
};

static void shows_numbers_as_a_person_sees_them(void **state)
{
    for (size_t i = 0; i < COUNT_OF(NUMBERS); i++) {
        struct fixture *fixture = *state;
        char sheet[512];
        char want[128];
        buf_clear(&fixture->reading.text);
        (void)snprintf(sheet, sizeof(sheet), SHEET("<row r=\"1\"><c r=\"A1\"><v>%s</v></c></row>"),
                       NUMBERS[i].stored);
        (void)snprintf(want, sizeof(want), "[台账]1 An:%s;", NUMBERS[i].shown);
        expect_sheet(fixture, sheet, want);
    }
}

static void keeps_what_is_no_number_as_text(void **state)
{
    expect_sheet(*state,
                 SHEET("<row r=\"1\"><c r=\"A1\"><v>12a</v></c><c r=\"B1\"><v>NaN</v></c>"
                       "<c r=\"C1\"><v>1e</v></c><c r=\"D1\"><v></v></c></row>"),
                 "[台账]1 At:12a Bt:NaN Ct:1e;");
}

/* ---- text files ---- */

static enum rc read_csv(struct fixture *fixture, str bytes)
{
    struct sheet_reader reader = reader_of(fixture);

    return csv_read(bytes, &SHEET_LIMITS, &reader, &fixture->err);
}

static const struct test_csv {
    str bytes;
    const char *want;
} TEXTS[] = {
    {STR_INIT("a,b\n1,2"), "[]1 At:a Bt:b;2 At:1 Bt:2;"},
    {STR_INIT("\xEF\xBB\xBF"
              "村,人口\r\n\r\n甲,3\r\n"),
     "[]1 At:村 Bt:人口;3 At:甲 Bt:3;"},
    {STR_INIT("a\tb,c\n1\t2\n"), "[]1 At:a Bt:b,c;2 At:1 Bt:2;"},
    {STR_INIT("a;b\rc;\r"), "[]1 At:a Bt:b;2 At:c;"},
    {STR_INIT("\"a\"\"b\",\"c\nd\" ,e\"f\n,,g"), "[]1 At:a\"b Bt:c\nd Ct:e\"f;2 Ct:g;"},
    {STR_INIT("\xB4\xE5,\xC8\xCB\xBF\xDA\n"), "[]1 At:村 Bt:人口;"},
    {STR_INIT("\xB4\xE5,\x82\x31\xD3\x36,\x95\x32\x82\x36\n"), "[]1 At:村 Bt:㳔 Ct:𠀀;"},
    {STR_INIT(""), "[]"},
};

static void reads_separated_text(void **state)
{
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        buf_clear(&fixture->reading.text);
        assert_int_equal(read_csv(fixture, TEXTS[i].bytes), RC_OK);
        assert_text(read_back(fixture), TEXTS[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_cells_by_place_with_gaps, begin, end),
        cmocka_unit_test_setup_teardown(shows_numbers_as_a_person_sees_them, begin, end),
        cmocka_unit_test_setup_teardown(keeps_what_is_no_number_as_text, begin, end),
        cmocka_unit_test_setup_teardown(reads_separated_text, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
