/* Tiers (类别): the rules of a scheme on the values of a period; reasons, robustness, exceptions.
 */
#ifndef OFFICE_TIER_TIER_H
#define OFFICE_TIER_TIER_H

#include "calc/robust/robust.h"
#include "office/indicator/panel.h"
#include "office/tier/run.h"

enum { TIER_DRAWS_MAX = 1000000 };

struct tier_options {
    int scheme; /* place in the programme */
    int root;   /* place in the tree: units outside take no part */
    struct period period;
    uint64_t seed;
    int draws; /* 0: no robustness */
    int threads;
};

/* The scheme's rules in the words of calc: one row a classified unit, in tree order. */
struct tier_case {
    const struct cx *cx;
    const struct unit_tree *tree;
    const struct programme *programme;
    const struct scheme *scheme;
    struct tier_options options;
    struct panel panel;
    int count;
    const int *rows; /* row of the panel, by place of the case */
    int first_tier;  /* the scheme's tiers stand together: place in the programme */
    int tier_count;
    const int *criteria; /* places in the programme */
    int criterion_count;
    int dimension_count;
    const int *dimensions;      /* places in the programme */
    const struct scale *scales; /* as declared, */
    const struct scale *fitted; /* and fitted to the values */
    struct weigh_values values;
    struct utilities utilities;
    struct weight_tree weights;
    struct tiering rules;
    const int *pool_places;     /* place in the tree, by pool */
    double consistency;         /* AHP: the consistency ratio; else NAN */
    const int64_t *works_plan;  /* by place: the approved plan whose works go on there and lock its
                                   tier; 0: none */
    unsigned char *gate_states; /* enum gate: [gate * count + place], gates of the programme */
};

/* Prepare a case: values, utilities, weights, gates, quotas, locks, what was held before. */
enum rc tier_prepare(const struct cx *cx, const struct panel_of *of,
                     const struct tier_options *options, struct tier_case *out) MUST_CHECK;

/* The unit behind a place of the case. */
const struct unit *tier_unit(const struct tier_case *in, int place);
/* Letter and name, with the tier's tone; a dash for undecided ones. */
struct out tier_out(const struct tier_case *in, int tier);

/* What a run says. */
struct tier_answer {
    int64_t run; /* 0 until kept */
    float *scores;
    float *coverage;
    struct tiering_result base;
    signed char *optimistic;  /* tier with its own missing values at their goals, its
                                 rivals as they are */
    struct robustness robust; /* count NULL without draws */
};

enum rc tier_compute(const struct tier_case *in, struct tier_answer *out) MUST_CHECK;

/* Keep the answer as a run of this version of the program, with its event. */
enum rc tier_keep(const struct tier_case *in, str program, struct tier_answer *answer) MUST_CHECK;

/* Whether the tier of a place holds in at least 90 % of the weightings. */
bool tier_is_robust(const struct tier_case *in, const struct tier_answer *answer, int place);

/* Sheets of a run: summary by the level below the root, every unit, the lines of every pool, the
 * rules with their basis. */
enum rc tier_tables(const struct tier_case *in, const struct tier_answer *answer,
                    const struct table_sink *sink) MUST_CHECK;
/* Only the summary. */
enum rc tier_summary_table(const struct tier_case *in, const struct tier_answer *answer,
                           const struct table_sink *sink) MUST_CHECK;

/* Why one unit is where it is: contributions, gates, rank, robustness, what would move it up. */
enum rc tier_explain(const struct tier_case *in, const struct tier_answer *answer, int place,
                     const struct table_sink *sink) MUST_CHECK;

/* Put a unit in a tier against the rules, with a reason; `tier` "" takes an exception back. */
struct tier_exception {
    const struct unit_tree *tree;
    int place;
    str scheme; /* ids of the programme */
    str tier;
    str reason;
};
/* The owner's stands at once; a person's is proposed, and waits as `*out_waits` for another person
 * (0: it stands). What was approved is carried out in the tree of today. */
enum rc tier_override(const struct cx *cx, const struct tier_exception *exception,
                      int64_t *out_waits) MUST_CHECK;
enum rc tier_override_carry_out(const struct cx *cx, const struct unit_tree *tree,
                                const struct proposal *proposal) MUST_CHECK;

/* The kept results of a run, unit by unit. */
struct tier_result {
    int tier; /* within the scheme, TIER_NONE when undecided */
    enum tier_reason reason;
    int rank;
    int64_t score; /* millionths */
};
typedef enum rc (*tier_take)(void *self, struct unit_id unit, const struct tier_result *result);
enum rc tier_each(const struct cx *cx, int64_t run, tier_take take, void *self) MUST_CHECK;
/* The same as a table, of the units in sight; `tree` is that of the run's register. */
enum rc tier_kept_table(const struct cx *cx, const struct unit_tree *tree, const struct run *run,
                        const struct table_sink *sink) MUST_CHECK;

/* Which units two runs place differently. */
struct tier_comparison {
    const struct unit_tree *tree;
    const struct programme *programme;
    const struct run *before;
    const struct run *after;
};
enum rc tier_compare(const struct cx *cx, const struct tier_comparison *comparison,
                     const struct table_sink *sink) MUST_CHECK;

#endif
