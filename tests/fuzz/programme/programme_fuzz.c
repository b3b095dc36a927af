/* Any bytes as a definition: refused with messages, or a programme whose canonical text reads back
 * to the same hash and whose dictionary can be written. */
#include <stdint.h>

#include "format/doc/doc.h"
#include "office/definition/definition.h"
#include "office/revision/revision.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc take_table(void *self, const struct table *table)
{
    *(int *)self = table->column_count;
    return RC_OK;
}

static enum rc take_row(void *self, const struct out *cells)
{
    for (int i = 0; i < *(const int *)self; i++) {
        MUST(cells[i].kind == OUT_TEXT);
    }
    return RC_OK;
}

static enum rc take_end(void *self)
{
    (void)self;
    return RC_OK;
}

static void check_problems(struct arena *arena, const struct problems *problems)
{
    struct buf out;
    str said = {0};

    for (int i = 0; i < problems->count; i++) {
        struct arena_mark mark = arena_mark(arena);
        buf_init(&out, arena, 65536);
        problem_put(&out, LANG_ZH, problems->rows[i]);
        MUST(buf_done(&out, &said) && said.len > 0);
        arena_rewind(arena, mark);
    }
}

static void check_programme(struct arena *arena, const struct programme *programme)
{
    struct programme *again = NULL;
    struct problems problems = {0};
    struct err err = {0};
    const struct doc *doc = NULL;
    int columns = 0;
    const struct table_sink sink = {&columns, take_table, take_row, take_end};

    MUST(doc_read_json(programme->text, STR("again"), arena, &doc, &err) == RC_OK);
    MUST(definition_read(&doc, 1, arena, &again, &problems, &err) == RC_OK);
    MUST(memcmp(&programme->hash, &again->hash, sizeof(again->hash)) == 0);
    MUST(revision_export(tree_normal(tree_merge(&doc, 1, arena, &problems), arena), LANG_ZH, &sink,
                         arena) == RC_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct programme *programme = NULL;
    struct problems problems = {0};
    const struct doc *doc = NULL;
    struct err err = {0};
    struct arena arena;

    arena_init(&arena, ARENA_JOB_MAX);
    if (doc_read_yaml((str){(const char *)data, size}, STR("fuzz"), &arena, &doc, &err) == RC_OK) {
        enum rc rc = definition_read(&doc, 1, &arena, &programme, &problems, &err);
        check_problems(&arena, &problems);
        if (rc == RC_OK) {
            check_programme(&arena, programme);
        }
    }
    arena_done(&arena);
    return 0;
}
