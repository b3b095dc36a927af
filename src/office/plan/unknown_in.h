/* What missing data keep out of a plan, or take as there already. */
#ifndef OFFICE_PLAN_UNKNOWN_IN_H
#define OFFICE_PLAN_UNKNOWN_IN_H

#include "office/plan/plan_in.h"

/* What missing data keep unknown of a level of a measure in a place that is open to it. */
enum plan_unknown {
    PLAN_KNOWN,
    UNKNOWN_QUANTITY,  /* how many are needed: left out */
    UNKNOWN_CONDITION, /* whether it may be built: left out */
    UNKNOWN_FARMLAND,  /* whether there is farmland to spare: left out */
    UNKNOWN_NEED,      /* what it needs cannot be priced, and counts as there already */
};
enum { PLAN_UNKNOWN_KINDS = UNKNOWN_NEED + 1 };

/* The formulas of a level run over a panel, and what they say of one row. */
struct plan_steps {
    struct expr_result needed; /* state NULL: one is needed */
    struct expr_result when;   /* state NULL: always */
};
struct plan_look {
    bool may;
    unsigned char unknown;
};
struct plan_steps plan_steps_of(const struct panel *panel, const struct measure_level *level);
struct plan_look plan_look_at(const struct plan_steps *steps, int row, bool is_open);

/* What is unknown, level by level of every measure, in one place. */
struct plan_looks {
    const struct programme *programme;
    struct plan_look *at; /* [measure * stride + level - 1] */
    int stride;
    bool is_farmland_unknown;
};
/* Villages by what is unknown, a measure of a village counted once, at its lowest such level. */
struct plan_unknowns {
    struct plan_looks looks;
    int64_t *counts; /* [(measure * stride + level - 1) * PLAN_UNKNOWN_KINDS + enum plan_unknown] */
    int64_t by_kind[PLAN_UNKNOWN_KINDS];
    int64_t villages;
};
struct plan_unknowns plan_count_unknowns(const struct plan_case *plan);
str plan_unknowns_text(const struct plan_case *plan, const struct plan_unknowns *all);
/* Sheet: what missing data keep out of the plan; the same of one village, on the data of today. */
enum rc plan_put_unknown(const struct plan_case *plan, const struct table_sink *sink) MUST_CHECK;
enum rc plan_explain_unknown(const struct cx *cx, const struct plan_question *question,
                             const struct table_sink *sink) MUST_CHECK;

#endif
