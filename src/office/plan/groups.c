/* Measures whose effects meet are decided together: those that change one indicator, or one that
 * is derived from both, or of which one needs the other. */
#include "office/plan/plan_in.h"

struct joining {
    const struct plan_case *plan;
    int root[PLAN_MEASURES_MAX];
};

static int root_of(struct joining *in, int measure)
{
    while (in->root[measure] != measure) {
        measure = in->root[measure];
    }
    return measure;
}

static void join(struct joining *in, int a, int b)
{
    int root = root_of(in, a);
    int other = root_of(in, b);

    in->root[root > other ? root : other] = root > other ? other : root;
}

/* Everything a change of these indicators can change. */
void plan_close(const struct programme *programme, bool *touched)
{
    bool grew = true;

    while (grew) {
        grew = false;
        for (int i = 0; i < programme->indicator_count; i++) {
            const struct expr *code = programme->indicators[i].formula.code;
            size_t count = 0;
            const struct expr_input *inputs = code == NULL ? NULL : expr_inputs(code, &count);
            for (size_t k = 0; !touched[i] && k < count; k++) {
                bool is_moved = inputs[k].back == 0 && touched[inputs[k].id];
                touched[i] = touched[i] || is_moved;
                grew = grew || is_moved;
            }
        }
    }
}

void plan_touched(const struct programme *programme, int measure, bool *out)
{
    const struct measure *about = &programme->measures[measure];

    for (int l = 0; l < about->level_count; l++) {
        for (int e = 0; e < about->levels[l].effect_count; e++) {
            out[about->levels[l].effects[e].indicator] = true;
        }
    }
    plan_close(programme, out);
}

/* Indicators by which a plan is judged. */
static bool is_judged(const struct plan_case *plan, int indicator)
{
    const struct programme *programme = plan->programme;

    for (int k = 0; k < plan->tiers->criterion_count; k++) {
        if (programme->criteria[plan->tiers->criteria[k]].indicator == indicator) {
            return true;
        }
    }
    for (int s = 0; s < programme->standard_count; s++) {
        if (programme->standards[s].indicator == indicator) {
            return true;
        }
    }
    return false;
}

static void join_by_indicators(struct joining *in)
{
    const struct programme *programme = in->plan->programme;
    struct arena *arena = in->plan->cx->arena;
    int *first = ARENA_NEW(arena, int, (size_t)programme->indicator_count);

    for (int i = 0; i < programme->indicator_count; i++) {
        first[i] = NONE;
    }
    for (int m = 0; m < programme->measure_count; m++) {
        bool *touched = ARENA_NEW(arena, bool, (size_t)programme->indicator_count);
        plan_touched(programme, m, touched);
        for (int i = 0; i < programme->indicator_count; i++) {
            if (!touched[i] || !is_judged(in->plan, i)) {
                continue;
            }
            if (first[i] != NONE) {
                join(in, first[i], m);
            }
            first[i] = first[i] == NONE ? m : first[i];
        }
    }
}

static void join_by_needs(struct joining *in)
{
    const struct programme *programme = in->plan->programme;

    for (int m = 0; m < programme->measure_count; m++) {
        const struct measure *measure = &programme->measures[m];
        for (int l = 0; l < measure->level_count; l++) {
            for (int n = 0; n < measure->levels[l].need_count; n++) {
                join(in, m, measure->levels[l].needs[n].measure);
            }
        }
    }
}

static enum rc add_member(struct plan_case *plan, struct plan_group *group, int measure)
{
    str name = text_in(plan->programme->measures[measure].name, plan->cx->lang);

    if (group->count == PLAN_GROUP_MEASURES_MAX) {
        return err_set(plan->cx->err, RC_LIMIT, MSG_PLAN_GROUP_LARGE, arg_text(name),
                       arg_count(PLAN_GROUP_MEASURES_MAX));
    }
    group->measures[group->count++] = measure;
    group->state_count *= 1 + plan->programme->measures[measure].level_count;
    if (group->state_count > PROGRAMME_BUNDLES_MAX) {
        return err_set(plan->cx->err, RC_LIMIT, MSG_PLAN_BUNDLES_MANY, arg_text(name),
                       arg_count(PROGRAMME_BUNDLES_MAX));
    }
    return RC_OK;
}

enum rc plan_find_groups(struct plan_case *plan)
{
    const struct programme *programme = plan->programme;
    struct joining in = {.plan = plan};

    if (programme->measure_count > PLAN_MEASURES_MAX) {
        return err_set(plan->cx->err, RC_LIMIT, MSG_PLAN_MEASURES_MANY,
                       arg_count(PLAN_MEASURES_MAX));
    }
    for (int m = 0; m < programme->measure_count; m++) {
        in.root[m] = m;
    }
    join_by_indicators(&in);
    join_by_needs(&in);
    plan->groups = ARENA_NEW(plan->cx->arena, struct plan_group, (size_t)programme->measure_count);
    for (int m = 0; m < programme->measure_count; m++) {
        if (root_of(&in, m) != m) {
            continue;
        }
        struct plan_group *group = &plan->groups[plan->group_count++];
        group->state_count = 1;
        for (int other = m; other < programme->measure_count; other++) {
            if (root_of(&in, other) == m) {
                TRY(add_member(plan, group, other));
            }
        }
    }
    return RC_OK;
}

int plan_state_level(const struct plan_case *plan, const struct plan_group *group, int state,
                     int member)
{
    for (int i = 0; i < member; i++) {
        state /= 1 + plan->programme->measures[group->measures[i]].level_count;
    }
    return state % (1 + plan->programme->measures[group->measures[member]].level_count);
}
