/* What is wrong with a definition, all of it, each with its place. */
#ifndef OFFICE_GRAMMAR_PROBLEM_H
#define OFFICE_GRAMMAR_PROBLEM_H

#include "base/doc.h"
#include "office/programme/dictionary.h"

enum { PROBLEMS_MAX = 200 };

/* An error, or a warning: what deserves a second look. */
struct problem {
    enum severity severity;
    struct file_place place;
    struct err what;
};

/* In order of file, line and column. */
struct problems {
    struct arena *arena;
    struct problem **rows;
    int count;  /* kept, at most PROBLEMS_MAX */
    int errors; /* found */
    int warnings;
};

void problems_init(struct problems *problems, struct arena *arena);
/* Where to say what is wrong at `place`. */
struct err *problem_at(struct problems *problems, enum severity severity, struct file_place place);

/* What follows the place are a message and its arguments, as in err_set. */
#define SAY_ERROR(problems, place, ...)                                                            \
    ((void)err_set(problem_at((problems), SEVERITY_ERROR, (place)), RC_INVALID, __VA_ARGS__))
#define SAY_WARNING(problems, place, ...)                                                          \
    ((void)err_set(problem_at((problems), SEVERITY_WARNING, (place)), RC_INVALID, __VA_ARGS__))

struct file_place place_of(const struct doc *doc);
struct file_place place_of_key(const struct doc *doc);

/* "levels.yaml, line 12, column 3: error: …" and what to do, where that is known. */
void problem_put(struct buf *out, enum lang lang, const struct problem *problem);

#endif
