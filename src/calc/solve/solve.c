/* From a problem to an answer: reduce, find prices, prove the bound, find a choice, report. */
#include "calc/solve/solve.h"

#include <math.h>
#include <string.h>

#include "calc/solve/engine/balance.h"
#include "calc/solve/engine/blocks.h"
#include "calc/solve/engine/dual.h"
#include "calc/solve/engine/exchange.h"
#include "calc/solve/engine/first.h"
#include "calc/solve/engine/random.h"
#include "calc/solve/engine/search.h"
#include "calc/solve/engine/smooth.h"

enum { SIGN_EVALUATIONS = 100, DESCENT_EVALUATIONS = 60 };
enum {
    ENTRIES_FIRST = 1 << 11,
    BALANCES_MAX = 32,
    BALANCES_VAIN = 3, /* one after the other without an improvement */
    BALANCE_SHARE = 3, /* of the steps go into them, at most */
    AROUND_SOME = 30,  /* percent of the neighbourhoods that count from the incumbent */
    AROUND_MOST = 70,  /* the same where it is far from the prices' choice */
};
static const double SOFTNESS_COLD = 0.1;
static const double SOFTNESS_WARM = 0.001;
static const double MISSED_MANY = 3;
static const double GAP_NEAR = 1e-4; /* of the bound: an earlier answer is worth going on from */
static const double LEVEL = 1e-7;    /* what is left to descend after the smooth part */

struct solver {
    const struct solve_problem *problem;
    const struct solve_opts *opts;
    struct arena *arena; /* of the answer */
    struct arena work;
    struct model model;
    struct pack pack;
    struct dual dual;
    int64_t *prices; /* [rows of the model] scaled */
    double *price;
    double *loss;
    int *best;
    int *rounded;  /* [groups] with the indifferent ones so that the rows are nearly met */
    int64_t bound; /* by the prices */
    struct choice choice;
    struct stopper stopper;
    int64_t steps;
    bool proven;
};

/* The prices of an earlier answer, by the rows of this model. */
static void take_prices(struct solver *s)
{
    const struct model *m = &s->model;

    for (int r = 0; r < m->rows; r++) {
        double price = (double)s->opts->prices[m->row_origin[r]] / (1 << SOLVE_PRICE_BITS);
        s->dual.price[r] = s->dual.at[r] = fmax(0, m->row_sign[r] * price);
    }
}

static void find_prices(struct solver *s)
{
    const struct model *m = &s->model;
    size_t rows = (size_t)m->rows;

    pack_of(m, kernel_best(), &s->work, &s->pack);
    dual_init(&s->pack, &s->work, &s->dual);
    s->dual.threads = s->opts->threads < 1 ? 1 : s->opts->threads;
    s->rounded = ARENA_NEW(&s->work, int, (size_t)m->groups);
    for (int g = 0; g < m->groups; g++) {
        s->rounded[g] = SOLVE_FREE;
    }
    if (s->opts->prices != NULL) {
        take_prices(s);
        dual_try(&s->dual, s->dual.at); /* never worse than where we begin */
        smooth_descend(&s->dual, SOFTNESS_WARM, &s->work, s->rounded);
    } else {
        dual_from_signs(&s->dual, SIGN_EVALUATIONS);
        smooth_descend(&s->dual, SOFTNESS_COLD, &s->work, s->rounded);
    }
    dual_descend(&s->dual, DESCENT_EVALUATIONS, LEVEL);
    s->steps += s->dual.steps;
    s->prices = ARENA_NEW(&s->work, int64_t, rows);
    s->price = ARENA_NEW(&s->work, double, rows);
    s->loss = ARENA_NEW(&s->work, double, (size_t)m->options);
    s->best = ARENA_NEW(&s->work, int, (size_t)m->groups);
    dual_round(&s->dual, s->prices);
    for (int r = 0; r < m->rows; r++) {
        s->price[r] = (double)s->prices[r] / (1 << SOLVE_PRICE_BITS);
    }
    s->bound = model_bound(m, s->prices, s->loss, s->best);
    for (int g = 0; g < m->groups; g++) {
        s->rounded[g] = s->rounded[g] == SOLVE_FREE ? s->best[g] : s->rounded[g];
    }
}

/* Is the bound below what the least options are worth? Then nothing keeps the rows. */
static bool bound_is_absurd(const struct solver *s)
{
    const struct model *m = &s->model;
    int64_t least = m->value_kept;

    for (int g = 0; g < m->groups; g++) {
        int64_t low = m->value[m->first[g]];
        for (int o = m->first[g]; o < m->first[g + 1]; o++) {
            low = m->value[o] < low ? m->value[o] : low;
        }
        least += low;
    }
    return s->bound < least;
}

/* The picks of an earlier answer as far as they are still possible. */
static void take_picks(struct solver *s, int *pick)
{
    const struct model *m = &s->model;

    for (int g = 0; g < m->groups; g++) {
        pick[g] = s->best[g];
        for (int j = 0; j < model_options(m, g); j++) {
            if (m->option_origin[m->first[g] + j] == s->opts->picks[m->group_origin[g]]) {
                pick[g] = j;
            }
        }
    }
}

/* Begin with the picks of the earlier answer, mended. */
static void begin_with_picks(struct solver *s, const struct near_frame *frame)
{
    int *pick = ARENA_NEW(&s->work, int, (size_t)s->model.groups);

    take_picks(s, pick);
    if (!choice_take(&s->model, &s->choice, pick)) {
        s->steps += first_mend(frame, s->dual.scale, &s->work, &s->choice);
    }
    if (s->choice.any) {
        s->steps += first_fill(frame, &s->work, &s->choice);
    }
}

/* How many average changes of option the prices' choice is away from meeting the priced rows. */
static double missed_moves(const struct solver *s)
{
    const struct model *m = &s->model;
    double missed = 0;
    double moves = 1;

    for (int r = 0; r < m->rows; r++) {
        missed += s->price[r] * fabs((double)s->choice.left[r]);
    }
    for (int g = 0; g < m->groups; g++) {
        const int64_t *value = m->value + m->first[g];
        int64_t low = value[0];
        int64_t high = value[0];
        for (int j = 1; j < model_options(m, g); j++) {
            low = value[j] < low ? value[j] : low;
            high = value[j] > high ? value[j] : high;
        }
        moves += (double)(high - low) / m->groups;
    }
    return missed / moves;
}

static int64_t try_balance(struct solver *s, const struct near_frame *frame, uint64_t seed,
                           struct choice *tried)
{
    (void)choice_take(&s->model, tried, s->rounded);
    int64_t steps = balance_choice(&s->dual, frame, seed, &s->work, tried);

    steps += first_mend(frame, s->dual.scale, &s->work, tried);
    if (tried->any) {
        steps += first_fill(frame, &s->work, tried);
        steps += exchange_pairs(frame, &s->work, tried);
    }
    return steps;
}

/* Where many groups are indifferent at the prices, departures from their choice lead nowhere: begin
 * with the best of some balanced choices. */
static void begin_balanced(struct solver *s, const struct near_frame *frame)
{
    int64_t steps_max = s->opts->steps / BALANCE_SHARE;
    int vain = 0;
    struct choice tried;

    choice_init(&s->model, &s->work, &tried);
    for (uint64_t i = 0; i < BALANCES_MAX && vain < BALANCES_VAIN; i++) {
        bool is_over = s->steps >= steps_max || stopper_asks(&s->stopper);
        if (i > 0 && is_over) {
            break;
        }
        uint64_t seed = i == 0 ? 0 : random_stream(s->opts->seed, i);
        s->steps += try_balance(s, frame, seed, &tried);
        vain++;
        if (tried.any && (!s->choice.any || tried.value > s->choice.value)) {
            choice_copy(&s->model, &s->choice, &tried);
            vain = 0;
        }
    }
}

/* What of the bound the choice falls short of. */
static double gap_share(const struct solver *s)
{
    double value = (double)(s->model.value_kept + s->choice.value);

    return ((double)s->bound - value) / ((double)s->bound + 1);
}

static void begin_with_prices(struct solver *s, const struct near_frame *frame)
{
    if (!choice_take(&s->model, &s->choice, s->best) && missed_moves(s) > MISSED_MANY) {
        begin_balanced(s, frame);
    }
    if (!s->choice.any) {
        s->steps += first_choice(&s->dual, frame, &s->work, &s->choice);
    }
    if (s->choice.any) {
        s->steps += first_fill(frame, &s->work, &s->choice);
    }
}

/* A first choice that keeps the rows, if one is found. */
static void begin(struct solver *s, const struct near_frame *frame)
{
    if (s->opts->picks != NULL) {
        begin_with_picks(s, frame);
    }
    if (!s->choice.any) {
        begin_with_prices(s, frame);
    } else if (gap_share(s) > GAP_NEAR) {
        s->steps += exchange_pairs(frame, &s->work, &s->choice);
    }
}

/* More departures from the prices' choice than lists of them can hold call for another middle. */
static int around_share(const struct solver *s)
{
    int departures = 0;

    for (int g = 0; g < s->model.groups; g++) {
        departures += s->choice.pick[g] != s->best[g];
    }
    return departures > 2 * LIST_MOVES_DEEP ? AROUND_MOST : AROUND_SOME;
}

/* All together, or county by county where the rows are many. */
static void improve_choice(struct solver *s, const struct near_frame *frame,
                           const struct search_opts *search)
{
    double bound = (double)(s->bound - s->model.value_kept);

    if (s->choice.any && blocks_apply(&s->model)) {
        s->steps += blocks_run(frame, search, bound, &s->choice, &s->work);
    } else {
        s->steps += search_run(frame, search, bound, &s->choice, &s->work, &s->proven);
    }
}

static void find_choice(struct solver *s)
{
    const struct near_frame frame = {&s->model, s->pack.kernel, s->price, s->loss, s->best};
    struct search_opts search = {
        .seed = s->opts->seed,
        .threads = s->opts->threads < 1 ? 1 : s->opts->threads,
        .steps_max = s->opts->steps,
        .entries_first = ENTRIES_FIRST,
        .stopper = &s->stopper,
    };

    choice_init(&s->model, &s->work, &s->choice);
    begin(s, &frame);
    search.around = around_share(s);
    improve_choice(s, &frame, &search);
}

static void report_prices(struct solver *s, struct solve_answer *out)
{
    const struct model *m = &s->model;

    out->prices = ARENA_NEW(s->arena, int64_t, (size_t)s->problem->rows);
    for (int r = 0; r < m->rows; r++) {
        out->prices[m->row_origin[r]] += m->row_sign[r] * s->prices[r];
    }
    out->bound = out->price_bound = s->bound;
}

static void measure_left(const struct solve_problem *p, const int *picks, int64_t *left)
{
    for (int r = 0; r < p->rows; r++) {
        left[r] = p->limit[r];
    }
    for (int g = 0; g < p->groups; g++) {
        int option = p->first[g] + picks[g];
        for (int64_t u = p->use_first[option]; u < p->use_first[option + 1]; u++) {
            left[p->use[u].row] -= p->use[u].amount;
        }
    }
}

static void report_choice(struct solver *s, struct solve_answer *out)
{
    const struct solve_problem *p = s->problem;
    const struct model *m = &s->model;

    out->picks = ARENA_NEW(s->arena, int, (size_t)p->groups);
    out->left = ARENA_NEW(s->arena, int64_t, (size_t)p->rows);
    for (int g = 0; g < p->groups; g++) {
        out->picks[g] = m->pick_kept[g];
    }
    for (int g = 0; g < m->groups; g++) {
        out->picks[m->group_origin[g]] = m->option_origin[m->first[g] + s->choice.pick[g]];
    }
    measure_left(p, out->picks, out->left);
    out->value = m->value_kept + s->choice.value;
    out->status = SOLVE_CERTIFIED;
    if (out->value == out->bound) {
        out->status = SOLVE_OPTIMAL;
    } else if (s->proven) {
        solve_lower_bound(out, out->value);
    }
}

static bool left_holds(const struct solve_problem *p, const int64_t *left)
{
    for (int r = 0; r < p->rows; r++) {
        if ((p->sense[r] != SOLVE_AT_LEAST && left[r] < 0) ||
            (p->sense[r] != SOLVE_AT_MOST && left[r] > 0)) {
            return false;
        }
    }
    return true;
}

void solve_take_picks(const struct solve_problem *p, int *picks, struct solve_answer *answer)
{
    struct arena arena;
    int64_t value = 0;
    bool allowed = true;

    MUST(answer->left != NULL);
    arena_init(&arena, ARENA_JOB_MAX);
    int64_t *left = ARENA_NEW(&arena, int64_t, (size_t)p->rows);
    measure_left(p, picks, left);
    for (int g = 0; g < p->groups; g++) {
        allowed = allowed && solve_allowed(p, g, p->first[g] + picks[g]);
        value += p->value[p->first[g] + picks[g]];
    }
    if (allowed && value > answer->value && left_holds(p, left)) {
        answer->picks = picks;
        answer->value = value;
        memcpy(answer->left, left, (size_t)p->rows * sizeof(*left));
    }
    arena_done(&arena);
}

void solve_lower_bound(struct solve_answer *answer, int64_t bound)
{
    if (bound < answer->bound && answer->picks != NULL) {
        answer->bound = bound > answer->value ? bound : answer->value;
        answer->status = SOLVE_SEARCHED;
    }
}

static void run(struct solver *s, struct solve_answer *out)
{
    model_of(s->problem, &s->work, &s->model);
    if (s->model.impossible) {
        out->prices = ARENA_NEW(s->arena, int64_t, (size_t)s->problem->rows);
        out->status = SOLVE_IMPOSSIBLE;
        return;
    }
    find_prices(s);
    report_prices(s, out);
    if (bound_is_absurd(s)) {
        out->status = SOLVE_IMPOSSIBLE;
        return;
    }
    if (!s->opts->dual_only) {
        find_choice(s);
    }
    if (s->choice.any) {
        report_choice(s, out);
    }
}

enum rc solve_run(const struct solve_problem *problem, const struct solve_opts *opts,
                  struct arena *arena, struct solve_answer *out, struct err *err)
{
    struct solver s = {
        .problem = problem,
        .opts = opts,
        .arena = arena,
        .stopper = {.stop = opts->stop, .stop_cx = opts->stop_cx},
    };

    if (opts->steps < 0 || opts->threads < 0 || opts->threads > SOLVE_THREADS_MAX) {
        return err_set(err, RC_INVALID, MSG_SOLVE_EFFORT_RANGE, arg_count(SOLVE_THREADS_MAX));
    }
    *out = (struct solve_answer){.status = SOLVE_NO_PLAN, .seed = opts->seed};
    arena_init(&s.work, ARENA_JOB_MAX);
    run(&s, out);
    arena_done(&s.work);
    out->steps = s.steps;
    out->stopped = atomic_load(&s.stopper.stopped);
    return RC_OK;
}
