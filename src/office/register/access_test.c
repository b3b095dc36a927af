/* Rights and scope: by post, by day, by the tree of that day, and never by a code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/access/actor.h"
#include "office/register/test_units.h"
#include "office/test_world.h"

/* A code that begins like its neighbour's (99020110 is no county), a zone off the tree of codes. */
static const char FIRST[] = "code,level,name\n"
                            "990000000000,province,示范省\n"
                            "990100000000,city,甲市\n"
                            "990101000000,county,丙县\n"
                            "990101100000,township,丁镇\n"
                            "990101100200,village,东沟村委会\n"
                            "990101100201,village,西沟村委会\n"
                            "990101101000,township,戊镇\n"
                            "990101101200,village,南沟村委会\n"
                            "990102000000,county,己县\n"
                            "990102100000,township,庚镇\n"
                            "990102100200,village,北沟村委会\n";
/* A year later 戊镇 has gone over to 己县 and 西沟 is no more. */
static const char LATER[] = "code,level,name\n"
                            "990000000000,province,示范省\n"
                            "990100000000,city,甲市\n"
                            "990101000000,county,丙县\n"
                            "990101100000,township,丁镇\n"
                            "990101100200,village,东沟村委会\n"
                            "990102000000,county,己县\n"
                            "990102100000,township,庚镇\n"
                            "990102100200,village,北沟村委会\n"
                            "990102101000,township,戊镇\n"
                            "990102101200,village,南沟村委会\n";

enum { POST_OFFICE = 0, RIGHTS_OFFICE = 1 << 0 | 1 << 2, RIGHTS_AUDITOR = 1 << 0 };

static struct programme programme_with_posts(void)
{
    static const struct post_kind POSTS[] = {
        {.id = STR_INIT("office"), .levels = 0x07, .rights = RIGHTS_OFFICE},
        {.id = STR_INIT("village"), .levels = 0x10, .rights = RIGHTS_OFFICE},
        {.id = STR_INIT("auditor"), .levels = 0x07, .rights = RIGHTS_AUDITOR},
    };
    struct programme programme = *test_programme();

    programme.posts = POSTS;
    programme.post_count = COUNT_OF(POSTS);
    return programme;
}

struct case_ {
    struct cx *cx;
    struct programme programme;
    struct unit_tree before;
    struct unit_tree tree; /* of 2025, where no day is said */
    struct person person;
    struct actor actor;
};

static void begin(void **state, struct case_ *in)
{
    struct register_result result = {0};
    str token = {0};

    *in = (struct case_){.cx = world_cx(*state), .programme = programme_with_posts()};
    assert_int_equal(test_import(in->cx, str_from(FIRST), "2023-06-30", 95, &result), RC_OK);
    assert_int_equal(unit_tree_load(in->cx, test_programme(), date_of(2023, 12, 31), &in->before),
                     RC_OK);
    assert_int_equal(test_import(in->cx, str_from(LATER), "2025-01-01", 95, &result), RC_OK);
    assert_int_equal(unit_tree_load(in->cx, test_programme(), date_of(2026, 1, 1), &in->tree),
                     RC_OK);
    in->person = (struct person){.login = STR("li.min"), .name = STR("某人")};
    assert_int_equal(person_add(in->cx, &in->person, &token), RC_OK);
    assert_int_equal(person_set_password(in->cx, &in->person, STR("$"), 0), RC_OK);
}

static void hold(struct case_ *in, const char *post, const char *code, date from, date to)
{
    struct held held = {0};
    const struct appointment giving = {
        .programme = &in->programme,
        .tree = &in->tree,
        .person = &in->person,
        .post = str_from(post),
        .place = unit_tree_find_code(&in->tree, str_from(code)),
        .from = from,
        .to = to,
    };

    assert_int_not_equal(giving.place, NONE);
    assert_int_equal(post_give(in->cx, &giving, &held), RC_OK);
}

static void hold_open(struct case_ *in, const char *post, const char *code)
{
    hold(in, post, code, date_of(2020, 1, 1), HELD_OPEN);
}

static void act(struct case_ *in, struct session session)
{
    session.person = in->person.id;
    in->cx->who = NULL;
    assert_int_equal(actor_load(in->cx, &in->programme, &session, &in->actor), RC_OK);
    in->cx->who = &in->actor;
}

static enum rc check_unit(struct case_ *in, enum right right, struct unit_id unit)
{
    enum rc rc = right_check(in->cx, right, unit, NULL);

    err_clear(in->cx->err);
    return rc;
}

static enum rc check(struct case_ *in, enum right right, const char *code)
{
    return check_unit(in, right, in->tree.units[unit_tree_find_code(&in->tree, str_from(code))].id);
}

static void a_post_reaches_its_units_subtree_and_no_further(void **state)
{
    struct case_ in;

    begin(state, &in);
    hold_open(&in, "office", "990101000000");
    act(&in, (struct session){0});
    assert_int_equal(check(&in, RIGHT_IMPORT, "990101000000"), RC_OK);
    assert_int_equal(check(&in, RIGHT_IMPORT, "990101100000"), RC_OK);
    assert_int_equal(check(&in, RIGHT_IMPORT, "990101100200"), RC_OK);
    assert_int_equal(check(&in, RIGHT_IMPORT, "990100000000"), RC_MISSING);
    assert_int_equal(check(&in, RIGHT_IMPORT, "990000000000"), RC_MISSING);
    assert_int_equal(check(&in, RIGHT_IMPORT, "990102000000"), RC_MISSING);
    assert_int_equal(check(&in, RIGHT_IMPORT, "990102100200"), RC_MISSING);
    assert_int_equal(check_unit(&in, RIGHT_READ, (struct unit_id){12345}), RC_MISSING);
}

static void a_right_not_held_is_denied_in_sight_and_missing_out_of_it(void **state)
{
    struct case_ in;

    begin(state, &in);
    hold_open(&in, "auditor", "990101000000");
    act(&in, (struct session){0});
    assert_int_equal(check(&in, RIGHT_READ, "990101100200"), RC_OK);
    assert_int_equal(check(&in, RIGHT_IMPORT, "990101100200"), RC_DENIED);
    assert_int_equal(check(&in, RIGHT_IMPORT, "990102100200"), RC_MISSING);
    assert_int_equal(check_unit(&in, RIGHT_ACCOUNTS, (struct unit_id){0}), RC_DENIED);
}

static void out_of_sight_and_absent_are_told_alike(void **state)
{
    struct case_ in;

    begin(state, &in);
    hold_open(&in, "office", "990101000000");
    act(&in, (struct session){0});
    int other = unit_tree_find_code(&in.tree, STR("990102100200"));
    assert_int_equal(right_check(in.cx, RIGHT_READ, in.tree.units[other].id, NULL), RC_MISSING);
    enum msg_id hidden = in.cx->err->msg;
    int hidden_args = in.cx->err->arg_count;
    err_clear(in.cx->err);
    assert_int_equal(right_check(in.cx, RIGHT_READ, (struct unit_id){12345}, NULL), RC_MISSING);
    assert_int_equal(in.cx->err->msg, hidden);
    assert_int_equal(hidden_args, 0);
    assert_int_equal(in.cx->err->arg_count, 0);
}

/* 戊镇 stood under 丙县 until the end of 2024; its code changed, its scope goes with the tree. */
static void scope_follows_the_tree_when_a_unit_changes_hands(void **state)
{
    struct case_ in;

    begin(state, &in);
    int place = unit_tree_find_code(&in.before, STR("990101101200"));
    struct unit_id village = in.before.units[place].id;
    hold_open(&in, "office", "990101000000");
    act(&in, (struct session){0});
    in.actor.day = 20240601;
    assert_int_equal(check_unit(&in, RIGHT_READ, village), RC_OK);
    in.actor.day = 20250101;
    assert_int_equal(check(&in, RIGHT_READ, "990102101200"), RC_MISSING);
}

static void a_unit_that_is_no_more_stays_with_whom_it_was_last(void **state)
{
    struct case_ in;

    begin(state, &in);
    struct unit_id gone = in.before.units[unit_tree_find_code(&in.before, STR("990101100201"))].id;
    hold_open(&in, "office", "990101000000");
    act(&in, (struct session){0});
    assert_int_equal(check_unit(&in, RIGHT_READ, gone), RC_OK);
    world_script(*state, "DELETE FROM post_held");
    hold_open(&in, "office", "990102000000");
    act(&in, (struct session){0});
    assert_int_equal(check_unit(&in, RIGHT_READ, gone), RC_MISSING);
}

static void posts_expired_and_to_come_give_nothing(void **state)
{
    struct case_ in;

    begin(state, &in);
    hold(&in, "office", "990101000000", date_of(2020, 1, 1), date_of(2026, 1, 1));
    hold(&in, "office", "990102000000", date_of(2026, 1, 2), HELD_OPEN);
    act(&in, (struct session){0});
    assert_int_equal(in.actor.day, 20260101);
    assert_int_equal(check(&in, RIGHT_READ, "990101000000"), RC_MISSING);
    assert_int_equal(check(&in, RIGHT_READ, "990102000000"), RC_MISSING);
    in.cx->now_ms -= 86400000;
    act(&in, (struct session){0});
    assert_int_equal(check(&in, RIGHT_READ, "990101000000"), RC_OK);
    assert_int_equal(check(&in, RIGHT_READ, "990102000000"), RC_MISSING);
    in.cx->now_ms += 2 * (int64_t)86400000;
    act(&in, (struct session){0});
    assert_int_equal(check(&in, RIGHT_READ, "990101000000"), RC_MISSING);
    assert_int_equal(check(&in, RIGHT_READ, "990102000000"), RC_OK);
}

static void two_posts_add_up_each_in_its_own_place(void **state)
{
    struct case_ in;

    begin(state, &in);
    hold_open(&in, "auditor", "990101000000");
    hold_open(&in, "office", "990102000000");
    act(&in, (struct session){0});
    assert_int_equal(check(&in, RIGHT_READ, "990101100200"), RC_OK);
    assert_int_equal(check(&in, RIGHT_IMPORT, "990101100200"), RC_DENIED);
    assert_int_equal(check(&in, RIGHT_IMPORT, "990102100200"), RC_OK);
}

static void a_post_no_longer_in_the_programme_gives_nothing(void **state)
{
    struct case_ in;

    begin(state, &in);
    hold_open(&in, "office", "990101000000");
    in.programme.posts += 1;
    in.programme.post_count -= 1;
    act(&in, (struct session){0});
    assert_int_equal(check(&in, RIGHT_READ, "990101000000"), RC_MISSING);
}

static void a_change_of_posts_holds_from_the_next_request(void **state)
{
    struct case_ in;

    begin(state, &in);
    hold_open(&in, "office", "990101000000");
    act(&in, (struct session){0});
    assert_int_equal(check(&in, RIGHT_READ, "990101000000"), RC_OK);
    world_script(*state, "UPDATE post_held SET to_day = 20260101");
    act(&in, (struct session){0});
    assert_int_equal(check(&in, RIGHT_READ, "990101000000"), RC_MISSING);
}

static void nobody_may_do_what_is_not_public(void **state)
{
    struct case_ in;

    begin(state, &in);
    in.cx->who = NULL;
    assert_int_equal(check(&in, RIGHT_PUBLIC, "990101000000"), RC_OK);
    for (int right = RIGHT_SELF; right < RIGHT_COUNT; right++) {
        assert_int_equal(check(&in, (enum right)right, "990101000000"), RC_DENIED);
    }
}

static void the_owner_at_the_command_line_may_do_everything(void **state)
{
    struct case_ in;
    struct scope scope;

    begin(state, &in);
    in.cx->who = &ACTOR_OWNER;
    for (int right = RIGHT_PUBLIC; right < RIGHT_COUNT; right++) {
        assert_int_equal(check(&in, (enum right)right, "990101000000"), RC_OK);
    }
    assert_int_equal(scope_of(in.cx, RIGHT_READ, &scope), RC_OK);
    assert_true(scope.is_all);
    assert_int_equal(actor_need_fresh(in.cx), RC_OK);
}

static void a_token_can_do_no_more_than_it_says_nor_than_its_person(void **state)
{
    struct case_ in;

    begin(state, &in);
    hold_open(&in, "office", "990101000000");
    struct session token = {.is_token = true,
                            .rights = right_bit(RIGHT_READ) | right_bit(RIGHT_EXPORT)};
    token.unit = in.tree.units[unit_tree_find_code(&in.tree, STR("990101100000"))].id;
    act(&in, token);
    assert_int_equal(check(&in, RIGHT_READ, "990101100200"), RC_OK);
    assert_int_equal(check(&in, RIGHT_READ, "990101000000"), RC_MISSING);
    assert_int_equal(check(&in, RIGHT_IMPORT, "990101100200"), RC_DENIED);
    assert_int_equal(check(&in, RIGHT_EXPORT, "990101100200"), RC_DENIED);
    assert_int_equal(check(&in, RIGHT_SELF, "990101100200"), RC_DENIED);
    assert_int_equal(actor_need_fresh(in.cx), RC_DENIED);
    token.unit = in.tree.units[unit_tree_find_code(&in.tree, STR("990102000000"))].id;
    err_clear(in.cx->err);
    act(&in, token);
    assert_int_equal(check(&in, RIGHT_READ, "990102100200"), RC_MISSING);
    assert_int_equal(check(&in, RIGHT_READ, "990101100200"), RC_MISSING);
}

static bool sees(const struct cx *cx, struct unit_id unit)
{
    bool is_seen = false;

    assert_int_equal(cx_sees(cx, unit, &is_seen), RC_OK);
    return is_seen;
}

/* What lists ask and what the check says are two ways to say the same. */
static void a_scope_holds_what_the_check_lets_through(void **state)
{
    static const struct session SESSIONS[] = {{.id = 1},
                                              {.is_token = true, .rights = 1 << RIGHT_READ}};
    struct case_ in;
    struct scope scope;

    begin(state, &in);
    hold_open(&in, "office", "990101000000");
    hold_open(&in, "village", "990102100200");
    for (size_t s = 0; s < COUNT_OF(SESSIONS); s++) {
        act(&in, SESSIONS[s]);
        for (int right = RIGHT_READ; right <= RIGHT_IMPORT; right++) {
            assert_int_equal(scope_of(in.cx, (enum right)right, &scope), RC_OK);
            in.cx->scope = &scope;
            for (int i = 0; i < in.tree.count; i++) {
                bool may = check_unit(&in, (enum right)right, in.tree.units[i].id) == RC_OK;
                assert_int_equal(sees(in.cx, in.tree.units[i].id), may);
            }
        }
    }
}

static void what_the_tree_lets_read_is_what_the_check_lets_through(void **state)
{
    struct case_ in;

    begin(state, &in);
    hold_open(&in, "office", "990101000000");
    hold_open(&in, "village", "990102100200");
    const struct session sessions[] = {
        {.id = 1},
        {.is_token = true, .rights = 1 << RIGHT_READ},
        {.is_token = true, .rights = 1 << RIGHT_IMPORT},
        {.is_token = true,
         .rights = 1 << RIGHT_READ,
         .unit = in.tree.units[unit_tree_find_code(&in.tree, STR("990101100000"))].id},
    };
    for (size_t s = 0; s < COUNT_OF(sessions); s++) {
        act(&in, sessions[s]);
        for (int i = 0; i < in.tree.count; i++) {
            bool may = check_unit(&in, RIGHT_READ, in.tree.units[i].id) == RC_OK;
            assert_int_equal(actor_reads(&in.actor, &in.tree, i), may);
        }
    }
}

static struct unit_id unit_of(const struct case_ *in, const char *code)
{
    return in->tree.units[unit_tree_find_code(&in->tree, str_from(code))].id;
}

static void a_scope_at_the_root_is_all_there_is_and_no_other(void **state)
{
    struct case_ in;
    struct scope scope;

    begin(state, &in);
    hold_open(&in, "office", "990100000000");
    act(&in, (struct session){0});
    assert_int_equal(scope_of(in.cx, RIGHT_READ, &scope), RC_OK);
    assert_false(scope.is_all);
    hold_open(&in, "office", "990000000000");
    act(&in, (struct session){0});
    assert_int_equal(scope_of(in.cx, RIGHT_READ, &scope), RC_OK);
    assert_true(scope.is_all);
    assert_int_equal(scope.root_count, 1);
}

/* What takes in the scope is seen in part; what lies beside it is not. */
static void what_stands_above_is_seen_in_part(void **state)
{
    struct case_ in;
    struct scope scope;
    bool is_part = false;

    begin(state, &in);
    hold_open(&in, "office", "990101000000");
    act(&in, (struct session){0});
    assert_int_equal(scope_of(in.cx, RIGHT_READ, &scope), RC_OK);
    in.cx->scope = &scope;
    assert_false(sees(in.cx, unit_of(&in, "990100000000")));
    assert_int_equal(cx_sees_part(in.cx, unit_of(&in, "990100000000"), &is_part), RC_OK);
    assert_true(is_part);
    assert_int_equal(cx_sees_part(in.cx, unit_of(&in, "990102000000"), &is_part), RC_OK);
    assert_false(is_part);
    assert_int_equal(cx_sees_part(in.cx, (struct unit_id){0}, &is_part), RC_OK);
    assert_false(is_part);
}

static void without_a_scope_only_the_owner_sees_anything(void **state)
{
    struct case_ in;

    begin(state, &in);
    in.cx->who = &ACTOR_OWNER;
    assert_true(sees(in.cx, unit_of(&in, "990101000000")));
    assert_true(sees(in.cx, (struct unit_id){0}));
    in.cx->who = NULL;
    assert_false(sees(in.cx, unit_of(&in, "990101000000")));
}

static void a_right_somewhere_is_enough_for_lists_and_not_for_the_office(void **state)
{
    struct case_ in;

    begin(state, &in);
    hold_open(&in, "office", "990101000000");
    act(&in, (struct session){0});
    struct cx cx = *in.cx;
    assert_int_equal(actor_enter_somewhere(&cx, RIGHT_IMPORT), RC_OK);
    assert_true(cx.scope != NULL && !cx.scope->is_all);
    assert_int_equal(actor_enter_office(&cx, RIGHT_IMPORT), RC_DENIED);
    err_clear(cx.err);
    assert_int_equal(actor_enter_somewhere(&cx, RIGHT_PLAN), RC_DENIED);
    err_clear(cx.err);
    assert_int_equal(actor_enter_somewhere(&cx, RIGHT_SELF), RC_OK);
}

static void the_unit_of_a_post_is_read_from_what_events_say(void **state)
{
    (void)state;
    assert_int_equal(actor_unit(STR("person:12/office@990")).v, 990);
    assert_int_equal(actor_unit(STR("person:12/security@0")).v, 0);
    assert_int_equal(actor_unit(STR("person:12")).v, 0);
    assert_int_equal(actor_unit(STR("local:root@7")).v, 0);
}

static void events_name_the_person_and_the_post_by_number(void **state)
{
    struct case_ in;

    begin(state, &in);
    hold_open(&in, "office", "990101000000");
    act(&in, (struct session){0});
    int place = unit_tree_find_code(&in.tree, STR("990101100200"));
    struct cx cx = *in.cx;
    assert_int_equal(actor_enter(&cx, RIGHT_IMPORT, in.tree.units[place].id), RC_OK);
    assert_int_equal(cx.person, in.person.id);
    assert_true(str_starts(cx.actor, STR("person:")));
    assert_int_not_equal(str_find(cx.actor, STR("/office@")), STR_NONE);
    assert_int_equal(str_find(cx.actor, STR("li.min")), STR_NONE);
}

static void a_disabled_person_acts_no_more(void **state)
{
    struct case_ in;
    struct session session = {0};

    begin(state, &in);
    hold_open(&in, "office", "990101000000");
    assert_int_equal(person_disable(in.cx, &in.person), RC_OK);
    session.person = in.person.id;
    assert_int_equal(actor_load(in.cx, &in.programme, &session, &in.actor), RC_DENIED);
}

static void a_post_stands_at_its_levels_alone(void **state)
{
    struct case_ in;
    struct held held = {0};

    begin(state, &in);
    struct appointment giving = {
        .programme = &in.programme,
        .tree = &in.tree,
        .person = &in.person,
        .post = STR("village"),
        .place = 0,
        .from = date_of(2026, 1, 1),
        .to = HELD_OPEN,
    };
    assert_int_equal(post_give(in.cx, &giving, &held), RC_INVALID);
    assert_int_equal(in.cx->err->msg, MSG_POST_LEVEL);
    err_clear(in.cx->err);
    giving.post = STR("mayor");
    assert_int_equal(post_give(in.cx, &giving, &held), RC_INVALID);
    assert_int_equal(in.cx->err->msg, MSG_POST_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_post_reaches_its_units_subtree_and_no_further),
        IN_A_WORLD(a_right_not_held_is_denied_in_sight_and_missing_out_of_it),
        IN_A_WORLD(out_of_sight_and_absent_are_told_alike),
        IN_A_WORLD(scope_follows_the_tree_when_a_unit_changes_hands),
        IN_A_WORLD(a_unit_that_is_no_more_stays_with_whom_it_was_last),
        IN_A_WORLD(posts_expired_and_to_come_give_nothing),
        IN_A_WORLD(two_posts_add_up_each_in_its_own_place),
        IN_A_WORLD(a_post_no_longer_in_the_programme_gives_nothing),
        IN_A_WORLD(a_change_of_posts_holds_from_the_next_request),
        IN_A_WORLD(nobody_may_do_what_is_not_public),
        IN_A_WORLD(the_owner_at_the_command_line_may_do_everything),
        IN_A_WORLD(a_token_can_do_no_more_than_it_says_nor_than_its_person),
        IN_A_WORLD(a_scope_holds_what_the_check_lets_through),
        IN_A_WORLD(what_the_tree_lets_read_is_what_the_check_lets_through),
        IN_A_WORLD(a_scope_at_the_root_is_all_there_is_and_no_other),
        IN_A_WORLD(what_stands_above_is_seen_in_part),
        IN_A_WORLD(without_a_scope_only_the_owner_sees_anything),
        IN_A_WORLD(a_right_somewhere_is_enough_for_lists_and_not_for_the_office),
        cmocka_unit_test(the_unit_of_a_post_is_read_from_what_events_say),
        IN_A_WORLD(events_name_the_person_and_the_post_by_number),
        IN_A_WORLD(a_disabled_person_acts_no_more),
        IN_A_WORLD(a_post_stands_at_its_levels_alone),
    };

    return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
