/* Reading, then writing. */
#include "web/phase.h"

#include "base/clock.h"
#include "office/unit/unit.h"
#include "web/server_in.h"

static enum rc begin_reading(struct call *call)
{
    TRY(office_enter(&call->act.cx, DB_READ));
    call->phase = PHASE_READING;
    return pin_take(&call->act.cx, &call->pin);
}

/* What was read is taken out of the office: that is on record before it goes. */
static void put_on_record(struct call *call)
{
    enum rc rc = writer_enter(call->server->writer, call);

    call->rc = rc == RC_OK ? export_write(call) : rc;
}

void phase_run(struct call *call, bool is_whole, enum rc (*at_end)(struct call *call))
{
    enum rc rc = is_whole ? writer_enter(call->server->writer, call) : begin_reading(call);

    call->rc = rc == RC_OK ? call_run(call) : rc;
    if (call->phase == PHASE_READING) {
        call->phase = PHASE_OVER;
        call->rc = office_leave(&call->act.cx, call->rc);
        if (export_is_due(call)) {
            put_on_record(call);
        }
    }
    if (call->phase == PHASE_WRITING) {
        call->rc = call->rc == RC_OK && at_end != NULL ? at_end(call) : call->rc;
        writer_leave(call->server->writer, call);
    }
    call->phase = PHASE_OVER;
}

struct near {
    const struct unit_tree *tree;
    int within;
};

/* Do values of units below `within` stand in that log? A log of no unit of the tree may have any.
 */
static bool is_near(void *self, struct unit_id log)
{
    const struct near *near = self;
    const struct unit *units = near->tree->units;
    int place = unit_tree_find_id(near->tree, log);

    return place == NONE || (place >= near->within && place < units[near->within].end) ||
           (near->within >= place && near->within < units[place].end);
}

static enum rc check_pin(struct call *call, const struct unit_tree *tree, int within)
{
    struct near near = {tree, within};
    bool is_held = false;

    TRY(pin_holds(&call->act.cx, &call->pin, tree == NULL ? NULL : is_near, &near, &is_held));
    call->is_stale = !is_held;
    return is_held ? RC_OK : err_set(&call->act.err, RC_CONFLICT, MSG_WEB_STALE);
}

enum rc phase_begin_write(struct act *act, const struct unit_tree *tree, int within)
{
    struct call *call = act->caller;

    if (call->phase == PHASE_WRITING) {
        return RC_OK;
    }
    TRY(cx_progress(&act->cx, MSG_WEB_PROGRESS_KEEP, 0, 0));
    call->phase = PHASE_OVER;
    TRY(office_leave(&act->cx, RC_OK)); /* nothing but reading until here */
    TRY(writer_enter(call->server->writer, call));
    act->cx.now_ms = clock_now_ms();
    TRY(check_pin(call, tree, within));
    return call_may_still(call);
}
