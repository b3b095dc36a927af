/* Overruns: uses by row, costs by chain of rows, one group changed at a time. */
#include "calc/solve/overrun.h"

#include <string.h>

enum { PASSES_MAX = 20, TOUCHED_MAX = SOLVE_OPTION_USES_MAX * 2 };

static const int64_t HARD_COST = INT64_MAX / 4; /* more than any sum of what may give way */

struct overruns {
    const struct solve_problem *problem;
    const struct relief_terms *terms;
    int *head;      /* [rows] the first row of its chain */
    int64_t *used;  /* [rows] */
    int64_t *cost;  /* [rows] of the chain, at its head */
    int64_t *given; /* [rows], or NULL */
};

/* Hard is hard, however often. */
static int64_t sum_of(int64_t a, int64_t b)
{
    return a >= HARD_COST || b >= HARD_COST ? HARD_COST : a + b;
}

static int next_of(const struct overruns *in, int row)
{
    return in->terms->next == NULL ? RELIEF_LAST : in->terms->next[row];
}

static void find_heads(struct overruns *in, struct arena *scratch)
{
    int rows = in->problem->rows;
    bool *follows = ARENA_NEW(scratch, bool, (size_t)rows);

    in->head = ARENA_NEW(scratch, int, (size_t)rows);
    for (int r = 0; r < rows; r++) {
        if (next_of(in, r) != RELIEF_LAST) {
            follows[next_of(in, r)] = true;
        }
    }
    for (int r = 0; r < rows; r++) {
        for (int at = follows[r] ? RELIEF_LAST : r; at != RELIEF_LAST; at = next_of(in, at)) {
            in->head[at] = r;
        }
    }
}

static int64_t beyond(const struct solve_problem *p, int row, int64_t used)
{
    int64_t over = used - p->limit[row];

    switch (p->sense[row]) {
    case SOLVE_AT_MOST:
        return over > 0 ? over : 0;
    case SOLVE_AT_LEAST:
        return over < 0 ? -over : 0;
    case SOLVE_EQUAL:
        return over < 0 ? -over : over;
    }
    NEVER("a row of no sense");
}

static int64_t chain_cost(const struct overruns *in, int head)
{
    int64_t given = 0;
    int64_t cost = 0;

    for (int row = head; row != RELIEF_LAST; row = next_of(in, row)) {
        int64_t lacks = beyond(in->problem, row, in->used[row]) - given;
        int64_t price = in->terms->price[row];
        lacks = lacks > 0 ? lacks : 0;
        if (in->given != NULL) {
            in->given[row] = lacks;
        }
        if (lacks > 0 && price <= RELIEF_HARD) {
            return HARD_COST;
        }
        given += lacks;
        cost += lacks * price;
    }
    return cost;
}

static void add_option(struct overruns *in, int group, int pick, int sign)
{
    const struct solve_problem *p = in->problem;
    int option = p->first[group] + pick;

    for (int64_t u = p->use_first[option]; u < p->use_first[option + 1]; u++) {
        in->used[p->use[u].row] += sign * p->use[u].amount;
    }
}

static void begin(struct overruns *in, const int *picks, struct arena *scratch)
{
    size_t rows = (size_t)in->problem->rows;

    find_heads(in, scratch);
    in->used = ARENA_NEW(scratch, int64_t, rows);
    in->cost = ARENA_NEW(scratch, int64_t, rows);
    for (int g = 0; g < in->problem->groups; g++) {
        add_option(in, g, picks[g], 1);
    }
    for (int r = 0; r < in->problem->rows; r++) {
        in->cost[r] = in->head[r] == r ? chain_cost(in, r) : 0;
    }
}

int64_t overrun_cost(const struct solve_problem *problem, const struct relief_terms *terms,
                     const int *picks, struct arena *scratch, int64_t *given)
{
    struct arena_mark mark = arena_mark(scratch);
    struct overruns in = {.problem = problem, .terms = terms};
    int64_t cost = 0;

    in.given = given;
    begin(&in, picks, scratch);
    for (int r = 0; r < problem->rows; r++) {
        cost = sum_of(cost, in.cost[r]);
    }
    arena_rewind(scratch, mark);
    return cost >= HARD_COST ? -1 : cost;
}

/* The chains that two options of a group touch, each once. */
static int touched_by(const struct overruns *in, const int options[2], int *heads)
{
    const struct solve_problem *p = in->problem;
    int count = 0;

    for (int i = 0; i < 2; i++) {
        for (int64_t u = p->use_first[options[i]]; u < p->use_first[options[i] + 1]; u++) {
            int head = in->head[p->use[u].row];
            bool is_new = true;
            for (int k = 0; k < count; k++) {
                is_new = is_new && heads[k] != head;
            }
            if (is_new) {
                heads[count++] = head;
            }
        }
    }
    return count;
}

/* Take the other option where that makes the cost less; else nothing changes. */
static bool try_option(struct overruns *in, int group, int *pick, int other)
{
    const int *first = in->problem->first;
    const int options[2] = {first[group] + *pick, first[group] + other};
    int heads[TOUCHED_MAX];
    int count = touched_by(in, options, heads);
    int64_t before = 0;
    int64_t after = 0;

    add_option(in, group, *pick, -1);
    add_option(in, group, other, 1);
    for (int i = 0; i < count; i++) {
        before = sum_of(before, in->cost[heads[i]]);
        after = sum_of(after, chain_cost(in, heads[i]));
    }
    if (after >= before) {
        add_option(in, group, other, -1);
        add_option(in, group, *pick, 1);
        return false;
    }
    for (int i = 0; i < count; i++) {
        in->cost[heads[i]] = chain_cost(in, heads[i]);
    }
    *pick = other;
    return true;
}

void overrun_descend(const struct solve_problem *problem, const struct relief_terms *terms,
                     int *picks, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    struct overruns in = {.problem = problem, .terms = terms};
    bool is_moving = true;

    begin(&in, picks, scratch);
    for (int pass = 0; is_moving && pass < PASSES_MAX; pass++) {
        is_moving = false;
        for (int g = 0; g < problem->groups; g++) {
            for (int o = problem->first[g]; o < problem->first[g + 1]; o++) {
                int other = o - problem->first[g];
                if (other != picks[g] && solve_allowed(problem, g, o)) {
                    is_moving |= try_option(&in, g, &picks[g], other);
                }
            }
        }
    }
    arena_rewind(scratch, mark);
}
