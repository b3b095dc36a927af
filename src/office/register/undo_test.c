/* Undoing decisions on lineage: everything is as it was before them, or nothing is done. */
#include "office/register/test_lineage.h"
#include "office/unit/unit.h"

/* What decisions change, row by row. */
static const struct sql DUMPS[] = {
    {"dump_units", "SELECT id || ' ' || same_as FROM unit ORDER BY id", 0, 1, "a test"},
    {"dump_within",
     "SELECT ancestor || ' ' || unit || ' ' || from_day || ' ' || to_day FROM unit_within "
     "ORDER BY ancestor, unit, from_day",
     0, 1, "a test"},
    {"dump_lineage",
     "SELECT id || ' ' || kind || ' ' || coalesce(from_unit, 0) || ' ' || coalesce(to_unit, 0) || "
     "' ' "
     "|| state || ' ' || basis || ' ' || coalesce(decided_batch, 0) FROM lineage ORDER BY id",
     0, 1, "a test"},
};

static enum rc add_line(void *self, const struct val *row)
{
    struct buf *buf = self;

    buf_put(buf, row[0].text);
    buf_char(buf, '\n');
    return RC_OK;
}

static str dump(const struct cx *cx)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(DUMPS); i++) {
        assert_int_equal(db_each(cx->db, &DUMPS[i], NULL, add_line, &buf, cx->err), RC_OK);
    }
    assert_true(buf_done(&buf, &text));
    return text;
}

static enum rc undo(const struct cx *cx, int64_t batch)
{
    struct batch counter = {0};

    TRY(office_enter(cx, DB_WRITE));
    return office_leave(cx, lineage_revert(cx, batch, STR("看错了文件"), &counter));
}

static int64_t decide(const struct cx *cx, int which, const struct verdict *verdicts, int count)
{
    struct decision_result result = {0};

    assert_int_equal(apply(cx, which, verdicts, count, &result, NULL), RC_OK);
    assert_true(result.batch > 0);
    return result.batch;
}

static const struct verdict MOVED[] = {{"990201200200", "990201100210", "确认", NULL}};
static const struct verdict MOVED_ON[] = {{"990201100210", "990201101210", "确认", NULL}};
static const struct verdict OTHER[] = {{"990201100203", "", "其他去向", "990201100200"}};
static const struct verdict REJECTED[] = {{"990201100203", "", "否决", NULL}};

static void undone_decisions_leave_everything_as_it_was(void **state)
{
    const struct cx *cx = world_cx(*state);

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    str before = dump(cx);
    int64_t moved = decide(cx, 1, MOVED, 1);
    str between = dump(cx);
    assert_false(str_equal(before, between));
    int64_t other = decide(cx, 1, OTHER, 1);
    assert_int_equal(undo(cx, other), RC_OK);
    assert_true(str_equal(dump(cx), between));
    assert_int_equal(undo(cx, moved), RC_OK);
    assert_true(str_equal(dump(cx), before));
    int64_t rejected = decide(cx, 1, REJECTED, 1);
    assert_int_equal(undo(cx, rejected), RC_OK);
    assert_true(str_equal(dump(cx), before));
    assert_int_equal(unit_check(cx), RC_OK);
    assert_int_equal(lineage_check(cx), RC_OK);
}

/* Of a chain the link that is undone comes loose, whichever was joined first. */
static void a_chain_is_undone_link_by_link(void **state)
{
    const struct cx *cx = world_cx(*state);

    for (int is_late_first = 0; is_late_first < 2; is_late_first++) {
        if (is_late_first > 0) {
            assert_int_equal(world_end(state), 0);
            assert_int_equal(world_begin(state), 0);
            cx = world_cx(*state);
        }
        for (int i = 0; i < 3; i++) {
            import(cx, i, REGISTER_ACCEPT_NONE);
        }
        str before = dump(cx);
        int64_t first = is_late_first > 0 ? decide(cx, 2, MOVED_ON, 1) : decide(cx, 1, MOVED, 1);
        str between = dump(cx);
        int64_t second = is_late_first > 0 ? decide(cx, 1, MOVED, 1) : decide(cx, 2, MOVED_ON, 1);
        assert_int_equal(undo(cx, first), RC_CONFLICT);
        assert_int_equal(cx->err->msg, MSG_UNIT_UNDO_LATER);
        err_clear(cx->err);
        assert_int_equal(undo(cx, second), RC_OK);
        assert_true(str_equal(dump(cx), between));
        assert_int_equal(undo(cx, first), RC_OK);
        assert_true(str_equal(dump(cx), before));
    }
}

/* All proposals of a county at once, townships among them. */
static void a_whole_list_is_undone_in_one_act(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct register_result result = {0};

    for (int day = 0; day < REAL_DAYS; day++) {
        assert_int_equal(test_import(cx, test_county_register(cx->arena, day), REAL_DAY[day],
                                     REGISTER_ACCEPT_NONE, &result),
                         RC_OK);
    }
    str before = dump(cx);
    struct decision_reader reader;
    struct decision_result decided = {0};
    struct buf text;
    str csv = {0};
    buf_init(&text, cx->arena, 1 << 20);
    buf_put(&text, STR("id,decision\n"));
    const struct lineage_rows rows = all_rows(cx);
    for (int i = 0; i < rows.count; i++) {
        if (rows.rows[i].state == LINEAGE_PROPOSED) {
            buf_int(&text, rows.rows[i].id);
            buf_put(&text, STR(",confirm\n"));
        }
    }
    assert_true(buf_done(&text, &csv));
    decision_reader_init(&reader, cx);
    assert_int_equal(test_read_csv(decision_reader_sheet(&reader), csv, cx->arena), RC_OK);
    const struct decision_act act = {STR("a.csv"), hash_of(csv), STR("minutes 1")};
    assert_int_equal(office_enter(cx, DB_WRITE), RC_OK);
    assert_int_equal(office_leave(cx, lineage_apply(cx, test_programme(), &reader, &act, &decided)),
                     RC_OK);
    assert_true(decided.confirmed > 0);
    assert_int_equal(undo(cx, decided.batch), RC_OK);
    assert_true(str_equal(dump(cx), before));
    assert_int_equal(lineage_check(cx), RC_OK);
}

static void what_was_undone_is_decided_anew(void **state)
{
    const struct cx *cx = world_cx(*state);

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    int64_t batch = decide(cx, 1, MOVED, 1);
    assert_int_equal(undo(cx, batch), RC_OK);
    assert_int_equal(undo(cx, batch), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_BATCH_REVERTED);
    err_clear(cx->err);
    const struct verdict no[] = {{"990201200200", "990201100210", "否决", NULL}};
    (void)decide(cx, 1, no, 1);
    assert_int_equal(step(cx, 1, "990201200200", "990201100210").state, LINEAGE_REJECTED);
    assert_int_equal(lineage_check(cx), RC_OK);
}

/* The register that proposed them can be taken back once its decisions are undone. */
static void a_register_is_taken_back_after_its_decisions(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct register_result result = {0};
    struct batch undone = {0};

    import(cx, 0, 0);
    assert_int_equal(
        test_import(cx, str_from(TEST_REGISTER[1]), TEST_DAY[1], REGISTER_ACCEPT_NONE, &result),
        RC_OK);
    int64_t batch = decide(cx, 1, MOVED, 1);
    assert_int_equal(register_revert(cx, result.batch, STR(""), &undone), RC_CONFLICT);
    err_clear(cx->err);
    assert_int_equal(undo(cx, batch), RC_OK);
    assert_int_equal(register_revert(cx, result.batch, STR(""), &undone), RC_OK);
    const struct unit_tree tree = tree_at(cx, 1);
    assert_is_register(&tree, 0);
}

static const struct sql KEEP_RUN = {"keep_run",
                                    "INSERT INTO run SELECT 7, 'tier', 'main', 202400, 0, 0, "
                                    "?1, max(id), '1', 1, 0, NULL, ?1, 0, "
                                    "'a' FROM batch",
                                    1, 0, "a test"};
static const struct sql APPROVE = {"approve", "INSERT INTO approval VALUES (7, 'minutes', 0, 'a')",
                                   0, 0, NULL};
static const struct sql DISAPPROVE = {"disapprove", "DELETE FROM approval", 0, 0, "a test"};
static const struct sql EXCEPT = {
    "except",
    "INSERT INTO tier_override SELECT 1, 1, 'main', max(at_ms), 'high', 'r', 'a' FROM batch", 0, 0,
    "a test"};

static void change(const struct cx *cx, const struct sql *sql)
{
    const struct val in[] = {v_blob(STR("0"))};

    assert_int_equal(office_enter(cx, DB_WRITE), RC_OK);
    assert_int_equal(office_leave(cx, db_change(cx->db, sql, in, cx->err)), RC_OK);
}

/* A run that saw the decisions may be made again; one that is carried out may not. */
static void what_a_resolution_or_an_exception_rests_on_is_not_undone(void **state)
{
    const struct cx *cx = world_cx(*state);

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    int64_t first = decide(cx, 1, REJECTED, 1);
    assert_int_equal(undo(cx, first), RC_OK);
    int64_t batch = decide(cx, 1, MOVED, 1);
    change(cx, &KEEP_RUN);
    change(cx, &APPROVE);
    assert_int_equal(undo(cx, batch), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_UNIT_UNDO_APPROVED);
    err_clear(cx->err);
    change(cx, &DISAPPROVE);
    change(cx, &EXCEPT);
    assert_int_equal(undo(cx, batch), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_UNIT_UNDO_EXCEPTION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(undone_decisions_leave_everything_as_it_was),
        IN_A_WORLD(a_chain_is_undone_link_by_link),
        IN_A_WORLD(a_whole_list_is_undone_in_one_act),
        IN_A_WORLD(what_was_undone_is_decided_anew),
        IN_A_WORLD(a_register_is_taken_back_after_its_decisions),
        IN_A_WORLD(what_a_resolution_or_an_exception_rests_on_is_not_undone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
