/* Villages in the midst of their works (第二年建设) keep the tier they are worked on as: on the
 * last day of the period, works of an approved plan have begun there and are not done. */
#include "office/tier/tier_in.h"
#include "office/tier/works_sql.h"

/* One approved plan: of which places works have begun, and of which some are not done. */
struct at_work {
    const struct tier_case *in;
    const int *case_of;
    struct tier_works *works;
    int64_t plan;
    bool *has_begun;
    bool *goes_on;
};

/* Years a work takes are those its cost is spread over. */
static int years_of(const struct programme *programme, str id, int level)
{
    int measure = programme_measure(programme, id);

    if (measure == NONE || level < 1 || level > programme->measures[measure].level_count) {
        return 1;
    }
    return programme->measures[measure].levels[level - 1].year_shares.count;
}

static enum rc take_work(void *self, const struct val *row)
{
    const struct at_work *at = self;
    const struct tier_case *in = at->in;
    int64_t year = period_year(in->options.period);
    int place = tier_find_case(in, at->case_of, (struct unit_id){row[0].number});

    if (place != NONE) {
        int64_t first = row[3].number;
        int64_t last = first + years_of(in->programme, row[1].text, (int)row[2].number) - 1;
        at->has_begun[place] = at->has_begun[place] || first <= year;
        at->goes_on[place] = at->goes_on[place] || last > year;
    }
    return RC_OK;
}

static enum rc take_tier(void *self, struct unit_id unit, const struct tier_result *result)
{
    const struct at_work *at = self;
    int place = tier_find_case(at->in, at->case_of, unit);
    bool is_tier = result->tier >= 0 && result->tier < at->in->tier_count;

    if (place != NONE && is_tier && at->has_begun[place] && at->goes_on[place]) {
        at->works->tier[place] = (signed char)result->tier;
        at->works->plan[place] = at->plan;
    }
    return RC_OK;
}

/* A later plan speaks for all places of its root: what earlier ones had for them is void. */
static void forget(const struct at_work *at, struct unit_id root)
{
    const struct unit_tree *tree = at->in->tree;
    int within = unit_tree_find_id(tree, root);

    for (int i = within; within != NONE && i < tree->units[within].end; i++) {
        int place = at->case_of[i];
        if (place != NONE) {
            at->works->tier[place] = TIER_NONE;
            at->works->plan[place] = 0;
        }
    }
}

static enum rc take_plan(void *self, const struct val *row)
{
    struct at_work *at = self;
    const struct cx *cx = at->in->cx;
    const struct val run[] = {row[0]};
    size_t count = (size_t)at->in->count;

    at->plan = row[0].number;
    memset(at->has_begun, 0, count * sizeof(*at->has_begun));
    memset(at->goes_on, 0, count * sizeof(*at->goes_on));
    forget(at, (struct unit_id){row[1].number});
    TRY(db_each(cx->db, &WORKS_OF_PLAN, run, take_work, at, cx->err));
    return tier_each(cx, row[2].number, take_tier, at);
}

enum rc tier_find_works(const struct tier_case *in, const int *case_of, struct tier_works *out)
{
    struct arena *arena = in->cx->arena;
    size_t count = (size_t)in->count;
    const struct val asked[] = {v_text(in->scheme->id), v_int(in->options.period.key)};
    struct at_work at = {
        .in = in,
        .case_of = case_of,
        .works = out,
        .has_begun = ARENA_NEW(arena, bool, count),
        .goes_on = ARENA_NEW(arena, bool, count),
    };

    *out = (struct tier_works){
        .tier = ARENA_NEW(arena, signed char, count),
        .plan = ARENA_NEW(arena, int64_t, count),
    };
    memset(out->tier, TIER_NONE, count);
    return db_each(in->cx->db, &PLANS_BEFORE, asked, take_plan, &at, in->cx->err);
}
