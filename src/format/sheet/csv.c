/* Separated text: its encoding and separator found out, then read record by record. */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "base/utf8.h"
#include "format/sheet/sheet.h"

enum { SAMPLE_BYTES = 64 * 1024, GB_GROWTH = 2, SPARE_BYTES = 1024 * 1024 };

static const str BOM = STR_INIT("\xEF\xBB\xBF");
/* Tried in this order: the earlier wins where two would do. */
static const char SEPARATORS[] = {',', '\t', ';'};

/* ---- encoding ---- */

static int64_t line_at(str bytes, size_t place)
{
    int64_t line = 1;

    for (size_t i = 0; i < place; i++) {
        line += bytes.at[i] == '\n' ? 1 : 0;
    }
    return line;
}

static size_t byte_in_line(str bytes, size_t place)
{
    size_t begin = place;

    while (begin > 0 && bytes.at[begin - 1] != '\n') {
        begin--;
    }
    return place - begin + 1;
}

static enum rc wrong_encoding(str bytes, size_t place, str encoding, struct err *err)
{
    return err_set(err, RC_INVALID, MSG_SHEET_CSV_ENCODING, arg_count(line_at(bytes, place)),
                   arg_count((int64_t)byte_in_line(bytes, place)), arg_text(encoding));
}

/* The length of the UTF-8 sequence at the front of `s`, 0 when there is none. */
static size_t sequence_length(str s)
{
    for (size_t len = 1; len <= 4 && len <= s.len; len++) {
        if (utf8_is_valid(str_part(s, 0, len))) {
            return len;
        }
    }
    return 0;
}

struct survey {
    size_t sound;     /* UTF-8 sequences of three bytes or more, as Chinese has */
    size_t faulty;    /* bytes that are not */
    size_t first_bad; /* where the first of them stands */
};

static struct survey survey_of(str bytes)
{
    struct survey survey = {0};
    size_t place = 0;

    while (place < bytes.len) {
        if ((unsigned char)bytes.at[place] < 0x80) {
            place++;
            continue;
        }
        size_t len = sequence_length(str_part(bytes, place, 4));
        survey.sound += len >= 3 ? 1 : 0;
        if (len == 0 && survey.faulty++ == 0) {
            survey.first_bad = place;
        }
        place += len == 0 ? 1 : len;
    }
    return survey;
}

static enum rc from_gb18030(str bytes, struct arena *arena, str *out, struct err *err)
{
    size_t room = bytes.len * GB_GROWTH;
    char *at = arena_take(arena, room);
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    /* iconv's prototype lacks a const; it does not write here. */
    union {
        const char *from;
        char *to;
    } in = {.from = bytes.at};
    size_t in_left = bytes.len;
    char *end = at;

    MUST((intptr_t)converter != -1);
    size_t result = iconv(converter, &in.to, &in_left, &end, &room);
    MUST(result != (size_t)-1 || errno != E2BIG);
    (void)iconv_close(converter);
    *out = (str){at, (size_t)(end - at)};
    if (result == (size_t)-1 || !utf8_is_valid(*out)) {
        return wrong_encoding(bytes, bytes.len - in_left, STR("GB 18030"), err);
    }
    return RC_OK;
}

/* Text as UTF-8. What is mostly UTF-8 is damaged UTF-8, not GB 18030. */
static enum rc decode(str bytes, struct arena *arena, str *out, struct err *err)
{
    const char *zero = bytes.len == 0 ? NULL : memchr(bytes.at, '\0', bytes.len);
    bool has_mark = str_starts(bytes, BOM);

    if (zero != NULL) {
        return err_set(err, RC_INVALID, MSG_SHEET_CSV_BINARY,
                       arg_count(line_at(bytes, (size_t)(zero - bytes.at))));
    }
    if (utf8_is_valid(bytes)) {
        *out = str_part(bytes, has_mark ? BOM.len : 0, bytes.len);
        return RC_OK;
    }
    struct survey survey = survey_of(bytes);
    if (has_mark || survey.sound * 2 > survey.faulty) {
        return wrong_encoding(bytes, survey.first_bad, STR("UTF-8"), err);
    }
    return from_gb18030(bytes, arena, out, err);
}

/* ---- separator ---- */

/* The separator that stands, outside quotes, in most of the first lines. */
static char separator_of(str text)
{
    size_t lines_with[sizeof(SEPARATORS)] = {0};
    bool seen[sizeof(SEPARATORS)] = {false};
    bool in_quotes = false;
    size_t best = 0;

    text = str_part(text, 0, SAMPLE_BYTES);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        in_quotes ^= c == '"';
        if (!in_quotes && (c == '\n' || c == '\r')) {
            memset(seen, 0, sizeof(seen));
        }
        for (size_t s = 0; s < sizeof(SEPARATORS) && !in_quotes; s++) {
            if (c == SEPARATORS[s] && !seen[s]) {
                seen[s] = true;
                lines_with[s]++;
            }
        }
    }
    for (size_t s = 1; s < sizeof(SEPARATORS); s++) {
        best = lines_with[s] > lines_with[best] ? s : best;
    }
    return SEPARATORS[best];
}

/* ---- records ---- */

struct csv {
    const struct sheet_limits *limits;
    const struct sheet_reader *reader;
    struct err *err;
    struct arena *scratch; /* fields with doubled quotes */
    struct cell *cells;
    int count;
    int column;
    int64_t row;
    int64_t line;
    char separator;
    const char *at;
    const char *end;
};

static bool is_at_break(const struct csv *csv)
{
    return csv->at == csv->end || *csv->at == csv->separator || *csv->at == '\n' ||
           *csv->at == '\r';
}

/* Copy with "" made ". */
static str undouble(struct arena *arena, str field)
{
    char *at = arena_take(arena, field.len);
    size_t len = 0;

    for (size_t i = 0; i < field.len; i++) {
        at[len++] = field.at[i];
        i += field.at[i] == '"' ? 1 : 0;
    }
    return (str){at, len};
}

static enum rc take_quoted(struct csv *csv, str *out)
{
    int64_t first_line = csv->line;
    const char *begin = ++csv->at;
    bool has_double = false;

    for (;; csv->at++) {
        if (csv->at == csv->end) {
            return err_set(csv->err, RC_INVALID, MSG_SHEET_CSV_QUOTE_OPEN, arg_count(first_line));
        }
        if (*csv->at == '"' && csv->at + 1 < csv->end && csv->at[1] == '"') {
            has_double = true;
            csv->at++;
        } else if (*csv->at == '"') {
            break;
        }
        csv->line += *csv->at == '\n' ? 1 : 0;
    }
    *out = (str){begin, (size_t)(csv->at - begin)};
    csv->at++;
    while (csv->at < csv->end && *csv->at == ' ' && csv->separator != ' ') {
        csv->at++;
    }
    if (!is_at_break(csv)) {
        return err_set(csv->err, RC_INVALID, MSG_SHEET_CSV_QUOTE_TAIL, arg_count(csv->line));
    }
    *out = has_double ? undouble(csv->scratch, *out) : *out;
    return RC_OK;
}

static str take_bare(struct csv *csv)
{
    const char *begin = csv->at;

    while (!is_at_break(csv)) {
        csv->at++;
    }
    return (str){begin, (size_t)(csv->at - begin)};
}

static enum rc keep_field(struct csv *csv, str field)
{
    const struct sheet_limits *limits = csv->limits;
    str name = STR("CSV");

    if (field.len == 0) {
        return RC_OK;
    }
    if (csv->row > limits->row_max) {
        return err_set(csv->err, RC_LIMIT, MSG_SHEET_TOO_MANY_ROWS, arg_text(name),
                       arg_count(limits->row_max));
    }
    if (csv->column >= limits->column_max) {
        return err_set(csv->err, RC_LIMIT, MSG_SHEET_TOO_MANY_COLUMNS, arg_text(name),
                       arg_count(limits->column_max));
    }
    if (field.len > (size_t)limits->cell_max && utf8_count(field) > (size_t)limits->cell_max) {
        return err_set(csv->err, RC_LIMIT, MSG_SHEET_FIELD_TOO_LONG, arg_count(csv->line),
                       arg_count(limits->cell_max));
    }
    csv->cells[csv->count++] =
        (struct cell){.kind = CELL_TEXT, .column = csv->column, .text = field};
    return RC_OK;
}

static void skip_line_end(struct csv *csv)
{
    if (csv->at < csv->end && *csv->at == '\r') {
        csv->at++;
    }
    if (csv->at < csv->end && *csv->at == '\n') {
        csv->at++;
    }
    csv->line++;
}

static enum rc take_record(struct csv *csv)
{
    csv->row++;
    csv->count = 0;
    for (csv->column = 0;; csv->column++) {
        str field = {0};
        enum rc rc = RC_OK;
        if (csv->at < csv->end && *csv->at == '"') {
            rc = take_quoted(csv, &field);
        } else {
            field = take_bare(csv);
        }
        if (rc == RC_OK) {
            rc = keep_field(csv, field);
        }
        if (rc != RC_OK) {
            return rc;
        }
        if (csv->at == csv->end || *csv->at != csv->separator) {
            skip_line_end(csv);
            return RC_OK;
        }
        csv->at++;
    }
}

static enum rc deliver(struct csv *csv)
{
    const struct sheet_reader *reader = csv->reader;
    struct sheet_info info = {.name = STR("")};
    struct arena_mark mark = arena_mark(csv->scratch);

    enum rc rc = reader->sheet(reader->self, &info);
    while (rc == RC_OK && csv->at < csv->end) {
        rc = take_record(csv);
        if (rc == RC_OK && csv->count > 0) {
            struct sheet_row row = {.row = csv->row, .cells = csv->cells, .count = csv->count};
            rc = reader->row(reader->self, &row);
        }
        arena_rewind(csv->scratch, mark);
    }
    return rc == RC_OK ? reader->end(reader->self) : rc;
}

enum rc csv_read(str bytes, const struct sheet_limits *limits, const struct sheet_reader *reader,
                 struct err *err)
{
    struct arena arena;
    str text = {0};

    if (bytes.len > limits->unpacked_max) {
        return err_set(err, RC_LIMIT, MSG_SHEET_FILE_TOO_BIG,
                       arg_fixed((int64_t)bytes.len * 10 / (int64_t)ARENA_MIB, 1),
                       arg_count((int64_t)(limits->unpacked_max / ARENA_MIB)));
    }
    arena_init(&arena, bytes.len * (GB_GROWTH + 2) + SPARE_BYTES);
    enum rc rc = decode(bytes, &arena, &text, err);
    if (rc == RC_OK) {
        struct csv csv = {
            .limits = limits,
            .reader = reader,
            .err = err,
            .scratch = &arena,
            .cells = ARENA_NEW(&arena, struct cell, (size_t)limits->column_max),
            .line = 1,
            .separator = separator_of(text),
            .at = text.at,
            .end = text.at + text.len,
        };
        rc = deliver(&csv);
    }
    arena_done(&arena);
    return rc;
}
