/* Values that a higher-ranked source keeps out, each beside the one that stands. */
#include "base/num.h"
#include "base/place.h"
#include "office/collect/import.h"
#include "office/collect/import_in.h"

static const struct column_row COLUMNS[] = {
    {STR_INIT("code"), MSG_COLLECT_CHANGE_CODE, 14, true},
    {STR_INIT("name"), MSG_COLLECT_CHANGE_NAME, 18, false},
    {STR_INIT("period"), MSG_BATCH_PERIOD, 8, true},
    {STR_INIT("indicator"), MSG_COLLECT_CHANGE_INDICATOR, 24, false},
    {STR_INIT("kept"), MSG_COLLECT_CONFLICT_KEPT, 14, false},
    {STR_INIT("kept_source"), MSG_COLLECT_CONFLICT_KEPT_SOURCE, 14, false},
    {STR_INIT("offered"), MSG_COLLECT_CONFLICT_OFFERED, 14, false},
    {STR_INIT("offered_source"), MSG_COLLECT_CONFLICT_OFFERED_SOURCE, 14, false},
    {STR_INIT("file"), MSG_COLLECT_CONFLICT_FILE, 30, false},
    {STR_INIT("sheet"), MSG_VALUE_COLUMN_SHEET, 8, false},
    {STR_INIT("cell"), MSG_VALUE_COLUMN_CELL, 8, false},
    {STR_INIT("batch"), MSG_BATCH_ID, 22, true},
};

/* The walk over what was kept out: the tree of the period in hand, the unit in hand. */
struct conflicts {
    const struct cx *cx;
    const struct conflicts_of *of;
    const struct table_sink *sink;
    struct unit_tree tree;
    struct arena_mark before_period;
    struct arena_mark before_unit;
    struct value_row unit; /* whose rows are being gathered; period key 0: none yet */
    struct kept_out kept;
};

static bool is_same_unit(const struct value_row *a, const struct value_row *b)
{
    return a->period.key == b->period.key && a->home.v == b->home.v && a->unit.v == b->unit.v;
}

/* Does the word kept out still speak against what stands? Not when it was silence or says the same,
 * nor when the same source was heard since. */
static bool is_open(const struct value *stands, const struct value *offered)
{
    return offered->state != NOT_REPORTED && !says_same(stands, offered) &&
           (stands->source != offered->source || stands->batch < offered->batch);
}

static str period_text(const struct cx *cx, struct period period)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 32);
    period_put(&buf, period);
    MUST(buf_done(&buf, &text));
    return text;
}

static enum rc show(const struct conflicts *in, const struct unit *unit, const struct value *stands,
                    const struct value *offered)
{
    const struct cx *cx = in->cx;
    const struct programme *programme = in->of->programme;
    const struct numbers *numbers = in->of->numbers;
    const struct indicator *indicator =
        &programme->indicators[numbers->indicator_of[offered->indicator]];
    char batch[NUM_TEXT_MAX];
    char cell[PLACE_MAX];
    str file = {0};

    TRY(batch_file(cx, offered->batch, &file));
    const struct out cells[] = {
        unit == NULL ? out_none(STR("unknown"), STR("")) : out_text(unit->code),
        unit == NULL ? out_none(STR("unknown"), STR("")) : out_text(unit->name),
        out_text(period_text(cx, in->unit.period)),
        out_named(indicator->id, text_in(indicator->name, cx->lang)),
        value_out(cx->lang, indicator, stands),
        source_out(cx->lang, programme, numbers, stands->source),
        value_out(cx->lang, indicator, offered),
        source_out(cx->lang, programme, numbers, offered->source),
        out_text(file),
        out_int(offered->sheet + 1),
        out_text(place_name(cell, offered->row - 1, offered->column)),
        out_text(num_print(batch, offered->batch, 0)),
    };
    return in->sink->row(in->sink->self, cells);
}

static bool has_indicator(const struct conflicts *in, int number)
{
    return number <= in->of->numbers->indicator_max &&
           in->of->numbers->indicator_of[number] != NONE;
}

/* A unit that the register of the period no longer has is known by its id alone. */
static enum rc show_unit(struct conflicts *in)
{
    int place = unit_tree_find_id(&in->tree, in->unit.unit);
    const struct unit *unit = place == NONE ? NULL : &in->tree.units[place];
    struct value_row standing = {0};

    TRY(standing_read(in->cx, unit == NULL ? in->unit.unit : unit->id, in->unit.period, &standing));
    for (int i = 0; i < in->kept.count; i++) {
        const struct value *offered = &in->kept.values[i];
        const struct value nothing = {.indicator = offered->indicator, .state = NOT_REPORTED};
        const struct value *stands = find_value(&standing, offered->indicator);
        stands = stands == NULL ? &nothing : stands;
        if (has_indicator(in, offered->indicator) && is_open(stands, offered)) {
            TRY(show(in, unit, stands, offered));
        }
    }
    return RC_OK;
}

/* Is the unit in hand one of those asked for? */
static bool is_asked_for(const struct conflicts *in)
{
    int within = in->of->within.v == 0 ? 0 : unit_tree_find_id(&in->tree, in->of->within);
    int place = unit_tree_find_id(&in->tree, in->unit.unit);

    if (in->of->within.v == 0) {
        return true;
    }
    return within != NONE && place >= within && place < in->tree.units[within].end;
}

static enum rc finish_unit(struct conflicts *in)
{
    bool is_seen = false;

    if (in->unit.period.key != 0 && is_asked_for(in)) {
        TRY(cx_sees(in->cx, in->unit.unit, &is_seen));
    }
    if (is_seen) {
        TRY(show_unit(in));
    }
    arena_rewind(in->cx->arena, in->before_unit);
    in->kept = (struct kept_out){.arena = in->cx->arena};
    return RC_OK;
}

static enum rc turn_to_period(struct conflicts *in, struct period period)
{
    arena_rewind(in->cx->arena, in->before_period);
    TRY(unit_tree_load(in->cx, in->of->programme, period_end(period), &in->tree));
    in->before_unit = arena_mark(in->cx->arena);
    return RC_OK;
}

static enum rc take(void *self, const struct value_row *row)
{
    struct conflicts *in = self;

    if (!is_same_unit(&in->unit, row)) {
        TRY(finish_unit(in));
        if (in->unit.period.key != row->period.key) {
            TRY(turn_to_period(in, row->period));
        }
        in->unit = (struct value_row){.home = row->home, .unit = row->unit, .period = row->period};
    }
    return kept_out_take(&in->kept, row);
}

enum rc import_conflicts_table(const struct cx *cx, const struct conflicts_of *of,
                               const struct table_sink *sink)
{
    struct conflicts in = {
        .cx = cx,
        .of = of,
        .sink = sink,
        .kept = {.arena = cx->arena},
    };
    const struct table table = {
        .name = STR("conflicts"),
        .title = msg_text(cx->lang, MSG_COLLECT_CONFLICTS_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
    };

    in.before_period = arena_mark(cx->arena);
    in.before_unit = in.before_period;
    TRY(sink->begin(sink->self, &table));
    TRY(value_conflict_all(cx, of->period, take, &in));
    TRY(finish_unit(&in));
    return sink->end(sink->self);
}
