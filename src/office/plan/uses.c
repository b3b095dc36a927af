/* What an option uses of the rows: money by fund and year, policy caps, land. */
#include "office/plan/options_in.h"

static bool add_use(struct made *made, int row, int64_t amount)
{
    if (row == NONE) {
        return amount == 0;
    }
    for (int i = 0; i < made->use_count; i++) {
        if (made->uses[i].row == row) {
            made->uses[i].amount += amount;
            return true;
        }
    }
    if (made->use_count == MADE_USES_MAX) {
        return false;
    }
    made->uses[made->use_count++] = (struct solve_use){row, amount};
    return true;
}

static bool use_money(const struct plan_case *plan, int place, const struct plan_work *work,
                      int fund, int64_t fen, struct made *made)
{
    int unit = plan->tiers->panel.places[plan->tiers->rows[place]];
    int owner = unit_tree_above(plan->tiers->tree, unit, plan->programme->funds[fund].level);
    int64_t by_year[PLAN_YEARS_MAX];
    int64_t spent = 0;

    if (fen == 0) {
        return true;
    }
    if (owner == NONE) {
        return false;
    }
    plan_spread(plan, work, fen, by_year);
    for (int y = 0; y < plan->options.year_count; y++) {
        spent = plan->board->carry_over ? spent + by_year[y] : by_year[y];
        int row = plan_find_row(plan, ROW_MONEY, fund, owner, y);
        if (spent > 0 && (row == NONE || !add_use(made, row, spent))) {
            return false;
        }
    }
    return true;
}

static bool in_list(const struct ints *list, int what)
{
    for (int i = 0; i < list->count; i++) {
        if (list->at[i] == what) {
            return true;
        }
    }
    return false;
}

static bool use_caps(const struct plan_case *plan, int place, const struct plan_work *work,
                     int fund, int64_t fen, struct made *made)
{
    int unit = plan->tiers->panel.places[plan->tiers->rows[place]];

    for (int c = 0; c < plan->programme->cap_count; c++) {
        const struct cap *cap = &plan->programme->caps[c];
        bool counts = in_list(&cap->measures, work->measure) &&
                      (cap->funds.count == 0 || in_list(&cap->funds, fund));
        int owner = counts ? unit_tree_above(plan->tiers->tree, unit, cap->within) : NONE;
        int row = owner == NONE
                      ? NONE
                      : plan_find_row(plan, ROW_CAP, c, owner, plan->options.year_count - 1);
        if (row != NONE && fen > 0 && !add_use(made, row, fen)) {
            return false;
        }
    }
    return true;
}

/* What a work takes beyond what its first go took. */
static void find_land(const struct plan_case *plan, const struct plan_work *work, int64_t *out_land,
                      int64_t *out_farmland)
{
    const struct measure_level *levels = plan->programme->measures[work->measure].levels;
    const struct measure_level *to = &levels[work->level - 1];
    const struct measure_level *from = work->from == 0 ? NULL : &levels[work->from - 1];

    *out_land = to->land - (from == NULL ? 0 : from->land);
    *out_farmland = to->farmland - (from == NULL ? 0 : from->farmland);
}

/* Land is limited where a quota was given: by the nearest unit above that has one. */
static bool use_land(const struct plan_case *plan, int place, const struct plan_work *work,
                     struct made *made)
{
    const struct unit_tree *tree = plan->tiers->tree;
    int64_t land = 0;
    int64_t farmland = 0;
    int last = plan->options.year_count - 1;
    bool fits = true;

    find_land(plan, work, &land, &farmland);
    for (int at = plan->tiers->panel.places[plan->tiers->rows[place]]; at != NONE;
         at = tree->units[at].parent) {
        bool has_quota = plan_find_row(plan, ROW_LAND, 0, at, last) != NONE;
        for (int y = work->year; has_quota && land > 0 && y <= last; y++) {
            fits = fits && add_use(made, plan_find_row(plan, ROW_LAND, 0, at, y), land);
        }
        int row = plan_find_row(plan, ROW_FARMLAND, 0, at, last);
        if (row != NONE && farmland > 0) {
            fits = fits && add_use(made, row, farmland);
        }
        if (has_quota) {
            return fits;
        }
    }
    return fits;
}

bool plan_find_uses(const struct plan_case *plan, int place, struct made *made)
{
    made->use_count = 0;
    for (int w = 0; w < made->work_count; w++) {
        const struct plan_work *work = &made->works[w];
        int64_t fen[PROGRAMME_FUNDS_MAX];
        int fund[PROGRAMME_FUNDS_MAX];
        int parts = plan_shares(plan, place, work, fen, fund);
        for (int i = 0; i < parts; i++) {
            if (!use_money(plan, place, work, fund[i], fen[i], made) ||
                !use_caps(plan, place, work, fund[i], fen[i], made)) {
                return false;
            }
        }
        if (!use_land(plan, place, work, made)) {
            return false;
        }
    }
    return true;
}
