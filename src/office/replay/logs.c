/* Logs against their digests, trees and signed roots. The canonical bytes and the tree are made
 * here once more, from what docs/audit.md says of them. */
#include "office/replay/logs_sql.h"
#include "office/replay/replay.h"

enum { STACK_MAX = 64, LEAF_MAX = (1 << 20) + 4096, KEPT_LEVEL = 4 };

/* A subtree on the way: joined as soon as its neighbour of the same size is there. */
struct part {
    int level;
    struct hash hash;
};

/* A root that was signed at a size. */
struct signed_root {
    int64_t size;
    struct hash root;
};

struct log {
    const struct cx *cx;
    struct unit_id id;
    int64_t size; /* events seen */
    int64_t nodes;
    struct part stack[STACK_MAX];
    int depth;
    struct signed_root *roots;
    int root_count;
    int root_room;
    int root_next;
};

static enum rc wrong(const struct log *log, int64_t seq, enum msg_id why, str where)
{
    return event_wrong(log->cx, (struct event_ref){log->id, seq}, why, where);
}

static void put_number(struct buf *out, uint64_t number, int bytes)
{
    while (bytes-- > 0) {
        buf_char(out, (char)(number >> (bytes * 8) & 255));
    }
}

static void put_field(struct buf *out, str text)
{
    buf_char(out, 't');
    put_number(out, text.len, 4);
    buf_put(out, text);
}

static void put_whole(struct buf *out, int64_t number)
{
    buf_char(out, 'i');
    put_number(out, (uint64_t)number, 8);
}

static str bytes_of(struct arena *arena, const struct event *event)
{
    struct buf out;
    str bytes = {0};

    buf_init(&out, arena, LEAF_MAX);
    put_whole(&out, event->ref.log.v);
    put_whole(&out, event->ref.seq);
    put_whole(&out, event->at_ms);
    put_field(&out, event->actor);
    put_field(&out, event->kind);
    put_whole(&out, event->cause.log.v);
    put_whole(&out, event->cause.seq);
    put_field(&out, event->body);
    (void)buf_done(&out, &bytes);
    return bytes;
}

static bool is_same(const struct hash *a, const struct hash *b)
{
    return memcmp(a->bytes, b->bytes, HASH_BYTES) == 0;
}

static struct hash join(const struct hash *left, const struct hash *right)
{
    char both[1 + 2 * HASH_BYTES];

    both[0] = 1;
    memcpy(both + 1, left->bytes, HASH_BYTES);
    memcpy(both + 1 + HASH_BYTES, right->bytes, HASH_BYTES);
    return hash_of((str){both, sizeof(both)});
}

/* Subtrees of 16 events and more are kept in the database. */
static enum rc check_node(struct log *log, const struct part *part)
{
    const struct cx *cx = log->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    int64_t place = (log->size >> part->level) - 1;
    const struct val in[] = {v_int(log->id.v), v_int(part->level), v_int(place)};
    struct val row = {0};

    if (part->level < KEPT_LEVEL) {
        return RC_OK;
    }
    enum rc rc = db_one(cx->db, &LOGS_NODE, in, &row, cx->arena, cx->err);
    if (rc != RC_OK && rc != RC_MISSING) {
        return rc;
    }
    if (rc == RC_MISSING || !str_equal(row.text, hash_bytes(&part->hash))) {
        return wrong(log, log->size, MSG_AUDIT_NODE_LOST, STR("event_node"));
    }
    log->nodes++;
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

static enum rc grow(struct log *log, struct hash leaf)
{
    struct part part = {0, leaf};

    log->size++;
    while (log->depth > 0 && log->stack[log->depth - 1].level == part.level) {
        log->depth--;
        part.hash = join(&log->stack[log->depth].hash, &part.hash);
        part.level++;
        TRY(check_node(log, &part));
    }
    log->stack[log->depth++] = part;
    return RC_OK;
}

static struct hash root_of(const struct log *log)
{
    struct hash root = log->depth == 0 ? hash_of(STR("")) : log->stack[log->depth - 1].hash;

    for (int i = log->depth - 2; i >= 0; i--) {
        root = join(&log->stack[i].hash, &root);
    }
    return root;
}

static enum rc check_root(struct log *log)
{
    while (log->root_next < log->root_count && log->roots[log->root_next].size == log->size) {
        struct hash root = root_of(log);
        if (!is_same(&root, &log->roots[log->root_next].root)) {
            return wrong(log, log->size, MSG_AUDIT_ROOT_DIFFERS, STR("checkpoint_log"));
        }
        log->root_next++;
    }
    return RC_OK;
}

static enum rc check_event(void *self, const struct event *event)
{
    struct log *log = self;
    struct arena_mark mark = arena_mark(log->cx->arena);

    if (event->ref.seq != log->size + 1) {
        return wrong(log, log->size + 1, MSG_AUDIT_EVENT_LOST, STR("event"));
    }
    str bytes = bytes_of(log->cx->arena, event);
    struct hash digest = hash_of(bytes);
    struct hash leaf = hash_of_two((str){"", 1}, bytes);
    arena_rewind(log->cx->arena, mark);
    if (!is_same(&digest, &event->digest)) {
        return wrong(log, event->ref.seq, MSG_AUDIT_EVENT_CHANGED, event->kind);
    }
    TRY(grow(log, leaf));
    return check_root(log);
}

static enum rc take_root(void *self, const struct val *row)
{
    struct log *log = self;

    if (log->root_count == log->root_room) {
        int room = log->root_room == 0 ? 64 : 2 * log->root_room;
        struct signed_root *more = ARENA_NEW(log->cx->arena, struct signed_root, (size_t)room);
        for (int i = 0; i < log->root_count; i++) {
            more[i] = log->roots[i];
        }
        log->roots = more;
        log->root_room = room;
    }
    struct signed_root *root = &log->roots[log->root_count++];
    root->size = row[0].number;
    if (row[1].text.len == HASH_BYTES) {
        memcpy(root->root.bytes, row[1].text.at, HASH_BYTES);
    }
    return RC_OK;
}

/* The head must be the stack, and the nodes those that were met. */
static enum rc check_end(const struct log *log)
{
    const struct cx *cx = log->cx;
    const struct val in[] = {v_int(log->id.v)};
    struct val head[3] = {{0}};
    struct val nodes = {0};

    if (log->root_next < log->root_count) {
        return wrong(log, log->size + 1, MSG_AUDIT_EVENT_LOST, STR("checkpoint_log"));
    }
    enum rc rc = db_one(cx->db, &LOGS_HEAD, in, head, cx->arena, cx->err);
    if (rc != RC_OK && rc != RC_MISSING) {
        return rc;
    }
    bool is_head = rc == RC_OK && head[0].number == MERKLE_SHA256 && head[1].number == log->size &&
                   head[2].text.len == (size_t)log->depth * HASH_BYTES;
    for (int i = 0; is_head && i < log->depth; i++) {
        is_head = memcmp(head[2].text.at + (size_t)i * HASH_BYTES, log->stack[i].hash.bytes,
                         HASH_BYTES) == 0;
    }
    if (!is_head) {
        return wrong(log, log->size, MSG_AUDIT_HEAD_DIFFERS, STR("event_head"));
    }
    TRY(db_one(cx->db, &LOGS_NODE_COUNT, in, &nodes, cx->arena, cx->err));
    return nodes.number == log->nodes
               ? RC_OK
               : wrong(log, log->size, MSG_AUDIT_NODE_LOST, STR("event_node"));
}

struct all {
    const struct cx *cx;
    struct replay_count *count;
};

static enum rc check_log(void *self, const struct val *row)
{
    const struct all *all = self;
    struct arena_mark mark = arena_mark(all->cx->arena);
    struct log *log = ARENA_NEW(all->cx->arena, struct log, 1);
    const struct val in[] = {row[0]};

    log->cx = all->cx;
    log->id = (struct unit_id){row[0].number};
    TRY(db_each(all->cx->db, &LOGS_ROOTS, in, take_root, log, all->cx->err));
    TRY(event_each(all->cx, log->id, check_event, log));
    TRY(check_end(log));
    all->count->rows += log->size;
    arena_rewind(all->cx->arena, mark);
    return RC_OK;
}

enum rc replay_logs(const struct cx *cx, struct replay_count *out)
{
    struct all all = {cx, out};

    return db_each(cx->db, &LOGS_EVERY, NULL, check_log, &all, cx->err);
}
