/* Newton steps on the smoothed dual, with damping. The curvature couples the rows of a block with
 * each other and with the shared rows only; so the local rows come first, block by block, and the
 * factor keeps within their envelope. */
#include "calc/solve/engine/smooth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calc/solve/engine/crew.h"

static const double SOFTNESS_LAST = 1e-5;
static const double SOFTNESS_STEP = 0.3;
static const double SHARE_NONE = 18; /* softnesses below the best: no share worth counting */
static const double DAMPING_FIRST = 1e-3;
static const double DAMPING_MAX = 1e6;
static const double SETTLED = 0.002;    /* of what the softness adds to the dual */
static const double PRECISION = 2e-8;   /* of a sum in single precision */
static const double MOVE_MAX = 8;       /* softnesses that a move may change a worth by */
static const double UNPRICED = 1e-4;    /* of the typical price, for rows without one */
static const double SHARE_LEAST = 1e-3; /* of an option that may be taken in rounding */
static const double TINY = 1e-12;
static const double HUGE_STIFFNESS = 1e12;
static const double STIFFNESS = 1e-3; /* of a row whose groups have all decided */
enum {
    STEPS_MAX = 40,
    OPEN_STEPS = 64,
    PARTS = 8,
    PART_GROUPS = 4096,
    PART_ENVELOPE_MAX = 1 << 20,
    PINNINGS_MAX = 4,
    ENVELOPE_MAX = 32 * 1024 * 1024
};

/* What one part of the undecided groups adds up to; the parts do not depend on the threads. */
struct part {
    double total;
    double *slope;   /* [rows] */
    double *curve;   /* envelope */
    double *worth;   /* of the options of one group, scratch */
    double *mean;    /* of the rows of one group */
    double *product; /* of its rows by rows */
};

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
    double *mean_use; /* [rows] how much a group may change its use */
    bool *pinned;     /* [rows] whose price is held at zero */
    int *open;        /* [groups] those that have not decided */
    double softness;
    int opens;     /* how many had not decided when last evaluated */
    double spread; /* mean spread of value in a group */
    struct part part[PARTS];
    int parts; /* in use */
    int threads;
    const double *price; /* being evaluated */
    atomic_int next;
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

/* Worth of the options of a group at the prices, beyond its first; the best is returned. */
static double worths(const struct smooth *s, const struct part *part, int group)
{
    const double *price = s->price;
    const struct model *m = s->model;
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *value = m->value + m->first[group];
    const int64_t *use = model_use(m, group, 0);
    int rows = model_rows(m, group);
    double top = 0;

    part->worth[0] = 0;
    for (int j = 1; j < model_options(m, group); j++) {
        double worth = (double)(value[j] - value[0]);
        for (int k = 0; k < rows; k++) {
            worth -= price[row[k]] * (double)(use[j * rows + k] - use[k]);
        }
        part->worth[j] = worth;
        top = fmax(top, worth);
    }
    return top;
}

/* Turn worths into shares of the choice; the soft maximum is returned. */
static double shares(const struct smooth *s, const struct part *part, int options, double top)
{
    double sum = 0;

    for (int j = 0; j < options; j++) {
        double below = (top - part->worth[j]) / s->softness;
        part->worth[j] = below < SHARE_NONE ? exp(-below) : 0;
        sum += part->worth[j];
    }
    for (int j = 0; j < options; j++) {
        part->worth[j] /= sum;
    }
    return top + s->softness * log(sum);
}

static void add_curve(const struct smooth *s, struct part *part, int row, int other, double amount)
{
    int i = s->place[row];
    int j = s->place[other];

    part->curve[i > j ? s->line[i] + j : s->line[j] + i] += amount;
}

/* A share of an option's use beyond the first, and of the products of its uses. */
static void add_share(struct part *part, double share, const int64_t *use, const int64_t *first,
                      int rows)
{
    for (int k = 0; k < rows; k++) {
        double amount = share * (double)(use[k] - first[k]);
        if (amount == 0) {
            continue;
        }
        part->mean[k] += amount;
        for (int l = 0; l <= k; l++) {
            part->product[k * rows + l] += amount * (double)(use[l] - first[l]);
        }
    }
}

/* The use of a group that has not decided, beyond its first option; and how it gives way to
 * prices, which is the covariance of its uses. */
static void add_soft(const struct smooth *s, struct part *part, int group)
{
    const struct model *m = s->model;
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *first = model_use(m, group, 0);
    int rows = model_rows(m, group);

    memset(part->mean, 0, (size_t)rows * sizeof(*part->mean));
    memset(part->product, 0, (size_t)rows * (size_t)rows * sizeof(*part->product));
    for (int j = 1; j < model_options(m, group); j++) {
        if (part->worth[j] > 0) {
            add_share(part, part->worth[j], model_use(m, group, j), first, rows);
        }
    }
    for (int k = 0; k < rows; k++) {
        part->slope[row[k]] -= part->mean[k];
        for (int l = 0; l <= k; l++) {
            double covariance = part->product[k * rows + l] - part->mean[k] * part->mean[l];
            add_curve(s, part, row[k], row[l], covariance / s->softness);
        }
    }
}

static void add_part(struct smooth *s, int index)
{
    struct part *part = &s->part[index];
    int begin = (int)((int64_t)s->opens * index / s->parts);
    int end = (int)((int64_t)s->opens * (index + 1) / s->parts);

    part->total = 0;
    memset(part->slope, 0, (size_t)s->model->rows * sizeof(double));
    memset(part->curve, 0, (size_t)s->size * sizeof(double));
    for (int i = begin; i < end; i++) {
        int g = s->open[i];
        double top = worths(s, part, g);
        part->total += shares(s, part, model_options(s->model, g), top);
        add_soft(s, part, g);
    }
}

static void work(void *cx, int worker)
{
    struct smooth *s = cx;

    (void)worker;
    for (int i = atomic_fetch_add(&s->next, 1); i < s->parts; i = atomic_fetch_add(&s->next, 1)) {
        add_part(s, i);
    }
}

/* The smoothed dual at the prices, its slope and curvature. Groups that have decided are left to
 * the packed evaluation. */
static double evaluate(struct smooth *s, const double *price)
{
    const struct model *m = s->model;
    const struct pack *pack = s->dual->pack;
    double total = 0;

    s->price = price;
    s->opens = pack_open(pack, price, SHARE_NONE * s->softness, s->dual->use, &total, s->open);
    s->parts = s->opens < PART_GROUPS || s->size > PART_ENVELOPE_MAX ? 1 : PARTS;
    atomic_store(&s->next, 0);
    crew_run(s->parts == 1 ? 1 : s->threads, work, s);
    for (int r = 0; r < m->rows; r++) {
        s->slope_tried[r] = (double)m->limit[r] - s->dual->use[r];
    }
    memset(s->curve_tried, 0, (size_t)s->size * sizeof(*s->curve_tried));
    for (int i = 0; i < s->parts; i++) {
        total += s->part[i].total;
        for (int r = 0; r < m->rows; r++) {
            s->slope_tried[r] += s->part[i].slope[r];
        }
        for (int64_t k = 0; k < s->size; k++) {
            s->curve_tried[k] += s->part[i].curve[k];
        }
    }
    s->dual->steps += 2 * pack->steps + (int64_t)s->opens * OPEN_STEPS;
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
    return (s->pinned[row] ? HUGE_STIFFNESS : 1e-9) * least_curve(s, row);
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

/* Hold the rows whose price would fall below zero there; false when there are none anew. */
static bool pin(struct smooth *s)
{
    bool more = false;

    for (int r = 0; r < s->model->rows; r++) {
        if (!s->pinned[r] && s->at[r] + s->move[s->place[r]] < 0) {
            s->pinned[r] = true;
            more = true;
        }
    }
    return more;
}

/* Try a step; returns what it should gain were the curve the whole truth. */
static double propose(struct smooth *s, double damping)
{
    double gain = 0;

    for (int r = 0; r < s->model->rows; r++) {
        s->pinned[r] = s->at[r] <= 0 && s->slope[r] > 0;
    }
    for (int i = 0; i < PINNINGS_MAX; i++) {
        factorise(s, damping);
        solve_factor(s);
        if (!pin(s)) {
            break;
        }
    }
    for (int r = 0; r < s->model->rows; r++) {
        double most = MOVE_MAX * s->softness / s->mean_use[r];
        double move = fmin(fmax(s->move[s->place[r]], -most), most);
        double to = s->pinned[r] ? 0 : fmax(0, s->at[r] + move);
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
        if (hope < SETTLED * s->softness * s->opens || hope < PRECISION * fabs(now)) {
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

static void part_init(struct smooth *s, int index, struct arena *arena)
{
    size_t rows = (size_t)2 * SOLVE_GROUP_ROWS_MAX;

    s->part[index] = (struct part){
        .slope = ARENA_NEW(arena, double, (size_t)s->model->rows),
        .curve = ARENA_NEW(arena, double, (size_t)s->size),
        .worth = ARENA_NEW(arena, double, SOLVE_GROUP_OPTIONS_MAX),
        .mean = ARENA_NEW(arena, double, rows),
        .product = ARENA_NEW(arena, double, rows *rows),
    };
}

static bool smooth_init(struct dual *dual, struct arena *arena, struct smooth *out)
{
    const struct model *m = dual->pack->model;
    size_t rows = (size_t)m->rows;

    *out = (struct smooth){
        .model = m,
        .dual = dual,
        .threads = dual->threads,
        .place = ARENA_NEW(arena, int, rows),
        .row = ARENA_NEW(arena, int, rows),
        .head = ARENA_NEW(arena, int, rows),
        .line = ARENA_NEW(arena, int64_t, rows),
        .slope = ARENA_NEW(arena, double, rows),
        .slope_tried = ARENA_NEW(arena, double, rows),
        .move = ARENA_NEW(arena, double, rows),
        .at = ARENA_NEW(arena, double, rows),
        .trial = ARENA_NEW(arena, double, rows),
        .mean_use = ARENA_NEW(arena, double, rows),
        .pinned = ARENA_NEW(arena, bool, rows),
        .open = ARENA_NEW(arena, int, (size_t)m->groups),
    };
    for (int i = 0; i < m->rows_first[m->groups]; i++) {
        out->mean_use[m->row_of[i]] += 1;
    }
    for (int r = 0; r < m->rows; r++) {
        out->mean_use[r] = (dual->scale[r] + 1) / (out->mean_use[r] + 1);
    }
    order_rows(out, arena);
    if (!shape_envelope(out)) {
        return false;
    }
    out->curve = ARENA_NEW(arena, double, (size_t)out->size);
    out->curve_tried = ARENA_NEW(arena, double, (size_t)out->size);
    out->factor = ARENA_NEW(arena, double, (size_t)out->size);
    for (int i = 0; i < (out->size > PART_ENVELOPE_MAX ? 1 : PARTS); i++) {
        part_init(out, i, arena);
    }
    memcpy(out->at, dual->price, rows * sizeof(double));
    return true;
}

/* What an option's use differs from the soft mean of its group, carried on: its size in worth. */
static double carried(const struct smooth *s, const double *missed, int group, int option)
{
    const struct model *m = s->model;
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *first = model_use(m, group, 0);
    const int64_t *use = model_use(m, group, option);
    double sum = 0;

    for (int k = 0; k < model_rows(m, group); k++) {
        double off = missed[row[k]] + (double)(use[k] - first[k]) - s->part[0].mean[k];
        double worth = off * (s->at[row[k]] + UNPRICED * s->dual->typical[row[k]]);
        sum += worth * worth;
    }
    return sum;
}

/* The soft shares of a group and its mean use beyond the first option, into the first part. */
static void soften(struct smooth *s, int group)
{
    const struct model *m = s->model;
    const struct part *part = &s->part[0];
    const int64_t *first = model_use(m, group, 0);
    int rows = model_rows(m, group);

    (void)shares(s, part, model_options(m, group), worths(s, part, group));
    memset(part->mean, 0, (size_t)rows * sizeof(*part->mean));
    for (int j = 1; j < model_options(m, group); j++) {
        for (int k = 0; k < rows; k++) {
            part->mean[k] += part->worth[j] * (double)(model_use(m, group, j)[k] - first[k]);
        }
    }
}

/* Of the options with a share, the one that leaves the least to carry on. */
static int rounded(const struct smooth *s, const double *missed, int group)
{
    const double *share = s->part[0].worth;
    double least = 0;
    int best = -1;

    for (int j = 0; j < model_options(s->model, group); j++) {
        double off = share[j] > SHARE_LEAST ? carried(s, missed, group, j) : 0;
        if (share[j] > SHARE_LEAST && (best < 0 || off < least)) {
            least = off;
            best = j;
        }
    }
    return best;
}

/* Groups that have not decided take whole options one after the other, so that what the rows miss
 * against the soft shares stays small. The others are left as they are in `pick`. */
static void round_open(struct smooth *s, struct arena *arena, int *pick)
{
    const struct model *m = s->model;
    double *missed = ARENA_NEW(arena, double, (size_t)m->rows);

    (void)evaluate(s, s->at);
    for (int i = 0; i < s->opens; i++) {
        int g = s->open[i];
        soften(s, g);
        pick[g] = rounded(s, missed, g);
        const int64_t *use = model_use(m, g, pick[g]);
        const int64_t *first = model_use(m, g, 0);
        for (int k = 0; k < model_rows(m, g); k++) {
            missed[m->row_of[m->rows_first[g] + k]] +=
                (double)(use[k] - first[k]) - s->part[0].mean[k];
        }
    }
}

void smooth_descend(struct dual *dual, double softness, struct arena *arena, int *pick)
{
    struct smooth s;
    double damping = DAMPING_FIRST;

    if (!smooth_init(dual, arena, &s)) {
        return;
    }
    s.spread = mean_spread(s.model);
    s.softness = softness * s.spread;
    while (true) {
        descend(&s, &damping);
        damping = fmin(damping, 1);
        dual_try(dual, s.at);
        if (s.softness * SOFTNESS_STEP <= SOFTNESS_LAST * s.spread) {
            break;
        }
        s.softness *= SOFTNESS_STEP;
    }
    round_open(&s, arena, pick);
}
