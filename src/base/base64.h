/* Base64 (RFC 4648, with padding), from libsodium: hashes and signatures in texts. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

void base64_put(struct buf *out, str bytes);
/* The bytes, in `arena`; false for what is not base64, or has bits that say nothing. */
bool base64_read(str text, struct arena *arena, str *out);

#endif
