/* What the parts of the board share. */
#ifndef OFFICE_PLAN_PLAN_IN_H
#define OFFICE_PLAN_PLAN_IN_H

#include "calc/solve/check.h"
#include "office/plan/plan.h"

enum {
    PLAN_GROUP_MEASURES_MAX = 8,
    PLAN_MICRO = 1000000, /* a person's whole score is a million units of value */
};

/* Measures whose effects meet: decided together. */
struct plan_group {
    int measures[PLAN_GROUP_MEASURES_MAX];
    int count;
    int state_count;    /* combinations of levels, 0 for none of a measure */
    double **gain;      /* [state][place of the case]: the score it adds */
    uint64_t **reaches; /* [state][place]: standards (bits) that hold then */
    uint64_t standards; /* those that this group can touch */
};

/* What one level of a measure costs in a place, and whether it may be built there. */
struct plan_price {
    int64_t *cost;          /* [place], fen */
    bool *may;              /* [place] */
    unsigned char *unknown; /* [place]: enum plan_unknown, of quantity and condition */
};

/* A row of the problem in the office's words. */
enum plan_row_kind { ROW_MONEY, ROW_LAND, ROW_FARMLAND, ROW_CAP };

struct plan_row {
    enum plan_row_kind kind;
    int fund;  /* ROW_MONEY: the fund; ROW_CAP: the cap */
    int place; /* whose limit it is */
    int year;  /* from 0; the last of a cumulative row */
    int64_t limit;
    bool is_unknown; /* ROW_FARMLAND: nobody knows what there is, so nothing may be taken */
};

/* An option in the office's words: what is built when, by which recipe. */
struct plan_work {
    int measure;
    int level; /* from 1 */
    int year;  /* from 0: when it begins */
    int recipe;
    int from; /* the level that an earlier work of the same choice has built; 0: none */
};

struct plan_choice {
    const struct plan_work *works;
    int count;
};

struct plan_unmet {
    int place; /* of the case */
    int standard;
};

struct plan_case {
    const struct cx *cx;
    const struct tier_case *tiers;
    const struct programme *programme;
    const struct board *board;
    const struct plan_limits *limits;
    struct plan_options options;
    struct run tier_run;
    int count;         /* places, those of the tier case */
    signed char *tier; /* [place], within the scheme; TIER_NONE: takes no part */
    double *people;    /* [place]: residents times equity, in value per score */
    double *residents;
    int *county;    /* [place]: number of the partition unit */
    int *class_of;  /* [place]: class of the partition unit */
    float *support; /* [place * measures]: share of villagers for it */
    bool *veto;     /* [place * measures] */
    struct plan_group *groups;
    int group_count;
    struct plan_price **prices; /* [measure][level - 1] */
    struct plan_row *rows;
    int row_count;
    int *row_of; /* look-up, see rows.c */
    struct solve_problem problem;
    int *group_of;               /* [problem group]: group * count + place */
    struct plan_choice *choices; /* [option] */
    struct plan_unmet *unmet;
    int unmet_count;
    double
        year_worth[PLAN_YEARS_MAX + 1]; /* what a state held from the end of a year on is worth */
};

int plan_measure_levels(const struct plan_case *plan, int measure);
/* The levels of a group's measures in one of its states. */
int plan_state_level(const struct plan_case *plan, const struct plan_group *group, int state,
                     int member);

enum rc plan_find_groups(struct plan_case *plan) MUST_CHECK;
enum rc plan_find_prices(struct plan_case *plan) MUST_CHECK;
enum rc plan_find_gains(struct plan_case *plan) MUST_CHECK;
enum rc plan_find_rows(struct plan_case *plan) MUST_CHECK;
enum rc plan_read_wishes(struct plan_case *plan) MUST_CHECK;
enum rc plan_build(struct plan_case *plan) MUST_CHECK;

/* The row of a limit; NONE when there is none. */
int plan_find_row(const struct plan_case *plan, enum plan_row_kind kind, int fund, int place,
                  int year);

/* The row of the next year in which the same money or land stands, where it may be carried over;
 * NONE: there is none. */
int plan_next_row(const struct plan_case *plan, int row);
/* What a unit more from the row's year on brings at the answer's prices (scaled as prices are). */
int64_t plan_slope(const struct plan_case *plan, const struct plan_answer *answer, int row);

/* What one work uses of every payer: fen by fund, in the order of the recipe's parts. */
int plan_shares(const struct plan_case *plan, int place, const struct plan_work *work,
                int64_t *out_fen, int *out_fund);
/* Of a second go: what its level costs more than the first one, and coming back. */
int64_t plan_cost(const struct plan_case *plan, int place, const struct plan_work *work);
/* The part of a cost that falls due in the plan's years, by year. */
void plan_spread(const struct plan_case *plan, const struct plan_work *work, int64_t fen,
                 int64_t *out_by_year);
/* The year from whose end on the work serves. */
int plan_done_year(const struct plan_case *plan, const struct plan_work *work);

/* Indicators that a measure can change, derived ones included: marked in `out`. */
void plan_touched(const struct programme *programme, int measure, bool *out);
void plan_close(const struct programme *programme, bool *touched);
/* The case's panel with columns of its own where it is to be changed. */
struct panel plan_copy_panel(const struct plan_case *plan, const bool *touched);
/* The utility of one criterion by a panel; a missing value counts from its declared baseline. */
double plan_utility(const struct plan_case *plan, const struct panel *panel, int criterion,
                    int place);

/* Put the effects of works over a panel's columns, as they stand at the end of `year`. */
void plan_put_effects(const struct plan_case *plan, struct panel *panel, int row,
                      const struct plan_work *works, int count);

/* Standards (bits) of the place's tier that fall due in the plan's years. */
uint64_t plan_standards_due(const struct plan_case *plan, int place);

/* Words that several sheets use. */
str plan_row_name(const struct plan_case *plan, const struct plan_row *row);
struct out plan_row_amount(const struct plan_case *plan, const struct plan_row *row,
                           int64_t amount);
/* What the row's amounts are counted in. */
str plan_row_unit(const struct plan_case *plan, const struct plan_row *row);
str plan_path(const struct plan_case *plan, int unit);
/* A value of an indicator as people say it: "90", "yes". */
str plan_value_text(const struct cx *cx, const struct indicator *indicator, double x);
/* What a standard asks for; with what it is of and by when. */
str plan_standard_value(const struct plan_case *plan, const struct standard *standard);
str plan_standard_text(const struct plan_case *plan, const struct standard *standard);
/* The measures of a group; the standards that fall due for it in a place. */
str plan_group_text(const struct plan_case *plan, int group);
str plan_standards_text(const struct plan_case *plan, int group, int place);
str plan_lock_text(const struct plan_case *plan, const struct plan_lock *lock);
/* Columns of which the one numbered `money` names the unit of its amounts. */
const struct column *plan_columns(const struct plan_case *plan, const struct column_row *rows,
                                  int count, int money);
str plan_sentence(const struct plan_case *plan, enum msg_id id, const struct arg *args, int count);
#define SENTENCE(plan, id, ...)                                                                    \
    plan_sentence((plan), (id), (const struct arg[]){__VA_ARGS__},                                 \
                  (int)(sizeof((const struct arg[]){__VA_ARGS__}) / sizeof(struct arg)))

/* Sheets: what a little more or less of the dearest limits is worth; what the locks cost. */
enum rc plan_put_worth(const struct plan_case *plan, const struct plan_answer *answer,
                       const struct table_sink *sink) MUST_CHECK;
enum rc plan_put_locks(const struct plan_case *plan, const struct plan_answer *answer,
                       const struct table_sink *sink) MUST_CHECK;

bool plan_has_lock(const struct plan_case *plan, int place);
/* Is the choice against a lock of the place? The lock numbered `but` is not asked. */
bool plan_is_barred(const struct plan_case *plan, int group, int place,
                    const struct plan_choice *choice, int but);

/* The kept works of one unit: (measure, level, year, recipe, cost_fen). */
enum rc plan_kept_works(const struct cx *cx, struct unit_id home, int64_t run, struct unit_id unit,
                        db_take take, void *self) MUST_CHECK;

/* Those of all units: (home, run, unit, measure, level, year, recipe, cost_fen). */
enum rc plan_kept_all(const struct cx *cx, int64_t run, db_take take, void *self) MUST_CHECK;

/* Have the prover narrow the gap of an answer with a plan, where it is worth it. */
void plan_prove(const struct plan_case *plan, struct solve_answer *solved);

/* The villagers' wish for what a group decides: the most support any of its measures has. */
double plan_support(const struct plan_case *plan, int place, int group);

/* Recount the value of a plan from the definition, in the problem's units. */
void plan_recount(const struct plan_case *plan, const int *picks, int64_t *out_value);

/* For the solver's `stop`: does whoever asked for the plan want it no more? */
struct plan_watch {
    const struct cx *cx;
};
bool plan_is_stopped(void *watch);

#endif
