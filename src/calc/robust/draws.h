/* The weights of many draws, made once and read by every pool: blocks of draws side by side, the
 * draws nearest to the centre of all first. */
#ifndef CALC_ROBUST_DRAWS_H
#define CALC_ROBUST_DRAWS_H

#include "calc/robust/lanes.h"

/* Which criteria apply: places with the same set share their weights. */
struct patterns {
    int count;
    uint64_t *mask; /* rising */
    int *of_place;
};
struct patterns patterns_find(const struct utilities *u, struct arena *arena);

struct draws {
    int draw_count; /* of this chunk */
    int block_count;
    int criterion_count;
    int pattern_count;
    double centre[WEIGH_CRITERIA_MAX]; /* mean share of each criterion */
    double unit[WEIGH_CRITERIA_MAX];   /* its standard deviation */
    /* A draw's distance from the centre is sqrt(sum of ((share - centre) / unit)^2). */
    float *reach;   /* of each block: the greatest distance of its draws; rising */
    int *draw;      /* [block * LANES_WIDE + lane]: from 0 in this chunk; padding repeats one */
    float *shares;  /* [draw * criterion_count + criterion]: where everything applies */
    float *weights; /* see draws_weights */
    double *drawn;  /* [draw * (criteria + dimensions)]: before they are made shares */
    struct far_draw *order;
};

/* A draw and its distance from the centre. */
struct far_draw {
    double distance;
    int draw;
};

/* Room for chunks of at most `draw_count` draws. */
struct draws draws_room(const struct robust_job *job, int draw_count, int pattern_count,
                        struct arena *arena);

/* Fill with the draws from `first` on, `count` of them, on the job's threads. */
struct draws_order {
    const struct robust_job *job;
    const struct lanes_ops *ops;
    const struct patterns *patterns;
    int first;
    int count;
};
void draws_make(const struct draws_order *order, struct draws *out);

/* Weights of one block for one pattern: [criterion * LANES_WIDE + lane]. */
const float *draws_weights(const struct draws *draws, int pattern, int block);

/* How many of a block's lanes are draws and not padding, as a mask. */
uint32_t draws_valid(const struct draws *draws, int block);

#endif
