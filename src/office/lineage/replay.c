/* Units and their lineage against the trace: tables that few acts change, stamped as wholes. */
#include "office/audit/tree.h"
#include "office/lineage/lineage.h"
#include "office/lineage/unit_rows_sql.h"

static const struct stamped UNITS = {STR_INIT("unit"), &ALL_UNITS, NULL};
static const struct stamped SPANS = {STR_INIT("unit_span"), &ALL_SPANS, NULL};
static const struct stamped WITHIN = {STR_INIT("unit_within"), &ALL_WITHIN, NULL};
static const struct stamped LINEAGE = {STR_INIT("lineage"), &ALL_LINEAGE, NULL};

const struct replay_table LINEAGE_TABLES[] = {
    {STR_INIT("unit"), replay_stamped, &UNITS},
    {STR_INIT("unit_span"), replay_stamped, &SPANS},
    {STR_INIT("unit_within"), replay_stamped, &WITHIN},
    {STR_INIT("lineage"), replay_stamped, &LINEAGE},
    {{0}, NULL, NULL},
};

enum rc lineage_stamp(const struct cx *cx, const struct event_ref *cause)
{
    for (int i = 0; LINEAGE_TABLES[i].table.len > 0; i++) {
        TRY(stamp_add(cx, LINEAGE_TABLES[i].stamped, 0, cause));
    }
    return RC_OK;
}

static enum rc go_on(const struct cx *cx, struct unit_id ended, struct unit_id goes_on,
                     const struct event_ref *cause)
{
    struct merkle_range head;
    struct event_body body;

    TRY(tree_head(cx, ended, &head));
    if (head.size == 0) {
        return RC_OK;
    }
    event_body_init(&body, cx->arena);
    event_body_int(&body, ended.v);
    event_body_int(&body, head.size);
    event_body_hash(&body, merkle_root(&head));
    return event_add(cx, goes_on, STR("log.continue"), &body, cause, NULL);
}

enum rc lineage_tell_logs(const struct cx *cx, const struct lineage_row *rows, int count,
                          const struct event_ref *cause)
{
    for (int i = 0; i < count; i++) {
        const struct lineage_row *row = &rows[i];
        bool is_joined = lineage_continues(row->kind);
        if (row->state != LINEAGE_CONFIRMED || row->from.v == 0 || row->to.v == 0 ||
            row->from.v == row->to.v) {
            continue;
        }
        TRY(go_on(cx, is_joined ? row->to : row->from, is_joined ? row->from : row->to, cause));
    }
    return RC_OK;
}
