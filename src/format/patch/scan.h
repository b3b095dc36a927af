/* XML as bytes: its tags one after the other, with their places, so that a few of them can be
 * changed and every other byte stays as it is. It follows nesting but does not prove names match:
 * what was changed is read by a real parser before it leaves (patch.c). */
#ifndef FORMAT_PATCH_SCAN_H
#define FORMAT_PATCH_SCAN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

enum tag_kind { TAG_OPEN, TAG_EMPTY, TAG_CLOSE };

struct tag {
    enum tag_kind kind;
    size_t at;  /* of its "<" */
    size_t end; /* behind its ">" */
    int depth;  /* of the element; the root's is 0 */
    str name;   /* as written, prefix included */
    str inside; /* attributes, as written */
};

struct scan {
    str text;
    size_t place;
    int depth;
    bool is_broken; /* not XML, or XML we do not touch (DOCTYPE) */
};

enum { SCAN_DEPTH_MAX = 256, SCAN_NAME_MAX = 128 };

void scan_init(struct scan *scan, str text);
/* The next tag; false at the end or when the text is broken. */
bool scan_next(struct scan *scan, struct tag *out);

/* How often `piece` stands in `text`, at most `max`: room for the tags that may be found there. */
size_t scan_count(str text, str piece, size_t max);

/* One attribute off the front of `*rest`; false when none is left. */
bool attribute_next(str *rest, str *out_name, str *out_value);
/* The value as written, a slice of the text; at == NULL when absent. */
str attribute_of(const struct tag *tag, str name);
/* Its five entities undone. */
str attribute_text(struct arena *arena, const struct tag *tag, str name);

/* The value of r:id, whatever its prefix; "" when absent. */
str attribute_relation(const struct tag *tag);

/* "x:" of "x:row", "" of "row"; and the name behind it. */
str name_prefix(str name);
str name_local(str name);

/* Changes to one text, in order of place. */
struct edit {
    size_t at;
    size_t drop; /* bytes left out */
    str put;     /* bytes put in their place */
};

struct edits {
    struct arena *arena;
    str text;
    struct edit *list;
    size_t count;
    size_t room;
    bool is_disordered; /* the text has its parts in an order we do not know */
};

void edits_init(struct edits *edits, struct arena *arena, str text);
/* `put` must live until the edits are applied. */
void edits_add(struct edits *edits, size_t at, size_t drop, str put);
/* Give `tag` of the edited text the attribute, whether it has one or not. */
void edits_set(struct edits *edits, const struct tag *tag, str name, str value);
/* False when the changes were not in order of place. */
bool edits_apply(const struct edits *edits, str *out);

#endif
