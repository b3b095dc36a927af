/* What the tests of the demonstration share: the example programme and the province of seed 1. */
#ifndef DEMO_ROOM_TEST_H
#define DEMO_ROOM_TEST_H

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "demo/demo.h"
#include "format/doc/doc.h"
#include "office/definition/definition.h"

enum { COUNTY = 2, TOWNSHIP = 3, VILLAGE = 4, LAST = DEMO_YEARS - 1, FILE_BYTES_MAX = 32 << 20 };

struct room {
    struct arena arena;
    struct arena kept; /* what a sink keeps while the demonstration rewinds the other one */
    struct err err;
    struct programme *programme;
    struct demo_world *world; /* the province of seed 1 */
};

static inline const char *source_path(struct room *room, const char *name)
{
    const char *root = getenv("WANCUN_SOURCE"); /* NOLINT(concurrency-mt-unsafe) */
    struct buf path = {0};
    str text = {0};

    buf_init(&path, &room->arena, 4096);
    buf_put(&path, str_from(root == NULL ? "." : root));
    buf_char(&path, '/');
    buf_put(&path, str_from(name));
    buf_char(&path, '\0');
    assert_true(buf_done(&path, &text));
    return text.at;
}

static inline bool read_file(struct room *room, const char *path, str *out)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        return false;
    }
    char *bytes = arena_take(&room->arena, FILE_BYTES_MAX);
    *out = (str){bytes, fread(bytes, 1, FILE_BYTES_MAX, file)};
    (void)fclose(file);
    return true;
}

static inline void load_programme(struct room *room)
{
    enum { DOCS_MAX = 32 };
    const struct doc *docs[DOCS_MAX];
    struct problems problems = {0};
    glob_t found = {0};
    int count = 0;

    /* NOLINTNEXTLINE(concurrency-mt-unsafe) */
    assert_int_equal(glob(source_path(room, "programmes/example-province/*.yaml"), 0, NULL, &found),
                     0);
    for (size_t i = 0; i < found.gl_pathc && count < DOCS_MAX; i++) {
        str text = {0};
        assert_true(read_file(room, found.gl_pathv[i], &text));
        assert_int_equal(doc_read_yaml(text, arena_str(&room->arena, str_from(found.gl_pathv[i])),
                                       &room->arena, &docs[count++], &room->err),
                         RC_OK);
    }
    globfree(&found);
    assert_int_equal(
        definition_read(docs, count, &room->arena, &room->programme, &problems, &room->err), RC_OK);
}

static inline struct demo_world *make(struct room *room, uint64_t seed, bool is_county)
{
    const struct demo_options options = {.seed = seed, .is_county = is_county};
    struct demo_world *world = NULL;

    assert_int_equal(demo_world_make(&options, room->programme, &room->arena, &room->err, &world),
                     RC_OK);
    return world;
}

static inline int begin(void **state)
{
    static struct room room;

    arena_init(&room.arena, ARENA_JOB_MAX);
    arena_init(&room.kept, ARENA_JOB_MAX);
    load_programme(&room);
    room.world = make(&room, 1, false);
    *state = &room;
    return 0;
}

static inline int end(void **state)
{
    struct room *room = *state;

    arena_done(&room->arena);
    arena_done(&room->kept);
    return 0;
}

static inline const struct demo_unit *unit_at(const struct demo_world *world, int year, int at)
{
    return &world->units[world->order[year][at]];
}

#endif
