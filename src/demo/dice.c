/* Dice: counter-based, so that the value of one village does not depend on how many came before. */
#include <math.h>

#include "demo/demo_in.h"

/* splitmix64 (G. Steele, D. Lea, C. Flood, 2014). */
uint64_t dice_next(struct dice *dice)
{
    uint64_t x = dice->state += 0x9E3779B97F4A7C15U;

    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

struct dice dice_of(uint64_t seed, enum demo_salt salt, int a, int b)
{
    struct dice dice = {seed};

    dice.state = dice_next(&dice) ^ (uint64_t)salt;
    dice.state = dice_next(&dice) ^ (uint64_t)(unsigned)a;
    dice.state = dice_next(&dice) ^ (uint64_t)(unsigned)b;
    return dice;
}

double dice_share(struct dice *dice)
{
    return (double)(dice_next(dice) >> 11) * 0x1p-53;
}

int dice_below(struct dice *dice, int below)
{
    return (int)(dice_next(dice) % (uint64_t)below);
}

/* Box and Muller, 1958. */
double dice_normal(struct dice *dice)
{
    static const double TURN = 6.283185307179586;
    double radius = sqrt(-2 * log(1 - dice_share(dice)));

    return radius * cos(TURN * dice_share(dice));
}
