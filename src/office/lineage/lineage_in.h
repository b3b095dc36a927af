/* What the parts of lineage share. */
#ifndef OFFICE_LINEAGE_LINEAGE_IN_H
#define OFFICE_LINEAGE_LINEAGE_IN_H

#include "office/lineage/lineage.h"

/* Unpack a row of any lineage statement. */
struct lineage_row lineage_unpack(const struct cx *cx, const struct val *row);
/* Every step from or to a unit, under any id it ever had. */
enum rc lineage_load_of(const struct cx *cx, struct unit_id unit,
                        struct lineage_rows *out) MUST_CHECK;
/* Make the newer unit the older one: its id, and those joined to it, become aliases. Ids are those
 * that stand for themselves. */
enum rc lineage_join(const struct cx *cx, int64_t newer, int64_t older) MUST_CHECK;
#endif
