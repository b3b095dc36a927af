/* What an answer says in prices: what a little more of each row would bring, what a lock costs,
 * why something was left over. All of it is said by the relaxation: the dual bound at a changed
 * problem minus the dual bound of the problem, each proven by its own prices. */
#ifndef CALC_SOLVE_PRICES_H
#define CALC_SOLVE_PRICES_H

#include "calc/solve/solve.h"

struct solve_price {
    int64_t gain; /* of value, by relaxation, were there `delta` more room in the row */
    int64_t loss; /* of value, by relaxation, were there `delta` less */
    bool needed;  /* false: with `delta` less, nothing keeps the rows (`loss` is then 0) */
};

/* Rows whose limits move together: money that comes in one year is there in all later ones. */
struct solve_move {
    const int *rows;
    int count;
    int64_t delta; /* above 0 */
};

/* The price of a move: at most `limit` ± delta, at least `limit` ∓ delta. `answer` is an answer to
 * the problem; its prices are where the search begins. */
MUST_CHECK enum rc solve_price_of(const struct solve_problem *problem,
                                  const struct solve_answer *answer, const struct solve_move *move,
                                  struct solve_price *out, struct err *err);

/* A lock: a group, and what other locks of it would still forbid [its options]; NULL: nothing. */
struct solve_lock {
    int group;
    const bool *kept;
};

/* What a lock costs. */
struct solve_lock_cost {
    int64_t relaxed;  /* bound without it - bound with it */
    int64_t most;     /* proven: bound without it - value with it */
    bool is_resolved; /* the problem was solved anew: the gap is below a tenth of the cost */
    int64_t resolved; /* value without it - value with it */
};

/* The cost of what fixes or forbids options of the lock's group. `opts` is the effort of solving
 * anew. */
MUST_CHECK enum rc solve_cost_of_lock(const struct solve_problem *problem,
                                      const struct solve_answer *answer,
                                      const struct solve_lock *lock, const struct solve_opts *opts,
                                      struct solve_lock_cost *out, struct err *err);

enum solve_why {
    SOLVE_SPENT,      /* nothing is left */
    SOLVE_NOT_NEEDED, /* the row has no price: nothing worth having lacks it */
    SOLVE_TOO_LITTLE, /* every single improvement needs more of it than is left */
    SOLVE_ELSEWHERE,  /* an improvement would fit this row, but breaks another or loses more */
};

/* Why the rows were not used up: `out_why` [rows], for an answer with a plan. */
void solve_why_left(const struct solve_problem *problem, const struct solve_answer *answer,
                    enum solve_why *out_why);

#endif
