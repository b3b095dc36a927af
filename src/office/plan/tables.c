/* A plan as sheets: in short, money and its worth, works, counties, standards not reached. */
#include "office/plan/unknown_in.h"

enum { GAP_DECIMALS = 4, POINT_UNITS = 10000 };

static str msg(const struct plan_case *plan, enum msg_id id)
{
    return msg_text(plan->cx->lang, id);
}

static struct out money_out(const struct plan_case *plan, int64_t fen)
{
    return out_money(fen, programme_money_decimals(plan->programme));
}

static struct out year_out(const struct plan_case *plan, int year)
{
    return out_fixed(plan->options.first_year + year, 0);
}

static const struct plan_choice *choice_of(const struct plan_case *plan,
                                           const struct plan_answer *answer, int group)
{
    return &plan->choices[plan->problem.first[group] + answer->solved.picks[group]];
}

/* ---- sums ---- */

struct totals {
    int64_t cost;
    int64_t works;
    int64_t villages;
    double residents;
};

/* Of the places below [begin, end) in the tree. */
static struct totals totals_of(const struct plan_case *plan, const struct plan_answer *answer,
                               int begin, int end)
{
    struct arena_mark mark = arena_mark(plan->cx->arena);
    bool *seen = ARENA_NEW(plan->cx->arena, bool, (size_t)plan->count);
    struct totals totals = {0};

    for (int g = 0; g < plan->problem.groups; g++) {
        const struct plan_choice *choice = choice_of(plan, answer, g);
        int place = plan->group_of[g] % plan->count;
        int unit = plan->tiers->panel.places[plan->tiers->rows[place]];
        if (unit < begin || unit >= end || choice->count == 0) {
            continue;
        }
        for (int w = 0; w < choice->count; w++) {
            totals.cost += plan_cost(plan, place, &choice->works[w]);
        }
        totals.works += choice->count;
        totals.villages += seen[place] ? 0 : 1;
        totals.residents += seen[place] ? 0.0 : plan->residents[place];
        seen[place] = true;
    }
    arena_rewind(plan->cx->arena, mark);
    return totals;
}

static int64_t gap_ppm(const struct plan_answer *answer)
{
    double gap = (double)(answer->solved.bound - answer->solved.value);

    return answer->solved.value <= 0
               ? 0
               : (int64_t)(gap / (double)answer->solved.value * 1000000.0 + 0.999999);
}

static str proof_of(const struct plan_case *plan, const struct plan_answer *answer)
{
    switch (answer->solved.status) {
    case SOLVE_OPTIMAL:
        return msg(plan, MSG_PLAN_PROOF_MET);
    case SOLVE_SEARCHED:
        return msg(plan, MSG_PLAN_PROOF_SEARCHED);
    case SOLVE_CERTIFIED:
    case SOLVE_NO_PLAN:
    case SOLVE_IMPOSSIBLE:
        return msg(plan, MSG_PLAN_PROOF_CERTIFIED);
    }
    NEVER("a proof of no kind");
}

static const struct fact *facts_of(const struct plan_case *plan, const struct plan_answer *answer,
                                   int *out_count)
{
    struct arena *arena = plan->cx->arena;
    struct fact *facts = ARENA_NEW(arena, struct fact, 9);
    struct buf run;
    struct buf tiers;
    struct buf years;
    str text[3];
    int n = 0;

    buf_init(&run, arena, 64);
    buf_int(&run, answer->run);
    buf_init(&tiers, arena, 64);
    buf_int(&tiers, plan->tier_run.id);
    buf_init(&years, arena, 64);
    buf_int(&years, plan->options.first_year);
    buf_char(&years, '-');
    buf_int(&years, plan->options.first_year + plan->options.year_count - 1);
    MUST(buf_done(&run, &text[0]) && buf_done(&tiers, &text[1]) && buf_done(&years, &text[2]));
    facts[n++] = (struct fact){STR("run"), msg(plan, MSG_PLAN_FACT_RUN), out_text(text[0])};
    facts[n++] = (struct fact){STR("tiers"), msg(plan, MSG_PLAN_FACT_TIERS), out_text(text[1])};
    facts[n++] = (struct fact){STR("years"), msg(plan, MSG_PLAN_FACT_YEARS), out_text(text[2])};
    facts[n++] = (struct fact){STR("programme"), msg(plan, MSG_PLAN_FACT_PROGRAMME),
                               out_text(str_part(hash_hex(plan->programme->hash, arena), 0, 12))};
    facts[n++] = (struct fact){STR("seed"), msg(plan, MSG_PLAN_FACT_SEED),
                               out_int((int64_t)plan->options.seed)};
    facts[n++] = (struct fact){STR("value"), msg(plan, MSG_PLAN_FACT_VALUE),
                               out_fixed(answer->solved.value / POINT_UNITS, 0)};
    facts[n++] =
        (struct fact){STR("bound"), msg(plan, MSG_PLAN_FACT_BOUND),
                      out_fixed((answer->solved.bound + POINT_UNITS - 1) / POINT_UNITS, 0)};
    facts[n++] = (struct fact){STR("gap"), msg(plan, MSG_PLAN_FACT_GAP),
                               out_ratio(gap_ppm(answer), 1000000, GAP_DECIMALS)};
    facts[n++] = (struct fact){STR("proof"), msg(plan, MSG_PLAN_FACT_PROOF),
                               out_text(proof_of(plan, answer))};
    *out_count = n;
    return facts;
}

static const str *notes_of(const struct plan_case *plan, const struct plan_answer *answer,
                           int *out_count)
{
    str *notes = ARENA_NEW(plan->cx->arena, str, 5);
    struct plan_unknowns unknowns = plan_count_unknowns(plan);
    const struct unit *units = plan->tiers->tree->units;
    int root = plan->tiers->options.root;
    struct totals totals = totals_of(plan, answer, root, units[root].end);
    str notice = text_in(plan->programme->notice, plan->cx->lang);
    int n = 0;

    notes[n++] = SENTENCE(
        plan, MSG_PLAN_NOTE_SPENDS, arg_count(totals.cost / plan->programme->money.display_fen),
        arg_text(text_in(plan->programme->money.display_name, plan->cx->lang)),
        arg_count(totals.villages), arg_count(totals.works), arg_count((int64_t)totals.residents));
    notes[n++] = SENTENCE(plan, MSG_PLAN_NOTE_PROOF, arg_fixed(gap_ppm(answer), 4));
    if (plan->unmet_count > 0) {
        notes[n++] = SENTENCE(plan, MSG_PLAN_NOTE_UNMET, arg_count(plan->unmet_count));
    }
    if (unknowns.villages > 0) {
        notes[n++] = plan_unknowns_text(plan, &unknowns);
    }
    if (notice.len > 0) {
        notes[n++] = notice;
    }
    *out_count = n;
    return notes;
}

static enum rc begin(const struct plan_case *plan, const struct plan_answer *answer,
                     struct table *table, const struct table_sink *sink)
{
    table->facts = facts_of(plan, answer, &table->fact_count);
    table->notes = notes_of(plan, answer, &table->note_count);
    return sink->begin(sink->self, table);
}

/* ---- money ---- */

/* What one display unit more brings in points. */
static struct out price_out(const struct plan_case *plan, const struct plan_answer *answer, int row)
{
    const struct plan_row *about = &plan->rows[row];
    int64_t price = plan_slope(plan, answer, row);
    double unit = about->kind == ROW_MONEY || about->kind == ROW_CAP
                      ? (double)plan->programme->money.display_fen
                      : 100.0;
    double points = (double)price / (double)(1 << SOLVE_PRICE_BITS) * unit / POINT_UNITS;
    return out_fixed((int64_t)(points * 100.0 + 0.5), 2);
}

/* Does money left in this row's year serve in a later one? */
static bool is_carried(const struct plan_case *plan, const struct plan_answer *answer, int row)
{
    int later = plan_next_row(plan, row);

    return later != NONE && plan_slope(plan, answer, later) != 0;
}

/* Why something is left: it serves later, nothing more is worth it, or nothing left fits. */
static enum msg_id left_why(const struct plan_case *plan, const struct plan_answer *answer, int row)
{
    if (answer->solved.left[row] == 0) {
        return MSG_PLAN_LEFT_NONE;
    }
    if (answer->solved.prices[row] != 0) {
        return MSG_PLAN_LEFT_LUMPY;
    }
    return is_carried(plan, answer, row) ? MSG_PLAN_LEFT_CARRIED : MSG_PLAN_LEFT_UNNEEDED;
}

static const struct column_row MONEY_COLUMNS[] = {
    {STR_INIT("what"), MSG_PLAN_MONEY_WHAT, 28, false},
    {STR_INIT("owner"), MSG_PLAN_MONEY_OWNER, 16, false},
    {STR_INIT("until"), MSG_PLAN_MONEY_UNTIL, 8, true},
    {STR_INIT("unit"), MSG_PLAN_MONEY_UNIT, 10, false},
    {STR_INIT("limit"), MSG_PLAN_MONEY_LIMIT, 14, false},
    {STR_INIT("used"), MSG_PLAN_MONEY_USED, 14, false},
    {STR_INIT("left"), MSG_PLAN_MONEY_LEFT, 14, false},
    {STR_INIT("worth"), MSG_PLAN_MONEY_WORTH, 16, false},
    {STR_INIT("why"), MSG_PLAN_MONEY_WHY, 40, false},
};

static enum rc put_row(const struct plan_case *plan, const struct plan_answer *answer, int row,
                       const struct table_sink *sink)
{
    const struct plan_row *about = &plan->rows[row];
    int64_t left = answer->solved.left[row];
    const struct out cells[] = {
        out_text(plan_row_name(plan, about)),
        out_text(plan->tiers->tree->units[about->place].name),
        year_out(plan, about->year),
        out_text(plan_row_unit(plan, about)),
        plan_row_amount(plan, about, about->limit),
        plan_row_amount(plan, about, about->limit - left),
        plan_row_amount(plan, about, left),
        price_out(plan, answer, row),
        out_text(msg(plan, left_why(plan, answer, row))),
    };
    return sink->row(sink->self, cells);
}

static enum rc put_money(const struct plan_case *plan, const struct plan_answer *answer,
                         const struct table_sink *sink)
{
    const str notes[] = {
        SENTENCE(plan, MSG_PLAN_NOTE_WORTH,
                 arg_text(text_in(plan->programme->money.display_name, plan->cx->lang)))};
    const struct table table = {
        .name = STR("plan_money"),
        .title = msg(plan, MSG_PLAN_MONEY_TITLE),
        .columns =
            columns_in(plan->cx->lang, MONEY_COLUMNS, COUNT_OF(MONEY_COLUMNS), plan->cx->arena),
        .column_count = COUNT_OF(MONEY_COLUMNS),
        .notes = notes,
        .note_count = COUNT_OF(notes),
        .frozen_columns = 2,
    };

    TRY(sink->begin(sink->self, &table));
    for (int r = 0; r < plan->row_count; r++) {
        TRY(put_row(plan, answer, r, sink));
    }
    return sink->end(sink->self);
}

/* ---- by unit below the root ---- */

static const struct column_row PART_COLUMNS[] = {
    {STR_INIT("unit"), MSG_PLAN_PART_UNIT, 18, false},
    {STR_INIT("villages"), MSG_PLAN_PART_VILLAGES, 12, false},
    {STR_INIT("works"), MSG_PLAN_PART_WORKS, 10, false},
    {STR_INIT("cost"), MSG_PLAN_PART_COST, 16, false},
    {STR_INIT("residents"), MSG_PLAN_PART_RESIDENTS, 14, false},
};

static enum rc put_part(const struct plan_case *plan, const struct plan_answer *answer, int place,
                        enum tone tone, const struct table_sink *sink)
{
    const struct unit *unit = &plan->tiers->tree->units[place];
    struct totals totals = totals_of(plan, answer, place, unit->end);
    const struct out cells[] = {
        out_toned(out_text(unit->name), tone),
        out_toned(out_int(totals.villages), tone),
        out_toned(out_int(totals.works), tone),
        out_toned(money_out(plan, totals.cost), tone),
        out_toned(out_int((int64_t)totals.residents), tone),
    };

    return sink->row(sink->self, cells);
}

static enum rc put_parts(const struct plan_case *plan, const struct plan_answer *answer, int level,
                         const struct table_sink *sink)
{
    const struct unit *units = plan->tiers->tree->units;
    int root = plan->tiers->options.root;
    struct table table = {
        .name = level == NONE ? STR("plan_summary") : STR("plan_counties"),
        .title =
            level == NONE
                ? msg(plan, MSG_PLAN_SUMMARY_TITLE)
                : SENTENCE(plan, MSG_PLAN_PARTS_TITLE,
                           arg_text(text_in(plan->programme->levels[level].name, plan->cx->lang))),
        .columns = plan_columns(plan, PART_COLUMNS, COUNT_OF(PART_COLUMNS), 3),
        .column_count = COUNT_OF(PART_COLUMNS),
        .frozen_columns = 1,
        .chart = {.kind = CHART_COLUMNS,
                  .title = SENTENCE(
                      plan, MSG_PLAN_IN_UNIT, arg_text(msg(plan, MSG_PLAN_SUMMARY_CHART)),
                      arg_text(text_in(plan->programme->money.display_name, plan->cx->lang))),
                  .value_columns = {3, -1, -1, -1}},
    };

    TRY(begin(plan, answer, &table, sink));
    for (int at = root + 1; at < units[root].end; at++) {
        bool is_part = level == NONE ? units[at].parent == root : units[at].level == level;
        if (is_part) {
            TRY(put_part(plan, answer, at, TONE_PLAIN, sink));
        }
    }
    TRY(put_part(plan, answer, root, TONE_TOTAL, sink));
    return sink->end(sink->self);
}

enum rc plan_summary_table(struct plan_case *plan, const struct plan_answer *answer,
                           const struct table_sink *sink)
{
    return put_parts(plan, answer, NONE, sink);
}

/* ---- works ---- */

static const struct column_row WORK_COLUMNS[] = {
    {STR_INIT("code"), MSG_PLAN_WORK_CODE, 15, true},
    {STR_INIT("where"), MSG_PLAN_WORK_WHERE, 34, false},
    {STR_INIT("tier"), MSG_PLAN_WORK_TIER, 16, false},
    {STR_INIT("measure"), MSG_PLAN_WORK_MEASURE, 20, false},
    {STR_INIT("level"), MSG_PLAN_WORK_LEVEL, 18, false},
    {STR_INIT("begins"), MSG_PLAN_WORK_BEGINS, 9, true},
    {STR_INIT("done"), MSG_PLAN_WORK_DONE, 9, true},
    {STR_INIT("recipe"), MSG_PLAN_WORK_RECIPE, 16, false},
    {STR_INIT("cost"), MSG_PLAN_WORK_COST, 13, false},
};

enum { COLUMNS_MAX = COUNT_OF(WORK_COLUMNS) + PROGRAMME_FUNDS_MAX };

static int work_columns(const struct plan_case *plan, struct column *columns)
{
    int n = (int)COUNT_OF(WORK_COLUMNS);
    str unit = text_in(plan->programme->money.display_name, plan->cx->lang);

    memcpy(columns, plan_columns(plan, WORK_COLUMNS, n, n - 1), (size_t)n * sizeof(*columns));
    for (int f = 0; f < plan->programme->fund_count; f++) {
        columns[n++] = (struct column){
            .key = plan->programme->funds[f].id,
            .title = text_in(plan->programme->funds[f].name, plan->cx->lang),
            .group = SENTENCE(plan, MSG_PLAN_IN_UNIT, arg_text(msg(plan, MSG_PLAN_GROUP_FUNDS)),
                              arg_text(unit)),
            .width = 14,
        };
    }
    return n;
}

static enum rc put_work(const struct plan_case *plan, int place, const struct plan_work *work,
                        const struct table_sink *sink)
{
    enum lang lang = plan->cx->lang;
    const struct measure *measure = &plan->programme->measures[work->measure];
    const struct recipe *recipe = &plan->programme->recipes[work->recipe];
    int unit = plan->tiers->panel.places[plan->tiers->rows[place]];
    struct out cells[COLUMNS_MAX];
    int64_t fen[PROGRAMME_FUNDS_MAX];
    int fund[PROGRAMME_FUNDS_MAX];
    int n = 0;

    cells[n++] = out_text(plan->tiers->tree->units[unit].code);
    cells[n++] = out_text(plan_path(plan, unit));
    cells[n++] = tier_out(plan->tiers, plan->tier[place]);
    cells[n++] = out_named(measure->id, text_in(measure->name, lang));
    cells[n++] = out_text(text_in(measure->levels[work->level - 1].name, lang));
    cells[n++] = year_out(plan, work->year);
    cells[n++] = year_out(plan, plan_done_year(plan, work));
    cells[n++] = out_named(recipe->id, text_in(recipe->name, lang));
    cells[n++] = money_out(plan, plan_cost(plan, place, work));
    int first = n;
    for (int f = 0; f < plan->programme->fund_count; f++) {
        cells[n++] = money_out(plan, 0);
    }
    int parts = plan_shares(plan, place, work, fen, fund);
    for (int i = 0; i < parts; i++) {
        cells[first + fund[i]].number += fen[i];
    }
    return sink->row(sink->self, cells);
}

static enum rc put_works(const struct plan_case *plan, const struct plan_answer *answer,
                         const struct table_sink *sink)
{
    struct column columns[COLUMNS_MAX];
    struct table table = {
        .name = STR("plan_works"),
        .title = msg(plan, MSG_PLAN_WORKS_TITLE),
        .columns = columns,
        .frozen_columns = 2,
    };

    table.column_count = work_columns(plan, columns);
    TRY(sink->begin(sink->self, &table));
    for (int g = 0; g < plan->problem.groups; g++) {
        const struct plan_choice *choice = choice_of(plan, answer, g);
        struct arena_mark mark = arena_mark(plan->cx->arena);
        for (int w = 0; w < choice->count; w++) {
            TRY(put_work(plan, plan->group_of[g] % plan->count, &choice->works[w], sink));
        }
        arena_rewind(plan->cx->arena, mark);
    }
    return sink->end(sink->self);
}

/* ---- what was asked for and not reached ---- */

static const struct column_row UNMET_COLUMNS[] = {
    {STR_INIT("code"), MSG_PLAN_WORK_CODE, 15, true},
    {STR_INIT("where"), MSG_PLAN_WORK_WHERE, 34, false},
    {STR_INIT("tier"), MSG_PLAN_WORK_TIER, 16, false},
    {STR_INIT("indicator"), MSG_PLAN_UNMET_INDICATOR, 26, false},
    {STR_INIT("now"), MSG_PLAN_UNMET_NOW, 12, false},
    {STR_INIT("needed"), MSG_PLAN_UNMET_NEEDED, 12, false},
    {STR_INIT("by_year"), MSG_PLAN_UNMET_YEAR, 9, true},
};

static enum rc put_unmet_one(const struct plan_case *plan, const struct plan_unmet *unmet,
                             const struct table_sink *sink)
{
    const struct standard *standard = &plan->programme->standards[unmet->standard];
    const struct indicator *indicator = &plan->programme->indicators[standard->indicator];
    int row = plan->tiers->rows[unmet->place];
    int unit = plan->tiers->panel.places[row];
    const struct out cells[] = {
        out_text(plan->tiers->tree->units[unit].code),
        out_text(plan_path(plan, unit)),
        tier_out(plan->tiers, plan->tier[unmet->place]),
        out_named(indicator->id, text_in(indicator->name, plan->cx->lang)),
        panel_out(&plan->tiers->panel, standard->indicator, row),
        out_text(plan_standard_value(plan, standard)),
        out_fixed(standard->by_year, 0),
    };
    return sink->row(sink->self, cells);
}

static enum rc put_unmet(const struct plan_case *plan, const struct table_sink *sink)
{
    const str notes[] = {msg(plan, MSG_PLAN_UNMET_NOTE)};
    const struct table table = {
        .name = STR("plan_unmet"),
        .title = msg(plan, MSG_PLAN_UNMET_TITLE),
        .columns =
            columns_in(plan->cx->lang, UNMET_COLUMNS, COUNT_OF(UNMET_COLUMNS), plan->cx->arena),
        .column_count = COUNT_OF(UNMET_COLUMNS),
        .notes = notes,
        .note_count = COUNT_OF(notes),
        .frozen_columns = 2,
    };

    TRY(sink->begin(sink->self, &table));
    for (int i = 0; i < plan->unmet_count; i++) {
        TRY(put_unmet_one(plan, &plan->unmet[i], sink));
    }
    return sink->end(sink->self);
}

enum rc plan_tables(struct plan_case *plan, const struct plan_answer *answer,
                    const struct table_sink *sink)
{
    TRY(put_parts(plan, answer, NONE, sink));
    TRY(put_money(plan, answer, sink));
    TRY(plan_put_worth(plan, answer, sink));
    if (plan->limits->lock_count > 0) {
        TRY(plan_put_locks(plan, answer, sink));
    }
    TRY(put_parts(plan, answer, plan->programme->partition, sink));
    TRY(put_works(plan, answer, sink));
    TRY(put_unmet(plan, sink));
    return plan_put_unknown(plan, sink);
}
