/* Calendar arithmetic by eras of 400 years (H. Hinnant, "chrono-compatible low-level date
 * algorithms", 2013). */
#include "base/date.h"

#include "base/num.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 2199, MS_A_MINUTE = 60000, MINUTES_A_DAY = 1440 };

struct parts {
    int year;
    int month;
    int day;
};

date date_of(int year, int month, int day)
{
    int shifted = month <= 2 ? year - 1 : year;
    int era = shifted / 400;
    int year_of_era = shifted - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (date){era * 146097 + day_of_era - 719468};
}

static struct parts parts_of(date d)
{
    int days = d.days + 719468;
    int era = days / 146097;
    int day_of_era = days - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    int month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;

    return (struct parts){
        .year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
        .month = month,
        .day = day_of_year - (153 * shifted_month + 2) / 5 + 1,
    };
}

bool date_parse(str s, date *out)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;

    if (s.len != 10 || s.at[4] != '-' || s.at[7] != '-' ||
        !num_parse_int(str_part(s, 0, 4), YEAR_MIN, YEAR_MAX, &year) ||
        !num_parse_int(str_part(s, 5, 2), 1, 12, &month) ||
        !num_parse_int(str_part(s, 8, 2), 1, 31, &day)) {
        return false;
    }
    date read = date_of((int)year, (int)month, (int)day);
    struct parts back = parts_of(read);
    if (back.month != month || back.day != day) {
        return false;
    }
    *out = read;
    return true;
}

static void put_padded(struct buf *out, int number, int digits)
{
    for (int bound = 10; digits > 1; digits--, bound *= 10) {
        if (number < bound) {
            buf_char(out, '0');
        }
    }
    buf_int(out, number);
}

void date_put(struct buf *out, date d)
{
    struct parts parts = parts_of(d);

    put_padded(out, parts.year, 4);
    buf_char(out, '-');
    put_padded(out, parts.month, 2);
    buf_char(out, '-');
    put_padded(out, parts.day, 2);
}

int date_year(date d)
{
    return parts_of(d).year;
}

int32_t date_key(date d)
{
    struct parts parts = parts_of(d);

    return parts.year * 10000 + parts.month * 100 + parts.day;
}

date date_from_key(int32_t key)
{
    return date_of(key / 10000, key / 100 % 100, key % 100);
}

date date_of_moment(int64_t ms, int offset_minutes)
{
    return (date){(int32_t)((ms / MS_A_MINUTE + offset_minutes) / MINUTES_A_DAY)};
}

void moment_put(struct buf *out, int64_t ms, int offset_minutes)
{
    int64_t minutes = ms / MS_A_MINUTE + offset_minutes;
    int of_day = (int)(minutes % MINUTES_A_DAY);

    date_put(out, date_of_moment(ms, offset_minutes));
    buf_char(out, ' ');
    put_padded(out, of_day / 60, 2);
    buf_char(out, ':');
    put_padded(out, of_day % 60, 2);
}
