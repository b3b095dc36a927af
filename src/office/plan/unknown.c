/* What missing data keep out of a plan, or take as there already: named, so that nobody takes
 * silence for a decision. */
#include "office/plan/unknown_in.h"

static const struct column_row COLUMNS[] = {
    {STR_INIT("measure"), MSG_PLAN_WORK_MEASURE, 22, false},
    {STR_INIT("level"), MSG_PLAN_UNKNOWN_LEVEL, 20, false},
    {STR_INIT("why"), MSG_PLAN_UNKNOWN_WHY, 44, false},
    {STR_INIT("looks_at"), MSG_PLAN_UNKNOWN_LOOKS_AT, 40, false},
    {STR_INIT("villages"), MSG_PLAN_PART_VILLAGES, 12, false},
};

/* Without the last one: of one village. */
enum { ALL_COLUMNS = COUNT_OF(COLUMNS), VILLAGE_COLUMNS = COUNT_OF(COLUMNS) - 1 };

static const struct {
    str key;
    enum msg_id says;
} WHYS[] = {
    [PLAN_KNOWN] = {STR_INIT(""), MSG_PLAN_UNKNOWN_QUANTITY},
    [UNKNOWN_QUANTITY] = {STR_INIT("quantity_unknown"), MSG_PLAN_UNKNOWN_QUANTITY},
    [UNKNOWN_CONDITION] = {STR_INIT("condition_unknown"), MSG_PLAN_UNKNOWN_CONDITION},
    [UNKNOWN_FARMLAND] = {STR_INIT("farmland_unknown"), MSG_PLAN_UNKNOWN_FARMLAND},
    [UNKNOWN_NEED] = {STR_INIT("need_unpriced"), MSG_PLAN_UNKNOWN_NEED},
};

/* A need counts as met where no level of its measure may be built (options.c); is that for want of
 * data? */
static bool is_unpriced(const struct plan_looks *looks, const struct need *need)
{
    const struct measure *about = &looks->programme->measures[need->measure];
    bool is_unknown = false;

    for (int l = need->level - 1; l < about->level_count; l++) {
        const struct plan_look *look = &looks->at[need->measure * looks->stride + l];
        if (look->may) {
            return false;
        }
        is_unknown = is_unknown || look->unknown != PLAN_KNOWN;
    }
    return is_unknown;
}

/* Why one level is not, or not rightly, weighed. */
static enum plan_unknown unknown_of(const struct plan_looks *looks, int measure, int level)
{
    const struct measure_level *step = &looks->programme->measures[measure].levels[level];
    const struct plan_look *look = &looks->at[measure * looks->stride + level];

    if (!look->may) {
        return look->unknown;
    }
    if (step->farmland > 0 && looks->is_farmland_unknown) {
        return UNKNOWN_FARMLAND;
    }
    for (int n = 0; n < step->need_count; n++) {
        if (is_unpriced(looks, &step->needs[n])) {
            return UNKNOWN_NEED;
        }
    }
    return PLAN_KNOWN;
}

/* The lowest level of a measure of which something is unknown. */
static enum plan_unknown first_unknown(const struct plan_looks *looks, int measure, int *out_level)
{
    enum plan_unknown why = PLAN_KNOWN;

    for (int l = 0; why == PLAN_KNOWN && l < looks->programme->measures[measure].level_count; l++) {
        why = unknown_of(looks, measure, l);
        *out_level = l;
    }
    return why;
}

static struct plan_looks looks_for(const struct programme *programme, struct arena *arena)
{
    struct plan_looks looks = {.programme = programme, .stride = 1};

    for (int m = 0; m < programme->measure_count; m++) {
        int levels = programme->measures[m].level_count;
        looks.stride = levels > looks.stride ? levels : looks.stride;
    }
    looks.at =
        ARENA_NEW(arena, struct plan_look, (size_t)(looks.stride * programme->measure_count));
    return looks;
}

/* ---- words ---- */

static str join(const struct cx *cx, str text, str one)
{
    const struct arg both[] = {arg_text(text), arg_text(one)};
    struct buf buf;

    if (text.len == 0) {
        return one;
    }
    buf_init(&buf, cx->arena, 8192);
    msg_put(&buf, cx->lang, MSG_PLAN_LIST_WORDS, both, COUNT_OF(both));
    return buf_done(&buf, &text) ? text : STR("…");
}

static str inputs_of(const struct cx *cx, const struct programme *programme,
                     const struct formula *formula)
{
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(formula->code, &count);
    str text = {0};

    for (size_t i = 0; i < count; i++) {
        text = join(cx, text, text_in(programme->indicators[inputs[i].id].name, cx->lang));
    }
    return text;
}

static str needs_of(const struct cx *cx, const struct programme *programme,
                    const struct measure_level *step)
{
    str text = {0};

    for (int n = 0; n < step->need_count; n++) {
        text = join(cx, text, text_in(programme->measures[step->needs[n].measure].name, cx->lang));
    }
    return text;
}

/* What to look at, so that it may be known. */
static str looks_at(const struct cx *cx, const struct programme *programme,
                    const struct measure_level *step, enum plan_unknown why)
{
    const struct board *board = &programme->board;

    switch (why) {
    case UNKNOWN_QUANTITY:
        return inputs_of(cx, programme, &step->quantity);
    case UNKNOWN_CONDITION:
        return inputs_of(cx, programme, &step->when);
    case UNKNOWN_FARMLAND:
        return join(cx, text_in(programme->indicators[board->farmland_held].name, cx->lang),
                    text_in(programme->indicators[board->farmland_floor].name, cx->lang));
    case UNKNOWN_NEED:
        return needs_of(cx, programme, step);
    case PLAN_KNOWN:
        return STR("");
    }
    NEVER("something unknown of no kind");
}

static void put_cells(const struct cx *cx, const struct plan_looks *looks, int measure, int level,
                      enum plan_unknown why, struct out *cells)
{
    const struct measure *about = &looks->programme->measures[measure];

    cells[0] = out_named(about->id, text_in(about->name, cx->lang));
    cells[1] = out_text(text_in(about->levels[level].name, cx->lang));
    cells[2] = out_named(WHYS[why].key, msg_text(cx->lang, WHYS[why].says));
    cells[3] = out_text(looks_at(cx, looks->programme, &about->levels[level], why));
}

/* ---- of a plan ---- */

static bool is_farmland_unknown(const struct plan_case *plan, int place)
{
    int unit = plan->tiers->panel.places[plan->tiers->rows[place]];
    int owner = unit_tree_above(plan->tiers->tree, unit, plan->programme->partition);
    int row = owner == NONE
                  ? NONE
                  : plan_find_row(plan, ROW_FARMLAND, 0, owner, plan->options.year_count - 1);

    return row != NONE && plan->rows[row].is_unknown;
}

static void look_in(const struct plan_case *plan, int place, struct plan_looks *looks)
{
    for (int m = 0; m < plan->programme->measure_count; m++) {
        for (int l = 0; l < plan->programme->measures[m].level_count; l++) {
            const struct plan_price *price = &plan->prices[m][l];
            looks->at[m * looks->stride + l] =
                (struct plan_look){price->may[place], price->unknown[place]};
        }
    }
    looks->is_farmland_unknown = is_farmland_unknown(plan, place);
}

/* Villages by level of a measure and by what is unknown. */
static int64_t *count_at(const struct plan_unknowns *unknowns, int measure, int level,
                         enum plan_unknown why)
{
    int at = (measure * unknowns->looks.stride + level) * PLAN_UNKNOWN_KINDS + (int)why;

    return &unknowns->counts[at];
}

struct plan_unknowns plan_count_unknowns(const struct plan_case *plan)
{
    struct arena *arena = plan->cx->arena;
    struct plan_unknowns all = {.looks = looks_for(plan->programme, arena)};
    size_t cells = (size_t)(plan->programme->measure_count * all.looks.stride) * PLAN_UNKNOWN_KINDS;

    all.counts = ARENA_NEW(arena, int64_t, cells);
    for (int i = 0; i < plan->count; i++) {
        bool is_touched = false;
        look_in(plan, i, &all.looks);
        for (int m = 0; m < plan->programme->measure_count; m++) {
            int level = 0;
            enum plan_unknown why = first_unknown(&all.looks, m, &level);
            *count_at(&all, m, level, why) += 1;
            all.by_kind[why]++;
            is_touched = is_touched || why != PLAN_KNOWN;
        }
        all.villages += is_touched ? 1 : 0;
    }
    return all;
}

static enum rc put_rows(const struct plan_case *plan, const struct plan_unknowns *all, int measure,
                        int level, const struct table_sink *sink)
{
    for (enum plan_unknown why = UNKNOWN_QUANTITY; why <= UNKNOWN_NEED; why++) {
        int64_t count = *count_at(all, measure, level, why);
        struct out cells[ALL_COLUMNS];
        if (count > 0) {
            put_cells(plan->cx, &all->looks, measure, level, why, cells);
            cells[VILLAGE_COLUMNS] = out_int(count);
            TRY(sink->row(sink->self, cells));
        }
    }
    return RC_OK;
}

str plan_unknowns_text(const struct plan_case *plan, const struct plan_unknowns *all)
{
    int64_t out = all->by_kind[UNKNOWN_QUANTITY] + all->by_kind[UNKNOWN_CONDITION] +
                  all->by_kind[UNKNOWN_FARMLAND];

    return SENTENCE(plan, MSG_PLAN_NOTE_UNKNOWN, arg_count(all->villages), arg_count(out),
                    arg_count(all->by_kind[UNKNOWN_FARMLAND]),
                    arg_count(all->by_kind[UNKNOWN_NEED]));
}

enum rc plan_put_unknown(const struct plan_case *plan, const struct table_sink *sink)
{
    struct plan_unknowns all = plan_count_unknowns(plan);
    const str notes[] = {plan_unknowns_text(plan, &all)};
    const struct table table = {
        .name = STR("plan_unknown"),
        .title = msg_text(plan->cx->lang, MSG_PLAN_UNKNOWN_TITLE),
        .columns = columns_in(plan->cx->lang, COLUMNS, ALL_COLUMNS, plan->cx->arena),
        .column_count = ALL_COLUMNS,
        .notes = notes,
        .note_count = COUNT_OF(notes),
    };

    TRY(sink->begin(sink->self, &table));
    for (int m = 0; m < plan->programme->measure_count; m++) {
        for (int l = 0; l < plan->programme->measures[m].level_count; l++) {
            TRY(put_rows(plan, &all, m, l, sink));
        }
    }
    return sink->end(sink->self);
}

/* ---- of one village ---- */

struct finding {
    struct unit_id unit;
    int tier;
};

static enum rc find_tier(void *self, struct unit_id unit, const struct tier_result *result)
{
    struct finding *finding = self;

    finding->tier = unit.v == finding->unit.v ? result->tier : finding->tier;
    return RC_OK;
}

static bool is_nothing_known(const struct panel *panel, int indicator, int row)
{
    return row == NONE || panel_state(panel, indicator, row) != EXPR_KNOWN;
}

/* Is what there is, or what must be held, of farmland unknown in the village's county? */
static enum rc look_at_farmland(const struct cx *cx, const struct plan_question *question,
                                bool *out)
{
    const struct programme *programme = question->programme;
    const struct board *board = &programme->board;
    int owner = unit_tree_above(question->tree, question->place, programme->partition);
    const struct panel_of of = {question->tree, programme, question->numbers, programme->partition,
                                owner};
    struct panel panel = {0};

    *out = false;
    if (owner == NONE || board->farmland_held == NONE || board->farmland_floor == NONE) {
        return RC_OK;
    }
    TRY(panel_load(cx, &of, question->run->period, &panel));
    int row = panel.rows[owner];
    *out = is_nothing_known(&panel, board->farmland_held, row) ||
           is_nothing_known(&panel, board->farmland_floor, row);
    return RC_OK;
}

/* Every level of every measure that is open to the village's tier, `tier` by place in the
 * programme. */
static enum rc look_at_levels(const struct cx *cx, const struct plan_question *question, int tier,
                              struct plan_looks *looks)
{
    const struct unit_tree *tree = question->tree;
    const struct unit *unit = &tree->units[question->place];
    const struct panel_of of = {tree, question->programme, question->numbers, unit->level,
                                question->place};
    struct panel panel = {0};

    TRY(panel_load(cx, &of, question->run->period, &panel));
    for (int m = 0; m < question->programme->measure_count; m++) {
        const struct measure *about = &question->programme->measures[m];
        bool is_open = (about->tiers >> tier & 1U) != 0;
        for (int l = 0; l < about->level_count; l++) {
            struct plan_steps steps = plan_steps_of(&panel, &about->levels[l]);
            looks->at[m * looks->stride + l] =
                plan_look_at(&steps, panel.rows[question->place], is_open);
        }
    }
    return RC_OK;
}

/* The tier of the village in the run the plan rests on, by place in the programme; NONE. */
static enum rc tier_of(const struct cx *cx, const struct plan_question *question, int *out)
{
    const struct programme *programme = question->programme;
    int scheme = programme_scheme(programme, question->run->scheme);
    struct finding finding = {question->tree->units[question->place].id, TIER_NONE};

    *out = NONE;
    TRY(tier_each(cx, question->run->rests_on, find_tier, &finding));
    for (int t = 0; finding.tier != TIER_NONE && t < programme->tier_count; t++) {
        if (programme->tiers[t].scheme == scheme && finding.tier-- == 0) {
            *out = t;
            return RC_OK;
        }
    }
    return RC_OK;
}

static enum rc put_village(const struct cx *cx, const struct plan_looks *looks,
                           const struct table_sink *sink)
{
    for (int m = 0; m < looks->programme->measure_count; m++) {
        int level = 0;
        enum plan_unknown why = first_unknown(looks, m, &level);
        struct out cells[ALL_COLUMNS];
        if (why != PLAN_KNOWN) {
            put_cells(cx, looks, m, level, why, cells);
            TRY(sink->row(sink->self, cells));
        }
    }
    return RC_OK;
}

enum rc plan_explain_unknown(const struct cx *cx, const struct plan_question *question,
                             const struct table_sink *sink)
{
    struct plan_looks looks = looks_for(question->programme, cx->arena);
    const struct table table = {
        .name = STR("plan_unknown_of_unit"),
        .title = msg_text(cx->lang, MSG_PLAN_UNKNOWN_TITLE),
        .columns = columns_in(cx->lang, COLUMNS, VILLAGE_COLUMNS, cx->arena),
        .column_count = VILLAGE_COLUMNS,
    };
    int tier = NONE;

    TRY(tier_of(cx, question, &tier));
    if (tier == NONE) {
        return RC_OK;
    }
    TRY(look_at_levels(cx, question, tier, &looks));
    TRY(look_at_farmland(cx, question, &looks.is_farmland_unknown));
    TRY(sink->begin(sink->self, &table));
    TRY(put_village(cx, &looks, sink));
    return sink->end(sink->self);
}
