/* What a programme counts and where: levels, kinds of unit, gauges, sources, indicators, checks.
 * Objects name each other by place in their array; -1 is "none". Sets of levels, tiers and kinds
 * are bit masks: bit i is the i-th. */
#ifndef OFFICE_PROGRAMME_DICTIONARY_H
#define OFFICE_PROGRAMME_DICTIONARY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/date.h"
#include "base/msg.h"
#include "base/str.h"

struct expr; /* calc/expr: a compiled expression, and the values of an enumeration */
struct expr_labels;

enum { NONE = -1 };

/* A name in the languages of the house. Where a definition gives one, it stands for both. */
struct text {
    str zh;
    str en;
};

str text_in(struct text text, enum lang lang);

struct strs {
    const str *at;
    int count;
};

struct ints {
    const int *at;
    int count;
};

/* Where a definition says something, for messages that come later. */
struct file_place {
    str file;
    int line; /* from 1 */
    int column;
};

/* An expression over indicators (calc/expr); the id of an input is the place of its indicator. */
struct formula {
    str source;              /* "" when there is none */
    const struct expr *code; /* NULL when there is none */
    struct file_place place;
};

/* A level of the unit tree, highest first. */
struct level {
    str id;
    struct text name;
    struct strs heads; /* how a ledger heads the column of its units' names */
    int code_digits;   /* leading characters of a unit's code that name it; 0: codes tell nothing */
    bool is_partition; /* exactly one level has it (contracts A1) */
    struct file_place place;
};

/* What sort of unit a level holds: which are classified and planned is said of kinds. */
struct kind {
    str id;
    struct text name;
    int level;
    int64_t code_from; /* the level's own digits of the code, both included; 0, 0: any */
    int64_t code_to;
    struct strs name_ends; /* endings that tell the kind and do not belong to the name */
    struct file_place place;
};

/* What a number is counted in: 元, 亩, km. One of it is worth `num` / `den` of the base of its
 * quantity, so that two gauges of one quantity convert exactly. */
struct gauge {
    str id;
    struct text name; /* as printed */
    str quantity;     /* "money", "area"…: gauges of another quantity never convert */
    int64_t num;
    int64_t den;
    struct strs spellings; /* as headers write it; the id is one of them */
    struct file_place place;
};

/* Who a value comes from. A lower rank never overwrites a higher one (contracts B6). */
struct source {
    str id;
    struct text name;
    int rank;
    bool is_form; /* asked of the unit itself; others come as one sheet a source */
    struct file_place place;
};

/* A heading of indicators and of criteria. */
struct dimension {
    str id;
    struct text name;
    struct file_place place;
};

enum value_type { VALUE_INTEGER, VALUE_DECIMAL, VALUE_PERCENT, VALUE_BOOLEAN, VALUE_ENUM };

enum direction { DIRECTION_DESCRIPTIVE, DIRECTION_BENEFIT, DIRECTION_COST, DIRECTION_TARGET };

/* How a unit's value comes from those of the units in it (contracts B8). */
enum aggregate {
    AGGREGATE_NONE,
    AGGREGATE_SUM,
    AGGREGATE_RATIO,       /* sum of numerators over sum of denominators */
    AGGREGATE_WEIGHTED,    /* mean weighted by `weight` */
    AGGREGATE_FROM_INPUTS, /* the formula on the aggregated inputs */
    AGGREGATE_COUNT_TRUE,  /* share of units that have it: yes, or the highest value */
    AGGREGATE_MIN,
    AGGREGATE_MAX,
    AGGREGATE_MEDIAN,
};

enum { USE_CLASSIFY = 1, USE_GATE = 2, USE_MONITOR = 4, USE_PLAN = 8 };

/* One value of an enumeration. */
struct choice {
    str id;
    struct text name;
    int number; /* what is stored, from 0; permanent */
    struct strs aliases;
};

/* Values are whole numbers scaled by 10^decimals. A percentage is stored as numerator and
 * denominator; known only as a percentage it is the scaled percentage over 100 * 10^decimals. */
struct indicator {
    str id; /* permanent, never reused */
    struct text name;
    struct text note; /* how it is counted */
    struct strs aliases;
    uint32_t levels; /* whose own value it is; levels above get it by `aggregate` */
    int dimension;
    int gauge; /* NONE for yes/no and enumerations */
    int source;
    enum value_type type;
    enum direction direction;
    enum aggregate aggregate;
    int decimals;     /* 0 to 6 */
    int64_t min, max; /* scaled; percentages in scaled per cent */
    int denominator;  /* VALUE_PERCENT: what the denominator counts, NONE when nothing known */
    int weight;       /* AGGREGATE_WEIGHTED */
    struct formula formula; /* derived: never collected, never stored */
    const struct choice *choices;
    int choice_count;
    const struct expr_labels *labels; /* of an enumeration: ids by number, "" where there is none */
    unsigned use;       /* as written, and by criteria, gates and measures that name it */
    bool is_found;      /* counts what was found or put on record: never scored */
    bool is_actionable; /* a place can move it by its own work */
    bool has_baseline;  /* `baseline`, scaled, stands in the plan where the value is missing */
    int64_t baseline;
    str cheat; /* how one would cheat it, and what stands against that */
    str basis;
    date since; /* counted in periods from `since` to `until`, 0 days: open */
    date until;
    struct file_place place;
};

/* A note is nothing to mend; no rule of a programme gives one. */
enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

/* A rule of data quality: the expression must hold for every unit of `level` that has its
 * inputs. */
struct rule {
    str id;
    int level;
    struct formula formula;
    enum severity severity;
    struct text says; /* what is wrong when it does not hold */
    str basis;
    struct file_place place;
};

enum check_kind {
    CHECK_JUMP,    /* changed by more than `limit` per cent since the year before */
    CHECK_COPIED,  /* `limit` or more of one parent's units have all values alike */
    CHECK_HEAPING, /* more than `limit` per cent of units stand exactly at a standard */
    CHECK_GAUGE,   /* off by about `limit` times against the year before: another gauge */
};

/* A check over many values of one import. */
struct check {
    str id;
    enum check_kind kind;
    unsigned types;         /* bits of enum value_type it looks at; 0: all */
    struct ints indicators; /* of these only; none: all of the types */
    double limit;
    enum severity severity;
    struct text says;
    struct file_place place;
};

#endif
