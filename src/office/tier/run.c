/* Runs. */
#include "office/tier/run.h"

#include "office/approval/approval.h"
#include "office/audit/audit.h"
#include "office/file/batch.h"
#include "office/tier/run_sql.h"
#include "office/tier/tier_in.h"

enum { RUN_COLUMNS = 16 };

static struct run unpack(const struct val *row)
{
    struct run run = {
        .id = row[0].number,
        .kind = row[1].text,
        .scheme = row[2].text,
        .period = {(int32_t)row[3].number},
        .register_day = {(int32_t)row[4].number},
        .root = {row[5].number},
        .data_batch = row[7].number,
        .program = row[8].text,
        .seed = row[9].number,
        .draws = row[10].number,
        .rests_on = row[11].number,
        .summary = row[12].text,
        .at_ms = row[13].number,
        .actor = row[14].text,
        .resolution = row[15].text,
    };

    if (row[6].text.len == HASH_BYTES) {
        memcpy(run.programme.bytes, row[6].text.at, HASH_BYTES);
    }
    return run;
}

static enum rc add_event(const struct cx *cx, struct run *run)
{
    struct event_body body;

    event_body_init(&body, cx->arena);
    event_body_int(&body, run->id);
    event_body_text(&body, run->kind);
    event_body_text(&body, run->scheme);
    event_body_int(&body, run->period.key);
    event_body_int(&body, run->data_batch);
    event_body_hash(&body, run->programme);
    event_body_int(&body, run->seed);
    event_body_hash(&body, hash_of(run->summary));
    TRY(event_add(cx, run->root, STR("run.keep"), &body, NULL, &run->told));
    return stamp_add(cx, &RUN_STAMPED, run->id, &run->told);
}

enum rc run_add(const struct cx *cx, struct run *run)
{
    run->id = db_new_id(cx->db, cx->now_ms);
    run->at_ms = cx->now_ms;
    run->actor = cx->actor;
    TRY(batch_newest(cx, &run->data_batch));
    const struct val in[] = {
        v_int(run->id),
        v_text(run->kind),
        v_text(run->scheme),
        v_int(run->period.key),
        v_int(run->register_day.days),
        v_int(run->root.v),
        v_blob(hash_bytes(&run->programme)),
        v_int(run->data_batch),
        v_text(run->program),
        v_int(run->seed),
        v_int(run->draws),
        run->rests_on == 0 ? v_null() : v_int(run->rests_on),
        v_blob(run->summary),
        v_int(run->at_ms),
        v_text(run->actor),
    };

    TRY(db_change_one(cx->db, &RUN_INSERT, in, cx->err));
    return add_event(cx, run);
}

static enum rc load(const struct cx *cx, const struct sql *sql, const struct val *in,
                    struct run *out)
{
    struct val *row = ARENA_NEW(cx->arena, struct val, RUN_COLUMNS);

    TRY(db_one(cx->db, sql, in, row, cx->arena, cx->err));
    *out = unpack(row);
    return RC_OK;
}

enum rc run_load(const struct cx *cx, int64_t id, struct run *out)
{
    const struct val in[] = {v_int(id)};
    bool is_seen = false;
    enum rc rc = load(cx, &RUN_GET, in, out);

    if (rc == RC_OK) {
        TRY(cx_sees_part(cx, out->root, &is_seen));
    } else if (rc != RC_MISSING) {
        return rc;
    }
    return is_seen ? RC_OK : err_set(cx->err, RC_MISSING, MSG_RUN_UNKNOWN, arg_number(id));
}

/* The first run in sight. */
struct newest {
    const struct cx *cx;
    int64_t id; /* 0: none yet */
};

static enum rc look_at_run(void *self, const struct val *row)
{
    struct newest *in = self;
    bool is_seen = false;

    if (in->id == 0) {
        TRY(cx_sees_part(in->cx, (struct unit_id){row[1].number}, &is_seen));
        in->id = is_seen ? row[0].number : 0;
    }
    return RC_OK;
}

enum rc run_newest(const struct cx *cx, str kind, struct run *out)
{
    const struct val in[] = {v_text(kind)};
    struct newest newest = {.cx = cx};

    TRY(db_each(cx->db, &RUN_OF_KIND, in, look_at_run, &newest, cx->err));
    return newest.id == 0 ? err_set(cx->err, RC_MISSING, MSG_RUN_NONE, arg_text(kind))
                          : run_load(cx, newest.id, out);
}

enum rc run_approved_before(const struct cx *cx, str scheme, struct period period, struct run *out)
{
    const struct val in[] = {v_text(scheme), v_int(period.key)};

    return load(cx, &RUN_BEFORE, in, out);
}

static enum rc keep_approval(const struct cx *cx, const struct run *run,
                             const struct resolution *resolution)
{
    str text = resolution_text(resolution, cx->arena);
    const struct val in[] = {v_int(run->id), v_text(text), v_int(cx->now_ms), v_text(cx->actor)};
    struct event_body body;

    TRY(db_change_one(cx->db, &APPROVAL_ADD, in, cx->err));
    event_body_init(&body, cx->arena);
    event_body_int(&body, run->id);
    event_body_text(&body, text);
    return event_add(cx, run->root, EVENT_APPROVE, &body, NULL, NULL);
}

/* All that a run rests on and said in short: what is approved is this and no other. */
static struct hash digest_of(const struct cx *cx, const struct run *run)
{
    struct event_body body;
    str bytes = {0};

    event_body_init(&body, cx->arena);
    event_body_int(&body, run->id);
    event_body_text(&body, run->kind);
    event_body_text(&body, run->scheme);
    event_body_int(&body, run->period.key);
    event_body_int(&body, run->root.v);
    event_body_int(&body, run->data_batch);
    event_body_hash(&body, run->programme);
    event_body_int(&body, run->seed);
    event_body_int(&body, run->draws);
    event_body_int(&body, run->rests_on);
    event_body_text(&body, run->summary);
    MUST(buf_done(&body.bytes, &bytes));
    return hash_of(bytes);
}

static enum rc need_open(const struct cx *cx, const struct run *run)
{
    return run->resolution.len == 0 ? RC_OK
                                    : err_set(cx->err, RC_CONFLICT, MSG_RUN_APPROVED,
                                              arg_number(run->id), arg_text(run->resolution));
}

enum rc run_approve(const struct cx *cx, int64_t id, const struct resolution *resolution,
                    int64_t *out_waits)
{
    struct run run = {0};

    TRY(run_load(cx, id, &run));
    enum matter matter = str_equal(run.kind, STR("tier")) ? MATTER_TIERS : MATTER_PLAN;
    TRY(right_check_whole(cx, MATTERS[matter].proposes, run.root));
    TRY(need_open(cx, &run));
    if (str_trim(resolution->body).len == 0) {
        return err_set(cx->err, RC_INVALID, MSG_RUN_NO_RESOLUTION);
    }
    struct proposal proposal = {
        .matter = matter,
        .unit = run.root,
        .target = id,
        .topic = run.scheme,
        .digest = digest_of(cx, &run),
        .resolution = *resolution,
    };
    TRY(proposal_ask(cx, &proposal, out_waits));
    return *out_waits == 0 ? keep_approval(cx, &run, resolution) : RC_OK;
}

enum rc run_approve_carry_out(const struct cx *cx, const struct proposal *proposal)
{
    struct run run = {0};

    TRY(run_load(cx, proposal->target, &run));
    TRY(need_open(cx, &run));
    TRY(proposal_done(cx, proposal, digest_of(cx, &run)));
    return keep_approval(cx, &run, &proposal->resolution);
}

static const struct column_row LIST_COLUMNS[] = {
    {STR_INIT("run"), MSG_RUN_ID, 22, true},
    {STR_INIT("at"), MSG_RUN_AT, 17, false},
    {STR_INIT("actor"), MSG_RUN_ACTOR, 16, false},
    {STR_INIT("kind"), MSG_RUN_KIND, 10, false},
    {STR_INIT("scheme"), MSG_RUN_SCHEME, 16, false},
    {STR_INIT("period"), MSG_RUN_PERIOD, 8, true},
    {STR_INIT("seed"), MSG_RUN_SEED, 8, true},
    {STR_INIT("programme"), MSG_RUN_PROGRAMME, 14, true},
    {STR_INIT("resolution"), MSG_RUN_RESOLUTION, 30, false},
};

static str text_of(const struct buf *buf)
{
    str text = {0};

    MUST(buf_done(buf, &text));
    return text;
}

struct listing {
    const struct cx *cx;
    const struct programme *programme;
    const struct table_sink *sink;
};

static enum rc put_run(const struct listing *listing, const struct run *run)
{
    const struct cx *cx = listing->cx;
    bool is_tier = str_equal(run->kind, STR("tier"));
    struct buf id;
    struct buf at;
    struct buf period;
    struct buf seed;

    buf_init(&id, cx->arena, 32);
    buf_int(&id, run->id);
    buf_init(&at, cx->arena, 32);
    moment_put(&at, run->at_ms, listing->programme->offset_minutes);
    buf_init(&period, cx->arena, 32);
    period_put(&period, run->period);
    buf_init(&seed, cx->arena, 32);
    buf_int(&seed, run->seed);
    const struct out cells[] = {
        out_text(text_of(&id)),
        out_text(text_of(&at)),
        out_text(run->actor),
        out_named(run->kind, msg_text(cx->lang, is_tier ? MSG_RUN_TIER : MSG_RUN_PLAN)),
        out_text(run->scheme),
        out_text(text_of(&period)),
        out_text(text_of(&seed)),
        out_text(str_part(hash_hex(run->programme, cx->arena), 0, 12)),
        run->resolution.len == 0 ? out_none(STR("not_approved"), STR(""))
                                 : out_text(run->resolution),
    };
    return listing->sink->row(listing->sink->self, cells);
}

static enum rc list_one(void *self, const struct val *row)
{
    const struct listing *listing = self;
    struct arena_mark mark = arena_mark(listing->cx->arena);
    struct run run = unpack(row);
    bool is_seen = false;

    TRY(cx_sees_part(listing->cx, run.root, &is_seen));
    if (is_seen) {
        TRY(put_run(listing, &run));
    }
    arena_rewind(listing->cx->arena, mark);
    return RC_OK;
}

static struct table list_table(const struct cx *cx, enum msg_id title)
{
    return (struct table){
        .name = STR("runs"),
        .title = msg_text(cx->lang, title),
        .columns = columns_in(cx->lang, LIST_COLUMNS, COUNT_OF(LIST_COLUMNS), cx->arena),
        .column_count = COUNT_OF(LIST_COLUMNS),
    };
}

enum rc run_table(const struct cx *cx, const struct programme *programme,
                  const struct table_sink *sink)
{
    struct listing listing = {cx, programme, sink};
    const struct table table = list_table(cx, MSG_RUN_TITLE);

    TRY(sink->begin(sink->self, &table));
    TRY(db_each(cx->db, &RUN_LIST, NULL, list_one, &listing, cx->err));
    return sink->end(sink->self);
}

enum rc run_show(const struct cx *cx, const struct programme *programme, const struct run *run,
                 const struct table_sink *sink)
{
    const struct listing listing = {cx, programme, sink};
    struct table table = list_table(cx, MSG_RUN_ONE);
    struct buf day;
    int64_t now = 0;

    TRY(batch_newest(cx, &now));
    buf_init(&day, cx->arena, 32);
    date_put(&day, run->register_day);
    bool is_same_data = now == run->data_batch;
    const struct fact facts[] = {
        {STR("register"), msg_text(cx->lang, MSG_RUN_REGISTER), out_text(text_of(&day))},
        {STR("draws"), msg_text(cx->lang, MSG_RUN_DRAWS), out_int(run->draws)},
        {STR("program"), msg_text(cx->lang, MSG_RUN_PROGRAM), out_text(run->program)},
        {STR("data"), msg_text(cx->lang, MSG_RUN_DATA),
         out_named(is_same_data ? STR("same") : STR("changed"),
                   msg_text(cx->lang, is_same_data ? MSG_RUN_DATA_SAME : MSG_RUN_DATA_CHANGED))},
    };
    table.facts = facts;
    table.fact_count = COUNT_OF(facts);
    TRY(sink->begin(sink->self, &table));
    TRY(put_run(&listing, run));
    return sink->end(sink->self);
}
