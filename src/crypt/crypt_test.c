/* Cryptography against the published vectors, and against what an attacker would try. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "crypt/crypt.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 16 * ARENA_MIB);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static str from_hex(const char *hex)
{
    static const char DIGITS[] = "0123456789abcdef";
    size_t len = strlen(hex) / 2;
    char *bytes = arena_take(&arena, len + 1);

    for (size_t i = 0; i < len; i++) {
        const char *high = strchr(DIGITS, hex[2 * i]);
        const char *low = strchr(DIGITS, hex[2 * i + 1]);
        assert_true(high != NULL && low != NULL);
        bytes[i] = (char)((high - DIGITS) << 4 | (low - DIGITS));
    }
    return (str){bytes, len};
}

/* Vectors of the reference implementation of Argon2 (test.c, version 19, argon2id). */
static void checks_records_of_the_reference_implementation(void **state)
{
    str small = STR("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$"
                    "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
    str large = STR("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$"
                    "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");

    (void)state;
    assert_true(password_fits(STR("password"), small));
    assert_true(password_fits(STR("password"), large));
    assert_false(password_fits(STR("differentpassword"), small));
    assert_true(password_is_outdated(small));
}

static void a_record_keeps_its_cost_and_fits_its_password_alone(void **state)
{
    struct err err = {0};
    str record = {0};
    str again = {0};

    (void)state;
    assert_int_equal(password_record(STR("九点一刻的梯田"), &arena, &record, &err), RC_OK);
    assert_int_equal(password_record(STR("九点一刻的梯田"), &arena, &again, &err), RC_OK);
    assert_true(str_starts(record, STR("$argon2id$v=19$m=47104,t=1,p=1$")));
    assert_false(str_equal(record, again));
    assert_false(password_is_outdated(record));
    assert_true(password_fits(STR("九点一刻的梯田"), record));
    assert_false(password_fits(STR("九点一刻的梯"), record));
    assert_false(password_fits(STR(""), record));
}

static void damaged_records_and_long_passwords_fit_nothing(void **state)
{
    char *big = arena_take(&arena, PASSWORD_BYTES_MAX + 1);
    struct err err = {0};
    str record = {0};

    (void)state;
    assert_false(password_fits(STR(""), STR("")));
    assert_false(password_fits(STR("x"), STR("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$")));
    assert_false(password_fits(STR("x"), STR("x")));
    assert_true(password_is_outdated(STR("x")));
    memset(big, 'x', PASSWORD_BYTES_MAX + 1);
    assert_int_equal(password_record((str){big, PASSWORD_BYTES_MAX + 1}, &arena, &record, &err),
                     RC_LIMIT);
}

/* The record of nobody must cost as much as a real one, or its quickness tells that nobody is
 * there. */
static void nobody_costs_as_much_as_somebody(void **state)
{
    (void)state;
    assert_false(password_is_outdated(password_of_nobody()));
    assert_false(password_fits(STR(""), password_of_nobody()));
    assert_false(password_fits(STR("password"), password_of_nobody()));
}

static void tokens_differ_and_are_43_characters_of_base64url(void **state)
{
    str one = token_make(&arena);
    str two = token_make(&arena);
    struct hash hash = token_hash(one);
    struct hash other = token_hash(two);

    (void)state;
    assert_int_equal(one.len, TOKEN_CHARS);
    for (size_t i = 0; i < one.len; i++) {
        char c = one.at[i];
        assert_true((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                    c == '-' || c == '_');
    }
    assert_false(crypt_equal(one, two));
    assert_false(crypt_equal(hash_bytes(&hash), hash_bytes(&other)));
}

/* RFC 6238, appendix B, SHA-1 with eight digits. */
static void one_time_codes_are_those_of_the_rfc(void **state)
{
    static const struct {
        int64_t seconds;
        uint32_t code;
    } VECTORS[] = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                   {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    str secret = STR("12345678901234567890");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(VECTORS); i++) {
        assert_int_equal(totp_code(secret, VECTORS[i].seconds / 30, 8), VECTORS[i].code);
    }
}

/* RFC 4226, appendix D. */
static void counted_codes_are_those_of_the_rfc(void **state)
{
    static const uint32_t CODES[] = {755224, 287082, 359152, 969429, 338314,
                                     254676, 287922, 162583, 399871, 520489};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(CODES); i++) {
        assert_int_equal(totp_code(STR("12345678901234567890"), (int64_t)i, 6), CODES[i]);
    }
}

static str code_of(str secret, int64_t step)
{
    char *text = arena_take(&arena, TOTP_DIGITS);
    uint32_t code = totp_code(secret, step, TOTP_DIGITS);

    for (int i = TOTP_DIGITS - 1; i >= 0; i--) {
        text[i] = (char)('0' + code % 10);
        code /= 10;
    }
    return (str){text, TOTP_DIGITS};
}

static void a_code_is_good_one_step_around_now_and_once(void **state)
{
    str secret = STR("12345678901234567890");
    const int64_t now = 59000; /* step 1 */
    const int64_t later = 100 * (int64_t)TOTP_STEP_MS;

    (void)state;
    assert_int_equal(totp_find(secret, STR("287082"), now, 0), 1);
    assert_int_equal(totp_find(secret, STR("359152"), now, 0), 2);
    assert_int_equal(totp_find(secret, STR("287082"), now, 1), 0);
    assert_int_equal(totp_find(secret, STR("969429"), now, 0), 0);
    assert_int_equal(totp_find(secret, code_of(secret, 99), later, 0), 99);
    assert_int_equal(totp_find(secret, code_of(secret, 98), later, 0), 0);
    assert_int_equal(totp_find(secret, code_of(secret, 102), later, 0), 0);
    assert_int_equal(totp_find(secret, STR(""), later, 0), 0);
    assert_int_equal(totp_find(secret, STR("28708"), now, 0), 0);
}

/* RFC 4648, section 10, less the padding. */
static void base32_is_that_of_the_rfc(void **state)
{
    (void)state;
    assert_true(str_equal(base32_text(STR(""), &arena), STR("")));
    assert_true(str_equal(base32_text(STR("f"), &arena), STR("MY")));
    assert_true(str_equal(base32_text(STR("fo"), &arena), STR("MZXQ")));
    assert_true(str_equal(base32_text(STR("foo"), &arena), STR("MZXW6")));
    assert_true(str_equal(base32_text(STR("foob"), &arena), STR("MZXW6YQ")));
    assert_true(str_equal(base32_text(STR("fooba"), &arena), STR("MZXW6YTB")));
    assert_true(str_equal(base32_text(STR("foobar"), &arena), STR("MZXW6YTBOI")));
}

static void a_recovery_code_is_known_however_it_is_typed(void **state)
{
    str code = recovery_code(&arena);
    struct hash same = recovery_hash(STR("01ab-cdef-ghjk-mnpq"));
    struct hash typed = recovery_hash(STR("Oi AB cdef GHJK mnpq"));
    struct hash other = recovery_hash(STR("01ab-cdef-ghjk-mnpr"));

    (void)state;
    assert_int_equal(code.len, 19);
    assert_false(str_equal(code, recovery_code(&arena)));
    assert_memory_equal(same.bytes, typed.bytes, HASH_BYTES);
    assert_memory_not_equal(same.bytes, other.bytes, HASH_BYTES);
}

/* draft-irtf-cfrg-xchacha-03, appendix A.3.1. */
static void opens_the_sealed_bytes_of_the_draft(void **state)
{
    static const char SEALED[] =
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4e"
        "da7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2"
        "383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49";
    str place = from_hex("50515253c0c1c2c3c4c5c6c7");
    str key_bytes = from_hex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    str nonce = from_hex("404142434445464748494a4b4c4d4e4f5051525354555657");
    struct seal_key key;
    struct buf record;
    str bytes = {0};
    str plain = {0};

    (void)state;
    memcpy(key.bytes, key_bytes.at, SEAL_KEY_BYTES);
    struct hash id = hash_of(key_bytes);
    buf_init(&record, &arena, 4096);
    buf_char(&record, 1);
    buf_put(&record, (str){(const char *)id.bytes, 8});
    buf_put(&record, nonce);
    buf_put(&record, from_hex(SEALED));
    assert_true(buf_done(&record, &bytes));
    assert_true(unseal(&key, place, bytes, &arena, &plain));
    assert_true(str_equal(plain, STR("Ladies and Gentlemen of the class of '99: If I could offer "
                                     "you only one tip for the future, sunscreen would be it.")));
}

static void what_is_sealed_opens_in_its_place_with_its_key_unchanged(void **state)
{
    struct seal_key key;
    struct seal_key other;
    str plain = {0};

    (void)state;
    crypt_random(key.bytes, SEAL_KEY_BYTES);
    crypt_random(other.bytes, SEAL_KEY_BYTES);
    str record = seal(&key, STR("person.totp.1"), STR("secret"), &arena);
    assert_true(unseal(&key, STR("person.totp.1"), record, &arena, &plain));
    assert_true(str_equal(plain, STR("secret")));
    assert_false(unseal(&key, STR("person.totp.2"), record, &arena, &plain));
    assert_false(unseal(&other, STR("person.totp.1"), record, &arena, &plain));
    assert_false(unseal(&key, STR("person.totp.1"), STR(""), &arena, &plain));
    for (size_t i = 0; i < record.len; i++) {
        char *bent = arena_take(&arena, record.len);
        memcpy(bent, record.at, record.len);
        bent[i] ^= 1;
        assert_false(unseal(&key, STR("person.totp.1"), (str){bent, record.len}, &arena, &plain));
        assert_false(unseal(&key, STR("person.totp.1"), str_part(record, 0, i), &arena, &plain));
    }
}

/* RFC 8032, section 7.1, tests 1 and 2. */
static void signatures_are_those_of_the_rfc(void **state)
{
    static const struct {
        const char *seed, *key, *text, *signature;
    } VECTORS[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
         "cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
         "0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(VECTORS); i++) {
        struct sign_key key;
        str text = from_hex(VECTORS[i].text);
        memcpy(key.seed, from_hex(VECTORS[i].seed).at, SIGN_SEED_BYTES);
        struct sign_public made = sign_key_public(&key);
        struct signature signature = sign_bytes(&key, text);
        assert_memory_equal(made.bytes, from_hex(VECTORS[i].key).at, SIGN_PUBLIC_BYTES);
        assert_memory_equal(signature.bytes, from_hex(VECTORS[i].signature).at, SIGN_BYTES);
        assert_true(sign_is_good(&made, text, &signature));
    }
}

static void a_signature_is_for_its_text_and_key_alone(void **state)
{
    struct sign_key key;
    struct sign_key other;
    struct signature signature;

    (void)state;
    sign_key_make(&key);
    sign_key_make(&other);
    struct sign_public mine = sign_key_public(&key);
    struct sign_public others = sign_key_public(&other);
    signature = sign_bytes(&key, STR("head 7"));
    assert_true(sign_is_good(&mine, STR("head 7"), &signature));
    assert_false(sign_is_good(&mine, STR("head 8"), &signature));
    assert_false(sign_is_good(&others, STR("head 7"), &signature));
    for (size_t i = 0; i < SIGN_BYTES; i++) {
        signature.bytes[i] ^= 0x10;
        assert_false(sign_is_good(&mine, STR("head 7"), &signature));
        signature.bytes[i] ^= 0x10;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(checks_records_of_the_reference_implementation),
        TEST(a_record_keeps_its_cost_and_fits_its_password_alone),
        TEST(damaged_records_and_long_passwords_fit_nothing),
        TEST(nobody_costs_as_much_as_somebody),
        TEST(tokens_differ_and_are_43_characters_of_base64url),
        TEST(one_time_codes_are_those_of_the_rfc),
        TEST(counted_codes_are_those_of_the_rfc),
        TEST(a_code_is_good_one_step_around_now_and_once),
        TEST(base32_is_that_of_the_rfc),
        TEST(a_recovery_code_is_known_however_it_is_typed),
        TEST(opens_the_sealed_bytes_of_the_draft),
        TEST(what_is_sealed_opens_in_its_place_with_its_key_unchanged),
        TEST(signatures_are_those_of_the_rfc),
        TEST(a_signature_is_for_its_text_and_key_alone),
    };

    return cmocka_run_group_tests_name("crypt", tests, NULL, NULL);
}
