/* Logging in: equal work and equal answers whether somebody bears the name or not. */
#include "crypt/crypt.h"
#include "office/account/account_in.h"
#include "office/account/login_sql.h"

enum { FAILURE_COLUMNS = 3 };

static const int64_t FAILURE_KEPT_MS = 86400000;
static const int64_t FIRST_WAIT_MS = 1000;

struct failures {
    struct hash key;
    int64_t count;
    int64_t wait_until_ms;
};

static enum rc failures_of(const struct cx *cx, str login, struct failures *out)
{
    struct val row[FAILURE_COLUMNS] = {0};

    *out = (struct failures){.key = hash_of(login)};
    const struct val in[] = {v_blob(hash_bytes(&out->key))};
    enum rc rc = db_one(cx->db, &FAILURE_GET, in, row, cx->arena, cx->err);
    if (rc == RC_OK && row[2].number > cx->now_ms - FAILURE_KEPT_MS) {
        out->count = row[0].number;
        out->wait_until_ms = row[1].number;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* The wait after so many failures: 1, 2, 4 … seconds, at most 15 minutes; never for ever. */
static int64_t wait_after(int64_t failures)
{
    int64_t wait = FIRST_WAIT_MS;

    if (failures < LOGIN_FREE_FAILURES) {
        return 0;
    }
    for (int64_t i = LOGIN_FREE_FAILURES; i < failures && wait < LOGIN_WAIT_MAX_MS; i++) {
        wait *= 2;
    }
    return wait < LOGIN_WAIT_MAX_MS ? wait : LOGIN_WAIT_MAX_MS;
}

static bool must_wait(const struct cx *cx, const struct failures *failures, struct login *login)
{
    login->wait_ms = failures->wait_until_ms - cx->now_ms;
    if (login->wait_ms <= 0) {
        login->wait_ms = 0;
        return false;
    }
    login->answer = LOGIN_WAIT;
    return true;
}

enum rc login_look(const struct cx *cx, struct login *login)
{
    struct failures failures;

    login->login = str_trim(login->login);
    login->answer = LOGIN_WRONG;
    login->person = (struct person){0};
    TRY(failures_of(cx, login->login, &failures));
    if (must_wait(cx, &failures, login)) {
        return RC_OK;
    }
    enum rc rc = account_seek(cx, login->login, &login->person);
    return rc == RC_MISSING ? RC_OK : rc;
}

void login_weigh(struct login *login, struct arena *arena)
{
    const struct person *person = &login->person;
    bool may = person->id != 0 && str_equal(person->state, STR("active"));
    struct err err = {0};

    login->fits = false;
    login->upgraded = STR("");
    if (login->answer == LOGIN_WAIT) {
        return;
    }
    bool fits = password_fits(login->password, may ? person->password : password_of_nobody());
    login->fits = may && fits;
    if (login->fits && password_is_outdated(person->password) &&
        password_record(login->password, arena, &login->upgraded, &err) != RC_OK) {
        login->upgraded = STR(""); /* another time */
    }
}

static enum rc fail(const struct cx *cx, const struct failures *before, struct login *login)
{
    int64_t count = before->count + 1;
    const struct val in[] = {
        v_blob(hash_bytes(&before->key)),
        v_int(count),
        v_int(cx->now_ms + wait_after(count)),
        v_int(cx->now_ms),
    };
    const struct val old[] = {v_int(cx->now_ms - FAILURE_KEPT_MS)};

    login->answer = LOGIN_WRONG;
    TRY(db_change(cx->db, &FAILURE_FORGET, old, cx->err));
    TRY(db_change(cx->db, &FAILURE_PUT, in, cx->err));
    return login->person.id == 0 ? RC_OK
                                 : account_event(cx, STR("session.fail"), login->person.id, count);
}

/* Is it still the person that was weighed: active, with the same password? */
static enum rc look_again(const struct cx *cx, struct login *login, bool *out_same)
{
    str weighed = login->person.password;
    enum rc rc = account_seek(cx, login->login, &login->person);

    *out_same = rc == RC_OK && str_equal(login->person.state, STR("active")) &&
                str_equal(login->person.password, weighed);
    return rc == RC_MISSING ? RC_OK : rc;
}

/* A one-time code, else a recovery code; each is used up. */
static enum rc use_code(const struct cx *cx, const struct login *login, bool *out_fits)
{
    int64_t step = 0;
    enum rc rc = RC_OK;

    TRY(account_totp_fits(cx, &login->person, login->code, &step));
    if (step > 0) {
        rc = account_use_step(cx, login->person.id, step);
    } else {
        rc = account_use_recovery(cx, login->person.id, login->code);
    }
    *out_fits = rc == RC_OK;
    return rc == RC_CONFLICT ? RC_OK : rc;
}

static enum rc succeed(const struct cx *cx, const struct failures *failures, struct login *login)
{
    const struct val in[] = {v_blob(hash_bytes(&failures->key))};

    TRY(db_change(cx->db, &FAILURE_DROP, in, cx->err));
    if (login->upgraded.len > 0) {
        TRY(account_keep_record(cx, login->person.id, login->upgraded));
    }
    TRY(login->session == 0 ? account_begin_session(cx, login) : account_renew_session(cx, login));
    login->answer = LOGIN_IN;
    return RC_OK;
}

enum rc login_end(const struct cx *cx, struct login *login)
{
    struct failures failures;
    bool fits = false;

    TRY(failures_of(cx, login->login, &failures));
    if (must_wait(cx, &failures, login)) {
        return RC_OK;
    }
    if (login->fits) {
        TRY(look_again(cx, login, &fits));
    }
    if (fits && login->person.totp_step > 0) {
        if (login->code.len == 0) {
            login->answer = LOGIN_NEEDS_CODE;
            return RC_OK;
        }
        TRY(use_code(cx, login, &fits));
    }
    return fits ? succeed(cx, &failures, login) : fail(cx, &failures, login);
}
