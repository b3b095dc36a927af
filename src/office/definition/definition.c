/* The stages of reading, one after the other. */
#include "office/definition/definition.h"

#include "office/definition/reader.h"
#include "office/lint/lint.h"

const struct doc *section_first(const struct reader *reader, enum section section)
{
    return tree_first(reader->root, section);
}

static enum rc refuse(const struct problems *problems, struct err *err)
{
    const struct problem *first = problems->rows[0];

    for (int i = 0; i < problems->count && first->severity != SEVERITY_ERROR; i++) {
        first = problems->rows[i];
    }
    return err_set(err, RC_INVALID, MSG_DEFINITION_REFUSED, arg_count(problems->errors),
                   arg_text(first->place.file), arg_count(first->place.line));
}

enum rc definition_read(const struct doc *const *docs, int count, struct arena *arena,
                        struct programme **out, struct problems *problems, struct err *err)
{
    struct reader reader = {
        .arena = arena,
        .problems = problems,
        .out = ARENA_NEW(arena, struct programme, 1),
    };

    MUST(count > 0);
    problems_init(problems, arena);
    reader.root = tree_merge(docs, count, arena, problems);
    definition_fill(&reader);
    definition_finish(&reader);
    definition_compile(&reader);
    if (problems->errors == 0) {
        lint_programme(reader.out, problems); /* sense is asked of what could be read whole */
    }
    if (problems->errors > 0) {
        return refuse(problems, err);
    }
    TRY(tree_text(tree_normal(reader.root, arena), arena, &reader.out->text, err));
    reader.out->hash = hash_of(reader.out->text);
    *out = reader.out;
    return RC_OK;
}
