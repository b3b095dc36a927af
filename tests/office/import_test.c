/* Ledgers taken in: what changes, what is kept out, what a second time does, and taking it back. */
#include "tests/office/rooms.h"
#include "tests/office/shown.h"

#define HEAD  "行政区划代码|户籍人口|户数\n"
#define FIRST HEAD "99010101|120|40\n99020101|300|100\n"

static struct batch take_in(const struct rooms *rooms, const char *text)
{
    const struct ledger_job job = rooms_job(rooms);
    struct change_list list = {0};
    struct batch batch = {0};

    assert_int_equal(rooms_import(rooms, text, &job, &list, &batch), RC_OK);
    return batch;
}

/* As source `source` brings it, whatever the indicators declare. */
static struct change_list take_from(const struct rooms *rooms, const char *text, int source)
{
    struct ledger_job job = rooms_job(rooms);
    struct change_list list = {0};
    struct batch batch = {0};

    job.source = source;
    assert_int_equal(rooms_import(rooms, text, &job, &list, &batch), RC_OK);
    return list;
}

static void expect_people(const struct rooms *rooms, const char *code, double people)
{
    struct panel panel;

    rooms_panel(rooms, 2024, &panel);
    int row = rooms_row(&panel, code);
    assert_int_equal(panel_state(&panel, rooms_indicator(rooms, "POP"), row), EXPR_KNOWN);
    assert_true(panel_number(&panel, rooms_indicator(rooms, "POP"), row) == people);
}

static enum expr_state people_state(const struct rooms *rooms, const char *code)
{
    struct panel panel;

    rooms_panel(rooms, 2024, &panel);
    return panel_state(&panel, rooms_indicator(rooms, "POP"), rooms_row(&panel, code));
}

static void revert(const struct rooms *rooms, int64_t batch)
{
    struct batch counter = {0};

    assert_int_equal(office_enter(rooms->cx, DB_WRITE), RC_OK);
    assert_int_equal(
        office_leave(rooms->cx, import_revert(rooms->cx, batch, STR("报错了"), &counter)), RC_OK);
}

static void what_a_ledger_says_stands_afterwards(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    struct batch batch = take_in(&rooms, FIRST);
    assert_true(batch.id > 0);
    assert_int_equal(batch.unit_count, 2);
    assert_int_equal(batch.value_count, 4);
    assert_int_equal(batch.changed_count, 4);
    expect_people(&rooms, "99010101", 120.0);
    expect_people(&rooms, "99020101", 300.0);
    assert_int_equal(people_state(&rooms, "99010102"), EXPR_MISSING);
}

static void the_same_file_twice_changes_nothing(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    (void)take_in(&rooms, FIRST);
    assert_true(take_in(&rooms, FIRST).id == 0);
}

static void only_what_differs_is_a_change_and_says_what_stood(void **state)
{
    struct rooms rooms;
    struct change_list list = {0};
    struct batch batch = {0};

    rooms_open(*state, &rooms);
    (void)take_in(&rooms, FIRST);
    const struct ledger_job job = rooms_job(&rooms);
    assert_int_equal(
        rooms_import(&rooms, HEAD "99010101|121|40\n99020101|300|100\n", &job, &list, &batch),
        RC_OK);
    assert_int_equal(list.count, 1);
    assert_int_equal(list.changes[0].before.num, 120);
    assert_int_equal(list.changes[0].after.num, 121);
    expect_people(&rooms, "99010101", 121.0);
    expect_people(&rooms, "99020101", 300.0);
}

static void a_ledger_with_errors_writes_nothing(void **state)
{
    struct rooms rooms;
    struct change_list list = {0};
    struct batch batch = {0};

    rooms_open(*state, &rooms);
    const struct ledger_job job = rooms_job(&rooms);
    assert_int_equal(
        rooms_import(&rooms, HEAD "99010101|120|40\n99010102|许多|40\n", &job, &list, &batch),
        RC_INVALID);
    assert_int_equal(rooms.cx->err->msg, MSG_COLLECT_HAS_ERRORS);
    assert_int_equal(people_state(&rooms, "99010101"), EXPR_MISSING);
}

static void a_lower_source_is_kept_beside_a_higher_one(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    (void)take_from(&rooms, FIRST, 1);
    struct change_list list = take_from(&rooms, HEAD "99010101|999|40\n", 0);
    assert_int_equal(list.count, 0);
    assert_int_equal(list.conflict_count, 2);
    expect_people(&rooms, "99010101", 120.0);
}

static void a_higher_source_stands_over_a_lower_one(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    (void)take_from(&rooms, FIRST, 0);
    struct change_list list = take_from(&rooms, HEAD "99010101|999|40\n", 1);
    assert_int_equal(list.conflict_count, 0);
    expect_people(&rooms, "99010101", 999.0);
}

static void silence_of_a_lower_source_overwrites_nothing(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    (void)take_from(&rooms, FIRST, 1);
    (void)take_from(&rooms, HEAD "99010101|未统计|40\n", 0);
    expect_people(&rooms, "99010101", 120.0);
}

static void a_lower_source_does_not_undo_that_something_does_not_apply(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    (void)take_from(&rooms, HEAD "99010101|不适用|40\n", 1);
    struct change_list list = take_from(&rooms, HEAD "99010101|999|40\n", 0);
    assert_int_equal(list.count, 0);
    assert_int_equal(people_state(&rooms, "99010101"), EXPR_NOT_APPLICABLE);
}

/* A higher source that says nothing leaves the word to a lower one. */
static void a_lower_source_fills_the_silence_of_a_higher_one(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    (void)take_from(&rooms, HEAD "99010101|未统计|40\n", 1);
    (void)take_from(&rooms, HEAD "99010101|120|40\n", 0);
    expect_people(&rooms, "99010101", 120.0);
}

static int64_t batch_from(const struct rooms *rooms, const char *text, int source)
{
    struct ledger_job job = rooms_job(rooms);
    struct change_list list = {0};
    struct batch batch = {0};

    job.source = source;
    assert_int_equal(rooms_import(rooms, text, &job, &list, &batch), RC_OK);
    return batch.id;
}

static void a_file_of_nothing_but_conflicts_is_noted_once(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    (void)take_from(&rooms, FIRST, 1);
    int64_t batch = batch_from(&rooms, HEAD "99010101|999|40\n", 0);
    assert_true(batch > 0);
    assert_true(batch_from(&rooms, HEAD "99010101|999|40\n", 0) == 0);
    assert_true(batch_from(&rooms, HEAD "99010101|998|40\n", 0) > 0);
    int64_t again = batch_from(&rooms, HEAD "99010101|999|40\n", 0);
    assert_true(again > 0); /* the last word was another */
    revert(&rooms, again);
    assert_true(batch_from(&rooms, HEAD "99010101|998|40\n", 0) == 0);
    assert_true(batch_from(&rooms, HEAD "99010101|999|40\n", 0) > 0);
}

static int conflicts(const struct rooms *rooms, struct shown *shown, int year, const char *within)
{
    const struct unit *units = rooms->tree.units;
    const struct conflicts_of of = {
        .programme = rooms->programme,
        .numbers = &rooms->numbers,
        .period = {year * 100},
        .within = within == NULL ? (struct unit_id){0} : units[rooms_place(rooms, within)].id,
    };
    struct table_sink sink = shown_sink(shown);

    assert_int_equal(office_enter(rooms->cx, DB_READ), RC_OK);
    assert_int_equal(office_leave(rooms->cx, import_conflicts_table(rooms->cx, &of, &sink)), RC_OK);
    return shown->tables[shown->count - 1].rows;
}

static void what_is_kept_out_is_listed_beside_what_stands(void **state)
{
    struct shown shown;
    struct rooms rooms;

    shown_begin(&shown);
    rooms_open(*state, &rooms);
    (void)take_from(&rooms, FIRST, 1);
    (void)take_from(&rooms, HEAD "99010101|999|40\n", 0);
    (void)take_from(&rooms, HEAD "99010101|998|40\n99020101|未统计|90\n", 0);
    assert_int_equal(conflicts(&rooms, &shown, 2024, NULL), 2); /* not the households both give, nor
                                                                   the silence */
    const struct shown_table *table = shown_table(&shown, "conflicts");
    int row = shown_row(table, "code", "99010101");
    assert_true(shown_is(shown_cell(table, row, "indicator"), "POP"));
    assert_int_equal(shown_cell(table, row, "kept")->number, 120);
    assert_true(shown_is(shown_cell(table, row, "kept_source"), "bureau"));
    assert_int_equal(shown_cell(table, row, "offered")->number, 998);
    assert_true(shown_is(shown_cell(table, row, "offered_source"), "form"));
    assert_true(shown_is(shown_cell(table, row, "file"), "ledger"));
    assert_true(shown_is(shown_cell(table, row, "cell"), "B2"));
    shown_end(&shown);
}

static void what_is_kept_out_is_asked_for_by_period_and_unit(void **state)
{
    struct shown shown;
    struct rooms rooms;

    shown_begin(&shown);
    rooms_open(*state, &rooms);
    (void)take_from(&rooms, FIRST, 1);
    (void)take_from(&rooms, HEAD "99010101|999|40\n99020101|301|101\n", 0);
    assert_int_equal(conflicts(&rooms, &shown, 0, NULL), 3);
    assert_int_equal(conflicts(&rooms, &shown, 2023, NULL), 0);
    assert_int_equal(conflicts(&rooms, &shown, 0, "9902"), 2);
    assert_int_equal(conflicts(&rooms, &shown, 2024, "990101"), 1);
    shown_end(&shown);
}

/* One village, two years: a line for each, beside what stood in that year. */
static void what_is_kept_out_is_listed_year_by_year(void **state)
{
    struct shown shown;
    struct rooms rooms;

    shown_begin(&shown);
    rooms_open(*state, &rooms);
    struct ledger_job job = rooms_job(&rooms);
    for (int i = 0; i < 4; i++) {
        static const char *const PEOPLE[] = {HEAD "99010101|120\n", HEAD "99010101|130\n",
                                             HEAD "99010101|920\n", HEAD "99010101|930\n"};
        struct change_list list = {0};
        struct batch batch = {0};
        job.period = period_of_year(2023 + i % 2);
        job.source = i < 2 ? 1 : 0;
        assert_int_equal(rooms_import(&rooms, PEOPLE[i], &job, &list, &batch), RC_OK);
    }
    assert_int_equal(conflicts(&rooms, &shown, 0, NULL), 2);
    const struct shown_table *table = shown_table(&shown, "conflicts");
    for (int year = 0; year < 2; year++) {
        int row = shown_row(table, "period", year == 0 ? "2023" : "2024");
        assert_int_equal(shown_cell(table, row, "kept")->number, 120 + 10 * year);
        assert_int_equal(shown_cell(table, row, "offered")->number, 920 + 10 * year);
    }
    shown_end(&shown);
}

static void what_is_kept_out_is_settled_when_both_agree_or_it_is_taken_back(void **state)
{
    struct shown shown;
    struct rooms rooms;

    shown_begin(&shown);
    rooms_open(*state, &rooms);
    (void)take_from(&rooms, FIRST, 1);
    int64_t lower = batch_from(&rooms, HEAD "99010101|999|40\n", 0);
    assert_int_equal(conflicts(&rooms, &shown, 2024, NULL), 1);
    (void)take_from(&rooms, HEAD "99010101|999|40\n", 1);
    assert_int_equal(conflicts(&rooms, &shown, 2024, NULL), 0);
    (void)take_from(&rooms, FIRST, 1);
    assert_int_equal(conflicts(&rooms, &shown, 2024, NULL), 1);
    revert(&rooms, lower);
    assert_int_equal(conflicts(&rooms, &shown, 2024, NULL), 0);
    shown_end(&shown);
}

/* A source heard again, when nothing outranks it any more, has taken its earlier word back. */
static void a_later_word_of_the_same_source_settles_what_was_kept_out(void **state)
{
    struct shown shown;
    struct rooms rooms;

    shown_begin(&shown);
    rooms_open(*state, &rooms);
    int64_t higher = batch_from(&rooms, FIRST, 1);
    (void)take_from(&rooms, HEAD "99010101|999|40\n", 0);
    revert(&rooms, higher);
    assert_int_equal(conflicts(&rooms, &shown, 2024, NULL), 2); /* nothing stands against them */
    (void)take_from(&rooms, HEAD "99010101|777|41\n", 0);
    assert_int_equal(conflicts(&rooms, &shown, 2024, NULL), 0);
    shown_end(&shown);
}

/* A share that is sent out in a form comes back as a rounded percentage. */
static void a_share_that_comes_back_rounded_is_no_change(void **state)
{
    struct rooms rooms;
    struct change_list list = {0};
    struct batch batch = {0};

    rooms_open(*state, &rooms);
    (void)take_in(&rooms, "行政区划代码|自来水普及率\n99010101|150/160\n");
    assert_true(take_in(&rooms, "行政区划代码|自来水普及率\n99010101|93.8%\n").id == 0);
    const struct ledger_job job = rooms_job(&rooms);
    assert_int_equal(
        rooms_import(&rooms, "行政区划代码|自来水普及率\n99010101|93.7%\n", &job, &list, &batch),
        RC_OK);
    assert_int_equal(list.count, 1);
}

static void taking_back_the_first_ledger_leaves_silence(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    revert(&rooms, take_in(&rooms, FIRST).id);
    assert_int_equal(people_state(&rooms, "99010101"), EXPR_MISSING);
    assert_int_equal(people_state(&rooms, "99020101"), EXPR_MISSING);
}

static void taking_back_restores_what_stood_before(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    (void)take_in(&rooms, FIRST);
    revert(&rooms, take_in(&rooms, HEAD "99010101|121|41\n").id);
    expect_people(&rooms, "99010101", 120.0);
    assert_true(take_in(&rooms, FIRST).id == 0);
}

static void taking_back_leaves_what_was_written_since(void **state)
{
    struct rooms rooms;

    rooms_open(*state, &rooms);
    struct batch first = take_in(&rooms, FIRST);
    (void)take_in(&rooms, HEAD "99010101|121|40\n");
    revert(&rooms, first.id);
    expect_people(&rooms, "99010101", 121.0);
    assert_int_equal(people_state(&rooms, "99020101"), EXPR_MISSING);
}

static void ledgers_taken_back_one_after_the_other_leave_nothing(void **state)
{
    struct rooms rooms;

    for (int is_newest_first = 0; is_newest_first < 2; is_newest_first++) {
        if (is_newest_first > 0) {
            assert_int_equal(world_end(state), 0);
            assert_int_equal(world_begin(state), 0);
        }
        rooms_open(*state, &rooms);
        struct batch first = take_in(&rooms, FIRST);
        struct batch second = take_in(&rooms, HEAD "99010101|121|40\n");
        revert(&rooms, is_newest_first > 0 ? second.id : first.id);
        revert(&rooms, is_newest_first > 0 ? first.id : second.id);
        assert_int_equal(people_state(&rooms, "99010101"), EXPR_MISSING);
    }
}

static void a_batch_is_taken_back_once(void **state)
{
    struct batch counter = {0};
    struct rooms rooms;

    rooms_open(*state, &rooms);
    struct batch batch = take_in(&rooms, FIRST);
    revert(&rooms, batch.id);
    assert_int_equal(office_enter(rooms.cx, DB_WRITE), RC_OK);
    assert_int_equal(
        office_leave(rooms.cx, import_revert(rooms.cx, batch.id, STR("又一次"), &counter)),
        RC_CONFLICT);
}

/* The values of an import stand in its event by partition: each once, over all that is below it. */
struct imported {
    int events;
    int64_t homes[4];
    int home_count;
};

static enum rc see_import(void *self, const struct event *event)
{
    struct imported *seen = self;
    struct event_reader reader = {.rest = event->body};

    seen->events++;
    (void)event_read_int(&reader); /* batch */
    assert_int_equal(event_read_int(&reader), period_of_year(2024).key);
    (void)event_read_hash(&reader);
    while (reader.rest.len > 0) {
        assert_true(seen->home_count < (int)COUNT_OF(seen->homes));
        seen->homes[seen->home_count++] = event_read_int(&reader);
        (void)event_read_hash(&reader);
    }
    assert_false(reader.is_broken);
    return RC_OK;
}

static void the_event_of_an_import_has_one_digest_a_partition(void **state)
{
    struct rooms rooms;
    struct imported seen = {0};

    rooms_open(*state, &rooms);
    (void)take_in(&rooms, HEAD "99010101|1\n99010201|2\n99010202|3\n99020101|4\n99020102|5\n");
    assert_int_equal(event_each_of_kind(rooms.cx, STR("ledger.import"), see_import, &seen), RC_OK);
    assert_int_equal(seen.events, 1);
    assert_int_equal(seen.home_count, 2);
    const struct unit *units = rooms.tree.units;
    assert_int_equal(seen.homes[0], units[rooms_place(&rooms, "9901")].id.v);
    assert_int_equal(seen.homes[1], units[rooms_place(&rooms, "9902")].id.v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(what_a_ledger_says_stands_afterwards),
        IN_A_WORLD(the_same_file_twice_changes_nothing),
        IN_A_WORLD(only_what_differs_is_a_change_and_says_what_stood),
        IN_A_WORLD(a_ledger_with_errors_writes_nothing),
        IN_A_WORLD(a_lower_source_is_kept_beside_a_higher_one),
        IN_A_WORLD(a_higher_source_stands_over_a_lower_one),
        IN_A_WORLD(silence_of_a_lower_source_overwrites_nothing),
        IN_A_WORLD(a_lower_source_does_not_undo_that_something_does_not_apply),
        IN_A_WORLD(a_lower_source_fills_the_silence_of_a_higher_one),
        IN_A_WORLD(a_file_of_nothing_but_conflicts_is_noted_once),
        IN_A_WORLD(what_is_kept_out_is_listed_beside_what_stands),
        IN_A_WORLD(what_is_kept_out_is_asked_for_by_period_and_unit),
        IN_A_WORLD(what_is_kept_out_is_listed_year_by_year),
        IN_A_WORLD(what_is_kept_out_is_settled_when_both_agree_or_it_is_taken_back),
        IN_A_WORLD(a_later_word_of_the_same_source_settles_what_was_kept_out),
        IN_A_WORLD(a_share_that_comes_back_rounded_is_no_change),
        IN_A_WORLD(taking_back_the_first_ledger_leaves_silence),
        IN_A_WORLD(taking_back_restores_what_stood_before),
        IN_A_WORLD(taking_back_leaves_what_was_written_since),
        IN_A_WORLD(ledgers_taken_back_one_after_the_other_leave_nothing),
        IN_A_WORLD(a_batch_is_taken_back_once),
        IN_A_WORLD(the_event_of_an_import_has_one_digest_a_partition),
    };
    return cmocka_run_group_tests_name("ledgers taken in", tests, NULL, NULL);
}
