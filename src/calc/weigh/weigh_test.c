/* Utilities, weights, scores: hand cases, figures computed elsewhere, properties. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/test_arena.h"
#include "calc/stat/draw.h"
#include "calc/weigh/score.h"

#define assert_near(got, want, slack) assert_true(fabs((double)(got) - (want)) <= (slack))

static double utility(const struct scale *scale, double value)
{
    double out = -1;

    assert_true(utility_of(scale, value, &out));
    return out;
}

static void rises_from_floor_to_goal_in_both_directions(void **state)
{
    const struct scale more = {.kind = SCALE_LINE, .floor = 20, .goal = 100};
    const struct scale less = {.kind = SCALE_LINE, .floor = 30, .goal = 10};

    (void)state;
    assert_near(utility(&more, 20), 0, 0);
    assert_near(utility(&more, 60), 0.5, 1e-15);
    assert_near(utility(&more, 101), 1, 0);
    assert_near(utility(&more, -5), 0, 0);
    assert_near(utility(&less, 25), 0.25, 1e-15);
    assert_near(utility(&less, 9), 1, 0);
    assert_near(utility(&less, 31), 0, 0);
}

static void prefers_a_band_and_falls_on_both_sides(void **state)
{
    const struct scale band = {
        .kind = SCALE_BAND, .floor = 0, .goal = 10, .goal_end = 20, .floor_end = 40};

    (void)state;
    assert_near(utility(&band, -1), 0, 0);
    assert_near(utility(&band, 4), 0.4, 1e-15);
    assert_near(utility(&band, 15), 1, 0);
    assert_near(utility(&band, 20), 1, 0);
    assert_near(utility(&band, 35), 0.25, 1e-15);
    assert_near(utility(&band, 41), 0, 0);
}

static void knows_listed_values_only(void **state)
{
    const struct scale_step steps[] = {{0, 0}, {1, 0.4}, {3, 1}};
    const struct scale scale = {.kind = SCALE_STEPS, .steps = steps, .step_count = 3};
    double out = 0;

    (void)state;
    assert_near(utility(&scale, 1), 0.4, 0);
    assert_false(utility_of(&scale, 2, &out));
}

static void refuses_scales_that_contradict_themselves(void **state)
{
    const struct scale_step twice[] = {{1, 0}, {1, 1}};
    const struct scale_step beyond[] = {{1, 1.5}};
    const struct scale wrong[] = {
        {.kind = SCALE_LINE, .floor = 1, .goal = 1},
        {.kind = SCALE_LINE, .floor = (double)NAN, .goal = 1},
        {.kind = SCALE_BAND, .floor = 0, .goal = 2, .goal_end = 1, .floor_end = 3},
        {.kind = SCALE_BAND, .floor = 0, .goal = 1, .goal_end = 3, .floor_end = 3},
        {.kind = SCALE_BAND, .floor = 1, .goal = 1, .goal_end = 2, .floor_end = 3},
        {.kind = SCALE_STEPS, .steps = twice, .step_count = 2},
        {.kind = SCALE_STEPS, .steps = beyond, .step_count = 1},
        {.kind = SCALE_STEPS, .step_count = 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct err err = {0};
        assert_int_equal(utility_check(&wrong[i], 6, &err), RC_INVALID);
        assert_int_equal(err.args[0].number, 7);
    }
}

static struct utilities make(const struct scale *scales, const struct weigh_values *values)
{
    struct scale fitted[WEIGH_CRITERIA_MAX];
    struct utilities u = {0};
    struct err err = {0};

    utility_fit(scales, values, fitted);
    assert_int_equal(utilities_make(fitted, values, &arena, &u, &err), RC_OK);
    return u;
}

static void fits_a_line_between_the_data_s_ends(void **state)
{
    const struct scale scales[] = {{.kind = SCALE_MIN_MAX},
                                   {.kind = SCALE_MIN_MAX, .less_is_better = true},
                                   {.kind = SCALE_MIN_MAX}};
    const double values[] = {2, 2, 5, 4, 6, 5, 1000, 4, 5, 3, -9, 5};
    const unsigned char states[12] = {[6] = VALUE_MISSING, [10] = VALUE_NOT_APPLICABLE};
    const struct weigh_values table = {4, 3, values, states};
    struct utilities u = make(scales, &table);

    (void)state;
    assert_near(u.u[0], 0, 0);
    assert_near(u.u[3], 1, 0);
    assert_near(u.u[9], 0.5, 0);
    assert_near(u.u[1], 1, 0);
    assert_near(u.u[4], 0, 0);
    assert_near(u.u[7], 0.5, 0);
    /* Nothing tells these apart. */
    assert_near(u.u[2], 1, 0);
    assert_near(u.u[11], 1, 0);
}

static void puts_silence_at_the_floor_and_hope_at_the_goal(void **state)
{
    const struct scale scales[] = {{.kind = SCALE_LINE, .goal = 10},
                                   {.kind = SCALE_LINE, .goal = 10}};
    const double values[] = {5, 7, 9, 9};
    const unsigned char states[] = {VALUE_KNOWN, VALUE_MISSING, VALUE_NOT_APPLICABLE, VALUE_KNOWN};
    const struct weigh_values table = {2, 2, values, states};
    struct utilities u = make(scales, &table);
    struct utilities hope = utilities_optimistic(&u, &arena);

    (void)state;
    assert_near(u.u[1], 0, 0);
    assert_near(hope.u[1], 1, 0);
    assert_near(hope.u[0], 0.5, 0);
    assert_near(hope.u[2], 0, 0);
    assert_int_equal(u.applicable[0], 3);
    assert_int_equal(u.missing[0], 2);
    assert_int_equal(u.applicable[1], 2);
    assert_int_equal(u.missing[1], 0);
}

static void names_the_cell_it_cannot_score(void **state)
{
    const struct scale_step steps[] = {{1, 1}};
    const struct scale scales[] = {{.kind = SCALE_LINE, .goal = 10},
                                   {.kind = SCALE_STEPS, .steps = steps, .step_count = 1}};
    double values[] = {5, 1, 5, 2};
    const unsigned char states[4] = {0};
    struct weigh_values table = {2, 2, values, states};
    struct utilities u = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(utilities_make(scales, &table, &arena, &u, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_VALUE_UNLISTED);
    assert_int_equal(err.args[0].number, 2);
    assert_int_equal(err.args[1].number, 2);
    err = (struct err){0};
    values[0] = (double)INFINITY;
    assert_int_equal(utilities_make(scales, &table, &arena, &u, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_VALUE_NOT_FINITE);
    err = (struct err){0};
    table.criterion_count = WEIGH_CRITERIA_MAX + 1;
    assert_int_equal(utilities_make(scales, &table, &arena, &u, &err), RC_LIMIT);
    err = (struct err){0};
    table.criterion_count = 2;
    table.place_count = WEIGH_PLACES_MAX + 1;
    assert_int_equal(utilities_make(scales, &table, &arena, &u, &err), RC_LIMIT);
}

static const int DIMENSION[] = {0, 0, 1, 1, 1};
static const double DIMENSION_WEIGHT[] = {2, 3};
static const double CRITERION_WEIGHT[] = {1, 3, 2, 1, 1};
static const struct weight_tree TREE = {5, 2, DIMENSION, DIMENSION_WEIGHT, CRITERION_WEIGHT};

static void multiplies_dimension_by_criterion(void **state)
{
    double out[5];

    (void)state;
    weights_combine(&TREE, out);
    assert_near(out[0], 0.4 * 0.25, 1e-15);
    assert_near(out[1], 0.4 * 0.75, 1e-15);
    assert_near(out[2], 0.6 * 0.5, 1e-15);
    assert_near(out[4], 0.6 * 0.25, 1e-15);
}

static void refuses_weights_that_weigh_nothing(void **state)
{
    double dimension[] = {1, 1};
    double criterion[] = {1, 1, 0, 0, 0};
    struct weight_tree tree = {5, 2, DIMENSION, dimension, criterion};
    struct err err = {0};

    (void)state;
    assert_int_equal(weights_check(&TREE, &err), RC_OK);
    assert_int_equal(weights_check(&tree, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_DIMENSION_EMPTY);
    err = (struct err){0};
    dimension[1] = 0;
    assert_int_equal(weights_check(&tree, &err), RC_OK);
    dimension[0] = 0;
    assert_int_equal(weights_check(&tree, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_NO_WEIGHT);
    err = (struct err){0};
    dimension[0] = -1;
    assert_int_equal(weights_check(&tree, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_DIMENSION_WEIGHT);
    err = (struct err){0};
    criterion[1] = (double)NAN;
    assert_int_equal(weights_check(&tree, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_CRITERION_WEIGHT);
    err = (struct err){0};
    tree.criterion_count = WEIGH_CRITERIA_MAX + 1;
    assert_int_equal(weights_check(&tree, &err), RC_LIMIT);
}

/* Eigenvector and ratio computed by numpy.linalg.eig. */
static void finds_the_principal_eigenvector(void **state)
{
    const double matrix[] = {1,       3,       5, 7, 1 / 3.0, 1,       3,       5,
                             1 / 5.0, 1 / 3.0, 1, 3, 1 / 7.0, 1 / 5.0, 1 / 3.0, 1};
    const double half[] = {1, 3, 5, 7, 0, 1, 3, 5, 0, 0, 1, 3, 0, 0, 0, 1};
    const double want[] = {0.5650090537990473, 0.26220120556087323, 0.11750425004139858,
                           0.05528549059868092};
    struct ahp full = {0};
    struct ahp mirrored = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(weights_ahp(matrix, 4, &full, &err), RC_OK);
    assert_int_equal(weights_ahp(half, 4, &mirrored, &err), RC_OK);
    for (int i = 0; i < 4; i++) {
        assert_near(full.weights[i], want[i], 1e-12);
        assert_near(mirrored.weights[i], want[i], 1e-12);
    }
    assert_near(full.lambda_max, 4.116982443447268, 1e-12);
    assert_near(full.consistency_ratio, 0.0433268309063957, 1e-12);
    assert_true(full.is_consistent);
}

static void says_when_judgements_contradict_each_other(void **state)
{
    const double circle[] = {1, 9, 1 / 9.0, 1 / 9.0, 1, 9, 9, 1 / 9.0, 1};
    const double one_off[] = {1, 2, 4, 0, 1, 1 / 4.0, 0, 0, 1};
    struct ahp out = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(weights_ahp(circle, 3, &out, &err), RC_OK);
    assert_false(out.is_consistent);
    assert_near(out.consistency_ratio, 6.130268199233717, 1e-9);
    assert_int_equal(weights_ahp(one_off, 3, &out, &err), RC_OK);
    assert_false(out.is_consistent);
    /* 2 and 4 say that the second is twice the third; it was said to be a quarter. */
    assert_true(out.worst_expected != 0);
    double said = one_off[out.worst_row * 3 + out.worst_column];
    assert_true(said == 0 || said > out.worst_expected);
}

/* No other judgement is further from what the weights say. */
static void names_the_judgement_that_fits_least(void **state)
{
    const double one_off[] = {1, 4, 1 / 4.0, 1 / 4.0, 1, 1 / 2.0, 4, 2, 1};
    struct ahp out = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(weights_ahp(one_off, 3, &out, &err), RC_OK);
    double worst = one_off[out.worst_row * 3 + out.worst_column] * out.weights[out.worst_column] /
                   out.weights[out.worst_row];
    for (int i = 0; i < 9; i++) {
        assert_true(one_off[i] * out.weights[i % 3] / out.weights[i / 3] <= worst + 1e-12);
    }
}

static void is_consistent_where_judgements_are_ratios(void **state)
{
    const double weights[] = {0.5, 0.25, 0.125, 0.125};
    double matrix[16];
    struct ahp out = {0};
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 16; i++) {
        matrix[i] = weights[i / 4] / weights[i % 4];
    }
    assert_int_equal(weights_ahp(matrix, 4, &out, &err), RC_OK);
    for (int i = 0; i < 4; i++) {
        assert_near(out.weights[i], weights[i], 1e-14);
    }
    assert_near(out.consistency_ratio, 0, 1e-12);
    assert_int_equal(weights_ahp((double[]){1}, 1, &out, &err), RC_OK);
    assert_near(out.weights[0], 1, 0);
}

static void refuses_judgements_it_cannot_use(void **state)
{
    const double missing[] = {1, 0, 0, 1};
    const double negative[] = {1, -2, 0, 1};
    const double unmatched[] = {1, 2, 2, 1};
    const double diagonal[] = {2, 2, 0.5, 1};
    struct ahp out = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(weights_ahp(missing, 2, &out, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_AHP_MISSING);
    assert_int_equal(err.args[0].number, 1);
    assert_int_equal(err.args[1].number, 2);
    err = (struct err){0};
    assert_int_equal(weights_ahp(negative, 2, &out, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_AHP_NOT_POSITIVE);
    err = (struct err){0};
    assert_int_equal(weights_ahp(unmatched, 2, &out, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_AHP_NOT_RECIPROCAL);
    err = (struct err){0};
    assert_int_equal(weights_ahp(diagonal, 2, &out, &err), RC_INVALID);
    err = (struct err){0};
    assert_int_equal(weights_ahp(missing, AHP_SIZE_MAX + 1, &out, &err), RC_LIMIT);
}

static const float SPREAD[] = {0.1F, 0.9F, 0.5F, 0.3F, 0.4F, 0.7F, 0.5F, 0.8F, 0.8F, 0.2F,
                               0.5F, 0.6F, 0.6F, 0.4F, 0.5F, 0.0F, 1.0F, 0.1F, 0.5F, 0.9F};
static const uint64_t ALL_APPLY[] = {15, 15, 15, 15, 15};

/* Computed by numpy from the formulas of the header. */
static void finds_weights_in_the_data(void **state)
{
    const uint64_t none[5] = {0};
    const uint64_t one[5] = {[1] = 1};
    struct utilities u = {5, 4, SPREAD, ALL_APPLY, none};
    const double entropy[] = {0.24847012612389938, 0.32897606592688305, 0, 0.4225538079492176};
    const double critic[] = {0.3308936697268086, 0.4108970353634959, 0, 0.25820929490969535};
    const double missing[] = {0.29133630995748716, 0.31021174396302037, 0, 0.39845194607949247};
    double out[4];
    struct err err = {0};

    (void)state;
    assert_int_equal(weights_entropy(&u, out, &err), RC_OK);
    for (int k = 0; k < 4; k++) {
        assert_near(out[k], entropy[k], 1e-13);
    }
    assert_int_equal(weights_critic(&u, out, &err), RC_OK);
    for (int k = 0; k < 4; k++) {
        assert_near(out[k], critic[k], 1e-13);
    }
    u.missing = one;
    assert_int_equal(weights_entropy(&u, out, &err), RC_OK);
    for (int k = 0; k < 4; k++) {
        assert_near(out[k], missing[k], 1e-13);
    }
}

static void finds_no_weights_where_all_are_alike(void **state)
{
    const float same[] = {0.5F, 0.2F, 0.5F, 0.2F};
    const float twins[] = {0.5F, 0.5F, 0.2F, 0.2F, 0.9F, 0.9F};
    const uint64_t none[3] = {0};
    struct utilities u = {2, 2, same, ALL_APPLY, none};
    double out[2];
    struct err err = {0};

    (void)state;
    assert_int_equal(weights_entropy(&u, out, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_NO_SPREAD);
    err = (struct err){0};
    assert_int_equal(weights_critic(&u, out, &err), RC_INVALID);
    err = (struct err){0};
    u = (struct utilities){3, 2, twins, ALL_APPLY, none};
    assert_int_equal(weights_critic(&u, out, &err), RC_OK);
    assert_near(out[0], 0.5, 1e-12);
}

static void gives_the_weight_of_what_does_not_apply_to_its_dimension(void **state)
{
    float weights[5];

    (void)state;
    score_weights(&TREE, SCORE_SUM, DIMENSION_WEIGHT, CRITERION_WEIGHT, 31 - 4, weights);
    assert_near(weights[0], 0.1, 1e-7);
    assert_near(weights[2], 0, 0);
    assert_near(weights[3], 0.3, 1e-7);
    assert_near(weights[4], 0.3, 1e-7);
    /* Nothing of the second dimension applies: its weight goes to the first. */
    score_weights(&TREE, SCORE_SUM, DIMENSION_WEIGHT, CRITERION_WEIGHT, 3, weights);
    assert_near(weights[0], 0.25, 1e-7);
    assert_near(weights[1], 0.75, 1e-7);
    score_weights(&TREE, SCORE_SUM, DIMENSION_WEIGHT, CRITERION_WEIGHT, 0, weights);
    assert_near(weights[0] + weights[4], 0, 0);
}

static void scores_one_place_by_hand(void **state)
{
    const float u[] = {1.0F, 0.5F, 0.0F, 0.25F, 1.0F};
    const uint64_t apply[] = {31};
    const uint64_t missing[] = {4};
    struct utilities table = {1, 5, u, apply, missing};
    double parts[5];
    double dimensions[2];
    struct contributions out = {.criterion = parts, .dimension = dimensions};
    float score = 0;

    (void)state;
    score_all(&table, &TREE, SCORE_SUM, &score);
    assert_near(score, 0.1 + 0.15 + 0.0375 + 0.15, 1e-7);
    score_contributions(&table, &TREE, 0, &out);
    assert_near(out.total, (double)score, 1e-6);
    assert_near(parts[1], 0.15, 1e-12);
    assert_near(dimensions[0], 0.25, 1e-12);
    assert_near(dimensions[1], 0.1875, 1e-12);
    assert_near(out.lost, 0.3, 1e-12);
    assert_near(score_coverage(&table, &TREE, 0), 0.7, 1e-12);
}

/* Against the textbook: distances with roots, closeness D- / (D+ + D-). */
static void ranks_as_topsis_does(void **state)
{
    enum { PLACES = 40 };
    float u[PLACES * 5];
    uint64_t apply[PLACES];
    const uint64_t missing[PLACES] = {0};
    struct utilities table = {PLACES, 5, u, apply, missing};
    float scores[PLACES];
    double closeness[PLACES];
    double w[5];

    (void)state;
    weights_combine(&TREE, w);
    for (int i = 0; i < PLACES; i++) {
        double near = 0;
        double far = 0;
        apply[i] = 31;
        for (int k = 0; k < 5; k++) {
            double x = draw_uniform((struct draw_at){1, (uint64_t)i, (uint64_t)k});
            u[i * 5 + k] = (float)x;
            near += w[k] * x * w[k] * x;
            far += w[k] * (1 - x) * w[k] * (1 - x);
        }
        closeness[i] = sqrt(near) / (sqrt(near) + sqrt(far));
    }
    score_all(&table, &TREE, SCORE_TOPSIS, scores);
    for (int i = 0; i < PLACES; i++) {
        for (int j = 0; j < PLACES; j++) {
            if (closeness[i] > closeness[j] + 1e-5) {
                assert_true(scores[i] > scores[j]);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rises_from_floor_to_goal_in_both_directions),
        cmocka_unit_test(prefers_a_band_and_falls_on_both_sides),
        cmocka_unit_test(knows_listed_values_only),
        cmocka_unit_test(refuses_scales_that_contradict_themselves),
        WITH_ARENA(fits_a_line_between_the_data_s_ends),
        WITH_ARENA(puts_silence_at_the_floor_and_hope_at_the_goal),
        WITH_ARENA(names_the_cell_it_cannot_score),
        cmocka_unit_test(multiplies_dimension_by_criterion),
        cmocka_unit_test(refuses_weights_that_weigh_nothing),
        cmocka_unit_test(finds_the_principal_eigenvector),
        cmocka_unit_test(says_when_judgements_contradict_each_other),
        cmocka_unit_test(names_the_judgement_that_fits_least),
        cmocka_unit_test(is_consistent_where_judgements_are_ratios),
        cmocka_unit_test(refuses_judgements_it_cannot_use),
        cmocka_unit_test(finds_weights_in_the_data),
        cmocka_unit_test(finds_no_weights_where_all_are_alike),
        cmocka_unit_test(gives_the_weight_of_what_does_not_apply_to_its_dimension),
        cmocka_unit_test(scores_one_place_by_hand),
        cmocka_unit_test(ranks_as_topsis_does),
    };
    return cmocka_run_group_tests_name("weigh", tests, NULL, NULL);
}
