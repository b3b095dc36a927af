/* How a tree is put together: from the database, and from a register that is being taken in. */
#ifndef OFFICE_UNIT_TREE_H
#define OFFICE_UNIT_TREE_H

#include "office/unit/unit.h"

/* A unit before the order is known. */
struct tree_row {
    struct unit unit;  /* all but parent, end and home */
    int64_t parent_id; /* 0: the root */
    int64_t home_id;   /* 0: by the partition level */
    /* The builder's: positions among the rows or NONE, and in the end the place in the tree. */
    int parent;
    int first_child;
    int next;
    int place;
};

/* Put `rows` in tree order; sorts them. `tree->programme` is set already; the look-up by id gets
 * room for `alias_count` more. False when the rows are not one tree. */
bool tree_build(const struct cx *cx, struct tree_row *rows, int count, int alias_count,
                struct unit_tree *tree);

#endif
