/* The core of a problem for a branch and bound of another house: the options that can still be part
 * of a better choice, written as MPS text, and the bound read from what CBC says. Text in, text
 * out; who runs the program is the caller's affair (child). */
#ifndef CALC_SOLVE_CORE_LP_H
#define CALC_SOLVE_CORE_LP_H

#include "base/buf.h"
#include "calc/solve/solve.h"

struct core_lp {
    int groups; /* that are still open */
    int columns;
    int64_t base;   /* value of the prices' choice: the objective is what is lost against it */
    int64_t cutoff; /* no choice with an option outside the core is worth more */
    int problem_groups;
    int *picks;         /* [groups of the problem] the prices' choice */
    int *column_group;  /* [columns] group of the problem */
    int *column_option; /* [columns] option within it */
};

/* Write the core of the problem around the answer (which has a plan): minimise the value lost. What
 * `out` points to lives in `keep`.
 * The caller's buffer decides how long it may be (buf_done). */
void core_lp_write(const struct solve_problem *problem, const struct solve_answer *answer,
                   struct buf *mps, struct arena *keep, struct core_lp *out);

/* Read the log of `cbc -import - -sec N -solve -solution - -quit`, the MPS text on its standard
 * input (not as /dev/stdin, which CBC opens twice): what no choice can exceed, by its search. CBC
 * computes in double precision: the bound is widened by a millionth of a unit and a billionth of
 * its size, and is a searched bound, not a certificate. False when the log holds none. */
bool core_lp_read_bound(const struct core_lp *core, str log, int64_t *out_bound);

/* The plan in the same log, as picks [groups of the problem]. Nothing of it is believed:
 * solve_check says whether it keeps the rows, solve_take_picks takes it. False when the log holds
 * none. */
bool core_lp_read_picks(const struct core_lp *core, str log, struct arena *arena, int **out_picks);

#endif
