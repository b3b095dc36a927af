/* What the two files of quantity share. */
#ifndef BASE_QUANTITY_IN_H
#define BASE_QUANTITY_IN_H

#include "base/quantity.h"

/* A date in folded text: QUANTITY_DATE or QUANTITY_UNREADABLE. */
struct quantity quantity_read_date(str s);

#endif
