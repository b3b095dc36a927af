/* Roll-up: indicators of many villages as one number of their township, county, city, province,
 * each with how many villages it rests on. */
#ifndef OFFICE_INDICATOR_ROLLUP_H
#define OFFICE_INDICATOR_ROLLUP_H

#include "calc/cube/cube.h"
#include "office/indicator/panel.h"

/* Where an indicator stands in the cube. Percentages take two places: numerators, denominators. */
struct rollup_column {
    int indicator; /* place in the programme */
    int num;       /* cube indicator; NONE: units of this level do not have it */
    int den;       /* of percentages that are sums of both sides; NONE */
};

/* What a derived indicator is computed from, of the villages that have all of it. */
struct rollup_inputs {
    struct rollup_column *columns;
    int count;
};

/* The cube of a panel. */
struct rollup {
    const struct panel *panel;
    struct cube *cube;
    int level_count;              /* the panel's level and those above it, to the root */
    struct rollup_column *own;    /* by place in the programme */
    struct rollup_inputs *inputs; /* the same, of those computed from inputs */
    int column_count;             /* of the cube */
    uint32_t *unit_of;            /* unit within its cube level, by place in the tree */
    int *level_of;                /* cube level, by place in the tree; NONE below the panel's */
};

enum rc rollup_make(const struct panel *panel, struct rollup *out) MUST_CHECK;

/* What an indicator comes to in a unit, and on how many of how many it rests. */
struct rolled {
    enum expr_state state;
    double value; /* in the indicator's unit: 60 % is 60 */
    uint32_t known;
    uint32_t applicable;
};

/* `place` in the tree, above the panel's level. `scratch` is given back. */
struct rolled rollup_unit(const struct rollup *rollup, int place, int indicator,
                          struct arena *scratch);

/* A unit and those below it one level down, a row each and indicator. `indicators`: places in the
 * programme. */
enum rc rollup_table(const struct rollup *rollup, int place, const int *indicators, int count,
                     const struct table_sink *sink) MUST_CHECK;

#endif
