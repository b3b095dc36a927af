/* Logging in: equal work and equal answers whether somebody bears the name or not. */
#include "crypt/crypt.h"
#include "office/account/account_in.h"
#include "office/account/login_sql.h"

enum { FAILURE_COLUMNS = 3 };

static const int64_t FAILURE_KEPT_MS = 86400000;
static const int64_t FIRST_WAIT_MS = 1000;

/* What failures count against: a name, or an address whatever the names were. An address is shared
 * by an office, so it has more of them free, waits less long, and is forgiven after an hour's
 * peace. */
struct counting {
    str prefix;
    int64_t kept_ms;
    int64_t free;
    int64_t wait_max_ms;
};
static const struct counting BY_NAME = {STR_INIT(""), FAILURE_KEPT_MS, LOGIN_FREE_FAILURES,
                                        LOGIN_WAIT_MAX_MS};
static const struct counting BY_ADDRESS = {STR_INIT("address "), LOGIN_ADDRESS_KEPT_MS,
                                           LOGIN_FREE_OF_ADDRESS, LOGIN_ADDRESS_WAIT_MAX_MS};

struct failures {
    const struct counting *by;
    struct hash key;
    int64_t count;
    int64_t wait_until_ms;
};

static enum rc failures_of(const struct cx *cx, const struct counting *by, str whose,
                           struct failures *out)
{
    struct val row[FAILURE_COLUMNS] = {0};
    struct buf key;
    str text = {0};

    buf_init(&key, cx->arena, 4096);
    buf_put(&key, by->prefix);
    buf_put(&key, whose);
    *out = (struct failures){.by = by, .key = hash_of(buf_done(&key, &text) ? text : whose)};
    const struct val in[] = {v_blob(hash_bytes(&out->key))};
    enum rc rc = db_one(cx->db, &FAILURE_GET, in, row, cx->arena, cx->err);
    if (rc == RC_OK && row[2].number > cx->now_ms - by->kept_ms) {
        out->count = row[0].number;
        out->wait_until_ms = row[1].number;
    }
    return rc == RC_MISSING ? RC_OK : rc;
}

/* The wait after so many failures: 1, 2, 4 … seconds, up to the most; never for ever. */
static int64_t wait_after(const struct counting *by, int64_t failures)
{
    int64_t wait = FIRST_WAIT_MS;

    if (failures < by->free) {
        return 0;
    }
    for (int64_t i = by->free; i < failures && wait < by->wait_max_ms; i++) {
        wait *= 2;
    }
    return wait < by->wait_max_ms ? wait : by->wait_max_ms;
}

/* Of the name and, where there is one, of the address: the longer wait holds. */
struct both {
    struct failures name;
    struct failures address;
};

static enum rc look_at_both(const struct cx *cx, const struct login *login, struct both *out)
{
    *out = (struct both){.address = {.by = &BY_ADDRESS}};
    TRY(failures_of(cx, &BY_NAME, login->login, &out->name));
    return login->address.len == 0 ? RC_OK
                                   : failures_of(cx, &BY_ADDRESS, login->address, &out->address);
}

static bool must_wait(const struct cx *cx, const struct both *both, struct login *login)
{
    int64_t until = both->name.wait_until_ms > both->address.wait_until_ms
                        ? both->name.wait_until_ms
                        : both->address.wait_until_ms;

    login->wait_ms = until - cx->now_ms;
    if (login->wait_ms <= 0) {
        login->wait_ms = 0;
        return false;
    }
    login->answer = LOGIN_WAIT;
    return true;
}

enum rc login_look(const struct cx *cx, struct login *login)
{
    struct both failures;

    login->login = str_trim(login->login);
    login->answer = LOGIN_WRONG;
    login->person = (struct person){0};
    TRY(look_at_both(cx, login, &failures));
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

static enum rc count_failure(const struct cx *cx, const struct failures *before)
{
    int64_t count = before->count + 1;
    const struct val in[] = {
        v_blob(hash_bytes(&before->key)),
        v_int(count),
        v_int(cx->now_ms + wait_after(before->by, count)),
        v_int(cx->now_ms),
    };

    return db_change(cx->db, &FAILURE_PUT, in, cx->err);
}

static enum rc fail(const struct cx *cx, const struct both *before, struct login *login)
{
    const struct val old[] = {v_int(cx->now_ms - FAILURE_KEPT_MS)};

    login->answer = LOGIN_WRONG;
    TRY(db_change(cx->db, &FAILURE_FORGET, old, cx->err));
    TRY(count_failure(cx, &before->name));
    if (login->address.len > 0) {
        TRY(count_failure(cx, &before->address));
    }
    return login->person.id == 0
               ? RC_OK
               : account_event(cx, STR("session.fail"), login->person.id, before->name.count + 1);
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

/* Forgiven is the name alone: who has an account could wipe out what he tried on others. */
static enum rc succeed(const struct cx *cx, const struct both *failures, struct login *login)
{
    const struct val in[] = {v_blob(hash_bytes(&failures->name.key))};

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
    struct both failures;
    bool fits = false;

    TRY(look_at_both(cx, login, &failures));
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
