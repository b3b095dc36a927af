/* The real clock. Only app, cli and jobs ask it; everything below is told the time. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970 UTC. */
int64_t clock_now_ms(void);
/* Milliseconds of a clock that never goes back, for durations. */
int64_t clock_steady_ms(void);
/* CPU time of this process in microseconds. */
int64_t clock_cpu_us(void);
/* CPU time of this thread in microseconds. */
int64_t clock_thread_us(void);

#endif
