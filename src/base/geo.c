/* Boxes on a map. */
#include "base/geo.h"

struct geo_box geo_box_join(struct geo_box a, struct geo_box b)
{
    return (struct geo_box){
        .west = a.west < b.west ? a.west : b.west,
        .south = a.south < b.south ? a.south : b.south,
        .east = a.east > b.east ? a.east : b.east,
        .north = a.north > b.north ? a.north : b.north,
    };
}

bool geo_box_meets(struct geo_box a, struct geo_box b)
{
    return a.west <= b.east && b.west <= a.east && a.south <= b.north && b.south <= a.north;
}
