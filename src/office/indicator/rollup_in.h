/* What the parts of a roll-up share. */
#ifndef OFFICE_INDICATOR_ROLLUP_IN_H
#define OFFICE_INDICATOR_ROLLUP_IN_H

#include "office/indicator/rollup.h"

/* ---- leaves.c ---- */

/* Find the leaves in order of their places, and where each place's begin. */
void rollup_find_leaves(const struct rollup_bounds *bounds, struct rollup *out);

/* Is the indicator rolled up as a sum over a sum? */
bool rollup_is_pair(const struct rollup *rollup, int indicator);

/* One column of the cube on its way in, by leaf: both sides of a ratio, or values in `num`. */
struct rollup_filling {
    double *num;
    double *den;
    uint8_t *state;
};

/* `counts` leaves leaves out: enum expr_state by leaf, what is not EXPR_KNOWN stands for the leaf;
 * NULL: none are left out. Lives in cx->arena. */
struct rollup_filling rollup_fill(const struct rollup *rollup, const struct rollup_column *to,
                                  const uint8_t *counts);

/* The same of one leaf. */
struct rollup_cell {
    double num;
    double den;
    enum expr_state state;
};
struct rollup_cell rollup_cell(const struct rollup *rollup, const struct rollup_column *to,
                               enum expr_state counts, int leaf);

/* Does a derived indicator rest on this leaf? */
enum expr_state rollup_counting_at(const struct rollup *rollup, int indicator, int leaf);
/* Which leaves a derived indicator rests on. Lives in cx->arena. */
uint8_t *rollup_counting(const struct rollup *rollup, int indicator);

/* ---- rollup.c ---- */

/* Everything but the values: leaves, levels, columns; NULL bounds for the panel's own. RC_INVALID
 * when there is no level above the panel's. */
enum rc rollup_shape(const struct panel *panel, const struct rollup_bounds *bounds,
                     struct cube_tree *out_tree, struct rollup *out) MUST_CHECK;
/* The cube of a shape. */
enum rc rollup_fill_cube(struct rollup *rollup, const struct cube_tree *tree) MUST_CHECK;

/* Is it computed on what its inputs come to? */
bool rollup_is_from_inputs(const struct rollup *rollup, int indicator);

/* The indicator, then everything its formula needs; what a derived one needs comes behind it.
 * `out` has room for EXPR_NODES_MAX; answers how many. */
int rollup_order_inputs(const struct rollup *rollup, int indicator, int *out);
/* NULL: the indicator is no given input of these. */
const struct rollup_column *rollup_find_column(const struct rollup_inputs *inputs, int indicator);

#endif
