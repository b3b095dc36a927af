/* Lineage as tables. */
#include "office/lineage/report_in.h"

#include <stdlib.h>

#include "office/lineage/decide.h"
#include "office/lineage/lineage_in.h"
#include "office/lineage/report_sql.h"

enum { TEXT_BYTES_MAX = 2048, CONFIDENCE_DECIMALS = 1, SPAN_OPEN = 99991231 };

static str text_of(const struct buf *buf)
{
    str text = {0};

    MUST(buf_done(buf, &text));
    return text;
}

static str id_text(const struct cx *cx, int64_t id)
{
    struct buf buf;

    buf_init(&buf, cx->arena, TEXT_BYTES_MAX);
    buf_int(&buf, id);
    return text_of(&buf);
}

/* The first of the spellings under which the column is found again. */
static str first_spelling(const struct cx *cx, enum msg_id spellings)
{
    str rest = msg_text(cx->lang, spellings);
    str first = {0};

    (void)str_cut(&rest, '|', &first);
    return first;
}

struct lineage_days lineage_days_all(void)
{
    return (struct lineage_days){date_of(1, 1, 1), date_from_key(SPAN_OPEN)};
}

bool is_day_of(struct lineage_days days, date day)
{
    return days.from.days <= day.days && day.days <= days.to.days;
}

/* The unit that bears a code now, or last bore it; out of sight is not there. */
static enum rc find_code(const struct cx *cx, str code, struct unit_id *out)
{
    bool is_seen = false;
    enum rc rc = unit_of_code(cx, code, out);

    if (rc == RC_OK) {
        TRY(cx_sees(cx, *out, &is_seen));
    } else if (rc != RC_MISSING) {
        return rc;
    }
    return is_seen ? RC_OK : err_set(cx->err, RC_MISSING, MSG_UNIT_CODE_UNKNOWN, arg_text(code));
}

static enum rc take_day(void *self, const struct val *row)
{
    struct days *days = self;

    if (days->count < REGISTERS_MAX) {
        days->at[days->count++] = date_from_key((int32_t)row[0].number);
    }
    return RC_OK;
}

enum rc report_days(const struct cx *cx, struct days *out)
{
    out->count = 0;
    return db_each(cx->db, &REGISTER_DAYS, NULL, take_day, out, cx->err);
}

enum rc report_stage(const struct cx *cx, const struct programme *programme, date eve, date day,
                     struct stage *out)
{
    *out = (struct stage){.cx = cx, .programme = programme, .day = day};
    TRY(unit_tree_load(cx, programme, eve, &out->before));
    return unit_tree_load(cx, programme, day, &out->after);
}

/* A unit as a step shows it; empty when there is none. */
struct shown {
    str code;
    str name;
    str path; /* of the unit above */
};

static struct shown show(const struct cx *cx, const struct unit_tree *tree, struct unit_id id)
{
    int place = id.v == 0 ? NONE : unit_tree_find_id(tree, id);
    struct buf path;

    if (place == NONE) {
        return (struct shown){0};
    }
    buf_init(&path, cx->arena, TEXT_BYTES_MAX);
    if (tree->units[place].parent != NONE) {
        unit_tree_put_path(tree, tree->units[place].parent, &path);
    }
    return (struct shown){tree->units[place].code, tree->units[place].name, text_of(&path)};
}

enum {
    STEP_KIND,
    STEP_CODE_BEFORE,
    STEP_NAME_BEFORE,
    STEP_CODE_AFTER,
    STEP_NAME_AFTER,
    STEP_CONFIDENCE,
    STEP_REASON,
    STEP_DECISION,
    STEP_SUCCESSOR,
    STEP_BASIS,
    STEP_PATH_BEFORE,
    STEP_PATH_AFTER,
    STEP_DAY,
    STEP_SHARE,
    STEP_STATE,
    STEP_ID,
    STEP_COLUMNS,
};

/* What is decided on comes first and is seen again on every page; then the place for the decision.
 */
static const struct column_row STEPS[STEP_COLUMNS] = {
    [STEP_KIND] = {STR_INIT("kind"), MSG_UNIT_STEP_KIND, 7, false},
    [STEP_CODE_BEFORE] = {STR_INIT("code_before"), MSG_UNIT_STEP_CODE_BEFORE, 15, true},
    [STEP_NAME_BEFORE] = {STR_INIT("name_before"), MSG_UNIT_STEP_NAME_BEFORE, 18, false},
    [STEP_CODE_AFTER] = {STR_INIT("code_after"), MSG_UNIT_STEP_CODE_AFTER, 15, true},
    [STEP_NAME_AFTER] = {STR_INIT("name_after"), MSG_UNIT_STEP_NAME_AFTER, 18, false},
    [STEP_CONFIDENCE] = {STR_INIT("confidence"), MSG_UNIT_STEP_CONFIDENCE, 8, false},
    [STEP_REASON] = {STR_INIT("reason"), MSG_UNIT_STEP_REASON, 64, false},
    [STEP_DECISION] = {STR_INIT("decision"), MSG_UNIT_COLUMN_DECISION, 9, false},
    [STEP_SUCCESSOR] = {STR_INIT("successor"), MSG_UNIT_COLUMN_SUCCESSOR, 15, true},
    [STEP_BASIS] = {STR_INIT("basis"), MSG_UNIT_COLUMN_BASIS, 14, false},
    [STEP_PATH_BEFORE] = {STR_INIT("parent_before"), MSG_UNIT_STEP_PATH_BEFORE, 26, false},
    [STEP_PATH_AFTER] = {STR_INIT("parent_after"), MSG_UNIT_STEP_PATH_AFTER, 26, false},
    [STEP_DAY] = {STR_INIT("day"), MSG_UNIT_STEP_DAY, 12, false},
    [STEP_SHARE] = {STR_INIT("share"), MSG_UNIT_STEP_SHARE, 8, false},
    [STEP_STATE] = {STR_INIT("state"), MSG_UNIT_STEP_STATE, 8, false},
    [STEP_ID] = {STR_INIT("id"), MSG_UNIT_COLUMN_ID, 21, true},
};

static const struct column *step_columns(const struct cx *cx)
{
    struct column *columns = ARENA_NEW(cx->arena, struct column, STEP_COLUMNS);
    str *words = ARENA_NEW(cx->arena, str, DECISION_WORDS);

    for (int i = 0; i < STEP_COLUMNS; i++) {
        columns[i] = (struct column){
            .key = STEPS[i].key,
            .title = first_spelling(cx, STEPS[i].title),
            .width = STEPS[i].width,
            .is_id = STEPS[i].is_id,
        };
    }
    for (int i = 0; i < DECISION_WORDS; i++) {
        words[i] = decision_word_text(cx, (enum decision_word)i);
    }
    columns[STEP_DECISION].choices = words;
    columns[STEP_DECISION].choice_count = DECISION_WORDS;
    return columns;
}

static enum tone tone_of(const struct lineage_row *row)
{
    if (row->state == LINEAGE_REJECTED) {
        return TONE_MUTED;
    }
    return row->state == LINEAGE_PROPOSED ? TONE_WARN : TONE_PLAIN;
}

static enum rc put_step(const struct stage *stage, const struct lineage_row *row,
                        const struct table_sink *sink)
{
    const struct cx *cx = stage->cx;
    struct shown before = show(cx, &stage->before, row->from);
    struct shown after = show(cx, &stage->after, row->to);
    str state = lineage_state_text(cx, row->state);
    const struct out cells[STEP_COLUMNS] = {
        [STEP_ID] = out_text(id_text(cx, row->id)),
        [STEP_DECISION] = out_text(STR("")),
        [STEP_SUCCESSOR] = out_text(STR("")),
        [STEP_BASIS] = out_text(row->basis),
        [STEP_KIND] = out_named(lineage_kind_key(row->kind), lineage_kind_text(cx, row->kind)),
        [STEP_CONFIDENCE] = out_ratio(row->confidence, LINEAGE_SURE, CONFIDENCE_DECIMALS),
        [STEP_REASON] = out_text(lineage_reason_text(cx, row)),
        [STEP_DAY] = out_text(cx_day(cx, row->day)),
        [STEP_PATH_BEFORE] = out_text(before.path),
        [STEP_CODE_BEFORE] = out_text(before.code),
        [STEP_NAME_BEFORE] = out_text(before.name),
        [STEP_PATH_AFTER] = out_text(after.path),
        [STEP_CODE_AFTER] = out_text(after.code),
        [STEP_NAME_AFTER] = out_text(after.name),
        [STEP_SHARE] = out_ratio(row->share_num, row->share_den, CONFIDENCE_DECIMALS),
        [STEP_STATE] = out_toned(out_named(lineage_state_key(row->state), state), tone_of(row)),
    };

    return sink->row(sink->self, cells);
}

static bool lies_within(const struct unit_tree *tree, struct unit_id id, struct unit_id unit)
{
    int place = id.v == 0 ? NONE : unit_tree_find_id(tree, id);
    int within = unit_tree_find_id(tree, unit);

    return place != NONE && within != NONE && place >= within && place < tree->units[within].end;
}

static bool is_wanted(const struct stage *stage, const struct lineage_row *row,
                      const struct lineage_filter *filter)
{
    bool is_there = filter->within.len == 0 ||
                    lies_within(&stage->before, row->from, stage->within) ||
                    lies_within(&stage->after, row->to, stage->within);

    return is_there && (!filter->only_open || row->state == LINEAGE_PROPOSED) &&
           row->confidence >= filter->confidence_min && row->confidence <= filter->confidence_max;
}

/* A step is seen from both its ends. */
static enum rc is_in_sight(const struct cx *cx, const struct lineage_row *row, bool *out)
{
    TRY(cx_sees(cx, row->from, out));
    return *out ? RC_OK : cx_sees(cx, row->to, out);
}

static enum rc put_if_wanted(const struct stage *stage, const struct lineage_row *row,
                             const struct lineage_filter *filter, const struct table_sink *sink)
{
    const struct arena_mark mark = arena_mark(stage->cx->arena);
    bool is_seen = false;

    if (!is_wanted(stage, row, filter)) {
        return RC_OK;
    }
    TRY(is_in_sight(stage->cx, row, &is_seen));
    if (is_seen) {
        TRY(put_step(stage, row, sink));
    }
    arena_rewind(stage->cx->arena, mark);
    return RC_OK;
}

static enum rc put_stage(const struct stage *stage, const struct lineage_filter *filter,
                         const struct table_sink *sink)
{
    for (int i = 0; i < stage->rows.count; i++) {
        TRY(put_if_wanted(stage, &stage->rows.rows[i], filter, sink));
    }
    return RC_OK;
}

static enum rc begin_steps(const struct cx *cx, enum msg_id note, const struct table_sink *sink)
{
    str *notes = ARENA_NEW(cx->arena, str, 1);
    struct table *table = ARENA_NEW(cx->arena, struct table, 1);

    notes[0] = msg_text(cx->lang, note);
    *table = (struct table){
        .name = STR("lineage"),
        .title = msg_text(cx->lang, MSG_UNIT_STEPS_TITLE),
        .columns = step_columns(cx),
        .column_count = STEP_COLUMNS,
        .notes = notes,
        .note_count = 1,
        .frozen_columns = STEP_NAME_AFTER + 1,
    };
    return sink->begin(sink->self, table);
}

enum rc lineage_steps_table(const struct cx *cx, const struct programme *programme,
                            const struct lineage_filter *filter, const struct table_sink *sink)
{
    struct unit_id within = {0};
    struct days days;

    if (filter->within.len > 0) {
        TRY(find_code(cx, filter->within, &within));
    }
    TRY(report_days(cx, &days));
    TRY(begin_steps(cx, MSG_UNIT_STEPS_NOTE, sink));
    for (int i = 1; i < days.count; i++) {
        const struct arena_mark mark = arena_mark(cx->arena);
        struct stage stage;
        TRY(report_stage(cx, programme, days.at[i - 1], days.at[i], &stage));
        TRY(lineage_load(cx, days.at[i - 1], days.at[i], &stage.rows));
        stage.within = within;
        TRY(put_stage(&stage, filter, sink));
        arena_rewind(cx->arena, mark);
    }
    return sink->end(sink->self);
}

static int by_day(const void *a, const void *b)
{
    const struct lineage_row *first = a;
    const struct lineage_row *second = b;

    if (first->day.days != second->day.days) {
        return first->day.days < second->day.days ? -1 : 1;
    }
    return (first->id > second->id) - (first->id < second->id);
}

/* The steps of one day, from `begin`; answers where the next day begins. */
static enum rc put_day(const struct stage *stage, const struct lineage_rows *rows, int *begin,
                       const struct table_sink *sink)
{
    for (; *begin < rows->count && rows->rows[*begin].day.days == stage->day.days; (*begin)++) {
        const struct arena_mark mark = arena_mark(stage->cx->arena);
        TRY(put_step(stage, &rows->rows[*begin], sink));
        arena_rewind(stage->cx->arena, mark);
    }
    return RC_OK;
}

enum rc lineage_rows_table(const struct cx *cx, const struct programme *programme,
                           const struct lineage_rows *rows, const struct table_sink *sink)
{
    size_t count = (size_t)rows->count;
    struct lineage_rows sorted = {ARENA_NEW(cx->arena, struct lineage_row, count), rows->count};

    for (int i = 0; i < rows->count; i++) {
        sorted.rows[i] = rows->rows[i];
    }
    qsort(sorted.rows, count, sizeof(struct lineage_row), by_day);
    TRY(begin_steps(cx, MSG_UNIT_STEPS_DECIDED, sink));
    for (int i = 0; i < sorted.count;) {
        const struct arena_mark mark = arena_mark(cx->arena);
        struct stage stage;
        date day = sorted.rows[i].day;
        TRY(report_stage(cx, programme, (date){day.days - 1}, day, &stage));
        TRY(put_day(&stage, &sorted, &i, sink));
        arena_rewind(cx->arena, mark);
    }
    return sink->end(sink->self);
}

/* One line in the life of a unit. */
struct life {
    const struct cx *cx;
    const struct programme *programme;
    const struct table_sink *sink;
    struct unit_id unit;
    struct lineage_days days;
    struct lineage_rows steps;
    int told; /* steps already written */
};

enum { LIFE_DAY, LIFE_WHAT, LIFE_CODE, LIFE_NAME, LIFE_PATH, LIFE_WORDS, LIFE_STATE, LIFE_COLUMNS };

static const struct column_row LIFE[LIFE_COLUMNS] = {
    [LIFE_DAY] = {STR_INIT("day"), MSG_UNIT_STEP_DAY, 12, false},
    [LIFE_WHAT] = {STR_INIT("what"), MSG_UNIT_STEP_KIND, 8, false},
    [LIFE_CODE] = {STR_INIT("code"), MSG_UNIT_LIFE_CODE, 15, true},
    [LIFE_NAME] = {STR_INIT("name"), MSG_UNIT_LIFE_NAME, 20, false},
    [LIFE_PATH] = {STR_INIT("parent"), MSG_UNIT_LIFE_PATH, 26, false},
    [LIFE_WORDS] = {STR_INIT("words"), MSG_UNIT_STEP_REASON, 48, false},
    [LIFE_STATE] = {STR_INIT("state"), MSG_UNIT_STEP_STATE, 8, false},
};

/* The other unit of a step: where it came from, or what it became. */
static enum rc put_life_step(const struct life *life, const struct lineage_row *row)
{
    const struct cx *cx = life->cx;
    struct unit_tree tree = {0};
    struct unit_tree eve = {0};

    TRY(unit_tree_load(cx, life->programme, row->day, &tree));
    TRY(unit_tree_load(cx, life->programme, (date){row->day.days - 1}, &eve));
    int place = unit_tree_find_id(&tree, life->unit);
    bool came = place != NONE && row->to.v != 0 && unit_tree_find_id(&tree, row->to) == place;
    struct shown other = came ? show(cx, &eve, row->from) : show(cx, &tree, row->to);
    const struct out cells[LIFE_COLUMNS] = {
        [LIFE_DAY] = out_text(cx_day(cx, row->day)),
        [LIFE_WHAT] = out_named(lineage_kind_key(row->kind), lineage_kind_text(cx, row->kind)),
        [LIFE_CODE] = out_text(other.code),
        [LIFE_NAME] = out_text(other.name),
        [LIFE_PATH] = out_text(other.path),
        [LIFE_WORDS] = out_text(lineage_reason_text(cx, row)),
        [LIFE_STATE] =
            out_toned(out_named(lineage_state_key(row->state), lineage_state_text(cx, row->state)),
                      tone_of(row)),
    };

    return life->sink->row(life->sink->self, cells);
}

static enum rc put_steps_until(struct life *life, date day)
{
    for (; life->told < life->steps.count && life->steps.rows[life->told].day.days <= day.days;
         life->told++) {
        const struct arena_mark mark = arena_mark(life->cx->arena);
        if (is_day_of(life->days, life->steps.rows[life->told].day)) {
            TRY(put_life_step(life, &life->steps.rows[life->told]));
        }
        arena_rewind(life->cx->arena, mark);
    }
    return RC_OK;
}

/* "to this day", or up to which register. */
static str span_words(const struct cx *cx, date until)
{
    struct arg args[] = {arg_text(cx_day(cx, until))};
    struct buf buf;

    if (date_key(until) == SPAN_OPEN) {
        return msg_text(cx->lang, MSG_UNIT_LIFE_OPEN);
    }
    buf_init(&buf, cx->arena, TEXT_BYTES_MAX);
    msg_put(&buf, cx->lang, MSG_UNIT_LIFE_UNTIL, args, 1);
    return text_of(&buf);
}

static enum rc put_span(void *self, const struct val *row)
{
    struct life *life = self;
    const struct cx *cx = life->cx;
    date day = date_from_key((int32_t)row[0].number);
    const struct arena_mark mark = arena_mark(cx->arena);
    struct unit_tree tree = {0};

    TRY(put_steps_until(life, day));
    if (!is_day_of(life->days, day)) {
        return RC_OK;
    }
    TRY(unit_tree_load(cx, life->programme, day, &tree));
    struct shown shown = show(cx, &tree, life->unit);
    const struct out cells[LIFE_COLUMNS] = {
        [LIFE_DAY] = out_text(cx_day(cx, day)),
        [LIFE_WHAT] = out_named(STR("span"), msg_text(cx->lang, MSG_UNIT_LIFE_SPAN)),
        [LIFE_CODE] = out_text(shown.code),
        [LIFE_NAME] = out_text(shown.name),
        [LIFE_PATH] = out_text(shown.path),
        [LIFE_WORDS] = out_text(span_words(cx, date_from_key((int32_t)row[1].number))),
        [LIFE_STATE] = out_text(STR("")),
    };
    TRY(life->sink->row(life->sink->self, cells));
    arena_rewind(cx->arena, mark);
    return RC_OK;
}

enum rc lineage_history_table(const struct cx *cx, const struct programme *programme, str code,
                              struct lineage_days days, const struct table_sink *sink)
{
    struct life life = {.cx = cx, .programme = programme, .sink = sink, .days = days};
    const struct table table = {
        .name = STR("unit_history"),
        .title = msg_text(cx->lang, MSG_UNIT_LIFE_TITLE),
        .columns = columns_in(cx->lang, LIFE, LIFE_COLUMNS, cx->arena),
        .column_count = LIFE_COLUMNS,
    };

    TRY(find_code(cx, code, &life.unit));
    TRY(lineage_load_of(cx, life.unit, &life.steps));
    TRY(sink->begin(sink->self, &table));
    const struct val by_unit[] = {v_int(life.unit.v)};
    TRY(db_each(cx->db, &SPANS_OF_UNIT, by_unit, put_span, &life, cx->err));
    TRY(put_steps_until(&life, date_from_key(SPAN_OPEN)));
    return sink->end(sink->self);
}
