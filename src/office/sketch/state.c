/* What a map rests on, in short. */
#include "office/file/batch.h"
#include "office/sketch/sketch_in.h"

enum { STATE_BYTES_MAX = 64 << 10 };

static void put_number(struct buf *out, int64_t number)
{
    buf_int(out, number);
    buf_char(out, ' ');
}

static void put_scope(struct buf *out, const struct scope *scope)
{
    bool is_all = scope == NULL || scope->is_all;

    put_number(out, is_all);
    for (int i = 0; !is_all && i < scope->root_count; i++) {
        put_number(out, scope->roots[i].v);
    }
    put_number(out, scope == NULL ? 0 : scope->day);
}

enum rc sketch_state(const struct cx *cx, const struct programme *programme, date at,
                     struct hash *out)
{
    struct buf buf;
    str text = {0};
    int64_t batch = 0;

    buf_init(&buf, cx->arena, STATE_BYTES_MAX);
    buf_put(&buf, hash_hex(programme->hash, cx->arena));
    buf_char(&buf, ' ');
    TRY(batch_newest(cx, &batch));
    put_number(&buf, batch);
    put_number(&buf, at.days);
    put_number(&buf, cx->lang);
    put_scope(&buf, cx->scope);
    for (int level = 0; level < programme->level_count; level++) {
        struct sketch_tiering tiering;
        TRY(sketch_tiering_find(cx, programme, level, &tiering));
        put_number(&buf, tiering.scheme == NULL ? 0 : tiering.run.id);
        put_number(&buf, tiering.is_approved);
    }
    MUST(buf_done(&buf, &text));
    *out = hash_of(text);
    return RC_OK;
}
