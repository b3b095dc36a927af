/* A definition as one document tree: several files merged, and its canonical form. */
#ifndef OFFICE_GRAMMAR_TREE_H
#define OFFICE_GRAMMAR_TREE_H

#include "office/grammar/grammar.h"
#include "office/grammar/problem.h"

/* All documents as one map of sections in the order of ROOT; what is in no section, and ids that
 * stand twice, are said. The texts stay those of the documents. */
const struct doc *tree_merge(const struct doc *const *docs, int count, struct arena *arena,
                             struct problems *problems);
/* The first object of a section, NULL when it has none. */
const struct doc *tree_first(const struct doc *root, enum section section);

/* A merged tree with fields in the order of the grammar, names in both languages, and nothing that
 * is empty or unknown. */
const struct doc *tree_normal(const struct doc *root, struct arena *arena);
/* A normal tree as text, one object a line: JSON, which is YAML too. All scalars are texts. Two
 * definitions with the same text are the same. RC_LIMIT beyond TREE_TEXT_MAX. */
enum rc tree_text(const struct doc *normal, struct arena *arena, str *out,
                  struct err *err) MUST_CHECK;

enum { TREE_TEXT_MAX = 4 * 1024 * 1024 };

#endif
