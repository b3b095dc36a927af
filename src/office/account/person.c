/* Persons: made, begun, disabled; their passwords and one-time codes. */
#include "office/account/person.h"

#include "crypt/crypt.h"
#include "office/account/account_in.h"
#include "office/account/person_sql.h"
#include "office/audit/audit.h"

enum { PERSON_COLUMNS = 8, SALT_BYTES = 16 };

static const int64_t DAY_MS = 86400000;

static struct person unpack(const struct val *row)
{
    return (struct person){
        .id = row[0].number,
        .login = row[1].text,
        .name = row[2].text,
        .kind = person_kind_by_id(row[3].text),
        .state = row[4].text,
        .password = row[5].text,
        .totp = row[6].text,
        .totp_step = row[7].number,
    };
}

enum rc account_event(const struct cx *cx, str kind, int64_t person, int64_t what)
{
    struct event_body body;

    event_body_init(&body, cx->arena);
    event_body_int(&body, person);
    event_body_int(&body, what);
    return event_add(cx, LOG_OFFICE, kind, &body, NULL, NULL);
}

static enum rc get(const struct cx *cx, const struct sql *sql, struct val key, struct person *out)
{
    struct val row[PERSON_COLUMNS] = {0};

    TRY(db_one(cx->db, sql, &key, row, cx->arena, cx->err));
    *out = unpack(row);
    return RC_OK;
}

enum rc person_load(const struct cx *cx, int64_t id, struct person *out)
{
    enum rc rc = get(cx, &PERSON_GET, v_int(id), out);

    return rc == RC_MISSING ? err_set(cx->err, rc, MSG_PERSON_UNKNOWN, arg_number(id)) : rc;
}

enum rc account_seek(const struct cx *cx, str login, struct person *out)
{
    return get(cx, &PERSON_BY_LOGIN, v_text(login), out);
}

enum rc person_find(const struct cx *cx, str login, struct person *out)
{
    enum rc rc = account_seek(cx, login, out);

    return rc == RC_MISSING ? err_set(cx->err, rc, MSG_PERSON_NO_LOGIN, arg_text(login)) : rc;
}

static bool is_login_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool login_is_well_formed(str login)
{
    if (login.len < 2 || login.len > PERSON_LOGIN_BYTES_MAX || !is_login_letter(login.at[0])) {
        return false;
    }
    for (size_t i = 0; i < login.len; i++) {
        char c = login.at[i];
        if (!is_login_letter(c) && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_') {
            return false;
        }
    }
    return true;
}

static enum rc check_new(const struct cx *cx, const struct person *person)
{
    struct person other;

    if (!login_is_well_formed(person->login)) {
        return err_set(cx->err, RC_INVALID, MSG_PERSON_LOGIN_FORM, arg_text(person->login),
                       arg_count(PERSON_LOGIN_BYTES_MAX));
    }
    if (str_trim(person->name).len == 0 || person->name.len > PERSON_NAME_BYTES_MAX) {
        return err_set(cx->err, RC_INVALID, MSG_PERSON_NAME_FORM, arg_count(PERSON_NAME_BYTES_MAX));
    }
    enum rc rc = account_seek(cx, person->login, &other);
    if (rc == RC_OK) {
        return err_set(cx->err, RC_CONFLICT, MSG_PERSON_TAKEN, arg_text(person->login));
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

static enum rc add_start(const struct cx *cx, int64_t person, str *out_token)
{
    str token = token_make(cx->arena);
    struct hash hash = token_hash(token);
    const struct val who[] = {v_int(person)};
    const struct val in[] = {v_blob(hash_bytes(&hash)), v_int(person),
                             v_int(cx->now_ms + PERSON_START_DAYS * DAY_MS)};

    TRY(db_change(cx->db, &START_DROP, who, cx->err));
    TRY(db_change_one(cx->db, &START_ADD, in, cx->err));
    *out_token = token;
    return RC_OK;
}

/* The trace commits to the names, and says nothing of them. */
static enum rc commit_to_names(const struct cx *cx, const struct person *person)
{
    char bytes[SALT_BYTES];
    const struct val in[] = {v_int(person->id), v_blob((str){bytes, SALT_BYTES})};

    crypt_random(bytes, sizeof(bytes));
    TRY(db_change_one(cx->db, &PERSON_ADD_SALT, in, cx->err));
    return stamp_add(cx, &SALT_STAMPED, person->id, NULL);
}

enum rc person_add(const struct cx *cx, struct person *person, str *out_token)
{
    TRY(check_new(cx, person));
    person->id = db_new_id(cx->db, cx->now_ms);
    person->state = STR("invited");
    const struct val in[] = {
        v_int(person->id),    v_text(person->login),
        v_text(person->name), v_text(PERSON_KIND_ROWS[person->kind].id),
        v_int(cx->now_ms),    v_text(cx->actor),
    };
    TRY(db_change_one(cx->db, &PERSON_INSERT, in, cx->err));
    TRY(account_event(cx, STR("person.add"), person->id, person->kind));
    TRY(stamp_add(cx, &PERSON_STAMPED, person->id, NULL));
    TRY(commit_to_names(cx, person));
    return add_start(cx, person->id, out_token);
}

/* Nothing by which the person was known stays. */
static enum rc forget(const struct cx *cx, const struct person *person, str state)
{
    const struct val who[] = {v_int(person->id)};
    const struct val in[] = {v_int(person->id), v_text(state), v_text(STR(""))};

    TRY(db_change_one(cx->db, &PERSON_PUT_STATE, in, cx->err));
    TRY(stamp_add(cx, &PERSON_STAMPED, person->id, NULL));
    TRY(db_change(cx->db, &START_DROP, who, cx->err));
    TRY(db_change(cx->db, &RECOVERY_DROP, who, cx->err));
    return session_end_all(cx, person->id, 0);
}

enum rc person_disable(const struct cx *cx, const struct person *person)
{
    TRY(forget(cx, person, STR("disabled")));
    return account_event(cx, STR("person.disable"), person->id, 0);
}

enum rc person_restart(const struct cx *cx, const struct person *person, str *out_token)
{
    TRY(forget(cx, person, STR("invited")));
    TRY(account_event(cx, STR("person.restart"), person->id, 0));
    return add_start(cx, person->id, out_token);
}

enum rc person_by_start(const struct cx *cx, str token, struct person *out)
{
    struct hash hash = token_hash(token);
    const struct val in[] = {v_blob(hash_bytes(&hash)), v_int(cx->now_ms)};
    struct val row = {0};
    enum rc rc = db_one(cx->db, &START_PERSON, in, &row, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return err_set(cx->err, RC_DENIED, MSG_PERSON_START_WRONG);
    }
    TRY(rc);
    return person_load(cx, row.number, out);
}

enum rc account_keep_record(const struct cx *cx, int64_t person, str record)
{
    const struct val in[] = {v_int(person), v_text(record)};

    TRY(db_change_one(cx->db, &PERSON_PUT_PASSWORD, in, cx->err));
    return stamp_add(cx, &PERSON_STAMPED, person, NULL);
}

enum rc person_set_password(const struct cx *cx, const struct person *person, str record,
                            int64_t kept)
{
    const struct val who[] = {v_int(person->id)};
    enum rc rc = account_keep_record(cx, person->id, record);

    if (rc == RC_CONFLICT) {
        return err_set(cx->err, rc, MSG_PERSON_DISABLED, arg_text(person->login));
    }
    TRY(rc);
    TRY(db_change(cx->db, &START_DROP, who, cx->err));
    TRY(session_end_all(cx, person->id, kept));
    return account_event(cx, STR("person.password"), person->id, 0);
}

/* Where the secret stands: sealed in, so that one person's does not open as another's. */
static str totp_place(const struct cx *cx, int64_t person)
{
    struct buf place;
    str text = {0};

    buf_init(&place, cx->arena, 64);
    buf_put(&place, STR("person.totp."));
    buf_int(&place, person);
    MUST(buf_done(&place, &text));
    return text;
}

enum rc person_totp_offer(const struct cx *cx, const struct person *person, str *out)
{
    unsigned char secret[TOTP_SECRET_BYTES];
    str bytes = {(const char *)secret, sizeof(secret)};

    if (cx->seal == NULL) {
        return err_set(cx->err, RC_BROKEN, MSG_PERSON_NO_KEY);
    }
    totp_secret(secret);
    str sealed = seal(cx->seal, totp_place(cx, person->id), bytes, cx->arena);
    const struct val in[] = {v_int(person->id), v_blob(sealed), v_int(0)};
    *out = base32_text(bytes, cx->arena);
    crypt_wipe(secret, sizeof(secret));
    TRY(db_change_one(cx->db, &PERSON_PUT_TOTP, in, cx->err));
    return stamp_add(cx, &PERSON_STAMPED, person->id, NULL);
}

enum rc account_totp_fits(const struct cx *cx, const struct person *person, str code,
                          int64_t *out_step)
{
    str secret = {0};

    *out_step = 0;
    if (person->totp.len == 0) {
        return RC_OK;
    }
    if (cx->seal == NULL ||
        !unseal(cx->seal, totp_place(cx, person->id), person->totp, cx->arena, &secret)) {
        return err_set(cx->err, RC_BROKEN, MSG_PERSON_NO_KEY);
    }
    *out_step = totp_find(secret, code, cx->now_ms, person->totp_step);
    return RC_OK;
}

enum rc account_use_step(const struct cx *cx, int64_t person, int64_t step)
{
    const struct val in[] = {v_int(person), v_int(step)};

    return db_change_one(cx->db, &PERSON_USE_STEP, in, cx->err);
}

enum rc account_use_recovery(const struct cx *cx, int64_t person, str code)
{
    struct hash hash = recovery_hash(code);
    const struct val in[] = {v_int(person), v_blob(hash_bytes(&hash))};

    return db_change_one(cx->db, &RECOVERY_USE, in, cx->err);
}

static enum rc add_recovery(const struct cx *cx, int64_t person, str *out)
{
    const struct val who[] = {v_int(person)};

    TRY(db_change(cx->db, &RECOVERY_DROP, who, cx->err));
    for (int i = 0; i < RECOVERY_CODES; i++) {
        out[i] = recovery_code(cx->arena);
        struct hash hash = recovery_hash(out[i]);
        const struct val in[] = {v_int(person), v_blob(hash_bytes(&hash))};
        TRY(db_change_one(cx->db, &RECOVERY_ADD, in, cx->err));
    }
    return RC_OK;
}

enum rc person_totp_confirm(const struct cx *cx, const struct person *person, str code, str *out)
{
    int64_t step = 0;

    TRY(account_totp_fits(cx, person, code, &step));
    if (step == 0) {
        return err_set(cx->err, RC_DENIED, MSG_PERSON_CODE_WRONG);
    }
    TRY(account_use_step(cx, person->id, step));
    TRY(account_event(cx, STR("person.totp"), person->id, 0));
    return add_recovery(cx, person->id, out);
}

static const struct column_row PERSON_COLUMNS_SHOWN[] = {
    {STR_INIT("person"), MSG_PERSON_COLUMN_ID, 22, true},
    {STR_INIT("login"), MSG_PERSON_COLUMN_LOGIN, 16, false},
    {STR_INIT("name"), MSG_PERSON_COLUMN_NAME, 16, false},
    {STR_INIT("kind"), MSG_PERSON_COLUMN_KIND, 14, false},
    {STR_INIT("state"), MSG_PERSON_COLUMN_STATE, 10, false},
    {STR_INIT("second_factor"), MSG_PERSON_COLUMN_TOTP, 10, false},
};

struct listing {
    const struct cx *cx;
    const struct table_sink *sink;
};

static enum msg_id state_name(str state)
{
    if (str_equal(state, STR("active"))) {
        return MSG_PERSON_ACTIVE;
    }
    return str_equal(state, STR("invited")) ? MSG_PERSON_INVITED : MSG_PERSON_IS_DISABLED;
}

static enum rc list_one(void *self, const struct val *row)
{
    const struct listing *listing = self;
    const struct cx *cx = listing->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    struct person person = unpack(row);
    const struct person_kind_row *kind = &PERSON_KIND_ROWS[person.kind];
    bool has_code = person.totp_step > 0;
    const struct out cells[] = {
        out_text(cx_number(cx, person.id)),
        out_text(person.login),
        out_text(person.name),
        out_named(kind->id, msg_text(cx->lang, kind->name)),
        out_named(person.state, msg_text(cx->lang, state_name(person.state))),
        out_named(has_code ? STR("yes") : STR("no"),
                  msg_text(cx->lang, has_code ? MSG_VALUE_YES : MSG_VALUE_NO)),
    };

    TRY(listing->sink->row(listing->sink->self, cells));
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

enum rc person_table(const struct cx *cx, const struct table_sink *sink)
{
    struct listing listing = {cx, sink};
    const struct table table = {
        .name = STR("persons"),
        .title = msg_text(cx->lang, MSG_PERSON_TITLE),
        .columns =
            columns_in(cx->lang, PERSON_COLUMNS_SHOWN, COUNT_OF(PERSON_COLUMNS_SHOWN), cx->arena),
        .column_count = COUNT_OF(PERSON_COLUMNS_SHOWN),
    };

    TRY(sink->begin(sink->self, &table));
    TRY(db_each(cx->db, &PERSON_LIST, NULL, list_one, &listing, cx->err));
    return sink->end(sink->self);
}
