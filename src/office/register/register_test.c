/* Taking in registers: refusals, repeats, and the real first one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fault.h"
#include "office/register/test_units.h"
#include "office/test_world.h"

#define HEAD "code,level,name,parent,kind\n"
#define ROOT HEAD "99,province,示范省,,\n9901,city,甲市,,\n"

static enum rc import(const struct cx *cx, str text, const char *day)
{
    struct register_result result = {0};

    return test_import(cx, text, day, REGISTER_ACCEPT_NONE, &result);
}

static void a_row_that_cannot_be_is_refused_by_name(void **state)
{
    const struct cx *cx = world_cx(*state);
    static const struct {
        str text;
        enum msg_id why;
    } BAD[] = {
        {STR_INIT("code,name\n1,甲\n"), MSG_UNIT_REGISTER_EMPTY},
        {STR_INIT(ROOT "99 01,city,乙市,,\n"), MSG_UNIT_ROW_CODE},
        {STR_INIT(ROOT ",city,乙市,,\n"), MSG_UNIT_ROW_CODE},
        {STR_INIT(ROOT "9902,city,,,\n"), MSG_UNIT_ROW_NAME},
        {STR_INIT(ROOT "9902,planet,乙市,,\n"), MSG_UNIT_ROW_LEVEL},
        {STR_INIT(ROOT "9902,city,乙市,,moon\n"), MSG_UNIT_ROW_KIND},
        {STR_INIT(ROOT "9901,city,乙市,,\n"), MSG_UNIT_ROW_TWICE},
        {STR_INIT(ROOT "9902,city,乙市,98,\n"), MSG_UNIT_ROW_PARENT},
        {STR_INIT(ROOT "9902,city,乙市,9901,\n"), MSG_UNIT_ROW_PARENT_LEVEL},
        {STR_INIT(ROOT "9802,city,乙市,,\n"), MSG_UNIT_ROW_ROOT},
    };

    for (size_t i = 0; i < COUNT_OF(BAD); i++) {
        assert_int_equal(import(cx, BAD[i].text, "2023-06-30"), RC_INVALID);
        assert_int_equal(cx->err->msg, BAD[i].why);
        err_clear(cx->err);
    }
    struct unit_tree tree = {0};
    assert_int_equal(unit_tree_load(cx, test_programme(), date_of(2024, 1, 1), &tree), RC_MISSING);
}

static void parents_may_be_named_instead_of_read_from_codes(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct unit_tree tree = {0};

    assert_int_equal(import(cx,
                            STR(HEAD "R,province,示范省,,\nX-1,city,甲市,R,\nV.9,village,丁村,C7,\n"
                                     "C7,county,丙县,X-1,county\n"),
                            "2023-06-30"),
                     RC_OK);
    assert_int_equal(unit_tree_load(cx, test_programme(), date_of(2024, 1, 1), &tree), RC_OK);
    assert_int_equal(tree.count, 4);
    assert_int_equal(tree.units[3].parent, 2);
    assert_int_equal(tree.units[3].home, 2);
    assert_int_equal(tree.units[3].kind, NONE);
}

static void the_same_file_twice_changes_nothing(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct register_result result = {0};

    assert_int_equal(import(cx, STR(ROOT), "2023-06-30"), RC_OK);
    assert_int_equal(test_import(cx, STR(ROOT), "2023-06-30", 1000, &result), RC_OK);
    assert_int_equal(result.batch, 0);
    assert_int_equal(result.going_on, 2);
}

static void registers_come_in_the_order_of_their_days(void **state)
{
    const struct cx *cx = world_cx(*state);

    assert_int_equal(import(cx, STR(ROOT), "2023-06-30"), RC_OK);
    assert_int_equal(import(cx, STR(ROOT "9902,city,乙市,,\n"), "2023-06-30"), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_UNIT_REGISTER_OTHER);
    err_clear(cx->err);
    assert_int_equal(import(cx, STR(ROOT), "2022-10-31"), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_UNIT_REGISTER_OLD);
}

/* Each step of an import fails once; then nothing of it is there. */
static void an_import_that_fails_anywhere_changes_nothing(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct unit_tree tree = {0};
    long failed = 0;

    assert_int_equal(import(cx, STR(ROOT), "2022-10-31"), RC_OK);
    for (;; failed++) {
        fault_arm("store.", failed + 1);
        enum rc rc = import(cx, STR(ROOT "9902,city,乙市,,\n"), "2023-06-30");
        fault_arm("store.", 0);
        if (rc == RC_OK) {
            break;
        }
        assert_int_equal(rc, RC_BROKEN);
        err_clear(cx->err);
        assert_int_equal(unit_tree_load(cx, test_programme(), date_of(2024, 1, 1), &tree), RC_OK);
        assert_int_equal(tree.count, 2);
    }
    assert_int_equal(unit_tree_load(cx, test_programme(), date_of(2024, 1, 1), &tree), RC_OK);
    assert_int_equal(tree.count, 3);
    if (failed == 0) {
        print_message("# skipped: this build has no fault points\n");
        skip();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_row_that_cannot_be_is_refused_by_name),
        IN_A_WORLD(parents_may_be_named_instead_of_read_from_codes),
        IN_A_WORLD(the_same_file_twice_changes_nothing),
        IN_A_WORLD(registers_come_in_the_order_of_their_days),
        IN_A_WORLD(an_import_that_fails_anywhere_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
