/* Tables kept for a test. */
#include "tests/office/shown.h"

#include "base/must.h"

static struct out copied(struct arena *arena, struct out cell)
{
    cell.text = arena_str(arena, cell.text);
    cell.key = arena_str(arena, cell.key);
    return cell;
}

static enum rc begin(void *self, const struct table *table)
{
    struct shown *shown = self;
    struct arena *arena = &shown->arena;
    struct column *columns = ARENA_NEW(arena, struct column, (size_t)table->column_count);
    struct fact *facts = ARENA_NEW(arena, struct fact, (size_t)table->fact_count);
    str *notes = ARENA_NEW(arena, str, (size_t)table->note_count);

    MUST(shown->count < SHOWN_TABLES_MAX);
    for (int i = 0; i < table->column_count; i++) {
        columns[i] = table->columns[i];
        columns[i].key = arena_str(arena, columns[i].key);
    }
    for (int i = 0; i < table->fact_count; i++) {
        facts[i] = table->facts[i];
        facts[i].key = arena_str(arena, facts[i].key);
        facts[i].value = copied(arena, facts[i].value);
    }
    for (int i = 0; i < table->note_count; i++) {
        notes[i] = arena_str(arena, table->notes[i]);
    }
    struct shown_table *out = &shown->tables[shown->count++];
    *out = (struct shown_table){.about = *table};
    out->about.name = arena_str(arena, table->name);
    out->about.title = arena_str(arena, table->title);
    out->about.columns = columns;
    out->about.facts = facts;
    out->about.notes = notes;
    out->cells = ARENA_NEW(arena, struct out, SHOWN_ROWS_MAX * (size_t)(table->column_count + 1));
    return RC_OK;
}

static enum rc row(void *self, const struct out *cells)
{
    struct shown *shown = self;
    struct shown_table *table = &shown->tables[shown->count - 1];
    int columns = table->about.column_count;

    MUST(table->rows < SHOWN_ROWS_MAX);
    for (int i = 0; i < columns; i++) {
        table->cells[table->rows * columns + i] = copied(&shown->arena, cells[i]);
    }
    table->rows++;
    return RC_OK;
}

static enum rc end(void *self)
{
    (void)self;
    return RC_OK;
}

void shown_begin(struct shown *shown)
{
    *shown = (struct shown){.count = 0};
    arena_init(&shown->arena, ARENA_REQUEST_MAX);
}

void shown_end(struct shown *shown)
{
    arena_done(&shown->arena);
}

struct table_sink shown_sink(struct shown *shown)
{
    return (struct table_sink){shown, begin, row, end};
}

const struct shown_table *shown_table(const struct shown *shown, const char *name)
{
    for (int i = 0; i < shown->count; i++) {
        if (str_equal(shown->tables[i].about.name, str_from(name))) {
            return &shown->tables[i];
        }
    }
    NEVER("a table that was not shown");
}

bool shown_is(const struct out *cell, const char *text)
{
    str key = cell->key.len > 0 ? cell->key : cell->text;

    return str_equal(key, str_from(text)) || str_equal(cell->text, str_from(text));
}

const struct out *shown_cell(const struct shown_table *table, int row, const char *column)
{
    for (int i = 0; i < table->about.column_count; i++) {
        if (str_equal(table->about.columns[i].key, str_from(column))) {
            MUST(row >= 0 && row < table->rows);
            return &table->cells[row * table->about.column_count + i];
        }
    }
    NEVER("a column that the table has not");
}

int shown_row(const struct shown_table *table, const char *column, const char *text)
{
    for (int i = 0; i < table->rows; i++) {
        if (shown_is(shown_cell(table, i, column), text)) {
            return i;
        }
    }
    return -1;
}

const struct out *shown_fact(const struct shown_table *table, const char *key)
{
    for (int i = 0; i < table->about.fact_count; i++) {
        if (str_equal(table->about.facts[i].key, str_from(key))) {
            return &table->about.facts[i].value;
        }
    }
    NEVER("a fact that the table has not");
}
