/* Files and batches against the trace. */
#include "office/file/batch.h"
#include "office/file/batch_in.h"
#include "office/file/file_replay_sql.h"

const str EVENT_FILE = STR_INIT("file.note");
const struct stamped BATCH_STAMPED = {STR_INIT("batch"), &BATCH_ROWS, &BATCH_KEYS};

struct replaying {
    const struct cx *cx;
    int64_t told;
};

static enum rc check_file(void *self, const struct event *event)
{
    struct replaying *in = self;
    const struct cx *cx = in->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    struct event_reader reader = {.rest = event->body};
    struct hash hash = event_read_hash(&reader);
    str name = event_read_text(&reader);
    int64_t byte_count = event_read_int(&reader);
    const struct val by_hash[] = {v_blob(hash_bytes(&hash))};
    struct val row[4] = {{0}};
    enum rc rc = db_one(cx->db, &FILE_GET, by_hash, row, cx->arena, cx->err);

    if (rc != RC_OK && rc != RC_MISSING) {
        return rc;
    }
    if (rc == RC_MISSING || reader.is_broken || !str_equal(row[0].text, name) ||
        row[1].number != byte_count || row[2].number != event->at_ms ||
        !str_equal(row[3].text, event->actor)) {
        return event_wrong(cx, event->ref, MSG_AUDIT_ROWS_DIFFER, STR("file"));
    }
    in->told++;
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

static enum rc check_files(const struct cx *cx, const struct replay_table *self,
                           struct replay_count *out)
{
    struct replaying in = {.cx = cx};
    struct val count = {0};

    TRY(event_each_of_kind(cx, EVENT_FILE, check_file, &in));
    TRY(db_one(cx->db, &FILE_COUNT, NULL, &count, cx->arena, cx->err));
    return replay_compare(cx, self->table, count.number, in.told, out);
}

const struct replay_table FILE_TABLES[] = {
    {STR_INIT("file"), check_files, NULL},
    {STR_INIT("batch"), replay_stamped, &BATCH_STAMPED},
    {{0}, NULL, NULL},
};
