/* What every state of every group brings: the whole table of villages at once, a state at a time.
 */
#include <math.h>

#include "base/num.h"
#include "office/plan/plan_in.h"

/* ---- effects on a panel ---- */

/* A column of its own, to be changed; percentages become shares. */
static void own_column(struct panel *panel, int indicator)
{
    struct panel_column *column = &panel->columns[indicator];
    struct arena *arena = panel->cx->arena;
    size_t count = (size_t)panel->count;
    double *value = ARENA_NEW(arena, double, count);
    uint8_t *state = ARENA_NEW(arena, uint8_t, count);

    memcpy(state, column->state, count);
    for (size_t i = 0; i < count; i++) {
        bool is_pair = column->num != NULL && state[i] == EXPR_KNOWN;
        value[i] = column->num == NULL ? column->value[i]
                   : is_pair           ? (double)column->num[i] / (double)column->den[i]
                                       : (double)NAN;
    }
    *column = (struct panel_column){.value = value, .state = state};
}

static void set_number(struct panel *panel, int indicator, int row, double x)
{
    const struct indicator *about = &panel->programme->indicators[indicator];
    double *value = &panel->columns[indicator].value[row];

    panel->columns[indicator].state[row] = EXPR_KNOWN;
    switch (about->type) {
    case VALUE_PERCENT:
        *value = x / 100.0;
        return;
    case VALUE_ENUM:
        for (int i = 0; i < about->choice_count; i++) {
            *value = about->choices[i].number == (int)x ? i : *value;
        }
        return;
    case VALUE_INTEGER:
    case VALUE_DECIMAL:
        *value = round(x * (double)num_pow10(about->decimals));
        return;
    case VALUE_BOOLEAN:
        *value = x;
        return;
    }
}

/* Where counting begins: what is known, else the declared baseline; NAN: nothing can be counted. */
static double start_of(const struct panel *panel, int indicator, int row)
{
    const struct indicator *about = &panel->programme->indicators[indicator];
    double x = panel_number(panel, indicator, row);

    if (isnan(x) && about->has_baseline && panel_state(panel, indicator, row) == EXPR_MISSING) {
        return (double)about->baseline / (double)num_pow10(about->decimals);
    }
    return x;
}

static double after(const struct indicator *about, const struct effect *effect, double x)
{
    double scale = (double)num_pow10(about->decimals);
    double to = effect->is_add ? x + effect->amount : effect->amount;

    if (!effect->is_add && about->direction == DIRECTION_BENEFIT && x > to) {
        to = x;
    }
    if (!effect->is_add && about->direction == DIRECTION_COST && x < to) {
        to = x;
    }
    bool has_range = about->max > about->min;
    to = has_range && to > (double)about->max / scale ? (double)about->max / scale : to;
    return has_range && to < (double)about->min / scale ? (double)about->min / scale : to;
}

static void put_some(const struct plan_case *plan, struct panel *panel, int row,
                     const struct plan_work *work, bool adds)
{
    const struct measure_level *level =
        &plan->programme->measures[work->measure].levels[work->level - 1];

    for (int e = 0; e < level->effect_count; e++) {
        const struct effect *effect = &level->effects[e];
        const struct indicator *about = &plan->programme->indicators[effect->indicator];
        double x = start_of(panel, effect->indicator, row);
        if (effect->is_add == adds && !isnan(x)) {
            set_number(panel, effect->indicator, row, after(about, effect, x));
        }
    }
}

/* What is reached comes before what is added, so that the order of works does not matter. */
void plan_put_effects(const struct plan_case *plan, struct panel *panel, int row,
                      const struct plan_work *works, int count)
{
    for (int i = 0; i < count; i++) {
        put_some(plan, panel, row, &works[i], false);
    }
    for (int i = 0; i < count; i++) {
        put_some(plan, panel, row, &works[i], true);
    }
}

struct panel plan_copy_panel(const struct plan_case *plan, const bool *touched)
{
    struct panel copy = plan->tiers->panel;
    size_t count = (size_t)plan->programme->indicator_count;

    copy.columns = ARENA_NEW(plan->cx->arena, struct panel_column, count);
    memcpy(copy.columns, plan->tiers->panel.columns, count * sizeof(*copy.columns));
    for (size_t i = 0; i < count; i++) {
        bool is_given = plan->programme->indicators[i].formula.code == NULL;
        if (touched[i] && is_given && copy.columns[i].state != NULL) {
            own_column(&copy, (int)i);
        }
    }
    return copy;
}

/* ---- utilities ---- */

double plan_utility(const struct plan_case *plan, const struct panel *panel, int criterion,
                    int place)
{
    int indicator = plan->programme->criteria[plan->tiers->criteria[criterion]].indicator;
    double x = start_of(panel, indicator, plan->tiers->rows[place]);
    double u = 0.0;

    return !isnan(x) && utility_of(&plan->tiers->fitted[criterion], x, &u) ? u : 0.0;
}

static void add_gain(const struct plan_case *plan, const struct panel *panel, int criterion,
                     double *gain)
{
    double weights[WEIGH_CRITERIA_MAX];

    for (int i = 0; i < plan->count; i++) {
        struct contributions parts = {.criterion_weight = weights};
        double before = plan_utility(plan, &plan->tiers->panel, criterion, i);
        double now = plan_utility(plan, panel, criterion, i);
        if (now == before) {
            continue;
        }
        score_contributions(&plan->tiers->utilities, &plan->tiers->weights, i, &parts);
        gain[i] += weights[criterion] * (now - before);
    }
}

static bool holds(const struct standard *standard, double x)
{
    return !isnan(x) &&
           (standard->is_at_most ? x <= standard->value + 1e-9 : x >= standard->value - 1e-9);
}

static void note_standard(const struct plan_case *plan, const struct panel *panel, int standard,
                          uint64_t *reaches)
{
    const struct standard *about = &plan->programme->standards[standard];

    for (int i = 0; i < plan->count; i++) {
        double x = panel_number(panel, about->indicator, plan->tiers->rows[i]);
        reaches[i] |= holds(about, x) ? (uint64_t)1 << standard : 0;
    }
}

static int works_of_state(const struct plan_case *plan, const struct plan_group *group, int state,
                          struct plan_work *out)
{
    int count = 0;

    for (int i = 0; i < group->count; i++) {
        int level = plan_state_level(plan, group, state, i);
        if (level > 0) {
            out[count++] = (struct plan_work){.measure = group->measures[i], .level = level};
        }
    }
    return count;
}

static void run_state(struct plan_case *plan, struct plan_group *group, int state,
                      const bool *touched)
{
    struct arena *arena = plan->cx->arena;
    struct plan_work works[PLAN_GROUP_MEASURES_MAX];
    int work_count = works_of_state(plan, group, state, works);
    double *gain = ARENA_NEW(arena, double, (size_t)plan->count);
    uint64_t *reaches = ARENA_NEW(arena, uint64_t, (size_t)plan->count);
    struct arena_mark mark = arena_mark(arena);
    struct panel panel = plan_copy_panel(plan, touched);

    for (int i = 0; i < plan->count; i++) {
        plan_put_effects(plan, &panel, plan->tiers->rows[i], works, work_count);
    }
    panel_derive_some(&panel, touched);
    for (int k = 0; k < plan->tiers->criterion_count; k++) {
        if (touched[plan->programme->criteria[plan->tiers->criteria[k]].indicator]) {
            add_gain(plan, &panel, k, gain);
        }
    }
    for (int s = 0; s < plan->programme->standard_count; s++) {
        if ((group->standards >> s & 1U) != 0) {
            note_standard(plan, &panel, s, reaches);
        }
    }
    arena_rewind(arena, mark);
    group->gain[state] = gain;
    group->reaches[state] = reaches;
}

enum rc plan_find_gains(struct plan_case *plan)
{
    const struct programme *programme = plan->programme;
    struct arena *arena = plan->cx->arena;

    if (programme->standard_count > 64) {
        return err_set(plan->cx->err, RC_LIMIT, MSG_PLAN_STANDARDS_MANY, arg_count(64));
    }
    for (int g = 0; g < plan->group_count; g++) {
        struct plan_group *group = &plan->groups[g];
        bool *touched = ARENA_NEW(arena, bool, (size_t)programme->indicator_count);
        TRY(cx_progress(plan->cx, MSG_PLAN_PROGRESS_GAINS, g, plan->group_count));
        for (int i = 0; i < group->count; i++) {
            plan_touched(programme, group->measures[i], touched);
        }
        for (int s = 0; s < programme->standard_count; s++) {
            group->standards |= touched[programme->standards[s].indicator] ? (uint64_t)1 << s : 0;
        }
        group->gain = ARENA_NEW(arena, double *, (size_t)group->state_count);
        group->reaches = ARENA_NEW(arena, uint64_t *, (size_t)group->state_count);
        for (int state = 0; state < group->state_count; state++) {
            run_state(plan, group, state, touched);
        }
    }
    return RC_OK;
}
