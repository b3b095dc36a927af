/* The cube of a roll-up: its tree, its columns, what is filled in. */
#include "office/indicator/rollup_in.h"

#include <math.h>

static void find_levels(struct rollup *out)
{
    const struct panel *panel = out->panel;
    struct arena *arena = panel->cx->arena;
    int count = out->tree->count;

    out->level_count = panel->level - out->tree->units[0].level + 1;
    out->level_of = ARENA_NEW(arena, int, (size_t)count);
    out->unit_of = ARENA_NEW(arena, uint32_t, (size_t)count);
    for (int i = 0; i < count; i++) {
        int level = panel->level - out->tree->units[i].level;
        out->level_of[i] = level < 0 ? NONE : level;
    }
}

/* Units of each level, in tree order, each under the unit of the level above. A unit whose parent
 * stands higher up, and a leaf that lies in a unit higher up, get units of their own in between,
 * which stand for nobody else. */
struct levels {
    uint32_t count[CUBE_LEVELS_MAX];
    uint32_t *parent[CUBE_LEVELS_MAX];
};

static uint32_t add_unit(struct levels *levels, int level, uint32_t parent)
{
    uint32_t unit = levels->count[level]++;

    MUST(levels->parent[level] != NULL);
    levels->parent[level][unit] = parent;
    return unit;
}

/* Add a unit of `level` somewhere under the place `above`, NONE for the root. */
static uint32_t add_under(const struct rollup *in, struct levels *levels, int above, int level)
{
    uint32_t under = above == NONE ? 0 : in->unit_of[above];
    int from = above == NONE ? in->level_count : in->level_of[above];

    for (int between = from - 1; between > level; between--) {
        under = add_unit(levels, between, under);
    }
    return add_unit(levels, level, under);
}

static void make_tree(struct rollup *out, struct cube_tree *tree)
{
    struct arena *arena = out->panel->cx->arena;
    struct levels levels = {{0}, {NULL}};
    size_t room = (size_t)out->tree->count + (size_t)out->leaf_count;

    for (int l = 0; l < out->level_count; l++) {
        levels.parent[l] = ARENA_NEW(arena, uint32_t, room);
    }
    for (int i = 0; i < out->tree->count; i++) {
        if (out->level_of[i] > 0) {
            out->unit_of[i] = add_under(out, &levels, out->tree->units[i].parent, out->level_of[i]);
        }
    }
    for (int i = 0; i < out->leaf_count; i++) {
        int place = out->leaves[i].place;
        bool is_below = out->level_of[place] == 0;
        (void)add_under(out, &levels, is_below ? out->tree->units[place].parent : place, 0);
    }
    *tree = (struct cube_tree){.level_count = out->level_count};
    for (int l = 0; l < out->level_count; l++) {
        tree->count[l] = levels.count[l];
        tree->parent[l] = l + 1 < out->level_count ? levels.parent[l] : NULL;
    }
}

bool rollup_is_from_inputs(const struct rollup *rollup, int indicator)
{
    const struct indicator *about = &rollup->panel->programme->indicators[indicator];

    return about->aggregate == AGGREGATE_FROM_INPUTS && about->formula.code != NULL;
}

static struct rollup_column add_column(struct rollup *out, int indicator)
{
    bool is_here = panel_has(out->panel, indicator);
    struct rollup_column column = {.indicator = indicator, .num = NONE, .den = NONE};

    column.num = is_here ? out->column_count++ : NONE;
    column.den = is_here && rollup_is_pair(out, indicator) ? out->column_count++ : NONE;
    return column;
}

/* The indicator, then everything its formula needs; what a derived one needs comes behind it. */
int rollup_order_inputs(const struct rollup *rollup, int indicator, int *out)
{
    int count = 0;

    out[count++] = indicator;
    for (int at = 0; at < count; at++) {
        size_t inputs = 0;
        const struct expr *code = rollup->panel->programme->indicators[out[at]].formula.code;
        const struct expr_input *input =
            rollup_is_from_inputs(rollup, out[at]) ? expr_inputs(code, &inputs) : NULL;
        for (size_t i = 0; i < inputs && count < EXPR_NODES_MAX; i++) {
            out[count++] = (int)input[i].id;
        }
    }
    return count;
}

const struct rollup_column *rollup_find_column(const struct rollup_inputs *inputs, int indicator)
{
    for (int i = 0; i < inputs->count; i++) {
        if (inputs->columns[i].indicator == indicator) {
            return &inputs->columns[i];
        }
    }
    return NULL;
}

static struct rollup_inputs add_inputs(struct rollup *out, int indicator)
{
    struct arena *arena = out->panel->cx->arena;
    int *order = ARENA_NEW(arena, int, EXPR_NODES_MAX);
    int count = rollup_order_inputs(out, indicator, order);
    struct rollup_inputs inputs = {
        .columns = ARENA_NEW(arena, struct rollup_column, (size_t)count),
    };

    for (int i = 1; i < count; i++) {
        if (!rollup_is_from_inputs(out, order[i]) &&
            rollup_find_column(&inputs, order[i]) == NULL) {
            inputs.columns[inputs.count++] = add_column(out, order[i]);
        }
    }
    return inputs;
}

static void number_columns(struct rollup *out)
{
    const struct panel *panel = out->panel;
    size_t count = (size_t)panel->programme->indicator_count;

    out->own = ARENA_NEW(panel->cx->arena, struct rollup_column, count);
    out->inputs = ARENA_NEW(panel->cx->arena, struct rollup_inputs, count);
    for (int i = 0; i < panel->programme->indicator_count; i++) {
        out->own[i] = add_column(out, i);
        if (out->own[i].num != NONE && rollup_is_from_inputs(out, i)) {
            out->inputs[i] = add_inputs(out, i);
        }
    }
}

static struct cube_indicator describe(const struct rollup *in, int indicator)
{
    const struct indicator *about = &in->panel->programme->indicators[indicator];
    bool is_real = about->formula.code != NULL || about->type == VALUE_PERCENT || in->is_moved;
    bool is_weighted = about->aggregate == AGGREGATE_WEIGHTED && about->weight != NONE;
    struct cube_indicator out = {
        .least = (double)about->min,
        .most = (double)about->max,
        .is_whole = !is_real,
        .weight = is_weighted && !in->is_moved ? in->own[about->weight].num : CUBE_NO_WEIGHT,
        .threshold = 1.0,
    };

    if (is_real || about->max <= about->min) {
        out.least = -1e15;
        out.most = 1e15;
    }
    if (about->type == VALUE_BOOLEAN || about->type == VALUE_ENUM) {
        out.least = 0.0;
        out.most = 255.0;
        out.is_whole = true;
    }
    return out;
}

static enum rc fill_column(const struct rollup *in, const struct rollup_column *to,
                           const uint8_t *counts)
{
    struct arena *arena = in->panel->cx->arena;
    struct arena_mark mark = arena_mark(arena);
    struct rollup_filling filling = rollup_fill(in, to, counts);

    if (to->den != NONE) {
        TRY(cube_fill(in->cube, to->den, filling.den, filling.state, in->panel->cx->err));
    }
    TRY(cube_fill(in->cube, to->num, filling.num, filling.state, in->panel->cx->err));
    arena_rewind(arena, mark);
    return RC_OK;
}

/* In its own column of the cube a derived indicator has only who counts. */
static enum rc fill_derived(const struct rollup *in, int indicator)
{
    const struct rollup_inputs *inputs = &in->inputs[indicator];
    const struct panel *panel = in->panel;
    uint8_t *counts = rollup_counting(in, indicator);
    double *ones = ARENA_NEW(panel->cx->arena, double, (size_t)in->leaf_count);

    for (int i = 0; i < in->leaf_count; i++) {
        ones[i] = counts[i] == EXPR_KNOWN ? 1.0 : (double)NAN;
    }
    TRY(cube_fill(in->cube, in->own[indicator].num, ones, counts, panel->cx->err));
    for (int i = 0; i < inputs->count; i++) {
        if (inputs->columns[i].num != NONE) {
            TRY(fill_column(in, &inputs->columns[i], counts));
        }
    }
    return RC_OK;
}

static enum rc fill_all(const struct rollup *in)
{
    struct arena *arena = in->panel->cx->arena;

    for (int i = 0; i < in->panel->programme->indicator_count; i++) {
        struct arena_mark mark = arena_mark(arena);
        if (in->own[i].num != NONE) {
            TRY(rollup_is_from_inputs(in, i) ? fill_derived(in, i)
                                             : fill_column(in, &in->own[i], NULL));
        }
        arena_rewind(arena, mark);
    }
    cube_roll(in->cube, CUBE_THREADS_MAX);
    return RC_OK;
}

static void describe_column(const struct rollup *in, const struct rollup_column *column,
                            struct cube_indicator *out)
{
    if (column->num != NONE) {
        out[column->num] = describe(in, column->indicator);
    }
    if (column->den != NONE) {
        out[column->den] = describe(in, column->indicator);
    }
}

static const struct cube_indicator *describe_all(const struct rollup *in)
{
    struct cube_indicator *out =
        ARENA_NEW(in->panel->cx->arena, struct cube_indicator, (size_t)in->column_count);

    for (int i = 0; i < in->panel->programme->indicator_count; i++) {
        describe_column(in, &in->own[i], out);
        for (int k = 0; k < in->inputs[i].count; k++) {
            describe_column(in, &in->inputs[i].columns[k], out);
        }
    }
    return out;
}

enum rc rollup_shape(const struct panel *panel, const struct rollup_bounds *bounds,
                     struct cube_tree *out_tree, struct rollup *out)
{
    MUST(panel->within == 0); /* sums are of whole units */
    *out = (struct rollup){
        .panel = panel,
        .tree = bounds == NULL ? panel->tree : bounds->tree,
        .is_moved = bounds != NULL,
    };
    find_levels(out);
    if (out->level_count < 2 || out->level_count > CUBE_LEVELS_MAX) {
        return err_set(panel->cx->err, RC_INVALID, MSG_ROLLUP_LEVELS);
    }
    rollup_find_leaves(bounds, out);
    make_tree(out, out_tree);
    number_columns(out);
    return RC_OK;
}

enum rc rollup_fill_cube(struct rollup *rollup, const struct cube_tree *tree)
{
    const struct cx *cx = rollup->panel->cx;

    TRY(cube_make(tree, describe_all(rollup), (size_t)rollup->column_count, cx->arena,
                  &rollup->cube, cx->err));
    return fill_all(rollup);
}

enum rc rollup_make(const struct panel *panel, const struct rollup_bounds *bounds,
                    struct rollup *out)
{
    struct cube_tree tree = {0};

    TRY(rollup_shape(panel, bounds, &tree, out));
    return rollup_fill_cube(out, &tree);
}
