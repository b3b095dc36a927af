/* Tar archives. */
#include "format/tar/tar.h"

#include <stdio.h>
#include <string.h>

enum {
    BLOCK = 512,
    MODE_AT = 100,
    OWNER_AT = 108,
    GROUP_AT = 116,
    SIZE_AT = 124,
    TIME_AT = 136,
    SUM_AT = 148,
    KIND_AT = 156,
    MAGIC_AT = 257,
    DIGITS = 11,
    NUMBER_DIGITS = 7,
    SUM_DIGITS = 6,
    MS_A_SECOND = 1000,
};

static const char MAGIC[8] = {'u', 's', 't', 'a', 'r', '\0', '0', '0'};

/* The sum of a head's bytes, where its own field counts as blanks. */
static unsigned sum_of(const char *head)
{
    unsigned sum = 0;

    for (int i = 0; i < BLOCK; i++) {
        bool is_sum = i >= SUM_AT && i < SUM_AT + 8;
        sum += is_sum ? ' ' : (unsigned char)head[i];
    }
    return sum;
}

static void put_octal(char *at, int digits, uint64_t number)
{
    for (int i = digits - 1; i >= 0; i--) {
        at[i] = (char)('0' + (number & 7));
        number >>= 3;
    }
}

static bool read_octal(const char *at, int digits, uint64_t *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++) {
        if (at[i] < '0' || at[i] > '7') {
            return false;
        }
        *out = *out << 3 | (uint64_t)(at[i] - '0');
    }
    return true;
}

static void make_head(const struct tar_entry *entry, int64_t at_ms, char head[static BLOCK])
{
    memset(head, 0, BLOCK);
    for (size_t i = 0; i < entry->name.len; i++) {
        head[i] = entry->name.at[i];
    }
    put_octal(head + MODE_AT, NUMBER_DIGITS, 0600);
    put_octal(head + OWNER_AT, NUMBER_DIGITS, 0);
    put_octal(head + GROUP_AT, NUMBER_DIGITS, 0);
    put_octal(head + SIZE_AT, DIGITS, entry->bytes.len);
    put_octal(head + TIME_AT, DIGITS, (uint64_t)(at_ms / MS_A_SECOND));
    head[KIND_AT] = '0';
    memcpy(head + MAGIC_AT, MAGIC, sizeof(MAGIC));
    put_octal(head + SUM_AT, SUM_DIGITS, sum_of(head));
    head[SUM_AT + SUM_DIGITS + 1] = ' ';
}

static size_t padding(size_t len)
{
    return (BLOCK - len % BLOCK) % BLOCK;
}

enum rc tar_put(const struct byte_sink *sink, const struct tar_entry *entry, int64_t at_ms,
                struct err *err)
{
    static const char ZEROS[BLOCK];
    char head[BLOCK];

    MUST(0 < entry->name.len && entry->name.len <= TAR_NAME_MAX);
    if ((int64_t)entry->bytes.len > TAR_BYTES_MAX) {
        return err_set(err, RC_LIMIT, MSG_FORMAT_TAR_LARGE, arg_text(entry->name));
    }
    make_head(entry, at_ms, head);
    enum rc rc = sink->take(sink->self, (str){head, BLOCK});
    if (rc == RC_OK) {
        rc = sink->take(sink->self, entry->bytes);
    }
    if (rc == RC_OK) {
        rc = sink->take(sink->self, (str){ZEROS, padding(entry->bytes.len)});
    }
    return rc;
}

enum rc tar_end(const struct byte_sink *sink)
{
    static const char ZEROS[2 * BLOCK];

    return sink->take(sink->self, (str){ZEROS, sizeof(ZEROS)});
}

static bool is_zero(str bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.at[i] != '\0') {
            return false;
        }
    }
    return true;
}

/* A head that make_head made, to the last byte: read it, make it again, compare. */
static bool read_head(const char *head, uint64_t *out_size, str *out_name)
{
    char again[BLOCK];
    uint64_t time = 0;
    const struct tar_entry entry = {.name = {head, strnlen(head, TAR_NAME_MAX)}};

    if (entry.name.len == 0 || !read_octal(head + SIZE_AT, DIGITS, out_size) ||
        !read_octal(head + TIME_AT, DIGITS, &time)) {
        return false;
    }
    make_head(&(struct tar_entry){entry.name, {NULL, *out_size}}, (int64_t)time * MS_A_SECOND,
              again);
    *out_name = entry.name;
    return memcmp(head, again, BLOCK) == 0;
}

enum rc tar_next(str *rest, struct tar_entry *out, struct err *err)
{
    uint64_t size = 0;
    str name = {0};

    if (rest->len == (size_t)2 * BLOCK && is_zero(*rest)) {
        *rest = STR("");
        return RC_MISSING;
    }
    if (rest->len < BLOCK || !read_head(rest->at, &size, &name)) {
        return err_set(err, RC_INVALID, MSG_FORMAT_TAR_BROKEN);
    }
    str body = str_part(*rest, BLOCK, rest->len);
    size_t pad = padding((size_t)size);
    if (body.len < size || body.len - size < pad || !is_zero((str){body.at + size, pad})) {
        return err_set(err, RC_INVALID, MSG_FORMAT_TAR_BROKEN);
    }
    *out = (struct tar_entry){name, {body.at, (size_t)size}};
    *rest = str_part(body, (size_t)size + pad, body.len);
    return RC_OK;
}
