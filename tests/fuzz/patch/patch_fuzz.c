/* Marks in a workbook whose sheet, styles, comments, drawing and relations are any text at all. The
 * first line says which cells ("B2 C3"), the parts follow, each after a line "==". What comes out
 * must be XML, and a reader must find in it every cell that it found before. */
#include <expat.h>
#include <stdint.h>

#include "base/hash.h"
#include "base/place.h"
#include "base/utf8.h"
#include "format/patch/patch.h"
#include "format/xlsx/pack_test.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS = 5, MARKS = 16, TAKEN_MAX = 64 * 1024 * 1024 };

static const char *const PATHS[PARTS] = {
    "xl/worksheets/sheet1.xml",
    "xl/styles.xml",
    "xl/comments1.xml",
    "xl/drawings/vmlDrawing1.vml",
    "xl/worksheets/_rels/sheet1.xml.rels",
};

#define RELS "http://schemas.openxmlformats.org/package/2006/relationships"
#define KIND "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static const struct piece FIXED[] = {
    {"[Content_Types].xml",
     "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override "
     "PartName=\"/xl/workbook.xml\" ContentType=\"application/"
     "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>"},
    {"_rels/.rels", "<Relationships xmlns=\"" RELS "\"><Relationship Id=\"a\" Type=\"" KIND
                    "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
    {"xl/workbook.xml",
     "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"" KIND
     "\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"s1\"/></sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels",
     "<Relationships xmlns=\"" RELS "\"><Relationship Id=\"s1\" Type=\"" KIND
     "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"s2\" Type=\"" KIND
     "/styles\" Target=\"styles.xml\"/></Relationships>"},
};

static enum rc take(void *self, str bytes)
{
    buf_put(self, bytes);
    return RC_OK;
}

/* What a reader finds: places, kinds and texts of all cells that hold something. */
static enum rc find_row(void *self, const struct sheet_row *row)
{
    struct buf *found = self;

    for (int i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        if (cell->kind != CELL_EMPTY || cell->is_formula) {
            buf_int(found, row->row);
            buf_char(found, ' ');
            buf_int(found, cell->column * 100 + (int)cell->kind * 4 + cell->is_percent * 2 +
                               cell->is_formula);
            buf_put(found, cell->text);
        }
    }
    return RC_OK;
}

static enum rc find_sheet(void *self, const struct sheet_info *info)
{
    buf_put(self, info->name);
    buf_int(self, info->merge_count);
    return RC_OK;
}

static enum rc find_end(void *self)
{
    (void)self;
    return RC_OK;
}

static enum rc find(str bytes, struct arena *arena, str *out)
{
    struct buf found;
    struct err err = {0};
    struct sheet_reader reader = {&found, find_sheet, find_row, find_end};

    buf_init(&found, arena, TAKEN_MAX);
    enum rc rc = xlsx_read(bytes, &SHEET_LIMITS, &reader, &err);
    MUST(buf_done(&found, out));
    return rc;
}

static void must_be_xml(zip_t *zip, const char *path, struct arena *arena)
{
    zip_stat_t info = {0};

    if (zip_stat(zip, path, 0, &info) != 0) {
        return;
    }
    char *text = arena_take(arena, info.size + 1);
    zip_file_t *file = zip_fopen(zip, path, 0);
    MUST(file != NULL && zip_fread(file, text, info.size) == (zip_int64_t)info.size);
    (void)zip_fclose(file);
    XML_Parser parser = XML_ParserCreate("UTF-8");
    MUST(XML_Parse(parser, text, (int)info.size, XML_TRUE) == XML_STATUS_OK);
    XML_ParserFree(parser);
}

static void check_result(str before, str after, struct arena *arena)
{
    static const char *const CHANGED[] = {
        "[Content_Types].xml",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/worksheets/_rels/sheet1.xml.rels",
    };
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(after.at, after.len, 0, &error);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    str old = {0};
    str new = {0};

    MUST(zip != NULL);
    for (size_t i = 0; i < COUNT_OF(CHANGED); i++) {
        must_be_xml(zip, CHANGED[i], arena);
    }
    zip_discard(zip);
    if (find(before, arena, &old) == RC_OK) {
        MUST(find(after, arena, &new) == RC_OK);
        MUST(str_equal(old, new));
    }
}

static size_t read_marks(str line, struct mark *marks)
{
    str word = {0};
    size_t count = 0;

    while (count < MARKS && str_cut(&line, ' ', &word)) {
        struct mark mark = {.text = STR("错 <&>"),
                            .severity = count % 2 == 0 ? MARK_ERROR : MARK_WARNING};
        if (place_read(word, &mark.row, &mark.column)) {
            mark.row++;
            marks[count++] = mark;
        }
    }
    return count;
}

/* The parts of the input, each zero-ended. */
static void cut_parts(str input, struct arena *arena, struct piece *pieces)
{
    static const str MARK = STR_INIT("\n==\n");
    int count = (int)COUNT_OF(FIXED);

    memcpy(pieces, FIXED, sizeof(FIXED));
    for (int i = 0; i < PARTS && input.len > 0; i++) {
        size_t end = str_find(input, MARK);
        str part = str_part(input, 0, end);
        if (part.len > 0) {
            pieces[count++] = (struct piece){PATHS[i], arena_str(arena, part).at};
        }
        input = end == STR_NONE ? STR("") : str_part(input, end + MARK.len, input.len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct piece pieces[COUNT_OF(FIXED) + PARTS + 1] = {0};
    struct mark marks[MARKS];
    struct mark_options options = {STR("甲"), LANG_ZH, &SHEET_LIMITS};
    struct arena arena;
    struct buf after;
    struct err err = {0};
    str input = {(const char *)data, size};
    size_t line = str_find(input, STR("\n"));
    str text = {0};

    if (line == STR_NONE) {
        return 0;
    }
    arena_init(&arena, ARENA_JOB_MAX);
    cut_parts(str_part(input, line + 1, size), &arena, pieces);
    size_t count = read_marks(str_part(input, 0, line), marks);
    str before = pack(&arena, pieces);
    buf_init(&after, &arena, TAKEN_MAX);
    enum rc rc = mark_book(before, marks, count, &options, (struct byte_sink){&after, take}, &err);
    if (rc == RC_OK && count > 0 && buf_done(&after, &text)) {
        check_result(before, text, &arena);
    }
    arena_done(&arena);
    return 0;
}
