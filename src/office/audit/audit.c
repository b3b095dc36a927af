/* The trace. */
#include "office/audit/audit.h"

#include "office/audit/audit_sql.h"
#include "office/audit/tree.h"

const struct unit_id LOG_OFFICE = {0};

static void put_big_endian(struct buf *out, uint64_t number, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--) {
        buf_char(out, (char)(number >> (8 * i) & 0xFF));
    }
}

void event_body_init(struct event_body *body, struct arena *arena)
{
    buf_init(&body->bytes, arena, EVENT_BODY_MAX);
}

void event_body_int(struct event_body *body, int64_t number)
{
    buf_char(&body->bytes, 'i');
    put_big_endian(&body->bytes, (uint64_t)number, 8);
}

void event_body_text(struct event_body *body, str text)
{
    buf_char(&body->bytes, 't');
    put_big_endian(&body->bytes, text.len, 4);
    buf_put(&body->bytes, text);
}

void event_body_hash(struct event_body *body, struct hash hash)
{
    event_body_text(body, hash_bytes(&hash));
}

str event_leaf(struct arena *arena, const struct event *event)
{
    struct event_body all;
    str bytes = {0};

    buf_init(&all.bytes, arena, EVENT_BODY_MAX + 4096);
    event_body_int(&all, event->ref.log.v);
    event_body_int(&all, event->ref.seq);
    event_body_int(&all, event->at_ms);
    event_body_text(&all, event->actor);
    event_body_text(&all, event->kind);
    event_body_int(&all, event->cause.log.v);
    event_body_int(&all, event->cause.seq);
    event_body_text(&all, event->body);
    MUST(buf_done(&all.bytes, &bytes));
    return bytes;
}

enum rc event_wrong(const struct cx *cx, struct event_ref at, enum msg_id why, str where)
{
    return err_set(cx->err, RC_BROKEN, MSG_AUDIT_WRONG, arg_number(at.log.v), arg_number(at.seq),
                   arg_msg(why), arg_text(where));
}

static enum rc insert(const struct cx *cx, const struct event *event)
{
    bool is_caused = event->cause.seq > 0;
    const struct val in[] = {
        v_int(event->ref.log.v),
        v_int(event->ref.seq),
        v_int(event->at_ms),
        v_text(event->actor),
        v_text(event->kind),
        is_caused ? v_int(event->cause.log.v) : v_null(),
        is_caused ? v_int(event->cause.seq) : v_null(),
        v_blob(event->body),
        v_blob(hash_bytes(&event->digest)),
    };

    return db_change(cx->db, &EVENT_INSERT, in, cx->err);
}

static enum rc add(const struct cx *cx, struct event *event)
{
    struct merkle_range head;

    TRY(tree_begin(cx, event->ref.log, &head));
    event->ref.seq = head.size + 1;
    str leaf = event_leaf(cx->arena, event);
    event->digest = hash_of(leaf);
    TRY(insert(cx, event));
    return tree_grow(cx, event->ref.log, &head, leaf);
}

enum rc event_add(const struct cx *cx, struct unit_id log, str kind, const struct event_body *body,
                  const struct event_ref *cause, struct event_ref *out)
{
    struct arena_mark mark = arena_mark(cx->arena);
    struct event event = {.at_ms = cx->now_ms, .actor = cx->actor, .kind = kind, .ref = {log, 0}};

    if (!buf_done(&body->bytes, &event.body)) {
        return err_set(cx->err, RC_LIMIT, MSG_AUDIT_BODY_LARGE, arg_text(kind));
    }
    if (cause != NULL) {
        event.cause = *cause;
    }
    enum rc rc = add(cx, &event);
    arena_rewind(cx->arena, mark);
    if (rc == RC_OK && out != NULL) {
        *out = event.ref;
    }
    return rc;
}

struct walk {
    const struct cx *cx;
    struct unit_id log;
    event_take take;
    void *self;
    int64_t expected;
};

static void unpack(struct unit_id log, const struct val *row, struct event *event)
{
    *event = (struct event){
        .ref = {log, row[0].number},
        .at_ms = row[1].number,
        .actor = row[2].text,
        .kind = row[3].text,
        .cause = {{row[4].number}, row[5].number},
        .body = row[6].text,
    };
    if (row[7].text.len == HASH_BYTES) {
        memcpy(event->digest.bytes, row[7].text.at, HASH_BYTES);
    }
}

static enum rc give(void *self, const struct val *row)
{
    const struct walk *walk = self;
    struct event event;

    unpack(walk->log, row, &event);
    return walk->take(walk->self, &event);
}

enum rc event_each(const struct cx *cx, struct unit_id log, event_take take, void *self)
{
    struct walk walk = {.cx = cx, .log = log, .take = take, .self = self};
    const struct val in[] = {v_int(log.v)};

    return db_each(cx->db, &EVENT_LIST, in, give, &walk, cx->err);
}

enum rc event_each_between(const struct cx *cx, struct unit_id log, int64_t first, int64_t last,
                           event_take take, void *self)
{
    struct walk walk = {.cx = cx, .log = log, .take = take, .self = self};
    const struct val in[] = {v_int(log.v), v_int(first), v_int(last)};

    return db_each(cx->db, &EVENT_BETWEEN, in, give, &walk, cx->err);
}

static enum rc give_of_kind(void *self, const struct val *row)
{
    const struct walk *walk = self;
    struct event event;

    unpack((struct unit_id){row[0].number}, row + 1, &event);
    return walk->take(walk->self, &event);
}

enum rc event_each_of_kind(const struct cx *cx, str kind, event_take take, void *self)
{
    struct walk walk = {.cx = cx, .take = take, .self = self};
    const struct val in[] = {v_text(kind)};

    return db_each(cx->db, &EVENT_OF_KIND, in, give_of_kind, &walk, cx->err);
}

static uint64_t read_big_endian(str bytes)
{
    uint64_t number = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        number = number << 8 | (unsigned char)bytes.at[i];
    }
    return number;
}

/* The next `len` bytes of a field that begins with `tag`; empty when there are not so many. */
static str read_field(struct event_reader *reader, char tag, size_t len)
{
    str rest = reader->rest;

    if (reader->is_broken || rest.len < 1 + len || rest.at[0] != tag) {
        reader->is_broken = true;
        return STR("");
    }
    reader->rest = str_part(rest, 1 + len, rest.len - 1 - len);
    return str_part(rest, 1, len);
}

int64_t event_read_int(struct event_reader *reader)
{
    return (int64_t)read_big_endian(read_field(reader, 'i', 8));
}

struct hash event_read_hash(struct event_reader *reader)
{
    struct hash hash = {{0}};
    uint64_t len = read_big_endian(read_field(reader, 't', 4));

    if (reader->is_broken || len != HASH_BYTES || reader->rest.len < HASH_BYTES) {
        reader->is_broken = true;
        return hash;
    }
    memcpy(hash.bytes, reader->rest.at, HASH_BYTES);
    reader->rest = str_part(reader->rest, HASH_BYTES, reader->rest.len - HASH_BYTES);
    return hash;
}

str event_read_text(struct event_reader *reader)
{
    uint64_t len = read_big_endian(read_field(reader, 't', 4));

    if (reader->is_broken || len > reader->rest.len) {
        reader->is_broken = true;
        return STR("");
    }
    str text = str_part(reader->rest, 0, (size_t)len);
    reader->rest = str_part(reader->rest, (size_t)len, reader->rest.len - (size_t)len);
    return text;
}

static enum rc check_one(void *self, const struct val *row)
{
    struct walk *walk = self;
    struct arena_mark mark = arena_mark(walk->cx->arena);
    struct event event;

    unpack(walk->log, row, &event);
    struct hash now = hash_of(event_leaf(walk->cx->arena, &event));
    arena_rewind(walk->cx->arena, mark);
    walk->expected++;
    if (event.ref.seq != walk->expected || memcmp(now.bytes, event.digest.bytes, HASH_BYTES) != 0) {
        return err_set(walk->cx->err, RC_BROKEN, MSG_AUDIT_CHANGED, arg_count(walk->expected),
                       arg_text(event.kind), arg_number(walk->log.v));
    }
    return RC_OK;
}

enum rc event_check(const struct cx *cx, struct unit_id log)
{
    struct walk walk = {.cx = cx, .log = log};
    const struct val in[] = {v_int(log.v)};

    return db_each(cx->db, &EVENT_LIST, in, check_one, &walk, cx->err);
}

static enum rc check_log(void *self, const struct val *row)
{
    return event_check(self, (struct unit_id){row[0].number});
}

enum rc event_check_all(const struct cx *cx)
{
    struct cx all = *cx;

    return db_each(cx->db, &EVENT_LOGS, NULL, check_log, &all, cx->err);
}
