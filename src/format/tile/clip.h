/* Rings in the units of a tile: projected, simplified, clipped. */
#ifndef FORMAT_TILE_CLIP_H
#define FORMAT_TILE_CLIP_H

#include "format/tile/tile.h"

/* Units from the tile's north-western corner, y down. */
struct tile_point {
    int64_t x;
    int64_t y;
};

struct tile_ring {
    struct tile_point *at;
    size_t count;
};

/* As the format wants the outside of a polygon: its area by the surveyor's formula is positive, no
 * corner is repeated, none lies on the line between its neighbours. Without points when nothing of
 * it is left. In `arena`. */
struct tile_ring tile_clip(struct tile_at at, struct geo_ring ring, struct arena *arena);

#endif
