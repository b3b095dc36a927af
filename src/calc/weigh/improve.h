/* The smallest single improvement that would move a place one tier up: rivals stay as they are,
 * one criterion changes, everything else is kept. */
#ifndef CALC_WEIGH_IMPROVE_H
#define CALC_WEIGH_IMPROVE_H

#include "base/arena.h"
#include "base/err.h"
#include "calc/weigh/score.h"
#include "calc/weigh/tiering.h"

/* A criterion that can be acted on, and how far. Under SCALE_STEPS the listed values inside the
 * range are tried and `step` is ignored. */
struct lever {
    int criterion;
    double least; /* the range the value may reach */
    double most;
    double step; /* the grain of the value: 10^-decimals */
};

struct improve_job {
    const struct tiering *rules;
    const struct tiering_result *base; /* what tiering_run said */
    const struct scale *scales;        /* as declared: SCALE_MIN_MAX not fitted */
    const struct weigh_values *values;
    const struct weight_tree *tree;
    enum score_method method;
    const struct lever *levers;
    int lever_count;
};

enum improve_outcome {
    IMPROVE_ENOUGH,         /* `to` is the least change that does it; a re-run confirmed it */
    IMPROVE_NOT_ENOUGH,     /* not even the best value of the range does it */
    IMPROVE_NO_ROOM,        /* already at the goal, or at the end of the range */
    IMPROVE_NOT_APPLICABLE, /* the criterion does not apply to this place, or weighs nothing */
    IMPROVE_UNCONFIRMED,    /* the line is beaten but the re-run says otherwise */
};

struct improvement {
    int criterion;
    enum improve_outcome outcome;
    bool from_missing; /* no value now: counted from the floor */
    double from;
    double to;          /* with IMPROVE_ENOUGH, IMPROVE_UNCONFIRMED; else the best value tried */
    float score_before; /* without hysteresis */
    float score_after;
};

struct improve_answer {
    int target;          /* the tier above; TIER_NONE when locked, undecided or in the highest tier:
                            then there is nothing else in the answer */
    enum gate gate;      /* of the target tier; when it is not passed it comes first, and the
                            improvements say what is needed after that */
    bool gate_is_enough; /* with the gate passed the tier is reached as things are */
    float needed;        /* the score to be beaten or reached, the place's own hysteresis taken off;
                            NAN where no score helps: locks and others keep all places */
    int enough_count;    /* 0: not reachable by one criterion */
    struct improvement *improvements; /* lever_count, in the levers' order */
};

/* RC_INVALID: a lever with an empty range or a step not above 0; or values that utilities_make
 * refuses. That a lever's criterion exists is a promise. The answer lives in `arena`. */
MUST_CHECK enum rc improve_find(const struct improve_job *job, int place, struct arena *arena,
                                struct improve_answer *out, struct err *err);

#endif
