/* A cube is made: homes for the indicators, one piece of memory, the order of the tree. */
#include "calc/cube/cube.h"

#include <math.h>

#include "calc/cube/cube_in.h"

static const double FLOAT_WHOLE_MAX = 16777216.0; /* 2^24 */

static bool needs_double(const struct cube_indicator *indicator)
{
    return !indicator->is_whole || indicator->least < -FLOAT_WHOLE_MAX ||
           indicator->most > FLOAT_WHOLE_MAX;
}

/* For whole numbers a threshold between two of them is the upper one. */
static float threshold_32(double threshold)
{
    double whole = ceil(threshold);

    return whole > FLOAT_WHOLE_MAX ? HUGE_VALF : (float)whole;
}

/* The place of the weights that `indicator` gives, 0 for all alike; a new one is appended. */
static uint32_t weight_place(struct cube *cube, int indicator)
{
    if (indicator == CUBE_NO_WEIGHT) {
        return 0;
    }
    for (uint32_t w = 1; w < cube->weight_count; w++) {
        if (cube->weight_of[w] == indicator) {
            return w;
        }
    }
    cube->weight_of[cube->weight_count] = indicator;
    return cube->weight_count++;
}

static void settle_homes(struct cube *cube)
{
    cube->weight_count = 1;
    cube->weight_of[0] = CUBE_NO_WEIGHT;
    for (uint32_t k = 0; k < cube->header->indicator_count; k++) {
        struct home *home = &cube->homes[k];
        home->is_wide = needs_double(&cube->indicators[k]);
        home->weight = weight_place(cube, cube->indicators[k].weight);
        home->column = home->is_wide ? cube->wide_count++ : cube->narrow_count++;
    }
}

/* Lanes of tiles: the indicators of a tile share their weights. */
static void settle_tiles(struct cube *cube)
{
    for (uint32_t w = 0; w < cube->weight_count; w++) {
        uint32_t lane = LANES;
        for (uint32_t k = 0; k < cube->header->indicator_count; k++) {
            struct home *home = &cube->homes[k];
            if (home->is_wide || home->weight != w) {
                continue;
            }
            if (lane == LANES) {
                cube->tiles[cube->tile_count++].weight = w;
                lane = 0;
            }
            home->tile = cube->tile_count - 1;
            home->lane = lane++;
            cube->tiles[home->tile].threshold[home->lane] =
                threshold_32(cube->indicators[k].threshold);
        }
    }
}

/* The next `count` objects of `size` bytes behind `*end`, on a line of their own. */
static void *take(char *base, size_t *end, size_t count, size_t size)
{
    void *at = base == NULL ? NULL : base + *end;

    *end += (count * size + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
    return at;
}

static void lay_out_levels(struct cube *cube, char *base, size_t *end)
{
    cube->sum_count = 0;
    for (int l = 0; l < cube->level_count; l++) {
        struct level *level = &cube->levels[l];
        level->base = cube->sum_count;
        level->place = take(base, end, level->count, sizeof(uint32_t));
        level->parent = take(base, end, level->count, sizeof(uint32_t));
        level->first_child = take(base, end, (size_t)level->count + 1, sizeof(uint32_t));
        level->first_leaf = take(base, end, (size_t)level->count + 1, sizeof(uint32_t));
        cube->sum_count += l == 0 ? 0 : level->count;
    }
}

size_t cube_lay_out(struct cube *cube, char *base)
{
    size_t leaves = cube->levels[0].count;
    size_t count = cube->header->indicator_count;
    size_t end = 0;
    struct cube_header *header = take(base, &end, 1, sizeof(*header));
    struct cube_indicator *indicators = take(base, &end, count, sizeof(*indicators));

    lay_out_levels(cube, base, &end);
    size_t sums = cube->sum_count;
    cube->weights = take(base, &end, cube->weight_count * leaves, sizeof(float));
    cube->columns = take(base, &end, cube->narrow_count * leaves, sizeof(float));
    cube->lines = take(base, &end, cube->tile_count * leaves, LINE_BYTES);
    cube->sums = take(base, &end, cube->tile_count * sums, sizeof(struct tile_sum));
    cube->wide = take(base, &end, cube->wide_count * leaves, sizeof(double));
    cube->wide_sums = take(base, &end, cube->wide_count * sums, sizeof(struct wide_sum));
    if (base != NULL) {
        cube->header = header;
        cube->indicators = indicators;
    }
    return end;
}

void cube_take_header(struct cube *cube, struct cube_header *header,
                      struct cube_indicator *indicators, struct arena *arena)
{
    cube->header = header;
    cube->indicators = indicators;
    cube->level_count = (int)header->level_count;
    for (int l = 0; l < cube->level_count; l++) {
        cube->levels[l].count = header->unit_count[l];
    }
    cube->homes = ARENA_NEW(arena, struct home, header->indicator_count);
    cube->weight_of = ARENA_NEW(arena, int, (size_t)header->indicator_count + 1);
    cube->tiles = ARENA_NEW(arena, struct tile, header->indicator_count);
    settle_homes(cube);
    settle_tiles(cube);
    cube_choose_kernel(cube);
}

static enum rc check_counts(const struct cube_tree *tree, size_t indicator_count, struct err *err)
{
    if (indicator_count > CUBE_INDICATORS_MAX) {
        return err_set(err, RC_LIMIT, MSG_CUBE_INDICATORS, arg_count(CUBE_INDICATORS_MAX));
    }
    if (tree->level_count < 1 || tree->level_count > CUBE_LEVELS_MAX) {
        return err_set(err, RC_LIMIT, MSG_CUBE_LEVELS, arg_count(CUBE_LEVELS_MAX));
    }
    for (int l = 0; l < tree->level_count; l++) {
        if (tree->count[l] > CUBE_UNITS_MAX) {
            return err_set(err, RC_LIMIT, MSG_CUBE_UNITS, arg_count(CUBE_UNITS_MAX));
        }
    }
    return RC_OK;
}

static enum rc check_parents(const struct cube_tree *tree, struct err *err)
{
    for (int l = 0; l + 1 < tree->level_count; l++) {
        for (uint32_t u = 0; u < tree->count[l]; u++) {
            if (tree->parent[l][u] >= tree->count[l + 1]) {
                return err_set(err, RC_INVALID, MSG_CUBE_PARENT, arg_count(l), arg_count(u));
            }
        }
    }
    return RC_OK;
}

enum rc cube_check_weights(const struct cube_indicator *indicators, size_t count, struct err *err)
{
    for (size_t k = 0; k < count; k++) {
        int weight = indicators[k].weight;
        bool is_there = weight == CUBE_NO_WEIGHT || (weight >= 0 && (size_t)weight < count);
        const struct cube_indicator *by = is_there && weight >= 0 ? &indicators[weight] : NULL;
        if (!is_there || (by != NULL && (needs_double(by) || by->least < 0))) {
            return err_set(err, RC_INVALID, MSG_CUBE_WEIGHT, arg_count((int64_t)k));
        }
    }
    return RC_OK;
}

/* Children of one level in the order of their parents' places, by counting. */
static void order_level(const uint32_t *parent_of, const struct level *level,
                        const struct level *above)
{
    uint32_t *first = above->first_child;

    for (uint32_t u = 0; u < level->count; u++) {
        first[above->place[parent_of[u]] + 1]++;
    }
    for (uint32_t p = 0; p < above->count; p++) {
        first[p + 1] += first[p];
    }
    for (uint32_t u = 0; u < level->count; u++) {
        uint32_t parent = above->place[parent_of[u]];
        level->place[u] = first[parent]++;
        level->parent[level->place[u]] = parent;
    }
    /* Each begin has become the begin of the next. */
    for (uint32_t p = above->count; p > 0; p--) {
        first[p] = first[p - 1];
    }
    first[0] = 0;
}

static void find_leaves(struct cube *cube)
{
    for (uint32_t i = 0; i <= cube->levels[0].count; i++) {
        cube->levels[0].first_leaf[i] = i;
    }
    for (int l = 1; l < cube->level_count; l++) {
        const struct level *level = &cube->levels[l];
        for (uint32_t p = 0; p <= level->count; p++) {
            level->first_leaf[p] = cube->levels[l - 1].first_leaf[level->first_child[p]];
        }
    }
}

static void order_tree(struct cube *cube, const struct cube_tree *tree)
{
    const struct level *top = &cube->levels[cube->level_count - 1];

    for (uint32_t u = 0; u < top->count; u++) {
        top->place[u] = u;
    }
    for (int l = cube->level_count - 2; l >= 0; l--) {
        order_level(tree->parent[l], &cube->levels[l], &cube->levels[l + 1]);
    }
    find_leaves(cube);
}

/* Everything missing; the weights that are all alike are 1. */
static void clear_values(struct cube *cube)
{
    size_t leaves = cube->levels[0].count;
    const union word_32 missing_32 = {.bits = MISSING_32};
    const union word_64 missing_64 = {.bits = MISSING_64};

    for (size_t i = 0; i < leaves; i++) {
        cube->weights[i] = 1.0F;
    }
    for (size_t i = 0; i < cube->narrow_count * leaves; i++) {
        cube->columns[i] = missing_32.number;
    }
    for (size_t i = 0; i < cube->tile_count * leaves * LANES; i++) {
        cube->lines[i] = missing_32.number;
    }
    for (size_t i = 0; i < cube->wide_count * leaves; i++) {
        cube->wide[i] = missing_64.number;
    }
}

static struct cube_header header_of(const struct cube_tree *tree, size_t indicator_count)
{
    struct cube_header header = {
        .version = FORMAT_VERSION,
        .byte_order = 1,
        .level_count = (uint32_t)tree->level_count,
        .indicator_count = (uint32_t)indicator_count,
    };

    memcpy(header.magic, CUBE_MAGIC, MAGIC_BYTES);
    for (int l = 0; l < tree->level_count; l++) {
        header.unit_count[l] = tree->count[l];
    }
    return header;
}

static char *take_memory(struct arena *arena, size_t bytes)
{
    char *at = arena_take(arena, bytes + LINE_BYTES);

    return at + (LINE_BYTES - (uintptr_t)at % LINE_BYTES) % LINE_BYTES;
}

/* Member by member: what lies between them stays zero, so that equal cubes have equal bytes. */
static void copy_indicators(const struct cube_indicator *from, size_t count,
                            struct cube_indicator *to)
{
    for (size_t k = 0; k < count; k++) {
        to[k].least = from[k].least;
        to[k].most = from[k].most;
        to[k].is_whole = from[k].is_whole;
        to[k].weight = from[k].weight;
        to[k].threshold = from[k].threshold;
    }
}

enum rc cube_make(const struct cube_tree *tree, const struct cube_indicator *indicators,
                  size_t indicator_count, struct arena *arena, struct cube **out, struct err *err)
{
    enum rc rc = check_counts(tree, indicator_count, err);

    rc = rc == RC_OK ? check_parents(tree, err) : rc;
    rc = rc == RC_OK ? cube_check_weights(indicators, indicator_count, err) : rc;
    if (rc != RC_OK) {
        return rc;
    }
    struct cube *cube = ARENA_NEW(arena, struct cube, 1);
    struct cube_header header = header_of(tree, indicator_count);
    struct cube_indicator *copy = ARENA_NEW(arena, struct cube_indicator, indicator_count);
    copy_indicators(indicators, indicator_count, copy);
    cube_take_header(cube, &header, copy, arena);
    header.byte_count = cube_lay_out(cube, NULL);
    (void)cube_lay_out(cube, take_memory(arena, header.byte_count));
    *cube->header = header;
    copy_indicators(indicators, indicator_count, cube->indicators);
    order_tree(cube, tree);
    clear_values(cube);
    *out = cube;
    return RC_OK;
}
