/* How a definition changes: two versions compared, and the dictionary as a workbook that people
 * edit and bring back. */
#ifndef OFFICE_REVISION_REVISION_H
#define OFFICE_REVISION_REVISION_H

#include "base/sheet.h"
#include "base/table.h"
#include "office/grammar/tree.h"

enum change_kind { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_EDITED };

/* One difference. An object added or removed has no field. */
struct change {
    enum change_kind kind;
    str section;
    str id;
    str field;  /* dotted below objects in objects: "levels.2.unit_cost" */
    str before; /* as a cell of the dictionary shows it */
    str after;
    bool is_refused; /* what is permanent may not change (contracts C10) */
    enum msg_id why; /* of a refused one */
};

struct changes {
    const struct change *rows;
    int count;
    int refused;
};

/* What differs between two normal trees (grammar/tree.h), in the order of the grammar. */
struct changes revision_compare(const struct doc *before, const struct doc *after,
                                struct arena *arena);
/* The same as one table. */
enum rc revision_changes(const struct changes *changes, enum lang lang,
                         const struct table_sink *sink, struct arena *arena) MUST_CHECK;

/* A normal tree as sheets, one for each kind of object: what stands in a list or in a map of
 * objects has a sheet of its own, with the ids it belongs to in front. Comments are lost. */
enum rc revision_export(const struct doc *normal, enum lang lang, const struct table_sink *sink,
                        struct arena *arena) MUST_CHECK;

/* Such sheets on their way back. Pass `reader` to the reader of workbooks, then take the tree,
 * which definition_read reads as any document; unedited it has the same canonical text. Faults of
 * sheets and rows go to `problems`, with sheet, row and column. */
struct revision_import {
    struct sheet_reader reader;
    struct import_state *state;
};

void revision_import_begin(struct revision_import *import, str file, struct arena *arena,
                           struct problems *problems);
const struct doc *revision_import_end(const struct revision_import *import);

#endif
