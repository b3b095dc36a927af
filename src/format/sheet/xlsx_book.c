/* What all sheets of a workbook share: strings and cell styles. */
#include "format/sheet/xlsx_in.h"

#include <string.h>

#include "base/num.h"

enum {
    PAGE_BITS = 18,
    PAGE_BYTES = 1 << PAGE_BITS,
    PLACES_A_PAGE = PAGE_BYTES / 4,
    LENGTH_BYTES = 3,   /* a text's length stands before it */
    UTF8_BYTES_MAX = 3, /* of one UTF-16 unit */
    FORMAT_CODE_MAX = 255,
    BUILTIN_COUNT = 164, /* number formats below are the program's own */
};

/* ---- shared strings ---- */

static void strings_init(struct strings *strings, struct package *package)
{
    size_t max = package->limits->strings_max;

    MUST((size_t)package->limits->cell_max * UTF8_BYTES_MAX + LENGTH_BYTES <= PAGE_BYTES);
    *strings = (struct strings){
        .arena = package->arena,
        .pages = ARENA_NEW(package->arena, char *, max / PAGE_BYTES * 2 + 2),
        .places = ARENA_NEW(package->arena, uint32_t *, max / PAGE_BYTES + 2),
        .page_used = PAGE_BYTES,
    };
}

static void strings_add(struct strings *strings, str text)
{
    size_t need = text.len + LENGTH_BYTES;

    if (PAGE_BYTES - strings->page_used < need) {
        strings->pages[strings->page_count++] = arena_take(strings->arena, PAGE_BYTES);
        strings->page_used = 0;
    }
    if (strings->count % PLACES_A_PAGE == 0) {
        strings->places[strings->count / PLACES_A_PAGE] = arena_take(strings->arena, PAGE_BYTES);
    }
    char *at = strings->pages[strings->page_count - 1] + strings->page_used;
    for (int i = 0; i < LENGTH_BYTES; i++) {
        at[i] = (char)(text.len >> (8 * i) & 0xFFU);
    }
    if (text.len > 0) {
        memcpy(at + LENGTH_BYTES, text.at, text.len);
    }
    strings->places[strings->count / PLACES_A_PAGE][strings->count % PLACES_A_PAGE] =
        (uint32_t)((strings->page_count - 1) << PAGE_BITS | strings->page_used);
    strings->count++;
    strings->page_used += need;
    strings->bytes += need + sizeof(uint32_t);
}

bool strings_get(const struct strings *strings, uint64_t index, str *out)
{
    if (index >= strings->count) {
        return false;
    }
    uint32_t place = strings->places[index / PLACES_A_PAGE][index % PLACES_A_PAGE];
    const char *at = strings->pages[place >> PAGE_BITS] + (place & (PAGE_BYTES - 1));
    size_t len = 0;
    for (int i = LENGTH_BYTES - 1; i >= 0; i--) {
        len = len << 8 | (unsigned char)at[i];
    }
    *out = (str){at + LENGTH_BYTES, len};
    return true;
}

/* Where we are in the strings part: text counts inside <si><t> unless it is how to pronounce. */
struct strings_pass {
    struct strings *strings;
    struct package *package;
    struct buf text;
    bool in_item;
    bool in_text;
    int in_phonetic;
};

static enum rc string_begin(struct xml *xml, enum tag tag, const char **attributes)
{
    struct strings_pass *pass = xml->self;

    (void)attributes;
    if (tag == TAG_SI) {
        pass->in_item = true;
        buf_clear(&pass->text);
    } else if (tag == TAG_RPH) {
        pass->in_phonetic++;
    } else if (tag == TAG_T) {
        pass->in_text = pass->in_item && pass->in_phonetic == 0;
    }
    return RC_OK;
}

static enum rc string_done(struct strings_pass *pass)
{
    const struct sheet_limits *limits = pass->package->limits;
    struct arena_mark mark = arena_mark(pass->package->arena);
    str text = {0};

    if (!buf_done(&pass->text, &text) || utf16_count(text) > (size_t)limits->cell_max) {
        return err_set(pass->package->err, RC_LIMIT, MSG_SHEET_STRING_TOO_LONG,
                       arg_count((int64_t)pass->strings->count + 1), arg_count(limits->cell_max));
    }
    if (pass->strings->bytes + text.len + LENGTH_BYTES + sizeof(uint32_t) > limits->strings_max) {
        return err_set(pass->package->err, RC_LIMIT, MSG_SHEET_STRINGS_TOO_BIG,
                       arg_count((int64_t)(limits->strings_max / ARENA_MIB)));
    }
    str plain = unescaped_text(text, pass->package->arena);
    if (plain.at != text.at) {
        buf_clear(&pass->text);
        buf_put(&pass->text, plain);
        (void)buf_done(&pass->text, &plain);
        arena_rewind(pass->package->arena, mark);
    }
    strings_add(pass->strings, plain);
    return RC_OK;
}

static enum rc string_end(struct xml *xml, enum tag tag)
{
    struct strings_pass *pass = xml->self;

    if (tag == TAG_T) {
        pass->in_text = false;
    } else if (tag == TAG_RPH) {
        pass->in_phonetic--;
    } else if (tag == TAG_SI && pass->in_item) {
        pass->in_item = false;
        return string_done(pass);
    }
    return RC_OK;
}

static enum rc string_text(struct xml *xml, str text)
{
    struct strings_pass *pass = xml->self;

    if (pass->in_text) {
        buf_put(&pass->text, text);
    }
    return RC_OK;
}

enum rc strings_read(struct strings *strings, struct package *package, str path)
{
    struct strings_pass pass = {.strings = strings, .package = package};
    struct xml xml = {.self = &pass, .begin = string_begin, .end = string_end, .text = string_text};

    strings_init(strings, package);
    buf_init(&pass.text, package->arena, (size_t)package->limits->cell_max * UTF8_BYTES_MAX);
    return xml_read(&xml, package, path);
}

/* ---- styles ---- */

struct styles_pass {
    struct package *package;
    uint8_t *looks;
    uint16_t *xfs;
    size_t xf_count;
    bool in_cell_xfs;
};

static enum rc style_begin(struct xml *xml, enum tag tag, const char **attributes)
{
    struct styles_pass *pass = xml->self;
    int64_t id = 0;

    if (tag == TAG_CELL_XFS) {
        pass->in_cell_xfs = true;
    }
    if (tag != TAG_NUM_FMT && (tag != TAG_XF || !pass->in_cell_xfs)) {
        return RC_OK;
    }
    str said = xml_attribute(attributes, "numFmtId");
    if (said.len > 0 && !num_parse_int(said, 0, STYLE_ID_COUNT - 1, &id)) {
        return xml_broken(xml);
    }
    if (tag == TAG_NUM_FMT) {
        str code = xml_attribute(attributes, "formatCode");
        pass->looks[id] = (uint8_t)look_of_code(str_part(code, 0, FORMAT_CODE_MAX));
        return RC_OK;
    }
    if (pass->xf_count == STYLE_ID_COUNT) {
        return xml_broken(xml);
    }
    pass->xfs[pass->xf_count++] = (uint16_t)id;
    return RC_OK;
}

static enum rc style_end(struct xml *xml, enum tag tag)
{
    struct styles_pass *pass = xml->self;

    if (tag == TAG_CELL_XFS) {
        pass->in_cell_xfs = false;
    }
    return RC_OK;
}

enum rc styles_read(struct book *book, str path)
{
    struct arena *arena = book->package->arena;
    struct styles_pass pass = {
        .package = book->package,
        .looks = ARENA_NEW(arena, uint8_t, STYLE_ID_COUNT),
        .xfs = ARENA_NEW(arena, uint16_t, STYLE_ID_COUNT),
    };
    struct xml xml = {.self = &pass, .begin = style_begin, .end = style_end};

    for (int id = 0; id < BUILTIN_COUNT; id++) {
        pass.looks[id] = (uint8_t)look_of_builtin(id);
    }
    enum rc rc = xml_read(&xml, book->package, path);
    if (rc == RC_OK) {
        book->looks = pass.looks;
        book->xfs = pass.xfs;
        book->xf_count = pass.xf_count;
    }
    return rc;
}

/* A style the file does not describe is a plain number's. */
enum number_look book_look(const struct book *book, uint32_t style)
{
    return style < book->xf_count ? (enum number_look)book->looks[book->xfs[style]] : LOOK_NUMBER;
}
