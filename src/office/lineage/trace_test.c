/* Digests of decided lineage: one a partition, over every row of it and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/audit/tree.h"
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

static void add_event(struct cx *cx, int64_t log, int times)
{
    struct event_body body;

    event_body_init(&body, cx->arena);
    for (int i = 0; i < times; i++) {
        assert_int_equal(event_add(cx, (struct unit_id){log}, STR("test.act"), &body, NULL, NULL),
                         RC_OK);
    }
}

struct continued {
    int count;
    int64_t ended;
    int64_t size;
    struct hash root;
};

static enum rc take_continued(void *self, const struct event *event)
{
    struct continued *continued = self;
    struct event_reader reader = {.rest = event->body};

    if (str_equal(event->kind, STR("log.continue"))) {
        continued->count++;
        continued->ended = event_read_int(&reader);
        continued->size = event_read_int(&reader);
        continued->root = event_read_hash(&reader);
    }
    return RC_OK;
}

/* A merged county's log stays its own; the log of the county it went into says where it ended. */
static void the_log_that_goes_on_names_the_one_that_ended(void **state)
{
    struct cx *cx = world_cx(*state);
    struct continued merged = {0};
    struct continued joined = {0};
    struct merkle_range head;
    const struct lineage_row rows[] = {
        {.kind = LINEAGE_MERGE, .from = {5}, .to = {6}, .state = LINEAGE_CONFIRMED},
        {.kind = LINEAGE_RECODE, .from = {7}, .to = {8}, .state = LINEAGE_CONFIRMED},
        {.kind = LINEAGE_MERGE, .from = {9}, .to = {6}, .state = LINEAGE_CONFIRMED},
        {.kind = LINEAGE_MERGE, .from = {5}, .to = {6}, .state = LINEAGE_PROPOSED},
    };

    add_event(cx, 5, 3);
    add_event(cx, 8, 2);
    assert_int_equal(tree_head(cx, (struct unit_id){5}, &head), RC_OK);
    struct hash root = merkle_root(&head);
    assert_int_equal(lineage_tell_logs(cx, rows, COUNT_OF(rows), NULL), RC_OK);
    assert_int_equal(event_each(cx, (struct unit_id){6}, take_continued, &merged), RC_OK);
    assert_int_equal(merged.count, 1);
    assert_int_equal(merged.ended, 5);
    assert_int_equal(merged.size, 3);
    assert_memory_equal(merged.root.bytes, root.bytes, HASH_BYTES);
    assert_int_equal(event_each(cx, (struct unit_id){7}, take_continued, &joined), RC_OK);
    assert_int_equal(joined.count, 1);
    assert_int_equal(joined.ended, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(one_digest_a_partition_covers_its_decided_rows),
        IN_A_WORLD(a_change_in_any_row_changes_the_digest_of_its_partition_alone),
        IN_A_WORLD(the_log_that_goes_on_names_the_one_that_ended),
    };
    return cmocka_run_group_tests_name("digests of lineage", tests, NULL, NULL);
}
