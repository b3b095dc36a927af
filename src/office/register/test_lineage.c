/* Registers of one county, and decisions on them. */
#include "office/register/test_lineage.h"

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

const char *const TEST_DAY[TEST_REGISTERS] = {"2020-06-30", "2021-10-31", "2022-10-31"};
const char *const TEST_REGISTER[TEST_REGISTERS] = {OLD, NEW, NEXT};

void import(const struct cx *cx, int which, int accept_min)
{
    struct register_result result = {0};

    assert_int_equal(
        test_import(cx, str_from(TEST_REGISTER[which]), TEST_DAY[which], accept_min, &result),
        RC_OK);
}

struct unit_tree tree_at(const struct cx *cx, int which)
{
    struct unit_tree tree = {0};
    date day = {0};

    assert_true(date_parse(str_from(TEST_DAY[which]), &day));
    assert_int_equal(unit_tree_load(cx, test_programme(), day, &tree), RC_OK);
    return tree;
}

int place(const struct unit_tree *tree, const char *code)
{
    int found = unit_tree_find_code(tree, str_from(code));

    assert_int_not_equal(found, NONE);
    return found;
}

struct lineage_rows all_rows(const struct cx *cx)
{
    struct lineage_rows rows = {0};

    assert_int_equal(lineage_load(cx, date_of(1990, 1, 1), date_of(2090, 1, 1), &rows), RC_OK);
    return rows;
}

struct lineage_row step(const struct cx *cx, int which, const char *before, const char *after)
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

enum rc apply(const struct cx *cx, int which, const struct verdict *verdicts, int count,
              struct decision_result *out, struct decision_fault *out_fault)
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
    const struct decision_act act = {STR("沿革.xlsx"), hash_of(csv), STR("县民政局核对")};
    enum rc rc = office_leave(cx, lineage_apply(cx, test_programme(), &reader, &act, out));
    if (out_fault != NULL) {
        *out_fault = reader.fault_count == 0 ? (struct decision_fault){0} : reader.faults[0];
    }
    return rc;
}

void assert_is_register(const struct unit_tree *tree, int which)
{
    str text = str_from(TEST_REGISTER[which]);
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
