/* What changed with each register, counted. */
#include "office/lineage/report_in.h"

enum {
    SUM_DAY,
    SUM_UNIT,
    SUM_COUNT,
    SUM_KINDS,
    SUM_CONFIRMED = SUM_KINDS + LINEAGE_KINDS,
    SUM_OPEN,
    SUM_COLUMNS
};

static const struct column_row SUMS[SUM_COLUMNS] = {
    [SUM_DAY] = {STR_INIT("day"), MSG_UNIT_STEP_DAY, 12, false},
    [SUM_UNIT] = {STR_INIT("unit"), MSG_UNIT_SUM_UNIT, 16, false},
    [SUM_COUNT] = {STR_INIT("units"), MSG_UNIT_SUM_COUNT, 10, false},
    [SUM_KINDS + LINEAGE_RENAME] = {STR_INIT("rename"), MSG_UNIT_KIND_RENAME, 8, false},
    [SUM_KINDS + LINEAGE_RECODE] = {STR_INIT("recode"), MSG_UNIT_KIND_RECODE, 8, false},
    [SUM_KINDS + LINEAGE_UPGRADE] = {STR_INIT("upgrade"), MSG_UNIT_KIND_UPGRADE, 8, false},
    [SUM_KINDS + LINEAGE_TRANSFER] = {STR_INIT("transfer"), MSG_UNIT_KIND_TRANSFER, 8, false},
    [SUM_KINDS + LINEAGE_MERGE] = {STR_INIT("merge"), MSG_UNIT_KIND_MERGE, 8, false},
    [SUM_KINDS + LINEAGE_SPLIT] = {STR_INIT("split"), MSG_UNIT_KIND_SPLIT, 8, false},
    [SUM_KINDS + LINEAGE_CREATE] = {STR_INIT("create"), MSG_UNIT_KIND_CREATE, 8, false},
    [SUM_KINDS + LINEAGE_ABOLISH] = {STR_INIT("abolish"), MSG_UNIT_KIND_ABOLISH, 8, false},
    [SUM_CONFIRMED] = {STR_INIT("confirmed"), MSG_UNIT_STATE_CONFIRMED, 8, false},
    [SUM_OPEN] = {STR_INIT("proposed"), MSG_UNIT_STATE_PROPOSED, 8, false},
};

/* Where a step stands in the newer tree: its newer end, else where its older end's place is kept,
 * else the root. */
static int place_of(const struct stage *stage, const struct lineage_row *row)
{
    int place = row->to.v == 0 ? NONE : unit_tree_find_id(&stage->after, row->to);

    if (place == NONE) {
        place = unit_tree_find_id(&stage->after, row->home);
    }
    return place == NONE ? 0 : place;
}

static void count_step(const struct lineage_row *row, int64_t *sums)
{
    bool is_confirmed = row->state == LINEAGE_CONFIRMED;

    sums[SUM_KINDS + (int)row->kind] += is_confirmed ? 1 : 0;
    sums[SUM_CONFIRMED] += is_confirmed ? 1 : 0;
    sums[SUM_OPEN] += row->state == LINEAGE_PROPOSED ? 1 : 0;
}

/* Where a step counts: at the unit itself and at all above it. */
static void count_steps(const struct stage *stage, int64_t (*counts)[SUM_COLUMNS])
{
    for (int i = 0; i < stage->rows.count; i++) {
        const struct lineage_row *row = &stage->rows.rows[i];
        for (int at = place_of(stage, row); at != NONE; at = stage->after.units[at].parent) {
            count_step(row, counts[at]);
        }
    }
}

static enum rc put_sums(const struct stage *stage, int place, const int64_t *sums, enum tone tone,
                        const struct table_sink *sink)
{
    const struct unit *unit = &stage->after.units[place];
    struct out cells[SUM_COLUMNS];

    for (int i = 0; i < SUM_COLUMNS; i++) {
        cells[i] = out_toned(out_int(sums[i]), tone);
    }
    cells[SUM_DAY] = out_toned(out_text(cx_day(stage->cx, stage->day)), tone);
    cells[SUM_UNIT] = out_toned(out_named(unit->code, unit->name), tone);
    cells[SUM_COUNT] = out_toned(out_int(unit->end - place), tone);
    return sink->row(sink->self, cells);
}

/* The topmost units in sight: the root, or those that the scope begins with. */
static bool is_topmost(const struct stage *stage, int place)
{
    const struct scope *scope = stage->cx->scope;

    if (scope == NULL || scope->is_all) {
        return place == 0;
    }
    for (int i = 0; i < scope->root_count; i++) {
        if (unit_tree_find_id(&stage->after, scope->roots[i]) == place) {
            return true;
        }
    }
    return false;
}

static enum rc put_if_seen(const struct stage *stage, int place, const int64_t *sums,
                           const struct table_sink *sink)
{
    int level = stage->programme->partition > 0 ? stage->programme->partition - 1 : 0;
    bool is_top = is_topmost(stage, place);
    bool is_seen = false;

    if (!is_top && stage->after.units[place].level != level) {
        return RC_OK;
    }
    TRY(cx_sees(stage->cx, stage->after.units[place].id, &is_seen));
    return is_seen ? put_sums(stage, place, sums, is_top ? TONE_TOTAL : TONE_PLAIN, sink) : RC_OK;
}

static enum rc put_summary(const struct stage *stage, const struct table_sink *sink)
{
    int64_t(*counts)[SUM_COLUMNS] =
        arena_take_many(stage->cx->arena, (size_t)stage->after.count, sizeof(*counts));

    count_steps(stage, counts);
    for (int i = 0; i < stage->after.count; i++) {
        TRY(put_if_seen(stage, i, counts[i], sink));
    }
    return RC_OK;
}

enum rc lineage_summary_table(const struct cx *cx, const struct programme *programme,
                              struct lineage_days days, const struct table_sink *sink)
{
    const str notes[] = {msg_text(cx->lang, MSG_UNIT_SUM_NOTE)};
    const struct table table = {
        .name = STR("register_changes"),
        .title = msg_text(cx->lang, MSG_UNIT_SUM_TITLE),
        .columns = columns_in(cx->lang, SUMS, SUM_COLUMNS, cx->arena),
        .column_count = SUM_COLUMNS,
        .notes = notes,
        .note_count = 1,
        .frozen_columns = 2,
    };
    struct days registers;

    TRY(report_days(cx, &registers));
    TRY(sink->begin(sink->self, &table));
    for (int i = 1; i < registers.count; i++) {
        const struct arena_mark mark = arena_mark(cx->arena);
        struct stage stage;
        if (!is_day_of(days, registers.at[i])) {
            continue;
        }
        TRY(report_stage(cx, programme, registers.at[i - 1], registers.at[i], &stage));
        TRY(lineage_load(cx, registers.at[i - 1], registers.at[i], &stage.rows));
        TRY(put_summary(&stage, sink));
        arena_rewind(cx->arena, mark);
    }
    return sink->end(sink->self);
}
