/* The coefficients of draw.c and same.c, for who computes several at a time by the same steps. */
#ifndef CALC_STAT_SERIES_H
#define CALC_STAT_SERIES_H

enum { QUANTILE_TERMS = 8, EXP_TERMS = 14, LOG_TERMS = 11 };

/* Two polynomials of degree 7, lowest coefficient first, one above the other. */
struct rational {
    double above[QUANTILE_TERMS];
    double below[QUANTILE_TERMS];
};

/* normal_quantile(p) = q * above / below at 0.180625 - q^2, where |q| = |p - 1/2| <= 0.425. */
#define QUANTILE_CENTRE_END  0.425
#define QUANTILE_CENTRE_FROM 0.180625
extern const struct rational QUANTILE_CENTRE;

/* same_exp: x^i / i!. same_log: 1 / (2 i + 3). ln 2 comes in two parts, the first with zeros at its
 * end, so that a whole multiple of it is exact. */
extern const double EXP_SERIES[EXP_TERMS];
extern const double LOG_SERIES[LOG_TERMS];
#define LN2       0x1.62e42fefa39efp-1
#define LN2_HIGH  0x1.62e42feep-1
#define LN2_LOW   0x1.a39ef35793c76p-33
#define ROOT_OF_2 0x1.6a09e667f3bcdp0

#endif
