/* Runs: kept with all they rest on, approved once, listed, compared. */
#include "office/approval/approval.h"
#include "tests/office/ladder.h"

#define REST    "991103|100|70|50|是\n991104|100|60|50|是\n991201|100|85|50|是\n992101|100|95|50|是\n"
#define LEDGER  LADDER_HEAD "991101|100|90|50|是\n991102|100|80|50|是\n" REST
#define SWAPPED LADDER_HEAD "991101|100|80|50|是\n991102|100|90|50|是\n" REST

static int64_t keep_year(struct ladder *ladder, int year, const char *text)
{
    ladder_take(ladder, year, text);
    ladder_run(ladder, year);
    return ladder_keep(ladder, NULL);
}

struct kept {
    const struct ladder *ladder;
    int count;
};

static enum rc expect_as_computed(void *self, struct unit_id unit, const struct tier_result *result)
{
    struct kept *kept = self;
    const struct ladder *ladder = kept->ladder;

    for (int i = 0; i < ladder->in.count; i++) {
        if (tier_unit(&ladder->in, i)->id.v == unit.v) {
            const struct placing *placing = &ladder->answer.base.places[i];
            assert_int_equal(result->tier, placing->tier);
            assert_int_equal(result->reason, placing->reason);
            assert_int_equal(result->rank, placing->rank);
            assert_int_equal(result->score,
                             (int64_t)((double)ladder->answer.scores[i] * 1e6 + 0.5));
            kept->count++;
        }
    }
    return RC_OK;
}

static void a_kept_run_says_what_was_computed(void **state)
{
    struct ladder ladder;
    struct kept kept = {&ladder, 0};
    struct run run = {0};

    ladder_open(*state, NULL, 0, &ladder);
    ladder.options.seed = 5;
    int64_t id = keep_year(&ladder, 2024, LEDGER);
    assert_int_equal(tier_each(ladder.rooms.cx, id, expect_as_computed, &kept), RC_OK);
    assert_int_equal(kept.count, 13);
    assert_int_equal(run_load(ladder.rooms.cx, id, &run), RC_OK);
    assert_int_equal(run.seed, 5);
    assert_int_equal(run.period.key, period_of_year(2024).key);
    assert_true(str_equal(run.kind, STR("tier")));
    assert_true(str_equal(run.scheme, STR("main")));
    assert_true(str_equal(run.program, STR("test")));
    assert_true(str_equal(run.actor, STR("local:tester")));
    assert_true(str_equal(run.resolution, STR("")));
    assert_true(memcmp(&run.programme, &ladder.rooms.programme->hash, sizeof(run.programme)) == 0);
    assert_int_equal(run.register_day.days, ladder.rooms.tree.register_day.days);
}

/* Of a run of all, whoever sees one county gets that county's rows, and of the list the run. */
static void a_run_tells_everybody_of_the_units_in_his_sight(void **state)
{
    struct ladder ladder;
    struct shown shown;
    struct run run = {0};

    ladder_open(*state, NULL, 0, &ladder);
    int64_t id = keep_year(&ladder, 2024, LEDGER);
    struct cx cx = *ladder.rooms.cx;
    const struct unit_tree *tree = &ladder.rooms.tree;
    int village = rooms_place(&ladder.rooms, "991101");
    int county = tree->units[village].parent;
    const struct unit_id root = tree->units[county].id;
    const struct scope scope = {.roots = &root, .root_count = 1, .day = 20260101};
    static const struct actor SOMEBODY = {.kind = ACTOR_PERSON};

    cx.who = &SOMEBODY;
    assert_int_equal(run_load(&cx, id, &run), RC_MISSING);
    err_clear(cx.err);
    cx.scope = &scope;
    assert_int_equal(run_load(&cx, id, &run), RC_OK);
    shown_begin(&shown);
    struct table_sink sink = shown_sink(&shown);
    assert_int_equal(tier_kept_table(&cx, tree, &run, &sink), RC_OK);
    const struct shown_table *table = shown_table(&shown, "tiers_kept");
    assert_true(table->rows > 0);
    assert_true(shown_row(table, "code", "991101") >= 0);
    assert_int_equal(shown_row(table, "code", "992101"), -1);
    for (int i = 0; i < table->rows; i++) {
        int place = unit_tree_find_code(tree, shown_cell(table, i, "code")->text);
        assert_true(place >= county && place < tree->units[county].end);
    }
    shown_end(&shown);
}

/* A whole number of the encoding of events: "i" and eight bytes, the highest first. */
static int64_t number_at(str bytes, int place)
{
    uint64_t number = 0;

    for (size_t i = 0; i < 8; i++) {
        number = number << 8 | (unsigned char)bytes.at[(size_t)place * 9 + 1 + i];
    }
    return (int64_t)number;
}

static void a_run_says_in_short_how_many_are_where(void **state)
{
    struct ladder ladder;
    struct run run = {0};
    int robust = 0;

    ladder_open(*state, NULL, 0, &ladder);
    ladder.options.draws = 50;
    int64_t id = keep_year(&ladder, 2024, LEDGER);
    assert_int_equal(run_load(ladder.rooms.cx, id, &run), RC_OK);
    for (int i = 0; i < ladder.in.count; i++) {
        robust += tier_is_robust(&ladder.in, &ladder.answer, i) ? 1 : 0;
    }
    assert_int_equal(run.summary.len, 5 * 9);
    assert_int_equal(number_at(run.summary, HIGH), 3);
    assert_int_equal(number_at(run.summary, MIDDLE), 2);
    assert_int_equal(number_at(run.summary, LOW), 1);
    assert_int_equal(number_at(run.summary, 3), 7); /* who reported nothing */
    assert_true(robust > 0);
    assert_int_equal(number_at(run.summary, 4), robust);
}

static enum rc approve(const struct ladder *ladder, int64_t id, const char *resolution)
{
    const struct cx *cx = ladder->rooms.cx;
    const struct resolution resolved = {.body = str_from(resolution)};
    int64_t waits = 0;

    TRY(office_enter(cx, DB_WRITE));
    return office_leave(cx, run_approve(cx, id, &resolved, &waits));
}

static void a_run_is_approved_once_and_by_a_resolution(void **state)
{
    struct ladder ladder;
    struct run run = {0};

    ladder_open(*state, NULL, 0, &ladder);
    int64_t id = keep_year(&ladder, 2024, LEDGER);
    assert_int_equal(approve(&ladder, id, " "), RC_INVALID);
    assert_int_equal(ladder.rooms.cx->err->msg, MSG_RUN_NO_RESOLUTION);
    err_clear(ladder.rooms.cx->err);
    assert_int_equal(approve(&ladder, id, "县委会议2024-12-01"), RC_OK);
    assert_int_equal(approve(&ladder, id, "又一次"), RC_CONFLICT);
    assert_int_equal(ladder.rooms.cx->err->msg, MSG_RUN_APPROVED);
    err_clear(ladder.rooms.cx->err);
    assert_int_equal(run_load(ladder.rooms.cx, id, &run), RC_OK);
    assert_true(str_equal(run.resolution, STR("县委会议2024-12-01")));
    assert_int_equal(approve(&ladder, 12345, "没有"), RC_MISSING);
    assert_int_equal(ladder.rooms.cx->err->msg, MSG_RUN_UNKNOWN);
}

static void the_newest_run_is_the_last_kept(void **state)
{
    struct ladder ladder;
    struct run run = {0};

    ladder_open(*state, NULL, 0, &ladder);
    assert_int_equal(run_newest(ladder.rooms.cx, STR("tier"), &run), RC_MISSING);
    assert_int_equal(ladder.rooms.cx->err->msg, MSG_RUN_NONE);
    err_clear(ladder.rooms.cx->err);
    (void)keep_year(&ladder, 2025, LEDGER);
    int64_t second = keep_year(&ladder, 2024, LEDGER);
    assert_int_equal(run_newest(ladder.rooms.cx, STR("tier"), &run), RC_OK);
    assert_true(run.id == second);
}

static void the_list_has_the_newest_first_and_one_says_whether_data_changed(void **state)
{
    struct ladder ladder;
    struct shown shown;
    struct run run = {0};

    ladder_open(*state, NULL, 0, &ladder);
    int64_t first = keep_year(&ladder, 2024, LEDGER);
    (void)keep_year(&ladder, 2025, LEDGER);
    assert_int_equal(approve(&ladder, first, "会议"), RC_OK);
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(run_table(ladder.rooms.cx, ladder.rooms.programme, &sink), RC_OK);
    const struct shown_table *runs = shown_table(&shown, "runs");
    assert_int_equal(runs->rows, 2);
    assert_true(shown_is(shown_cell(runs, 0, "period"), "2025"));
    assert_true(shown_is(shown_cell(runs, 0, "resolution"), "not_approved"));
    assert_true(shown_is(shown_cell(runs, 1, "resolution"), "会议"));
    assert_true(shown_is(shown_cell(runs, 1, "kind"), "tier"));
    shown.count = 0;
    assert_int_equal(run_load(ladder.rooms.cx, first, &run), RC_OK);
    assert_int_equal(run_show(ladder.rooms.cx, ladder.rooms.programme, &run, &sink), RC_OK);
    assert_true(shown_is(shown_fact(shown_table(&shown, "runs"), "data"), "changed"));
    shown.count = 0;
    assert_int_equal(run_newest(ladder.rooms.cx, STR("tier"), &run), RC_OK);
    assert_int_equal(run_show(ladder.rooms.cx, ladder.rooms.programme, &run, &sink), RC_OK);
    assert_true(shown_is(shown_fact(shown_table(&shown, "runs"), "data"), "same"));
    shown_end(&shown);
}

static void a_comparison_shows_who_moved_and_nobody_else(void **state)
{
    struct ladder ladder;
    struct shown shown;
    struct run before = {0};
    struct run after = {0};

    ladder_open(*state, NULL, 0, &ladder);
    int64_t first = keep_year(&ladder, 2024, LEDGER);
    int64_t second = keep_year(&ladder, 2025, SWAPPED);
    assert_int_equal(run_load(ladder.rooms.cx, first, &before), RC_OK);
    assert_int_equal(run_load(ladder.rooms.cx, second, &after), RC_OK);
    const struct tier_comparison comparison = {
        .tree = &ladder.rooms.tree,
        .programme = ladder.rooms.programme,
        .before = &before,
        .after = &after,
    };
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(tier_compare(ladder.rooms.cx, &comparison, &sink), RC_OK);
    const struct shown_table *moved = shown_table(&shown, "runs_compared");
    assert_int_equal(moved->rows, 2);
    int one = shown_row(moved, "code", "991101");
    assert_true(shown_is(shown_cell(moved, one, "before"), "high"));
    assert_true(shown_is(shown_cell(moved, one, "after"), "middle"));
    assert_int_equal(shown_cell(moved, one, "score_before")->number, 7000);
    assert_int_equal(shown_cell(moved, one, "score_after")->number, 6500);
    assert_true(shown_row(moved, "code", "991102") >= 0);
    shown_end(&shown);
}

/* A village of one run alone moved, too. */
static void a_village_that_only_one_run_has_is_shown(void **state)
{
    struct ladder ladder;
    struct shown shown;
    struct run before = {0};
    struct run after = {0};

    ladder_open(*state, NULL, 0, &ladder);
    int64_t whole = keep_year(&ladder, 2024, LEDGER);
    ladder.options.root = rooms_place(&ladder.rooms, "992");
    ladder_run(&ladder, 2024);
    int64_t part = ladder_keep(&ladder, NULL);
    assert_int_equal(run_load(ladder.rooms.cx, whole, &before), RC_OK);
    assert_int_equal(run_load(ladder.rooms.cx, part, &after), RC_OK);
    const struct tier_comparison comparison = {
        .tree = &ladder.rooms.tree,
        .programme = ladder.rooms.programme,
        .before = &before,
        .after = &after,
    };
    shown_begin(&shown);
    const struct table_sink sink = shown_sink(&shown);
    assert_int_equal(tier_compare(ladder.rooms.cx, &comparison, &sink), RC_OK);
    assert_int_equal(shown_table(&shown, "runs_compared")->rows, 10);
    assert_true(
        shown_is(shown_cell(shown_table(&shown, "runs_compared"), 0, "after"), "undecided"));
    shown_end(&shown);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_kept_run_says_what_was_computed),
        IN_A_WORLD(a_run_tells_everybody_of_the_units_in_his_sight),
        IN_A_WORLD(a_run_says_in_short_how_many_are_where),
        IN_A_WORLD(a_run_is_approved_once_and_by_a_resolution),
        IN_A_WORLD(the_newest_run_is_the_last_kept),
        IN_A_WORLD(the_list_has_the_newest_first_and_one_says_whether_data_changed),
        IN_A_WORLD(a_comparison_shows_who_moved_and_nobody_else),
        IN_A_WORLD(a_village_that_only_one_run_has_is_shown),
    };
    return cmocka_run_group_tests_name("runs", tests, NULL, NULL);
}
