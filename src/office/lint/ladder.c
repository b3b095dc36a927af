/* Schemes, criteria, tiers, gates and quotas. */
#include "calc/expr/expr.h"
#include "office/lint/lint.h"

static void need_basis(struct problems *problems, str basis, str id, struct file_place place)
{
    if (basis.len == 0) {
        SAY_ERROR(problems, place, MSG_LINT_NO_BASIS, arg_text(id));
    }
}

/* What is scored or gates must not reward hiding. `is_less_better`: a low value helps. */
static void lint_incentive(const struct programme *programme, int indicator, bool is_less_better,
                           struct file_place place, struct problems *problems)
{
    const struct indicator *scored = &programme->indicators[indicator];

    if (scored->is_found) {
        SAY_ERROR(problems, place, MSG_LINT_FOUND_SCORED, arg_text(scored->id));
    }
    if (scored->cheat.len == 0 && scored->formula.source.len == 0) {
        SAY_WARNING(problems, place, MSG_LINT_NO_CHEAT, arg_text(scored->id));
    }
    if (is_less_better && scored->source != NONE && programme->sources[scored->source].is_form) {
        SAY_WARNING(problems, place, MSG_LINT_REWARDS_HIDING, arg_text(scored->id));
    }
}

static bool fits_direction(const struct indicator *indicator, const struct criterion *criterion)
{
    const struct point *points = criterion->points;
    bool is_rising = true;
    bool is_falling = true;

    for (int i = 1; i < criterion->point_count; i++) {
        is_rising = is_rising && points[i].u >= points[i - 1].u;
        is_falling = is_falling && points[i].u <= points[i - 1].u;
    }
    switch (indicator->direction) {
    case DIRECTION_DESCRIPTIVE:
        return false;
    case DIRECTION_BENEFIT:
        return is_rising && !is_falling;
    case DIRECTION_COST:
        return is_falling && !is_rising;
    case DIRECTION_TARGET:
        return !is_rising && !is_falling;
    }
    return false;
}

static void lint_criterion(const struct programme *programme, const struct criterion *criterion,
                           struct problems *problems)
{
    need_basis(problems, criterion->basis, criterion->id, criterion->place);
    const struct indicator *indicator = &programme->indicators[criterion->indicator];
    if (indicator->direction == DIRECTION_DESCRIPTIVE) {
        SAY_ERROR(problems, criterion->place, MSG_LINT_DESCRIPTIVE_SCORED, arg_text(indicator->id));
    } else if (!fits_direction(indicator, criterion)) {
        SAY_ERROR(problems, criterion->place, MSG_LINT_DIRECTION_POINTS, arg_text(indicator->id));
    }
    if ((indicator->levels >> programme->schemes[criterion->scheme].level & 1U) == 0) {
        SAY_ERROR(problems, criterion->place, MSG_LINT_CRITERION_LEVEL, arg_text(indicator->id));
    }
    lint_incentive(programme, criterion->indicator, indicator->direction == DIRECTION_COST,
                   criterion->place, problems);
}

enum { CANDIDATES_MAX = 8, COMBINATIONS_MAX = 4096, GATE_INPUTS_MAX = 12 };

/* Values of one input that a gate is tried with. */
struct candidates {
    double at[CANDIDATES_MAX];
    int count;
};

static struct candidates candidates_of(const struct indicator *indicator)
{
    struct candidates all = {0};

    if (indicator->type == VALUE_ENUM) {
        for (int i = 0; i < indicator->choice_count && all.count < CANDIDATES_MAX; i++) {
            all.at[all.count++] = indicator->choices[i].number;
        }
        return all;
    }
    bool is_percent = indicator->type == VALUE_PERCENT;
    double whole = is_percent ? 100 : 1;
    double scale = 1;
    for (int i = 0; is_percent && i < indicator->decimals; i++) {
        scale *= 10;
    }
    double low = (double)indicator->min / scale / whole;
    double high = (double)indicator->max / scale / whole;
    all.count = 3;
    all.at[0] = low;
    all.at[1] = high;
    all.at[2] = low / 2 + high / 2;
    return all;
}

/* Run the gate over every combination of the candidates of its inputs; how often it held. */
static int times_held(const struct formula *formula, const struct candidates *candidates,
                      size_t inputs, int combinations, struct arena *arena)
{
    struct expr_column columns[GATE_INPUTS_MAX] = {0};
    struct expr_result out = {
        .value = ARENA_NEW(arena, double, (size_t)combinations),
        .state = ARENA_NEW(arena, uint8_t, (size_t)combinations),
    };
    int stride = 1;
    int held = 0;

    for (size_t i = 0; i < inputs; i++) {
        double *value = ARENA_NEW(arena, double, (size_t)combinations);
        for (int row = 0; row < combinations; row++) {
            value[row] = candidates[i].at[row / stride % candidates[i].count];
        }
        columns[i].value = value;
        stride *= candidates[i].count;
    }
    expr_run(formula->code, columns, (size_t)combinations, out, arena);
    for (int row = 0; row < combinations; row++) {
        held += out.state[row] == EXPR_KNOWN && out.value[row] > 0 ? 1 : 0;
    }
    return held;
}

/* A gate that nothing passes, or everything, is no gate. Tried at the ends and the middle of the
 * ranges: a hint, hence a warning. */
static void lint_reach(const struct programme *programme, const struct tier_gate *gate,
                       struct problems *problems)
{
    struct candidates candidates[GATE_INPUTS_MAX] = {0};
    size_t inputs = 0;
    const struct expr_input *input = expr_inputs(gate->formula.code, &inputs);
    int combinations = 1;

    if (inputs > GATE_INPUTS_MAX) {
        return;
    }
    for (size_t i = 0; i < inputs; i++) {
        const struct indicator *indicator = &programme->indicators[input[i].id];
        candidates[i] = candidates_of(indicator);
        combinations *= candidates[i].count;
        if (indicator->formula.code != NULL || combinations == 0 ||
            combinations > COMBINATIONS_MAX) {
            return;
        }
    }
    struct arena_mark mark = arena_mark(problems->arena);
    int held = times_held(&gate->formula, candidates, inputs, combinations, problems->arena);
    arena_rewind(problems->arena, mark);
    if (held == 0) {
        SAY_WARNING(problems, gate->place, MSG_LINT_GATE_CLOSED, arg_text(gate->id));
    } else if (held == combinations) {
        SAY_WARNING(problems, gate->place, MSG_LINT_GATE_OPEN, arg_text(gate->id));
    }
}

static void lint_gate(const struct programme *programme, const struct tier_gate *gate,
                      struct problems *problems)
{
    size_t inputs = 0;

    need_basis(problems, gate->basis, gate->id, gate->place);
    for (int i = 0; i < programme->tier_count; i++) {
        bool is_guarded = (gate->tiers >> i & 1U) != 0;
        bool is_last = true;
        for (int k = i + 1; k < programme->tier_count; k++) {
            is_last = is_last && programme->tiers[k].scheme != gate->scheme;
        }
        if (is_guarded && (is_last || programme->tiers[i].scheme != gate->scheme)) {
            SAY_ERROR(problems, gate->place, MSG_LINT_GATE_TIER, arg_text(gate->id),
                      arg_text(programme->tiers[i].id));
        }
    }
    const struct expr_input *input = expr_inputs(gate->formula.code, &inputs);
    for (size_t i = 0; i < inputs; i++) {
        lint_incentive(programme, (int)input[i].id, false, gate->place, problems);
    }
    lint_reach(programme, gate, problems);
}

static void lint_quota(const struct programme *programme, const struct quota *quota,
                       struct problems *problems)
{
    need_basis(problems, quota->basis, quota->id, quota->place);
    if ((quota->count >= 0) == (quota->share_ppm > 0)) {
        SAY_ERROR(problems, quota->place, MSG_LINT_QUOTA_EITHER, arg_text(quota->id));
    }
    if (quota->from_year > quota->to_year) {
        SAY_ERROR(problems, quota->place, MSG_LINT_DATES, arg_text(quota->id));
    }
    int scheme = programme->tiers[quota->tier].scheme;
    if (scheme != NONE &&
        (quota->total > quota->within || quota->within >= programme->schemes[scheme].level)) {
        SAY_ERROR(problems, quota->place, MSG_LINT_QUOTA_LEVELS, arg_text(quota->id));
    }
    for (const struct quota *other = programme->quotas; other < quota; other++) {
        if (other->tier == quota->tier && other->from_year <= quota->to_year &&
            quota->from_year <= other->to_year) {
            SAY_ERROR(problems, quota->place, MSG_LINT_QUOTA_TWICE, arg_text(quota->id),
                      arg_text(other->id));
        }
    }
}

static bool has_quota(const struct programme *programme, int tier)
{
    for (int i = 0; i < programme->quota_count; i++) {
        if (programme->quotas[i].tier == tier) {
            return true;
        }
    }
    return false;
}

static void lint_tiers(const struct programme *programme, int scheme, struct problems *problems)
{
    const struct scheme *here = &programme->schemes[scheme];
    const struct tier *above = NULL;
    int count = 0;

    for (int i = 0; i < programme->tier_count; i++) {
        const struct tier *tier = &programme->tiers[i];
        if (tier->scheme != scheme) {
            continue;
        }
        bool is_last = true;
        for (int k = i + 1; k < programme->tier_count; k++) {
            is_last = is_last && programme->tiers[k].scheme != scheme;
        }
        if (here->sorting == SORTING_QUOTA && !is_last && !has_quota(programme, i)) {
            SAY_ERROR(problems, tier->place, MSG_LINT_NO_QUOTA, arg_text(tier->id));
        }
        if (here->sorting == SORTING_THRESHOLDS && above != NULL &&
            tier->threshold >= above->threshold) {
            SAY_ERROR(problems, tier->place, MSG_LINT_THRESHOLDS, arg_text(tier->id),
                      arg_text(above->id));
        }
        above = tier;
        count++;
    }
    if (count < 2) {
        SAY_ERROR(problems, here->place, MSG_LINT_TIERS_FEW, arg_text(here->id));
    }
}

static void lint_scheme(const struct programme *programme, int scheme, struct problems *problems)
{
    const struct scheme *here = &programme->schemes[scheme];
    int criteria = 0;

    need_basis(problems, here->basis, here->id, here->place);
    for (int i = 0; i < programme->criterion_count; i++) {
        criteria += programme->criteria[i].scheme == scheme ? 1 : 0;
    }
    if (criteria == 0 || criteria > PROGRAMME_CRITERIA_MAX) {
        SAY_ERROR(problems, here->place, MSG_LINT_CRITERIA_COUNT, arg_text(here->id),
                  arg_count(criteria), arg_count(PROGRAMME_CRITERIA_MAX));
    }
    for (int i = 0; i < programme->kind_count; i++) {
        if ((here->kinds >> i & 1U) != 0 && programme->kinds[i].level != here->level) {
            SAY_ERROR(problems, here->place, MSG_LINT_SCHEME_KIND, arg_text(here->id),
                      arg_text(programme->kinds[i].id));
        }
    }
    if (here->peers != NONE && programme->indicators[here->peers].type != VALUE_ENUM) {
        SAY_ERROR(problems, here->place, MSG_LINT_NOT_ENUM,
                  arg_text(programme->indicators[here->peers].id));
    }
    lint_tiers(programme, scheme, problems);
}

/* Every dimension with criteria has a weight, and the other way round. */
static void lint_weights(const struct programme *programme, int scheme, struct problems *problems)
{
    for (int i = 0; i < programme->dimension_count; i++) {
        bool has_weight = false;
        bool has_criteria = false;
        for (int k = 0; k < programme->weight_count; k++) {
            has_weight = has_weight || (programme->weights[k].scheme == scheme &&
                                        programme->weights[k].dimension == i);
        }
        for (int k = 0; k < programme->criterion_count; k++) {
            has_criteria = has_criteria || (programme->criteria[k].scheme == scheme &&
                                            programme->criteria[k].dimension == i);
        }
        if (has_weight != has_criteria) {
            SAY_ERROR(problems, programme->schemes[scheme].place, MSG_LINT_WEIGHT_CRITERIA,
                      arg_text(programme->schemes[scheme].id),
                      arg_text(programme->dimensions[i].id));
        }
    }
}

void lint_ladder(const struct programme *programme, struct problems *problems)
{
    for (int i = 0; i < programme->scheme_count; i++) {
        lint_scheme(programme, i, problems);
        lint_weights(programme, i, problems);
    }
    for (int i = 0; i < programme->weight_count; i++) {
        need_basis(problems, programme->weights[i].basis, programme->weights[i].id,
                   programme->weights[i].place);
    }
    for (int i = 0; i < programme->criterion_count; i++) {
        lint_criterion(programme, &programme->criteria[i], problems);
    }
    for (int i = 0; i < programme->gate_count; i++) {
        lint_gate(programme, &programme->gates[i], problems);
    }
    for (int i = 0; i < programme->quota_count; i++) {
        lint_quota(programme, &programme->quotas[i], problems);
    }
}
