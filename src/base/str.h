/* Text as a slice: bytes and a length. Owns nothing. Inside the house it is valid UTF-8,
 * checked once at each door. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *at;
    size_t len;
} str;

/* STR is for expressions, STR_INIT for static tables, STR_ARG for "%.*s". */
#define STR(text) ((str){"" text, sizeof(text) - 1})
#define STR_INIT(text)                                                                             \
    {                                                                                              \
        "" text, sizeof(text) - 1                                                                  \
    }
#define STR_ARG(s) (int)(s).len, (s).at

str str_from(const char *zero_ended);
bool str_equal(str a, str b);
/* Order by bytes, which for UTF-8 is order by code point: <0, 0 or >0. */
int str_compare(str a, str b);
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);

/* The place of the first `needle` in `s`, or STR_NONE. An empty needle is found at 0. */
#define STR_NONE ((size_t)-1)
size_t str_find(str s, str needle);

/* `s` from `begin`, at most `len` bytes; both are clamped to what is there. */
str str_part(str s, size_t begin, size_t len);
/* `s` without white space at both ends: ASCII blanks, U+00A0, U+3000, U+FEFF. */
str str_trim(str s);

/* Take the piece before `mark` off the front of `*rest`. False when nothing is left. */
bool str_cut(str *rest, char mark, str *out_piece);

/* Levenshtein distance in bytes, for "did you mean"; stops counting above `limit`. */
size_t str_distance(str a, str b, size_t limit);

#endif
