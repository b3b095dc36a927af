/* A panel: the values of all units of one level for one period, a column an indicator, derived
 * ones included. What tiers, plans, roll-ups and data checks compute on. */
#ifndef OFFICE_INDICATOR_PANEL_H
#define OFFICE_INDICATOR_PANEL_H

#include "calc/expr/expr.h"
#include "office/indicator/value.h"
#include "office/unit/unit.h"

/* The rows of one indicator. Percentages have num and den, everything else has value: the scaled
 * number, 0 or 1, or the place of the choice in the indicator's list. Derived numbers are not
 * scaled, derived percentages are shares in value. */
struct panel_column {
    double *value;
    int64_t *num;
    int64_t *den;
    uint8_t *state; /* enum expr_state */
};

struct panel {
    const struct cx *cx;
    const struct unit_tree *tree;
    const struct programme *programme;
    const struct numbers *numbers;
    int level;
    int within;
    struct period period;
    int count;                    /* rows */
    const int *places;            /* place in the tree, by row */
    const int *rows;              /* row, by place in the tree; NONE */
    struct panel_column *columns; /* by place of the indicator in the programme; empty ones of
                                     indicators that units of this level do not have */
    const struct panel *before;   /* the same units a year earlier; NULL for the oldest loaded */
};

/* Which units: those of `level` at or below the place `within`. */
struct panel_of {
    const struct unit_tree *tree;
    const struct programme *programme;
    const struct numbers *numbers;
    int level;
    int within;
};

/* Load the values of these units for `period` and compute what is derived. A unit's values are
 * found under every address it ever had; a later one stands over an earlier. Lives in cx->arena. */
enum rc panel_load(const struct cx *cx, const struct panel_of *of, struct period period,
                   struct panel *out) MUST_CHECK;

/* The same without any value: which units have which rows. */
void panel_frame(const struct cx *cx, const struct panel_of *of, struct period period,
                 struct panel *out);
/* Do units of the panel's level have this indicator? */
bool panel_has(const struct panel *panel, int indicator);

/* The kinds of unit that somebody asks to report, a bit each: those that a scheme of the panel's
 * level places; 0: all. And is the unit of a row one of them? */
uint32_t panel_asked_kinds(const struct panel *panel);
bool panel_asks(const struct panel *panel, int row, uint32_t kinds);

/* Put one value over what the panel holds, as an import would; derived columns stay as they are
 * until panel_derive. Values of unknown indicators are passed over. */
void panel_put(struct panel *panel, int row, const struct value *value);

/* Compute every derived column from the given ones; or only those marked, from what the others
 * hold. */
void panel_derive(struct panel *panel);
void panel_derive_some(struct panel *panel, const bool *wanted);
/* The same units some years earlier, as far back as formulas of the programme look; else NULL. */
const struct panel *panel_back(const struct panel *panel, int years);

/* Run a formula of the programme over all rows. */
struct expr_result panel_run(const struct panel *panel, const struct expr *expr);
/* What came of it in one row, step by step. */
const struct expr_step *panel_explain(const struct panel *panel, const struct expr *expr, int row,
                                      size_t *out_count);

/* One value as a number in the indicator's unit (60 % is 60); NaN where it is not known. */
double panel_number(const struct panel *panel, int indicator, int row);
enum expr_state panel_state(const struct panel *panel, int indicator, int row);
/* The same for people and tables: rounded once, with the indicator's decimals. */
struct out panel_out(const struct panel *panel, int indicator, int row);

/* Where one value came from: what every batch wrote, cell by cell; or how it was computed. */
struct value_question {
    const struct programme *programme;
    const struct numbers *numbers;
    const struct unit_tree *tree;
    int place;
    int indicator; /* place in the programme */
    struct period period;
};
enum rc value_explain(const struct cx *cx, const struct value_question *question,
                      const struct table_sink *sink) MUST_CHECK;

#endif
