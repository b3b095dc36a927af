/* A run as sheets: what came of it by city, every unit, every pool, and the rules. */
#include "office/tier/tier_in.h"

enum { SCORE_DECIMALS = 2, NAME_LEVELS_MAX = 12, COLUMNS_MAX = 64 };

/* Columns gathered one by one. */
struct columns {
    struct column at[COLUMNS_MAX];
    int count;
};

static void add(struct columns *to, str key, str title, str group, int width)
{
    MUST(to->count < COLUMNS_MAX);
    to->at[to->count++] =
        (struct column){.key = key, .title = title, .group = group, .width = width};
}

static str msg(const struct tier_case *in, enum msg_id id)
{
    return msg_text(in->cx->lang, id);
}

static str joined(const struct tier_case *in, str a, str b)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, in->cx->arena, 4096);
    buf_put(&buf, a);
    buf_put(&buf, b);
    MUST(buf_done(&buf, &text));
    return text;
}

static struct out score_out(float score)
{
    double scaled = (double)score * 10000.0;

    return out_fixed((int64_t)(scaled + (scaled < 0.0 ? -0.5 : 0.5)), SCORE_DECIMALS);
}

static const struct fact *facts_of(const struct tier_case *in, const struct tier_answer *answer,
                                   int *out_count)
{
    struct arena *arena = in->cx->arena;
    struct fact *facts = ARENA_NEW(arena, struct fact, 8);
    struct buf text[4];
    str made[4];

    for (size_t i = 0; i < COUNT_OF(text); i++) {
        buf_init(&text[i], arena, 64);
    }
    period_put(&text[0], in->options.period);
    date_put(&text[1], in->tree->register_day);
    buf_int(&text[2], answer->run);
    buf_int(&text[3], (int64_t)in->options.seed);
    for (size_t i = 0; i < COUNT_OF(text); i++) {
        MUST(buf_done(&text[i], &made[i]));
    }
    int n = 0;
    facts[n++] = (struct fact){STR("scheme"), msg(in, MSG_TIER_FACT_SCHEME),
                               out_named(in->scheme->id, text_in(in->scheme->name, in->cx->lang))};
    facts[n++] = (struct fact){STR("period"), msg(in, MSG_TIER_FACT_PERIOD), out_text(made[0])};
    facts[n++] = (struct fact){STR("register"), msg(in, MSG_TIER_FACT_REGISTER), out_text(made[1])};
    facts[n++] = (struct fact){STR("run"), msg(in, MSG_TIER_FACT_RUN), out_text(made[2])};
    facts[n++] = (struct fact){STR("programme"), msg(in, MSG_TIER_FACT_PROGRAMME),
                               out_text(str_part(hash_hex(in->programme->hash, arena), 0, 12))};
    facts[n++] = (struct fact){STR("seed"), msg(in, MSG_TIER_FACT_SEED), out_text(made[3])};
    facts[n++] =
        (struct fact){STR("draws"), msg(in, MSG_TIER_FACT_DRAWS), out_int(in->options.draws)};
    *out_count = n;
    return facts;
}

static enum rc begin(const struct tier_case *in, const struct tier_answer *answer,
                     struct table *table, const struct table_sink *sink)
{
    str notice = text_in(in->programme->notice, in->cx->lang);
    str *notes = ARENA_NEW(in->cx->arena, str, 2);

    table->facts = facts_of(in, answer, &table->fact_count);
    notes[0] = notice;
    table->notes = notes;
    table->note_count = notice.len > 0 ? 1 : 0;
    return sink->begin(sink->self, table);
}

/* ---- what came of it, by the level below the root ---- */

struct sums {
    int64_t by_tier[TIER_COUNT_MAX];
    int64_t undecided;
    int64_t robust;
    int64_t all;
};

static struct sums sums_within(const struct tier_case *in, const struct tier_answer *answer,
                               int begin_place, int end_place)
{
    struct sums sums = {{0}};

    for (int i = 0; i < in->count; i++) {
        int unit = in->panel.places[in->rows[i]];
        int tier = answer->base.places[i].tier;
        if (unit < begin_place || unit >= end_place) {
            continue;
        }
        sums.all++;
        sums.robust += tier_is_robust(in, answer, i) ? 1 : 0;
        if (tier == TIER_NONE) {
            sums.undecided++;
        } else {
            sums.by_tier[tier]++;
        }
    }
    return sums;
}

static enum rc put_sums(const struct tier_case *in, str name, const struct sums *sums,
                        enum tone tone, const struct table_sink *sink)
{
    struct out cells[COLUMNS_MAX];
    int n = 0;

    cells[n++] = out_toned(out_text(name), tone);
    cells[n++] = out_toned(out_int(sums->all), tone);
    for (int t = 0; t < in->tier_count; t++) {
        cells[n++] = out_toned(out_int(sums->by_tier[t]), tone);
    }
    cells[n++] = out_toned(out_int(sums->undecided), tone);
    cells[n++] = out_toned(out_int(sums->robust), tone);
    cells[n++] = out_toned(out_ratio(sums->robust, sums->all - sums->undecided, 1), tone);
    return sink->row(sink->self, cells);
}

static void summary_columns(const struct tier_case *in, struct columns *columns)
{
    add(columns, STR("unit"), msg(in, MSG_TIER_COLUMN_UNIT), STR(""), 18);
    add(columns, STR("units"), msg(in, MSG_TIER_COLUMN_UNITS), STR(""), 10);
    for (int t = 0; t < in->tier_count; t++) {
        add(columns, in->programme->tiers[in->first_tier + t].id, tier_out(in, t).text,
            msg(in, MSG_TIER_GROUP_TIERS), 16);
    }
    add(columns, STR("undecided"), msg(in, MSG_TIER_UNDECIDED), msg(in, MSG_TIER_GROUP_TIERS), 10);
    add(columns, STR("robust"), msg(in, MSG_TIER_COLUMN_ROBUST), msg(in, MSG_TIER_GROUP_ROBUST),
        12);
    add(columns, STR("robust_share"), msg(in, MSG_TIER_COLUMN_SHARE),
        msg(in, MSG_TIER_GROUP_ROBUST), 10);
}

enum rc tier_summary_table(const struct tier_case *in, const struct tier_answer *answer,
                           const struct table_sink *sink)
{
    struct columns columns = {.count = 0};
    const struct unit *units = in->tree->units;
    int root = in->options.root;
    struct table table = {
        .name = STR("tier_summary"),
        .title = msg(in, MSG_TIER_SUMMARY_TITLE),
        .chart = {.kind = CHART_STACKED,
                  .title = msg(in, MSG_TIER_SUMMARY_CHART),
                  .value_columns = {2, in->tier_count > 1 ? 3 : -1, in->tier_count > 2 ? 4 : -1,
                                    in->tier_count > 3 ? 5 : -1}},
        .frozen_columns = 1,
    };

    summary_columns(in, &columns);
    table.columns = columns.at;
    table.column_count = columns.count;
    TRY(begin(in, answer, &table, sink));
    for (int at = root + 1; at < units[root].end; at = units[at].end) {
        struct sums sums = sums_within(in, answer, at, units[at].end);
        if (sums.all == 0) {
            continue;
        }
        TRY(put_sums(in, units[at].name, &sums, TONE_PLAIN, sink));
    }
    struct sums total = sums_within(in, answer, root, units[root].end);
    TRY(put_sums(in, units[root].name, &total, TONE_TOTAL, sink));
    return sink->end(sink->self);
}

/* ---- every unit ---- */

static enum msg_id reason_name(enum tier_reason reason)
{
    switch (reason) {
    case REASON_ADMITTED:
        return MSG_TIER_REASON_ADMITTED;
    case REASON_LOCKED:
        return MSG_TIER_REASON_LOCKED;
    case REASON_UNDECIDED:
        return MSG_TIER_REASON_UNDECIDED;
    case REASON_QUOTA:
        return MSG_TIER_REASON_QUOTA;
    case REASON_THRESHOLD:
        return MSG_TIER_REASON_THRESHOLD;
    case REASON_GATE:
        return MSG_TIER_REASON_GATE;
    case REASON_GATE_UNDETERMINED:
        return MSG_TIER_REASON_GATE_UNDETERMINED;
    }
    NEVER("a reason of no kind");
}

str tier_works_text(const struct tier_case *in, int place, enum msg_id msg)
{
    const struct arg plan = arg_number(in->works_plan[place]);
    struct buf buf;
    str text = {0};

    buf_init(&buf, in->cx->arena, 1024);
    msg_put(&buf, in->cx->lang, msg, &plan, 1);
    MUST(buf_done(&buf, &text));
    return text;
}

str tier_reason_text(const struct tier_case *in, int place, enum tier_reason reason)
{
    return reason == REASON_LOCKED && in->works_plan[place] != 0
               ? tier_works_text(in, place, MSG_TIER_REASON_WORKS)
               : msg(in, reason_name(reason));
}

str tier_gates_text(const struct tier_case *in, int place, int tier)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, in->cx->arena, 8192);
    for (int g = 0; g < in->programme->gate_count; g++) {
        const struct tier_gate *gate = &in->programme->gates[g];
        bool guards = gate->scheme == in->options.scheme && tier >= 0 &&
                      (gate->tiers >> (in->first_tier + tier) & 1U) != 0;
        if (!guards || in->gate_states[g * in->count + place] == GATE_PASSED) {
            continue;
        }
        bool is_open = in->gate_states[g * in->count + place] == GATE_UNDETERMINED;
        buf_put(&buf, buf.len == 0 ? STR("") : STR("; "));
        buf_put(&buf, text_in(gate->says, in->cx->lang));
        buf_put(&buf, is_open ? msg(in, MSG_TIER_GATE_OPEN) : STR(""));
    }
    return buf_done(&buf, &text) ? text : STR("…");
}

static void unit_columns(const struct tier_case *in, struct columns *columns)
{
    enum lang lang = in->cx->lang;
    const struct programme *programme = in->programme;

    add(columns, STR("code"), msg(in, MSG_TIER_COLUMN_CODE), STR(""), 15);
    columns->at[0].is_id = true;
    for (int level = in->tree->units[in->options.root].level + 1; level <= in->scheme->level;
         level++) {
        add(columns, programme->levels[level].id, text_in(programme->levels[level].name, lang),
            STR(""), 16);
    }
    add(columns, STR("tier"), msg(in, MSG_TIER_COLUMN_TIER), STR(""), 18);
    add(columns, STR("reason"), msg(in, MSG_TIER_COLUMN_REASON), STR(""), 26);
    add(columns, STR("score"), msg(in, MSG_TIER_COLUMN_SCORE), STR(""), 9);
    add(columns, STR("rank"), msg(in, MSG_TIER_COLUMN_RANK), STR(""), 8);
    for (int d = 0; d < in->dimension_count; d++) {
        const struct dimension *dimension = &programme->dimensions[in->dimensions[d]];
        add(columns, dimension->id, text_in(dimension->name, lang), msg(in, MSG_TIER_GROUP_POINTS),
            10);
    }
    add(columns, STR("coverage"), msg(in, MSG_TIER_COLUMN_COVERAGE), STR(""), 10);
    add(columns, STR("holds"), msg(in, MSG_TIER_COLUMN_HOLDS), msg(in, MSG_TIER_GROUP_ROBUST), 10);
    add(columns, STR("or_better"), msg(in, MSG_TIER_COLUMN_OR_BETTER),
        msg(in, MSG_TIER_GROUP_ROBUST), 12);
    add(columns, STR("optimistic"), msg(in, MSG_TIER_COLUMN_OPTIMISTIC), STR(""), 18);
    add(columns, STR("to_rise"), msg(in, MSG_TIER_COLUMN_TO_RISE), STR(""), 10);
    add(columns, STR("gates"), msg(in, MSG_TIER_COLUMN_GATES), STR(""), 40);
}

/* A locked unit is where it is whatever the weights: no share of them holds it there. */
static void put_robust(const struct tier_case *in, const struct tier_answer *answer, int place,
                       struct out *cells)
{
    const struct placing *placing = &answer->base.places[place];
    const struct robustness *robust = &answer->robust;

    if (placing->reason == REASON_LOCKED) {
        cells[0] = out_none(STR("locked"), msg(in, MSG_TIER_LOCKED));
        cells[1] = cells[0];
        return;
    }
    if (robust->count == NULL || placing->tier == TIER_NONE) {
        cells[0] = out_none(STR("unknown"), STR(""));
        cells[1] = cells[0];
        return;
    }
    cells[0] = out_ratio(robust->count[place * in->tier_count + placing->tier], robust->draws, 1);
    cells[1] = out_ratio(robust_or_better(robust, place, placing->tier), robust->draws, 1);
}

static enum rc put_unit(const struct tier_case *in, const struct tier_answer *answer, int place,
                        const struct table_sink *sink)
{
    const struct placing *placing = &answer->base.places[place];
    double dimension[WEIGH_CRITERIA_MAX];
    struct contributions parts = {.dimension = dimension};
    struct out cells[COLUMNS_MAX];
    int unit = in->panel.places[in->rows[place]];
    int n = 0;

    score_contributions(&in->utilities, &in->weights, place, &parts);
    cells[n++] = out_text(in->tree->units[unit].code);
    for (int level = in->tree->units[in->options.root].level + 1; level <= in->scheme->level;
         level++) {
        int above = unit_tree_above(in->tree, unit, level);
        cells[n++] =
            above == NONE ? out_none(STR("none"), STR("")) : out_text(in->tree->units[above].name);
    }
    cells[n++] = tier_out(in, placing->tier);
    cells[n++] = out_text(tier_reason_text(in, place, placing->reason));
    cells[n++] = score_out(answer->scores[place]);
    cells[n++] = placing->rank == 0 ? out_none(STR("undecided"), STR("")) : out_int(placing->rank);
    for (int d = 0; d < in->dimension_count; d++) {
        cells[n++] = score_out((float)dimension[d]);
    }
    cells[n++] = out_ratio((int64_t)((double)answer->coverage[place] * 1e6 + 0.5), 1000000, 0);
    put_robust(in, answer, place, &cells[n]);
    n += 2;
    cells[n++] = tier_out(in, answer->optimistic[place]);
    cells[n++] = placing->to_rise == placing->to_rise ? score_out(placing->to_rise)
                                                      : out_none(STR("none"), STR(""));
    cells[n++] = out_text(tier_gates_text(in, place, placing->tier - 1));
    return sink->row(sink->self, cells);
}

static enum rc put_units(const struct tier_case *in, const struct tier_answer *answer,
                         const struct table_sink *sink)
{
    struct columns columns = {.count = 0};
    struct table table = {
        .name = STR("tiers"),
        .title = msg(in, MSG_TIER_UNITS_TITLE),
        .frozen_columns = 1 + in->scheme->level - in->tree->units[in->options.root].level,
    };

    unit_columns(in, &columns);
    table.columns = columns.at;
    table.column_count = columns.count;
    TRY(begin(in, answer, &table, sink));
    for (int i = 0; i < in->count; i++) {
        struct arena_mark mark = arena_mark(in->cx->arena);
        TRY(put_unit(in, answer, i, sink));
        arena_rewind(in->cx->arena, mark);
    }
    return sink->end(sink->self);
}

/* ---- every pool ---- */

static enum rc put_pool(const struct tier_case *in, const struct tier_answer *answer, int pool,
                        const struct table_sink *sink)
{
    struct out cells[COLUMNS_MAX];
    const struct unit *unit = &in->tree->units[in->pool_places[pool]];
    int n = 0;

    cells[n++] = out_text(unit->code);
    cells[n++] = out_text(unit->name);
    for (int t = 0; t < in->tier_count - 1; t++) {
        const struct tier_line *line = &answer->base.lines[pool * in->tier_count + t];
        cells[n++] = out_int(line->open);
        cells[n++] = out_int(line->admitted + line->locked + line->kept);
        cells[n++] =
            line->last == TIER_NONE ? out_none(STR("none"), STR("")) : score_out(line->last_score);
        cells[n++] = out_int(line->unfilled);
        cells[n++] = out_int(line->overrun);
    }
    return sink->row(sink->self, cells);
}

static enum rc put_pools(const struct tier_case *in, const struct tier_answer *answer,
                         const struct table_sink *sink)
{
    struct columns columns = {.count = 0};
    struct table table = {
        .name = STR("tier_pools"), .title = msg(in, MSG_TIER_POOLS_TITLE), .frozen_columns = 2};

    add(&columns, STR("code"), msg(in, MSG_TIER_COLUMN_CODE), STR(""), 15);
    columns.at[0].is_id = true;
    add(&columns, STR("name"), msg(in, MSG_TIER_COLUMN_UNIT), STR(""), 18);
    for (int t = 0; t < in->tier_count - 1; t++) {
        str id = in->programme->tiers[in->first_tier + t].id;
        str group = tier_out(in, t).text;
        add(&columns, joined(in, id, STR("_quota")), msg(in, MSG_TIER_COLUMN_QUOTA), group, 9);
        add(&columns, joined(in, id, STR("_placed")), msg(in, MSG_TIER_COLUMN_PLACED), group, 9);
        add(&columns, joined(in, id, STR("_line")), msg(in, MSG_TIER_COLUMN_LINE), group, 9);
        add(&columns, joined(in, id, STR("_unfilled")), msg(in, MSG_TIER_COLUMN_UNFILLED), group,
            9);
        add(&columns, joined(in, id, STR("_overrun")), msg(in, MSG_TIER_COLUMN_OVERRUN), group, 9);
    }
    table.columns = columns.at;
    table.column_count = columns.count;
    TRY(begin(in, answer, &table, sink));
    for (int p = 0; p < in->rules.pool_count; p++) {
        TRY(put_pool(in, answer, p, sink));
    }
    return sink->end(sink->self);
}

/* ---- the rules ---- */

static const struct column_row RULE_COLUMNS[] = {
    {STR_INIT("kind"), MSG_TIER_RULE_KIND, 10, false},
    {STR_INIT("what"), MSG_TIER_RULE_WHAT, 32, false},
    {STR_INIT("dimension"), MSG_TIER_RULE_DIMENSION, 14, false},
    {STR_INIT("weight"), MSG_TIER_RULE_WEIGHT, 10, false},
    {STR_INIT("rule"), MSG_TIER_RULE_RULE, 44, false},
    {STR_INIT("basis"), MSG_TIER_RULE_BASIS, 24, false},
};

static str points_text(const struct tier_case *in, const struct criterion *criterion)
{
    const struct indicator *indicator = &in->programme->indicators[criterion->indicator];
    struct buf buf;
    str text = {0};

    buf_init(&buf, in->cx->arena, 4096);
    for (int i = 0; i < criterion->point_count; i++) {
        const struct point *point = &criterion->points[i];
        const struct choice *choice = indicator_choice(indicator, (int64_t)point->x);
        buf_put(&buf, i == 0 ? STR("") : STR(", "));
        if (indicator->type == VALUE_ENUM && choice != NULL) {
            buf_put(&buf, text_in(choice->name, in->cx->lang));
        } else {
            buf_fixed(&buf, (int64_t)(point->x * 100.0 + (point->x < 0.0 ? -0.5 : 0.5)), 2);
        }
        buf_put(&buf, STR(" → "));
        buf_fixed(&buf, (int64_t)(point->u * 100.0 + 0.5), 2);
    }
    return buf_done(&buf, &text) ? text : STR("…");
}

static enum rc put_rules(const struct tier_case *in, const struct tier_answer *answer,
                         const struct table_sink *sink)
{
    enum lang lang = in->cx->lang;
    double shares[WEIGH_CRITERIA_MAX];
    struct table table = {
        .name = STR("tier_rules"),
        .title = msg(in, MSG_TIER_RULES_TITLE),
        .columns = columns_in(lang, RULE_COLUMNS, COUNT_OF(RULE_COLUMNS), in->cx->arena),
        .column_count = COUNT_OF(RULE_COLUMNS),
    };

    weights_combine(&in->weights, shares);
    TRY(begin(in, answer, &table, sink));
    for (int k = 0; k < in->criterion_count; k++) {
        const struct criterion *criterion = &in->programme->criteria[in->criteria[k]];
        const struct indicator *indicator = &in->programme->indicators[criterion->indicator];
        const struct out cells[] = {
            out_named(STR("criterion"), msg(in, MSG_TIER_RULE_CRITERION)),
            out_named(indicator->id, text_in(indicator->name, lang)),
            out_text(text_in(in->programme->dimensions[criterion->dimension].name, lang)),
            out_ratio((int64_t)(shares[k] * 1e6 + 0.5), 1000000, 1),
            out_text(points_text(in, criterion)),
            out_text(criterion->basis),
        };
        TRY(sink->row(sink->self, cells));
    }
    for (int g = 0; g < in->programme->gate_count; g++) {
        const struct tier_gate *gate = &in->programme->gates[g];
        if (gate->scheme != in->options.scheme) {
            continue;
        }
        const struct out cells[] = {
            out_named(STR("gate"), msg(in, MSG_TIER_RULE_GATE)),
            out_named(gate->id, text_in(gate->says, lang)),
            out_text(STR("")),
            out_none(STR("none"), STR("")),
            out_named(gate->formula.source,
                      programme_formula(in->programme, gate->formula.source, lang, in->cx->arena)),
            out_text(gate->basis),
        };
        TRY(sink->row(sink->self, cells));
    }
    return sink->end(sink->self);
}

enum rc tier_tables(const struct tier_case *in, const struct tier_answer *answer,
                    const struct table_sink *sink)
{
    TRY(tier_summary_table(in, answer, sink));
    TRY(put_units(in, answer, sink));
    TRY(put_pools(in, answer, sink));
    return put_rules(in, answer, sink);
}
