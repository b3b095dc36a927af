/* Does lineage on record agree with itself, with the units it joined, and with its trace? */
#include "base/map.h"
#include "base/num.h"
#include "office/lineage/lineage_check_sql.h"
#include "office/lineage/lineage_in.h"

enum { KEY_BYTES_MAX = 64, BATCH_COLUMN = 13 };

static const struct {
    const struct sql *find;
    enum msg_id msg;
} CHECKS[] = {
    {&CHECK_JOINED, MSG_UNIT_CHECK_JOINED},
    {&CHECK_ALIAS_TOLD, MSG_UNIT_CHECK_UNTOLD},
    {&CHECK_SHARES, MSG_UNIT_CHECK_SHARES},
    {&CHECK_DECIDED, MSG_UNIT_CHECK_DECIDED},
};

static enum rc run_check(const struct cx *cx, size_t which)
{
    struct val found[2] = {{0}};
    enum rc rc = db_one(cx->db, CHECKS[which].find, NULL, found, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return RC_OK;
    }
    TRY(rc);
    return err_set(cx->err, RC_BROKEN, CHECKS[which].msg, arg_number(found[0].number),
                   arg_number(found[1].number));
}

/* What the rows of one batch come to in each partition, and which of it was told. */
struct gathering {
    const struct cx *cx;
    struct lineage_row *rows;
    int count;
    int room;
    int64_t batch;              /* of `rows` */
    struct map places;          /* "batch home" to a place in digests */
    struct lineage_digest *all; /* of every batch */
    int digest_count;
    int digest_room;
    int told;
};

static str key_of(const struct cx *cx, int64_t batch, struct unit_id home)
{
    struct buf buf;
    str key = {0};

    buf_init(&buf, cx->arena, KEY_BYTES_MAX);
    buf_int(&buf, batch);
    buf_char(&buf, ' ');
    buf_int(&buf, home.v);
    MUST(buf_done(&buf, &key));
    return key;
}

static void keep_digest(struct gathering *in, const struct lineage_digest *digest)
{
    if (in->digest_count == in->digest_room) {
        int room = in->digest_room == 0 ? 256 : 2 * in->digest_room;
        struct lineage_digest *all = ARENA_NEW(in->cx->arena, struct lineage_digest, (size_t)room);
        for (int i = 0; i < in->digest_count; i++) {
            all[i] = in->all[i];
        }
        in->all = all;
        in->digest_room = room;
    }
    (void)map_put(&in->places, key_of(in->cx, in->batch, digest->home), in->digest_count);
    in->all[in->digest_count++] = *digest;
}

static void end_batch(struct gathering *in)
{
    struct lineage_digest *digests = NULL;
    int count = 0;

    if (in->count > 0) {
        lineage_digests(in->cx, in->rows, in->count, &digests, &count);
    }
    for (int i = 0; i < count; i++) {
        keep_digest(in, &digests[i]);
    }
    in->count = 0;
}

static enum rc take_decided(void *self, const struct val *row)
{
    struct gathering *in = self;

    if (row[BATCH_COLUMN].number != in->batch) {
        end_batch(in);
        in->batch = row[BATCH_COLUMN].number;
    }
    if (in->count == in->room) {
        int room = in->room == 0 ? 256 : 2 * in->room;
        struct lineage_row *rows = ARENA_NEW(in->cx->arena, struct lineage_row, (size_t)room);
        for (int i = 0; i < in->count; i++) {
            rows[i] = in->rows[i];
        }
        in->rows = rows;
        in->room = room;
    }
    in->rows[in->count++] = lineage_unpack(in->cx, row);
    return RC_OK;
}

/* A register that was taken back took its lineage with it. */
static enum rc stands(const struct cx *cx, int64_t batch, bool *out)
{
    const struct val in[] = {v_int(batch)};
    struct val count = {0};

    TRY(db_one(cx->db, &BATCH_STANDS, in, &count, cx->arena, cx->err));
    *out = count.number > 0;
    return RC_OK;
}

/* One event of a partition: batch, count, digest. */
static enum rc check_event(void *self, const struct event *event)
{
    struct gathering *in = self;
    struct event_reader reader = {.rest = event->body};
    int64_t batch = event_read_int(&reader);
    int64_t count = event_read_int(&reader);
    struct hash hash = event_read_hash(&reader);
    int64_t place = NONE;
    bool is_standing = false;

    TRY(stands(in->cx, batch, &is_standing));
    if (!is_standing && !reader.is_broken) {
        return RC_OK;
    }
    bool is_there = map_get(&in->places, key_of(in->cx, batch, event->ref.log), &place);
    if (reader.is_broken || !is_there || in->all[place].count != count ||
        memcmp(in->all[place].hash.bytes, hash.bytes, HASH_BYTES) != 0) {
        return err_set(in->cx->err, RC_BROKEN, MSG_UNIT_CHECK_TRACE, arg_number(batch),
                       arg_number(event->ref.log.v));
    }
    in->told++;
    return RC_OK;
}

static enum rc check_trace(const struct cx *cx)
{
    struct gathering in = {.cx = cx};

    map_init(&in.places, cx->arena, 256);
    TRY(db_each(cx->db, &DECIDED_LIST, NULL, take_decided, &in, cx->err));
    end_batch(&in);
    TRY(event_each_of_kind(cx, STR("lineage.confirm"), check_event, &in));
    TRY(event_each_of_kind(cx, STR("lineage.decide"), check_event, &in));
    return in.told == in.digest_count ? RC_OK
                                      : err_set(cx->err, RC_BROKEN, MSG_UNIT_CHECK_UNSAID,
                                                arg_count(in.digest_count - in.told));
}

enum rc lineage_check(const struct cx *cx)
{
    for (size_t i = 0; i < COUNT_OF(CHECKS); i++) {
        TRY(run_check(cx, i));
    }
    return check_trace(cx);
}
