/* Roll-up: indicators of many villages as one number of their township, county, city, province,
 * each with how many villages it rests on. */
#ifndef OFFICE_INDICATOR_ROLLUP_H
#define OFFICE_INDICATOR_ROLLUP_H

#include "calc/cube/cube.h"
#include "office/indicator/panel.h"
#include "office/lineage/crosswalk.h"
#include "store/file.h"

/* Later boundaries than those of the panel's own time, and how to get there. */
struct rollup_bounds {
    const struct unit_tree *tree;
    const struct unit_crosswalk *crosswalk; /* from the panel's tree to `tree` */
};

/* A unit of the panel, or the part of it that went over to one place. */
struct rollup_leaf {
    int row;   /* of the panel */
    int place; /* in the roll-up's tree; above the panel's level: nobody knows where below it */
    double share;
    bool is_whole; /* the place is all of the unit and nothing else */
    bool is_asked; /* of a kind that is expected to report */
};

/* Where an indicator stands in the cube. Ratios take two places: numerators, denominators. */
struct rollup_column {
    int indicator; /* place in the programme */
    int num;       /* cube indicator; NONE: units of this level do not have it */
    int den;       /* of what is rolled up as sum over sum; NONE */
};

/* What a derived indicator is computed from, of the villages that have all of it. */
struct rollup_inputs {
    struct rollup_column *columns;
    int count;
};

/* The cube of a panel. */
struct rollup {
    const struct panel *panel;
    const struct unit_tree *tree; /* whose units have sums */
    bool is_moved;                /* into later boundaries */
    struct cube *cube;
    struct file_map map;              /* what the cube lies in when it was kept */
    const struct rollup_leaf *leaves; /* of the cube, in order of place */
    int leaf_count;
    const int *first_leaf;        /* leaves of place i are [first_leaf[i], first_leaf[i + 1]) */
    const uint32_t *leaf_numbers; /* 0, 1, 2 … */
    int level_count;              /* the panel's level and those above it, to the root */
    struct rollup_column *own;    /* by place in the programme */
    struct rollup_inputs *inputs; /* the same, of those computed from inputs */
    int column_count;             /* of the cube */
    uint32_t *unit_of;            /* unit within its cube level, by place; above the leaves */
    int *level_of;                /* cube level, by place in the tree; NONE below the panel's */
};

/* In the boundaries of the panel's tree, or in later ones (`bounds` may be NULL). There sums move
 * by share, ratios and weighted means by numerator and denominator, everything else only where a
 * unit is one to one what it was; what has no known successor stays, unallocated, in a unit above
 * (contracts B9, decision 0075). Nothing is expected of a unit of a kind that no scheme of the
 * level places; where it reported, it counts. */
enum rc rollup_make(const struct panel *panel, const struct rollup_bounds *bounds,
                    struct rollup *out) MUST_CHECK;

/* The same in the boundaries of `of->tree`, by the cube that was kept in `directory`: as it is
 * while nothing has come in since, else brought up to date, or made anew. What is not whole, or of
 * other data than it says, is not believed. It is kept again where the directory can be written to;
 * "" is no directory. The panel holds no values. To be closed, whatever comes of it. */
enum rc rollup_open(const struct cx *cx, const struct panel_of *of, struct period period,
                    str directory, struct rollup *out) MUST_CHECK;
void rollup_close(struct rollup *rollup);

/* What an indicator comes to in a unit, and on how many of how many it rests: one that came apart
 * counts once in each part. */
struct rolled {
    enum expr_state state;
    double value; /* in the indicator's unit: 60 % is 60 */
    uint32_t known;
    uint32_t applicable;
};

/* `place` in the roll-up's tree. `scratch` is given back. */
struct rolled rollup_unit(const struct rollup *rollup, int place, int indicator,
                          struct arena *scratch);
/* What of it is unallocated in the unit itself: what those below it lack to its sum. */
struct rolled rollup_rest(const struct rollup *rollup, int place, int indicator,
                          struct arena *scratch);

/* A unit and those below it one level down, a row each and indicator, then what is unallocated in
 * the unit. `indicators`: places in the programme. */
enum rc rollup_table(const struct rollup *rollup, int place, const int *indicators, int count,
                     const struct table_sink *sink) MUST_CHECK;

#endif
