/* The schematic map (示意图): a place in the plane for every unit of a tree, from the tree alone.
 * Every lowest unit is one hexagon. Hexagons lie along Gosper's curve, units that belong together
 * one behind another, so that every unit of every level is one piece of land without holes, and
 * units of one parent lie side by side.
 *
 * Source: D. Auber, C. Huet, A. Lambert, B. Renoust, A. Sallaberry, A. Saulnier: GosperMap: Using a
 * Gosper Curve for Laying Out Hierarchical Data. IEEE TVCG 19(11), 2013. The curve: M. Gardner,
 * Scientific American 235(6), 1976. */
#ifndef CALC_LAYOUT_LAYOUT_H
#define CALC_LAYOUT_LAYOUT_H

#include "base/arena.h"
#include "base/geo.h"

enum {
    LAYOUT_UNITS_MAX = 1 << 20,
    LAYOUT_SIDES = 6,
    /* Half the width of a hexagon, and a quarter of its height, in millionths of a degree: the
     * ratio is 1 to the root of 3, so that hexagons are regular to five digits. */
    LAYOUT_STEP_LON = 3000,
    LAYOUT_STEP_LAT = 1732,
    /* All of LAYOUT_UNITS_MAX hexagons lie within this distance of 0, 0, on every side. */
    LAYOUT_REACH = 8000000,
};

/* A hexagon: q steps to the east, r steps to the east-north-east at 60 degrees. */
struct layout_cell {
    int32_t q;
    int32_t r;
};

struct layout {
    int unit_count;
    int cell_count;
    const int *first;             /* of each unit: its cells follow one another on the curve, */
    const int *cells;             /* so many of them */
    const struct layout_cell *at; /* by cell */
    const struct geo_box *boxes;  /* around each unit */
    struct layout_cell low;       /* corner of the grid in which cells are looked up */
    int wide;
    int high;
    const int32_t *grid; /* the cell of each q and r; -1 */
};

/* The hexagon at a place of the curve, for ever the same. */
struct layout_cell layout_curve(int index);

/* Lay out `count` units, at least one and at most LAYOUT_UNITS_MAX; `parent[i]` < i, and -1 for
 * unit 0 alone. Units of one parent lie in order of `rank`, then of their number; a rank that never
 * changes keeps them where they are. A unit that nothing belongs to takes one cell. */
void layout_make(const int *parent, const int64_t *rank, int count, struct arena *arena,
                 struct layout *out);

/* Does the land of a unit meet the box, be it in a point? */
bool layout_meets(const struct layout *layout, int unit, struct geo_box box);

/* The border of a unit; in `arena`. */
struct geo_ring layout_ring(const struct layout *layout, int unit, struct arena *arena);

#endif
