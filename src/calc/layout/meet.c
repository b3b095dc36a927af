/* Which units a box meets. */
#include "calc/layout/layout_in.h"

struct span {
    int64_t least;
    int64_t most;
};

/* Of the box, across the side of hexagons that goes up to the east (`slope` 1) or down. */
static struct span across(struct geo_box box, int slope)
{
    int64_t west = (int64_t)box.west * LAYOUT_STEP_LAT;
    int64_t east = (int64_t)box.east * LAYOUT_STEP_LAT;
    int64_t south = (int64_t)box.south * LAYOUT_STEP_LON;
    int64_t north = (int64_t)box.north * LAYOUT_STEP_LON;

    return slope > 0 ? (struct span){west + south, east + north}
                     : (struct span){west - north, east - south};
}

/* Two convex shapes are apart if and only if a line along a side of one of them parts them. The
 * boxes have been compared: slanting sides are left. */
static bool is_parted(struct layout_cell cell, struct geo_box box, int slope)
{
    struct geo_point middle = layout_middle(cell);
    int64_t at =
        (int64_t)middle.lon * LAYOUT_STEP_LAT + slope * (int64_t)middle.lat * LAYOUT_STEP_LON;
    int64_t reach = 2 * (int64_t)LAYOUT_STEP_LON * LAYOUT_STEP_LAT;
    struct span span = across(box, slope);

    return at + reach < span.least || at - reach > span.most;
}

static bool cell_meets(struct layout_cell cell, struct geo_box box)
{
    return geo_box_meets(layout_cell_box(cell), box) && !is_parted(cell, box, 1) &&
           !is_parted(cell, box, -1);
}

bool layout_meets(const struct layout *layout, int unit, struct geo_box box)
{
    int from = layout->first[unit];
    bool is_met = false;

    if (!geo_box_meets(layout->boxes[unit], box)) {
        return false;
    }
    for (int i = from; i < from + layout->cells[unit] && !is_met; i++) {
        is_met = cell_meets(layout->at[i], box);
    }
    return is_met;
}
