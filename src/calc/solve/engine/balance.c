/* Sweeps over the groups: each takes what is cheapest at prices bent by what the rows still miss,
 * ever more strongly (an augmented Lagrangian, minimised a group at a time). */
#include "calc/solve/engine/balance.h"

#include <math.h>
#include <string.h>

#include "calc/solve/engine/random.h"

enum { SWEEPS = 40, SWEEPS_EACH = 2, OPTION_STEPS = 4 };

static const double BEND_FIRST = 1e-3; /* of a price, where a row misses most */
static const double BEND_GROWTH = 2;
static const double UNPRICED = 1e-4; /* of the typical price, for rows without one */
static const double OVERRUN = 2;     /* of the price: what a broken row counts in the end */
static const double JITTER = 4;      /* from the least to the greatest weight of a seed */

struct balance {
    const struct near_frame *frame;
    struct choice *choice;
    double *weight; /* [rows] what a unit missed is worth */
    double stiffness;
};

static void weigh(struct balance *b, const struct dual *dual, uint64_t seed)
{
    for (int r = 0; r < b->frame->model->rows; r++) {
        double share = (double)(random_stream(seed, (uint64_t)r) >> 11) * 0x1p-53 - 0.5;
        b->weight[r] = fmax(b->frame->price[r], UNPRICED * dual->typical[r]);
        b->weight[r] *= seed == 0 ? 1 : pow(JITTER, share);
    }
}

/* What a row with so much left costs: priced ones want to be met, the others only kept. */
static double miss_of(const struct balance *b, int row, double left)
{
    double missed = left > 0 && b->frame->price[row] <= 0 ? 0 : left * b->weight[row];

    return missed * missed * b->stiffness;
}

static double cost_of(const struct balance *b, int group, int option)
{
    const struct model *m = b->frame->model;
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *from = model_use(m, group, b->choice->pick[group]);
    const int64_t *to = model_use(m, group, option);
    double cost = b->frame->loss[m->first[group] + option];

    for (int k = 0; k < model_rows(m, group); k++) {
        double left = (double)b->choice->left[row[k]];
        if (from[k] != to[k]) {
            cost += miss_of(b, row[k], left + (double)(from[k] - to[k])) - miss_of(b, row[k], left);
        }
    }
    return cost;
}

/* No change of the group can save more than its rows miss now. */
static double savings_max(const struct balance *b, int group)
{
    const struct model *m = b->frame->model;
    const int *row = m->row_of + m->rows_first[group];
    double sum = 0;

    for (int k = 0; k < model_rows(m, group); k++) {
        sum += miss_of(b, row[k], (double)b->choice->left[row[k]]);
    }
    return sum;
}

static void take_cheapest(struct balance *b, int group)
{
    const struct model *m = b->frame->model;
    const double *loss = b->frame->loss + m->first[group];
    double savings = savings_max(b, group);
    int pick = b->choice->pick[group];
    double least = loss[pick];

    for (int j = 0; j < model_options(m, group); j++) {
        double cost = loss[j] - savings < least ? cost_of(b, group, j) : least;
        if (cost < least) {
            least = cost;
            pick = j;
        }
    }
    if (pick != b->choice->pick[group]) {
        choice_move(m, b->choice, group, pick);
    }
}

static void sweep(struct balance *b)
{
    for (int g = 0; g < b->frame->model->groups; g++) {
        take_cheapest(b, g);
    }
}

/* Losses, priced leftovers and, dearer, overruns: what is to be small. */
static double worth_of(const struct balance *b)
{
    const struct model *m = b->frame->model;
    double sum = 0;

    for (int g = 0; g < m->groups; g++) {
        sum += b->frame->loss[m->first[g] + b->choice->pick[g]];
    }
    for (int r = 0; r < m->rows; r++) {
        double left = (double)b->choice->left[r];
        sum += left > 0 ? b->frame->price[r] * left : -OVERRUN * b->weight[r] * left;
    }
    return sum;
}

/* So stiff that the row that misses most bends its price by BEND_FIRST. */
static double first_stiffness(const struct balance *b)
{
    double most = 1;

    for (int r = 0; r < b->frame->model->rows; r++) {
        most = fmax(most, fabs((double)b->choice->left[r]) * b->weight[r]);
    }
    return BEND_FIRST / most;
}

int64_t balance_choice(const struct dual *dual, const struct near_frame *frame, uint64_t seed,
                       struct arena *arena, struct choice *choice)
{
    const struct model *m = frame->model;
    size_t picks = (size_t)m->groups * sizeof(int);
    struct arena_mark mark = arena_mark(arena);
    struct balance b = {frame, choice, ARENA_NEW(arena, double, (size_t)m->rows), 0};
    int *kept = ARENA_NEW(arena, int, (size_t)m->groups);

    weigh(&b, dual, seed);
    double least = worth_of(&b);
    b.stiffness = first_stiffness(&b);
    memcpy(kept, choice->pick, picks);
    for (int i = 1; i <= SWEEPS; i++) {
        sweep(&b);
        double worth = worth_of(&b);
        if (worth < least) {
            least = worth;
            memcpy(kept, choice->pick, picks);
        }
        b.stiffness *= i % SWEEPS_EACH == 0 ? BEND_GROWTH : 1;
    }
    (void)choice_take(m, choice, kept);
    arena_rewind(arena, mark);
    return (int64_t)SWEEPS * OPTION_STEPS * m->options;
}
