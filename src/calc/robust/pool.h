/* One pool through all draws: who can be near a line (near.c), and who comes over it (pool.c). */
#ifndef CALC_ROBUST_POOL_H
#define CALC_ROBUST_POOL_H

#include "calc/robust/draws.h"

/* What all pools share while a chunk of draws is worked off; nobody writes to it but into his own
 * pool's counts. */
struct plan {
    const struct robust_job *job;
    const struct lanes_ops *ops;
    struct pool_order order;
    struct patterns patterns;
    struct tiering_result base; /* by the tree's weights: where the lines are about */
    const float *base_scores;
    struct draws draws;
    uint32_t *count;          /* [place * tier_count + tier], the last tier's left out */
    int watched;              /* a place whose weightings are summed up, or TIER_NONE */
    double *watched_shares;   /* [tier * criterion_count + criterion] */
    uint32_t *watched_counts; /* [tier] */
};

enum { GUIDES_MAX = 24 };

/* A place in the competition. */
struct row {
    int place;
    int turn; /* among equals */
    int pattern;
};

/* One tier's line, as guessed, and how the pool's rows stand to it. */
struct guide {
    bool is_open; /* anybody can be admitted at all */
    bool all_fit; /* there are places for everyone whom the gates let in */
    bool is_sure; /* the guess is linear in the weights, so far rows are known beforehand */
    int room;     /* places that quota and locks leave, without spill; may be negative */
    int row_count;
    int rows[GUIDES_MAX];
    float shift;    /* guess = mean score of these rows + shift */
    float farthest; /* |line - guess| / reach, the greatest seen; below 0: nothing seen yet */
    float *bonus;   /* of each row: hysteresis */
    float *gap;     /* of each row: score + bonus - guess, at the centre of the draws */
    float *spread;  /* of each row; infinite where nothing is known beforehand */
};

/* Whom to look at in one tier. */
struct tier_list {
    float width;    /* how far from the guess the line may be */
    int sure;       /* rows that are in without looking, and take places */
    bool any_above; /* rows counted on to be in: the line must not pass them */
    bool any_below; /* rows left out: the line must not pass them either */
    float density;  /* rows per unit of score near the guess */
    int count;
    int *slots;         /* listed rows, by where they are scored */
    float *bonus;       /* of each listed row */
    uint32_t *admitted; /* of each listed row, in the present block */
    uint32_t *sums;     /* of each listed row: draws that admitted it with the present lists */
    int kept_count;
    int *kept;               /* slots of rows that keep the tier unless a higher one takes them */
    uint32_t *kept_admitted; /* of each, in the present block */
    uint32_t *kept_sums;
    int guide_slots[GUIDES_MAX];
};

/* A row whose grade does not decide. */
struct tied {
    float score;
    int turn;
    int at; /* in the list */
};

struct pool_scratch {
    int row_count;
    struct row *rows; /* by pattern, then turn */
    struct guide guides[TIER_COUNT_MAX];
    struct tier_list lists[TIER_COUNT_MAX];
    signed char *settled; /* of each row: the tier it has whatever the draw, or TIER_NONE */
    bool *is_listed;      /* of each row */
    int *slot_of;         /* of each row */
    int *row_of;          /* of each slot; -1 for padding */
    int slot_count;       /* whole tiles */
    float *u;             /* tiles of scored rows */
    float *rest;          /* SCORE_TOPSIS: the same, for 1 - u */
    float *scores;        /* [slot * LANES_WIDE + lane] */
    uint32_t *taken;      /* of each slot: lanes in which it has a tier */
    int16_t *grades;
    int *contested;
    uint32_t *contested_lanes;
    struct tied *tied;
};

/* One thread's memory, enough for the largest pool. */
struct pool_scratch *pool_scratch_make(const struct plan *plan, struct arena *arena);

/* The pool's rows and guesses of its lines. */
void near_begin(const struct plan *plan, int pool, struct pool_scratch *scratch);
/* Whom to look at in draws up to `reach` from the centre; `wide`: everybody. */
void near_list(const struct plan *plan, struct pool_scratch *scratch, float reach, bool wide);

/* Work off the chunk for one pool: adds to plan->count. */
void pool_run(const struct plan *plan, int pool, struct pool_scratch *scratch);

#endif
