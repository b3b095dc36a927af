/* A dictionary as sheets. */
#include "office/revision/revision_in.h"

/* One row: an object, and the ids in front of it. */
struct row {
    struct row *next;
    const struct doc *object;
    str lead[PLAN_DEPTH_MAX];
    int lead_count;
};

struct rows {
    struct arena *arena;
    struct row *first;
    struct row *last;
};

static str number_text(struct arena *arena, int number)
{
    struct buf out;
    str text = {0};

    buf_init(&out, arena, 16);
    buf_int(&out, number);
    MUST(buf_done(&out, &text));
    return text;
}

static struct row *add_row(struct rows *rows, const struct row *parent, const struct doc *object)
{
    struct row *row = ARENA_NEW(rows->arena, struct row, 1);

    if (parent != NULL) {
        *row = *parent;
        row->next = NULL;
    }
    row->object = object;
    if (rows->last == NULL) {
        rows->first = row;
    } else {
        rows->last->next = row;
    }
    rows->last = row;
    return row;
}

/* The objects below each row, one step further down the chain. */
static struct rows descend(const struct rows *above, const struct field *field)
{
    struct rows below = {.arena = above->arena};

    for (const struct row *row = above->first; row != NULL; row = row->next) {
        const struct doc *many = doc_get(row->object, str_from(field->key));
        int number = 1;
        if (many == NULL) {
            continue;
        }
        if (field->type == FIELD_ONE) {
            (void)add_row(&below, row, many);
            continue;
        }
        for (const struct doc *item = many->first; item != NULL; item = item->next) {
            struct row *added = add_row(&below, row, item);
            added->lead[added->lead_count++] =
                field->type == FIELD_MAP ? item->key : number_text(above->arena, number++);
        }
    }
    return below;
}

static struct out cell_of(const struct plan_column *column, const struct doc *object,
                          struct arena *arena)
{
    const struct doc *value = doc_get(object, str_from(column->field->key));

    if (column->language.len > 0) {
        value = doc_get(value, column->language);
    }
    return out_text(value == NULL ? STR("") : cell_write(column->field, value, arena));
}

static enum rc write_rows(const struct plan *plan, const struct rows *rows,
                          const struct table_sink *sink)
{
    struct out cells[PLAN_COLUMNS_MAX];

    for (const struct row *row = rows->first; row != NULL; row = row->next) {
        for (int i = 0; i < plan->lead_count; i++) {
            cells[i] = out_text(row->lead[i]);
        }
        for (int i = plan->lead_count; i < plan->column_count; i++) {
            cells[i] = cell_of(&plan->columns[i], row->object, rows->arena);
        }
        TRY(sink->row(sink->self, cells));
    }
    return RC_OK;
}

static enum rc write_sheet(const struct plan *plan, const struct rows *rows, enum lang lang,
                           const struct table_sink *sink)
{
    struct column columns[PLAN_COLUMNS_MAX] = {0};
    const str notes[] = {msg_text(lang, MSG_REVISION_NOTE)};
    struct table table = {
        .name = plan->name,
        .title = title_of(plan->name, lang, rows->arena),
        .columns = columns,
        .column_count = plan->column_count,
        .notes = notes,
        .note_count = 1,
        .frozen_columns = plan->lead_count,
    };

    for (int i = 0; i < plan->column_count; i++) {
        columns[i].key = plan->columns[i].key;
        columns[i].title = title_of(plan->columns[i].key, lang, rows->arena);
        columns[i].is_id = true;
    }
    TRY(sink->begin(sink->self, &table));
    TRY(write_rows(plan, rows, sink));
    return sink->end(sink->self);
}

enum rc revision_export(const struct doc *normal, enum lang lang, const struct table_sink *sink,
                        struct arena *arena)
{
    struct plan *plans = ARENA_NEW(arena, struct plan, PLANS_MAX);
    int count = plan_all(plans, arena);

    for (int i = 0; i < count; i++) {
        struct rows rows = {.arena = arena};
        (void)add_row(&rows, NULL, normal);
        for (int step = 0; step < plans[i].depth; step++) {
            rows = descend(&rows, plans[i].chain[step]);
        }
        TRY(write_sheet(&plans[i], &rows, lang, sink));
    }
    return RC_OK;
}
