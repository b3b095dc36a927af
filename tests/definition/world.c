/* Definitions for tests. */
#include "tests/definition/world.h"

#include "format/doc/doc.h"
#include "store/file.h"

enum { FILES_MAX = 32 };

int world_begin(void **state)
{
    static struct world world;

    world = (struct world){0};
    arena_init(&world.arena, ARENA_JOB_MAX);
    *state = &world;
    return 0;
}

int world_end(void **state)
{
    struct world *world = *state;

    arena_done(&world->arena);
    return 0;
}

static str in_tree(struct world *world, str path)
{
    struct buf out;
    str full = {0};

    buf_init(&out, &world->arena, 4096);
    buf_put(&out, str_from(getenv("WANCUN_SOURCE"))); /* NOLINT(concurrency-mt-unsafe) */
    buf_char(&out, '/');
    buf_put(&out, path);
    MUST(buf_done(&out, &full));
    return full;
}

str world_file(struct world *world, str path)
{
    str text = {0};
    struct err err = {0};

    MUST(file_read_whole(in_tree(world, path), DOC_BYTES_MAX, &world->arena, &text, &err) == RC_OK);
    return text;
}

static enum rc read_docs(struct world *world, const struct doc *const *docs, int count)
{
    world->programme = NULL;
    world->err = (struct err){0};
    return definition_read(docs, count, &world->arena, &world->programme, &world->problems,
                           &world->err);
}

static const struct doc *read_doc(struct world *world, str text, str name)
{
    const struct doc *doc = NULL;
    struct err err = {0};

    MUST(doc_read_yaml(text, name, &world->arena, &doc, &err) == RC_OK);
    return doc;
}

enum rc world_text(struct world *world, str text)
{
    const struct doc *doc = read_doc(world, text, STR("test.yaml"));

    return read_docs(world, &doc, 1);
}

static str joined(struct world *world, str directory, str name)
{
    struct buf out;
    str path = {0};

    buf_init(&out, &world->arena, 4096);
    buf_put(&out, directory);
    buf_char(&out, '/');
    buf_put(&out, name);
    MUST(buf_done(&out, &path));
    return path;
}

enum rc world_read(struct world *world, str path)
{
    const struct doc *docs[FILES_MAX] = {0};
    str *names = NULL;
    size_t count = 0;
    struct err err = {0};

    if (str_ends(path, STR(".yaml"))) {
        docs[0] = read_doc(world, world_file(world, path), path);
        return read_docs(world, docs, 1);
    }
    MUST(file_list(in_tree(world, path), STR(".yaml"), &world->arena, &names, &count, &err) ==
         RC_OK);
    MUST(count > 0 && count <= FILES_MAX);
    for (size_t i = 0; i < count; i++) {
        docs[i] = read_doc(world, world_file(world, joined(world, path, names[i])), names[i]);
    }
    return read_docs(world, docs, (int)count);
}

enum rc world_change(struct world *world, const char *from, const char *to)
{
    str base = world_file(world, STR("tests/definition/base.yaml"));
    size_t at = str_find(base, str_from(from));
    struct buf out;
    str text = {0};

    MUST(at != STR_NONE);
    buf_init(&out, &world->arena, DOC_BYTES_MAX);
    buf_put(&out, str_part(base, 0, at));
    buf_put(&out, str_from(to));
    buf_put(&out, str_part(base, at + str_from(from).len, base.len));
    MUST(buf_done(&out, &text));
    return world_text(world, text);
}

const struct problem *world_problem(const struct world *world, enum msg_id msg)
{
    for (int i = 0; i < world->problems.count; i++) {
        if (world->problems.rows[i]->what.msg == msg) {
            return world->problems.rows[i];
        }
    }
    return NULL;
}
