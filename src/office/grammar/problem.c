/* Places and problems. */
#include "office/grammar/problem.h"

struct file_place place_of(const struct doc *doc)
{
    return (struct file_place){doc->file, doc->line, doc->column};
}

struct file_place place_of_key(const struct doc *doc)
{
    bool is_keyed = doc->key_line > 0;

    return (struct file_place){doc->file, is_keyed ? doc->key_line : doc->line,
                               is_keyed ? doc->key_column : doc->column};
}

void problems_init(struct problems *problems, struct arena *arena)
{
    *problems = (struct problems){
        .arena = arena,
        .rows = ARENA_NEW(arena, struct problem *, PROBLEMS_MAX),
    };
}

static bool stands_before(struct file_place a, struct file_place b)
{
    int by_file = str_compare(a.file, b.file);

    if (by_file != 0 || a.line != b.line) {
        return by_file < 0 || (by_file == 0 && a.line < b.line);
    }
    return a.column < b.column;
}

struct err *problem_at(struct problems *problems, enum severity severity, struct file_place place)
{
    struct problem *row = ARENA_NEW(problems->arena, struct problem, 1);
    int at = problems->count;

    *(severity == SEVERITY_ERROR ? &problems->errors : &problems->warnings) += 1;
    row->severity = severity;
    row->place = place;
    row->place.file = arena_str(problems->arena, place.file);
    if (at == PROBLEMS_MAX) {
        return &row->what;
    }
    problems->count++;
    for (; at > 0 && stands_before(place, problems->rows[at - 1]->place); at--) {
        problems->rows[at] = problems->rows[at - 1];
    }
    problems->rows[at] = row;
    return &row->what;
}

void problem_put(struct buf *out, enum lang lang, const struct problem *problem)
{
    enum msg_id kind = problem->severity == SEVERITY_ERROR ? MSG_DEFINITION_PLACE_ERROR
                                                           : MSG_DEFINITION_PLACE_WARNING;
    const struct arg at[] = {
        arg_text(problem->place.file),
        arg_count(problem->place.line),
        arg_count(problem->place.column),
    };

    msg_put(out, lang, kind, at, (int)COUNT_OF(at));
    buf_char(out, ' ');
    err_put(out, lang, &problem->what);
}
