/* Values: what goes in comes back, with everything that was there before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/indicator/value.h"
#include "office/test_world.h"

static const struct unit_id HOME = {7};
static const struct unit_id UNIT = {70};
static const struct period YEAR = {202400};

static struct value value_of(int indicator, int64_t num, int64_t batch)
{
    return (struct value){.indicator = indicator, .num = num, .batch = batch, .row = 3};
}

static void put(struct cx *cx, struct unit_id unit, struct value *values, int count, int64_t batch)
{
    const struct value_row row = {HOME, unit, YEAR, values, count};
    struct hash digest = {{0}};

    assert_int_equal(value_put(cx, &row, batch, &digest), RC_OK);
}

static void packs_every_field_and_sign(void **state)
{
    struct cx *cx = world_cx(*state);
    const struct value in[] = {
        {1, REPORTED, INT64_MIN, 0, 0, 5, 0, 1, 0},
        {2, NOT_REPORTED, 0, 0, 3, INT64_MAX, 2, 600000, 499},
        {900, NOT_APPLICABLE, -1, 1000, 32767, 5, 0, 7, 3},
        {901, REJECTED, INT64_MAX, 1, 1, 6, 1, 2, 3},
    };
    str cells = value_pack(in, COUNT_OF(in), cx->arena);
    struct value *out = NULL;
    int count = 0;

    assert_int_equal(value_unpack(cells, cx->arena, &out, &count, cx->err), RC_OK);
    assert_int_equal(count, COUNT_OF(in));
    for (int i = 0; i < count; i++) {
        assert_int_equal(out[i].indicator, in[i].indicator);
        assert_int_equal(out[i].state, in[i].state);
        assert_true(out[i].num == in[i].num && out[i].den == in[i].den);
        assert_int_equal(out[i].source, in[i].source);
        assert_true(out[i].batch == in[i].batch);
        assert_int_equal(out[i].sheet, in[i].sheet);
        assert_int_equal(out[i].row, in[i].row);
        assert_int_equal(out[i].column, in[i].column);
    }
}

static void refuses_bytes_it_did_not_make(void **state)
{
    struct cx *cx = world_cx(*state);
    struct value values[] = {value_of(1, 10, 5), value_of(4, 20, 6)};
    str cells = value_pack(values, 2, cx->arena);
    struct value *out = NULL;
    int count = 0;

    for (size_t len = 0; len < cells.len; len++) {
        err_clear(cx->err);
        assert_int_equal(value_unpack(str_part(cells, 0, len), cx->arena, &out, &count, cx->err),
                         RC_BROKEN);
    }
    err_clear(cx->err);
    assert_int_equal(
        value_unpack((str){"\0\1\1\0\0\0\0\0\0\0", 10}, cx->arena, &out, &count, cx->err),
        RC_BROKEN);
    err_clear(cx->err);
    assert_int_equal(value_unpack((str){"\0\0", 2}, cx->arena, &out, &count, cx->err), RC_OK);
    /* No number has eleven bytes. */
    const str longer = {"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\0\0", 12};
    assert_int_equal(value_unpack(longer, cx->arena, &out, &count, cx->err), RC_BROKEN);
}

static void merges_a_batch_over_what_stands(void **state)
{
    struct cx *cx = world_cx(*state);
    struct value first[] = {value_of(1, 10, 5), value_of(3, 30, 5), value_of(9, 90, 5)};
    struct value second[] = {value_of(2, 21, 6), value_of(3, 31, 6), value_of(10, 101, 6)};
    const int64_t nums[] = {10, 21, 31, 90, 101};
    struct value_row row = {0};

    put(cx, UNIT, first, 3, 5);
    put(cx, UNIT, second, 3, 6);
    assert_int_equal(value_read(cx, HOME, UNIT, YEAR, &row), RC_OK);
    assert_int_equal(row.count, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(row.values[i].num, nums[i]);
    }
}

static void has_no_values_where_nothing_was_reported(void **state)
{
    struct cx *cx = world_cx(*state);
    struct value_row row = {0};

    assert_int_equal(value_read(cx, HOME, UNIT, YEAR, &row), RC_OK);
    assert_int_equal(row.count, 0);
}

struct seen {
    int rows;
    int64_t sum;
};

static enum rc see(void *self, const struct value_row *row)
{
    struct seen *seen = self;

    seen->rows++;
    for (int i = 0; i < row->count; i++) {
        seen->sum += row->values[i].num;
    }
    return RC_OK;
}

static void keeps_history_batch_by_batch(void **state)
{
    struct cx *cx = world_cx(*state);
    struct value first[] = {value_of(1, 10, 5)};
    struct value second[] = {value_of(1, 11, 6)};
    struct seen all = {0};
    struct seen batch = {0};
    struct seen current = {0};

    put(cx, UNIT, first, 1, 5);
    put(cx, UNIT, second, 1, 6);
    put(cx, (struct unit_id){71}, second, 1, 6);
    assert_int_equal(value_history_each(cx, HOME, UNIT, YEAR, see, &all), RC_OK);
    assert_int_equal(all.rows, 2);
    assert_int_equal(all.sum, 21);
    assert_int_equal(value_batch_each(cx, 6, see, &batch), RC_OK);
    assert_int_equal(batch.rows, 2);
    assert_int_equal(value_each(cx, YEAR, see, &current), RC_OK);
    assert_int_equal(current.rows, 2);
    assert_int_equal(current.sum, 22);
}

static void never_forgets_or_rewrites_history(void **state)
{
    struct cx *cx = world_cx(*state);
    struct value first[] = {value_of(1, 10, 5)};
    const struct value_row again = {HOME, UNIT, YEAR, first, 1};
    struct hash digest = {{0}};

    put(cx, UNIT, first, 1, 5);
    assert_int_equal(value_put(cx, &again, 5, &digest), RC_CONFLICT);
}

static void notices_a_row_that_is_not_what_its_history_makes(void **state)
{
    struct cx *cx = world_cx(*state);
    struct value first[] = {value_of(1, 10, 5), value_of(3, 30, 5)};
    struct value second[] = {value_of(2, 21, 6), value_of(3, 31, 6)};

    put(cx, UNIT, first, 2, 5);
    put(cx, UNIT, second, 2, 6);
    put(cx, (struct unit_id){71}, first, 2, 5);
    assert_int_equal(value_check(cx), RC_OK);
    world_script(*state, "CREATE TABLE kept AS SELECT * FROM value;"
                         "UPDATE value SET cells = (SELECT cells FROM kept WHERE unit_id = 71)");
    assert_int_equal(value_check(cx), RC_BROKEN);
    err_clear(cx->err);
    world_script(*state, "DELETE FROM value WHERE unit_id = 70");
    assert_int_equal(value_check(cx), RC_BROKEN);
    err_clear(cx->err);
    world_script(*state, "INSERT INTO value SELECT * FROM kept WHERE unit_id = 70");
    assert_int_equal(value_check(cx), RC_OK);
}

static void put_and_tell(const struct cx *cx, struct value *values, int64_t batch)
{
    const struct value_row row = {HOME, UNIT, YEAR, values, 1};
    struct hash digest = {{0}};

    assert_int_equal(value_put(cx, &row, batch, &digest), RC_OK);
    assert_int_equal(value_tell(cx, &row, batch, digest, NULL), RC_OK);
}

/* With the database's own guard taken away, as one with the file in his hands could. */
static void notices_history_that_is_not_what_the_trace_told(void **state)
{
    static const char *const ACTS[] = {
        "UPDATE value_history SET cells = (SELECT cells FROM value_history WHERE batch_id = 6)",
        "DELETE FROM value_history WHERE batch_id = 5",
        ("INSERT INTO value_history SELECT home_id, unit_id, period, 9, cells FROM value_history "
         "LIMIT 1"),
    };
    struct value first[] = {value_of(1, 10, 5)};
    struct value second[] = {value_of(1, 11, 6)};

    for (size_t i = 0; i < COUNT_OF(ACTS); i++) {
        (void)world_end(state);
        (void)world_begin(state);
        struct cx *cx = world_cx(*state);
        put_and_tell(cx, first, 5);
        put_and_tell(cx, second, 6);
        assert_int_equal(value_check_told(cx), RC_OK);
        world_script(*state,
                     "DROP TRIGGER value_history_is_kept; DROP TRIGGER value_history_stays");
        world_script(*state, ACTS[i]);
        assert_int_equal(value_check_told(cx), RC_BROKEN);
    }
}

static void gives_numbers_once_and_keeps_them(void **state)
{
    struct cx *cx = world_cx(*state);
    struct indicator two[] = {{.id = STR_INIT("B")}, {.id = STR_INIT("A")}};
    struct source sources[] = {{.id = STR_INIT("village")}};
    struct programme programme = {
        .indicators = two, .indicator_count = 1, .sources = sources, .source_count = 1};
    struct numbers numbers = {0};

    assert_int_equal(numbers_load(cx, &programme, false, &numbers), RC_CONFLICT);
    err_clear(cx->err);
    assert_int_equal(numbers_load(cx, &programme, true, &numbers), RC_OK);
    assert_int_equal(numbers.of_indicator[0], 1);
    programme.indicators = &two[1];
    assert_int_equal(numbers_load(cx, &programme, true, &numbers), RC_OK);
    assert_int_equal(numbers.of_indicator[0], 2);
    assert_int_equal(numbers.indicator_of[1], NONE);
    assert_int_equal(numbers.indicator_of[2], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(packs_every_field_and_sign),
        IN_A_WORLD(refuses_bytes_it_did_not_make),
        IN_A_WORLD(merges_a_batch_over_what_stands),
        IN_A_WORLD(has_no_values_where_nothing_was_reported),
        IN_A_WORLD(keeps_history_batch_by_batch),
        IN_A_WORLD(never_forgets_or_rewrites_history),
        IN_A_WORLD(notices_a_row_that_is_not_what_its_history_makes),
        IN_A_WORLD(notices_history_that_is_not_what_the_trace_told),
        IN_A_WORLD(gives_numbers_once_and_keeps_them),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
