/* The cube's memory, which is also its snapshot, and what a kernel does. Private to this folder. */
#ifndef CALC_CUBE_CUBE_IN_H
#define CALC_CUBE_CUBE_IN_H

#include <stddef.h>

#include "calc/cube/cube.h"

enum { LANES = 16, LINE_BYTES = 64, LINES_AHEAD = 48 /* asked for before they are needed */ };

/* How a float32 or a double says that it is not known: NaNs with these bits. */
#define MISSING_32  0x7fc00000U
#define EXCLUDED_32 0x7fc00001U
#define MISSING_64  0x7ff8000000000000U
#define EXCLUDED_64 0x7ff8000000000001U

union word_32 {
    uint32_t bits;
    float number;
};

union word_64 {
    uint64_t bits;
    double number;
};

/* Sums of 16 indicators in one unit. */
struct tile_sum {
    double sum[LANES];
    double weighted[LANES];
    double weight[LANES];
    float least[LANES];
    float most[LANES];
    uint32_t known[LANES];
    uint32_t reached[LANES];
    uint32_t excluded[LANES];
};

/* Sums of an indicator held as double. */
struct wide_sum {
    double sum;
    double weighted;
    double weight;
    double least;
    double most;
    uint32_t known;
    uint32_t reached;
    uint32_t excluded;
    uint32_t padding;
};

/* Sum `count` lines of 16 values, one weight a line; and sums into the sum of their parent. */
struct kernel {
    void (*reduce)(const float *lines, const float *weights, size_t count, const float *threshold,
                   struct tile_sum *out);
    void (*combine)(const struct tile_sum *children, size_t count, struct tile_sum *out);
};

extern const struct kernel CUBE_KERNEL_SCALAR;
extern const struct kernel CUBE_KERNEL_AVX2;
extern const struct kernel CUBE_KERNEL_AVX512;

#define CUBE_MAGIC "WANCUBE"
enum { MAGIC_BYTES = 8, FORMAT_VERSION = 1 };

/* The beginning of the memory. The first 64 bytes are compared one by one; `checksum` is of all
 * behind them. */
struct cube_header {
    char magic[MAGIC_BYTES];
    uint64_t checksum;
    uint64_t byte_count;
    uint32_t version;
    uint32_t byte_order; /* 1, as this machine writes it */
    unsigned char key[CUBE_KEY_BYTES];
    uint64_t generation;
    uint32_t level_count;
    uint32_t indicator_count;
    uint32_t unit_count[CUBE_LEVELS_MAX];
};

_Static_assert(offsetof(struct cube_header, generation) == LINE_BYTES,
               "what is compared is a line");

/* Indicators lie behind the header, from the next line on. */
enum {
    CUBE_INDICATORS_AT = (sizeof(struct cube_header) + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES
};

/* Where an indicator is held: a lane of a tile, or a column of doubles. */
struct home {
    bool is_wide;
    uint32_t column; /* among those of its kind */
    uint32_t tile;
    uint32_t lane;
    uint32_t weight; /* place of its weights */
};

/* One level of the tree. Places are positions in the order of the tree. */
struct level {
    uint32_t count;
    uint32_t base;         /* its first sum among those of all levels */
    uint32_t *place;       /* of the caller's unit */
    uint32_t *parent;      /* of a place: a place of the level above */
    uint32_t *first_child; /* of a place: a place of the level below; one more at the end */
    uint32_t *first_leaf;
};

struct tile {
    uint32_t weight;
    float threshold[LANES];
};

struct cube {
    struct cube_header *header;
    const struct kernel *kernel;
    struct cube_indicator *indicators;
    struct home *homes;
    int *weight_of; /* by place of weights: the indicator, or CUBE_NO_WEIGHT */
    struct level levels[CUBE_LEVELS_MAX];
    int level_count;
    uint32_t sum_count; /* units of the levels above the leaves */
    uint32_t narrow_count;
    uint32_t wide_count;
    uint32_t weight_count;
    uint32_t tile_count;
    struct tile *tiles;
    float *weights;        /* [weight][place]; the first are all 1 */
    float *columns;        /* [narrow][place] */
    float *lines;          /* [tile][place][lane] */
    struct tile_sum *sums; /* [tile][level, place] */
    double *wide;          /* [wide][place] */
    struct wide_sum *wide_sums;
};

/* Begin `cube` with its shape: homes, tiles and weights are settled in `arena`. */
void cube_take_header(struct cube *cube, struct cube_header *header,
                      struct cube_indicator *indicators, struct arena *arena);
/* Set every pointer into the memory at `base`; how many bytes that is. NULL only counts. */
size_t cube_lay_out(struct cube *cube, char *base);
void cube_choose_kernel(struct cube *cube);
/* A weight is an indicator that is held as float32, so that products with it are exact, and never
 * negative, so that sums of products have a bound. */
enum rc cube_check_weights(const struct cube_indicator *indicators, size_t count,
                           struct err *err) MUST_CHECK;

/* A value as a double, whichever way it is held. */
double cube_value_at(const struct cube *cube, int indicator, uint32_t place);
/* One lane of a tile's sums. */
struct wide_sum tile_lane(const struct tile_sum *tile, uint32_t lane);
/* What one value adds. */
void wide_add(struct wide_sum *sum, double value, double weight, double threshold);
struct wide_sum wide_none(void);

#endif
