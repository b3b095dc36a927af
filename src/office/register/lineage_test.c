/* What is proposed, decided and asked about lineage, from register to crosswalk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/audit/audit.h"
#include "office/lineage/crosswalk.h"
#include "office/lineage/decide.h"
#include "office/lineage/report.h"
#include "office/register/test_units.h"
#include "office/test_world.h"

#define HEAD                                                                                       \
    "code,level,name\n990000000000,province,示范省\n990200000000,city,乙市\n"                 \
    "990201000000,county,丙县\n"

/* 戊乡 goes into 丁镇; 上官张 and 下官张 become 官张; 石门 vanishes; 河口 moves with its township.
 */
static const char OLD[] = HEAD "990201100000,township,丁镇\n"
                               "990201100200,village,东沟村委会\n"
                               "990201100201,village,上官张村委会\n"
                               "990201100202,village,下官张村委会\n"
                               "990201100203,village,石门村委会\n"
                               "990201200000,township,戊乡\n"
                               "990201200200,village,河口村委会\n"
                               "990201200201,village,柳湾村委会\n"
                               "990201200202,village,松岭村委会\n";
static const char NEW[] = HEAD "990201100000,township,丁镇\n"
                               "990201100200,village,东沟村村委会\n"
                               "990201100202,village,官张村委会\n"
                               "990201100210,village,河口村委会\n"
                               "990201100211,village,柳湾村委会\n"
                               "990201100212,village,松岭村委会\n";
static const char NEXT[] = HEAD "990201101000,township,丁镇\n"
                                "990201101200,village,东沟村村委会\n"
                                "990201101202,village,官张村委会\n"
                                "990201101210,village,河口村委会\n"
                                "990201101211,village,柳湾村委会\n"
                                "990201101212,village,松岭村委会\n";

static const char *const DAYS[] = {"2020-06-30", "2021-10-31", "2022-10-31"};
static const char *const TEXTS[] = {OLD, NEW, NEXT};

static void import(const struct cx *cx, int which, int accept_min)
{
    struct register_result result = {0};

    assert_int_equal(test_import(cx, str_from(TEXTS[which]), DAYS[which], accept_min, &result),
                     RC_OK);
}

static struct unit_tree tree_at(const struct cx *cx, int which)
{
    struct unit_tree tree = {0};
    date day = {0};

    assert_true(date_parse(str_from(DAYS[which]), &day));
    assert_int_equal(unit_tree_load(cx, test_programme(), day, &tree), RC_OK);
    return tree;
}

static int place(const struct unit_tree *tree, const char *code)
{
    int found = unit_tree_find_code(tree, str_from(code));

    assert_int_not_equal(found, NONE);
    return found;
}

static struct lineage_rows all_rows(const struct cx *cx)
{
    struct lineage_rows rows = {0};

    assert_int_equal(lineage_load(cx, date_of(1990, 1, 1), date_of(2090, 1, 1), &rows), RC_OK);
    return rows;
}

/* The step from one code to another between two registers; "" for none. */
static struct lineage_row step(const struct cx *cx, int which, const char *before,
                               const char *after)
{
    const struct unit_tree old = tree_at(cx, which - 1);
    const struct unit_tree new = tree_at(cx, which);
    const struct lineage_rows rows = all_rows(cx);
    int from = before[0] == '\0' ? NONE : place(&old, before);
    int to = after[0] == '\0' ? NONE : place(&new, after);

    for (int i = 0; i < rows.count; i++) {
        const struct lineage_row *row = &rows.rows[i];
        if (row->day.days == new.register_day.days &&
            (row->from.v == 0 ? NONE : unit_tree_find_id(&old, row->from)) == from &&
            (row->to.v == 0 ? NONE : unit_tree_find_id(&new, row->to)) == to) {
            return *row;
        }
    }
    fail_msg("no step from %s to %s", before, after);
    return (struct lineage_row){0};
}

struct verdict {
    const char *before;
    const char *after;
    const char *word;
    const char *successor;
};

static enum rc apply(const struct cx *cx, int which, const struct verdict *verdicts, int count,
                     struct decision_result *out)
{
    struct decision_reader reader;
    struct buf text;
    str csv = {0};

    buf_init(&text, cx->arena, 1 << 16);
    buf_put(&text, STR("编号,决定,实际去向代码,依据\n"));
    for (int i = 0; i < count; i++) {
        buf_int(&text, step(cx, which, verdicts[i].before, verdicts[i].after).id);
        buf_char(&text, ',');
        buf_put(&text, str_from(verdicts[i].word));
        buf_char(&text, ',');
        buf_put(&text, str_from(verdicts[i].successor == NULL ? "" : verdicts[i].successor));
        buf_put(&text, STR(",丙政发〔2021〕1号\n"));
    }
    assert_true(buf_done(&text, &csv));
    decision_reader_init(&reader, cx);
    TRY(test_read_csv(decision_reader_sheet(&reader), csv, cx->arena));
    TRY(office_enter(cx, DB_WRITE));
    return office_leave(
        cx, lineage_apply(cx, test_programme(), &reader, STR("沿革.xlsx"), hash_of(csv), out));
}

static void assert_is_register(const struct unit_tree *tree, int which)
{
    str text = str_from(TEXTS[which]);
    str line = {0};
    int rows = 0;

    assert_true(str_cut(&text, '\n', &line));
    while (str_cut(&text, '\n', &line) && line.len > 0) {
        str code = {0};
        assert_true(str_cut(&line, ',', &code));
        if (unit_tree_find_code(tree, code) == NONE) {
            fail_msg("register %d lacks %.*s", which, STR_ARG(code));
        }
        rows++;
    }
    assert_int_equal(tree->count, rows);
}

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

    assert_int_equal(apply(cx, 1, yes, 1, &result), RC_OK);
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
    assert_int_equal(apply(cx, 1, yes, 1, &result), RC_OK);
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
    assert_int_equal(apply(cx, 2, second, 1, &result), RC_OK);
    assert_int_equal(apply(cx, 1, first, 1, &result), RC_OK);
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

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    assert_int_equal(apply(cx, 1, yes, 1, &result), RC_OK);
    assert_int_equal(apply(cx, 1, yes, 1, &result), RC_OK);
    assert_true(result.batch == 0 && result.again == 1);
    assert_int_equal(apply(cx, 1, no, 1, &result), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_UNIT_DECISION_DECIDED);
}

static void a_person_may_name_another_successor(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct verdict other[] = {{"990201100203", "", "确认", "990201100200"}};
    struct decision_result result = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    assert_int_equal(apply(cx, 1, other, 1, &result), RC_OK);
    const struct lineage_row merged = step(cx, 1, "990201100203", "990201100200");
    assert_int_equal(merged.kind, LINEAGE_MERGE);
    assert_int_equal(merged.reason, LINEAGE_BY_HAND);
    assert_int_equal(merged.state, LINEAGE_CONFIRMED);
    assert_true(str_equal(merged.basis, STR("丙政发〔2021〕1号")));
    assert_int_equal(step(cx, 1, "990201100203", "").state, LINEAGE_REJECTED);
}

static void a_decision_that_cannot_be_is_refused_as_a_whole(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct verdict bad[] = {
        {"990201200200", "990201100210", "确认", NULL},
        {"990201100203", "", "确认", "990201999999"},
    };
    const struct verdict taken[] = {
        {"990201200200", "990201100210", "确认", NULL},
        {"990201200201", "990201100211", "确认", "990201100210"},
    };
    const struct verdict word[] = {{"990201200200", "990201100210", "也许", NULL}};
    struct decision_result result = {0};

    import(cx, 0, 0);
    import(cx, 1, REGISTER_ACCEPT_NONE);
    assert_int_equal(apply(cx, 1, bad, 2, &result), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_UNIT_DECISION_SUCCESSOR);
    err_clear(cx->err);
    assert_int_equal(step(cx, 1, "990201200200", "990201100210").state, LINEAGE_PROPOSED);
    assert_int_equal(apply(cx, 1, word, 1, &result), RC_INVALID);
    assert_int_equal(cx->err->msg, MSG_UNIT_DECISION_WORD);
    err_clear(cx->err);
    assert_int_equal(apply(cx, 1, taken, 2, &result), RC_OK);
    assert_int_equal(step(cx, 1, "990201200201", "990201100210").kind, LINEAGE_MERGE);
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
    assert_int_equal(apply(cx, 1, no, 1, &result), RC_OK);
    const struct unit_tree new = tree_at(cx, 1);
    assert_int_equal(event_each(cx, new.units[0].id, on_event, in_root), RC_OK);
    assert_int_equal(event_each(cx, new.units[place(&new, "990201000000")].id, on_event, in_county),
                     RC_OK);
    assert_true(in_root[0] == 2 && in_county[1] == 2);
    assert_int_equal(event_check(cx, new.units[0].id), RC_OK);
}

static void a_register_is_taken_back_while_nothing_was_built_on_it(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct register_result result = {0};
    struct batch undone = {0};

    import(cx, 0, 0);
    assert_int_equal(test_import(cx, str_from(NEW), DAYS[1], 900, &result), RC_OK);
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

    assert_int_equal(test_import(cx, str_from(OLD), DAYS[0], 0, &first), RC_OK);
    assert_int_equal(test_import(cx, str_from(NEW), DAYS[1], 960, &second), RC_OK);
    assert_int_equal(register_revert(cx, first.batch, STR(""), &undone), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_UNIT_REVERT_OLDER);
    err_clear(cx->err);
    assert_int_equal(apply(cx, 1, no, 1, &result), RC_OK);
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
struct filled {
    struct buf text;
    int columns;
};

static enum rc fill_heading(void *self, const struct table *table)
{
    struct filled *filled = self;

    filled->columns = table->column_count;
    for (int i = 0; i < 4; i++) {
        buf_put(&filled->text, table->columns[i].title);
        buf_char(&filled->text, i < 3 ? ',' : '\n');
    }
    return RC_OK;
}

static enum rc fill_row(void *self, const struct out *cells)
{
    struct filled *filled = self;

    buf_put(&filled->text, cells[0].text);
    buf_put(&filled->text, STR(",确认,,\n"));
    return RC_OK;
}

static void the_list_of_steps_comes_back_filled_in(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct lineage_filter open = {.only_open = true, .confidence_max = LINEAGE_SURE};
    struct filled filled = {.columns = 0};
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
    assert_int_equal(office_leave(cx, lineage_apply(cx, test_programme(), &reader, STR("a.csv"),
                                                    hash_of(csv), &result)),
                     RC_OK);
    assert_int_equal(result.confirmed, reader.count);
    const struct lineage_rows rows = all_rows(cx);
    for (int i = 0; i < rows.count; i++) {
        assert_int_equal(rows.rows[i].state, LINEAGE_CONFIRMED);
    }
}

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
    assert_int_equal(lineage_history_table(cx, test_programme(), STR("990201101210"), SINK(life)),
                     RC_OK);
    assert_int_equal(life.rows, 5); /* three spans, two steps */
    assert_int_equal(lineage_summary_table(cx, test_programme(), SINK(sums)), RC_OK);
    assert_int_equal(sums.rows, 2);
    assert_int_equal(lineage_history_table(cx, test_programme(), STR("1"), SINK(life)), RC_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(the_tree_of_a_day_is_its_register_whatever_is_open),
        IN_A_WORLD(an_accepted_continuation_keeps_the_id),
        IN_A_WORLD(confirming_joins_two_units_without_rewriting_anything),
        IN_A_WORLD(a_joined_unit_goes_on_in_the_next_register),
        IN_A_WORLD(chains_join_in_any_order),
        IN_A_WORLD(the_same_decisions_twice_change_nothing_and_others_are_refused),
        IN_A_WORLD(a_person_may_name_another_successor),
        IN_A_WORLD(a_decision_that_cannot_be_is_refused_as_a_whole),
        IN_A_WORLD(a_crosswalk_follows_confirmed_steps_and_loses_nothing),
        IN_A_WORLD(what_nobody_confirmed_stays_unallocated),
        IN_A_WORLD(the_shares_of_every_unit_add_up_to_one),
        IN_A_WORLD(every_acceptance_leaves_a_trace_in_the_county),
        IN_A_WORLD(a_register_is_taken_back_while_nothing_was_built_on_it),
        IN_A_WORLD(a_register_that_others_stand_on_is_not_taken_back),
        IN_A_WORLD(the_list_of_steps_comes_back_filled_in),
        IN_A_WORLD(tables_show_steps_lives_and_sums),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
