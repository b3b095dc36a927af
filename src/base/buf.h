/* Growing text with a maximum. Writers return nothing: writing past the maximum sets a flag that
 * is asked once, at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct buf {
    struct arena *arena;
    char *at;
    size_t len;
    size_t room;
    size_t max;
    bool overfull;
};

void buf_init(struct buf *buf, struct arena *arena, size_t max_bytes);
void buf_put(struct buf *buf, str s);
void buf_char(struct buf *buf, char c);
void buf_int(struct buf *buf, int64_t n);
/* `scaled` / 10^decimals, exactly: buf_fixed(b, -1234, 2) writes "-12.34". */
void buf_fixed(struct buf *buf, int64_t scaled, int decimals);
/* The same with thousands separators, for people. */
void buf_fixed_grouped(struct buf *buf, int64_t scaled, int decimals);
/* What was written; false when the maximum was reached and text is missing. */
bool buf_done(const struct buf *buf, str *out);
void buf_clear(struct buf *buf);

#endif
