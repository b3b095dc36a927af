/* The run of a robustness job: checks, chunks of draws, pools on threads, totals. */
#include "calc/robust/robust.h"

#include <math.h>

#include "base/must.h"
#include "calc/robust/parallel.h"
#include "calc/robust/pool.h"

/* A chunk's weights take at most this much, and so many draws, whatever the number of patterns. */
#define CHUNK_BYTES (64 * ARENA_MIB)
enum { CHUNK_DRAWS = 16384 };

/* ---- checks ---- */

static enum rc check_sigmas(const double *sigmas, int count, struct err *err)
{
    for (int i = 0; i < count; i++) {
        if (!isfinite(sigmas[i]) || sigmas[i] < 0 || sigmas[i] > ROBUST_SIGMA_MAX) {
            return err_set(err, RC_INVALID, MSG_WEIGH_SIGMA, arg_count(i + 1),
                           arg_count(ROBUST_SIGMA_MAX));
        }
    }
    return RC_OK;
}

static enum rc check_numbers(const struct robust_job *job, struct err *err)
{
    if (job->draws < 1 || job->draws > ROBUST_DRAWS_MAX) {
        return err_set(err, RC_LIMIT, MSG_WEIGH_DRAWS_LIMIT, arg_count(job->draws),
                       arg_count(ROBUST_DRAWS_MAX));
    }
    if (job->threads < 1 || job->threads > ROBUST_THREADS_MAX) {
        return err_set(err, RC_LIMIT, MSG_WEIGH_THREADS_LIMIT, arg_count(job->threads),
                       arg_count(ROBUST_THREADS_MAX));
    }
    return RC_OK;
}

static enum rc check(const struct robust_job *job, struct err *err)
{
    enum rc rc = tiering_check(job->rules, err);

    MUST(job->rules->place_count == job->u->place_count);
    MUST(job->tree->criterion_count == job->u->criterion_count);
    rc = rc != RC_OK ? rc : weights_check(job->tree, err);
    rc = rc != RC_OK ? rc : check_numbers(job, err);
    if (rc == RC_OK && job->model == DRAW_AROUND) {
        rc = check_sigmas(job->criterion_sigma, job->tree->criterion_count, err);
        rc = rc != RC_OK ? rc : check_sigmas(job->dimension_sigma, job->tree->dimension_count, err);
    }
    return rc;
}

/* ---- instruction sets ---- */

bool lanes_offered(enum lanes lanes)
{
    switch (lanes) {
    case LANES_BEST:
    case LANES_SCALAR:
        return true;
    case LANES_AVX2:
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case LANES_AVX512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("fma");
    }
    NEVER("an instruction set without a test");
}

static const struct lanes_ops *ops_of(enum lanes lanes)
{
    MUST(lanes_offered(lanes));
    if (lanes == LANES_BEST) {
        lanes = lanes_offered(LANES_AVX512) ? LANES_AVX512
                : lanes_offered(LANES_AVX2) ? LANES_AVX2
                                            : LANES_SCALAR;
    }
    return lanes == LANES_AVX512 ? &LANES_OPS_AVX512
           : lanes == LANES_AVX2 ? &LANES_OPS_AVX2
                                 : &LANES_OPS_SCALAR;
}

/* ---- the run ---- */

struct crew_context {
    const struct plan *plan;
    struct pool_scratch **scratch; /* one a thread */
};

static void run_pool(void *context, int thread, int pool)
{
    const struct crew_context *crew = context;

    pool_run(crew->plan, pool, crew->scratch[thread]);
}

static void run_watched(const struct plan *plan, struct pool_scratch *scratch)
{
    pool_run(plan, plan->job->rules->pool[plan->watched], scratch);
}

static struct plan make_plan(const struct robust_job *asked, struct arena *arena)
{
    size_t place_count = (size_t)asked->rules->place_count;
    size_t tier_count = (size_t)asked->rules->tier_count;
    float *base_scores = ARENA_NEW(arena, float, place_count);
    struct robust_job *job = ARENA_NEW(arena, struct robust_job, 1);
    struct tiering *rules = ARENA_NEW(arena, struct tiering, 1);

    score_all(asked->u, asked->tree, asked->method, base_scores);
    *rules = tiering_resolve(asked->rules, base_scores, arena);
    *job = *asked;
    job->rules = rules;
    return (struct plan){
        .job = job,
        .ops = ops_of(job->lanes),
        .order = tiering_order(rules, arena),
        .patterns = patterns_find(job->u, arena),
        .base = tiering_run(rules, base_scores, arena),
        .base_scores = base_scores,
        .count = ARENA_NEW(arena, uint32_t, place_count * tier_count),
        .watched = TIER_NONE,
    };
}

/* How many draws fit into a chunk, in whole blocks. */
static int chunk_draws(const struct plan *plan)
{
    size_t bytes = (size_t)plan->patterns.count * (size_t)plan->job->tree->criterion_count *
                   LANES_WIDE * sizeof(float);
    size_t blocks = CHUNK_BYTES / bytes;
    size_t draws = (blocks > 0 ? blocks : 1) * LANES_WIDE;

    draws = draws < CHUNK_DRAWS ? draws : CHUNK_DRAWS;
    return (int)draws < plan->job->draws ? (int)draws : plan->job->draws;
}

/* Shall it go on, with so many draws done? */
static bool goes_on(const struct robust_job *job, int done)
{
    return job->step == NULL || job->step(job->step_self, done);
}

/* False: it was told to stop. */
static bool run_chunks(struct plan *plan, struct arena *arena)
{
    const struct robust_job *job = plan->job;
    int chunk = chunk_draws(plan);
    int threads = plan->watched == TIER_NONE ? job->threads : 1;
    struct crew_context crew = {
        .plan = plan,
        .scratch = ARENA_NEW(arena, struct pool_scratch *, (size_t)threads),
    };

    plan->draws = draws_room(job, chunk, plan->patterns.count, arena);
    for (int i = 0; i < threads; i++) {
        crew.scratch[i] = pool_scratch_make(plan, arena);
    }
    for (int first = 0; first < job->draws; first += chunk) {
        int count = job->draws - first < chunk ? job->draws - first : chunk;
        if (!goes_on(job, first)) {
            return false;
        }
        struct draws_order order = {job, plan->ops, &plan->patterns, first, count};
        draws_make(&order, &plan->draws);
        if (plan->watched == TIER_NONE) {
            parallel_each(threads, job->rules->pool_count, run_pool, &crew);
        } else {
            run_watched(plan, crew.scratch[0]);
        }
    }
    return true;
}

/* What no tier above has taken is the last tier's; locked places have theirs in every draw. */
static void fill_last_tier(const struct plan *plan)
{
    const struct tiering *rules = plan->job->rules;
    uint32_t draws = (uint32_t)plan->job->draws;
    int last = rules->tier_count - 1;

    for (int place = 0; place < rules->place_count; place++) {
        uint32_t *count = plan->count + (size_t)place * (size_t)rules->tier_count;
        if (rules->locked[place] != TIER_NONE) {
            count[rules->locked[place]] = draws;
        } else if (!rules->undecided[place]) {
            count[last] = draws;
            for (int tier = 0; tier < last; tier++) {
                count[last] -= count[tier];
            }
        }
    }
}

enum rc robust_run(const struct robust_job *job, struct arena *arena, struct robustness *out,
                   struct err *err)
{
    enum rc rc = check(job, err);

    if (rc != RC_OK) {
        return rc;
    }
    struct plan plan = make_plan(job, arena);
    if (!run_chunks(&plan, arena)) {
        *out = (struct robustness){.is_stopped = true};
        return RC_OK;
    }
    fill_last_tier(&plan);
    *out = (struct robustness){
        .draws = job->draws,
        .tier_count = job->rules->tier_count,
        .count = plan.count,
        .error = 1.0 / sqrt(job->draws),
    };
    return RC_OK;
}

uint32_t robust_or_better(const struct robustness *of, int place, int tier)
{
    const uint32_t *count = of->count + (size_t)place * (size_t)of->tier_count;
    uint32_t sum = 0;

    for (int t = 0; t <= tier; t++) {
        sum += count[t];
    }
    return sum;
}

enum rc robust_central(const struct robust_job *job, int place, struct arena *arena, double *out,
                       struct err *err)
{
    size_t criteria = (size_t)job->tree->criterion_count;
    size_t tiers = (size_t)job->rules->tier_count;
    enum rc rc = check(job, err);

    if (rc != RC_OK) {
        return rc;
    }
    struct plan plan = make_plan(job, arena);
    plan.watched = place;
    plan.watched_shares = out;
    plan.watched_counts = ARENA_NEW(arena, uint32_t, tiers);
    memset(out, 0, tiers * criteria * sizeof(*out));
    MUST(run_chunks(&plan, arena)); /* nobody stops this one */
    for (size_t at = 0; at < tiers * criteria; at++) {
        uint32_t count = plan.watched_counts[at / criteria];
        out[at] = count > 0 ? out[at] / count : 0.0;
    }
    return RC_OK;
}
