/* Workers: requests that take long wait for one in a queue of bounded length. */
#include <stdlib.h>

#include "http/parts.h"

static struct asked *next_of(struct pool *pool, int room)
{
    struct asked *asked = NULL;

    (void)pthread_mutex_lock(&pool->lock);
    while (pool->count == 0 && !pool->is_stopping) {
        (void)pthread_cond_wait(&pool->more, &pool->lock);
    }
    if (pool->count > 0) {
        asked = pool->queue[pool->first];
        pool->first = (pool->first + 1) % room;
        pool->count--;
        pool->busy++;
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return asked;
}

static void run(struct http_server *server, struct asked *asked, int lane)
{
    (void)pthread_mutex_lock(&asked->lock);
    bool is_cut = asked->is_cut;
    (void)pthread_mutex_unlock(&asked->lock);
    asked->open.lane = lane;
    if (is_cut) {
        answer_refuse(asked, HTTP_STOPPING, 0);
    } else {
        server->opts.handle(server->opts.self, &asked->open);
    }
    (void)pthread_mutex_lock(&asked->lock);
    bool is_forgotten = !asked->is_answered && !asked->is_deferred;
    (void)pthread_mutex_unlock(&asked->lock);
    if (is_forgotten) {
        answer_refuse(asked, HTTP_ANSWERED, 0);
    }
    asked_release(asked);
}

struct worker {
    struct http_server *server;
    int lane;
};

static void *work(void *self)
{
    struct worker worker = *(struct worker *)self;
    struct pool *pool = &worker.server->pool;
    struct asked *asked = NULL;

    free(self);
    while ((asked = next_of(pool, worker.server->opts.queue_max)) != NULL) {
        run(worker.server, asked, worker.lane);
        (void)pthread_mutex_lock(&pool->lock);
        pool->busy--;
        (void)pthread_mutex_unlock(&pool->lock);
    }
    return NULL;
}

enum rc pool_start(struct http_server *server, struct err *err)
{
    struct pool *pool = &server->pool;

    (void)pthread_mutex_init(&pool->lock, NULL);
    (void)pthread_cond_init(&pool->more, NULL);
    pool->queue = calloc((size_t)server->opts.queue_max, sizeof(struct asked *));
    pool->threads = calloc((size_t)server->opts.workers, sizeof(*pool->threads));
    MUST(pool->queue != NULL && pool->threads != NULL);
    while (pool->running < server->opts.workers) {
        struct worker *worker = malloc(sizeof(*worker));
        MUST(worker != NULL);
        *worker = (struct worker){server, server->opts.loops + pool->running};
        if (pthread_create(&pool->threads[pool->running], NULL, work, worker) != 0) {
            free(worker);
            return err_set(err, RC_BROKEN, MSG_HTTP_START);
        }
        pool->running++;
    }
    return RC_OK;
}

void pool_stop(struct http_server *server)
{
    struct pool *pool = &server->pool;

    (void)pthread_mutex_lock(&pool->lock);
    pool->is_stopping = true;
    (void)pthread_cond_broadcast(&pool->more);
    (void)pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->running; i++) {
        (void)pthread_join(pool->threads[i], NULL);
    }
    free(pool->threads);
    free(pool->queue);
}

bool pool_put(struct asked *asked)
{
    struct http_server *server = asked->open.server;
    struct pool *pool = &server->pool;

    (void)pthread_mutex_lock(&pool->lock);
    bool is_room = pool->count < server->opts.queue_max && !pool->is_stopping;
    if (is_room) {
        asked_hold(asked);
        if (asked->plan.body != HTTP_BODY_STREAM || !asked->has_body) {
            answer_park(asked);
        }
        pool->queue[(pool->first + pool->count) % server->opts.queue_max] = asked;
        pool->count++;
        (void)pthread_cond_signal(&pool->more);
    }
    (void)pthread_mutex_unlock(&pool->lock);
    return is_room;
}
