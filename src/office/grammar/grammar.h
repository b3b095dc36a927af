/* The grammar of definitions as data: what may stand where, of which type, and where it goes.
 * Reading, canonical text, sheets and comparison all walk these tables, so that none of them can
 * know a field the others do not. */
#ifndef OFFICE_GRAMMAR_GRAMMAR_H
#define OFFICE_GRAMMAR_GRAMMAR_H

#include "office/programme/programme.h"

enum field_type {
    FIELD_TEXT,    /* str */
    FIELD_NAME,    /* struct text: a text, or {zh, en} */
    FIELD_INT,     /* int in [min, max] */
    FIELD_FIXED,   /* int64_t: a decimal scaled by `decimals`, in [min, max] after scaling */
    FIELD_MONEY,   /* int64_t fen: a decimal in the programme's currency, not negative */
    FIELD_REAL,    /* double: a decimal whose thousandfold is in [min, max] */
    FIELD_BOOL,    /* bool */
    FIELD_DATE,    /* date */
    FIELD_WORD,    /* an enum: place in `words` */
    FIELD_WORDS,   /* unsigned: bits of a list of `words` */
    FIELD_REF,     /* int: place of an object of `section` */
    FIELD_REFS,    /* struct ints: a list of them */
    FIELD_SET,     /* uint32_t: bits of them */
    FIELD_TEXTS,   /* struct strs */
    FIELD_INTS,    /* struct ints, each in [min, max] */
    FIELD_RATIO,   /* int64_t at offset and at offset2: "2000/3" or "10000" */
    FIELD_FORMULA, /* struct formula; compiled later */
    FIELD_ONE,     /* an object of `shape`, in place */
    FIELD_MAP,     /* objects of `shape` by id: pointer at offset, int count at offset2 */
    FIELD_LIST,    /* objects of `shape`: the same */
    FIELD_LATER,   /* depends on what it names: a value, a list or a map of values; finish.c */
};

enum { FIELD_NEEDED = 1, FIELD_OWN_ID = 2, FIELD_FIRST = 4 };

struct shape;

struct field {
    const char *key;
    enum field_type type;
    int flags; /* FIELD_OWN_ID: left out, it names the object's own id; FIELD_FIRST: the first */
    size_t offset;
    size_t offset2;
    int section; /* FIELD_REF, REFS, SET: field of ROOT */
    int decimals;
    int64_t min;
    int64_t max;
    const char *const *words; /* NULL ends them */
    const char *fallback;     /* read when the field is left out */
    const struct shape *shape;
};

/* An object. Those that stand in a map begin with `str id`. */
struct shape {
    const struct field *fields;
    int count;
    size_t size;
    bool has_id;
    size_t place; /* of a struct file_place, PLACE_NONE without */
};

#define PLACE_NONE ((size_t)-1)

enum section {
    SECTION_PROGRAMME,
    SECTION_MONEY,
    SECTION_SPELLINGS,
    SECTION_LEVELS,
    SECTION_KINDS,
    SECTION_GAUGES,
    SECTION_SOURCES,
    SECTION_DIMENSIONS,
    SECTION_INDICATORS,
    SECTION_RULES,
    SECTION_CHECKS,
    SECTION_SCHEMES,
    SECTION_WEIGHTS,
    SECTION_CRITERIA,
    SECTION_JUDGMENTS,
    SECTION_TIERS,
    SECTION_GATES,
    SECTION_QUOTAS,
    SECTION_EXCEPTIONS,
    SECTION_FUNDS,
    SECTION_RECIPES,
    SECTION_CAPS,
    SECTION_MEASURES,
    SECTION_STANDARDS,
    SECTION_POSTS,
    SECTION_BOARD,
    SECTION_COUNT,
};

/* The whole definition: a field for each section, in the order of enum section. */
extern const struct shape ROOT;

/* The field of that key; NULL when the shape has none. */
const struct field *shape_field(const struct shape *shape, str key);
/* The key nearest to a wrong one, "" when none is near. */
str shape_nearest(const struct shape *shape, str key);

/* Keeps the nearest of the names offered. */
struct nearest {
    str wanted;
    str best; /* "" when none is near */
    size_t distance;
};

void nearest_begin(struct nearest *nearest, str wanted);
void nearest_offer(struct nearest *nearest, str name);

#endif
