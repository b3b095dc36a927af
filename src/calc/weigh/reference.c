/* Random instances and a slow operator, for tests. */
#include "calc/weigh/reference.h"

#include "base/must.h"
#include "calc/stat/draw.h"

struct dice {
    uint64_t seed;
    uint64_t thrown;
};

/* 0 to sides - 1. */
static int throw(struct dice * dice, int sides)
{
    return (int)(draw_uniform((struct draw_at){dice->seed, dice->thrown++, 77}) * sides);
}

static bool chance(struct dice *dice, int percent)
{
    return throw(dice, 100) < percent;
}

static struct weight_tree make_tree(struct dice *dice, int criterion_count, struct arena *arena)
{
    int dimension_count = 1 + throw(dice, criterion_count < 4 ? criterion_count : 4);
    int *dimension = ARENA_NEW(arena, int, (size_t)criterion_count);
    double *of_dimension = ARENA_NEW(arena, double, (size_t)dimension_count);
    double *of_criterion = ARENA_NEW(arena, double, (size_t)criterion_count);

    for (int d = 0; d < dimension_count; d++) {
        of_dimension[d] = 1 + throw(dice, 5);
    }
    for (int k = 0; k < criterion_count; k++) {
        dimension[k] = k < dimension_count ? k : throw(dice, dimension_count);
        of_criterion[k] = k < dimension_count ? 1 + throw(dice, 3) : throw(dice, 4);
    }
    return (struct weight_tree){criterion_count, dimension_count, dimension, of_dimension,
                                of_criterion};
}

static struct utilities make_utilities(struct dice *dice, int place_count, int criterion_count,
                                       struct arena *arena)
{
    size_t cell_count = (size_t)place_count * (size_t)criterion_count;
    float *u = ARENA_NEW(arena, float, cell_count);
    uint64_t *applicable = ARENA_NEW(arena, uint64_t, (size_t)place_count);
    uint64_t *missing = ARENA_NEW(arena, uint64_t, (size_t)place_count);
    int grain = 1 + throw(dice, 3) * 50; /* coarse utilities make ties */
    int holes = throw(dice, 2) * 15;

    for (size_t at = 0; at < cell_count; at++) {
        size_t place = at / (size_t)criterion_count;
        uint64_t bit = (uint64_t)1 << (at % (size_t)criterion_count);
        u[at] = (float) throw(dice, grain + 1) / (float)grain;
        if (chance(dice, holes)) {
            u[at] = 0;
            applicable[place] |= chance(dice, 50) ? bit : 0;
            missing[place] |= applicable[place] & bit;
        } else {
            applicable[place] |= bit;
        }
    }
    return (struct utilities){place_count, criterion_count, u, applicable, missing};
}

/* What is said of each place. */
static void make_places(struct dice *dice, struct tiering *rules, struct arena *arena)
{
    size_t n = (size_t)rules->place_count;
    int *pool = ARENA_NEW(arena, int, n);
    signed char *previous = ARENA_NEW(arena, signed char, n);
    signed char *locked = ARENA_NEW(arena, signed char, n);
    bool *undecided = ARENA_NEW(arena, bool, n);
    double *key = ARENA_NEW(arena, double, n);
    int64_t *id = ARENA_NEW(arena, int64_t, n);
    int locks = throw(dice, 3) * 8;

    for (size_t i = 0; i < n; i++) {
        pool[i] = throw(dice, rules->pool_count);
        previous[i] = (signed char)(throw(dice, rules->tier_count + 1) - 1);
        locked[i] = (signed char)(chance(dice, locks) ? throw(dice, rules->tier_count) : TIER_NONE);
        undecided[i] = chance(dice, 6);
        key[i] = throw(dice, 3);
        id[i] = (int64_t)((i * 37 + 11) % 101 + i / 101 * 1000);
    }
    rules->pool = pool;
    rules->previous = previous;
    rules->locked = locked;
    rules->undecided = undecided;
    rules->key_count = throw(dice, 2);
    rules->keys[0] = key;
    rules->id = id;
}

static void make_gates(struct dice *dice, struct tiering *rules, struct arena *arena)
{
    int tiers = rules->tier_count;
    int closed = throw(dice, 4) * 20;
    size_t gate_count = (size_t)rules->place_count * (size_t)tiers;
    unsigned char *gates = ARENA_NEW(arena, unsigned char, gate_count);

    for (size_t at = 0; at < gate_count; at++) {
        bool is_last = (int)(at % (size_t)tiers) == tiers - 1;
        bool is_shut = !is_last && chance(dice, closed);
        gates[at] = (unsigned char)(is_shut ? 1 + throw(dice, 2) : GATE_PASSED);
    }
    rules->gates = gates;
}

static void make_lines(struct dice *dice, struct tiering *rules, struct arena *arena)
{
    size_t line_count = (size_t)rules->pool_count * (size_t)rules->tier_count;
    int *quota = ARENA_NEW(arena, int, line_count);
    float *threshold = ARENA_NEW(arena, float, line_count);
    int per_line = rules->place_count / (rules->pool_count * rules->tier_count) + 2;

    for (size_t at = 0; at < line_count; at++) {
        int tier = (int)(at % (size_t)rules->tier_count);
        quota[at] = throw(dice, per_line + 1);
        threshold[at] = 0.7F - 0.15F * (float)tier;
    }
    for (int tier = 0; tier < rules->tier_count; tier++) {
        rules->kinds[tier] = chance(dice, 30) ? QUOTA_NEW_THIS_YEAR : QUOTA_STOCK;
    }
    rules->sorting = chance(dice, 15) ? SORT_BY_THRESHOLD : SORT_BY_QUOTA;
    rules->quota = quota;
    rules->threshold = threshold;
    rules->spill = chance(dice, 40);
    rules->hysteresis = (float) throw(dice, 3) * 0.1F;
}

struct instance instance_make(uint64_t seed, int places_max, struct arena *arena)
{
    struct dice dice = {.seed = seed};
    struct instance it = {0};
    int criterion_count = 1 + throw(&dice, 9);

    it.rules.place_count = 1 + throw(&dice, places_max);
    it.rules.pool_count = 1 + throw(&dice, 3);
    it.rules.tier_count = 2 + throw(&dice, 4);
    it.tree = make_tree(&dice, criterion_count, arena);
    it.u = make_utilities(&dice, it.rules.place_count, criterion_count, arena);
    make_places(&dice, &it.rules, arena);
    make_gates(&dice, &it.rules, arena);
    make_lines(&dice, &it.rules, arena);
    it.method = chance(&dice, 25) ? SCORE_TOPSIS : SCORE_SUM;
    it.scores = ARENA_NEW(arena, float, (size_t)it.rules.place_count);
    score_all(&it.u, &it.tree, it.method, it.scores);
    return it;
}

/* Levels far apart and little noise: most places are far from every line. */
static void separate_levels(struct instance *it, struct dice *dice, struct arena *arena)
{
    size_t criteria = (size_t)it->u.criterion_count;
    size_t cells = (size_t)it->u.place_count * criteria;
    float *u = ARENA_NEW(arena, float, cells);
    float noise = 0.02F + 0.1F * (float) throw(dice, 4);
    float level = 0;

    for (size_t at = 0; at < cells; at++) {
        level = at % criteria == 0 ? (float) throw(dice, 1000) / 1000 : level;
        u[at] = (1 - noise) * level + noise * (float) throw(dice, 1000) / 1000;
    }
    it->u.u = u;
}

struct instance instance_make_spread(uint64_t seed, int places_max, struct arena *arena)
{
    struct instance it = instance_make(seed, places_max, arena);
    struct dice dice = {.seed = seed, .thrown = 1U << 30};
    uint64_t *applicable = ARENA_NEW(arena, uint64_t, (size_t)it.rules.place_count);
    bool has_holes = chance(&dice, 20);

    for (int i = 0; i < it.rules.place_count; i++) {
        applicable[i] = ((uint64_t)1 << it.u.criterion_count) - 1;
    }
    it.u.applicable = has_holes ? it.u.applicable : applicable;
    it.method = SCORE_SUM;
    separate_levels(&it, &dice, arena);
    score_all(&it.u, &it.tree, it.method, it.scores);
    return it;
}

bool naive_is_before(const struct tiering *rules, int a, int b)
{
    for (int key = 0; key < rules->key_count; key++) {
        if (rules->keys[key][a] != rules->keys[key][b]) {
            return rules->keys[key][a] > rules->keys[key][b];
        }
    }
    return rules->id[a] < rules->id[b];
}

struct naive {
    const struct tiering *rules;
    const float *scores;
    signed char *out;
    int pool;
};

static bool held_before(const struct tiering *rules, int place, int tier)
{
    return rules->previous[place] >= 0 && rules->previous[place] <= tier;
}

static bool may_enter(const struct naive *naive, int place, int tier)
{
    const struct tiering *rules = naive->rules;

    return rules->pool[place] == naive->pool && naive->out[place] == TIER_NONE &&
           !rules->undecided[place] &&
           rules->gates[place * rules->tier_count + tier] == GATE_PASSED;
}

static float naive_score(const struct naive *naive, int place, int tier)
{
    return held_before(naive->rules, place, tier) ? naive->scores[place] + naive->rules->hysteresis
                                                  : naive->scores[place];
}

static int naive_best(const struct naive *naive, int tier)
{
    int best = -1;

    for (int i = 0; i < naive->rules->place_count; i++) {
        if (!may_enter(naive, i, tier)) {
            continue;
        }
        float score = naive_score(naive, i, tier);
        float best_score = best < 0 ? 0 : naive_score(naive, best, tier);
        if (best < 0 || score > best_score ||
            (score == best_score && naive_is_before(naive->rules, i, best))) {
            best = i;
        }
    }
    return best;
}

/* Places of the quota that locks leave; who keeps the tier goes in on the way. */
static int naive_left(const struct naive *naive, int tier, int open)
{
    const struct tiering *rules = naive->rules;
    bool newcomers = rules->kinds[tier] == QUOTA_NEW_THIS_YEAR;

    for (int i = 0; i < rules->place_count; i++) {
        bool is_old = held_before(rules, i, tier);
        if (rules->pool[i] == naive->pool && rules->locked[i] == tier) {
            open -= newcomers && is_old ? 0 : 1;
        } else if (newcomers && is_old && may_enter(naive, i, tier)) {
            naive->out[i] = (signed char)tier;
        }
    }
    return open < 0 ? 0 : open;
}

static int naive_fill(const struct naive *naive, int tier, int open)
{
    int left = naive_left(naive, tier, open);

    while (left > 0) {
        int best = naive_best(naive, tier);
        if (best < 0) {
            break;
        }
        naive->out[best] = (signed char)tier;
        left--;
    }
    return left;
}

static void naive_threshold(const struct naive *naive, int tier)
{
    const struct tiering *rules = naive->rules;

    for (int i = 0; i < rules->place_count; i++) {
        if (may_enter(naive, i, tier) &&
            naive_score(naive, i, tier) >=
                rules->threshold[naive->pool * rules->tier_count + tier]) {
            naive->out[i] = (signed char)tier;
        }
    }
}

static void naive_pool(const struct naive *naive)
{
    const struct tiering *rules = naive->rules;
    int left = 0;

    for (int tier = 0; tier < rules->tier_count - 1; tier++) {
        if (rules->sorting == SORT_BY_THRESHOLD) {
            naive_threshold(naive, tier);
            continue;
        }
        int open = rules->quota[naive->pool * rules->tier_count + tier];
        left = naive_fill(naive, tier, open + (rules->spill ? left : 0));
    }
}

void naive_tiers(const struct tiering *rules, const float *scores, signed char *out)
{
    for (int i = 0; i < rules->place_count; i++) {
        out[i] = rules->locked[i];
    }
    for (int pool = 0; pool < rules->pool_count; pool++) {
        struct naive naive = {rules, scores, out, pool};
        naive_pool(&naive);
    }
    for (int i = 0; i < rules->place_count; i++) {
        if (out[i] == TIER_NONE && !rules->undecided[i]) {
            out[i] = (signed char)(rules->tier_count - 1);
        }
    }
}
