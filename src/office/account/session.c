/* Sessions of people and tokens of programs. */
#include "office/account/session.h"

#include "crypt/crypt.h"
#include "office/account/account_in.h"
#include "office/account/session_sql.h"

enum { SESSION_COLUMNS = 10 };

static const int64_t DAY_MS = 86400000;

static struct session unpack(const struct val *row)
{
    return (struct session){
        .id = row[0].number,
        .person = row[1].number,
        .is_token = row[2].number != 0,
        .name = row[3].text,
        .rights = (right_set)row[4].number,
        .unit = {row[5].number},
        .made_ms = row[6].number,
        .seen_ms = row[7].number,
        .fresh_ms = row[8].number,
        .ends_ms = row[9].number,
    };
}

static enum rc find(const struct cx *cx, const struct sql *sql, const struct val *in,
                    struct session *out)
{
    struct val row[SESSION_COLUMNS] = {0};
    enum rc rc = db_one(cx->db, sql, in, row, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return err_set(cx->err, RC_DENIED, MSG_SESSION_ENDED);
    }
    TRY(rc);
    *out = unpack(row);
    return RC_OK;
}

enum rc session_find(const struct cx *cx, str token, struct session *out)
{
    struct hash hash = token_hash(token);
    const struct val in[] = {v_blob(hash_bytes(&hash)), v_int(cx->now_ms),
                             v_int(cx->now_ms - SESSION_IDLE_MS)};

    return find(cx, &SESSION_GET, in, out);
}

enum rc session_of_token(const struct cx *cx, int64_t id, struct session *out)
{
    const struct val in[] = {v_int(id), v_int(cx->now_ms)};

    return find(cx, &SESSION_TOKEN, in, out);
}

bool session_wants_touch(const struct cx *cx, const struct session *session)
{
    return cx->now_ms - session->seen_ms >= SESSION_TOUCH_MS;
}

enum rc session_touch(const struct cx *cx, const struct session *session)
{
    const struct val in[] = {v_int(session->id), v_int(cx->now_ms)};

    return db_change(cx->db, &SESSION_SEE, in, cx->err);
}

bool session_is_fresh(const struct cx *cx, const struct session *session)
{
    return !session->is_token && session->id != 0 &&
           cx->now_ms - session->fresh_ms < SESSION_FRESH_MS;
}

enum rc session_end(const struct cx *cx, int64_t person, int64_t session)
{
    const struct val in[] = {v_int(session), v_int(person)};
    enum rc rc = db_change_one(cx->db, &SESSION_DROP, in, cx->err);

    if (rc == RC_CONFLICT) {
        return err_set(cx->err, RC_MISSING, MSG_SESSION_UNKNOWN, arg_number(session));
    }
    TRY(rc);
    return account_event(cx, STR("session.end"), person, session);
}

enum rc session_end_all(const struct cx *cx, int64_t person, int64_t kept)
{
    const struct val in[] = {v_int(person), v_int(kept)};

    return db_change(cx->db, &SESSION_DROP_ALL, in, cx->err);
}

static enum rc insert(const struct cx *cx, const struct session *session, str *out_token)
{
    str token = token_make(cx->arena);
    struct hash hash = token_hash(token);
    const struct val in[] = {
        v_int(session->id),
        v_blob(hash_bytes(&hash)),
        v_int(session->person),
        v_int(session->is_token ? 1 : 0),
        v_text(str_part(session->name, 0, SESSION_NAME_BYTES_MAX)),
        v_int(session->rights),
        session->unit.v == 0 ? v_null() : v_int(session->unit.v),
        v_int(cx->now_ms),
        v_int(session->fresh_ms),
        v_int(session->ends_ms),
    };

    TRY(db_change_one(cx->db, &SESSION_INSERT, in, cx->err));
    *out_token = token;
    return RC_OK;
}

static enum rc drop_old(const struct cx *cx, int64_t person)
{
    const struct val in[] = {v_int(person), v_int(cx->now_ms), v_int(cx->now_ms - SESSION_IDLE_MS)};

    return db_change(cx->db, &SESSION_DROP_OLD, in, cx->err);
}

static enum rc count_of(const struct cx *cx, int64_t person, bool is_token, int64_t *out)
{
    const struct val in[] = {v_int(person), v_int(is_token ? 1 : 0)};
    struct val row = {0};

    TRY(db_one(cx->db, &SESSION_COUNT, in, &row, cx->arena, cx->err));
    *out = row.number;
    return RC_OK;
}

/* Room for one more: the oldest goes. */
static enum rc make_room(const struct cx *cx, int64_t person)
{
    const struct val who[] = {v_int(person)};
    int64_t count = 0;

    TRY(drop_old(cx, person));
    TRY(count_of(cx, person, false, &count));
    for (; count >= SESSIONS_MAX; count--) {
        TRY(db_change(cx->db, &SESSION_DROP_OLDEST, who, cx->err));
    }
    return RC_OK;
}

enum rc account_begin_session(const struct cx *cx, struct login *login)
{
    const struct session session = {
        .id = db_new_id(cx->db, cx->now_ms),
        .person = login->person.id,
        .name = login->device,
        .fresh_ms = cx->now_ms,
        .ends_ms = cx->now_ms + SESSION_MAX_MS,
    };

    TRY(make_room(cx, session.person));
    TRY(insert(cx, &session, &login->token));
    login->id = session.id;
    return account_event(cx, STR("session.begin"), session.person, session.id);
}

enum rc account_renew_session(const struct cx *cx, struct login *login)
{
    str token = token_make(cx->arena);
    struct hash hash = token_hash(token);
    const struct val in[] = {v_int(login->session), v_int(login->person.id),
                             v_blob(hash_bytes(&hash)), v_int(cx->now_ms)};
    enum rc rc = db_change_one(cx->db, &SESSION_RENEW, in, cx->err);

    if (rc == RC_CONFLICT) {
        return err_set(cx->err, RC_DENIED, MSG_SESSION_ENDED);
    }
    TRY(rc);
    login->token = token;
    login->id = login->session;
    return account_event(cx, STR("session.renew"), login->person.id, login->session);
}

static enum rc check_token(const struct cx *cx, const struct session *token)
{
    int64_t days = (token->ends_ms - cx->now_ms) / DAY_MS;
    int64_t count = 0;

    if (str_trim(token->name).len == 0 || token->name.len > SESSION_NAME_BYTES_MAX) {
        return err_set(cx->err, RC_INVALID, MSG_TOKEN_NAME, arg_count(SESSION_NAME_BYTES_MAX));
    }
    if (token->ends_ms <= cx->now_ms || days > TOKEN_DAYS_MAX) {
        return err_set(cx->err, RC_INVALID, MSG_TOKEN_DAYS, arg_count(TOKEN_DAYS_MAX));
    }
    if (token->rights == 0) {
        return err_set(cx->err, RC_INVALID, MSG_TOKEN_RIGHTS);
    }
    TRY(drop_old(cx, token->person));
    TRY(count_of(cx, token->person, true, &count));
    return count < TOKENS_MAX ? RC_OK
                              : err_set(cx->err, RC_LIMIT, MSG_TOKEN_MANY, arg_count(TOKENS_MAX));
}

enum rc token_add(const struct cx *cx, struct session *token, str *out_token)
{
    TRY(check_token(cx, token));
    token->id = db_new_id(cx->db, cx->now_ms);
    token->is_token = true;
    token->fresh_ms = 0;
    TRY(insert(cx, token, out_token));
    return account_event(cx, STR("token.add"), token->person, token->id);
}

struct walk {
    session_take take;
    void *self;
};

static enum rc give(void *self, const struct val *row)
{
    const struct walk *walk = self;
    struct session session = unpack(row);

    return walk->take(walk->self, &session);
}

enum rc session_each(const struct cx *cx, int64_t person, session_take take, void *self)
{
    struct walk walk = {take, self};
    const struct val in[] = {v_int(person), v_int(cx->now_ms), v_int(cx->now_ms - SESSION_IDLE_MS)};

    return db_each(cx->db, &SESSION_LIST, in, give, &walk, cx->err);
}

static const struct column_row COLUMNS[] = {
    {STR_INIT("session"), MSG_SESSION_COLUMN_ID, 22, true},
    {STR_INIT("kind"), MSG_SESSION_COLUMN_KIND, 10, false},
    {STR_INIT("name"), MSG_SESSION_COLUMN_NAME, 30, false},
    {STR_INIT("rights"), MSG_SESSION_COLUMN_RIGHTS, 30, false},
    {STR_INIT("made"), MSG_SESSION_COLUMN_MADE, 18, false},
    {STR_INIT("seen"), MSG_SESSION_COLUMN_SEEN, 18, false},
    {STR_INIT("ends"), MSG_SESSION_COLUMN_ENDS, 18, false},
};

struct listing {
    const struct cx *cx;
    const struct programme *programme;
    const struct table_sink *sink;
};

static struct out moment_out(const struct listing *listing, int64_t ms)
{
    const struct cx *cx = listing->cx;
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 32);
    moment_put(&buf, ms, listing->programme->offset_minutes);
    MUST(buf_done(&buf, &text));
    return out_text(text);
}

static str rights_text(const struct cx *cx, right_set rights)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 1024);
    for (int i = RIGHT_FIRST_GIVEN; i < RIGHT_COUNT; i++) {
        if (right_is_in(rights, (enum right)i)) {
            buf_put(&buf, buf.len == 0 ? STR("") : STR(","));
            buf_put(&buf, RIGHTS[i].id);
        }
    }
    MUST(buf_done(&buf, &text));
    return text;
}

static enum rc list_one(void *self, const struct session *session)
{
    const struct listing *listing = self;
    const struct cx *cx = listing->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    bool is_token = session->is_token;
    const struct out cells[] = {
        out_text(cx_number(cx, session->id)),
        out_named(is_token ? STR("token") : STR("session"),
                  msg_text(cx->lang, is_token ? MSG_SESSION_TOKEN : MSG_SESSION_PERSON)),
        out_text(session->name),
        is_token ? out_text(rights_text(cx, session->rights)) : out_none(STR("all"), STR("")),
        moment_out(listing, session->made_ms),
        moment_out(listing, session->seen_ms),
        moment_out(listing, session->ends_ms),
    };

    TRY(listing->sink->row(listing->sink->self, cells));
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

enum rc session_table(const struct cx *cx, const struct programme *programme, int64_t person,
                      const struct table_sink *sink)
{
    struct listing listing = {cx, programme, sink};
    const struct table table = {
        .name = STR("sessions"),
        .title = msg_text(cx->lang, MSG_SESSION_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
    };

    TRY(sink->begin(sink->self, &table));
    TRY(session_each(cx, person, list_one, &listing));
    return sink->end(sink->self);
}
