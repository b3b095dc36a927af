/* What the rooms share in replaying. */
#include "office/audit/replay.h"

#include "base/map.h"
#include "base/num.h"

enum { FRESH_STAMP_SEQ = 2, KEY_BYTES = 8 };

const struct replay_table AUDIT_TABLES[] = {
    {STR_INIT("office"), replay_stamped, &SETTINGS_STAMPED},
    {{0}, NULL, NULL},
};

str replay_where(const struct cx *cx, str table, int64_t key)
{
    struct buf buf;
    str where = {0};

    buf_init(&buf, cx->arena, 256);
    buf_put(&buf, table);
    if (key != 0) {
        buf_char(&buf, ' ');
        buf_int(&buf, key);
    }
    (void)buf_done(&buf, &where);
    return where;
}

/* One stamp as its event has it. */
struct told {
    struct event_ref ref;
    int64_t key;
    struct stamp stamp;
};

struct gathering {
    const struct cx *cx;
    const struct stamped *what;
    struct map places; /* of keys in `told` */
    struct told *told;
    int count;
    int room;
};

static str key_text(const struct cx *cx, int64_t key)
{
    return arena_str(cx->arena, (str){(const char *)&key, KEY_BYTES});
}

static struct told *told_of(struct gathering *in, int64_t key)
{
    int64_t place = 0;
    str name = key_text(in->cx, key);

    if (map_get(&in->places, name, &place)) {
        return &in->told[place];
    }
    if (in->count == in->room) {
        struct told *more = ARENA_NEW(in->cx->arena, struct told, 2 * (size_t)in->room);
        memcpy(more, in->told, sizeof(*more) * (size_t)in->count);
        in->told = more;
        in->room *= 2;
    }
    (void)map_put(&in->places, name, in->count);
    return &in->told[in->count++];
}

/* All stamps are in the office's log, so that the last one read is the newest. */
static enum rc take_stamp(void *self, const struct event *event)
{
    struct gathering *in = self;
    struct event_reader reader = {.rest = event->body};

    if (!str_equal(event->kind, EVENT_STAMP)) {
        return RC_OK;
    }
    str table = event_read_text(&reader);
    struct told told = {.ref = event->ref, .key = event_read_int(&reader)};

    told.stamp.count = event_read_int(&reader);
    told.stamp.digest = event_read_hash(&reader);
    if (reader.is_broken || reader.rest.len > 0) {
        return event_wrong(in->cx, event->ref, MSG_AUDIT_EVENT_UNREADABLE, table);
    }
    if (str_equal(table, in->what->table)) {
        *told_of(in, told.key) = told;
    }
    return RC_OK;
}

static enum rc check_stamp(struct gathering *in, const struct told *told,
                           struct replay_count *count)
{
    struct stamp now = {0};

    TRY(stamp_now(in->cx, in->what, told->key, &now));
    count->rows += now.count;
    if (now.count != told->stamp.count ||
        memcmp(now.digest.bytes, told->stamp.digest.bytes, HASH_BYTES) != 0) {
        return event_wrong(in->cx, told->ref, MSG_AUDIT_ROWS_DIFFER,
                           replay_where(in->cx, in->what->table, told->key));
    }
    return RC_OK;
}

/* An office that stamps from its first act on has a stamp behind its first event. */
struct freshness {
    bool is_fresh;
};

static enum rc look_whether_fresh(void *self, const struct event *event)
{
    ((struct freshness *)self)->is_fresh = str_equal(event->kind, EVENT_STAMP);
    return RC_OK;
}

static enum rc is_fresh(const struct cx *cx, bool *out)
{
    struct freshness freshness = {false};

    TRY(event_each_between(cx, LOG_OFFICE, FRESH_STAMP_SEQ, FRESH_STAMP_SEQ, look_whether_fresh,
                           &freshness));
    *out = freshness.is_fresh;
    return RC_OK;
}

static enum rc uncovered(const struct cx *cx, str where, int64_t rows, struct replay_count *out)
{
    bool is_all_told = false;

    TRY(is_fresh(cx, &is_all_told));
    out->uncovered += rows;
    return is_all_told
               ? event_wrong(cx, (struct event_ref){LOG_OFFICE, 0}, MSG_AUDIT_ROWS_UNTOLD, where)
               : RC_OK;
}

enum rc replay_compare(const struct cx *cx, str table, int64_t rows, int64_t told,
                       struct replay_count *out)
{
    out->rows = rows <= told ? rows : told;
    return rows <= told ? RC_OK : uncovered(cx, table, rows - told, out);
}

struct seeking {
    struct gathering *in;
    struct replay_count *count;
};

static enum rc check_key(void *self, const struct val *row)
{
    struct seeking *seeking = self;
    struct gathering *in = seeking->in;
    struct stamp now = {0};
    int64_t place = 0;

    if (map_get(&in->places, key_text(in->cx, row[0].number), &place)) {
        return RC_OK;
    }
    TRY(stamp_now(in->cx, in->what, row[0].number, &now));
    return uncovered(in->cx, replay_where(in->cx, in->what->table, row[0].number), now.count,
                     seeking->count);
}

enum rc replay_stamped(const struct cx *cx, const struct replay_table *self,
                       struct replay_count *out)
{
    struct gathering in = {.cx = cx, .what = self->stamped, .room = 64};
    struct seeking seeking = {&in, out};
    struct stamp now = {0};

    in.told = ARENA_NEW(cx->arena, struct told, (size_t)in.room);
    map_init(&in.places, cx->arena, (size_t)in.room);
    TRY(event_each(cx, LOG_OFFICE, take_stamp, &in));
    for (int i = 0; i < in.count; i++) {
        TRY(check_stamp(&in, &in.told[i], out));
    }
    if (self->stamped->keys != NULL) {
        return db_each(cx->db, self->stamped->keys, NULL, check_key, &seeking, cx->err);
    }
    if (in.count > 0) {
        return RC_OK;
    }
    TRY(stamp_now(cx, self->stamped, 0, &now));
    return now.count == 0 ? RC_OK : uncovered(cx, self->table, now.count, out);
}
