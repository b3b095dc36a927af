/* The trees of the logs. */
#include "office/audit/tree.h"

#include "office/audit/tree_sql.h"

/* A head as the database has it. */
static bool unpack_head(const struct val *row, struct merkle_range *out)
{
    size_t bytes = row[2].text.len;

    *out = (struct merkle_range){
        .algorithm = (enum merkle_algorithm)row[0].number,
        .size = row[1].number,
        .count = (int)(bytes / HASH_BYTES),
    };
    if (row[0].number != MERKLE_SHA256 || bytes % HASH_BYTES != 0 || out->size < 0 ||
        out->count > MERKLE_PEAKS_MAX ||
        out->count != __builtin_popcountll((unsigned long long)out->size)) {
        return false;
    }
    if (bytes > 0) {
        memcpy(out->peaks, row[2].text.at, bytes);
    }
    return true;
}

struct keeping {
    const struct cx *cx;
    struct unit_id log;
};

static enum rc keep_node(void *self, struct merkle_at at, const struct hash *hash)
{
    const struct keeping *keeping = self;
    const struct val in[] = {
        v_int(keeping->log.v),
        v_int(at.level),
        v_int(at.place),
        v_blob(hash_bytes(hash)),
    };

    return at.level < TREE_KEPT_LEVEL ? RC_OK
                                      : db_change(keeping->cx->db, &NODE_ADD, in, keeping->cx->err);
}

static enum rc append(const struct cx *cx, struct unit_id log, struct merkle_range *head, str leaf)
{
    struct keeping keeping = {cx, log};
    const struct merkle_keeper keeper = {&keeping, keep_node};

    return merkle_append(head, merkle_leaf(head->algorithm, leaf), &keeper);
}

struct regrowing {
    const struct cx *cx;
    struct merkle_range *head;
};

static enum rc regrow_one(void *self, const struct event *event)
{
    const struct regrowing *in = self;
    struct arena_mark mark = arena_mark(in->cx->arena);
    enum rc rc = append(in->cx, event->ref.log, in->head, event_leaf(in->cx->arena, event));

    arena_rewind(in->cx->arena, mark);
    return rc;
}

enum rc tree_head(const struct cx *cx, struct unit_id log, struct merkle_range *out)
{
    struct arena_mark mark = arena_mark(cx->arena);
    const struct val in[] = {v_int(log.v)};
    struct val row[3] = {{0}};
    enum rc rc = db_one(cx->db, &HEAD_GET, in, row, cx->arena, cx->err);

    *out = (struct merkle_range){.algorithm = MERKLE_SHA256};
    if (rc == RC_MISSING) {
        return RC_OK;
    }
    TRY(rc);
    bool is_head = unpack_head(row, out);
    arena_rewind(cx->arena, mark);
    return is_head ? RC_OK
                   : event_wrong(cx, (struct event_ref){log, 0}, MSG_AUDIT_HEAD_BROKEN,
                                 STR("event_head"));
}

static enum rc put_head(const struct cx *cx, struct unit_id log, const struct merkle_range *head)
{
    const struct val in[] = {
        v_int(log.v),
        v_int(head->algorithm),
        v_int(head->size),
        v_blob((str){(const char *)head->peaks, (size_t)head->count * HASH_BYTES}),
    };

    return db_change(cx->db, &HEAD_PUT, in, cx->err);
}

enum rc tree_begin(const struct cx *cx, struct unit_id log, struct merkle_range *out)
{
    struct regrowing regrowing = {cx, out};

    TRY(tree_head(cx, log, out));
    if (out->size > 0) {
        return RC_OK;
    }
    TRY(event_each(cx, log, regrow_one, &regrowing));
    return out->size == 0 ? RC_OK : put_head(cx, log, out);
}

enum rc tree_grow(const struct cx *cx, struct unit_id log, struct merkle_range *head, str leaf)
{
    TRY(append(cx, log, head, leaf));
    return put_head(cx, log, head);
}

/* A subtree too small to be kept, from its events. */
static enum rc take_leaf(void *self, const struct event *event)
{
    const struct regrowing *in = self;
    struct arena_mark mark = arena_mark(in->cx->arena);
    str leaf = event_leaf(in->cx->arena, event);
    enum rc rc = merkle_append(in->head, merkle_leaf(MERKLE_SHA256, leaf), NULL);

    arena_rewind(in->cx->arena, mark);
    return rc;
}

static enum rc make_node(const struct tree_reading *reading, struct merkle_at at, struct hash *out)
{
    struct merkle_range range = {.algorithm = MERKLE_SHA256};
    struct regrowing in = {reading->cx, &range};
    int64_t first = (at.place << at.level) + 1;
    int64_t last = (at.place + 1) << at.level;

    TRY(event_each_between(reading->cx, reading->log, first, last, take_leaf, &in));
    *out = merkle_root(&range);
    return range.size == (int64_t)1 << at.level
               ? RC_OK
               : event_wrong(reading->cx, (struct event_ref){reading->log, first},
                             MSG_AUDIT_EVENT_LOST, STR("event"));
}

static enum rc read_node(void *self, struct merkle_at at, struct hash *out)
{
    const struct tree_reading *reading = self;
    const struct cx *cx = reading->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    const struct val in[] = {v_int(reading->log.v), v_int(at.level), v_int(at.place)};
    struct val row = {0};

    if (at.level < TREE_KEPT_LEVEL) {
        return make_node(reading, at, out);
    }
    enum rc rc = db_one(cx->db, &NODE_GET, in, &row, cx->arena, cx->err);
    if (rc == RC_MISSING || (rc == RC_OK && row.text.len != HASH_BYTES)) {
        return event_wrong(cx, (struct event_ref){reading->log, (at.place << at.level) + 1},
                           MSG_AUDIT_NODE_LOST, STR("event_node"));
    }
    TRY(rc);
    memcpy(out->bytes, row.text.at, HASH_BYTES);
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

struct merkle_source tree_source(struct tree_reading *reading)
{
    return (struct merkle_source){reading, MERKLE_SHA256, read_node};
}

struct log_walk {
    log_take take;
    void *self;
};

static enum rc give_log(void *self, const struct val *row)
{
    const struct log_walk *walk = self;

    return walk->take(walk->self, (struct unit_id){row[0].number});
}

enum rc tree_each_log(const struct cx *cx, log_take take, void *self)
{
    struct log_walk walk = {take, self};

    return db_each(cx->db, &TREE_LOGS, NULL, give_log, &walk, cx->err);
}
