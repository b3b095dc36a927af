/* Accounts for trying out: which there are, and where there are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/access/actor.h"
#include "office/account/demo.h"
#include "office/register/test_units.h"
#include "office/test_world.h"

static const char REGISTER[] = "code,level,name\n"
                               "990000000000,province,示范省\n"
                               "990100000000,city,甲市\n"
                               "990101000000,county,丙县\n"
                               "990102000000,county,己县\n";

static const struct post_kind POSTS[] = {
    {.id = STR_INIT("office"), .levels = 0x07, .rights = 1},
};

struct case_ {
    struct cx *cx;
    struct programme programme;
    struct unit_tree tree;
};

static void begin(void **state, struct case_ *in)
{
    struct register_result result = {0};

    *in = (struct case_){.cx = world_cx(*state), .programme = *test_programme()};
    in->programme.posts = POSTS;
    in->programme.post_count = COUNT_OF(POSTS);
    assert_int_equal(test_import(in->cx, str_from(REGISTER), "2023-06-30", 95, &result), RC_OK);
    assert_int_equal(unit_tree_load(in->cx, test_programme(), date_of(2026, 1, 1), &in->tree),
                     RC_OK);
}

static void demonstration_accounts_only_on_this_machine(void **state)
{
    struct programme programme = {.is_demonstration = true};

    (void)state;
    assert_true(demo_is_allowed(&programme, STR("127.0.0.1:8600")));
    assert_true(demo_is_allowed(&programme, STR("[::1]:8600")));
    assert_true(demo_is_allowed(&programme, STR("unix:/run/wancun.sock")));
    assert_false(demo_is_allowed(&programme, STR("0.0.0.0:8600")));
    assert_false(demo_is_allowed(&programme, STR("[::]:8600")));
    assert_false(demo_is_allowed(&programme, STR("192.0.2.1:8600")));
    assert_false(demo_is_allowed(&programme, STR("127.example.org:8600")));
    assert_false(demo_is_allowed(&programme, STR("")));
    programme.is_demonstration = false;
    assert_false(demo_is_allowed(&programme, STR("127.0.0.1:8600")));
}

static struct demo_door door_of(const struct case_ *in)
{
    return (struct demo_door){&in->programme, &in->tree, STR("127.0.0.1:8600")};
}

static void a_demonstration_account_holds_the_post_that_was_asked_for(void **state)
{
    struct case_ in;
    struct login login = {.device = STR("browser")};
    struct session session = {0};
    struct actor actor = {0};

    begin(state, &in);
    struct demo_door door = door_of(&in);
    in.programme.is_demonstration = true;
    assert_int_equal(demo_log_in(in.cx, &door, STR("office"), STR("county"), &login), RC_OK);
    assert_int_equal(session_find(in.cx, login.token, &session), RC_OK);
    assert_int_equal(actor_load(in.cx, &in.programme, &session, &actor), RC_OK);
    assert_int_equal(actor.post_count, 1);
    assert_true(str_equal(actor.posts[0].post, STR("office")));
    int place = unit_tree_find_id(&in.tree, actor.posts[0].unit);
    assert_true(str_equal(in.tree.units[place].code, STR("990101000000")));
    struct login again = {.device = STR("browser")};
    assert_int_equal(demo_log_in(in.cx, &door, STR("office"), STR("county"), &again), RC_OK);
    assert_int_equal(again.person.id, login.person.id);
    struct login audit = {.device = STR("browser")};
    assert_int_equal(demo_log_in(in.cx, &door, STR("audit"), STR("office"), &audit), RC_OK);
    assert_int_equal(audit.person.kind, PERSON_AUDIT);
}

static void a_demonstration_account_has_no_password(void **state)
{
    struct case_ in;
    struct login login = {.device = STR("browser")};

    begin(state, &in);
    struct demo_door door = door_of(&in);
    in.programme.is_demonstration = true;
    assert_int_equal(demo_log_in(in.cx, &door, STR("office"), STR("county"), &login), RC_OK);
    struct login tried = {.login = STR("demo.office.county"), .password = STR("")};
    assert_int_equal(login_look(in.cx, &tried), RC_OK);
    login_weigh(&tried, in.cx->arena);
    assert_false(tried.fits);
}

static void nobody_tries_out_what_is_no_demonstration(void **state)
{
    struct case_ in;
    struct login login = {.device = STR("browser")};

    begin(state, &in);
    struct demo_door door = door_of(&in);
    in.programme.is_demonstration = false;
    assert_int_equal(demo_log_in(in.cx, &door, STR("office"), STR("county"), &login), RC_MISSING);
    err_clear(in.cx->err);
    in.programme.is_demonstration = true;
    door.listen = STR("192.0.2.1:8600");
    assert_int_equal(demo_log_in(in.cx, &door, STR("office"), STR("county"), &login), RC_MISSING);
    err_clear(in.cx->err);
    door.listen = STR("127.0.0.1:8600");
    assert_int_equal(demo_log_in(in.cx, &door, STR("nobody"), STR("office"), &login), RC_MISSING);
    err_clear(in.cx->err);
    assert_int_equal(demo_log_in(in.cx, &door, STR("official"), STR("office"), &login), RC_MISSING);
    err_clear(in.cx->err);
    assert_int_equal(demo_log_in(in.cx, &door, STR("office"), STR("county2"), &login), RC_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(demonstration_accounts_only_on_this_machine),
        IN_A_WORLD(a_demonstration_account_holds_the_post_that_was_asked_for),
        IN_A_WORLD(a_demonstration_account_has_no_password),
        IN_A_WORLD(nobody_tries_out_what_is_no_demonstration),
    };

    return cmocka_run_group_tests_name("demo", tests, NULL, NULL);
}
