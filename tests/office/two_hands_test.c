/* What one person proposed and another approved is carried out as it was proposed, and not before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/approval/approval.h"
#include "office/test_world.h"
#include "tests/office/ladder.h"

enum { OFFICE = 1, SECRETARY = 2 };

struct room {
    struct ladder ladder;
    struct cx *cx;
    struct actor_post post;
    struct actor actor;
};

static void begin(void **state, struct room *room)
{
    ladder_open(*state, NULL, 0, &room->ladder);
    ladder_take(&room->ladder, 2024, LADDER_HEAD "991101|100|90|50|是\n991102|100|60|50|是\n");
    ladder_run(&room->ladder, 2024);
    room->cx = room->ladder.rooms.cx;
    world_script(*state, "INSERT INTO person (id, login, name, kind, state, at_ms, actor) VALUES"
                         " (1, 'li', 'x', 'official', 'active', 0, ''),"
                         " (2, 'wu', 'y', 'official', 'active', 0, '')");
}

/* One works and proposes, the other decides; both for the whole tree. */
static void sit(struct room *room, int64_t person)
{
    bool is_office = person == OFFICE;

    room->post = (struct actor_post){
        .post = is_office ? STR("office") : STR("secretary"),
        .unit = room->ladder.rooms.tree.units[0].id,
        .rights = right_bit(RIGHT_READ) |
                  (is_office ? right_bit(RIGHT_CLASSIFY) | right_bit(RIGHT_OVERRIDE)
                             : right_bit(RIGHT_APPROVE)),
    };
    room->actor = (struct actor){
        .kind = ACTOR_PERSON,
        .person = person,
        .session = {.id = person, .person = person},
        .is_fresh = true,
        .day = 20260101,
        .posts = &room->post,
        .post_count = 1,
    };
    room->cx->who = &room->actor;
    assert_int_equal(actor_enter(room->cx, RIGHT_READ, room->post.unit), RC_OK);
}

static struct proposal decided(struct room *room, int64_t id)
{
    struct proposal proposal = {0};

    sit(room, SECRETARY);
    assert_int_equal(proposal_decide(room->cx, id, true, STR(""), &proposal), RC_OK);
    return proposal;
}

static enum rc ask_exception(struct room *room, int64_t *out_waits)
{
    const struct tier_exception exception = {
        .tree = &room->ladder.rooms.tree,
        .place = rooms_place(&room->ladder.rooms, "991102"),
        .scheme = STR("main"),
        .tier = room->ladder.rooms.programme->tiers[HIGH].id,
        .reason = STR("会议"),
    };

    return tier_override(room->cx, &exception, out_waits);
}

static void an_exception_counts_when_another_person_approved_it(void **state)
{
    struct room room;
    int64_t waits = 0;

    begin(state, &room);
    int before = ladder_tier(&room.ladder, "991102");
    assert_int_not_equal(before, HIGH);
    sit(&room, OFFICE);
    assert_int_equal(ask_exception(&room, &waits), RC_OK);
    assert_int_not_equal(waits, 0);
    ladder_run(&room.ladder, 2024);
    assert_int_equal(ladder_tier(&room.ladder, "991102"), before);
    struct proposal proposal = decided(&room, waits);
    assert_int_equal(tier_override_carry_out(room.cx, &room.ladder.rooms.tree, &proposal), RC_OK);
    ladder_run(&room.ladder, 2024);
    assert_int_equal(ladder_tier(&room.ladder, "991102"), HIGH);
    assert_int_equal(tier_override_carry_out(room.cx, &room.ladder.rooms.tree, &proposal),
                     RC_CONFLICT);
}

static void an_exception_not_approved_is_not_carried_out(void **state)
{
    struct room room;
    struct proposal proposal = {0};
    int64_t waits = 0;

    begin(state, &room);
    sit(&room, OFFICE);
    assert_int_equal(ask_exception(&room, &waits), RC_OK);
    assert_int_equal(proposal_load(room.cx, waits, &proposal), RC_OK);
    assert_int_equal(tier_override_carry_out(room.cx, &room.ladder.rooms.tree, &proposal),
                     RC_CONFLICT);
    err_clear(room.cx->err);
    sit(&room, SECRETARY);
    assert_int_equal(ask_exception(&room, &waits), RC_DENIED);
}

static void a_run_is_approved_when_another_person_did(void **state)
{
    const struct resolution resolution = {.body = STR_INIT("县委农办会议"),
                                          .day = date_of(2025, 1, 10),
                                          .minutes = STR_INIT("纪要第1号")};
    struct room room;
    struct run run = {0};
    int64_t waits = 0;

    begin(state, &room);
    int64_t id = ladder_keep(&room.ladder, NULL);
    sit(&room, OFFICE);
    assert_int_equal(run_approve(room.cx, id, &resolution, &waits), RC_OK);
    assert_int_not_equal(waits, 0);
    assert_int_equal(run_load(room.cx, id, &run), RC_OK);
    assert_int_equal(run.resolution.len, 0);
    struct proposal proposal = decided(&room, waits);
    assert_int_equal(run_approve_carry_out(room.cx, &proposal), RC_OK);
    assert_int_equal(run_load(room.cx, id, &run), RC_OK);
    assert_true(str_equal(run.resolution, STR("县委农办会议，2025-01-10，纪要第1号")));
}

static void a_run_changed_meanwhile_is_not_approved(void **state)
{
    const struct resolution resolution = {.body = STR_INIT("县委农办会议"),
                                          .day = date_of(2025, 1, 10),
                                          .minutes = STR_INIT("纪要第1号")};
    struct room room;
    int64_t waits = 0;

    begin(state, &room);
    int64_t id = ladder_keep(&room.ladder, NULL);
    sit(&room, OFFICE);
    assert_int_equal(run_approve(room.cx, id, &resolution, &waits), RC_OK);
    world_script(*state, "UPDATE run SET seed = seed + 1");
    struct proposal proposal = decided(&room, waits);
    assert_int_equal(run_approve_carry_out(room.cx, &proposal), RC_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(an_exception_counts_when_another_person_approved_it),
        IN_A_WORLD(an_exception_not_approved_is_not_carried_out),
        IN_A_WORLD(a_run_is_approved_when_another_person_did),
        IN_A_WORLD(a_run_changed_meanwhile_is_not_approved),
    };

    return cmocka_run_group_tests_name("two hands", tests, NULL, NULL);
}
