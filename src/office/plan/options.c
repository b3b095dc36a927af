/* From measures, places and years to options of the problem: what may be chosen, what it is worth,
 * what it uses. */
#include <math.h>

#include "office/plan/plan_in.h"

enum {
    WORKS_MAX = 1 + 8 * PLAN_YEARS_MAX * 4, /* ways to build one measure in one place */
    USES_MAX = 128,
    GROUP_OPTIONS_MAX = SOLVE_GROUP_OPTIONS_MAX,
};

/* Combinations of ways, years and recipes that are looked at for one group in one place. */
static const int64_t COMBINATIONS_MAX = 4 * (int64_t)PROGRAMME_BUNDLES_MAX;

/* The ways to build one measure in one place; works[0] is not at all (level 0). */
struct ways {
    struct plan_work works[WORKS_MAX];
    int count;
};

struct made { /* an option of the group in hand */
    struct plan_choice choice;
    int64_t value;
    bool is_barred; /* against a lock: kept to tell what the lock costs, never chosen */
    struct solve_use uses[USES_MAX];
    int use_count;
};

struct building {
    struct plan_case *plan;
    struct solve_builder *builder;
    struct ways *ways; /* of each measure of the group in hand */
    struct made *made;
    int made_count;
    int group;
    int place;
    bool has_lock; /* the place */
    int64_t option_count;
    int64_t choice_room;
    uint64_t bound_standards; /* standards this place must and can reach */
};

/* ---- ways ---- */

static bool pays(const struct fund *fund, int measure)
{
    bool is_listed = fund->measures.count == 0;

    for (int i = 0; i < fund->measures.count; i++) {
        is_listed = is_listed || fund->measures.at[i] == measure;
    }
    for (int i = 0; i < fund->refused.count; i++) {
        is_listed = is_listed && fund->refused.at[i] != measure;
    }
    return is_listed;
}

static bool recipe_pays(const struct plan_case *plan, const struct plan_work *work)
{
    const struct recipe *recipe = &plan->programme->recipes[work->recipe];

    for (int i = 0; i < recipe->part_count; i++) {
        if (!pays(&plan->programme->funds[recipe->parts[i].fund], work->measure)) {
            return false;
        }
    }
    return true;
}

static void add_ways(const struct building *in, int measure, int level, struct ways *out)
{
    const struct plan_case *plan = in->plan;
    const struct measure *about = &plan->programme->measures[measure];

    for (int year = 0; year < plan->options.year_count; year++) {
        for (int r = 0; r < about->recipes.count; r++) {
            struct plan_work work = {measure, level, year, about->recipes.at[r]};
            bool fits = plan_done_year(plan, &work) < plan->options.year_count &&
                        recipe_pays(plan, &work) && out->count < WORKS_MAX;
            if (fits) {
                out->works[out->count++] = work;
            }
        }
    }
}

static void find_ways(const struct building *in, int measure, struct ways *out)
{
    const struct plan_case *plan = in->plan;
    size_t wish = (size_t)in->place * (size_t)plan->programme->measure_count + (size_t)measure;
    int levels = plan->veto[wish] ? 0 : plan->programme->measures[measure].level_count;

    out->count = 1;
    out->works[0] = (struct plan_work){.measure = measure};
    for (int l = 0; l < levels; l++) {
        if (plan->prices[measure][l].may[in->place]) {
            add_ways(in, measure, l + 1, out);
        }
    }
}

/* ---- one combination ---- */

/* The state of the group at the end of a year. */
static int state_at(const struct building *in, const struct plan_choice *choice, int year)
{
    const struct plan_case *plan = in->plan;
    const struct plan_group *group = &plan->groups[in->group];
    int state = 0;
    int step = 1;

    for (int i = 0; i < group->count; i++) {
        for (int w = 0; w < choice->count; w++) {
            const struct plan_work *work = &choice->works[w];
            bool stands = work->measure == group->measures[i] && plan_done_year(plan, work) <= year;
            state += stands ? step * work->level : 0;
        }
        step *= 1 + plan->programme->measures[group->measures[i]].level_count;
    }
    return state;
}

/* A need is met by a work of this plan that is done no later, or because what that measure brings
 * is there already (its level could not even be begun). */
static bool is_need_met(const struct building *in, const struct plan_choice *choice,
                        const struct plan_work *work, const struct need *need)
{
    const struct plan_case *plan = in->plan;
    const struct measure *about = &plan->programme->measures[need->measure];
    bool is_there = true;

    for (int w = 0; w < choice->count; w++) {
        const struct plan_work *other = &choice->works[w];
        if (other->measure == need->measure && other->level >= need->level &&
            plan_done_year(plan, other) <= plan_done_year(plan, work)) {
            return true;
        }
    }
    for (int l = need->level - 1; l < about->level_count; l++) {
        is_there = is_there && !plan->prices[need->measure][l].may[in->place];
    }
    return is_there;
}

static bool are_needs_met(const struct building *in, const struct plan_choice *choice)
{
    for (int w = 0; w < choice->count; w++) {
        const struct plan_work *work = &choice->works[w];
        const struct measure_level *level =
            &in->plan->programme->measures[work->measure].levels[work->level - 1];
        for (int n = 0; n < level->need_count; n++) {
            if (!is_need_met(in, choice, work, &level->needs[n])) {
                return false;
            }
        }
    }
    return true;
}

/* The year at whose end a standard must hold; NONE: after the plan. */
static int due_year(const struct plan_case *plan, int standard)
{
    int year = plan->programme->standards[standard].by_year - plan->options.first_year;

    return year >= plan->options.year_count ? NONE : year < 0 ? 0 : year;
}

static bool reaches_standards(const struct building *in, const struct plan_choice *choice)
{
    const struct plan_group *group = &in->plan->groups[in->group];
    uint64_t left = in->bound_standards & group->standards;

    for (int s = 0; left != 0; s++, left >>= 1) {
        if ((left & 1U) == 0) {
            continue;
        }
        int state = state_at(in, choice, due_year(in->plan, s));
        if ((group->reaches[state][in->place] >> s & 1U) == 0) {
            return false;
        }
    }
    return true;
}

static int64_t value_of(const struct building *in, const struct plan_choice *choice)
{
    const struct plan_case *plan = in->plan;
    const struct plan_group *group = &plan->groups[in->group];
    double support = plan_support(plan, in->place, in->group);
    double sum = 0.0;

    for (int y = 0; y < plan->options.year_count; y++) {
        sum += plan->year_worth[y] * (double)group->gain[state_at(in, choice, y)][in->place];
    }
    return llround(plan->people[in->place] * (1.0 + plan->board->support * support) * sum *
                   PLAN_MICRO);
}

/* ---- uses ---- */

static bool add_use(struct made *made, int row, int64_t amount)
{
    if (row == NONE) {
        return amount == 0;
    }
    for (int i = 0; i < made->use_count; i++) {
        if (made->uses[i].row == row) {
            made->uses[i].amount += amount;
            return true;
        }
    }
    if (made->use_count == USES_MAX) {
        return false;
    }
    made->uses[made->use_count++] = (struct solve_use){row, amount};
    return true;
}

static bool use_money(const struct building *in, const struct plan_work *work, int fund,
                      int64_t fen, struct made *made)
{
    const struct plan_case *plan = in->plan;
    int unit = plan->tiers->panel.places[plan->tiers->rows[in->place]];
    int owner = unit_tree_above(plan->tiers->tree, unit, plan->programme->funds[fund].level);
    int64_t by_year[PLAN_YEARS_MAX];
    int64_t spent = 0;

    if (fen == 0) {
        return true;
    }
    if (owner == NONE) {
        return false;
    }
    plan_spread(plan, work, fen, by_year);
    for (int y = 0; y < plan->options.year_count; y++) {
        spent = plan->board->carry_over ? spent + by_year[y] : by_year[y];
        int row = plan_find_row(plan, ROW_MONEY, fund, owner, y);
        if (spent > 0 && (row == NONE || !add_use(made, row, spent))) {
            return false;
        }
    }
    return true;
}

static bool in_list(const struct ints *list, int what)
{
    for (int i = 0; i < list->count; i++) {
        if (list->at[i] == what) {
            return true;
        }
    }
    return false;
}

static bool use_caps(const struct building *in, const struct plan_work *work, int fund, int64_t fen,
                     struct made *made)
{
    const struct plan_case *plan = in->plan;
    int unit = plan->tiers->panel.places[plan->tiers->rows[in->place]];

    for (int c = 0; c < plan->programme->cap_count; c++) {
        const struct cap *cap = &plan->programme->caps[c];
        bool counts = in_list(&cap->measures, work->measure) &&
                      (cap->funds.count == 0 || in_list(&cap->funds, fund));
        int owner = counts ? unit_tree_above(plan->tiers->tree, unit, cap->within) : NONE;
        int row = owner == NONE
                      ? NONE
                      : plan_find_row(plan, ROW_CAP, c, owner, plan->options.year_count - 1);
        if (row != NONE && fen > 0 && !add_use(made, row, fen)) {
            return false;
        }
    }
    return true;
}

/* Land is limited where a quota was given: by the nearest unit above that has one. */
static bool use_land(const struct building *in, const struct plan_work *work, struct made *made)
{
    const struct plan_case *plan = in->plan;
    const struct unit_tree *tree = plan->tiers->tree;
    const struct measure_level *level =
        &plan->programme->measures[work->measure].levels[work->level - 1];
    int last = plan->options.year_count - 1;
    bool fits = true;

    for (int at = plan->tiers->panel.places[plan->tiers->rows[in->place]]; at != NONE;
         at = tree->units[at].parent) {
        bool has_quota = plan_find_row(plan, ROW_LAND, 0, at, last) != NONE;
        for (int y = work->year; has_quota && level->land > 0 && y <= last; y++) {
            fits = fits && add_use(made, plan_find_row(plan, ROW_LAND, 0, at, y), level->land);
        }
        int farmland = plan_find_row(plan, ROW_FARMLAND, 0, at, last);
        if (farmland != NONE && level->farmland > 0) {
            fits = fits && add_use(made, farmland, level->farmland);
        }
        if (has_quota) {
            return fits;
        }
    }
    return fits;
}

static bool find_uses(const struct building *in, struct made *made)
{
    const struct plan_case *plan = in->plan;

    made->use_count = 0;
    for (int w = 0; w < made->choice.count; w++) {
        const struct plan_work *work = &made->choice.works[w];
        int64_t fen[PLAN_MEASURES_MAX];
        int fund[PLAN_MEASURES_MAX];
        int parts = plan_shares(plan, in->place, work, fen, fund);
        for (int i = 0; i < parts; i++) {
            if (!use_money(in, work, fund[i], fen[i], made) ||
                !use_caps(in, work, fund[i], fen[i], made)) {
                return false;
            }
        }
        if (!use_land(in, work, made)) {
            return false;
        }
    }
    return true;
}

/* ---- dominance ---- */

static int64_t use_in(const struct made *made, int row)
{
    for (int i = 0; i < made->use_count; i++) {
        if (made->uses[i].row == row) {
            return made->uses[i].amount;
        }
    }
    return 0;
}

/* Worth no more and using no less of anything. */
static bool is_dominated(const struct made *made, const struct made *by)
{
    if (by->value < made->value || (by->is_barred && !made->is_barred)) {
        return false;
    }
    for (int i = 0; i < by->use_count; i++) {
        if (by->uses[i].amount > use_in(made, by->uses[i].row)) {
            return false;
        }
    }
    return true;
}

static void keep_made(struct building *in, const struct made *made)
{
    int kept = 0;

    for (int i = 0; i < in->made_count; i++) {
        if (is_dominated(made, &in->made[i])) {
            return;
        }
    }
    for (int i = 0; i < in->made_count; i++) {
        if (!is_dominated(&in->made[i], made)) {
            if (kept != i) {
                in->made[kept] = in->made[i];
            }
            kept++;
        }
    }
    in->made[kept] = *made;
    in->made_count = kept + 1;
}

/* ---- a group in a place ---- */

static void try_choice(struct building *in, const struct plan_choice *choice)
{
    struct made *next = &in->made[GROUP_OPTIONS_MAX];

    next->choice = *choice;
    if (!are_needs_met(in, choice) || !reaches_standards(in, choice) || !find_uses(in, next)) {
        return;
    }
    next->value = value_of(in, choice);
    next->is_barred = in->has_lock && plan_is_barred(in->plan, in->group, in->place, choice, NONE);
    bool is_idle = choice->count > 0 && next->value <= 0 && in->bound_standards == 0;
    if (!is_idle && in->made_count < GROUP_OPTIONS_MAX) {
        keep_made(in, next);
    }
}

/* Every combination of ways, like an odometer. */
static void try_all(struct building *in, int count)
{
    int at[PLAN_GROUP_MEASURES_MAX] = {0};
    const struct ways *ways = in->ways;
    int moved = 0;

    in->made_count = 0;
    while (moved < count) {
        struct plan_choice choice = {.count = 0};
        for (int i = 0; i < count; i++) {
            if (ways[i].works[at[i]].level > 0) {
                choice.works[choice.count++] = ways[i].works[at[i]];
            }
        }
        try_choice(in, &choice);
        for (moved = 0; moved < count && ++at[moved] == ways[moved].count; moved++) {
            at[moved] = 0;
        }
    }
}

static enum rc keep_choice(struct building *in, const struct plan_choice *choice)
{
    struct plan_case *plan = in->plan;

    if (in->option_count == in->choice_room) {
        int64_t room = 2 * in->choice_room;
        struct plan_choice *wider = ARENA_NEW(plan->cx->arena, struct plan_choice, (size_t)room);
        memcpy(wider, plan->choices, (size_t)in->option_count * sizeof(*wider));
        plan->choices = wider;
        in->choice_room = room;
    }
    plan->choices[in->option_count++] = *choice;
    return RC_OK;
}

static enum rc put_group(struct building *in)
{
    struct plan_case *plan = in->plan;

    TRY(solve_group(in->builder, plan->county[in->place]));
    for (int i = 0; i < in->made_count; i++) {
        const struct made *made = &in->made[i];
        TRY(solve_option(in->builder, made->value, made->uses, made->use_count));
        if (made->is_barred) {
            TRY(solve_forbid(in->builder, i));
        }
        TRY(keep_choice(in, &made->choice));
    }
    return RC_OK;
}

uint64_t plan_standards_due(const struct plan_case *plan, int place)
{
    uint64_t due = 0;

    for (int s = 0; s < plan->programme->standard_count; s++) {
        bool is_ours =
            plan->programme->standards[s].tier == plan->tiers->first_tier + plan->tier[place];
        due |= is_ours && due_year(plan, s) != NONE ? (uint64_t)1 << s : 0;
    }
    return due;
}

static void note_unmet(struct plan_case *plan, int place, int standard)
{
    plan->unmet[plan->unmet_count++] = (struct plan_unmet){place, standard};
}

/* When no combination reaches every standard, those that none can reach one by one are noted as
 * unmet and let go; if that is not enough, all of the group's are. */
static void try_group(struct building *in, int count)
{
    const struct plan_group *group = &in->plan->groups[in->group];
    uint64_t due = in->bound_standards & group->standards;

    try_all(in, count);
    if (in->made_count > 0 || due == 0) {
        return;
    }
    uint64_t kept = 0;
    for (int s = 0; s < in->plan->programme->standard_count; s++) {
        if ((due >> s & 1U) == 0) {
            continue;
        }
        in->bound_standards = kept | (uint64_t)1 << s;
        try_all(in, count);
        if (in->made_count > 0) {
            kept = in->bound_standards;
        } else {
            note_unmet(in->plan, in->place, s);
        }
    }
    in->bound_standards = kept;
    try_all(in, count);
}

static enum rc build_group(struct building *in)
{
    const struct plan_group *group = &in->plan->groups[in->group];
    int64_t combinations = 1;

    for (int i = 0; i < group->count; i++) {
        find_ways(in, group->measures[i], &in->ways[i]);
        combinations *= in->ways[i].count;
    }
    if (combinations > COMBINATIONS_MAX) {
        return err_set(in->plan->cx->err, RC_LIMIT, MSG_PLAN_BUNDLES_MANY,
                       arg_text(text_in(in->plan->programme->measures[group->measures[0]].name,
                                        in->plan->cx->lang)),
                       arg_count(COMBINATIONS_MAX));
    }
    in->bound_standards = plan_standards_due(in->plan, in->place);
    try_group(in, group->count);
    bool is_only_nothing =
        in->made_count == 1 && in->made[0].choice.count == 0 && !in->made[0].is_barred;
    if (is_only_nothing) {
        return RC_OK; /* nothing to decide here */
    }
    in->plan->group_of[in->plan->problem.groups++] = in->group * in->plan->count + in->place;
    return put_group(in);
}

static enum rc build_rows(struct plan_case *plan, struct solve_builder *builder)
{
    for (int r = 0; r < plan->row_count; r++) {
        TRY(solve_row(builder, SOLVE_AT_MOST, plan->rows[r].limit));
    }
    return RC_OK;
}

static enum rc build_place(struct building *in)
{
    in->has_lock = plan_has_lock(in->plan, in->place);
    for (in->group = 0; in->group < in->plan->group_count; in->group++) {
        TRY(build_group(in));
    }
    return RC_OK;
}

enum rc plan_build(struct plan_case *plan)
{
    struct arena *arena = plan->cx->arena;
    size_t groups = (size_t)plan->count * (size_t)plan->group_count;
    struct building in = {
        .plan = plan,
        .builder = solve_begin(arena, plan->cx->err),
        .ways = ARENA_NEW(arena, struct ways, PLAN_GROUP_MEASURES_MAX),
        .made = ARENA_NEW(arena, struct made, GROUP_OPTIONS_MAX + 1),
        .choice_room = 1 << 16,
    };

    plan->choices = ARENA_NEW(arena, struct plan_choice, (size_t)in.choice_room);
    plan->group_of = ARENA_NEW(arena, int, groups);
    plan->unmet = ARENA_NEW(arena, struct plan_unmet,
                            (size_t)plan->count * (size_t)(plan->programme->standard_count + 1));
    plan->problem.groups = 0;
    TRY(build_rows(plan, in.builder));
    for (in.place = 0; in.place < plan->count; in.place++) {
        cx_progress(plan->cx, MSG_PLAN_PROGRESS_OPTIONS, in.place, plan->count);
        if (plan->tier[in.place] == TIER_NONE) {
            continue;
        }
        TRY(build_place(&in));
    }
    return solve_end(in.builder, &plan->problem);
}
