/* What writing batches and replaying them share: which rows there are. */
#ifndef OFFICE_FILE_BATCH_IN_H
#define OFFICE_FILE_BATCH_IN_H

#include "office/audit/stamp.h"

/* The event of a file: hash, name, size. */
extern const str EVENT_FILE;
extern const struct stamped BATCH_STAMPED;

#endif
