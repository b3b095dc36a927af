/* Numbers to and from text, without locale and without rounding: a decimal is an integer scaled
 * by ten to the number of its decimals. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum { NUM_TEXT_MAX = 32, NUM_DECIMALS_MAX = 15 };

/* A whole number in [min, max]; false for anything else, blanks included. */
bool num_parse_int(str s, int64_t min, int64_t max, int64_t *out);
/* A plain decimal ("-12.5") scaled by 10^decimals. False when it is not one, when it has more
 * significant decimals than asked for, or when it does not fit. */
bool num_parse_fixed(str s, int decimals, int64_t *out_scaled);
/* `scaled` / 10^decimals as text in `text`, which must outlive the answer. */
str num_print(char text[static NUM_TEXT_MAX], int64_t scaled, int decimals);
/* 10^exponent, exponent in [0, 18]. */
int64_t num_pow10(int exponent);
/* scaled * 10^(to - from), halves away from zero; false when it does not fit. */
bool num_rescale(int64_t scaled, int from_decimals, int to_decimals, int64_t *out);
/* The nearest scaled integer to `value`, halves away from zero; false when not finite or too big
 * to be exact (beyond 2^53). */
bool num_from_double(double value, int decimals, int64_t *out_scaled);
double num_to_double(int64_t scaled, int decimals);

#endif
