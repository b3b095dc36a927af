/* Who is who between two registers (沿革): a code is no identity, and neither is a name. Compares
 * two lists of units and says what each one became, how sure that is, and why. */
#ifndef CALC_LINEAGE_LINEAGE_H
#define CALC_LINEAGE_LINEAGE_H

#include <stdbool.h>

#include "base/arena.h"

enum { LINEAGE_NONE = -1, LINEAGE_SURE = 1000, LINEAGE_NAME_MAX = 80 };

/* A unit as a register has it. Lists are in tree order: parents before children. */
struct lineage_unit {
    str code;
    str name;
    str base; /* the name without the ending that only tells the kind */
    int level;
    int kind;   /* LINEAGE_NONE: not known */
    int parent; /* place in the same list; LINEAGE_NONE for the root */
};

struct lineage_list {
    const struct lineage_unit *units;
    int count;
};

/* The first four continue a unit: one older, one newer. When several things changed at once, the
 * one that stands last among them names the link. */
enum lineage_kind {
    LINEAGE_RENAME,
    LINEAGE_RECODE,
    LINEAGE_UPGRADE,  /* another kind of unit: 村改居, 乡改镇 */
    LINEAGE_TRANSFER, /* under another unit than the one its old parent became */
    LINEAGE_MERGE,    /* into `after`; LINEAGE_NONE: nobody can tell into which */
    LINEAGE_SPLIT,    /* `after` took a share of `before` */
    LINEAGE_CREATE,
    LINEAGE_ABOLISH,
    LINEAGE_KINDS,
};

/* Why: what the confidence rests on. `count` is of what the text says. */
enum lineage_reason {
    LINEAGE_ENDING,         /* same code, parent and name; only the official ending differs */
    LINEAGE_SAME_PARENT,    /* same name, and the parents are one */
    LINEAGE_MOVED_TOGETHER, /* same name; `count` others moved between the same parents */
    LINEAGE_ONLY_BEARER,    /* same name, borne once in the whole surroundings before and after */
    LINEAGE_SEVERAL,        /* same name, borne by `count` candidates: the likeliest */
    LINEAGE_SAME_CODE,      /* same code, similar name */
    LINEAGE_SLOT_KEPT,      /* same code, another name; `count` neighbours vanished */
    LINEAGE_SIMILAR,        /* similar name in the same surroundings */
    LINEAGE_SAME_UNITS,     /* the same `count` units below */
    LINEAGE_PARTS_OF_NAME,  /* `count` vanished units share what the new name is made of */
    LINEAGE_UNITS_WENT,     /* `count` of its units went there */
    LINEAGE_VANISHED,       /* no successor to be seen; `count` new neighbours unexplained */
    LINEAGE_NO_TRACE,       /* no predecessor to be seen; `count` old neighbours unexplained */
    LINEAGE_BY_HAND,        /* no comparison says so: a person does */
    LINEAGE_REASONS,
};

struct lineage_link {
    enum lineage_kind kind;
    enum lineage_reason reason;
    int before;     /* LINEAGE_NONE for a creation */
    int after;      /* LINEAGE_NONE when it ended or the successor is unknown */
    int confidence; /* thousandths; LINEAGE_SURE needs no person */
    int count;
    int share_num; /* the part of `before` that went over, share_num / share_den */
    int share_den;
};

struct lineage_answer {
    /* By place in the newer list: the older unit it certainly is (same code, name and parent, all
     * but the ending of the name), or LINEAGE_NONE. */
    const int *same;
    const struct lineage_link *links; /* in order of `after`, then of those that only ended */
    int link_count;
};

/* Compare. Every older and every newer unit is in `same` or in a link. Deterministic; everything
 * lives in `arena`. */
void lineage_compare(struct lineage_list before, struct lineage_list after, struct arena *arena,
                     struct lineage_answer *out);

/* Does a link of this kind continue a unit? */
bool lineage_continues(enum lineage_kind kind);

#endif
