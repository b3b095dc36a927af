/* The cheapest of many changes, in a heap with the dearest at the top. */
#include "calc/solve/engine/shortlist.h"

#include <stdlib.h>

static int in_order(const struct change *x, const struct change *y)
{
    return x->group != y->group ? x->group - y->group : x->option - y->option;
}

static int by_key(const void *a, const void *b)
{
    const struct change *x = a;
    const struct change *y = b;

    return x->key != y->key ? (x->key < y->key ? -1 : 1) : in_order(x, y);
}

static int by_gain(const void *a, const void *b)
{
    const struct change *x = a;
    const struct change *y = b;

    return x->gain != y->gain ? (x->gain > y->gain ? -1 : 1) : in_order(x, y);
}

struct shortlist shortlist_room(struct arena *arena, int room)
{
    return (struct shortlist){.change = ARENA_NEW(arena, struct change, (size_t)room),
                              .room = room};
}

/* Put the change where it belongs at or below `at`. */
static void sink(struct shortlist *list, int at, struct change change)
{
    struct change *heap = list->change;

    while (2 * at + 1 < list->count) {
        int below = 2 * at + 1;
        if (below + 1 < list->count && by_key(&heap[below + 1], &heap[below]) > 0) {
            below++;
        }
        if (by_key(&heap[below], &change) < 0) {
            break;
        }
        heap[at] = heap[below];
        at = below;
    }
    heap[at] = change;
}

void shortlist_offer(struct shortlist *list, struct change change)
{
    if (list->count == list->room) {
        if (by_key(&change, &list->change[0]) < 0) {
            sink(list, 0, change);
        }
        return;
    }
    list->change[list->count++] = change;
    for (int at = list->room / 2 - 1; list->count == list->room && at >= 0; at--) {
        sink(list, at, list->change[at]);
    }
}

void shortlist_sort(struct shortlist *list)
{
    qsort(list->change, (size_t)list->count, sizeof(*list->change), by_key);
}

void shortlist_sort_by_gain(struct shortlist *list)
{
    qsort(list->change, (size_t)list->count, sizeof(*list->change), by_gain);
}
