/* Two small registers, and what is said of them. */
#include "calc/lineage/test_world.h"

#include <stdlib.h>
#include <string.h>

enum { KIND_COMMITTEE, KIND_RESIDENTS };

int world_begin(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    arena_init(&world->arena, ARENA_REQUEST_MAX);
    *state = world;
    return 0;
}

int world_end(void **state)
{
    struct world *world = *state;

    arena_done(&world->arena);
    free(world);
    return 0;
}

void add(struct world *world, int side, const char *code, int level, const char *name)
{
    struct lineage_unit *units = world->units[side];
    int place = world->count[side]++;
    int parent = place - 1;

    while (parent >= 0 && units[parent].level >= level) {
        parent--;
    }
    bool residents = level == VILLAGE && code[strlen(code) - 3] == '0';
    units[place] = (struct lineage_unit){
        .code = str_from(code),
        .name = str_from(name),
        .base = str_from(name),
        .level = level,
        .kind = residents ? KIND_RESIDENTS : KIND_COMMITTEE,
        .parent = parent,
    };
}

void both(struct world *world, const char *code, int level, const char *name)
{
    add(world, 0, code, level, name);
    add(world, 1, code, level, name);
}

void was(struct world *world, const char *code, int level, const char *name)
{
    add(world, 0, code, level, name);
}

void is(struct world *world, const char *code, int level, const char *name)
{
    add(world, 1, code, level, name);
}

void heads(struct world *world)
{
    both(world, "9", ROOT, "示范");
    both(world, "91", COUNTY, "甲");
}

static int place(const struct world *world, int side, const char *code)
{
    for (int i = 0; i < world->count[side]; i++) {
        if (str_equal(world->units[side][i].code, str_from(code))) {
            return i;
        }
    }
    fail_msg("no unit %s", code);
    return -1;
}

void compare(struct world *world)
{
    lineage_compare((struct lineage_list){world->units[0], world->count[0]},
                    (struct lineage_list){world->units[1], world->count[1]}, &world->arena,
                    &world->answer);
}

const struct lineage_link *link_of(const struct world *world, const char *before, const char *after)
{
    int from = before == NULL ? LINEAGE_NONE : place(world, 0, before);
    int to = after == NULL ? LINEAGE_NONE : place(world, 1, after);

    for (int i = 0; i < world->answer.link_count; i++) {
        const struct lineage_link *link = &world->answer.links[i];
        if (link->before == from && link->after == to) {
            return link;
        }
    }
    return NULL;
}

void assert_link(const struct world *world, const char *before, const char *after,
                 enum lineage_kind kind, enum lineage_reason reason)
{
    const struct lineage_link *link = link_of(world, before, after);

    assert_non_null(link);
    assert_int_equal(link->kind, kind);
    assert_int_equal(link->reason, reason);
}
