/* Newton steps on the smoothed dual, with damping. The curvature couples the rows of a block with
 * each other and with the shared rows only; so the local rows come first, block by block, and the
 * factor keeps within their envelope. */
#include "calc/solve/engine/smooth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SOFTNESS_FIRST = 0.5; /* of the mean spread of value in a group */
static const double SOFTNESS_LAST = 1e-5;
static const double SOFTNESS_STEP = 0.3;
static const double SHARE_NONE = 18; /* softnesses below the best: no share worth counting */
static const double DAMPING_FIRST = 1e-3;
static const double DAMPING_MAX = 1e6;
static const double TINY = 1e-12;
static const double HUGE_STIFFNESS = 1e12;
static const double STIFFNESS = 1e-3; /* of a row whose groups have all decided */
enum { STEPS_MAX = 40, ENVELOPE_MAX = 32 * 1024 * 1024 };

struct smooth {
    const struct model *model;
    struct dual *dual;
    int *place;    /* [rows] line of a row in the factor */
    int *row;      /* [rows] the inverse */
    int *head;     /* [rows] first column of a line */
    int64_t *line; /* [rows] where column 0 of a line would be */
    int64_t size;
    double *curve; /* envelope, lower half */
    double *factor;
    double *slope; /* [rows] of the dual, by row */
    double *curve_tried;
    double *slope_tried;
    double *move; /* [rows] by line */
    double *at;   /* [rows] prices in hand */
    double *trial;
    double *worth; /* of the options of one group, scratch */
    double *mean;  /* of the rows of one group */
    double softness;
};

static int by_block(const void *a, const void *b)
{
    const int *x = a;
    const int *y = b;

    if (x[0] != y[0]) {
        return x[0] < y[0] ? -1 : 1;
    }
    return x[1] < y[1] ? -1 : x[1] > y[1];
}

/* Local rows by block, then the shared ones. */
static void order_rows(struct smooth *s, struct arena *arena)
{
    const struct model *m = s->model;
    int(*pair)[2] = arena_take_many(arena, (size_t)m->rows, sizeof(*pair));

    for (int r = 0; r < m->rows; r++) {
        pair[r][0] = m->row_block[r] == MODEL_SHARED ? INT32_MAX : m->row_block[r];
        pair[r][1] = r;
    }
    qsort(pair, (size_t)m->rows, sizeof(*pair), by_block);
    for (int i = 0; i < m->rows; i++) {
        s->row[i] = pair[i][1];
        s->place[s->row[i]] = i;
    }
}

static bool shape_envelope(struct smooth *s)
{
    const struct model *m = s->model;
    int begin = 0;

    for (int i = 0; i < m->rows && s->size <= ENVELOPE_MAX; i++) {
        int block = m->row_block[s->row[i]];
        if (i > 0 && block != m->row_block[s->row[i - 1]]) {
            begin = i;
        }
        s->head[i] = block == MODEL_SHARED ? 0 : begin;
        s->line[i] = s->size - s->head[i];
        s->size += i - s->head[i] + 1;
    }
    return s->size <= ENVELOPE_MAX;
}

/* Worth of the options of a group at the prices; the best of them is returned. */
static double worths(const struct smooth *s, int group, const double *price)
{
    const struct model *m = s->model;
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *use = model_use(m, group, 0);
    int rows = model_rows(m, group);
    double top = -INFINITY;

    for (int j = 0; j < model_options(m, group); j++, use += rows) {
        double worth = (double)m->value[m->first[group] + j];
        for (int k = 0; k < rows; k++) {
            worth -= price[row[k]] * (double)use[k];
        }
        s->worth[j] = worth;
        top = fmax(top, worth);
    }
    return top;
}

/* Turn worths into shares of the choice; the soft maximum is returned. `out_single` is the option
 * that has it all, or -1. */
static double shares(const struct smooth *s, int options, double top, int *out_single)
{
    double sum = 0;
    int count = 0;

    for (int j = 0; j < options; j++) {
        double below = (top - s->worth[j]) / s->softness;
        s->worth[j] = below < SHARE_NONE ? exp(-below) : 0;
        sum += s->worth[j];
        count += s->worth[j] > 0;
        *out_single = s->worth[j] > 0 ? j : *out_single;
    }
    for (int j = 0; j < options; j++) {
        s->worth[j] /= sum;
    }
    *out_single = count == 1 ? *out_single : -1;
    return top + s->softness * log(sum);
}

static void add_curve(struct smooth *s, int row, int other, double amount)
{
    int i = s->place[row];
    int j = s->place[other];

    s->curve_tried[i > j ? s->line[i] + j : s->line[j] + i] += amount;
}

/* The use of a group that has not decided, and how it gives way to prices. */
static void add_soft(struct smooth *s, int group)
{
    const struct model *m = s->model;
    const int *row = m->row_of + m->rows_first[group];
    int rows = model_rows(m, group);
    int options = model_options(m, group);

    memset(s->mean, 0, (size_t)rows * sizeof(*s->mean));
    for (int j = 0; j < options; j++) {
        const int64_t *use = model_use(m, group, j);
        for (int k = 0; k < rows && s->worth[j] > 0; k++) {
            s->mean[k] += s->worth[j] * (double)use[k];
        }
    }
    for (int k = 0; k < rows; k++) {
        s->slope_tried[row[k]] -= s->mean[k];
    }
    for (int j = 0; j < options; j++) {
        const int64_t *use = model_use(m, group, j);
        double weight = s->worth[j] / s->softness;
        for (int k = 0; k < rows && weight > 0; k++) {
            double away = weight * ((double)use[k] - s->mean[k]);
            for (int l = 0; l <= k; l++) {
                add_curve(s, row[k], row[l], away * ((double)use[l] - s->mean[l]));
            }
        }
    }
}

/* The smoothed dual at the prices, its slope and curvature. */
static double evaluate(struct smooth *s, const double *price)
{
    const struct model *m = s->model;
    double total = 0;

    memset(s->curve_tried, 0, (size_t)s->size * sizeof(*s->curve_tried));
    for (int r = 0; r < m->rows; r++) {
        s->slope_tried[r] = (double)m->limit[r];
        total += price[r] * (double)m->limit[r];
    }
    for (int g = 0; g < m->groups; g++) {
        int single = -1;
        double top = worths(s, g, price);
        total += shares(s, model_options(m, g), top, &single);
        if (single < 0) {
            add_soft(s, g);
            continue;
        }
        const int *row = m->row_of + m->rows_first[g];
        const int64_t *use = model_use(m, g, single);
        for (int k = 0; k < model_rows(m, g); k++) {
            s->slope_tried[row[k]] -= (double)use[k];
        }
    }
    s->dual->steps += m->options;
    return total;
}

/* What two lines of the factor share to the left of column j. */
static double overlap(const struct smooth *s, int i, int j)
{
    const double *a = s->factor + s->line[i];
    const double *b = s->factor + s->line[j];
    double sum = 0;

    for (int k = s->head[i] > s->head[j] ? s->head[i] : s->head[j]; k < j; k++) {
        sum += a[k] * b[k];
    }
    return sum;
}

static double least_curve(const struct smooth *s, int row)
{
    return STIFFNESS * (s->dual->scale[row] + 1) / (s->at[row] + s->dual->typical[row]);
}

static double stay_curve(const struct smooth *s, int row)
{
    bool stays = s->at[row] <= 0 && s->slope[row] > 0;

    return (stays ? HUGE_STIFFNESS : 1e-9) * least_curve(s, row);
}

/* curve + damping → factor; rows that must stay at zero are taken out by a huge stiffness. */
static void factorise(struct smooth *s, double damping)
{
    for (int i = 0; i < s->model->rows; i++) {
        const double *from = s->curve + s->line[i];
        double *to = s->factor + s->line[i];
        for (int j = s->head[i]; j < i; j++) {
            to[j] = (from[j] - overlap(s, i, j)) / s->factor[s->line[j] + j];
        }
        double least = least_curve(s, s->row[i]);
        double own = from[i] + damping * (from[i] + least) + stay_curve(s, s->row[i]);
        to[i] = sqrt(fmax(own - overlap(s, i, i), TINY * least));
    }
}

/* move = -(factor factorᵀ)⁻¹ slope. */
static void solve_factor(struct smooth *s)
{
    const struct model *m = s->model;

    for (int i = 0; i < m->rows; i++) {
        const double *line = s->factor + s->line[i];
        double sum = -s->slope[s->row[i]];
        for (int k = s->head[i]; k < i; k++) {
            sum -= line[k] * s->move[k];
        }
        s->move[i] = sum / line[i];
    }
    for (int i = m->rows - 1; i >= 0; i--) {
        const double *line = s->factor + s->line[i];
        s->move[i] /= line[i];
        for (int k = s->head[i]; k < i; k++) {
            s->move[k] -= line[k] * s->move[i];
        }
    }
}

/* The point tried last becomes the point in hand. */
static void accept(struct smooth *s)
{
    double *curve = s->curve;
    double *slope = s->slope;

    s->curve = s->curve_tried;
    s->slope = s->slope_tried;
    s->curve_tried = curve;
    s->slope_tried = slope;
    memcpy(s->at, s->trial, (size_t)s->model->rows * sizeof(double));
}

/* Try a step; returns what it should gain were the curve the whole truth. */
static double propose(struct smooth *s, double damping)
{
    double gain = 0;

    factorise(s, damping);
    solve_factor(s);
    for (int r = 0; r < s->model->rows; r++) {
        double to = fmax(0, s->at[r] + s->move[s->place[r]]);
        gain -= 0.5 * s->slope[r] * (to - s->at[r]);
        s->trial[r] = to;
    }
    return gain;
}

/* Newton steps at one softness, until what is left to gain is small beside the softness itself.
 * The damping is carried from one softness to the next. */
static void descend(struct smooth *s, double *damping)
{
    memcpy(s->trial, s->at, (size_t)s->model->rows * sizeof(double));
    double now = evaluate(s, s->trial);
    accept(s);
    for (int step = 0; step < STEPS_MAX && *damping < DAMPING_MAX; step++) {
        double hope = propose(s, *damping);
        double next = evaluate(s, s->trial);
        double gain = now - next;
        if (gain > 0) {
            accept(s);
            now = next;
        }
        if (gain < 0.25 * hope) {
            *damping = fmax(*damping, 1e-6) * 6;
        } else if (gain > 0.7 * hope) {
            *damping = fmax(*damping / 6, 1e-9);
        }
        if (gain > 0 && hope < s->softness * 0.5) {
            return;
        }
    }
}

static double mean_spread(const struct model *m)
{
    double sum = 0;

    for (int g = 0; g < m->groups; g++) {
        int64_t low = m->value[m->first[g]];
        int64_t high = low;
        for (int o = m->first[g]; o < m->first[g + 1]; o++) {
            low = m->value[o] < low ? m->value[o] : low;
            high = m->value[o] > high ? m->value[o] : high;
        }
        sum += (double)(high - low);
    }
    return sum / (m->groups + 1);
}

static bool smooth_init(struct dual *dual, struct arena *arena, struct smooth *out)
{
    const struct model *m = dual->pack->model;
    size_t rows = (size_t)m->rows;

    *out = (struct smooth){
        .model = m,
        .dual = dual,
        .place = ARENA_NEW(arena, int, rows),
        .row = ARENA_NEW(arena, int, rows),
        .head = ARENA_NEW(arena, int, rows),
        .line = ARENA_NEW(arena, int64_t, rows),
        .slope = ARENA_NEW(arena, double, rows),
        .slope_tried = ARENA_NEW(arena, double, rows),
        .move = ARENA_NEW(arena, double, rows),
        .at = ARENA_NEW(arena, double, rows),
        .trial = ARENA_NEW(arena, double, rows),
        .worth = ARENA_NEW(arena, double, SOLVE_GROUP_OPTIONS_MAX),
        .mean = ARENA_NEW(arena, double, (size_t)2 * SOLVE_GROUP_ROWS_MAX),
    };
    order_rows(out, arena);
    if (!shape_envelope(out)) {
        return false;
    }
    out->curve = ARENA_NEW(arena, double, (size_t)out->size);
    out->curve_tried = ARENA_NEW(arena, double, (size_t)out->size);
    out->factor = ARENA_NEW(arena, double, (size_t)out->size);
    memcpy(out->at, dual->price, rows * sizeof(double));
    return true;
}

void smooth_descend(struct dual *dual, struct arena *arena)
{
    struct smooth s;
    double damping = DAMPING_FIRST;

    if (!smooth_init(dual, arena, &s)) {
        return;
    }
    double spread = mean_spread(s.model);
    for (s.softness = SOFTNESS_FIRST * spread; s.softness > SOFTNESS_LAST * spread;) {
        descend(&s, &damping);
        damping = fmin(damping, 1);
        dual_try(dual, s.at);
        s.softness *= SOFTNESS_STEP;
    }
}
