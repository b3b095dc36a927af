/* exp and log that give the same bits on every machine: additions and multiplications in a fixed
 * order, where the C library's own may differ from version to version. */
#ifndef CALC_STAT_SAME_H
#define CALC_STAT_SAME_H

/* e^x, within 2 units in the last place; 0 below -708 and infinity above 709. NaN for NaN. */
double same_exp(double x);
/* The natural logarithm, within 2 units in the last place, of a normal positive number; that x is
 * one is the caller's promise. */
double same_log(double x);

#endif
