/* The cube against naive sums, kernels and threads against each other, snapshots against damage. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/must.h"
#include "calc/cube/cube.h"
#include "calc/stat/draw.h"

enum {
    LEAVES = 700,
    TOWNS = 61,
    COUNTIES = 9,
    CITIES = 3,
    LEVELS = 5,
    INDICATORS = 40,
    POPULATION = 0, /* weight of many */
    AREA = 1,       /* weight of some */
    BIG_VALUE = 36, /* sums of its products with the next pass 2^53 */
    BIG_WEIGHT = 37,
    MONEY = 38, /* too large for float32 */
    RATE = 39,  /* not whole */
};

static struct arena arena;
static uint32_t parents[LEVELS][LEAVES];
static double values[INDICATORS][LEAVES];
static uint8_t states[INDICATORS][LEAVES];
static double steps[INDICATORS];
static struct cube_indicator indicators[INDICATORS];
static const unsigned char KEY[CUBE_KEY_BYTES] = "register and definition";

static uint64_t random_bits(uint64_t a, uint64_t b)
{
    return draw_bits((struct draw_at){20231128, a, b}).first;
}

/* Parents in no order at all; some towns without villages, a county without towns. */
static struct cube_tree make_tree(void)
{
    static const uint32_t COUNTS[LEVELS] = {LEAVES, TOWNS, COUNTIES, CITIES, 1};
    struct cube_tree tree = {.level_count = LEVELS};

    for (int l = 0; l < LEVELS; l++) {
        tree.count[l] = COUNTS[l];
        tree.parent[l] = parents[l];
        for (uint32_t u = 0; u < COUNTS[l] && l + 1 < LEVELS; u++) {
            uint32_t some = COUNTS[l + 1] > 2 ? COUNTS[l + 1] - 2 : 1;
            parents[l][u] = 1 % COUNTS[l + 1] + (uint32_t)(random_bits((uint64_t)l, u) % some);
        }
    }
    return tree;
}

static const struct cube_indicator PLAIN = {
    .least = -5000, .most = 5000, .is_whole = true, .weight = CUBE_NO_WEIGHT, .threshold = 1000.5};
static const struct cube_indicator COUNT = {
    .least = 0, .most = 10000, .is_whole = true, .weight = POPULATION, .threshold = 7000};
static const struct cube_indicator BIG = {
    .least = 0, .most = 1 << 24, .is_whole = true, .weight = BIG_WEIGHT, .threshold = 1 << 23};
static const struct cube_indicator LARGE = {
    .least = -1e9, .most = 1e9, .is_whole = true, .weight = POPULATION, .threshold = 1000.5};
static const struct cube_indicator REAL = {
    .least = -5000, .most = 5000, .is_whole = false, .weight = AREA, .threshold = 0.5};

static double value_of(int k, uint64_t bits)
{
    return indicators[k].least + (double)(bits % 10001) * steps[k];
}

/* A fifth of the values unknown, half of those not applicable. */
static void make_column(int k, struct cube_indicator indicator, double step)
{
    indicators[k] = indicator;
    steps[k] = step;
    for (uint64_t i = 0; i < LEAVES; i++) {
        uint64_t bits = random_bits(100U + (uint64_t)k, i);
        values[k][i] = value_of(k, bits);
        states[k][i] = (bits >> 60) < 3 ? (uint8_t)(bits >> 60) : EXPR_KNOWN;
    }
}

static void make_values(void)
{
    static const int WEIGHTS[] = {POPULATION, AREA, CUBE_NO_WEIGHT};

    make_column(POPULATION, COUNT, 1);
    make_column(AREA, COUNT, 1);
    for (int k = AREA + 1; k < BIG_VALUE; k++) {
        make_column(k, PLAIN, 1);
        indicators[k].weight = WEIGHTS[k % 3];
    }
    make_column(BIG_VALUE, BIG, 1677);
    make_column(BIG_WEIGHT, BIG, 1677);
    make_column(MONEY, LARGE, 123456);
    make_column(RATE, REAL, 1.0 / 7);
    /* An indicator that nobody reported, and one that applies nowhere. */
    memset(states[7], EXPR_MISSING, sizeof(states[7]));
    memset(states[8], EXPR_NOT_APPLICABLE, sizeof(states[8]));
}

static struct cube *make_cube(void)
{
    struct cube_tree tree = make_tree();
    struct cube *cube = NULL;
    struct err err = {0};

    assert_int_equal(cube_make(&tree, indicators, INDICATORS, &arena, &cube, &err), RC_OK);
    for (int k = 0; k < INDICATORS; k++) {
        assert_int_equal(cube_fill(cube, k, values[k], states[k], &err), RC_OK);
    }
    return cube;
}

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_REQUEST_MAX);
    make_values();
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static uint32_t unit_of(uint32_t leaf, int level)
{
    uint32_t unit = leaf;

    for (int l = 0; l < level; l++) {
        unit = parents[l][unit];
    }
    return unit;
}

static double weight_of(int indicator, uint32_t leaf)
{
    int weight = indicators[indicator].weight;

    if (weight == CUBE_NO_WEIGHT) {
        return 1;
    }
    return states[weight][leaf] == EXPR_KNOWN ? values[weight][leaf] : 0;
}

/* Straight over all leaves of a unit. Exact for whole numbers of this size, in any order. */
static struct cube_sum naive(int level, uint32_t unit, int k)
{
    struct cube_sum sum = {.least = (double)NAN, .most = (double)NAN};

    for (uint32_t i = 0; i < LEAVES; i++) {
        if (unit_of(i, level) != unit) {
            continue;
        }
        sum.leaves++;
        sum.excluded += states[k][i] == EXPR_NOT_APPLICABLE;
        if (states[k][i] != EXPR_KNOWN) {
            continue;
        }
        sum.sum += values[k][i];
        sum.weighted += values[k][i] * weight_of(k, i);
        sum.weight += weight_of(k, i);
        sum.least = fmin(values[k][i], sum.least);
        sum.most = fmax(values[k][i], sum.most);
        sum.known++;
        sum.reached += values[k][i] >= indicators[k].threshold;
    }
    return sum;
}

/* Sums of whole numbers below 2^53 are exact in any order; these are not such. */
static double slack_of(int k)
{
    return k == RATE || k == BIG_VALUE || k == BIG_WEIGHT ? 1e-9 : 0;
}

static bool near(double got, double want, double slack)
{
    return (isnan(got) && isnan(want)) || fabs(got - want) <= slack * fabs(want);
}

static void expect_sum(struct cube_sum got, struct cube_sum want, double slack)
{
    assert_int_equal(got.leaves, want.leaves);
    assert_int_equal(got.known, want.known);
    assert_int_equal(got.reached, want.reached);
    assert_int_equal(got.excluded, want.excluded);
    assert_true(near(got.least, want.least, 0) && near(got.most, want.most, 0));
    assert_true(near(got.sum, want.sum, slack) && near(got.weight, want.weight, 0));
    assert_true(near(got.weighted, want.weighted, slack));
}

static void every_unit_of_every_level_has_the_naive_sums(void **state)
{
    static const uint32_t COUNTS[LEVELS] = {LEAVES, TOWNS, COUNTIES, CITIES, 1};
    struct cube *cube = make_cube();

    (void)state;
    cube_roll(cube, 1);
    for (int k = 0; k < INDICATORS; k++) {
        for (int l = 1; l < LEVELS; l++) {
            for (uint32_t u = 0; u < COUNTS[l]; u++) {
                expect_sum(cube_unit(cube, l, u, k), naive(l, u, k), slack_of(k));
            }
        }
    }
}

static str sealed(struct cube *cube)
{
    struct cube_stamp stamp = {.generation = 7};

    memcpy(stamp.key, KEY, sizeof(KEY));
    return cube_to_bytes(cube, &stamp);
}

static void every_kernel_and_number_of_threads_gives_the_same_bits(void **state)
{
    struct cube *first = make_cube();
    int tried = 0;

    (void)state;
    assert_true(cube_use(first, CUBE_SCALAR));
    cube_roll(first, 1);
    str want = sealed(first);
    for (int kernel = 0; kernel < CUBE_KERNELS; kernel++) {
        for (int threads = 1; threads <= CUBE_THREADS_MAX; threads++) {
            struct cube *cube = make_cube();
            if (!cube_use(cube, (enum cube_kernel)kernel)) {
                print_message("kernel %d: not on this machine, not compared\n", kernel);
                continue;
            }
            cube_roll(cube, threads);
            assert_true(str_equal(sealed(cube), want));
            tried++;
        }
    }
    assert_true(tried >= CUBE_THREADS_MAX);
}

static void a_changed_value_leaves_the_bits_of_a_rebuilt_cube(void **state)
{
    (void)state;
    for (int kernel = 0; kernel < CUBE_KERNELS; kernel++) {
        struct cube *cube = make_cube();
        struct err err = {0};
        if (!cube_use(cube, (enum cube_kernel)kernel)) {
            continue;
        }
        cube_roll(cube, 1);
        for (uint64_t i = 0; i < 3000; i++) {
            uint64_t bits = random_bits(900, i);
            uint32_t leaf = (uint32_t)(bits % LEAVES);
            int k = i < 2800 ? (int)((bits >> 20) % INDICATORS) : BIG_VALUE;
            values[k][leaf] = value_of(k, bits >> 8);
            states[k][leaf] = (uint8_t)((bits >> 50) % 3);
            assert_int_equal(
                cube_set(cube, leaf, k, values[k][leaf], (enum expr_state)states[k][leaf], &err),
                RC_OK);
        }
        struct cube *rebuilt = make_cube();
        cube_roll(rebuilt, 1);
        assert_true(str_equal(sealed(cube), sealed(rebuilt)));
    }
}

static void values_come_back_as_they_went_in(void **state)
{
    static double column[LEAVES];
    struct cube *cube = make_cube();

    (void)state;
    for (int k = 0; k < INDICATORS; k++) {
        cube_column(cube, k, column);
        for (uint32_t i = 0; i < LEAVES; i++) {
            enum expr_state got = EXPR_KNOWN;
            double value = cube_value(cube, i, k, &got);
            assert_int_equal(got, states[k][i]);
            assert_true(got == EXPR_KNOWN ? value == values[k][i] : isnan(value));
            assert_true(got == EXPR_KNOWN ? column[i] == values[k][i] : isnan(column[i]));
        }
    }
}

/* Two zeros would let least and most depend on the order of values. */
static void zero_has_no_sign(void **state)
{
    struct cube *cube = make_cube();
    enum expr_state got = EXPR_MISSING;
    struct err err = {0};

    (void)state;
    cube_roll(cube, 1);
    for (int k = MONEY - 3; k <= RATE; k++) {
        assert_int_equal(cube_set(cube, 3, k, -0.0, EXPR_KNOWN, &err), RC_OK);
        assert_false(signbit(cube_value(cube, 3, k, &got)));
    }
}

static void values_outside_the_declared_range_are_refused(void **state)
{
    struct cube *cube = make_cube();
    struct err err = {0};

    (void)state;
    cube_roll(cube, 1);
    struct cube_sum before = cube_unit(cube, 4, 0, 5);
    assert_int_equal(cube_set(cube, 3, 5, 5001, EXPR_KNOWN, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_CUBE_RANGE);
    err = (struct err){0};
    assert_int_equal(cube_set(cube, 3, 5, 0.5, EXPR_KNOWN, &err), RC_INVALID);
    err = (struct err){0};
    assert_int_equal(cube_set(cube, 3, 5, (double)NAN, EXPR_KNOWN, &err), RC_INVALID);
    expect_sum(cube_unit(cube, 4, 0, 5), before, 0);
}

/* A group is any leaves; here those of every third town. */
static void groups_add_up_like_units(void **state)
{
    static uint32_t leaves[LEAVES];
    struct cube *cube = make_cube();

    (void)state;
    cube_roll(cube, 1);
    for (int k = 0; k < INDICATORS; k++) {
        struct cube_sum want = {.least = (double)NAN, .most = (double)NAN};
        size_t count = 0;
        for (uint32_t town = 0; town < TOWNS; town += 3) {
            struct cube_sum sum = cube_unit(cube, 1, town, k);
            want.sum += sum.sum;
            want.weighted += sum.weighted;
            want.weight += sum.weight;
            want.least = fmin(want.least, sum.least);
            want.most = fmax(want.most, sum.most);
            want.known += sum.known;
            want.reached += sum.reached;
            want.excluded += sum.excluded;
            want.leaves += sum.leaves;
        }
        for (uint32_t i = 0; i < LEAVES; i++) {
            if (unit_of(i, 1) % 3 == 0) {
                leaves[count++] = i;
            }
        }
        expect_sum(cube_group(cube, leaves, count, k), want, slack_of(k));
    }
}

/* The median has at most half of the known values on either side; the ends are least and most. */
static void expect_quantiles(const struct cube *cube, uint32_t county, int k)
{
    static uint32_t leaves[LEAVES];
    struct cube_sum all = naive(2, county, k);
    double median = cube_quantile(cube, 2, county, k, 0.5, &arena);
    size_t count = 0;
    size_t below = 0;
    size_t above = 0;

    for (uint32_t i = 0; i < LEAVES; i++) {
        if (unit_of(i, 2) == county) {
            bool is_known = states[k][i] == EXPR_KNOWN;
            below += is_known && values[k][i] < median;
            above += is_known && values[k][i] > median;
            leaves[count++] = i;
        }
    }
    assert_true(all.known > 0 || isnan(median));
    assert_true(2 * below <= all.known && 2 * above <= all.known);
    assert_true(near(cube_group_quantile(cube, leaves, count, k, 0.5, &arena), median, 0));
    assert_true(near(cube_quantile(cube, 2, county, k, 0, &arena), all.least, 0));
    assert_true(near(cube_quantile(cube, 2, county, k, 1, &arena), all.most, 0));
}

static void quantiles_of_a_unit_are_those_of_its_known_leaves(void **state)
{
    const struct cube *cube = make_cube();

    (void)state;
    for (int k = 2; k < INDICATORS; k += 5) {
        for (uint32_t county = 0; county < COUNTIES; county++) {
            expect_quantiles(cube, county, k);
        }
    }
}

static void shares_and_means_are_of_what_is_known(void **state)
{
    struct cube_sum sum = {.sum = 30,
                           .weighted = 100,
                           .weight = 20,
                           .known = 4,
                           .reached = 1,
                           .excluded = 2,
                           .leaves = 10};
    struct cube_sum none = {.leaves = 3, .excluded = 3};
    struct cube_sum whole = {.sum = 50};

    (void)state;
    assert_true(cube_mean(sum) == 7.5 && cube_weighted_mean(sum) == 5 && cube_share(sum) == 0.25);
    assert_true(cube_coverage(sum) == 0.5 && cube_ratio(sum, whole) == 0.6);
    assert_true(isnan(cube_mean(none)) && isnan(cube_weighted_mean(none)));
    assert_true(isnan(cube_share(none)) && isnan(cube_coverage(none)));
    assert_true(isnan(cube_ratio(sum, none)));
}

static void thresholds_are_reached_exactly(void **state)
{
    const double have[] = {16777215, 16777216, -16777216, 3, 4};
    const struct cube_tree tree = {
        .level_count = 2, .count = {5, 1}, .parent = {(const uint32_t[5]){0}}};
    static const struct {
        double threshold;
        uint32_t reached;
    } CASES[] = {{16777216, 1}, {16777215.5, 1}, {16777216.5, 0}, {16777215.4, 1},
                 {3.5, 3},      {3, 4},          {-1e12, 5}};

    (void)state;
    for (size_t c = 0; c < COUNT_OF(CASES); c++) {
        struct cube_indicator one = {.least = -16777216,
                                     .most = 16777216,
                                     .is_whole = true,
                                     .weight = CUBE_NO_WEIGHT,
                                     .threshold = CASES[c].threshold};
        struct cube *cube = NULL;
        struct err err = {0};
        assert_int_equal(cube_make(&tree, &one, 1, &arena, &cube, &err), RC_OK);
        assert_int_equal(cube_fill(cube, 0, have, NULL, &err), RC_OK);
        cube_roll(cube, 1);
        assert_int_equal(cube_unit(cube, 1, 0, 0).reached, CASES[c].reached);
        assert_true(cube_unit(cube, 1, 0, 0).sum == 16777222);
    }
}

static void a_new_cube_knows_nothing(void **state)
{
    struct cube_tree tree = make_tree();
    struct cube *cube = NULL;
    struct err err = {0};

    (void)state;
    assert_int_equal(cube_make(&tree, indicators, INDICATORS, &arena, &cube, &err), RC_OK);
    for (int k = 0; k < INDICATORS; k++) {
        for (uint32_t leaf = 0; leaf < LEAVES; leaf++) {
            enum expr_state known = EXPR_KNOWN;
            (void)cube_value(cube, leaf, k, &known);
            assert_int_equal(known, EXPR_MISSING);
        }
    }
}

static void shapes_that_make_no_cube_are_refused(void **state)
{
    struct cube *cube = NULL;
    struct cube_tree tree = make_tree();
    struct err err = {0};

    (void)state;
    indicators[4].weight = MONEY;
    assert_int_equal(cube_make(&tree, indicators, INDICATORS, &arena, &cube, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_CUBE_WEIGHT);
    indicators[4].weight = INDICATORS;
    err = (struct err){0};
    assert_int_equal(cube_make(&tree, indicators, INDICATORS, &arena, &cube, &err), RC_INVALID);
    indicators[4].weight = 5; /* may be negative */
    err = (struct err){0};
    assert_int_equal(cube_make(&tree, indicators, INDICATORS, &arena, &cube, &err), RC_INVALID);
    indicators[4].weight = CUBE_NO_WEIGHT;
    parents[1][5] = COUNTIES;
    err = (struct err){0};
    assert_int_equal(cube_make(&tree, indicators, INDICATORS, &arena, &cube, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_CUBE_PARENT);
    assert_int_equal(err.args[0].number, 1);
    assert_int_equal(err.args[1].number, 5);
    tree.level_count = CUBE_LEVELS_MAX + 1;
    err = (struct err){0};
    assert_int_equal(cube_make(&tree, indicators, INDICATORS, &arena, &cube, &err), RC_LIMIT);
    tree.level_count = 2;
    tree.count[0] = CUBE_UNITS_MAX + 1;
    err = (struct err){0};
    assert_int_equal(cube_make(&tree, indicators, INDICATORS, &arena, &cube, &err), RC_LIMIT);
    err = (struct err){0};
    assert_int_equal(cube_make(&tree, indicators, CUBE_INDICATORS_MAX + 1, &arena, &cube, &err),
                     RC_LIMIT);
}

/* A copy of a cube's bytes, aligned as a mapped file is. */
static unsigned char *copy_of(str bytes)
{
    char *at = arena_take(&arena, bytes.len + 128);

    at += 64 - (uintptr_t)at % 64;
    memcpy(at, bytes.at, bytes.len);
    return (unsigned char *)at;
}

static void a_snapshot_is_the_cube_and_goes_on(void **state)
{
    struct cube *cube = make_cube();
    struct cube *taken = NULL;
    struct err err = {0};

    (void)state;
    cube_roll(cube, 1);
    str bytes = sealed(cube);
    unsigned char *copy = copy_of(bytes);
    assert_int_equal(cube_from_bytes(copy, bytes.len, KEY, &arena, &taken, &err), RC_OK);
    assert_int_equal(cube_generation(taken), 7);
    for (int k = 0; k < INDICATORS; k++) {
        expect_sum(cube_unit(taken, 4, 0, k), cube_unit(cube, 4, 0, k), 0);
    }
    assert_int_equal(cube_set(cube, 9, POPULATION, 77, EXPR_KNOWN, &err), RC_OK);
    assert_int_equal(cube_set(taken, 9, POPULATION, 77, EXPR_KNOWN, &err), RC_OK);
    assert_true(str_equal(sealed(taken), sealed(cube)));
}

static enum msg_id refusal(unsigned char *bytes, size_t len, const unsigned char *key)
{
    struct cube *taken = NULL;
    struct err err = {0};

    assert_int_equal(cube_from_bytes(bytes, len, key, &arena, &taken, &err), RC_INVALID);
    return err.msg;
}

static void a_snapshot_with_anything_wrong_is_refused(void **state)
{
    static const unsigned char OTHER[CUBE_KEY_BYTES] = "another register";
    struct cube *cube = make_cube();

    (void)state;
    cube_roll(cube, 1);
    str bytes = sealed(cube);
    unsigned char *copy = copy_of(bytes);
    assert_int_equal(refusal(copy, 0, KEY), MSG_CUBE_FOREIGN);
    assert_int_equal(refusal(copy, 100, KEY), MSG_CUBE_FOREIGN);
    assert_int_equal(refusal(copy, bytes.len - 64, KEY), MSG_CUBE_SHORT);
    assert_int_equal(refusal(copy, bytes.len, OTHER), MSG_CUBE_OTHER);
    for (size_t at = 0; at < bytes.len; at += at < 256 ? 1 : 9973) {
        copy[at] ^= 0x10;
        enum msg_id msg = refusal(copy, bytes.len, KEY);
        assert_true(at < 64 || msg == MSG_CUBE_DAMAGED);
        assert_true(at < 24 || at > 31 || msg == MSG_CUBE_VERSION);
        copy[at] ^= 0x10;
    }
}

static void one_level_alone_holds_values(void **state)
{
    const struct cube_tree tree = {.level_count = 1, .count = {LEAVES}};
    struct cube *cube = NULL;
    struct err err = {0};
    enum expr_state got = EXPR_MISSING;

    (void)state;
    assert_int_equal(cube_make(&tree, indicators, INDICATORS, &arena, &cube, &err), RC_OK);
    assert_int_equal(cube_fill(cube, 3, values[3], states[3], &err), RC_OK);
    cube_roll(cube, 2);
    assert_int_equal(cube_set(cube, 5, 3, 12, EXPR_KNOWN, &err), RC_OK);
    assert_true(cube_value(cube, 5, 3, &got) == 12 && got == EXPR_KNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_unit_of_every_level_has_the_naive_sums, begin, end),
        cmocka_unit_test_setup_teardown(every_kernel_and_number_of_threads_gives_the_same_bits,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_changed_value_leaves_the_bits_of_a_rebuilt_cube, begin,
                                        end),
        cmocka_unit_test_setup_teardown(values_come_back_as_they_went_in, begin, end),
        cmocka_unit_test_setup_teardown(zero_has_no_sign, begin, end),
        cmocka_unit_test_setup_teardown(values_outside_the_declared_range_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(groups_add_up_like_units, begin, end),
        cmocka_unit_test_setup_teardown(quantiles_of_a_unit_are_those_of_its_known_leaves, begin,
                                        end),
        cmocka_unit_test(shares_and_means_are_of_what_is_known),
        cmocka_unit_test_setup_teardown(thresholds_are_reached_exactly, begin, end),
        cmocka_unit_test_setup_teardown(shapes_that_make_no_cube_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_new_cube_knows_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_snapshot_is_the_cube_and_goes_on, begin, end),
        cmocka_unit_test_setup_teardown(a_snapshot_with_anything_wrong_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(one_level_alone_holds_values, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
