/* Memory with one lifetime: everything taken from an arena is freed together. Zeroed, 16-byte
 * aligned, with a hard maximum. Reaching the maximum, or the machine's, is a broken promise:
 * the door that let the input in must have a limit that answers first. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/str.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *last;
    size_t taken;
    size_t max;
};

/* A place to go back to. */
struct arena_mark {
    struct arena_chunk *last;
    size_t used;
    size_t taken;
};

#define ARENA_KIB         ((size_t)1024)
#define ARENA_MIB         (1024 * ARENA_KIB)
#define ARENA_REQUEST_MAX (64 * ARENA_MIB)
#define ARENA_JOB_MAX     (2048 * ARENA_MIB)

void arena_init(struct arena *arena, size_t max_bytes);
void arena_done(struct arena *arena);
/* Hand what was freed back to the system. The allocator keeps it for the thread that had it, which
 * is right for a command and wrong for a server: each of its threads would keep the most that it
 * ever needed. */
void arena_give_back(void);

void *arena_take(struct arena *arena, size_t bytes);
/* `count` zeroed objects of `type`; zero of them give a pointer that may not be read. */
#define ARENA_NEW(arena, type, count) ((type *)arena_take_many((arena), (count), sizeof(type)))
void *arena_take_many(struct arena *arena, size_t count, size_t size);
/* A copy that lives as long as the arena; a zero byte follows it. */
str arena_str(struct arena *arena, str s);

/* Scratch: what was taken after the mark is freed, what was taken before stays. */
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

#endif
