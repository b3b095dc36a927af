/* The trace of decided lineage: digests by partition, events by partition. */
#include <stdlib.h>

#include "office/lineage/lineage.h"

/* A decided row under the partition it belongs to. In order of id: whoever reads the rows again
 * finds the same digest. */
struct entry {
    int64_t home;
    int64_t id;
    int place;
};

static int by_home(const void *a, const void *b)
{
    const struct entry *first = a;
    const struct entry *second = b;

    if (first->home != second->home) {
        return first->home < second->home ? -1 : 1;
    }
    return (first->id > second->id) - (first->id < second->id);
}

static void put_row(struct event_body *body, const struct lineage_row *row)
{
    event_body_int(body, row->id);
    event_body_text(body, lineage_kind_key(row->kind));
    event_body_text(body, lineage_state_key(row->state));
    event_body_int(body, row->from.v);
    event_body_int(body, row->to.v);
    event_body_int(body, row->share_num);
    event_body_int(body, row->share_den);
}

static struct hash digest_of(const struct cx *cx, const struct lineage_row *rows,
                             const struct entry *entries, int count)
{
    const struct arena_mark mark = arena_mark(cx->arena);
    struct event_body body;
    struct hash chain = {0};

    for (int i = 0; i < count; i++) {
        str bytes = {0};
        event_body_init(&body, cx->arena);
        event_body_hash(&body, chain);
        put_row(&body, &rows[entries[i].place]);
        MUST(buf_done(&body.bytes, &bytes));
        chain = hash_of(bytes);
        arena_rewind(cx->arena, mark);
    }
    return chain;
}

static int decided_entries(const struct lineage_row *rows, int count, struct entry *out)
{
    int found = 0;

    for (int i = 0; i < count; i++) {
        if (rows[i].state != LINEAGE_PROPOSED) {
            out[found++] = (struct entry){rows[i].home.v, rows[i].id, i};
        }
    }
    qsort(out, (size_t)found, sizeof(struct entry), by_home);
    return found;
}

void lineage_digests(const struct cx *cx, const struct lineage_row *rows, int count,
                     struct lineage_digest **out, int *out_count)
{
    struct entry *entries = ARENA_NEW(cx->arena, struct entry, (size_t)count);
    struct lineage_digest *digests = ARENA_NEW(cx->arena, struct lineage_digest, (size_t)count);
    int entry_count = decided_entries(rows, count, entries);
    int found = 0;

    for (int begin = 0; begin < entry_count;) {
        int end = begin + 1;
        while (end < entry_count && entries[end].home == entries[begin].home) {
            end++;
        }
        digests[found++] = (struct lineage_digest){
            .home = {entries[begin].home},
            .count = end - begin,
            .hash = digest_of(cx, rows, &entries[begin], end - begin),
        };
        begin = end;
    }
    *out = digests;
    *out_count = found;
}

void lineage_put_digests(struct event_body *body, const struct lineage_digest *digests, int count)
{
    event_body_int(body, count);
    for (int i = 0; i < count; i++) {
        event_body_int(body, digests[i].home.v);
        event_body_int(body, digests[i].count);
        event_body_hash(body, digests[i].hash);
    }
}

enum rc lineage_tell_homes(const struct cx *cx, const struct lineage_act *act,
                           const struct event_ref *cause)
{
    for (int i = 0; i < act->count; i++) {
        const struct lineage_digest *digest = &act->digests[i];
        struct event_body body;
        struct event_ref ref = {0};
        event_body_init(&body, cx->arena);
        event_body_int(&body, act->batch);
        event_body_int(&body, digest->count);
        event_body_hash(&body, digest->hash);
        TRY(event_add(cx, digest->home, act->kind, &body, cause, &ref));
    }
    return RC_OK;
}
