/* What the parts of taking in a register share. */
#ifndef OFFICE_UNIT_REGISTER_IN_H
#define OFFICE_UNIT_REGISTER_IN_H

#include "office/unit/register.h"

/* A new register beside the newest one on record, and who is who. */
struct change {
    const struct programme *programme;
    const struct unit_tree *before; /* empty for the first register */
    const struct unit_tree *after;
    const int *before_of; /* by place in `after`: the place in `before` it goes on from, or NONE */
    struct unit_id *ids;  /* by place in `after` */
    int64_t batch;
    date day;
};

/* Give new units their ids, end what ended, and write down what every unit is from the day on. */
enum rc change_write(const struct cx *cx, const struct change *change) MUST_CHECK;

#endif
