/* Passwords by argon2id of libsodium. */
#include <sodium.h>

#include "crypt/crypt.h"

static const size_t MEMORY_BYTES = (size_t)PASSWORD_KIB * 1024;

_Static_assert(PASSWORD_RECORD_MAX == crypto_pwhash_STRBYTES, "room of a record");

enum rc password_record(str password, struct arena *arena, str *out, struct err *err)
{
    char *record = arena_take(arena, PASSWORD_RECORD_MAX);

    MUST(sodium_init() >= 0);
    if (password.len > PASSWORD_BYTES_MAX) {
        return err_set(err, RC_LIMIT, MSG_CRYPT_PASSWORD_LONG, arg_count(PASSWORD_BYTES_MAX));
    }
    if (crypto_pwhash_str_alg(record, password.at == NULL ? "" : password.at, password.len,
                              PASSWORD_PASSES, MEMORY_BYTES, crypto_pwhash_ALG_ARGON2ID13) != 0) {
        return err_set(err, RC_BUSY, MSG_CRYPT_NO_MEMORY, arg_count(PASSWORD_KIB / 1024));
    }
    *out = str_from(record);
    return RC_OK;
}

/* The engine wants a zero behind the record. */
static bool copy_record(str record, char out[static PASSWORD_RECORD_MAX])
{
    if (record.len == 0 || record.len >= PASSWORD_RECORD_MAX) {
        return false;
    }
    memset(out, 0, PASSWORD_RECORD_MAX);
    memcpy(out, record.at, record.len);
    return true;
}

bool password_fits(str password, str record)
{
    char text[PASSWORD_RECORD_MAX];

    return password.len <= PASSWORD_BYTES_MAX && copy_record(record, text) &&
           crypto_pwhash_str_verify(text, password.at == NULL ? "" : password.at, password.len) ==
               0;
}

bool password_is_outdated(str record)
{
    char text[PASSWORD_RECORD_MAX];

    return !copy_record(record, text) ||
           crypto_pwhash_str_needs_rehash(text, PASSWORD_PASSES, MEMORY_BYTES) != 0;
}

str password_of_nobody(void)
{
    return STR("$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}
