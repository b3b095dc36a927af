/* The lowest room: text, numbers, dates, memory, outcomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/msg.h"
#include "base/num.h"
#include "base/place.h"
#include "base/utf8.h"

#define assert_str(got, want) assert_true(str_equal((got), STR(want)))

static int begin(void **state)
{
    static struct arena arena;

    arena_init(&arena, ARENA_REQUEST_MAX);
    *state = &arena;
    return 0;
}

static int end(void **state)
{
    arena_done(*state);
    return 0;
}

static void trims_every_kind_of_blank(void **state)
{
    (void)state;
    assert_str(str_trim(STR("\xEF\xBB\xBF \xE3\x80\x80村\xC2\xA0\n")), "村");
    assert_str(str_trim(STR(" \t ")), "");
}

static void finds_and_cuts(void **state)
{
    str rest = STR("a,,b");
    str piece = {0};

    (void)state;
    assert_int_equal(str_find(STR("户籍人口"), STR("人口")), 6);
    assert_true(str_find(STR("户"), STR("户籍")) == STR_NONE);
    assert_true(str_cut(&rest, ',', &piece));
    assert_str(piece, "a");
    assert_true(str_cut(&rest, ',', &piece));
    assert_str(piece, "");
    assert_true(str_cut(&rest, ',', &piece));
    assert_str(piece, "b");
    assert_false(str_cut(&rest, ',', &piece));
}

static void measures_distance_up_to_a_limit(void **state)
{
    (void)state;
    assert_int_equal(str_distance(STR("quota"), STR("qouta"), 3), 2);
    assert_int_equal(str_distance(STR("quota"), STR("indicator"), 3), 4);
}

static void reads_decimals_exactly(void **state)
{
    int64_t n = 0;

    (void)state;
    assert_true(num_parse_fixed(STR("-12.5"), 2, &n));
    assert_int_equal(n, -1250);
    assert_true(num_parse_fixed(STR("3.4500"), 2, &n));
    assert_int_equal(n, 345);
    assert_true(num_parse_fixed(STR(".5"), 1, &n));
    assert_int_equal(n, 5);
    assert_false(num_parse_fixed(STR("3.456"), 2, &n));
    assert_false(num_parse_fixed(STR(""), 2, &n));
    assert_false(num_parse_fixed(STR("."), 2, &n));
    assert_false(num_parse_fixed(STR("1e3"), 2, &n));
    assert_false(num_parse_fixed(STR("1.2.3"), 2, &n));
    assert_false(num_parse_fixed(STR("9223372036854775808"), 0, &n));
    assert_true(num_parse_fixed(STR("-9223372036854775808"), 0, &n));
    assert_true(n == INT64_MIN);
}

static void keeps_integers_in_range(void **state)
{
    int64_t n = 0;

    (void)state;
    assert_true(num_parse_int(STR("+7"), 0, 7, &n));
    assert_int_equal(n, 7);
    assert_false(num_parse_int(STR("8"), 0, 7, &n));
    assert_false(num_parse_int(STR(" 7"), 0, 7, &n));
}

static void prints_what_it_read(void **state)
{
    char text[NUM_TEXT_MAX];

    (void)state;
    assert_str(num_print(text, -5, 2), "-0.05");
    assert_str(num_print(text, 0, 0), "0");
    assert_str(num_print(text, 120, 1), "12.0");
    assert_str(num_print(text, INT64_MIN, 0), "-9223372036854775808");
}

static void rounds_halves_away_from_zero(void **state)
{
    int64_t n = 0;

    (void)state;
    assert_true(num_rescale(125, 2, 1, &n));
    assert_int_equal(n, 13);
    assert_true(num_rescale(-125, 2, 1, &n));
    assert_int_equal(n, -13);
    assert_true(num_rescale(-124, 2, 1, &n));
    assert_int_equal(n, -12);
    assert_false(num_rescale(INT64_MAX, 0, 1, &n));
    assert_true(num_from_double(0.125, 2, &n));
    assert_int_equal(n, 13);
    assert_false(num_from_double(1e300, 2, &n));
}

static void groups_thousands_for_people(void **state)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, *state, 100);
    buf_fixed_grouped(&buf, -123456789, 2);
    buf_char(&buf, ' ');
    buf_fixed_grouped(&buf, 1000, 0);
    buf_char(&buf, ' ');
    buf_fixed_grouped(&buf, -100, 0);
    assert_true(buf_done(&buf, &text));
    assert_str(text, "-1,234,567.89 1,000 -100");
}

static void remembers_that_text_did_not_fit(void **state)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, *state, 4);
    buf_put(&buf, STR("1234"));
    assert_true(buf_done(&buf, &text));
    buf_put(&buf, STR("5"));
    buf_put(&buf, STR(""));
    assert_false(buf_done(&buf, &text));
}

static void rewinds_scratch_and_zeroes_it(void **state)
{
    struct arena *arena = *state;
    char *kept = arena_take(arena, 16);
    struct arena_mark mark = arena_mark(arena);
    size_t before = arena->taken;
    char *scratch = arena_take(arena, 100000);

    kept[0] = 'k';
    scratch[0] = 's';
    arena_rewind(arena, mark);
    assert_int_equal(arena->taken, before);
    assert_int_equal(kept[0], 'k');
    assert_int_equal(*(char *)arena_take(arena, 16), 0);
}

static void maps_keys_that_collide(void **state)
{
    struct map map;
    int64_t value = 0;

    map_init(&map, *state, 0);
    for (int64_t i = 0; i < 1000; i++) {
        struct buf key;
        str text = {0};
        buf_init(&key, *state, 32);
        buf_int(&key, i);
        assert_true(buf_done(&key, &text));
        assert_true(map_put(&map, text, i));
    }
    assert_false(map_put(&map, STR("7"), 70));
    assert_true(map_get(&map, STR("7"), &value));
    assert_int_equal(value, 70);
    assert_true(map_get(&map, STR("999"), &value));
    assert_int_equal(value, 999);
    assert_false(map_get(&map, STR("1000"), &value));
    assert_int_equal(map.count, 1000);
}

static void knows_the_calendar(void **state)
{
    struct buf buf;
    str text = {0};
    date d = {0};

    assert_true(date_parse(STR("2024-02-29"), &d));
    assert_int_equal(d.days, 19782);
    assert_int_equal(date_year(d), 2024);
    assert_int_equal(date_key(d), 20240229);
    assert_int_equal(date_from_key(20240229).days, d.days);
    assert_int_equal(date_key(date_from_key(99991231)), 99991231);
    assert_false(date_parse(STR("2023-02-29"), &d));
    assert_false(date_parse(STR("2023-6-30"), &d));
    buf_init(&buf, *state, 100);
    date_put(&buf, d);
    buf_char(&buf, ' ');
    moment_put(&buf, 1700000000000, 480);
    assert_true(buf_done(&buf, &text));
    assert_str(text, "2024-02-29 2023-11-15 06:13");
    assert_int_equal(date_key(date_of_moment(1700000000000, 480)), 20231115);
    assert_int_equal(date_key(date_of_moment(1700000000000, -120)), 20231114);
}

static void refuses_text_that_is_not_utf8(void **state)
{
    (void)state;
    assert_true(utf8_is_valid(STR("墕𡐓")));
    assert_false(utf8_is_valid(STR("\xC0\x80")));
    assert_false(utf8_is_valid(STR("\xED\xA0\x80")));
    assert_false(utf8_is_valid(STR("\xF4\x90\x80\x80")));
    assert_false(utf8_is_valid(STR("\xE6\x9D")));
    assert_int_equal(utf8_width(STR("村a")), 3);
    assert_int_equal(utf8_count(STR("村a𡐓")), 3);
}

static void hashes_as_the_standard_says(void **state)
{
    assert_str(hash_hex(hash_of(STR("abc")), *state),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void keeps_the_first_cause(void **state)
{
    struct err err = {0};
    struct buf buf;
    str text = {0};

    buf_init(&buf, *state, 1000);
    assert_int_equal(
        err_set(&err, RC_BROKEN, MSG_BASE_IO_READ, arg_text(STR("a.csv")), arg_text(STR("gone"))),
        RC_BROKEN);
    assert_int_equal(err_set(&err, RC_LIMIT, MSG_BASE_OUT_OF_RANGE, arg_text(STR("b"))), RC_BROKEN);
    err_put(&buf, LANG_EN, &err);
    assert_true(buf_done(&buf, &text));
    assert_str(text, "Cannot read the file “a.csv”: gone\n"
                     "Check that the file exists and that you may read it.");
}

static void columns_are_lettered_as_spreadsheets_do(void **state)
{
    static const struct {
        int column;
        const char *name;
    } CASES[] = {{0, "A"},   {25, "Z"},   {26, "AA"},  {51, "AZ"},
                 {52, "BA"}, {701, "ZZ"}, {702, "AAA"}};
    char text[PLACE_MAX];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(CASES); i++) {
        assert_true(str_equal(place_column(text, CASES[i].column), str_from(CASES[i].name)));
    }
    assert_true(str_equal(place_name(text, 11, 27), STR("AB12")));
    for (int column = 0; column < 16384; column += 97) {
        int64_t row = 0;
        int back = 0;
        assert_true(place_read(place_name(text, 1048575, column), &row, &back));
        assert_true(row == 1048575 && back == column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_lettered_as_spreadsheets_do),
        cmocka_unit_test(trims_every_kind_of_blank),
        cmocka_unit_test(finds_and_cuts),
        cmocka_unit_test(measures_distance_up_to_a_limit),
        cmocka_unit_test(reads_decimals_exactly),
        cmocka_unit_test(keeps_integers_in_range),
        cmocka_unit_test(prints_what_it_read),
        cmocka_unit_test(rounds_halves_away_from_zero),
        cmocka_unit_test_setup_teardown(groups_thousands_for_people, begin, end),
        cmocka_unit_test_setup_teardown(remembers_that_text_did_not_fit, begin, end),
        cmocka_unit_test_setup_teardown(rewinds_scratch_and_zeroes_it, begin, end),
        cmocka_unit_test_setup_teardown(maps_keys_that_collide, begin, end),
        cmocka_unit_test_setup_teardown(knows_the_calendar, begin, end),
        cmocka_unit_test(refuses_text_that_is_not_utf8),
        cmocka_unit_test_setup_teardown(hashes_as_the_standard_says, begin, end),
        cmocka_unit_test_setup_teardown(keeps_the_first_cause, begin, end),
    };
    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
