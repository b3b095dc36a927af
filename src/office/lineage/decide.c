/* Applying decisions on proposed lineage. */
#include "office/lineage/decide.h"

#include "base/num.h"
#include "office/file/batch.h"
#include "office/lineage/decide_sql.h"
#include "office/lineage/lineage_in.h"

enum { COLUMN_ID, COLUMN_DECISION, COLUMN_SUCCESSOR, COLUMN_BASIS };

static const enum msg_id SPELLINGS[DECISION_COLUMNS] = {
    [COLUMN_ID] = MSG_UNIT_COLUMN_ID,
    [COLUMN_DECISION] = MSG_UNIT_COLUMN_DECISION,
    [COLUMN_SUCCESSOR] = MSG_UNIT_COLUMN_SUCCESSOR,
    [COLUMN_BASIS] = MSG_UNIT_COLUMN_BASIS,
};

/* Is `word` one of the spellings, parted by "|", in either language? */
static bool is_spelt(enum msg_id spellings, str word)
{
    for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
        str rest = msg_text((enum lang)lang, spellings);
        str one = {0};
        while (str_cut(&rest, '|', &one)) {
            if (str_equal(one, word)) {
                return true;
            }
        }
    }
    return false;
}

static void try_heading(struct decision_reader *reader, const struct sheet_row *row)
{
    for (int c = 0; c < DECISION_COLUMNS; c++) {
        reader->columns[c] = NONE;
        for (int i = 0; i < row->count && reader->columns[c] == NONE; i++) {
            if (is_spelt(SPELLINGS[c], str_trim(row->cells[i].text))) {
                reader->columns[c] = row->cells[i].column;
            }
        }
    }
    reader->is_reading =
        reader->columns[COLUMN_ID] != NONE && reader->columns[COLUMN_DECISION] != NONE;
}

static str cell_text(const struct decision_reader *reader, const struct sheet_row *row, int column)
{
    for (int i = 0; i < row->count; i++) {
        if (row->cells[i].column == reader->columns[column]) {
            return arena_str(reader->cx->arena, str_trim(row->cells[i].text));
        }
    }
    return STR("");
}

static struct decision *new_row(struct decision_reader *reader)
{
    if (reader->count == reader->room) {
        int room = reader->room == 0 ? 256 : reader->room * 2;
        struct decision *rows = ARENA_NEW(reader->cx->arena, struct decision, (size_t)room);
        for (int i = 0; i < reader->count; i++) {
            rows[i] = reader->rows[i];
        }
        reader->rows = rows;
        reader->room = room;
    }
    return &reader->rows[reader->count++];
}

static enum rc take_decision(struct decision_reader *reader, const struct sheet_row *row)
{
    struct err *err = reader->cx->err;
    str word = cell_text(reader, row, COLUMN_DECISION);
    struct decision decision = {
        .row = row->row,
        .is_confirmed = is_spelt(MSG_UNIT_WORD_CONFIRM, word),
        .successor = cell_text(reader, row, COLUMN_SUCCESSOR),
        .basis = cell_text(reader, row, COLUMN_BASIS),
    };

    if (word.len == 0) {
        return RC_OK;
    }
    if (!decision.is_confirmed && !is_spelt(MSG_UNIT_WORD_REJECT, word)) {
        return err_set(err, RC_INVALID, MSG_UNIT_DECISION_WORD, arg_count(row->row),
                       arg_text(word));
    }
    if (!num_parse_int(cell_text(reader, row, COLUMN_ID), 1, INT64_MAX, &decision.id)) {
        return err_set(err, RC_INVALID, MSG_UNIT_DECISION_ID, arg_count(row->row));
    }
    if (decision.basis.len > DECISION_BASIS_BYTES_MAX) {
        return err_set(err, RC_LIMIT, MSG_UNIT_DECISION_BASIS, arg_count(row->row));
    }
    *new_row(reader) = decision;
    return RC_OK;
}

static enum rc on_sheet(void *self, const struct sheet_info *info)
{
    (void)info;
    ((struct decision_reader *)self)->is_reading = false;
    return RC_OK;
}

static enum rc on_row(void *self, const struct sheet_row *row)
{
    struct decision_reader *reader = self;

    if (reader->is_reading) {
        return take_decision(reader, row);
    }
    if (row->row <= DECISION_HEADER_ROWS_MAX) {
        try_heading(reader, row);
    }
    return RC_OK;
}

static enum rc on_end(void *self)
{
    (void)self;
    return RC_OK;
}

void decision_reader_init(struct decision_reader *reader, const struct cx *cx)
{
    *reader = (struct decision_reader){.cx = cx};
}

struct sheet_reader decision_reader_sheet(struct decision_reader *reader)
{
    return (struct sheet_reader){.self = reader, .sheet = on_sheet, .row = on_row, .end = on_end};
}

/* One act of deciding. */
struct deciding {
    const struct cx *cx;
    const struct programme *programme;
    struct batch batch;
    struct lineage_row *rows; /* decided ones, for the trace */
    int count;
    struct unit_tree tree; /* of the day of the last successor that was looked up */
    struct decision_result result;
};

static enum rc refuse(const struct deciding *deciding, const struct decision *decision,
                      enum msg_id why)
{
    return err_set(deciding->cx->err, RC_CONFLICT, why, arg_count(decision->row),
                   arg_text(decision->successor));
}

static enum rc one_id(const struct cx *cx, const struct sql *sql, struct unit_id unit, int64_t *out)
{
    const struct val in[] = {v_int(unit.v)};
    struct val row = {0};

    TRY(db_one(cx->db, sql, in, &row, cx->arena, cx->err));
    *out = row.number;
    return RC_OK;
}

static enum rc days_of(const struct cx *cx, int64_t unit, int64_t *out_first, int64_t *out_last)
{
    const struct val in[] = {v_int(unit)};
    struct val row[2] = {{0}};

    TRY(db_one(cx->db, &UNIT_DAYS, in, row, cx->arena, cx->err));
    *out_first = row[0].number;
    *out_last = row[1].number;
    return RC_OK;
}

/* Make the newer unit the older one: the older must have ended that day, the newer begun. */
static enum rc join(const struct deciding *deciding, const struct decision *decision,
                    const struct lineage_row *row)
{
    const struct cx *cx = deciding->cx;
    int64_t older = 0;
    int64_t newer = 0;
    int64_t first = 0;
    int64_t last = 0;
    int64_t ignored = 0;

    TRY(one_id(cx, &UNIT_ROOT_ID, row->from, &older));
    TRY(one_id(cx, &UNIT_ROOT_ID, row->to, &newer));
    TRY(days_of(cx, older, &ignored, &last));
    TRY(days_of(cx, newer, &first, &ignored));
    if (last > date_key(row->day)) {
        return refuse(deciding, decision, MSG_UNIT_DECISION_GOES_ON);
    }
    if (first < date_key(row->day)) {
        return refuse(deciding, decision, MSG_UNIT_DECISION_TAKEN);
    }
    const struct val in[] = {v_int(newer), v_int(older)};
    TRY(db_change(cx->db, &UNIT_JOIN, in, cx->err));
    TRY(db_change(cx->db, &WITHIN_JOIN_ANCESTOR, in, cx->err));
    return db_change(cx->db, &WITHIN_JOIN_UNIT, in, cx->err);
}

struct given {
    double share;
};

static enum rc add_given(void *self, const struct val *row)
{
    ((struct given *)self)->share += (double)row[0].number / (double)row[1].number;
    return RC_OK;
}

/* No unit gives away more than all of itself on one day. */
static enum rc check_shares(const struct deciding *deciding, const struct decision *decision,
                            const struct lineage_row *row)
{
    const struct cx *cx = deciding->cx;
    struct given given = {.share = (double)row->share_num / (double)row->share_den};
    int64_t unit = 0;

    if (row->to.v == 0 || (row->kind != LINEAGE_MERGE && row->kind != LINEAGE_SPLIT)) {
        return RC_OK;
    }
    TRY(one_id(cx, &UNIT_ROOT_ID, row->from, &unit));
    const struct val in[] = {v_int(unit), v_int(date_key(row->day))};
    TRY(db_each(cx->db, &LINEAGE_GIVEN, in, add_given, &given, cx->err));
    return given.share > 1 + 1e-9 ? refuse(deciding, decision, MSG_UNIT_DECISION_SHARES) : RC_OK;
}

static enum rc decide(struct deciding *deciding, const struct decision *decision,
                      struct lineage_row *row, enum lineage_state state)
{
    const struct cx *cx = deciding->cx;
    const struct val in[] = {
        v_int(row->id),
        v_text(lineage_state_key(state)),
        v_text(decision->basis),
        v_int(deciding->batch.id),
    };

    row->state = state;
    TRY(db_change_one(cx->db, &LINEAGE_DECIDE, in, cx->err));
    deciding->rows[deciding->count++] = *row;
    return RC_OK;
}

static enum rc confirm(struct deciding *deciding, const struct decision *decision,
                       const struct lineage_row *row)
{
    if (lineage_continues(row->kind)) {
        return join(deciding, decision, row);
    }
    return check_shares(deciding, decision, row);
}

static enum rc find_successor(struct deciding *deciding, const struct decision *decision,
                              const struct lineage_row *row, int *out)
{
    if (deciding->tree.count == 0 || deciding->tree.at.days != row->day.days) {
        TRY(unit_tree_load(deciding->cx, deciding->programme, row->day, &deciding->tree));
    }
    *out = unit_tree_find_code(&deciding->tree, decision->successor);
    return *out == NONE ? refuse(deciding, decision, MSG_UNIT_DECISION_SUCCESSOR) : RC_OK;
}

/* The proposal is rejected, and the step that the person names is confirmed in its place. It
 * continues the unit where the proposal did and the successor is new that day; else it merges. */
static enum rc correct(struct deciding *deciding, const struct decision *decision,
                       struct lineage_row *row)
{
    const struct cx *cx = deciding->cx;
    struct lineage_row instead = *row;
    int64_t first = 0;
    int64_t last = 0;
    int place = NONE;

    TRY(find_successor(deciding, decision, row, &place));
    TRY(decide(deciding, decision, row, LINEAGE_REJECTED));
    instead.id = db_new_id(cx->db, cx->now_ms);
    instead.to = deciding->tree.units[place].id;
    instead.home = deciding->tree.units[deciding->tree.units[place].home].id;
    instead.reason = LINEAGE_BY_HAND;
    instead.confidence = LINEAGE_SURE;
    instead.state = LINEAGE_CONFIRMED;
    instead.basis = decision->basis;
    TRY(days_of(cx, instead.to.v, &first, &last));
    if (!lineage_continues(row->kind) || first < date_key(row->day)) {
        instead.kind = row->kind == LINEAGE_SPLIT ? LINEAGE_SPLIT : LINEAGE_MERGE;
    }
    TRY(confirm(deciding, decision, &instead));
    TRY(lineage_insert(cx, &instead, deciding->batch.id));
    deciding->rows[deciding->count++] = instead;
    return RC_OK;
}

static enum rc load_row(const struct deciding *deciding, const struct decision *decision,
                        struct lineage_row *out)
{
    const struct cx *cx = deciding->cx;
    const struct val in[] = {v_int(decision->id)};
    struct val row[13] = {{0}};
    enum rc rc = db_one(cx->db, &LINEAGE_GET, in, row, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return err_set(cx->err, RC_INVALID, MSG_UNIT_DECISION_UNKNOWN, arg_count(decision->row));
    }
    TRY(rc);
    *out = lineage_unpack(cx, row);
    return RC_OK;
}

/* A correction was applied before when the proposal is rejected on file. */
static bool is_decided_so(const struct decision *decision, const struct lineage_row *row)
{
    bool rejects = !decision->is_confirmed || decision->successor.len > 0;

    return row->state == (rejects ? LINEAGE_REJECTED : LINEAGE_CONFIRMED);
}

static enum rc apply_one(struct deciding *deciding, const struct decision *decision)
{
    struct lineage_row row = {0};

    TRY(load_row(deciding, decision, &row));
    if (row.state != LINEAGE_PROPOSED) {
        deciding->result.again++;
        return is_decided_so(decision, &row)
                   ? RC_OK
                   : refuse(deciding, decision, MSG_UNIT_DECISION_DECIDED);
    }
    if (!decision->is_confirmed) {
        deciding->result.rejected++;
        return decide(deciding, decision, &row, LINEAGE_REJECTED);
    }
    deciding->result.confirmed++;
    if (decision->successor.len > 0) {
        return correct(deciding, decision, &row);
    }
    TRY(confirm(deciding, decision, &row));
    return decide(deciding, decision, &row, LINEAGE_CONFIRMED);
}

/* One event in the root's log, and each partition's caused by it. */
static enum rc tell(struct deciding *deciding)
{
    const struct cx *cx = deciding->cx;
    struct lineage_digest *digests = NULL;
    struct event_body body;
    struct event_ref ref = {0};
    struct unit_tree tree = {0};
    int count = 0;

    TRY(unit_tree_load(cx, deciding->programme, deciding->rows[deciding->count - 1].day, &tree));
    lineage_digests(cx, deciding->rows, deciding->count, &digests, &count);
    event_body_init(&body, cx->arena);
    event_body_int(&body, deciding->batch.id);
    event_body_hash(&body, deciding->batch.file);
    event_body_int(&body, deciding->count);
    lineage_put_digests(&body, digests, count);
    TRY(event_add(cx, tree.units[0].id, STR("lineage.apply"), &body, NULL, &ref));
    const struct lineage_act act = {STR("lineage.decide"), deciding->batch.id, digests, count};
    return lineage_tell_homes(cx, &act, &ref);
}

static enum rc apply_all(struct deciding *deciding, const struct decision_reader *decisions)
{
    for (int i = 0; i < decisions->count; i++) {
        TRY(apply_one(deciding, &decisions->rows[i]));
    }
    return RC_OK;
}

/* Is there anything that is not decided so already? */
static enum rc is_anything_open(const struct deciding *deciding,
                                const struct decision_reader *decisions, bool *out)
{
    *out = false;
    for (int i = 0; i < decisions->count && !*out; i++) {
        struct lineage_row row = {0};
        TRY(load_row(deciding, &decisions->rows[i], &row));
        *out = row.state == LINEAGE_PROPOSED || !is_decided_so(&decisions->rows[i], &row);
    }
    return RC_OK;
}

enum rc lineage_apply(const struct cx *cx, const struct programme *programme,
                      const struct decision_reader *decisions, str file_name, struct hash file_hash,
                      struct decision_result *out)
{
    struct deciding deciding = {
        .cx = cx,
        .programme = programme,
        .batch = {.kind = STR("lineage"), .file_name = file_name, .file = file_hash},
        .rows = ARENA_NEW(cx->arena, struct lineage_row, 2 * (size_t)decisions->count),
    };
    bool is_open = false;

    if (decisions->columns[COLUMN_DECISION] == NONE || decisions->count == 0) {
        return err_set(cx->err, RC_INVALID, MSG_UNIT_DECISION_EMPTY);
    }
    TRY(is_anything_open(&deciding, decisions, &is_open));
    if (!is_open) {
        *out = (struct decision_result){.again = decisions->count};
        return RC_OK;
    }
    TRY(batch_add(cx, &deciding.batch));
    TRY(apply_all(&deciding, decisions));
    TRY(tell(&deciding));
    deciding.batch.changed_count = deciding.result.confirmed + deciding.result.rejected;
    deciding.result.batch = deciding.batch.id;
    *out = deciding.result;
    return batch_count(cx, &deciding.batch);
}
