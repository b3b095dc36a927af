/* Bytes on their way out: small, large, too large, and on a disk that takes no more. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <sys/resource.h>
#include <unistd.h>

#include "store/file.h"
#include "store/spool.h"

enum { SPOOL_MAX = 4 << 20 };

struct world {
    struct arena arena;
    struct err err;
    struct spool spool;
};

static int begin(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    arena_init(&world->arena, ARENA_REQUEST_MAX);
    spool_init(&world->spool, STR(""), SPOOL_MAX, &world->arena, &world->err);
    *state = world;
    return 0;
}

static int end(void **state)
{
    struct world *world = *state;

    spool_done(&world->spool);
    arena_done(&world->arena);
    free(world);
    return 0;
}

/* Byte i of what is put is i mod 251, whatever the pieces. */
static enum rc put(struct world *world, size_t len, size_t piece)
{
    struct byte_sink out = spool_sink(&world->spool);
    char *bytes = arena_take(&world->arena, piece);
    size_t done = 0;
    enum rc rc = RC_OK;

    while (done < len && rc == RC_OK) {
        size_t now = piece < len - done ? piece : len - done;
        for (size_t i = 0; i < now; i++) {
            bytes[i] = (char)((done + i) % 251);
        }
        rc = out.take(out.self, (str){bytes, now});
        done += now;
    }
    return rc;
}

static void assert_bytes(str bytes, size_t len)
{
    assert_int_equal(bytes.len, len);
    for (size_t i = 0; i < len; i++) {
        if (bytes.at[i] != (char)(i % 251)) {
            fail_msg("byte %zu is %d", i, bytes.at[i]);
        }
    }
}

static void few_bytes_stay_in_memory(void **state)
{
    struct world *world = *state;
    struct spooled whole = {.file = -1};

    assert_int_equal(put(world, SPOOL_MEMORY_BYTES, 1000), RC_OK);
    assert_int_equal(spool_len(&world->spool), SPOOL_MEMORY_BYTES);
    assert_int_equal(spool_take(&world->spool, &whole), RC_OK);
    assert_int_equal(whole.file, -1);
    assert_bytes(whole.bytes, SPOOL_MEMORY_BYTES);
}

static void many_bytes_go_to_a_file_whatever_their_pieces(void **state)
{
    static const size_t PIECES[] = {1, 4096, SPOOL_MEMORY_BYTES, SPOOL_MEMORY_BYTES + 1, SPOOL_MAX};
    struct world *world = *state;

    for (size_t i = 0; i < COUNT_OF(PIECES); i++) {
        size_t len = (size_t)SPOOL_MEMORY_BYTES + 12345 * (i + 1);
        str bytes = {0};
        size_t taken = world->arena.taken;
        spool_init(&world->spool, STR(""), SPOOL_MAX, &world->arena, &world->err);
        assert_int_equal(put(world, len, PIECES[i]), RC_OK);
        assert_int_equal(spool_len(&world->spool), len);
        assert_true(world->arena.taken - taken < PIECES[i] + 4 * (size_t)SPOOL_MEMORY_BYTES);
        assert_int_equal(spool_read(&world->spool, &world->arena, &bytes), RC_OK);
        assert_bytes(bytes, len);
    }
}

static void a_file_is_handed_over_and_closed_once(void **state)
{
    struct world *world = *state;
    struct spooled whole = {.file = -1};
    char first[4] = {0};

    assert_int_equal(put(world, 1 << 20, 5000), RC_OK);
    assert_int_equal(spool_take(&world->spool, &whole), RC_OK);
    assert_true(whole.file >= 0);
    assert_int_equal(whole.len, 1 << 20);
    assert_int_equal(lseek(whole.file, 0, SEEK_END), 1 << 20);
    assert_int_equal(lseek(whole.file, 0, SEEK_SET), 0);
    spool_done(&world->spool);
    assert_int_equal(read(whole.file, first, sizeof(first)), sizeof(first));
    assert_int_equal(first[3], 3);
    assert_int_equal(close(whole.file), 0);
}

static void more_than_the_maximum_is_refused(void **state)
{
    struct world *world = *state;

    assert_int_equal(put(world, SPOOL_MAX, 10000), RC_OK);
    assert_int_equal(put(world, 1, 1), RC_LIMIT);
    assert_int_equal(world->err.msg, MSG_STORE_SPOOL_LARGE);
}

static void a_full_disk_says_so(void **state)
{
    struct world *world = *state;
    struct rlimit before = {0};

    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    struct rlimit small = {300000, before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    enum rc rc = put(world, 2 << 20, 5000);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(rc, RC_BUSY);
    assert_int_equal(world->err.msg, MSG_STORE_SPOOL_FULL);
}

static void a_directory_that_is_none_says_so(void **state)
{
    struct world *world = *state;

    spool_init(&world->spool, STR("/nowhere/at/all"), SPOOL_MAX, &world->arena, &world->err);
    assert_int_equal(put(world, 1 << 20, 5000), RC_BROKEN);
}

static void is_written_whole_or_not_at_all(void **state)
{
    static const size_t LENGTHS[] = {0, 100, 3 << 20};
    struct world *world = *state;
    char path[] = "/tmp/wancun-spool-XXXXXX";

    assert_int_equal(close(mkstemp(path)), 0);
    for (size_t i = 0; i < COUNT_OF(LENGTHS); i++) {
        str bytes = {0};
        spool_init(&world->spool, STR(""), SPOOL_MAX, &world->arena, &world->err);
        assert_int_equal(put(world, LENGTHS[i], 777), RC_OK);
        assert_int_equal(spool_write(&world->spool, str_from(path)), RC_OK);
        assert_int_equal(
            file_read_whole(str_from(path), SPOOL_MAX, &world->arena, &bytes, &world->err), RC_OK);
        assert_bytes(bytes, LENGTHS[i]);
    }
    assert_int_equal(unlink(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(few_bytes_stay_in_memory, begin, end),
        cmocka_unit_test_setup_teardown(many_bytes_go_to_a_file_whatever_their_pieces, begin, end),
        cmocka_unit_test_setup_teardown(a_file_is_handed_over_and_closed_once, begin, end),
        cmocka_unit_test_setup_teardown(more_than_the_maximum_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_full_disk_says_so, begin, end),
        cmocka_unit_test_setup_teardown(a_directory_that_is_none_says_so, begin, end),
        cmocka_unit_test_setup_teardown(is_written_whole_or_not_at_all, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
