/* What limits the board: money by fund, owner and year, building land, farmland, policy caps. */
#include <math.h>

#include "office/plan/plan_in.h"

/* Rows are looked up by kind and fund or cap, place and year; a dense table over what is there. */
static size_t kinds_of(const struct plan_case *plan)
{
    return (size_t)plan->programme->fund_count + 2 + (size_t)plan->programme->cap_count;
}

static size_t slot_of(const struct plan_case *plan, enum plan_row_kind kind, int fund, int place,
                      int year)
{
    size_t funds = (size_t)plan->programme->fund_count;
    size_t which = kind == ROW_MONEY  ? (size_t)fund
                   : kind == ROW_LAND ? funds
                   : kind == ROW_CAP  ? funds + 2 + (size_t)fund
                                      : funds + 1;

    return (which * (size_t)plan->tiers->tree->count + (size_t)place) *
               (size_t)plan->options.year_count +
           (size_t)year;
}

int plan_find_row(const struct plan_case *plan, enum plan_row_kind kind, int fund, int place,
                  int year)
{
    return plan->row_of[slot_of(plan, kind, fund, place, year)];
}

static bool lasts(const struct plan_case *plan, enum plan_row_kind kind)
{
    return kind == ROW_LAND || (kind == ROW_MONEY && plan->board->carry_over);
}

int plan_next_row(const struct plan_case *plan, int row)
{
    const struct plan_row *about = &plan->rows[row];

    return lasts(plan, about->kind) && about->year + 1 < plan->options.year_count
               ? plan_find_row(plan, about->kind, about->fund, about->place, about->year + 1)
               : NONE;
}

int64_t plan_slope(const struct plan_case *plan, const struct plan_answer *answer, int row)
{
    int64_t price = 0;

    for (; row != NONE; row = plan_next_row(plan, row)) {
        price += answer->solved.prices[row];
    }
    return price;
}

static enum rc add_to(struct plan_case *plan, const struct plan_row *row)
{
    int *at = &plan->row_of[slot_of(plan, row->kind, row->fund, row->place, row->year)];

    if (*at == NONE) {
        if (plan->row_count == PLAN_ROWS_MAX) {
            return err_set(plan->cx->err, RC_LIMIT, MSG_PLAN_ROWS_MANY, arg_count(PLAN_ROWS_MAX));
        }
        *at = plan->row_count;
        plan->rows[plan->row_count] = *row;
        plan->rows[plan->row_count++].limit = 0;
    }
    plan->rows[*at].limit += row->limit;
    return RC_OK;
}

/* Money of one year is there in that year, and, where it may be carried over, in all later ones:
 * a row of a year then holds what has come and been spent up to its end. Every owner of money has
 * a row for every year. */
static enum rc add_money(struct plan_case *plan, const struct plan_money *money)
{
    struct plan_row row = {
        .kind = money->fund == NONE ? ROW_LAND : ROW_MONEY,
        .fund = money->fund == NONE ? 0 : money->fund,
        .place = money->place,
    };
    bool is_lasting = lasts(plan, row.kind);

    for (row.year = 0; row.year < plan->options.year_count; row.year++) {
        bool counts = row.year == money->year || (is_lasting && row.year > money->year);
        row.limit = counts ? money->amount : 0;
        TRY(add_to(plan, &row));
    }
    return RC_OK;
}

/* Cultivated land that may go: what there is above what must be held. Nothing may where nobody
 * knows. */
static enum rc add_farmland(struct plan_case *plan)
{
    const struct tier_case *tiers = plan->tiers;
    const struct board *board = plan->board;
    struct panel panel = {0};
    const struct panel_of of = {tiers->tree, plan->programme, tiers->panel.numbers,
                                plan->programme->partition, 0};

    if (board->farmland_held == NONE || board->farmland_floor == NONE) {
        return RC_OK;
    }
    TRY(panel_load(plan->cx, &of, tiers->options.period, &panel));
    for (int i = 0; i < panel.count; i++) {
        double held = panel_number(&panel, board->farmland_held, i);
        double floor = panel_number(&panel, board->farmland_floor, i);
        const struct plan_row row = {
            .kind = ROW_FARMLAND,
            .place = panel.places[i],
            .year = plan->options.year_count - 1,
            .limit = held > floor ? (int64_t)((held - floor) * 100.0) : 0,
            .is_unknown = isnan(held) || isnan(floor),
        };
        TRY(add_to(plan, &row));
    }
    return RC_OK;
}

static bool has(const struct ints *list, int what)
{
    for (int i = 0; i < list->count; i++) {
        if (list->at[i] == what) {
            return true;
        }
    }
    return list->count == 0;
}

/* A cap is a share of the money there is over the whole plan, below each unit of its level. */
static enum rc add_cap(struct plan_case *plan, int cap)
{
    const struct cap *about = &plan->programme->caps[cap];
    const struct unit_tree *tree = plan->tiers->tree;

    for (int place = 0; place < tree->count; place++) {
        int64_t money = 0;
        if (tree->units[place].level != about->within) {
            continue;
        }
        for (int i = 0; i < plan->limits->money_count; i++) {
            const struct plan_money *line = &plan->limits->money[i];
            bool counts = line->fund != NONE && has(&about->funds, line->fund) &&
                          line->place >= place && line->place < tree->units[place].end;
            money += counts ? line->amount : 0;
        }
        const struct plan_row row = {
            .kind = ROW_CAP,
            .fund = cap,
            .place = place,
            .year = plan->options.year_count - 1,
            .limit = money / PER_MILLE * about->share,
        };
        TRY(add_to(plan, &row));
    }
    return RC_OK;
}

enum rc plan_find_rows(struct plan_case *plan)
{
    struct arena *arena = plan->cx->arena;
    size_t slots =
        kinds_of(plan) * (size_t)plan->tiers->tree->count * (size_t)plan->options.year_count;

    plan->rows = ARENA_NEW(arena, struct plan_row, PLAN_ROWS_MAX);
    plan->row_of = ARENA_NEW(arena, int, slots);
    for (size_t i = 0; i < slots; i++) {
        plan->row_of[i] = NONE;
    }
    for (int i = 0; i < plan->limits->money_count; i++) {
        TRY(add_money(plan, &plan->limits->money[i]));
    }
    TRY(add_farmland(plan));
    for (int c = 0; c < plan->programme->cap_count; c++) {
        TRY(add_cap(plan, c));
    }
    return RC_OK;
}
