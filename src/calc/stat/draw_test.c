/* Draws: the published answers of the generator, the laws of the distributions, fixed bits. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/must.h"
#include "calc/stat/draw.h"
#include "calc/stat/same.h"

enum { SAMPLE = 200000 };

static void gives_the_published_answers_of_philox(void **state)
{
    /* The known-answer file of Random123, philox4x32 with 10 rounds. */
    static const struct {
        struct draw_at at;
        struct draw_bits bits;
    } KNOWN[] = {
        {{0, 0, 0}, {0xe169c58d6627e8d5, 0x9b00dbd8bc57ac4c}},
        {{UINT64_MAX, UINT64_MAX, UINT64_MAX}, {0x41c83b0e408f276d, 0x6d5451fda20bc7c6}},
        {{0x299f31d0a4093822, 0x85a308d3243f6a88, 0x0370734413198a2e},
         {0x94fdccebd16cfe09, 0x24126ea15001e420}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(KNOWN); i++) {
        struct draw_bits got = draw_bits(KNOWN[i].at);
        assert_int_equal(got.first, KNOWN[i].bits.first);
        assert_int_equal(got.second, KNOWN[i].bits.second);
    }
}

/* Mean and variance of `draw` over a sample must be near the law's. */
static void expect_moments(double (*draw)(struct draw_at), double mean, double variance)
{
    double sum = 0;
    double squares = 0;

    for (uint64_t i = 0; i < SAMPLE; i++) {
        double x = draw((struct draw_at){7, i, 3});
        sum += x;
        squares += x * x;
    }
    double got = sum / SAMPLE;
    assert_true(fabs(got - mean) < 5 * sqrt(variance / SAMPLE));
    assert_true(fabs(squares / SAMPLE - got * got - variance) < 0.02 * variance);
}

static void draws_have_mean_and_variance_of_their_law(void **state)
{
    (void)state;
    expect_moments(draw_uniform, 0.5, 1.0 / 12);
    expect_moments(draw_normal, 0.0, 1.0);
    expect_moments(draw_exponential, 1.0, 1.0);
}

static void neighbouring_places_are_not_related(void **state)
{
    double by_a = 0;
    double by_b = 0;

    (void)state;
    for (uint64_t i = 0; i < SAMPLE; i++) {
        double x = draw_normal((struct draw_at){1, i, 0});
        by_a += x * draw_normal((struct draw_at){1, i + 1, 0});
        by_b += x * draw_normal((struct draw_at){1, i, 1});
    }
    assert_true(fabs(by_a) < 5 * sqrt(SAMPLE));
    assert_true(fabs(by_b) < 5 * sqrt(SAMPLE));
}

static void normal_quantile_inverts_the_distribution(void **state)
{
    (void)state;
    for (int exponent = 1; exponent <= 52; exponent++) {
        for (int step = 0; step < 64; step++) {
            double p = (1.0 + step / 64.0) * ldexp(1.0, -exponent - 1);
            double z = normal_quantile(p);
            assert_true(fabs(0.5 * erfc(-z * sqrt(0.5)) / p - 1.0) < 1e-13);
            if (1.0 - p < 1.0 && 1.0 - (1.0 - p) == p) {
                assert_true(normal_quantile(1.0 - p) == -z);
            }
        }
    }
    assert_true(normal_quantile(0.5) == 0.0);
}

static void exp_and_log_are_as_good_as_the_library(void **state)
{
    (void)state;
    for (int i = -70000; i <= 70000; i++) {
        double x = i * 0.01;
        assert_true(fabs(same_exp(x) / exp(x) - 1.0) < 4.5e-16);
        double y = exp(x);
        assert_true(fabs(same_log(y) - log(y)) <= 4.5e-16 * fabs(log(y)));
        y = 1.0 + i * 1e-6;
        assert_true(fabs(same_log(y) - log(y)) <= 4.5e-16 * fabs(log(y)));
    }
    assert_true(same_exp(-1000) == 0.0);
    assert_true(isinf(same_exp(1000)));
    assert_true(isnan(same_exp((double)NAN)));
}

/* Bits noted down once: a machine, compiler or option that changes one of them is found here. */
static void draws_are_the_same_bits_on_every_machine(void **state)
{
    uint64_t mixed = 0;

    (void)state;
    for (uint64_t i = 0; i < 4096; i++) {
        struct draw_at at = {20231128, i, i * i};
        double values[] = {draw_uniform(at), draw_normal(at), draw_exponential(at),
                           same_exp(draw_normal(at))};
        for (size_t k = 0; k < COUNT_OF(values); k++) {
            union {
                double number;
                uint64_t word;
            } bits = {.number = values[k]};
            mixed = (mixed ^ bits.word) * 0x9E3779B97F4A7C15U;
        }
    }
    assert_int_equal(mixed, 0x11a469b88b1f9ad4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_published_answers_of_philox),
        cmocka_unit_test(draws_have_mean_and_variance_of_their_law),
        cmocka_unit_test(neighbouring_places_are_not_related),
        cmocka_unit_test(normal_quantile_inverts_the_distribution),
        cmocka_unit_test(exp_and_log_are_as_good_as_the_library),
        cmocka_unit_test(draws_are_the_same_bits_on_every_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
