/* Marks in workbooks of many makers: what changes, and that nothing else does. */
#include "format/patch/patch.h"

#include "format/book/book.h"
#include "format/xlsx/pack_test.h"
#include "format/xlsx/taken_test.h"

#include <expat.h>

enum { PIECES_MAX = 16 };

#define MAIN   "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELS   "http://schemas.openxmlformats.org/package/2006/relationships"
#define KIND   "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define STRICT "http://purl.oclc.org/ooxml/spreadsheetml/main"

static const char TYPES[] =
    "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/"
    "content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
static const char ROOT[] = "<Relationships xmlns=\"" RELS "\"><Relationship Id=\"a\" Type=\"" KIND
                           "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
static const char BOOK[] = "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" KIND
                           "\"><sheets><sheet name=\"一\" sheetId=\"1\" r:id=\"s1\"/>"
                           "</sheets></workbook>";
static const char BOOK_RELS[] =
    "<Relationships xmlns=\"" RELS "\"><Relationship Id=\"s1\" Type=\"" KIND
    "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"s2\" Type=\"" KIND
    "/styles\" Target=\"/xl/styles.xml\"/></Relationships>";
static const char STYLES[] =
    "<styleSheet xmlns=\"" MAIN "\"><fills count=\"2\"><fill><patternFill/></fill>"
    "<fill><patternFill/></fill></fills><cellXfs count=\"2\"><xf numFmtId=\"0\" fillId=\"0\"/>"
    "<xf numFmtId=\"10\" fillId=\"1\" applyFill=\"0\" xfId=\"0\"><alignment wrapText=\"1\"/></xf>"
    "</cellXfs></styleSheet>";

static const char SHEET[] = "xl/worksheets/sheet1.xml";

#define WORKSHEET(inside) "<worksheet xmlns=\"" MAIN "\">" inside "</worksheet>"

/* The parts every workbook has, and the sheet. */
static void plain_book(struct piece *pieces, const char *sheet)
{
    const struct piece all[] = {
        {"[Content_Types].xml", TYPES},
        {"_rels/.rels", ROOT},
        {"xl/workbook.xml", BOOK},
        {"xl/_rels/workbook.xml.rels", BOOK_RELS},
        {"xl/styles.xml", STYLES},
        {SHEET, sheet},
        {"xl/media/image1.png", "\x89PNG not really"},
    };

    memset(pieces, 0, PIECES_MAX * sizeof(*pieces));
    memcpy(pieces, all, sizeof(all));
}

static void add_piece(struct piece *pieces, const char *path, const char *text)
{
    int i = 0;

    while (pieces[i].path != NULL && strcmp(pieces[i].path, path) != 0) {
        i++;
    }
    assert_true(i < PIECES_MAX - 1);
    pieces[i] = (struct piece){path, text};
}

static struct mark mark_at(int64_t row, int column, enum mark_severity severity, const char *text)
{
    return (struct mark){
        .row = row, .column = column, .severity = severity, .text = str_from(text)};
}

static enum rc run(struct taken *taken, const struct piece *pieces, const struct mark *marks,
                   size_t count)
{
    struct byte_sink out = start(taken);
    struct mark_options options = {STR("专班 <甲>"), LANG_ZH, &SHEET_LIMITS};
    str original = pack(&taken->arena, pieces);

    return mark_book(original, marks, count, &options, out, &taken->err);
}

static void expect_xml(struct taken *taken, const char *path)
{
    str text = part_of(taken, path);
    XML_Parser parser = XML_ParserCreateNS("UTF-8", '|');

    assert_true(text.len > 0);
    assert_int_equal(XML_Parse(parser, text.at, (int)text.len, XML_TRUE), XML_STATUS_OK);
    XML_ParserFree(parser);
}

static void expect_whole(struct taken *taken, const char *path, const char *wanted)
{
    assert_string_equal(arena_str(&taken->arena, part_of(taken, path)).at, wanted);
}

static void a_marked_cell_keeps_all_but_its_fill(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    struct mark mark = mark_at(2, 1, MARK_ERROR, "超过 100% & <多>");

    (void)state;
    plain_book(pieces, WORKSHEET("<sheetData><row r=\"2\"><c r=\"A2\"><v>1</v></c>"
                                 "<c r=\"B2\" s=\"1\"><v>1.2</v></c></row></sheetData>"));
    assert_int_equal(run(&taken, pieces, &mark, 1), RC_OK);
    expect_part(&taken, SHEET, "<c r=\"A2\"><v>1</v></c><c r=\"B2\" s=\"2\"><v>1.2</v></c>");
    expect_part(&taken, "xl/styles.xml",
                "<fills count=\"4\"><fill><patternFill/></fill><fill><patternFill/></fill><fill>");
    expect_part(&taken, "xl/styles.xml",
                "<cellXfs count=\"3\"><xf numFmtId=\"0\" fillId=\"0\"/>"
                "<xf numFmtId=\"10\" fillId=\"1\" applyFill=\"0\" xfId=\"0\">"
                "<alignment wrapText=\"1\"/></xf>"
                "<xf numFmtId=\"10\" xfId=\"0\" fillId=\"3\" applyFill=\"1\">"
                "<alignment wrapText=\"1\"/></xf></cellXfs>");
    expect_part(&taken, "xl/comments1.xml", "<author>专班 &lt;甲&gt;</author>");
    expect_part(&taken, "xl/comments1.xml", "[错误] 超过 100% &amp; &lt;多&gt;");
    expect_part(&taken, "xl/worksheets/_rels/sheet1.xml.rels", "/xl/comments1.xml");
    expect_part(&taken, "xl/worksheets/_rels/sheet1.xml.rels", "/xl/drawings/vmlDrawing1.vml");
    expect_part(&taken, "xl/drawings/vmlDrawing1.vml", "<x:Row>1</x:Row><x:Column>1</x:Column>");
    expect_part(&taken, SHEET, "r:id=\"rIdMark2\"/></worksheet>");
    expect_part(&taken, "[Content_Types].xml", "PartName=\"/xl/comments1.xml\"");
    expect_part(&taken, "[Content_Types].xml", "Extension=\"vml\"");
    expect_whole(&taken, "xl/media/image1.png", "\x89PNG not really");
    expect_whole(&taken, "xl/workbook.xml", BOOK);
    expect_xml(&taken, SHEET);
    expect_xml(&taken, "xl/styles.xml");
    expect_xml(&taken, "xl/comments1.xml");
    expect_xml(&taken, "xl/drawings/vmlDrawing1.vml");
    arena_done(&taken.arena);
}

static void cells_and_rows_that_are_absent_are_made_in_order(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    const struct mark marks[] = {
        mark_at(1, 0, MARK_WARNING, "a"), mark_at(3, 0, MARK_WARNING, "b"),
        mark_at(3, 2, MARK_WARNING, "c"), mark_at(3, 9, MARK_WARNING, "d"),
        mark_at(4, 1, MARK_WARNING, "e"), mark_at(9, 0, MARK_WARNING, "f"),
        mark_at(9, 1, MARK_WARNING, "g"),
    };

    (void)state;
    plain_book(pieces, WORKSHEET("<cols><col min=\"2\" max=\"3\" style=\"1\"/></cols><sheetData>"
                                 "<row r=\"3\" s=\"1\"><c r=\"B3\"/></row><row r=\"4\" ht=\"9\"/>"
                                 "<row r=\"5\"/></sheetData><pageMargins/><extLst/>"));
    assert_int_equal(run(&taken, pieces, marks, COUNT_OF(marks)), RC_OK);
    expect_part(&taken, SHEET,
                "<sheetData><row r=\"1\"><c r=\"A1\" s=\"2\"/></row>"
                "<row r=\"3\" s=\"1\"><c r=\"A3\" s=\"3\"/><c r=\"B3\"/><c r=\"C3\" s=\"3\"/>"
                "<c r=\"J3\" s=\"3\"/></row><row r=\"4\" ht=\"9\"><c r=\"B4\" s=\"3\"/></row>"
                "<row r=\"5\"/><row r=\"9\"><c r=\"A9\" s=\"2\"/><c r=\"B9\" s=\"3\"/></row>"
                "</sheetData><pageMargins/><legacyDrawing ");
    expect_part(&taken, SHEET, "r:id=\"rIdMark2\"/><extLst/></worksheet>");
    arena_done(&taken.arena);
}

static void an_empty_sheet_can_be_marked(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    struct mark mark = mark_at(1, 25, MARK_ERROR, "缺表头");

    (void)state;
    plain_book(pieces, WORKSHEET("<sheetData/>"));
    assert_int_equal(run(&taken, pieces, &mark, 1), RC_OK);
    expect_part(&taken, SHEET, "<sheetData><row r=\"1\"><c r=\"Z1\" s=\"2\"/></row></sheetData>");
    expect_xml(&taken, SHEET);
    arena_done(&taken.arena);
}

static void rows_and_cells_without_places_are_counted(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    struct mark mark = mark_at(2, 1, MARK_ERROR, "x");

    (void)state;
    plain_book(pieces, WORKSHEET("<sheetData><row><c><v>1</v></c></row><row><c><v>2</v></c>"
                                 "<c t=\"str\"><v>x</v></c></row></sheetData>"));
    assert_int_equal(run(&taken, pieces, &mark, 1), RC_OK);
    expect_part(&taken, SHEET, "<c><v>2</v></c><c t=\"str\" s=\"2\"><v>x</v></c>");
    arena_done(&taken.arena);
}

static void several_marks_of_a_cell_are_one_comment_and_the_worst_colour(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    const struct mark marks[] = {
        mark_at(1, 0, MARK_WARNING, "一"),
        mark_at(1, 0, MARK_ERROR, "二"),
    };

    (void)state;
    plain_book(pieces, WORKSHEET("<sheetData><row r=\"1\"><c r=\"A1\"/></row></sheetData>"));
    assert_int_equal(run(&taken, pieces, marks, 2), RC_OK);
    expect_part(&taken, "xl/comments1.xml", "[提醒] 一\n[错误] 二</t>");
    expect_part(&taken, "xl/styles.xml", "<xf numFmtId=\"0\" fillId=\"3\" applyFill=\"1\"/>");
    arena_done(&taken.arena);
}

static void a_mark_in_a_merged_range_goes_to_its_first_cell(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    struct mark mark = mark_at(2, 2, MARK_ERROR, "x");

    (void)state;
    plain_book(pieces, WORKSHEET("<sheetData><row r=\"1\"><c r=\"B1\"/></row>"
                                 "<row r=\"2\"><c r=\"C2\"/></row></sheetData>"
                                 "<mergeCells><mergeCell ref=\"$B$1:D2\"/></mergeCells>"));
    assert_int_equal(run(&taken, pieces, &mark, 1), RC_OK);
    expect_part(&taken, SHEET, "<c r=\"B1\" s=\"2\"/>");
    expect_part(&taken, SHEET, "<c r=\"C2\"/>");
    expect_part(&taken, "xl/comments1.xml", "ref=\"B1\"");
    arena_done(&taken.arena);
}

static const char OLD_COMMENTS[] =
    "<comments xmlns=\"" MAIN "\"><authors><author>张三</author></authors><commentList>"
    "<comment ref=\"A1\" authorId=\"0\"><text><t>原有</t><phoneticPr "
    "fontId=\"1\"/></text></comment>"
    "<comment ref=\"C9\" authorId=\"0\"><text><r><t>别处</t></r></text></comment>"
    "</commentList></comments>";
static const char OLD_DRAWING[] =
    "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\"\n xmlns:o=\"urn:schemas-microsoft-com:office:"
    "office\"\n xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><v:shapetype "
    "id=\"_x0000_t202\"/><v:shape id=\"_x0000_s1030\"><font>a<br>b</font></v:shape></xml>";
static const char OLD_RELS[] =
    "<Relationships xmlns=\"" RELS "\"><Relationship Id=\"r1\" Type=\"" KIND
    "/vmlDrawing\" Target=\"../drawings/vmlDrawing1.vml\"/><Relationship Id=\"r2\" Type=\"" KIND
    "/comments\" Target=\"../comments1.xml\"/></Relationships>";

static void commented_book(struct piece *pieces)
{
    plain_book(pieces, "<worksheet xmlns=\"" MAIN "\" xmlns:r=\"" KIND
                       "\"><sheetData><row r=\"1\"><c r=\"A1\"/><c r=\"B1\"/></row></sheetData>"
                       "<legacyDrawing r:id=\"r1\"/></worksheet>");
    add_piece(pieces, "xl/comments1.xml", OLD_COMMENTS);
    add_piece(pieces, "xl/drawings/vmlDrawing1.vml", OLD_DRAWING);
    add_piece(pieces, "xl/worksheets/_rels/sheet1.xml.rels", OLD_RELS);
}

static void comments_that_are_there_are_kept_and_continued(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    const struct mark marks[] = {mark_at(1, 0, MARK_ERROR, "甲"), mark_at(1, 1, MARK_ERROR, "乙")};

    (void)state;
    commented_book(pieces);
    assert_int_equal(run(&taken, pieces, marks, 2), RC_OK);
    expect_part(&taken, "xl/comments1.xml", "<author>张三</author><author>专班");
    expect_part(&taken, "xl/comments1.xml", "<text><t>原有</t><r>");
    expect_part(&taken, "xl/comments1.xml", "\n[错误] 甲</t></r><phoneticPr fontId=\"1\"/></text>");
    expect_part(&taken, "xl/comments1.xml",
                "<text><r><t>别处</t></r></text></comment>"
                "<comment ref=\"B1\" authorId=\"1\">");
    expect_part(&taken, "xl/drawings/vmlDrawing1.vml",
                "a<br>b</font></v:shape><v:shape "
                "id=\"_x0000_s1031\"");
    str drawing = part_of(&taken, "xl/drawings/vmlDrawing1.vml");
    assert_int_equal(str_find(drawing, STR("_x0000_s1032")), STR_NONE); /* A1 has its box */
    expect_part(&taken, SHEET, "<legacyDrawing r:id=\"r1\"/></worksheet>");
    expect_whole(&taken, "xl/worksheets/_rels/sheet1.xml.rels", OLD_RELS);
    arena_done(&taken.arena);
}

static void comments_without_boxes_get_theirs(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    struct mark mark = mark_at(1, 1, MARK_ERROR, "乙");

    (void)state;
    commented_book(pieces);
    add_piece(pieces, SHEET,
              WORKSHEET("<sheetData><row r=\"1\"><c r=\"A1\"/><c r=\"B1\"/></row></sheetData>"));
    assert_int_equal(run(&taken, pieces, &mark, 1), RC_OK);
    expect_part(&taken, "xl/drawings/vmlDrawing2.vml", "<x:Row>0</x:Row><x:Column>1</x:Column>");
    expect_part(&taken, "xl/drawings/vmlDrawing2.vml", "<x:Row>0</x:Row><x:Column>0</x:Column>");
    expect_part(&taken, "xl/drawings/vmlDrawing2.vml", "<x:Row>8</x:Row><x:Column>2</x:Column>");
    expect_part(&taken, SHEET, "<legacyDrawing ");
    arena_done(&taken.arena);
}

static void prefixes_and_the_strict_form_are_spoken(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    struct mark mark = mark_at(1, 0, MARK_ERROR, "x");

    (void)state;
    plain_book(pieces, "<x:worksheet xmlns:x='" STRICT "'><x:sheetData><x:row r='1'>"
                       "<x:c r='A1' s='1'/></x:row></x:sheetData></x:worksheet>");
    assert_int_equal(run(&taken, pieces, &mark, 1), RC_OK);
    expect_part(&taken, SHEET, "<x:c r='A1' s='2'/>");
    expect_part(&taken, SHEET,
                "<x:legacyDrawing xmlns:r=\"http://purl.oclc.org/ooxml/officeDocument/");
    expect_part(&taken, "xl/comments1.xml", "<comments xmlns=\"" STRICT "\">");
    expect_xml(&taken, SHEET);
    arena_done(&taken.arena);
}

static void what_only_looks_like_a_cell_is_left_alone(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    struct mark mark = mark_at(1, 0, MARK_ERROR, "x");

    (void)state;
    plain_book(pieces, WORKSHEET("<!-- <row r=\"1\"> --><sheetData><!-- <c r=\"A1\"/> -->"
                                 "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t><![CDATA["
                                 "<c r=\"A1\"/>]]></t></is></c></row></sheetData>"));
    assert_int_equal(run(&taken, pieces, &mark, 1), RC_OK);
    expect_part(&taken, SHEET,
                "<!-- <c r=\"A1\"/> --><row r=\"1\"><c r=\"A1\" "
                "t=\"inlineStr\" s=\"2\"><is><t><![CDATA[<c r=\"A1\"/>]]></t></is></c>");
    arena_done(&taken.arena);
}

static void expect_refused(const struct piece *pieces, enum msg_id wanted)
{
    struct taken taken;
    struct mark mark = mark_at(1, 0, MARK_ERROR, "x");

    assert_int_equal(run(&taken, pieces, &mark, 1), RC_INVALID);
    assert_int_equal(taken.err.msg, wanted);
    assert_int_equal(bytes_of(&taken).len, 0);
    arena_done(&taken.arena);
}

static void a_signed_workbook_is_refused(void **state)
{
    struct piece pieces[PIECES_MAX];

    (void)state;
    plain_book(pieces, WORKSHEET("<sheetData/>"));
    add_piece(pieces, "_rels/.rels",
              "<Relationships xmlns=\"" RELS "\"><Relationship Id=\"a\" Type=\"" KIND
              "/officeDocument\" Target=\"xl/workbook.xml\"/><Relationship Id=\"b\" Type=\"http:"
              "//schemas.openxmlformats.org/package/2006/relationships/digital-signature/origin\""
              " Target=\"_xmlsignatures/origin.sigs\"/></Relationships>");
    expect_refused(pieces, MSG_BOOK_MARK_SIGNED);
}

static void an_encrypted_workbook_is_refused(void **state)
{
    struct taken taken;
    struct byte_sink out = start(&taken);
    struct mark_options options = {STR("甲"), LANG_ZH, &SHEET_LIMITS};
    struct mark mark = mark_at(1, 0, MARK_ERROR, "x");

    (void)state;
    assert_int_equal(mark_book(STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 rest"), &mark, 1, &options,
                               out, &taken.err),
                     RC_INVALID);
    assert_int_equal(taken.err.msg, MSG_SHEET_OLD_FORMAT);
    arena_done(&taken.arena);
}

static void unusual_shapes_are_refused_not_broken(void **state)
{
    static const char *const SHEETS[] = {
        WORKSHEET("<sheetData><row r=\"2\"/><row r=\"1\"/></sheetData>"),
        WORKSHEET("<sheetData><row r=\"1\"><c r=\"B1\"/><c r=\"A1\"/></row></sheetData>"),
        WORKSHEET("<sheetData><row r=\"1\"><c r=\"A2\"/></row></sheetData>"),
        WORKSHEET("<other/>"),
        "<!DOCTYPE a><worksheet><sheetData/></worksheet>",
        "<worksheet><sheetData></worksheet>",
        "\xFF\xFE<\0w",
    };
    static const char *const STYLE_SHEETS[] = {
        "<styleSheet xmlns=\"" MAIN "\"/>",
        "<styleSheet xmlns=\"" MAIN
        "\"><cellXfs><xf/></cellXfs><fills><fill/></fills></styleSheet>",
        "<styleSheet xmlns=\"" MAIN "\"><fills/><cellXfs><xf/></cellXfs></styleSheet>",
    };
    struct piece pieces[PIECES_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(SHEETS); i++) {
        plain_book(pieces, SHEETS[i]);
        expect_refused(pieces, MSG_BOOK_MARK_ODD);
    }
    for (size_t i = 0; i < COUNT_OF(STYLE_SHEETS); i++) {
        plain_book(pieces, WORKSHEET("<sheetData/>"));
        add_piece(pieces, "xl/styles.xml", STYLE_SHEETS[i]);
        expect_refused(pieces, MSG_BOOK_MARK_ODD);
    }
}

static void without_marks_the_file_comes_back_with_the_same_parts(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;

    (void)state;
    plain_book(pieces, WORKSHEET("<sheetData/>"));
    assert_int_equal(run(&taken, pieces, NULL, 0), RC_OK);
    for (int i = 0; pieces[i].path != NULL; i++) {
        expect_whole(&taken, pieces[i].path, pieces[i].text);
    }
    arena_done(&taken.arena);
}

static void more_marks_than_the_limit_are_refused(void **state)
{
    static struct mark marks[MARKS_MAX + 1];
    struct piece pieces[PIECES_MAX];
    struct taken taken;

    (void)state;
    for (int i = 0; i <= MARKS_MAX; i++) {
        marks[i] = mark_at(1 + i, 0, MARK_WARNING, "x");
    }
    plain_book(pieces, WORKSHEET("<sheetData/>"));
    assert_int_equal(run(&taken, pieces, marks, MARKS_MAX + 1), RC_LIMIT);
    assert_int_equal(taken.err.msg, MSG_BOOK_MARKS_MANY);
    arena_done(&taken.arena);
    assert_int_equal(run(&taken, pieces, marks, MARKS_MAX), RC_OK);
    expect_part(&taken, SHEET, "<row r=\"20000\"><c r=\"A20000\" s=\"2\"/></row>");
    arena_done(&taken.arena);
}

static void a_long_text_is_cut_at_a_whole_character(void **state)
{
    static char text[MARK_TEXT_MAX + 10];
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    static const char VILLAGE[] = {'\xE6', '\x9D', '\x91'};

    (void)state;
    for (size_t i = 0; i + sizeof(VILLAGE) < sizeof(text); i += sizeof(VILLAGE)) {
        memcpy(text + i, VILLAGE, sizeof(VILLAGE));
    }
    struct mark mark = mark_at(1, 0, MARK_ERROR, text);
    plain_book(pieces, WORKSHEET("<sheetData/>"));
    assert_int_equal(run(&taken, pieces, &mark, 1), RC_OK);
    expect_part(&taken, "xl/comments1.xml", "村村…</t>");
    expect_xml(&taken, "xl/comments1.xml");
    arena_done(&taken.arena);
}

static void marks_can_be_listed_instead(void **state)
{
    struct taken taken;
    struct byte_sink out = start(&taken);
    struct mark mark = mark_at(12, 2, MARK_ERROR, "超过上限");

    (void)state;
    mark.sheet_name = STR("台账");
    mark.value = STR("=1.25");
    assert_int_equal(mark_list(&mark, 1, LANG_ZH, csv_sink(&taken.arena, out)), RC_OK);
    assert_string_equal(arena_str(&taken.arena, bytes_of(&taken)).at,
                        "\xEF\xBB\xBFsheet,cell,value,severity,reason\r\n"
                        "台账,C12,'=1.25,error,超过上限\r\n");
    arena_done(&taken.arena);
}

static void parts_that_point_at_each_other_do_no_harm(void **state)
{
    struct piece pieces[PIECES_MAX];
    struct taken taken;
    struct mark mark = mark_at(1, 0, MARK_ERROR, "x");

    (void)state;
    commented_book(pieces);
    add_piece(pieces, "xl/worksheets/_rels/sheet1.xml.rels",
              "<Relationships xmlns=\"" RELS "\"><Relationship Id=\"r1\" Type=\"" KIND
              "/vmlDrawing\" Target=\"sheet1.xml\"/><Relationship Id=\"r2\" Type=\"" KIND
              "/comments\" Target=\"sheet1.xml\"/></Relationships>");
    assert_int_equal(run(&taken, pieces, &mark, 1), RC_INVALID);
    assert_int_equal(taken.err.msg, MSG_BOOK_MARK_ODD);
    arena_done(&taken.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_marked_cell_keeps_all_but_its_fill),
        cmocka_unit_test(cells_and_rows_that_are_absent_are_made_in_order),
        cmocka_unit_test(an_empty_sheet_can_be_marked),
        cmocka_unit_test(rows_and_cells_without_places_are_counted),
        cmocka_unit_test(several_marks_of_a_cell_are_one_comment_and_the_worst_colour),
        cmocka_unit_test(a_mark_in_a_merged_range_goes_to_its_first_cell),
        cmocka_unit_test(comments_that_are_there_are_kept_and_continued),
        cmocka_unit_test(comments_without_boxes_get_theirs),
        cmocka_unit_test(prefixes_and_the_strict_form_are_spoken),
        cmocka_unit_test(what_only_looks_like_a_cell_is_left_alone),
        cmocka_unit_test(a_signed_workbook_is_refused),
        cmocka_unit_test(an_encrypted_workbook_is_refused),
        cmocka_unit_test(unusual_shapes_are_refused_not_broken),
        cmocka_unit_test(without_marks_the_file_comes_back_with_the_same_parts),
        cmocka_unit_test(more_marks_than_the_limit_are_refused),
        cmocka_unit_test(a_long_text_is_cut_at_a_whole_character),
        cmocka_unit_test(marks_can_be_listed_instead),
        cmocka_unit_test(parts_that_point_at_each_other_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
