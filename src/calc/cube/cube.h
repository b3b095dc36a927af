/* The cube: many indicators of many leaves (villages, say) for one period, and their sums in every
 * unit of every level above, all of them up to date after each single change.
 *
 * Numbers are scaled integers. Where the declared range fits 2^24 a value is held as float32,
 * exactly; other indicators are held as double. Sums are made in double in a fixed order: leaves
 * into units of level 1 in the order of the tree, units into the level above likewise; a change
 * takes a shorter way only where whole numbers make that exact. So the sums after a change have the
 * bits that a rebuilt cube has, and every kernel and number of threads gives the same bits.
 *
 * A percentage is two indicators, numerator and denominator, both unknown where one is: then
 * cube_ratio of their sums is the sum of numerators over that of denominators of those that have
 * both. A condition is 0 and 1, its sum the number of those that meet it.
 *
 * One cube holds the values of one level. Where towns or counties own values themselves, they are
 * the leaves of a cube of their own; a branch that lacks a level passes through a unit that stands
 * in for it. */
#ifndef CALC_CUBE_CUBE_H
#define CALC_CUBE_CUBE_H

#include "base/arena.h"
#include "base/err.h"
#include "calc/expr/expr.h"

enum {
    CUBE_LEVELS_MAX = 8, /* the leaves' level included */
    CUBE_UNITS_MAX = 1 << 22,
    CUBE_INDICATORS_MAX = 1024,
    CUBE_THREADS_MAX = 2,
    CUBE_NO_WEIGHT = -1,
    CUBE_KEY_BYTES = 32,
};

/* Units of level 0 are the leaves. parent[l][u] is the unit of level l + 1 that holds unit u of
 * level l; the highest level has none. Units of one parent keep their order. */
struct cube_tree {
    int level_count;
    uint32_t count[CUBE_LEVELS_MAX];
    const uint32_t *parent[CUBE_LEVELS_MAX];
};

struct cube_indicator {
    double least; /* the declared range, scaled */
    double most;
    bool is_whole;    /* only whole (scaled) numbers occur */
    int weight;       /* the indicator that weights its mean, or CUBE_NO_WEIGHT: all alike */
    double threshold; /* scaled; a value reaches it when it is not below it */
};

struct cube;

/* An empty cube in `arena`, everything missing. RC_LIMIT, RC_INVALID: CUBE_…_MAX, a parent that
 * is not there, or a weight that is held as double (products would not be exact) or may be
 * negative. */
enum rc cube_make(const struct cube_tree *tree, const struct cube_indicator *indicators,
                  size_t indicator_count, struct arena *arena, struct cube **out,
                  struct err *err) MUST_CHECK;

/* All values of one indicator, in the caller's order of leaves; `states` holds enum expr_state, or
 * is NULL: then NaN is missing. Sums are stale until cube_roll. RC_INVALID names the leaf whose
 * value lies outside the declared range. */
enum rc cube_fill(struct cube *cube, int indicator, const double *values, const uint8_t *states,
                  struct err *err) MUST_CHECK;

/* Every sum of every unit, by at most CUBE_THREADS_MAX threads. */
void cube_roll(struct cube *cube, int thread_count);

/* One value, and the sums of the units above it. As cube_fill for failures: then nothing changed.
 */
enum rc cube_set(struct cube *cube, uint32_t leaf, int indicator, double value,
                 enum expr_state state, struct err *err) MUST_CHECK;

/* What is known of one indicator in one unit. */
struct cube_sum {
    double sum;
    double weighted; /* the sum of value times weight */
    double weight;   /* the weights of the known values */
    double least;    /* NaN where nothing is known */
    double most;
    uint32_t known;
    uint32_t reached;  /* of the known: the threshold or more */
    uint32_t excluded; /* not applicable */
    uint32_t leaves;   /* all of them: missing = leaves - known - excluded */
};

/* `level` from 1. */
struct cube_sum cube_unit(const struct cube *cube, int level, uint32_t unit, int indicator);
/* The same over any leaves, each once, added in the order given. */
struct cube_sum cube_group(const struct cube *cube, const uint32_t *leaves, size_t count,
                           int indicator);
double cube_mean(struct cube_sum sum);          /* NaN of nothing, as the others */
double cube_weighted_mean(struct cube_sum sum); /* NaN also where all weights are 0 */
double cube_share(struct cube_sum sum);         /* of the known, that reaches the threshold */
double cube_coverage(struct cube_sum sum);      /* known, of those it applies to */
double cube_ratio(struct cube_sum num, struct cube_sum den);

/* Quantile of what is known, as sample_quantile (calc/stat). `scratch` is given back. */
double cube_quantile(const struct cube *cube, int level, uint32_t unit, int indicator, double share,
                     struct arena *scratch);
double cube_group_quantile(const struct cube *cube, const uint32_t *leaves, size_t count,
                           int indicator, double share, struct arena *scratch);

/* One value; NaN unless EXPR_KNOWN. */
double cube_value(const struct cube *cube, uint32_t leaf, int indicator,
                  enum expr_state *out_state);
/* All values of one indicator in the caller's order of leaves, NaN where not known: for maps and
 * classification. */
void cube_column(const struct cube *cube, int indicator, double *out);

/* Kernels give the same bits; the best that the machine has is taken. For tests and benchmarks:
 * take another; false when the machine lacks it. */
enum cube_kernel { CUBE_SCALAR, CUBE_AVX2, CUBE_AVX512, CUBE_KERNELS };
bool cube_use(struct cube *cube, enum cube_kernel kernel);

/* What a snapshot was made of: the caller's digest of register, definition and period, and the
 * number of the last change in it. */
struct cube_stamp {
    unsigned char key[CUBE_KEY_BYTES];
    uint64_t generation;
};

/* The whole cube as bytes, sealed with a checksum; they are the cube's own memory, valid until the
 * next cube_fill or cube_set. */
str cube_to_bytes(struct cube *cube, const struct cube_stamp *stamp);
/* A cube over `bytes`, which stay the caller's, 64-byte aligned and writable if cube_set is to be
 * used. RC_INVALID for what is short, of another version or machine, of another key, or damaged:
 * then it is to be built anew. */
enum rc cube_from_bytes(void *bytes, size_t len, const unsigned char key[static CUBE_KEY_BYTES],
                        struct arena *arena, struct cube **out, struct err *err) MUST_CHECK;
uint64_t cube_generation(const struct cube *cube);

#endif
