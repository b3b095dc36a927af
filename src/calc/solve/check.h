/* The independent checker of an answer: it reads the problem, the picks and the prices, and shares
 * no code with the solver. Everything is added up again in 128-bit integers. */
#ifndef CALC_SOLVE_CHECK_H
#define CALC_SOLVE_CHECK_H

#include "calc/solve/problem.h"

enum check_fault {
    CHECK_SOUND,
    CHECK_PICK_UNKNOWN,   /* `place` is the group: there is no such option */
    CHECK_PICK_FORBIDDEN, /* `place` is the group: the option is forbidden, or another is fixed */
    CHECK_ROW_BROKEN,     /* `place` is the row */
    CHECK_VALUE_WRONG,    /* the picks are worth `value` */
    CHECK_PRICE_SIGN,     /* `place` is the row: its sense does not allow this price */
    CHECK_PRICE_RANGE,    /* prices so high that the bound cannot be added up */
    CHECK_BOUND_LOW,      /* the prices prove `bound` only, and no search is claimed */
    CHECK_BOUND_CROSSED,  /* the claimed bound is below the value */
};

struct check_claim {
    const int *picks;      /* [groups] */
    const int64_t *prices; /* [rows], scaled by 2^20 */
    int64_t value;
    int64_t bound;
    bool searched; /* the bound is claimed from a search: it may be below the prices' bound */
};

struct check_verdict {
    enum check_fault fault; /* the first one found */
    int place;
    int rows_broken;
    int64_t value;  /* of the picks, where every pick is known */
    int64_t bound;  /* proven by the prices, where their signs are right */
    int64_t *used;  /* [rows] */
    bool optimal;   /* the prices' bound is met */
    bool certified; /* the prices prove the claimed bound */
};

void solve_check(const struct solve_problem *problem, const struct check_claim *claim,
                 struct arena *arena, struct check_verdict *out);

#endif
