/* Groups of the same shape side by side, sixteen to a bundle. */
#include "calc/solve/engine/pack.h"

#include <stdlib.h>
#include <string.h>

static const float NEVER_WORTH = -1e30F;

void *pack_take(struct arena *arena, size_t count, size_t size)
{
    char *place = arena_take_many(arena, count + KERNEL_ALIGN / size + 1, size);

    return place + (KERNEL_ALIGN - (uintptr_t)place % KERNEL_ALIGN) % KERNEL_ALIGN;
}

/* A group's shape: equal shapes may share a bundle. */
struct shape {
    const struct model *model;
    int group;
    int options;
};

static int by_rows(const struct shape *x, const struct shape *y)
{
    const struct model *m = x->model;
    int rows_x = model_rows(m, x->group);
    int rows_y = model_rows(m, y->group);

    if (rows_x != rows_y) {
        return rows_x - rows_y;
    }
    return memcmp(m->row_of + m->rows_first[x->group], m->row_of + m->rows_first[y->group],
                  (size_t)rows_x * sizeof(int));
}

static int by_shape(const void *a, const void *b)
{
    const struct shape *x = a;
    const struct shape *y = b;
    int order = by_rows(x, y);

    if (order == 0) {
        order = x->options - y->options;
    }
    return order != 0 ? order : x->group - y->group;
}

/* Shapes in order within each block: bundles then follow the blocks in memory. */
static struct shape *shapes_of(const struct model *m, struct arena *arena)
{
    struct shape *shapes = ARENA_NEW(arena, struct shape, (size_t)m->groups);

    for (int g = 0; g < m->groups; g++) {
        shapes[g] = (struct shape){m, g, model_options(m, g)};
    }
    for (int b = 0; b < m->blocks; b++) {
        qsort(shapes + m->block_first[b], (size_t)(m->block_first[b + 1] - m->block_first[b]),
              sizeof(*shapes), by_shape);
    }
    return shapes;
}

static int run_length(const struct shape *shapes, int begin, int end)
{
    int at = begin + 1;

    while (at < end && by_rows(&shapes[begin], &shapes[at]) == 0) {
        at++;
    }
    return at - begin;
}

/* One lane of a bundle: the options of a group, relative to its first. */
static void fill_lane(const struct model *m, int group, int lane, float *data)
{
    int rows = model_rows(m, group);
    const int64_t *use_first = model_use(m, group, 0);
    const int64_t *value = m->value + m->first[group];

    for (int j = 1; j < model_options(m, group); j++) {
        float *at = data + (size_t)(j - 1) * (size_t)(rows + 1) * KERNEL_LANES + lane;
        const int64_t *use = model_use(m, group, j);
        at[0] = (float)(value[j] - value[0]);
        for (int k = 0; k < rows; k++) {
            at[(size_t)(k + 1) * KERNEL_LANES] = (float)(use[k] - use_first[k]);
        }
    }
}

static size_t bundle_floats(int options, int rows)
{
    return (size_t)(options - 1) * (size_t)(rows + 1) * KERNEL_LANES;
}

static void fill_bundle(const struct model *m, const int *groups, int options, float *data)
{
    int rows = model_rows(m, groups[0]);

    for (int j = 0; j < options - 1; j++) {
        for (int lane = 0; lane < KERNEL_LANES; lane++) {
            data[(size_t)j * (size_t)(rows + 1) * KERNEL_LANES + (size_t)lane] = NEVER_WORTH;
        }
    }
    for (int lane = 0; lane < KERNEL_LANES && groups[lane] >= 0; lane++) {
        fill_lane(m, groups[lane], lane, data);
    }
}

/* Sixteen shapes to a bundle; the last one of them has the most options. */
static void fill_run(struct pack *pack, const struct shape *shapes, int count, struct arena *arena)
{
    const struct model *m = pack->model;
    struct kernel_run *run = &pack->run[pack->runs];
    int bundles = (count + KERNEL_LANES - 1) / KERNEL_LANES;
    int *options = ARENA_NEW(arena, int, (size_t)bundles);
    size_t floats = 0;

    run->rows = model_rows(m, shapes[0].group);
    run->row = m->row_of + m->rows_first[shapes[0].group];
    run->bundles = bundles;
    run->options = options;
    for (int i = 0; i < bundles; i++) {
        int last = (i + 1) * KERNEL_LANES < count ? (i + 1) * KERNEL_LANES - 1 : count - 1;
        options[i] = shapes[last].options;
        floats += bundle_floats(options[i], run->rows);
    }
    float *data = pack_take(arena, floats, sizeof(float));
    run->data = data;
    run->scratch = pack_take(arena, (size_t)run->rows * KERNEL_LANES, sizeof(float));
    pack->run_price[pack->runs] = ARENA_NEW(arena, float, (size_t)run->rows);
    for (int i = 0; i < bundles; i++) {
        int *groups = pack->order + (size_t)(pack->bundles + i) * KERNEL_LANES;
        for (int lane = 0; lane < KERNEL_LANES; lane++) {
            int at = i * KERNEL_LANES + lane;
            groups[lane] = at < count ? shapes[at].group : -1;
        }
        fill_bundle(m, groups, options[i], data);
        data += bundle_floats(options[i], run->rows);
        pack->steps += (int64_t)bundle_floats(options[i], run->rows) / 64;
    }
    pack->bundles += bundles;
    pack->runs++;
}

static void count_runs(const struct model *m, const struct shape *shapes, int *runs, int *bundles)
{
    for (int b = 0; b < m->blocks; b++) {
        for (int at = m->block_first[b]; at < m->block_first[b + 1];) {
            int length = run_length(shapes, at, m->block_first[b + 1]);
            *bundles += (length + KERNEL_LANES - 1) / KERNEL_LANES;
            *runs += 1;
            at += length;
        }
    }
}

static void add_first_options(struct pack *pack)
{
    const struct model *m = pack->model;

    for (int g = 0; g < m->groups; g++) {
        const int64_t *use = model_use(m, g, 0);
        pack->value += (double)m->value[m->first[g]];
        for (int k = 0; k < model_rows(m, g); k++) {
            pack->use[m->row_of[m->rows_first[g] + k]] += (double)use[k];
        }
    }
}

void pack_of(const struct model *m, const struct kernel *kernel, struct arena *arena,
             struct pack *out)
{
    const struct shape *shapes = shapes_of(m, arena);
    int runs = 0;
    int bundles = 0;

    count_runs(m, shapes, &runs, &bundles);
    *out = (struct pack){.model = m, .kernel = kernel};
    out->run = ARENA_NEW(arena, struct kernel_run, (size_t)runs);
    out->run_price = ARENA_NEW(arena, float *, (size_t)runs);
    out->order = ARENA_NEW(arena, int, (size_t)bundles *KERNEL_LANES);
    out->best = pack_take(arena, (size_t)bundles * KERNEL_LANES, sizeof(int32_t));
    out->open = pack_take(arena, (size_t)bundles * KERNEL_LANES, sizeof(int32_t));
    out->use = ARENA_NEW(arena, double, (size_t)m->rows);
    for (int b = 0; b < m->blocks; b++) {
        for (int at = m->block_first[b]; at < m->block_first[b + 1];) {
            int length = run_length(shapes, at, m->block_first[b + 1]);
            fill_run(out, shapes + at, length, arena);
            at += length;
        }
    }
    add_first_options(out);
    out->steps += m->rows / 16 + 1;
}

static double eval(const struct pack *pack, const double *price, double *use, int32_t *best,
                   int32_t *open, double margin)
{
    const struct model *m = pack->model;
    double total = 0;

    memcpy(use, pack->use, (size_t)m->rows * sizeof(*use));
    for (int i = 0; i < pack->runs; i++) {
        struct kernel_run run = pack->run[i];
        for (int k = 0; k < run.rows; k++) {
            pack->run_price[i][k] = (float)price[run.row[k]];
        }
        run.best = best;
        run.open = open;
        run.margin = (float)margin;
        pack->kernel->eval(&run, pack->run_price[i], use, &total);
        best = best == NULL ? NULL : best + (size_t)run.bundles * KERNEL_LANES;
        open = open == NULL ? NULL : open + (size_t)run.bundles * KERNEL_LANES;
    }
    total += pack->value;
    for (int r = 0; r < m->rows; r++) {
        total += price[r] * ((double)m->limit[r] - pack->use[r]);
    }
    return total;
}

double pack_eval(const struct pack *pack, const double *price, double *use)
{
    return eval(pack, price, use, NULL, NULL, 0);
}

double pack_pick(const struct pack *pack, const double *price, double *use, int *pick)
{
    double total = eval(pack, price, use, pack->best, NULL, 0);

    for (int i = 0; i < pack->bundles * KERNEL_LANES; i++) {
        if (pack->order[i] >= 0) {
            pick[pack->order[i]] = pack->best[i];
        }
    }
    return total;
}

int pack_open(const struct pack *pack, const double *price, double margin, double *use,
              double *out_total, int *groups)
{
    int count = 0;

    *out_total = eval(pack, price, use, NULL, pack->open, margin);
    for (int i = 0; i < pack->bundles * KERNEL_LANES; i++) {
        if (pack->open[i] != 0 && pack->order[i] >= 0) {
            groups[count++] = pack->order[i];
        }
    }
    return count;
}
