/* Accounts: begun, logged in to, slowed down, ended; who may hold what. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "crypt/crypt.h"
#include "office/account/test_person.h"
#include "office/audit/audit.h"
#include "office/test_world.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND };

static const str PASSWORD = STR_INIT("九点一刻看见三只白鹭");

static void nobody_is_there_to_begin_with(void **state)
{
    struct cx *cx = world_cx(*state);

    assert_int_equal(test_attempt(cx, "admin", "admin").answer, LOGIN_WRONG);
    assert_int_equal(test_attempt(cx, "root", "").answer, LOGIN_WRONG);
}

static void a_start_token_lets_its_person_choose_a_password_once(void **state)
{
    struct cx *cx = world_cx(*state);
    struct person person = {.login = STR("li.min"), .name = STR("某人")};
    struct person found = {0};
    str token = {0};

    assert_int_equal(person_add(cx, &person, &token), RC_OK);
    assert_int_equal(test_attempt(cx, "li.min", "password").answer, LOGIN_WRONG);
    assert_int_equal(person_by_start(cx, token, &found), RC_OK);
    assert_int_equal(found.id, person.id);
    assert_int_equal(person_set_password(cx, &found, CHEAP, 0), RC_OK);
    assert_int_equal(test_attempt(cx, "li.min", "password").answer, LOGIN_IN);
    assert_int_equal(person_by_start(cx, token, &found), RC_DENIED);
}

static void a_start_token_ends_after_three_days(void **state)
{
    struct cx *cx = world_cx(*state);
    struct person person = {.login = STR("li.min"), .name = STR("某人")};
    struct person found = {0};
    str token = {0};

    assert_int_equal(person_add(cx, &person, &token), RC_OK);
    cx->now_ms += (int64_t)PERSON_START_DAYS * 86400000 - 1;
    assert_int_equal(person_by_start(cx, token, &found), RC_OK);
    cx->now_ms += 1;
    assert_int_equal(person_by_start(cx, token, &found), RC_DENIED);
}

static void a_login_is_well_formed_and_taken_once(void **state)
{
    static const char *const WRONG[] = {"", "a", "Li", "1li", "li min", "李敏", "li@x"};
    struct cx *cx = world_cx(*state);
    struct person person = {.name = STR("某人")};
    str token = {0};

    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        person.login = str_from(WRONG[i]);
        assert_int_equal(person_add(cx, &person, &token), RC_INVALID);
        err_clear(cx->err);
    }
    (void)test_person(cx, "li.min", PERSON_OFFICIAL);
    person.login = STR("li.min");
    assert_int_equal(person_add(cx, &person, &token), RC_CONFLICT);
    err_clear(cx->err);
    person = (struct person){.login = STR("wu"), .name = STR(" ")};
    assert_int_equal(person_add(cx, &person, &token), RC_INVALID);
}

static void usual_passwords_are_refused(void **state)
{
    static const char *const USUAL[] = {
        "password12",   "P@ssw0rd2024",  "passwordpassword", "1234567890",  "20231128001",
        "13800138000",  "qwertyuiop",    "1qaz2wsx3edc",     "aaaaaaaaaa",  "abcabcabcabc",
        "Admin@123456", "woaini1314520", "wancun2024!!",     "iloveyou123", "asdfghjkl;12",
        "!@#$%^&*()",   "zhangwei",      "Welcome12345",     "adminadmin1", "abcdefghij",
    };
    struct cx *cx = world_cx(*state);

    for (size_t i = 0; i < COUNT_OF(USUAL); i++) {
        if (person_password_check(STR("li.min"), str_from(USUAL[i]), cx->err) != RC_INVALID) {
            fail_msg("taken: %s", USUAL[i]);
        }
        err_clear(cx->err);
    }
}

static void passwords_are_refused_for_length_and_login_and_taken_otherwise(void **state)
{
    struct cx *cx = world_cx(*state);
    struct err *err = cx->err;

    assert_int_equal(person_password_check(STR("li.min"), STR("白鹭三只看见"), err), RC_INVALID);
    assert_int_equal(err->msg, MSG_PASSWORD_SHORT);
    err_clear(err);
    assert_int_equal(person_password_check(STR("li.min"), STR("terrace li.min heron"), err),
                     RC_INVALID);
    assert_int_equal(err->msg, MSG_PASSWORD_LOGIN);
    err_clear(err);
    assert_int_equal(person_password_check(STR("li.min"), PASSWORD, err), RC_OK);
    assert_int_equal(person_password_check(STR("li.min"), STR("terrace heron 9 pump"), err), RC_OK);
    assert_int_equal(person_password_check(STR("li.min"), STR("tR7#vqe2Lz"), err), RC_OK);
}

/* The same answer, and the same work: a record is weighed for a name that nobody bears. */
static void a_wrong_password_and_a_wrong_name_are_answered_alike(void **state)
{
    struct cx *cx = world_cx(*state);

    (void)test_begun(cx, "li.min");
    struct login known = test_attempt(cx, "li.min", "wrong");
    struct login unknown = test_attempt(cx, "wu.shei", "wrong");
    assert_int_equal(known.answer, LOGIN_WRONG);
    assert_int_equal(unknown.answer, known.answer);
    assert_int_equal(unknown.wait_ms, known.wait_ms);
    assert_int_equal(known.token.len, 0);
}

static void fails_at(struct cx *cx, const char *login, int64_t wait_ms)
{
    assert_int_equal(test_attempt(cx, login, "wrong").answer, LOGIN_WRONG);
    struct login next = test_attempt(cx, login, "password");
    assert_int_equal(next.answer, LOGIN_WAIT);
    assert_int_equal(next.wait_ms, wait_ms);
    cx->now_ms += wait_ms - 1;
    assert_int_equal(test_attempt(cx, login, "password").answer, LOGIN_WAIT);
    cx->now_ms += 1;
}

static void slows_down(struct cx *cx, const char *login)
{
    for (int i = 0; i < LOGIN_FREE_FAILURES - 1; i++) {
        assert_int_equal(test_attempt(cx, login, "wrong").answer, LOGIN_WRONG);
    }
    for (int64_t wait = SECOND; wait < LOGIN_WAIT_MAX_MS; wait *= 2) {
        fails_at(cx, login, wait);
    }
    fails_at(cx, login, LOGIN_WAIT_MAX_MS);
    fails_at(cx, login, LOGIN_WAIT_MAX_MS);
}

static void failures_double_the_wait_up_to_15_minutes_and_never_for_ever(void **state)
{
    struct cx *cx = world_cx(*state);

    (void)test_begun(cx, "li.min");
    slows_down(cx, "li.min");
    assert_int_equal(test_attempt(cx, "li.min", "password").answer, LOGIN_IN);
    assert_int_equal(test_attempt(cx, "li.min", "wrong").answer, LOGIN_WRONG);
    assert_int_equal(test_attempt(cx, "li.min", "password").answer, LOGIN_IN);
}

static void names_that_nobody_bears_slow_down_likewise(void **state)
{
    slows_down(world_cx(*state), "wu.shei");
}

/* What the password is does not matter here: it is not weighed. */
static enum login_answer fails_from(struct cx *cx, str login, const char *address)
{
    struct login in = {.login = login, .address = str_from(address)};

    assert_int_equal(login_look(cx, &in), RC_OK);
    assert_int_equal(login_end(cx, &in), RC_OK);
    return in.answer;
}

static void fails_under_many_names(struct cx *cx, const char *address)
{
    for (int i = 0; i < LOGIN_FREE_OF_ADDRESS; i++) {
        assert_int_equal(fails_from(cx, cx_number(cx, i), address), LOGIN_WRONG);
    }
}

static void an_address_that_fails_under_many_names_slows_down(void **state)
{
    struct cx *cx = world_cx(*state);

    fails_under_many_names(cx, "192.0.2.7");
    assert_int_equal(fails_from(cx, STR("li.min"), "192.0.2.7"), LOGIN_WAIT);
    assert_int_equal(fails_from(cx, STR("li.min"), "192.0.2.8"), LOGIN_WRONG);
    assert_int_equal(fails_from(cx, STR("li.min"), ""), LOGIN_WRONG);
    cx->now_ms += LOGIN_ADDRESS_WAIT_MAX_MS;
    assert_int_equal(fails_from(cx, STR("wu.lan"), "192.0.2.7"), LOGIN_WRONG);
    assert_int_equal(fails_from(cx, STR("wu.lan"), "192.0.2.7"), LOGIN_WAIT);
    cx->now_ms += LOGIN_ADDRESS_KEPT_MS;
    assert_int_equal(fails_from(cx, STR("wu.lan"), "192.0.2.7"), LOGIN_WRONG);
    assert_int_equal(fails_from(cx, STR("wu.lan"), "192.0.2.7"), LOGIN_WRONG);
}

/* Whoever has an account cannot wipe out what he tried on others. */
static void a_log_in_does_not_forgive_the_address(void **state)
{
    struct cx *cx = world_cx(*state);
    struct login in = {
        .login = STR("li.min"), .password = STR("password"), .address = STR("192.0.2.7")};

    (void)test_begun(cx, "li.min");
    for (int i = 1; i < LOGIN_FREE_OF_ADDRESS; i++) {
        assert_int_equal(fails_from(cx, cx_number(cx, i), "192.0.2.7"), LOGIN_WRONG);
    }
    assert_int_equal(login_look(cx, &in), RC_OK);
    login_weigh(&in, cx->arena);
    in.upgraded = STR("");
    assert_int_equal(login_end(cx, &in), RC_OK);
    assert_int_equal(in.answer, LOGIN_IN);
    assert_int_equal(fails_from(cx, STR("wu.lan"), "192.0.2.7"), LOGIN_WRONG);
    assert_int_equal(fails_from(cx, STR("wu.lan"), "192.0.2.7"), LOGIN_WAIT);
}

/* Two attempts looked before either was counted: the second still finds the wait. */
static void attempts_at_the_same_time_do_not_escape_the_count(void **state)
{
    struct cx *cx = world_cx(*state);
    struct login late = {.login = STR("li.min"), .password = STR("password")};

    (void)test_begun(cx, "li.min");
    assert_int_equal(login_look(cx, &late), RC_OK);
    login_weigh(&late, cx->arena);
    for (int i = 0; i < LOGIN_FREE_FAILURES; i++) {
        assert_int_equal(test_attempt(cx, "li.min", "wrong").answer, LOGIN_WRONG);
    }
    assert_int_equal(login_end(cx, &late), RC_OK);
    assert_int_equal(late.answer, LOGIN_WAIT);
}

static void a_password_changed_meanwhile_lets_nobody_in(void **state)
{
    struct cx *cx = world_cx(*state);
    struct login late = {.login = STR("li.min"), .password = STR("password")};
    struct person person = test_begun(cx, "li.min");

    assert_int_equal(login_look(cx, &late), RC_OK);
    login_weigh(&late, cx->arena);
    assert_int_equal(person_set_password(cx, &person, password_of_nobody(), 0), RC_OK);
    assert_int_equal(login_end(cx, &late), RC_OK);
    assert_int_equal(late.answer, LOGIN_WRONG);
}

static void a_disabled_account_lets_nobody_in_and_ends_its_sessions(void **state)
{
    struct cx *cx = world_cx(*state);
    struct person person = test_begun(cx, "li.min");
    struct login in = test_attempt(cx, "li.min", "password");
    struct session session = {0};
    str token = {0};

    assert_int_equal(session_find(cx, in.token, &session), RC_OK);
    assert_int_equal(person_disable(cx, &person), RC_OK);
    assert_int_equal(session_find(cx, in.token, &session), RC_DENIED);
    err_clear(cx->err);
    assert_int_equal(test_attempt(cx, "li.min", "password").answer, LOGIN_WRONG);
    assert_int_equal(person_set_password(cx, &person, CHEAP, 0), RC_CONFLICT);
    err_clear(cx->err);
    assert_int_equal(person_restart(cx, &person, &token), RC_OK);
    assert_int_equal(person_set_password(cx, &person, CHEAP, 0), RC_OK);
    assert_int_equal(test_attempt(cx, "li.min", "password").answer, LOGIN_IN);
}

static void an_outdated_record_is_made_anew_when_somebody_logs_in(void **state)
{
    struct cx *cx = world_cx(*state);
    struct login in = {.login = STR("li.min"), .password = STR("password")};
    struct person person = test_begun(cx, "li.min");

    assert_int_equal(login_look(cx, &in), RC_OK);
    login_weigh(&in, cx->arena);
    assert_int_equal(login_end(cx, &in), RC_OK);
    assert_int_equal(in.answer, LOGIN_IN);
    assert_int_equal(person_load(cx, person.id, &person), RC_OK);
    assert_false(password_is_outdated(person.password));
    assert_true(password_fits(STR("password"), person.password));
}

static enum rc give(struct cx *cx, const struct person *person, const char *post)
{
    static const struct programme NO_POSTS = {0};
    struct held held = {0};
    const struct appointment giving = {
        .programme = &NO_POSTS,
        .person = person,
        .post = str_from(post),
        .from = date_of(2026, 1, 1),
        .to = HELD_OPEN,
    };

    return post_give(cx, &giving, &held);
}

static void administrators_are_kept_apart(void **state)
{
    static const char *const KINDS[] = {"system", "security", "audit"};
    struct cx *cx = world_cx(*state);

    for (int i = PERSON_OFFICIAL; i < PERSON_KINDS; i++) {
        struct buf login;
        str name = {0};
        buf_init(&login, cx->arena, 16);
        buf_put(&login, STR("person"));
        buf_int(&login, i);
        assert_true(buf_done(&login, &name));
        struct person person = {.login = name, .name = STR("某人"), .kind = (enum person_kind)i};
        str token = {0};
        assert_int_equal(person_add(cx, &person, &token), RC_OK);
        for (size_t k = 0; k < COUNT_OF(KINDS); k++) {
            bool is_own = i == (int)k + PERSON_SYSTEM;
            assert_int_equal(give(cx, &person, KINDS[k]), is_own ? RC_OK : RC_INVALID);
            err_clear(cx->err);
        }
        if (i != PERSON_OFFICIAL) {
            assert_int_equal(give(cx, &person, "secretary"), RC_INVALID);
            err_clear(cx->err);
        }
    }
}

/* Past the office's own checks, the database still refuses. */
static void the_database_keeps_administrators_apart(void **state)
{
    static const char *const WRONG[] = {
        "INSERT INTO post_held VALUES (1, 1, 'security', 'security', NULL, 1, 2, 0, '')",
        "INSERT INTO post_held VALUES (1, 1, 'system', 'security', NULL, 1, 2, 0, '')",
        "INSERT INTO post_held VALUES (1, 1, 'official', 'secretary', NULL, 1, 2, 0, '')",
        "INSERT INTO post_held VALUES (1, 1, 'system', 'secretary', NULL, 1, 2, 0, '')",
        "UPDATE person SET kind = 'audit' WHERE id = 1",
    };
    struct cx *cx = world_cx(*state);

    world_script(*state,
                 "INSERT INTO person (id, login, name, kind, state, at_ms, actor)"
                 " VALUES (1, 'sys', 'x', 'system', 'active', 0, '');"
                 "INSERT INTO post_held VALUES (9, 1, 'system', 'system', NULL, 1, 2, 0, '')");
    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        const struct sql sql = {.name = "wrong", .text = WRONG[i]};
        if (db_change(cx->db, &sql, NULL, cx->err) != RC_CONFLICT) {
            fail_msg("taken: %s", WRONG[i]);
        }
        err_clear(cx->err);
    }
}

static void nobody_gives_himself_a_post(void **state)
{
    struct cx *cx = world_cx(*state);
    struct person person = test_person(cx, "safe", PERSON_SECURITY);

    cx->person = person.id;
    assert_int_equal(give(cx, &person, "security"), RC_DENIED);
    cx->person = person.id + 1;
    err_clear(cx->err);
    assert_int_equal(give(cx, &person, "security"), RC_OK);
}

static enum rc first_held(void *self, const struct held *held)
{
    *(struct held *)self = *held;
    return RC_OK;
}

static void the_end_of_a_post_is_only_made_earlier(void **state)
{
    struct cx *cx = world_cx(*state);
    struct person person = test_person(cx, "safe", PERSON_SECURITY);
    struct held held = {0};

    assert_int_equal(give(cx, &person, "security"), RC_OK);
    assert_int_equal(post_each(cx, person.id, first_held, &held), RC_OK);
    assert_int_equal(post_end(cx, held.id, date_of(2025, 12, 31)), RC_INVALID);
    err_clear(cx->err);
    assert_int_equal(post_end(cx, held.id, date_of(2026, 6, 1)), RC_OK);
    assert_int_equal(post_end(cx, held.id, date_of(2026, 7, 1)), RC_INVALID);
    err_clear(cx->err);
    assert_int_equal(post_end(cx, held.id + 1, date_of(2026, 1, 2)), RC_MISSING);
}

struct searching {
    str needle;
    int count;
    int found;
};

static enum rc search(void *self, const struct event *event)
{
    struct searching *in = self;

    in->count++;
    in->found += str_find(event->body, in->needle) != STR_NONE ||
                         str_find(event->actor, in->needle) != STR_NONE
                     ? 1
                     : 0;
    return RC_OK;
}

static void the_trace_names_numbers_and_no_names(void **state)
{
    struct cx *cx = world_cx(*state);
    struct searching name = {.needle = STR("某人")};
    struct searching login = {.needle = STR("li.min")};

    (void)test_begun(cx, "li.min");
    assert_int_equal(test_attempt(cx, "li.min", "wrong").answer, LOGIN_WRONG);
    assert_int_equal(test_attempt(cx, "li.min", "password").answer, LOGIN_IN);
    assert_int_equal(event_each(cx, LOG_OFFICE, search, &name), RC_OK);
    assert_int_equal(event_each(cx, LOG_OFFICE, search, &login), RC_OK);
    assert_true(name.count >= 4);
    assert_int_equal(name.found, 0);
    assert_int_equal(login.found, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(nobody_is_there_to_begin_with),
        IN_A_WORLD(a_start_token_lets_its_person_choose_a_password_once),
        IN_A_WORLD(a_start_token_ends_after_three_days),
        IN_A_WORLD(a_login_is_well_formed_and_taken_once),
        IN_A_WORLD(usual_passwords_are_refused),
        IN_A_WORLD(passwords_are_refused_for_length_and_login_and_taken_otherwise),
        IN_A_WORLD(a_wrong_password_and_a_wrong_name_are_answered_alike),
        IN_A_WORLD(failures_double_the_wait_up_to_15_minutes_and_never_for_ever),
        IN_A_WORLD(names_that_nobody_bears_slow_down_likewise),
        IN_A_WORLD(attempts_at_the_same_time_do_not_escape_the_count),
        IN_A_WORLD(a_password_changed_meanwhile_lets_nobody_in),
        IN_A_WORLD(a_disabled_account_lets_nobody_in_and_ends_its_sessions),
        IN_A_WORLD(an_outdated_record_is_made_anew_when_somebody_logs_in),
        IN_A_WORLD(administrators_are_kept_apart),
        IN_A_WORLD(the_database_keeps_administrators_apart),
        IN_A_WORLD(an_address_that_fails_under_many_names_slows_down),
        IN_A_WORLD(a_log_in_does_not_forgive_the_address),
        IN_A_WORLD(nobody_gives_himself_a_post),
        IN_A_WORLD(the_end_of_a_post_is_only_made_earlier),
        IN_A_WORLD(the_trace_names_numbers_and_no_names),
    };

    return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
