/* From measures, places and years to options of the problem: what may be chosen, what it is worth,
 * what it uses. */
#include <math.h>

#include "office/plan/options_in.h"

enum { GROUP_OPTIONS_MAX = SOLVE_GROUP_OPTIONS_MAX };

/* Combinations of ways, years and recipes that are looked at for one group in one place. */
static const int64_t COMBINATIONS_MAX = 4 * (int64_t)PROGRAMME_BUNDLES_MAX;

struct building {
    struct plan_case *plan;
    struct solve_builder *builder;
    struct ways *ways; /* of each measure of the group in hand */
    struct made *made;
    int made_count;
    bool is_full; /* more options than GROUP_OPTIONS_MAX */
    int group;
    int place;
    bool has_lock; /* the place */
    int64_t option_count;
    int64_t choice_room;
    uint64_t bound_standards; /* standards this place must and can reach */
};

/* ---- one combination ---- */

/* The state of the group at the end of a year: the highest level done of every measure. */
static int state_at(const struct building *in, const struct plan_choice *choice, int year)
{
    const struct plan_case *plan = in->plan;
    const struct plan_group *group = &plan->groups[in->group];
    int state = 0;
    int step = 1;

    for (int i = 0; i < group->count; i++) {
        int level = 0;
        for (int w = 0; w < choice->count; w++) {
            const struct plan_work *work = &choice->works[w];
            bool stands = work->measure == group->measures[i] && plan_done_year(plan, work) <= year;
            level = stands && work->level > level ? work->level : level;
        }
        state += step * level;
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
        sum += plan->year_worth[y] * group->gain[state_at(in, choice, y)][in->place];
    }
    return llround(plan->people[in->place] * (1.0 + plan->board->support * support) * sum *
                   PLAN_MICRO);
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

static void try_works(struct building *in, struct made *next)
{
    const struct plan_choice choice = {next->works, next->work_count};

    if (!are_needs_met(in, &choice) || !reaches_standards(in, &choice) ||
        !plan_find_uses(in->plan, in->place, next)) {
        return;
    }
    next->value = value_of(in, &choice);
    next->is_barred = in->has_lock && plan_is_barred(in->plan, in->group, in->place, &choice, NONE);
    bool is_idle = choice.count > 0 && next->value <= 0 && in->bound_standards == 0;
    if (is_idle) {
        return;
    }
    in->is_full = in->is_full || in->made_count == GROUP_OPTIONS_MAX;
    if (!in->is_full) {
        keep_made(in, next);
    }
}

/* Every combination of ways, like an odometer. */
static void try_all(struct building *in, int count)
{
    int at[PLAN_GROUP_MEASURES_MAX] = {0};
    const struct ways *ways = in->ways;
    struct made *next = &in->made[GROUP_OPTIONS_MAX];
    int moved = 0;

    in->made_count = 0;
    while (moved < count) {
        next->work_count = 0;
        for (int i = 0; i < count; i++) {
            const struct way *way = &ways[i].at[at[i]];
            memcpy(&next->works[next->work_count], way->goes, sizeof(way->goes));
            next->work_count += way->count;
        }
        try_works(in, next);
        for (moved = 0; moved < count && ++at[moved] == ways[moved].count; moved++) {
            at[moved] = 0;
        }
    }
}

static void keep_choice(struct building *in, const struct made *made)
{
    struct plan_case *plan = in->plan;
    struct arena *arena = plan->cx->arena;
    struct plan_work *works = ARENA_NEW(arena, struct plan_work, (size_t)made->work_count);

    if (in->option_count == in->choice_room) {
        int64_t room = 2 * in->choice_room;
        struct plan_choice *wider = ARENA_NEW(arena, struct plan_choice, (size_t)room);
        memcpy(wider, plan->choices, (size_t)in->option_count * sizeof(*wider));
        plan->choices = wider;
        in->choice_room = room;
    }
    memcpy(works, made->works, (size_t)made->work_count * sizeof(*works));
    plan->choices[in->option_count++] = (struct plan_choice){works, made->work_count};
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
        keep_choice(in, made);
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

static enum rc refuse_bundles(const struct building *in)
{
    const struct plan_case *plan = in->plan;
    const struct plan_group *group = &plan->groups[in->group];

    return err_set(
        plan->cx->err, RC_LIMIT, MSG_PLAN_BUNDLES_MANY,
        arg_text(text_in(plan->programme->measures[group->measures[0]].name, plan->cx->lang)),
        arg_count(PROGRAMME_BUNDLES_MAX));
}

static enum rc build_group(struct building *in)
{
    const struct plan_group *group = &in->plan->groups[in->group];
    int64_t combinations = 1;
    bool has_room = true;

    for (int i = 0; i < group->count; i++) {
        has_room =
            has_room && plan_find_ways(in->plan, in->place, group->measures[i], &in->ways[i]);
        combinations *= in->ways[i].count;
    }
    if (!has_room || combinations > COMBINATIONS_MAX) {
        return refuse_bundles(in);
    }
    in->bound_standards = plan_standards_due(in->plan, in->place);
    try_group(in, group->count);
    if (in->is_full) {
        return refuse_bundles(in);
    }
    bool is_only_nothing =
        in->made_count == 1 && in->made[0].work_count == 0 && !in->made[0].is_barred;
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
        TRY(cx_progress(plan->cx, MSG_PLAN_PROGRESS_OPTIONS, in.place, plan->count));
        if (plan->tier[in.place] == TIER_NONE) {
            continue;
        }
        TRY(build_place(&in));
    }
    return solve_end(in.builder, &plan->problem);
}
