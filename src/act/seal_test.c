/* The key of sealed fields: made once, kept from others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "act/seal.h"

static void the_key_is_made_once_and_kept_from_others(void **state)
{
    static const char *const FILES[] = {"seal.key", "wancun.db", "wancun.db-wal", "wancun.db-shm",
                                        "lock"};
    char directory[] = "/tmp/wancun-seal-XXXXXX";
    struct act act;
    struct seal_key one = {{0}};
    struct seal_key two = {{0}};

    (void)state;
    assert_non_null(mkdtemp(directory));
    act_init(&act, NULL, NULL);
    assert_int_equal(home_open(str_from(directory), HOME_CREATE, 0, &act.home, &act.err), RC_OK);
    assert_int_equal(seal_key_of(&act, false, &one), RC_MISSING);
    assert_int_equal(seal_key_of(&act, true, &one), RC_OK);
    assert_int_equal(seal_key_of(&act, false, &two), RC_OK);
    assert_memory_equal(one.bytes, two.bytes, SEAL_KEY_BYTES);
    str path = home_path(act.home, STR("seal.key"), &act.arena);
    assert_int_equal(chmod(path.at, 0444), 0);
    assert_int_equal(seal_key_of(&act, true, &two), RC_DENIED);
    for (size_t i = 0; i < COUNT_OF(FILES); i++) {
        (void)unlink(home_path(act.home, str_from(FILES[i]), &act.arena).at);
    }
    (void)rmdir(home_path(act.home, STR("files"), &act.arena).at);
    home_close(act.home);
    act_done(&act);
    (void)rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_key_is_made_once_and_kept_from_others),
    };

    return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
