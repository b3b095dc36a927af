/* The plain row: <row r=".." …><c r=".." s=".." t=".."><f>..</f><v>..</v></c>…</row> as Excel, WPS,
 * LibreOffice and the libraries write it, without entities, comments or blanks between elements.
 * It saves two thirds of expat's time. Whatever deviates is left to expat, which decides. */
#include "base/num.h"
#include "base/utf8.h"
#include "format/sheet/xlsx_in.h"

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

/* Bytes up to '<' or, in an attribute, up to the quote. Text beyond ASCII must be what expat would
 * let pass: valid, without U+FFFE and U+FFFF. */
static bool take_value(struct scan *scan, bool in_quotes, str *out)
{
    const char *begin = scan->at;
    const char *at = begin;
    unsigned seen = 0;

    while (!stops((unsigned char)*at) && !(in_quotes && *at == '"')) {
        seen |= (unsigned char)*at;
        at++;
    }
    *out = (str){begin, (size_t)(at - begin)};
    scan->at = at;
    if (*at != (in_quotes ? '"' : '<')) {
        return false;
    }
    return seen < 0x80 || (utf8_is_valid(*out) && str_find(*out, STR("\xEF\xBF\xBE")) == STR_NONE &&
                           str_find(*out, STR("\xEF\xBF\xBF")) == STR_NONE);
}

enum { ATTRIBUTES_MAX = 16 };

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
        if (i == count || values[i].at != NULL || !take_value(scan, true, &values[i])) {
            return false;
        }
        scan->at++; /* the closing quote */
    }
    return true;
}

static bool take_formula(struct scan *scan)
{
    str values[ATTRIBUTES_MAX];
    str text = {0};

    if (!take_attributes(scan, FORMULA_ATTRIBUTES, FORMULA_ATTRIBUTE_COUNT, values)) {
        return false;
    }
    if (take_if(scan, "/>")) {
        return true;
    }
    return take(scan, ">") && take_value(scan, false, &text) && take(scan, "</f>");
}

static bool take_inline(struct scan *scan, struct raw_cell *raw)
{
    if (!take_if(scan, " xml:space=\"preserve\">") && !take(scan, ">")) {
        return false;
    }
    raw->has_value = true;
    return take_value(scan, false, &raw->value) && take(scan, "</t></is>");
}

static bool take_content(struct scan *scan, struct raw_cell *raw)
{
    if (take_if(scan, "<f")) {
        raw->has_formula = true;
        if (!take_formula(scan)) {
            return false;
        }
    }
    if (take_if(scan, "<v>")) {
        raw->has_value = true;
        if (!take_value(scan, false, &raw->value) || !take(scan, "</v>")) {
            return false;
        }
    } else if (take_if(scan, "<v/>")) {
        raw->has_value = true;
    } else if (take_if(scan, "<is><t") && !take_inline(scan, raw)) {
        return false;
    }
    return take(scan, "</c>");
}

/* Behind "<c". */
static bool take_cell(struct scan *scan, struct raw_cell *raw)
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
    return take(scan, ">") && take_content(scan, raw);
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
        if (!take_cell(scan, &raw)) {
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
