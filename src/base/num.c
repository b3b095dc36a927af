/* Decimal numbers as scaled integers. */
#include "base/num.h"

#include <math.h>

#include "base/must.h"

static const double EXACT_DOUBLE_MAX = 9007199254740992.0; /* 2^53 */

static bool take_sign(str *s)
{
    if (s->len > 0 && (s->at[0] == '-' || s->at[0] == '+')) {
        bool negative = s->at[0] == '-';
        *s = str_part(*s, 1, s->len);
        return negative;
    }
    return false;
}

/* Append a digit to a value that is kept negative, so that INT64_MIN can be read. */
static bool push_digit(int64_t *value, char c)
{
    if (c < '0' || c > '9') {
        return false;
    }
    return !__builtin_mul_overflow(*value, 10, value) &&
           !__builtin_sub_overflow(*value, c - '0', value);
}

static bool finish(int64_t negated, bool negative, int64_t *out)
{
    if (!negative && negated == INT64_MIN) {
        return false;
    }
    *out = negative ? negated : -negated;
    return true;
}

bool num_parse_int(str s, int64_t min, int64_t max, int64_t *out)
{
    bool negative = take_sign(&s);
    int64_t negated = 0;
    int64_t value = 0;

    if (s.len == 0) {
        return false;
    }
    for (size_t i = 0; i < s.len; i++) {
        if (!push_digit(&negated, s.at[i])) {
            return false;
        }
    }
    if (!finish(negated, negative, &value) || value < min || value > max) {
        return false;
    }
    *out = value;
    return true;
}

/* Append the digits of `part`, at most `room` of them; what is beyond must be zeros. */
static bool push_part(int64_t *value, str part, size_t room)
{
    for (size_t i = 0; i < part.len; i++) {
        if (i < room ? !push_digit(value, part.at[i]) : part.at[i] != '0') {
            return false;
        }
    }
    return true;
}

bool num_parse_fixed(str s, int decimals, int64_t *out_scaled)
{
    bool negative = take_sign(&s);
    size_t point = str_find(s, STR("."));
    str whole = str_part(s, 0, point);
    str fraction = point == STR_NONE ? STR("") : str_part(s, point + 1, s.len);
    int64_t negated = 0;

    MUST(decimals >= 0 && decimals <= NUM_DECIMALS_MAX);
    if (whole.len + fraction.len == 0 || !push_part(&negated, whole, whole.len) ||
        !push_part(&negated, fraction, (size_t)decimals)) {
        return false;
    }
    for (size_t i = fraction.len; i < (size_t)decimals; i++) {
        if (!push_digit(&negated, '0')) {
            return false;
        }
    }
    return finish(negated, negative, out_scaled);
}

str num_print(char text[static NUM_TEXT_MAX], int64_t scaled, int decimals)
{
    size_t place = NUM_TEXT_MAX;
    uint64_t rest = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
    int digits = 0;

    MUST(decimals >= 0 && decimals <= NUM_DECIMALS_MAX);
    while (rest > 0 || digits <= decimals) {
        if (decimals > 0 && digits == decimals) {
            text[--place] = '.';
        }
        text[--place] = (char)('0' + rest % 10);
        rest /= 10;
        digits++;
    }
    if (scaled < 0) {
        text[--place] = '-';
    }
    return (str){text + place, NUM_TEXT_MAX - place};
}

int64_t num_pow10(int exponent)
{
    int64_t power = 1;

    MUST(exponent >= 0 && exponent <= 18);
    for (int i = 0; i < exponent; i++) {
        power *= 10;
    }
    return power;
}

bool num_rescale(int64_t scaled, int from_decimals, int to_decimals, int64_t *out)
{
    if (to_decimals >= from_decimals) {
        return !__builtin_mul_overflow(scaled, num_pow10(to_decimals - from_decimals), out);
    }
    int64_t step = num_pow10(from_decimals - to_decimals);
    int64_t whole = scaled / step;
    int64_t rest = scaled % step;
    if (rest >= step - rest && rest > 0) {
        whole++;
    } else if (rest < 0 && -rest >= step + rest) {
        whole--;
    }
    *out = whole;
    return true;
}

bool num_from_double(double value, int decimals, int64_t *out_scaled)
{
    double scaled = round(value * (double)num_pow10(decimals));

    if (!isfinite(scaled) || fabs(scaled) > EXACT_DOUBLE_MAX) {
        return false;
    }
    *out_scaled = (int64_t)scaled;
    return true;
}

double num_to_double(int64_t scaled, int decimals)
{
    return (double)scaled / (double)num_pow10(decimals);
}
