/* Weights of draws: drawn, measured, put in order, laid side by side. */
#include "calc/robust/draws.h"

#include <math.h>

#include "calc/robust/parallel.h"
#include "calc/stat/draw.h"
#include "calc/stat/same.h"

/* Draws made in one turn of a thread. */
enum { SLICE_DRAWS = 256 };
/* A share that hardly moves is measured in units of its rounding. */
#define UNIT_MIN 1e-7

/* ---- patterns ---- */

static int by_mask(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return a < b ? -1 : a > b;
}

static int find_mask(const struct patterns *patterns, uint64_t mask)
{
    int low = 0;
    int high = patterns->count - 1;

    while (low < high) {
        int middle = (low + high) / 2;
        if (patterns->mask[middle] < mask) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct patterns patterns_find(const struct utilities *u, struct arena *arena)
{
    size_t place_count = (size_t)u->place_count;
    struct patterns found = {
        .mask = ARENA_NEW(arena, uint64_t, place_count),
        .of_place = ARENA_NEW(arena, int, place_count),
    };

    for (size_t i = 0; i < place_count; i++) {
        found.mask[i] = u->applicable[i];
    }
    qsort(found.mask, place_count, sizeof(*found.mask), by_mask);
    for (size_t i = 0; i < place_count; i++) {
        if (found.count == 0 || found.mask[found.count - 1] != found.mask[i]) {
            found.mask[found.count++] = found.mask[i];
        }
    }
    for (size_t i = 0; i < place_count; i++) {
        found.of_place[i] = find_mask(&found, u->applicable[i]);
    }
    return found;
}

/* ---- one draw ---- */

static double draw_one(const struct robust_job *job, struct draw_at at, double weight, double sigma)
{
    if (weight == 0) {
        return 0;
    }
    return job->model == DRAW_ANY ? draw_exponential(at)
                                  : weight * same_exp(sigma * draw_normal(at));
}

void robust_draw(const struct robust_job *job, int draw, double *out_dimension,
                 double *out_criterion)
{
    const struct weight_tree *tree = job->tree;
    struct draw_at at = {.seed = job->seed, .a = (uint64_t)draw};
    bool around = job->model == DRAW_AROUND;

    for (int k = 0; k < tree->criterion_count; k++) {
        at.b = (uint64_t)k;
        out_criterion[k] =
            draw_one(job, at, tree->criterion_weight[k], around ? job->criterion_sigma[k] : 0.0);
    }
    for (int d = 0; d < tree->dimension_count; d++) {
        at.b = WEIGH_CRITERIA_MAX + (uint64_t)d;
        out_dimension[d] =
            draw_one(job, at, tree->dimension_weight[d], around ? job->dimension_sigma[d] : 0.0);
    }
}

/* ---- a chunk ---- */

struct making {
    struct draws_order order;
    struct draws *out;
};

struct draws draws_room(const struct robust_job *job, int draw_count, int pattern_count,
                        struct arena *arena)
{
    size_t criterion_count = (size_t)job->tree->criterion_count;
    size_t drawn_count = criterion_count + (size_t)job->tree->dimension_count;
    size_t block_count = ((size_t)draw_count + LANES_WIDE - 1) / LANES_WIDE;
    size_t lane_count = block_count * LANES_WIDE;
    size_t cell_count = (size_t)pattern_count * lane_count * criterion_count;

    return (struct draws){
        .criterion_count = (int)criterion_count,
        .pattern_count = pattern_count,
        .reach = ARENA_NEW(arena, float, block_count),
        .draw = ARENA_NEW(arena, int, lane_count),
        .shares = ARENA_NEW(arena, float, (size_t)draw_count *criterion_count),
        .weights = ARENA_NEW(arena, float, cell_count),
        .drawn = ARENA_NEW(arena, double, (size_t)draw_count *drawn_count),
        .order = ARENA_NEW(arena, struct far_draw, (size_t)draw_count),
    };
}

/* Where a draw's criteria stand in `drawn`; its dimensions follow them. */
static double *drawn_at(const struct making *making, int draw)
{
    const struct weight_tree *tree = making->order.job->tree;

    return making->out->drawn +
           (size_t)draw * (size_t)(tree->criterion_count + tree->dimension_count);
}

static size_t weights_at(const struct draws *draws, int pattern, int block)
{
    size_t at = (size_t)pattern * (size_t)draws->block_count + (size_t)block;

    return at * (size_t)draws->criterion_count * LANES_WIDE;
}

static float *shares_at(const struct draws *draws, int draw)
{
    return draws->shares + (size_t)draw * (size_t)draws->criterion_count;
}

static void draw_slice(void *context, int thread, int slice)
{
    const struct making *making = context;
    const struct weight_tree *tree = making->order.job->tree;
    struct draws *out = making->out;
    int end = (slice + 1) * SLICE_DRAWS;

    (void)thread;
    end = end < out->draw_count ? end : out->draw_count;
    for (int draw = slice * SLICE_DRAWS; draw < end; draw++) {
        double *criterion = drawn_at(making, draw);
        double *dimension = criterion + tree->criterion_count;
        making->order.ops->draw(making->order.job, making->order.first + draw, dimension,
                                criterion);
        score_weights(tree, SCORE_SUM, dimension, criterion, UINT64_MAX, shares_at(out, draw));
    }
}

/* Mean and standard deviation of each criterion's share. */
static void find_centre(struct draws *out)
{
    double squares[WEIGH_CRITERIA_MAX] = {0};

    memset(out->centre, 0, sizeof(out->centre));
    for (int draw = 0; draw < out->draw_count; draw++) {
        const float *shares = shares_at(out, draw);
        for (int k = 0; k < out->criterion_count; k++) {
            double share = (double)shares[k];
            out->centre[k] += share;
            squares[k] += share * share;
        }
    }
    for (int k = 0; k < out->criterion_count; k++) {
        double mean = out->centre[k] / out->draw_count;
        double variance = squares[k] / out->draw_count - mean * mean;
        out->centre[k] = mean;
        out->unit[k] = UNIT_MIN + (variance > 0 ? sqrt(variance) : 0.0);
    }
}

static double distance_of(const struct draws *out, int draw)
{
    const float *shares = shares_at(out, draw);
    double sum = 0;

    for (int k = 0; k < out->criterion_count; k++) {
        double away = ((double)shares[k] - out->centre[k]) / out->unit[k];
        sum += away * away;
    }
    return sqrt(sum);
}

static int by_distance(const void *left, const void *right)
{
    const struct far_draw *a = left;
    const struct far_draw *b = right;

    if (a->distance != b->distance) {
        return a->distance < b->distance ? -1 : 1;
    }
    return a->draw < b->draw ? -1 : 1;
}

static void put_in_order(struct draws *out)
{
    int last = out->draw_count - 1;

    for (int draw = 0; draw < out->draw_count; draw++) {
        out->order[draw] = (struct far_draw){distance_of(out, draw), draw};
    }
    qsort(out->order, (size_t)out->draw_count, sizeof(*out->order), by_distance);
    for (int at = 0; at < out->block_count * LANES_WIDE; at++) {
        const struct far_draw *far = &out->order[at < last ? at : last];
        out->draw[at] = far->draw;
        out->reach[at / LANES_WIDE] = (float)far->distance;
    }
}

/* One draw's weights for one pattern. */
static void find_weights(const struct making *making, int pattern, int draw, float *out)
{
    const struct weight_tree *tree = making->order.job->tree;
    uint64_t all = UINT64_MAX >> (WEIGH_CRITERIA_MAX - tree->criterion_count);
    const double *criterion = drawn_at(making, draw);

    if (making->order.job->method == SCORE_SUM && making->order.patterns->mask[pattern] == all) {
        memcpy(out, shares_at(making->out, draw), (size_t)tree->criterion_count * sizeof(*out));
        return;
    }
    score_weights(tree, making->order.job->method, criterion + tree->criterion_count, criterion,
                  making->order.patterns->mask[pattern], out);
}

/* Lay one block's weights side by side, for every pattern. */
static void lay_block(void *context, int thread, int block)
{
    const struct making *making = context;
    const struct draws *out = making->out;

    (void)thread;
    for (int pattern = 0; pattern < out->pattern_count; pattern++) {
        float *to = out->weights + weights_at(out, pattern, block);
        for (int lane = 0; lane < LANES_WIDE; lane++) {
            float weights[WEIGH_CRITERIA_MAX];
            find_weights(making, pattern, out->draw[block * LANES_WIDE + lane], weights);
            for (int k = 0; k < out->criterion_count; k++) {
                to[k * LANES_WIDE + lane] = weights[k];
            }
        }
    }
}

void draws_make(const struct draws_order *order, struct draws *out)
{
    struct making making = {*order, out};
    int slices = (order->count + SLICE_DRAWS - 1) / SLICE_DRAWS;

    out->draw_count = order->count;
    out->block_count = (order->count + LANES_WIDE - 1) / LANES_WIDE;
    parallel_each(order->job->threads, slices, draw_slice, &making);
    find_centre(out);
    put_in_order(out);
    parallel_each(order->job->threads, out->block_count, lay_block, &making);
}

const float *draws_weights(const struct draws *draws, int pattern, int block)
{
    return draws->weights + weights_at(draws, pattern, block);
}

uint32_t draws_valid(const struct draws *draws, int block)
{
    int left = draws->draw_count - block * LANES_WIDE;

    return left >= LANES_WIDE ? UINT32_MAX : ((uint32_t)1 << left) - 1;
}
