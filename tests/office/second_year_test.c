/* Villages whose works go on keep the tier they are worked on as. */
#include "office/approval/approval.h"
#include "office/plan/plan_in.h"
#include "office/tier/tier_in.h"
#include "tests/office/board.h"

static const char LATER[] = "行政区划代码|人口|户数|地形|供水|照明|安全\n"
                            "990101|1200|400|平川|20|10|否\n"
                            "990102|800|300|山区|30|50|否\n"
                            "990103|500|200|平川|100|100|是\n"
                            "990201|900|250|平川|45|60|否\n"
                            "990202|300|100|山区|10|30|是\n";

/* A bridge takes two years; the second county has money in the second year only. */
static const char LIMITS[] = "funds:\n"
                             "  - {fund: province, unit: '99', year: 2025, amount: 20}\n"
                             "  - {fund: province, unit: '99', year: 2026, amount: 20}\n"
                             "  - {fund: county, unit: '9901', year: 2025, amount: 20}\n"
                             "  - {fund: county, unit: '9901', year: 2026, amount: 20}\n"
                             "  - {fund: county, unit: '9902', year: 2026, amount: 20}\n"
                             "land:\n"
                             "  - {unit: '9901', year: 2025, amount: 9}\n";

struct year_room {
    struct board_room board;
    struct tier_case in;
    struct tier_answer answer;
};

static void approve(const struct rooms *rooms, int64_t run)
{
    const struct resolution resolution = {.body = STR("会议")};
    int64_t waits = 0;

    assert_int_equal(office_enter(rooms->cx, DB_WRITE), RC_OK);
    assert_int_equal(office_leave(rooms->cx, run_approve(rooms->cx, run, &resolution, &waits)),
                     RC_OK);
}

static void take_year(const struct rooms *rooms, int year)
{
    struct ledger_job job = rooms_job(rooms);
    struct change_list list = {0};
    struct batch batch = {0};

    job.period = period_of_year(year);
    assert_int_equal(rooms_import(rooms, LATER, &job, &list, &batch), RC_OK);
}

static void classify(struct year_room *room, int year)
{
    const struct rooms *rooms = &room->board.rooms;
    const struct panel_of of = {
        .tree = &rooms->tree,
        .programme = rooms->programme,
        .numbers = &rooms->numbers,
        .level = rooms->programme->schemes[0].level,
    };
    const struct tier_options options = {.period = period_of_year(year), .threads = 1};

    assert_int_equal(tier_prepare(rooms->cx, &of, &options, &room->in), RC_OK);
    assert_int_equal(tier_compute(&room->in, &room->answer), RC_OK);
}

/* A kept plan of two years, with values of both of them. */
static void plan_two_years(void **state, struct year_room *out)
{
    static const struct edit NO_HURRY = {"by_year: 2026", "by_year: 2030"};

    board_open(*state, &NO_HURRY, 1, &out->board);
    out->board.options.year_count = 2;
    assert_int_equal(board_limit(&out->board, LIMITS), RC_OK);
    assert_int_equal(board_compute(&out->board), RC_OK);
    assert_int_equal(board_keep(&out->board), RC_OK);
    take_year(&out->board.rooms, 2025);
    take_year(&out->board.rooms, 2026);
}

struct span {
    const struct programme *programme;
    int first;
    int last;
};

static enum rc see_work(void *self, const struct val *row)
{
    struct span *span = self;
    int measure = programme_measure(span->programme, row[0].text);
    int first = (int)row[2].number;
    int last =
        first + span->programme->measures[measure].levels[row[1].number - 1].year_shares.count;

    span->first = first < span->first ? first : span->first;
    span->last = last - 1 > span->last ? last - 1 : span->last;
    return RC_OK;
}

/* The years of a village's works, from the kept plan itself. */
static struct span works_of(const struct year_room *room, int place)
{
    const struct rooms *rooms = &room->board.rooms;
    struct span span = {rooms->programme, 9999, 0};
    const struct unit *unit = tier_unit(&room->in, place);

    assert_int_equal(plan_kept_works(rooms->cx, rooms->tree.units[unit->home].id,
                                     room->board.answer.run, unit->id, see_work, &span),
                     RC_OK);
    return span;
}

static int held_before(const struct year_room *room, int place)
{
    return room->in.rules.previous[place];
}

static void works_that_go_on_lock_the_tier_they_were_planned_for(void **state)
{
    struct year_room room;
    int locked = 0;
    int later = 0;

    plan_two_years(state, &room);
    approve(&room.board.rooms, room.board.run.id);
    approve(&room.board.rooms, room.board.answer.run);
    classify(&room, 2025);
    for (int i = 0; i < room.in.count; i++) {
        struct span span = works_of(&room, i);
        bool goes_on = span.first <= 2025 && span.last > 2025;
        assert_int_equal(room.answer.base.places[i].reason == REASON_LOCKED, goes_on);
        assert_true(room.in.works_plan[i] == (goes_on ? room.board.answer.run : 0));
        assert_int_equal(goes_on ? room.answer.base.places[i].tier : held_before(&room, i),
                         held_before(&room, i));
        locked += goes_on ? 1 : 0;
        later += span.first == 2026 ? 1 : 0;
    }
    assert_true(locked > 0 && later > 0);
}

static void works_that_are_done_lock_nothing(void **state)
{
    struct year_room room;

    plan_two_years(state, &room);
    approve(&room.board.rooms, room.board.answer.run);
    classify(&room, 2026);
    for (int i = 0; i < room.in.count; i++) {
        assert_int_equal(room.in.rules.locked[i], TIER_NONE);
    }
}

static void a_plan_that_nobody_approved_locks_nothing(void **state)
{
    struct year_room room;

    plan_two_years(state, &room);
    classify(&room, 2025);
    for (int i = 0; i < room.in.count; i++) {
        assert_int_equal(room.in.rules.locked[i], TIER_NONE);
        assert_true(room.in.works_plan[i] == 0);
    }
}

static int first_at_work(const struct year_room *room)
{
    for (int i = 0; i < room->in.count; i++) {
        if (room->in.works_plan[i] != 0) {
            return i;
        }
    }
    NEVER("nobody is at work");
}

/* The plan approved last speaks for all its places: there is no money in it, so no works. */
static void a_later_approved_plan_takes_the_place_of_an_earlier_one(void **state)
{
    struct year_room room;

    plan_two_years(state, &room);
    approve(&room.board.rooms, room.board.answer.run);
    room.board.limits = (struct plan_limits){0};
    assert_int_equal(
        board_limit(&room.board,
                    "funds:\n  - {fund: province, unit: '99', year: 2025, amount: 0}\n"),
        RC_OK);
    assert_int_equal(board_compute(&room.board), RC_OK);
    assert_int_equal(board_keep(&room.board), RC_OK);
    classify(&room, 2025);
    (void)first_at_work(&room);
    approve(&room.board.rooms, room.board.answer.run);
    classify(&room, 2025);
    for (int i = 0; i < room.in.count; i++) {
        assert_true(room.in.works_plan[i] == 0);
    }
}

static void a_person_s_exception_stands_before_works(void **state)
{
    struct year_room room;

    plan_two_years(state, &room);
    approve(&room.board.rooms, room.board.answer.run);
    classify(&room, 2025);
    int place = first_at_work(&room);
    int other = room.in.rules.locked[place] == 0 ? 1 : 0;
    const struct rooms *rooms = &room.board.rooms;
    const struct tier_exception exception = {
        .tree = &rooms->tree,
        .place = room.in.panel.places[room.in.rows[place]],
        .scheme = STR("main"),
        .tier = rooms->programme->tiers[other].id,
        .reason = STR("停工"),
    };
    assert_int_equal(office_enter(rooms->cx, DB_WRITE), RC_OK);
    int64_t waits = 0;
    assert_int_equal(office_leave(rooms->cx, tier_override(rooms->cx, &exception, &waits)), RC_OK);
    classify(&room, 2025);
    assert_int_equal(room.in.rules.locked[place], other);
    assert_true(room.in.works_plan[place] == 0);
}

static bool says(const struct year_room *room, str text, int place, enum msg_id msg)
{
    return str_equal(text, tier_works_text(&room->in, place, msg));
}

static void the_plan_whose_works_go_on_is_named(void **state)
{
    struct year_room room;
    struct shown shown;

    plan_two_years(state, &room);
    approve(&room.board.rooms, room.board.answer.run);
    classify(&room, 2025);
    int place = first_at_work(&room);
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(tier_explain(&room.in, &room.answer, place, &sink), RC_OK);
    assert_int_equal(tier_tables(&room.in, &room.answer, &sink), RC_OK);
    const struct out *reason = shown_fact(shown_table(&shown, "tier_of_unit"), "reason");
    assert_true(says(&room, reason->text, place, MSG_TIER_REASON_WORKS));
    const struct shown_table *steps = shown_table(&shown, "tier_steps");
    assert_true(says(&room, steps->about.notes[0], place, MSG_TIER_STEPS_WORKS));
    shown_end(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(works_that_go_on_lock_the_tier_they_were_planned_for),
        IN_A_WORLD(works_that_are_done_lock_nothing),
        IN_A_WORLD(a_plan_that_nobody_approved_locks_nothing),
        IN_A_WORLD(a_later_approved_plan_takes_the_place_of_an_earlier_one),
        IN_A_WORLD(a_person_s_exception_stands_before_works),
        IN_A_WORLD(the_plan_whose_works_go_on_is_named),
    };
    return cmocka_run_group_tests_name("works that go on", tests, NULL, NULL);
}
