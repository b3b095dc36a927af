/* The tree of units (行政单元) on one day, in memory: what every other concept walks, looks up
 * and sums over. */
#ifndef OFFICE_UNIT_UNIT_H
#define OFFICE_UNIT_UNIT_H

#include "base/date.h"
#include "base/map.h"
#include "office/office.h"
#include "office/programme/programme.h"

enum {
    UNIT_UNITS_MAX = 1 << 20,
    UNIT_CODE_BYTES_MAX = 32,
    UNIT_NAME_BYTES_MAX = 240,
    UNIT_SEVERAL = -2, /* a name that several units bear; NONE is -1 */
};

/* A unit as it was on the tree's day. Places are positions in the tree's array. */
struct unit {
    struct unit_id id; /* permanent: the same before and after a confirmed change */
    str code;
    str name; /* official */
    str base; /* the name without the ending that only tells the kind; points into `name` */
    int level;
    int kind;   /* NONE when the programme names none for it */
    int parent; /* NONE for the root */
    int end;    /* the subtree is [place, end) */
    int home;   /* the partition it lies in; above the partition level its own place */
};

/* Units in tree order: a parent before its children, children by code. Place 0 is the root. */
struct unit_tree {
    const struct programme *programme;
    date at;           /* the day asked for */
    date register_day; /* of the register it shows: the newest up to `at`, else the oldest */
    const struct unit *units;
    int count;
    struct map codes;
    struct unit_place *places; /* by id, aliases included; never changed after loading */
    size_t place_room;
};

/* Read the tree of the newest register up to `at`; of the oldest one when `at` lies before it.
 * RC_MISSING when there is no register at all. Everything lives in cx->arena and never changes. */
enum rc unit_tree_load(const struct cx *cx, const struct programme *programme, date at,
                       struct unit_tree *out) MUST_CHECK;

/* Places by permanent id (also one under which the unit was written before it was confirmed to be
 * an older one), and by code; NONE when there is none. */
int unit_tree_find_id(const struct unit_tree *tree, struct unit_id id);
int unit_tree_find_code(const struct unit_tree *tree, str code);

/* The unit that bears a code now, or last bore it; RC_MISSING leaves err alone. */
enum rc unit_of_code(const struct cx *cx, str code, struct unit_id *out) MUST_CHECK;

/* The unit of `level` below `within` that is called `name`: by its official name, else by the name
 * without its ending. NONE when nobody is, UNIT_SEVERAL when more than one is. */
int unit_tree_find_name(const struct unit_tree *tree, int within, int level, str name);

/* The unit of `level` that `place` lies in, itself included; NONE when there is none. */
int unit_tree_above(const struct unit_tree *tree, int place, int level);

/* The names from below the root down to the unit itself: 甲市乙县丙镇丁村. */
void unit_tree_put_path(const struct unit_tree *tree, int place, struct buf *out);

/* `name` without the longest ending that tells a kind of `level`; whole if nothing would be left.
 */
str unit_base_name(const struct programme *programme, int level, str name);

/* The kind of `level` whose range the level's own digits of `code` lie in; NONE when none. */
int unit_kind_of_code(const struct programme *programme, int level, str code);

/* Where rows of a unit may lie: every (home, unit) id under which it was ever known, oldest first.
 * A transferred unit has rows under the home of the time they were written (contracts A1). */
struct unit_address {
    struct unit_id home;
    struct unit_id unit;
};
enum rc unit_addresses(const struct cx *cx, struct unit_id unit, struct unit_address **out,
                       int *out_count) MUST_CHECK;

/* Do the dated rows agree: identities flat and without overlap, days those of registers, parents
 * standing, the closure complete, as many units as each register had? RC_BROKEN names the first
 * unit and day that do not. */
enum rc unit_check(const struct cx *cx) MUST_CHECK;

#endif
