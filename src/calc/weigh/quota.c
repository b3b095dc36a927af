/* Apportionment by largest remainder, with minima. */
#include "calc/weigh/quota.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/must.h"

enum { WHOLE_PPM = 1000000 };

struct apportioning {
    const int *base;
    const int *pools; /* of one parent, in order */
    int count;
    int least;
    bool *is_fixed; /* a pool of the list: it has its minimum, and is out of the rest */
    int64_t *remainder;
    int *quota;
};

static int least_of(const struct apportioning *a, int i)
{
    int base = a->base[a->pools[i]];

    return base < a->least ? base : a->least;
}

/* The free pool with the largest remainder; then the larger base, then the earlier one. */
static int next_in_line(const struct apportioning *a)
{
    int best = -1;

    for (int i = 0; i < a->count; i++) {
        if (a->is_fixed[i] || a->remainder[i] < 0) {
            continue;
        }
        bool is_better = best < 0 || a->remainder[i] > a->remainder[best] ||
                         (a->remainder[i] == a->remainder[best] &&
                          a->base[a->pools[i]] > a->base[a->pools[best]]);
        best = is_better ? i : best;
    }
    return best;
}

/* Whole parts of `total` to the free pools, by their bases; what was given. */
static int64_t share_whole_parts(struct apportioning *a, int64_t total, int64_t base_sum)
{
    int64_t given = 0;

    for (int i = 0; i < a->count; i++) {
        if (!a->is_fixed[i]) {
            int64_t part = total * a->base[a->pools[i]];
            a->quota[a->pools[i]] = (int)(part / base_sum);
            a->remainder[i] = part % base_sum;
            given += part / base_sum;
        }
    }
    return given;
}

static void share_out(struct apportioning *a, int64_t total)
{
    int64_t base_sum = 0;

    for (int i = 0; i < a->count; i++) {
        base_sum += a->is_fixed[i] ? 0 : a->base[a->pools[i]];
        a->quota[a->pools[i]] = a->is_fixed[i] ? a->quota[a->pools[i]] : 0;
    }
    if (base_sum == 0) {
        return;
    }
    for (int64_t given = share_whole_parts(a, total, base_sum); given < total; given++) {
        int i = next_in_line(a);
        a->quota[a->pools[i]]++;
        a->remainder[i] = -1;
    }
}

/* Pools below their minimum get it and leave the sharing; true when there was one. */
static bool fix_minima(struct apportioning *a, int64_t *total)
{
    bool any = false;

    for (int i = 0; i < a->count; i++) {
        int pool = a->pools[i];
        if (!a->is_fixed[i] && a->quota[pool] < least_of(a, i)) {
            a->quota[pool] = least_of(a, i);
            a->is_fixed[i] = true;
            *total -= a->quota[pool];
            any = true;
        }
    }
    *total = *total < 0 ? 0 : *total;
    return any;
}

/* One parent's pools; what they get beyond its total. */
static int apportion(struct apportioning *a, struct quota_rule rule)
{
    int64_t base_sum = 0;
    int64_t quota_sum = 0;

    for (int i = 0; i < a->count; i++) {
        base_sum += a->base[a->pools[i]];
    }
    int64_t total = rule.count + (base_sum * rule.ppm + WHOLE_PPM / 2) / WHOLE_PPM;
    int64_t left = total;
    do {
        share_out(a, left);
    } while (fix_minima(a, &left));
    for (int i = 0; i < a->count; i++) {
        quota_sum += a->quota[a->pools[i]];
    }
    return quota_sum > total ? (int)(quota_sum - total) : 0;
}

struct parent_context {
    const int *parent;
};

static int compare_by_parent(const void *left, const void *right, void *context)
{
    const int *parent = ((const struct parent_context *)context)->parent;
    int a = *(const int *)left;
    int b = *(const int *)right;

    if (parent[a] != parent[b]) {
        return parent[a] < parent[b] ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

int quota_apportion(const int *base, const int *parent, int pool_count, struct quota_rule rule,
                    int *out_quota, struct arena *arena)
{
    struct arena_mark mark = arena_mark(arena);
    int *pools = ARENA_NEW(arena, int, (size_t)pool_count);
    struct apportioning a = {.base = base, .least = rule.least};
    struct parent_context context = {parent};
    int overrun = 0;

    MUST(rule.count >= 0 && rule.ppm >= 0 && rule.ppm <= WHOLE_PPM && rule.least >= 0);
    a.quota = out_quota;
    a.is_fixed = ARENA_NEW(arena, bool, (size_t)pool_count);
    a.remainder = ARENA_NEW(arena, int64_t, (size_t)pool_count);
    for (int pool = 0; pool < pool_count; pool++) {
        pools[pool] = pool;
    }
    qsort_r(pools, (size_t)pool_count, sizeof(*pools), compare_by_parent, &context);
    for (int begin = 0; begin < pool_count; begin += a.count) {
        a.pools = pools + begin;
        a.count = 1;
        while (begin + a.count < pool_count && parent[a.pools[a.count]] == parent[a.pools[0]]) {
            a.count++;
        }
        memset(a.is_fixed, 0, (size_t)a.count * sizeof(*a.is_fixed));
        overrun += apportion(&a, rule);
    }
    arena_rewind(arena, mark);
    return overrun;
}
