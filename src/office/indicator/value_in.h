/* What writing values and replaying them share: kinds of events, and which rows are stamped. */
#ifndef OFFICE_INDICATOR_VALUE_IN_H
#define OFFICE_INDICATOR_VALUE_IN_H

#include "office/audit/stamp.h"

/* Of what was written, and of what was kept out: batch, unit, period, digest of the cells. */
extern const str EVENT_VALUES;
extern const str EVENT_CONFLICT;
extern const struct stamped INDICATOR_NUMBERS_STAMPED;
extern const struct stamped SOURCE_NUMBERS_STAMPED;

#endif
