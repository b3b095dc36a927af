/* Geometry as GeoJSON (RFC 7946): longitude before latitude, six decimals. */
#ifndef FORMAT_JSON_GEOJSON_H
#define FORMAT_JSON_GEOJSON_H

#include "base/geo.h"
#include "format/json/json.h"

/* {"type":"Polygon","coordinates":[[[…],…]]}: the ring with its first point once more at the end;
 * counterclockwise, as the format has it of outer rings. */
void geojson_polygon(struct json *json, struct geo_ring ring);
/* [west,south,east,north] */
void geojson_box(struct json *json, struct geo_box box);

#endif
