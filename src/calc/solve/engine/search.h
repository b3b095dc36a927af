/* Improving a choice over a problem without many rows: neighbourhoods, each searched by joining
 * lists; several at a time, with the same outcome whatever the number of threads. */
#ifndef CALC_SOLVE_ENGINE_SEARCH_H
#define CALC_SOLVE_ENGINE_SEARCH_H

#include "calc/solve/engine/crew.h"
#include "calc/solve/engine/near.h"

struct search_opts {
    uint64_t seed;
    int threads;
    int64_t steps_max;
    int entries_first; /* of the lists of the first neighbourhood */
    int around;        /* percent of the neighbourhoods that count from the incumbent */
    struct stopper *stopper;
};

/* `bound` is what no choice of the model's groups can exceed (without value_kept). `choice` is
 * improved in place; it need not be there yet (any = false). Returns the steps done. */
int64_t search_run(const struct near_frame *frame, const struct search_opts *opts, double bound,
                   struct choice *choice, struct arena *arena, bool *out_proven);

#endif
