/* The kept cube: used while it is of today's data, brought up to date or made anew when it is not,
 * never believed when anything about it is wrong. */
#include <stdlib.h>
#include <unistd.h>

#include "office/indicator/rollup.h"
#include "store/file.h"
#include "tests/office/rooms.h"

static const char LEDGER[] = "行政区划代码|户籍人口|户数|人均收入|自来水普及率|通硬化路|房龄\n"
                             "99010101|120|40|9000|20/40|是|31\n"
                             "99010102|300|100|12000|90%|否|8\n"
                             "99010103|未统计|50|8000|未统计|是|12\n"
                             "99010201|80|30|7000|30/30|未统计|5\n"
                             "99010202|不适用|20|6500|25%|否|40\n"
                             "99020101|501|160|15001|150/160|是|3\n";
static const char ONE_CHANGED[] = "行政区划代码|户籍人口|户数|人均收入|自来水普及率\n"
                                  "99010201|95|31|7100|28/31\n";

struct desk {
    struct rooms rooms;
    struct panel_of of;
    char directory[64];
    char file[128];
};

static struct batch import(struct desk *desk, const char *text)
{
    const struct ledger_job job = rooms_job(&desk->rooms);
    struct change_list list = {0};
    struct batch batch = {0};

    assert_int_equal(rooms_import(&desk->rooms, text, &job, &list, &batch), RC_OK);
    return batch;
}

static void open_desk(void **state, struct desk *desk)
{
    *desk = (struct desk){.directory = "/tmp/wancun-kept-XXXXXX"};
    rooms_open(*state, &desk->rooms);
    assert_non_null(mkdtemp(desk->directory));
    (void)snprintf(desk->file, sizeof(desk->file), "%s/cube-village-202400", desk->directory);
    desk->of = (struct panel_of){
        .tree = &desk->rooms.tree,
        .programme = desk->rooms.programme,
        .numbers = &desk->rooms.numbers,
        .level = rooms_job(&desk->rooms).level,
    };
    (void)import(desk, LEDGER);
}

static void close_desk(struct desk *desk)
{
    (void)unlink(desk->file);
    assert_int_equal(rmdir(desk->directory), 0);
}

static struct rollup open_cube(const struct desk *desk, const char *directory)
{
    struct rollup rollup = {0};

    assert_int_equal(
        rollup_open(desk->rooms.cx, &desk->of, period_of_year(2024), str_from(directory), &rollup),
        RC_OK);
    return rollup;
}

/* What the county of the first villages comes to. */
static double people(const struct desk *desk, const struct rollup *rollup)
{
    int place = unit_tree_find_code(rollup->tree, STR("9901"));

    return rollup_unit(rollup, place, rooms_indicator(&desk->rooms, "POP"), desk->rooms.cx->arena)
        .value;
}

static double answer(const struct desk *desk)
{
    struct rollup rollup = open_cube(desk, desk->directory);
    double value = people(desk, &rollup);

    rollup_close(&rollup);
    return value;
}

static str bytes_of(const struct desk *desk)
{
    str bytes = {0};

    assert_int_equal(file_read_whole(str_from(desk->file), 1 << 24, desk->rooms.cx->arena, &bytes,
                                     desk->rooms.cx->err),
                     RC_OK);
    return bytes;
}

/* The kept file as it is, and as it is made anew: not one bit may differ. */
static void expect_as_made_anew(const struct desk *desk)
{
    (void)answer(desk);
    str kept = bytes_of(desk);
    assert_int_equal(unlink(desk->file), 0);
    (void)answer(desk);
    str anew = bytes_of(desk);
    assert_int_equal(kept.len, anew.len);
    assert_memory_equal(kept.at, anew.at, anew.len);
}

/* Seal a cube that says something else, under the same stamp: who uses it gives itself away. */
static void falsify(const struct desk *desk, double value)
{
    struct err err = {0};
    struct rollup rollup = open_cube(desk, desk->directory);
    struct cube_stamp stamp = {.generation = cube_generation(rollup.cube)};
    str bytes = bytes_of(desk);
    size_t at = CUBE_KEY_BYTES; /* the generation stands behind the key */

    while (memcmp(bytes.at + at, &stamp.generation, sizeof(stamp.generation)) != 0) {
        at++;
        assert_true(at < 512);
    }
    memcpy(stamp.key, bytes.at + at - CUBE_KEY_BYTES, CUBE_KEY_BYTES);
    int leaf = rollup.first_leaf[unit_tree_find_code(rollup.tree, STR("99010101"))];
    int number = rollup.own[rooms_indicator(&desk->rooms, "POP")].num;
    assert_int_equal(cube_set(rollup.cube, (uint32_t)leaf, number, value, EXPR_KNOWN, &err), RC_OK);
    assert_int_equal(
        file_write_whole(str_from(desk->file), cube_to_bytes(rollup.cube, &stamp), &err), RC_OK);
    rollup_close(&rollup);
}

static void is_used_while_nothing_has_come_in(void **state)
{
    struct desk desk;

    open_desk(state, &desk);
    assert_float_equal(answer(&desk), 500, 0);
    falsify(&desk, 1120);
    assert_float_equal(answer(&desk), 1500, 0);
    close_desk(&desk);
}

static void is_brought_up_to_date_and_not_made_anew_after_a_small_import(void **state)
{
    struct desk desk;

    open_desk(state, &desk);
    assert_float_equal(answer(&desk), 500, 0);
    falsify(&desk, 1120);
    (void)import(&desk, ONE_CHANGED);
    assert_float_equal(answer(&desk), 1515, 0);
    close_desk(&desk);
}

static void brought_up_to_date_has_the_bits_of_one_made_anew(void **state)
{
    struct desk desk;
    struct batch counter = {0};

    open_desk(state, &desk);
    (void)answer(&desk);
    struct batch batch = import(&desk, ONE_CHANGED);
    expect_as_made_anew(&desk);
    assert_int_equal(import_revert(desk.rooms.cx, batch.id, STR("填错"), &counter), RC_OK);
    expect_as_made_anew(&desk);
    assert_float_equal(answer(&desk), 500, 0);
    close_desk(&desk);
}

static void is_made_anew_after_a_large_import(void **state)
{
    struct desk desk;

    open_desk(state, &desk);
    (void)answer(&desk);
    falsify(&desk, 1120);
    (void)import(&desk, "行政区划代码|户籍人口\n99010102|301\n99010103|50\n99010201|81\n");
    assert_float_equal(answer(&desk), 120 + 301 + 50 + 81, 0);
    expect_as_made_anew(&desk);
    close_desk(&desk);
}

static void is_made_anew_after_a_register(void **state)
{
    struct desk desk;

    open_desk(state, &desk);
    const struct unit_tree then = desk.rooms.tree;
    desk.of.tree = &then;
    (void)answer(&desk);
    falsify(&desk, 1120);
    rooms_register(&desk.rooms,
                   "code|level|name\n99|province|示范省\n9901|county|甲县\n990101|township|东镇\n"
                   "99010101|village|李庄村\n",
                   date_of(2026, 1, 1));
    assert_float_equal(answer(&desk), 500, 0);
    close_desk(&desk);
}

static void is_not_believed_when_a_bit_of_it_is_wrong(void **state)
{
    struct desk desk;
    struct err err = {0};

    open_desk(state, &desk);
    (void)answer(&desk);
    str whole = bytes_of(&desk);
    char *bytes = ARENA_NEW(desk.rooms.cx->arena, char, whole.len);
    for (size_t at = 0; at < whole.len; at += 1 + whole.len / 37) {
        memcpy(bytes, whole.at, whole.len);
        bytes[at] = (char)(bytes[at] ^ 4);
        assert_int_equal(file_write_whole(str_from(desk.file), (str){bytes, whole.len}, &err),
                         RC_OK);
        assert_float_equal(answer(&desk), 500, 0);
        assert_memory_equal(bytes_of(&desk).at, whole.at, whole.len);
    }
    assert_int_equal(file_write_whole(str_from(desk.file), str_part(whole, 0, 100), &err), RC_OK);
    assert_float_equal(answer(&desk), 500, 0);
    close_desk(&desk);
}

static void who_may_not_write_does_without(void **state)
{
    struct desk desk;

    open_desk(state, &desk);
    struct rollup none = open_cube(&desk, "");
    assert_float_equal(people(&desk, &none), 500, 0);
    rollup_close(&none);
    struct rollup barred = open_cube(&desk, "/proc/none");
    assert_float_equal(people(&desk, &barred), 500, 0);
    rollup_close(&barred);
    close_desk(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(is_used_while_nothing_has_come_in),
        IN_A_WORLD(is_brought_up_to_date_and_not_made_anew_after_a_small_import),
        IN_A_WORLD(brought_up_to_date_has_the_bits_of_one_made_anew),
        IN_A_WORLD(is_made_anew_after_a_large_import),
        IN_A_WORLD(is_made_anew_after_a_register),
        IN_A_WORLD(is_not_believed_when_a_bit_of_it_is_wrong),
        IN_A_WORLD(who_may_not_write_does_without),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
