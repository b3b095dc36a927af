/* Bounds of changed problems, from the prices of the answer on. */
#include "calc/solve/prices.h"

#include <string.h>

static enum rc bound_of(const struct solve_problem *problem, const struct solve_answer *answer,
                        struct solve_answer *out, struct err *err)
{
    struct arena arena;
    const struct solve_opts opts = {.prices = answer->prices, .dual_only = true};

    arena_init(&arena, ARENA_JOB_MAX);
    enum rc rc = solve_run(problem, &opts, &arena, out, err);
    arena_done(&arena);
    return rc;
}

/* The bound with every row of the move at its limit and `room` more. */
static enum rc moved_bound(const struct solve_problem *problem, const struct solve_answer *answer,
                           const struct solve_move *move, int64_t room, struct solve_answer *out,
                           struct err *err)
{
    struct arena arena;
    struct solve_problem changed = *problem;

    arena_init(&arena, ARENA_JOB_MAX);
    int64_t *limit = ARENA_NEW(&arena, int64_t, (size_t)problem->rows);
    memcpy(limit, problem->limit, (size_t)problem->rows * sizeof(*limit));
    for (int i = 0; i < move->count; i++) {
        int row = move->rows[i];
        MUST(row >= 0 && row < problem->rows);
        limit[row] += problem->sense[row] == SOLVE_AT_LEAST ? -room : room;
    }
    changed.limit = limit;
    enum rc rc = bound_of(&changed, answer, out, err);
    arena_done(&arena);
    return rc;
}

enum rc solve_price_of(const struct solve_problem *problem, const struct solve_answer *answer,
                       const struct solve_move *move, struct solve_price *out, struct err *err)
{
    struct solve_answer still = {0};
    struct solve_answer more = {0};
    struct solve_answer less = {0};

    MUST(move->delta > 0);
    /* The answer's own bound may not be the least: all three are proven the same way. */
    enum rc rc = moved_bound(problem, answer, move, 0, &still, err);
    if (rc == RC_OK) {
        rc = moved_bound(problem, answer, move, move->delta, &more, err);
    }
    if (rc == RC_OK) {
        rc = moved_bound(problem, answer, move, -move->delta, &less, err);
    }
    if (rc == RC_OK) {
        *out = (struct solve_price){
            .gain = more.bound - still.bound,
            .loss = still.bound - less.bound,
            .needed = less.status != SOLVE_IMPOSSIBLE,
        };
        /* Each bound is proven at prices of its own; a unit the wrong way is their rounding. */
        out->gain = out->gain > 0 ? out->gain : 0;
        out->loss = out->needed && out->loss > 0 ? out->loss : 0;
    }
    return rc;
}

/* The problem without the lock. */
static void unlock(const struct solve_problem *problem, const struct solve_lock *lock,
                   struct arena *arena, struct solve_problem *out)
{
    int *fixed = ARENA_NEW(arena, int, (size_t)problem->groups);
    bool *forbidden = ARENA_NEW(arena, bool, (size_t)problem->options);
    int first = problem->first[lock->group];

    memcpy(fixed, problem->fixed, (size_t)problem->groups * sizeof(*fixed));
    memcpy(forbidden, problem->forbidden, (size_t)problem->options * sizeof(*forbidden));
    fixed[lock->group] = SOLVE_FREE;
    for (int o = first; o < problem->first[lock->group + 1]; o++) {
        forbidden[o] = lock->kept != NULL && lock->kept[o - first];
    }
    *out = *problem;
    out->fixed = fixed;
    out->forbidden = forbidden;
}

/* Solving anew begins at the plan with the lock, which keeps the rows without it too. */
static enum rc solve_anew(const struct solve_problem *problem, const struct solve_answer *answer,
                          const struct solve_opts *opts, struct arena *arena,
                          struct solve_lock_cost *out, struct err *err)
{
    struct solve_opts warm = *opts;
    struct solve_answer found = {0};

    warm.prices = answer->prices;
    warm.picks = answer->picks;
    enum rc rc = solve_run(problem, &warm, arena, &found, err);
    if (rc == RC_OK) {
        int64_t cost = found.value - answer->value;
        out->is_resolved = true;
        out->resolved = cost > 0 ? cost : 0;
    }
    return rc;
}

enum rc solve_cost_of_lock(const struct solve_problem *problem, const struct solve_answer *answer,
                           const struct solve_lock *lock, const struct solve_opts *opts,
                           struct solve_lock_cost *out, struct err *err)
{
    enum { TENTH = 10 };
    struct arena arena;
    struct solve_problem changed;
    struct solve_answer free_of_it = {0};

    MUST(lock->group >= 0 && lock->group < problem->groups);
    *out = (struct solve_lock_cost){0};
    arena_init(&arena, ARENA_JOB_MAX);
    unlock(problem, lock, &arena, &changed);
    enum rc rc = bound_of(&changed, answer, &free_of_it, err);
    if (rc == RC_OK) {
        int64_t cost = free_of_it.bound - answer->price_bound;
        out->relaxed = cost > 0 ? cost : 0;
        out->most = free_of_it.bound - answer->value;
        if ((answer->bound - answer->value) < out->relaxed / TENTH) {
            rc = solve_anew(&changed, answer, opts, &arena, out, err);
        }
    }
    arena_done(&arena);
    return rc;
}

/* How much an option uses of a row. */
static int64_t use_of(const struct solve_problem *p, int option, int row)
{
    for (int64_t u = p->use_first[option]; u < p->use_first[option + 1]; u++) {
        if (p->use[u].row == row) {
            return p->use[u].amount;
        }
    }
    return 0;
}

/* For every row, the least more that a better option of some group needs of it. */
static void note_needs(const struct solve_problem *p, int group, int pick, int64_t *least)
{
    int taken = p->first[group] + pick;

    for (int o = p->first[group]; o < p->first[group + 1]; o++) {
        if (!solve_allowed(p, group, o) || p->value[o] <= p->value[taken]) {
            continue;
        }
        for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
            int row = p->use[u].row;
            int64_t more = p->use[u].amount - use_of(p, taken, row);
            least[row] = more > 0 && more < least[row] ? more : least[row];
        }
    }
}

void solve_why_left(const struct solve_problem *problem, const struct solve_answer *answer,
                    enum solve_why *out_why)
{
    struct arena arena;

    MUST(answer->picks != NULL);
    arena_init(&arena, ARENA_JOB_MAX);
    int64_t *least = ARENA_NEW(&arena, int64_t, (size_t)problem->rows);
    for (int r = 0; r < problem->rows; r++) {
        least[r] = INT64_MAX;
    }
    for (int g = 0; g < problem->groups; g++) {
        note_needs(problem, g, answer->picks[g], least);
    }
    for (int r = 0; r < problem->rows; r++) {
        if (answer->left[r] == 0) {
            out_why[r] = SOLVE_SPENT;
        } else if (answer->prices[r] == 0) {
            out_why[r] = SOLVE_NOT_NEEDED;
        } else {
            bool fits = least[r] <= answer->left[r];
            out_why[r] = fits ? SOLVE_ELSEWHERE : SOLVE_TOO_LITTLE;
        }
    }
    arena_done(&arena);
}
