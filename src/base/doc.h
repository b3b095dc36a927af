/* A document read from YAML or JSON: a tree of texts, lists and maps, each knowing its place, so
 * that whoever takes it apart can say where it is wrong. */
#ifndef BASE_DOC_H
#define BASE_DOC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum doc_kind { DOC_NULL, DOC_TEXT, DOC_LIST, DOC_MAP };

struct doc {
    enum doc_kind kind;
    bool quoted;             /* DOC_TEXT in quotes: text even if it looks like a number */
    str key;                 /* inside a map */
    str text;                /* DOC_TEXT */
    const struct doc *first; /* first child of a list or map */
    const struct doc *next;  /* next sibling */
    int count;               /* children */
    str file;
    int line; /* from 1, of the value; columns count characters */
    int column;
    int key_line; /* inside a map */
    int key_column;
};

/* The child of that name; NULL when absent or when `map` is not a map. */
const struct doc *doc_get(const struct doc *map, str key);
/* Says nothing: absent, null, or the text "". */
bool doc_is_empty(const struct doc *doc);

#endif
