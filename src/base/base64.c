/* Base64 by libsodium. */
#include "base/base64.h"

#include <sodium.h>

void base64_put(struct buf *out, str bytes)
{
    size_t room = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_ORIGINAL);
    char *text = arena_take(out->arena, room);

    (void)sodium_bin2base64(text, room, (const unsigned char *)bytes.at, bytes.len,
                            sodium_base64_VARIANT_ORIGINAL);
    buf_put(out, (str){text, room - 1});
}

bool base64_read(str text, struct arena *arena, str *out)
{
    unsigned char *bytes = arena_take(arena, text.len / 4 * 3 + 3);
    const char *end = NULL;
    size_t len = 0;

    if (sodium_base642bin(bytes, text.len / 4 * 3 + 3, text.at, text.len, NULL, &len, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != text.at + text.len) {
        return false;
    }
    *out = (str){(const char *)bytes, len};
    return true;
}
