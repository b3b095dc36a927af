/* Foreign workbooks: made here part by part, by several writers, and the real census. */
#include <stdio.h>
#include <stdlib.h>

#include <zip.h>

#include "format/sheet/reading_test.h"

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

static void undoes_references_and_escapes(void **state)
{
    expect_sheet(
        *state,
        SHEET("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>&#20190;&#x4E90;&lt;&gt;&amp;&quot;&apos;</v>"
              "</c><c r=\"B1\" t=\"inlineStr\"><is><t>a&#10;b&#9;c</t></is></c>"
              "<c r=\"C1\" t=\"str\"><v>_x0009__x0001__x4e2D__x12_x_xD800_</v></c></row>"),
        "[台账]1 At:仞亐<>&\"' Bt:a\\nb\tc Ct:\t_x0001_中_x12_x_xD800_;");
}

static void reads_moments_written_out(void **state)
{
    expect_sheet(
        *state,
        SHEET("<row r=\"1\"><c r=\"A1\" t=\"d\"><v>2023-01-05T08:30:00.000Z</v></c>"
              "<c r=\"B1\" t=\"d\"><v>2023-01-05T8</v></c><c r=\"C1\" t=\"d\"><v>T23:59:59</v>"
              "</c><c r=\"D1\" t=\"d\"><v>2023-01-05T24:00</v></c><c r=\"E1\" "
              "t=\"d\"><v>2023-02-30</v></c><c r=\"F1\" t=\"d\"><v>2023-01-05T08:60</v></c></row>"),
        "[台账]1 Ad:2023-01-05 08:30 Bt:2023-01-05T8 Cd:23:59:59 Dt:2023-01-05T24:00 "
        "Et:2023-02-30 Ft:2023-01-05T08:60;");
}

/* Rows of another namespace are no rows, however plain they look. */
static void takes_only_rows_of_its_own_namespace(void **state)
{
    expect_sheet(
        *state,
        "<x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
        "<x:sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row><x:row r=\"2\"><x:c "
        "r=\"A2\"><x:v>2</x:v></x:c></x:row></x:sheetData></x:worksheet>",
        "[台账]2 An:2;");
}

static const char STYLES[] =
    "<styleSheet " MAIN "><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy-mm\"/></numFmts>"
    "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/><xf numFmtId=\"10\"/><xf "
    "numFmtId=\"164\"/></cellXfs></styleSheet>";

static const struct test_date {
    const char *stored;
    const char *want;
} DATES[] = {
    {"1", "d:1900-01-01"},
    {"59", "d:1900-02-28"},
    {"60", "n:60"},
    {"61", "d:1900-03-01"},
    {"45107", "d:2023-06-30"},
    {"45107.5", "d:2023-06-30 12:00"},
    {"44931.354166666664", "d:2023-01-05 08:30"},
    {"44931.354345", "d:2023-01-05 08:30:15"},
    {"45107.999999", "d:2023-07-01"},
    {"0.35416666666666669", "d:08:30"},
    {"0", "n:0"},
    {"-1", "n:-1"},
    {"-0.5", "n:-0.5"},
    {"2958465", "d:9999-12-31"},
    {"2958466", "n:2958466"},
    {"1e300", "n:1e300"},
    {"soon", "t:soon"},
};

static void shows_dates_of_the_1900_calendar(void **state)
{
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(DATES); i++) {
        char sheet[512];
        char want[128];
        buf_clear(&fixture->reading.text);
        (void)snprintf(sheet, sizeof(sheet),
                       SHEET("<row r=\"1\"><c r=\"A1\" s=\"1\"><v>%s</v></c></row>"),
                       DATES[i].stored);
        (void)snprintf(want, sizeof(want), "[台账]1 A%s;", DATES[i].want);
        assert_int_equal(read_book(fixture, book_of(fixture, WORKBOOK, STYLES, NULL, sheet)),
                         RC_OK);
        assert_text(read_back(fixture), want);
    }
}

static void knows_percent_and_unknown_styles(void **state)
{
    struct fixture *fixture = *state;
    str book = book_of(fixture, WORKBOOK, STYLES, NULL,
                       SHEET("<row r=\"1\"><c r=\"A1\" s=\"2\"><v>0.85</v></c><c r=\"B1\" "
                             "s=\"99\"><v>7</v></c><c r=\"C1\" s=\"3\"><v>45107</v></c></row>"));

    assert_int_equal(read_book(fixture, book), RC_OK);
    assert_text(read_back(fixture), "[台账]1 An%:0.85 Bn:7 Cd:2023-06-30;");
}

/* ---- both ways through a sheet ---- */

enum { BIG_BYTES = 600000 };

static void put_uneven_row(struct buf *out, int row)
{
    int filler = row % 40 == 0 ? 30000 : row * 7 % 900;

    buf_put(out, STR("<row r=\""));
    buf_int(out, row);
    buf_put(out, STR("\"><c r=\"B"));
    buf_int(out, row);
    buf_put(out, STR("\" t=\"str\"><v>"));
    for (int i = 0; i < filler; i++) {
        buf_char(out, (char)('a' + (i + row) % 26));
    }
    buf_put(out, row % 7 == 0 ? STR("&amp;村&#x4E2D;") : STR(""));
    buf_put(out, row % 11 == 0 ? STR("<!-- c -->") : STR(""));
    buf_put(out, STR("</v></c></row>"));
    buf_put(out, row % 3 == 0 ? STR("\r\n") : STR(""));
}

/* Longer than the reader's window. */
static void put_long_row(struct buf *out)
{
    buf_put(out, STR("<row>"));
    for (int i = 0; i < 12000; i++) {
        buf_put(out, i % 100 == 0 ? STR("<c><v>1</v></c>") : STR("<c s=\"1\"/>"));
    }
    buf_put(out, STR("</row>"));
}

/* Rows of every size around the window of the reader, some not plain. */
static str uneven_sheet(struct arena *arena)
{
    struct buf out;
    str text = {0};

    buf_init(&out, arena, ARENA_MIB * 16);
    buf_put(&out, STR("<worksheet " MAIN "><sheetData>\n"));
    for (int row = 1; row <= 400; row++) {
        put_uneven_row(&out, row);
    }
    for (int row = 401; row <= 404; row++) {
        put_long_row(&out);
    }
    buf_put(&out, STR("</sheetData></worksheet>"));
    assert_true(buf_done(&out, &text));
    return text;
}

static str reading_of(struct fixture *fixture, str book, const struct sheet_limits *limits,
                      bool use_plain)
{
    struct sheet_reader reader = reader_of(fixture);
    str text = {0};

    buf_init(&fixture->reading.text, &fixture->arena, ARENA_MIB * 16);
    assert_int_equal(xlsx_read_as(book, limits, &reader, use_plain, &fixture->err), RC_OK);
    assert_true(buf_done(&fixture->reading.text, &text));
    return text;
}

static void plain_rows_read_the_same_as_by_expat_alone(void **state)
{
    struct fixture *fixture = *state;
    struct sheet_limits limits = SHEET_LIMITS;
    str sheet = uneven_sheet(&fixture->arena);
    limits.column_max = 16384;
    str book = book_of(fixture, WORKBOOK, NULL, NULL, arena_str(&fixture->arena, sheet).at);

    str fast = reading_of(fixture, book, &limits, true);
    str slow = reading_of(fixture, book, &limits, false);
    assert_true(fast.len > BIG_BYTES / 2);
    assert_int_equal(fixture->reading.rows, 808);
    assert_true(str_equal(fast, slow));
}

/* ---- limits ---- */

static const char LIMIT_SHEET[] =
    "<worksheet " MAIN "><sheetData><row r=\"3\"><c r=\"D3\" t=\"str\"><v>村村村村村</v></c></row>"
    "<row r=\"9\"><c r=\"Z9\"/></row></sheetData><mergeCells><mergeCell ref=\"A1:B1\"/><mergeCell "
    "ref=\"A2:B2\"/></mergeCells></worksheet>";

static enum rc read_within(struct fixture *fixture, const struct sheet_limits *limits)
{
    struct sheet_reader reader = reader_of(fixture);
    str book = book_of(fixture, WORKBOOK, NULL, NULL, LIMIT_SHEET);

    err_clear(&fixture->err);
    return xlsx_read(book, limits, &reader, &fixture->err);
}

/* What the limit sheet needs just fits; one less of anything is refused by that limit's name. */
static void each_limit_answers_one_too_many(void **state)
{
    struct fixture *fixture = *state;
    struct sheet_limits fits = SHEET_LIMITS;

    fits.row_max = 3;
    fits.column_max = 4;
    fits.cell_max = 5;
    fits.merge_max = 2;
    fits.sheet_max = 1;
    fits.part_max = 5;
    fits.depth_max = 3;
    assert_int_equal(read_within(fixture, &fits), RC_OK);

    struct sheet_limits short_of[7] = {fits, fits, fits, fits, fits, fits, fits};
    static const enum msg_id WHY[7] = {
        MSG_SHEET_TOO_MANY_ROWS,   MSG_SHEET_TOO_MANY_COLUMNS, MSG_SHEET_CELL_TOO_LONG,
        MSG_SHEET_TOO_MANY_MERGES, MSG_SHEET_TOO_MANY_SHEETS,  MSG_SHEET_TOO_MANY_PARTS,
        MSG_SHEET_XML_TOO_DEEP,
    };
    short_of[0].row_max--;
    short_of[1].column_max--;
    short_of[2].cell_max--;
    short_of[3].merge_max--;
    short_of[4].sheet_max--;
    short_of[5].part_max--;
    short_of[6].depth_max--;
    for (size_t i = 0; i < COUNT_OF(WHY); i++) {
        assert_int_equal(read_within(fixture, &short_of[i]), RC_LIMIT);
        assert_int_equal(fixture->err.msg, WHY[i]);
    }
}

static void shared_strings_are_within_the_limits_too(void **state)
{
    struct fixture *fixture = *state;
    struct sheet_limits limits = SHEET_LIMITS;
    struct sheet_reader reader = reader_of(fixture);
    str book = book_of(fixture, WORKBOOK, NULL, "<sst " MAIN "><si><t>村</t></si></sst>",
                       SHEET("<row r=\"1\"><c r=\"C1\" t=\"s\"><v>0</v></c></row>"));

    limits.column_max = 3;
    assert_int_equal(xlsx_read(book, &limits, &reader, &fixture->err), RC_OK);
    assert_text(read_back(fixture), "[台账]1 Ct:村;");
    limits.column_max = 2;
    assert_int_equal(xlsx_read(book, &limits, &reader, &fixture->err), RC_LIMIT);
    assert_int_equal(fixture->err.msg, MSG_SHEET_TOO_MANY_COLUMNS);
}

static void a_broken_sheet_is_refused_before_its_first_row(void **state)
{
    struct fixture *fixture = *state;
    str book =
        book_of(fixture, WORKBOOK, NULL, NULL,
                "<worksheet " MAIN "><sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>"
                "<row r=\"2\"><c r=\"A2\" t=\"s\"><v>9</v></c></row></sheetData></worksheet>");

    assert_int_equal(read_book(fixture, book), RC_INVALID);
    assert_int_equal(fixture->err.msg, MSG_SHEET_CELL_BROKEN);
    assert_int_equal(fixture->reading.sheets, 0);
    assert_int_equal(fixture->reading.rows, 0);
}

static void the_readers_failure_stops_the_reading(void **state)
{
    struct fixture *fixture = *state;

    fixture->reading.answer = RC_CONFLICT;
    assert_int_equal(read_book(fixture, book_of(fixture, WORKBOOK, NULL, NULL, LIMIT_SHEET)),
                     RC_CONFLICT);
    assert_int_equal(fixture->reading.rows, 1);
}

/* Cut anywhere, a workbook is refused; with a byte changed it is refused or read, never worse. */
static void a_cut_or_changed_workbook_does_no_harm(void **state)
{
    struct fixture *fixture = *state;
    str book = book_of(fixture, WORKBOOK, STYLES, NULL, LIMIT_SHEET);
    char *changed = ARENA_NEW(&fixture->arena, char, book.len);

    for (size_t i = 0; i < book.len; i++) {
        err_clear(&fixture->err);
        buf_clear(&fixture->reading.text);
        assert_int_equal(read_book(fixture, str_part(book, 0, i)), RC_INVALID);
        memcpy(changed, book.at, book.len);
        changed[i] = (char)(changed[i] ^ 0x55);
        err_clear(&fixture->err);
        enum rc rc = read_book(fixture, (str){changed, book.len});
        assert_true(rc == RC_OK || rc == RC_INVALID || rc == RC_LIMIT);
        assert_int_equal(fixture->err.rc, rc);
    }
}

/* ---- the workbooks of several writers ---- */

static const char *source_path(struct fixture *fixture, const char *name, const char *ending)
{
    struct buf out;
    str path = {0};

    buf_init(&out, &fixture->arena, 4096);
    buf_put(&out, str_from(getenv("WANCUN_SOURCE"))); /* NOLINT(concurrency-mt-unsafe) */
    buf_put(&out, str_from(name));
    buf_put(&out, str_from(ending));
    buf_char(&out, '\0');
    assert_true(buf_done(&out, &path));
    return path.at;
}

/* False when the file is absent. */
static bool load(struct fixture *fixture, const char *path, str *out)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        return false;
    }
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    char *at = arena_take(&fixture->arena, (size_t)size);
    assert_int_equal(fread(at, 1, (size_t)size, file), size);
    (void)fclose(file);
    *out = (str){at, (size_t)size};
    return true;
}

static str without_line_ends(struct fixture *fixture, str text)
{
    struct buf out;
    str joined = {0};

    buf_init(&out, &fixture->arena, text.len);
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '\n') {
            buf_char(&out, text.at[i]);
        }
    }
    assert_true(buf_done(&out, &joined));
    return joined;
}

/* Beside each workbook stands what it holds, checked once against openpyxl. */
static void reads_the_workbooks_of_every_writer(void **state)
{
    static const char *const NAMES[] = {
        "excel",      "wps",      "libreoffice", "openpyxl", "openpyxl-streamed",
        "xlsxwriter", "prefixed", "strict",      "odd",
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        char name[64];
        str book = {0};
        str want = {0};
        (void)snprintf(name, sizeof(name), "/tests/corpus/xlsx/%s", NAMES[i]);
        assert_true(load(fixture, source_path(fixture, name, ".xlsx"), &book));
        assert_true(load(fixture, source_path(fixture, name, ".txt"), &want));
        want = arena_str(&fixture->arena, without_line_ends(fixture, want));
        assert_text(reading_of(fixture, book, &SHEET_LIMITS, true), want.at);
        assert_text(reading_of(fixture, book, &SHEET_LIMITS, false), want.at);
    }
}

static void reads_the_real_census(void **state)
{
    struct fixture *fixture = *state;
    struct sheet_reader reader = reader_of(fixture);
    str book = {0};

    if (!load(fixture, source_path(fixture, "/../shared/data/census_county_2020", ".xlsx"),
              &book)) {
        print_message("# skipped: the census workbook is not beside the source tree\n");
        skip();
    }
    assert_int_equal(xlsx_read(book, &SHEET_LIMITS, &reader, &fixture->err), RC_OK);
    assert_int_equal(fixture->reading.rows, 3359);
    assert_int_equal(fixture->reading.cells, 513927);
    assert_true(str_starts(read_back(fixture), STR("[七普（年鉴）]1 At:区划代码 Bt:省 Ct:市")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_cells_by_place_with_gaps, begin, end),
        cmocka_unit_test_setup_teardown(shows_numbers_as_a_person_sees_them, begin, end),
        cmocka_unit_test_setup_teardown(keeps_what_is_no_number_as_text, begin, end),
        cmocka_unit_test_setup_teardown(shows_dates_of_the_1900_calendar, begin, end),
        cmocka_unit_test_setup_teardown(knows_percent_and_unknown_styles, begin, end),
        cmocka_unit_test_setup_teardown(plain_rows_read_the_same_as_by_expat_alone, begin, end),
        cmocka_unit_test_setup_teardown(each_limit_answers_one_too_many, begin, end),
        cmocka_unit_test_setup_teardown(a_broken_sheet_is_refused_before_its_first_row, begin, end),
        cmocka_unit_test_setup_teardown(the_readers_failure_stops_the_reading, begin, end),
        cmocka_unit_test_setup_teardown(undoes_references_and_escapes, begin, end),
        cmocka_unit_test_setup_teardown(reads_moments_written_out, begin, end),
        cmocka_unit_test_setup_teardown(takes_only_rows_of_its_own_namespace, begin, end),
        cmocka_unit_test_setup_teardown(shared_strings_are_within_the_limits_too, begin, end),
        cmocka_unit_test_setup_teardown(a_cut_or_changed_workbook_does_no_harm, begin, end),
        cmocka_unit_test_setup_teardown(reads_the_workbooks_of_every_writer, begin, end),
        cmocka_unit_test_setup_teardown(reads_the_real_census, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
