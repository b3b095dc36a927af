/* The ledger as a form. */
#include "office/collect/form.h"

enum { HEADS = 3, COLUMNS_MAX = 1000, MARKS = 4 };

struct making {
    const struct cx *cx;
    const struct form_job *job;
    const struct programme *programme;
    struct form_column *columns;
    int *indicators; /* by column */
    int count;
};

static str said(const struct making *in, enum msg_id id)
{
    return msg_text(in->cx->lang, id);
}

static enum form_kind kind_of(const struct indicator *indicator)
{
    switch (indicator->type) {
    case VALUE_INTEGER:
    case VALUE_DECIMAL:
    case VALUE_PERCENT:
        return FORM_NUMBER;
    case VALUE_BOOLEAN:
        return FORM_YES_NO;
    case VALUE_ENUM:
        return FORM_CHOICE;
    }
    NEVER("an indicator of no type");
}

static void set_choices(const struct making *in, const struct indicator *indicator,
                        struct form_column *out)
{
    bool is_choice = indicator->type == VALUE_ENUM;
    int count = is_choice ? indicator->choice_count : 2;
    str *choices = ARENA_NEW(in->cx->arena, str, (size_t)count);

    for (int i = 0; is_choice && i < count; i++) {
        choices[i] = text_in(indicator->choices[i].name, in->cx->lang);
    }
    if (!is_choice) {
        choices[0] = said(in, MSG_VALUE_YES);
        choices[1] = said(in, MSG_VALUE_NO);
    }
    out->choices = choices;
    out->choice_count = count;
}

static str unit_of(const struct making *in, const struct indicator *indicator)
{
    if (indicator->type == VALUE_PERCENT) {
        return STR("%");
    }
    return indicator->gauge == NONE
               ? STR("")
               : text_in(in->programme->gauges[indicator->gauge].name, in->cx->lang);
}

static struct form_column column_of(const struct making *in, const struct indicator *indicator)
{
    enum lang lang = in->cx->lang;
    struct form_column column = {
        .key = indicator->id,
        .title = text_in(indicator->name, lang),
        .group = indicator->dimension == NONE
                     ? STR("")
                     : text_in(in->programme->dimensions[indicator->dimension].name, lang),
        .unit = unit_of(in, indicator),
        .note = text_in(indicator->note, lang),
        .kind = kind_of(indicator),
        .decimals = indicator->decimals,
        .has_range = indicator->max > indicator->min && kind_of(indicator) == FORM_NUMBER,
        .min = indicator->min,
        .max = indicator->max,
        .is_locked = in->job->source != NONE && indicator->source != in->job->source,
    };

    if (column.kind == FORM_CHOICE || column.kind == FORM_YES_NO) {
        set_choices(in, indicator, &column);
    }
    return column;
}

static void find_columns(struct making *in)
{
    size_t room = (size_t)in->programme->indicator_count;

    in->columns = ARENA_NEW(in->cx->arena, struct form_column, room);
    in->indicators = ARENA_NEW(in->cx->arena, int, room);
    for (int d = NONE; d < in->programme->dimension_count; d++) {
        for (int i = 0; i < in->programme->indicator_count; i++) {
            const struct indicator *indicator = &in->programme->indicators[i];
            bool is_asked = indicator->dimension == d && indicator->formula.code == NULL &&
                            in->job->panel->columns[i].state != NULL && in->count < COLUMNS_MAX;
            if (is_asked) {
                in->indicators[in->count] = i;
                in->columns[in->count++] = column_of(in, indicator);
            }
        }
    }
}

/* A form is read again by what stands on its hidden sheet. */
static void set_marks(const struct making *in, struct form *form)
{
    struct form_word *marks = ARENA_NEW(in->cx->arena, struct form_word, MARKS);
    struct buf period;
    str text = {0};

    buf_init(&period, in->cx->arena, 32);
    period_put(&period, in->job->panel->period);
    MUST(buf_done(&period, &text));
    marks[0] = (struct form_word){STR("programme"), hash_hex(in->programme->hash, in->cx->arena)};
    marks[1] = (struct form_word){STR("period"), text};
    marks[2] = (struct form_word){STR("unit"), in->job->panel->tree->units[in->job->root].code};
    marks[3] = (struct form_word){STR("level"), in->programme->levels[in->job->panel->level].id};
    form->marks = marks;
    form->mark_count = MARKS;
}

static struct form form_of(struct making *in)
{
    const struct unit_tree *tree = in->job->panel->tree;
    int level = in->job->panel->level;
    str *heads = ARENA_NEW(in->cx->arena, str, HEADS);
    str *notes = ARENA_NEW(in->cx->arena, str, 4);
    struct buf lead;
    str lead_text = {0};
    struct form form = {
        .title = text_in(in->programme->name, in->cx->lang),
        .tab = said(in, MSG_FORM_TAB),
        .notes_tab = said(in, MSG_FORM_NOTES_TAB),
    };

    heads[0] = in->programme->spellings.code_heads.count > 0
                   ? in->programme->spellings.code_heads.at[0]
                   : said(in, MSG_FORM_CODE);
    heads[1] = text_in(in->programme->levels[level > 0 ? level - 1 : 0].name, in->cx->lang);
    heads[2] = text_in(in->programme->levels[level].name, in->cx->lang);
    notes[0] = said(in, MSG_FORM_NOTE_FILL);
    notes[1] = said(in, MSG_FORM_NOTE_MISSING);
    notes[2] = said(in, MSG_FORM_NOTE_RETURN);
    notes[3] = text_in(in->programme->notice, in->cx->lang);
    buf_init(&lead, in->cx->arena, 4096);
    buf_put(&lead, tree->units[in->job->root].name);
    buf_char(&lead, ' ');
    period_put(&lead, in->job->panel->period);
    buf_char(&lead, ' ');
    buf_put(&lead, notes[3]);
    MUST(buf_done(&lead, &lead_text));
    form.lead = lead_text;
    form.heads = heads;
    form.head_count = HEADS;
    form.notes = notes;
    form.note_count = notes[3].len > 0 ? 4 : 3;
    form.columns = in->columns;
    form.column_count = in->count;
    set_marks(in, &form);
    return form;
}

static enum rc put_unit(const struct making *in, int row, const struct form_sink *sink)
{
    const struct panel *panel = in->job->panel;
    const struct unit *unit = &panel->tree->units[panel->places[row]];
    struct out *values = ARENA_NEW(in->cx->arena, struct out, (size_t)in->count);
    const str heads[HEADS] = {
        unit->code,
        unit->parent == NONE ? STR("") : panel->tree->units[unit->parent].name,
        unit->name,
    };
    const struct form_row out = {.heads = heads, .values = values};

    for (int c = 0; c < in->count; c++) {
        values[c] = panel_out(panel, in->indicators[c], row);
    }
    return sink->row(sink->self, &out);
}

enum rc form_make(const struct cx *cx, const struct form_job *job, const struct form_sink *sink)
{
    const struct unit_tree *tree = job->panel->tree;
    struct making in = {.cx = cx, .job = job, .programme = job->panel->programme};
    uint32_t kinds = panel_asked_kinds(job->panel);

    find_columns(&in);
    struct form *form = ARENA_NEW(cx->arena, struct form, 1);
    *form = form_of(&in);
    TRY(sink->begin(sink->self, form));
    for (int i = 0; i < job->panel->count; i++) {
        int place = job->panel->places[i];
        bool is_inside = place >= job->root && place < tree->units[job->root].end;
        if (!is_inside || !panel_asks(job->panel, i, kinds)) {
            continue;
        }
        struct arena_mark mark = arena_mark(cx->arena);
        TRY(put_unit(&in, i, sink));
        arena_rewind(cx->arena, mark);
    }
    return sink->end(sink->self);
}
