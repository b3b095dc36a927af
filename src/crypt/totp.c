/* One-time codes by time (RFC 6238 on RFC 4226). */
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "crypt/crypt.h"

enum { SHA1_BYTES = 20, COUNTER_BYTES = 8, CODE_DIGITS_MAX = 8 };

void totp_secret(unsigned char out[static TOTP_SECRET_BYTES])
{
    crypt_random(out, TOTP_SECRET_BYTES);
}

uint32_t totp_code(str secret, int64_t step, int digits)
{
    static const uint32_t POWERS[] = {1,      10,      100,      1000,     10000,
                                      100000, 1000000, 10000000, 100000000};
    unsigned char counter[COUNTER_BYTES];
    unsigned char mac[SHA1_BYTES] = {0};
    unsigned len = sizeof(mac);

    MUST(digits > 0 && digits <= CODE_DIGITS_MAX);
    for (int i = 0; i < COUNTER_BYTES; i++) {
        counter[i] = (unsigned char)((uint64_t)step >> (8 * (COUNTER_BYTES - 1 - i)) & 0xFF);
    }
    MUST(HMAC(EVP_sha1(), secret.at, (int)secret.len, counter, sizeof(counter), mac, &len) != NULL);
    const unsigned char *at = mac + (mac[SHA1_BYTES - 1] & 0x0F);
    uint32_t number = ((uint32_t)(at[0] & 0x7F) << 24) | ((uint32_t)at[1] << 16) |
                      ((uint32_t)at[2] << 8) | (uint32_t)at[3];
    return number % POWERS[digits];
}

static void put_digits(uint32_t code, char out[static TOTP_DIGITS])
{
    for (int i = TOTP_DIGITS - 1; i >= 0; i--) {
        out[i] = (char)('0' + code % 10);
        code /= 10;
    }
}

int64_t totp_find(str secret, str code, int64_t now_ms, int64_t last_step)
{
    int64_t now = now_ms / TOTP_STEP_MS;
    int64_t found = 0;

    for (int64_t step = now - 1; step <= now + 1; step++) {
        char text[TOTP_DIGITS];
        put_digits(totp_code(secret, step, TOTP_DIGITS), text);
        bool fits = crypt_equal(code, (str){text, TOTP_DIGITS});
        found = fits && step > last_step && found == 0 ? step : found;
    }
    return found;
}
