/* What needs two persons. */
#include "office/approval/approval.h"

#include "office/approval/approval_sql.h"
#include "office/audit/audit.h"

enum { PROPOSAL_COLUMNS = 23 };

static const int64_t DAY_MS = 86400000;

const struct matter_row MATTERS[MATTER_COUNT] = {
    [MATTER_OVERRIDE] = {STR_INIT("tier.override"), MSG_MATTER_OVERRIDE, RIGHT_OVERRIDE,
                         RIGHT_APPROVE, 30, false},
    [MATTER_TIERS] = {STR_INIT("run.tiers"), MSG_MATTER_TIERS, RIGHT_CLASSIFY, RIGHT_APPROVE, 30,
                      true},
    [MATTER_PLAN] = {STR_INIT("run.plan"), MSG_MATTER_PLAN, RIGHT_PLAN, RIGHT_APPROVE, 30, true},
    [MATTER_EXPORT] = {STR_INIT("export.bulk"), MSG_MATTER_EXPORT, RIGHT_EXPORT, RIGHT_RELEASE, 7,
                       false},
    [MATTER_RESTORE] = {STR_INIT("backup.restore"), MSG_MATTER_RESTORE, RIGHT_SYSTEM, RIGHT_RESTORE,
                        7, false},
};

static const struct {
    str id;
    enum msg_id name;
} STATES[PROPOSAL_STATES] = {
    [PROPOSAL_PROPOSED] = {STR_INIT("proposed"), MSG_PROPOSAL_PROPOSED},
    [PROPOSAL_APPROVED] = {STR_INIT("approved"), MSG_PROPOSAL_APPROVED},
    [PROPOSAL_REFUSED] = {STR_INIT("refused"), MSG_PROPOSAL_REFUSED},
    [PROPOSAL_WITHDRAWN] = {STR_INIT("withdrawn"), MSG_PROPOSAL_WITHDRAWN},
    [PROPOSAL_DONE] = {STR_INIT("done"), MSG_PROPOSAL_DONE},
};

/* All moves there are. */
static const struct {
    enum proposal_state from;
    enum proposal_verb verb;
    enum proposal_state to;
} MOVES[] = {
    {PROPOSAL_PROPOSED, VERB_APPROVE, PROPOSAL_APPROVED},
    {PROPOSAL_PROPOSED, VERB_REFUSE, PROPOSAL_REFUSED},
    {PROPOSAL_PROPOSED, VERB_WITHDRAW, PROPOSAL_WITHDRAWN},
    {PROPOSAL_APPROVED, VERB_DO, PROPOSAL_DONE},
};

enum proposal_state proposal_after(enum proposal_state state, enum proposal_verb verb)
{
    for (size_t i = 0; i < COUNT_OF(MOVES); i++) {
        if (MOVES[i].from == state && MOVES[i].verb == verb) {
            return MOVES[i].to;
        }
    }
    return PROPOSAL_STATES;
}

static enum matter matter_by_id(str id)
{
    int i = 0;

    while (i < MATTER_COUNT && !str_equal(MATTERS[i].id, id)) {
        i++;
    }
    return (enum matter)i;
}

static enum proposal_state state_by_id(str id)
{
    int i = 0;

    while (i < PROPOSAL_STATES && !str_equal(STATES[i].id, id)) {
        i++;
    }
    return (enum proposal_state)i;
}

static bool take_hash(str bytes, struct hash *out)
{
    if (bytes.len != HASH_BYTES) {
        return false;
    }
    memcpy(out->bytes, bytes.at, HASH_BYTES);
    return true;
}

static struct resolution unpack_resolution(const struct val *row)
{
    struct resolution resolution = {.body = row[0].text, .minutes = row[2].text};

    if (row[1].number != 0) {
        resolution.day = date_from_key((int32_t)row[1].number);
    }
    resolution.has_document = take_hash(row[3].text, &resolution.document);
    return resolution;
}

static struct proposal unpack(const struct val *row)
{
    struct proposal proposal = {
        .id = row[0].number,
        .matter = matter_by_id(row[1].text),
        .unit = {row[2].number},
        .target = row[3].number,
        .topic = row[4].text,
        .wanted = row[5].text,
        .reason = row[7].text,
        .resolution = unpack_resolution(row + 8),
        .state = state_by_id(row[12].text),
        .proposer = row[13].number,
        .proposer_post = row[14].text,
        .proposer_session = row[15].number,
        .actor = row[16].text,
        .at_ms = row[17].number,
        .ends_ms = row[18].number,
        .decider = row[19].number,
        .decided_by = row[20].text,
        .decided_ms = row[21].number,
        .remark = row[22].text,
    };

    (void)take_hash(row[6].text, &proposal.digest);
    return proposal;
}

static const struct stamped PROPOSALS = {STR_INIT("proposal"), &PROPOSAL_ROWS, &PROPOSAL_KEYS};

const struct replay_table PROPOSAL_TABLES[] = {
    {STR_INIT("proposal"), replay_stamped, &PROPOSALS},
    {{0}, NULL, NULL},
};

static enum rc add_event(const struct cx *cx, const struct proposal *proposal, str kind)
{
    struct event_body body;
    struct event_ref ref = {0};

    event_body_init(&body, cx->arena);
    event_body_int(&body, proposal->id);
    event_body_text(&body, MATTERS[proposal->matter].id);
    event_body_int(&body, proposal->target);
    event_body_text(&body, proposal->topic);
    event_body_text(&body, proposal->wanted);
    event_body_hash(&body, proposal->digest);
    event_body_text(&body, STATES[proposal->state].id);
    TRY(event_add(cx, proposal->unit, kind, &body, NULL, &ref));
    return stamp_add(cx, &PROPOSALS, proposal->id, &ref);
}

static enum rc check_text(const struct cx *cx, const struct proposal *proposal)
{
    const struct resolution *resolution = &proposal->resolution;
    bool is_owner = cx->who->kind == ACTOR_LOCAL;

    if (!MATTERS[proposal->matter].is_resolution) {
        return str_trim(proposal->reason).len > 0
                   ? RC_OK
                   : err_set(cx->err, RC_INVALID, MSG_PROPOSAL_REASON);
    }
    bool is_dated = resolution->day.days != 0 && str_trim(resolution->minutes).len > 0;
    return str_trim(resolution->body).len > 0 && (is_owner || is_dated)
               ? RC_OK
               : err_set(cx->err, RC_INVALID, MSG_PROPOSAL_RESOLUTION);
}

static enum rc check_waiting(const struct cx *cx, const struct proposal *proposal)
{
    const struct val in[] = {
        v_text(MATTERS[proposal->matter].id),
        v_int(proposal->target),
        v_text(proposal->topic),
        v_int(cx->now_ms),
    };
    struct val row = {0};

    TRY(db_one(cx->db, &PROPOSAL_WAITING, in, &row, cx->arena, cx->err));
    return row.number == 0 ? RC_OK : err_set(cx->err, RC_CONFLICT, MSG_PROPOSAL_WAITS);
}

static enum rc insert(const struct cx *cx, const struct proposal *proposal)
{
    const struct resolution *resolution = &proposal->resolution;
    const struct val in[] = {
        v_int(proposal->id),
        v_text(MATTERS[proposal->matter].id),
        proposal->unit.v == 0 ? v_null() : v_int(proposal->unit.v),
        v_int(proposal->target),
        v_text(proposal->topic),
        v_text(proposal->wanted),
        v_blob(hash_bytes(&proposal->digest)),
        v_text(proposal->reason),
        v_text(resolution->body),
        v_int(resolution->day.days == 0 ? 0 : date_key(resolution->day)),
        v_text(resolution->minutes),
        resolution->has_document ? v_blob(hash_bytes(&resolution->document)) : v_null(),
        v_text(STATES[proposal->state].id),
        proposal->proposer == 0 ? v_null() : v_int(proposal->proposer),
        v_text(proposal->proposer_post),
        v_int(proposal->proposer_session),
        v_text(cx->actor),
        v_int(cx->now_ms),
        v_int(proposal->ends_ms),
    };

    return db_change_one(cx->db, &PROPOSAL_INSERT, in, cx->err);
}

/* A post as it is told apart from another: its kind and its unit. */
static str post_text(const struct cx *cx, const struct actor_post *post)
{
    struct buf buf;
    str text = {0};

    if (post == NULL) {
        return STR("");
    }
    buf_init(&buf, cx->arena, 256);
    buf_put(&buf, post->post);
    buf_char(&buf, '@');
    buf_int(&buf, post->unit.v);
    MUST(buf_done(&buf, &text));
    return text;
}

enum rc proposal_ask(const struct cx *cx, struct proposal *proposal, int64_t *out_waits)
{
    const struct matter_row *matter = &MATTERS[proposal->matter];
    const struct actor_post *post = NULL;

    TRY(right_check(cx, matter->proposes, proposal->unit, &post));
    TRY(check_text(cx, proposal));
    TRY(check_waiting(cx, proposal));
    bool is_owner = cx->who->kind == ACTOR_LOCAL;
    proposal->id = db_new_id(cx->db, cx->now_ms);
    proposal->state = is_owner ? PROPOSAL_DONE : PROPOSAL_PROPOSED;
    proposal->proposer = cx->who->person;
    proposal->proposer_post = post_text(cx, post);
    proposal->proposer_session = cx->who->session.id;
    proposal->ends_ms = cx->now_ms + matter->days * DAY_MS;
    TRY(insert(cx, proposal));
    *out_waits = is_owner ? 0 : proposal->id;
    return add_event(cx, proposal, STR("proposal.add"));
}

static enum rc get(const struct cx *cx, int64_t id, struct proposal *out)
{
    struct val *row = ARENA_NEW(cx->arena, struct val, PROPOSAL_COLUMNS);
    const struct val in[] = {v_int(id)};
    enum rc rc = db_one(cx->db, &PROPOSAL_GET, in, row, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return err_set(cx->err, rc, MSG_PROPOSAL_UNKNOWN, arg_number(id));
    }
    TRY(rc);
    *out = unpack(row);
    return RC_OK;
}

/* Who may propose or decide a matter somewhere, or has the unit in sight, may see it there. */
static enum rc is_visible(const struct cx *cx, const struct proposal *proposal, bool *out)
{
    const struct matter_row *matter = &MATTERS[proposal->matter];
    const enum right rights[] = {RIGHT_READ, matter->proposes, matter->decides};

    *out = false;
    for (size_t i = 0; i < COUNT_OF(rights) && !*out; i++) {
        enum rc rc = right_check(cx, rights[i], proposal->unit, NULL);
        if (rc != RC_OK && rc != RC_DENIED && rc != RC_MISSING) {
            return rc;
        }
        *out = rc == RC_OK;
        err_clear(cx->err);
    }
    return RC_OK;
}

enum rc proposal_load(const struct cx *cx, int64_t id, struct proposal *out)
{
    bool is_seen = false;

    TRY(get(cx, id, out));
    TRY(is_visible(cx, out, &is_seen));
    if (is_seen) {
        return RC_OK;
    }
    return out->unit.v == 0 ? right_check(cx, MATTERS[out->matter].decides, out->unit, NULL)
                            : err_set(cx->err, RC_MISSING, MSG_PROPOSAL_UNKNOWN, arg_number(id));
}

/* Somebody else, by another post, in another session. The owner decides nothing of others: he may
 * act himself, and it is on record. */
static enum rc check_other(const struct cx *cx, const struct proposal *proposal, str post)
{
    const struct actor *who = cx->who;

    if (who->kind != ACTOR_PERSON) {
        return err_set(cx->err, RC_DENIED, MSG_PROPOSAL_OWNER);
    }
    if (proposal->proposer == who->person || str_equal(proposal->proposer_post, post) ||
        proposal->proposer_session == who->session.id) {
        return err_set(cx->err, RC_DENIED, MSG_PROPOSAL_SAME_HAND);
    }
    return RC_OK;
}

static enum rc waits_no_more(const struct cx *cx, const struct proposal *proposal)
{
    bool is_late = proposal->state == PROPOSAL_PROPOSED;

    return err_set(cx->err, RC_CONFLICT, MSG_PROPOSAL_SETTLED, arg_number(proposal->id),
                   arg_msg(is_late ? MSG_PROPOSAL_EXPIRED : STATES[proposal->state].name));
}

enum rc proposal_decide(const struct cx *cx, int64_t id, bool is_approved, str remark,
                        struct proposal *out)
{
    const struct actor_post *post = NULL;

    TRY(proposal_load(cx, id, out));
    enum proposal_state to = proposal_after(out->state, is_approved ? VERB_APPROVE : VERB_REFUSE);
    if (to == PROPOSAL_STATES || out->ends_ms <= cx->now_ms) {
        return waits_no_more(cx, out);
    }
    TRY(right_check(cx, MATTERS[out->matter].decides, out->unit, &post));
    str post_of_decider = post_text(cx, post);
    TRY(check_other(cx, out, post_of_decider));
    TRY(actor_need_fresh(cx));
    const struct val in[] = {
        v_int(id),
        v_text(STATES[to].id),
        v_int(cx->who->person),
        v_text(post_of_decider),
        v_int(cx->who->session.id),
        v_text(cx->actor),
        v_int(cx->now_ms),
        v_text(remark),
    };
    enum rc rc = db_change_one(cx->db, &PROPOSAL_DECIDED, in, cx->err);
    if (rc == RC_CONFLICT && cx->err->rc == RC_OK) {
        return waits_no_more(cx, out);
    }
    TRY(rc);
    out->state = to;
    out->decider = cx->who->person;
    out->decided_by = cx->actor;
    out->decided_ms = cx->now_ms;
    out->remark = remark;
    return add_event(cx, out, STR("proposal.decide"));
}

static enum rc move(const struct cx *cx, struct proposal *proposal, enum proposal_verb verb,
                    str kind)
{
    enum proposal_state to = proposal_after(proposal->state, verb);

    if (to == PROPOSAL_STATES) {
        return waits_no_more(cx, proposal);
    }
    const struct val in[] = {v_int(proposal->id), v_text(STATES[proposal->state].id),
                             v_text(STATES[to].id)};
    enum rc rc = db_change_one(cx->db, &PROPOSAL_MOVE, in, cx->err);
    if (rc == RC_CONFLICT) {
        return waits_no_more(cx, proposal);
    }
    TRY(rc);
    proposal->state = to;
    return add_event(cx, proposal, kind);
}

enum rc proposal_withdraw(const struct cx *cx, int64_t id)
{
    struct proposal proposal = {0};

    TRY(proposal_load(cx, id, &proposal));
    if (cx->who->kind != ACTOR_PERSON || proposal.proposer != cx->who->person) {
        return err_set(cx->err, RC_DENIED, MSG_PROPOSAL_NOT_YOURS);
    }
    return move(cx, &proposal, VERB_WITHDRAW, STR("proposal.withdraw"));
}

enum rc proposal_done(const struct cx *cx, const struct proposal *proposal, struct hash now)
{
    struct proposal stored = {0};

    TRY(get(cx, proposal->id, &stored));
    if (cx->who == NULL ||
        (cx->who->person != stored.proposer && cx->who->person != stored.decider)) {
        return err_set(cx->err, RC_DENIED, MSG_PROPOSAL_NOT_YOURS);
    }
    if (memcmp(stored.digest.bytes, now.bytes, HASH_BYTES) != 0) {
        return err_set(cx->err, RC_CONFLICT, MSG_PROPOSAL_CHANGED, arg_number(proposal->id));
    }
    return move(cx, &stored, VERB_DO, STR("proposal.done"));
}

enum rc proposal_released(const struct cx *cx, enum matter matter, struct hash digest,
                          int64_t *out_id)
{
    const struct val in[] = {
        v_text(MATTERS[matter].id),
        v_int(cx->person),
        v_text(hash_hex(digest, cx->arena)),
        v_int(cx->now_ms - MATTERS[matter].days * DAY_MS),
    };
    struct val row = {0};

    TRY(db_one(cx->db, &PROPOSAL_RELEASED, in, &row, cx->arena, cx->err));
    *out_id = row.number;
    return RC_OK;
}

str resolution_text(const struct resolution *resolution, struct arena *arena)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, arena, 4096);
    buf_put(&buf, resolution->body);
    if (resolution->day.days != 0) {
        buf_put(&buf, STR("，"));
        date_put(&buf, resolution->day);
    }
    if (resolution->minutes.len > 0) {
        buf_put(&buf, STR("，"));
        buf_put(&buf, resolution->minutes);
    }
    (void)buf_done(&buf, &text);
    return text;
}

static const struct column_row COLUMNS[] = {
    {STR_INIT("proposal"), MSG_PROPOSAL_COLUMN_ID, 22, true},
    {STR_INIT("matter"), MSG_PROPOSAL_COLUMN_MATTER, 16, false},
    {STR_INIT("target"), MSG_PROPOSAL_COLUMN_TARGET, 22, true},
    {STR_INIT("wanted"), MSG_PROPOSAL_COLUMN_WANTED, 14, false},
    {STR_INIT("reason"), MSG_PROPOSAL_COLUMN_REASON, 30, false},
    {STR_INIT("resolution"), MSG_PROPOSAL_COLUMN_RESOLUTION, 30, false},
    {STR_INIT("state"), MSG_PROPOSAL_COLUMN_STATE, 10, false},
    {STR_INIT("proposed_by"), MSG_PROPOSAL_COLUMN_BY, 30, false},
    {STR_INIT("proposed_at"), MSG_PROPOSAL_COLUMN_AT, 18, false},
    {STR_INIT("decided_by"), MSG_PROPOSAL_COLUMN_DECIDED_BY, 30, false},
};

struct listing {
    const struct cx *cx;
    const struct programme *programme;
    const struct table_sink *sink;
};

static enum rc put_one(const struct listing *listing, const struct proposal *proposal)
{
    const struct cx *cx = listing->cx;
    bool is_late = proposal->state == PROPOSAL_PROPOSED && proposal->ends_ms <= cx->now_ms;
    str state = is_late ? STR("expired") : STATES[proposal->state].id;
    enum msg_id state_name = is_late ? MSG_PROPOSAL_EXPIRED : STATES[proposal->state].name;
    struct buf at;
    str at_text = {0};

    buf_init(&at, cx->arena, 32);
    moment_put(&at, proposal->at_ms, listing->programme->offset_minutes);
    MUST(buf_done(&at, &at_text));
    const struct out cells[] = {
        out_text(cx_number(cx, proposal->id)),
        out_named(MATTERS[proposal->matter].id, msg_text(cx->lang, MATTERS[proposal->matter].name)),
        out_text(cx_number(cx, proposal->target)),
        out_text(proposal->wanted),
        out_text(proposal->reason),
        out_text(resolution_text(&proposal->resolution, cx->arena)),
        out_named(state, msg_text(cx->lang, state_name)),
        out_text(proposal->actor),
        out_text(at_text),
        out_text(proposal->decided_by),
    };
    return listing->sink->row(listing->sink->self, cells);
}

static enum rc list_one(void *self, const struct val *row)
{
    const struct listing *listing = self;
    struct arena_mark mark = arena_mark(listing->cx->arena);
    struct proposal proposal = unpack(row);
    bool is_seen = false;

    TRY(is_visible(listing->cx, &proposal, &is_seen));
    if (is_seen) {
        TRY(put_one(listing, &proposal));
    }
    arena_rewind(listing->cx->arena, mark);
    return RC_OK;
}

enum rc proposal_table(const struct cx *cx, const struct programme *programme,
                       const struct table_sink *sink)
{
    struct listing listing = {cx, programme, sink};
    const struct table table = {
        .name = STR("proposals"),
        .title = msg_text(cx->lang, MSG_PROPOSAL_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
    };

    TRY(sink->begin(sink->self, &table));
    TRY(db_each(cx->db, &PROPOSAL_LIST, NULL, list_one, &listing, cx->err));
    return sink->end(sink->self);
}
