/* Stamping rows. */
#include "office/audit/stamp.h"

#include "office/audit/stamp_sql.h"

enum { STAMP_ROW_MAX = 64 << 20 };

const str EVENT_STAMP = STR_INIT("rows.stamp");
const struct stamped SETTINGS_STAMPED = {STR_INIT("office"), &STAMP_SETTINGS, NULL};

struct stamping {
    const struct cx *cx;
    int columns;
    struct stamp *stamp;
};

static void put_value(struct event_body *body, const struct val *value)
{
    switch (value->kind) {
    case VAL_NULL:
        buf_char(&body->bytes, 'n');
        return;
    case VAL_INT:
        event_body_int(body, value->number);
        return;
    case VAL_TEXT:
    case VAL_BLOB:
        event_body_text(body, value->text);
        return;
    }
    NEVER("a value of no kind");
}

static enum rc take_row(void *self, const struct val *row)
{
    const struct stamping *in = self;
    struct arena_mark mark = arena_mark(in->cx->arena);
    struct event_body body;
    str bytes = {0};

    buf_init(&body.bytes, in->cx->arena, STAMP_ROW_MAX);
    for (int i = 0; i < in->columns; i++) {
        put_value(&body, &row[i]);
    }
    MUST(buf_done(&body.bytes, &bytes));
    in->stamp->digest = hash_of_two(hash_bytes(&in->stamp->digest), bytes);
    in->stamp->count++;
    arena_rewind(in->cx->arena, mark);
    return RC_OK;
}

enum rc stamp_now(const struct cx *cx, const struct stamped *what, int64_t key, struct stamp *out)
{
    struct stamp stamp = {0};
    struct stamping in = {cx, what->rows->out_count, &stamp};
    const struct val by_key[] = {v_int(key)};

    TRY(db_each(cx->db, what->rows, by_key, take_row, &in, cx->err));
    *out = stamp;
    return RC_OK;
}

enum rc stamp_add(const struct cx *cx, const struct stamped *what, int64_t key,
                  const struct event_ref *cause)
{
    struct stamp stamp = {0};
    struct event_body body;

    TRY(stamp_now(cx, what, key, &stamp));
    event_body_init(&body, cx->arena);
    event_body_text(&body, what->table);
    event_body_int(&body, key);
    event_body_int(&body, stamp.count);
    event_body_hash(&body, stamp.digest);
    return event_add(cx, LOG_OFFICE, EVENT_STAMP, &body, cause, NULL);
}
