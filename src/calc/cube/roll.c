/* Values go in, and their sums go up the tree: all at once, or along one path. */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

#include "calc/cube/cube_in.h"

/* --- doubles, one column at a time --- */

struct wide_sum wide_none(void)
{
    return (struct wide_sum){.least = HUGE_VAL, .most = -HUGE_VAL};
}

void wide_add(struct wide_sum *sum, double value, double weight, double threshold)
{
    const union word_64 word = {.number = value};

    if (isnan(value)) {
        sum->excluded += word.bits == EXCLUDED_64;
        return;
    }
    sum->sum += value;
    sum->weighted += value * weight;
    sum->weight += weight;
    sum->least = value < sum->least ? value : sum->least;
    sum->most = value > sum->most ? value : sum->most;
    sum->known++;
    sum->reached += value >= threshold;
}

static void wide_reduce(const struct cube *cube, int indicator, const struct level *level,
                        uint32_t place, struct wide_sum *out)
{
    const struct home *home = &cube->homes[indicator];
    size_t leaves = cube->levels[0].count;
    const double *values = cube->wide + home->column * leaves;
    const float *weights = cube->weights + home->weight * leaves;
    struct wide_sum sum = wide_none();

    for (uint32_t i = level->first_leaf[place]; i < level->first_leaf[place + 1]; i++) {
        wide_add(&sum, values[i], (double)weights[i], cube->indicators[indicator].threshold);
    }
    *out = sum;
}

static void wide_combine(const struct wide_sum *children, size_t count, struct wide_sum *out)
{
    struct wide_sum sum = wide_none();

    for (size_t i = 0; i < count; i++) {
        sum.sum += children[i].sum;
        sum.weighted += children[i].weighted;
        sum.weight += children[i].weight;
        sum.least = children[i].least < sum.least ? children[i].least : sum.least;
        sum.most = children[i].most > sum.most ? children[i].most : sum.most;
        sum.known += children[i].known;
        sum.reached += children[i].reached;
        sum.excluded += children[i].excluded;
    }
    *out = sum;
}

/* --- one unit of one tile, or of one column of doubles --- */

static void sum_tile_unit(const struct cube *cube, uint32_t tile, int l, uint32_t place)
{
    const struct level *level = &cube->levels[l];
    size_t leaves = cube->levels[0].count;
    struct tile_sum *sums = cube->sums + (size_t)tile * cube->sum_count;
    uint32_t from = level->first_child[place];
    size_t count = level->first_child[place + 1] - from;

    if (l == 1) {
        cube->kernel->reduce(cube->lines + ((size_t)tile * leaves + from) * LANES,
                             cube->weights + cube->tiles[tile].weight * leaves + from, count,
                             cube->tiles[tile].threshold, &sums[level->base + place]);
    } else {
        cube->kernel->combine(&sums[cube->levels[l - 1].base + from], count,
                              &sums[level->base + place]);
    }
}

static void sum_wide_unit(const struct cube *cube, int indicator, int l, uint32_t place)
{
    const struct level *level = &cube->levels[l];
    struct wide_sum *sums =
        cube->wide_sums + (size_t)cube->homes[indicator].column * cube->sum_count;
    uint32_t from = level->first_child[place];

    if (l == 1) {
        wide_reduce(cube, indicator, level, place, &sums[level->base + place]);
    } else {
        wide_combine(&sums[cube->levels[l - 1].base + from], level->first_child[place + 1] - from,
                     &sums[level->base + place]);
    }
}

/* --- everything --- */

/* Tiles first, then columns of doubles. Each is one piece of work, done from begin to end by one
 * thread, so that the number of threads changes nothing. */
struct work {
    const struct cube *cube;
    atomic_uint next;
};

/* Parents are summed as soon as their children are, while those are still near. */
static void roll_tile(const struct cube *cube, uint32_t tile)
{
    uint32_t done[CUBE_LEVELS_MAX] = {0};

    for (uint32_t place = 0; place < cube->levels[1].count; place++) {
        sum_tile_unit(cube, tile, 1, place);
        done[1] = place + 1;
        for (int l = 2; l < cube->level_count; l++) {
            const struct level *level = &cube->levels[l];
            while (done[l] < level->count && level->first_child[done[l] + 1] <= done[l - 1]) {
                sum_tile_unit(cube, tile, l, done[l]++);
            }
        }
    }
}

static void roll_wide(const struct cube *cube, int indicator)
{
    for (int l = 1; l < cube->level_count; l++) {
        for (uint32_t place = 0; place < cube->levels[l].count; place++) {
            sum_wide_unit(cube, indicator, l, place);
        }
    }
}

static void *roll_some(void *at)
{
    struct work *work = at;
    const struct cube *cube = work->cube;
    uint32_t all = cube->tile_count + cube->header->indicator_count;

    for (uint32_t i = atomic_fetch_add(&work->next, 1); i < all;
         i = atomic_fetch_add(&work->next, 1)) {
        if (i < cube->tile_count) {
            roll_tile(cube, i);
        } else if (cube->homes[i - cube->tile_count].is_wide) {
            roll_wide(cube, (int)(i - cube->tile_count));
        }
    }
    return NULL;
}

void cube_roll(struct cube *cube, int thread_count)
{
    struct work work = {.cube = cube};
    pthread_t helper = 0;
    bool has_helper = cube->level_count > 1 && thread_count > 1 &&
                      pthread_create(&helper, NULL, roll_some, &work) == 0;

    MUST(thread_count >= 1 && thread_count <= CUBE_THREADS_MAX);
    if (cube->level_count > 1) {
        (void)roll_some(&work);
    }
    if (has_helper) {
        MUST(pthread_join(helper, NULL) == 0);
    }
}

/* --- values --- */

static double unknown(enum expr_state state)
{
    return (union word_64){.bits = state == EXPR_NOT_APPLICABLE ? EXCLUDED_64 : MISSING_64}.number;
}

static float unknown_32(enum expr_state state)
{
    return (union word_32){.bits = state == EXPR_NOT_APPLICABLE ? EXCLUDED_32 : MISSING_32}.number;
}

/* A value that may be kept: inside the declared range, and whole where it was declared so. */
static bool is_kept(const struct cube_indicator *indicator, double value)
{
    return value >= indicator->least && value <= indicator->most &&
           (!indicator->is_whole || value == rint(value));
}

/* Minus zero would make least and most depend on the kernel. */
static double without_sign_of_zero(double value)
{
    return value + 0.0;
}

static void put_value(struct cube *cube, int indicator, uint32_t place, double value,
                      enum expr_state state)
{
    const struct home *home = &cube->homes[indicator];
    size_t leaves = cube->levels[0].count;

    if (home->is_wide) {
        cube->wide[home->column * leaves + place] =
            state == EXPR_KNOWN ? without_sign_of_zero(value) : unknown(state);
        return;
    }
    float held = state == EXPR_KNOWN ? (float)without_sign_of_zero(value) : unknown_32(state);
    cube->columns[home->column * leaves + place] = held;
    cube->lines[(home->tile * leaves + place) * LANES + home->lane] = held;
    for (uint32_t w = 1; w < cube->weight_count; w++) {
        if (cube->weight_of[w] == indicator) {
            cube->weights[w * leaves + place] = state == EXPR_KNOWN ? held : 0.0F;
        }
    }
}

static enum rc check_value(const struct cube *cube, int indicator, uint32_t leaf, double value,
                           struct err *err)
{
    if (is_kept(&cube->indicators[indicator], value)) {
        return RC_OK;
    }
    return err_set(err, RC_INVALID, MSG_CUBE_RANGE, arg_count(indicator), arg_count(leaf));
}

enum rc cube_fill(struct cube *cube, int indicator, const double *values, const uint8_t *states,
                  struct err *err)
{
    const struct level *leaves = &cube->levels[0];

    for (uint32_t i = 0; i < leaves->count; i++) {
        enum expr_state said = states == NULL ? EXPR_KNOWN : (enum expr_state)states[i];
        enum expr_state state = said == EXPR_KNOWN && isnan(values[i]) ? EXPR_MISSING : said;
        if (state == EXPR_KNOWN && check_value(cube, indicator, i, values[i], err) != RC_OK) {
            return RC_INVALID;
        }
        put_value(cube, indicator, leaves->place[i], values[i], state);
    }
    return RC_OK;
}

/* --- one value --- */

static const double EXACT_MAX = 9007199254740992.0; /* 2^53 */

static struct wide_sum leaf_sum(const struct cube *cube, int indicator, uint32_t place)
{
    size_t leaves = cube->levels[0].count;
    double weight = (double)cube->weights[cube->homes[indicator].weight * leaves + place];
    struct wide_sum sum = wide_none();

    wide_add(&sum, cube_value_at(cube, indicator, place), weight,
             cube->indicators[indicator].threshold);
    return sum;
}

static double largest(const struct wide_sum *sum)
{
    double least = sum->known == 0 ? 0 : fabs(sum->least);
    double most = sum->known == 0 ? 0 : fabs(sum->most);

    return least > most ? least : most;
}

/* Whole numbers whose sums stay below 2^53 may be added and taken away in any order. Sums of
 * values and of weights always do (2^24 values of 2^22 leaves); of products it must be looked at.
 * Weights are not negative. */
static bool is_exact(const struct wide_sum *sum, const struct wide_sum *after)
{
    double value = largest(sum) > largest(after) ? largest(sum) : largest(after);

    return value * (sum->weight + after->weight) < EXACT_MAX;
}

/* Put `after` in place of the child's sum `before` without looking at its siblings. False where
 * that cannot be done: the least or the most leaves, or products are too large. */
static bool replace_child(struct tile_sum *tile, uint32_t lane, const struct wide_sum *before,
                          const struct wide_sum *after)
{
    struct wide_sum sum = tile_lane(tile, lane);

    if ((before->least == sum.least && after->least > before->least) ||
        (before->most == sum.most && after->most < before->most) || !is_exact(&sum, after)) {
        return false;
    }
    tile->sum[lane] += after->sum - before->sum;
    tile->weighted[lane] += after->weighted - before->weighted;
    tile->weight[lane] += after->weight - before->weight;
    tile->least[lane] = (float)(after->least < sum.least ? after->least : sum.least);
    tile->most[lane] = (float)(after->most > sum.most ? after->most : sum.most);
    tile->known[lane] += after->known - before->known;
    tile->reached[lane] += after->reached - before->reached;
    tile->excluded[lane] += after->excluded - before->excluded;
    return true;
}

/* The sums of one lane along the path upward, after a leaf's went from `before` to `after`. */
static void renew_lane(const struct cube *cube, const struct home *home, uint32_t place,
                       struct wide_sum before, struct wide_sum after)
{
    struct tile_sum *sums = cube->sums + (size_t)home->tile * cube->sum_count;

    for (int l = 1; l < cube->level_count; l++) {
        place = cube->levels[l - 1].parent[place];
        struct tile_sum *tile = &sums[cube->levels[l].base + place];
        struct wide_sum held = tile_lane(tile, home->lane);
        if (!replace_child(tile, home->lane, &before, &after)) {
            sum_tile_unit(cube, home->tile, l, place);
        }
        before = held;
        after = tile_lane(tile, home->lane);
    }
}

/* All lanes of a tile, or a column of doubles, along the path upward from a leaf. */
static void renew_path(const struct cube *cube, int indicator, uint32_t place)
{
    const struct home *home = &cube->homes[indicator];

    for (int l = 1; l < cube->level_count; l++) {
        place = cube->levels[l - 1].parent[place];
        if (home->is_wide) {
            sum_wide_unit(cube, indicator, l, place);
        } else {
            sum_tile_unit(cube, home->tile, l, place);
        }
    }
}

/* After a weight changed: everything that it weights. The first lane of a tile renews it. */
static void renew_weighted(const struct cube *cube, uint32_t weight, uint32_t place)
{
    for (int k = 0; k < (int)cube->header->indicator_count; k++) {
        const struct home *home = &cube->homes[k];
        if (home->weight == weight && (home->is_wide || home->lane == 0)) {
            renew_path(cube, k, place);
        }
    }
}

enum rc cube_set(struct cube *cube, uint32_t leaf, int indicator, double value,
                 enum expr_state state, struct err *err)
{
    const struct home *home = &cube->homes[indicator];
    uint32_t place = cube->levels[0].place[leaf];

    if (state == EXPR_KNOWN && check_value(cube, indicator, leaf, value, err) != RC_OK) {
        return RC_INVALID;
    }
    struct wide_sum before = leaf_sum(cube, indicator, place);
    put_value(cube, indicator, place, value, state);
    if (home->is_wide) {
        renew_path(cube, indicator, place);
    } else {
        renew_lane(cube, home, place, before, leaf_sum(cube, indicator, place));
    }
    for (uint32_t w = 1; w < cube->weight_count; w++) {
        if (cube->weight_of[w] == indicator) {
            renew_weighted(cube, w, place);
        }
    }
    return RC_OK;
}
