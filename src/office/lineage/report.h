/* Lineage as tables: what waits for a decision, the life of one unit, what a register changed. */
#ifndef OFFICE_LINEAGE_REPORT_H
#define OFFICE_LINEAGE_REPORT_H

#include "office/lineage/lineage.h"

/* Days of registers, both included. */
struct lineage_days {
    date from;
    date to;
};
/* All there are. */
struct lineage_days lineage_days_all(void);

/* Which steps to list. */
struct lineage_filter {
    bool only_open; /* proposed ones; else all */
    str within;     /* a code: steps of the unit that bears it now, or last bore it, and of what
                       lay in it on the day of the step; "": all */
    int confidence_min;
    int confidence_max; /* both included, thousandths */
};

/* One row a step with an end in sight, with columns for a decision, another successor and the
 * basis: as a workbook it offers the words of decisions and comes back through lineage_apply.
 * RC_MISSING when nobody in sight ever bore the filter's code. */
enum rc lineage_steps_table(const struct cx *cx, const struct programme *programme,
                            const struct lineage_filter *filter,
                            const struct table_sink *sink) MUST_CHECK;

/* The same columns for steps at hand, oldest first: what a list of decisions did. */
enum rc lineage_rows_table(const struct cx *cx, const struct programme *programme,
                           const struct lineage_rows *rows,
                           const struct table_sink *sink) MUST_CHECK;

/* The life of the unit that bears `code` now, or last bore it: its names, codes and places, and
 * the steps between. RC_MISSING with a message when no unit ever bore it. */
enum rc lineage_history_table(const struct cx *cx, const struct programme *programme, str code,
                              struct lineage_days days, const struct table_sink *sink) MUST_CHECK;

/* What changed with each register: a row for each topmost unit in sight, and one a unit in sight of
 * the level above the partition: confirmed steps by kind, how many they are and how many are open.
 */
enum rc lineage_summary_table(const struct cx *cx, const struct programme *programme,
                              struct lineage_days days, const struct table_sink *sink) MUST_CHECK;

#endif
