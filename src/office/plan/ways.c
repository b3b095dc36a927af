/* The ways to build one measure in one place: level, year and recipe, in one go or in two. */
#include "office/plan/options_in.h"

static bool fits(const struct plan_case *plan, const struct plan_work *work)
{
    return plan_done_year(plan, work) < plan->options.year_count;
}

static bool add_way(struct ways *out, const struct way *way)
{
    if (out->count == WAYS_MAX) {
        return false;
    }
    out->at[out->count++] = *way;
    return true;
}

/* The level raised in a later year, once the lower one is done. */
static bool add_second_goes(const struct plan_case *plan, int place, const struct plan_work *first,
                            struct ways *out)
{
    const struct measure *about = &plan->programme->measures[first->measure];
    bool has_room = true;

    for (int l = first->level; l < about->level_count; l++) {
        for (int year = plan_done_year(plan, first) + 1; year < plan->options.year_count; year++) {
            const struct plan_work second = {first->measure, l + 1, year, first->recipe,
                                             first->level};
            const struct way way = {{*first, second}, 2};
            if (plan->prices[first->measure][l].may[place] && fits(plan, &second)) {
                has_room = has_room && add_way(out, &way);
            }
        }
    }
    return has_room;
}

static bool add_level(const struct plan_case *plan, int place, const struct plan_work *work,
                      struct ways *out)
{
    bool has_room = true;

    for (int year = 0; year < plan->options.year_count; year++) {
        struct way way = {{*work}, 1};
        way.goes[0].year = year;
        if (fits(plan, &way.goes[0])) {
            has_room =
                has_room && add_way(out, &way) && add_second_goes(plan, place, &way.goes[0], out);
        }
    }
    return has_room;
}

bool plan_find_ways(const struct plan_case *plan, int place, int measure, struct ways *out)
{
    const struct measure *about = &plan->programme->measures[measure];
    size_t wish = (size_t)place * (size_t)plan->programme->measure_count + (size_t)measure;
    int levels = plan->veto[wish] ? 0 : about->level_count;
    bool has_room = true;

    out->count = 1; /* the first, of no goes: nothing is built */
    for (int l = 0; l < levels; l++) {
        for (int r = 0; r < about->recipes.count && plan->prices[measure][l].may[place]; r++) {
            const struct plan_work work = {measure, l + 1, 0, about->recipes.at[r], 0};
            has_room = has_room && add_level(plan, place, &work, out);
        }
    }
    return has_room;
}
