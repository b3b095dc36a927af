/* Lineage on record: its names, reading it, and what an import proposes. */
#include "office/lineage/lineage_in.h"
#include "office/lineage/lineage_sql.h"

static const str KINDS[LINEAGE_KINDS] = {
    [LINEAGE_RENAME] = STR_INIT("rename"),   [LINEAGE_RECODE] = STR_INIT("recode"),
    [LINEAGE_UPGRADE] = STR_INIT("upgrade"), [LINEAGE_TRANSFER] = STR_INIT("transfer"),
    [LINEAGE_MERGE] = STR_INIT("merge"),     [LINEAGE_SPLIT] = STR_INIT("split"),
    [LINEAGE_CREATE] = STR_INIT("create"),   [LINEAGE_ABOLISH] = STR_INIT("abolish"),
};
static const enum msg_id KIND_TEXTS[LINEAGE_KINDS] = {
    [LINEAGE_RENAME] = MSG_UNIT_KIND_RENAME,   [LINEAGE_RECODE] = MSG_UNIT_KIND_RECODE,
    [LINEAGE_UPGRADE] = MSG_UNIT_KIND_UPGRADE, [LINEAGE_TRANSFER] = MSG_UNIT_KIND_TRANSFER,
    [LINEAGE_MERGE] = MSG_UNIT_KIND_MERGE,     [LINEAGE_SPLIT] = MSG_UNIT_KIND_SPLIT,
    [LINEAGE_CREATE] = MSG_UNIT_KIND_CREATE,   [LINEAGE_ABOLISH] = MSG_UNIT_KIND_ABOLISH,
};
static const str STATES[LINEAGE_STATES] = {
    [LINEAGE_PROPOSED] = STR_INIT("proposed"),
    [LINEAGE_CONFIRMED] = STR_INIT("confirmed"),
    [LINEAGE_REJECTED] = STR_INIT("rejected"),
};
static const enum msg_id STATE_TEXTS[LINEAGE_STATES] = {
    [LINEAGE_PROPOSED] = MSG_UNIT_STATE_PROPOSED,
    [LINEAGE_CONFIRMED] = MSG_UNIT_STATE_CONFIRMED,
    [LINEAGE_REJECTED] = MSG_UNIT_STATE_REJECTED,
};
static const str REASONS[LINEAGE_REASONS] = {
    [LINEAGE_ENDING] = STR_INIT("ending"),
    [LINEAGE_SAME_PARENT] = STR_INIT("same_parent"),
    [LINEAGE_MOVED_TOGETHER] = STR_INIT("moved_together"),
    [LINEAGE_ONLY_BEARER] = STR_INIT("only_bearer"),
    [LINEAGE_SEVERAL] = STR_INIT("several"),
    [LINEAGE_SAME_CODE] = STR_INIT("same_code"),
    [LINEAGE_SLOT_KEPT] = STR_INIT("slot_kept"),
    [LINEAGE_SIMILAR] = STR_INIT("similar"),
    [LINEAGE_SAME_UNITS] = STR_INIT("same_units"),
    [LINEAGE_PARTS_OF_NAME] = STR_INIT("parts_of_name"),
    [LINEAGE_UNITS_WENT] = STR_INIT("units_went"),
    [LINEAGE_VANISHED] = STR_INIT("vanished"),
    [LINEAGE_NO_TRACE] = STR_INIT("no_trace"),
    [LINEAGE_BY_HAND] = STR_INIT("by_hand"),
};
static const enum msg_id REASON_TEXTS[LINEAGE_REASONS] = {
    [LINEAGE_ENDING] = MSG_UNIT_REASON_ENDING,
    [LINEAGE_SAME_PARENT] = MSG_UNIT_REASON_SAME_PARENT,
    [LINEAGE_MOVED_TOGETHER] = MSG_UNIT_REASON_MOVED_TOGETHER,
    [LINEAGE_ONLY_BEARER] = MSG_UNIT_REASON_ONLY_BEARER,
    [LINEAGE_SEVERAL] = MSG_UNIT_REASON_SEVERAL,
    [LINEAGE_SAME_CODE] = MSG_UNIT_REASON_SAME_CODE,
    [LINEAGE_SLOT_KEPT] = MSG_UNIT_REASON_SLOT_KEPT,
    [LINEAGE_SIMILAR] = MSG_UNIT_REASON_SIMILAR,
    [LINEAGE_SAME_UNITS] = MSG_UNIT_REASON_SAME_UNITS,
    [LINEAGE_PARTS_OF_NAME] = MSG_UNIT_REASON_PARTS_OF_NAME,
    [LINEAGE_UNITS_WENT] = MSG_UNIT_REASON_UNITS_WENT,
    [LINEAGE_VANISHED] = MSG_UNIT_REASON_VANISHED,
    [LINEAGE_NO_TRACE] = MSG_UNIT_REASON_NO_TRACE,
    [LINEAGE_BY_HAND] = MSG_UNIT_REASON_BY_HAND,
};

enum { REASON_BYTES_MAX = 512 };

str lineage_kind_key(enum lineage_kind kind)
{
    return KINDS[kind];
}

str lineage_state_key(enum lineage_state state)
{
    return STATES[state];
}

str lineage_kind_text(const struct cx *cx, enum lineage_kind kind)
{
    return msg_text(cx->lang, KIND_TEXTS[kind]);
}

str lineage_state_text(const struct cx *cx, enum lineage_state state)
{
    return msg_text(cx->lang, STATE_TEXTS[state]);
}

str lineage_reason_text(const struct cx *cx, const struct lineage_row *row)
{
    bool is_alone = row->reason == LINEAGE_SLOT_KEPT && row->count == 0;
    enum msg_id says = is_alone ? MSG_UNIT_REASON_SLOT_KEPT_ALONE : REASON_TEXTS[row->reason];
    const struct arg args[] = {arg_count(row->count)};
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, REASON_BYTES_MAX);
    msg_put(&buf, cx->lang, says, args, is_alone ? 0 : 1);
    MUST(buf_done(&buf, &text));
    return text;
}

static int place_in(const str *keys, int count, str key)
{
    for (int i = 0; i < count; i++) {
        if (str_equal(keys[i], key)) {
            return i;
        }
    }
    NEVER("a lineage word that the schema does not know");
}

struct lineage_row lineage_unpack(const struct cx *cx, const struct val *row)
{
    return (struct lineage_row){
        .id = row[0].number,
        .day = date_from_key((int32_t)row[1].number),
        .kind = (enum lineage_kind)place_in(KINDS, LINEAGE_KINDS, row[2].text),
        .from = {row[3].number},
        .to = {row[4].number},
        .share_num = row[5].number,
        .share_den = row[6].number,
        .confidence = (int)row[7].number,
        .reason = (enum lineage_reason)place_in(REASONS, LINEAGE_REASONS, row[8].text),
        .count = row[9].number,
        .state = (enum lineage_state)place_in(STATES, LINEAGE_STATES, row[10].text),
        .basis = arena_str(cx->arena, row[11].text),
        .home = {row[12].number},
    };
}

struct loading {
    const struct cx *cx;
    struct lineage_rows rows;
    int room;
};

static enum rc take_row(void *self, const struct val *row)
{
    struct loading *loading = self;

    if (loading->rows.count == loading->room) {
        int room = loading->room == 0 ? 256 : loading->room * 2;
        struct lineage_row *rows = ARENA_NEW(loading->cx->arena, struct lineage_row, (size_t)room);
        for (int i = 0; i < loading->rows.count; i++) {
            rows[i] = loading->rows.rows[i];
        }
        loading->rows.rows = rows;
        loading->room = room;
    }
    loading->rows.rows[loading->rows.count++] = lineage_unpack(loading->cx, row);
    return RC_OK;
}

enum rc lineage_load(const struct cx *cx, date since, date until, struct lineage_rows *out)
{
    struct loading loading = {.cx = cx};
    const struct val in[] = {v_int(date_key(since)), v_int(date_key(until))};

    TRY(db_each(cx->db, &LINEAGE_LIST, in, take_row, &loading, cx->err));
    *out = loading.rows;
    return RC_OK;
}

enum rc lineage_load_of(const struct cx *cx, struct unit_id unit, struct lineage_rows *out)
{
    struct loading loading = {.cx = cx};
    const struct val in[] = {v_int(unit.v)};

    TRY(db_each(cx->db, &LINEAGE_OF_UNIT, in, take_row, &loading, cx->err));
    *out = loading.rows;
    return RC_OK;
}

enum rc lineage_insert(const struct cx *cx, const struct lineage_row *row, int64_t batch)
{
    bool is_open = row->state == LINEAGE_PROPOSED;
    const struct val in[] = {
        v_int(row->id),
        v_int(row->home.v),
        v_int(date_key(row->day)),
        v_text(KINDS[row->kind]),
        row->from.v == 0 ? v_null() : v_int(row->from.v),
        row->to.v == 0 ? v_null() : v_int(row->to.v),
        v_int(row->share_num),
        v_int(row->share_den),
        v_int(row->confidence),
        v_text(REASONS[row->reason]),
        v_int(row->count),
        v_text(STATES[row->state]),
        v_text(row->basis),
        v_int(batch),
        is_open ? v_null() : v_int(batch),
        v_int(cx->now_ms),
        v_text(cx->actor),
    };

    return db_change(cx->db, &LINEAGE_INSERT, in, cx->err);
}
