/* A workbook being marked. Private to this folder. */
#ifndef FORMAT_PATCH_PATCH_IN_H
#define FORMAT_PATCH_PATCH_IN_H

#include "base/buf.h"
#include "format/patch/patch.h"
#include "format/patch/scan.h"
#include "format/sheet/package.h"

/* A part that was changed or is new. */
struct change {
    str path;
    str text;
    struct change *next;
};

struct patch {
    struct arena arena;
    struct err *err;
    const struct mark_options *options;
    struct package package;
    struct change *changes;
    bool is_strict;           /* the ISO namespaces */
    size_t box_count;         /* boxes for comments made so far */
    struct buf content_types; /* what must be said of new parts */
};

/* The whole text of a part, as it is by now: well-formed XML in UTF-8 (but for old drawings). */
MUST_CHECK enum rc patch_read(struct patch *patch, str path, str *out);
void patch_write(struct patch *patch, str path, str text);
bool patch_has(const struct patch *patch, str path);
/* RC_INVALID: `path` is of a shape we do not change. */
enum rc patch_odd(struct patch *patch, str path);
/* The first of "xl/comments1.xml", "xl/comments2.xml", … that is free. */
str patch_free_path(struct patch *patch, str begin, str end);
/* Several pieces as one text in the arena. */
#define PATCH_JOIN(patch, ...)                                                                     \
    patch_join((patch), (const str[]){__VA_ARGS__},                                                \
               sizeof((const str[]){__VA_ARGS__}) / sizeof(str))
str patch_join(struct patch *patch, const str *pieces, size_t count);
str patch_number(struct patch *patch, int64_t number);
/* Text made safe for XML: entities, and blanks for what XML cannot hold. */
str patch_escape(struct patch *patch, str text);

/* ---- relations between parts (rels.c) ---- */

struct relation {
    str id;
    str kind; /* last word of the type: "comments" */
    str path; /* in the archive, "" for what is outside */
};

struct relations {
    struct relation *list;
    size_t count;
};

/* The relations of the part at `path` ("" for the package); none when it has no list. */
MUST_CHECK enum rc relations_read(struct patch *patch, str path, struct relations *out);
const struct relation *relations_find(const struct relations *relations, str kind);
const struct relation *relations_by_id(const struct relations *relations, str id);
MUST_CHECK enum rc relations_add(struct patch *patch, str path, str kind, str target, str *out_id);

/* ---- styles (styles.c) ---- */

struct styles {
    struct patch *patch;
    str path; /* "" until the first is asked for */
    str text;
    str prefix;
    struct tag fills; /* the opening tags of the two lists, */
    struct tag cells;
    size_t fills_end; /* and where they close */
    size_t cells_end;
    int64_t fill_count;
    str *xfs; /* as written, one for each style of a cell */
    int64_t xf_count;
    int64_t xf_room;
    struct map clones; /* "style severity" to the number of its marked twin */
    struct buf added;
    int64_t added_count;
};

MUST_CHECK enum rc styles_open(struct styles *styles, struct patch *patch, str path);
/* The style like `style`, with the colour of the severity. */
int64_t styles_marked(struct styles *styles, int64_t style, enum mark_severity severity);
MUST_CHECK enum rc styles_close(struct styles *styles);

/* ---- a sheet (sheet.c) ---- */

/* A cell to be marked, once. */
struct spot {
    int64_t row; /* from 1 */
    int column;  /* from 0 */
    enum mark_severity severity;
    str text;
    size_t order; /* as the marks were given */
};

struct spots {
    struct spot *list; /* by row, then column */
    size_t count;
};

MUST_CHECK enum rc sheet_mark(struct patch *patch, struct styles *styles, str path,
                              struct spots *spots);

/* ---- comments (notes.c) ---- */

/* `legacy` is the relation of the sheet's old drawing, "" when it has none; then the relation of
 * the new one comes back, to be named in the sheet. */
MUST_CHECK enum rc notes_add(struct patch *patch, str path, const struct spots *spots, str legacy,
                             str *out_legacy);

#endif
