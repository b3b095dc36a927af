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

/* What locks of a group (its fixed and forbidden options) cost: bound without them - bound with
 * them. `kept` [options of the group], or NULL for none: what other locks still forbid. */
MUST_CHECK enum rc solve_lock_cost(const struct solve_problem *problem,
                                   const struct solve_answer *answer, int group, const bool *kept,
                                   int64_t *out_cost, struct err *err);

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
