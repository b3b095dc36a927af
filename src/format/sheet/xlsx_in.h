/* The inside of the workbook reader: package (zip), parts (XML), book (strings, styles, sheets),
 * rows. What one part offers to the next. */
#ifndef FORMAT_SHEET_XLSX_IN_H
#define FORMAT_SHEET_XLSX_IN_H

#include <expat.h>

#include "base/buf.h"
#include "format/sheet/package.h"

/* The elements we know, of the two spreadsheet namespaces, relationships and content types. */
enum tag {
    TAG_OTHER,
    TAG_C,
    TAG_CELL_XFS,
    TAG_DEFAULT,
    TAG_F,
    TAG_IS,
    TAG_MERGE_CELL,
    TAG_NUM_FMT,
    TAG_OVERRIDE,
    TAG_RELATIONSHIP,
    TAG_ROW,
    TAG_RPH,
    TAG_SHEET,
    TAG_SHEET_DATA,
    TAG_SI,
    TAG_T,
    TAG_V,
    TAG_WORKBOOK_PR,
    TAG_XF,
};

/* One XML part on its way through expat. Handlers may be NULL; a failure stops the parser. */
struct xml {
    XML_Parser parser;
    struct part part;
    enum rc rc;
    XML_Index fed; /* bytes given to the parser */
    int depth;
    const char *name; /* of the element just begun, as expat writes it: uri|local[|prefix] */
    void *self;
    enum rc (*begin)(struct xml *xml, enum tag tag, const char **attributes);
    enum rc (*end)(struct xml *xml, enum tag tag);
    enum rc (*text)(struct xml *xml, str text);
};

/* The caller has set self and handlers. Closing is allowed whatever opening answered. */
enum rc xml_open(struct xml *xml, struct package *package, str path) MUST_CHECK;
void xml_close(struct xml *xml);
/* Give the parser bytes; `is_last` ends the document. */
enum rc xml_feed(struct xml *xml, str bytes, bool is_last) MUST_CHECK;
/* Open, feed the whole part, close. */
enum rc xml_read(struct xml *xml, struct package *package, str path) MUST_CHECK;
/* An unprefixed attribute; "" with at == NULL when absent. */
str xml_attribute(const char **attributes, const char *name);
/* True when the element just begun was written without a prefix. */
bool xml_is_unprefixed(const struct xml *xml);
enum rc xml_broken(struct xml *xml) MUST_CHECK;

/* What a number format makes of a number. */
enum number_look { LOOK_NUMBER, LOOK_PERCENT, LOOK_DATE };

enum number_look look_of_code(str code);
enum number_look look_of_builtin(int64_t id);

/* A stored number as the plain decimal a person sees (decision 0010); at == NULL when it is not a
 * number. Written into the arena only when it differs from what is stored. */
str number_text(str stored, struct arena *arena);
/* A date's serial number (number_text) as ISO text; at == NULL when it is no date. */
str serial_text(str number, bool is_1904, struct arena *arena);
/* An ISO 8601 moment as cells carry it (t="d") in the form of CELL_DATE; at == NULL when not. */
str moment_text(str stored, struct arena *arena);
/* Text with its _xHHHH_ escapes undone; the same slice when it has none. */
str unescaped_text(str stored, struct arena *arena);
/* Characters as Excel counts them. */
size_t utf16_count(str s);

/* Shared strings, kept in pages: 4 bytes and a length beside each text. */
struct strings {
    struct arena *arena;
    char **pages;
    uint32_t **places;
    size_t page_count;
    size_t page_used;
    uint32_t count;
    size_t bytes;
};

struct sheet_entry {
    str name;
    str path;
    bool is_hidden;
};

struct book {
    struct package *package;
    struct strings strings;
    const uint8_t *looks; /* enum number_look by number format id */
    const uint16_t *xfs;  /* number format id by cell style */
    size_t xf_count;
    bool is_1904;
    const struct sheet_entry *sheets;
    int sheet_count;
};

enum rc strings_read(struct strings *strings, struct package *package, str path) MUST_CHECK;
bool strings_get(const struct strings *strings, uint64_t index, str *out);
enum rc styles_read(struct book *book, str path) MUST_CHECK;
enum number_look book_look(const struct book *book, uint32_t style);

enum { STYLE_ID_COUNT = 65536 };

/* A cell as the file has it. */
enum cell_type { TYPE_NUMBER, TYPE_SHARED, TYPE_TEXT, TYPE_BOOL, TYPE_ERROR, TYPE_DATE };

struct raw_cell {
    int64_t row; /* 0: not said */
    int column;  /* -1: not said */
    uint32_t style;
    enum cell_type type;
    bool has_formula;
    bool has_value;
    str value; /* entities undone */
};

/* "n", "s", … ; false for a type there is not. */
bool cell_type_of(str name, enum cell_type *out);
/* "B12" → column 1, row 12. */
bool cell_place_of(str name, int *out_column, int64_t *out_row);

/* The rows of one sheet, in either pass. The expat handlers and the plain-row scanner feed it. */
struct rows {
    const struct book *book;
    const struct sheet_entry *sheet;
    const struct sheet_reader *reader; /* NULL in the first pass, which only proves */
    struct arena *scratch;             /* texts of one row */
    struct arena_mark mark;
    struct cell *cells; /* column_max of them */
    int count;
    int column;   /* last one seen in this row, -1 for none */
    int64_t row;  /* last one begun */
    bool is_over; /* the row is beyond row_max: it may hold nothing */
};

enum rc rows_begin_row(struct rows *rows, int64_t row) MUST_CHECK; /* 0: the next one */
enum rc rows_cell(struct rows *rows, const struct raw_cell *raw) MUST_CHECK;
enum rc rows_end_row(struct rows *rows) MUST_CHECK;
/* The content of the cell at `column` is faulty. */
enum rc rows_broken_cell(const struct rows *rows, int column) MUST_CHECK;
/* The cell after the last one is longer than may be. */
enum rc rows_long_cell(const struct rows *rows) MUST_CHECK;

/* A row in the plain form almost every writer uses, taken without expat. `text` begins at "<row"
 * and a zero byte follows it. Only what expat would have read the same way is taken; the rest is
 * PLAIN_NOT and leaves `rows` as it was. */
enum plain { PLAIN_TAKEN, PLAIN_CUT_OFF, PLAIN_NOT, PLAIN_FAILED };
enum plain plain_row(struct rows *rows, str text, bool has_x14ac, size_t *out_used,
                     enum rc *out_rc);

/* Read one sheet and deliver it. `use_plain` false leaves everything to expat (for tests). */
enum rc sheet_read(const struct book *book, int index, const struct sheet_reader *reader,
                   bool use_plain) MUST_CHECK;
/* xlsx_read, with the choice. */
enum rc xlsx_read_as(str bytes, const struct sheet_limits *limits,
                     const struct sheet_reader *reader, bool use_plain, struct err *err) MUST_CHECK;

#endif
