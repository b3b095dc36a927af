/* UTF-8. */
#include "base/utf8.h"

struct span {
    uint32_t first;
    uint32_t last;
};

/* East Asian wide and full-width blocks (Unicode 15, UAX #11), coarse. */
static const struct span WIDE[] = {
    {0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
    {0xA000, 0xA4CF}, {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE4F}, {0xFF00, 0xFF60},
    {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x20000, 0x3FFFD},
};

static size_t length_of(unsigned char lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        return 3;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

static uint32_t decode(const char *at, size_t len)
{
    static const unsigned char LEAD_MASK[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t point = (unsigned char)at[0] & LEAD_MASK[len];

    for (size_t i = 1; i < len; i++) {
        point = point << 6 | ((unsigned char)at[i] & 0x3FU);
    }
    return point;
}

static bool tail_is_valid(str s, size_t place, size_t len)
{
    static const uint32_t LEAST[] = {0, 0, 0x80, 0x800, 0x10000};

    for (size_t i = 1; i < len; i++) {
        if (((unsigned char)s.at[place + i] & 0xC0U) != 0x80U) {
            return false;
        }
    }
    uint32_t point = decode(s.at + place, len);
    return point >= LEAST[len] && point <= 0x10FFFF && (point < 0xD800 || point > 0xDFFF);
}

bool utf8_is_valid(str s)
{
    size_t place = 0;

    while (place < s.len) {
        size_t len = length_of((unsigned char)s.at[place]);
        if (len == 0 || place + len > s.len || !tail_is_valid(s, place, len)) {
            return false;
        }
        place += len;
    }
    return true;
}

bool utf8_next(str s, size_t *place, uint32_t *out_point)
{
    if (*place >= s.len) {
        return false;
    }
    size_t len = length_of((unsigned char)s.at[*place]);
    if (len == 0 || *place + len > s.len) {
        *out_point = 0xFFFD;
        *place += 1;
        return true;
    }
    *out_point = decode(s.at + *place, len);
    *place += len;
    return true;
}

size_t utf8_write(char out[static 4], uint32_t point)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (char)(0xC0U | point >> 6);
        out[1] = (char)(0x80U | (point & 0x3FU));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (char)(0xE0U | point >> 12);
        out[1] = (char)(0x80U | (point >> 6 & 0x3FU));
        out[2] = (char)(0x80U | (point & 0x3FU));
        return 3;
    }
    out[0] = (char)(0xF0U | point >> 18);
    out[1] = (char)(0x80U | (point >> 12 & 0x3FU));
    out[2] = (char)(0x80U | (point >> 6 & 0x3FU));
    out[3] = (char)(0x80U | (point & 0x3FU));
    return 4;
}

static bool is_wide(uint32_t point)
{
    for (size_t i = 0; i < sizeof(WIDE) / sizeof(WIDE[0]); i++) {
        if (point >= WIDE[i].first && point <= WIDE[i].last) {
            return true;
        }
    }
    return false;
}

size_t utf8_width(str s)
{
    size_t place = 0;
    size_t width = 0;
    uint32_t point = 0;

    while (utf8_next(s, &place, &point)) {
        width += is_wide(point) ? 2 : 1;
    }
    return width;
}

size_t utf8_count(str s)
{
    size_t place = 0;
    size_t count = 0;
    uint32_t point = 0;

    while (utf8_next(s, &place, &point)) {
        count++;
    }
    return count;
}
