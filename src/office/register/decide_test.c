/* Deciding on what registers show: joining, correcting, refusing, as lists come back. */
#include "office/lineage/report.h"
#include "office/register/test_lineage.h"

/* Until somebody decides, there are two units; then there is one, under either id. */
static void confirming_joins_two_units_without_rewriting_anything(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct verdict yes[] = {{"990201200200", "990201100210", "确认", NULL}};
    struct decision_result result = {0};
    struct unit_address *addresses = NULL;
    int count = 0;

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    const struct unit_tree old = tree_at(cx, 0);
    struct unit_tree new = tree_at(cx, 1);
    struct unit_id older = old.units[place(&old, "990201200200")].id;
    struct unit_id newer = new.units[place(&new, "990201100210")].id;
    assert_int_not_equal(older.v, newer.v);

    assert_int_equal(apply(cx, 1, yes, 1, &result, NULL), RC_OK);
    assert_int_equal(result.confirmed, 1);
    new = tree_at(cx, 1);
    assert_int_equal(new.units[place(&new, "990201100210")].id.v, older.v);
    assert_int_equal(unit_tree_find_id(&new, newer), place(&new, "990201100210"));
    assert_int_equal(unit_tree_find_id(&old, newer), NONE);
    const struct unit_tree again = tree_at(cx, 0);
    assert_int_equal(unit_tree_find_id(&again, newer), place(&again, "990201200200"));
    assert_int_equal(unit_addresses(cx, older, &addresses, &count), RC_OK);
    assert_int_equal(count, 2);
    assert_true(addresses[0].unit.v == older.v && addresses[1].unit.v == newer.v);
}

/* The next register finds the joined unit under its older id, and closes what stands open. */
static void a_joined_unit_goes_on_in_the_next_register(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct verdict yes[] = {{"990201200200", "990201100210", "是", NULL}};
    struct decision_result result = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    assert_int_equal(apply(cx, 1, yes, 1, &result, NULL), RC_OK);
    import(cx, 2, 900);
    const struct unit_tree old = tree_at(cx, 0);
    const struct unit_tree next = tree_at(cx, 2);
    assert_int_equal(old.units[place(&old, "990201200200")].id.v,
                     next.units[place(&next, "990201101210")].id.v);
    for (int i = 0; i < 3; i++) {
        const struct unit_tree tree = tree_at(cx, i);
        assert_is_register(&tree, i);
    }
}

/* Two open proposals in a row, confirmed in the wrong order, make one unit. */
static void chains_join_in_any_order(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct verdict second[] = {{"990201100210", "990201101210", "yes", NULL}};
    const struct verdict first[] = {{"990201200200", "990201100210", "confirm", NULL}};
    struct decision_result result = {0};

    for (int i = 0; i < 3; i++) {
        import(cx, i, REGISTER_ACCEPT_NONE);
    }
    assert_int_equal(apply(cx, 2, second, 1, &result, NULL), RC_OK);
    assert_int_equal(apply(cx, 1, first, 1, &result, NULL), RC_OK);
    const struct unit_tree old = tree_at(cx, 0);
    const struct unit_tree new = tree_at(cx, 1);
    const struct unit_tree next = tree_at(cx, 2);
    assert_int_equal(old.units[place(&old, "990201200200")].id.v,
                     next.units[place(&next, "990201101210")].id.v);
    assert_int_equal(old.units[place(&old, "990201200200")].id.v,
                     new.units[place(&new, "990201100210")].id.v);
}

static void the_same_decisions_twice_change_nothing_and_others_are_refused(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct verdict yes[] = {{"990201200200", "990201100210", "确认", NULL}};
    const struct verdict no[] = {{"990201200200", "990201100210", "否决", NULL}};
    struct decision_result result = {0};
    struct decision_fault fault = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    assert_int_equal(apply(cx, 1, yes, 1, &result, &fault), RC_OK);
    assert_int_equal(apply(cx, 1, yes, 1, &result, &fault), RC_OK);
    assert_true(result.batch == 0 && result.again == 1);
    assert_int_equal(apply(cx, 1, no, 1, &result, &fault), RC_INVALID);
    assert_int_equal(cx->err->msg, MSG_UNIT_DECISION_FAULTS);
    assert_int_equal(fault.msg, MSG_UNIT_DECISION_DECIDED);
}

static void a_person_may_name_another_successor(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct verdict other[] = {{"990201100203", "", "其他去向", "990201100200"}};
    struct decision_result result = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    assert_int_equal(apply(cx, 1, other, 1, &result, NULL), RC_OK);
    const struct lineage_row merged = step(cx, 1, "990201100203", "990201100200");
    assert_int_equal(merged.kind, LINEAGE_MERGE);
    assert_int_equal(merged.reason, LINEAGE_BY_HAND);
    assert_int_equal(merged.state, LINEAGE_CONFIRMED);
    assert_true(str_equal(merged.basis, STR("丙政发〔2021〕1号")));
    assert_int_equal(step(cx, 1, "990201100203", "").state, LINEAGE_REJECTED);
}

/* A successor is no detail: naming one where none was named, or another one, is another decision.
 */
static void another_successor_is_another_decision(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct verdict reject[] = {{"990201100203", "", "否决", NULL}};
    const struct verdict other[] = {{"990201100203", "", "其他去向", "990201100200"}};
    const struct verdict moved[] = {{"990201200200", "990201100210", "其他去向", "990201100200"}};
    const struct verdict again[] = {{"990201200200", "990201100210", "其他去向", "990201100211"}};
    struct decision_result result = {0};
    struct decision_fault fault = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    assert_int_equal(apply(cx, 1, reject, 1, &result, NULL), RC_OK);
    assert_int_equal(apply(cx, 1, other, 1, &result, &fault), RC_INVALID);
    assert_int_equal(fault.msg, MSG_UNIT_DECISION_DECIDED);
    err_clear(cx->err);
    assert_int_equal(apply(cx, 1, moved, 1, &result, NULL), RC_OK);
    assert_int_equal(apply(cx, 1, moved, 1, &result, NULL), RC_OK);
    assert_true(result.batch == 0 && result.again == 1);
    assert_int_equal(apply(cx, 1, again, 1, &result, &fault), RC_INVALID);
    assert_int_equal(fault.msg, MSG_UNIT_DECISION_DECIDED);
}

static void a_decision_that_cannot_be_is_refused_as_a_whole(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct verdict bad[] = {
        {"990201200200", "990201100210", "确认", NULL},
        {"990201100203", "", "其他去向", "990201999999"},
    };
    const struct verdict taken[] = {
        {"990201200200", "990201100210", "确认", NULL},
        {"990201200201", "990201100211", "其他去向", "990201100210"},
    };
    struct decision_result result = {0};
    struct decision_fault fault = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    assert_int_equal(apply(cx, 1, bad, 2, &result, &fault), RC_INVALID);
    assert_int_equal(fault.msg, MSG_UNIT_DECISION_SUCCESSOR);
    assert_int_equal(fault.row, 3);
    assert_int_equal(fault.column, 2);
    assert_true(str_equal(fault.cell, STR("990201999999")));
    err_clear(cx->err);
    assert_int_equal(step(cx, 1, "990201200200", "990201100210").state, LINEAGE_PROPOSED);
    assert_int_equal(apply(cx, 1, taken, 2, &result, &fault), RC_OK);
    assert_int_equal(step(cx, 1, "990201200201", "990201100210").kind, LINEAGE_MERGE);
}

/* Every row that cannot be is told of at once, each at its cell. */
static void words_and_codes_must_fit_each_other(void **state)
{
    const struct cx *cx = world_cx(*state);
    static const struct {
        struct verdict verdict;
        enum msg_id msg;
        int column;
    } CASES[] = {
        {{"990201200200", "990201100210", "也许", NULL}, MSG_UNIT_DECISION_WORD, 1},
        {{"990201200200", "990201100210", "其他去向", NULL}, MSG_UNIT_DECISION_NO_CODE, 2},
        {{"990201200200", "990201100210", "确认", "990201100200"}, MSG_UNIT_DECISION_CODE, 2},
        {{"990201200200", "990201100210", "否决", "990201100200"}, MSG_UNIT_DECISION_CODE, 2},
    };
    struct decision_result result = {0};
    struct decision_fault fault = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        assert_int_equal(apply(cx, 1, &CASES[i].verdict, 1, &result, &fault), RC_INVALID);
        assert_int_equal(cx->err->msg, MSG_UNIT_DECISION_FAULTS);
        assert_int_equal(fault.msg, CASES[i].msg);
        assert_int_equal(fault.column, CASES[i].column);
        err_clear(cx->err);
    }
}

/* What is tried only leaves no trace. */
static void a_trial_decides_nothing(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct decision_reader reader;
    struct decision_result result = {0};
    struct buf text;
    str csv = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    buf_init(&text, cx->arena, 1 << 12);
    buf_put(&text, STR("id,decision\n"));
    buf_int(&text, step(cx, 1, "990201200200", "990201100210").id);
    buf_put(&text, STR(",confirm\n"));
    assert_true(buf_done(&text, &csv));
    const struct decision_act act = {STR("a.csv"), hash_of(csv), STR("minutes 1")};
    decision_reader_init(&reader, cx);
    assert_int_equal(test_read_csv(decision_reader_sheet(&reader), csv, cx->arena), RC_OK);
    assert_int_equal(office_enter(cx, DB_WRITE), RC_OK);
    assert_int_equal(lineage_apply(cx, test_programme(), &reader, &act, &result), RC_OK);
    assert_int_equal(result.confirmed, 1);
    office_undo(cx);
    assert_int_equal(step(cx, 1, "990201200200", "990201100210").state, LINEAGE_PROPOSED);
}

static void a_decision_rests_on_its_document_or_on_the_reason(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct decision_reader reader;
    struct decision_result result = {0};
    struct decision_act act = {.file_name = STR("a.csv"), .reason = STR(" ")};
    struct buf text;
    str csv = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    buf_init(&text, cx->arena, 1 << 12);
    buf_put(&text, STR("id,decision\n"));
    buf_int(&text, step(cx, 1, "990201200200", "990201100210").id);
    buf_put(&text, STR(",confirm\n"));
    assert_true(buf_done(&text, &csv));
    decision_reader_init(&reader, cx);
    assert_int_equal(test_read_csv(decision_reader_sheet(&reader), csv, cx->arena), RC_OK);
    assert_int_equal(office_enter(cx, DB_WRITE), RC_OK);
    assert_int_equal(lineage_apply(cx, test_programme(), &reader, &act, &result), RC_INVALID);
    assert_int_equal(cx->err->msg, MSG_UNIT_DECISION_REASON);
    err_clear(cx->err);
    act.reason = STR("minutes 7");
    assert_int_equal(office_leave(cx, lineage_apply(cx, test_programme(), &reader, &act, &result)),
                     RC_OK);
    assert_int_equal(result.rows.count, 1);
    assert_true(str_equal(result.rows.rows[0].basis, STR("minutes 7")));
    const struct lineage_row decided = step(cx, 1, "990201200200", "990201100210");
    assert_true(str_equal(decided.basis, STR("minutes 7")));
}

static enum rc on_table_end(void *self)
{
    (void)self;
    return RC_OK;
}

/* Where the list has its number and its place for a decision. */
struct filled {
    struct buf text;
    int id;
    int decision;
};

static int column_of(const struct table *table, str key)
{
    for (int i = 0; i < table->column_count; i++) {
        if (str_equal(table->columns[i].key, key)) {
            return i;
        }
    }
    fail_msg("no column %.*s", STR_ARG(key));
    return NONE;
}

static enum rc fill_heading(void *self, const struct table *table)
{
    struct filled *filled = self;

    filled->id = column_of(table, STR("id"));
    filled->decision = column_of(table, STR("decision"));
    buf_put(&filled->text, table->columns[filled->id].title);
    buf_char(&filled->text, ',');
    buf_put(&filled->text, table->columns[filled->decision].title);
    buf_char(&filled->text, '\n');
    return RC_OK;
}

static enum rc fill_row(void *self, const struct out *cells)
{
    struct filled *filled = self;

    buf_put(&filled->text, cells[filled->id].text);
    buf_put(&filled->text, STR(",确认\n"));
    return RC_OK;
}

static void the_list_of_steps_comes_back_filled_in(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct lineage_filter open = {.only_open = true, .confidence_max = LINEAGE_SURE};
    struct filled filled = {.id = NONE};
    const struct table_sink sink = {&filled, fill_heading, fill_row, on_table_end};
    struct decision_reader reader;
    struct decision_result result = {0};
    str csv = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    buf_init(&filled.text, cx->arena, 1 << 16);
    assert_int_equal(lineage_steps_table(cx, test_programme(), &open, &sink), RC_OK);
    assert_true(buf_done(&filled.text, &csv));
    decision_reader_init(&reader, cx);
    assert_int_equal(test_read_csv(decision_reader_sheet(&reader), csv, cx->arena), RC_OK);
    assert_int_equal(office_enter(cx, DB_WRITE), RC_OK);
    const struct decision_act act = {STR("a.csv"), hash_of(csv), STR("minutes 1")};
    assert_int_equal(office_leave(cx, lineage_apply(cx, test_programme(), &reader, &act, &result)),
                     RC_OK);
    assert_int_equal(result.confirmed, reader.count);
    const struct lineage_rows rows = all_rows(cx);
    for (int i = 0; i < rows.count; i++) {
        assert_int_equal(rows.rows[i].state, LINEAGE_CONFIRMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(confirming_joins_two_units_without_rewriting_anything),
        IN_A_WORLD(a_joined_unit_goes_on_in_the_next_register),
        IN_A_WORLD(chains_join_in_any_order),
        IN_A_WORLD(the_same_decisions_twice_change_nothing_and_others_are_refused),
        IN_A_WORLD(a_person_may_name_another_successor),
        IN_A_WORLD(another_successor_is_another_decision),
        IN_A_WORLD(a_decision_that_cannot_be_is_refused_as_a_whole),
        IN_A_WORLD(words_and_codes_must_fit_each_other),
        IN_A_WORLD(a_trial_decides_nothing),
        IN_A_WORLD(a_decision_rests_on_its_document_or_on_the_reason),
        IN_A_WORLD(the_list_of_steps_comes_back_filled_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
