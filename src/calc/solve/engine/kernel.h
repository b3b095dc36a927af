/* The two inner loops, in sixteen lanes, compiled for several instruction sets. All of them give
 * the same bits: the order of every sum is fixed, products and sums are not fused. */
#ifndef CALC_SOLVE_ENGINE_KERNEL_H
#define CALC_SOLVE_ENGINE_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

enum {
    KERNEL_LANES = 16,
    KERNEL_ALIGN = 64,
    KERNEL_WIDTH_MAX = 4, /* vectors of an entry in a join */
    KERNEL_DEPTH_MAX = 48,
};

/* --- Evaluating prices ---------------------------------------------------------------------- */

/* Groups with the same rows, sixteen to a bundle, the lanes filled up with options that never win.
 * Everything is relative to the first option of a group, which is not stored.
 * `data` of a bundle, for each further option: 16 values, then for each row 16 uses. */
struct kernel_run {
    int rows;
    int bundles;
    const int *row;
    const int *options; /* [bundles] the most options of a group in it, the first one included */
    const float *data;  /* bundle after bundle */
    float *scratch;     /* [rows × 16] aligned */
    int32_t *best;      /* [bundles × 16] the best option, where wanted; else NULL */
    /* Where wanted, [bundles × 16]: nonzero for groups whose two best options are within the
     * margin. They count as choosing their first option. */
    int32_t *open;
    float margin;
};

/* Add the best worth of the groups to *worth and the uses chosen to `use` [rows of the model]. */
typedef void kernel_eval(const struct kernel_run *run, const float *price, double *use,
                         double *worth);

/* --- Joining two lists ----------------------------------------------------------------------- */

struct kernel_node {
    int begin;
    int end;
    int left; /* -1: a leaf */
    int right;
};

/* Entries are `width` vectors of 16 whole numbers each, within ± 2^28; the box of a node is the
 * least and then the greatest of each lane. */
struct kernel_tree {
    const int32_t *entry;
    const struct kernel_node *node;
    const int32_t *box;
};

struct kernel_join {
    int width;
    struct kernel_tree a;
    struct kernel_tree b;
    int32_t *room;      /* [width × 16] an entry of a plus one of b may not exceed it; ± 2^30 */
    const float *price; /* [width × 16] what a unit of room left over costs, in units of loss */
    int loss_lane;
    float gap;     /* pairs that lose and leave over more than this cannot win */
    int64_t steps; /* done: node pairs and entry pairs looked at, times their width */
    int64_t steps_max;
    /* A pair within the room. May lower room and gap. */
    void (*hit)(struct kernel_join *join, int a, int b);
    void *hit_cx;
};

typedef void kernel_join_trees(struct kernel_join *join);
/* The box of the entries [begin, end). */
typedef void kernel_box(const int32_t *entry, int begin, int end, int width, int32_t *box);

struct kernel {
    const char *name;
    kernel_eval *eval;
    kernel_join_trees *join;
    kernel_box *box;
};

/* The widest this machine can run. */
const struct kernel *kernel_best(void);
/* All that this machine can run, the plainest first; the answer is their number (at most 3). */
int kernel_all(const struct kernel *kernels[3]);

#endif
