/* Notices and objections. */
#include "office/notice/notice.h"

#include "crypt/crypt.h"
#include "office/audit/stamp.h"
#include "office/notice/notice_sql.h"

enum { NOTICE_COLUMNS = 7, APPEAL_COLUMNS = 10, SALT_BYTES = 16 };

static const struct stamped NOTICES = {STR_INIT("notice"), &NOTICE_ROWS, &NOTICE_KEYS};
/* By notice; the salt in each row keeps the digest from telling what was said. */
static const struct stamped APPEALS = {STR_INIT("appeal"), &APPEAL_ROWS, &APPEAL_KEYS};

const struct replay_table NOTICE_TABLES[] = {
    {STR_INIT("notice"), replay_stamped, &NOTICES},
    {STR_INIT("appeal"), replay_stamped, &APPEALS},
    {{0}, NULL, NULL},
};

static struct notice unpack(const struct val *row)
{
    return (struct notice){
        .id = row[0].number,
        .run = row[1].number,
        .unit = {row[2].number},
        .from = date_from_key((int32_t)row[3].number),
        .to = date_from_key((int32_t)row[4].number),
        .place = row[5].text,
        .is_open = str_equal(row[6].text, STR("open")),
    };
}

static bool is_said(str text)
{
    return str_trim(text).len > 0 && text.len <= NOTICE_TEXT_MAX;
}

static enum rc check_new(const struct cx *cx, struct notice *notice)
{
    const struct val in[] = {v_int(notice->run)};
    struct run run = {0};
    struct val row = {0};

    TRY(run_load(cx, notice->run, &run));
    notice->unit = run.root;
    TRY(right_check(cx, RIGHT_NOTICE, run.root, NULL));
    if (!str_equal(run.kind, STR("tier")) || run.resolution.len == 0) {
        return err_set(cx->err, RC_CONFLICT, MSG_NOTICE_NOT_APPROVED, arg_number(run.id));
    }
    TRY(db_one(cx->db, &NOTICE_OF_RUN, in, &row, cx->arena, cx->err));
    if (row.number > 0) {
        return err_set(cx->err, RC_CONFLICT, MSG_NOTICE_THERE, arg_number(run.id));
    }
    if (notice->from.days >= notice->to.days) {
        return err_set(cx->err, RC_INVALID, MSG_NOTICE_DAYS);
    }
    return is_said(notice->place) ? RC_OK : err_set(cx->err, RC_INVALID, MSG_NOTICE_PLACE);
}

enum rc notice_open(const struct cx *cx, struct notice *notice)
{
    struct event_body body;
    struct event_ref ref = {0};

    TRY(check_new(cx, notice));
    notice->id = db_new_id(cx->db, cx->now_ms);
    notice->is_open = true;
    const struct val in[] = {
        v_int(notice->id),           v_int(notice->run),
        v_int(notice->unit.v),       v_int(date_key(notice->from)),
        v_int(date_key(notice->to)), v_text(notice->place),
        v_int(cx->now_ms),           v_text(cx->actor),
    };
    TRY(db_change_one(cx->db, &NOTICE_INSERT, in, cx->err));
    event_body_init(&body, cx->arena);
    event_body_int(&body, notice->id);
    event_body_int(&body, notice->run);
    event_body_int(&body, date_key(notice->from));
    event_body_int(&body, date_key(notice->to));
    event_body_text(&body, notice->place);
    TRY(event_add(cx, notice->unit, STR("notice.open"), &body, NULL, &ref));
    return stamp_add(cx, &NOTICES, notice->id, &ref);
}

enum rc notice_load(const struct cx *cx, int64_t id, struct notice *out)
{
    const struct val in[] = {v_int(id)};
    struct val row[NOTICE_COLUMNS] = {0};
    bool is_seen = false;
    enum rc rc = db_one(cx->db, &NOTICE_GET, in, row, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return err_set(cx->err, rc, MSG_NOTICE_UNKNOWN, arg_number(id));
    }
    TRY(rc);
    *out = unpack(row);
    TRY(cx_sees_part(cx, out->unit, &is_seen));
    return is_seen ? RC_OK : err_set(cx->err, RC_MISSING, MSG_NOTICE_UNKNOWN, arg_number(id));
}

enum rc notice_close(const struct cx *cx, int64_t id, date today)
{
    const struct val in[] = {v_int(id)};
    struct notice notice = {0};
    struct val row = {0};
    struct event_body body;
    struct event_ref ref = {0};

    TRY(notice_load(cx, id, &notice));
    TRY(right_check(cx, RIGHT_NOTICE, notice.unit, NULL));
    TRY(db_one(cx->db, &APPEAL_OPEN_COUNT, in, &row, cx->arena, cx->err));
    if (!notice.is_open) {
        return err_set(cx->err, RC_CONFLICT, MSG_NOTICE_CLOSED, arg_number(id));
    }
    if (today.days < notice.to.days) {
        return err_set(cx->err, RC_CONFLICT, MSG_NOTICE_HANGS);
    }
    if (row.number > 0) {
        return err_set(cx->err, RC_CONFLICT, MSG_NOTICE_APPEALS, arg_count(row.number));
    }
    TRY(db_change_one(cx->db, &NOTICE_SHUT, in, cx->err));
    event_body_init(&body, cx->arena);
    event_body_int(&body, id);
    event_body_int(&body, notice.run);
    TRY(event_add(cx, notice.unit, STR("notice.close"), &body, NULL, &ref));
    return stamp_add(cx, &NOTICES, id, &ref);
}

/* Of what is personal, with a salt, so that the words cannot be guessed from the trace. */
static struct hash commitment(const struct cx *cx, const struct appeal *appeal, str salt)
{
    struct event_body body;
    str bytes = {0};

    event_body_init(&body, cx->arena);
    event_body_text(&body, salt);
    event_body_text(&body, appeal->who);
    event_body_text(&body, appeal->text);
    event_body_text(&body, appeal->ground);
    MUST(buf_done(&body.bytes, &bytes));
    return hash_of(bytes);
}

static enum rc check_appeal(const struct cx *cx, const struct appeal *appeal, date today)
{
    struct notice notice = {0};

    TRY(notice_load(cx, appeal->notice, &notice));
    TRY(right_check(cx, RIGHT_APPEAL, appeal->unit, NULL));
    if (!notice.is_open || today.days < notice.from.days || today.days >= notice.to.days) {
        return err_set(cx->err, RC_CONFLICT, MSG_APPEAL_LATE);
    }
    if (!is_said(appeal->who) || !is_said(appeal->text) || !is_said(appeal->ground)) {
        return err_set(cx->err, RC_INVALID, MSG_APPEAL_TEXT, arg_count(NOTICE_TEXT_MAX));
    }
    return RC_OK;
}

enum rc appeal_add(const struct cx *cx, struct appeal *appeal, date today)
{
    char salt_bytes[SALT_BYTES];
    str salt = {salt_bytes, SALT_BYTES};
    struct event_body body;
    struct event_ref ref = {0};

    TRY(check_appeal(cx, appeal, today));
    crypt_random(salt_bytes, sizeof(salt_bytes));
    appeal->id = db_new_id(cx->db, cx->now_ms);
    appeal->state = STR("open");
    appeal->person = cx->person;
    const struct val in[] = {
        v_int(appeal->home.v),  v_int(appeal->id),
        v_int(appeal->notice),  v_int(appeal->unit.v),
        v_text(appeal->who),    v_text(appeal->text),
        v_text(appeal->ground), v_blob(salt),
        v_int(cx->now_ms),      cx->person == 0 ? v_null() : v_int(cx->person),
        v_text(cx->actor),
    };
    TRY(db_change_one(cx->db, &APPEAL_INSERT, in, cx->err));
    event_body_init(&body, cx->arena);
    event_body_int(&body, appeal->id);
    event_body_int(&body, appeal->notice);
    event_body_int(&body, appeal->unit.v);
    event_body_hash(&body, commitment(cx, appeal, salt));
    TRY(event_add(cx, appeal->home, STR("appeal.add"), &body, NULL, &ref));
    return stamp_add(cx, &APPEALS, appeal->notice, &ref);
}

static struct appeal unpack_appeal(const struct val *row)
{
    return (struct appeal){
        .id = row[0].number,
        .notice = row[1].number,
        .home = {row[2].number},
        .unit = {row[3].number},
        .who = row[4].text,
        .text = row[5].text,
        .ground = row[6].text,
        .state = row[7].text,
        .answer = row[8].text,
        .person = row[9].number,
    };
}

static enum rc load_appeal(const struct cx *cx, struct unit_id home, int64_t id, struct appeal *out)
{
    const struct val in[] = {v_int(home.v), v_int(id)};
    struct val row[APPEAL_COLUMNS] = {0};
    enum rc rc = db_one(cx->db, &APPEAL_GET, in, row, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return err_set(cx->err, rc, MSG_APPEAL_UNKNOWN, arg_number(id));
    }
    TRY(rc);
    *out = unpack_appeal(row);
    return RC_OK;
}

enum rc appeal_answer(const struct cx *cx, struct unit_id home, int64_t id, bool is_upheld,
                      str answer)
{
    str state = is_upheld ? STR("upheld") : STR("dismissed");
    struct appeal appeal = {0};
    struct event_body body;
    struct event_ref ref = {0};

    TRY(load_appeal(cx, home, id, &appeal));
    TRY(right_check(cx, RIGHT_ANSWER, appeal.unit, NULL));
    if (cx->person != 0 && cx->person == appeal.person) {
        return err_set(cx->err, RC_DENIED, MSG_APPEAL_SAME_HAND);
    }
    if (!is_said(answer)) {
        return err_set(cx->err, RC_INVALID, MSG_APPEAL_ANSWER, arg_count(NOTICE_TEXT_MAX));
    }
    const struct val in[] = {v_int(home.v),  v_int(id),         v_text(state),
                             v_text(answer), v_int(cx->now_ms), v_text(cx->actor)};
    enum rc rc = db_change_one(cx->db, &APPEAL_DECIDE, in, cx->err);
    if (rc == RC_CONFLICT) {
        return err_set(cx->err, rc, MSG_APPEAL_DECIDED, arg_number(id));
    }
    TRY(rc);
    event_body_init(&body, cx->arena);
    event_body_int(&body, id);
    event_body_int(&body, appeal.unit.v);
    event_body_text(&body, state);
    event_body_hash(&body, hash_of(answer));
    TRY(event_add(cx, home, STR("appeal.answer"), &body, NULL, &ref));
    return stamp_add(cx, &APPEALS, appeal.notice, &ref);
}

static const struct column_row NOTICE_SHOWN[] = {
    {STR_INIT("notice"), MSG_NOTICE_COLUMN_ID, 22, true},
    {STR_INIT("run"), MSG_RUN_ID, 22, true},
    {STR_INIT("from"), MSG_POST_COLUMN_FROM, 12, false},
    {STR_INIT("to"), MSG_POST_COLUMN_TO, 12, false},
    {STR_INIT("place"), MSG_NOTICE_COLUMN_PLACE, 30, false},
    {STR_INIT("state"), MSG_NOTICE_COLUMN_STATE, 10, false},
};
static const struct column_row APPEAL_SHOWN[] = {
    {STR_INIT("appeal"), MSG_APPEAL_COLUMN_ID, 22, true},
    {STR_INIT("code"), MSG_POST_COLUMN_CODE, 14, true},
    {STR_INIT("unit"), MSG_POST_COLUMN_UNIT, 20, false},
    {STR_INIT("who"), MSG_APPEAL_COLUMN_WHO, 14, false},
    {STR_INIT("text"), MSG_APPEAL_COLUMN_TEXT, 40, false},
    {STR_INIT("ground"), MSG_APPEAL_COLUMN_GROUND, 30, false},
    {STR_INIT("state"), MSG_NOTICE_COLUMN_STATE, 10, false},
    {STR_INIT("answer"), MSG_APPEAL_COLUMN_ANSWER, 40, false},
};

struct listing {
    const struct cx *cx;
    const struct unit_tree *tree;
    const struct table_sink *sink;
};

static enum rc list_notice(void *self, const struct val *row)
{
    const struct listing *listing = self;
    const struct cx *cx = listing->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    struct notice notice = unpack(row);
    bool is_seen = false;
    const struct out cells[] = {
        out_text(cx_number(cx, notice.id)),
        out_text(cx_number(cx, notice.run)),
        out_text(cx_day(cx, notice.from)),
        out_text(cx_day(cx, notice.to)),
        out_text(notice.place),
        out_named(row[6].text,
                  msg_text(cx->lang, notice.is_open ? MSG_NOTICE_OPEN : MSG_NOTICE_SHUT)),
    };

    TRY(cx_sees_part(cx, notice.unit, &is_seen));
    if (is_seen) {
        TRY(listing->sink->row(listing->sink->self, cells));
    }
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

enum rc notice_table(const struct cx *cx, const struct table_sink *sink)
{
    struct listing listing = {cx, NULL, sink};
    const struct table table = {
        .name = STR("notices"),
        .title = msg_text(cx->lang, MSG_NOTICE_TITLE),
        .columns = columns_in(cx->lang, NOTICE_SHOWN, COUNT_OF(NOTICE_SHOWN), cx->arena),
        .column_count = COUNT_OF(NOTICE_SHOWN),
    };

    TRY(sink->begin(sink->self, &table));
    TRY(db_each(cx->db, &NOTICE_LIST, NULL, list_notice, &listing, cx->err));
    return sink->end(sink->self);
}

static enum msg_id state_name(str state)
{
    if (str_equal(state, STR("open"))) {
        return MSG_APPEAL_OPEN;
    }
    return str_equal(state, STR("upheld")) ? MSG_APPEAL_UPHELD : MSG_APPEAL_DISMISSED;
}

static enum rc put_appeal(const struct listing *listing, const struct appeal *appeal)
{
    const struct cx *cx = listing->cx;
    int place = unit_tree_find_id(listing->tree, appeal->unit);
    const struct out cells[] = {
        out_text(cx_number(cx, appeal->id)),
        place == NONE ? out_none(STR(""), STR("")) : out_text(listing->tree->units[place].code),
        place == NONE ? out_none(STR(""), STR("")) : out_text(listing->tree->units[place].name),
        out_text(appeal->who),
        out_text(appeal->text),
        out_text(appeal->ground),
        out_named(appeal->state, msg_text(cx->lang, state_name(appeal->state))),
        out_text(appeal->answer),
    };

    return listing->sink->row(listing->sink->self, cells);
}

/* Those of units in sight alone. */
static enum rc list_appeal(void *self, const struct val *row)
{
    const struct listing *listing = self;
    struct arena_mark mark = arena_mark(listing->cx->arena);
    struct appeal appeal = unpack_appeal(row);
    enum rc rc = right_check(listing->cx, RIGHT_READ, appeal.unit, NULL);

    if (rc == RC_DENIED || rc == RC_MISSING) {
        err_clear(listing->cx->err);
    } else {
        TRY(rc);
        TRY(put_appeal(listing, &appeal));
    }
    arena_rewind(listing->cx->arena, mark);
    return RC_OK;
}

enum rc appeal_table(const struct cx *cx, const struct unit_tree *tree, int64_t notice,
                     const struct table_sink *sink)
{
    struct listing listing = {cx, tree, sink};
    const struct val in[] = {v_int(notice)};
    const struct table table = {
        .name = STR("appeals"),
        .title = msg_text(cx->lang, MSG_APPEAL_TITLE),
        .columns = columns_in(cx->lang, APPEAL_SHOWN, COUNT_OF(APPEAL_SHOWN), cx->arena),
        .column_count = COUNT_OF(APPEAL_SHOWN),
    };

    TRY(sink->begin(sink->self, &table));
    TRY(db_each(cx->db, &APPEAL_LIST, in, list_appeal, &listing, cx->err));
    return sink->end(sink->self);
}
