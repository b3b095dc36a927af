/* Finding prices: first one step a price, by the sign of what is left over; then along deflected
 * subgradients with a target level (Polyak; the level rule is our own, README.md). */
#include "calc/solve/engine/dual.h"

#include <math.h>
#include <string.h>

#include "calc/solve/solve.h"

static const double PRICE_MIN = 1e-9;
static const double PRICE_FIRST = 0.5; /* of the typical one */
static const double STEP_FIRST = 0.3;
static const double STEP_UP = 1.2;
static const double STEP_DOWN = 0.5;
static const double LEVEL_LAST = 1e-9;
static const double DEFLECTION = 0.5;
static const double PRICE_MAX = 1e12; /* beyond it no sum of ours is exact */
enum { STALL_EVALUATIONS = 15 };

/* What a unit of a row is worth on average, were it the only row of its groups. */
static void typical_prices(struct dual *dual)
{
    const struct model *m = dual->pack->model;
    double worth = 0;
    double rows = 0;

    for (int g = 0; g < m->groups; g++) {
        int64_t low = INT64_MAX;
        int64_t high = INT64_MIN;
        for (int o = m->first[g]; o < m->first[g + 1]; o++) {
            low = m->value[o] < low ? m->value[o] : low;
            high = m->value[o] > high ? m->value[o] : high;
        }
        worth += (double)(high - low);
        rows += model_rows(m, g);
    }
    double rows_mean = fmax(rows / (m->groups + 1), 1);
    for (int r = 0; r < m->rows; r++) {
        double share = fmax(dual->scale[r], 1);
        dual->typical[r] = fmin(worth / (share * rows_mean), PRICE_MAX) + PRICE_MIN;
    }
}

void dual_init(const struct pack *pack, struct arena *arena, struct dual *out)
{
    const struct model *m = pack->model;
    size_t rows = (size_t)m->rows;

    *out = (struct dual){
        .pack = pack,
        .threads = 1,
        .bound = (double)INFINITY,
        .price = ARENA_NEW(arena, double, rows),
        .at = ARENA_NEW(arena, double, rows),
        .use = ARENA_NEW(arena, double, rows),
        .step = ARENA_NEW(arena, double, rows),
        .slope = ARENA_NEW(arena, double, rows),
        .scale = ARENA_NEW(arena, double, rows),
        .typical = ARENA_NEW(arena, double, rows),
    };
    for (int g = 0; g < m->groups; g++) {
        const int *row = m->row_of + m->rows_first[g];
        for (int k = 0; k < model_rows(m, g); k++) {
            int64_t low = INT64_MAX;
            int64_t high = INT64_MIN;
            for (int j = 0; j < model_options(m, g); j++) {
                int64_t use = model_use(m, g, j)[k];
                low = use < low ? use : low;
                high = use > high ? use : high;
            }
            out->scale[row[k]] += (double)(high - low);
        }
    }
    typical_prices(out);
}

static double evaluate(struct dual *dual)
{
    size_t bytes = (size_t)dual->pack->model->rows * sizeof(double);
    double bound = pack_eval(dual->pack, dual->at, dual->use);

    dual->steps += dual->pack->steps;
    if (bound < dual->bound) {
        dual->bound = bound;
        memcpy(dual->price, dual->at, bytes);
    }
    return bound;
}

static double clip(double price)
{
    return fmin(fmax(price, 0), PRICE_MAX);
}

/* A step towards what relieves the row; longer while its sign holds, shorter when it turns. */
static void step_by_sign(struct dual *dual, int r)
{
    double slope = dual->use[r] - (double)dual->pack->model->limit[r];
    double turn = slope * dual->slope[r];

    if (turn > 0) {
        dual->step[r] *= STEP_UP;
    } else if (turn < 0) {
        dual->step[r] *= STEP_DOWN;
    }
    if (slope != 0) {
        dual->at[r] = clip(dual->at[r] + copysign(dual->step[r], slope));
    }
    dual->slope[r] = slope;
}

void dual_from_signs(struct dual *dual, int evaluations)
{
    const struct model *m = dual->pack->model;

    for (int r = 0; r < m->rows; r++) {
        dual->at[r] = PRICE_FIRST * dual->typical[r];
        dual->step[r] = STEP_FIRST * dual->at[r];
        dual->slope[r] = 0;
    }
    for (int i = 0; i < evaluations; i++) {
        (void)evaluate(dual);
        for (int r = 0; r < m->rows; r++) {
            step_by_sign(dual, r);
        }
    }
}

/* One step from `at`, where the dual is `bound`, towards `level` below the best. */
static void descend_once(struct dual *dual, double bound, double level)
{
    const struct model *m = dual->pack->model;
    double norm = 1e-30;

    for (int r = 0; r < m->rows; r++) {
        double slope = dual->use[r] - (double)m->limit[r];
        if (dual->at[r] <= 0 && slope < 0) {
            slope = 0;
        }
        dual->slope[r] = DEFLECTION * dual->slope[r] + (1 - DEFLECTION) * slope;
        norm += dual->slope[r] * dual->slope[r] / (dual->scale[r] + 1);
    }
    double length = (bound - dual->bound + level) / norm;
    for (int r = 0; r < m->rows; r++) {
        dual->at[r] = clip(dual->at[r] + length * dual->slope[r] / (dual->scale[r] + 1));
    }
}

static void restart(struct dual *dual)
{
    size_t bytes = (size_t)dual->pack->model->rows * sizeof(double);

    memcpy(dual->at, dual->price, bytes);
    memset(dual->slope, 0, bytes);
}

void dual_descend(struct dual *dual, int evaluations, double level)
{
    int stalled = 0;

    dual->bound = (double)INFINITY;
    restart(dual);
    double bound = evaluate(dual);
    double mark = dual->bound;
    double unit = fabs(mark) + 1;
    level *= unit;
    for (int i = 1; i < evaluations && level > LEVEL_LAST * unit; i++) {
        descend_once(dual, bound, level);
        bound = evaluate(dual);
        if (dual->bound < mark - 0.5 * level) {
            mark = dual->bound;
            level *= 2;
            stalled = 0;
        } else if (++stalled > STALL_EVALUATIONS) {
            mark = dual->bound;
            level *= 0.5;
            stalled = 0;
            restart(dual);
            bound = evaluate(dual);
            i++;
        }
    }
}

void dual_try(struct dual *dual, const double *price)
{
    memcpy(dual->at, price, (size_t)dual->pack->model->rows * sizeof(double));
    (void)evaluate(dual);
}

void dual_round(const struct dual *dual, int64_t *prices)
{
    for (int r = 0; r < dual->pack->model->rows; r++) {
        prices[r] = llrint(dual->price[r] * (1 << SOLVE_PRICE_BITS));
    }
}
