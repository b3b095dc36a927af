/* The accuracy of lineage is measured with the endings of the tests' own programme; the bundled
 * programme must take names apart in the same way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "office/register/test_units.h"
#include "tests/definition/world.h"

struct reading {
    const struct programme *bundled;
    int levels[PROGRAMME_LEVELS_MAX]; /* of the bundled programme, by level of the tests' one */
    int names;
};

static enum rc on_sheet(void *self, const struct sheet_info *info)
{
    (void)self;
    (void)info;
    return RC_OK;
}

static enum rc on_row(void *self, const struct sheet_row *row)
{
    struct reading *reading = self;
    int level = row->count < 3 ? NONE : programme_level(test_programme(), row->cells[1].text);

    if (level < TOWNSHIP) {
        return RC_OK;
    }
    str name = row->cells[2].text;
    str here = unit_base_name(test_programme(), level, name);
    str there = unit_base_name(reading->bundled, reading->levels[level], name);
    if (!str_equal(here, there)) {
        fail_msg("%.*s is %.*s here and %.*s in the bundled programme", STR_ARG(name),
                 STR_ARG(here), STR_ARG(there));
    }
    reading->names++;
    return RC_OK;
}

static enum rc on_end(void *self)
{
    (void)self;
    return RC_OK;
}

static void the_bundled_programme_takes_names_apart_alike(void **state)
{
    struct world *world = *state;
    struct reading reading = {.names = 0};
    const struct sheet_reader reader = {&reading, on_sheet, on_row, on_end};

    assert_int_equal(world_read(world, STR("programmes/example-province")), RC_OK);
    reading.bundled = world->programme;
    for (int i = 0; i < test_programme()->level_count; i++) {
        reading.levels[i] = programme_level(world->programme, test_programme()->levels[i].id);
        assert_int_not_equal(reading.levels[i], NONE);
    }
    for (int day = 0; day < REAL_DAYS; day++) {
        const struct arena_mark mark = arena_mark(&world->arena);
        str text = test_province_register(&world->arena, day);
        text = text.len > 0 ? text : test_county_register(&world->arena, day);
        assert_int_equal(test_read_csv(reader, text, &world->arena), RC_OK);
        arena_rewind(&world->arena, mark);
    }
    assert_true(reading.names > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_bundled_programme_takes_names_apart_alike, world_begin,
                                        world_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
