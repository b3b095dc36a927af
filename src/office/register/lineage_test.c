/* What is proposed and asked about lineage, from register to crosswalk. */
#include "office/audit/audit.h"
#include "office/lineage/crosswalk.h"
#include "office/lineage/report.h"
#include "office/register/test_lineage.h"

static void the_tree_of_a_day_is_its_register_whatever_is_open(void **state)
{
    const struct cx *cx = world_cx(*state);

    for (int i = 0; i < 3; i++) {
        import(cx, i, i == 2 ? 900 : REGISTER_ACCEPT_NONE);
    }
    for (int i = 0; i < 3; i++) {
        const struct unit_tree tree = tree_at(cx, i);
        assert_is_register(&tree, i);
    }
}

static void an_accepted_continuation_keeps_the_id(void **state)
{
    const struct cx *cx = world_cx(*state);

    import(cx, 0, 0);
    import(cx, 1, 900);
    const struct unit_tree old = tree_at(cx, 0);
    const struct unit_tree new = tree_at(cx, 1);
    const struct lineage_row moved = step(cx, 1, "990201200200", "990201100210");

    assert_int_equal(moved.kind, LINEAGE_TRANSFER);
    assert_int_equal(moved.state, LINEAGE_CONFIRMED);
    assert_int_equal(moved.from.v, moved.to.v);
    assert_int_equal(old.units[place(&old, "990201200200")].id.v,
                     new.units[place(&new, "990201100210")].id.v);
}

static const struct unit_share *only_share(const struct unit_crosswalk *crosswalk, int from)
{
    assert_int_equal(crosswalk->first[from + 1] - crosswalk->first[from], 1);
    return &crosswalk->shares[crosswalk->first[from]];
}

static void a_crosswalk_follows_confirmed_steps_and_loses_nothing(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct unit_crosswalk crosswalk = {0};

    import(cx, 0, 0);
    import(cx, 1, 1);
    import(cx, 2, 1);
    const struct unit_tree old = tree_at(cx, 0);
    const struct unit_tree next = tree_at(cx, 2);
    assert_int_equal(unit_crosswalk_load(cx, &old, &next, &crosswalk), RC_OK);

    const struct unit_share *moved = only_share(&crosswalk, place(&old, "990201200200"));
    assert_int_equal(moved->to, place(&next, "990201101210"));
    assert_true(moved->is_whole);
    const struct unit_share *merged = only_share(&crosswalk, place(&old, "990201100201"));
    assert_int_equal(merged->to, place(&next, "990201101202"));
    assert_false(merged->is_whole);
    assert_false(merged->is_unallocated);
    const struct unit_share *lost = only_share(&crosswalk, place(&old, "990201100203"));
    assert_int_equal(lost->to, place(&next, "990201101000"));
    assert_true(lost->is_unallocated);
    const struct unit_share *township = only_share(&crosswalk, place(&old, "990201200000"));
    assert_int_equal(township->to, place(&next, "990201101000"));
    assert_false(township->is_whole);
}

/* Without decisions, nothing is known below the county: all of it waits there, unallocated. */
static void what_nobody_confirmed_stays_unallocated(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct unit_crosswalk crosswalk = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    const struct unit_tree old = tree_at(cx, 0);
    const struct unit_tree new = tree_at(cx, 1);
    assert_int_equal(unit_crosswalk_load(cx, &old, &new, &crosswalk), RC_OK);
    const struct unit_share *moved = only_share(&crosswalk, place(&old, "990201200200"));
    assert_int_equal(moved->to, place(&new, "990201000000"));
    assert_true(moved->is_unallocated);
    const struct unit_share *stays = only_share(&crosswalk, place(&old, "990201100200"));
    assert_int_equal(stays->to, place(&new, "990201100200"));
    assert_true(stays->is_whole);
}

/* Real registers, everything accepted: whatever happened, each unit is wholly somewhere. */
static void the_shares_of_every_unit_add_up_to_one(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct unit_tree tree[REAL_DAYS];
    struct unit_crosswalk crosswalk = {0};
    int apart = 0;

    for (int i = 0; i < REAL_DAYS; i++) {
        struct register_result result = {0};
        date day = {0};
        assert_true(date_parse(str_from(REAL_DAY[i]), &day));
        assert_int_equal(
            test_import(cx, test_county_register(cx->arena, i), REAL_DAY[i], 1, &result), RC_OK);
        assert_int_equal(result.proposed, 0);
        assert_int_equal(unit_tree_load(cx, test_programme(), day, &tree[i]), RC_OK);
    }
    assert_int_equal(unit_crosswalk_load(cx, &tree[0], &tree[REAL_DAYS - 1], &crosswalk), RC_OK);
    for (int from = 0; from < tree[0].count; from++) {
        int64_t num = 0;
        int64_t den = 1;
        for (int i = crosswalk.first[from]; i < crosswalk.first[from + 1]; i++) {
            const struct unit_share *share = &crosswalk.shares[i];
            num = num * share->den + share->num * den;
            den *= share->den;
            assert_int_equal(share->from, from);
            assert_in_range(share->to, 0, tree[REAL_DAYS - 1].count - 1);
            assert_true(!share->is_whole || (!share->is_unallocated && share->num == share->den));
            apart += share->num < share->den ? 1 : 0;
        }
        assert_int_equal(num, den);
    }
    assert_true(apart > 0);
}

static enum rc on_event(void *self, const struct event *event)
{
    bool told =
        str_starts(event->kind, STR("lineage.")) && !str_equal(event->kind, STR("lineage.apply"));

    ((int64_t *)self)[told ? 1 : 0]++;
    return RC_OK;
}

static void every_acceptance_leaves_a_trace_in_the_county(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct verdict no[] = {{"990201100203", "", "否决", NULL}};
    struct decision_result result = {0};
    int64_t in_root[2] = {0};
    int64_t in_county[2] = {0};

    import(cx, 0, 0);
    import(cx, 1, 960);
    assert_int_equal(apply(cx, 1, no, 1, &result, NULL), RC_OK);
    const struct unit_tree new = tree_at(cx, 1);
    assert_int_equal(event_each(cx, new.units[0].id, on_event, in_root), RC_OK);
    assert_int_equal(event_each(cx, new.units[place(&new, "990201000000")].id, on_event, in_county),
                     RC_OK);
    assert_true(in_root[0] == 2 && in_county[1] == 2);
    assert_int_equal(event_check(cx, new.units[0].id), RC_OK);
}

/* Two registers with steps accepted, and one that a person decided: all is told. */
static void record_lineage(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct verdict yes[] = {{"990201200200", "990201100210", "确认", NULL}};
    struct decision_result result = {0};

    import(cx, 0, 0);
    import(cx, 1, 980);
    assert_int_equal(apply(cx, 1, yes, 1, &result, NULL), RC_OK);
    assert_int_equal(result.confirmed, 1);
    import(cx, 2, 900);
    assert_int_equal(lineage_check(cx), RC_OK);
}

/* As one with the file in his hands could change it. */
static void what_lineage_was_not_told_to_be_is_noticed(void **state)
{
    static const char DECIDED[] = "UPDATE lineage SET decided_batch = NULL WHERE id = "
                                  "(SELECT max(id) FROM lineage WHERE state = 'confirmed')";
    static const char LESS[] = "UPDATE lineage SET share_den = 3 WHERE id = "
                               "(SELECT max(id) FROM lineage WHERE state = 'confirmed')";
    static const char FEWER[] = "DELETE FROM lineage WHERE id = "
                                "(SELECT min(id) FROM lineage WHERE state = 'confirmed')";
    static const char PARTED[] = "UPDATE unit SET same_as = id";
    static const char JOINED[] =
        "UPDATE unit SET same_as = (SELECT min(id) FROM unit) WHERE id = (SELECT max(id) FROM "
        "unit WHERE same_as = id AND id NOT IN (SELECT to_unit FROM lineage WHERE to_unit IS NOT "
        "NULL AND state = 'confirmed' AND kind IN ('rename', 'recode', 'transfer', 'upgrade')))";
    static const char UNTOLD[] =
        "DROP TRIGGER event_stays; DELETE FROM event WHERE kind = 'lineage.decide'";
    static const struct {
        const char *act;
        enum msg_id says;
    } ACTS[] = {
        {DECIDED, MSG_UNIT_CHECK_DECIDED}, {LESS, MSG_UNIT_CHECK_TRACE},
        {FEWER, MSG_UNIT_CHECK_TRACE},     {PARTED, MSG_UNIT_CHECK_JOINED},
        {JOINED, MSG_UNIT_CHECK_UNTOLD},   {UNTOLD, MSG_UNIT_CHECK_UNSAID},
    };

    for (size_t i = 0; i < COUNT_OF(ACTS); i++) {
        (void)world_end(state);
        (void)world_begin(state);
        const struct cx *cx = world_cx(*state);
        record_lineage(state);
        world_script(*state, ACTS[i].act);
        assert_int_equal(lineage_check(cx), RC_BROKEN);
        assert_int_equal(cx->err->msg, ACTS[i].says);
    }
}

/* Two counties in one batch, each with a digest of its own. */
static void what_is_decided_is_told_county_by_county(void **state)
{
    static const char HEAD[] = "code,level,name\n990000000000,province,示范省\n"
                               "990200000000,city,乙市\n";
    static const char *const OLD = "990201000000,county,丙县\n990201100000,township,丁镇\n"
                                   "990201100200,village,东沟村委会\n"
                                   "990202000000,county,戊县\n990202100000,township,己镇\n"
                                   "990202100200,village,西沟村委会\n";
    static const char *const NEW = "990201000000,county,丙县\n990201100000,township,丁镇\n"
                                   "990201100200,village,东沟村村委会\n"
                                   "990202000000,county,戊县\n990202100000,township,己镇\n"
                                   "990202100200,village,西沟村村委会\n";
    const struct cx *cx = world_cx(*state);

    for (int i = 0; i < 2; i++) {
        struct register_result result = {0};
        struct buf text;
        str csv = {0};
        buf_init(&text, cx->arena, 4096);
        buf_put(&text, str_from(HEAD));
        buf_put(&text, str_from(i == 0 ? OLD : NEW));
        assert_true(buf_done(&text, &csv));
        assert_int_equal(test_import(cx, csv, TEST_DAY[i], 1, &result), RC_OK);
    }
    assert_int_equal(lineage_check(cx), RC_OK);
    const struct lineage_rows rows = all_rows(cx);
    assert_int_equal(rows.count, 2);
    assert_true(rows.rows[0].home.v != rows.rows[1].home.v);
}

struct files {
    struct register_file at[TEST_REGISTERS];
    int count;
};

static enum rc take_file(void *self, const struct register_file *file)
{
    struct files *files = self;

    files->at[files->count++] = *file;
    assert_true(str_equal(file->name, str_from(TEST_DAY[files->count - 1])));
    return RC_OK;
}

static enum rc see_register(void *self, const struct event *event)
{
    struct files *files = self;
    struct event_reader reader = {.rest = event->body};

    (void)event_read_int(&reader); /* batch */
    assert_int_equal(event_read_int(&reader), date_key(files->at[files->count].as_of));
    struct hash told = event_read_hash(&reader);
    assert_memory_equal(told.bytes, files->at[files->count].hash.bytes, HASH_BYTES);
    files->count++;
    return RC_OK;
}

/* On record and in the trace. */
static void a_register_is_known_by_its_day_and_the_hash_of_its_file(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct files files = {.count = 0};

    for (int i = 0; i < TEST_REGISTERS; i++) {
        import(cx, i, 1);
    }
    assert_int_equal(register_each(cx, take_file, &files), RC_OK);
    assert_int_equal(files.count, TEST_REGISTERS);
    for (int i = 0; i < TEST_REGISTERS; i++) {
        struct hash hash = hash_of(str_from(TEST_REGISTER[i]));
        assert_memory_equal(files.at[i].hash.bytes, hash.bytes, HASH_BYTES);
    }
    files.count = 0;
    assert_int_equal(event_each_of_kind(cx, STR("register.import"), see_register, &files), RC_OK);
    assert_int_equal(files.count, TEST_REGISTERS);
}

static void a_register_is_taken_back_while_nothing_was_built_on_it(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct register_result result = {0};
    struct batch undone = {0};

    import(cx, 0, 0);
    assert_int_equal(test_import(cx, str_from(TEST_REGISTER[1]), TEST_DAY[1], 900, &result), RC_OK);
    assert_int_equal(register_revert(cx, result.batch, STR("日期有误"), &undone), RC_OK);
    const struct unit_tree tree = tree_at(cx, 1);
    assert_is_register(&tree, 0);
    assert_int_equal(all_rows(cx).count, 0);
    import(cx, 1, 900);
    const struct unit_tree again = tree_at(cx, 1);
    assert_is_register(&again, 1);
}

static void a_register_that_others_stand_on_is_not_taken_back(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct register_result first = {0};
    struct register_result second = {0};
    struct decision_result result = {0};
    struct batch undone = {0};
    const struct verdict no[] = {{"990201100203", "", "否决", NULL}};

    assert_int_equal(test_import(cx, str_from(TEST_REGISTER[0]), TEST_DAY[0], 0, &first), RC_OK);
    assert_int_equal(test_import(cx, str_from(TEST_REGISTER[1]), TEST_DAY[1], 960, &second), RC_OK);
    assert_int_equal(register_revert(cx, first.batch, STR(""), &undone), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_UNIT_REVERT_OLDER);
    err_clear(cx->err);
    assert_int_equal(apply(cx, 1, no, 1, &result, NULL), RC_OK);
    assert_int_equal(register_revert(cx, second.batch, STR(""), &undone), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_UNIT_REVERT_LATER);
}

/* A sink that counts rows. */
struct counted {
    int rows;
    int columns;
};

static enum rc on_begin(void *self, const struct table *table)
{
    ((struct counted *)self)->columns = table->column_count;
    return RC_OK;
}

static enum rc on_table_row(void *self, const struct out *cells)
{
    struct counted *counted = self;

    for (int i = 0; i < counted->columns; i++) {
        assert_true(cells[i].kind != OUT_NONE);
    }
    counted->rows++;
    return RC_OK;
}

static enum rc on_table_end(void *self)
{
    (void)self;
    return RC_OK;
}

/* The list of steps as a CSV file, with one word in every row's column of decisions. */
#define SINK(counted) (&(struct table_sink){&(counted), on_begin, on_table_row, on_table_end})

static void tables_show_steps_lives_and_sums(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct counted steps = {0};
    struct counted open = {0};
    struct counted life = {0};
    struct counted sums = {0};
    const struct lineage_filter all = {.confidence_max = LINEAGE_SURE};
    const struct lineage_filter only = {
        .only_open = true, .within = STR("990201000000"), .confidence_max = LINEAGE_SURE};
    for (int i = 0; i < 3; i++) {
        import(cx, i, 960);
    }
    assert_int_equal(lineage_steps_table(cx, test_programme(), &all, SINK(steps)), RC_OK);
    assert_int_equal(steps.rows, all_rows(cx).count);
    assert_int_equal(lineage_steps_table(cx, test_programme(), &only, SINK(open)), RC_OK);
    assert_in_range(open.rows, 1, steps.rows - 1);
    assert_int_equal(lineage_history_table(cx, test_programme(), STR("990201101210"),
                                           lineage_days_all(), SINK(life)),
                     RC_OK);
    assert_int_equal(life.rows, 5); /* three spans, two steps */
    assert_int_equal(lineage_summary_table(cx, test_programme(), lineage_days_all(), SINK(sums)),
                     RC_OK);
    assert_int_equal(sums.rows, 4); /* two registers: the province and its one city */
    assert_int_equal(
        lineage_history_table(cx, test_programme(), STR("1"), lineage_days_all(), SINK(life)),
        RC_MISSING);
}

static void a_range_of_days_shows_its_registers_only(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct lineage_days last = {date_of(2022, 1, 1), date_of(2022, 12, 31)};
    struct counted life = {0};
    struct counted sums = {0};

    for (int i = 0; i < 3; i++) {
        import(cx, i, 960);
    }
    assert_int_equal(
        lineage_history_table(cx, test_programme(), STR("990201101210"), last, SINK(life)), RC_OK);
    assert_int_equal(life.rows, 2); /* a span and a step */
    assert_int_equal(lineage_summary_table(cx, test_programme(), last, SINK(sums)), RC_OK);
    assert_int_equal(sums.rows, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(the_tree_of_a_day_is_its_register_whatever_is_open),
        IN_A_WORLD(an_accepted_continuation_keeps_the_id),
        IN_A_WORLD(a_crosswalk_follows_confirmed_steps_and_loses_nothing),
        IN_A_WORLD(what_nobody_confirmed_stays_unallocated),
        IN_A_WORLD(the_shares_of_every_unit_add_up_to_one),
        IN_A_WORLD(every_acceptance_leaves_a_trace_in_the_county),
        IN_A_WORLD(what_lineage_was_not_told_to_be_is_noticed),
        IN_A_WORLD(what_is_decided_is_told_county_by_county),
        IN_A_WORLD(a_register_is_known_by_its_day_and_the_hash_of_its_file),
        IN_A_WORLD(a_register_is_taken_back_while_nothing_was_built_on_it),
        IN_A_WORLD(a_register_that_others_stand_on_is_not_taken_back),
        IN_A_WORLD(tables_show_steps_lives_and_sums),
        IN_A_WORLD(a_range_of_days_shows_its_registers_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
