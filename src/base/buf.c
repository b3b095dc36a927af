/* Growing text. */
#include "base/buf.h"

#include <string.h>

#include "base/must.h"
#include "base/num.h"

enum { BUF_ROOM_FIRST = 256 };

static void grow(struct buf *buf, size_t need)
{
    size_t room = buf->room == 0 ? BUF_ROOM_FIRST : buf->room * 2;

    if (room < need) {
        room = need;
    }
    char *at = arena_take(buf->arena, room);
    if (buf->len > 0) {
        memcpy(at, buf->at, buf->len);
    }
    buf->at = at;
    buf->room = room;
}

void buf_init(struct buf *buf, struct arena *arena, size_t max_bytes)
{
    *buf = (struct buf){.arena = arena, .max = max_bytes};
}

void buf_put(struct buf *buf, str s)
{
    if (buf->overfull || s.len > buf->max - buf->len) {
        buf->overfull = true;
        return;
    }
    if (buf->len + s.len > buf->room) {
        grow(buf, buf->len + s.len);
    }
    if (s.len > 0) {
        memcpy(buf->at + buf->len, s.at, s.len);
        buf->len += s.len;
    }
}

void buf_char(struct buf *buf, char c)
{
    buf_put(buf, (str){&c, 1});
}

void buf_int(struct buf *buf, int64_t n)
{
    buf_fixed(buf, n, 0);
}

void buf_fixed(struct buf *buf, int64_t scaled, int decimals)
{
    char text[NUM_TEXT_MAX];

    buf_put(buf, num_print(text, scaled, decimals));
}

void buf_fixed_grouped(struct buf *buf, int64_t scaled, int decimals)
{
    char text[NUM_TEXT_MAX];
    str plain = num_print(text, scaled, decimals);
    size_t point = str_find(plain, STR("."));
    size_t whole = point == STR_NONE ? plain.len : point;

    for (size_t i = 0; i < plain.len; i++) {
        bool inside = i > 0 && i < whole && plain.at[i - 1] != '-';
        if (inside && (whole - i) % 3 == 0) {
            buf_char(buf, ',');
        }
        buf_char(buf, plain.at[i]);
    }
}

bool buf_done(const struct buf *buf, str *out)
{
    *out = (str){buf->len == 0 ? "" : buf->at, buf->len};
    return !buf->overfull;
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->overfull = false;
}
