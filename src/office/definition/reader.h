/* What the stages of reading a definition share. Private to this folder. */
#ifndef OFFICE_DEFINITION_READER_H
#define OFFICE_DEFINITION_READER_H

#include "base/map.h"
#include "office/definition/definition.h"
#include "office/grammar/tree.h"

struct reader {
    struct arena *arena;
    struct problems *problems;
    const struct doc *root; /* merged */
    struct programme *out;
    struct map ids[SECTION_COUNT]; /* id to place, of sections that are maps */
};

/* The first object of a section, NULL when it has none. */
const struct doc *section_first(const struct reader *reader, enum section section);

/* The tables of the grammar walked over `root` into `out`. */
void definition_fill(struct reader *reader);
/* What depends on what it names: ranges, points, shares, effects, formulas. */
void definition_finish(struct reader *reader);
void definition_compile(struct reader *reader);
/* Parts of definition_finish. */
void finish_weights(struct reader *reader);
void finish_works(struct reader *reader);

/* Values by hand. Each says what it expected and is false when the value is wrong. */
bool value_text(struct reader *reader, const struct doc *doc, str *out);
bool value_fixed(struct reader *reader, const struct doc *doc, int decimals, int64_t *out);
bool value_real(struct reader *reader, const struct doc *doc, double *out);
bool value_ratio(struct reader *reader, const struct doc *doc, int64_t *out_num, int64_t *out_den);
/* The place of the object of `section` that `id` names. */
bool value_ref(struct reader *reader, const struct doc *doc, enum section section, str id,
               int *out);
bool value_expected(struct reader *reader, const struct doc *doc, enum msg_id what);
bool value_is_map(struct reader *reader, const struct doc *doc);
bool value_is_list(struct reader *reader, const struct doc *doc);
/* In an indicator's unit: a decimal, true or false, the id of a choice; scaled, and as it is. */
bool value_of(struct reader *reader, const struct doc *doc, const struct indicator *indicator,
              int64_t *out);
bool value_real_of(struct reader *reader, const struct doc *doc, const struct indicator *indicator,
                   double *out);
/* One number for each value of the enumeration `indicator` (may be NONE), scaled by `decimals`:
 * "60" for all of them, or "{plain: 100, hill: 110}". */
const int *value_by_choice(struct reader *reader, const struct doc *doc, int indicator,
                           int decimals);
/* The child of that name unless it is absent or empty. */
const struct doc *value_given(const struct doc *object, const char *key);
/* What this reader made itself it may still change. */
void *thaw(const void *frozen);

#endif
