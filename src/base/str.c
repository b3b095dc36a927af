/* Text slices. */
#include "base/str.h"

#include <stdint.h>
#include <string.h>

enum { DISTANCE_BYTES_MAX = 128 };

static const str BLANKS[] = {
    STR_INIT(" "),        STR_INIT("\t"),           STR_INIT("\n"),           STR_INIT("\r"),
    STR_INIT("\xC2\xA0"), STR_INIT("\xE3\x80\x80"), STR_INIT("\xEF\xBB\xBF"),
};
enum { BLANK_COUNT = sizeof(BLANKS) / sizeof(BLANKS[0]) };

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Most text begins and ends with an ASCII letter or digit: nothing to compare then. */
static bool is_ascii_mark(char c)
{
    return c > ' ' && c < 0x7F;
}

static size_t blank_at_front(str s)
{
    if (s.len == 0 || is_ascii_mark(s.at[0])) {
        return 0;
    }
    for (int i = 0; i < BLANK_COUNT; i++) {
        if (str_starts(s, BLANKS[i])) {
            return BLANKS[i].len;
        }
    }
    return 0;
}

static size_t blank_at_end(str s)
{
    if (s.len == 0 || is_ascii_mark(s.at[s.len - 1])) {
        return 0;
    }
    for (int i = 0; i < BLANK_COUNT; i++) {
        if (str_ends(s, BLANKS[i])) {
            return BLANKS[i].len;
        }
    }
    return 0;
}

str str_from(const char *zero_ended)
{
    return (str){zero_ended, strlen(zero_ended)};
}

bool str_equal(str a, str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

int str_compare(str a, str b)
{
    size_t common = min_size(a.len, b.len);
    int order = common == 0 ? 0 : memcmp(a.at, b.at, common);

    if (order != 0) {
        return order;
    }
    return (a.len > b.len) - (a.len < b.len);
}

bool str_starts(str s, str prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.at, prefix.at, prefix.len) == 0);
}

bool str_ends(str s, str suffix)
{
    return s.len >= suffix.len &&
           (suffix.len == 0 || memcmp(s.at + s.len - suffix.len, suffix.at, suffix.len) == 0);
}

size_t str_find(str s, str needle)
{
    if (needle.len == 0) {
        return 0;
    }
    if (s.len < needle.len) {
        return STR_NONE;
    }
    const char *hit = memmem(s.at, s.len, needle.at, needle.len);
    return hit == NULL ? STR_NONE : (size_t)(hit - s.at);
}

str str_part(str s, size_t begin, size_t len)
{
    size_t from = min_size(begin, s.len);

    if (s.len == 0) {
        return s;
    }
    return (str){s.at + from, min_size(len, s.len - from)};
}

str str_trim(str s)
{
    size_t step = 0;

    while ((step = blank_at_front(s)) > 0) {
        s = str_part(s, step, s.len);
    }
    while ((step = blank_at_end(s)) > 0) {
        s = str_part(s, 0, s.len - step);
    }
    return s;
}

bool str_cut(str *rest, char mark, str *out_piece)
{
    if (rest->at == NULL) {
        return false;
    }
    const char *hit = rest->len == 0 ? NULL : memchr(rest->at, mark, rest->len);
    if (hit == NULL) {
        *out_piece = *rest;
        *rest = (str){NULL, 0};
        return true;
    }
    size_t len = (size_t)(hit - rest->at);
    *out_piece = (str){rest->at, len};
    *rest = (str){hit + 1, rest->len - len - 1};
    return true;
}

size_t str_distance(str a, str b, size_t limit)
{
    size_t row[DISTANCE_BYTES_MAX + 1];

    if (a.len > DISTANCE_BYTES_MAX || b.len > DISTANCE_BYTES_MAX) {
        return limit + 1;
    }
    for (size_t j = 0; j <= b.len; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = diagonal + (a.at[i - 1] != b.at[j - 1] ? 1 : 0);
            diagonal = row[j];
            row[j] = min_size(change, min_size(row[j], row[j - 1]) + 1);
        }
    }
    return min_size(row[b.len], limit + 1);
}
