/* Undoing a ledger: a batch of its own that puts back what stood before. */
#include "office/audit/audit.h"
#include "office/collect/import.h"

enum { INDICATOR_NUMBER_MAX = 1 << 15 };

struct reverting {
    const struct cx *cx;
    const struct batch *target;
    struct batch *counter;
    struct event_ref cause;
};

/* What stood before the target wrote: the last word of earlier batches, indicator by indicator. */
struct before {
    int64_t target;
    struct value *values; /* by number of the indicator; batch 0: nobody wrote it */
};

static enum rc note_before(void *self, const struct value_row *row)
{
    struct before *before = self;

    for (int i = 0; i < row->count; i++) {
        if (row->values[i].batch < before->target) {
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

/* Values of the target that still stand, each replaced by what it had replaced. */
static int put_back(const struct reverting *in, const struct value_row *wrote,
                    const struct value_row *standing, const struct before *before,
                    struct value *out)
{
    int count = 0;

    for (int i = 0; i < wrote->count; i++) {
        int indicator = wrote->values[i].indicator;
        const struct value *now = find(standing, indicator);
        if (now == NULL || now->batch != in->target->id) {
            continue; /* written again since */
        }
        out[count] = before->values[indicator];
        if (out[count].batch == 0) {
            out[count] = (struct value){
                .indicator = indicator,
                .state = NOT_REPORTED,
                .source = wrote->values[i].source,
            };
        }
        out[count++].batch = in->counter->id;
    }
    return count;
}

static enum rc write_back(struct reverting *in, const struct value_row *row)
{
    const struct cx *cx = in->cx;
    struct hash digest = {{0}};
    struct event_body body;

    TRY(value_put(cx, row, in->counter->id, &digest));
    event_body_init(&body, cx->arena);
    event_body_int(&body, in->counter->id);
    event_body_int(&body, row->unit.v);
    event_body_int(&body, row->period.key);
    event_body_hash(&body, digest);
    in->counter->unit_count++;
    in->counter->value_count += row->count;
    in->counter->changed_count += row->count;
    return event_add(cx, row->home, STR("value.put"), &body, &in->cause, NULL);
}

static enum rc revert_unit(void *self, const struct value_row *wrote)
{
    struct reverting *in = self;
    struct arena *arena = in->cx->arena;
    struct arena_mark mark = arena_mark(arena);
    struct value_row standing = {0};
    struct before before = {
        .target = in->target->id,
        .values = ARENA_NEW(arena, struct value, INDICATOR_NUMBER_MAX),
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
    struct reverting in = {.cx = cx, .target = &target, .counter = out};

    TRY(batch_load(cx, batch_id, &target));
    if (!str_equal(target.kind, STR("ledger"))) {
        return err_set(cx->err, RC_CONFLICT, MSG_COLLECT_REVERT_KIND, arg_text(target.file_name));
    }
    TRY(begin_revert(cx, &target, reason, out, &in.cause));
    TRY(value_batch_each(cx, batch_id, revert_unit, &in));
    return batch_count(cx, out);
}
