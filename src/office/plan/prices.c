/* What every level of every measure costs in every place, and where it may be built. */
#include <math.h>

#include "office/plan/unknown_in.h"

static int64_t factor_of(const struct plan_case *plan, const struct measure *measure, int row)
{
    const int *factors = measure->terrain != NULL ? measure->terrain : plan->board->terrain_factors;
    int terrain = plan->board->terrain;

    if (factors == NULL || terrain == NONE ||
        panel_state(&plan->tiers->panel, terrain, row) != EXPR_KNOWN) {
        return PER_MILLE;
    }
    return factors[(int)plan->tiers->panel.columns[terrain].value[row]];
}

static bool is_open(const struct plan_case *plan, const struct measure *measure, int place)
{
    int tier = plan->tier[place];

    return tier != TIER_NONE && (measure->tiers >> (plan->tiers->first_tier + tier) & 1U) != 0;
}

struct plan_steps plan_steps_of(const struct panel *panel, const struct measure_level *level)
{
    struct plan_steps steps = {0};

    if (level->quantity.code != NULL) {
        steps.needed = panel_run(panel, level->quantity.code);
    }
    if (level->when.code != NULL) {
        steps.when = panel_run(panel, level->when.code);
    }
    return steps;
}

/* How many are needed in a row; below 0 where nobody knows. */
static double quantity_of(const struct plan_steps *steps, int row)
{
    if (steps->needed.state == NULL) {
        return 1.0;
    }
    if (steps->needed.state[row] == EXPR_MISSING) {
        return -1.0;
    }
    return steps->needed.state[row] == EXPR_KNOWN && steps->needed.value[row] > 0.0
               ? steps->needed.value[row]
               : 0.0;
}

struct plan_look plan_look_at(const struct plan_steps *steps, int row, bool is_open)
{
    double quantity = quantity_of(steps, row);
    enum expr_state when = steps->when.state == NULL ? EXPR_KNOWN : steps->when.state[row];
    bool holds = steps->when.state == NULL || (when == EXPR_KNOWN && steps->when.value[row] > 0.5);
    bool may_hold = holds || when == EXPR_MISSING;
    struct plan_look look = {.may = is_open && holds && quantity > 0.0};

    if (is_open && may_hold && quantity < 0.0) {
        look.unknown = UNKNOWN_QUANTITY;
    } else if (is_open && when == EXPR_MISSING && quantity > 0.0) {
        look.unknown = UNKNOWN_CONDITION;
    }
    return look;
}

static void price_level(struct plan_case *plan, int measure, int level, struct plan_price *out)
{
    const struct measure *about = &plan->programme->measures[measure];
    const struct measure_level *step = &about->levels[level];
    struct arena *arena = plan->cx->arena;

    out->cost = ARENA_NEW(arena, int64_t, (size_t)plan->count);
    out->may = ARENA_NEW(arena, bool, (size_t)plan->count);
    out->unknown = ARENA_NEW(arena, unsigned char, (size_t)plan->count);
    struct arena_mark mark = arena_mark(arena);
    struct plan_steps steps = plan_steps_of(&plan->tiers->panel, step);
    for (int i = 0; i < plan->count; i++) {
        int row = plan->tiers->rows[i];
        struct plan_look look = plan_look_at(&steps, row, is_open(plan, about, i));
        double fen = quantity_of(&steps, row) * (double)step->unit_fen *
                     (double)factor_of(plan, about, row) / PER_MILLE;
        out->may[i] = look.may && fen < 1e15;
        out->unknown[i] = look.unknown;
        out->cost[i] = out->may[i] ? (int64_t)(fen + 0.5) + step->fixed_fen : 0;
    }
    arena_rewind(arena, mark);
}

enum rc plan_find_prices(struct plan_case *plan)
{
    const struct programme *programme = plan->programme;
    struct arena *arena = plan->cx->arena;

    plan->prices = ARENA_NEW(arena, struct plan_price *, (size_t)programme->measure_count);
    for (int m = 0; m < programme->measure_count; m++) {
        int levels = programme->measures[m].level_count;
        plan->prices[m] = ARENA_NEW(arena, struct plan_price, (size_t)levels);
        for (int l = 0; l < levels; l++) {
            price_level(plan, m, l, &plan->prices[m][l]);
        }
    }
    return RC_OK;
}

int64_t plan_cost(const struct plan_case *plan, int place, const struct plan_work *work)
{
    const struct plan_price *prices = plan->prices[work->measure];
    int64_t cost = prices[work->level - 1].cost[place];

    if (work->from == 0) {
        return cost;
    }
    int64_t more = cost - prices[work->from - 1].cost[place];
    return (more > 0 ? more : 0) + cost / PER_MILLE * plan->board->remobilise +
           cost % PER_MILLE * plan->board->remobilise / PER_MILLE;
}

int plan_done_year(const struct plan_case *plan, const struct plan_work *work)
{
    int years = plan->programme->measures[work->measure].levels[work->level - 1].year_shares.count;

    return work->year + (years > 1 ? years - 1 : 0);
}

/* By the level's shares, to the fen: the last year takes the rest. */
void plan_spread(const struct plan_case *plan, const struct plan_work *work, int64_t fen,
                 int64_t *out_by_year)
{
    const struct ints *shares =
        &plan->programme->measures[work->measure].levels[work->level - 1].year_shares;
    int64_t left = fen;

    for (int y = 0; y < plan->options.year_count; y++) {
        out_by_year[y] = 0;
    }
    for (int i = 0; i + 1 < shares->count; i++) {
        int64_t part = fen / 100 * shares->at[i] + fen % 100 * shares->at[i] / 100;
        out_by_year[work->year + i] = part;
        left -= part;
    }
    out_by_year[plan_done_year(plan, work)] += left;
}

/* By the recipe's parts, to the fen: the last payer, who has no share of his own, takes the rest.
 */
int plan_shares(const struct plan_case *plan, int place, const struct plan_work *work,
                int64_t *out_fen, int *out_fund)
{
    const struct recipe *recipe = &plan->programme->recipes[work->recipe];
    int64_t fen = plan_cost(plan, place, work);
    int64_t left = fen;

    for (int i = 0; i < recipe->part_count; i++) {
        const struct part *part = &recipe->parts[i];
        int64_t share = part->is_rest ? 0 : part->shares[plan->class_of[place]];
        out_fund[i] = part->fund;
        out_fen[i] = fen / 100 * share + fen % 100 * share / 100;
        left -= out_fen[i];
    }
    out_fen[recipe->part_count - 1] += left;
    return recipe->part_count;
}
