/* Lineage as tables: what waits for a decision, the life of one unit, what a register changed. */
#ifndef OFFICE_LINEAGE_REPORT_H
#define OFFICE_LINEAGE_REPORT_H

#include "office/lineage/lineage.h"

/* Which steps to list. */
struct lineage_filter {
    bool only_open; /* proposed ones; else all */
    str within;     /* code of a unit on the day of the step: itself and what lies in it; "": all */
    int confidence_min;
    int confidence_max; /* both included, thousandths */
};

/* One row a step, with columns for a decision, a corrected successor and the basis: as a workbook
 * it comes back through lineage_apply. */
enum rc lineage_steps_table(const struct cx *cx, const struct programme *programme,
                            const struct lineage_filter *filter,
                            const struct table_sink *sink) MUST_CHECK;

/* The life of the unit that bears `code` now, or last bore it: its names, codes and places, and
 * the steps between. RC_MISSING with a message when no unit ever bore it. */
enum rc lineage_history_table(const struct cx *cx, const struct programme *programme, str code,
                              const struct table_sink *sink) MUST_CHECK;

/* What changed with each register, one row a register and unit of the level above the partition:
 * steps by kind, how many confirmed and how many open. */
enum rc lineage_summary_table(const struct cx *cx, const struct programme *programme,
                              const struct table_sink *sink) MUST_CHECK;

#endif
