/* Taking a register back: only the newest, and only while nothing was built on it. */
#include "office/audit/audit.h"
#include "office/register/register_in.h"
#include "office/register/revert_sql.h"

static enum rc need_newest(const struct cx *cx, const struct batch *target, int64_t *out_day)
{
    const struct val in[] = {v_int(target->id)};
    struct val day = {0};
    struct val newest = {0};
    enum rc rc = db_one(cx->db, &REVERT_REGISTER, in, &day, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return err_set(cx->err, RC_CONFLICT, MSG_UNIT_REVERT_KIND, arg_text(target->file_name));
    }
    TRY(rc);
    TRY(db_one(cx->db, &REVERT_NEWEST, NULL, &newest, cx->arena, cx->err));
    if (newest.number != day.number) {
        return err_set(cx->err, RC_CONFLICT, MSG_UNIT_REVERT_OLDER, arg_text(target->file_name));
    }
    *out_day = day.number;
    return RC_OK;
}

/* Everything taken in later may speak of units that this register made. */
static enum rc need_nothing_later(const struct cx *cx, const struct batch *target)
{
    struct batch later = {0};
    enum rc rc = batch_next(cx, target->id, &later);

    if (rc == RC_OK) {
        return err_set(cx->err, RC_CONFLICT, MSG_UNIT_REVERT_LATER, arg_number(later.id),
                       arg_text(later.file_name));
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* Units keep their ids, so that none is ever given again; without a span they are nowhere. */
static enum rc undo(const struct cx *cx, const struct batch *target, int64_t day)
{
    static const struct sql *const BY_DAY[] = {&REVERT_SPANS, &REVERT_SPAN_ENDS, &REVERT_WITHIN,
                                               &REVERT_WITHIN_ENDS};
    const struct val by_batch[] = {v_int(target->id)};
    const struct val by_day[] = {v_int(day)};

    TRY(db_change(cx->db, &REVERT_LINEAGE, by_batch, cx->err));
    for (size_t i = 0; i < COUNT_OF(BY_DAY); i++) {
        TRY(db_change(cx->db, BY_DAY[i], by_day, cx->err));
    }
    TRY(db_change_one(cx->db, &REVERT_ROW, by_batch, cx->err));
    return batch_mark_reverted(cx, target);
}

enum rc register_revert(const struct cx *cx, int64_t batch_id, str reason, struct batch *out)
{
    struct batch target = {0};
    struct event_body body;
    struct event_ref ref = {0};
    int64_t day = 0;

    TRY(batch_load(cx, batch_id, &target));
    TRY(need_newest(cx, &target, &day));
    TRY(need_nothing_later(cx, &target));
    *out = (struct batch){
        .kind = STR("revert"),
        .file_name = target.file_name,
        .file = target.file,
        .reverts = target.id,
        .reason = reason,
    };
    TRY(batch_add(cx, out));
    TRY(undo(cx, &target, day));
    event_body_init(&body, cx->arena);
    event_body_int(&body, out->id);
    event_body_int(&body, target.id);
    event_body_int(&body, day);
    event_body_text(&body, reason);
    TRY(event_add(cx, LOG_OFFICE, STR("register.revert"), &body, NULL, &ref));
    TRY(batch_count(cx, out));
    return register_stamp(cx, &ref);
}
