/* Threads take the next number until none is left. */
#include "calc/robust/parallel.h"

#include <pthread.h>
#include <stdatomic.h>

#include "calc/robust/robust.h"

struct crew {
    int count;
    void (*work)(void *context, int thread, int i);
    void *context;
    atomic_int next;
};

struct worker {
    struct crew *crew;
    int number;
};

static void *take_turns(void *argument)
{
    const struct worker *worker = argument;
    struct crew *crew = worker->crew;

    for (;;) {
        int i = atomic_fetch_add(&crew->next, 1);
        if (i >= crew->count) {
            return NULL;
        }
        crew->work(crew->context, worker->number, i);
    }
}

void parallel_each(int threads, int count, void (*work)(void *context, int thread, int i),
                   void *context)
{
    struct crew crew = {.count = count, .work = work, .context = context};
    struct worker workers[ROBUST_THREADS_MAX];
    pthread_t handles[ROBUST_THREADS_MAX];
    int started = 1;

    MUST(threads >= 1 && threads <= ROBUST_THREADS_MAX);
    for (int i = 0; i < threads; i++) {
        workers[i] = (struct worker){&crew, i};
    }
    while (started < threads &&
           pthread_create(&handles[started], NULL, take_turns, &workers[started]) == 0) {
        started++;
    }
    (void)take_turns(&workers[0]);
    for (int i = 1; i < started; i++) {
        (void)pthread_join(handles[i], NULL);
    }
}
