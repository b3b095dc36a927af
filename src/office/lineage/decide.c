/* Applying decisions on proposed lineage. */
#include "office/lineage/decide_in.h"

#include "office/file/batch.h"
#include "office/lineage/decide_sql.h"
#include "office/lineage/lineage_in.h"

/* One act of deciding. */
struct deciding {
    const struct cx *cx;
    const struct programme *programme;
    str reason;
    struct batch batch;       /* made by the first decision */
    struct lineage_row *rows; /* decided ones, for the trace */
    int count;
    struct unit_tree tree; /* of the day of the last successor that was looked up */
    struct decision_result result;
};

static enum rc refuse(const struct deciding *deciding, enum msg_id why)
{
    return err_set(deciding->cx->err, RC_CONFLICT, why);
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

enum rc lineage_join(const struct cx *cx, int64_t newer, int64_t older)
{
    const struct val in[] = {v_int(newer), v_int(older)};

    TRY(db_change(cx->db, &UNIT_JOIN, in, cx->err));
    TRY(db_change(cx->db, &WITHIN_JOIN_ANCESTOR, in, cx->err));
    return db_change(cx->db, &WITHIN_JOIN_UNIT, in, cx->err);
}

/* Make the newer unit the older one: the older must have ended that day, the newer begun. */
static enum rc join(const struct deciding *deciding, const struct lineage_row *row)
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
        return refuse(deciding, MSG_UNIT_DECISION_GOES_ON);
    }
    if (first < date_key(row->day)) {
        return refuse(deciding, MSG_UNIT_DECISION_TAKEN);
    }
    return lineage_join(cx, newer, older);
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
static enum rc check_shares(const struct deciding *deciding, const struct lineage_row *row)
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
    return given.share > 1 + 1e-9 ? refuse(deciding, MSG_UNIT_DECISION_SHARES) : RC_OK;
}

static str basis_of(const struct deciding *deciding, const struct decision *decision)
{
    return decision->basis.len > 0 ? decision->basis : deciding->reason;
}

static enum rc decide(struct deciding *deciding, const struct decision *decision,
                      struct lineage_row *row, enum lineage_state state)
{
    const struct cx *cx = deciding->cx;

    if (deciding->batch.id == 0) {
        TRY(batch_add(cx, &deciding->batch));
    }
    row->state = state;
    row->basis = basis_of(deciding, decision);
    const struct val in[] = {
        v_int(row->id),
        v_text(lineage_state_key(state)),
        v_text(row->basis),
        v_int(deciding->batch.id),
    };

    TRY(db_change_one(cx->db, &LINEAGE_DECIDE, in, cx->err));
    deciding->rows[deciding->count++] = *row;
    return RC_OK;
}

static enum rc confirm(const struct deciding *deciding, const struct lineage_row *row)
{
    if (lineage_continues(row->kind)) {
        return join(deciding, row);
    }
    return check_shares(deciding, row);
}

static enum rc find_successor(struct deciding *deciding, const struct decision *decision,
                              const struct lineage_row *row, int *out)
{
    bool is_seen = false;

    if (deciding->tree.count == 0 || deciding->tree.at.days != row->day.days) {
        TRY(unit_tree_load(deciding->cx, deciding->programme, row->day, &deciding->tree));
    }
    *out = unit_tree_find_code(&deciding->tree, decision->successor);
    if (*out != NONE) {
        TRY(cx_sees(deciding->cx, deciding->tree.units[*out].id, &is_seen));
    }
    return is_seen ? RC_OK
                   : err_set(deciding->cx->err, RC_CONFLICT, MSG_UNIT_DECISION_SUCCESSOR,
                             arg_text(decision->successor));
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

    if (row->from.v == 0) {
        return refuse(deciding, MSG_UNIT_DECISION_NEW);
    }
    TRY(find_successor(deciding, decision, row, &place));
    TRY(decide(deciding, decision, row, LINEAGE_REJECTED));
    instead.id = db_new_id(cx->db, cx->now_ms);
    instead.to = deciding->tree.units[place].id;
    instead.home = deciding->tree.units[deciding->tree.units[place].home].id;
    instead.reason = LINEAGE_BY_HAND;
    instead.confidence = LINEAGE_SURE;
    instead.state = LINEAGE_CONFIRMED;
    instead.basis = basis_of(deciding, decision);
    TRY(days_of(cx, instead.to.v, &first, &last));
    if (!lineage_continues(row->kind) || first < date_key(row->day)) {
        instead.kind = row->kind == LINEAGE_SPLIT ? LINEAGE_SPLIT : LINEAGE_MERGE;
    }
    TRY(confirm(deciding, &instead));
    TRY(lineage_insert(cx, &instead, deciding->batch.id));
    deciding->rows[deciding->count++] = instead;
    return RC_OK;
}

/* Deciding takes both ends in scope; what is out of it is not there. */
static enum rc need_both_ends(const struct deciding *deciding, const struct decision *decision,
                              const struct lineage_row *row)
{
    const struct cx *cx = deciding->cx;
    bool is_seen = true;

    if (row->from.v != 0) {
        TRY(cx_sees(cx, row->from, &is_seen));
    }
    if (is_seen && row->to.v != 0) {
        TRY(cx_sees(cx, row->to, &is_seen));
    }
    return is_seen
               ? RC_OK
               : err_set(cx->err, RC_INVALID, MSG_UNIT_DECISION_UNKNOWN, arg_number(decision->id));
}

static enum rc load_row(const struct deciding *deciding, const struct decision *decision,
                        struct lineage_row *out)
{
    const struct cx *cx = deciding->cx;
    const struct val in[] = {v_int(decision->id)};
    struct val row[13] = {{0}};
    enum rc rc = db_one(cx->db, &LINEAGE_GET, in, row, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return err_set(cx->err, RC_INVALID, MSG_UNIT_DECISION_UNKNOWN, arg_number(decision->id));
    }
    TRY(rc);
    *out = lineage_unpack(cx, row);
    return need_both_ends(deciding, decision, out);
}

/* What was decided before may be said again, but not otherwise: of a rejected proposal the same
 * successor must be on record. */
static enum rc need_decided_so(struct deciding *deciding, const struct decision *decision,
                               const struct lineage_row *row)
{
    const struct cx *cx = deciding->cx;
    bool confirms = decision->word == DECISION_CONFIRM;
    struct val found = {.number = 1};
    int place = NONE;

    if (row->state != (confirms ? LINEAGE_CONFIRMED : LINEAGE_REJECTED)) {
        return refuse(deciding, MSG_UNIT_DECISION_DECIDED);
    }
    if (decision->word == DECISION_OTHER) {
        TRY(find_successor(deciding, decision, row, &place));
        const struct val in[] = {
            v_int(row->from.v),
            v_int(deciding->tree.units[place].id.v),
            v_int(date_key(row->day)),
        };
        TRY(db_one(cx->db, &LINEAGE_BY_HAND_COUNT, in, &found, cx->arena, cx->err));
    }
    return found.number > 0 ? RC_OK : refuse(deciding, MSG_UNIT_DECISION_DECIDED);
}

static enum rc apply_one(struct deciding *deciding, const struct decision *decision)
{
    struct lineage_row row = {0};

    TRY(load_row(deciding, decision, &row));
    if (row.state != LINEAGE_PROPOSED) {
        deciding->result.again++;
        return need_decided_so(deciding, decision, &row);
    }
    if (decision->word == DECISION_REJECT) {
        deciding->result.rejected++;
        return decide(deciding, decision, &row, LINEAGE_REJECTED);
    }
    deciding->result.confirmed++;
    if (decision->word == DECISION_OTHER) {
        return correct(deciding, decision, &row);
    }
    TRY(confirm(deciding, &row));
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
    event_body_text(&body, deciding->reason);
    event_body_int(&body, deciding->count);
    lineage_put_digests(&body, digests, count);
    TRY(event_add(cx, tree.units[0].id, STR("lineage.apply"), &body, NULL, &ref));
    const struct lineage_act act = {STR("lineage.decide"), deciding->batch.id, digests, count};
    TRY(lineage_tell_homes(cx, &act, &ref));
    TRY(lineage_tell_logs(cx, deciding->rows, deciding->count, &ref));
    return lineage_stamp(cx, &ref);
}

/* Is what went wrong about this row, and not about the machine? */
static bool is_fault(const struct err *err, enum rc rc)
{
    return err->rc == rc && (rc == RC_CONFLICT || rc == RC_INVALID);
}

/* Go on after a row that cannot be, so that all of them are told at once; the caller's transaction
 * takes back what was done. */
static enum rc apply_all(struct deciding *deciding, struct decision_reader *decisions)
{
    for (int i = 0; i < decisions->count; i++) {
        const struct decision *decision = &decisions->rows[i];
        enum rc rc = apply_one(deciding, decision);
        if (rc != RC_OK && !is_fault(deciding->cx->err, rc)) {
            return rc;
        }
        if (rc != RC_OK) {
            bool is_other = decision->word == DECISION_OTHER;
            decision_fault_add(decisions, decision, is_other ? COLUMN_SUCCESSOR : COLUMN_DECISION,
                               is_other ? decision->successor
                                        : decision_word_text(deciding->cx, decision->word));
        }
    }
    return RC_OK;
}

static enum rc fail_on_faults(const struct decision_reader *decisions, str file_name)
{
    return decisions->faults_found == 0
               ? RC_OK
               : err_set(decisions->cx->err, RC_INVALID, MSG_UNIT_DECISION_FAULTS,
                         arg_text(file_name), arg_count(decisions->faults_found));
}

static enum rc check_act(const struct decision_reader *decisions, const struct decision_act *act)
{
    struct err *err = decisions->cx->err;

    if (str_trim(act->reason).len == 0 || act->reason.len > DECISION_BASIS_BYTES_MAX) {
        return err_set(err, RC_INVALID, MSG_UNIT_DECISION_REASON);
    }
    if (!decisions->has_heading || (decisions->count == 0 && decisions->faults_found == 0)) {
        return err_set(err, RC_INVALID, MSG_UNIT_DECISION_EMPTY);
    }
    return RC_OK;
}

/* What is told of a batch, where there came to be one. */
static enum rc close_batch(struct deciding *deciding)
{
    if (deciding->batch.id == 0) {
        return RC_OK;
    }
    TRY(tell(deciding));
    deciding->batch.changed_count = deciding->result.confirmed + deciding->result.rejected;
    deciding->result.batch = deciding->batch.id;
    deciding->result.rows = (struct lineage_rows){deciding->rows, deciding->count};
    return batch_count(deciding->cx, &deciding->batch);
}

enum rc lineage_apply(const struct cx *cx, const struct programme *programme,
                      struct decision_reader *decisions, const struct decision_act *act,
                      struct decision_result *out)
{
    struct deciding deciding = {
        .cx = cx,
        .programme = programme,
        .reason = act->reason,
        .batch = {.kind = STR("lineage"),
                  .file_name = act->file_name,
                  .file = act->file_hash,
                  .reason = act->reason},
        .rows = ARENA_NEW(cx->arena, struct lineage_row, 2 * (size_t)decisions->count),
    };

    TRY(check_act(decisions, act));
    TRY(apply_all(&deciding, decisions));
    TRY(fail_on_faults(decisions, act->file_name));
    TRY(close_batch(&deciding));
    *out = deciding.result;
    return RC_OK;
}
