/* The one board (一盘棋): all money, land and works of some years chosen together, with proof of
 * how good the choice is. */
#ifndef OFFICE_PLAN_PLAN_H
#define OFFICE_PLAN_PLAN_H

#include "base/doc.h"
#include "calc/solve/relief.h"
#include "office/tier/tier.h"

enum { PLAN_YEARS_MAX = 6, PLAN_MEASURES_MAX = 64, PLAN_ROWS_MAX = 20000 };

/* Money that a unit has in a fund for a year, in fen; building land, scaled by LAND_DECIMALS. */
struct plan_money {
    int fund; /* NONE: land */
    int year; /* from 0: the plan's first */
    int place;
    int64_t amount;
};

/* A choice made beforehand, with its reason. */
struct plan_lock {
    int place;
    int measure;
    int level; /* from 1; 0: any */
    bool is_in;
    str reason;
};

struct plan_limits {
    struct plan_money *money;
    int money_count;
    struct plan_lock *locks;
    int lock_count;
};

/* A branch and bound of another house: given a problem as MPS text, what it says about it, as
 * core_lp.h reads it. False: there is none, or it did not end well; the plan is then what it is. */
struct plan_prover {
    bool (*run)(void *self, str mps, struct arena *arena, str *out_log);
    void *self;
};

struct plan_options {
    int first_year;
    int year_count;
    uint64_t seed;
    int64_t steps; /* of the solver */
    int threads;
    struct plan_prover prover; /* without `run`: none */
};

/* Read a file of limits (funds:, land:) or of locks (locks:); what it names must exist. */
enum rc plan_read_limits(const struct cx *cx, const struct doc *doc, const struct unit_tree *tree,
                         const struct programme *programme, const struct plan_options *options,
                         struct plan_limits *to) MUST_CHECK;

/* The board of one set of villages: `tiers` is the prepared case of the tier run the plan rests
 * on, `run` that run. Everything lives in cx->arena. */
struct plan_case;
enum rc plan_prepare(const struct tier_case *tiers, const struct run *run,
                     const struct plan_limits *limits, const struct plan_options *options,
                     struct plan_case **out) MUST_CHECK;

/* The problem in the solver's words; for a solver child and for checks. */
const struct solve_problem *plan_problem(const struct plan_case *plan);

struct plan_answer {
    int64_t run; /* 0 until kept */
    struct solve_answer solved;
    bool is_verified; /* the checker and the recount from the definition agree */
};

/* Solve, check, recount. RC_CONFLICT: no plan keeps everything, see plan_relieve. RC_BROKEN when
 * the checks disagree with the solver: nothing is shown. */
enum rc plan_compute(struct plan_case *plan, struct plan_answer *out) MUST_CHECK;

/* Why there is no plan, and the least that would make one (contracts C26): first places where
 * nothing is possible, which needs no solver; where there are none, the least by which limits would
 * have to give way while every standard and lock holds, and the fewest people whose standards would
 * have to wait while every limit holds. */
struct plan_relief {
    int *impossible; /* groups of the problem of which nothing may be chosen */
    int impossible_count;
    struct relief limits;    /* costs in fen; land and caps at prices of relief.c */
    struct relief standards; /* costs in residents */
};
enum rc plan_relieve(const struct plan_case *plan, struct plan_relief *out) MUST_CHECK;
enum rc plan_relief_tables(const struct plan_case *plan, const struct plan_relief *relief,
                           const struct table_sink *sink) MUST_CHECK;

/* Keep the plan as a run, with its event and its works. */
enum rc plan_keep(const struct plan_case *plan, str program, struct plan_answer *answer) MUST_CHECK;

/* Sheets: in short, money, works, by county, what was asked for and not reached. */
enum rc plan_tables(struct plan_case *plan, const struct plan_answer *answer,
                    const struct table_sink *sink) MUST_CHECK;
enum rc plan_summary_table(struct plan_case *plan, const struct plan_answer *answer,
                           const struct table_sink *sink) MUST_CHECK;

/* One unit's works in a kept plan, what they do, and what missing data keep out there today. */
struct plan_question {
    const struct unit_tree *tree;
    const struct programme *programme;
    const struct numbers *numbers;
    const struct run *run;
    int place;
};
enum rc plan_explain(const struct cx *cx, const struct plan_question *question,
                     const struct table_sink *sink) MUST_CHECK;
/* All works of a kept plan that are of units in sight; `tree` is that of the run's register. */
enum rc plan_kept_table(const struct cx *cx, const struct unit_tree *tree, const struct run *run,
                        const struct table_sink *sink) MUST_CHECK;

/* How works of plans are checked against the trace. */
extern const struct replay_table PLAN_TABLES[];

#endif
