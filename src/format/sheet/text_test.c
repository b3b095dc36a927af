/* Separated text and xz files. */
#include "format/sheet/reading_test.h"

static enum rc read_csv(struct fixture *fixture, str bytes)
{
    struct sheet_reader reader = reader_of(fixture);

    return csv_read(bytes, &SHEET_LIMITS, &reader, &fixture->err);
}

static const struct test_csv {
    str bytes;
    const char *want;
} TEXTS[] = {
    {STR_INIT("a,b\n1,2"), "[]1 At:a Bt:b;2 At:1 Bt:2;"},
    {STR_INIT("\xEF\xBB\xBF"
              "村,人口\r\n\r\n甲,3\r\n"),
     "[]1 At:村 Bt:人口;3 At:甲 Bt:3;"},
    {STR_INIT("a\tb,c\n1\t2\n"), "[]1 At:a Bt:b,c;2 At:1 Bt:2;"},
    {STR_INIT("a;b;c;d;e\n1,2\n3,4\n"), "[]1 At:a;b;c;d;e;2 At:1 Bt:2;3 At:3 Bt:4;"},
    {STR_INIT("\"a;b\",c\n\"d;e\",f\n;g\n"), "[]1 At:a;b Bt:c;2 At:d;e Bt:f;3 At:;g;"},
    {STR_INIT("title;only\na\tb\n1\t2\n"), "[]1 At:title;only;2 At:a Bt:b;3 At:1 Bt:2;"},
    {STR_INIT("a,b;c\n"), "[]1 At:a Bt:b;c;"},
    {STR_INIT("a;b\rc;\r"), "[]1 At:a Bt:b;2 At:c;"},
    {STR_INIT("\"a\"\"b\",\"c\nd\" ,e\"f\n,,g"), "[]1 At:a\"b Bt:c\\nd Ct:e\"f;2 Ct:g;"},
    {STR_INIT("\xB4\xE5,\xC8\xCB\xBF\xDA\n"), "[]1 At:村 Bt:人口;"},
    {STR_INIT("\xB4\xE5,\x82\x31\xD3\x36,\x95\x32\x82\x36\n"), "[]1 At:村 Bt:㳔 Ct:𠀀;"},
    {STR_INIT(""), "[]"},
};

static void reads_separated_text(void **state)
{
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(TEXTS); i++) {
        buf_clear(&fixture->reading.text);
        assert_int_equal(read_csv(fixture, TEXTS[i].bytes), RC_OK);
        assert_text(read_back(fixture), TEXTS[i].want);
    }
}

static void names_the_line_and_byte_of_wrong_text(void **state)
{
    static const struct {
        str bytes;
        enum msg_id why;
        int64_t line;
        int64_t byte; /* -1: the message has none */
    } WRONG[] = {
        {STR_INIT("村,a\n甲,\xE4\xB8\n"), MSG_SHEET_CSV_ENCODING, 2, 5},
        {STR_INIT("\xB4\xE5\n\xB4\xE5\xFF\n"), MSG_SHEET_CSV_ENCODING, 2, 3},
        {STR_INIT("\xEF\xBB\xBF\xB4\xE5\n"), MSG_SHEET_CSV_ENCODING, 1, 4},
        {STR_INIT("a\nb\n\"c\nd"), MSG_SHEET_CSV_QUOTE_OPEN, 3, -1},
        {STR_INIT("a\n\"b\nc\"d"), MSG_SHEET_CSV_QUOTE_TAIL, 3, -1},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < COUNT_OF(WRONG); i++) {
        err_clear(&fixture->err);
        assert_int_equal(read_csv(fixture, WRONG[i].bytes), RC_INVALID);
        assert_int_equal(fixture->err.msg, WRONG[i].why);
        assert_int_equal(fixture->err.args[0].number, WRONG[i].line);
        if (WRONG[i].byte >= 0) {
            assert_int_equal(fixture->err.args[1].number, WRONG[i].byte);
        }
    }
}

/* ---- xz ---- */

/* "a,b\n1,2\n" as xz packs it. */
static const unsigned char PACKED[] = {
    0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00, 0x04, 0xE6, 0xD6, 0xB4, 0x46, 0x02, 0x00, 0x21, 0x01,
    0x16, 0x00, 0x00, 0x00, 0x74, 0x2F, 0xE5, 0xA3, 0x01, 0x00, 0x07, 0x61, 0x2C, 0x62, 0x0A, 0x31,
    0x2C, 0x32, 0x0A, 0x00, 0xBE, 0x9C, 0xBD, 0x49, 0xB5, 0x12, 0x2A, 0xFE, 0x00, 0x01, 0x20, 0x08,
    0xBB, 0x19, 0xD9, 0xBB, 0x1F, 0xB6, 0xF3, 0x7D, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5A};

static void unpacks_xz_up_to_a_limit(void **state)
{
    struct fixture *fixture = *state;
    str packed = {(const char *)PACKED, sizeof(PACKED)};
    str text = {0};

    assert_int_equal(xz_unpack(packed, 8, &fixture->arena, &text, &fixture->err), RC_OK);
    assert_text(text, "a,b\n1,2\n");
    assert_int_equal(xz_unpack(packed, 7, &fixture->arena, &text, &fixture->err), RC_LIMIT);
    for (size_t len = 0; len < packed.len; len++) {
        err_clear(&fixture->err);
        assert_int_equal(
            xz_unpack(str_part(packed, 0, len), 64, &fixture->arena, &text, &fixture->err),
            RC_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_separated_text, begin, end),
        cmocka_unit_test_setup_teardown(names_the_line_and_byte_of_wrong_text, begin, end),
        cmocka_unit_test_setup_teardown(unpacks_xz_up_to_a_limit, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
