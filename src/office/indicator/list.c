/* Values as a list. */
#include "office/indicator/list.h"

#include "base/num.h"
#include "office/file/batch.h"

struct listing {
    const struct cx *cx;
    const struct value_list *of;
    const struct table_sink *sink;
    struct arena kept;      /* of batches: rows of values come and go in cx->arena */
    struct origin *origins; /* the newest first */
    struct origin *last;    /* of the value before this one */
};

/* A batch as it is shown. */
struct origin {
    int64_t batch;
    str id;
    str actor;
    str at;
    struct origin *next;
};

static const struct column_row COLUMNS[] = {
    {STR_INIT("code"), MSG_ROLLUP_CODE, 15, true},
    {STR_INIT("unit"), MSG_ROLLUP_UNIT, 18, false},
    {STR_INIT("indicator"), MSG_ROLLUP_INDICATOR, 30, false},
    {STR_INIT("value"), MSG_ROLLUP_VALUE, 16, false},
    {STR_INIT("gauge"), MSG_ROLLUP_GAUGE, 10, false},
    {STR_INIT("source"), MSG_VALUE_COLUMN_SOURCE, 16, false},
    {STR_INIT("batch"), MSG_BATCH_ID, 22, true},
    {STR_INIT("actor"), MSG_BATCH_ACTOR, 16, false},
    {STR_INIT("at"), MSG_BATCH_AT, 17, false},
};

static enum rc load_origin(struct listing *in, int64_t id, str text)
{
    struct origin *origin = ARENA_NEW(&in->kept, struct origin, 1);
    struct batch batch = {0};
    struct buf at;

    TRY(batch_load(in->cx, id, &batch));
    buf_init(&at, &in->kept, 32);
    moment_put(&at, batch.at_ms, in->of->programme->offset_minutes);
    *origin = (struct origin){
        .batch = id,
        .id = arena_str(&in->kept, text),
        .actor = arena_str(&in->kept, batch.actor),
        .next = in->origins,
    };
    MUST(buf_done(&at, &origin->at));
    in->origins = origin;
    in->last = origin;
    return RC_OK;
}

/* Neighbours mostly came in the same batch. */
static enum rc find_origin(struct listing *in, int64_t id)
{
    char text[NUM_TEXT_MAX];

    if (in->last != NULL && in->last->batch == id) {
        return RC_OK;
    }
    for (struct origin *origin = in->origins; origin != NULL; origin = origin->next) {
        if (origin->batch == id) {
            in->last = origin;
            return RC_OK;
        }
    }
    return load_origin(in, id, num_print(text, id, 0));
}

static str gauge_text(const struct listing *in, const struct indicator *indicator)
{
    if (indicator->type == VALUE_PERCENT) {
        return STR("%");
    }
    return indicator->gauge == NONE
               ? STR("")
               : text_in(in->of->programme->gauges[indicator->gauge].name, in->cx->lang);
}

static enum rc put_value(struct listing *in, const struct unit *unit, const struct value *value)
{
    const struct value_list *of = in->of;
    const struct numbers *numbers = of->numbers;
    enum lang lang = in->cx->lang;
    int place =
        value->indicator <= numbers->indicator_max ? numbers->indicator_of[value->indicator] : NONE;

    if (place == NONE || !of->wanted[place]) {
        return RC_OK;
    }
    const struct indicator *indicator = &of->programme->indicators[place];
    TRY(find_origin(in, value->batch));
    const struct out cells[] = {
        out_text(unit->code),
        out_text(unit->name),
        out_named(indicator->id, text_in(indicator->name, lang)),
        value_out(lang, indicator, value),
        out_text(gauge_text(in, indicator)),
        source_out(lang, of->programme, numbers, value->source),
        out_text(in->last->id),
        out_text(in->last->actor),
        out_text(in->last->at),
    };

    return in->sink->row(in->sink->self, cells);
}

/* A unit's values, under every address it had: a later one stands over an earlier. */
static enum rc read_unit(const struct listing *in, const struct unit *unit, struct value_row *out)
{
    const struct cx *cx = in->cx;
    struct unit_address *addresses = NULL;
    int count = 0;

    TRY(unit_addresses(cx, unit->id, &addresses, &count));
    for (int i = 0; i < count; i++) {
        struct value_row row = {0};
        TRY(value_read(cx, addresses[i].home, addresses[i].unit, in->of->period, &row));
        struct value *merged =
            ARENA_NEW(cx->arena, struct value, (size_t)out->count + (size_t)row.count);
        out->count = value_merge(out, &row, merged);
        out->values = merged;
    }
    return RC_OK;
}

static enum rc put_unit(struct listing *in, const struct unit *unit)
{
    struct value_row row = {0};
    bool is_seen = false;

    TRY(cx_sees(in->cx, unit->id, &is_seen));
    if (!is_seen) {
        return RC_OK;
    }
    TRY(read_unit(in, unit, &row));
    for (int i = 0; i < row.count; i++) {
        TRY(put_value(in, unit, &row.values[i]));
    }
    return RC_OK;
}

static enum rc put_units(struct listing *in)
{
    const struct unit *units = in->of->tree->units;
    struct arena *arena = in->cx->arena;

    for (int at = in->of->within; at < units[in->of->within].end; at++) {
        struct arena_mark mark = arena_mark(arena);
        TRY(put_unit(in, &units[at]));
        arena_rewind(arena, mark);
    }
    return RC_OK;
}

enum rc value_list(const struct cx *cx, const struct value_list *of, const struct table_sink *sink)
{
    struct listing in = {.cx = cx, .of = of, .sink = sink};
    struct buf period;
    str text = {0};

    buf_init(&period, cx->arena, 32);
    period_put(&period, of->period);
    MUST(buf_done(&period, &text));
    const struct fact facts[] = {
        {STR("period"), msg_text(cx->lang, MSG_ROLLUP_PERIOD), out_text(text)},
        {STR("boundaries"), msg_text(cx->lang, MSG_ROLLUP_BOUNDARIES),
         out_text(cx_day(cx, of->tree->register_day))},
    };
    const struct table table = {
        .name = STR("values"),
        .title = msg_text(cx->lang, MSG_VALUE_LIST_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, COUNT_OF(COLUMNS), cx->arena),
        .column_count = COUNT_OF(COLUMNS),
        .facts = facts,
        .fact_count = COUNT_OF(facts),
        .frozen_columns = 2,
    };

    TRY(sink->begin(sink->self, &table));
    arena_init(&in.kept, ARENA_REQUEST_MAX);
    enum rc rc = put_units(&in);
    arena_done(&in.kept);
    TRY(rc);
    return sink->end(sink->self);
}
