/* Open addressing with linear steps; half full at most. Keys come from files, so the hash is
 * seeded FNV-1a over the bytes: good enough for maps whose size the doors limit. */
#include "base/map.h"

struct map_slot {
    str key; /* at == NULL: free */
    int64_t value;
};

static uint64_t hash_key(str key)
{
    uint64_t hash = 0xcbf29ce484222325U;

    for (size_t i = 0; i < key.len; i++) {
        hash = (hash ^ (unsigned char)key.at[i]) * 0x100000001b3U;
    }
    return hash ^ hash >> 29;
}

static struct map_slot *find(const struct map *map, str key)
{
    size_t place = hash_key(key) & (map->room - 1);

    while (map->slots[place].key.at != NULL && !str_equal(map->slots[place].key, key)) {
        place = (place + 1) & (map->room - 1);
    }
    return &map->slots[place];
}

void map_init(struct map *map, struct arena *arena, size_t expected)
{
    size_t room = 16;

    while (room < expected * 2) {
        room *= 2;
    }
    *map = (struct map){
        .arena = arena,
        .slots = ARENA_NEW(arena, struct map_slot, room),
        .room = room,
    };
}

static void grow(struct map *map)
{
    struct map bigger = {0};

    map_init(&bigger, map->arena, map->room);
    for (size_t i = 0; i < map->room; i++) {
        if (map->slots[i].key.at != NULL) {
            *find(&bigger, map->slots[i].key) = map->slots[i];
        }
    }
    bigger.count = map->count;
    *map = bigger;
}

bool map_put(struct map *map, str key, int64_t value)
{
    if ((map->count + 1) * 2 > map->room) {
        grow(map);
    }
    struct map_slot *slot = find(map, key);
    bool is_new = slot->key.at == NULL;
    slot->key = key.at == NULL ? STR("") : key;
    slot->value = value;
    map->count += is_new ? 1 : 0;
    return is_new;
}

bool map_get(const struct map *map, str key, int64_t *out_value)
{
    if (map->room == 0) {
        return false;
    }
    const struct map_slot *slot = find(map, key);
    if (slot->key.at == NULL) {
        return false;
    }
    *out_value = slot->value;
    return true;
}
