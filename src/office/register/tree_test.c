/* The tree: order, look-ups, names, and the first register. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/register/test_units.h"
#include "office/test_world.h"

static const char FIRST[] = "名录,,\n"
                            "code,level,name\n"
                            "990000000000,province,示范省\n"
                            "990200000000,city,乙市\n"
                            "990201000000,county,丙县\n"
                            "990201100000,township,丁镇\n"
                            "990201100201,village,东沟村委会\n"
                            "990201100200,village,西沟村村民委员会\n"
                            "990201100001,village,丁镇社区居委会\n"
                            "990201200000,township,戊乡\n"
                            "990201200200,行政村,东沟村委会\n"
                            "990100000000,city,甲市\n"
                            "990100100000,township,直属镇\n"
                            "990100100200,village,直属村委会\n";

static struct unit_tree import_first(const struct cx *cx)
{
    struct register_result result = {0};
    struct unit_tree tree = {0};

    assert_int_equal(test_import(cx, str_from(FIRST), "2023-06-30", REGISTER_ACCEPT_NONE, &result),
                     RC_OK);
    assert_int_equal(result.unit_count, 12);
    assert_int_equal(result.created, 12);
    assert_int_equal(unit_tree_load(cx, test_programme(), date_of(2024, 1, 1), &tree), RC_OK);
    return tree;
}

static void a_tree_lists_parents_first_and_children_by_code(void **state)
{
    const struct unit_tree tree = import_first(world_cx(*state));
    static const char *const CODES[] = {
        "990000000000", "990100000000", "990100100000", "990100100200",
        "990200000000", "990201000000", "990201100000", "990201100001",
        "990201100200", "990201100201", "990201200000", "990201200200",
    };

    assert_int_equal(tree.count, 12);
    for (int i = 0; i < tree.count; i++) {
        assert_true(str_equal(tree.units[i].code, str_from(CODES[i])));
        assert_true(tree.units[i].parent < i);
        assert_true(i == 0 || tree.units[tree.units[i].parent].end >= tree.units[i].end);
    }
    assert_int_equal(tree.units[0].end, 12);
    assert_int_equal(tree.units[1].end, 4);
    assert_int_equal(tree.units[6].end, 10);
    assert_int_equal(tree.units[9].end, 10);
}

static void home_is_the_partition_or_the_nearest_unit_above_it(void **state)
{
    const struct unit_tree tree = import_first(world_cx(*state));

    assert_int_equal(tree.units[0].home, 0);
    assert_int_equal(tree.units[4].home, 4);
    assert_int_equal(tree.units[5].home, 5);
    assert_int_equal(tree.units[8].home, 5);
    assert_int_equal(tree.units[3].home, 1);
}

static void kinds_come_from_codes_and_endings_are_left_off(void **state)
{
    const struct unit_tree tree = import_first(world_cx(*state));

    assert_int_equal(tree.units[7].kind, KIND_RESIDENTS);
    assert_int_equal(tree.units[8].kind, KIND_COMMITTEE);
    assert_int_equal(tree.units[6].kind, KIND_TOWN);
    assert_true(str_equal(tree.units[8].base, STR("西沟")));
    assert_true(str_equal(tree.units[6].base, STR("丁")));
    assert_true(str_equal(unit_base_name(test_programme(), VILLAGE, STR("村")), STR("村")));
}

static void finds_units_by_code_id_and_unambiguous_name(void **state)
{
    const struct unit_tree tree = import_first(world_cx(*state));

    assert_int_equal(unit_tree_find_code(&tree, STR("990201100201")), 9);
    assert_int_equal(unit_tree_find_code(&tree, STR("990201100299")), NONE);
    for (int i = 0; i < tree.count; i++) {
        assert_int_equal(unit_tree_find_id(&tree, tree.units[i].id), i);
    }
    assert_int_equal(unit_tree_find_id(&tree, (struct unit_id){7}), NONE);
    assert_int_equal(unit_tree_find_name(&tree, 6, VILLAGE, STR("东沟村")), 9);
    assert_int_equal(unit_tree_find_name(&tree, 5, VILLAGE, STR("东沟村")), UNIT_SEVERAL);
    assert_int_equal(unit_tree_find_name(&tree, 5, VILLAGE, STR("西沟村委会")), 8);
    assert_int_equal(unit_tree_find_name(&tree, 10, VILLAGE, STR("西沟")), NONE);
    assert_int_equal(unit_tree_find_name(&tree, 0, TOWNSHIP, STR("戊乡")), 10);
    assert_int_equal(unit_tree_above(&tree, 9, COUNTY), 5);
    assert_int_equal(unit_tree_above(&tree, 3, COUNTY), NONE);
}

static void writes_the_path_of_a_unit_from_below_the_root(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct unit_tree tree = import_first(cx);
    struct buf buf;
    str path = {0};

    buf_init(&buf, cx->arena, 200);
    unit_tree_put_path(&tree, 9, &buf);
    assert_true(buf_done(&buf, &path));
    assert_true(str_equal(path, STR("乙市丙县丁镇东沟村委会")));
}

static void a_day_before_the_first_register_shows_the_first(void **state)
{
    const struct cx *cx = world_cx(*state);
    struct unit_tree tree = {0};

    assert_int_equal(unit_tree_load(cx, test_programme(), date_of(2020, 1, 1), &tree), RC_MISSING);
    err_clear(cx->err);
    (void)import_first(cx);
    assert_int_equal(unit_tree_load(cx, test_programme(), date_of(2020, 1, 1), &tree), RC_OK);
    assert_int_equal(tree.register_day.days, date_of(2023, 6, 30).days);
}

static void the_closure_says_who_stands_under_whom(void **state)
{
    const struct cx *cx = world_cx(*state);
    static const struct sql COUNT = {
        .name = "count",
        .text = "SELECT count(*) FROM unit_within WHERE ancestor = ?1 AND to_day = 99991231",
        .in_count = 1,
        .out_count = 1,
    };
    const struct unit_tree tree = import_first(cx);

    for (int i = 0; i < tree.count; i++) {
        const struct val in[] = {v_int(tree.units[i].id.v)};
        struct val out = {0};
        assert_int_equal(db_one(cx->db, &COUNT, in, &out, cx->arena, cx->err), RC_OK);
        assert_int_equal(out.number, tree.units[i].end - i);
    }
}

static void a_unit_has_the_address_it_was_written_under(void **state)
{
    const struct cx *cx = world_cx(*state);
    const struct unit_tree tree = import_first(cx);
    struct unit_address *rows = NULL;
    int count = 0;

    assert_int_equal(unit_addresses(cx, tree.units[9].id, &rows, &count), RC_OK);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].home.v, tree.units[5].id.v);
    assert_int_equal(rows[0].unit.v, tree.units[9].id.v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(a_tree_lists_parents_first_and_children_by_code),
        IN_A_WORLD(home_is_the_partition_or_the_nearest_unit_above_it),
        IN_A_WORLD(kinds_come_from_codes_and_endings_are_left_off),
        IN_A_WORLD(finds_units_by_code_id_and_unambiguous_name),
        IN_A_WORLD(writes_the_path_of_a_unit_from_below_the_root),
        IN_A_WORLD(a_day_before_the_first_register_shows_the_first),
        IN_A_WORLD(the_closure_says_who_stands_under_whom),
        IN_A_WORLD(a_unit_has_the_address_it_was_written_under),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
