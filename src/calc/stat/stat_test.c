/* Order statistics and natural breaks against naive counts and exhaustive search. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/must.h"
#include "calc/stat/breaks.h"
#include "calc/stat/draw.h"
#include "calc/stat/sample.h"

enum { COUNT_MAX = 4000 };

static struct arena arena;
static double values[COUNT_MAX];
static double out[COUNT_MAX];

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_REQUEST_MAX);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* `kinds` different values, so that ties are many or few; about a tenth missing if asked. */
static void fill(uint64_t seed, size_t count, uint64_t kinds, bool has_missing)
{
    for (uint64_t i = 0; i < count; i++) {
        struct draw_bits bits = draw_bits((struct draw_at){seed, i, 0});
        values[i] =
            has_missing && bits.second % 10 == 0 ? (double)NAN : (double)(bits.first % kinds) - 7;
    }
}

/* How many known values are below x, and how many equal it. */
static void tally(size_t count, double x, size_t *out_below, size_t *out_equal)
{
    *out_below = *out_equal = 0;
    for (size_t i = 0; i < count; i++) {
        *out_below += values[i] < x;
        *out_equal += values[i] == x;
    }
}

static void select_finds_the_value_with_k_smaller_ones(void **state)
{
    static const size_t COUNTS[] = {1, 2, 5, 24, 25, 100, 1000, 3999};

    (void)state;
    for (uint64_t seed = 0; seed < 40; seed++) {
        size_t count = COUNTS[seed % COUNT_OF(COUNTS)];
        size_t k = (seed * 7919) % count;
        size_t below = 0;
        size_t equal = 0;
        fill(seed, count, seed % 3 == 0 ? 5 : 100000, false);
        double got = sample_select(values, count, k);
        tally(count, got, &below, &equal);
        assert_true(below <= k && k < below + equal);
        for (size_t i = 0; i < count; i++) {
            assert_true(i < k ? values[i] <= got : values[i] >= got);
        }
    }
}

static void select_survives_orders_made_against_it(void **state)
{
    (void)state;
    for (int shape = 0; shape < 3; shape++) {
        for (int i = 0; i < COUNT_MAX; i++) {
            int folded = i % 2 == 0 ? i : COUNT_MAX - i;
            values[i] = shape == 0 ? i : (shape == 1 ? COUNT_MAX - i : folded);
        }
        double want = shape == 1 ? 2001 : 2000;
        assert_true(fabs(sample_select(values, COUNT_MAX, 2000) - want) <= 1);
    }
}

static void quantiles_interpolate_as_a_spreadsheet_does(void **state)
{
    double four[] = {4, 1, 3, 2};
    double five[] = {10, 50, 20, 40, 30};
    double none[1] = {0};

    (void)state;
    assert_true(sample_quantile(four, 4, 0.5) == 2.5);
    assert_true(sample_quantile(four, 4, 0.0) == 1 && sample_quantile(four, 4, 1.0) == 4);
    assert_true(fabs(sample_quantile(five, 5, 0.9) - 46) < 1e-12);
    assert_true(sample_quantile(five, 5, 0.25) == 20);
    assert_true(isnan(sample_quantile(none, 0, 0.5)));
}

static void ranks_count_who_is_better(void **state)
{
    size_t count = 500;

    (void)state;
    fill(3, count, 60, true);
    for (int ties = 0; ties < 2; ties++) {
        sample_ranks(values, count, ties == 0 ? TIES_LEAST : TIES_MEAN, out, &arena);
        for (size_t i = 0; i < count; i++) {
            size_t better = 0;
            size_t equal = 0;
            for (size_t j = 0; j < count; j++) {
                better += values[j] > values[i];
                equal += values[j] == values[i];
            }
            double want = (double)better + (ties == 0 ? 1 : ((double)equal + 1) / 2);
            assert_true(isnan(values[i]) ? isnan(out[i]) : out[i] == want);
        }
    }
}

static void outliers_stand_out_of_any_scale(void **state)
{
    double sample[] = {2.1, 2.3, 1.9, 2.0, 2.2, 30.0, (double)NAN};
    double scores[7];

    (void)state;
    sample_outlier_scores(sample, 7, scores, &arena);
    assert_true(fabs(scores[5] - 0.6745 * (30 - 2.15) / 0.15) < 1e-9);
    assert_true(fabs(scores[0]) < OUTLIER_SCORE && isnan(scores[6]));
    double same[] = {5, 5, 5, 5, 5};
    sample_outlier_scores(same, 5, scores, &arena);
    assert_true(scores[0] == 0 && scores[4] == 0);
    double nearly[] = {5, 5, 5, 5, 105};
    sample_outlier_scores(nearly, 5, scores, &arena);
    assert_true(fabs(scores[4] - 100 / (1.2533 * 20)) < 1e-9 && scores[0] == 0);
}

/* The loss of a division, straight from its definition. */
static double loss_of(size_t count, const double *breaks, size_t classes)
{
    double loss = 0;

    for (size_t c = 0; c < classes; c++) {
        double sum = 0;
        double members = 0;
        for (size_t i = 0; i < count; i++) {
            if (!isnan(values[i]) && breaks_class(breaks, classes, values[i]) == c) {
                sum += values[i];
                members++;
            }
        }
        for (size_t i = 0; i < count; i++) {
            if (!isnan(values[i]) && breaks_class(breaks, classes, values[i]) == c) {
                loss += (values[i] - sum / members) * (values[i] - sum / members);
            }
        }
    }
    return loss;
}

/* Every division into three classes tried. */
static double least_loss(size_t count)
{
    double least = HUGE_VAL;
    double breaks[3] = {-1000, 0, 0};

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            breaks[1] = values[i];
            breaks[2] = values[j];
            if (breaks[1] < breaks[2]) {
                double loss = loss_of(count, breaks, 3);
                least = loss < least ? loss : least;
            }
        }
    }
    return least;
}

static void breaks_are_as_good_as_the_best_of_all_divisions(void **state)
{
    double breaks[3];

    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        size_t count = 6 + seed % 20;
        fill(seed, count, seed % 2 == 0 ? 12 : 100000, seed % 3 == 0);
        size_t classes = breaks_find(values, count, 3, breaks, &arena);
        if (classes == 3) {
            double best = least_loss(count);
            assert_true(loss_of(count, breaks, 3) <= best * (1 + 1e-9) + 1e-9);
        }
    }
}

static void breaks_are_fewer_when_values_are_fewer(void **state)
{
    double sample[] = {3, 1, 3, (double)NAN, 1};
    double breaks[5] = {0};

    (void)state;
    assert_int_equal(breaks_find(sample, 5, 5, breaks, &arena), 2);
    assert_true(breaks[0] == 1 && breaks[1] == 3);
    assert_int_equal(breaks_find(sample, 0, 3, breaks, &arena), 0);
    assert_int_equal(breaks_find(&sample[3], 1, 3, breaks, &arena), 0);
    assert_int_equal(breaks_find(sample, 5, 1, breaks, &arena), 1);
    assert_true(breaks[0] == 1);
}

static void breaks_put_a_value_into_the_class_it_begins(void **state)
{
    const double breaks[] = {0, 10, 20};

    (void)state;
    assert_int_equal(breaks_class(breaks, 3, -5), 0);
    assert_int_equal(breaks_class(breaks, 3, 9.9), 0);
    assert_int_equal(breaks_class(breaks, 3, 10), 1);
    assert_int_equal(breaks_class(breaks, 3, 25), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(select_finds_the_value_with_k_smaller_ones),
        cmocka_unit_test(select_survives_orders_made_against_it),
        cmocka_unit_test(quantiles_interpolate_as_a_spreadsheet_does),
        cmocka_unit_test_setup_teardown(ranks_count_who_is_better, begin, end),
        cmocka_unit_test_setup_teardown(outliers_stand_out_of_any_scale, begin, end),
        cmocka_unit_test_setup_teardown(breaks_are_as_good_as_the_best_of_all_divisions, begin,
                                        end),
        cmocka_unit_test_setup_teardown(breaks_are_fewer_when_values_are_fewer, begin, end),
        cmocka_unit_test(breaks_put_a_value_into_the_class_it_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
