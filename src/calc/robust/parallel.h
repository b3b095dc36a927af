/* A loop on several threads. */
#ifndef CALC_ROBUST_PARALLEL_H
#define CALC_ROBUST_PARALLEL_H

/* Call work(context, thread, i) once for every i in 0 .. count - 1, in no fixed order; `thread` in
 * 0 .. threads - 1 says whose scratch to use. Threads that cannot be had are done without. */
void parallel_each(int threads, int count, void (*work)(void *context, int thread, int i),
                   void *context);

#endif
