/* Vector tiles: polygons with properties as the bytes of a Mapbox Vector Tile 2.1, in the Web
 * Mercator tiles of the world (WebMercatorQuad of OGC Two Dimensional Tile Matrix Set). */
#ifndef FORMAT_TILE_TILE_H
#define FORMAT_TILE_TILE_H

#include "base/arena.h"
#include "base/geo.h"

enum {
    TILE_ZOOM_MAX = 22,
    TILE_EXTENT = 4096, /* units across a tile; a picture of it is mostly 256 pixels wide */
    TILE_BUFFER = 64,   /* so far beyond its edge a tile knows what there is */
    TILE_STEP = 8,      /* corners are moved to a grid this wide: half a pixel */
    TILE_BYTES_MAX = 8 << 20,
};

/* Zoom 0 is the world; x from the west, y from the north. */
struct tile_at {
    int z;
    int64_t x;
    int64_t y;
};
bool tile_is_there(struct tile_at at);
/* What lies in it, its buffer included; nothing beyond 85 degrees north or south does. */
struct geo_box tile_box(struct tile_at at);

struct tile;
struct tile *tile_new(struct tile_at at, struct arena *arena);

/* Layers follow one another, features within a layer, properties within a feature. A layer without
 * features is left out. Names of layers must differ. */
void tile_layer(struct tile *tile, str name);
/* What of the ring lies in the tile and its buffer, simplified by TILE_STEP: the same corner is
 * moved to the same place whoever has it, so that neighbours still share their border. False when
 * nothing is left of it: then there is no feature, and its properties are passed over. */
bool tile_polygon(struct tile *tile, uint64_t id, struct geo_ring ring);
void tile_text(struct tile *tile, str key, str value);
void tile_int(struct tile *tile, str key, int64_t value);
void tile_number(struct tile *tile, str key, double value);
void tile_bool(struct tile *tile, str key, bool value);

/* The bytes; false when there are more than TILE_BYTES_MAX. */
bool tile_done(struct tile *tile, str *out);

#endif
