/* Adds an answer up again from the problem alone, in 128-bit integers. */
#include "calc/solve/check.h"

#include "base/must.h"

enum { PRICE_BITS = 20 };

__extension__ typedef __int128 wide;

static void find(struct check_verdict *verdict, enum check_fault fault, int place)
{
    if (verdict->fault == CHECK_SOUND) {
        verdict->fault = fault;
        verdict->place = place;
    }
}

static void add_picks(const struct solve_problem *p, const struct check_claim *claim,
                      struct check_verdict *out)
{
    for (int g = 0; g < p->groups; g++) {
        int pick = claim->picks[g];
        if (pick < 0 || pick >= p->first[g + 1] - p->first[g]) {
            find(out, CHECK_PICK_UNKNOWN, g);
            continue;
        }
        int option = p->first[g] + pick;
        if (p->forbidden[option] || (p->fixed[g] != SOLVE_FREE && p->fixed[g] != pick)) {
            find(out, CHECK_PICK_FORBIDDEN, g);
        }
        out->value += p->value[option];
        for (int64_t u = p->use_first[option]; u < p->use_first[option + 1]; u++) {
            out->used[p->use[u].row] += p->use[u].amount;
        }
    }
}

static bool row_holds(enum solve_sense sense, int64_t used, int64_t limit)
{
    switch (sense) {
    case SOLVE_AT_MOST:
        return used <= limit;
    case SOLVE_AT_LEAST:
        return used >= limit;
    case SOLVE_EQUAL:
        return used == limit;
    }
    NEVER("unknown sense");
}

static void check_rows(const struct solve_problem *p, struct check_verdict *out)
{
    for (int r = 0; r < p->rows; r++) {
        if (!row_holds(p->sense[r], out->used[r], p->limit[r])) {
            out->rows_broken++;
            find(out, CHECK_ROW_BROKEN, r);
        }
    }
}

static bool signs_hold(const struct solve_problem *p, const int64_t *prices,
                       struct check_verdict *out)
{
    bool hold = true;

    for (int r = 0; r < p->rows; r++) {
        if ((p->sense[r] == SOLVE_AT_MOST && prices[r] < 0) ||
            (p->sense[r] == SOLVE_AT_LEAST && prices[r] > 0)) {
            find(out, CHECK_PRICE_SIGN, r);
            hold = false;
        }
    }
    return hold;
}

static int64_t divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

/* For every row: the sum of the first possible choices, and what every change of choice is a
 * multiple of. A row's total can only be start + a multiple of step. */
struct reach {
    int64_t *start;
    int64_t *step;
    int64_t *first; /* of one group, scratch */
    int64_t *seen;  /* the last option, +1, that named the row in this group */
};

static bool allowed(const struct solve_problem *p, int group, int option)
{
    return !p->forbidden[option] &&
           (p->fixed[group] == SOLVE_FREE || p->first[group] + p->fixed[group] == option);
}

/* Rows that some option of the group uses and another does not differ by the whole use. */
static void reach_group(const struct solve_problem *p, int group, struct reach *reach)
{
    int begin = p->first[group];
    int end = p->first[group + 1];
    int head = begin;

    while (head < end && !allowed(p, group, head)) {
        head++;
    }
    if (head == end) {
        return;
    }
    for (int64_t u = p->use_first[head]; u < p->use_first[head + 1]; u++) {
        reach->first[p->use[u].row] = p->use[u].amount;
        reach->start[p->use[u].row] += p->use[u].amount;
    }
    for (int o = head + 1; o < end; o++) {
        if (!allowed(p, group, o)) {
            continue;
        }
        for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
            int row = p->use[u].row;
            reach->step[row] = divisor(p->use[u].amount - reach->first[row], reach->step[row]);
            reach->seen[row] = o + 1;
        }
        for (int64_t u = p->use_first[head]; u < p->use_first[head + 1]; u++) {
            int row = p->use[u].row;
            if (reach->seen[row] != o + 1) {
                reach->step[row] = divisor(p->use[u].amount, reach->step[row]);
            }
        }
    }
    for (int64_t u = p->use_first[head]; u < p->use_first[head + 1]; u++) {
        reach->first[p->use[u].row] = 0;
    }
}

/* The limit, moved to the nearest total that can be reached. */
static wide reached_limit(const struct solve_problem *p, const struct reach *reach, int row)
{
    int64_t step = reach->step[row];
    wide over = (wide)p->limit[row] - reach->start[row];

    if (step <= 1 || p->sense[row] == SOLVE_EQUAL) {
        return p->limit[row];
    }
    wide rest = over % step;
    rest = rest < 0 ? rest + step : rest;
    if (p->sense[row] == SOLVE_AT_MOST) {
        return (wide)p->limit[row] - rest;
    }
    return (wide)p->limit[row] + (rest == 0 ? 0 : step - rest);
}

/* The best worth of a group at the prices; 0 where nothing may be chosen. */
static wide best_worth(const struct solve_problem *p, const int64_t *prices, int group)
{
    bool any = false;
    wide best = 0;

    for (int o = p->first[group]; o < p->first[group + 1]; o++) {
        if (!allowed(p, group, o)) {
            continue;
        }
        wide worth = (wide)p->value[o] * ((wide)1 << PRICE_BITS);
        for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
            worth -= (wide)p->use[u].amount * prices[p->use[u].row];
        }
        best = !any || worth > best ? worth : best;
        any = true;
    }
    return best;
}

/* Limits at their prices and, for each group, the best that can be had at these prices. False
 * when prices are so high that the sum does not fit. */
static bool bound_of(const struct solve_problem *p, const int64_t *prices,
                     const struct reach *reach, wide *out)
{
    wide total = 0;

    for (int r = 0; r < p->rows; r++) {
        if (__builtin_add_overflow(total, reached_limit(p, reach, r) * prices[r], &total)) {
            return false;
        }
    }
    for (int g = 0; g < p->groups; g++) {
        if (__builtin_add_overflow(total, best_worth(p, prices, g), &total)) {
            return false;
        }
    }
    *out = total;
    return true;
}

static int64_t whole_units(wide total)
{
    wide units = total >> PRICE_BITS;

    if (units > INT64_MAX) {
        return INT64_MAX;
    }
    return units < INT64_MIN ? INT64_MIN : (int64_t)units;
}

static bool prove(const struct solve_problem *p, const int64_t *prices, struct arena *arena,
                  int64_t *out_bound)
{
    struct reach reach = {
        .start = ARENA_NEW(arena, int64_t, (size_t)p->rows),
        .step = ARENA_NEW(arena, int64_t, (size_t)p->rows),
        .first = ARENA_NEW(arena, int64_t, (size_t)p->rows),
        .seen = ARENA_NEW(arena, int64_t, (size_t)p->rows),
    };
    wide total = 0;

    for (int g = 0; g < p->groups; g++) {
        reach_group(p, g, &reach);
    }
    if (!bound_of(p, prices, &reach, &total)) {
        return false;
    }
    *out_bound = whole_units(total);
    return true;
}

static void check_bound(const struct solve_problem *p, const struct check_claim *claim,
                        struct arena *arena, struct check_verdict *out)
{
    if (!signs_hold(p, claim->prices, out)) {
        return;
    }
    if (!prove(p, claim->prices, arena, &out->bound)) {
        find(out, CHECK_PRICE_RANGE, 0);
        return;
    }
    out->certified = claim->bound >= out->bound;
    out->optimal = out->bound == out->value;
    if (!out->certified && !claim->searched) {
        find(out, CHECK_BOUND_LOW, 0);
    }
}

void solve_check(const struct solve_problem *problem, const struct check_claim *claim,
                 struct arena *arena, struct check_verdict *out)
{
    *out = (struct check_verdict){.used = ARENA_NEW(arena, int64_t, (size_t)problem->rows)};
    add_picks(problem, claim, out);
    check_rows(problem, out);
    if (out->value != claim->value) {
        find(out, CHECK_VALUE_WRONG, 0);
    }
    check_bound(problem, claim, arena, out);
    if (claim->bound < claim->value) {
        find(out, CHECK_BOUND_CROSSED, 0);
    }
}
