/* What reading and applying decisions share. */
#ifndef OFFICE_LINEAGE_DECIDE_IN_H
#define OFFICE_LINEAGE_DECIDE_IN_H

#include "office/lineage/decide.h"

enum { COLUMN_ID, COLUMN_DECISION, COLUMN_SUCCESSOR, COLUMN_BASIS };

/* Keep what cx->err says as the fault of one cell, and forget it there. */
void decision_fault_add(struct decision_reader *reader, const struct decision *decision, int column,
                        str cell);

#endif
