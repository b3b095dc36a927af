/* A world for tests of the office. */
#include "office/test_world.h"

#include "office/access/actor.h"
#include "store/db_in.h"
#include "store/migrate.h"

struct world {
    struct arena arena;
    struct err err;
    struct cx cx;
};

struct cx *world_cx(void *world)
{
    return &((struct world *)world)->cx;
}

void world_script(void *world, const char *text)
{
    struct err err = {0};

    MUST(db_script(((struct world *)world)->cx.db, text, &err) == RC_OK);
}

int world_begin(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    const int64_t now_ms = 1767225600000; /* 2026-01-01 */

    MUST(world != NULL);
    arena_init(&world->arena, ARENA_JOB_MAX);
    world->cx = (struct cx){
        .arena = &world->arena,
        .err = &world->err,
        .actor = STR("local:tester"),
        .who = &ACTOR_OWNER,
        .now_ms = now_ms,
        .lang = LANG_ZH,
    };
    MUST(db_open(":memory:", DB_WRITE, &world->cx.db, &world->err) == RC_OK);
    MUST(db_migrate(world->cx.db, now_ms, &world->err) == RC_OK);
    *state = world;
    return 0;
}

int world_end(void **state)
{
    struct world *world = *state;

    db_close(world->cx.db);
    arena_done(&world->arena);
    free(world);
    return 0;
}
