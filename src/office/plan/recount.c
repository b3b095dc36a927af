/* A plan counted again from the definition: every village as it will be at the end of each year,
 * all measures at once, without groups and states. */
#include <math.h>

#include "office/plan/plan_in.h"

/* All works of a place, in one list. */
struct works {
    struct plan_work *at;
    int *begin; /* [place + 1] */
};

static const struct plan_choice *choice_of(const struct plan_case *plan, const int *picks,
                                           int group)
{
    return &plan->choices[plan->problem.first[group] + picks[group]];
}

static struct works gather(const struct plan_case *plan, const int *picks)
{
    struct arena *arena = plan->cx->arena;
    struct works works = {.begin = ARENA_NEW(arena, int, (size_t)plan->count + 1)};
    int *fill = ARENA_NEW(arena, int, (size_t)plan->count + 1);

    for (int g = 0; g < plan->problem.groups; g++) {
        works.begin[plan->group_of[g] % plan->count + 1] += choice_of(plan, picks, g)->count;
    }
    for (int i = 0; i < plan->count; i++) {
        works.begin[i + 1] += works.begin[i];
        fill[i] = works.begin[i];
    }
    works.at = ARENA_NEW(arena, struct plan_work, (size_t)works.begin[plan->count] + 1);
    for (int g = 0; g < plan->problem.groups; g++) {
        const struct plan_choice *choice = choice_of(plan, picks, g);
        int place = plan->group_of[g] % plan->count;
        for (int w = 0; w < choice->count; w++) {
            works.at[fill[place]++] = choice->works[w];
        }
    }
    return works;
}

/* A work whose measure has been raised to a higher level since. */
static bool is_raised(const struct plan_case *plan, const struct works *works, int place, int work,
                      int year)
{
    for (int w = works->begin[place]; w < works->begin[place + 1]; w++) {
        const struct plan_work *other = &works->at[w];
        if (other->measure == works->at[work].measure && other->level > works->at[work].level &&
            plan_done_year(plan, other) <= year) {
            return true;
        }
    }
    return false;
}

static void put_year(const struct plan_case *plan, const struct works *works, int year,
                     struct panel *panel)
{
    for (int i = 0; i < plan->count; i++) {
        struct plan_work done[PLAN_MEASURES_MAX];
        int count = 0;
        for (int w = works->begin[i]; w < works->begin[i + 1]; w++) {
            if (plan_done_year(plan, &works->at[w]) <= year &&
                !is_raised(plan, works, i, w, year)) {
                done[count++] = works->at[w];
            }
        }
        plan_put_effects(plan, panel, plan->tiers->rows[i], done, count);
    }
}

/* The group that can change a criterion; no two can. */
static int group_of_criterion(const struct plan_case *plan, int criterion)
{
    int indicator = plan->programme->criteria[plan->tiers->criteria[criterion]].indicator;
    struct arena *arena = plan->cx->arena;

    for (int g = 0; g < plan->group_count; g++) {
        struct arena_mark mark = arena_mark(arena);
        bool *touched = ARENA_NEW(arena, bool, (size_t)plan->programme->indicator_count);
        for (int i = 0; i < plan->groups[g].count; i++) {
            plan_touched(plan->programme, plan->groups[g].measures[i], touched);
        }
        bool is_touched = touched[indicator];
        arena_rewind(arena, mark);
        if (is_touched) {
            return g;
        }
    }
    return NONE;
}

/* What a place's score has gained at the end of a year, its wishes counted. */
static double gain_of(const struct plan_case *plan, const struct panel *panel, const int *groups,
                      int place)
{
    double weights[WEIGH_CRITERIA_MAX];
    struct contributions parts = {.criterion_weight = weights};
    double gain = 0.0;

    score_contributions(&plan->tiers->utilities, &plan->tiers->weights, place, &parts);
    for (int k = 0; k < plan->tiers->criterion_count; k++) {
        double change =
            plan_utility(plan, panel, k, place) - plan_utility(plan, &plan->tiers->panel, k, place);
        double wish = groups[k] == NONE ? 0.0 : plan_support(plan, place, groups[k]);
        gain += weights[k] * change * (1.0 + plan->board->support * wish);
    }
    return gain;
}

double plan_support(const struct plan_case *plan, int place, int group)
{
    const struct plan_group *about = &plan->groups[group];
    double most = 0.0;

    for (int i = 0; i < about->count; i++) {
        size_t at =
            (size_t)place * (size_t)plan->programme->measure_count + (size_t)about->measures[i];
        most = (double)plan->support[at] > most ? (double)plan->support[at] : most;
    }
    return most;
}

void plan_recount(const struct plan_case *plan, const int *picks, int64_t *out_value)
{
    struct arena *arena = plan->cx->arena;
    struct arena_mark mark = arena_mark(arena);
    bool *all = ARENA_NEW(arena, bool, (size_t)plan->programme->indicator_count);
    int groups[WEIGH_CRITERIA_MAX];
    struct works works = gather(plan, picks);
    double sum = 0.0;

    memset(all, true, (size_t)plan->programme->indicator_count);
    for (int k = 0; k < plan->tiers->criterion_count; k++) {
        groups[k] = group_of_criterion(plan, k);
    }
    for (int y = 0; y < plan->options.year_count; y++) {
        struct panel panel = plan_copy_panel(plan, all);
        put_year(plan, &works, y, &panel);
        panel_derive_some(&panel, all);
        for (int i = 0; i < plan->count; i++) {
            sum += plan->year_worth[y] * plan->people[i] * gain_of(plan, &panel, groups, i);
        }
    }
    arena_rewind(arena, mark);
    *out_value = llround(sum * PLAN_MICRO);
}
