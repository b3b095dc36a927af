/* Tables as CSV. */
#include "base/buf.h"
#include "format/book/book.h"
#include "format/book/cell.h"

enum { CSV_LINE_MAX = 64 * 1024 * 1024 };

struct csv {
    struct byte_sink out;
    const struct table *table;
    struct buf line; /* kept from row to row: the sink's buffer may live in the same arena */
    struct buf field;
    bool is_first; /* nothing was written yet */
};

/* A cell that a spreadsheet would take for a formula. */
static bool starts_formula(str text)
{
    return text.len > 0 && strchr("=+-@\t\r", text.at[0]) != NULL;
}

static bool needs_quotes(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (strchr(",\"\n\r", text.at[i]) != NULL) {
            return true;
        }
    }
    return text.len > 0 && (text.at[0] == ' ' || text.at[text.len - 1] == ' ');
}

static void put_field(struct buf *line, str text, bool is_text)
{
    bool guarded = is_text && starts_formula(text);

    if (!needs_quotes(text)) {
        buf_put(line, guarded ? STR("'") : STR(""));
        buf_put(line, text);
        return;
    }
    buf_put(line, guarded ? STR("\"'") : STR("\""));
    for (size_t i = 0; i < text.len; i++) {
        buf_put(line, text.at[i] == '"' ? STR("\"\"") : str_part(text, i, 1));
    }
    buf_char(line, '"');
}

static enum rc hand_over(struct csv *csv)
{
    str text = {0};

    buf_put(&csv->line, STR("\r\n"));
    MUST(buf_done(&csv->line, &text));
    enum rc rc = csv->out.take(csv->out.self, text);
    buf_clear(&csv->line);
    return rc;
}

static enum rc csv_begin(void *self, const struct table *table)
{
    struct csv *csv = self;

    csv->table = table;
    buf_put(&csv->line, csv->is_first ? STR("\xEF\xBB\xBF") : STR("\r\n"));
    csv->is_first = false;
    for (int i = 0; i < table->column_count; i++) {
        buf_put(&csv->line, i > 0 ? STR(",") : STR(""));
        put_field(&csv->line, table->columns[i].key, true);
    }
    return hand_over(csv);
}

static enum rc csv_row(void *self, const struct out *cells)
{
    struct csv *csv = self;

    for (int i = 0; i < csv->table->column_count; i++) {
        str text = {0};
        buf_clear(&csv->field);
        cell_spell(&csv->field, &cells[i]);
        MUST(buf_done(&csv->field, &text));
        buf_put(&csv->line, i > 0 ? STR(",") : STR(""));
        put_field(&csv->line, text, cells[i].kind == OUT_TEXT);
    }
    return hand_over(csv);
}

static enum rc csv_end(void *self)
{
    (void)self;
    return RC_OK;
}

struct table_sink csv_sink(struct arena *arena, struct byte_sink out)
{
    struct csv *csv = ARENA_NEW(arena, struct csv, 1);

    *csv = (struct csv){.out = out, .is_first = true};
    buf_init(&csv->line, arena, CSV_LINE_MAX);
    buf_init(&csv->field, arena, CSV_LINE_MAX);
    return (struct table_sink){csv, csv_begin, csv_row, csv_end};
}
