/* Cryptography as the office needs it: passwords, one-time codes, tokens, sealed fields,
 * signatures. Every record says its algorithm, so that another one can follow. The algorithms are
 * libsodium's, but for the HMAC-SHA1 of one-time codes, which is OpenSSL's. */
#ifndef CRYPT_CRYPT_H
#define CRYPT_CRYPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"

void crypt_random(void *out, size_t bytes);
/* Equal bytes? The time taken tells nothing of where they differ. */
bool crypt_equal(str a, str b);
/* Overwrite a secret; never left out by the compiler. */
void crypt_wipe(void *secret, size_t bytes);

/* Passwords: argon2id (RFC 9106) with the costs below kept in each record, a text of at most
 * PASSWORD_RECORD_MAX bytes that begins with its algorithm: "$argon2id$v=19$m=47104,t=1,p=1$…".
 * Making or checking one takes about 60 ms and PASSWORD_KIB of memory: a server lets at most two
 * run at once. */
enum { PASSWORD_KIB = 47104, PASSWORD_PASSES = 1, PASSWORD_BYTES_MAX = 256 };
enum { PASSWORD_RECORD_MAX = 128 };

/* RC_LIMIT: the password is too long; RC_BUSY: not enough memory now. */
enum rc password_record(str password, struct arena *arena, str *out, struct err *err) MUST_CHECK;
/* Is it the password of that record? False for a damaged record, too. */
bool password_fits(str password, str record);
/* Made with other costs than today's: to be made anew when the password is next known. */
bool password_is_outdated(str record);
/* A record that no password fits, at today's cost: for names that do not exist. */
str password_of_nobody(void);

/* Tokens: 256 random bits as 43 characters of base64url. Only token_hash is ever stored. */
enum { TOKEN_CHARS = 43 };
str token_make(struct arena *arena);
struct hash token_hash(str token);

/* One-time codes by time (RFC 6238): HMAC-SHA1, steps of 30 s, six digits. */
enum { TOTP_SECRET_BYTES = 20, TOTP_STEP_MS = 30000, TOTP_DIGITS = 6 };

void totp_secret(unsigned char out[static TOTP_SECRET_BYTES]);
/* The code of a step, with up to 8 digits. */
uint32_t totp_code(str secret, int64_t step, int digits);
/* The step, of now or one beside it and later than `last_step`, whose code was given; 0: none. The
 * caller keeps it as the new `last_step`: a code is good once. */
int64_t totp_find(str secret, str code, int64_t now_ms, int64_t last_step);
/* A secret as people type it into their telephone: base32 (RFC 4648) without padding. */
str base32_text(str bytes, struct arena *arena);

/* Recovery codes "xxxx-xxxx-xxxx-xxxx": 80 random bits in 32 letters that are not mistaken for one
 * another. The hash of what a person typed: case, blanks and dashes do not count. */
str recovery_code(struct arena *arena);
struct hash recovery_hash(str typed);

/* Sealed bytes: XChaCha20-Poly1305. A record is the algorithm (1 byte), the key's id (8 bytes), the
 * nonce (24), the sealed bytes and their tag (16). `place` says where the record stands ("table,
 * column, row") and is sealed in: a record moved elsewhere does not open. */
enum { SEAL_KEY_BYTES = 32 };

struct seal_key {
    unsigned char bytes[SEAL_KEY_BYTES];
};

str seal(const struct seal_key *key, str place, str plain, struct arena *arena);
/* False: another key, another place, or changed bytes. */
bool unseal(const struct seal_key *key, str place, str record, struct arena *arena, str *out);

/* Ed25519 (RFC 8032). Whoever keeps a key or a signature writes SIGN_ALGORITHM beside it. */
enum { SIGN_SEED_BYTES = 32, SIGN_PUBLIC_BYTES = 32, SIGN_BYTES = 64 };
#define SIGN_ALGORITHM "ed25519"

struct sign_key { /* the seed is the secret; all else comes of it */
    unsigned char seed[SIGN_SEED_BYTES];
};
struct sign_public {
    unsigned char bytes[SIGN_PUBLIC_BYTES];
};
struct signature {
    unsigned char bytes[SIGN_BYTES];
};

void sign_key_make(struct sign_key *out);
struct sign_public sign_key_public(const struct sign_key *key);
struct signature sign_bytes(const struct sign_key *key, str bytes);
bool sign_is_good(const struct sign_public *key, str bytes, const struct signature *signature);

#endif
