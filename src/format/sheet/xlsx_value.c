/* What a stored value is for a person: numbers without binary noise, dates, escapes undone. */
#include "base/date.h"
#include "base/num.h"
#include "base/utf8.h"
#include "format/sheet/xlsx_in.h"

#include <string.h>

enum {
    DIGITS_SHOWN_MAX = 15, /* a spreadsheet shows and keeps no more (decision 0010) */
    DIGITS_KEPT_MAX = 40,  /* of a whole number, which is not rounded */
    EXPONENT_MAX = 9999,
    POINT_MAX = 400,      /* beyond any double */
    PLAIN_POINT_MAX = 21, /* longer numbers are written with an exponent */
    PLAIN_POINT_MIN = -20,
    NUMBER_TEXT_MAX = 72,
    DATE_TEXT_MAX = 32,
    SERIAL_MAX = 2958465, /* 9999-12-31 */
    SERIAL_LEAP = 60,     /* 1900-02-29, which there never was */
    DAYS_1904 = 1462,
    DAY_SECONDS = 86400,
    FRACTION_DIGITS = 12,
};

/* sign 0.DIGITS × 10^point */
struct decimal {
    bool is_negative;
    char digits[DIGITS_KEPT_MAX];
    int count; /* kept, without leading zeros */
    int point;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* True for text that already is what number_text would make of it. */
static bool is_shown_form(str s)
{
    size_t place = s.len > 0 && s.at[0] == '-' ? 1 : 0;
    size_t begin = place;
    size_t point = 0;

    if (s.len - begin > DIGITS_SHOWN_MAX || begin == s.len) {
        return false;
    }
    for (; place < s.len; place++) {
        if (s.at[place] == '.' && point == 0 && place > begin) {
            point = place;
        } else if (!is_digit(s.at[place])) {
            return false;
        }
    }
    bool has_extra_zero =
        s.at[begin] == '0' && (begin + 1 < s.len ? point != begin + 1 : begin > 0);
    return !has_extra_zero && (point == 0 || (s.at[s.len - 1] != '0' && s.at[s.len - 1] != '.'));
}

static void push_digit(struct decimal *decimal, char c, bool is_fraction)
{
    if (decimal->count == 0 && c == '0') {
        decimal->point -= is_fraction ? 1 : 0;
        return;
    }
    if (decimal->count < DIGITS_KEPT_MAX) {
        decimal->digits[decimal->count++] = c;
    }
    decimal->point += is_fraction ? 0 : 1;
}

static bool read_exponent(str s, struct decimal *decimal)
{
    int64_t exponent = 0;

    if (s.len == 0) {
        return true;
    }
    if ((s.at[0] != 'e' && s.at[0] != 'E') ||
        !num_parse_int(str_part(s, 1, s.len), -EXPONENT_MAX, EXPONENT_MAX, &exponent)) {
        return false;
    }
    decimal->point += (int)exponent;
    return true;
}

static bool read_decimal(str s, struct decimal *decimal)
{
    size_t place = s.len > 0 && (s.at[0] == '-' || s.at[0] == '+') ? 1 : 0;
    size_t digit_count = 0;
    bool is_fraction = false;

    *decimal = (struct decimal){.is_negative = place == 1 && s.at[0] == '-'};
    for (; place < s.len; place++) {
        if (s.at[place] == '.' && !is_fraction) {
            is_fraction = true;
        } else if (is_digit(s.at[place])) {
            push_digit(decimal, s.at[place], is_fraction);
            digit_count++;
        } else {
            break;
        }
    }
    if (digit_count == 0 || !read_exponent(str_part(s, place, s.len), decimal)) {
        return false;
    }
    return decimal->count == 0 || (decimal->point <= POINT_MAX && decimal->point >= -POINT_MAX);
}

static void drop_zeros(struct decimal *decimal)
{
    while (decimal->count > 0 && decimal->digits[decimal->count - 1] == '0') {
        decimal->count--;
    }
}

/* Keep the digits a spreadsheet shows. Whole numbers keep all they have. */
static void round_noise(struct decimal *decimal)
{
    int last = DIGITS_SHOWN_MAX - 1;

    drop_zeros(decimal);
    if (decimal->count <= DIGITS_SHOWN_MAX || decimal->count <= decimal->point) {
        return;
    }
    bool up = decimal->digits[DIGITS_SHOWN_MAX] >= '5';
    decimal->count = DIGITS_SHOWN_MAX;
    for (; up && last >= 0; last--) {
        up = decimal->digits[last] == '9';
        decimal->digits[last] = (char)(up ? '0' : decimal->digits[last] + 1);
    }
    if (up) {
        decimal->digits[0] = '1';
        decimal->count = 1;
        decimal->point++;
    }
    drop_zeros(decimal);
}

static void put_plain(struct buf *out, const struct decimal *decimal)
{
    int end = decimal->count > decimal->point ? decimal->count : decimal->point;

    if (decimal->point <= 0) {
        buf_put(out, STR("0."));
    }
    for (int i = decimal->point < 0 ? decimal->point : 0; i < end; i++) {
        if (i > 0 && i == decimal->point) {
            buf_char(out, '.');
        }
        buf_char(out, (char)(i >= 0 && i < decimal->count ? decimal->digits[i] : '0'));
    }
}

static void put_scientific(struct buf *out, const struct decimal *decimal)
{
    buf_char(out, decimal->digits[0]);
    if (decimal->count > 1) {
        buf_char(out, '.');
        buf_put(out, (str){decimal->digits + 1, (size_t)decimal->count - 1});
    }
    buf_char(out, 'e');
    buf_int(out, decimal->point - 1);
}

str number_text(str stored, struct arena *arena)
{
    struct decimal decimal;
    struct buf out;
    str text = {0};

    if (is_shown_form(stored)) {
        return stored;
    }
    if (!read_decimal(stored, &decimal)) {
        return (str){0};
    }
    round_noise(&decimal);
    if (decimal.count == 0) {
        return STR("0");
    }
    buf_init(&out, arena, NUMBER_TEXT_MAX);
    if (decimal.is_negative) {
        buf_char(&out, '-');
    }
    if (decimal.point > PLAIN_POINT_MAX || decimal.point < PLAIN_POINT_MIN) {
        put_scientific(&out, &decimal);
    } else {
        put_plain(&out, &decimal);
    }
    MUST(buf_done(&out, &text));
    return text;
}

static void put_two(struct buf *out, int64_t number)
{
    buf_char(out, (char)('0' + number / 10));
    buf_char(out, (char)('0' + number % 10));
}

static void put_time(struct buf *out, int64_t seconds)
{
    put_two(out, seconds / 3600);
    buf_char(out, ':');
    put_two(out, seconds / 60 % 60);
    if (seconds % 60 != 0) {
        buf_char(out, ':');
        put_two(out, seconds % 60);
    }
}

/* Seconds of the day in the digits behind the point, to the nearest. */
static int64_t seconds_of(str fraction)
{
    int64_t value = 0;

    for (size_t i = 0; i < FRACTION_DIGITS; i++) {
        value = value * 10 + (i < fraction.len ? fraction.at[i] - '0' : 0);
    }
    return (value * DAY_SECONDS + num_pow10(FRACTION_DIGITS) / 2) / num_pow10(FRACTION_DIGITS);
}

/* The 1900 system counts from 1899-12-31 up to its false leap day, from 1899-12-30 behind it. */
static date date_of_serial(int64_t days, bool is_1904)
{
    date base = date_of(1899, 12, is_1904 || days > SERIAL_LEAP ? 30 : 31);

    return (date){base.days + (int32_t)days + (is_1904 ? DAYS_1904 : 0)};
}

/* Whole days and seconds of the day. False for what is no moment: negative, too late, the false
 * leap day, or a time of day of nought. */
static bool read_serial(str number, bool is_1904, int64_t *out_days, int64_t *out_seconds)
{
    size_t point = str_find(number, STR("."));
    int64_t days = 0;

    if (number.at[0] == '-' || str_find(number, STR("e")) != STR_NONE ||
        !num_parse_int(str_part(number, 0, point), 0, SERIAL_MAX - (is_1904 ? DAYS_1904 : 0),
                       &days)) {
        return false;
    }
    int64_t seconds = point == STR_NONE ? 0 : seconds_of(str_part(number, point + 1, number.len));
    *out_days = days + seconds / DAY_SECONDS;
    *out_seconds = seconds % DAY_SECONDS;
    return is_1904 || (days != SERIAL_LEAP && (days > 0 || *out_seconds > 0));
}

str serial_text(str number, bool is_1904, struct arena *arena)
{
    int64_t days = 0;
    int64_t seconds = 0;
    struct buf out;
    str text = {0};

    if (!read_serial(number, is_1904, &days, &seconds)) {
        return (str){0};
    }
    bool is_time_only = days == 0 && !is_1904;
    buf_init(&out, arena, DATE_TEXT_MAX);
    if (!is_time_only) {
        date_put(&out, date_of_serial(days, is_1904));
    }
    if (!is_time_only && seconds > 0) {
        buf_char(&out, ' ');
    }
    if (seconds > 0) {
        put_time(&out, seconds);
    }
    MUST(buf_done(&out, &text));
    return text;
}

static bool read_clock(str s, int64_t *out_seconds)
{
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;

    if (s.len < 5 || s.at[2] != ':' || !num_parse_int(str_part(s, 0, 2), 0, 23, &hour) ||
        !num_parse_int(str_part(s, 3, 2), 0, 59, &minute)) {
        return false;
    }
    if (s.len > 5 &&
        (s.len < 8 || s.at[5] != ':' || !num_parse_int(str_part(s, 6, 2), 0, 59, &second))) {
        return false;
    }
    *out_seconds = hour * 3600 + minute * 60 + second;
    return true;
}

str moment_text(str stored, struct arena *arena)
{
    size_t mark = str_find(stored, STR("T"));
    str day = str_part(stored, 0, mark);
    int64_t seconds = 0;
    date read = {0};
    struct buf out;
    str text = {0};

    if ((day.len > 0 && !date_parse(day, &read)) || stored.len == 0 ||
        (mark != STR_NONE && !read_clock(str_part(stored, mark + 1, stored.len), &seconds))) {
        return (str){0};
    }
    buf_init(&out, arena, DATE_TEXT_MAX);
    buf_put(&out, day);
    if (day.len > 0 && seconds > 0) {
        buf_char(&out, ' ');
    }
    if (day.len == 0 || seconds > 0) {
        put_time(&out, seconds);
    }
    MUST(buf_done(&out, &text));
    return text;
}

static int hex_of(char c)
{
    if (is_digit(c)) {
        return c - '0';
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The character of "_xHHHH_" at the front of `s`; halves of pairs and controls that text may not
 * carry stay escaped. */
static bool read_escape(str s, uint32_t *out_point)
{
    uint32_t point = 0;

    if (s.len < 7 || s.at[6] != '_') {
        return false;
    }
    for (int i = 2; i < 6; i++) {
        int digit = hex_of(s.at[i]);
        if (digit < 0) {
            return false;
        }
        point = point << 4 | (uint32_t)digit;
    }
    *out_point = point;
    bool is_control = point < 0x20 && point != '\t' && point != '\n' && point != '\r';
    return !is_control && (point < 0xD800 || point > 0xDFFF);
}

str unescaped_text(str stored, struct arena *arena)
{
    size_t place = str_find(stored, STR("_x"));
    uint32_t point = 0;
    struct buf out;
    str text = {0};

    if (place == STR_NONE) {
        return stored;
    }
    buf_init(&out, arena, stored.len);
    for (; place != STR_NONE; place = str_find(stored, STR("_x"))) {
        char bytes[4];
        buf_put(&out, str_part(stored, 0, place));
        stored = str_part(stored, place, stored.len);
        bool is_escape = read_escape(stored, &point);
        buf_put(&out, is_escape ? (str){bytes, utf8_write(bytes, point)} : STR("_x"));
        stored = str_part(stored, is_escape ? 7 : 2, stored.len);
    }
    buf_put(&out, stored);
    MUST(buf_done(&out, &text));
    return text;
}

size_t utf16_count(str s)
{
    size_t count = 0;

    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.at[i];
        count += (byte & 0xC0U) == 0x80U ? 0U : 1U + (byte >= 0xF0U ? 1U : 0U);
    }
    return count;
}

/* The number formats a file need not spell out: percent, and dates (the East Asian ones too). */
enum number_look look_of_builtin(int64_t id)
{
    if (id == 9 || id == 10) {
        return LOOK_PERCENT;
    }
    bool is_date = (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || id == 45 || id == 47 ||
                   (id >= 50 && id <= 58);
    return is_date ? LOOK_DATE : LOOK_NUMBER;
}

/* How many bytes at the front of a format are no format letters: "quoted", \x, _x, *x, [Red]. */
static size_t literal_length(str code)
{
    char c = code.at[0];
    char closing = c == '"' ? '"' : ']';

    if (c == '\\' || c == '_' || c == '*') {
        return 2;
    }
    if (c != '"' && c != '[') {
        return 0;
    }
    const char *end = memchr(code.at + 1, closing, code.len - 1);
    return end == NULL ? code.len : (size_t)(end - code.at) + 1;
}

/* Hours beyond a day, "[h]:mm" or "[hh]:mm": a duration, which is a number. */
static bool is_elapsed(str literal)
{
    bool is_bracket = literal.len >= 3 && literal.len <= 4 && literal.at[0] == '[';

    return is_bracket && strchr("hHmMsS", literal.at[1]) != NULL;
}

enum number_look look_of_code(str code)
{
    enum number_look look = LOOK_NUMBER;

    while (code.len > 0 && code.at[0] != ';') {
        size_t literal = literal_length(code);
        if (is_elapsed(str_part(code, 0, literal))) {
            return LOOK_NUMBER;
        }
        if (literal == 0 && code.at[0] == '%') {
            return LOOK_PERCENT;
        }
        if (literal == 0 && strchr("yYmMdDhHsS", code.at[0]) != NULL) {
            look = LOOK_DATE;
        }
        code = str_part(code, literal == 0 ? 1 : literal, code.len);
    }
    return look;
}
