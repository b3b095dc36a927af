/* Undoing a ledger: a batch of its own that puts back what stood before. */
#include "office/audit/audit.h"
#include "office/collect/import.h"

struct reverting {
    const struct cx *cx;
    struct batch *counter;
    struct event_ref cause;
};

/* What stands without the target: the last word of the batches that count, indicator by indicator.
 * Batches taken back do not count, nor do those that took them back. */
struct before {
    const struct cx *cx;
    struct value *values; /* by number of the indicator; batch 0: nobody wrote it */
    int room;
};

static enum rc note_before(void *self, const struct value_row *row)
{
    struct before *before = self;
    struct batch batch = {0};

    if (row->count == 0) {
        return RC_OK;
    }
    TRY(batch_load(before->cx, row->values[0].batch, &batch));
    bool counts = str_equal(batch.state, STR("committed")) && !str_equal(batch.kind, STR("revert"));
    for (int i = 0; counts && i < row->count; i++) {
        if (row->values[i].indicator < before->room) {
            before->values[row->values[i].indicator] = row->values[i];
        }
    }
    return RC_OK;
}

static const struct value *find(const struct value_row *row, int indicator)
{
    for (int i = 0; i < row->count; i++) {
        if (row->values[i].indicator == indicator) {
            return &row->values[i];
        }
    }
    return NULL;
}

static bool is_same(const struct value *a, const struct value *b)
{
    return a->state == b->state && a->num == b->num && a->den == b->den && a->source == b->source;
}

/* What the target wrote, each value as it stands without it; those that stand so already, because
 * they were written again since, are left alone. */
static int put_back(const struct reverting *in, const struct value_row *wrote,
                    const struct value_row *standing, const struct before *before,
                    struct value *out)
{
    int count = 0;

    for (int i = 0; i < wrote->count; i++) {
        int indicator = wrote->values[i].indicator;
        const struct value *now = find(standing, indicator);
        out[count] = before->values[indicator];
        if (out[count].batch == 0) {
            out[count] = (struct value){
                .indicator = indicator,
                .state = NOT_REPORTED,
                .source = wrote->values[i].source,
            };
        }
        if (now != NULL && !is_same(now, &out[count])) {
            out[count++].batch = in->counter->id;
        }
    }
    return count;
}

static enum rc write_back(struct reverting *in, const struct value_row *row)
{
    const struct cx *cx = in->cx;
    struct hash digest = {{0}};

    TRY(value_put(cx, row, in->counter->id, &digest));
    in->counter->unit_count++;
    in->counter->value_count += row->count;
    in->counter->changed_count += row->count;
    return value_tell(cx, row, in->counter->id, digest, &in->cause);
}

static enum rc revert_unit(void *self, const struct value_row *wrote)
{
    struct reverting *in = self;
    struct arena *arena = in->cx->arena;
    struct arena_mark mark = arena_mark(arena);
    struct value_row standing = {0};
    int room = wrote->count == 0 ? 0 : wrote->values[wrote->count - 1].indicator + 1;
    struct before before = {
        .cx = in->cx,
        .values = ARENA_NEW(arena, struct value, (size_t)room),
        .room = room,
    };
    struct value_row back = *wrote;

    TRY(value_history_each(in->cx, wrote->home, wrote->unit, wrote->period, note_before, &before));
    TRY(value_read(in->cx, wrote->home, wrote->unit, wrote->period, &standing));
    back.values = ARENA_NEW(arena, struct value, (size_t)wrote->count);
    back.count = put_back(in, wrote, &standing, &before, back.values);
    if (back.count > 0) {
        TRY(write_back(in, &back));
    }
    arena_rewind(arena, mark);
    return RC_OK;
}

static enum rc begin_revert(const struct cx *cx, const struct batch *target, str reason,
                            struct batch *counter, struct event_ref *out)
{
    struct event_body body;

    *counter = (struct batch){
        .kind = STR("revert"),
        .file_name = target->file_name,
        .file = target->file,
        .period = target->period,
        .reverts = target->id,
        .reason = reason,
    };
    TRY(batch_mark_reverted(cx, target));
    TRY(batch_add(cx, counter));
    event_body_init(&body, cx->arena);
    event_body_int(&body, counter->id);
    event_body_int(&body, target->id);
    event_body_text(&body, reason);
    return event_add(cx, LOG_OFFICE, STR("ledger.revert"), &body, NULL, out);
}

enum rc import_revert(const struct cx *cx, int64_t batch_id, str reason, struct batch *out)
{
    struct batch target = {0};
    struct reverting in = {.cx = cx, .counter = out};

    TRY(batch_load(cx, batch_id, &target));
    if (!str_equal(target.kind, STR("ledger"))) {
        return err_set(cx->err, RC_CONFLICT, MSG_COLLECT_REVERT_KIND, arg_text(target.file_name));
    }
    TRY(begin_revert(cx, &target, reason, out, &in.cause));
    TRY(value_batch_each(cx, batch_id, revert_unit, &in));
    return batch_count(cx, out);
}
