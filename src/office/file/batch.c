/* Batches and the files they came from. */
#include "office/file/batch.h"

#include "office/file/batch_in.h"
#include "office/file/file_sql.h"

enum rc file_note(const struct cx *cx, struct hash hash, str name, int64_t byte_count)
{
    const struct val in[] = {
        v_blob(hash_bytes(&hash)), v_text(name),      v_int(byte_count),
        v_int(cx->now_ms),         v_text(cx->actor),
    };

    struct event_body body;

    enum rc rc = db_change_one(cx->db, &FILE_ADD, in, cx->err);

    if (rc == RC_CONFLICT && cx->err->rc == RC_OK) {
        return RC_OK; /* noted before */
    }
    TRY(rc);
    event_body_init(&body, cx->arena);
    event_body_hash(&body, hash);
    event_body_text(&body, name);
    event_body_int(&body, byte_count);
    return event_add(cx, LOG_OFFICE, EVENT_FILE, &body, NULL, NULL);
}

struct file_walk {
    file_take take;
    void *self;
};

static enum rc give_file(void *self, const struct val *row)
{
    const struct file_walk *walk = self;
    struct hash hash = {{0}};

    if (row[0].text.len == HASH_BYTES) {
        memcpy(hash.bytes, row[0].text.at, HASH_BYTES);
    }
    return walk->take(walk->self, hash);
}

enum rc file_each(const struct cx *cx, file_take take, void *self)
{
    struct file_walk walk = {take, self};

    return db_each(cx->db, &FILE_LIST, NULL, give_file, &walk, cx->err);
}

enum rc batch_newest(const struct cx *cx, int64_t *out)
{
    struct val row = {0};

    TRY(db_one(cx->db, &BATCH_NEWEST, NULL, &row, cx->arena, cx->err));
    *out = row.number;
    return RC_OK;
}

struct after_walk {
    batch_take take;
    void *self;
};

static enum rc give_after(void *self, const struct val *row)
{
    const struct after_walk *walk = self;

    return walk->take(walk->self, row[0].number, row[1].text);
}

enum rc batch_each_after(const struct cx *cx, int64_t id, batch_take take, void *self)
{
    struct after_walk walk = {take, self};
    const struct val in[] = {v_int(id)};

    return db_each(cx->db, &BATCH_AFTER, in, give_after, &walk, cx->err);
}

enum rc batch_add(const struct cx *cx, struct batch *batch)
{
    int64_t newest = 0;

    TRY(batch_newest(cx, &newest));
    batch->id = db_new_id(cx->db, cx->now_ms);
    batch->id = batch->id > newest ? batch->id : newest + 1; /* whatever the clock says */
    batch->at_ms = cx->now_ms;
    batch->actor = cx->actor;
    batch->state = STR("committed");
    const struct val in[] = {
        v_int(batch->id),
        v_text(batch->kind),
        v_text(batch->state),
        v_blob(hash_bytes(&batch->file)),
        v_text(batch->file_name),
        v_int(batch->period.key),
        batch->reverts == 0 ? v_null() : v_int(batch->reverts),
        v_text(batch->reason),
        v_int(batch->at_ms),
        v_text(batch->actor),
    };

    return db_change_one(cx->db, &BATCH_INSERT, in, cx->err);
}

enum rc batch_count(const struct cx *cx, const struct batch *batch)
{
    const struct val in[] = {
        v_int(batch->id),
        v_int(batch->unit_count),
        v_int(batch->value_count),
        v_int(batch->changed_count),
    };

    TRY(db_change_one(cx->db, &BATCH_SET_COUNTS, in, cx->err));
    return stamp_add(cx, &BATCH_STAMPED, batch->id, NULL);
}

static struct batch unpack(const struct val *row)
{
    struct batch batch = {
        .id = row[0].number,
        .kind = row[1].text,
        .state = row[2].text,
        .file_name = row[4].text,
        .period = {(int32_t)row[5].number},
        .unit_count = row[6].number,
        .value_count = row[7].number,
        .changed_count = row[8].number,
        .reverts = row[9].number,
        .reason = row[10].text,
        .at_ms = row[11].number,
        .actor = row[12].text,
    };

    if (row[3].text.len == HASH_BYTES) {
        memcpy(batch.file.bytes, row[3].text.at, HASH_BYTES);
    }
    return batch;
}

enum rc batch_load(const struct cx *cx, int64_t id, struct batch *out)
{
    struct val row[13] = {{0}};
    const struct val in[] = {v_int(id)};
    enum rc rc = db_one(cx->db, &BATCH_GET, in, row, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return err_set(cx->err, RC_MISSING, MSG_BATCH_UNKNOWN, arg_number(id));
    }
    TRY(rc);
    *out = unpack(row);
    return RC_OK;
}

enum rc batch_find(const struct cx *cx, int64_t id, struct batch *out)
{
    bool is_seen = false;

    TRY(batch_load(cx, id, out));
    TRY(cx_sees(cx, actor_unit(out->actor), &is_seen));
    return is_seen ? RC_OK : err_set(cx->err, RC_MISSING, MSG_BATCH_UNKNOWN, arg_number(id));
}

enum rc batch_next(const struct cx *cx, int64_t id, struct batch *out)
{
    const struct val in[] = {v_int(id)};
    struct val next = {0};

    TRY(db_one(cx->db, &BATCH_NEXT, in, &next, cx->arena, cx->err));
    return batch_load(cx, next.number, out);
}

enum rc batch_file(const struct cx *cx, int64_t id, str *out)
{
    struct batch batch;

    TRY(batch_load(cx, id, &batch));
    *out = batch.file_name;
    for (str rest = batch.file_name; str_cut(&rest, '/', out);) {
    }
    return RC_OK;
}

enum rc batch_mark_reverted(const struct cx *cx, const struct batch *batch)
{
    const struct val in[] = {v_int(batch->id)};
    enum rc rc = db_change_one(cx->db, &BATCH_REVERT, in, cx->err);

    if (rc == RC_CONFLICT) {
        return err_set(cx->err, RC_CONFLICT, MSG_BATCH_REVERTED, arg_text(batch->file_name));
    }
    TRY(rc);
    return stamp_add(cx, &BATCH_STAMPED, batch->id, NULL);
}

static const struct column_row COLUMNS[] = {
    {STR_INIT("batch"), MSG_BATCH_ID, 22, true},
    {STR_INIT("at"), MSG_BATCH_AT, 17, false},
    {STR_INIT("actor"), MSG_BATCH_ACTOR, 16, false},
    {STR_INIT("kind"), MSG_BATCH_KIND, 10, false},
    {STR_INIT("state"), MSG_BATCH_STATE, 10, false},
    {STR_INIT("file"), MSG_BATCH_FILE, 36, false},
    {STR_INIT("period"), MSG_BATCH_PERIOD, 8, true},
    {STR_INIT("units"), MSG_BATCH_UNITS, 10, false},
    {STR_INIT("values"), MSG_BATCH_VALUES, 10, false},
    {STR_INIT("changed"), MSG_BATCH_CHANGED, 10, false},
    {STR_INIT("reason"), MSG_BATCH_REASON, 24, false},
};

struct listing {
    const struct cx *cx;
    const struct programme *programme;
    const struct table_sink *sink;
};

static str text_of(const struct buf *buf)
{
    str text = {0};

    MUST(buf_done(buf, &text));
    return text;
}

static enum msg_id kind_name(str kind)
{
    static const struct {
        str kind;
        enum msg_id name;
    } NAMES[] = {
        {STR_INIT("register"), MSG_BATCH_KIND_REGISTER},
        {STR_INIT("ledger"), MSG_BATCH_KIND_LEDGER},
        {STR_INIT("wishes"), MSG_BATCH_KIND_WISHES},
        {STR_INIT("lineage"), MSG_BATCH_KIND_LINEAGE},
        {STR_INIT("revert"), MSG_BATCH_KIND_REVERT},
    };

    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        if (str_equal(NAMES[i].kind, kind)) {
            return NAMES[i].name;
        }
    }
    NEVER("a batch of no kind");
}

static enum rc list_one(void *self, const struct val *row)
{
    const struct listing *listing = self;
    enum lang lang = listing->cx->lang;
    struct arena *arena = listing->cx->arena;
    struct arena_mark mark = arena_mark(arena);
    struct batch batch = unpack(row);
    bool stands = str_equal(batch.state, STR("committed"));
    bool is_seen = false;
    struct buf id;
    struct buf at;
    struct buf when;

    TRY(cx_sees(listing->cx, actor_unit(batch.actor), &is_seen));
    if (!is_seen) {
        return RC_OK;
    }
    buf_init(&id, arena, 32);
    buf_int(&id, batch.id);
    buf_init(&at, arena, 32);
    moment_put(&at, batch.at_ms, listing->programme->offset_minutes);
    buf_init(&when, arena, 32);
    if (batch.period.key != 0) {
        period_put(&when, batch.period);
    }
    const struct out cells[] = {
        out_text(text_of(&id)),
        out_text(text_of(&at)),
        out_text(batch.actor),
        out_named(batch.kind, msg_text(lang, kind_name(batch.kind))),
        out_named(batch.state, msg_text(lang, stands ? MSG_BATCH_STANDS : MSG_BATCH_UNDONE)),
        out_text(batch.file_name),
        out_text(text_of(&when)),
        out_int(batch.unit_count),
        out_int(batch.value_count),
        out_int(batch.changed_count),
        out_text(batch.reason),
    };
    TRY(listing->sink->row(listing->sink->self, cells));
    arena_rewind(arena, mark);
    return RC_OK;
}

enum rc batch_table(const struct cx *cx, const struct programme *programme,
                    const struct table_sink *sink)
{
    struct listing listing = {cx, programme, sink};
    const struct table table = {
        .name = STR("batches"),
        .title = msg_text(cx->lang, MSG_BATCH_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
    };

    TRY(sink->begin(sink->self, &table));
    TRY(db_each(cx->db, &BATCH_LIST, NULL, list_one, &listing, cx->err));
    return sink->end(sink->self);
}
