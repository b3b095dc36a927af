/* How often a session or an address may ask: token buckets in a table of fixed size. */
#include <sodium.h>
#include <stdlib.h>

#include "http/parts.h"

/* A key has a set of places. Who comes new takes the place that was used longest ago: a bucket that
 * is full by then, unless more than WAYS of the same set are busy at once. */
enum { SETS = 4096, WAYS = 8 };

void rate_init(struct http_server *server)
{
    (void)pthread_mutex_init(&server->rate.lock, NULL);
    server->rate.buckets = calloc((size_t)SETS * WAYS, sizeof(*server->rate.buckets));
    MUST(server->rate.buckets != NULL);
}

static struct bucket *find(struct rate *rate, uint64_t key)
{
    struct bucket *set = &rate->buckets[key % SETS * WAYS];
    struct bucket *oldest = set;

    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key) {
            return &set[i];
        }
        if (set[i].at_ms < oldest->at_ms) {
            oldest = &set[i];
        }
    }
    return oldest;
}

/* Take one token; 0, or the seconds until there is one. */
static int take(struct bucket *bucket, int64_t rate, int64_t burst, int64_t now_ms)
{
    int64_t tokens = bucket->tokens_milli + (now_ms - bucket->at_ms) * rate;

    bucket->tokens_milli = tokens < burst * 1000 ? tokens : burst * 1000;
    bucket->at_ms = now_ms;
    if (bucket->tokens_milli >= 1000) {
        bucket->tokens_milli -= 1000;
        return 0;
    }
    return (int)((1000 - bucket->tokens_milli + rate * 1000 - 1) / (rate * 1000));
}

int rate_take(struct http_server *server, bool is_session, str key, int64_t now_ms)
{
    const int64_t *limit = server->limits.of;
    struct rate *rate = &server->rate;
    uint64_t hash = 0;

    (void)crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key.at, key.len,
                           server->guard.hash_key);
    hash = (hash & ~UINT64_C(1)) | (is_session ? 1 : 0);
    hash = hash < 2 ? hash + 2 : hash; /* 0 is a place never used */
    int64_t burst = limit[is_session ? HTTP_SESSION_BURST : HTTP_ADDRESS_BURST];
    int64_t each_s = limit[is_session ? HTTP_SESSION_RATE : HTTP_ADDRESS_RATE];
    (void)pthread_mutex_lock(&rate->lock);
    struct bucket *bucket = find(rate, hash);
    if (bucket->key != hash) {
        *bucket = (struct bucket){.key = hash, .at_ms = now_ms, .tokens_milli = burst * 1000};
    }
    int wait_s = take(bucket, each_s, burst, now_ms);
    (void)pthread_mutex_unlock(&rate->lock);
    return wait_s;
}
