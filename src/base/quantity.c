/* Reading quantities: fold the text, look for words, then number, multiplier and unit. */
#include "base/fold.h"
#include "base/must.h"
#include "base/num.h"
#include "base/quantity_in.h"

enum {
    TEXT_BYTES_MAX = 192,
    UNIT_BYTES_MAX = 64,
    DIGITS_MAX = 40,
    EXPONENT_MAX = 400,
    GROUP_DIGITS = 3,
    SCALED_DIGITS_MAX = 18,
};

/* ---- words ---- */

static const str NOT_REPORTED[] = {
    STR_INIT("/"),        STR_INIT("\\"),      STR_INIT("na"),     STR_INIT("n/a"),
    STR_INIT("n.a."),     STR_INIT("#n/a"),    STR_INIT("null"),   STR_INIT("未统计"),
    STR_INIT("未上报"),   STR_INIT("未填报"),  STR_INIT("未填"),   STR_INIT("未报"),
    STR_INIT("未报送"),   STR_INIT("缺"),      STR_INIT("缺失"),   STR_INIT("缺报"),
    STR_INIT("不详"),     STR_INIT("未知"),    STR_INIT("无数据"), STR_INIT("暂无"),
    STR_INIT("暂无数据"), STR_INIT("暂缺"),    STR_INIT("待定"),   STR_INIT("待统计"),
    STR_INIT("待补"),     STR_INIT("待补充"),  STR_INIT("待核实"), STR_INIT("not reported"),
    STR_INIT("missing"),  STR_INIT("no data"),
};

static const str NOT_APPLICABLE[] = {
    STR_INIT("不适用"),
    STR_INIT("不涉及"),
    STR_INIT("无此项"),
    STR_INIT("not applicable"),
};

static const str YES[] = {
    STR_INIT("是"), STR_INIT("有"), STR_INIT("√"),   STR_INIT("✓"),    STR_INIT("✔"), STR_INIT("☑"),
    STR_INIT("对"), STR_INIT("y"),  STR_INIT("yes"), STR_INIT("true"), STR_INIT("1"),
};

static const str NO[] = {
    STR_INIT("否"), STR_INIT("无"),    STR_INIT("没有"), STR_INIT("不是"),
    STR_INIT("×"),  STR_INIT("✗"),     STR_INIT("✘"),    STR_INIT("n"),
    STR_INIT("no"), STR_INIT("false"), STR_INIT("0"),    STR_INIT("错"),
};

static const str NONE[] = {STR_INIT("无"), STR_INIT("没有"), STR_INIT("none"), STR_INIT("nil")};

static const str ABOUT[] = {
    STR_INIT("约"),   STR_INIT("大概"), STR_INIT("左右"), STR_INIT("上下"), STR_INIT("近"),
    STR_INIT("余"),   STR_INIT("多"),   STR_INIT("几"),   STR_INIT("超"),   STR_INIT("不足"),
    STR_INIT("以上"), STR_INIT("以下"), STR_INIT("以内"), STR_INIT("≈"),    STR_INIT("≥"),
    STR_INIT("≤"),    STR_INIT(">"),    STR_INIT("<"),    STR_INIT("±"),    STR_INIT("+-"),
};

static const str NUMERALS[] = {
    STR_INIT("一"), STR_INIT("二"), STR_INIT("两"), STR_INIT("三"), STR_INIT("四"), STR_INIT("五"),
    STR_INIT("六"), STR_INIT("七"), STR_INIT("八"), STR_INIT("九"), STR_INIT("十"), STR_INIT("零"),
    STR_INIT("〇"), STR_INIT("百"), STR_INIT("千"), STR_INIT("万"), STR_INIT("亿"),
};

/* The longer first. */
static const struct {
    str word;
    int zeros;
} MULTIPLIERS[] = {
    {STR_INIT("万亿"), 12}, {STR_INIT("千万"), 7}, {STR_INIT("百万"), 6}, {STR_INIT("十万"), 5},
    {STR_INIT("亿"), 8},    {STR_INIT("万"), 4},   {STR_INIT("千"), 3},   {STR_INIT("百"), 2},
};

static bool is_one_of(str s, const str *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(s, words[i])) {
            return true;
        }
    }
    return false;
}

static bool has_one_of(str s, const str *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_find(s, words[i]) != STR_NONE) {
            return true;
        }
    }
    return false;
}

static bool is_digit_at(str s, size_t place)
{
    return place < s.len && s.at[place] >= '0' && s.at[place] <= '9';
}

static bool has_digit(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (is_digit_at(s, i)) {
            return true;
        }
    }
    return false;
}

/* Nothing but dashes and blanks. */
static bool is_dash(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] != '-' && s.at[i] != ' ') {
            return false;
        }
    }
    return true;
}

static struct quantity unreadable(enum msg_id why)
{
    return (struct quantity){.kind = QUANTITY_UNREADABLE, .why = why};
}

/* ---- why not ---- */

/* A digit, one of - ~ 至 到, a digit: "3-5", "3 ~ 5". */
static bool is_range(str s)
{
    static const str MARKS[] = {STR_INIT("-"), STR_INIT("~"), STR_INIT("至"), STR_INIT("到")};

    for (size_t i = 0; i < COUNT_OF(MARKS); i++) {
        size_t place = str_find(s, MARKS[i]);
        if (place != STR_NONE && has_digit(str_part(s, 0, place)) &&
            has_digit(str_part(s, place, s.len))) {
            return true;
        }
    }
    return false;
}

/* The kindest explanation of text that is no number in the form asked for. */
static enum msg_id reason_of(str s)
{
    if (!has_digit(s)) {
        return has_one_of(s, NUMERALS, COUNT_OF(NUMERALS)) ? MSG_QUANTITY_SPELLED
                                                           : MSG_QUANTITY_NOT_NUMBER;
    }
    if (has_one_of(s, ABOUT, COUNT_OF(ABOUT))) {
        return MSG_QUANTITY_APPROXIMATE;
    }
    if (is_range(s)) {
        return MSG_QUANTITY_RANGE;
    }
    if (str_find(s, STR("/")) != STR_NONE) {
        return MSG_QUANTITY_FRACTION;
    }
    if (str_starts(s, STR("(")) || str_ends(s, STR(")"))) {
        return MSG_QUANTITY_BRACKETS;
    }
    return is_digit_at(s, 0) ? MSG_QUANTITY_UNIT : MSG_QUANTITY_NOT_NUMBER;
}

/* ---- numbers ---- */

/* sign DIGITS × 10^exponent */
struct number {
    bool is_negative;
    char digits[DIGITS_MAX];
    int count;
    int exponent;
};

static bool push(struct number *number, char c)
{
    if (number->count == 0 && c == '0') {
        return true;
    }
    if (number->count == DIGITS_MAX) {
        return false;
    }
    number->digits[number->count++] = c;
    return true;
}

/* Digits at the front of `*s`; how many, or -1 when there are too many. */
static int take_digits(str *s, struct number *number)
{
    int count = 0;

    while (is_digit_at(*s, 0)) {
        if (!push(number, s->at[0])) {
            return -1;
        }
        *s = str_part(*s, 1, s->len);
        count++;
    }
    return count;
}

static void take_sign(str *s, struct number *number)
{
    size_t skip = 0;

    if (str_starts(*s, STR("负"))) {
        skip = STR("负").len;
    } else if (str_starts(*s, STR("-")) || str_starts(*s, STR("+"))) {
        skip = 1;
    }
    number->is_negative = skip > 0 && s->at[0] != '+';
    *s = str_trim(str_part(*s, skip, s->len));
}

/* Whole digits with groups of three behind commas or blanks: "1,234,567", "1 234". */
static bool take_whole(str *s, struct number *number, int *out_count)
{
    int first = take_digits(s, number);
    str mark = str_part(*s, 0, 1);
    bool is_grouped = str_equal(mark, STR(",")) || str_equal(mark, STR(" "));

    *out_count = first;
    while (is_grouped && str_starts(*s, mark) && is_digit_at(*s, 1)) {
        *s = str_part(*s, 1, s->len);
        if (take_digits(s, number) != GROUP_DIGITS || first > GROUP_DIGITS || first < 1) {
            return false;
        }
    }
    return first >= 0 && !str_starts(*s, STR(","));
}

static bool take_exponent(str *s, struct number *number)
{
    bool is_signed = str_starts(*s, STR("e+")) || str_starts(*s, STR("e-"));
    size_t end = is_signed ? 2 : 1;
    int64_t exponent = 0;

    if (!str_starts(*s, STR("e")) || !is_digit_at(*s, end)) {
        return true;
    }
    while (is_digit_at(*s, end)) {
        end++;
    }
    if (!num_parse_int(str_part(*s, 1, end - 1), -EXPONENT_MAX, EXPONENT_MAX, &exponent)) {
        return false;
    }
    number->exponent += (int)exponent;
    *s = str_part(*s, end, s->len);
    return true;
}

/* The number at the front of `*s`. False with `*out_why` when there is none that can be trusted. */
static bool take_number(str *s, struct number *number, enum msg_id *out_why)
{
    str all = *s;
    int whole = 0;
    int fraction = 0;

    take_sign(s, number);
    *out_why = MSG_QUANTITY_GROUPING;
    if (!take_whole(s, number, &whole)) {
        *out_why = whole < 0 ? MSG_QUANTITY_TOO_BIG : MSG_QUANTITY_GROUPING;
        return false;
    }
    if (str_starts(*s, STR(".")) && is_digit_at(*s, 1)) {
        *s = str_part(*s, 1, s->len);
        fraction = take_digits(s, number);
        number->exponent -= fraction;
    }
    if (fraction < 0 || !take_exponent(s, number)) {
        *out_why = MSG_QUANTITY_TOO_BIG;
        return false;
    }
    *out_why = reason_of(all);
    return whole + fraction > 0;
}

/* number × 10^decimals as a whole number, halves away from zero. False when too big. */
static bool scale(const struct number *number, int decimals, struct quantity *quantity)
{
    int kept = number->count + number->exponent + decimals; /* digits before the cut */
    int64_t scaled = 0;

    if (number->count > 0 && kept > SCALED_DIGITS_MAX) {
        return false;
    }
    for (int i = 0; i < kept && number->count > 0; i++) {
        scaled = scaled * 10 + (i < number->count ? number->digits[i] - '0' : 0);
    }
    for (int i = kept < 0 ? 0 : kept; i < number->count; i++) {
        quantity->is_rounded |= number->digits[i] != '0';
    }
    scaled += kept >= 0 && kept < number->count && number->digits[kept] >= '5' ? 1 : 0;
    if (scaled == num_pow10(SCALED_DIGITS_MAX)) {
        return false;
    }
    quantity->scaled = number->is_negative ? -scaled : scaled;
    quantity->decimals = decimals;
    return true;
}

/* ---- units ---- */

/* `s` without the unit at its front (or all of it, for the end); false when no spelling fits. */
static bool drop_unit(str *s, const struct quantity_ask *ask, bool must_be_all)
{
    for (int i = 0; i < ask->unit_count; i++) {
        char room[UNIT_BYTES_MAX];
        struct buf out = {.at = room, .room = UNIT_BYTES_MAX, .max = UNIT_BYTES_MAX};
        str unit = {0};
        fold_put(&out, str_trim(ask->units[i]));
        if (!buf_done(&out, &unit) || unit.len == 0) {
            continue;
        }
        if (must_be_all ? str_equal(*s, unit) : str_starts(*s, unit)) {
            *s = str_trim(str_part(*s, unit.len, s->len));
            return true;
        }
    }
    return false;
}

static bool unit_begins_with_multiplier(const struct quantity_ask *ask)
{
    for (int i = 0; i < ask->unit_count; i++) {
        for (size_t m = 0; m < COUNT_OF(MULTIPLIERS); m++) {
            if (str_starts(ask->units[i], MULTIPLIERS[m].word)) {
                return true;
            }
        }
    }
    return false;
}

/* What may stand behind the number: nothing, the unit, 万 and the like, %. */
static bool take_behind(str s, const struct quantity_ask *ask, struct number *number,
                        struct quantity *quantity, enum msg_id *out_why)
{
    s = str_trim(s);
    if (ask->want == WANT_PERCENT && (str_equal(s, STR("%")) || str_equal(s, STR("‰")))) {
        quantity->has_sign_of_percent = true;
        number->exponent -= str_equal(s, STR("‰")) ? 1 : 0;
        return true;
    }
    if (s.len == 0 || drop_unit(&s, ask, true)) {
        return true;
    }
    for (size_t m = 0; m < COUNT_OF(MULTIPLIERS) && ask->want == WANT_NUMBER; m++) {
        if (!str_starts(s, MULTIPLIERS[m].word)) {
            continue;
        }
        s = str_trim(str_part(s, MULTIPLIERS[m].word.len, s.len));
        number->exponent += MULTIPLIERS[m].zeros;
        if (s.len > 0) {
            return drop_unit(&s, ask, true);
        }
        *out_why = MSG_QUANTITY_MULTIPLIER;
        return !unit_begins_with_multiplier(ask);
    }
    return false;
}

/* What may stand before it: the unit, ¥ where the unit is 元, 百分之. */
static str take_before(str s, const struct quantity_ask *ask, struct quantity *quantity)
{
    str yuan = STR("元");

    if (ask->want == WANT_PERCENT && str_starts(s, STR("百分之"))) {
        quantity->has_sign_of_percent = true;
        return str_part(s, STR("百分之").len, s.len);
    }
    if (str_starts(s, STR("¥")) && drop_unit(&yuan, ask, true)) {
        return str_trim(str_part(s, STR("¥").len, s.len));
    }
    (void)drop_unit(&s, ask, false);
    return s;
}

static struct quantity read_number(str s, const struct quantity_ask *ask)
{
    struct quantity quantity = {.kind =
                                    ask->want == WANT_PERCENT ? QUANTITY_PERCENT : QUANTITY_NUMBER};
    struct number number = {.exponent = ask->is_percent_cell ? 2 : 0};
    enum msg_id why = MSG_QUANTITY_NOT_NUMBER;
    str rest = take_before(s, ask, &quantity);

    if (is_one_of(s, NONE, COUNT_OF(NONE))) {
        return unreadable(MSG_QUANTITY_NONE);
    }
    if (ask->is_percent_cell && ask->want != WANT_PERCENT) {
        return unreadable(MSG_QUANTITY_UNIT);
    }
    if (!take_number(&rest, &number, &why) || !take_behind(rest, ask, &number, &quantity, &why)) {
        return unreadable(why);
    }
    return scale(&number, ask->decimals, &quantity) ? quantity : unreadable(MSG_QUANTITY_TOO_BIG);
}

/* ---- all of it ---- */

static struct quantity read_bool(str s)
{
    if (is_one_of(s, YES, COUNT_OF(YES))) {
        return (struct quantity){.kind = QUANTITY_BOOL, .scaled = 1};
    }
    if (is_one_of(s, NO, COUNT_OF(NO))) {
        return (struct quantity){.kind = QUANTITY_BOOL, .scaled = 0};
    }
    return unreadable(MSG_QUANTITY_NOT_BOOL);
}

struct quantity quantity_read(str text, const struct quantity_ask *ask)
{
    char room[TEXT_BYTES_MAX];
    struct buf out = {.at = room, .room = TEXT_BYTES_MAX, .max = TEXT_BYTES_MAX};
    str s = {0};

    MUST(ask->decimals >= 0 && ask->decimals <= NUM_DECIMALS_MAX);
    text = str_trim(text);
    fold_put(&out, text);
    if (!buf_done(&out, &s)) {
        return unreadable(MSG_QUANTITY_TOO_LONG);
    }
    s = str_trim(s);
    if (str_starts(s, STR("'"))) {
        s = str_trim(str_part(s, 1, s.len)); /* how a spreadsheet marks a number typed as text */
    }
    if (is_dash(s) || is_one_of(s, NOT_REPORTED, COUNT_OF(NOT_REPORTED))) {
        return (struct quantity){.kind = QUANTITY_NOT_REPORTED};
    }
    if (is_one_of(s, NOT_APPLICABLE, COUNT_OF(NOT_APPLICABLE))) {
        return (struct quantity){.kind = QUANTITY_NOT_APPLICABLE};
    }
    switch (ask->want) {
    case WANT_BOOL:
        return read_bool(s);
    case WANT_DATE:
        return quantity_read_date(s);
    case WANT_NUMBER:
    case WANT_PERCENT:
        return read_number(s, ask);
    }
    NEVER("what is wanted");
}
