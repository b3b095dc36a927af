/* What the parts of the layout share. */
#ifndef CALC_LAYOUT_LAYOUT_IN_H
#define CALC_LAYOUT_LAYOUT_IN_H

#include "calc/layout/layout.h"

struct geo_point layout_middle(struct layout_cell cell);
struct geo_box layout_cell_box(struct layout_cell cell);

#endif
