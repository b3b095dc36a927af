/* Any bytes as YAML and as JSON: a tree that is sound, or an outcome with a message. */
#include <stdint.h>

#include "base/msg.h"
#include "base/utf8.h"
#include "format/doc/doc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Walk the tree without a call of itself: down first, then on, by a stack of what comes next. */
static void check(const struct doc *root)
{
    const struct doc *next[DOC_DEPTH_MAX + 1] = {root};
    int depth = 1;
    int nodes = 0;

    while (depth > 0) {
        const struct doc *doc = next[depth - 1];
        if (doc == NULL) {
            depth--;
            continue;
        }
        next[depth - 1] = doc->next;
        nodes++;
        MUST(doc->line > 0 && doc->column > 0);
        MUST(utf8_is_valid(doc->text) && utf8_is_valid(doc->key));
        MUST(doc->kind == DOC_MAP || doc->kind == DOC_LIST || doc->first == NULL);
        if (doc->first != NULL) {
            MUST(depth <= DOC_DEPTH_MAX);
            next[depth++] = doc->first;
        }
    }
    MUST(nodes <= DOC_NODES_MAX);
}

static void check_err(struct arena *arena, const struct err *err)
{
    struct buf out;
    str said = {0};

    buf_init(&out, arena, 65536);
    err_put(&out, LANG_ZH, err);
    MUST(buf_done(&out, &said) && said.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str bytes = {(const char *)data, size};
    struct arena arena;

    for (int json = 0; json < 2; json++) {
        const struct doc *doc = NULL;
        struct err err = {0};
        arena_init(&arena, ARENA_JOB_MAX);
        enum rc rc = json == 0 ? doc_read_yaml(bytes, STR("fuzz"), &arena, &doc, &err)
                               : doc_read_json(bytes, STR("fuzz"), &arena, &doc, &err);
        if (rc == RC_OK) {
            check(doc);
        } else {
            check_err(&arena, &err);
        }
        arena_done(&arena);
    }
    return 0;
}
