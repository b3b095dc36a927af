/* Values against the trace: what each batch wrote or kept out is what its event says, and what
 * stands is the last word of the history. Nothing of the merging in value.c is used here. */
#include "office/indicator/value.h"
#include "office/indicator/value_in.h"
#include "office/indicator/value_replay_sql.h"

enum { BATCHES_MAX = 1024 };

const str EVENT_VALUES = STR_INIT("value.put");
const str EVENT_CONFLICT = STR_INIT("value.conflict");
const struct stamped INDICATOR_NUMBERS_STAMPED = {STR_INIT("indicator_number"),
                                                  &INDICATOR_NUMBER_ROWS, NULL};
const struct stamped SOURCE_NUMBERS_STAMPED = {STR_INIT("source_number"), &SOURCE_NUMBER_ROWS,
                                               NULL};

struct replaying {
    const struct cx *cx;
    const struct replay_table *table;
    const struct sql *get; /* cells of (home, unit, period, batch) */
    int64_t told;
};

static str where_of(const struct cx *cx, str table, int64_t unit, int64_t period)
{
    struct buf buf;
    str where = {0};

    buf_init(&buf, cx->arena, 256);
    buf_put(&buf, table);
    buf_put(&buf, STR(" unit "));
    buf_int(&buf, unit);
    buf_put(&buf, STR(" period "));
    buf_int(&buf, period);
    MUST(buf_done(&buf, &where));
    return where;
}

static enum rc check_told(void *self, const struct event *event)
{
    struct replaying *in = self;
    const struct cx *cx = in->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    struct event_reader reader = {.rest = event->body};
    int64_t batch = event_read_int(&reader);
    int64_t unit = event_read_int(&reader);
    int64_t period = event_read_int(&reader);
    struct hash digest = event_read_hash(&reader);
    const struct val key[] = {v_int(event->ref.log.v), v_int(unit), v_int(period), v_int(batch)};
    struct val cells = {0};
    enum rc rc = db_one(cx->db, in->get, key, &cells, cx->arena, cx->err);

    if (rc != RC_OK && rc != RC_MISSING) {
        return rc;
    }
    struct hash now = hash_of(cells.text);
    if (rc == RC_MISSING || reader.is_broken || memcmp(now.bytes, digest.bytes, HASH_BYTES) != 0) {
        return event_wrong(cx, event->ref, MSG_AUDIT_ROWS_DIFFER,
                           where_of(cx, in->table->table, unit, period));
    }
    in->told++;
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

static enum rc check_history(const struct cx *cx, const struct replay_table *self,
                             struct replay_count *out)
{
    struct replaying in = {.cx = cx, .table = self, .get = &TOLD_GET};
    struct val count = {0};

    TRY(event_each_of_kind(cx, EVENT_VALUES, check_told, &in));
    TRY(db_one(cx->db, &TOLD_COUNT, NULL, &count, cx->arena, cx->err));
    return replay_compare(cx, self->table, count.number, in.told, out);
}

static enum rc check_conflicts(const struct cx *cx, const struct replay_table *self,
                               struct replay_count *out)
{
    struct replaying in = {.cx = cx, .table = self, .get = &CONFLICT_GET};
    struct val count = {0};

    TRY(event_each_of_kind(cx, EVENT_CONFLICT, check_told, &in));
    TRY(db_one(cx->db, &CONFLICT_COUNT, NULL, &count, cx->arena, cx->err));
    return replay_compare(cx, self->table, count.number, in.told, out);
}

/* Everything the batches wrote of one unit and period, oldest first. */
struct past {
    const struct cx *cx;
    struct value *values[BATCHES_MAX];
    int counts[BATCHES_MAX];
    int count;
};

static enum rc take_past(void *self, const struct val *row)
{
    struct past *past = self;

    if (past->count == BATCHES_MAX) {
        return err_set(past->cx->err, RC_LIMIT, MSG_AUDIT_MANY_BATCHES, arg_count(BATCHES_MAX));
    }
    TRY(value_unpack(row[0].text, past->cx->arena, &past->values[past->count],
                     &past->counts[past->count], past->cx->err));
    past->count++;
    return RC_OK;
}

/* Values stand in order of indicator. */
static const struct value *find(const struct value *values, int count, int indicator)
{
    int low = 0;
    int high = count;

    while (low < high) {
        int middle = low + (high - low) / 2;
        if (values[middle].indicator < indicator) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && values[low].indicator == indicator ? &values[low] : NULL;
}

static bool is_same(const struct value *a, const struct value *b)
{
    return a->indicator == b->indicator && a->state == b->state && a->num == b->num &&
           a->den == b->den && a->source == b->source && a->batch == b->batch &&
           a->sheet == b->sheet && a->row == b->row && a->column == b->column;
}

/* The last word on an indicator. */
static const struct value *last_word(const struct past *past, int indicator)
{
    const struct value *found = NULL;

    for (int i = past->count - 1; i >= 0 && found == NULL; i--) {
        found = find(past->values[i], past->counts[i], indicator);
    }
    return found;
}

/* All that stands is the last word, and all that was ever said stands. */
static bool follows(const struct past *past, const struct value *now, int count)
{
    for (int i = 0; i < count; i++) {
        const struct value *last = last_word(past, now[i].indicator);
        if (last == NULL || !is_same(last, &now[i])) {
            return false;
        }
    }
    for (int i = 0; i < past->count; i++) {
        for (int k = 0; k < past->counts[i]; k++) {
            if (find(now, count, past->values[i][k].indicator) == NULL) {
                return false;
            }
        }
    }
    return true;
}

/* The newest event that speaks of a unit and period: searched only when something is wrong. */
struct seeking {
    int64_t unit;
    int64_t period;
    struct event_ref found;
};

static enum rc seek(void *self, const struct event *event)
{
    struct seeking *seeking = self;
    struct event_reader reader = {.rest = event->body};

    (void)event_read_int(&reader);
    if (str_equal(event->kind, EVENT_VALUES) && event_read_int(&reader) == seeking->unit &&
        event_read_int(&reader) == seeking->period) {
        seeking->found = event->ref;
    }
    return RC_OK;
}

static enum rc differs(const struct cx *cx, int64_t home, int64_t unit, int64_t period)
{
    struct seeking seeking = {.unit = unit, .period = period, .found = {{home}, 0}};

    err_clear(cx->err);
    TRY(event_each(cx, (struct unit_id){home}, seek, &seeking));
    return event_wrong(cx, seeking.found, MSG_AUDIT_ROWS_DIFFER,
                       where_of(cx, STR("value"), unit, period));
}

static enum rc check_row(void *self, const struct val *row)
{
    const struct replaying *in = self;
    const struct cx *cx = in->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    struct past *past = ARENA_NEW(cx->arena, struct past, 1);
    const struct val key[] = {row[0], row[2], row[1]};
    struct value *now = NULL;
    int count = 0;

    past->cx = cx;
    TRY(db_each(cx->db, &HISTORY_CELLS, key, take_past, past, cx->err));
    bool is_read = value_unpack(row[3].text, cx->arena, &now, &count, cx->err) == RC_OK;
    if (!is_read || !follows(past, now, count)) {
        return differs(cx, row[0].number, row[2].number, row[1].number);
    }
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

static enum rc refuse_lost(void *self, const struct val *row)
{
    const struct replaying *in = self;

    return event_wrong(in->cx, (struct event_ref){LOG_OFFICE, 0}, MSG_AUDIT_ROWS_DIFFER,
                       where_of(in->cx, STR("value"), row[0].number, row[1].number));
}

static enum rc check_values(const struct cx *cx, const struct replay_table *self,
                            struct replay_count *out)
{
    struct replaying in = {.cx = cx, .table = self};
    struct val count = {0};

    TRY(db_each(cx->db, &STANDING_ALL, NULL, check_row, &in, cx->err));
    TRY(db_each(cx->db, &STANDING_LOST, NULL, refuse_lost, &in, cx->err));
    TRY(db_one(cx->db, &VALUE_COUNT, NULL, &count, cx->arena, cx->err));
    out->rows = count.number;
    return RC_OK;
}

const struct replay_table VALUE_TABLES[] = {
    {STR_INIT("value_history"), check_history, NULL},
    {STR_INIT("value"), check_values, NULL},
    {STR_INIT("value_conflict"), check_conflicts, NULL},
    {STR_INIT("indicator_number"), replay_stamped, &INDICATOR_NUMBERS_STAMPED},
    {STR_INIT("source_number"), replay_stamped, &SOURCE_NUMBERS_STAMPED},
    {{0}, NULL, NULL},
};
