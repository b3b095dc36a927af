/* A hash map from text to a whole number. Keys are not copied: they must outlive the map. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct map_slot;

struct map {
    struct arena *arena;
    struct map_slot *slots;
    size_t room; /* a power of two */
    size_t count;
};

/* `expected` entries fit without growing. */
void map_init(struct map *map, struct arena *arena, size_t expected);
/* Set `key` to `value`; true when the key was new. */
bool map_put(struct map *map, str key, int64_t value);
bool map_get(const struct map *map, str key, int64_t *out_value);

#endif
