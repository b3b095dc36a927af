/* Definitions read: from documents to a programme, checked as a whole. */
#ifndef OFFICE_DEFINITION_DEFINITION_H
#define OFFICE_DEFINITION_DEFINITION_H

#include "office/grammar/problem.h"
#include "office/programme/programme.h"

/* Read the documents of one programme, merged by section: the same section in two files goes on.
 * Collects everything that is wrong in `problems`, which it begins; on any error RC_INVALID, with
 * how many and the first as `err`. Texts are copied to `arena`: documents need not outlive the
 * call. */
enum rc definition_read(const struct doc *const *docs, int count, struct arena *arena,
                        struct programme **out, struct problems *problems,
                        struct err *err) MUST_CHECK;

#endif
