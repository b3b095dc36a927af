/* Philox, and what is made of its bits. */
#include "calc/stat/draw.h"

#include <math.h>

#include "base/must.h"
#include "calc/stat/same.h"
#include "calc/stat/series.h"

enum { PHILOX_ROUNDS = 10 };

struct draw_bits draw_bits(struct draw_at at)
{
    uint32_t x[4] = {(uint32_t)at.a, (uint32_t)(at.a >> 32), (uint32_t)at.b,
                     (uint32_t)(at.b >> 32)};
    uint32_t key[2] = {(uint32_t)at.seed, (uint32_t)(at.seed >> 32)};

    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        uint64_t p = (uint64_t)x[0] * 0xD2511F53U;
        uint64_t q = (uint64_t)x[2] * 0xCD9E8D57U;
        x[0] = (uint32_t)(q >> 32) ^ x[1] ^ key[0];
        x[1] = (uint32_t)q;
        x[2] = (uint32_t)(p >> 32) ^ x[3] ^ key[1];
        x[3] = (uint32_t)p;
        key[0] += 0x9E3779B9U;
        key[1] += 0xBB67AE85U;
    }
    return (struct draw_bits){
        .first = x[0] | (uint64_t)x[1] << 32,
        .second = x[2] | (uint64_t)x[3] << 32,
    };
}

double draw_uniform(struct draw_at at)
{
    return ((double)(draw_bits(at).first >> 12) + 0.5) * 0x1p-52;
}

double draw_normal(struct draw_at at)
{
    return normal_quantile(draw_uniform(at));
}

double draw_exponential(struct draw_at at)
{
    return -same_log(draw_uniform(at));
}

static double ratio_at(const struct rational *f, double x)
{
    double above = f->above[QUANTILE_TERMS - 1];
    double below = f->below[QUANTILE_TERMS - 1];

    for (int i = QUANTILE_TERMS - 2; i >= 0; i--) {
        above = above * x + f->above[i];
        below = below * x + f->below[i];
    }
    return above / below;
}

const struct rational QUANTILE_CENTRE = {
    {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3},
    {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3},
};

static const struct rational SHOULDER = {
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9},
};

static const struct rational TAIL = {
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15},
};

double normal_quantile(double p)
{
    double q = p - 0.5;

    MUST(p > 0.0 && p < 1.0);
    if (fabs(q) <= QUANTILE_CENTRE_END) {
        return q * ratio_at(&QUANTILE_CENTRE, QUANTILE_CENTRE_FROM - q * q);
    }
    double r = sqrt(-same_log(q < 0 ? p : 1.0 - p));
    double size = r <= 5.0 ? ratio_at(&SHOULDER, r - 1.6) : ratio_at(&TAIL, r - 5.0);
    return q < 0 ? -size : size;
}
