/* First choices: by raising prices, by mending, by filling up. */
#include "calc/solve/engine/first.h"

#include <math.h>
#include <string.h>

#include "calc/solve/engine/shortlist.h"

enum {
    RAISES_MAX = 300,
    RAISES_PATIENCE = 30,
    MEND_PASSES = 30,
    FILL_PASSES = 4,
    CHANGES_MAX = 1 << 14
};

static const double RAISE_FIRST = 1e-3;
static const double RAISE_GROWTH = 1.5;
static const double RAISE_BASE = 1e-4; /* of the typical price, for rows that had none */

int64_t first_choice(const struct dual *dual, const struct near_frame *frame, struct arena *arena,
                     struct choice *choice)
{
    const struct model *m = frame->model;
    double *price = ARENA_NEW(arena, double, (size_t)m->rows);
    double *use = ARENA_NEW(arena, double, (size_t)m->rows);
    int *pick = ARENA_NEW(arena, int, (size_t)m->groups);
    double raise = RAISE_FIRST;
    int64_t steps = 0;

    memcpy(price, frame->price, (size_t)m->rows * sizeof(*price));
    memcpy(pick, frame->best, (size_t)m->groups * sizeof(*pick));
    for (int i = 0; i < RAISES_MAX && !choice_take(m, choice, pick); i++) {
        for (int r = 0; r < m->rows; r++) {
            if (choice->left[r] < 0) {
                price[r] = price[r] * (1 + raise) + RAISE_BASE * dual->typical[r];
            }
        }
        raise *= i % RAISES_PATIENCE == RAISES_PATIENCE - 1 ? RAISE_GROWTH : 1;
        (void)pack_pick(dual->pack, price, use, pick);
        steps += dual->pack->steps * 3;
    }
    return steps + (choice->any ? 0 : first_mend(frame, dual->scale, arena, choice));
}

/* How much less the rows are overrun after the move, in shares of what the rows could use. */
static double relief_of(const struct model *m, const struct choice *choice, const double *scale,
                        int group, int option)
{
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *from = model_use(m, group, choice->pick[group]);
    const int64_t *to = model_use(m, group, option);
    double relief = 0;

    for (int k = 0; k < model_rows(m, group); k++) {
        int64_t before = choice->left[row[k]];
        int64_t after = before + from[k] - to[k];
        int64_t over = (before < 0 ? -before : 0) - (after < 0 ? -after : 0);
        relief += (double)over / (scale[row[k]] + 1);
    }
    return relief;
}

static bool touches_broken(const struct model *m, const struct choice *choice, int group)
{
    for (int i = m->rows_first[group]; i < m->rows_first[group + 1]; i++) {
        if (choice->left[m->row_of[i]] < 0) {
            return true;
        }
    }
    return false;
}

/* Moves that relieve broken rows, those that lose least for it first. */
static void list_mending(const struct near_frame *f, const struct choice *choice,
                         const double *scale, struct shortlist *list)
{
    const struct model *m = f->model;

    list->count = 0;
    for (int g = 0; g < m->groups; g++) {
        double loss_now = f->loss[m->first[g] + choice->pick[g]];
        for (int j = 0; j < model_options(m, g) && touches_broken(m, choice, g); j++) {
            double relief = relief_of(m, choice, scale, g, j);
            double loss = f->loss[m->first[g] + j] - loss_now;
            if (relief > 0) {
                double key = loss > 0 ? loss / relief : loss * relief;
                shortlist_offer(list, (struct change){.group = g, .option = j, .key = key});
            }
        }
    }
    shortlist_sort(list);
}

int64_t first_mend(const struct near_frame *f, const double *scale, struct arena *arena,
                   struct choice *choice)
{
    const struct model *m = f->model;
    struct arena_mark mark = arena_mark(arena);
    struct shortlist list = shortlist_room(arena, CHANGES_MAX);
    int64_t steps = 0;
    int made = 1;

    for (int pass = 0; pass < MEND_PASSES && made > 0 && !choice_fits(m, choice); pass++) {
        list_mending(f, choice, scale, &list);
        made = 0;
        for (int i = 0; i < list.count; i++) {
            const struct change *move = &list.change[i];
            if (relief_of(m, choice, scale, move->group, move->option) > 0) {
                choice_move(m, choice, move->group, move->option);
                made++;
            }
        }
        steps += m->options;
    }
    arena_rewind(arena, mark);
    choice->any = choice_fits(m, choice);
    return steps;
}

static bool fits(const struct model *m, const struct choice *choice, int group, int option)
{
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *from = model_use(m, group, choice->pick[group]);
    const int64_t *to = model_use(m, group, option);

    for (int k = 0; k < model_rows(m, group); k++) {
        if (choice->left[row[k]] + from[k] - to[k] < 0 && to[k] > from[k]) {
            return false;
        }
    }
    return true;
}

/* Options worth more than the one taken that fit, those that lose least at the prices first. */
static void list_filling(const struct near_frame *f, const struct choice *choice,
                         struct shortlist *list)
{
    const struct model *m = f->model;

    list->count = 0;
    for (int g = 0; g < m->groups; g++) {
        int now = m->first[g] + choice->pick[g];
        for (int j = 0; j < model_options(m, g); j++) {
            int o = m->first[g] + j;
            if (m->value[o] > m->value[now] && fits(m, choice, g, j)) {
                double gain = (double)(m->value[o] - m->value[now]);
                double key = (f->loss[o] - f->loss[now]) / gain;
                shortlist_offer(list, (struct change){.group = g, .option = j, .key = key});
            }
        }
    }
    shortlist_sort(list);
}

int64_t first_fill(const struct near_frame *f, struct arena *arena, struct choice *choice)
{
    const struct model *m = f->model;
    struct arena_mark mark = arena_mark(arena);
    struct shortlist list = shortlist_room(arena, CHANGES_MAX);
    int64_t steps = 0;
    int made = 1;

    for (int pass = 0; pass < FILL_PASSES && made > 0; pass++) {
        list_filling(f, choice, &list);
        made = 0;
        for (int i = 0; i < list.count; i++) {
            const struct change *move = &list.change[i];
            const int64_t *value = m->value + m->first[move->group];
            if (value[move->option] > value[choice->pick[move->group]] &&
                fits(m, choice, move->group, move->option)) {
                choice_move(m, choice, move->group, move->option);
                made++;
            }
        }
        steps += m->options;
    }
    arena_rewind(arena, mark);
    return steps;
}
