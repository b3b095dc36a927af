/* The plain row: <row r=".." …><c r=".." s=".." t=".."><f>..</f><v>..</v></c>…</row> as Excel, WPS,
 * LibreOffice and the libraries write it, without comments or blanks between elements.
 * It saves two thirds of expat's time. Whatever deviates is left to expat, which decides. */
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "format/sheet/xlsx_in.h"

enum { ATTRIBUTES_MAX = 16, CODE_DIGITS_MAX = 7 };

/* How far the scanner has come; a zero byte ends the text and matches nothing. */
struct scan {
    const char *at;
};

/* Controls, < > & and the end stop a value. */
static bool stops(unsigned char c)
{
    return c < 0x20 || c == '<' || c == '>' || c == '&';
}

static bool take(struct scan *scan, const char *literal)
{
    const char *at = scan->at;

    while (*literal != '\0' && *at == *literal) {
        at++;
        literal++;
    }
    scan->at = at; /* where it deviated: at the end means that text is missing */
    return *literal == '\0';
}

/* Try a literal and stay where we are when it is not there. */
static bool take_if(struct scan *scan, const char *literal)
{
    struct scan ahead = *scan;

    if (!take(&ahead, literal)) {
        if (*ahead.at == '\0') {
            *scan = ahead;
        }
        return false;
    }
    *scan = ahead;
    return true;
}

/* Text beyond ASCII must be what expat would let pass: valid, without U+FFFE and U+FFFF. */
static bool is_sound(str s, unsigned seen)
{
    return seen < 0x80 || (utf8_is_valid(s) && str_find(s, STR("\xEF\xBF\xBE")) == STR_NONE &&
                           str_find(s, STR("\xEF\xBF\xBF")) == STR_NONE);
}

/* The value of an attribute, up to its quote. */
static bool take_quoted(struct scan *scan, str *out)
{
    const char *begin = scan->at;
    const char *at = begin;
    unsigned seen = 0;

    while (!stops((unsigned char)*at) && *at != '"') {
        seen |= (unsigned char)*at;
        at++;
    }
    *out = (str){begin, (size_t)(at - begin)};
    scan->at = *at == '"' ? at + 1 : at;
    return *at == '"' && is_sound(*out, seen);
}

/* The number of "&#8722;" or "&#x2212;" behind "&#". */
static bool take_code(struct scan *scan, uint32_t *out_point)
{
    bool is_hex = *scan->at == 'x';
    uint32_t point = 0;
    const char *begin = scan->at + (is_hex ? 1 : 0);
    const char *at = begin;

    for (; at - begin < CODE_DIGITS_MAX; at++) {
        unsigned char c = (unsigned char)*at;
        if (c >= '0' && c <= '9') {
            point = point * (is_hex ? 16 : 10) + (c - '0');
        } else if (is_hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            point = point * 16 + ((c | 0x20U) - 'a' + 10);
        } else {
            break;
        }
    }
    scan->at = at;
    *out_point = point;
    return at > begin;
}

/* A character XML 1.0 allows. */
static bool is_character(uint32_t point)
{
    return point == '\t' || point == '\n' || point == '\r' || (point >= 0x20 && point <= 0xD7FF) ||
           (point >= 0xE000 && point <= 0xFFFD) || (point >= 0x10000 && point <= 0x10FFFF);
}

/* Behind '&': one of the five names or a number, and ';'. */
static bool take_entity(struct scan *scan, uint32_t *out_point)
{
    static const struct {
        const char *name;
        uint32_t point;
    } NAMES[] = {{"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"apos;", '\''}};

    if (take_if(scan, "#")) {
        return take_code(scan, out_point) && take(scan, ";") && is_character(*out_point);
    }
    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        if (take_if(scan, NAMES[i].name)) {
            *out_point = NAMES[i].point;
            return true;
        }
    }
    return false;
}

/* Text of an element, up to '<'. Where entities must be undone the text moves to the scratch
 * arena, in which it needs no more room than it has here. */
static bool take_text(struct scan *scan, struct arena *scratch, str *out)
{
    const char *begin = scan->at;
    char *copy = NULL;
    size_t len = 0;
    unsigned seen = 0;

    for (;;) {
        const char *from = scan->at;
        const char *at = from;
        while (!stops((unsigned char)*at)) {
            seen |= (unsigned char)*at;
            at++;
        }
        scan->at = at;
        if (copy != NULL) {
            memcpy(copy + len, from, (size_t)(at - from));
        }
        len += (size_t)(at - from);
        if (*at != '&') {
            break;
        }
        uint32_t point = 0;
        scan->at++;
        if (!take_entity(scan, &point)) {
            return false;
        }
        if (copy == NULL) {
            copy = arena_take(scratch, strcspn(begin, "<"));
            memcpy(copy, begin, len);
        }
        len += utf8_write(copy + len, point);
        seen |= point >= 0x80 ? 0x80 : 0;
    }
    *out = (str){copy == NULL ? begin : copy, len};
    return *scan->at == '<' && is_sound(*out, seen);
}

static const char *const ROW_ATTRIBUTES[] = {
    "r=\"",
    "spans=\"",
    "s=\"",
    "customFormat=\"",
    "ht=\"",
    "hidden=\"",
    "customHeight=\"",
    "outlineLevel=\"",
    "collapsed=\"",
    "thickTop=\"",
    "thickBot=\"",
    "ph=\"",
    "x14ac:dyDescent=\"",
};
enum { ROW_R = 0, ROW_ATTRIBUTE_COUNT = sizeof(ROW_ATTRIBUTES) / sizeof(ROW_ATTRIBUTES[0]) };

static const char *const CELL_ATTRIBUTES[] = {"r=\"", "s=\"", "t=\"", "cm=\"", "vm=\"", "ph=\""};
enum {
    CELL_R = 0,
    CELL_S = 1,
    CELL_T = 2,
    CELL_ATTRIBUTE_COUNT = sizeof(CELL_ATTRIBUTES) / sizeof(CELL_ATTRIBUTES[0])
};

static const char *const FORMULA_ATTRIBUTES[] = {
    "t=\"", "ref=\"", "si=\"", "ca=\"", "aca=\"", "xml:space=\"",
};
enum { FORMULA_ATTRIBUTE_COUNT = sizeof(FORMULA_ATTRIBUTES) / sizeof(FORMULA_ATTRIBUTES[0]) };

/* ` name="value"` for known names, each at most once; values of absent ones have at == NULL. */
static bool take_attributes(struct scan *scan, const char *const *names, int count,
                            str values[static ATTRIBUTES_MAX])
{
    for (int i = 0; i < count; i++) {
        values[i] = (str){0};
    }
    while (*scan->at == ' ') {
        int i = 0;
        scan->at++;
        while (i < count && !take_if(scan, names[i])) {
            i++;
        }
        if (i == count || values[i].at != NULL || !take_quoted(scan, &values[i])) {
            return false;
        }
    }
    return true;
}

static bool take_formula(struct scan *scan, struct arena *scratch)
{
    str values[ATTRIBUTES_MAX];
    str text = {0};

    if (!take_attributes(scan, FORMULA_ATTRIBUTES, FORMULA_ATTRIBUTE_COUNT, values)) {
        return false;
    }
    if (take_if(scan, "/>")) {
        return true;
    }
    return take(scan, ">") && take_text(scan, scratch, &text) && take(scan, "</f>");
}

static bool take_inline(struct scan *scan, struct arena *scratch, struct raw_cell *raw)
{
    if (!take_if(scan, " xml:space=\"preserve\">") && !take(scan, ">")) {
        return false;
    }
    raw->has_value = true;
    return take_text(scan, scratch, &raw->value) && take(scan, "</t></is>");
}

static bool take_content(struct scan *scan, struct arena *scratch, struct raw_cell *raw)
{
    if (take_if(scan, "<f")) {
        raw->has_formula = true;
        if (!take_formula(scan, scratch)) {
            return false;
        }
    }
    if (take_if(scan, "<v>")) {
        raw->has_value = true;
        if (!take_text(scan, scratch, &raw->value) || !take(scan, "</v>")) {
            return false;
        }
    } else if (take_if(scan, "<v/>")) {
        raw->has_value = true;
    } else if (take_if(scan, "<is><t") && !take_inline(scan, scratch, raw)) {
        return false;
    }
    return take(scan, "</c>");
}

/* Behind "<c". */
static bool take_cell(struct scan *scan, struct arena *scratch, struct raw_cell *raw)
{
    str values[ATTRIBUTES_MAX];
    int64_t style = 0;

    *raw = (struct raw_cell){.column = -1, .type = TYPE_NUMBER, .value = STR("")};
    if (!take_attributes(scan, CELL_ATTRIBUTES, CELL_ATTRIBUTE_COUNT, values) ||
        (values[CELL_R].at != NULL && !cell_place_of(values[CELL_R], &raw->column, &raw->row)) ||
        (values[CELL_S].at != NULL && !num_parse_int(values[CELL_S], 0, UINT32_MAX, &style)) ||
        (values[CELL_T].at != NULL && !cell_type_of(values[CELL_T], &raw->type))) {
        return false;
    }
    raw->style = (uint32_t)style;
    if (take_if(scan, "/>")) {
        return true;
    }
    return take(scan, ">") && take_content(scan, scratch, raw);
}

/* `<row …>` and its number, 0 when it says none. `*out_empty` for `<row …/>`. */
static bool take_row_begin(struct scan *scan, bool has_x14ac, int64_t *out_row, bool *out_empty)
{
    str values[ATTRIBUTES_MAX];
    int count = ROW_ATTRIBUTE_COUNT - (has_x14ac ? 0 : 1);

    *out_row = 0;
    if (!take(scan, "<row") || !take_attributes(scan, ROW_ATTRIBUTES, count, values) ||
        (values[ROW_R].at != NULL && !num_parse_int(values[ROW_R], 1, INT32_MAX, out_row))) {
        return false;
    }
    *out_empty = take_if(scan, "/>");
    return *out_empty || take(scan, ">");
}

/* The cells and the end of the row. False where the form deviates, or when `*out_rc` failed. */
static bool take_cells(struct scan *scan, struct rows *rows, enum rc *out_rc)
{
    struct raw_cell raw;

    while (take_if(scan, "<c")) {
        if (!take_cell(scan, rows->scratch, &raw)) {
            return false;
        }
        *out_rc = rows_cell(rows, &raw);
        if (*out_rc != RC_OK) {
            return false;
        }
    }
    return take(scan, "</row>");
}

static bool take_row(struct scan *scan, struct rows *rows, bool has_x14ac, enum rc *out_rc)
{
    int64_t row = 0;
    bool is_empty = false;

    if (!take_row_begin(scan, has_x14ac, &row, &is_empty)) {
        return false;
    }
    *out_rc = rows_begin_row(rows, row);
    return *out_rc == RC_OK && (is_empty || take_cells(scan, rows, out_rc));
}

enum plain plain_row(struct rows *rows, str text, bool has_x14ac, size_t *out_used, enum rc *out_rc)
{
    struct rows before = *rows;
    struct scan scan = {.at = text.at};

    *out_rc = RC_OK;
    if (take_row(&scan, rows, has_x14ac, out_rc)) {
        *out_used = (size_t)(scan.at - text.at);
        *out_rc = rows_end_row(rows);
        return *out_rc == RC_OK ? PLAIN_TAKEN : PLAIN_FAILED;
    }
    if (*out_rc != RC_OK) {
        return PLAIN_FAILED;
    }
    *rows = before;
    arena_rewind(rows->scratch, rows->mark);
    return scan.at == text.at + text.len ? PLAIN_CUT_OFF : PLAIN_NOT;
}
