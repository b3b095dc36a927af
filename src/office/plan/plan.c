/* The board from case to answer: prepare, solve, check, recount. */
#include "office/plan/plan.h"

#include <math.h>

#include "office/plan/plan_in.h"

const struct solve_problem *plan_problem(const struct plan_case *plan)
{
    return &plan->problem;
}

struct taking {
    struct plan_case *plan;
    const int *case_of; /* place of the case, by place in the tree */
};

static enum rc take_tier(void *self, struct unit_id unit, const struct tier_result *result)
{
    const struct taking *taking = self;
    int place = unit_tree_find_id(taking->plan->tiers->tree, unit);
    int at = place == NONE ? NONE : taking->case_of[place];

    if (at != NONE) {
        taking->plan->tier[at] = (signed char)result->tier;
    }
    return RC_OK;
}

/* The tiers that the run kept, not what today's data would say. */
static enum rc take_tiers(struct plan_case *plan)
{
    const struct tier_case *tiers = plan->tiers;
    struct arena *arena = plan->cx->arena;
    int *case_of = ARENA_NEW(arena, int, (size_t)tiers->tree->count);
    struct taking taking = {plan, case_of};

    plan->tier = ARENA_NEW(arena, signed char, (size_t)plan->count);
    memset(plan->tier, TIER_NONE, (size_t)plan->count);
    for (int i = 0; i < tiers->tree->count; i++) {
        case_of[i] = NONE;
    }
    for (int i = 0; i < plan->count; i++) {
        case_of[tiers->panel.places[tiers->rows[i]]] = i;
    }
    return tier_each(plan->cx, plan->tier_run.id, take_tier, &taking);
}

/* People living there, weighted towards where things stand badly: E = (S_ref / S)^epsilon on the
 * score before anything is built. */
static void count_people(struct plan_case *plan)
{
    const struct tier_case *tiers = plan->tiers;
    const struct board *board = plan->board;
    struct arena *arena = plan->cx->arena;
    float *scores = ARENA_NEW(arena, float, (size_t)plan->count);
    enum score_method method = tiers->scheme->method == METHOD_TOPSIS ? SCORE_TOPSIS : SCORE_SUM;

    plan->people = ARENA_NEW(arena, double, (size_t)plan->count);
    plan->residents = ARENA_NEW(arena, double, (size_t)plan->count);
    score_all(&tiers->utilities, &tiers->weights, method, scores);
    for (int i = 0; i < plan->count; i++) {
        double people = board->population == NONE
                            ? 1.0
                            : panel_number(&tiers->panel, board->population, tiers->rows[i]);
        double score = (double)scores[i] > board->score_min ? (double)scores[i] : board->score_min;
        plan->residents[i] = isnan(people) ? 0.0 : people;
        plan->people[i] = plan->residents[i] * pow(board->score_ref / score, board->equity);
    }
}

static enum rc take_classes(struct plan_case *plan)
{
    const struct tier_case *tiers = plan->tiers;
    struct panel panel = {0};
    const struct panel_of of = {tiers->tree, plan->programme, tiers->panel.numbers,
                                plan->programme->partition, 0};

    plan->class_of = ARENA_NEW(plan->cx->arena, int, (size_t)plan->count);
    plan->county = ARENA_NEW(plan->cx->arena, int, (size_t)plan->count);
    TRY(panel_load(plan->cx, &of, tiers->options.period, &panel));
    for (int i = 0; i < plan->count; i++) {
        int unit = tiers->panel.places[tiers->rows[i]];
        int county = unit_tree_above(tiers->tree, unit, plan->programme->partition);
        int row = county == NONE ? NONE : panel.rows[county];
        int classes = plan->board->classes;
        bool is_known =
            row != NONE && classes != NONE && panel_state(&panel, classes, row) == EXPR_KNOWN;
        plan->county[i] = row == NONE ? 0 : row;
        plan->class_of[i] = is_known ? (int)panel.columns[classes].value[row] : 0;
    }
    return RC_OK;
}

/* A state that stands from the end of year y on serves in every later year up to the horizon; what
 * a year brings is discounted to the plan's first year. Worth of holding a state at the end of
 * year y until the next year's end; the last year's state serves to the horizon. Normalised so
 * that a state held from the first year's end on is worth 1. */
static void weigh_years(struct plan_case *plan)
{
    double rate = 1.0 + (double)plan->board->discount / PER_MILLE;
    int last = plan->options.year_count - 1;
    double sum = 0.0;

    for (int y = 0; y <= last; y++) {
        int until = y == last ? last + plan->board->horizon_years : y + 1;
        plan->year_worth[y] = 0.0;
        for (int t = y + 1; t <= until; t++) {
            plan->year_worth[y] += pow(rate, -t);
        }
        sum += plan->year_worth[y];
    }
    for (int y = 0; y <= last && sum > 0.0; y++) {
        plan->year_worth[y] /= sum;
    }
}

enum rc plan_prepare(const struct tier_case *tiers, const struct run *run,
                     const struct plan_limits *limits, const struct plan_options *options,
                     struct plan_case **out)
{
    struct plan_case *plan = ARENA_NEW(tiers->cx->arena, struct plan_case, 1);

    *plan = (struct plan_case){
        .cx = tiers->cx,
        .tiers = tiers,
        .programme = tiers->programme,
        .board = &tiers->programme->board,
        .limits = limits,
        .options = *options,
        .tier_run = *run,
        .count = tiers->count,
    };
    if (!plan->board->is_given) {
        return err_set(plan->cx->err, RC_INVALID, MSG_PLAN_NO_BOARD);
    }
    TRY(take_tiers(plan));
    count_people(plan);
    TRY(take_classes(plan));
    weigh_years(plan);
    TRY(plan_read_wishes(plan));
    TRY(plan_find_groups(plan));
    TRY(plan_find_prices(plan));
    TRY(plan_find_gains(plan));
    TRY(plan_find_rows(plan));
    TRY(plan_build(plan));
    *out = plan;
    return RC_OK;
}

/* Two checks that share nothing with the solver: of the problem, and of the plan against the
 * definition. */
static enum rc verify(struct plan_case *plan, struct plan_answer *answer)
{
    const struct solve_answer *solved = &answer->solved;
    const struct check_claim claim = {
        .picks = solved->picks,
        .prices = solved->prices,
        .value = solved->value,
        .bound = solved->bound,
        .searched = solved->status == SOLVE_SEARCHED,
    };
    struct check_verdict verdict = {0};
    int64_t recounted = 0;

    solve_check(&plan->problem, &claim, plan->cx->arena, &verdict);
    if (verdict.fault != CHECK_SOUND) {
        return err_set(plan->cx->err, RC_BROKEN, MSG_PLAN_CHECK_FAILED,
                       arg_count((int64_t)verdict.fault), arg_count(verdict.place));
    }
    plan_recount(plan, solved->picks, &recounted);
    /* Values are rounded an option at a time. */
    if (llabs(recounted - solved->value) > 2 * (int64_t)plan->problem.groups) {
        return err_set(plan->cx->err, RC_BROKEN, MSG_PLAN_RECOUNT_DIFFERS, arg_count(solved->value),
                       arg_count(recounted));
    }
    answer->is_verified = true;
    return RC_OK;
}

bool plan_is_stopped(void *watch)
{
    const struct plan_watch *self = watch;

    return cx_is_stopped(self->cx);
}

/* The stages of the computation, for whoever waits. */
enum { STAGE_SOLVE, STAGE_PROVE, STAGE_CHECK, STAGES };

static enum rc tell_stage(const struct plan_case *plan, int stage)
{
    return cx_progress(plan->cx, MSG_PLAN_PROGRESS_COMPUTE, stage, STAGES);
}

enum rc plan_compute(struct plan_case *plan, struct plan_answer *out)
{
    struct plan_watch watch = {plan->cx};
    const struct solve_opts opts = {
        .seed = plan->options.seed,
        .steps = plan->options.steps,
        .threads = plan->options.threads,
        .stop = plan_is_stopped,
        .stop_cx = &watch,
    };

    *out = (struct plan_answer){.run = 0};
    TRY(tell_stage(plan, STAGE_SOLVE));
    TRY(solve_run(&plan->problem, &opts, plan->cx->arena, &out->solved, plan->cx->err));
    TRY(tell_stage(plan, STAGE_PROVE));
    if (out->solved.picks == NULL) {
        return err_set(plan->cx->err, RC_CONFLICT, MSG_PLAN_INFEASIBLE);
    }
    plan_prove(plan, &out->solved);
    TRY(tell_stage(plan, STAGE_CHECK));
    return verify(plan, out);
}
