/* Undoing an act of deciding: its steps are proposals again, and units it joined are apart. Only
 * while nothing was built on it. */
#include "office/lineage/decide.h"
#include "office/lineage/lineage_in.h"
#include "office/lineage/undo_sql.h"

struct steps {
    const struct cx *cx;
    struct lineage_row *rows;
    int count;
    int room;
};

static enum rc take_step(void *self, const struct val *row)
{
    struct steps *steps = self;

    if (steps->count == steps->room) {
        int room = steps->room == 0 ? 64 : 2 * steps->room;
        struct lineage_row *rows = ARENA_NEW(steps->cx->arena, struct lineage_row, (size_t)room);
        for (int i = 0; i < steps->count; i++) {
            rows[i] = steps->rows[i];
        }
        steps->rows = rows;
        steps->room = room;
    }
    steps->rows[steps->count++] = lineage_unpack(steps->cx, row);
    return RC_OK;
}

static enum rc load(const struct cx *cx, const struct sql *list, int64_t key, struct steps *out)
{
    const struct val in[] = {v_int(key)};

    *out = (struct steps){.cx = cx};
    return db_each(cx->db, list, in, take_step, out, cx->err);
}

/* ---- what was built on it ---- */

/* RC_OK when a row is found: then what is to be undone cannot be. */
static enum rc find(const struct cx *cx, const struct sql *sql, int64_t key, int64_t *out)
{
    const struct val in[] = {v_int(key)};
    struct val found = {0};
    enum rc rc = db_one(cx->db, sql, in, &found, cx->arena, cx->err);

    *out = found.number;
    return rc;
}

/* Later batches speak of the units as they are joined; so do a resolution to carry out a run, and
 * an exception to the tiers. */
static enum rc need_free(const struct cx *cx, const struct batch *target)
{
    struct batch later = {0};
    int64_t id = 0;
    enum rc rc = batch_next(cx, target->id, &later);

    if (rc == RC_OK) {
        return err_set(cx->err, RC_CONFLICT, MSG_UNIT_UNDO_LATER, arg_number(later.id),
                       arg_text(later.file_name));
    }
    if (rc == RC_MISSING) {
        rc = find(cx, &UNDO_APPROVED, target->id, &id);
    }
    if (rc == RC_OK) {
        return err_set(cx->err, RC_CONFLICT, MSG_UNIT_UNDO_APPROVED, arg_number(id));
    }
    if (rc == RC_MISSING) {
        rc = find(cx, &UNDO_EXCEPTION, target->at_ms, &id);
    }
    if (rc == RC_OK) {
        return err_set(cx->err, RC_CONFLICT, MSG_UNIT_UNDO_EXCEPTION);
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* ---- parting what was joined ---- */

static enum rc root_of(const struct cx *cx, struct unit_id unit, int64_t *out)
{
    return find(cx, &UNDO_ROOT, unit.v, out);
}

static enum rc join_again(const struct cx *cx, const struct lineage_row *step)
{
    int64_t older = 0;
    int64_t newer = 0;

    TRY(root_of(cx, step->from, &older));
    TRY(root_of(cx, step->to, &newer));
    return older == newer ? RC_OK : lineage_join(cx, newer, older);
}

/* Take all units that are one apart, and join them again by the steps that still hold. What a join
 * added to the closure are rows of days on which their unit, or its ancestor, had no span. */
static enum rc part(const struct cx *cx, int64_t root)
{
    static const struct sql *const ACTS[] = {&UNDO_WITHIN_UNIT, &UNDO_WITHIN_ANCESTOR, &UNDO_JOIN};
    const struct val in[] = {v_int(root)};
    struct steps still = {0};

    TRY(load(cx, &UNDO_STILL, root, &still));
    for (size_t i = 0; i < COUNT_OF(ACTS); i++) {
        TRY(db_change(cx->db, ACTS[i], in, cx->err));
    }
    for (int i = 0; i < still.count; i++) {
        TRY(join_again(cx, &still.rows[i]));
    }
    return RC_OK;
}

/* Units that the steps joined; each group once, under the id it has now. */
static enum rc part_all(const struct cx *cx, const struct steps *steps)
{
    for (int i = 0; i < steps->count; i++) {
        const struct lineage_row *step = &steps->rows[i];
        int64_t older = 0;
        int64_t newer = 0;
        if (step->state != LINEAGE_CONFIRMED || !lineage_continues(step->kind)) {
            continue;
        }
        TRY(root_of(cx, step->from, &older));
        TRY(root_of(cx, step->to, &newer));
        if (older == newer) {
            TRY(part(cx, older));
        }
    }
    return RC_OK;
}

/* ---- the act ---- */

static enum rc tell(const struct cx *cx, const struct batch *counter, const struct steps *steps)
{
    struct lineage_digest *digests = NULL;
    struct event_body body;
    struct event_ref ref = {0};
    int count = 0;

    lineage_digests(cx, steps->rows, steps->count, &digests, &count);
    event_body_init(&body, cx->arena);
    event_body_int(&body, counter->id);
    event_body_int(&body, counter->reverts);
    event_body_text(&body, counter->reason);
    event_body_int(&body, steps->count);
    lineage_put_digests(&body, digests, count);
    TRY(event_add(cx, LOG_OFFICE, STR("lineage.revert"), &body, NULL, &ref));
    const struct lineage_act act = {STR("lineage.undo"), counter->id, digests, count};
    TRY(lineage_tell_homes(cx, &act, &ref));
    return lineage_stamp(cx, &ref);
}

static enum rc reopen(const struct cx *cx, int64_t batch)
{
    const struct val in[] = {v_int(batch)};

    TRY(db_change(cx->db, &UNDO_BY_HAND, in, cx->err));
    return db_change(cx->db, &UNDO_DECIDED, in, cx->err);
}

enum rc lineage_revert(const struct cx *cx, int64_t batch_id, str reason, struct batch *out)
{
    struct batch target = {0};
    struct steps steps = {0};

    TRY(batch_load(cx, batch_id, &target));
    MUST(str_equal(target.kind, STR("lineage")));
    TRY(batch_mark_reverted(cx, &target));
    TRY(need_free(cx, &target));
    *out = (struct batch){
        .kind = STR("revert"),
        .file_name = target.file_name,
        .file = target.file,
        .reverts = target.id,
        .reason = reason,
    };
    TRY(batch_add(cx, out));
    TRY(load(cx, &UNDO_STEPS, target.id, &steps));
    TRY(reopen(cx, target.id));
    TRY(part_all(cx, &steps));
    TRY(tell(cx, out, &steps));
    out->changed_count = steps.count;
    return batch_count(cx, out);
}
