/* UTF-8: checked once at each door, walked by code point inside. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* True for well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF). */
bool utf8_is_valid(str s);
/* The code point at `*place` in valid text; moves `*place` behind it. False at the end. */
bool utf8_next(str s, size_t *place, uint32_t *out_point);
/* Write one code point; the number of bytes written. */
size_t utf8_write(char out[static 4], uint32_t point);
/* Columns on a terminal or in a sheet: wide characters (CJK, full width) count two. */
size_t utf8_width(str s);
/* The number of code points. */
size_t utf8_count(str s);

#endif
