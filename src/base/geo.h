/* Places on a map: longitude and latitude in millionths of a degree. */
#ifndef BASE_GEO_H
#define BASE_GEO_H

#include <stddef.h>
#include <stdint.h>

struct geo_point {
    int32_t lon;
    int32_t lat;
};

/* All four sides belong to it. */
struct geo_box {
    int32_t west;
    int32_t south;
    int32_t east;
    int32_t north;
};

/* A ring without holes or crossings, counterclockwise with north up; the first point is not
 * repeated at the end. */
struct geo_ring {
    const struct geo_point *at;
    size_t count;
};

#endif
