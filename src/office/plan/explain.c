/* What a kept plan does for one unit. */
#include "office/plan/unknown_in.h"

static const struct column_row KEPT_COLUMNS[] = {
    {STR_INIT("measure"), MSG_PLAN_WORK_MEASURE, 22, false},
    {STR_INIT("level"), MSG_PLAN_WORK_LEVEL, 20, false},
    {STR_INIT("begins"), MSG_PLAN_WORK_BEGINS, 8, true},
    {STR_INIT("recipe"), MSG_PLAN_WORK_RECIPE, 18, false},
    {STR_INIT("cost"), MSG_PLAN_WORK_COST, 14, false},
    {STR_INIT("effects"), MSG_PLAN_WORK_EFFECTS, 50, false},
};

struct explaining {
    const struct cx *cx;
    const struct programme *programme;
    const struct table_sink *sink;
};

static str effects_text(const struct explaining *in, const struct measure_level *level)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, in->cx->arena, 4096);
    for (int e = 0; e < level->effect_count; e++) {
        const struct effect *effect = &level->effects[e];
        const struct indicator *indicator = &in->programme->indicators[effect->indicator];
        buf_put(&buf, e == 0 ? STR("") : STR(", "));
        buf_put(&buf, text_in(indicator->name, in->cx->lang));
        buf_put(&buf, effect->is_add ? STR(" + ") : STR(" → "));
        buf_put(&buf, plan_value_text(in->cx, indicator, effect->amount));
    }
    return buf_done(&buf, &text) ? text : STR("…");
}

static enum rc put_kept(void *self, const struct val *row)
{
    const struct explaining *in = self;
    int measure = programme_measure(in->programme, row[0].text);
    int recipe = programme_recipe(in->programme, row[3].text);
    struct buf year;
    str begins = {0};

    buf_init(&year, in->cx->arena, 16);
    buf_int(&year, row[2].number);
    MUST(buf_done(&year, &begins));
    if (measure == NONE || row[1].number > in->programme->measures[measure].level_count) {
        return err_set(in->cx->err, RC_CONFLICT, MSG_PLAN_MEASURE_GONE, arg_text(row[0].text));
    }
    const struct measure *about = &in->programme->measures[measure];
    const struct measure_level *level = &about->levels[row[1].number - 1];
    const struct out cells[] = {
        out_named(about->id, text_in(about->name, in->cx->lang)),
        out_text(text_in(level->name, in->cx->lang)),
        out_text(begins),
        recipe == NONE
            ? out_text(row[3].text)
            : out_named(row[3].text, text_in(in->programme->recipes[recipe].name, in->cx->lang)),
        out_money(row[4].number, programme_money_decimals(in->programme)),
        out_text(effects_text(in, level)),
    };
    return in->sink->row(in->sink->self, cells);
}

enum rc plan_explain(const struct cx *cx, const struct plan_question *question,
                     const struct table_sink *sink)
{
    const struct unit_tree *tree = question->tree;
    const struct unit *unit = &tree->units[question->place];
    struct explaining in = {cx, question->programme, sink};
    struct unit_id home = tree->units[unit->home].id;
    struct buf path;
    str title = {0};

    buf_init(&path, cx->arena, 4096);
    unit_tree_put_path(tree, question->place, &path);
    MUST(buf_done(&path, &title));
    const struct table table = {
        .name = STR("plan_of_unit"),
        .title = title,
        .columns = columns_in(cx->lang, KEPT_COLUMNS, COUNT_OF(KEPT_COLUMNS), cx->arena),
        .column_count = COUNT_OF(KEPT_COLUMNS),
    };
    TRY(sink->begin(sink->self, &table));
    TRY(plan_kept_works(cx, home, question->run->id, unit->id, put_kept, &in));
    TRY(sink->end(sink->self));
    return plan_explain_unknown(cx, question, sink);
}

static const struct column_row ALL_COLUMNS[] = {
    {STR_INIT("code"), MSG_PLAN_WORK_CODE, 15, true},
    {STR_INIT("where"), MSG_PLAN_WORK_WHERE, 34, false},
    {STR_INIT("measure"), MSG_PLAN_WORK_MEASURE, 22, false},
    {STR_INIT("level"), MSG_PLAN_WORK_LEVEL, 10, false},
    {STR_INIT("begins"), MSG_PLAN_WORK_BEGINS, 8, true},
    {STR_INIT("cost"), MSG_PLAN_WORK_COST, 14, false},
};

struct listing {
    const struct cx *cx;
    const struct unit_tree *tree;
    const struct table_sink *sink;
};

static enum rc put_work(void *self, const struct val *row)
{
    const struct listing *in = self;
    const struct programme *programme = in->tree->programme;
    struct arena_mark mark = arena_mark(in->cx->arena);
    struct unit_id unit = {row[2].number};
    int place = unit_tree_find_id(in->tree, unit);
    int measure = programme_measure(programme, row[3].text);
    struct buf where;
    str path = {0};
    bool is_seen = false;

    TRY(cx_sees(in->cx, unit, &is_seen));
    if (!is_seen || place == NONE) {
        return RC_OK;
    }
    buf_init(&where, in->cx->arena, 4096);
    unit_tree_put_path(in->tree, place, &where);
    MUST(buf_done(&where, &path));
    const struct out cells[] = {
        out_text(in->tree->units[place].code),
        out_text(path),
        measure == NONE
            ? out_text(row[3].text)
            : out_named(row[3].text, text_in(programme->measures[measure].name, in->cx->lang)),
        out_int(row[4].number),
        out_text(cx_number(in->cx, row[5].number)),
        out_money(row[7].number, programme_money_decimals(programme)),
    };
    TRY(in->sink->row(in->sink->self, cells));
    arena_rewind(in->cx->arena, mark);
    return RC_OK;
}

enum rc plan_kept_table(const struct cx *cx, const struct unit_tree *tree, const struct run *run,
                        const struct table_sink *sink)
{
    struct listing in = {cx, tree, sink};
    const struct table table = {
        .name = STR("works_kept"),
        .title = msg_text(cx->lang, MSG_PLAN_KEPT_TITLE),
        .columns = columns_in(cx->lang, ALL_COLUMNS, COUNT_OF(ALL_COLUMNS), cx->arena),
        .column_count = COUNT_OF(ALL_COLUMNS),
    };

    TRY(sink->begin(sink->self, &table));
    TRY(plan_kept_all(cx, run->id, put_work, &in));
    return sink->end(sink->self);
}
