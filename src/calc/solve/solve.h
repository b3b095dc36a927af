/* The optimiser: the best choice found, and a bound that no choice can exceed.
 *
 * Prices are found for the rows (Lagrangian dual), the bound is proven at these prices, and a good
 * choice is one whose losses at the prices are small and whose uses meet the priced rows almost
 * exactly; it is found by joining lists of cheap departures (README.md).
 *
 * The effort is a number of steps, not a time: the answer depends on problem, seed, steps and
 * start alone, not on the number of threads or the machine's load. A caller who wants a time limit
 * passes `stop`, which is asked every few milliseconds from any thread; an answer that was stopped
 * is right, but only reproducible up to where it was stopped. */
#ifndef CALC_SOLVE_SOLVE_H
#define CALC_SOLVE_SOLVE_H

#include "calc/solve/problem.h"

enum {
    SOLVE_PRICE_BITS = 20,  /* a price is a whole number of 2^-20 units of value */
    SOLVE_THREADS_MAX = 64, /* more than four help only where there are many blocks */
};
/* Roughly what one thread does in a second; for turning a time limit into steps. */
#define SOLVE_STEPS_PER_SECOND ((int64_t)140 * 1000 * 1000)

enum solve_status {
    SOLVE_NO_PLAN,    /* no choice keeps every row as far as was searched: see relief.h */
    SOLVE_IMPOSSIBLE, /* proven: no choice keeps every row (a group without option, or the bound) */
    SOLVE_CERTIFIED,  /* the bound is proven by the prices; the gap is bound - value */
    SOLVE_SEARCHED,   /* the bound is proven by a search; check.h can confirm the prices only */
    SOLVE_OPTIMAL,    /* the gap to the bound of the prices is under one unit of value */
};

struct solve_opts {
    uint64_t seed;
    int64_t steps;         /* over all threads; the dual is always finished */
    int threads;           /* 0 counts as 1 */
    const int64_t *prices; /* [rows] of an earlier answer to a similar problem, or NULL */
    const int *picks;      /* [groups] of an earlier answer, or NULL; need not keep the rows */
    bool (*stop)(void *stop_cx);
    void *stop_cx;
    bool dual_only; /* bound and prices alone; the status is then SOLVE_NO_PLAN */
};

struct solve_answer {
    enum solve_status status;
    int64_t value;       /* 0 without a plan */
    int64_t bound;       /* the least proven */
    int64_t price_bound; /* the one proven by `prices` */
    int *picks;          /* [groups] option within its group; NULL without a plan */
    int64_t *prices; /* [rows] ≥ 0 for at most, ≤ 0 for at least; scaled by SOLVE_PRICE_BITS */
    int64_t *left;   /* [rows] limit - use; NULL without a plan */
    uint64_t seed;
    int64_t steps; /* done */
    bool stopped;  /* by `stop` */
};

/* RC_LIMIT when the problem is too large for its arena's promises is not possible: the limits of
 * problem.h are the door. RC_INVALID: steps or threads out of range. */
MUST_CHECK enum rc solve_run(const struct solve_problem *problem, const struct solve_opts *opts,
                             struct arena *arena, struct solve_answer *out, struct err *err);

/* Take a plan found elsewhere, where it keeps the rows and is worth more than the answer's own;
 * `picks` [groups] must outlive the answer. */
void solve_take_picks(const struct solve_problem *problem, int *picks, struct solve_answer *answer);

/* Lower the bound to one proven elsewhere (a branch and bound over the core, core_lp.h). */
void solve_lower_bound(struct solve_answer *answer, int64_t bound);

#endif
