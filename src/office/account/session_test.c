/* Sessions, tokens, one-time codes: how long they last and whose they are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypt/crypt.h"
#include "office/account/test_person.h"
#include "office/test_world.h"

static void a_session_ends_when_idle_or_after_twelve_hours(void **state)
{
    struct cx *cx = world_cx(*state);
    struct session session = {0};

    (void)test_begun(cx, "li.min");
    struct login in = test_attempt(cx, "li.min", "password");
    cx->now_ms += SESSION_IDLE_MS;
    assert_int_equal(session_find(cx, in.token, &session), RC_DENIED);
    err_clear(cx->err);
    in = test_attempt(cx, "li.min", "password");
    int64_t end = cx->now_ms + SESSION_MAX_MS;
    while (cx->now_ms + SESSION_IDLE_MS / 2 < end) {
        cx->now_ms += SESSION_IDLE_MS / 2;
        assert_int_equal(session_find(cx, in.token, &session), RC_OK);
        assert_true(session_wants_touch(cx, &session));
        assert_int_equal(session_touch(cx, &session), RC_OK);
    }
    cx->now_ms = end;
    assert_int_equal(session_find(cx, in.token, &session), RC_DENIED);
}

static enum rc count_session(void *self, const struct session *session)
{
    (void)session;
    *(int *)self += 1;
    return RC_OK;
}

static int sessions_of(struct cx *cx, int64_t person)
{
    int count = 0;

    assert_int_equal(session_each(cx, person, count_session, &count), RC_OK);
    return count;
}

static void a_sixth_session_ends_the_oldest(void **state)
{
    struct cx *cx = world_cx(*state);
    struct person person = test_begun(cx, "li.min");
    struct session session = {0};
    struct login first = test_attempt(cx, "li.min", "password");

    for (int i = 1; i < SESSIONS_MAX; i++) {
        assert_int_equal(test_attempt(cx, "li.min", "password").answer, LOGIN_IN);
        assert_int_equal(session_find(cx, first.token, &session), RC_OK);
    }
    assert_int_equal(sessions_of(cx, person.id), SESSIONS_MAX);
    assert_int_equal(test_attempt(cx, "li.min", "password").answer, LOGIN_IN);
    assert_int_equal(session_find(cx, first.token, &session), RC_DENIED);
    assert_int_equal(sessions_of(cx, person.id), SESSIONS_MAX);
}

static void a_session_is_ended_by_its_person_alone(void **state)
{
    struct cx *cx = world_cx(*state);
    struct person one = test_begun(cx, "li.min");
    struct person two = test_begun(cx, "wu.jun");
    struct login in = test_attempt(cx, "li.min", "password");
    struct session session = {0};

    assert_int_equal(session_end(cx, two.id, in.id), RC_MISSING);
    err_clear(cx->err);
    assert_int_equal(session_find(cx, in.token, &session), RC_OK);
    assert_int_equal(session_end(cx, one.id, in.id), RC_OK);
    assert_int_equal(session_find(cx, in.token, &session), RC_DENIED);
}

static void proving_anew_makes_fresh_and_changes_the_token(void **state)
{
    struct cx *cx = world_cx(*state);
    struct session session = {0};

    (void)test_begun(cx, "li.min");
    struct login in = test_attempt(cx, "li.min", "password");
    assert_int_equal(session_find(cx, in.token, &session), RC_OK);
    assert_true(session_is_fresh(cx, &session));
    cx->now_ms += SESSION_FRESH_MS;
    assert_false(session_is_fresh(cx, &session));
    struct login again = {.login = STR("li.min"), .password = STR("password"), .session = in.id};
    assert_int_equal(login_look(cx, &again), RC_OK);
    login_weigh(&again, cx->arena);
    assert_int_equal(login_end(cx, &again), RC_OK);
    assert_int_equal(again.answer, LOGIN_IN);
    assert_int_equal(again.id, in.id);
    assert_int_equal(session_find(cx, in.token, &session), RC_DENIED);
    err_clear(cx->err);
    assert_int_equal(session_find(cx, again.token, &session), RC_OK);
    assert_true(session_is_fresh(cx, &session));
}

static void nobody_proves_anew_for_somebody_elses_session(void **state)
{
    struct cx *cx = world_cx(*state);
    struct login other = {.login = STR("wu.jun"), .password = STR("password")};

    (void)test_begun(cx, "li.min");
    (void)test_begun(cx, "wu.jun");
    other.session = test_attempt(cx, "li.min", "password").id;
    assert_int_equal(login_look(cx, &other), RC_OK);
    login_weigh(&other, cx->arena);
    assert_int_equal(login_end(cx, &other), RC_DENIED);
}

static void no_token_is_kept_as_it_was_shown(void **state)
{
    struct cx *cx = world_cx(*state);
    struct session session = {0};

    (void)test_begun(cx, "li.min");
    struct login in = test_attempt(cx, "li.min", "password");
    assert_int_equal(session_find(cx, STR(""), &session), RC_DENIED);
    err_clear(cx->err);
    struct hash hash = token_hash(in.token);
    assert_int_equal(session_find(cx, hash_bytes(&hash), &session), RC_DENIED);
}

static str code_at(struct cx *cx, str secret, int64_t step)
{
    char *text = arena_take(cx->arena, TOTP_DIGITS);
    uint32_t code = totp_code(secret, step, TOTP_DIGITS);

    for (int i = TOTP_DIGITS - 1; i >= 0; i--) {
        text[i] = (char)('0' + code % 10);
        code /= 10;
    }
    return (str){text, TOTP_DIGITS};
}

/* What the telephone does with the text it is given. */
static str from_base32(struct cx *cx, str text)
{
    char *bytes = arena_take(cx->arena, TOTP_SECRET_BYTES + 1);
    unsigned held = 0;
    int bits = 0;
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        held = held << 5 | (unsigned)(c >= 'A' ? c - 'A' : c - '2' + 26);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes[len++] = (char)(held >> bits & 0xFF);
        }
    }
    return (str){bytes, len};
}

static struct login attempt_with(struct cx *cx, str code)
{
    struct login in = {.login = STR("li.min"), .password = STR("password"), .code = code};

    assert_int_equal(login_look(cx, &in), RC_OK);
    login_weigh(&in, cx->arena);
    in.upgraded = STR("");
    assert_int_equal(login_end(cx, &in), RC_OK);
    return in;
}

static void one_time_and_recovery_codes_are_asked_for_and_good_once(void **state)
{
    static struct seal_key key = {{7}};
    struct cx *cx = world_cx(*state);
    struct person person = test_begun(cx, "li.min");
    str offered = {0};
    str codes[RECOVERY_CODES];

    cx->seal = &key;
    assert_int_equal(person_totp_offer(cx, &person, &offered), RC_OK);
    str secret = from_base32(cx, offered);
    int64_t step = cx->now_ms / TOTP_STEP_MS;
    assert_int_equal(test_attempt(cx, "li.min", "password").answer, LOGIN_IN);
    assert_int_equal(person_load(cx, person.id, &person), RC_OK);
    assert_int_equal(person_totp_confirm(cx, &person, STR("000000x"), codes), RC_DENIED);
    err_clear(cx->err);
    assert_int_equal(person_totp_confirm(cx, &person, code_at(cx, secret, step), codes), RC_OK);
    assert_int_equal(test_attempt(cx, "li.min", "password").answer, LOGIN_NEEDS_CODE);
    assert_int_equal(attempt_with(cx, code_at(cx, secret, step)).answer, LOGIN_WRONG);
    assert_int_equal(attempt_with(cx, code_at(cx, secret, step + 1)).answer, LOGIN_IN);
    assert_int_equal(attempt_with(cx, code_at(cx, secret, step + 1)).answer, LOGIN_WRONG);
    assert_int_equal(attempt_with(cx, codes[3]).answer, LOGIN_IN);
    assert_int_equal(attempt_with(cx, codes[3]).answer, LOGIN_WRONG);
    assert_int_equal(attempt_with(cx, codes[4]).answer, LOGIN_IN);
}

static void one_persons_sealed_secret_does_not_serve_another(void **state)
{
    static struct seal_key key = {{7}};
    struct cx *cx = world_cx(*state);
    struct person one = test_begun(cx, "li.min");
    struct person two = test_begun(cx, "wu.jun");
    str offered = {0};
    str codes[RECOVERY_CODES];

    cx->seal = &key;
    assert_int_equal(person_totp_offer(cx, &one, &offered), RC_OK);
    assert_int_equal(person_totp_offer(cx, &two, &offered), RC_OK);
    world_script(*state, "UPDATE person SET totp = (SELECT totp FROM person WHERE login = 'wu.jun')"
                         " WHERE login = 'li.min'");
    assert_int_equal(person_load(cx, one.id, &one), RC_OK);
    str code = code_at(cx, from_base32(cx, offered), cx->now_ms / TOTP_STEP_MS);
    assert_int_equal(person_totp_confirm(cx, &one, code, codes), RC_BROKEN);
}

static void a_token_is_held_to_its_days_and_count(void **state)
{
    struct cx *cx = world_cx(*state);
    struct person person = test_begun(cx, "li.min");
    struct session token = {.person = person.id, .name = STR("report"), .rights = 8};
    struct session found = {0};
    str text = {0};

    token.ends_ms = cx->now_ms + (TOKEN_DAYS_MAX + 1) * (int64_t)86400000;
    assert_int_equal(token_add(cx, &token, &text), RC_INVALID);
    err_clear(cx->err);
    token.ends_ms = cx->now_ms + 86400000;
    for (int i = 0; i < TOKENS_MAX; i++) {
        assert_int_equal(token_add(cx, &token, &text), RC_OK);
    }
    assert_int_equal(token_add(cx, &token, &text), RC_LIMIT);
    err_clear(cx->err);
    cx->now_ms += 86400000 - 1;
    assert_int_equal(session_find(cx, text, &found), RC_OK);
    assert_true(found.is_token && !session_is_fresh(cx, &found));
    cx->now_ms += 1;
    assert_int_equal(session_find(cx, text, &found), RC_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_session_ends_when_idle_or_after_twelve_hours),
        IN_A_WORLD(a_sixth_session_ends_the_oldest),
        IN_A_WORLD(a_session_is_ended_by_its_person_alone),
        IN_A_WORLD(proving_anew_makes_fresh_and_changes_the_token),
        IN_A_WORLD(nobody_proves_anew_for_somebody_elses_session),
        IN_A_WORLD(no_token_is_kept_as_it_was_shown),
        IN_A_WORLD(one_time_and_recovery_codes_are_asked_for_and_good_once),
        IN_A_WORLD(one_persons_sealed_secret_does_not_serve_another),
        IN_A_WORLD(a_token_is_held_to_its_days_and_count),
    };

    return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
