/* Robustness: against the operator run plainly in every draw, and the same on every machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "base/test_arena.h"
#include "calc/robust/lanes.h"
#include "calc/stat/draw.h"
#include "calc/weigh/reference.h"

enum {
    SMALL_INSTANCES = 250,
    SMALL_PLACES = 40,
    LARGE_INSTANCES = 6,
    LARGE_PLACES = 900,
    SPREAD_INSTANCES = 400
};

static double sigmas[WEIGH_CRITERIA_MAX];

static struct robust_job job_of(const struct instance *it, uint64_t seed, int draws)
{
    for (int k = 0; k < WEIGH_CRITERIA_MAX; k++) {
        sigmas[k] = 0.15 * (double)((seed + (uint64_t)k) % 4);
    }
    return (struct robust_job){
        .rules = &it->rules,
        .u = &it->u,
        .tree = &it->tree,
        .method = it->method,
        .model = seed % 5 == 0 ? DRAW_ANY : DRAW_AROUND,
        .dimension_sigma = sigmas,
        .criterion_sigma = sigmas,
        .seed = seed,
        .draws = draws,
        .threads = 1,
    };
}

static struct robustness run(const struct robust_job *job)
{
    struct robustness out = {0};
    struct err err = {0};

    assert_int_equal(robust_run(job, &arena, &out, &err), RC_OK);
    return out;
}

/* Scores of every place in one draw, one by one. */
static void naive_scores(const struct robust_job *job, int draw, float *out)
{
    double dimension[WEIGH_CRITERIA_MAX];
    double criterion[WEIGH_CRITERIA_MAX];

    robust_draw(job, draw, dimension, criterion);
    for (int i = 0; i < job->u->place_count; i++) {
        float weights[WEIGH_CRITERIA_MAX];
        score_weights(job->tree, job->method, dimension, criterion, job->u->applicable[i], weights);
        out[i] = score_of(weights, job->u->u + (size_t)i * (size_t)job->u->criterion_count,
                          job->u->criterion_count, job->method);
    }
}

/* Counts by running the plain operator in every draw; `slow`: by the slow one. */
static uint32_t *naive_counts(const struct robust_job *job, bool slow)
{
    size_t n = (size_t)job->rules->place_count;
    size_t tiers = (size_t)job->rules->tier_count;
    uint32_t *counts = ARENA_NEW(&arena, uint32_t, n * tiers);
    float *scores = ARENA_NEW(&arena, float, n);
    signed char *tier = ARENA_NEW(&arena, signed char, n);

    for (int draw = 0; draw < job->draws; draw++) {
        struct arena_mark mark = arena_mark(&arena);
        naive_scores(job, draw, scores);
        struct tiering_result result = {0};
        if (slow) {
            naive_tiers(job->rules, scores, tier);
        } else {
            result = tiering_run(job->rules, scores, &arena);
        }
        for (size_t i = 0; i < n; i++) {
            int t = slow ? tier[i] : result.places[i].tier;
            if (t != TIER_NONE) {
                counts[i * tiers + (size_t)t]++;
            }
        }
        arena_rewind(&arena, mark);
    }
    return counts;
}

static void compare(const struct robust_job *job, const uint32_t *got, const uint32_t *want)
{
    size_t tiers = (size_t)job->rules->tier_count;

    for (size_t at = 0; at < (size_t)job->rules->place_count * tiers; at++) {
        if (got[at] != want[at]) {
            fail_msg("seed %lu, place %zu, tier %zu: %u, not %u", (unsigned long)job->seed,
                     at / tiers, at % tiers, got[at], want[at]);
        }
    }
}

static void agrees_with_the_slow_operator_in_every_draw(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SMALL_INSTANCES; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct instance it = instance_make(seed, SMALL_PLACES, &arena);
        struct robust_job job = job_of(&it, seed, 1 + (int)(seed * 7 % 150));
        compare(&job, run(&job).count, naive_counts(&job, true));
        arena_rewind(&arena, mark);
    }
}

static void agrees_where_pools_are_large(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= LARGE_INSTANCES; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct instance it = instance_make(seed, LARGE_PLACES, &arena);
        struct robust_job job = job_of(&it, seed, 700);
        compare(&job, run(&job).count, naive_counts(&job, false));
        arena_rewind(&arena, mark);
    }
}

/* Small doubts and large ones, in pools of which most places are never looked at. */
static void check_spread(uint64_t seed)
{
    static const double DOUBTS[] = {0.05, 0.3, 1.0, 2.5};
    struct arena_mark mark = arena_mark(&arena);
    struct instance it = instance_make_spread(seed, seed % 3 == 0 ? 200 : 40, &arena);
    struct robust_job job = job_of(&it, seed, 300);

    for (int k = 0; k < WEIGH_CRITERIA_MAX; k++) {
        sigmas[k] = DOUBTS[seed % COUNT_OF(DOUBTS)];
    }
    compare(&job, run(&job).count, naive_counts(&job, false));
    arena_rewind(&arena, mark);
}

static void agrees_where_most_places_are_far_from_every_line(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= SPREAD_INSTANCES; seed++) {
        check_spread(seed);
    }
}

/* Of 20,000 instances those in which one of the four checks of pool.c alone saves the answer: the
 * line above or below the width, and nobody listed with too many or too few counted on. */
static void agrees_where_a_line_leaves_its_width(void **state)
{
    static const uint64_t SEEDS[] = {9531, 10635, 4182, 13000, 5973, 14782, 526, 6048};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(SEEDS); i++) {
        check_spread(SEEDS[i]);
    }
}

/* Every instruction set of this machine, one and two threads. */
static void gives_the_same_counts_however_it_is_computed(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct instance it = instance_make(seed, 300, &arena);
        struct robust_job job = job_of(&it, seed, 400);
        job.lanes = LANES_SCALAR;
        struct robustness first = run(&job);
        for (int lanes = LANES_BEST; lanes <= LANES_AVX512; lanes++) {
            job.lanes = (enum lanes)lanes;
            for (job.threads = 1; job.threads <= 2 && lanes_offered(job.lanes); job.threads++) {
                compare(&job, run(&job).count, first.count);
            }
        }
        arena_rewind(&arena, mark);
    }
}

static const struct lanes_ops *const OPS[] = {
    [LANES_SCALAR] = &LANES_OPS_SCALAR,
    [LANES_AVX2] = &LANES_OPS_AVX2,
    [LANES_AVX512] = &LANES_OPS_AVX512,
};

/* One draw, by every instruction set there is. */
static void check_draw(const struct robust_job *job, int draw)
{
    double want[2][WEIGH_CRITERIA_MAX] = {{0}};

    robust_draw(job, draw, want[0], want[1]);
    for (int lanes = LANES_SCALAR; lanes <= LANES_AVX512; lanes++) {
        double got[2][WEIGH_CRITERIA_MAX] = {{0}};
        if (lanes_offered((enum lanes)lanes)) {
            OPS[lanes]->draw(job, draw, got[0], got[1]);
            assert_memory_equal(got, want, sizeof(got));
        }
    }
}

static void draws_the_same_bits_with_every_instruction_set(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct instance it = instance_make(seed, 5, &arena);
        struct robust_job job = job_of(&it, seed, 1);
        for (int draw = 0; draw < 500; draw++) {
            check_draw(&job, draw);
        }
        arena_rewind(&arena, mark);
    }
}

/* A tile of random rows: every score is score_of, bit for bit. */
static void check_scores(const struct lanes_ops *ops, enum score_method method, uint64_t seed)
{
    enum { CRITERIA = 13, TILE_MAX = 8 };
    float u[CRITERIA * TILE_MAX];
    float rest[CRITERIA * TILE_MAX];
    float weights[CRITERIA * LANES_WIDE];
    float scores[TILE_MAX * LANES_WIDE];
    bool topsis = method == SCORE_TOPSIS;

    assert_true(ops->tile_rows <= TILE_MAX);
    for (size_t at = 0; at < COUNT_OF(weights); at++) {
        weights[at] = (float)draw_uniform((struct draw_at){seed, 1, at});
    }
    for (size_t at = 0; at < COUNT_OF(u); at++) {
        float x = (float)draw_uniform((struct draw_at){seed, 2, at});
        u[at] = topsis ? x * x : x;
        rest[at] = (1 - x) * (1 - x);
    }
    ops->score(&(struct score_tile){u, topsis ? rest : NULL, weights, CRITERIA, scores});
    for (int cell = 0; cell < ops->tile_rows * LANES_WIDE; cell++) {
        float row[CRITERIA];
        float own[CRITERIA];
        for (int k = 0; k < CRITERIA; k++) {
            int at = k * ops->tile_rows + cell / LANES_WIDE;
            row[k] = (float)draw_uniform((struct draw_at){seed, 2, (uint64_t)at});
            own[k] = weights[k * LANES_WIDE + cell % LANES_WIDE];
        }
        float want = score_of(own, row, CRITERIA, method);
        assert_memory_equal(&scores[cell], &want, sizeof(want));
    }
}

static void scores_the_same_bits_with_every_instruction_set(void **state)
{
    (void)state;
    for (int lanes = LANES_SCALAR; lanes <= LANES_AVX512; lanes++) {
        for (uint64_t seed = 1; seed <= 50 && lanes_offered((enum lanes)lanes); seed++) {
            check_scores(OPS[lanes], SCORE_SUM, seed);
            check_scores(OPS[lanes], SCORE_TOPSIS, seed);
        }
    }
}

static void offers_what_this_test_forces(void **state)
{
    (void)state;
    if (!lanes_offered(LANES_AVX2) || !lanes_offered(LANES_AVX512)) {
        print_message("# skipped: this machine lacks AVX2 or AVX-512\n");
        skip();
    }
}

static void draws_again_what_the_seed_says(void **state)
{
    struct instance it = instance_make(3, 200, &arena);
    struct robust_job job = job_of(&it, 3, 1000);
    struct robustness first = run(&job);

    (void)state;
    compare(&job, run(&job).count, first.count);
    job.seed = 4;
    struct robustness other = run(&job);
    uint64_t away = 0;
    for (size_t at = 0; at < (size_t)it.rules.place_count * (size_t)it.rules.tier_count; at++) {
        away += first.count[at] != other.count[at];
    }
    assert_true(away > 0);
    assert_true(fabs(first.error - 1 / sqrt(1000.0)) < 1e-15);
}

/* No doubt about weights: every draw is the base run. */
static void repeats_the_base_run_without_doubt(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct instance it = instance_make(seed, 60, &arena);
        struct robust_job job = job_of(&it, seed, 64);
        memset(sigmas, 0, sizeof(sigmas));
        job.model = DRAW_AROUND;
        struct robustness out = run(&job);
        struct tiering_result base = tiering_run(&it.rules, it.scores, &arena);
        for (int i = 0; i < it.rules.place_count; i++) {
            signed char tier = base.places[i].tier;
            assert_int_equal(robust_or_better(&out, i, it.rules.tier_count - 1),
                             tier == TIER_NONE ? 0 : 64);
            if (tier != TIER_NONE) {
                assert_int_equal(out.count[i * it.rules.tier_count + tier], 64);
            }
        }
        arena_rewind(&arena, mark);
    }
}

static void keeps_the_natural_breaks_of_the_base_run(void **state)
{
    struct instance it = instance_make(11, 200, &arena);

    (void)state;
    it.rules.sorting = SORT_BY_BREAKS;
    struct robust_job job = job_of(&it, 11, 300);
    struct robustness natural = run(&job);
    struct tiering fixed = tiering_resolve(&it.rules, it.scores, &arena);
    job.rules = &fixed;
    compare(&job, natural.count, naive_counts(&job, true));
}

static void draws_weights_around_their_centre(void **state)
{
    struct instance it = instance_make(8, 20, &arena);
    struct robust_job job = job_of(&it, 8, 1);
    double dimension[WEIGH_CRITERIA_MAX];
    double criterion[WEIGH_CRITERIA_MAX];
    double sum = 0;
    double squares = 0;

    (void)state;
    job.model = DRAW_AROUND;
    sigmas[0] = 0.3;
    for (int draw = 0; draw < 20000; draw++) {
        robust_draw(&job, draw, dimension, criterion);
        double z = log(criterion[0] / it.tree.criterion_weight[0]);
        sum += z;
        squares += z * z;
    }
    assert_true(fabs(sum / 20000) < 0.3 * 4 / sqrt(20000.0));
    assert_true(fabs(sqrt(squares / 20000) - 0.3) < 0.01);
}

static void tells_the_weightings_that_speak_for_a_tier(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct arena_mark mark = arena_mark(&arena);
        struct instance it = instance_make(seed, 50, &arena);
        struct robust_job job = job_of(&it, seed, 200);
        int place = (int)(seed * 13 % (uint64_t)it.rules.place_count);
        size_t criteria = (size_t)it.tree.criterion_count;
        size_t cells = (size_t)it.rules.tier_count * criteria;
        double *got = ARENA_NEW(&arena, double, cells);
        double *want = ARENA_NEW(&arena, double, cells);
        float *scores = ARENA_NEW(&arena, float, (size_t)it.rules.place_count);
        struct err err = {0};
        struct robustness counts = run(&job);
        assert_int_equal(robust_central(&job, place, &arena, got, &err), RC_OK);
        for (int draw = 0; draw < job.draws; draw++) {
            double dimension[WEIGH_CRITERIA_MAX];
            double criterion[WEIGH_CRITERIA_MAX];
            float shares[WEIGH_CRITERIA_MAX];
            naive_scores(&job, draw, scores);
            signed char tier = tiering_run(&it.rules, scores, &arena).places[place].tier;
            robust_draw(&job, draw, dimension, criterion);
            score_weights(&it.tree, SCORE_SUM, dimension, criterion, UINT64_MAX, shares);
            for (size_t k = 0; k < criteria && tier != TIER_NONE; k++) {
                want[(size_t)tier * criteria + k] += (double)shares[k];
            }
        }
        bool competes = it.rules.locked[place] == TIER_NONE && !it.rules.undecided[place];
        for (size_t at = 0; at < cells && competes; at++) {
            size_t tier = at / criteria;
            uint32_t n = counts.count[(size_t)place * (size_t)it.rules.tier_count + tier];
            assert_true(fabs(got[at] - (n > 0 ? want[at] / n : 0)) < 1e-6);
        }
        arena_rewind(&arena, mark);
    }
}

static void refuses_jobs_that_cannot_be(void **state)
{
    struct instance it = instance_make(1, 20, &arena);
    struct robust_job job = job_of(&it, 1, 0);
    struct robustness out = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(robust_run(&job, &arena, &out, &err), RC_LIMIT);
    assert_int_equal(err.msg, MSG_WEIGH_DRAWS_LIMIT);
    err = (struct err){0};
    job.draws = ROBUST_DRAWS_MAX + 1;
    assert_int_equal(robust_run(&job, &arena, &out, &err), RC_LIMIT);
    err = (struct err){0};
    job.draws = 10;
    job.threads = ROBUST_THREADS_MAX + 1;
    assert_int_equal(robust_run(&job, &arena, &out, &err), RC_LIMIT);
    assert_int_equal(err.msg, MSG_WEIGH_THREADS_LIMIT);
    err = (struct err){0};
    job.threads = 1;
    sigmas[0] = -0.1;
    assert_int_equal(robust_run(&job, &arena, &out, &err), RC_INVALID);
    assert_int_equal(err.msg, MSG_WEIGH_SIGMA);
}

struct told {
    int times;
    int done;
    int stop_at;
};

static bool note_step(void *self, int done)
{
    struct told *told = self;

    assert_true(told->times == 0 ? done == 0 : done > told->done);
    told->times++;
    told->done = done;
    return done < told->stop_at;
}

static void tells_how_far_it_has_come_and_stops_when_told(void **state)
{
    struct instance it = instance_make(3, SMALL_PLACES, &arena);
    struct robust_job job = job_of(&it, 3, 60000);
    struct told on = {.stop_at = 60000};
    struct told off = {.stop_at = 20000};

    (void)state;
    uint32_t *untold = run(&job).count;
    job.step = note_step;
    job.step_self = &on;
    struct robustness whole = run(&job);
    assert_true(on.times > 1 && !whole.is_stopped);
    assert_memory_equal(whole.count, untold,
                        (size_t)(it.rules.place_count * it.rules.tier_count) * sizeof(*untold));
    job.step_self = &off;
    struct robustness part = run(&job);
    assert_true(part.is_stopped && part.count == NULL);
    assert_true(off.done >= 20000 && off.done < 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(agrees_with_the_slow_operator_in_every_draw),
        WITH_ARENA(agrees_where_pools_are_large),
        WITH_ARENA(agrees_where_most_places_are_far_from_every_line),
        WITH_ARENA(agrees_where_a_line_leaves_its_width),
        WITH_ARENA(gives_the_same_counts_however_it_is_computed),
        WITH_ARENA(draws_the_same_bits_with_every_instruction_set),
        cmocka_unit_test(scores_the_same_bits_with_every_instruction_set),
        cmocka_unit_test(offers_what_this_test_forces),
        WITH_ARENA(draws_again_what_the_seed_says),
        WITH_ARENA(repeats_the_base_run_without_doubt),
        WITH_ARENA(keeps_the_natural_breaks_of_the_base_run),
        WITH_ARENA(draws_weights_around_their_centre),
        WITH_ARENA(tells_the_weightings_that_speak_for_a_tier),
        WITH_ARENA(refuses_jobs_that_cannot_be),
        WITH_ARENA(tells_how_far_it_has_come_and_stops_when_told),
    };
    return cmocka_run_group_tests_name("robust", tests, NULL, NULL);
}
