/* Wishes against the trace. */
#include "office/collect/wishes.h"
#include "office/collect/wishes_replay_sql.h"

const str EVENT_WISH = STR_INIT("wish.put");

struct replaying {
    const struct cx *cx;
    int64_t told;
};

/* Older events do not speak of the note. */
static bool says_same(struct event_reader *reader, const struct val *row)
{
    bool is_same = row[0].number == event_read_int(reader);

    is_same = row[1].number == event_read_int(reader) && is_same;
    return is_same && !reader->is_broken &&
           (reader->rest.len == 0 || str_equal(row[2].text, event_read_text(reader)));
}

static enum rc check_wish(void *self, const struct event *event)
{
    struct replaying *in = self;
    const struct cx *cx = in->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    struct event_reader reader = {.rest = event->body};
    int64_t batch = event_read_int(&reader);
    int64_t unit = event_read_int(&reader);
    str measure = event_read_text(&reader);
    const struct val key[] = {v_int(event->ref.log.v), v_int(unit), v_text(measure), v_int(batch)};
    struct val row[3] = {{0}};
    enum rc rc = db_one(cx->db, &WISH_GET, key, row, cx->arena, cx->err);

    if (rc != RC_OK && rc != RC_MISSING) {
        return rc;
    }
    if (rc == RC_MISSING || !says_same(&reader, row)) {
        return event_wrong(cx, event->ref, MSG_AUDIT_ROWS_DIFFER,
                           replay_where(cx, STR("wish unit"), unit));
    }
    in->told++;
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

static enum rc check_wishes(const struct cx *cx, const struct replay_table *self,
                            struct replay_count *out)
{
    struct replaying in = {.cx = cx};
    struct val count = {0};

    TRY(event_each_of_kind(cx, EVENT_WISH, check_wish, &in));
    TRY(db_one(cx->db, &WISH_COUNT, NULL, &count, cx->arena, cx->err));
    return replay_compare(cx, self->table, count.number, in.told, out);
}

const struct replay_table WISH_TABLES[] = {
    {STR_INIT("wish"), check_wishes, NULL},
    {{0}, NULL, NULL},
};
