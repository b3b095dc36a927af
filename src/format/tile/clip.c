/* From degrees to the units of one tile. */
#include "format/tile/clip.h"

#include <math.h>

static const double PI = 3.14159265358979323846;
static const double LAT_MAX = 85.05112877980659; /* where the square of the world ends */
static const double MILLION = 1e6;

/* ---- Web Mercator ---- */

/* Units of the whole world at that zoom, from its north-western corner. */
static double world_x(int z, double lon)
{
    return (lon + 180.0) / 360.0 * ldexp(TILE_EXTENT, z);
}

static double world_y(int z, double lat)
{
    double kept = lat > LAT_MAX ? LAT_MAX : lat < -LAT_MAX ? -LAT_MAX : lat;
    double turned = log(tan(PI / 4.0 + kept * PI / 360.0));

    return (0.5 - turned / (2.0 * PI)) * ldexp(TILE_EXTENT, z);
}

static double lon_of(int z, double x)
{
    return x / ldexp(TILE_EXTENT, z) * 360.0 - 180.0;
}

static double lat_of(int z, double y)
{
    double turned = (0.5 - y / ldexp(TILE_EXTENT, z)) * 2.0 * PI;

    return (atan(exp(turned)) - PI / 4.0) * 360.0 / PI;
}

static int32_t millionths(double degrees)
{
    return (int32_t)lround(degrees * MILLION);
}

bool tile_is_there(struct tile_at at)
{
    return at.z >= 0 && at.z <= TILE_ZOOM_MAX && at.x >= 0 && at.y >= 0 && at.x >> at.z == 0 &&
           at.y >> at.z == 0;
}

struct geo_box tile_box(struct tile_at at)
{
    double reach = TILE_BUFFER + TILE_STEP;
    double west = (double)(at.x * TILE_EXTENT) - reach;
    double north = (double)(at.y * TILE_EXTENT) - reach;

    return (struct geo_box){
        .west = millionths(lon_of(at.z, west)),
        .south = millionths(lat_of(at.z, north + TILE_EXTENT + 2.0 * reach)),
        .east = millionths(lon_of(at.z, west + TILE_EXTENT + 2.0 * reach)),
        .north = millionths(lat_of(at.z, north)),
    };
}

/* To the nearest point of the grid, which lies alike in every tile. */
static int64_t on_grid(double units)
{
    return (int64_t)floor(units / TILE_STEP + 0.5) * TILE_STEP;
}

static void project(struct tile_at at, struct geo_ring ring, struct tile_ring *out)
{
    for (size_t i = 0; i < ring.count; i++) {
        out->at[out->count++] = (struct tile_point){
            .x = on_grid(world_x(at.z, ring.at[i].lon / MILLION)) - at.x * TILE_EXTENT,
            .y = on_grid(world_y(at.z, ring.at[i].lat / MILLION)) - at.y * TILE_EXTENT,
        };
    }
}

/* ---- leaving corners out ---- */

/* Twice the area of the corner: 0 where the middle one lies on a line with the others, be it
 * between them or beyond. */
static int64_t corner(struct tile_point a, struct tile_point b, struct tile_point c)
{
    return (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x);
}

/* Leave out what changes nothing. Each corner that goes may make the one before it needless, so the
 * ring is kept as a stack, and looked at once more around its seam. */
static void tidy(struct tile_ring *ring)
{
    size_t kept = 0;
    size_t first = 0;

    for (size_t i = 0; i < ring->count; i++) {
        struct tile_point next = ring->at[i];
        while (kept >= 2 && corner(ring->at[kept - 2], ring->at[kept - 1], next) == 0) {
            kept--;
        }
        bool is_same = kept == 1 && ring->at[0].x == next.x && ring->at[0].y == next.y;
        kept = is_same ? 0 : kept;
        ring->at[kept++] = next;
    }
    for (bool is_more = true; is_more && kept - first >= 3;) {
        is_more = false;
        if (corner(ring->at[kept - 2], ring->at[kept - 1], ring->at[first]) == 0) {
            kept--;
            is_more = true;
        } else if (corner(ring->at[kept - 1], ring->at[first], ring->at[first + 1]) == 0) {
            first++;
            is_more = true;
        }
    }
    ring->at += first;
    ring->count = kept - first >= 3 ? kept - first : 0;
}

static int64_t twice_area(const struct tile_ring *ring)
{
    int64_t area = 0;

    for (size_t i = 0; i < ring->count; i++) {
        struct tile_point a = ring->at[i];
        struct tile_point b = ring->at[i + 1 < ring->count ? i + 1 : 0];
        area += a.x * b.y - b.x * a.y;
    }
    return area;
}

static void reverse(struct tile_ring *ring)
{
    for (size_t i = 0; i < ring->count / 2; i++) {
        struct tile_point swap = ring->at[i];
        ring->at[i] = ring->at[ring->count - 1 - i];
        ring->at[ring->count - 1 - i] = swap;
    }
}

/* ---- clipping (Sutherland and Hodgman, Communications of the ACM 17(1), 1974) ---- */

enum { EDGES = 4 };

/* How far inside an edge of the buffer the point lies; negative outside. */
static int64_t depth(struct tile_point at, int edge)
{
    switch (edge) {
    case 0:
        return at.x + TILE_BUFFER;
    case 1:
        return at.y + TILE_BUFFER;
    case 2:
        return TILE_EXTENT + TILE_BUFFER - at.x;
    default:
        return TILE_EXTENT + TILE_BUFFER - at.y;
    }
}

static int64_t between(int64_t from, int64_t to, int64_t part, int64_t whole)
{
    return from + (int64_t)llround((double)(to - from) * (double)part / (double)whole);
}

/* Where the line from a, inside, to b, outside, meets the edge. */
static struct tile_point meet(struct tile_point a, struct tile_point b, int edge)
{
    int64_t part = depth(a, edge);
    int64_t whole = part - depth(b, edge);

    return (struct tile_point){between(a.x, b.x, part, whole), between(a.y, b.y, part, whole)};
}

/* What of the ring lies inside the edge, and along it. */
static void clip_edge(const struct tile_ring *in, int edge, struct tile_ring *out)
{
    out->count = 0;
    for (size_t i = 0; i < in->count; i++) {
        struct tile_point a = in->at[i];
        struct tile_point b = in->at[i + 1 < in->count ? i + 1 : 0];
        bool starts_in = depth(a, edge) >= 0;
        bool ends_in = depth(b, edge) >= 0;
        if (starts_in) {
            out->at[out->count++] = a;
        }
        if (starts_in != ends_in) {
            out->at[out->count++] = starts_in ? meet(a, b, edge) : meet(b, a, edge);
        }
    }
}

struct tile_ring tile_clip(struct tile_at at, struct geo_ring ring, struct arena *arena)
{
    /* An edge that every side of a ring crosses leaves half of its corners and adds one a side:
     * half as many more, four times over. */
    size_t room = 6 * ring.count + 6;
    struct tile_ring one = {ARENA_NEW(arena, struct tile_point, room), 0};
    struct tile_ring other = {ARENA_NEW(arena, struct tile_point, room), 0};

    project(at, ring, &one);
    tidy(&one);
    for (int edge = 0; edge < EDGES; edge++) {
        clip_edge(&one, edge, &other);
        struct tile_ring swap = one;
        one = other;
        other = swap;
    }
    tidy(&one);
    int64_t area = twice_area(&one);
    if (area < 0) {
        reverse(&one);
    }
    one.count = area == 0 ? 0 : one.count;
    return one;
}
