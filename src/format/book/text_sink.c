/* Tables as aligned text. */
#include "base/buf.h"
#include "base/utf8.h"
#include "format/book/book.h"
#include "format/book/cell.h"

enum { TEXT_SAMPLE_ROWS = 500, TEXT_LINE_MAX = 16 * 1024 * 1024, TEXT_GAP = 2 };

struct text {
    struct arena *arena;
    struct byte_sink out;
    const struct table *table;
    size_t *widths;
    bool *is_number; /* the column's first known cell was one: its heading goes right */
    bool *is_seen;
    str *sample[TEXT_SAMPLE_ROWS];
    int sample_count;
    struct buf line;  /* kept from row to row: the sink's buffer may live in the same arena */
    struct buf shown; /* the cells of one row, one behind the other */
    str *texts;       /* slices of it */
    bool is_flowing;  /* widths are settled, rows go straight out */
    bool is_first;
};

/* Nothing in a line may act on the terminal: control characters (C0, DEL, C1) become blanks. */
static void blank_controls(struct buf *line)
{
    for (size_t i = 0; i < line->len; i++) {
        unsigned char byte = (unsigned char)line->at[i];
        unsigned char next = i + 1 < line->len ? (unsigned char)line->at[i + 1] : 0;
        if (byte < 0x20 || byte == 0x7F) {
            line->at[i] = ' ';
        } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {
            line->at[i] = ' ';
            line->at[i + 1] = ' ';
        }
    }
}

static enum rc hand_over(struct text *to)
{
    struct buf *line = &to->line;
    str text = {0};

    blank_controls(line);
    while (line->len > 0 && line->at[line->len - 1] == ' ') {
        line->len--;
    }
    buf_char(line, '\n');
    MUST(buf_done(line, &text));
    enum rc rc = to->out.take(to->out.self, text);
    buf_clear(line);
    return rc;
}

static void put_blanks(struct buf *line, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buf_char(line, ' ');
    }
}

static void put_padded(struct buf *line, str text, size_t width, bool to_right)
{
    size_t used = utf8_width(text);
    size_t room = used < width ? width - used : 0;

    put_blanks(line, to_right ? room : 0);
    buf_put(line, text);
    put_blanks(line, to_right ? 0 : room);
}

static enum rc put_line(struct text *to, str text)
{
    buf_put(&to->line, text);
    return hand_over(to);
}

static enum rc put_facts(struct text *to)
{
    static const struct column PLAIN = {0};
    const struct table *table = to->table;
    size_t width = 0;
    enum rc rc = RC_OK;

    for (int i = 0; i < table->fact_count; i++) {
        size_t wide = utf8_width(table->facts[i].title);
        width = wide > width ? wide : width;
    }
    for (int i = 0; i < table->fact_count && rc == RC_OK; i++) {
        put_padded(&to->line, table->facts[i].title, width + TEXT_GAP, false);
        cell_show(&to->line, &PLAIN, &table->facts[i].value);
        rc = hand_over(to);
    }
    return rc;
}

static enum rc put_head(struct text *to)
{
    enum rc rc = to->is_first ? RC_OK : put_line(to, STR(""));

    to->is_first = false;
    if (rc == RC_OK && to->table->title.len > 0) {
        rc = put_line(to, to->table->title);
    }
    if (rc == RC_OK) {
        rc = put_facts(to);
    }
    for (int i = 0; i < to->table->note_count && rc == RC_OK; i++) {
        rc = put_line(to, to->table->notes[i]);
    }
    return rc == RC_OK ? put_line(to, STR("")) : rc;
}

static bool has_groups(const struct table *table)
{
    for (int i = 0; i < table->column_count; i++) {
        if (table->columns[i].group.len > 0) {
            return true;
        }
    }
    return false;
}

static bool starts_group(const struct table *table, int i)
{
    return i == 0 || !str_equal(table->columns[i].group, table->columns[i - 1].group);
}

/* The width of a group: its columns and the gaps between them. */
static size_t group_width(const struct text *to, int first)
{
    size_t width = to->widths[first];

    for (int i = first + 1; i < to->table->column_count && !starts_group(to->table, i); i++) {
        width += TEXT_GAP + to->widths[i];
    }
    return width;
}

static enum rc put_groups(struct text *to)
{
    for (int i = 0; i < to->table->column_count; i++) {
        if (starts_group(to->table, i)) {
            put_padded(&to->line, to->table->columns[i].group, group_width(to, i) + TEXT_GAP,
                       false);
        }
    }
    return hand_over(to);
}

static enum rc put_titles(struct text *to)
{
    for (int i = 0; i < to->table->column_count; i++) {
        put_blanks(&to->line, i > 0 ? TEXT_GAP : 0);
        put_padded(&to->line, to->table->columns[i].title, to->widths[i], to->is_number[i]);
    }
    return hand_over(to);
}

static enum rc put_rule(struct text *to)
{
    for (int i = 0; i < to->table->column_count; i++) {
        put_blanks(&to->line, i > 0 ? TEXT_GAP : 0);
        for (size_t k = 0; k < to->widths[i]; k++) {
            buf_put(&to->line, STR("-"));
        }
    }
    return hand_over(to);
}

static enum rc put_row(struct text *to, const str *texts)
{
    for (int i = 0; i < to->table->column_count; i++) {
        put_blanks(&to->line, i > 0 ? TEXT_GAP : 0);
        put_padded(&to->line, texts[i], to->widths[i], to->is_number[i]);
    }
    return hand_over(to);
}

/* Write the headings and the rows kept so far; from now on rows go straight out. */
static enum rc flow(struct text *to)
{
    enum rc rc = has_groups(to->table) ? put_groups(to) : RC_OK;

    to->is_flowing = true;
    if (rc == RC_OK) {
        rc = put_titles(to);
    }
    if (rc == RC_OK) {
        rc = put_rule(to);
    }
    for (int i = 0; i < to->sample_count && rc == RC_OK; i++) {
        rc = put_row(to, to->sample[i]);
    }
    return rc;
}

/* The cells as people read them, in `to->texts`. */
static void show_cells(struct text *to, const struct out *cells)
{
    const struct table *table = to->table;
    size_t begin = 0;
    str all = {0};

    buf_clear(&to->shown);
    for (int i = 0; i < table->column_count; i++) {
        cell_show(&to->shown, &table->columns[i], &cells[i]);
        to->texts[i].len = to->shown.len - begin;
        begin = to->shown.len;
    }
    MUST(buf_done(&to->shown, &all));
    for (int i = 0; i < table->column_count; i++) {
        to->texts[i] = str_part(all, 0, to->texts[i].len);
        all = str_part(all, to->texts[i].len, all.len);
    }
}

static void keep(struct text *to)
{
    str *copies = ARENA_NEW(to->arena, str, (size_t)to->table->column_count);

    for (int i = 0; i < to->table->column_count; i++) {
        copies[i] = arena_str(to->arena, to->texts[i]);
    }
    to->sample[to->sample_count++] = copies;
}

static void measure(struct text *to, const struct out *cells)
{
    for (int i = 0; i < to->table->column_count; i++) {
        size_t width = utf8_width(to->texts[i]);
        to->widths[i] = width > to->widths[i] ? width : to->widths[i];
        if (!to->is_seen[i] && cells[i].kind != OUT_NONE) {
            to->is_seen[i] = true;
            to->is_number[i] = cell_is_number(&to->table->columns[i], &cells[i]);
        }
    }
}

static enum rc text_begin(void *self, const struct table *table)
{
    struct text *to = self;
    size_t count = (size_t)table->column_count;

    to->table = table;
    to->widths = ARENA_NEW(to->arena, size_t, count);
    to->is_number = ARENA_NEW(to->arena, bool, count);
    to->is_seen = ARENA_NEW(to->arena, bool, count);
    to->texts = ARENA_NEW(to->arena, str, count);
    to->sample_count = 0;
    to->is_flowing = false;
    for (size_t i = 0; i < count; i++) {
        to->widths[i] = utf8_width(table->columns[i].title);
    }
    return put_head(to);
}

static enum rc text_row(void *self, const struct out *cells)
{
    struct text *to = self;
    enum rc rc = RC_OK;

    show_cells(to, cells);
    if (to->sample_count < TEXT_SAMPLE_ROWS) {
        measure(to, cells);
        keep(to);
        return RC_OK;
    }
    if (!to->is_flowing) {
        rc = flow(to);
    }
    return rc == RC_OK ? put_row(to, to->texts) : rc;
}

static enum rc text_end(void *self)
{
    struct text *to = self;
    bool is_said = to->table->note_count > 0; /* a note explains why there are no rows */

    return to->is_flowing || (to->sample_count == 0 && is_said) ? RC_OK : flow(to);
}

struct table_sink text_sink(struct arena *arena, struct byte_sink out)
{
    struct text *to = ARENA_NEW(arena, struct text, 1);

    to->arena = arena;
    to->out = out;
    to->is_first = true;
    buf_init(&to->line, arena, TEXT_LINE_MAX);
    buf_init(&to->shown, arena, TEXT_LINE_MAX);
    return (struct table_sink){to, text_begin, text_row, text_end};
}
