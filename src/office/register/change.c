/* Writing a register down: only what differs from the day before. */
#include "office/register/change_sql.h"
#include "office/register/register_in.h"

static struct unit_id parent_id(const struct change *change, int place)
{
    int parent = change->after->units[place].parent;

    return parent == NONE ? (struct unit_id){0} : change->ids[parent];
}

static struct unit_id before_id(const struct change *change, int place)
{
    return place == NONE ? (struct unit_id){0} : change->before->units[place].id;
}

/* Ids are given in tree order, so that reading by id comes in tree order. */
static enum rc make_ids(const struct cx *cx, const struct change *change)
{
    for (int i = 0; i < change->after->count; i++) {
        if (change->before_of[i] != NONE) {
            change->ids[i] = before_id(change, change->before_of[i]);
            continue;
        }
        change->ids[i] = (struct unit_id){db_new_id(cx->db, cx->now_ms)};
        const struct val in[] = {v_int(change->ids[i].v), v_int(change->batch)};
        TRY(db_change(cx->db, &UNIT_INSERT, in, cx->err));
    }
    return RC_OK;
}

static enum rc open_span(const struct cx *cx, const struct change *change, int place)
{
    const struct unit *unit = &change->after->units[place];
    int64_t parent = parent_id(change, place).v;
    const struct val in[] = {
        v_int(change->ids[place].v),
        v_int(date_key(change->day)),
        v_text(change->programme->levels[unit->level].id),
        v_text(unit->kind == NONE ? STR("") : change->programme->kinds[unit->kind].id),
        v_text(unit->code),
        v_text(unit->name),
        parent == 0 ? v_null() : v_int(parent),
        v_int(change->ids[unit->home].v),
    };

    return db_change(cx->db, &UNIT_SPAN_OPEN, in, cx->err);
}

static enum rc open_within(const struct cx *cx, const struct change *change, int place)
{
    for (int i = place; i != NONE; i = change->after->units[i].parent) {
        const struct val in[] = {
            v_int(change->ids[i].v),
            v_int(change->ids[place].v),
            v_int(date_key(change->day)),
        };
        TRY(db_change(cx->db, &UNIT_WITHIN_OPEN, in, cx->err));
    }
    return RC_OK;
}

static enum rc close_unit(const struct cx *cx, const struct change *change, const struct sql *sql,
                          int before)
{
    const struct val in[] = {
        v_int(before_id(change, before).v),
        v_int(date_key(change->day)),
    };

    return db_change(cx->db, sql, in, cx->err);
}

static bool is_as_before(const struct change *change, int place)
{
    const struct unit *after = &change->after->units[place];
    const struct unit *before = &change->before->units[change->before_of[place]];

    return str_equal(after->code, before->code) && str_equal(after->name, before->name) &&
           after->kind == before->kind &&
           parent_id(change, place).v == before_id(change, before->parent).v &&
           change->ids[after->home].v == before_id(change, before->home).v;
}

/* Does the unit stand under the same units as before? */
static bool is_under_the_same(const struct change *change, int place)
{
    int after = place;
    int before = change->before_of[place];

    while (after != NONE && before != NONE) {
        if (change->ids[after].v != before_id(change, before).v) {
            return false;
        }
        after = change->after->units[after].parent;
        before = change->before->units[before].parent;
    }
    return after == before;
}

static enum rc write_unit(const struct cx *cx, const struct change *change, int place)
{
    int before = change->before_of[place];

    if (before == NONE) {
        TRY(open_span(cx, change, place));
        return open_within(cx, change, place);
    }
    if (!is_as_before(change, place)) {
        TRY(close_unit(cx, change, &UNIT_SPAN_CLOSE, before));
        TRY(open_span(cx, change, place));
    }
    if (!is_under_the_same(change, place)) {
        TRY(close_unit(cx, change, &UNIT_WITHIN_CLOSE, before));
        TRY(open_within(cx, change, place));
    }
    return RC_OK;
}

static enum rc end_vanished(const struct cx *cx, const struct change *change)
{
    bool *goes_on = ARENA_NEW(cx->arena, bool, (size_t)change->before->count);

    for (int i = 0; i < change->after->count; i++) {
        if (change->before_of[i] != NONE) {
            goes_on[change->before_of[i]] = true;
        }
    }
    for (int i = 0; i < change->before->count; i++) {
        if (goes_on[i]) {
            continue;
        }
        TRY(close_unit(cx, change, &UNIT_SPAN_CLOSE, i));
        TRY(close_unit(cx, change, &UNIT_WITHIN_CLOSE, i));
    }
    return RC_OK;
}

enum rc change_write(const struct cx *cx, const struct change *change)
{
    TRY(make_ids(cx, change));
    TRY(end_vanished(cx, change));
    for (int i = 0; i < change->after->count; i++) {
        TRY(write_unit(cx, change, i));
    }
    return RC_OK;
}

bool change_accepts(const struct change *change, const struct lineage_link *link)
{
    return link->confidence >= change->accept_min || link->confidence == LINEAGE_SURE;
}

static struct unit_id home_of(const struct change *change, const struct lineage_link *link)
{
    if (link->after != NONE) {
        return change->ids[change->after->units[link->after].home];
    }
    return change->before->units[change->before->units[link->before].home].id;
}

static struct lineage_row row_of(const struct cx *cx, const struct change *change,
                                 const struct lineage_link *link)
{
    return (struct lineage_row){
        .id = db_new_id(cx->db, cx->now_ms),
        .home = home_of(change, link),
        .day = change->day,
        .kind = link->kind,
        .from = before_id(change, link->before),
        .to = link->after == NONE ? (struct unit_id){0} : change->ids[link->after],
        .share_num = link->share_num,
        .share_den = link->share_den,
        .confidence = link->confidence,
        .reason = link->reason,
        .count = link->count,
        .state = change_accepts(change, link) ? LINEAGE_CONFIRMED : LINEAGE_PROPOSED,
    };
}

enum rc change_write_lineage(const struct cx *cx, const struct change *change,
                             struct lineage_row *rows)
{
    for (int i = 0; i < change->link_count; i++) {
        rows[i] = row_of(cx, change, &change->links[i]);
        TRY(lineage_insert(cx, &rows[i], change->batch));
    }
    return RC_OK;
}
