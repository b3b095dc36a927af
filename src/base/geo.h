/* Places on a map: longitude and latitude in millionths of a degree. */
#ifndef BASE_GEO_H
#define BASE_GEO_H

#include <stdbool.h>
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

/* The least box around both. */
struct geo_box geo_box_join(struct geo_box a, struct geo_box b);
bool geo_box_meets(struct geo_box a, struct geo_box b);

/* A ring without holes or crossings, counterclockwise with north up; the first point is not
 * repeated at the end. */
struct geo_ring {
    const struct geo_point *at;
    size_t count;
};

#endif
