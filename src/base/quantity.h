/* What office people type into cells for numbers, percentages, yes or no, and dates. Nothing is
 * guessed: text that could mean two things is unreadable, and says why. */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/str.h"
#include "gen/msg_id.h"

enum quantity_kind {
    QUANTITY_UNREADABLE, /* `why` is a message whose {1} is the text */
    QUANTITY_NUMBER,     /* scaled / 10^decimals in the unit asked for */
    QUANTITY_PERCENT,    /* the same, in percent: 85.3 % is 85.3 */
    QUANTITY_BOOL,       /* scaled is 1 or 0 */
    QUANTITY_DATE,
    QUANTITY_NOT_REPORTED,   /* blank, a dash, 未统计, NA: silence, which never pays (0011) */
    QUANTITY_NOT_APPLICABLE, /* only what says so: 不适用, 不涉及 */
};

enum quantity_want { WANT_NUMBER, WANT_PERCENT, WANT_BOOL, WANT_DATE };

enum quantity_grain { GRAIN_DAY, GRAIN_MONTH, GRAIN_YEAR };

struct quantity_ask {
    enum quantity_want want;
    int decimals;     /* of the answer, 0 to NUM_DECIMALS_MAX */
    const str *units; /* spellings of the unit, any width and case: "公里", "km" */
    int unit_count;
    bool is_percent_cell; /* a number cell with a percent format: its 0.85 is 85 % */
};

struct quantity {
    enum quantity_kind kind;
    enum msg_id why;
    int64_t scaled;
    int decimals;
    bool is_rounded;           /* the text had more decimals than asked for (halves away from 0) */
    bool has_sign_of_percent;  /* the text itself said %, ‰ or 百分之 */
    date date;                 /* the first day of the month or year */
    enum quantity_grain grain; /* how much of the date was said */
};

struct quantity quantity_read(str text, const struct quantity_ask *ask);

#endif
