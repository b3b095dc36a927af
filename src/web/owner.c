/* The owner in a browser. */
#include "web/owner.h"

#include <pthread.h>

#include "base/hash.h"
#include "crypt/crypt.h"

/* What lets in is kept as its hash. */
struct pass {
    struct hash hash;
    int64_t ends_ms; /* 0: there is none */
};

struct owner {
    str name;
    pthread_mutex_t lock;
    struct pass key;
    struct pass token;
};

struct owner *owner_new(struct arena *arena, str name)
{
    struct owner *owner = ARENA_NEW(arena, struct owner, 1);

    owner->name = arena_str(arena, name);
    MUST(pthread_mutex_init(&owner->lock, NULL) == 0);
    return owner;
}

static str make_pass(struct pass *pass, int64_t ends_ms, struct arena *arena)
{
    str text = token_make(arena);

    *pass = (struct pass){token_hash(text), ends_ms};
    return text;
}

static bool fits(const struct pass *pass, str text, int64_t now_ms)
{
    struct hash hash = token_hash(text);

    return now_ms < pass->ends_ms && memcmp(hash.bytes, pass->hash.bytes, HASH_BYTES) == 0;
}

str owner_invite(struct owner *owner, int64_t now_ms, struct arena *arena)
{
    MUST(pthread_mutex_lock(&owner->lock) == 0);
    str key = make_pass(&owner->key, now_ms + OWNER_ENTER_MS, arena);
    MUST(pthread_mutex_unlock(&owner->lock) == 0);
    return key;
}

bool owner_enter(struct owner *owner, str key, int64_t now_ms, struct arena *arena, str *out_token)
{
    MUST(pthread_mutex_lock(&owner->lock) == 0);
    bool is_let_in = fits(&owner->key, key, now_ms);
    if (is_let_in) {
        owner->key = (struct pass){.ends_ms = 0};
        *out_token = make_pass(&owner->token, now_ms + OWNER_SESSION_MS, arena);
    }
    MUST(pthread_mutex_unlock(&owner->lock) == 0);
    return is_let_in;
}

bool owner_is(struct owner *owner, str token, int64_t now_ms)
{
    if (owner == NULL || token.len == 0) {
        return false;
    }
    MUST(pthread_mutex_lock(&owner->lock) == 0);
    bool is_his = fits(&owner->token, token, now_ms);
    MUST(pthread_mutex_unlock(&owner->lock) == 0);
    return is_his;
}

void owner_leave(struct owner *owner)
{
    MUST(pthread_mutex_lock(&owner->lock) == 0);
    owner->token = (struct pass){.ends_ms = 0};
    MUST(pthread_mutex_unlock(&owner->lock) == 0);
}

str owner_name(const struct owner *owner)
{
    return owner->name;
}
