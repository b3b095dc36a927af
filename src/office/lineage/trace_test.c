/* Digests of decided lineage: one a partition, over every row of it and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/lineage/lineage.h"
#include "office/test_world.h"

enum { ROWS = 4 };

static void make_rows(struct lineage_row *rows)
{
    for (int i = 0; i < ROWS; i++) {
        rows[i] = (struct lineage_row){
            .id = i + 1,
            .from = {100 + i},
            .to = {200 + i},
            .share_num = 1,
            .share_den = 1,
            .state = i == 3 ? LINEAGE_PROPOSED : LINEAGE_CONFIRMED,
            .home = {i == 1 ? 8 : 7},
        };
    }
}

static void one_digest_a_partition_covers_its_decided_rows(void **state)
{
    struct lineage_row rows[ROWS];
    struct lineage_digest *digests = NULL;
    int count = 0;

    make_rows(rows);
    lineage_digests(world_cx(*state), rows, ROWS, &digests, &count);
    assert_int_equal(count, 2);
    assert_int_equal(digests[0].home.v, 7);
    assert_int_equal(digests[0].count, 2);
    assert_int_equal(digests[1].home.v, 8);
    assert_int_equal(digests[1].count, 1);
}

static void a_change_in_any_row_changes_the_digest_of_its_partition_alone(void **state)
{
    for (int changed = 0; changed < ROWS; changed++) {
        struct lineage_row rows[ROWS];
        struct lineage_digest *before = NULL;
        struct lineage_digest *after = NULL;
        int count = 0;
        make_rows(rows);
        lineage_digests(world_cx(*state), rows, ROWS, &before, &count);
        rows[changed].share_num = 2;
        lineage_digests(world_cx(*state), rows, ROWS, &after, &count);
        for (int i = 0; i < 2; i++) {
            bool is_same = memcmp(&before[i].hash, &after[i].hash, sizeof(struct hash)) == 0;
            bool is_its = changed != 3 && (changed == 1) == (i == 1);
            assert_int_equal(is_same, !is_its);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(one_digest_a_partition_covers_its_decided_rows),
        IN_A_WORLD(a_change_in_any_row_changes_the_digest_of_its_partition_alone),
    };
    return cmocka_run_group_tests_name("digests of lineage", tests, NULL, NULL);
}
