/* Plain series after an exact reduction of the argument; short enough to be seen right. */
#include "calc/stat/same.h"

#include <math.h>
#include <stdint.h>

#include "base/must.h"
#include "calc/stat/series.h"

enum { EXPONENT_BIAS = 1023, FRACTION_BITS = 52 };

const double EXP_SERIES[EXP_TERMS] = {
    1.0,
    1.0,
    1.0 / 2,
    1.0 / 6,
    1.0 / 24,
    1.0 / 120,
    1.0 / 720,
    1.0 / 5040,
    1.0 / 40320,
    1.0 / 362880,
    1.0 / 3628800,
    1.0 / 39916800,
    1.0 / 479001600,
    1.0 / 6227020800,
};

const double LOG_SERIES[LOG_TERMS] = {1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,  1.0 / 11, 1.0 / 13,
                                      1.0 / 15, 1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23};

union bits {
    double number;
    uint64_t word;
};

static double power_of_two(int exponent)
{
    return (union bits){.word = (uint64_t)(exponent + EXPONENT_BIAS) << FRACTION_BITS}.number;
}

/* e^x = 2^k e^r with |r| <= ln 2 / 2; e^r by Taylor, whose rest after r^13 is below 1e-17. */
double same_exp(double x)
{
    if (isnan(x)) {
        return x;
    }
    if (x < -708.0 || x > 709.0) {
        return x < 0 ? 0.0 : HUGE_VAL;
    }
    int k = (int)(x / LN2 + (x < 0 ? -0.5 : 0.5));
    double r = (x - k * LN2_HIGH) - k * LN2_LOW;
    double sum = 0;

    for (int i = EXP_TERMS - 1; i >= 0; i--) {
        sum = EXP_SERIES[i] + r * sum;
    }
    return sum * power_of_two(k);
}

/* ln x = k ln 2 + ln m with m in [√½, √2); ln m = 2 artanh s, s = (m - 1) / (m + 1). */
double same_log(double x)
{
    union bits all = {.number = x};
    MUST(x >= 0x1p-1022 && x < HUGE_VAL);
    int k = (int)(all.word >> FRACTION_BITS) - EXPONENT_BIAS;
    all.word &= ((uint64_t)1 << FRACTION_BITS) - 1;
    all.word |= (uint64_t)EXPONENT_BIAS << FRACTION_BITS;
    double m = all.number;

    if (m > ROOT_OF_2) {
        m *= 0.5;
        k++;
    }
    double f = m - 1.0;
    double s = f / (m + 1.0);
    double square = s * s;
    double tail = 0;
    for (int i = LOG_TERMS - 1; i >= 0; i--) {
        tail = square * (tail + LOG_SERIES[i]);
    }
    /* 2s = f - s f, which keeps the leading part of the sum exact. */
    return k * LN2_HIGH + (f - (s * (f - 2.0 * tail) - k * LN2_LOW));
}
