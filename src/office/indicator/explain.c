/* Where one value came from: every batch that wrote it, cell by cell; or, for a derived one, how
 * it was computed. */
#include "base/num.h"
#include "office/indicator/panel.h"

struct telling {
    const struct cx *cx;
    const struct value_question *question;
    const struct table_sink *sink;
};

static const struct column_row COLUMNS[] = {
    {STR_INIT("value"), MSG_VALUE_COLUMN_VALUE, 16, false},
    {STR_INIT("source"), MSG_VALUE_COLUMN_SOURCE, 16, false},
    {STR_INIT("batch"), MSG_BATCH_ID, 22, true},
    {STR_INIT("sheet"), MSG_VALUE_COLUMN_SHEET, 8, false},
    {STR_INIT("row"), MSG_VALUE_COLUMN_ROW, 8, false},
    {STR_INIT("column"), MSG_VALUE_COLUMN_COLUMN, 8, false},
};

static struct out source_out(const struct telling *in, int number)
{
    const struct numbers *numbers = in->question->numbers;
    int place = number > 0 && number <= numbers->source_max ? numbers->source_of[number] : NONE;

    if (place == NONE) {
        return out_none(STR("unknown"), STR(""));
    }
    const struct source *source = &in->question->programme->sources[place];
    return out_named(source->id, text_in(source->name, in->cx->lang));
}

static enum rc tell(void *self, const struct value_row *row)
{
    const struct telling *in = self;
    const struct value_question *question = in->question;
    int number = question->numbers->of_indicator[question->indicator];
    char text[NUM_TEXT_MAX];

    for (int i = 0; i < row->count; i++) {
        const struct value *value = &row->values[i];
        if (value->indicator != number) {
            continue;
        }
        const struct out cells[] = {
            value_out(in->cx->lang, &question->programme->indicators[question->indicator], value),
            source_out(in, value->source),
            out_text(num_print(text, value->batch, 0)),
            out_int(value->sheet + 1),
            out_int(value->row),
            out_int(value->column + 1),
        };
        TRY(in->sink->row(in->sink->self, cells));
    }
    return RC_OK;
}

static enum rc tell_history(struct telling *in)
{
    const struct value_question *question = in->question;
    struct unit_address *addresses = NULL;
    int count = 0;

    TRY(unit_addresses(in->cx, question->tree->units[question->place].id, &addresses, &count));
    for (int i = 0; i < count; i++) {
        TRY(value_history_each(in->cx, addresses[i].home, addresses[i].unit, question->period, tell,
                               in));
    }
    return RC_OK;
}

static enum rc tell_steps(const struct telling *in)
{
    const struct value_question *question = in->question;
    const struct unit *unit = &question->tree->units[question->place];
    const struct panel_of of = {question->tree, question->programme, question->numbers, unit->level,
                                unit->parent == NONE ? 0 : unit->parent};
    struct panel panel = {0};
    size_t count = 0;

    TRY(panel_load(in->cx, &of, question->period, &panel));
    const struct expr_step *steps =
        panel_explain(&panel, question->programme->indicators[question->indicator].formula.code,
                      panel.rows[question->place], &count);
    for (size_t i = 0; i < count; i++) {
        int64_t scaled = 0;
        bool is_known = steps[i].state == EXPR_KNOWN && num_from_double(steps[i].value, 4, &scaled);
        const struct out cells[] = {
            is_known ? out_fixed(scaled, 4) : out_none(STR("not_reported"), STR("")),
            out_text(steps[i].text),
            out_text(STR("")),
            out_none(STR("none"), STR("")),
            out_none(STR("none"), STR("")),
            out_none(STR("none"), STR("")),
        };
        TRY(in->sink->row(in->sink->self, cells));
    }
    return RC_OK;
}

enum rc value_explain(const struct cx *cx, const struct value_question *question,
                      const struct table_sink *sink)
{
    struct telling in = {cx, question, sink};
    const struct indicator *indicator = &question->programme->indicators[question->indicator];
    const struct fact facts[] = {
        {STR("indicator"), msg_text(cx->lang, MSG_ROLLUP_INDICATOR),
         out_named(indicator->id, text_in(indicator->name, cx->lang))},
        {STR("unit"), msg_text(cx->lang, MSG_ROLLUP_UNIT),
         out_text(question->tree->units[question->place].name)},
        {STR("formula"), msg_text(cx->lang, MSG_VALUE_FORMULA),
         out_text(indicator->formula.source)},
        {STR("basis"), msg_text(cx->lang, MSG_VALUE_BASIS), out_text(indicator->basis)},
    };
    const struct table table = {
        .name = STR("value"),
        .title = msg_text(cx->lang, MSG_VALUE_EXPLAIN_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
        .facts = facts,
        .fact_count = COUNT_OF(facts),
    };

    TRY(sink->begin(sink->self, &table));
    if (indicator->formula.code != NULL) {
        TRY(tell_steps(&in));
    } else {
        TRY(tell_history(&in));
    }
    return sink->end(sink->self);
}
