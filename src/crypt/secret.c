/* Random bytes, comparison, tokens, recovery codes, sealed fields, signatures. */
#include "crypt/crypt.h"

#include <sodium.h>

enum {
    TOKEN_BYTES = 32,
    RECOVERY_CHARS = 16,
    RECOVERY_GROUP = 4,
    SEAL_ALGORITHM = 1, /* XChaCha20-Poly1305 */
    SEAL_ID_BYTES = 8,
    SEAL_HEAD_BYTES = 1 + SEAL_ID_BYTES,
    SEAL_NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    SEAL_TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    BASE32_BITS = 5,
    BASE32_MASK = 31,
};

_Static_assert(SEAL_KEY_BYTES == (int)crypto_aead_xchacha20poly1305_ietf_KEYBYTES, "key of a seal");
_Static_assert(SIGN_SEED_BYTES == (int)crypto_sign_ed25519_SEEDBYTES, "seed of a key");
_Static_assert(SIGN_PUBLIC_BYTES == (int)crypto_sign_ed25519_PUBLICKEYBYTES, "public key");
_Static_assert(SIGN_BYTES == (int)crypto_sign_ed25519_BYTES, "signature");

static const unsigned char *bytes_of(str s)
{
    return (const unsigned char *)(s.at == NULL ? "" : s.at);
}

void crypt_random(void *out, size_t bytes)
{
    MUST(sodium_init() >= 0);
    randombytes_buf(out, bytes);
}

bool crypt_equal(str a, str b)
{
    return a.len == b.len && (a.len == 0 || sodium_memcmp(a.at, b.at, a.len) == 0);
}

void crypt_wipe(void *secret, size_t bytes)
{
    sodium_memzero(secret, bytes);
}

str token_make(struct arena *arena)
{
    unsigned char raw[TOKEN_BYTES];
    char *text = arena_take(arena, TOKEN_CHARS + 1);

    crypt_random(raw, sizeof(raw));
    (void)sodium_bin2base64(text, TOKEN_CHARS + 1, raw, sizeof(raw),
                            sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    crypt_wipe(raw, sizeof(raw));
    return (str){text, TOKEN_CHARS};
}

struct hash token_hash(str token)
{
    return hash_of(token);
}

str base32_text(str bytes, struct arena *arena)
{
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    size_t len = (8 * bytes.len + BASE32_BITS - 1) / BASE32_BITS;
    char *text = arena_take(arena, len + 1);
    unsigned held = 0;
    int bits = 0;
    size_t from = 0;

    for (size_t i = 0; i < len; i++) {
        if (bits < BASE32_BITS) {
            held = held << 8 | (from < bytes.len ? (unsigned char)bytes.at[from] : 0U);
            bits += 8;
            from++;
        }
        bits -= BASE32_BITS;
        text[i] = LETTERS[held >> bits & BASE32_MASK];
    }
    return (str){text, len};
}

/* Without i, l, o and u. */
static const char RECOVERY_LETTERS[] = "0123456789abcdefghjkmnpqrstvwxyz";

str recovery_code(struct arena *arena)
{
    unsigned char raw[RECOVERY_CHARS];
    char *text = arena_take(arena, RECOVERY_CHARS + RECOVERY_CHARS / RECOVERY_GROUP);
    size_t len = 0;

    crypt_random(raw, sizeof(raw));
    for (size_t i = 0; i < RECOVERY_CHARS; i++) {
        if (i > 0 && i % RECOVERY_GROUP == 0) {
            text[len++] = '-';
        }
        text[len++] = RECOVERY_LETTERS[raw[i] & BASE32_MASK];
    }
    crypt_wipe(raw, sizeof(raw));
    return (str){text, len};
}

/* The letter that was meant: o is 0, i and l are 1; 0 for what does not count. */
static char recovery_letter(char c)
{
    char lower = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);

    if (lower == 'o') {
        return '0';
    }
    if (lower == 'i' || lower == 'l') {
        return '1';
    }
    return (char)(lower == '-' || lower == ' ' ? 0 : lower);
}

struct hash recovery_hash(str typed)
{
    char text[RECOVERY_CHARS + 1] = {0};
    size_t len = 0;

    for (size_t i = 0; i < typed.len && len <= RECOVERY_CHARS; i++) {
        char letter = recovery_letter(typed.at[i]);
        if (letter != 0) {
            text[len++] = letter;
        }
    }
    struct hash hash = hash_of((str){text, len});
    crypt_wipe(text, sizeof(text));
    return hash;
}

/* The first bytes of the key's own hash name it without giving it away. */
static void put_head(const struct seal_key *key, unsigned char out[static SEAL_HEAD_BYTES])
{
    struct hash id = hash_of((str){(const char *)key->bytes, SEAL_KEY_BYTES});

    out[0] = SEAL_ALGORITHM;
    memcpy(out + 1, id.bytes, SEAL_ID_BYTES);
}

str seal(const struct seal_key *key, str place, str plain, struct arena *arena)
{
    size_t len = SEAL_HEAD_BYTES + SEAL_NONCE_BYTES + plain.len + SEAL_TAG_BYTES;
    unsigned char *record = arena_take(arena, len);
    unsigned char *nonce = record + SEAL_HEAD_BYTES;

    put_head(key, record);
    crypt_random(nonce, SEAL_NONCE_BYTES);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(nonce + SEAL_NONCE_BYTES, NULL,
                                                     bytes_of(plain), plain.len, bytes_of(place),
                                                     place.len, NULL, nonce, key->bytes);
    return (str){(const char *)record, len};
}

bool unseal(const struct seal_key *key, str place, str record, struct arena *arena, str *out)
{
    unsigned char head[SEAL_HEAD_BYTES];
    const unsigned char *nonce = bytes_of(record) + SEAL_HEAD_BYTES;

    put_head(key, head);
    if (record.len < SEAL_HEAD_BYTES + SEAL_NONCE_BYTES + SEAL_TAG_BYTES ||
        memcmp(head, record.at, SEAL_HEAD_BYTES) != 0) {
        return false;
    }
    size_t sealed_len = record.len - SEAL_HEAD_BYTES - SEAL_NONCE_BYTES;
    size_t len = sealed_len - SEAL_TAG_BYTES;
    unsigned char *plain = arena_take(arena, len + 1);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, nonce + SEAL_NONCE_BYTES,
                                                   sealed_len, bytes_of(place), place.len, nonce,
                                                   key->bytes) != 0) {
        return false;
    }
    *out = (str){(const char *)plain, len};
    return true;
}

void sign_key_make(struct sign_key *out)
{
    crypt_random(out->seed, sizeof(out->seed));
}

struct sign_public sign_key_public(const struct sign_key *key)
{
    unsigned char secret[crypto_sign_ed25519_SECRETKEYBYTES];
    struct sign_public out;

    (void)crypto_sign_ed25519_seed_keypair(out.bytes, secret, key->seed);
    crypt_wipe(secret, sizeof(secret));
    return out;
}

struct signature sign_bytes(const struct sign_key *key, str bytes)
{
    unsigned char secret[crypto_sign_ed25519_SECRETKEYBYTES];
    unsigned char public_key[crypto_sign_ed25519_PUBLICKEYBYTES];
    struct signature out;

    (void)crypto_sign_ed25519_seed_keypair(public_key, secret, key->seed);
    (void)crypto_sign_ed25519_detached(out.bytes, NULL, bytes_of(bytes), bytes.len, secret);
    crypt_wipe(secret, sizeof(secret));
    return out;
}

bool sign_is_good(const struct sign_public *key, str bytes, const struct signature *signature)
{
    return crypto_sign_ed25519_verify_detached(signature->bytes, bytes_of(bytes), bytes.len,
                                               key->bytes) == 0;
}
