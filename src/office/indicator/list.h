/* Every value of a period as one long list: what it is, where it comes from, who brought it in and
 * when. */
#ifndef OFFICE_INDICATOR_LIST_H
#define OFFICE_INDICATOR_LIST_H

#include "office/indicator/value.h"
#include "office/unit/unit.h"

struct value_list {
    const struct programme *programme;
    const struct numbers *numbers;
    const struct unit_tree *tree;
    int within;         /* place of the unit at and below which */
    const bool *wanted; /* by place of the indicator in the programme */
    struct period period;
};

/* Units in the order of the tree, but those out of scope; the values of each in order of their
 * numbers, given ones only: what is derived is shown by roll-ups and explanations. Memory does not
 * grow with the rows. */
enum rc value_list(const struct cx *cx, const struct value_list *of,
                   const struct table_sink *sink) MUST_CHECK;

#endif
