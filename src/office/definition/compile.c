/* Formulas compiled against the indicators, and derived indicators put in an order in which each
 * stands behind what it is made of. */
#include "calc/expr/expr.h"

#include "office/definition/reader.h"

static bool find_name(void *self, str name, struct expr_name *out)
{
    static const enum expr_kind KINDS[] = {
        [VALUE_INTEGER] = EXPR_NUMBER,  [VALUE_DECIMAL] = EXPR_NUMBER,
        [VALUE_PERCENT] = EXPR_PERCENT, [VALUE_BOOLEAN] = EXPR_BOOL,
        [VALUE_ENUM] = EXPR_ENUM,
    };
    const struct reader *reader = self;
    int64_t place = 0;

    if (!map_get(&reader->ids[SECTION_INDICATORS], name, &place)) {
        return false;
    }
    const struct indicator *indicator = &reader->out->indicators[place];
    bool is_real = indicator->type == VALUE_PERCENT || indicator->formula.source.len > 0;
    *out = (struct expr_name){
        .id = place,
        .kind = KINDS[indicator->type],
        .decimals = is_real ? EXPR_REAL : indicator->decimals,
        .unit = programme_gauge_text(reader->out, indicator->gauge),
        .labels = indicator->labels,
    };
    if (out->kind != EXPR_NUMBER) {
        out->unit = STR("");
    }
    return true;
}

static str nearest_name(void *self, str name)
{
    const struct reader *reader = self;
    struct nearest near;

    nearest_begin(&near, name);
    for (int i = 0; i < reader->out->indicator_count; i++) {
        nearest_offer(&near, reader->out->indicators[i].id);
    }
    return near.best;
}

static int64_t common(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* How many of the smallest common part of its quantity one of a gauge is: 亩 = 2000/3 m² and
 * m² = 1 become 2000 and 3. */
static struct expr_unit_rule rule_of(const struct programme *programme, const struct gauge *gauge)
{
    int64_t parts = 1;

    for (int i = 0; i < programme->gauge_count; i++) {
        const struct gauge *other = &programme->gauges[i];
        if (str_equal(other->quantity, gauge->quantity) && parts <= INT32_MAX) {
            int64_t shared = common(parts, other->den);
            MUST(shared > 0);
            parts = parts / shared * other->den;
        }
    }
    return (struct expr_unit_rule){
        .name = gauge->id,
        .factor = gauge->num * (parts / gauge->den),
        .base = gauge->quantity,
    };
}

static struct expr_names names_of(struct reader *reader)
{
    const struct programme *programme = reader->out;
    struct expr_unit_rule *rules =
        ARENA_NEW(reader->arena, struct expr_unit_rule, (size_t)programme->gauge_count);

    for (int i = 0; i < programme->gauge_count; i++) {
        rules[i] = rule_of(programme, &programme->gauges[i]);
    }
    return (struct expr_names){
        .self = reader,
        .find = find_name,
        .nearest = nearest_name,
        .unit_rules = rules,
        .unit_rule_count = (size_t)programme->gauge_count,
    };
}

struct compiling {
    struct reader *reader;
    struct expr_names names;
};

/* An indicator is known at a level when it is the level's own, or comes up from below. */
static bool is_known_at(const struct indicator *indicator, int level)
{
    uint32_t own = UINT32_C(1) << level;
    uint32_t below = ~(own | (own - 1));

    return (indicator->levels & own) != 0 ||
           ((indicator->levels & below) != 0 && indicator->aggregate != AGGREGATE_NONE);
}

static void check_levels(struct reader *reader, const struct formula *formula, int level)
{
    size_t count = 0;
    const struct expr_input *inputs = expr_inputs(formula->code, &count);

    for (size_t i = 0; i < count; i++) {
        const struct indicator *input = &reader->out->indicators[inputs[i].id];
        if (!is_known_at(input, level)) {
            SAY_ERROR(reader->problems, formula->place, MSG_DEFINITION_NOT_AT_LEVEL,
                      arg_text(input->id), arg_text(reader->out->levels[level].id));
        }
    }
}

static void compile(struct compiling *c, struct formula *formula, struct expr_want want, int level)
{
    struct err err = {0};
    struct reader *reader = c->reader;

    if (formula->source.len == 0) {
        return;
    }
    if (expr_compile(formula->source, &c->names, &want, reader->arena, &formula->code, &err) ==
        RC_OK) {
        if (level != NONE) {
            check_levels(reader, formula, level);
        }
        return;
    }
    struct file_place place = formula->place;
    place.column += err.args[0].number > 0 ? (int)err.args[0].number - 1 : 0;
    /* Again, into the row that keeps it: the texts of an err point into itself. */
    MUST(expr_compile(formula->source, &c->names, &want, reader->arena, &formula->code,
                      problem_at(reader->problems, SEVERITY_ERROR, place)) != RC_OK);
}

static void compile_indicators(struct compiling *c)
{
    struct indicator *indicators = thaw(c->reader->out->indicators);

    for (int i = 0; i < c->reader->out->indicator_count; i++) {
        struct indicator *indicator = &indicators[i];
        struct expr_name name = {0};
        (void)find_name(c->reader, indicator->id, &name);
        struct expr_want want = {.kind = name.kind, .unit = name.unit, .labels = name.labels};
        compile(c, &indicator->formula, want, NONE);
        for (int level = 0; indicator->formula.code != NULL && level < c->reader->out->level_count;
             level++) {
            if ((indicator->levels >> level & 1U) != 0) {
                check_levels(c->reader, &indicator->formula, level);
            }
        }
    }
}

static void compile_conditions(struct compiling *c)
{
    const struct expr_want is_true = {.kind = EXPR_BOOL};
    struct programme *out = c->reader->out;
    struct rule *rules = thaw(out->rules);
    struct tier_gate *gates = thaw(out->gates);

    for (int i = 0; i < out->rule_count; i++) {
        compile(c, &rules[i].formula, is_true, rules[i].level);
    }
    for (int i = 0; i < out->gate_count; i++) {
        int scheme = gates[i].scheme;
        compile(c, &gates[i].formula, is_true, scheme == NONE ? NONE : out->schemes[scheme].level);
    }
}

static void compile_measures(struct compiling *c)
{
    struct programme *out = c->reader->out;
    const struct measure *measures = out->measures;
    bool has_scheme = out->board.is_given && out->board.scheme != NONE;
    int level = has_scheme ? out->schemes[out->board.scheme].level : NONE;

    for (int i = 0; i < out->measure_count; i++) {
        struct measure_level *levels = thaw(measures[i].levels);
        for (int k = 0; k < measures[i].level_count; k++) {
            struct expr_want count = {.kind = EXPR_NUMBER,
                                      .unit = programme_gauge_text(out, levels[k].gauge)};
            compile(c, &levels[k].quantity, count, level);
            compile(c, &levels[k].when, (struct expr_want){.kind = EXPR_BOOL}, level);
        }
    }
}

/* Whether everything `indicator` is made of stands in the order already. */
static bool is_ready(const struct programme *programme, int indicator, const bool *is_placed)
{
    size_t count = 0;
    const struct expr_input *inputs =
        expr_inputs(programme->indicators[indicator].formula.code, &count);

    for (size_t i = 0; i < count; i++) {
        const struct indicator *input = &programme->indicators[inputs[i].id];
        if (input->formula.code != NULL && !is_placed[inputs[i].id]) {
            return false;
        }
    }
    return true;
}

static void order_derived(struct reader *reader)
{
    struct programme *out = reader->out;
    int *order = ARENA_NEW(reader->arena, int, (size_t)out->indicator_count);
    bool *is_placed = ARENA_NEW(reader->arena, bool, (size_t)out->indicator_count);
    int count = 0;

    for (int before = -1; before < count;) {
        before = count;
        for (int i = 0; i < out->indicator_count; i++) {
            if (out->indicators[i].formula.code != NULL && !is_placed[i] &&
                is_ready(out, i, is_placed)) {
                is_placed[i] = true;
                order[count++] = i;
            }
        }
    }
    for (int i = 0; i < out->indicator_count; i++) {
        if (out->indicators[i].formula.code != NULL && !is_placed[i]) {
            SAY_ERROR(reader->problems, out->indicators[i].formula.place, MSG_DEFINITION_CYCLE,
                      arg_text(out->indicators[i].id));
        }
    }
    out->derived = (struct ints){order, count};
}

static void mark_inputs(struct indicator *indicators, const struct formula *formula, unsigned use)
{
    size_t count = 0;
    const struct expr_input *inputs =
        formula->code == NULL ? NULL : expr_inputs(formula->code, &count);

    for (size_t i = 0; i < count; i++) {
        indicators[inputs[i].id].use |= use;
    }
}

static void mark_level(struct indicator *indicators, const struct measure_level *level)
{
    mark_inputs(indicators, &level->quantity, USE_PLAN);
    mark_inputs(indicators, &level->when, USE_PLAN);
    for (int i = 0; i < level->effect_count; i++) {
        if (level->effects[i].indicator != NONE) {
            indicators[level->effects[i].indicator].use |= USE_PLAN;
        }
    }
}

/* What an indicator is used for follows from what names it. */
static void mark_uses(struct reader *reader)
{
    const struct programme *out = reader->out;
    struct indicator *indicators = thaw(out->indicators);

    for (int i = 0; i < out->criterion_count; i++) {
        if (out->criteria[i].indicator != NONE) {
            indicators[out->criteria[i].indicator].use |= USE_CLASSIFY;
        }
    }
    for (int i = 0; i < out->gate_count; i++) {
        mark_inputs(indicators, &out->gates[i].formula, USE_GATE);
    }
    for (int i = 0; i < out->measure_count; i++) {
        for (int k = 0; k < out->measures[i].level_count; k++) {
            mark_level(indicators, &out->measures[i].levels[k]);
        }
    }
}

void definition_compile(struct reader *reader)
{
    struct compiling c = {.reader = reader, .names = names_of(reader)};

    compile_indicators(&c);
    compile_conditions(&c);
    compile_measures(&c);
    order_derived(reader);
    mark_uses(reader);
}
