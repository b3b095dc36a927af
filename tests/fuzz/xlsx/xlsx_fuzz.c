/* Any bytes as a workbook, or, where they are no zip archive, as the parts of one: sheet, shared
 * strings, styles and workbook, with a byte FF between them. The plain-row scanner and expat must
 * agree about every workbook: both refuse it or both deliver the same cells. */
#include <stdint.h>

#include <zip.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "format/sheet/xlsx_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RELS                                                                                       \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
#define KIND  "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define TYPES "http://schemas.openxmlformats.org/package/2006/content-types"
#define MAIN  "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""

enum { GIVEN_COUNT = 4, PART_COUNT = 7, DELIVERED_MAX = 1 << 22 };

/* The first four are given by the input, as far as it has them. */
static const struct {
    const char *path;
    str text;
} PARTS[PART_COUNT] = {
    {"xl/worksheets/sheet1.xml", STR_INIT("")},
    {"xl/sharedStrings.xml", STR_INIT("<sst " MAIN "><si><t>\xE6\x9D\x91</t></si></sst>")},
    {"xl/styles.xml", STR_INIT("<styleSheet " MAIN "><cellXfs><xf/><xf numFmtId=\"14\"/><xf "
                               "numFmtId=\"9\"/></cellXfs></styleSheet>")},
    {"xl/workbook.xml",
     STR_INIT("<workbook " MAIN " xmlns:r=\"" KIND "\"><sheets><sheet name=\"a\" "
              "r:id=\"r1\"/></sheets></workbook>")},
    {"[Content_Types].xml",
     STR_INIT("<Types xmlns=\"" TYPES "\"><Override ContentType=\"application/"
              "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/></Types>")},
    {"_rels/.rels", STR_INIT(RELS "<Relationship Id=\"r1\" Type=\"" KIND
                                  "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")},
    {"xl/_rels/workbook.xml.rels",
     STR_INIT(RELS "<Relationship Id=\"r1\" Type=\"" KIND "worksheet\" "
                   "Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"" KIND
                   "styles\" Target=\"styles.xml\"/><Relationship Id=\"r3\" Type=\"" KIND
                   "sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>")},
};

static void add_part(zip_t *zip, const char *path, str text)
{
    zip_source_t *source = zip_source_buffer(zip, text.at, text.len, 0);
    zip_int64_t index = zip_file_add(zip, path, source, 0);

    MUST(index >= 0);
    MUST(zip_set_file_compression(zip, (zip_uint64_t)index, ZIP_CM_STORE, 0) == 0);
}

static str workbook_of(str input, struct arena *arena)
{
    zip_error_t why;
    zip_stat_t stat = {0};
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &why);
    zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, &why);

    MUST(zip != NULL);
    for (int i = 0; i < PART_COUNT; i++) {
        str text = PARTS[i].text;
        if (i < GIVEN_COUNT) {
            (void)str_cut(&input, '\xFF', &text);
        }
        add_part(zip, PARTS[i].path, text);
    }
    zip_source_keep(target);
    MUST(zip_close(zip) == 0 && zip_source_stat(target, &stat) == 0);
    char *at = arena_take(arena, stat.size);
    MUST(zip_source_open(target) == 0);
    MUST(zip_source_read(target, at, stat.size) == (zip_int64_t)stat.size);
    (void)zip_source_close(target);
    zip_source_free(target);
    return (str){at, stat.size};
}

static enum rc on_sheet(void *self, const struct sheet_info *info)
{
    buf_put(self, info->name);
    buf_int(self, info->merge_count);
    return RC_OK;
}

/* Everything that is promised of a row, and everything it says. */
static enum rc on_row(void *self, const struct sheet_row *row)
{
    int column = -1;

    MUST(row->count > 0 && row->row > 0);
    buf_int(self, row->row);
    for (int i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        MUST(cell->column > column && utf8_is_valid(cell->text));
        column = cell->column;
        buf_int(self, cell->kind);
        buf_put(self, cell->is_percent ? STR("%") : STR(""));
        buf_put(self, cell->is_formula ? STR("=") : STR(""));
        buf_put(self, cell->text);
    }
    return RC_OK;
}

static enum rc on_end(void *self)
{
    buf_char(self, '.');
    return RC_OK;
}

static enum rc digest_of(str bytes, bool use_plain, struct arena *arena, struct hash *out)
{
    struct buf said;
    struct sheet_reader reader = {&said, on_sheet, on_row, on_end};
    struct err err = {0};
    str text = {0};

    buf_init(&said, arena, DELIVERED_MAX);
    enum rc rc = xlsx_read_as(bytes, &SHEET_LIMITS, &reader, use_plain, &err);
    MUST((rc == RC_OK) == (err.rc == RC_OK));
    (void)buf_done(&said, &text);
    *out = hash_of(text);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct hash plain = {0};
    struct hash expat = {0};
    str bytes = {size == 0 ? "" : (const char *)data, size};

    arena_init(&arena, 256 * ARENA_MIB);
    if (!str_starts(bytes, STR("PK"))) {
        bytes = workbook_of(bytes, &arena);
    }
    enum rc plain_rc = digest_of(bytes, true, &arena, &plain);
    enum rc expat_rc = digest_of(bytes, false, &arena, &expat);
    MUST((plain_rc == RC_OK) == (expat_rc == RC_OK));
    MUST(memcmp(&plain, &expat, sizeof(plain)) == 0);
    arena_done(&arena);
    return 0;
}
