/* What needs two persons: who may propose and decide what, and that no path leads around it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/approval/approval.h"
#include "office/register/test_units.h"
#include "office/test_world.h"

static const char UNITS[] = "code,level,name\n"
                            "990000000000,province,示范省\n"
                            "990100000000,city,甲市\n"
                            "990101000000,county,丙县\n"
                            "990101100000,township,丁镇\n"
                            "990101100200,village,东沟村委会\n"
                            "990102000000,county,己县\n";

/* Places in RIGHTS_GIVEN. */
enum {
    GIVES_READ = 1,
    GIVES_CLASSIFY = 1 << (RIGHT_CLASSIFY - RIGHT_READ),
    GIVES_OVERRIDE = 1 << (RIGHT_OVERRIDE - RIGHT_READ),
    GIVES_APPROVE = 1 << (RIGHT_APPROVE - RIGHT_READ),
    PROPOSER = GIVES_READ | GIVES_CLASSIFY | GIVES_OVERRIDE,
    DECIDER = GIVES_READ | GIVES_APPROVE,
    BOTH = PROPOSER | DECIDER,
};

static const struct post_kind POSTS[] = {
    {.id = STR_INIT("office"), .levels = 0x07, .rights = PROPOSER},
    {.id = STR_INIT("secretary"), .levels = 0x07, .rights = DECIDER},
    {.id = STR_INIT("chief"), .levels = 0x07, .rights = BOTH},
};

struct room {
    struct cx *cx;
    struct programme programme;
    struct unit_tree tree;
    struct actor actor;
    int64_t sessions;
};

static void begin(void **state, struct room *room)
{
    struct register_result result = {0};

    *room = (struct room){.cx = world_cx(*state), .programme = *test_programme()};
    room->programme.posts = POSTS;
    room->programme.post_count = COUNT_OF(POSTS);
    assert_int_equal(test_import(room->cx, str_from(UNITS), "2023-06-30", 95, &result), RC_OK);
    assert_int_equal(unit_tree_load(room->cx, test_programme(), date_of(2026, 1, 1), &room->tree),
                     RC_OK);
}

static struct unit_id unit(const struct room *room, const char *code)
{
    int place = unit_tree_find_code(&room->tree, str_from(code));

    assert_int_not_equal(place, NONE);
    return room->tree.units[place].id;
}

static int64_t somebody(struct room *room, const char *login)
{
    struct person person = {.login = str_from(login), .name = STR("某人")};
    str token = {0};

    room->cx->who = &ACTOR_OWNER;
    room->cx->person = 0;
    assert_int_equal(person_add(room->cx, &person, &token), RC_OK);
    assert_int_equal(person_set_password(room->cx, &person, STR("$"), 0), RC_OK);
    return person.id;
}

static void hold(struct room *room, int64_t id, const char *post, const char *code)
{
    struct person person;
    struct held held = {0};

    room->cx->who = &ACTOR_OWNER;
    room->cx->person = 0;
    assert_int_equal(person_load(room->cx, id, &person), RC_OK);
    const struct appointment giving = {
        .programme = &room->programme,
        .tree = &room->tree,
        .person = &person,
        .post = str_from(post),
        .place = unit_tree_find_code(&room->tree, str_from(code)),
        .from = date_of(2020, 1, 1),
        .to = HELD_OPEN,
    };
    assert_int_equal(post_give(room->cx, &giving, &held), RC_OK);
}

static int64_t one_with(struct room *room, const char *login, const char *post, const char *code)
{
    int64_t id = somebody(room, login);

    hold(room, id, post, code);
    return id;
}

static void sit(struct room *room, int64_t person, int64_t session_id)
{
    const struct session session = {
        .id = session_id, .person = person, .fresh_ms = room->cx->now_ms};

    assert_int_equal(actor_load(room->cx, &room->programme, &session, &room->actor), RC_OK);
    room->cx->who = &room->actor;
    room->cx->person = person;
}

/* In a session that nobody sat in before, proved just now. */
static void act_as(struct room *room, int64_t person)
{
    sit(room, person, ++room->sessions);
}

static struct hash digest(void)
{
    return hash_of(STR("as it is"));
}

static enum rc ask(struct room *room, const char *code, int64_t *out)
{
    struct proposal proposal = {
        .matter = MATTER_OVERRIDE,
        .unit = unit(room, code),
        .target = unit(room, code).v,
        .topic = STR("main"),
        .wanted = STR("exemplary"),
        .digest = digest(),
        .reason = STR("县委会议"),
    };

    return proposal_ask(room->cx, &proposal, out);
}

static int64_t asked(struct room *room, const char *code)
{
    int64_t id = 0;

    assert_int_equal(ask(room, code, &id), RC_OK);
    assert_int_not_equal(id, 0);
    return id;
}

static enum rc decide(struct room *room, int64_t id)
{
    struct proposal proposal = {0};
    enum rc rc = proposal_decide(room->cx, id, true, STR(""), &proposal);

    err_clear(room->cx->err);
    return rc;
}

static void one_proposes_and_another_decides(void **state)
{
    struct room room;
    struct proposal proposal = {0};

    begin(state, &room);
    int64_t office = one_with(&room, "li.min", "office", "990101000000");
    int64_t secretary = one_with(&room, "wu.jun", "secretary", "990101000000");
    act_as(&room, office);
    int64_t id = asked(&room, "990101100200");
    act_as(&room, secretary);
    assert_int_equal(proposal_decide(room.cx, id, true, STR("同意"), &proposal), RC_OK);
    assert_int_equal(proposal.state, PROPOSAL_APPROVED);
    assert_int_equal(proposal_done(room.cx, &proposal, digest()), RC_OK);
    assert_int_equal(proposal_load(room.cx, id, &proposal), RC_OK);
    assert_int_equal(proposal.state, PROPOSAL_DONE);
    assert_int_equal(proposal.proposer, office);
    assert_int_equal(proposal.decider, secretary);
}

static void nobody_decides_what_he_proposed_by_any_path(void **state)
{
    struct room room;

    begin(state, &room);
    int64_t chief = one_with(&room, "li.min", "chief", "990101000000");
    act_as(&room, chief);
    int64_t id = asked(&room, "990101100200");
    assert_int_equal(decide(&room, id), RC_DENIED); /* the same session */
    act_as(&room, chief);
    assert_int_equal(decide(&room, id), RC_DENIED); /* another session */
    hold(&room, chief, "secretary", "990100000000");
    act_as(&room, chief);
    assert_int_equal(decide(&room, id), RC_DENIED); /* another post */
    room.cx->who = &ACTOR_OWNER;
    assert_int_equal(decide(&room, id), RC_DENIED); /* the command line */
}

/* Past the office's own checks, the database still refuses. */
static void the_database_refuses_one_hand(void **state)
{
    static const char *const WRONG[] = {
        "UPDATE proposal SET state = 'approved'",
        "UPDATE proposal SET state = 'done'",
        "UPDATE proposal SET state = 'approved', decider = proposer, decider_post = 'x',"
        " decider_session = 99",
        "UPDATE proposal SET state = 'approved', decider = (SELECT max(id) FROM person),"
        " decider_post = proposer_post, decider_session = 99",
        "UPDATE proposal SET state = 'approved', decider = (SELECT max(id) FROM person),"
        " decider_post = 'x', decider_session = proposer_session",
    };
    struct room room;

    begin(state, &room);
    int64_t office = one_with(&room, "li.min", "office", "990101000000");
    (void)one_with(&room, "wu.jun", "secretary", "990101000000");
    act_as(&room, office);
    (void)asked(&room, "990101100200");
    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        const struct sql sql = {.name = "wrong", .text = WRONG[i]};
        if (db_change(room.cx->db, &sql, NULL, room.cx->err) != RC_CONFLICT) {
            fail_msg("taken: %s", WRONG[i]);
        }
        err_clear(room.cx->err);
    }
}

static void another_person_needs_another_post_session_and_the_right(void **state)
{
    struct room room;

    begin(state, &room);
    int64_t one = one_with(&room, "li.min", "chief", "990101000000");
    int64_t same_post = one_with(&room, "wu.jun", "chief", "990101000000");
    int64_t no_right = one_with(&room, "sun.yi", "office", "990100000000");
    int64_t elsewhere = one_with(&room, "zhou.an", "secretary", "990102000000");
    int64_t other = one_with(&room, "zheng.he", "secretary", "990100000000");
    act_as(&room, one);
    int64_t id = asked(&room, "990101100200");
    int64_t session = room.sessions;
    act_as(&room, same_post);
    assert_int_equal(decide(&room, id), RC_DENIED);
    act_as(&room, no_right);
    assert_int_equal(decide(&room, id), RC_DENIED);
    act_as(&room, elsewhere);
    assert_int_equal(decide(&room, id), RC_MISSING);
    sit(&room, other, session);
    assert_int_equal(decide(&room, id), RC_DENIED);
    act_as(&room, other);
    assert_int_equal(decide(&room, id), RC_OK);
}

static void deciding_asks_who_it_is_and_no_token_decides(void **state)
{
    struct room room;

    begin(state, &room);
    int64_t office = one_with(&room, "li.min", "office", "990101000000");
    int64_t secretary = one_with(&room, "wu.jun", "secretary", "990101000000");
    act_as(&room, office);
    int64_t id = asked(&room, "990101100200");
    struct session session = {.id = 77,
                              .person = secretary,
                              .fresh_ms = room.cx->now_ms - SESSION_FRESH_MS,
                              .rights = UINT32_MAX};
    assert_int_equal(actor_load(room.cx, &room.programme, &session, &room.actor), RC_OK);
    assert_int_equal(decide(&room, id), RC_DENIED);
    session.is_token = true;
    session.fresh_ms = room.cx->now_ms;
    assert_int_equal(actor_load(room.cx, &room.programme, &session, &room.actor), RC_OK);
    assert_int_equal(decide(&room, id), RC_DENIED);
    session.is_token = false;
    assert_int_equal(actor_load(room.cx, &room.programme, &session, &room.actor), RC_OK);
    assert_int_equal(decide(&room, id), RC_OK);
}

static void a_proposal_is_decided_once_and_in_time(void **state)
{
    struct room room;

    begin(state, &room);
    int64_t office = one_with(&room, "li.min", "office", "990101000000");
    int64_t secretary = one_with(&room, "wu.jun", "secretary", "990101000000");
    act_as(&room, office);
    int64_t late = asked(&room, "990101100000");
    int64_t id = asked(&room, "990101100200");
    act_as(&room, secretary);
    assert_int_equal(decide(&room, id), RC_OK);
    assert_int_equal(decide(&room, id), RC_CONFLICT);
    room.cx->now_ms += MATTERS[MATTER_OVERRIDE].days * (int64_t)86400000;
    act_as(&room, secretary);
    assert_int_equal(decide(&room, late), RC_CONFLICT);
}

static void what_changed_meanwhile_is_not_carried_out(void **state)
{
    struct room room;
    struct proposal proposal = {0};

    begin(state, &room);
    int64_t office = one_with(&room, "li.min", "office", "990101000000");
    int64_t secretary = one_with(&room, "wu.jun", "secretary", "990101000000");
    act_as(&room, office);
    int64_t id = asked(&room, "990101100200");
    assert_int_equal(proposal_load(room.cx, id, &proposal), RC_OK);
    assert_int_equal(proposal_done(room.cx, &proposal, digest()), RC_CONFLICT); /* not decided */
    err_clear(room.cx->err);
    act_as(&room, secretary);
    assert_int_equal(proposal_decide(room.cx, id, true, STR(""), &proposal), RC_OK);
    assert_int_equal(proposal_done(room.cx, &proposal, hash_of(STR("else"))), RC_CONFLICT);
    err_clear(room.cx->err);
    act_as(&room, somebody(&room, "sun.yi"));
    assert_int_equal(proposal_done(room.cx, &proposal, digest()), RC_DENIED);
    err_clear(room.cx->err);
    act_as(&room, secretary);
    assert_int_equal(proposal_done(room.cx, &proposal, digest()), RC_OK);
    assert_int_equal(proposal_done(room.cx, &proposal, digest()), RC_CONFLICT);
}

static void a_proposal_is_withdrawn_by_its_own_person(void **state)
{
    struct room room;

    begin(state, &room);
    int64_t office = one_with(&room, "li.min", "office", "990101000000");
    int64_t secretary = one_with(&room, "wu.jun", "secretary", "990101000000");
    act_as(&room, office);
    int64_t id = asked(&room, "990101100200");
    act_as(&room, secretary);
    assert_int_equal(proposal_withdraw(room.cx, id), RC_DENIED);
    err_clear(room.cx->err);
    act_as(&room, office);
    assert_int_equal(proposal_withdraw(room.cx, id), RC_OK);
    act_as(&room, secretary);
    assert_int_equal(decide(&room, id), RC_CONFLICT);
}

static void the_same_is_not_proposed_twice_nor_out_of_scope_nor_without_reason(void **state)
{
    struct room room;
    int64_t id = 0;

    begin(state, &room);
    int64_t office = one_with(&room, "li.min", "office", "990101000000");
    int64_t secretary = one_with(&room, "wu.jun", "secretary", "990101000000");
    act_as(&room, office);
    (void)asked(&room, "990101100200");
    assert_int_equal(ask(&room, "990101100200", &id), RC_CONFLICT);
    err_clear(room.cx->err);
    assert_int_equal(ask(&room, "990102000000", &id), RC_MISSING);
    err_clear(room.cx->err);
    act_as(&room, secretary);
    assert_int_equal(ask(&room, "990101100000", &id), RC_DENIED);
    err_clear(room.cx->err);
    act_as(&room, office);
    struct proposal blank = {.matter = MATTER_OVERRIDE, .unit = unit(&room, "990101100000")};
    assert_int_equal(proposal_ask(room.cx, &blank, &id), RC_INVALID);
}

static void approving_names_body_day_and_minutes(void **state)
{
    struct room room;
    struct proposal proposal = {.matter = MATTER_TIERS, .target = 5, .digest = digest()};
    int64_t id = 0;

    begin(state, &room);
    act_as(&room, one_with(&room, "li.min", "office", "990101000000"));
    proposal.unit = unit(&room, "990101000000");
    proposal.resolution.body = STR("县委农办会议");
    assert_int_equal(proposal_ask(room.cx, &proposal, &id), RC_INVALID);
    err_clear(room.cx->err);
    proposal.resolution.day = date_of(2025, 1, 10);
    assert_int_equal(proposal_ask(room.cx, &proposal, &id), RC_INVALID);
    err_clear(room.cx->err);
    proposal.resolution.minutes = STR("纪要第1号");
    assert_int_equal(proposal_ask(room.cx, &proposal, &id), RC_OK);
    assert_int_equal(proposal_load(room.cx, id, &proposal), RC_OK);
    assert_true(str_equal(resolution_text(&proposal.resolution, room.cx->arena),
                          STR("县委农办会议，2025-01-10，纪要第1号")));
}

static void the_owner_acts_alone_and_it_is_on_record(void **state)
{
    struct room room;
    struct proposal proposal = {.matter = MATTER_OVERRIDE, .reason = STR("会议"), .target = 7};
    int64_t id = 1;

    begin(state, &room);
    room.cx->who = &ACTOR_OWNER;
    proposal.unit = unit(&room, "990101000000");
    assert_int_equal(proposal_ask(room.cx, &proposal, &id), RC_OK);
    assert_int_equal(id, 0);
    assert_int_equal(proposal_load(room.cx, proposal.id, &proposal), RC_OK);
    assert_int_equal(proposal.state, PROPOSAL_DONE);
    assert_int_equal(proposal.proposer, 0);
    assert_int_equal(proposal.decider, 0);
    assert_true(str_equal(proposal.actor, STR("local:tester")));
}

static void every_state_has_the_moves_of_the_table_alone(void **state)
{
    int moves = 0;

    (void)state;
    for (int s = 0; s < PROPOSAL_STATES; s++) {
        for (int v = VERB_APPROVE; v <= VERB_DO; v++) {
            moves +=
                proposal_after((enum proposal_state)s, (enum proposal_verb)v) != PROPOSAL_STATES
                    ? 1
                    : 0;
        }
    }
    assert_int_equal(moves, 4);
    assert_int_equal(proposal_after(PROPOSAL_PROPOSED, VERB_DO), PROPOSAL_STATES);
    assert_int_equal(proposal_after(PROPOSAL_APPROVED, VERB_WITHDRAW), PROPOSAL_STATES);
    assert_int_equal(proposal_after(PROPOSAL_REFUSED, VERB_DO), PROPOSAL_STATES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(one_proposes_and_another_decides),
        IN_A_WORLD(nobody_decides_what_he_proposed_by_any_path),
        IN_A_WORLD(the_database_refuses_one_hand),
        IN_A_WORLD(another_person_needs_another_post_session_and_the_right),
        IN_A_WORLD(deciding_asks_who_it_is_and_no_token_decides),
        IN_A_WORLD(a_proposal_is_decided_once_and_in_time),
        IN_A_WORLD(what_changed_meanwhile_is_not_carried_out),
        IN_A_WORLD(a_proposal_is_withdrawn_by_its_own_person),
        IN_A_WORLD(the_same_is_not_proposed_twice_nor_out_of_scope_nor_without_reason),
        IN_A_WORLD(approving_names_body_day_and_minutes),
        IN_A_WORLD(the_owner_acts_alone_and_it_is_on_record),
        IN_A_WORLD(every_state_has_the_moves_of_the_table_alone),
    };

    return cmocka_run_group_tests_name("approval", tests, NULL, NULL);
}
