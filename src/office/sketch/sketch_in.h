/* What the parts of the map share. */
#ifndef OFFICE_SKETCH_SKETCH_IN_H
#define OFFICE_SKETCH_SKETCH_IN_H

#include "office/sketch/sketch.h"

/* The run that places the units of a level, by its scheme; `out->scheme` NULL when there is none in
 * sight. */
enum rc sketch_tiering_find(const struct cx *cx, const struct programme *programme, int level,
                            struct sketch_tiering *out) MUST_CHECK;
/* The tiers of all levels, and how many there are of each in the units above. */
enum rc sketch_tiers_load(struct sketch *sketch) MUST_CHECK;

#endif
