/* Runs, results, exceptions and approvals against the trace. */
#include "office/tier/run.h"
#include "office/tier/tier_in.h"
#include "office/tier/tier_replay_sql.h"

const str EVENT_OVERRIDE = STR_INIT("tier.override");
const str EVENT_APPROVE = STR_INIT("run.approve");
const struct stamped RUN_STAMPED = {STR_INIT("run"), &RUN_ROWS, &RUN_KEYS};
const struct stamped RESULT_STAMPED = {STR_INIT("tier_result"), &RESULT_ROWS, &RESULT_KEYS};

struct replaying {
    const struct cx *cx;
    int64_t told;
};

/* The row that an event speaks of must be there and say the same. */
static enum rc judge(struct replaying *in, const struct event *event, enum rc found, bool says_same,
                     str where)
{
    if (found != RC_OK && found != RC_MISSING) {
        return found;
    }
    if (found == RC_MISSING || !says_same) {
        return event_wrong(in->cx, event->ref, MSG_AUDIT_ROWS_DIFFER, where);
    }
    in->told++;
    return RC_OK;
}

static enum rc check_override(void *self, const struct event *event)
{
    struct replaying *in = self;
    const struct cx *cx = in->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    struct event_reader reader = {.rest = event->body};
    int64_t unit = event_read_int(&reader);
    str scheme = event_read_text(&reader);
    str tier = event_read_text(&reader);
    str reason = event_read_text(&reader);
    const struct val key[] = {v_int(event->ref.log.v), v_int(unit), v_text(scheme),
                              v_int(event->at_ms)};
    struct val row[3] = {{0}};
    enum rc rc = db_one(cx->db, &OVERRIDE_GET, key, row, cx->arena, cx->err);
    bool says_same = !reader.is_broken && str_equal(row[0].text, tier) &&
                     str_equal(row[1].text, reason) && str_equal(row[2].text, event->actor);

    TRY(judge(in, event, rc, says_same, replay_where(cx, STR("tier_override unit"), unit)));
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

static enum rc check_approval(void *self, const struct event *event)
{
    struct replaying *in = self;
    const struct cx *cx = in->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    struct event_reader reader = {.rest = event->body};
    int64_t run = event_read_int(&reader);
    str resolution = event_read_text(&reader);
    const struct val key[] = {v_int(run)};
    struct val row[3] = {{0}};
    enum rc rc = db_one(cx->db, &APPROVAL_GET, key, row, cx->arena, cx->err);
    bool says_same = !reader.is_broken && str_equal(row[0].text, resolution) &&
                     row[1].number == event->at_ms && str_equal(row[2].text, event->actor);

    TRY(judge(in, event, rc, says_same, replay_where(cx, STR("approval run"), run)));
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

static enum rc check_overrides(const struct cx *cx, const struct replay_table *self,
                               struct replay_count *out)
{
    struct replaying in = {.cx = cx};
    struct val count = {0};

    TRY(event_each_of_kind(cx, EVENT_OVERRIDE, check_override, &in));
    TRY(db_one(cx->db, &OVERRIDE_COUNT, NULL, &count, cx->arena, cx->err));
    return replay_compare(cx, self->table, count.number, in.told, out);
}

static enum rc check_approvals(const struct cx *cx, const struct replay_table *self,
                               struct replay_count *out)
{
    struct replaying in = {.cx = cx};
    struct val count = {0};

    TRY(event_each_of_kind(cx, EVENT_APPROVE, check_approval, &in));
    TRY(db_one(cx->db, &APPROVAL_COUNT, NULL, &count, cx->arena, cx->err));
    return replay_compare(cx, self->table, count.number, in.told, out);
}

const struct replay_table TIER_TABLES[] = {
    {STR_INIT("run"), replay_stamped, &RUN_STAMPED},
    {STR_INIT("tier_result"), replay_stamped, &RESULT_STAMPED},
    {STR_INIT("tier_override"), check_overrides, NULL},
    {STR_INIT("approval"), check_approvals, NULL},
    {{0}, NULL, NULL},
};
