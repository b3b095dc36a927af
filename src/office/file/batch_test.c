/* Batches: written, counted, listed, undone once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/file/batch.h"
#include "office/test_world.h"

static struct batch ledger(struct cx *cx)
{
    struct batch batch = {.kind = STR("ledger"), .file_name = STR("台账.xlsx"), .period = {202400}};

    batch.file = hash_of(STR("bytes"));
    assert_int_equal(file_note(cx, batch.file, batch.file_name, 5), RC_OK);
    assert_int_equal(file_note(cx, batch.file, STR("the same again"), 5), RC_OK);
    assert_int_equal(batch_add(cx, &batch), RC_OK);
    return batch;
}

static void comes_back_as_it_was_written(void **state)
{
    struct cx *cx = world_cx(*state);
    struct batch batch = ledger(cx);
    struct batch back = {0};

    batch.unit_count = 3;
    batch.value_count = 40;
    batch.changed_count = 2;
    assert_int_equal(batch_count(cx, &batch), RC_OK);
    assert_int_equal(batch_load(cx, batch.id, &back), RC_OK);
    assert_true(str_equal(back.file_name, STR("台账.xlsx")));
    assert_true(str_equal(back.actor, cx->actor));
    assert_int_equal(back.period.key, 202400);
    assert_int_equal(back.unit_count, 3);
    assert_int_equal(back.value_count, 40);
    assert_int_equal(back.changed_count, 2);
    assert_memory_equal(back.file.bytes, batch.file.bytes, HASH_BYTES);
}

static void can_be_undone_once(void **state)
{
    struct cx *cx = world_cx(*state);
    struct batch batch = ledger(cx);
    struct batch none = {0};

    assert_int_equal(batch_mark_reverted(cx, &batch), RC_OK);
    assert_int_equal(batch_mark_reverted(cx, &batch), RC_CONFLICT);
    assert_int_equal(cx->err->msg, MSG_BATCH_REVERTED);
    err_clear(cx->err);
    assert_int_equal(batch_load(cx, 1, &none), RC_MISSING);
    assert_int_equal(cx->err->msg, MSG_BATCH_UNKNOWN);
}

static enum rc begin(void *self, const struct table *table)
{
    assert_int_equal(table->column_count, 11);
    *(int *)self = 0;
    return RC_OK;
}

static enum rc row(void *self, const struct out *cells)
{
    assert_true(str_ends(cells[1].text, STR(":45")));
    assert_true(str_equal(cells[3].text, STR("台账")));
    assert_true(str_equal(cells[4].text, STR("有效")));
    (*(int *)self)++;
    return RC_OK;
}

static enum rc end(void *self)
{
    assert_int_equal(*(int *)self, 2);
    return RC_OK;
}

static void are_listed_in_the_readers_words(void **state)
{
    struct cx *cx = world_cx(*state);
    int rows = -1;
    const struct table_sink sink = {&rows, begin, row, end};
    const struct programme elsewhere = {.offset_minutes = 345};

    cx->now_ms = 1700000000000 - 1700000000000 % 3600000;
    (void)ledger(cx);
    (void)ledger(cx);
    assert_int_equal(batch_table(cx, &elsewhere, &sink), RC_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(comes_back_as_it_was_written),
        IN_A_WORLD(can_be_undone_once),
        IN_A_WORLD(are_listed_in_the_readers_words),
    };
    return cmocka_run_group_tests_name("batch", tests, NULL, NULL);
}
