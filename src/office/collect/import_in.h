/* What stands for a unit, and what was kept out: shared by taking in and by the list of
 * conflicts. */
#ifndef OFFICE_COLLECT_IMPORT_IN_H
#define OFFICE_COLLECT_IMPORT_IN_H

#include "office/indicator/value.h"

/* What stands for a unit and period today, under any address the unit has had; the latest address
 * stands over the others. In no order; lives in cx->arena. */
enum rc standing_read(const struct cx *cx, struct unit_id unit, struct period period,
                      struct value_row *out) MUST_CHECK;

/* By permanent number; NULL when there is none. */
const struct value *find_value(const struct value_row *row, int indicator);

/* Do both say the same of what they speak of, whoever says it? */
bool says_same(const struct value *a, const struct value *b);

/* What was kept out for a unit and period: the last word of each source on each indicator. Rows are
 * taken oldest first. */
struct kept_out {
    struct arena *arena;
    struct value *values;
    int count;
};
enum rc kept_out_take(void *self, const struct value_row *row);
/* The last word of the same source on the same indicator; NULL. */
struct value *kept_out_find(const struct kept_out *kept, const struct value *like);

#endif
