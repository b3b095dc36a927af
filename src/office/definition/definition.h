/* Definitions: from documents to a programme, checked as a whole; what two of them differ in; as
 * sheets of a workbook and back. */
#ifndef OFFICE_DEFINITION_DEFINITION_H
#define OFFICE_DEFINITION_DEFINITION_H

#include "base/doc.h"
#include "base/table.h"
#include "office/programme/programme.h"

enum { PROBLEMS_MAX = 200 };

/* What is wrong with a definition (an error), or deserves a second look (a warning). */
struct problem {
    enum severity severity;
    struct place place;
    struct err what;
};

/* In order of file and line. */
struct problems {
    struct problem *rows;
    int count;  /* kept, at most PROBLEMS_MAX */
    int errors; /* found */
    int warnings;
};

/* Read the documents of one programme, merged by section: the same section in two files goes on.
 * Collects everything that is wrong; on any error RC_INVALID, with how many and the first as
 * `err`. Texts are copied to `arena`: documents need not outlive the call. */
enum rc definition_read(const struct doc *const *docs, int count, struct arena *arena,
                        struct programme **out, struct problems *problems,
                        struct err *err) MUST_CHECK;

/* "levels.yaml:12:3: error: …" and what to do, where that is known. */
void problem_put(struct buf *out, enum lang lang, const struct problem *problem);

#endif
