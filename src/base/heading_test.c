/* Headings and folding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fold.h"
#include "base/heading.h"
#include "base/must.h"
#include "base/utf8.h"

static const struct {
    const char *text;
    const char *whole;
    const char *name;
    const char *unit;
} HEADINGS[] = {
    {"户籍人口（人）", "户籍人口人", "户籍人口", "人"},
    {"户籍人口(人)", "户籍人口人", "户籍人口", "人"},
    {"户 籍\n人　口【 人 】", "户籍人口人", "户籍人口", "人"},
    {"污水治理率(%)", "污水治理率%", "污水治理率", "%"},
    {"污水治理率（％）", "污水治理率%", "污水治理率", "%"},
    {"村集体收入（单位：万元）", "村集体收入单位万元", "村集体收入", "万元"},
    {"住房內有厕所", "住房内有厕所", "住房内有厕所", ""},
    {"戶數", "户数", "户数", ""},
    {"性别比（女=100）", "性别比女=100", "性别比", "女=100"},
    {"收入（2023年）（元）", "收入2023年元", "收入2023年", "元"},
    {"面积（平方公里（含水域））", "面积平方公里含水域", "面积", "平方公里含水域"},
    {"面积㎢", "面积km2", "面积km2", ""},
    {"人口数_合计", "人口数合计", "人口数合计", ""},
    {"*村名：", "村名", "村名", ""},
    {"（人）", "人", "人", ""},
    {"人）", "人", "人", ""},
    {"（人", "人", "人", ""},
    {"Ｎａｍｅ (KM)", "namekm", "name", "km"},
    {"15—64岁", "15-64岁", "15-64岁", ""},
    {"", "", "", ""},
    {" \n", "", "", ""},
};

static void assert_text(str got, const char *want)
{
    if (!str_equal(got, str_from(want))) {
        fail_msg("got \"%.*s\", not \"%s\"", STR_ARG(got), want);
    }
}

static void reads_name_and_unit_of_a_heading(void **state)
{
    struct arena arena;

    (void)state;
    arena_init(&arena, ARENA_MIB);
    for (size_t i = 0; i < COUNT_OF(HEADINGS); i++) {
        struct heading heading = heading_of(str_from(HEADINGS[i].text), &arena);
        assert_text(heading.whole, HEADINGS[i].whole);
        assert_text(heading.name, HEADINGS[i].name);
        assert_text(heading.unit, HEADINGS[i].unit);
    }
    arena_done(&arena);
}

/* Over every character: what comes out is valid, no longer, and folds to itself. */
static void folding_keeps_text_valid_and_is_done_once(void **state)
{
    (void)state;
    for (uint32_t point = 1; point <= 0x10FFFF; point++) {
        char in[4];
        char first_room[8];
        char second_room[8];
        struct buf first = {.at = first_room, .room = 8, .max = 8};
        struct buf second = {.at = second_room, .room = 8, .max = 8};
        str once = {0};
        str twice = {0};
        if (point == 0xD800) {
            point = 0xE000;
        }
        size_t len = utf8_write(in, point);
        fold_put(&first, (str){in, len});
        assert_true(buf_done(&first, &once));
        assert_true(once.len <= len && utf8_is_valid(once));
        fold_put(&second, once);
        assert_true(buf_done(&second, &twice));
        assert_true(str_equal(once, twice));
    }
}

/* Each entry is found although the search is by halves: the table is in order. */
static void folds_what_the_table_names(void **state)
{
    char room[128];
    struct buf out = {.at = room, .room = sizeof(room), .max = sizeof(room)};
    str got = {0};

    (void)state;
    fold_put(&out, STR("Ａ［｛\t—－−〜㎡㎞縣鄉鎮農產畝總數處號間門電內￥"));
    assert_true(buf_done(&out, &got));
    assert_text(got, "a(( ---~m2km县乡镇农产亩总数处号间门电内¥");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_name_and_unit_of_a_heading),
        cmocka_unit_test(folding_keeps_text_valid_and_is_done_once),
        cmocka_unit_test(folds_what_the_table_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
