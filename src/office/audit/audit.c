/* The trace. */
#include "office/audit/audit.h"

#include "office/audit/audit_sql.h"

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

static struct hash digest_of(const struct cx *cx, const struct event *event,
                             const struct event_ref *cause)
{
    struct arena_mark mark = arena_mark(cx->arena);
    struct event_body all;
    str bytes = {0};

    buf_init(&all.bytes, cx->arena, EVENT_BODY_MAX + 4096);
    event_body_int(&all, event->ref.log.v);
    event_body_int(&all, event->ref.seq);
    event_body_int(&all, event->at_ms);
    event_body_text(&all, event->actor);
    event_body_text(&all, event->kind);
    event_body_int(&all, cause->log.v);
    event_body_int(&all, cause->seq);
    event_body_text(&all, event->body);
    MUST(buf_done(&all.bytes, &bytes));
    struct hash digest = hash_of(bytes);
    arena_rewind(cx->arena, mark);
    return digest;
}

static enum rc insert(const struct cx *cx, const struct event *event, const struct event_ref *cause)
{
    bool is_caused = cause->seq > 0;
    const struct val in[] = {
        v_int(event->ref.log.v),
        v_int(event->ref.seq),
        v_int(event->at_ms),
        v_text(event->actor),
        v_text(event->kind),
        is_caused ? v_int(cause->log.v) : v_null(),
        is_caused ? v_int(cause->seq) : v_null(),
        v_blob(event->body),
        v_blob(hash_bytes(&event->digest)),
    };

    return db_change_one(cx->db, &EVENT_INSERT, in, cx->err);
}

enum rc event_add(const struct cx *cx, struct unit_id log, str kind, const struct event_body *body,
                  const struct event_ref *cause, struct event_ref *out)
{
    const struct event_ref no_cause = {0};
    const struct val in[] = {v_int(log.v)};
    struct val last = {0};
    struct event event = {.at_ms = cx->now_ms, .actor = cx->actor, .kind = kind};

    if (!buf_done(&body->bytes, &event.body)) {
        return err_set(cx->err, RC_LIMIT, MSG_AUDIT_BODY_LARGE, arg_text(kind));
    }
    TRY(db_one(cx->db, &EVENT_LAST, in, &last, cx->arena, cx->err));
    event.ref = (struct event_ref){log, last.number + 1};
    cause = cause == NULL ? &no_cause : cause;
    event.digest = digest_of(cx, &event, cause);
    TRY(insert(cx, &event, cause));
    if (out != NULL) {
        *out = event.ref;
    }
    return RC_OK;
}

struct walk {
    const struct cx *cx;
    struct unit_id log;
    event_take take;
    void *self;
    int64_t expected;
};

static void unpack(struct unit_id log, const struct val *row, struct event *event,
                   struct event_ref *cause)
{
    *event = (struct event){
        .ref = {log, row[0].number},
        .at_ms = row[1].number,
        .actor = row[2].text,
        .kind = row[3].text,
        .body = row[6].text,
    };
    *cause = (struct event_ref){{row[4].number}, row[5].number};
    if (row[7].text.len == HASH_BYTES) {
        memcpy(event->digest.bytes, row[7].text.at, HASH_BYTES);
    }
}

static enum rc give(void *self, const struct val *row)
{
    const struct walk *walk = self;
    struct event event;
    struct event_ref cause;

    unpack(walk->log, row, &event, &cause);
    return walk->take(walk->self, &event);
}

enum rc event_each(const struct cx *cx, struct unit_id log, event_take take, void *self)
{
    struct walk walk = {.cx = cx, .log = log, .take = take, .self = self};
    const struct val in[] = {v_int(log.v)};

    return db_each(cx->db, &EVENT_LIST, in, give, &walk, cx->err);
}

static enum rc give_of_kind(void *self, const struct val *row)
{
    const struct walk *walk = self;
    struct event event;
    struct event_ref cause;

    unpack((struct unit_id){row[0].number}, row + 1, &event, &cause);
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

static enum rc check_one(void *self, const struct val *row)
{
    struct walk *walk = self;
    struct event event;
    struct event_ref cause;

    unpack(walk->log, row, &event, &cause);
    struct hash now = digest_of(walk->cx, &event, &cause);
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
