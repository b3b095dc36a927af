/* Values in the database: the current row, the history, the conflicts. */
#include "office/indicator/value.h"

#include "base/map.h"
#include "office/indicator/indicator_sql.h"
#include "office/indicator/value_in.h"

enum rc value_read(const struct cx *cx, struct unit_id home, struct unit_id unit,
                   struct period period, struct value_row *out)
{
    const struct val in[] = {v_int(home.v), v_int(period.key), v_int(unit.v)};
    struct val row = {0};
    struct value_row read = {.home = home, .unit = unit, .period = period};
    enum rc rc = db_one(cx->db, &VALUE_GET, in, &row, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        *out = read;
        return RC_OK;
    }
    TRY(rc);
    TRY(value_unpack(row.text, cx->arena, &read.values, &read.count, cx->err));
    *out = read;
    return RC_OK;
}

enum rc value_standing(const struct cx *cx, const struct unit_address *addresses, int count,
                       struct period period, int number, struct value *out)
{
    struct value_row row = {0};

    *out = (struct value){0};
    for (int i = 0; i < count; i++) {
        TRY(value_read(cx, addresses[i].home, addresses[i].unit, period, &row));
        for (int k = 0; k < row.count; k++) {
            *out = row.values[k].indicator == number ? row.values[k] : *out;
        }
    }
    return RC_OK;
}

struct walk {
    const struct cx *cx;
    struct arena scratch; /* a row at a time, so that `take` may keep things in cx->arena */
    struct period period;
    value_take take;
    void *self;
};

enum { ROW_BYTES_MAX = 1 << 20 };

/* Rows of every list here are (home_id, period, unit_id, cells). */
static enum rc give_row(void *self, const struct val *row)
{
    struct walk *walk = self;
    struct arena_mark mark = arena_mark(&walk->scratch);
    struct value_row read = {
        .home = {row[0].number},
        .period = {(int32_t)row[1].number},
        .unit = {row[2].number},
    };

    TRY(value_unpack(row[3].text, &walk->scratch, &read.values, &read.count, walk->cx->err));
    TRY(walk->take(walk->self, &read));
    arena_rewind(&walk->scratch, mark);
    return RC_OK;
}

static enum rc give_home(void *self, const struct val *row)
{
    struct walk *walk = self;
    const struct val in[] = {row[0], v_int(walk->period.key)};

    return db_each(walk->cx->db, &VALUE_LIST, in, give_row, walk, walk->cx->err);
}

/* Walk a list of (home_id, period, unit_id, cells), or with `give` of homes. */
static enum rc walk_list(struct walk *walk, const struct sql *list, const struct val *in,
                         db_take give)
{
    arena_init(&walk->scratch, 4 * (size_t)ROW_BYTES_MAX);
    enum rc rc = db_each(walk->cx->db, list, in, give, walk, walk->cx->err);
    arena_done(&walk->scratch);
    return rc;
}

enum rc value_each(const struct cx *cx, struct period period, value_take take, void *self)
{
    struct walk walk = {.cx = cx, .period = period, .take = take, .self = self};
    const struct val in[] = {v_int(period.key)};

    return walk_list(&walk, &VALUE_HOMES, in, give_home);
}

enum rc value_each_of_home(const struct cx *cx, struct unit_id home, struct period period,
                           value_take take, void *self)
{
    struct walk walk = {.cx = cx, .take = take, .self = self};
    const struct val in[] = {v_int(home.v), v_int(period.key)};

    return walk_list(&walk, &VALUE_LIST, in, give_row);
}

enum rc value_history_each(const struct cx *cx, struct unit_id home, struct unit_id unit,
                           struct period period, value_take take, void *self)
{
    struct walk walk = {.cx = cx, .take = take, .self = self};
    const struct val in[] = {v_int(home.v), v_int(unit.v), v_int(period.key)};

    return walk_list(&walk, &HISTORY_LIST, in, give_row);
}

enum rc value_conflict_each(const struct cx *cx, struct unit_id home, struct unit_id unit,
                            struct period period, value_take take, void *self)
{
    struct walk walk = {.cx = cx, .take = take, .self = self};
    const struct val in[] = {v_int(home.v), v_int(unit.v), v_int(period.key)};

    return walk_list(&walk, &CONFLICT_LIST, in, give_row);
}

enum rc value_conflict_all(const struct cx *cx, struct period period, value_take take, void *self)
{
    struct walk walk = {.cx = cx, .take = take, .self = self};
    const struct val in[] = {v_int(period.key)};

    return walk_list(&walk, &CONFLICT_ALL, in, give_row);
}

struct period_walk {
    value_take_period take;
    void *self;
};

static enum rc give_period(void *self, const struct val *row)
{
    const struct period_walk *walk = self;

    return walk->take(walk->self, (struct period){(int32_t)row[0].number});
}

enum rc value_period_each(const struct cx *cx, struct unit_id home, struct unit_id unit,
                          value_take_period take, void *self)
{
    struct period_walk walk = {take, self};
    const struct val in[] = {v_int(home.v), v_int(unit.v)};

    return db_each(cx->db, &HISTORY_PERIODS, in, give_period, &walk, cx->err);
}

enum rc value_batch_each(const struct cx *cx, int64_t batch, value_take take, void *self)
{
    struct walk walk = {.cx = cx, .take = take, .self = self};
    const struct val in[] = {v_int(batch)};

    return walk_list(&walk, &HISTORY_OF_BATCH, in, give_row);
}

int value_merge(const struct value_row *earlier, const struct value_row *later, struct value *out)
{
    int count = 0;
    int i = 0;

    for (int k = 0; k < later->count; k++) {
        while (i < earlier->count && earlier->values[i].indicator < later->values[k].indicator) {
            out[count++] = earlier->values[i++];
        }
        if (i < earlier->count && earlier->values[i].indicator == later->values[k].indicator) {
            i++;
        }
        out[count++] = later->values[k];
    }
    while (i < earlier->count) {
        out[count++] = earlier->values[i++];
    }
    return count;
}

static enum rc put_merged(const struct cx *cx, const struct value_row *values)
{
    struct value_row old = {0};

    TRY(value_read(cx, values->home, values->unit, values->period, &old));
    struct value *merged =
        ARENA_NEW(cx->arena, struct value, (size_t)old.count + (size_t)values->count);
    int count = value_merge(&old, values, merged);
    const struct val in[] = {
        v_int(values->home.v),
        v_int(values->period.key),
        v_int(values->unit.v),
        v_blob(value_pack(merged, count, cx->arena)),
    };
    return db_change(cx->db, &VALUE_SET, in, cx->err);
}

enum rc value_put(const struct cx *cx, const struct value_row *values, int64_t batch,
                  struct hash *out_digest)
{
    struct arena_mark mark = arena_mark(cx->arena);
    str cells = value_pack(values->values, values->count, cx->arena);
    const struct val in[] = {
        v_int(values->home.v), v_int(values->unit.v), v_int(values->period.key),
        v_int(batch),          v_blob(cells),
    };

    TRY(db_change(cx->db, &HISTORY_ADD, in, cx->err));
    TRY(put_merged(cx, values));
    *out_digest = hash_of(cells);
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

static enum rc tell(const struct cx *cx, str kind, const struct value_row *values, int64_t batch,
                    struct hash digest, const struct event_ref *cause)
{
    struct event_body body;

    event_body_init(&body, cx->arena);
    event_body_int(&body, batch);
    event_body_int(&body, values->unit.v);
    event_body_int(&body, values->period.key);
    event_body_hash(&body, digest);
    return event_add(cx, values->home, kind, &body, cause, NULL);
}

enum rc value_tell(const struct cx *cx, const struct value_row *values, int64_t batch,
                   struct hash digest, const struct event_ref *cause)
{
    return tell(cx, EVENT_VALUES, values, batch, digest, cause);
}

struct putting_together {
    const struct cx *cx;
    struct value_row sum;
};

static enum rc put_on_top(void *self, const struct value_row *row)
{
    struct putting_together *in = self;
    size_t room = (size_t)in->sum.count + (size_t)row->count;
    struct value *merged = ARENA_NEW(in->cx->arena, struct value, room);

    in->sum.count = value_merge(&in->sum, row, merged);
    in->sum.values = merged;
    return RC_OK;
}

static enum rc differs_from_history(const struct cx *cx, int64_t unit, int32_t period)
{
    struct buf text;
    str when = {0};

    buf_init(&text, cx->arena, 32);
    period_put(&text, (struct period){period});
    MUST(buf_done(&text, &when));
    return err_set(cx->err, RC_BROKEN, MSG_VALUE_NOT_HISTORY, arg_number(unit), arg_text(when));
}

static enum rc check_row(void *self, const struct val *row)
{
    const struct cx *cx = *(const struct cx *const *)self;
    struct arena_mark mark = arena_mark(cx->arena);
    struct putting_together in = {.cx = cx};
    struct period period = {(int32_t)row[1].number};

    TRY(value_history_each(cx, (struct unit_id){row[0].number}, (struct unit_id){row[2].number},
                           period, put_on_top, &in));
    str cells = value_pack(in.sum.values, in.sum.count, cx->arena);
    if (!str_equal(cells, row[3].text)) {
        return differs_from_history(cx, row[2].number, period.key);
    }
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

static enum rc refuse_lost(void *self, const struct val *row)
{
    const struct cx *cx = *(const struct cx *const *)self;

    return differs_from_history(cx, row[0].number, (int32_t)row[1].number);
}

enum rc value_check(const struct cx *cx)
{
    TRY(db_each(cx->db, &VALUE_ALL, NULL, check_row, &cx, cx->err));
    return db_each(cx->db, &HISTORY_LOST, NULL, refuse_lost, &cx, cx->err);
}

/* How many rows of history have their event. */
struct told {
    const struct cx *cx;
    int64_t count;
};

static enum rc check_told_one(void *self, const struct event *event)
{
    struct told *told = self;
    const struct cx *cx = told->cx;
    struct arena_mark mark = arena_mark(cx->arena);
    struct event_reader reader = {.rest = event->body};
    int64_t batch = event_read_int(&reader);
    int64_t unit = event_read_int(&reader);
    int64_t period = event_read_int(&reader);
    struct hash digest = event_read_hash(&reader);
    const struct val in[] = {v_int(event->ref.log.v), v_int(unit), v_int(period), v_int(batch)};
    struct val cells = {0};
    enum rc rc = reader.is_broken ? RC_MISSING
                                  : db_one(cx->db, &HISTORY_GET, in, &cells, cx->arena, cx->err);

    if (rc != RC_OK && rc != RC_MISSING) {
        return rc;
    }
    struct hash now = hash_of(cells.text);
    if (rc == RC_MISSING || memcmp(now.bytes, digest.bytes, HASH_BYTES) != 0) {
        return differs_from_history(cx, unit, (int32_t)period);
    }
    told->count++;
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

enum rc value_check_told(const struct cx *cx)
{
    struct told told = {.cx = cx};
    struct val rows = {0};

    TRY(event_each_of_kind(cx, EVENT_VALUES, check_told_one, &told));
    TRY(db_one(cx->db, &HISTORY_COUNT, NULL, &rows, cx->arena, cx->err));
    return rows.number == told.count
               ? RC_OK
               : err_set(cx->err, RC_BROKEN, MSG_VALUE_UNTOLD, arg_count(rows.number - told.count));
}

enum rc value_put_conflict(const struct cx *cx, const struct value_row *values, int64_t batch,
                           const struct event_ref *cause)
{
    str cells = value_pack(values->values, values->count, cx->arena);
    const struct val in[] = {
        v_int(values->home.v), v_int(values->unit.v), v_int(values->period.key),
        v_int(batch),          v_blob(cells),
    };

    TRY(db_change(cx->db, &CONFLICT_ADD, in, cx->err));
    return tell(cx, EVENT_CONFLICT, values, batch, hash_of(cells), cause);
}

/* Names with permanent numbers, as the database has them. */
struct numbered {
    const struct cx *cx;
    struct map by_name;
    int max;
};

static enum rc take_number(void *self, const struct val *row)
{
    struct numbered *numbered = self;

    (void)map_put(&numbered->by_name, arena_str(numbered->cx->arena, row[0].text), row[1].number);
    numbered->max = row[1].number > numbered->max ? (int)row[1].number : numbered->max;
    return RC_OK;
}

static enum rc number_of(struct numbered *numbered, str id, const struct sql *add, int *out)
{
    const struct cx *cx = numbered->cx;
    int64_t number = 0;

    if (map_get(&numbered->by_name, id, &number)) {
        *out = (int)number;
        return RC_OK;
    }
    if (add == NULL) {
        return err_set(cx->err, RC_CONFLICT, MSG_VALUE_NUMBER_MISSING, arg_text(id));
    }
    const struct val in[] = {v_text(id), v_int(numbered->max + 1)};
    TRY(db_change_one(cx->db, add, in, cx->err));
    numbered->max++;
    (void)map_put(&numbered->by_name, id, numbered->max);
    *out = numbered->max;
    return RC_OK;
}

static int *reverse(struct arena *arena, const int *numbers, int count, int max)
{
    int *places = ARENA_NEW(arena, int, (size_t)max + 1);

    for (int i = 0; i <= max; i++) {
        places[i] = NONE;
    }
    for (int i = 0; i < count; i++) {
        places[numbers[i]] = i;
    }
    return places;
}

static enum rc load_numbered(const struct cx *cx, const struct sql *list, struct numbered *numbered)
{
    *numbered = (struct numbered){.cx = cx};
    map_init(&numbered->by_name, cx->arena, 256);
    return db_each(cx->db, list, NULL, take_number, numbered, cx->err);
}

struct named { /* an array of things whose first member is their id */
    const void *at;
    int count;
    size_t size;
};

static str id_of(const struct named *named, int place)
{
    return *(const str *)((const char *)named->at + (size_t)place * named->size);
}

static enum rc number_all(struct numbered *numbered, const struct named *named,
                          const struct sql *add, int **out_of, int **out_places)
{
    int *numbers = ARENA_NEW(numbered->cx->arena, int, (size_t)named->count);

    for (int i = 0; i < named->count; i++) {
        TRY(number_of(numbered, id_of(named, i), add, &numbers[i]));
    }
    *out_of = numbers;
    *out_places = reverse(numbered->cx->arena, numbers, named->count, numbered->max);
    return RC_OK;
}

static enum rc stamp_numbers(const struct numbered *numbered, int before,
                             const struct stamped *what)
{
    return numbered->max == before ? RC_OK : stamp_add(numbered->cx, what, 0, NULL);
}

_Static_assert(offsetof(struct indicator, id) == 0 && offsetof(struct source, id) == 0,
               "an id stands first");

enum rc numbers_load(const struct cx *cx, const struct programme *programme, bool may_add,
                     struct numbers *out)
{
    const struct named indicators = {programme->indicators, programme->indicator_count,
                                     sizeof(struct indicator)};
    const struct named sources = {programme->sources, programme->source_count,
                                  sizeof(struct source)};
    const struct sql *add_indicator = may_add ? &INDICATOR_NUMBER_ADD : NULL;
    const struct sql *add_source = may_add ? &SOURCE_NUMBER_ADD : NULL;
    struct numbered numbered;
    struct numbers numbers = {0};

    TRY(load_numbered(cx, &INDICATOR_NUMBERS, &numbered));
    int before = numbered.max;
    TRY(number_all(&numbered, &indicators, add_indicator, &numbers.of_indicator,
                   &numbers.indicator_of));
    TRY(stamp_numbers(&numbered, before, &INDICATOR_NUMBERS_STAMPED));
    numbers.indicator_max = numbered.max;
    TRY(load_numbered(cx, &SOURCE_NUMBERS, &numbered));
    before = numbered.max;
    TRY(number_all(&numbered, &sources, add_source, &numbers.of_source, &numbers.source_of));
    TRY(stamp_numbers(&numbered, before, &SOURCE_NUMBERS_STAMPED));
    numbers.source_max = numbered.max;
    *out = numbers;
    return RC_OK;
}

struct out value_out(enum lang lang, const struct indicator *indicator, const struct value *value)
{
    if (value->state == NOT_APPLICABLE) {
        return out_none(STR("not_applicable"), msg_text(lang, MSG_VALUE_NOT_APPLICABLE));
    }
    if (value->state != REPORTED) {
        return out_none(STR("not_reported"), msg_text(lang, MSG_VALUE_NOT_REPORTED));
    }
    if (indicator->type == VALUE_PERCENT) {
        return out_ratio(value->num, value->den, indicator->decimals);
    }
    if (indicator->type == VALUE_BOOLEAN) {
        return value->num != 0 ? out_named(STR("yes"), msg_text(lang, MSG_VALUE_YES))
                               : out_named(STR("no"), msg_text(lang, MSG_VALUE_NO));
    }
    const struct choice *choice = indicator_choice(indicator, value->num);
    if (choice != NULL) {
        return out_named(choice->id, text_in(choice->name, lang));
    }
    return out_fixed(value->num, indicator->decimals);
}

struct out source_out(enum lang lang, const struct programme *programme,
                      const struct numbers *numbers, int number)
{
    int place = number > 0 && number <= numbers->source_max ? numbers->source_of[number] : NONE;

    if (place == NONE) {
        return out_none(STR("unknown"), STR(""));
    }
    const struct source *source = &programme->sources[place];
    return out_named(source->id, text_in(source->name, lang));
}
