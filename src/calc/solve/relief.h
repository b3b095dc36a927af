/* When nothing keeps every row: the least that has to give way, with proof of how little it is.
 *
 * Groups without any possible option come first and need no solver (solve_impossible). Then either
 * rows give way at prices the caller sets, or groups are left out at weights the caller sets.
 * Both are problems of the same kind and are solved by solve_run, with its gap. */
#ifndef CALC_SOLVE_RELIEF_H
#define CALC_SOLVE_RELIEF_H

#include "calc/solve/solve.h"

enum { RELIEF_HARD = 0, RELIEF_LAST = -1, RELIEF_CHAIN_MAX = 16 };

/* What it costs that rows give way. */
struct relief_terms {
    const int64_t *price; /* [rows] of a unit beyond the limit; RELIEF_HARD: it may not give way */
    /* [rows], or NULL: the row that gives way with this one at no further cost, RELIEF_LAST for
     * none. Money that comes in one year and may be carried over is in the rows of all later
     * years. At most RELIEF_CHAIN_MAX in a chain, all of the same sense. */
    const int *next;
};

struct relief {
    enum solve_status status; /* SOLVE_NO_PLAN, SOLVE_IMPOSSIBLE: even so nothing was found */
    int64_t cost;             /* of what gives way */
    int64_t cost_least;       /* proven: it cannot be less; above 0 it proves the conflict */
    int *picks;               /* [groups]; RELIEF_LEFT_OUT where the group was left out */
    int64_t *given;           /* [rows] by how much the limit gives way, and those of its chain */
    bool *conflict;           /* [rows] has a price in the proof */
};

enum { RELIEF_LEFT_OUT = -1 };

MUST_CHECK enum rc relief_rows(const struct solve_problem *problem,
                               const struct relief_terms *terms, const struct solve_opts *opts,
                               struct arena *arena, struct relief *out, struct err *err);
/* Leaving group g out costs weight[g]; RELIEF_HARD: it may not be left out. A group left out uses
 * nothing. */
MUST_CHECK enum rc relief_groups(const struct solve_problem *problem, const int64_t *weight,
                                 const struct solve_opts *opts, struct arena *arena,
                                 struct relief *out, struct err *err);

#endif
