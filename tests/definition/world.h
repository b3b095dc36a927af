/* Definitions for tests: read from the tree, or from base.yaml with one place changed. */
#ifndef TESTS_DEFINITION_WORLD_H
#define TESTS_DEFINITION_WORLD_H

#include "office/definition/definition.h"

struct world {
    struct arena arena;
    struct programme *programme; /* NULL when it was refused */
    struct problems problems;
    struct err err;
};

int world_begin(void **state);
int world_end(void **state);

/* Read the .yaml files of a directory, or one file, below the source tree. */
enum rc world_read(struct world *world, str path);
/* Read base.yaml with the first `from` become `to`; "" changes nothing. */
enum rc world_change(struct world *world, const char *from, const char *to);
/* Read one text. */
enum rc world_text(struct world *world, str text);
/* The first problem with that message; NULL when there is none. */
const struct problem *world_problem(const struct world *world, enum msg_id msg);
/* The text of a file below the source tree. */
str world_file(struct world *world, str path);

#endif
