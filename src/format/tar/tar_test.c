/* Tar archives: what is written comes back, opens with tar, and no byte can change unseen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "format/tar/tar.h"

static enum rc take(void *self, str bytes)
{
    buf_put(self, bytes);
    return RC_OK;
}

static const struct tar_entry ENTRIES[] = {
    {STR_INIT("empty"), STR_INIT("")},
    {STR_INIT("files/one"), STR_INIT("first\n")},
    {STR_INIT("files/two"), STR_INIT("second")},
};

static str archive(struct arena *arena)
{
    struct buf buf;
    struct err err = {0};
    str made = {0};
    const struct byte_sink sink = {&buf, take};

    arena_init(arena, ARENA_MIB);
    buf_init(&buf, arena, 1 << 16);
    for (size_t i = 0; i < COUNT_OF(ENTRIES); i++) {
        assert_int_equal(tar_put(&sink, &ENTRIES[i], 1700000000000, &err), RC_OK);
    }
    assert_int_equal(tar_end(&sink), RC_OK);
    assert_true(buf_done(&buf, &made));
    return made;
}

static enum rc walk(str rest, size_t *out_count)
{
    struct tar_entry entry = {0};
    struct err err = {0};
    enum rc rc = RC_OK;

    *out_count = 0;
    while ((rc = tar_next(&rest, &entry, &err)) == RC_OK) {
        if (*out_count < COUNT_OF(ENTRIES)) {
            assert_true(str_equal(entry.name, ENTRIES[*out_count].name));
            assert_true(str_equal(entry.bytes, ENTRIES[*out_count].bytes));
        }
        *out_count += 1;
    }
    return rc;
}

static void gives_back_what_was_put(void **state)
{
    struct arena arena;
    size_t count = 0;

    (void)state;
    assert_int_equal(walk(archive(&arena), &count), RC_MISSING);
    assert_int_equal(count, COUNT_OF(ENTRIES));
    arena_done(&arena);
}

static void opens_with_any_tar(void **state)
{
    struct arena arena;
    str made = archive(&arena);
    char line[64] = "";
    FILE *file = fopen("/tmp/wancun-tar-test.tar", "wb");

    (void)state;
    assert_non_null(file);
    assert_int_equal(fwrite(made.at, 1, made.len, file), made.len);
    assert_int_equal(fclose(file), 0);
    file = popen("tar -xOf /tmp/wancun-tar-test.tar files/two; rm /tmp/wancun-tar-test.tar", "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof(line), file));
    assert_string_equal(line, "second");
    assert_int_equal(pclose(file), 0);
    arena_done(&arena);
}

static void refuses_every_part(void **state)
{
    struct arena arena;
    str made = archive(&arena);
    size_t count = 0;

    (void)state;
    for (size_t len = 0; len < made.len; len++) {
        assert_int_equal(walk(str_part(made, 0, len), &count), RC_INVALID);
    }
    arena_done(&arena);
}

/* The bytes of the files themselves are not its business, nor their names and dates. */
static void refuses_every_change_of_its_own_fields(void **state)
{
    struct arena arena;
    str made = archive(&arena);
    char *at = arena_take(&arena, made.len);
    size_t count = 0;

    (void)state;
    for (size_t i = 100; i < 512; i++) {
        memcpy(at, made.at, made.len);
        at[i] ^= 1;
        assert_int_equal(walk((str){at, made.len}, &count), RC_INVALID);
    }
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(gives_back_what_was_put),
        cmocka_unit_test(opens_with_any_tar),
        cmocka_unit_test(refuses_every_part),
        cmocka_unit_test(refuses_every_change_of_its_own_fields),
    };

    return cmocka_run_group_tests(all, NULL, NULL);
}
