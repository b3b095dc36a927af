/* What office people type, as a table: text in, reading out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/msg.h"
#include "base/num.h"
#include "base/quantity.h"

/* The reading as text: "12.50" a number, "85.3%" a percentage, "yes", "no", "2023-06-30",
 * "2023-06", "2023", "silent", "not applicable", or the reason's name; "~" behind it: rounded. */
struct test_row {
    const char *text;
    const char *want;
};

static const str PEOPLE[] = {STR_INIT("人")};
static const str ROAD[] = {STR_INIT("公里"), STR_INIT("km"), STR_INIT("千米")};
static const str AREA[] = {STR_INIT("平方公里"), STR_INIT("km²")};
static const str YUAN[] = {STR_INIT("元")};
static const str TEN_THOUSAND_YUAN[] = {STR_INIT("万元")};
static const str WEIGHT[] = {STR_INIT("千克"), STR_INIT("公斤")};
static const str SHARE[] = {STR_INIT("%")};

#define ASK(kind, digits, spellings)                                                               \
    {                                                                                              \
        .want = (kind), .decimals = (digits), .units = (spellings),                                \
        .unit_count = COUNT_OF(spellings)                                                          \
    }
static const struct quantity_ask COUNT_ASK = ASK(WANT_NUMBER, 0, PEOPLE);
static const struct quantity_ask ROAD_ASK = ASK(WANT_NUMBER, 2, ROAD);
static const struct quantity_ask AREA_ASK = ASK(WANT_NUMBER, 1, AREA);
static const struct quantity_ask YUAN_ASK = ASK(WANT_NUMBER, 2, YUAN);
static const struct quantity_ask WAN_ASK = ASK(WANT_NUMBER, 2, TEN_THOUSAND_YUAN);
static const struct quantity_ask WEIGHT_ASK = ASK(WANT_NUMBER, 0, WEIGHT);
static const struct quantity_ask PERCENT_ASK = ASK(WANT_PERCENT, 1, SHARE);
static const struct quantity_ask BOOL_ASK = {.want = WANT_BOOL};
static const struct quantity_ask DATE_ASK = {.want = WANT_DATE};

static const struct {
    enum msg_id why;
    const char *name;
} REASONS[] = {
    {MSG_QUANTITY_NOT_NUMBER, "not_number"},
    {MSG_QUANTITY_SPELLED, "spelled"},
    {MSG_QUANTITY_APPROXIMATE, "approximate"},
    {MSG_QUANTITY_RANGE, "range"},
    {MSG_QUANTITY_FRACTION, "fraction"},
    {MSG_QUANTITY_GROUPING, "grouping"},
    {MSG_QUANTITY_BRACKETS, "brackets"},
    {MSG_QUANTITY_UNIT, "unit"},
    {MSG_QUANTITY_MULTIPLIER, "multiplier"},
    {MSG_QUANTITY_NONE, "none"},
    {MSG_QUANTITY_TOO_BIG, "too_big"},
    {MSG_QUANTITY_TOO_LONG, "too_long"},
    {MSG_QUANTITY_NOT_BOOL, "not_bool"},
    {MSG_QUANTITY_NOT_DATE, "not_date"},
    {MSG_QUANTITY_DATE_AMBIGUOUS, "date_ambiguous"},
};

static str reason_name(enum msg_id why)
{
    for (size_t i = 0; i < COUNT_OF(REASONS); i++) {
        if (REASONS[i].why == why) {
            return str_from(REASONS[i].name);
        }
    }
    return STR("a reason this test does not know");
}

static void put_date(struct buf *out, const struct quantity *quantity)
{
    char room[16];
    struct buf digits = {.at = room, .room = sizeof(room), .max = sizeof(room)};
    str text = {0};
    static const size_t LENGTHS[] = {[GRAIN_DAY] = 10, [GRAIN_MONTH] = 7, [GRAIN_YEAR] = 4};

    date_put(&digits, quantity->date);
    assert_true(buf_done(&digits, &text));
    buf_put(out, str_part(text, 0, LENGTHS[quantity->grain]));
}

static void put_reading(struct buf *out, const struct quantity *quantity)
{
    switch (quantity->kind) {
    case QUANTITY_UNREADABLE:
        buf_put(out, reason_name(quantity->why));
        break;
    case QUANTITY_NUMBER:
        buf_fixed(out, quantity->scaled, quantity->decimals);
        break;
    case QUANTITY_PERCENT:
        buf_fixed(out, quantity->scaled, quantity->decimals);
        buf_put(out, quantity->has_sign_of_percent ? STR("%") : STR(" bare"));
        break;
    case QUANTITY_BOOL:
        buf_put(out, quantity->scaled == 1 ? STR("yes") : STR("no"));
        break;
    case QUANTITY_DATE:
        put_date(out, quantity);
        break;
    case QUANTITY_NOT_REPORTED:
        buf_put(out, STR("silent"));
        break;
    case QUANTITY_NOT_APPLICABLE:
        buf_put(out, STR("not applicable"));
        break;
    }
    buf_put(out, quantity->is_rounded ? STR("~") : STR(""));
}

static void check(const struct quantity_ask *ask, const struct test_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char room[128];
        struct buf out = {.at = room, .room = sizeof(room), .max = sizeof(room)};
        struct quantity quantity = quantity_read(str_from(rows[i].text), ask);
        str got = {0};
        put_reading(&out, &quantity);
        assert_true(buf_done(&out, &got));
        if (!str_equal(got, str_from(rows[i].want))) {
            fail_msg("\"%s\" is read as %.*s, not %s", rows[i].text, STR_ARG(got), rows[i].want);
        }
    }
}

#define CHECK(ask, ...)                                                                            \
    do {                                                                                           \
        static const struct test_row rows_[] = {__VA_ARGS__};                                      \
        check(&(ask), rows_, COUNT_OF(rows_));                                                     \
    } while (0)

static void reads_plain_and_full_width_numbers(void **state)
{
    (void)state;
    CHECK(COUNT_ASK, {"0", "0"}, {"1729", "1729"}, {" 12 ", "12"}, {"　12　", "12"}, {"+5", "5"},
          {"-5", "-5"}, {"－５", "-5"}, {"−5", "-5"}, {"–5", "-5"}, {"＋１２", "12"},
          {"１２３４", "1234"}, {"负5", "-5"}, {"- 5", "-5"}, {"007", "7"}, {"'0123", "123"},
          {"-0", "0"},
          {"\xEF\xBB\xBF"
           "12",
           "12"},
          {"12\xC2\xA0", "12"}, {"12\n", "12"}, {"12.0", "12"}, {"12.5", "13~"}, {"-12.5", "-13~"},
          {"0.4", "0~"}, {"0.5", "1~"}, {"1e3", "1000"}, {"1.2E+05", "120000"},
          {"999999999999999999", "999999999999999999"}, {"9999999999999999999", "too_big"},
          {"1e400", "too_big"}, {"1e99999", "too_big"}, {"1e-5", "0~"});
    CHECK(ROAD_ASK, {"12", "12.00"}, {"１２．５", "12.50"}, {".5", "0.50"}, {"-.25", "-0.25"},
          {"2.4500000000000002", "2.45~"}, {"0.005", "0.01~"}, {"0.0049", "0.00~"},
          {"99.995", "100.00~"});
}

static void reads_thousands_only_where_they_are(void **state)
{
    (void)state;
    CHECK(COUNT_ASK, {"1,234", "1234"}, {"1，234", "1234"}, {"１，２３４", "1234"},
          {"12,345,678", "12345678"}, {"1 234 567", "1234567"}, {"1　234", "1234"},
          {"-1,234", "-1234"}, {"1,234.00", "1234"}, {"1,23", "grouping"}, {"1,2345", "grouping"},
          {"1234,567", "grouping"}, {"12,", "grouping"}, {",123", "grouping"},
          {"1,,234", "grouping"}, {"1 23", "grouping"}, {"12 34", "grouping"},
          {"1.234.567", "unit"}, {"1、234", "unit"}, {"12。5", "unit"});
}

static void reads_units_in_their_spellings(void **state)
{
    (void)state;
    CHECK(COUNT_ASK, {"12人", "12"}, {"12 人", "12"}, {"人12", "12"}, {"12个", "unit"},
          {"12户", "unit"}, {"12人（含临时3人）", "brackets"}, {"共12人", "not_number"});
    CHECK(ROAD_ASK, {"12公里", "12.00"}, {"12.5 km", "12.50"}, {"12.5KM", "12.50"},
          {"12.5ｋｍ", "12.50"}, {"12㎞", "12.00"}, {"3千米", "3.00"}, {"300米", "unit"},
          {"12公里300米", "unit"}, {"12 公 里", "unit"});
    CHECK(AREA_ASK, {"3.2㎢", "3.2"}, {"3.2km2", "3.2"}, {"3.2 km²", "3.2"}, {"3.2平方公里", "3.2"},
          {"3.2公里", "unit"});
    CHECK(YUAN_ASK, {"¥12.50", "12.50"}, {"￥1,200元", "1200.00"}, {"12元", "12.00"},
          {"12圆", "unit"}, {"$12", "not_number"});
}

static void reads_multipliers_that_cannot_be_the_units(void **state)
{
    (void)state;
    CHECK(YUAN_ASK, {"1.2万", "12000.00"}, {"1.2 万元", "12000.00"}, {"3亿", "300000000.00"},
          {"3亿元", "300000000.00"}, {"5千", "5000.00"}, {"2百万", "2000000.00"},
          {"1.5千万元", "15000000.00"}, {"3十万", "300000.00"}, {"1.2万亿", "1200000000000.00"},
          {"￥1.2万", "12000.00"}, {"1.23456万", "12345.60"}, {"1.2345678万", "12345.68~"},
          {"1万2千", "unit"}, {"1.2w", "unit"}, {"1.2万人", "unit"}, {"1.2美元", "unit"});
    CHECK(WAN_ASK, {"1.2万元", "1.20"}, {"1.2", "1.20"}, {"1.2万", "multiplier"},
          {"3亿", "multiplier"}, {"12000元", "unit"}, {"¥1.2", "not_number"});
    CHECK(WEIGHT_ASK, {"1.2万千克", "12000"}, {"5千克", "5"}, {"5千", "multiplier"},
          {"5公斤", "5"});
}

static void reads_percentages(void **state)
{
    struct quantity_ask cell = PERCENT_ASK;
    struct quantity_ask wrong = COUNT_ASK;

    (void)state;
    cell.is_percent_cell = true;
    wrong.is_percent_cell = true;
    CHECK(PERCENT_ASK, {"85.3%", "85.3%"}, {"85.3％", "85.3%"}, {"35 %", "35.0%"},
          {"８５％", "85.0%"}, {"85.3", "85.3 bare"}, {"0.853", "0.9 bare~"}, {"100%", "100.0%"},
          {"-1.5%", "-1.5%"}, {"百分之85.3", "85.3%"}, {"5‰", "0.5%"}, {"85.33333333%", "85.3%~"},
          {"1.2万%", "unit"}, {"1.2万", "unit"}, {"45/60", "fraction"}, {"80%-90%", "range"},
          {"约80%", "approximate"}, {"80%以上", "approximate"}, {"%", "not_number"});
    CHECK(cell, {"0.853", "85.3 bare"}, {"1", "100.0 bare"}, {"0.85333", "85.3 bare~"});
    CHECK(COUNT_ASK, {"35%", "unit"});
    CHECK(wrong, {"0.35", "unit"});
}

static void silence_is_not_reported_and_only_words_are_not_applicable(void **state)
{
    (void)state;
    CHECK(COUNT_ASK, {"", "silent"}, {"   ", "silent"}, {"—", "silent"}, {"——", "silent"},
          {"－", "silent"}, {"-", "silent"}, {"--", "silent"}, {"- -", "silent"}, {"–", "silent"},
          {"/", "silent"}, {"／", "silent"}, {"\\", "silent"}, {"NA", "silent"}, {"N/A", "silent"},
          {"n/a", "silent"}, {"#N/A", "silent"}, {"ＮＡ", "silent"}, {"null", "silent"},
          {"未统计", "silent"}, {"未上报", "silent"}, {"暂无数据", "silent"}, {"不详", "silent"},
          {"缺", "silent"}, {" 未 统计", "not_number"}, {"不适用", "not applicable"},
          {"不涉及", "not applicable"}, {"Not applicable", "not applicable"}, {"无", "none"},
          {"没有", "none"}, {"None", "none"});
    CHECK(DATE_ASK, {"", "silent"}, {"—", "silent"}, {"不适用", "not applicable"});
}

static void says_why_text_is_no_number(void **state)
{
    (void)state;
    CHECK(COUNT_ASK, {"约300", "approximate"}, {"300左右", "approximate"}, {"近300", "approximate"},
          {"300余", "approximate"}, {"300多人", "approximate"}, {">300", "approximate"},
          {"≥300", "approximate"}, {"300以上", "approximate"}, {"3-5", "range"}, {"3～5", "range"},
          {"3~5人", "range"}, {"3至5", "range"}, {"3—5", "range"}, {"3到5", "range"},
          {"1/2", "fraction"}, {"6/30", "fraction"}, {"(3)", "brackets"}, {"（1,234）", "brackets"},
          {"三百", "spelled"}, {"一千二百", "spelled"}, {"十二", "spelled"}, {"３百", "300"},
          {"是", "not_number"}, {"√", "not_number"}, {"abc", "not_number"}, {"#REF!", "not_number"},
          {"12abc", "unit"}, {"①", "not_number"}, {"=A1+B1", "not_number"}, {"12?", "unit"},
          {"0x10", "unit"}, {"1_000", "unit"}, {"∞", "not_number"}, {"nan", "not_number"},
          {"inf", "not_number"},
          {"村里没有统计过这个数字，乡里也没有统计过这个数字，县里说过要统计这个数字，"
           "至今没有统计这个数字，所以这里写的只是一句话，不是一个数字，请勿当作数字",
           "too_long"});
}

static void reads_yes_and_no(void **state)
{
    (void)state;
    CHECK(BOOL_ASK, {"是", "yes"}, {"有", "yes"}, {"√", "yes"}, {"✓", "yes"}, {"✔", "yes"},
          {"☑", "yes"}, {"Y", "yes"}, {"yes", "yes"}, {"ＹＥＳ", "yes"}, {"TRUE", "yes"},
          {"1", "yes"}, {"１", "yes"}, {" 是 ", "yes"}, {"否", "no"}, {"无", "no"}, {"没有", "no"},
          {"×", "no"}, {"✗", "no"}, {"N", "no"}, {"No", "no"}, {"FALSE", "no"}, {"0", "no"},
          {"", "silent"}, {"—", "silent"}, {"N/A", "silent"}, {"不适用", "not applicable"},
          {"x", "not_bool"}, {"X", "not_bool"}, {"○", "not_bool"}, {"2", "not_bool"},
          {"部分", "not_bool"}, {"是/否", "not_bool"}, {"□", "not_bool"}, {"基本是", "not_bool"},
          {"85%", "not_bool"});
}

static void reads_dates_as_office_people_write_them(void **state)
{
    (void)state;
    CHECK(DATE_ASK, {"2023年6月30日", "2023-06-30"}, {"2023年06月30日", "2023-06-30"},
          {"2023 年 6 月 30 日", "2023-06-30"}, {"２０２３年６月３０日", "2023-06-30"},
          {"2023年6月30号", "2023-06-30"}, {"2023年6月", "2023-06"}, {"2023年6月份", "2023-06"},
          {"2023年", "2023"}, {"2023年度", "2023"}, {"2023", "2023"}, {"2023.6.30", "2023-06-30"},
          {"2023．6．30", "2023-06-30"}, {"2023-06-30", "2023-06-30"}, {"2023/6/30", "2023-06-30"},
          {"2023-6", "2023-06"}, {"2023.06", "2023-06"}, {"2023.10", "2023-10"},
          {"2023.1", "date_ambiguous"}, {"2023/1", "2023-01"}, {"20230630", "2023-06-30"},
          {"202306", "2023-06"}, {"200612", "date_ambiguous"}, {"2023-06-30 08:30", "2023-06-30"},
          {"2023-06-30T00:00:00", "2023-06-30"}, {"2023/6/30 8:30:00", "2023-06-30"},
          {"23.6.30", "date_ambiguous"}, {"23年6月", "date_ambiguous"}, {"6月30日", "not_date"},
          {"2023年13月", "not_date"}, {"2023-02-30", "not_date"}, {"2023.6.31", "not_date"},
          {"2024.2.29", "2024-02-29"}, {"2023-6.30", "not_date"}, {"6/30/2023", "not_date"},
          {"45107", "not_date"}, {"1899-12-31", "not_date"}, {"2200", "not_date"},
          {"0023年", "not_date"}, {"2023年6月底", "not_date"}, {"08:30", "date_ambiguous"},
          {"2023-06-30 上午", "not_date"}, {"去年", "not_date"}, {"二〇二三年", "not_date"});
}

static void every_reason_has_words_with_the_text_in_them(void **state)
{
    struct arena arena;
    struct arg text = arg_text(STR("三五个"));

    (void)state;
    arena_init(&arena, ARENA_MIB);
    for (size_t i = 0; i < COUNT_OF(REASONS); i++) {
        for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
            struct buf out;
            str got = {0};
            buf_init(&out, &arena, 1024);
            msg_put(&out, (enum lang)lang, REASONS[i].why, &text, 1);
            assert_true(buf_done(&out, &got));
            assert_true(str_find(got, STR("三五个")) != STR_NONE);
        }
    }
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_plain_and_full_width_numbers),
        cmocka_unit_test(reads_thousands_only_where_they_are),
        cmocka_unit_test(reads_units_in_their_spellings),
        cmocka_unit_test(reads_multipliers_that_cannot_be_the_units),
        cmocka_unit_test(reads_percentages),
        cmocka_unit_test(silence_is_not_reported_and_only_words_are_not_applicable),
        cmocka_unit_test(says_why_text_is_no_number),
        cmocka_unit_test(reads_yes_and_no),
        cmocka_unit_test(reads_dates_as_office_people_write_them),
        cmocka_unit_test(every_reason_has_words_with_the_text_in_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
