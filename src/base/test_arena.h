/* For tests: an arena that is new for each of them. A test file includes it after <cmocka.h>. */
#ifndef BASE_TEST_ARENA_H
#define BASE_TEST_ARENA_H

#include "base/arena.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_JOB_MAX);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, begin, end)

#endif
