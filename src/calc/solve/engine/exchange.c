/* Pairs of changes: one that gives way, one that uses the room it leaves. */
#include "calc/solve/engine/exchange.h"

#include "calc/solve/engine/shortlist.h"

enum { CHANGES_MAX = 2000, PASSES_MAX = 50, GROUP_STEPS = 2, PASS_SHARE = 20 };
static const double NEARLY = 4; /* times what the dearest change of the list loses */

struct exchange {
    const struct near_frame *frame;
    struct choice *choice;
    struct shortlist list;
    int *group; /* those with a cheap change, [groups] */
    int groups;
    bool *moved; /* [groups] in this pass: its changes are stale */
    int64_t steps;
};

/* What a change loses beside the option taken now. */
static double dearer(const struct exchange *e, int group, int option)
{
    const double *loss = e->frame->loss + e->frame->model->first[group];

    return loss[option] - loss[e->choice->pick[group]];
}

static void list_changes_of(struct exchange *e, int group)
{
    const struct model *m = e->frame->model;
    const int64_t *value = m->value + m->first[group];
    int now = e->choice->pick[group];

    for (int j = 0; j < model_options(m, group); j++) {
        double key = dearer(e, group, j);
        if (j != now && key <= shortlist_key_max(&e->list)) {
            shortlist_offer(&e->list, (struct change){group, j, key, value[j] - value[now]});
        }
    }
}

/* The cheapest changes, those that gain most first. */
static void list_changes(struct exchange *e)
{
    e->list.count = 0;
    for (int i = 0; i < e->groups; i++) {
        list_changes_of(e, e->group[i]);
        e->moved[e->group[i]] = false;
    }
    e->steps += (int64_t)e->groups * GROUP_STEPS;
}

static bool has_cheap_change(const struct exchange *e, int group, double key_max)
{
    const struct model *m = e->frame->model;
    int cheap = 0;

    for (int j = 0; j < model_options(m, group); j++) {
        cheap += dearer(e, group, j) <= key_max;
    }
    return cheap > 1; /* the option taken now is one of them */
}

/* Leave alone the groups that will hardly ever have one of the cheapest changes. */
static void leave_dear_groups(struct exchange *e)
{
    double key_max = NEARLY * shortlist_key_max(&e->list);
    int kept = 0;

    for (int i = 0; i < e->groups; i++) {
        if (has_cheap_change(e, e->group[i], key_max)) {
            e->group[kept++] = e->group[i];
        }
    }
    e->groups = kept;
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
    for (int j = 0; j < e->list.count && e->list.change[j].gain > -first->gain; j++) {
        const struct change *other = &e->list.change[j];
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
    shortlist_sort_by_gain(&e->list);
    for (int i = e->list.count - 1; i >= 0; i--) {
        any = (!e->moved[e->list.change[i].group] && try_change(e, &e->list.change[i])) || any;
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
        .list = shortlist_room(arena, CHANGES_MAX),
        .group = ARENA_NEW(arena, int, (size_t)m->groups),
        .groups = m->groups,
        .moved = ARENA_NEW(arena, bool, (size_t)m->groups),
    };

    for (int g = 0; g < m->groups; g++) {
        e.group[g] = g;
    }
    list_changes(&e);
    leave_dear_groups(&e);
    int64_t first = choice->value;
    int64_t before = first;
    for (int i = 0; i < PASSES_MAX && pass(&e); i++) {
        if ((choice->value - before) * PASS_SHARE < choice->value - first) {
            break;
        }
        before = choice->value;
    }
    arena_rewind(arena, mark);
    return e.steps;
}
