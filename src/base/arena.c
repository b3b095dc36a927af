/* Arenas in chunks. In sanitizer builds (ARENA_SPLIT) each take is its own chunk, so that an
 * overrun between neighbours is seen. */
#include "base/arena.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/must.h"

enum { CHUNK_BYTES = 64 * 1024, ALIGN_BYTES = 16 };

struct arena_chunk {
    struct arena_chunk *before;
    size_t used;
    size_t size;
    size_t padding;
};

_Static_assert(sizeof(struct arena_chunk) % ALIGN_BYTES == 0, "chunk data must stay aligned");

static char *chunk_data(struct arena_chunk *chunk)
{
    return (char *)(chunk + 1);
}

static void add_chunk(struct arena *arena, size_t need)
{
#ifdef ARENA_SPLIT
    size_t size = need;
#else
    size_t size = need > CHUNK_BYTES ? need : CHUNK_BYTES;
#endif
    struct arena_chunk *chunk = FAULT("arena.chunk") ? NULL : calloc(1, sizeof(*chunk) + size);

    if (chunk == NULL) {
        NEVER("out of memory");
    }
    chunk->before = arena->last;
    chunk->size = size;
    arena->last = chunk;
}

void arena_init(struct arena *arena, size_t max_bytes)
{
    *arena = (struct arena){.max = max_bytes};
}

void arena_done(struct arena *arena)
{
    arena_rewind(arena, (struct arena_mark){0});
}

void arena_give_back(void)
{
    (void)malloc_trim(0);
}

void *arena_take(struct arena *arena, size_t bytes)
{
    MUST(bytes <= SIZE_MAX - ALIGN_BYTES);
    size_t need = bytes == 0 ? ALIGN_BYTES : (bytes + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;

    MUST(need <= arena->max - arena->taken);
    if (arena->last == NULL || arena->last->size - arena->last->used < need) {
        add_chunk(arena, need);
    }
    void *place = chunk_data(arena->last) + arena->last->used;
    arena->last->used += need;
    arena->taken += need;
    return place;
}

void *arena_take_many(struct arena *arena, size_t count, size_t size)
{
    size_t bytes = 0;

    MUST(!__builtin_mul_overflow(count, size, &bytes));
    return arena_take(arena, bytes);
}

str arena_str(struct arena *arena, str s)
{
    char *copy = arena_take(arena, s.len + 1);

    if (s.len > 0) {
        memcpy(copy, s.at, s.len);
    }
    return (str){copy, s.len};
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){
        .last = arena->last,
        .used = arena->last == NULL ? 0 : arena->last->used,
        .taken = arena->taken,
    };
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->last != mark.last) {
        struct arena_chunk *chunk = arena->last;
        arena->last = chunk->before;
        free(chunk);
    }
    if (arena->last != NULL) {
        char *data = chunk_data(arena->last);
        memset(data + mark.used, 0, arena->last->used - mark.used);
        arena->last->used = mark.used;
    }
    arena->taken = mark.taken;
}
