/* Listing combinations of moves and building box trees over them. */
#include "calc/solve/engine/list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calc/solve/engine/pack.h"

enum {
    LEAF_ENTRIES = 16,
    TRIES_MAX = 12,
    ENTRY_STEPS = 4,
    ROOM_FIRST = 4096,
    ROOM_MAX = (1 << 19) - 4
};
enum { BOX_LANES_MAX = 2 * KERNEL_LANES * KERNEL_WIDTH_MAX };

static const double ENOUGH = 0.7;       /* of the entries asked for */
static const double COUNT_GROWTH = 1.8; /* ln(count) ≈ 1.8 √(moves within the limit) */

void list_moves_room(struct list *list, int moves, int width, struct arena *arena)
{
    size_t lanes = (size_t)width * KERNEL_LANES;

    list->moves = 0;
    if (moves > list->moves_room) {
        list->moves_room = moves + moves / 2;
        list->move = ARENA_NEW(arena, struct move, (size_t)list->moves_room);
        list->move_lanes = pack_take(
            arena, (size_t)list->moves_room * KERNEL_LANES * KERNEL_WIDTH_MAX, sizeof(int32_t));
    }
    if (moves > 0) {
        memset(list->move_lanes, 0, (size_t)moves * lanes * sizeof(int32_t));
    }
}

static void room_for(struct list *list, int entries, int width, struct arena *arena)
{
    int64_t need = (int64_t)entries * width;

    if (need <= list->room) {
        return;
    }
    list->room = list->room == 0 ? ROOM_FIRST : list->room;
    while (list->room < need) {
        list->room *= 2;
    }
    size_t size = (size_t)list->room;
    list->entry = pack_take(arena, size * KERNEL_LANES, sizeof(int32_t));
    list->id = ARENA_NEW(arena, int, size);
    list->parent = ARENA_NEW(arena, int, size);
    list->by = ARENA_NEW(arena, int, size);
    list->loss = ARENA_NEW(arena, float, size);
    list->node = ARENA_NEW(arena, struct kernel_node, size / 8 + 2);
    list->box = pack_take(arena, (size / 8 + 2) * BOX_LANES_MAX, sizeof(int32_t));
}

/* Where the walk through the combinations stands. */
struct walk {
    int depth;
    int next[LIST_MOVES_DEEP + 1];
    int move[LIST_MOVES_DEEP + 1];
    int entry[LIST_MOVES_DEEP + 1];
    double cost[LIST_MOVES_DEEP + 1];
};

/* The next combination within `limit`, depth first; false at the end. The moves are in order of
 * cost, so that the first one too dear ends a branch. */
static bool walk_on(struct walk *walk, const struct list *list, double limit, bool *taken)
{
    while (true) {
        int i = walk->next[walk->depth];
        bool dear = i == list->moves || walk->cost[walk->depth] + list->move[i].cost > limit;
        if (dear && walk->depth == 0) {
            return false;
        }
        if (dear) {
            taken[list->move[walk->move[walk->depth]].group] = false;
            walk->depth--;
            continue;
        }
        walk->next[walk->depth] = i + 1;
        if (taken[list->move[i].group] || walk->depth == LIST_MOVES_DEEP) {
            continue;
        }
        taken[list->move[i].group] = true;
        walk->depth++;
        walk->move[walk->depth] = i;
        walk->next[walk->depth] = i + 1;
        walk->cost[walk->depth] = walk->cost[walk->depth - 1] + list->move[i].cost;
        return true;
    }
}

static void walk_back(struct walk *walk, const struct list *list, bool *taken)
{
    for (; walk->depth > 0; walk->depth--) {
        taken[list->move[walk->move[walk->depth]].group] = false;
    }
}

/* How many combinations there are within the limit; stops counting above `most`. */
static int count_within(const struct list *list, double limit, int most, bool *taken)
{
    struct walk walk = {0};
    int count = 1;

    while (count <= most && walk_on(&walk, list, limit, taken)) {
        count++;
    }
    walk_back(&walk, list, taken);
    return count;
}

/* A limit within which there are nearly `most` combinations. */
static double find_limit(struct list *list, double cost_max, int most, bool *taken, int64_t *steps)
{
    double need = log((double)most) / COUNT_GROWTH;
    int at = (int)(need * need);
    double limit = at < list->moves ? fmin(list->move[at].cost, cost_max) : cost_max;
    double low = 0;
    double high = (double)INFINITY;

    for (int i = 0; i < TRIES_MAX; i++) {
        int count = count_within(list, limit, most, taken);
        *steps += count;
        if (count > most) {
            high = limit;
            limit = fmax((low + high) / 2, limit * 0.75);
            continue;
        }
        low = limit;
        if (count > ENOUGH * most || limit >= cost_max) {
            break;
        }
        double ratio = log((double)most) / log((double)count + 1);
        limit = isfinite(high) ? (low + high) / 2 : fmin(limit * ratio * ratio + 1e-9, cost_max);
    }
    return low;
}

static int by_cost(const void *a, const void *b)
{
    const struct move *x = a;
    const struct move *y = b;

    if (x->cost != y->cost) {
        return x->cost < y->cost ? -1 : 1;
    }
    return x->group != y->group ? x->group - y->group : x->option - y->option;
}

/* Sort the moves with their lanes: the place of a move's lanes is kept in an index beside it. */
struct placed {
    struct move move;
    int at;
};

static void sort_moves(struct list *list, const struct lanes *lanes, struct arena *arena)
{
    size_t size = (size_t)lanes->width * KERNEL_LANES;
    if (list->moves == 0) {
        return;
    }
    struct arena_mark mark = arena_mark(arena);
    struct placed *placed = ARENA_NEW(arena, struct placed, (size_t)list->moves);
    int32_t *copy = ARENA_NEW(arena, int32_t, (size_t)list->moves * size);

    for (int i = 0; i < list->moves; i++) {
        placed[i] = (struct placed){list->move[i], i};
    }
    qsort(placed, (size_t)list->moves, sizeof(*placed), by_cost);
    memcpy(copy, list->move_lanes, (size_t)list->moves * size * sizeof(*copy));
    for (int i = 0; i < list->moves; i++) {
        list->move[i] = placed[i].move;
        memcpy(list->move_lanes + (size_t)i * size, copy + (size_t)placed[i].at * size,
               size * sizeof(*copy));
    }
    arena_rewind(arena, mark);
}

/* An entry of its parent and one move; false when a lane would leave its range. */
static bool add_entry(struct list *list, const struct lanes *lanes, int parent, int by)
{
    size_t size = (size_t)lanes->width * KERNEL_LANES;
    int32_t *to = list->entry + (size_t)list->entries * size;
    const int32_t *from = list->entry + (size_t)parent * size;
    const int32_t *move = list->move_lanes + (size_t)by * size;
    bool fits = true;

    for (size_t i = 0; i < size; i++) {
        to[i] = from[i] + move[i];
        fits = fits && to[i] < LIST_LANE_MAX && to[i] > -LIST_LANE_MAX;
    }
    list->id[list->entries] = list->entries;
    list->parent[list->entries] = parent;
    list->by[list->entries] = by;
    list->loss[list->entries] = (float)to[lanes_loss(lanes)];
    list->entries += fits;
    return fits;
}

int64_t list_fill(struct list *list, const struct lanes *lanes, int entries_max, double cost_max,
                  bool *taken, struct arena *arena)
{
    struct walk walk = {0};
    int64_t steps = list->moves;

    entries_max = entries_max < ROOM_MAX / lanes->width ? entries_max : ROOM_MAX / lanes->width;
    room_for(list, entries_max + 1, lanes->width, arena);
    sort_moves(list, lanes, arena);
    double limit = find_limit(list, cost_max, entries_max, taken, &steps);
    memset(list->entry, 0, (size_t)lanes->width * KERNEL_LANES * sizeof(int32_t));
    list->id[0] = list->parent[0] = 0;
    list->by[0] = LIST_NONE;
    list->loss[0] = 0;
    list->entries = 1;
    list->complete = limit >= cost_max;
    while (list->entries < entries_max && walk_on(&walk, list, limit, taken)) {
        walk.entry[walk.depth] = list->entries;
        if (!add_entry(list, lanes, walk.entry[walk.depth - 1], walk.move[walk.depth])) {
            list->complete = false;
            walk.next[walk.depth] = list->moves; /* and none of what would follow from it */
        }
        list->complete = list->complete && walk.depth < LIST_MOVES_DEEP;
    }
    list->complete = list->complete && !walk_on(&walk, list, limit, taken);
    walk_back(&walk, list, taken);
    return (steps + list->entries) * ENTRY_STEPS;
}

/* A part of the entries that is to become a node. */
struct piece {
    int node;
    int depth;
};

/* The lane in which the box is widest in worth; LIST_NONE when all entries are the same. */
static int widest_lane(const int32_t *box, int size, const float *scale)
{
    int lane = LIST_NONE;
    float most = 0;

    for (int i = 0; i < size; i++) {
        float wide = (float)(box[size + i] - box[i]) * scale[i];
        if (wide > most) {
            most = wide;
            lane = i;
        }
    }
    return lane;
}

static void swap_entries(struct list *list, int i, int j, size_t size)
{
    int32_t kept[KERNEL_LANES * KERNEL_WIDTH_MAX];
    int id = list->id[i];

    memcpy(kept, list->entry + (size_t)i * size, size * sizeof(int32_t));
    memcpy(list->entry + (size_t)i * size, list->entry + (size_t)j * size, size * sizeof(int32_t));
    memcpy(list->entry + (size_t)j * size, kept, size * sizeof(int32_t));
    list->id[i] = list->id[j];
    list->id[j] = id;
}

/* Entries of [begin, end) not above the mean of the lane first; where the others begin. */
static int part_at_mean(struct list *list, int begin, int end, int lane, size_t size)
{
    int64_t sum = 0;
    int low = begin;
    int high = end - 1;

    for (int i = begin; i < end; i++) {
        sum += list->entry[(size_t)i * size + (size_t)lane];
    }
    int64_t count = end - begin;
    int64_t mean = sum / count - (sum % count < 0);
    while (low <= high) {
        if (list->entry[(size_t)low * size + (size_t)lane] <= mean) {
            low++;
        } else if (list->entry[(size_t)high * size + (size_t)lane] > mean) {
            high--;
        } else {
            swap_entries(list, low++, high--, size);
        }
    }
    return low;
}

static int add_node(struct list *list, const struct lanes *lanes, int begin, int end,
                    const struct kernel *kernel)
{
    size_t size = (size_t)lanes->width * KERNEL_LANES;

    list->node[list->nodes] = (struct kernel_node){begin, end, LIST_NONE, LIST_NONE};
    kernel->box(list->entry, begin, end, lanes->width, list->box + (size_t)list->nodes * 2 * size);
    return list->nodes++;
}

/* Split a node in two; false where it stays a leaf. */
static bool split(struct list *list, const struct lanes *lanes, int at, const float *scale,
                  const struct kernel *kernel)
{
    struct kernel_node *node = &list->node[at];
    int size = lanes->width * KERNEL_LANES;

    if (node->end - node->begin <= LEAF_ENTRIES || list->nodes + 2 > list->room / 8 + 2) {
        return false;
    }
    int lane = widest_lane(list->box + (size_t)at * 2 * (size_t)size, size, scale);
    if (lane == LIST_NONE) {
        return false;
    }
    int middle = part_at_mean(list, node->begin, node->end, lane, (size_t)size);
    node->left = add_node(list, lanes, node->begin, middle, kernel);
    node->right = add_node(list, lanes, middle, node->end, kernel);
    return true;
}

int64_t list_tree(struct list *list, const struct lanes *lanes, const float *scale,
                  const struct kernel *kernel)
{
    struct piece stack[2 * KERNEL_DEPTH_MAX];
    int depth = 0;
    int64_t steps = 0;

    list->nodes = 0;
    stack[depth++] = (struct piece){add_node(list, lanes, 0, list->entries, kernel), 0};
    while (depth > 0) {
        struct piece piece = stack[--depth];
        const struct kernel_node *node = &list->node[piece.node];
        steps += 2 * (int64_t)(node->end - node->begin);
        if (piece.depth < KERNEL_DEPTH_MAX - 1 && split(list, lanes, piece.node, scale, kernel)) {
            stack[depth++] = (struct piece){node->left, piece.depth + 1};
            stack[depth++] = (struct piece){node->right, piece.depth + 1};
        }
    }
    return steps;
}
