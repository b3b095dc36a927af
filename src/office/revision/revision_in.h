/* What export, import and comparison share. Private to this folder. */
#ifndef OFFICE_REVISION_REVISION_IN_H
#define OFFICE_REVISION_REVISION_IN_H

#include "office/revision/revision.h"

enum {
    PLAN_DEPTH_MAX = 3, /* a section, objects in objects, and objects in those */
    PLAN_COLUMNS_MAX = 48,
    PLANS_MAX = 40,
    PLANS_SECTION_MAX = 5,              /* sheets of one section */
    CELL_BYTES_MAX = 3 * TREE_TEXT_MAX, /* every character escaped */
};

/* What one column of a sheet holds. */
struct plan_column {
    str key;                   /* "weight", "name.zh", or the key column's name */
    const struct field *field; /* NULL: an id or number in front */
    str language;              /* of a FIELD_NAME: zh or en */
};

/* One sheet: where in the tree its objects stand, and their columns. */
struct plan {
    str name; /* "measures.levels" */
    const struct field *chain[PLAN_DEPTH_MAX];
    int depth;
    const struct shape *shape;
    int lead_count; /* columns of ids in front; 0 for a section that is one object */
    struct plan_column columns[PLAN_COLUMNS_MAX];
    int column_count;
};

/* All sheets in order, parents before their children; how many. */
int plan_all(struct plan plans[static PLANS_MAX], struct arena *arena);
/* "指标 indicators": what people read, then what the program reads. */
str title_of(str key, enum lang lang, struct arena *arena);
str title_label(str key, enum lang lang);
/* The part of a title that the program reads: its last word. */
str title_key(str title);

/* A value in one cell: texts as they are, "a | b" for a list; where the grammar allows several
 * shapes, "[a | b]" for a list and "{k = v | l = w}" for a map. A backslash takes the next
 * character as it is. */
str cell_write(const struct field *field, const struct doc *value, struct arena *arena);
/* The value a cell holds, as a document that has no key and no place yet. */
struct doc *cell_read(const struct field *field, str cell, struct arena *arena);

#endif
