/* Why one unit is where it is. */
#include <math.h>

#include "calc/weigh/improve.h"
#include "office/tier/tier_in.h"

static str msg(const struct tier_case *in, enum msg_id id)
{
    return msg_text(in->cx->lang, id);
}

static struct out points_out(double share)
{
    return out_fixed((int64_t)(share * 10000.0 + 0.5), 2);
}

/* ---- the answer in short ---- */

static enum rc put_head(const struct tier_case *in, const struct tier_answer *answer, int place,
                        const struct table_sink *sink)
{
    const struct placing *placing = &answer->base.places[place];
    const struct robustness *robust = &answer->robust;
    const struct column_row COLUMNS[] = {
        {STR("tier"), MSG_TIER_COLUMN_TIER, 20, false},
        {STR("holds"), MSG_TIER_COLUMN_HOLDS, 16, false},
    };
    struct buf path;
    str title = {0};
    buf_init(&path, in->cx->arena, 4096);
    unit_tree_put_path(in->tree, in->panel.places[in->rows[place]], &path);
    MUST(buf_done(&path, &title));
    const struct fact facts[] = {
        {STR("tier"), msg(in, MSG_TIER_COLUMN_TIER), tier_out(in, placing->tier)},
        {STR("reason"), msg(in, MSG_TIER_COLUMN_REASON),
         out_text(tier_reason_text(in, place, placing->reason))},
        {STR("score"), msg(in, MSG_TIER_COLUMN_SCORE), points_out((double)answer->scores[place])},
        {STR("rank"), msg(in, MSG_TIER_COLUMN_RANK), out_int(placing->rank)},
        {STR("coverage"), msg(in, MSG_TIER_COLUMN_COVERAGE),
         out_ratio((int64_t)((double)answer->coverage[place] * 1e6), 1000000, 0)},
        {STR("optimistic"), msg(in, MSG_TIER_COLUMN_OPTIMISTIC),
         tier_out(in, answer->optimistic[place])},
    };
    const struct table table = {
        .name = STR("tier_of_unit"),
        .title = title,
        .columns = columns_in(in->cx->lang, COLUMNS, COUNT_OF(COLUMNS), in->cx->arena),
        .column_count = COUNT_OF(COLUMNS),
        .facts = facts,
        .fact_count = COUNT_OF(facts),
    };

    TRY(sink->begin(sink->self, &table));
    for (int t = 0; robust->count != NULL && t < in->tier_count; t++) {
        const struct out cells[] = {
            tier_out(in, t),
            out_ratio(robust->count[place * in->tier_count + t], robust->draws, 1),
        };
        TRY(sink->row(sink->self, cells));
    }
    return sink->end(sink->self);
}

/* ---- contributions ---- */

static const struct column_row PART_COLUMNS[] = {
    {STR_INIT("dimension"), MSG_TIER_RULE_DIMENSION, 14, false},
    {STR_INIT("indicator"), MSG_TIER_RULE_WHAT, 28, false},
    {STR_INIT("value"), MSG_TIER_PART_VALUE, 14, false},
    {STR_INIT("weight"), MSG_TIER_RULE_WEIGHT, 10, false},
    {STR_INIT("points"), MSG_TIER_PART_POINTS, 10, false},
    {STR_INIT("basis"), MSG_TIER_RULE_BASIS, 22, false},
};

static enum rc put_parts(const struct tier_case *in, int place, const struct table_sink *sink)
{
    enum lang lang = in->cx->lang;
    double weights[WEIGH_CRITERIA_MAX];
    double points[WEIGH_CRITERIA_MAX];
    struct contributions parts = {.criterion_weight = weights, .criterion = points};
    const struct table table = {
        .name = STR("tier_points"),
        .title = msg(in, MSG_TIER_PARTS_TITLE),
        .columns = columns_in(lang, PART_COLUMNS, COUNT_OF(PART_COLUMNS), in->cx->arena),
        .column_count = COUNT_OF(PART_COLUMNS),
    };

    score_contributions(&in->utilities, &in->weights, place, &parts);
    TRY(sink->begin(sink->self, &table));
    for (int k = 0; k < in->criterion_count; k++) {
        const struct criterion *criterion = &in->programme->criteria[in->criteria[k]];
        const struct indicator *indicator = &in->programme->indicators[criterion->indicator];
        const struct out cells[] = {
            out_text(text_in(in->programme->dimensions[criterion->dimension].name, lang)),
            out_named(indicator->id, text_in(indicator->name, lang)),
            panel_out(&in->panel, criterion->indicator, in->rows[place]),
            out_ratio((int64_t)(weights[k] * 1e6 + 0.5), 1000000, 1),
            points_out(points[k]),
            out_text(criterion->basis),
        };
        TRY(sink->row(sink->self, cells));
    }
    return sink->end(sink->self);
}

/* ---- gates ---- */

static const struct column_row GATE_COLUMNS[] = {
    {STR_INIT("tier"), MSG_TIER_COLUMN_TIER, 18, false},
    {STR_INIT("state"), MSG_TIER_GATE_STATE, 10, false},
    {STR_INIT("says"), MSG_TIER_GATE_SAYS, 34, false},
    {STR_INIT("rule"), MSG_TIER_RULE_RULE, 34, false},
    {STR_INIT("inputs"), MSG_TIER_GATE_INPUTS, 40, false},
    {STR_INIT("basis"), MSG_TIER_RULE_BASIS, 22, false},
};

/* "PS04 = 830, DF03 = 山区": what the gate looked at. */
static str inputs_text(const struct tier_case *in, const struct expr *code, int row)
{
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(code, &count);
    struct buf buf;
    str text = {0};

    buf_init(&buf, in->cx->arena, 4096);
    for (size_t i = 0; i < count; i++) {
        const struct panel *panel = panel_back(&in->panel, inputs[i].back);
        int indicator = (int)inputs[i].id;
        struct out value =
            panel == NULL ? out_none(STR("unknown"), STR("")) : panel_out(panel, indicator, row);
        buf_put(&buf, i == 0 ? STR("") : STR(", "));
        buf_put(&buf, text_in(in->programme->indicators[indicator].name, in->cx->lang));
        buf_put(&buf, STR(" = "));
        if (value.kind == OUT_FIXED) {
            buf_fixed(&buf, value.number, value.decimals);
        } else if (value.kind == OUT_RATIO && value.whole != 0) {
            buf_fixed(&buf, value.number * 1000 / value.whole, 1);
            buf_char(&buf, '%');
        } else {
            buf_put(&buf, value.text);
        }
    }
    return buf_done(&buf, &text) ? text : STR("…");
}

static struct out gate_out(const struct tier_case *in, enum gate state)
{
    switch (state) {
    case GATE_PASSED:
        return out_named(STR("passed"), msg(in, MSG_TIER_GATE_PASSED));
    case GATE_FAILED:
        return out_toned(out_named(STR("failed"), msg(in, MSG_TIER_GATE_FAILED)), TONE_WARN);
    case GATE_UNDETERMINED:
        return out_toned(out_named(STR("undetermined"), msg(in, MSG_TIER_GATE_UNDETERMINED)),
                         TONE_MUTED);
    }
    NEVER("a gate of no state");
}

static enum rc put_gate(const struct tier_case *in, int g, int place, const struct table_sink *sink)
{
    const struct tier_gate *gate = &in->programme->gates[g];
    int tier = 0;

    while (tier < in->tier_count - 1 && (gate->tiers >> (in->first_tier + tier) & 1U) == 0) {
        tier++;
    }
    const struct out cells[] = {
        tier_out(in, tier),
        gate_out(in, (enum gate)in->gate_states[g * in->count + place]),
        out_named(gate->id, text_in(gate->says, in->cx->lang)),
        out_named(gate->formula.source, programme_formula(in->programme, gate->formula.source,
                                                          in->cx->lang, in->cx->arena)),
        out_text(inputs_text(in, gate->formula.code, in->rows[place])),
        out_text(gate->basis),
    };
    return sink->row(sink->self, cells);
}

static enum rc put_gates(const struct tier_case *in, int place, const struct table_sink *sink)
{
    const struct table table = {
        .name = STR("tier_gates"),
        .title = msg(in, MSG_TIER_GATES_TITLE),
        .columns = columns_in(in->cx->lang, GATE_COLUMNS, COUNT_OF(GATE_COLUMNS), in->cx->arena),
        .column_count = COUNT_OF(GATE_COLUMNS),
    };

    TRY(sink->begin(sink->self, &table));
    for (int g = 0; g < in->programme->gate_count; g++) {
        if (in->programme->gates[g].scheme != in->options.scheme) {
            continue;
        }
        TRY(put_gate(in, g, place, sink));
    }
    return sink->end(sink->self);
}

/* ---- what would move it up ---- */

static const struct column_row STEP_COLUMNS[] = {
    {STR_INIT("indicator"), MSG_TIER_RULE_WHAT, 30, false},
    {STR_INIT("from"), MSG_TIER_STEP_FROM, 14, false},
    {STR_INIT("to"), MSG_TIER_STEP_TO, 14, false},
    {STR_INIT("outcome"), MSG_TIER_STEP_OUTCOME, 30, false},
};

static enum msg_id outcome_name(enum improve_outcome outcome)
{
    switch (outcome) {
    case IMPROVE_ENOUGH:
        return MSG_TIER_STEP_ENOUGH;
    case IMPROVE_NOT_ENOUGH:
        return MSG_TIER_STEP_NOT_ENOUGH;
    case IMPROVE_NO_ROOM:
        return MSG_TIER_STEP_NO_ROOM;
    case IMPROVE_NOT_APPLICABLE:
        return MSG_TIER_STEP_NOT_APPLICABLE;
    case IMPROVE_UNCONFIRMED:
        return MSG_TIER_STEP_UNCONFIRMED;
    }
    NEVER("an improvement of no outcome");
}

static const struct lever *levers_of(const struct tier_case *in, int *out_count)
{
    struct lever *levers = ARENA_NEW(in->cx->arena, struct lever, (size_t)in->criterion_count);
    int count = 0;

    for (int k = 0; k < in->criterion_count; k++) {
        const struct indicator *indicator =
            &in->programme->indicators[in->programme->criteria[in->criteria[k]].indicator];
        double scale = pow(10.0, indicator->decimals);
        if (indicator->is_actionable && indicator->max > indicator->min) {
            levers[count++] = (struct lever){
                .criterion = k,
                .least = (double)indicator->min / scale,
                .most = (double)indicator->max / scale,
                .step = 1.0 / scale,
            };
        }
    }
    *out_count = count;
    return levers;
}

static struct out step_value(const struct indicator *indicator, double x, enum lang lang)
{
    const struct choice *choice = indicator_choice(indicator, (int64_t)x);
    double scaled = x * pow(10.0, indicator->decimals);

    if (indicator->type == VALUE_BOOLEAN) {
        return x > 0.5 ? out_named(STR("yes"), msg_text(lang, MSG_VALUE_YES))
                       : out_named(STR("no"), msg_text(lang, MSG_VALUE_NO));
    }
    if (indicator->type == VALUE_ENUM && choice != NULL) {
        return out_named(choice->id, text_in(choice->name, lang));
    }
    if (indicator->type == VALUE_BOOLEAN) {
        return x > 0.5 ? out_named(STR("yes"), msg_text(lang, MSG_VALUE_YES))
                       : out_named(STR("no"), msg_text(lang, MSG_VALUE_NO));
    }
    return out_fixed((int64_t)(scaled + (scaled < 0.0 ? -0.5 : 0.5)), indicator->decimals);
}

static enum rc put_step(const struct tier_case *in, const struct improvement *step,
                        const struct table_sink *sink)
{
    const struct indicator *indicator =
        &in->programme
             ->indicators[in->programme->criteria[in->criteria[step->criterion]].indicator];
    bool is_enough = step->outcome == IMPROVE_ENOUGH || step->outcome == IMPROVE_UNCONFIRMED;
    const struct out cells[] = {
        out_named(indicator->id, text_in(indicator->name, in->cx->lang)),
        step->from_missing ? out_none(STR("not_reported"), msg(in, MSG_VALUE_NOT_REPORTED))
                           : step_value(indicator, step->from, in->cx->lang),
        is_enough ? step_value(indicator, step->to, in->cx->lang) : out_none(STR("none"), STR("")),
        out_text(msg(in, outcome_name(step->outcome))),
    };

    return sink->row(sink->self, cells);
}

static enum msg_id steps_note(const struct improve_answer *found, const struct placing *placing)
{
    if (placing->tier == TIER_NONE) {
        return MSG_TIER_STEPS_UNDECIDED;
    }
    if (placing->reason == REASON_LOCKED) {
        return MSG_TIER_STEPS_LOCKED;
    }
    if (found->target == TIER_NONE) {
        return MSG_TIER_STEPS_HIGHEST;
    }
    if (found->gate_is_enough) {
        return MSG_TIER_STEPS_GATE_ENOUGH;
    }
    if (found->gate != GATE_PASSED) {
        return MSG_TIER_STEPS_GATE_FIRST;
    }
    return found->enough_count > 0 ? MSG_TIER_STEPS_SOME : MSG_TIER_STEPS_NONE;
}

static enum rc put_steps(const struct tier_case *in, const struct tier_answer *answer, int place,
                         const struct table_sink *sink)
{
    struct improve_job job = {
        .rules = &in->rules,
        .base = &answer->base,
        .scales = in->scales,
        .values = &in->values,
        .tree = &in->weights,
        .method = tier_method(in),
    };
    struct improve_answer found = {0};

    job.levers = levers_of(in, &job.lever_count);
    TRY(improve_find(&job, place, in->cx->arena, &found, in->cx->err));
    const str notes[] = {in->works_plan[place] != 0
                             ? tier_works_text(in, place, MSG_TIER_STEPS_WORKS)
                             : msg(in, steps_note(&found, &answer->base.places[place]))};
    const struct table table = {
        .name = STR("tier_steps"),
        .title = msg(in, MSG_TIER_STEPS_TITLE),
        .columns = columns_in(in->cx->lang, STEP_COLUMNS, COUNT_OF(STEP_COLUMNS), in->cx->arena),
        .column_count = COUNT_OF(STEP_COLUMNS),
        .notes = notes,
        .note_count = 1,
    };
    TRY(sink->begin(sink->self, &table));
    bool has_steps = found.target != TIER_NONE && !found.gate_is_enough;
    for (int i = 0; has_steps && i < job.lever_count; i++) {
        TRY(put_step(in, &found.improvements[i], sink));
    }
    return sink->end(sink->self);
}

enum rc tier_explain(const struct tier_case *in, const struct tier_answer *answer, int place,
                     const struct table_sink *sink)
{
    TRY(put_head(in, answer, place, sink));
    TRY(put_parts(in, place, sink));
    TRY(put_gates(in, place, sink));
    return put_steps(in, answer, place, sink);
}
