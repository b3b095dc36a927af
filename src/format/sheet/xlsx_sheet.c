/* One sheet, read twice: first to prove it and to learn its merges, then to deliver its rows.
 * expat reads the part; rows in plain form are cut out before it sees them (xlsx_plain.c), which
 * leaves it a well-formed rest. */
#include <string.h>

#include "base/num.h"
#include "format/sheet/xlsx_in.h"

enum { BUFFER_BYTES = 128 * 1024, MERGES_FIRST = 64, UTF8_BYTES_MAX = 4 };

static const str DATA_TAG = STR_INIT("<sheetData>");
static const str ROW_TAG = STR_INIT("<row");
static const str ROW_END_TAG = STR_INIT("</row>");

struct merges {
    struct merge *list;
    int count;
    int room;
};

struct pass {
    struct xml xml;
    struct rows rows;
    struct merges *merges; /* NULL in the second pass */
    struct raw_cell raw;
    struct buf text; /* of the value being read */
    bool in_row;
    bool in_cell;
    bool in_inline;
    bool in_value;
    int in_phonetic;
    /* whether plain rows may be cut out here */
    bool use_plain;
    bool is_utf8;
    bool has_x14ac;
    bool in_data; /* directly inside an unprefixed sheetData */
    int data_depth;
    XML_Index seen; /* where the last element reported to us ended */
};

/* ---- what expat reports ---- */

static enum rc take_merge(struct pass *pass, const char **attributes)
{
    struct package *package = pass->xml.part.package;
    struct merges *merges = pass->merges;
    str rest = xml_attribute(attributes, "ref");
    str first = {0};
    str last = {0};
    struct merge merge = {0};

    if (merges == NULL) {
        return RC_OK;
    }
    if (!str_cut(&rest, ':', &first) || !str_cut(&rest, ':', &last) || rest.at != NULL ||
        !cell_place_of(first, &merge.first_column, &merge.first_row) ||
        !cell_place_of(last, &merge.last_column, &merge.last_row) ||
        merge.last_column < merge.first_column || merge.last_row < merge.first_row) {
        return xml_broken(&pass->xml);
    }
    if (merges->count == package->limits->merge_max) {
        return err_set(package->err, RC_LIMIT, MSG_SHEET_TOO_MANY_MERGES,
                       arg_text(pass->rows.sheet->name), arg_count(package->limits->merge_max));
    }
    if (merges->count == merges->room) {
        int room = merges->room == 0 ? MERGES_FIRST : merges->room * 2;
        struct merge *list = ARENA_NEW(package->arena, struct merge, (size_t)room);
        if (merges->count > 0) {
            memcpy(list, merges->list, (size_t)merges->count * sizeof(*list));
        }
        *merges = (struct merges){.list = list, .count = merges->count, .room = room};
    }
    merges->list[merges->count++] = merge;
    return RC_OK;
}

static enum rc begin_row(struct pass *pass, const char **attributes)
{
    str said = xml_attribute(attributes, "r");
    int64_t row = 0;

    if (pass->in_row || (said.at != NULL && !num_parse_int(said, 1, INT32_MAX, &row))) {
        return xml_broken(&pass->xml);
    }
    pass->in_row = true;
    return rows_begin_row(&pass->rows, row);
}

static enum rc begin_cell(struct pass *pass, const char **attributes)
{
    str place = xml_attribute(attributes, "r");
    str style = xml_attribute(attributes, "s");
    str type = xml_attribute(attributes, "t");
    int64_t style_index = 0;

    pass->raw = (struct raw_cell){.column = -1, .type = TYPE_NUMBER};
    if (!pass->in_row || pass->in_cell ||
        (place.at != NULL && !cell_place_of(place, &pass->raw.column, &pass->raw.row)) ||
        (style.at != NULL && !num_parse_int(style, 0, UINT32_MAX, &style_index)) ||
        (type.at != NULL && !cell_type_of(type, &pass->raw.type))) {
        return rows_broken_cell(&pass->rows, pass->rows.column + 1);
    }
    pass->raw.style = (uint32_t)style_index;
    pass->in_cell = true;
    buf_init(&pass->text, pass->rows.scratch,
             (size_t)pass->xml.part.package->limits->cell_max * UTF8_BYTES_MAX);
    return RC_OK;
}

static void begin_inside_cell(struct pass *pass, enum tag tag)
{
    if (tag == TAG_F) {
        pass->raw.has_formula = true;
    } else if (tag == TAG_V) {
        pass->raw.has_value = true;
        pass->in_value = true;
        buf_clear(&pass->text);
    } else if (tag == TAG_IS) {
        pass->raw.has_value = true;
        pass->in_inline = true;
        buf_clear(&pass->text);
    } else if (tag == TAG_RPH) {
        pass->in_phonetic++;
    } else if (tag == TAG_T) {
        pass->in_value = pass->in_inline && pass->in_phonetic == 0;
    }
}

static void note_end(struct pass *pass)
{
    XML_Parser parser = pass->xml.parser;

    pass->seen = XML_GetCurrentByteIndex(parser) + XML_GetCurrentByteCount(parser);
}

static enum rc on_begin(struct xml *xml, enum tag tag, const char **attributes)
{
    struct pass *pass = xml->self;

    note_end(pass);
    if (tag == TAG_SHEET_DATA && pass->data_depth == 0) {
        pass->data_depth = xml->depth;
        pass->in_data = xml_is_unprefixed(xml);
    } else if (tag == TAG_MERGE_CELL) {
        return take_merge(pass, attributes);
    } else if (tag == TAG_ROW && xml->depth == pass->data_depth + 1) {
        return begin_row(pass, attributes);
    } else if (tag == TAG_C && pass->in_row) {
        return begin_cell(pass, attributes);
    } else if (pass->in_cell) {
        begin_inside_cell(pass, tag);
    }
    return RC_OK;
}

static enum rc end_cell(struct pass *pass)
{
    bool is_whole = buf_done(&pass->text, &pass->raw.value);

    pass->in_cell = false;
    pass->in_inline = false;
    return is_whole ? rows_cell(&pass->rows, &pass->raw) : rows_long_cell(&pass->rows);
}

static enum rc on_end(struct xml *xml, enum tag tag)
{
    struct pass *pass = xml->self;

    note_end(pass);
    if (tag == TAG_SHEET_DATA && xml->depth == pass->data_depth) {
        pass->in_data = false;
    } else if (tag == TAG_ROW && pass->in_row && xml->depth == pass->data_depth + 1) {
        pass->in_row = false;
        return rows_end_row(&pass->rows);
    } else if (tag == TAG_C && pass->in_cell) {
        return end_cell(pass);
    } else if (tag == TAG_RPH && pass->in_cell) {
        pass->in_phonetic--;
    } else if (tag == TAG_V || tag == TAG_T) {
        pass->in_value = false;
    }
    return RC_OK;
}

static enum rc on_text(struct xml *xml, str text)
{
    struct pass *pass = xml->self;

    if (pass->in_value) {
        buf_put(&pass->text, text);
    }
    return RC_OK;
}

static void XMLCALL on_declaration(void *self, const XML_Char *version, const XML_Char *encoding,
                                   int standalone)
{
    struct xml *xml = self;
    struct pass *pass = xml->self;

    (void)version;
    (void)standalone;
    pass->is_utf8 = encoding == NULL || strcasecmp(encoding, "UTF-8") == 0;
}

static void XMLCALL on_namespace(void *self, const XML_Char *prefix, const XML_Char *uri)
{
    struct xml *xml = self;
    struct pass *pass = xml->self;

    (void)uri;
    if (prefix != NULL && strcmp(prefix, "x14ac") == 0) {
        pass->has_x14ac = true;
    }
}

/* ---- feeding it ---- */

/* The bytes read but not yet used, and whether there are more. A zero byte follows them. */
struct window {
    char *at;
    size_t begin;
    size_t end;
    bool is_last;
};

static enum rc fill(struct pass *pass, struct window *window)
{
    size_t len = window->end - window->begin;

    memmove(window->at, window->at + window->begin, len);
    window->begin = 0;
    window->end = len;
    while (window->end < BUFFER_BYTES && !window->is_last) {
        size_t got = 0;
        enum rc rc =
            part_read(&pass->xml.part, window->at + window->end, BUFFER_BYTES - window->end, &got);
        if (rc != RC_OK) {
            return rc;
        }
        window->end += got;
        window->is_last = got == 0;
    }
    window->at[window->end] = '\0';
    return RC_OK;
}

static str rest_of(const struct window *window)
{
    return (str){window->at + window->begin, window->end - window->begin};
}

static enum rc feed(struct pass *pass, struct window *window, size_t len)
{
    str bytes = {window->at + window->begin, len};

    window->begin += len;
    return xml_feed(&pass->xml, bytes, false);
}

/* True when expat has reported everything it was fed and we stand between two rows. */
static bool is_between_rows(const struct pass *pass)
{
    return pass->in_data && pass->use_plain && pass->is_utf8 && !pass->in_row &&
           pass->xml.depth == pass->data_depth && pass->seen == pass->xml.fed;
}

/* How much to feed so that the next plain row is not swallowed. */
static size_t step_length(const struct pass *pass, str rest)
{
    str stop = pass->in_data ? ROW_END_TAG : DATA_TAG;
    size_t place = str_find(rest, stop);

    if (place != STR_NONE && pass->use_plain) {
        return place + stop.len;
    }
    return rest.len;
}

static size_t blanks_in_front(str s)
{
    size_t count = 0;

    while (count < s.len && (s.at[count] == '\n' || s.at[count] == '\r' || s.at[count] == ' ')) {
        count++;
    }
    return count;
}

/* One step on: a plain row cut out, more bytes got, or some given to expat. */
static enum rc step(struct pass *pass, struct window *window)
{
    enum rc rc = RC_OK;
    size_t used = 0;

    if (is_between_rows(pass)) {
        window->begin += blanks_in_front(rest_of(window));
        str rest = rest_of(window);
        bool is_row = str_starts(rest, ROW_TAG);
        enum plain plain =
            is_row ? plain_row(&pass->rows, rest, pass->has_x14ac, &used, &rc) : PLAIN_NOT;
        if (plain == PLAIN_TAKEN) {
            window->begin += used;
            return RC_OK;
        }
        if (plain == PLAIN_FAILED) {
            return rc;
        }
        bool is_cut_off = plain == PLAIN_CUT_OFF || (!is_row && rest.len < ROW_TAG.len);
        if (is_cut_off && !window->is_last && rest.len < BUFFER_BYTES) {
            return fill(pass, window);
        }
    }
    return feed(pass, window, step_length(pass, rest_of(window)));
}

static enum rc run(struct pass *pass, struct package *package, struct window *window)
{
    *window = (struct window){.at = window->at};
    enum rc rc = xml_open(&pass->xml, package, pass->rows.sheet->path);
    if (rc == RC_OK) {
        XML_SetXmlDeclHandler(pass->xml.parser, on_declaration);
        XML_SetStartNamespaceDeclHandler(pass->xml.parser, on_namespace);
    }
    while (rc == RC_OK && (window->begin < window->end || !window->is_last)) {
        rc = window->begin < window->end ? step(pass, window) : fill(pass, window);
    }
    if (rc == RC_OK) {
        rc = xml_feed(&pass->xml, STR(""), true);
    }
    xml_close(&pass->xml);
    return rc;
}

static void pass_init(struct pass *pass, const struct book *book, int index, struct arena *scratch,
                      bool use_plain)
{
    *pass = (struct pass){
        .xml = {.self = pass, .begin = on_begin, .end = on_end, .text = on_text},
        .rows =
            {
                .book = book,
                .sheet = &book->sheets[index],
                .scratch = scratch,
                .mark = arena_mark(scratch),
            },
        .use_plain = use_plain,
        .is_utf8 = true,
    };
}

static enum rc deliver(struct pass *pass, struct package *package, struct window *window,
                       const struct sheet_info *info)
{
    const struct sheet_reader *reader = pass->rows.reader;

    enum rc rc = reader->sheet(reader->self, info);
    if (rc == RC_OK) {
        rc = run(pass, package, window);
    }
    return rc == RC_OK ? reader->end(reader->self) : rc;
}

enum rc sheet_read(const struct book *book, int index, const struct sheet_reader *reader,
                   bool use_plain)
{
    struct package *package = book->package;
    struct arena_mark mark = arena_mark(package->arena);
    struct arena scratch;
    struct merges merges = {0};
    struct window window = {.at = arena_take(package->arena, BUFFER_BYTES + 1)};
    struct cell *cells =
        ARENA_NEW(package->arena, struct cell, (size_t)package->limits->column_max);
    struct pass pass;

    arena_init(&scratch, package->arena->max);
    (void)arena_take(&scratch, 1); /* so that its first chunk outlives the rows */
    pass_init(&pass, book, index, &scratch, use_plain);
    pass.merges = &merges;
    pass.rows.cells = cells;
    enum rc rc = run(&pass, package, &window);
    if (rc == RC_OK) {
        struct sheet_info info = {
            .index = index,
            .name = book->sheets[index].name,
            .is_hidden = book->sheets[index].is_hidden,
            .merges = merges.list,
            .merge_count = merges.count,
        };
        pass_init(&pass, book, index, &scratch, use_plain);
        pass.rows.reader = reader;
        pass.rows.cells = cells;
        rc = deliver(&pass, package, &window, &info);
    }
    arena_done(&scratch);
    arena_rewind(package->arena, mark);
    return rc;
}
