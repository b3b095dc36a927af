/* Geometry as GeoJSON. */
#include "format/json/geojson.h"

enum { DECIMALS = 6 };

static void put_point(struct json *json, struct geo_point at)
{
    json_open_list(json);
    json_fixed(json, at.lon, DECIMALS);
    json_fixed(json, at.lat, DECIMALS);
    json_close_list(json);
}

void geojson_polygon(struct json *json, struct geo_ring ring)
{
    json_open_map(json);
    json_key(json, STR("type"));
    json_text(json, STR("Polygon"));
    json_key(json, STR("coordinates"));
    json_open_list(json);
    json_open_list(json);
    for (size_t i = 0; i <= ring.count && ring.count > 0; i++) {
        put_point(json, ring.at[i < ring.count ? i : 0]);
    }
    json_close_list(json);
    json_close_list(json);
    json_close_map(json);
}

void geojson_box(struct json *json, struct geo_box box)
{
    json_open_list(json);
    json_fixed(json, box.west, DECIMALS);
    json_fixed(json, box.south, DECIMALS);
    json_fixed(json, box.east, DECIMALS);
    json_fixed(json, box.north, DECIMALS);
    json_close_list(json);
}
