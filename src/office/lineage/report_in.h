/* What the tables of lineage share: the days of registers, and the two trees between which the
 * steps of one lie. */
#ifndef OFFICE_LINEAGE_REPORT_IN_H
#define OFFICE_LINEAGE_REPORT_IN_H

#include "office/lineage/report.h"

enum { REGISTERS_MAX = 1024 };

/* The days of the registers, oldest first. */
struct days {
    date at[REGISTERS_MAX];
    int count;
};
enum rc report_days(const struct cx *cx, struct days *out) MUST_CHECK;
bool is_day_of(struct lineage_days days, date day);

/* The two trees between which a register's steps lie, and the steps, which the caller loads. */
struct stage {
    const struct cx *cx;
    const struct programme *programme;
    date day;
    struct unit_id within; /* the filter's */
    struct unit_tree before;
    struct unit_tree after;
    struct lineage_rows rows;
};
enum rc report_stage(const struct cx *cx, const struct programme *programme, date eve, date day,
                     struct stage *out) MUST_CHECK;

#endif
