/* What every act of the office shares: its transaction, its settings, its periods. */
#include "office/office.h"

#include "base/num.h"
#include "office/office_sql.h"

enum { PERIOD_YEAR_MIN = 1900, PERIOD_YEAR_MAX = 2199, QUARTER_BASE = 20 };

enum rc office_enter(const struct cx *cx, enum db_mode mode)
{
    return db_begin(cx->db, mode, cx->err);
}

enum rc office_leave(const struct cx *cx, enum rc outcome)
{
    if (outcome == RC_OK) {
        outcome = db_commit(cx->db, cx->err);
    }
    if (outcome != RC_OK) {
        db_rollback(cx->db);
    }
    return outcome;
}

void office_undo(const struct cx *cx)
{
    db_rollback(cx->db);
}

enum rc office_setting(const struct cx *cx, str key, str *out)
{
    struct val row = {0};
    const struct val in[] = {v_text(key)};

    TRY(db_one(cx->db, &SETTING_GET, in, &row, cx->arena, cx->err));
    *out = row.text;
    return RC_OK;
}

enum rc office_set(const struct cx *cx, str key, str value)
{
    const struct val in[] = {v_text(key), v_text(value)};

    return db_change(cx->db, &SETTING_PUT, in, cx->err);
}

enum rc cx_lies_in(const struct cx *cx, struct unit_id above, struct unit_id unit, int32_t day,
                   bool *out)
{
    const struct val in[] = {v_int(above.v), v_int(unit.v), v_int(day)};
    struct val row = {0};

    TRY(db_one(cx->db, &SCOPE_LIES_IN, in, &row, cx->arena, cx->err));
    *out = row.number > 0;
    return RC_OK;
}

/* Which way a scope is asked: does a root hold the unit, or the unit a root? */
enum way { ROOT_HOLDS, UNIT_HOLDS };

static enum rc any_root(const struct cx *cx, enum way way, struct unit_id unit, bool *out)
{
    const struct scope *scope = cx->scope;

    *out = scope == NULL ? cx->who == &ACTOR_OWNER : scope->is_all;
    for (int i = 0; scope != NULL && unit.v != 0 && !*out && i < scope->root_count; i++) {
        struct unit_id root = scope->roots[i];
        bool is_down = way == ROOT_HOLDS;
        TRY(cx_lies_in(cx, is_down ? root : unit, is_down ? unit : root, scope->day, out));
    }
    return RC_OK;
}

enum rc cx_sees(const struct cx *cx, struct unit_id unit, bool *out)
{
    return any_root(cx, ROOT_HOLDS, unit, out);
}

enum rc cx_sees_part(const struct cx *cx, struct unit_id unit, bool *out)
{
    TRY(any_root(cx, ROOT_HOLDS, unit, out));
    return *out ? RC_OK : any_root(cx, UNIT_HOLDS, unit, out);
}

struct unit_id actor_unit(str actor)
{
    size_t at = str_find(actor, STR("@"));
    struct unit_id unit = {0};

    if (!str_starts(actor, STR("person:")) || at == STR_NONE ||
        !num_parse_int(str_part(actor, at + 1, actor.len), 0, INT64_MAX, &unit.v)) {
        return (struct unit_id){0};
    }
    return unit;
}

str cx_number(const struct cx *cx, int64_t number)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 32);
    buf_int(&buf, number);
    MUST(buf_done(&buf, &text));
    return text;
}

str cx_day(const struct cx *cx, date day)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 32);
    date_put(&buf, day);
    MUST(buf_done(&buf, &text));
    return text;
}

bool cx_is_stopped(const struct cx *cx)
{
    const struct progress *progress = cx->progress;

    return progress != NULL && progress->is_stopped != NULL && progress->is_stopped(progress->self);
}

enum rc cx_progress(const struct cx *cx, enum msg_id what, int64_t done, int64_t total)
{
    if (cx->progress != NULL) {
        cx->progress->step(cx->progress->self, what, done, total);
    }
    return cx_is_stopped(cx) ? err_set(cx->err, RC_CONFLICT, MSG_OFFICE_STOPPED) : RC_OK;
}

static bool parse_part(str s, int *out)
{
    int64_t number = 0;

    if (s.len == 3 && s.at[0] == '-' && num_parse_int(str_part(s, 1, 2), 1, 12, &number)) {
        *out = (int)number;
        return true;
    }
    if (s.len == 2 && s.at[0] == 'Q' && num_parse_int(str_part(s, 1, 1), 1, 4, &number)) {
        *out = QUARTER_BASE + (int)number;
        return true;
    }
    return s.len == 0;
}

bool period_parse(str s, struct period *out)
{
    int64_t year = 0;
    int part = 0;

    if (!num_parse_int(str_part(s, 0, 4), PERIOD_YEAR_MIN, PERIOD_YEAR_MAX, &year) ||
        !parse_part(str_part(s, 4, s.len), &part)) {
        return false;
    }
    *out = (struct period){(int32_t)year * 100 + part};
    return true;
}

void period_put(struct buf *out, struct period p)
{
    int part = p.key % 100;

    buf_int(out, period_year(p));
    if (part > QUARTER_BASE) {
        buf_char(out, 'Q');
        buf_int(out, part - QUARTER_BASE);
    } else if (part > 0) {
        buf_put(out, part < 10 ? STR("-0") : STR("-"));
        buf_int(out, part);
    }
}

struct period period_of_year(int year)
{
    return (struct period){year * 100};
}

int period_year(struct period p)
{
    return p.key / 100;
}

date period_end(struct period p)
{
    int part = p.key % 100;
    int month = part > QUARTER_BASE ? 3 * (part - QUARTER_BASE) : part;
    bool is_year_end = month == 0 || month == 12;
    date next =
        is_year_end ? date_of(period_year(p) + 1, 1, 1) : date_of(period_year(p), month + 1, 1);

    return (date){next.days - 1};
}

struct period period_year_before(struct period p)
{
    return (struct period){p.key - 100};
}
