/* Robustness at the size of a province: makes the data, and times the run.
 *
 * weigh_bench make DIR MODEL    writes utilities, pools, quotas and the weights of every draw
 * weigh_bench run DIR MODEL [THREADS [LANES]]   prints CPU and wall milliseconds, writes counts
 *
 * MODEL: around (sigma 0.3), any (Dirichlet). 21,895 places in 121 pools, 20 criteria in 5
 * dimensions, 10,000 draws; in every pool the best 15 % come into the first tier, the next 25 %
 * into the second. weigh_peers.py runs its peers on the same files and compares the counts. */
#include "calc/robust/robust.h"
#include "calc/stat/draw.h"

enum {
    PLACES = 21895,
    POOLS = 121,
    CRITERIA = 20,
    DIMENSIONS = 5,
    DRAWS = 10000,
    TIERS = 3,
    SEED = 20231128,
};
#define SIGMA 0.3

struct province {
    struct tiering rules;
    struct utilities u;
    struct weight_tree tree;
    struct robust_job job;
};

static double chance(uint64_t a, uint64_t b)
{
    return draw_uniform((struct draw_at){SEED + 1, a, b});
}

/* Pools of very different sizes, as counties are. */
static int *make_pools(struct arena *arena)
{
    int *pool = ARENA_NEW(arena, int, PLACES);
    double size[POOLS];
    double sum = 0;
    double end = 0;
    int at = 0;

    for (int p = 0; p < POOLS; p++) {
        size[p] = 0.15 + chance(1, (uint64_t)p) + chance(2, (uint64_t)p);
        sum += size[p];
    }
    for (int p = 0; p < POOLS; p++) {
        end += size[p] / sum * PLACES;
        for (; at < PLACES && (at < end || p == POOLS - 1); at++) {
            pool[at] = p;
        }
    }
    return pool;
}

/* Half of a place's utilities is its own level, half is chance: correlated, as real ones are. */
static float *make_utilities(struct arena *arena)
{
    float *u = ARENA_NEW(arena, float, (size_t)PLACES *CRITERIA);

    for (uint64_t i = 0; i < PLACES; i++) {
        double level = chance(3, i);
        for (uint64_t k = 0; k < CRITERIA; k++) {
            double own = chance(4 + k, i);
            u[i * CRITERIA + k] = (float)(0.5 * level + 0.5 * own * own);
        }
    }
    return u;
}

static int *make_quotas(const int *pool, struct arena *arena)
{
    int *quota = ARENA_NEW(arena, int, (size_t)POOLS *TIERS);
    int size[POOLS] = {0};

    for (int i = 0; i < PLACES; i++) {
        size[pool[i]]++;
    }
    for (size_t p = 0; p < POOLS; p++) {
        int first = (size[p] * 15 + 50) / 100;
        int both = (size[p] * 40 + 50) / 100;
        quota[p * TIERS] = first > 0 ? first : 1;
        quota[p * TIERS + 1] = both - quota[p * TIERS];
    }
    return quota;
}

static void make_rules(struct tiering *rules, struct arena *arena)
{
    signed char *none = ARENA_NEW(arena, signed char, PLACES);
    int64_t *id = ARENA_NEW(arena, int64_t, PLACES);

    memset(none, TIER_NONE, PLACES);
    for (int i = 0; i < PLACES; i++) {
        id[i] = i;
    }
    *rules = (struct tiering){
        .place_count = PLACES,
        .pool_count = POOLS,
        .tier_count = TIERS,
        .pool = make_pools(arena),
        .previous = none,
        .locked = none,
        .undecided = ARENA_NEW(arena, bool, PLACES),
        .gates = ARENA_NEW(arena, unsigned char, (size_t)PLACES *TIERS),
        .id = id,
    };
    rules->quota = make_quotas(rules->pool, arena);
}

static struct province *make_province(const char *model, struct arena *arena)
{
    static const double EQUAL[CRITERIA] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                           1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    static const double SIGMAS[CRITERIA] = {SIGMA, SIGMA, SIGMA, SIGMA, SIGMA, SIGMA, SIGMA,
                                            SIGMA, SIGMA, SIGMA, SIGMA, SIGMA, SIGMA, SIGMA,
                                            SIGMA, SIGMA, SIGMA, SIGMA, SIGMA, SIGMA};
    static const int DIMENSION[CRITERIA] = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2,
                                            2, 2, 3, 3, 3, 3, 4, 4, 4, 4};
    struct province *it = ARENA_NEW(arena, struct province, 1);
    uint64_t *all = ARENA_NEW(arena, uint64_t, PLACES);

    for (int i = 0; i < PLACES; i++) {
        all[i] = ((uint64_t)1 << CRITERIA) - 1;
    }
    make_rules(&it->rules, arena);
    it->u = (struct utilities){PLACES, CRITERIA, make_utilities(arena), all,
                               ARENA_NEW(arena, uint64_t, PLACES)};
    it->tree = (struct weight_tree){CRITERIA, DIMENSIONS, DIMENSION, EQUAL, EQUAL};
    it->job = (struct robust_job){
        .rules = &it->rules,
        .u = &it->u,
        .tree = &it->tree,
        .model = strcmp(model, "any") == 0 ? DRAW_ANY : DRAW_AROUND,
        .dimension_sigma = SIGMAS,
        .criterion_sigma = SIGMAS,
        .seed = SEED,
        .draws = DRAWS,
        .threads = 1,
    };
    return it;
}

static bool write_file(const char *dir, const char *name, const void *at, size_t bytes)
{
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(at, 1, bytes, file) != bytes || fclose(file) != 0) {
        (void)fprintf(stderr, "weigh_bench: cannot write %s\n", path);
        return false;
    }
    return true;
}

static bool write_data(const char *dir, const struct province *it, struct arena *arena)
{
    float *weights = ARENA_NEW(arena, float, (size_t)DRAWS *CRITERIA);

    for (int draw = 0; draw < DRAWS; draw++) {
        double dimension[DIMENSIONS];
        double criterion[CRITERIA];
        robust_draw(&it->job, draw, dimension, criterion);
        score_weights(&it->tree, SCORE_SUM, dimension, criterion, UINT64_MAX,
                      weights + (size_t)draw * CRITERIA);
    }
    return write_file(dir, "weights.f4", weights, sizeof(float) * DRAWS * CRITERIA) &&
           write_file(dir, "utilities.f4", it->u.u, sizeof(float) * PLACES * CRITERIA) &&
           write_file(dir, "pool.i4", it->rules.pool, sizeof(int) * PLACES) &&
           write_file(dir, "quota.i4", it->rules.quota, sizeof(int) * POOLS * TIERS);
}

static double milliseconds(clockid_t clock)
{
    struct timespec at;

    (void)clock_gettime(clock, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static bool run(const char *dir, const struct province *it, struct arena *arena)
{
    struct robustness out = {0};
    struct err err = {0};
    double cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
    double wall = milliseconds(CLOCK_MONOTONIC);

    if (robust_run(&it->job, arena, &out, &err) != RC_OK) {
        (void)fprintf(stderr, "weigh_bench: refused\n");
        return false;
    }
    (void)printf("%.2f %.2f\n", milliseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
                 milliseconds(CLOCK_MONOTONIC) - wall);
    return write_file(dir, "counts.u4", out.count, sizeof(uint32_t) * PLACES * TIERS);
}

int main(int argc, char **argv)
{
    struct arena arena;
    bool done = false;

    if (argc < 4) {
        (void)fprintf(stderr, "weigh_bench make|run DIR around|any [THREADS [LANES]]\n");
        return 2;
    }
    arena_init(&arena, ARENA_JOB_MAX);
    struct province *it = make_province(argv[3], &arena);
    if (strcmp(argv[1], "make") == 0) {
        done = write_data(argv[2], it, &arena);
    } else {
        it->job.threads = argc > 4 ? (int)strtol(argv[4], NULL, 10) : 1;
        it->job.lanes = argc > 5 ? (enum lanes)strtol(argv[5], NULL, 10) : LANES_BEST;
        done = run(argv[2], it, &arena);
    }
    arena_done(&arena);
    return done ? 0 : 1;
}
