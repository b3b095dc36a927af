/* Dates as office people write them: 2023年6月30日, 2023.6.30, 2023-06-30 08:30, 20230630. */
#include "base/num.h"
#include "base/quantity_in.h"

#include "base/must.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 2199, YEAR_DIGITS = 4 };

struct parts {
    int64_t year;
    int64_t month; /* 0: not said */
    int64_t day;
};

static struct quantity unreadable(enum msg_id why)
{
    return (struct quantity){.kind = QUANTITY_UNREADABLE, .why = why};
}

static struct quantity dated(const struct parts *parts)
{
    char text[NUM_TEXT_MAX];
    int64_t month = parts->month == 0 ? 1 : parts->month;
    int64_t day = parts->day == 0 ? 1 : parts->day;
    struct quantity quantity = {.kind = QUANTITY_DATE, .grain = GRAIN_DAY};

    if (parts->year < YEAR_MIN || parts->year > YEAR_MAX) {
        return unreadable(MSG_QUANTITY_NOT_DATE);
    }
    /* "2023-06-30" through the one parser that knows the calendar */
    str iso = num_print(text, (parts->year * 100 + month) * 100 + day, 0);
    char dashed[10] = {iso.at[0], iso.at[1], iso.at[2], iso.at[3], '-',
                       iso.at[4], iso.at[5], '-',       iso.at[6], iso.at[7]};
    if (!date_parse((str){dashed, sizeof(dashed)}, &quantity.date)) {
        return unreadable(MSG_QUANTITY_NOT_DATE);
    }
    if (parts->day == 0) {
        quantity.grain = parts->month == 0 ? GRAIN_YEAR : GRAIN_MONTH;
    }
    return quantity;
}

/* Digits at the front of `*s` as a number within bounds; how many digits, 0 when there are none. */
static size_t take_int(str *s, int64_t max, int64_t *out)
{
    size_t count = 0;

    while (count < s->len && s->at[count] >= '0' && s->at[count] <= '9') {
        count++;
    }
    if (count == 0 || !num_parse_int(str_part(*s, 0, count), 1, max, out)) {
        return 0;
    }
    *s = str_trim(str_part(*s, count, s->len));
    return count;
}

static bool take_word(str *s, str word)
{
    if (!str_starts(*s, word)) {
        return false;
    }
    *s = str_trim(str_part(*s, word.len, s->len));
    return true;
}

/* 20230630, 202306, 2023. Six digits that could be yymmdd are ambiguous. */
static struct quantity read_digits(str s)
{
    struct parts parts = {0};
    int64_t yymmdd_month = 0;
    int64_t yymmdd_day = 0;

    if (!num_parse_int(str_part(s, 0, YEAR_DIGITS), YEAR_MIN, YEAR_MAX, &parts.year) ||
        (s.len > 4 && !num_parse_int(str_part(s, 4, 2), 1, 12, &parts.month)) ||
        (s.len > 6 && !num_parse_int(str_part(s, 6, 2), 1, 31, &parts.day))) {
        return unreadable(MSG_QUANTITY_NOT_DATE);
    }
    if (s.len == 6 && num_parse_int(str_part(s, 2, 2), 1, 12, &yymmdd_month) &&
        num_parse_int(str_part(s, 4, 2), 1, 31, &yymmdd_day)) {
        return unreadable(MSG_QUANTITY_DATE_AMBIGUOUS);
    }
    return dated(&parts);
}

/* Behind 年: nothing, 度, month 月, day 日 or 号. */
static bool take_chinese(str *s, struct parts *parts)
{
    if (s->len == 0 || take_word(s, STR("度"))) {
        return true;
    }
    if (take_int(s, 12, &parts->month) == 0 || !take_word(s, STR("月"))) {
        return false;
    }
    if (s->len == 0 || take_word(s, STR("份"))) {
        return true;
    }
    return take_int(s, 31, &parts->day) > 0 && (take_word(s, STR("日")) || take_word(s, STR("号")));
}

/* Behind the year's . - or /: month, and the same mark and a day. `*out_short` when the month is a
 * lone "1" behind a point: 2023.1 is also what is left of 2023.10 in a number cell. */
static bool take_marked(str *s, str mark, struct parts *parts, bool *out_short)
{
    size_t digits = take_int(s, 12, &parts->month);

    *out_short = digits == 1 && parts->month == 1 && str_equal(mark, STR(".")) && s->len == 0;
    if (digits == 0 || digits > 2) {
        return false;
    }
    return s->len == 0 || (take_word(s, mark) && take_int(s, 31, &parts->day) > 0);
}

/* A time of day behind a whole date says nothing we keep: "08:30", "t00:00:00". */
static bool is_time(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        bool is_part = (s.at[i] >= '0' && s.at[i] <= '9') || s.at[i] == ':' || s.at[i] == '.';
        if (!is_part && !(i == 0 && s.at[i] == 't')) {
            return false;
        }
    }
    return s.len == 0 || str_find(s, STR(":")) != STR_NONE;
}

struct quantity quantity_read_date(str s)
{
    static const str MARKS[] = {STR_INIT("."), STR_INIT("-"), STR_INIT("/")};
    struct parts parts = {0};
    bool is_short = false;
    bool is_sound = false;
    str rest = s;

    size_t digits = take_int(&rest, INT32_MAX, &parts.year);
    if (rest.len == 0 && (digits == 4 || digits == 6 || digits == 8)) {
        return read_digits(s);
    }
    if (digits != YEAR_DIGITS) {
        return unreadable(digits == 2 ? MSG_QUANTITY_DATE_AMBIGUOUS : MSG_QUANTITY_NOT_DATE);
    }
    if (take_word(&rest, STR("年"))) {
        is_sound = take_chinese(&rest, &parts);
    }
    for (size_t i = 0; i < COUNT_OF(MARKS) && !is_sound && parts.month == 0; i++) {
        is_sound = take_word(&rest, MARKS[i]) && take_marked(&rest, MARKS[i], &parts, &is_short);
    }
    if (is_short) {
        return unreadable(MSG_QUANTITY_DATE_AMBIGUOUS);
    }
    bool is_whole = rest.len == 0 || (parts.day > 0 && is_time(rest));
    return is_sound && is_whole ? dated(&parts) : unreadable(MSG_QUANTITY_NOT_DATE);
}
