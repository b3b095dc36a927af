/* What the parts of lineage share. */
#ifndef OFFICE_UNIT_LINEAGE_IN_H
#define OFFICE_UNIT_LINEAGE_IN_H

#include "office/unit/lineage.h"

/* Unpack a row of any lineage statement. */
struct lineage_row lineage_unpack(const struct cx *cx, const struct val *row);
/* Every step from or to a unit, under any id it ever had. */
enum rc lineage_load_of(const struct cx *cx, struct unit_id unit,
                        struct lineage_rows *out) MUST_CHECK;
enum rc lineage_insert(const struct cx *cx, const struct lineage_row *row,
                       int64_t batch) MUST_CHECK;

#endif
