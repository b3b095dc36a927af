/* What the parts of taking in a register share. */
#ifndef OFFICE_REGISTER_REGISTER_IN_H
#define OFFICE_REGISTER_REGISTER_IN_H

#include "office/lineage/lineage.h"
#include "office/register/register.h"

/* A new register beside the newest one on record, and who is who. */
struct change {
    const struct programme *programme;
    const struct unit_tree *before; /* empty for the first register */
    const struct unit_tree *after;
    const int *before_of; /* by place in `after`: the place in `before` it goes on from, or NONE */
    struct unit_id *ids;  /* by place in `after` */
    const struct lineage_link *links;
    int link_count;
    int accept_min;
    int64_t batch;
    date day;
};

/* Stamp registers, units and lineage as the act left them. */
enum rc register_stamp(const struct cx *cx, const struct event_ref *cause) MUST_CHECK;

/* Is the link confirmed at once? What is certain always is. */
bool change_accepts(const struct change *change, const struct lineage_link *link);

/* Write down what became of units: confirmed where it is accepted, else proposed. `rows` has room
 * for a row a link. */
enum rc change_write_lineage(const struct cx *cx, const struct change *change,
                             struct lineage_row *rows) MUST_CHECK;

/* Give new units their ids, end what ended, and write down what every unit is from the day on. */
enum rc change_write(const struct cx *cx, const struct change *change) MUST_CHECK;

#endif
