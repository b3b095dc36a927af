/* For tests: a byte sink that keeps what it takes, and a look into the workbook it took. */
#ifndef FORMAT_XLSX_TAKEN_TEST_H
#define FORMAT_XLSX_TAKEN_TEST_H

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <zip.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"

struct taken {
    struct arena arena;
    struct err err;
    struct buf bytes;
    bool refuses;
};

static inline enum rc take(void *self, str bytes)
{
    struct taken *taken = self;

    if (taken->refuses) {
        return RC_BROKEN;
    }
    buf_put(&taken->bytes, bytes);
    return RC_OK;
}

static inline struct byte_sink start(struct taken *taken)
{
    *taken = (struct taken){0};
    arena_init(&taken->arena, 256 * ARENA_MIB);
    buf_init(&taken->bytes, &taken->arena, 64 * ARENA_MIB);
    return (struct byte_sink){taken, take};
}

static inline str bytes_of(struct taken *taken)
{
    str all = {0};

    assert_true(buf_done(&taken->bytes, &all));
    return all;
}

/* The text of a part of a zip archive, or "" when it is not there. */
static inline str part_of(struct taken *taken, const char *name)
{
    str bytes = bytes_of(taken);
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(bytes.at, bytes.len, 0, &error);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    struct buf text;
    str all = {0};
    char piece[4096];
    zip_int64_t got = 0;

    assert_non_null(zip);
    buf_init(&text, &taken->arena, 64 * ARENA_MIB);
    zip_file_t *file = zip_fopen(zip, name, 0);
    while (file != NULL && (got = zip_fread(file, piece, sizeof(piece))) > 0) {
        buf_put(&text, (str){piece, (size_t)got});
    }
    if (file != NULL) {
        (void)zip_fclose(file);
    }
    zip_discard(zip);
    assert_true(buf_done(&text, &all));
    return all;
}

static inline void expect_part(struct taken *taken, const char *name, const char *wanted)
{
    str part = part_of(taken, name);

    if (str_find(part, str_from(wanted)) == STR_NONE) {
        print_error("%s lacks %s:\n%.*s\n", name, wanted, (int)(part.len < 4000 ? part.len : 4000),
                    part.at);
        fail();
    }
}

#endif
