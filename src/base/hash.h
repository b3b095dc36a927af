/* SHA-256 (FIPS 180-4), from libsodium: the name of a stored file, the digest of an event. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

enum { HASH_BYTES = 32 };

struct hash {
    unsigned char bytes[HASH_BYTES];
};

struct hash hash_of(str bytes);
/* Of `first` with `rest` behind it. */
struct hash hash_of_two(str first, str rest);
/* 64 lower-case hexadecimal digits. */
str hash_hex(struct hash hash, struct arena *arena);
/* The other way; false when they are not 64 such digits. */
bool hash_parse(str hex, struct hash *out);
/* A hash as bytes for the database; points into `*hash`. */
str hash_bytes(const struct hash *hash);

#endif
