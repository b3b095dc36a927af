/* Every statement of the office, against the schema as migrated: it prepares, has the parameters
 * and columns it declares, and scans no table without saying why. The build names the lists. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "office/test_world.h"

#define LIST(name) extern const struct sql *const name##_ALL[];
STATEMENT_LISTS
#undef LIST

#define LIST(name) name##_ALL,
static const struct sql *const *const LISTS[] = {STATEMENT_LISTS};
#undef LIST

enum { STATEMENTS_AT_LEAST = 70 };

static bool prove(const struct cx *cx, const struct sql *sql)
{
    struct buf why;
    str text = {0};

    if (db_prove(cx->db, sql, cx->err) == RC_OK) {
        return true;
    }
    buf_init(&why, cx->arena, 4096);
    err_put(&why, LANG_EN, cx->err);
    (void)buf_done(&why, &text);
    print_message("# %s: %.*s\n", sql->name, STR_ARG(text));
    err_clear(cx->err);
    return false;
}

static void every_statement_fits_the_schema_and_its_indexes(void **state)
{
    const struct cx *cx = world_cx(*state);
    int count = 0;
    int wrong = 0;

    for (size_t list = 0; list < COUNT_OF(LISTS); list++) {
        for (int i = 0; LISTS[list][i] != NULL; i++) {
            wrong += prove(cx, LISTS[list][i]) ? 0 : 1;
            count++;
        }
    }
    print_message("# %d statements of %zu files\n", count, COUNT_OF(LISTS));
    assert_int_equal(wrong, 0);
    assert_true(count >= STATEMENTS_AT_LEAST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(every_statement_fits_the_schema_and_its_indexes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
