/* The one operator that puts places into tiers; the base run and every draw of weights use it.
 *
 * Tiers are 0 (highest) to tier_count - 1, which takes everyone left over: it has neither gate
 * nor quota. Places compete inside pools. In every pool, from the highest tier down: locked
 * places first; then, among places that pass the tier's gates and have no tier yet, the best by
 * s + hysteresis * [held this tier or a higher one], as many as the quota leaves or as reach the
 * threshold. Ties: by the declared keys, then by the smaller id. */
#ifndef CALC_WEIGH_TIERING_H
#define CALC_WEIGH_TIERING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { TIER_COUNT_MAX = 8, TIE_KEYS_MAX = 8 };
enum { TIER_NONE = -1 };

enum gate { GATE_PASSED, GATE_FAILED, GATE_UNDETERMINED };

enum quota_kind {
    QUOTA_STOCK,         /* all who are in the tier after the run */
    QUOTA_NEW_THIS_YEAR, /* newcomers; who held it or a higher one keeps it if the gates allow */
};

enum sorting {
    SORT_BY_QUOTA,
    SORT_BY_THRESHOLD,
    SORT_BY_BREAKS, /* thresholds are the natural breaks of each pool's own scores */
};

struct tiering {
    int place_count;
    int pool_count;
    int tier_count;
    const int *pool;             /* a place: its pool */
    const signed char *previous; /* a place: the tier it held, or TIER_NONE */
    const signed char *locked;   /* a place: the tier it must have, or TIER_NONE */
    const bool *undecided;       /* a place: too little is known; outside the competition */
    const unsigned char *gates;  /* enum gate: [place * tier_count + tier] */
    enum sorting sorting;
    enum quota_kind kinds[TIER_COUNT_MAX];
    const int *quota;       /* [pool * tier_count + tier], the last tier's is ignored */
    const float *threshold; /* the same shape, for SORT_BY_THRESHOLD */
    bool spill;             /* places that nobody could take go to the next tier */
    float hysteresis;       /* in units of score, 0 to 1 */
    int key_count;
    const double *keys[TIE_KEYS_MAX]; /* a place: greater comes first */
    const int64_t *id;
};

/* Why a place is where it is, and not one tier higher. */
enum tier_reason {
    REASON_ADMITTED, /* in the highest tier, by its rank or by reaching the threshold */
    REASON_LOCKED,
    REASON_UNDECIDED,
    REASON_QUOTA,             /* others took the places of the tier above */
    REASON_THRESHOLD,         /* below the threshold of the tier above */
    REASON_GATE,              /* failed a gate of the tier above */
    REASON_GATE_UNDETERMINED, /* a gate of the tier above rests on a missing value */
};

struct placing {
    signed char tier; /* TIER_NONE when undecided */
    enum tier_reason reason;
    int rank; /* in its pool by score among all decided places, from 1; 0 if undecided */
    /* Distance to the line above (> 0: what is missing) and to the line below (>= 0: what may be
     * lost); in units of score, hysteresis included. NAN where there is no such line. */
    float to_rise;
    float to_fall;
};

/* The line of one pool and tier. */
struct tier_line {
    int open;              /* quota, with what spilled from above */
    int locked;            /* locked places that count against it */
    int overrun;           /* locked beyond the quota */
    int kept;              /* QUOTA_NEW_THIS_YEAR: who keeps it without counting */
    int admitted;          /* by rank or threshold, without locked and kept */
    int unfilled;          /* places nobody could take */
    int last;              /* the last admitted place, or TIER_NONE */
    int first_out;         /* the best competitor that was not admitted, or TIER_NONE */
    float last_score;      /* with hysteresis */
    float first_out_score; /* with hysteresis */
};

struct tiering_result {
    struct placing *places;  /* place_count */
    struct tier_line *lines; /* [pool * tier_count + tier] */
};

/* RC_INVALID names what a definition can get wrong: the number of tiers, a negative quota or
 * hysteresis, a threshold or key that is not finite, thresholds that rise from a higher tier to a
 * lower one, a gate before the last tier. Pools and tiers inside their range are a promise. */
MUST_CHECK enum rc tiering_check(const struct tiering *rules, struct err *err);

/* Places by pool, and inside a pool by the declared keys, then id: place[begin[p]] to
 * place[begin[p + 1] - 1] are those of pool p. */
struct pool_order {
    int *place;
    int *begin; /* pool_count + 1 */
};
struct pool_order tiering_order(const struct tiering *rules, struct arena *arena);

/* SORT_BY_BREAKS becomes SORT_BY_THRESHOLD: in every pool the scores of competing places are put
 * into as many natural classes as there are tiers, and a class's least score is its threshold. A
 * pool with fewer different scores has fewer classes, the highest tiers. Other rules are copied.
 * What the answer points to lives as long as `rules` and `arena`. */
struct tiering tiering_resolve(const struct tiering *rules, const float *scores,
                               struct arena *arena);

/* Apply the rules to scores (finite). The answer lives in `arena`. */
struct tiering_result tiering_run(const struct tiering *declared, const float *scores,
                                  struct arena *arena);

/* What a place might have in place of what it has: scores no less, gates no further shut. */
struct tier_hope {
    const float *scores;
    const unsigned char *gates; /* as in the rules */
};

/* The tier every place would have if it alone had what it hopes for and were decided, its rivals
 * standing as they do in `base`, which tiering_run said of `scores`. A locked place stays; natural
 * breaks are those of `scores`. */
void tiering_alone(const struct tiering *declared, const float *scores,
                   const struct tiering_result *base, const struct tier_hope *hope,
                   struct arena *arena, signed char *out);

#endif
