/* SHA-256 by libsodium. */
#include "base/hash.h"

#include <sodium.h>

enum { HEX_DIGITS = 2 * HASH_BYTES };

_Static_assert(HASH_BYTES == crypto_hash_sha256_BYTES, "SHA-256 has 32 bytes");

struct hash hash_of(str bytes)
{
    struct hash hash = {{0}};

    (void)crypto_hash_sha256(hash.bytes, (const unsigned char *)bytes.at, bytes.len);
    return hash;
}

struct hash hash_of_two(str first, str rest)
{
    struct hash hash = {{0}};
    crypto_hash_sha256_state state;

    (void)crypto_hash_sha256_init(&state);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)first.at, first.len);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)rest.at, rest.len);
    (void)crypto_hash_sha256_final(&state, hash.bytes);
    return hash;
}

str hash_hex(struct hash hash, struct arena *arena)
{
    char *text = arena_take(arena, HEX_DIGITS + 1);

    (void)sodium_bin2hex(text, HEX_DIGITS + 1, hash.bytes, HASH_BYTES);
    return (str){text, HEX_DIGITS};
}

str hash_bytes(const struct hash *hash)
{
    return (str){(const char *)hash->bytes, HASH_BYTES};
}

bool hash_parse(str hex, struct hash *out)
{
    size_t made = 0;

    return hex.len == 2 * (size_t)HASH_BYTES &&
           sodium_hex2bin(out->bytes, HASH_BYTES, hex.at, hex.len, NULL, &made, NULL) == 0 &&
           made == HASH_BYTES;
}
