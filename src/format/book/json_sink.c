/* Tables as JSON (contract 32), and their rows as lines of JSON. */
#include "base/buf.h"
#include "format/book/book.h"
#include "format/json/json.h"

enum { SCHEMA_MAX = 256 };

struct json_table {
    struct arena *arena;
    struct json json;
    const struct table *table;
};

void json_put_out(struct json *json, const struct out *cell, bool is_id)
{
    switch (cell->kind) {
    case OUT_NONE:
        json_state(json, cell->key.len > 0 ? cell->key : STR("unknown"));
        break;
    case OUT_TEXT:
        json_text(json, cell->key.len > 0 ? cell->key : cell->text);
        break;
    case OUT_FIXED:
        if (is_id) {
            json_id(json, cell->number);
        } else {
            json_fixed(json, cell->number, cell->decimals);
        }
        break;
    case OUT_RATIO:
        json_ratio(json, cell->number, cell->whole);
        break;
    case OUT_MONEY:
        json_int(json, cell->number);
        break;
    }
}

static void put_schema(struct json_table *self)
{
    struct buf schema;
    str text = {0};

    buf_init(&schema, self->arena, SCHEMA_MAX);
    buf_put(&schema, STR("wancun."));
    buf_put(&schema, self->table->name);
    buf_put(&schema, STR("/1"));
    MUST(buf_done(&schema, &text));
    json_key(&self->json, STR("schema"));
    json_text(&self->json, text);
}

static void put_inputs(struct json *json, const struct table *table)
{
    json_key(json, STR("inputs"));
    json_open_map(json);
    for (int i = 0; i < table->fact_count; i++) {
        json_key(json, table->facts[i].key);
        json_put_out(json, &table->facts[i].value, false);
    }
    json_close_map(json);
}

static void put_notes(struct json *json, const struct table *table)
{
    json_key(json, STR("notes"));
    json_open_list(json);
    for (int i = 0; i < table->note_count; i++) {
        json_text(json, table->notes[i]);
    }
    json_close_list(json);
}

static void put_columns(struct json *json, const struct table *table)
{
    json_key(json, STR("columns"));
    json_open_list(json);
    for (int i = 0; i < table->column_count; i++) {
        json_open_map(json);
        json_key(json, STR("key"));
        json_text(json, table->columns[i].key);
        json_key(json, STR("title"));
        json_text(json, table->columns[i].title);
        json_close_map(json);
    }
    json_close_list(json);
}

static enum rc json_begin(void *self, const struct table *table)
{
    struct json_table *to = self;

    to->table = table;
    json_open_map(&to->json);
    put_schema(to);
    json_key(&to->json, STR("title"));
    json_text(&to->json, table->title);
    put_inputs(&to->json, table);
    put_notes(&to->json, table);
    put_columns(&to->json, table);
    json_key(&to->json, STR("rows"));
    json_open_list(&to->json);
    return to->json.rc;
}

static enum rc json_row(void *self, const struct out *cells)
{
    struct json_table *to = self;

    json_open_map(&to->json);
    for (int i = 0; i < to->table->column_count; i++) {
        json_key(&to->json, to->table->columns[i].key);
        json_put_out(&to->json, &cells[i], to->table->columns[i].is_id);
    }
    json_close_map(&to->json);
    return to->json.rc;
}

static enum rc json_end(void *self)
{
    struct json_table *to = self;

    json_close_list(&to->json);
    json_close_map(&to->json);
    json_line(&to->json);
    return json_done(&to->json);
}

static enum rc line_begin(void *self, const struct table *table)
{
    struct json_table *to = self;

    to->table = table;
    return RC_OK;
}

static enum rc line_row(void *self, const struct out *cells)
{
    struct json_table *to = self;
    enum rc rc = json_row(to, cells);

    json_line(&to->json);
    return rc;
}

static enum rc line_end(void *self)
{
    struct json_table *to = self;

    return json_done(&to->json);
}

static struct json_table *make(struct arena *arena, struct byte_sink out)
{
    struct json_table *to = ARENA_NEW(arena, struct json_table, 1);

    to->arena = arena;
    json_init(&to->json, out);
    return to;
}

struct table_sink ndjson_sink(struct arena *arena, struct byte_sink out)
{
    return (struct table_sink){make(arena, out), line_begin, line_row, line_end};
}

struct table_sink json_sink(struct arena *arena, struct byte_sink out)
{
    return (struct table_sink){make(arena, out), json_begin, json_row, json_end};
}
