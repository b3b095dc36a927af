/* After tiers are approved: notice, objections, decisions, and that none can be passed over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/audit/audit.h"
#include "office/notice/notice.h"
#include "office/test_world.h"
#include "tests/office/ladder.h"

struct room {
    struct ladder ladder;
    struct cx *cx;
    int64_t approved;
    int64_t not_approved;
    int place; /* of a village */
};

static void begin(void **state, struct room *room)
{
    ladder_open(*state, NULL, 0, &room->ladder);
    ladder_take(&room->ladder, 2024, LADDER_HEAD "991101|100|90|50|是\n991102|100|60|50|是\n");
    ladder_run(&room->ladder, 2024);
    room->cx = room->ladder.rooms.cx;
    room->approved = ladder_keep(&room->ladder, "会议");
    room->not_approved = ladder_keep(&room->ladder, NULL);
    room->place = room->ladder.in.panel.places[room->ladder.in.rows[0]];
}

static struct notice hung(struct room *room)
{
    struct notice notice = {.run = room->approved,
                            .from = date_of(2026, 1, 5),
                            .to = date_of(2026, 1, 12),
                            .place = STR("村务公开栏")};

    assert_int_equal(notice_open(room->cx, &notice), RC_OK);
    return notice;
}

static struct appeal objection(const struct room *room, int64_t notice)
{
    const struct unit_tree *tree = &room->ladder.rooms.tree;

    return (struct appeal){
        .notice = notice,
        .home = tree->units[tree->units[room->place].home].id,
        .unit = tree->units[room->place].id,
        .who = STR("赵小满"),
        .text = STR("转运站未计入"),
        .ground = STR("已建成"),
    };
}

static void only_an_approved_tiering_has_a_notice_and_only_one(void **state)
{
    struct room room;

    begin(state, &room);
    struct notice notice = {.run = room.not_approved,
                            .from = date_of(2026, 1, 5),
                            .to = date_of(2026, 1, 12),
                            .place = STR("网站")};
    assert_int_equal(notice_open(room.cx, &notice), RC_CONFLICT);
    err_clear(room.cx->err);
    (void)hung(&room);
    notice.run = room.approved;
    assert_int_equal(notice_open(room.cx, &notice), RC_CONFLICT);
}

static void a_notice_says_where_and_how_long(void **state)
{
    struct room room;

    begin(state, &room);
    struct notice notice = {.run = room.approved, .place = STR("网站")};
    notice.from = notice.to = date_of(2026, 1, 5);
    assert_int_equal(notice_open(room.cx, &notice), RC_INVALID);
    err_clear(room.cx->err);
    notice.to = date_of(2026, 1, 6);
    notice.place = STR(" ");
    assert_int_equal(notice_open(room.cx, &notice), RC_INVALID);
}

static void objections_come_while_the_notice_hangs(void **state)
{
    struct room room;

    begin(state, &room);
    struct notice notice = hung(&room);
    struct appeal appeal = objection(&room, notice.id);
    assert_int_equal(appeal_add(room.cx, &appeal, date_of(2026, 1, 4)), RC_CONFLICT);
    err_clear(room.cx->err);
    assert_int_equal(appeal_add(room.cx, &appeal, date_of(2026, 1, 5)), RC_OK);
    assert_int_equal(appeal_add(room.cx, &appeal, date_of(2026, 1, 11)), RC_OK);
    assert_int_equal(appeal_add(room.cx, &appeal, date_of(2026, 1, 12)), RC_CONFLICT);
}

static void an_objection_says_who_what_and_why(void **state)
{
    struct room room;

    begin(state, &room);
    struct notice notice = hung(&room);
    for (int i = 0; i < 3; i++) {
        struct appeal appeal = objection(&room, notice.id);
        str *const fields[] = {&appeal.who, &appeal.text, &appeal.ground};
        *fields[i] = STR("");
        assert_int_equal(appeal_add(room.cx, &appeal, date_of(2026, 1, 5)), RC_INVALID);
        err_clear(room.cx->err);
    }
}

static void a_notice_closes_after_its_days_and_its_objections(void **state)
{
    struct room room;

    begin(state, &room);
    struct notice notice = hung(&room);
    struct appeal appeal = objection(&room, notice.id);
    assert_int_equal(appeal_add(room.cx, &appeal, date_of(2026, 1, 5)), RC_OK);
    assert_int_equal(notice_close(room.cx, notice.id, date_of(2026, 1, 11)), RC_CONFLICT);
    err_clear(room.cx->err);
    assert_int_equal(notice_close(room.cx, notice.id, date_of(2026, 1, 12)), RC_CONFLICT);
    err_clear(room.cx->err);
    assert_int_equal(appeal_answer(room.cx, appeal.home, appeal.id, true, STR("属实")), RC_OK);
    assert_int_equal(notice_close(room.cx, notice.id, date_of(2026, 1, 12)), RC_OK);
    assert_int_equal(notice_close(room.cx, notice.id, date_of(2026, 1, 12)), RC_CONFLICT);
}

static void an_objection_is_answered_once_with_reasons_by_somebody_else(void **state)
{
    struct room room;

    begin(state, &room);
    struct notice notice = hung(&room);
    struct appeal appeal = objection(&room, notice.id);
    room.cx->person = 7;
    world_script(*state, "INSERT INTO person (id, login, name, kind, state, at_ms, actor)"
                         " VALUES (7, 'li', 'x', 'official', 'active', 0, '')");
    assert_int_equal(appeal_add(room.cx, &appeal, date_of(2026, 1, 5)), RC_OK);
    assert_int_equal(appeal_answer(room.cx, appeal.home, appeal.id, true, STR("属实")), RC_DENIED);
    err_clear(room.cx->err);
    room.cx->person = 8;
    assert_int_equal(appeal_answer(room.cx, appeal.home, appeal.id, true, STR("")), RC_INVALID);
    err_clear(room.cx->err);
    assert_int_equal(appeal_answer(room.cx, appeal.home, appeal.id, false, STR("不属实")), RC_OK);
    assert_int_equal(appeal_answer(room.cx, appeal.home, appeal.id, true, STR("属实")),
                     RC_CONFLICT);
    err_clear(room.cx->err);
    assert_int_equal(appeal_answer(room.cx, appeal.home, appeal.id + 1, true, STR("属实")),
                     RC_MISSING);
}

struct searching {
    int count;
    int found;
};

static enum rc search(void *self, const struct event *event)
{
    struct searching *in = self;

    in->count++;
    in->found += str_find(event->body, STR("赵小满")) != STR_NONE ? 1 : 0;
    return RC_OK;
}

static void the_trace_of_an_objection_has_no_name(void **state)
{
    struct room room;
    struct searching in = {0};

    begin(state, &room);
    struct notice notice = hung(&room);
    struct appeal appeal = objection(&room, notice.id);
    assert_int_equal(appeal_add(room.cx, &appeal, date_of(2026, 1, 5)), RC_OK);
    assert_int_equal(event_each_of_kind(room.cx, STR("appeal.add"), search, &in), RC_OK);
    assert_int_equal(in.count, 1);
    assert_int_equal(in.found, 0);
}

static void nobody_without_the_right_hangs_or_closes_a_notice(void **state)
{
    static const struct actor NOBODY = {0};
    static const struct scope ALL = {.is_all = true};
    struct room room;

    begin(state, &room);
    struct notice notice = hung(&room);
    struct appeal appeal = objection(&room, notice.id);
    room.cx->who = &NOBODY;
    room.cx->scope = &ALL;
    assert_int_equal(notice_open(room.cx, &notice), RC_DENIED);
    err_clear(room.cx->err);
    assert_int_equal(notice_close(room.cx, notice.id, date_of(2026, 2, 1)), RC_DENIED);
    err_clear(room.cx->err);
    assert_int_equal(appeal_add(room.cx, &appeal, date_of(2026, 1, 5)), RC_DENIED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(only_an_approved_tiering_has_a_notice_and_only_one),
        IN_A_WORLD(a_notice_says_where_and_how_long),
        IN_A_WORLD(objections_come_while_the_notice_hangs),
        IN_A_WORLD(an_objection_says_who_what_and_why),
        IN_A_WORLD(a_notice_closes_after_its_days_and_its_objections),
        IN_A_WORLD(an_objection_is_answered_once_with_reasons_by_somebody_else),
        IN_A_WORLD(the_trace_of_an_objection_has_no_name),
        IN_A_WORLD(nobody_without_the_right_hangs_or_closes_a_notice),
    };

    return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
