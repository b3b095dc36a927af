/* Changes of one group's option, of which only the cheapest are wanted. */
#ifndef CALC_SOLVE_ENGINE_SHORTLIST_H
#define CALC_SOLVE_ENGINE_SHORTLIST_H

#include <stdint.h>

#include "base/arena.h"

struct change {
    int group;
    int option;   /* within its group */
    double key;   /* the least is the cheapest; among equals the first group, then option */
    int64_t gain; /* of value, where the list is to be ordered by it; else 0 */
};

/* The cheapest `room` of all changes offered. */
struct shortlist {
    struct change *change;
    int count;
    int room;
};

struct shortlist shortlist_room(struct arena *arena, int room);
/* Keep the change if it is among the cheapest so far. */
void shortlist_offer(struct shortlist *list, struct change change);
/* In order of their keys; of their gains, the greatest first. Nothing may be offered after it. */
void shortlist_sort(struct shortlist *list);
void shortlist_sort_by_gain(struct shortlist *list);

/* A change with a greater key than this would not be kept. */
static inline double shortlist_key_max(const struct shortlist *list)
{
    return list->count < list->room ? (double)__builtin_inf() : list->change[0].key;
}

#endif
