/* Pairs of changes: one that gives way, one that uses the room it leaves. */
#include "calc/solve/engine/exchange.h"

#include <stdlib.h>

enum { CHANGES_MAX = 2000, PASSES_MAX = 50 };

/* A group takes another option. */
struct change {
    int group;
    int option;
    double loss;  /* more than now, at the prices */
    int64_t gain; /* of value */
};

struct exchange {
    const struct near_frame *frame;
    struct choice *choice;
    struct change *change;
    int changes;
    bool *moved; /* [groups] in this pass: its changes are stale */
    int64_t steps;
};

static int in_order(const struct change *x, const struct change *y)
{
    return x->group != y->group ? x->group - y->group : x->option - y->option;
}

static int by_loss(const void *a, const void *b)
{
    const struct change *x = a;
    const struct change *y = b;

    return x->loss != y->loss ? (x->loss < y->loss ? -1 : 1) : in_order(x, y);
}

static int by_gain(const void *a, const void *b)
{
    const struct change *x = a;
    const struct change *y = b;

    return x->gain != y->gain ? (x->gain > y->gain ? -1 : 1) : in_order(x, y);
}

/* The cheapest changes, those that gain most first. */
static void list_changes(struct exchange *e)
{
    const struct model *m = e->frame->model;

    e->changes = 0;
    for (int g = 0; g < m->groups; g++) {
        int now = m->first[g] + e->choice->pick[g];
        for (int o = m->first[g]; o < m->first[g + 1]; o++) {
            if (o != now) {
                e->change[e->changes++] =
                    (struct change){g, o - m->first[g], e->frame->loss[o] - e->frame->loss[now],
                                    m->value[o] - m->value[now]};
            }
        }
        e->moved[g] = false;
    }
    qsort(e->change, (size_t)e->changes, sizeof(*e->change), by_loss);
    e->changes = e->changes < CHANGES_MAX ? e->changes : CHANGES_MAX;
    qsort(e->change, (size_t)e->changes, sizeof(*e->change), by_gain);
    e->steps += m->options;
}

static int broken_rows(const struct exchange *e, int group)
{
    const struct model *m = e->frame->model;
    int broken = 0;

    for (int i = m->rows_first[group]; i < m->rows_first[group + 1]; i++) {
        broken += e->choice->left[m->row_of[i]] < 0;
    }
    return broken;
}

/* Do all rows hold after the change, the broken ones among them? */
static bool mends(const struct exchange *e, const struct change *change, int broken)
{
    const struct model *m = e->frame->model;
    const int *row = m->row_of + m->rows_first[change->group];
    const int64_t *from = model_use(m, change->group, e->choice->pick[change->group]);
    const int64_t *to = model_use(m, change->group, change->option);

    for (int k = 0; k < model_rows(m, change->group); k++) {
        int64_t left = e->choice->left[row[k]];
        if (left + from[k] - to[k] < 0) {
            return false;
        }
        broken -= left < 0;
    }
    return broken == 0;
}

/* With this change made, find the one that goes with it. */
static const struct change *partner_of(struct exchange *e, const struct change *first, int broken)
{
    for (int j = 0; j < e->changes && e->change[j].gain > -first->gain; j++) {
        const struct change *other = &e->change[j];
        e->steps++;
        if (!e->moved[other->group] && other->group != first->group && mends(e, other, broken)) {
            return other;
        }
    }
    return NULL;
}

static bool try_change(struct exchange *e, const struct change *first)
{
    const struct model *m = e->frame->model;
    int before = e->choice->pick[first->group];

    choice_move(m, e->choice, first->group, first->option);
    const struct change *other = partner_of(e, first, broken_rows(e, first->group));
    if (other == NULL) {
        choice_move(m, e->choice, first->group, before);
        return false;
    }
    choice_move(m, e->choice, other->group, other->option);
    e->moved[first->group] = e->moved[other->group] = true;
    return true;
}

/* Those that give most come first, so that what they free is used best. */
static bool pass(struct exchange *e)
{
    bool any = false;

    list_changes(e);
    for (int i = e->changes - 1; i >= 0; i--) {
        any = (!e->moved[e->change[i].group] && try_change(e, &e->change[i])) || any;
    }
    return any;
}

int64_t exchange_pairs(const struct near_frame *frame, struct arena *arena, struct choice *choice)
{
    const struct model *m = frame->model;
    struct arena_mark mark = arena_mark(arena);
    struct exchange e = {
        .frame = frame,
        .choice = choice,
        .change = ARENA_NEW(arena, struct change, (size_t)m->options),
        .moved = ARENA_NEW(arena, bool, (size_t)m->groups),
    };

    for (int i = 0; i < PASSES_MAX && pass(&e); i++) {
    }
    arena_rewind(arena, mark);
    return e.steps;
}
