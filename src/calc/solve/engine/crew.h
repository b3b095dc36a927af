/* Threads that share one piece of work. */
#ifndef CALC_SOLVE_ENGINE_CREW_H
#define CALC_SOLVE_ENGINE_CREW_H

#include <stdatomic.h>
#include <stdbool.h>

/* Call work(cx, 0) … work(cx, threads - 1), each on its own thread, and wait for all of them.
 * Where a thread cannot be started, its part is done by the caller's. */
void crew_run(int threads, void (*work)(void *cx, int worker), void *cx);

/* Asks the caller of the solver whether to stop; once it said so, it stays so. */
struct stopper {
    bool (*stop)(void *stop_cx);
    void *stop_cx;
    atomic_bool stopped;
};

bool stopper_asks(struct stopper *stopper);

#endif
