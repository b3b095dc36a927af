/* Starting threads and waiting for them. */
#include "calc/solve/engine/crew.h"

#include <pthread.h>

#include "base/must.h"
#include "calc/solve/solve.h"

struct hand {
    void (*work)(void *cx, int worker);
    void *cx;
    int worker;
};

static void *lend(void *arg)
{
    const struct hand *hand = arg;

    hand->work(hand->cx, hand->worker);
    return NULL;
}

void crew_run(int threads, void (*work)(void *cx, int worker), void *cx)
{
    pthread_t thread[SOLVE_THREADS_MAX];
    struct hand hand[SOLVE_THREADS_MAX];
    bool started[SOLVE_THREADS_MAX] = {false};

    MUST(threads >= 1 && threads <= SOLVE_THREADS_MAX);
    for (int i = 1; i < threads; i++) {
        hand[i] = (struct hand){work, cx, i};
        started[i] = pthread_create(&thread[i], NULL, lend, &hand[i]) == 0;
    }
    work(cx, 0);
    for (int i = 1; i < threads; i++) {
        if (started[i]) {
            (void)pthread_join(thread[i], NULL);
        } else {
            work(cx, i);
        }
    }
}

bool stopper_asks(struct stopper *stopper)
{
    if (!atomic_load(&stopper->stopped) && stopper->stop != NULL &&
        stopper->stop(stopper->stop_cx)) {
        atomic_store(&stopper->stopped, true);
    }
    return atomic_load(&stopper->stopped);
}
