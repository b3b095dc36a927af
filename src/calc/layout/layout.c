/* Units on Gosper's curve, and their borders. */
#include "calc/layout/layout_in.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

enum { CURVE_LEVELS = 8, CURVE_PARTS = 7 };

/* ---- the curve ---- */

/* A piece of the curve is made of seven smaller ones, each turned by so many sixths of a circle,
 * and some of them run as the other kind does:
 *     A is A-B--B+A++AA+B-    B is +A-BB--B-A++A+B    + turns left, - right. */
struct part {
    int kind;
    int turn;
};
static const struct part PARTS[2][CURVE_PARTS] = {
    {{0, 0}, {1, 5}, {1, 3}, {0, 4}, {0, 0}, {0, 0}, {1, 1}},
    {{0, 1}, {1, 0}, {1, 0}, {1, 4}, {0, 3}, {0, 5}, {1, 0}},
};

/* Neighbours counterclockwise from the east. */
static const struct layout_cell SIDES[LAYOUT_SIDES] = {
    {1, 0}, {0, 1}, {-1, 1}, {-1, 0}, {0, -1}, {1, -1},
};

static struct layout_cell sum(struct layout_cell a, struct layout_cell b)
{
    return (struct layout_cell){a.q + b.q, a.r + b.r};
}

/* Turned left by sixths of a circle. */
static struct layout_cell turned(struct layout_cell step, int sixths)
{
    for (int i = 0; i < sixths; i++) {
        step = (struct layout_cell){-step.r, step.q + step.r};
    }
    return step;
}

/* From the start of a piece to its end, one level up: seven such steps come to (3, -1) of them. */
static struct layout_cell longer(struct layout_cell step)
{
    return (struct layout_cell){3 * step.q + step.r, 2 * step.r - step.q};
}

struct layout_cell layout_curve(int index)
{
    struct layout_cell at = {0, 0};
    struct layout_cell steps[CURVE_LEVELS] = {{1, 0}};
    int sizes[CURVE_LEVELS] = {1};
    struct part piece = {0, 0};

    MUST(index >= 0 && index < LAYOUT_UNITS_MAX);
    for (int level = 1; level < CURVE_LEVELS; level++) {
        steps[level] = longer(steps[level - 1]);
        sizes[level] = sizes[level - 1] * CURVE_PARTS;
    }
    for (int level = CURVE_LEVELS - 1; level >= 0; level--) {
        const struct part *parts = PARTS[piece.kind];
        int digit = index / sizes[level];
        index -= digit * sizes[level];
        for (int i = 0; i < digit; i++) {
            at = sum(at, turned(steps[level], (piece.turn + parts[i].turn) % LAYOUT_SIDES));
        }
        piece = (struct part){parts[digit].kind, (piece.turn + parts[digit].turn) % LAYOUT_SIDES};
    }
    return at;
}

/* ---- which cells are whose ---- */

struct child {
    int parent;
    int unit;
    int64_t rank;
};

static int by_parent_and_rank(const void *a, const void *b)
{
    const struct child *left = a;
    const struct child *right = b;

    if (left->parent != right->parent) {
        return left->parent < right->parent ? -1 : 1;
    }
    if (left->rank != right->rank) {
        return left->rank < right->rank ? -1 : 1;
    }
    return left->unit < right->unit ? -1 : 1;
}

static int *count_cells(const int *parent, int count, struct arena *arena)
{
    int *cells = ARENA_NEW(arena, int, (size_t)count);

    for (int i = count - 1; i >= 0; i--) {
        MUST(i == 0 ? parent[i] == -1 : parent[i] >= 0 && parent[i] < i);
        cells[i] = cells[i] == 0 ? 1 : cells[i];
        if (i > 0) {
            cells[parent[i]] += cells[i];
        }
    }
    return cells;
}

static int *place_units(const int *parent, const int64_t *rank, const int *cells, int count,
                        struct arena *arena)
{
    int *first = ARENA_NEW(arena, int, (size_t)count);
    int *next = ARENA_NEW(arena, int, (size_t)count); /* free cell of each parent */
    struct child *children = ARENA_NEW(arena, struct child, (size_t)count);

    for (int i = 0; i < count; i++) {
        children[i] = (struct child){parent[i], i, rank[i]};
    }
    qsort(children, (size_t)count, sizeof(*children), by_parent_and_rank);
    for (int i = 1; i < count; i++) {
        const struct child *child = &children[i];
        first[child->unit] = next[child->parent];
        next[child->parent] += cells[child->unit];
        next[child->unit] = first[child->unit];
    }
    return first;
}

/* ---- looking cells up ---- */

static void make_grid(struct layout *layout, struct arena *arena)
{
    struct layout_cell low = {INT32_MAX, INT32_MAX};
    struct layout_cell high = {INT32_MIN, INT32_MIN};

    for (int i = 0; i < layout->cell_count; i++) {
        struct layout_cell at = layout->at[i];
        low = (struct layout_cell){at.q < low.q ? at.q : low.q, at.r < low.r ? at.r : low.r};
        high = (struct layout_cell){at.q > high.q ? at.q : high.q, at.r > high.r ? at.r : high.r};
    }
    layout->low = low;
    layout->wide = high.q - low.q + 1;
    layout->high = high.r - low.r + 1;
    size_t room = (size_t)layout->wide * (size_t)layout->high;
    int32_t *grid = ARENA_NEW(arena, int32_t, room);
    memset(grid, 0xff, room * sizeof(*grid));
    for (int i = 0; i < layout->cell_count; i++) {
        struct layout_cell at = layout->at[i];
        grid[(size_t)(at.r - low.r) * (size_t)layout->wide + (size_t)(at.q - low.q)] = i;
    }
    layout->grid = grid;
}

static int cell_at(const struct layout *layout, struct layout_cell at)
{
    int q = at.q - layout->low.q;
    int r = at.r - layout->low.r;

    if (q < 0 || r < 0 || q >= layout->wide || r >= layout->high) {
        return -1;
    }
    return layout->grid[(size_t)r * (size_t)layout->wide + (size_t)q];
}

static int neighbour(const struct layout *layout, int cell, int side)
{
    return cell_at(layout, sum(layout->at[cell], SIDES[side]));
}

/* ---- in degrees ---- */

struct geo_point layout_middle(struct layout_cell cell)
{
    return (struct geo_point){
        .lon = (2 * cell.q + cell.r) * LAYOUT_STEP_LON,
        .lat = 3 * cell.r * LAYOUT_STEP_LAT,
    };
}

/* Where a side begins, counterclockwise. */
static struct geo_point corner_of(struct layout_cell cell, int side)
{
    static const struct geo_point CORNERS[LAYOUT_SIDES] = {
        {1, -1}, {1, 1}, {0, 2}, {-1, 1}, {-1, -1}, {0, -2},
    };
    struct geo_point at = layout_middle(cell);

    at.lon += CORNERS[side].lon * LAYOUT_STEP_LON;
    at.lat += CORNERS[side].lat * LAYOUT_STEP_LAT;
    return at;
}

struct geo_box layout_cell_box(struct layout_cell cell)
{
    struct geo_point at = layout_middle(cell);

    return (struct geo_box){
        .west = at.lon - LAYOUT_STEP_LON,
        .south = at.lat - 2 * LAYOUT_STEP_LAT,
        .east = at.lon + LAYOUT_STEP_LON,
        .north = at.lat + 2 * LAYOUT_STEP_LAT,
    };
}

/* The box of a unit is that of its first cell, and of all units in it. */
static const struct geo_box *make_boxes(const struct layout *layout, const int *parent,
                                        struct arena *arena)
{
    struct geo_box *boxes = ARENA_NEW(arena, struct geo_box, (size_t)layout->unit_count);

    for (int i = 0; i < layout->unit_count; i++) {
        boxes[i] = layout_cell_box(layout->at[layout->first[i]]);
    }
    for (int i = layout->unit_count - 1; i > 0; i--) {
        boxes[parent[i]] = geo_box_join(boxes[parent[i]], boxes[i]);
    }
    return boxes;
}

void layout_make(const int *parent, const int64_t *rank, int count, struct arena *arena,
                 struct layout *out)
{
    MUST(count > 0 && count <= LAYOUT_UNITS_MAX);
    int *cells = count_cells(parent, count, arena);
    struct layout_cell *at = ARENA_NEW(arena, struct layout_cell, (size_t)cells[0]);

    for (int i = 0; i < cells[0]; i++) {
        at[i] = layout_curve(i);
    }
    *out = (struct layout){
        .unit_count = count,
        .cell_count = cells[0],
        .first = place_units(parent, rank, cells, count, arena),
        .cells = cells,
        .at = at,
    };
    make_grid(out, arena);
    out->boxes = make_boxes(out, parent, arena);
}

/* ---- borders ---- */

static bool is_in(const struct layout *layout, int unit, int cell)
{
    int from = layout->first[unit];

    return cell >= from && cell < from + layout->cells[unit];
}

static bool is_border(const struct layout *layout, int unit, int cell, int side)
{
    return !is_in(layout, unit, neighbour(layout, cell, side));
}

/* The first side of a unit that nothing of it lies beyond. */
static void find_border(const struct layout *layout, int unit, int *out_cell, int *out_side)
{
    int from = layout->first[unit];

    for (int cell = from; cell < from + layout->cells[unit]; cell++) {
        for (int side = 0; side < LAYOUT_SIDES; side++) {
            if (is_border(layout, unit, cell, side)) {
                *out_cell = cell;
                *out_side = side;
                return;
            }
        }
    }
    NEVER("a unit without a border");
}

/* Walk along the border with the unit on the left. At the end of a side three cells meet: this one,
 * the one outside, and a third; where the third belongs to the unit the border goes on with it. */
struct geo_ring layout_ring(const struct layout *layout, int unit, struct arena *arena)
{
    size_t room = (size_t)LAYOUT_SIDES * (size_t)layout->cells[unit];
    struct geo_point *points = NULL;
    size_t count = 0;
    int begin_cell = 0;
    int begin_side = 0;

    find_border(layout, unit, &begin_cell, &begin_side);
    points = ARENA_NEW(arena, struct geo_point, room);
    int cell = begin_cell;
    int side = begin_side;
    do {
        MUST(count < room);
        points[count++] = corner_of(layout->at[cell], side);
        side = (side + 1) % LAYOUT_SIDES;
        if (!is_border(layout, unit, cell, side)) {
            cell = neighbour(layout, cell, side);
            side = (side + LAYOUT_SIDES - 2) % LAYOUT_SIDES;
        }
    } while (cell != begin_cell || side != begin_side);
    return (struct geo_ring){points, count};
}
