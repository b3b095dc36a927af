/* Where one value came from: every batch that wrote it, cell by cell; for a derived one, how it was
 * computed; for a missing one, who was to report it and when it was last known. */
#include "base/num.h"
#include "base/place.h"
#include "office/file/batch.h"
#include "office/indicator/panel.h"

enum { NOTES_MAX = 2, NOTE_BYTES_MAX = 4096, FACTS_MAX = 4 };

enum { STEP_DECIMALS = 4, SHARE_DECIMALS = 9, SHARE_WHOLE = 1000 * 1000 * 1000 };

struct telling {
    const struct cx *cx;
    const struct value_question *question;
    const struct table_sink *sink;
    struct unit_address *addresses;
    int address_count;
    bool is_said;             /* somebody said something for this period, if only "not reported" */
    bool is_known;            /* what was said last is a value */
    struct period last_known; /* before the period asked about; key 0: never */
    str notes[NOTES_MAX];
    int note_count;
};

static const struct column_row COLUMNS[] = {
    {STR_INIT("value"), MSG_VALUE_COLUMN_VALUE, 16, false},
    {STR_INIT("source"), MSG_VALUE_COLUMN_SOURCE, 16, false},
    {STR_INIT("file"), MSG_BATCH_FILE, 30, false},
    {STR_INIT("sheet"), MSG_VALUE_COLUMN_SHEET, 8, false},
    {STR_INIT("cell"), MSG_VALUE_COLUMN_CELL, 8, false},
    {STR_INIT("batch"), MSG_BATCH_ID, 22, true},
};

static enum rc tell_value(const struct telling *in, const struct value *value)
{
    const struct value_question *question = in->question;
    char batch[NUM_TEXT_MAX];
    char cell[PLACE_MAX];
    str file = {0};

    TRY(batch_file(in->cx, value->batch, &file));
    const struct out cells[] = {
        value_out(in->cx->lang, &question->programme->indicators[question->indicator], value),
        source_out(in->cx->lang, question->programme, question->numbers, value->source),
        out_text(file),
        out_int(value->sheet + 1),
        out_text(place_name(cell, value->row - 1, value->column)),
        out_text(num_print(batch, value->batch, 0)),
    };
    return in->sink->row(in->sink->self, cells);
}

static enum rc tell(void *self, const struct value_row *row)
{
    const struct telling *in = self;
    int number = in->question->numbers->of_indicator[in->question->indicator];

    for (int i = 0; i < row->count; i++) {
        if (row->values[i].indicator == number) {
            TRY(tell_value(in, &row->values[i]));
        }
    }
    return RC_OK;
}

static enum rc tell_history(struct telling *in)
{
    for (int i = 0; i < in->address_count; i++) {
        TRY(value_history_each(in->cx, in->addresses[i].home, in->addresses[i].unit,
                               in->question->period, tell, in));
    }
    return RC_OK;
}

/* The indicator a step speaks of: an input's own, the result's, else none. */
static const struct indicator *step_about(const struct telling *in, const struct expr_step *step,
                                          bool is_result)
{
    const struct programme *programme = in->question->programme;
    const struct indicator *asked = &programme->indicators[in->question->indicator];
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(asked->formula.code, &count);

    if (is_result) {
        return asked;
    }
    return step->input < 0 ? NULL : &programme->indicators[inputs[step->input].id];
}

/* What a step of a formula came to: a share as a percentage, a condition as yes or no. */
static struct out step_out(const struct telling *in, const struct expr_step *step, bool is_result)
{
    const struct indicator *about = step_about(in, step, is_result);
    int decimals = about == NULL ? STEP_DECIMALS : about->decimals;
    bool is_share = step->kind == EXPR_PERCENT || (about != NULL && about->type == VALUE_PERCENT);
    int64_t scaled = 0;

    if (step->state != EXPR_KNOWN ||
        !num_from_double(step->value, is_share ? SHARE_DECIMALS : decimals, &scaled)) {
        return out_none(STR("not_reported"), STR(""));
    }
    if (step->kind == EXPR_BOOL) {
        bool holds = step->value > 0.5;
        return out_named(holds ? STR("yes") : STR("no"),
                         msg_text(in->cx->lang, holds ? MSG_VALUE_YES : MSG_VALUE_NO));
    }
    if (step->kind == EXPR_ENUM) {
        return out_text(step->labels->names[(size_t)step->value]);
    }
    return is_share ? out_ratio(scaled, SHARE_WHOLE, decimals) : out_fixed(scaled, decimals);
}

static enum rc tell_steps(const struct telling *in)
{
    const struct value_question *question = in->question;
    const struct unit *unit = &question->tree->units[question->place];
    const struct panel_of of = {question->tree, question->programme, question->numbers, unit->level,
                                unit->parent == NONE ? 0 : unit->parent};
    const struct indicator *indicator = &question->programme->indicators[question->indicator];
    struct panel panel = {0};
    size_t count = 0;

    TRY(panel_load(in->cx, &of, question->period, &panel));
    const struct expr_step *steps =
        panel_explain(&panel, indicator->formula.code, panel.rows[question->place], &count);
    for (size_t i = 0; i < count; i++) {
        str shown =
            programme_formula(question->programme, steps[i].text, in->cx->lang, in->cx->arena);
        struct out none = out_none(STR("none"), STR(""));
        const struct out cells[] = {
            step_out(in, &steps[i], i + 1 == count),
            out_named(steps[i].text, shown),
            out_text(STR("")),
            none,
            out_text(STR("")),
            out_text(STR("")),
        };
        TRY(in->sink->row(in->sink->self, cells));
    }
    return RC_OK;
}

static enum rc look_for_value(void *self, const struct value_row *row)
{
    struct telling *in = self;
    int number = in->question->numbers->of_indicator[in->question->indicator];

    for (int i = 0; i < row->count; i++) {
        if (row->values[i].indicator == number) {
            in->is_said = true;
            in->is_known = row->values[i].state == REPORTED;
        }
    }
    return RC_OK;
}

/* Whether the unit has a value of its own for the period, under this address. */
static enum rc look_at(struct telling *in, const struct unit_address *address, struct period period)
{
    struct value_row row = {.count = 0};

    TRY(value_read(in->cx, address->home, address->unit, period, &row));
    return look_for_value(in, &row);
}

/* Periods that `take` is given, by the address in hand. */
struct looking {
    struct telling *in;
    const struct unit_address *address;
};

static enum rc look_at_earlier(void *self, struct period period)
{
    const struct looking *looking = self;
    struct telling *in = looking->in;
    struct telling then = {.cx = in->cx, .question = in->question};
    int32_t end = period_end(period).days;
    bool is_later_than_known = in->last_known.key == 0 || end > period_end(in->last_known).days;

    if (period.key == in->question->period.key || end > period_end(in->question->period).days ||
        !is_later_than_known) {
        return RC_OK;
    }
    TRY(look_at(&then, looking->address, period));
    in->last_known = then.is_known ? period : in->last_known;
    return RC_OK;
}

static enum rc look(struct telling *in)
{
    const struct value_question *question = in->question;

    TRY(unit_addresses(in->cx, question->tree->units[question->place].id, &in->addresses,
                       &in->address_count));
    for (int i = 0; i < in->address_count; i++) {
        TRY(look_at(in, &in->addresses[i], question->period));
    }
    for (int i = 0; !in->is_known && i < in->address_count; i++) {
        struct looking looking = {in, &in->addresses[i]};
        TRY(value_period_each(in->cx, in->addresses[i].home, in->addresses[i].unit, look_at_earlier,
                              &looking));
    }
    return RC_OK;
}

static str period_text(const struct telling *in, struct period period)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, in->cx->arena, NOTE_BYTES_MAX);
    period_put(&buf, period);
    MUST(buf_done(&buf, &text));
    return text;
}

static void add_note(struct telling *in, enum msg_id msg, const struct arg *args, int count)
{
    struct buf buf;

    buf_init(&buf, in->cx->arena, NOTE_BYTES_MAX);
    msg_put(&buf, in->cx->lang, msg, args, count);
    MUST(in->note_count < NOTES_MAX && buf_done(&buf, &in->notes[in->note_count]));
    in->note_count++;
}

/* Nobody of the unit's level is to report this. */
static void note_other_level(struct telling *in, const struct indicator *indicator, int level)
{
    const struct arg args[] = {
        arg_text(text_in(indicator->name, in->cx->lang)),
        arg_text(text_in(in->question->programme->levels[level].name, in->cx->lang)),
    };

    add_note(in, MSG_VALUE_OTHER_LEVEL, args, COUNT_OF(args));
}

/* Nothing was said for the period: who was to say it. */
static void note_silence(struct telling *in, const struct indicator *indicator, str unit)
{
    const struct programme *programme = in->question->programme;
    const struct arg args[] = {
        arg_text(period_text(in, in->question->period)),
        arg_text(unit),
        arg_text(text_in(indicator->name, in->cx->lang)),
        arg_text(text_in(programme->sources[indicator->source].name, in->cx->lang)),
    };

    add_note(in, MSG_VALUE_SILENCE, args, COUNT_OF(args));
}

static void note_last_known(struct telling *in)
{
    const struct arg args[] = {arg_text(period_text(in, in->last_known))};

    if (in->last_known.key == 0) {
        add_note(in, MSG_VALUE_NEVER_KNOWN, NULL, 0);
    } else {
        add_note(in, MSG_VALUE_LAST_KNOWN, args, COUNT_OF(args));
    }
}

/* What the rows will not say: that there are none, or no value among them. */
static enum rc note_what_lacks(struct telling *in, const struct indicator *indicator)
{
    const struct unit *unit = &in->question->tree->units[in->question->place];

    TRY(look(in));
    if (!in->is_said && (indicator->levels >> unit->level & 1U) == 0) {
        note_other_level(in, indicator, unit->level);
        return RC_OK;
    }
    if (!in->is_said) {
        note_silence(in, indicator, unit->name);
    }
    if (!in->is_known) {
        note_last_known(in);
    }
    return RC_OK;
}

/* What is asked about: the indicator, the unit, and where they are given, formula and basis. */
static int facts_of(const struct telling *in, struct fact *facts)
{
    const struct value_question *question = in->question;
    const struct indicator *indicator = &question->programme->indicators[question->indicator];
    enum lang lang = in->cx->lang;
    str formula = indicator->formula.source;
    int n = 0;

    facts[n++] = (struct fact){STR("indicator"), msg_text(lang, MSG_ROLLUP_INDICATOR),
                               out_named(indicator->id, text_in(indicator->name, lang))};
    facts[n++] = (struct fact){STR("unit"), msg_text(lang, MSG_ROLLUP_UNIT),
                               out_text(question->tree->units[question->place].name)};
    if (formula.len > 0) {
        str shown = programme_formula(question->programme, formula, lang, in->cx->arena);
        facts[n++] = (struct fact){STR("formula"), msg_text(lang, MSG_VALUE_FORMULA),
                                   out_named(formula, shown)};
    }
    if (indicator->basis.len > 0) {
        facts[n++] = (struct fact){STR("basis"), msg_text(lang, MSG_VALUE_BASIS),
                                   out_text(indicator->basis)};
    }
    return n;
}

enum rc value_explain(const struct cx *cx, const struct value_question *question,
                      const struct table_sink *sink)
{
    struct telling in = {.cx = cx, .question = question, .sink = sink};
    const struct indicator *indicator = &question->programme->indicators[question->indicator];
    struct fact facts[FACTS_MAX];
    int fact_count = facts_of(&in, facts);

    if (indicator->formula.code == NULL) {
        TRY(note_what_lacks(&in, indicator));
    }
    const struct table table = {
        .name = STR("value"),
        .title = msg_text(cx->lang, MSG_VALUE_EXPLAIN_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
        .facts = facts,
        .fact_count = fact_count,
        .notes = in.notes,
        .note_count = in.note_count,
    };

    TRY(sink->begin(sink->self, &table));
    if (indicator->formula.code != NULL) {
        TRY(tell_steps(&in));
    } else {
        TRY(tell_history(&in));
    }
    return sink->end(sink->self);
}
