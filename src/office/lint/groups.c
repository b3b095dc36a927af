/* Measures that belong together (contracts E21): they share an indicator, a derived
 * indicator or a prerequisite, so that a plan must choose their levels jointly. */
#include "base/buf.h"
#include "calc/expr/expr.h"
#include "office/lint/lint.h"

struct grouping {
    const struct programme *programme;
    int *group;    /* of each measure: the smallest measure it is joined with */
    int *mover_of; /* of each indicator: a measure that moves it, NONE */
};

static void join(struct grouping *g, int a, int b)
{
    int from = g->group[a] > g->group[b] ? g->group[a] : g->group[b];
    int to = g->group[a] > g->group[b] ? g->group[b] : g->group[a];

    for (int i = 0; i < g->programme->measure_count; i++) {
        if (g->group[i] == from) {
            g->group[i] = to;
        }
    }
}

static void join_movers(struct grouping *g, int measure, int indicator)
{
    if (g->mover_of[indicator] != NONE) {
        join(g, measure, g->mover_of[indicator]);
    }
}

static void join_by_level(struct grouping *g, int measure, const struct measure_level *level)
{
    for (int i = 0; i < level->effect_count; i++) {
        int indicator = level->effects[i].indicator;
        join_movers(g, measure, indicator);
        g->mover_of[indicator] = measure;
    }
}

static void join_by_effects(struct grouping *g)
{
    for (int i = 0; i < g->programme->measure_count; i++) {
        const struct measure *measure = &g->programme->measures[i];
        for (int k = 0; k < measure->level_count; k++) {
            join_by_level(g, i, &measure->levels[k]);
        }
    }
}

static void join_by_needs(struct grouping *g)
{
    for (int i = 0; i < g->programme->measure_count; i++) {
        const struct measure *measure = &g->programme->measures[i];
        for (int k = 0; k < measure->level_count; k++) {
            const struct measure_level *level = &measure->levels[k];
            size_t count = 0;
            const struct expr_input *inputs =
                level->when.code == NULL ? NULL : expr_inputs(level->when.code, &count);
            for (int n = 0; n < level->need_count; n++) {
                join(g, i, level->needs[n].measure);
            }
            for (size_t n = 0; n < count; n++) {
                join_movers(g, i, (int)inputs[n].id);
            }
        }
    }
}

/* A derived indicator joins the movers of its inputs. `derived` is in order, so that derived of
 * derived is covered. */
static void join_by_derived(struct grouping *g)
{
    for (int i = 0; i < g->programme->derived.count; i++) {
        int derived = g->programme->derived.at[i];
        size_t count = 0;
        const struct expr_input *inputs =
            expr_inputs(g->programme->indicators[derived].formula.code, &count);
        for (size_t k = 0; k < count; k++) {
            int mover = g->mover_of[inputs[k].id];
            if (mover != NONE) {
                join_movers(g, mover, derived);
                g->mover_of[derived] = mover;
            }
        }
    }
}

static void say_too_large(const struct grouping *g, int group, int64_t bundles,
                          struct problems *problems)
{
    struct buf names;
    str list = {0};

    buf_init(&names, problems->arena, 512);
    for (int i = 0; i < g->programme->measure_count; i++) {
        if (g->group[i] == group) {
            buf_put(&names, names.len > 0 ? STR(", ") : STR(""));
            buf_put(&names, g->programme->measures[i].id);
        }
    }
    (void)buf_done(&names, &list);
    SAY_ERROR(problems, g->programme->measures[group].place, MSG_LINT_GROUP_LARGE, arg_text(list),
              arg_count(bundles), arg_count(PROGRAMME_BUNDLES_MAX));
}

void lint_groups(const struct programme *programme, struct problems *problems)
{
    struct grouping g = {
        .programme = programme,
        .group = ARENA_NEW(problems->arena, int, (size_t)programme->measure_count),
        .mover_of = ARENA_NEW(problems->arena, int, (size_t)programme->indicator_count),
    };

    for (int i = 0; i < programme->measure_count; i++) {
        g.group[i] = i;
    }
    for (int i = 0; i < programme->indicator_count; i++) {
        g.mover_of[i] = NONE;
    }
    join_by_effects(&g);
    join_by_derived(&g);
    join_by_needs(&g);
    for (int group = 0; group < programme->measure_count; group++) {
        int64_t bundles = 1;
        for (int i = group; i < programme->measure_count; i++) {
            bool is_in = g.group[i] == group && bundles <= INT32_MAX;
            bundles *= is_in ? programme->measures[i].level_count + 1 : 1;
        }
        if (bundles > PROGRAMME_BUNDLES_MAX) {
            say_too_large(&g, group, bundles, problems);
        }
    }
}
