/* Where places compete, and for how many. */
#include "calc/stat/breaks.h"
#include "calc/weigh/quota.h"
#include "office/tier/tier_in.h"

static bool is_in_force(const struct quota *quota, struct period period)
{
    int year = period_year(period);

    return year >= quota->from_year && year <= quota->to_year;
}

/* The quota of the scheme's t-th tier for the period; NULL when it has none. */
static const struct quota *quota_of(const struct tier_case *in, int tier)
{
    for (int i = 0; i < in->programme->quota_count; i++) {
        const struct quota *quota = &in->programme->quotas[i];
        if (quota->tier == in->first_tier + tier && is_in_force(quota, in->options.period)) {
            return quota;
        }
    }
    return NULL;
}

static enum rc pool_level(const struct tier_case *in, int *out)
{
    *out = NONE;
    for (int t = 0; t < in->tier_count - 1; t++) {
        const struct quota *quota = quota_of(in, t);
        const struct tier *tier = &in->programme->tiers[in->first_tier + t];
        if (quota == NULL) {
            return err_set(in->cx->err, RC_INVALID, MSG_TIER_NO_QUOTA,
                           arg_text(text_in(tier->name, in->cx->lang)),
                           arg_number(period_year(in->options.period)));
        }
        if (*out != NONE && *out != quota->within) {
            return err_set(in->cx->err, RC_INVALID, MSG_TIER_QUOTA_LEVELS,
                           arg_text(text_in(tier->name, in->cx->lang)));
        }
        *out = quota->within;
    }
    return RC_OK;
}

/* Number the units of `level` that the case's units lie in; all are one pool without a level. */
static void number_pools(struct tier_case *in, int level)
{
    struct arena *arena = in->cx->arena;
    int *pool = ARENA_NEW(arena, int, (size_t)in->count);
    int *places = ARENA_NEW(arena, int, (size_t)in->count + 1);
    int count = 0;

    for (int i = 0; i < in->count; i++) {
        int unit = in->panel.places[in->rows[i]];
        int above = level == NONE ? in->options.root : unit_tree_above(in->tree, unit, level);
        above = above == NONE ? in->options.root : above;
        if (count == 0 || places[count - 1] != above) {
            places[count++] = above; /* rows stand in tree order */
        }
        pool[i] = count - 1;
    }
    in->rules.pool = pool;
    in->rules.pool_count = count;
    in->pool_places = places;
}

static int place_above(const struct tier_case *in, int pool, int level)
{
    int above = unit_tree_above(in->tree, in->pool_places[pool], level);

    return above == NONE ? 0 : above;
}

static void apportion(const struct tier_case *in, const struct quota *quota, const int *base,
                      int *out)
{
    struct arena *arena = in->cx->arena;
    int pools = in->rules.pool_count;
    int *parent = ARENA_NEW(arena, int, (size_t)pools);

    for (int p = 0; p < pools; p++) {
        parent[p] = place_above(in, p, quota->total);
    }
    const struct quota_rule rule = {
        .count = quota->count == NONE ? 0 : (int)quota->count,
        .ppm = (int)quota->share_ppm,
        .least = (int)quota->min,
    };
    (void)quota_apportion(base, parent, pools, rule, out, arena);
}

static void set_exceptions(const struct tier_case *in, const struct quota *quota, int *out)
{
    for (int i = 0; i < in->programme->exception_count; i++) {
        const struct quota_exception *exception = &in->programme->exceptions[i];
        for (int p = 0; p < in->rules.pool_count; p++) {
            bool is_it = &in->programme->quotas[exception->quota] == quota &&
                         str_equal(in->tree->units[in->pool_places[p]].code, exception->unit);
            out[p] = is_it ? (int)exception->count : out[p];
        }
    }
}

static void set_quotas(struct tier_case *in)
{
    struct arena *arena = in->cx->arena;
    size_t pools = (size_t)in->rules.pool_count;
    int *quotas = ARENA_NEW(arena, int, pools *(size_t)in->tier_count);
    int *base = ARENA_NEW(arena, int, pools);
    int *column = ARENA_NEW(arena, int, pools);

    for (int i = 0; i < in->count; i++) {
        base[in->rules.pool[i]]++;
    }
    for (int t = 0; t < in->tier_count - 1; t++) {
        const struct quota *quota = quota_of(in, t);
        apportion(in, quota, base, column);
        set_exceptions(in, quota, column);
        in->rules.kinds[t] = quota->is_new ? QUOTA_NEW_THIS_YEAR : QUOTA_STOCK;
        for (size_t p = 0; p < pools; p++) {
            quotas[p * (size_t)in->tier_count + (size_t)t] = column[p];
        }
    }
    in->rules.quota = quotas;
}

/* Thresholds are the scheme's, or the natural breaks of all scores; the same in every pool. */
static void set_thresholds(struct tier_case *in)
{
    float *thresholds = ARENA_NEW(in->cx->arena, float, (size_t)in->tier_count);

    in->rules.sorting = SORT_BY_THRESHOLD;
    in->rules.threshold = thresholds;
    for (int t = 0; t < in->tier_count - 1; t++) {
        thresholds[t] = (float)in->programme->tiers[in->first_tier + t].threshold;
    }
}

static void set_breaks(struct tier_case *in)
{
    struct arena *arena = in->cx->arena;
    float *scores = ARENA_NEW(arena, float, (size_t)in->count);
    double *values = ARENA_NEW(arena, double, (size_t)in->count);
    float *thresholds = ARENA_NEW(arena, float, (size_t)in->tier_count);
    double lows[BREAKS_CLASSES_MAX];

    score_all(&in->utilities, &in->weights, tier_method(in), scores);
    for (int i = 0; i < in->count; i++) {
        values[i] = (double)scores[i];
    }
    int found = (int)breaks_find(values, (size_t)in->count, (size_t)in->tier_count, lows, arena);
    for (int t = 0; t < in->tier_count - 1; t++) {
        thresholds[t] = (float)lows[t < found ? found - 1 - t : 0];
    }
    in->rules.sorting = SORT_BY_THRESHOLD;
    in->rules.threshold = thresholds;
}

enum rc tier_find_pools(struct tier_case *in)
{
    int level = NONE;

    if (in->scheme->sorting == SORTING_QUOTA) {
        TRY(pool_level(in, &level));
        number_pools(in, level);
        set_quotas(in);
        return RC_OK;
    }
    number_pools(in, NONE);
    if (in->scheme->sorting == SORTING_THRESHOLDS) {
        set_thresholds(in);
    } else {
        set_breaks(in);
    }
    return RC_OK;
}
