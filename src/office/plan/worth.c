/* What a little more of every limit would bring, and what every lock costs: said by relaxation
 * (contracts E25). */
#include "calc/solve/prices.h"

#include "office/plan/plan_in.h"

enum {
    MOVES_MAX = 24,
    LOCKS_PRICED_MAX = 24,
    POINT_UNITS = 10000,                 /* units of value in a point of one person */
    EFFORT_MAX = 600 * 1000,             /* options of the problem, over all bounds proven anew */
    SHARE = 100,                         /* a move is about the hundredth part of a limit */
    NEWLY_SOLVED_STEPS_PER_OPTION = 500, /* effort of solving anew without a lock */
};

static struct out points_out(int64_t value)
{
    return out_fixed((value * 100 + POINT_UNITS / 2) / POINT_UNITS, 2);
}

/* ---- limits ---- */

/* Money or land that comes in the row's year, and what it would bring at the answer's prices. */
struct move {
    int row;
    int rows[PLAN_YEARS_MAX];
    int count;
    int64_t delta;
    double brings;
};

/* The hundredth part of a limit as a round number of display units: 1, 2 or 5 and zeros. */
static int64_t round_delta(int64_t limit, int64_t unit)
{
    int64_t wanted = limit / SHARE / unit;
    int64_t round = 1;

    while (round * 10 <= wanted) {
        round *= 10;
    }
    int64_t times = wanted >= 5 * round ? 5 : wanted >= 2 * round ? 2 : 1;
    return times * round * unit;
}

static struct move move_of(const struct plan_case *plan, const struct plan_answer *answer, int row)
{
    const struct plan_row *about = &plan->rows[row];
    bool is_money = about->kind == ROW_MONEY || about->kind == ROW_CAP;
    struct move move = {.row = row};

    for (int at = row; at != NONE; at = plan_next_row(plan, at)) {
        move.rows[move.count++] = at;
    }
    move.delta = round_delta(about->limit, is_money ? plan->programme->money.display_fen : 100);
    move.brings = (double)plan_slope(plan, answer, row) * (double)move.delta;
    return move;
}

/* The dearest moves, dearest first. */
static int find_moves(const struct plan_case *plan, const struct plan_answer *answer, int most,
                      struct move *moves)
{
    int count = 0;

    for (int r = 0; r < plan->row_count; r++) {
        struct move move = move_of(plan, answer, r);
        int at = count < most ? count++ : most;
        for (; at > 0 && moves[at - 1].brings < move.brings; at--) {
            if (at < most) {
                moves[at] = moves[at - 1];
            }
        }
        if (at < most) {
            moves[at] = move;
        }
    }
    return count;
}

static const struct column_row WORTH_COLUMNS[] = {
    {STR_INIT("what"), MSG_PLAN_MONEY_WHAT, 28, false},
    {STR_INIT("owner"), MSG_PLAN_MONEY_OWNER, 16, false},
    {STR_INIT("year"), MSG_PLAN_RELIEF_YEAR, 8, true},
    {STR_INIT("unit"), MSG_PLAN_MONEY_UNIT, 10, false},
    {STR_INIT("delta"), MSG_PLAN_WORTH_DELTA, 12, false},
    {STR_INIT("gain"), MSG_PLAN_WORTH_GAIN, 16, false},
    {STR_INIT("loss"), MSG_PLAN_WORTH_LOSS, 16, false},
    {STR_INIT("how"), MSG_PLAN_LOCK_HOW, 14, false},
};

/* The bound is proven anew at the moved limits, or taken along its slope at the answer's prices:
 * that is never less than the gain and never more than the loss. */
static enum rc price_move(const struct plan_case *plan, const struct plan_answer *answer,
                          const struct move *move, bool is_proven, struct solve_price *out)
{
    const struct solve_move asked = {move->rows, move->count, move->delta};
    int64_t slope = (int64_t)(move->brings / (double)(1 << SOLVE_PRICE_BITS));

    *out = (struct solve_price){.gain = slope, .loss = slope, .needed = true};
    return is_proven ? solve_price_of(&plan->problem, &answer->solved, &asked, out, plan->cx->err)
                     : RC_OK;
}

static enum rc put_move(const struct plan_case *plan, const struct plan_answer *answer,
                        const struct move *move, bool is_proven, const struct table_sink *sink)
{
    const struct plan_row *row = &plan->rows[move->row];
    enum lang lang = plan->cx->lang;
    struct solve_price price = {0};

    TRY(price_move(plan, answer, move, is_proven, &price));
    const struct out cells[] = {
        out_text(plan_row_name(plan, row)),
        out_text(plan->tiers->tree->units[row->place].name),
        out_fixed(plan->options.first_year + row->year, 0),
        out_text(plan_row_unit(plan, row)),
        plan_row_amount(plan, row, move->delta),
        points_out(price.gain),
        price.needed ? points_out(price.loss)
                     : out_toned(out_none(STR("impossible"), msg_text(lang, MSG_PLAN_WORTH_NEEDED)),
                                 TONE_WARN),
        is_proven ? out_named(STR("bound"), msg_text(lang, MSG_PLAN_WORTH_BOUND))
                  : out_named(STR("slope"), msg_text(lang, MSG_PLAN_WORTH_SLOPE)),
    };
    return sink->row(sink->self, cells);
}

/* How many bounds there is time to prove anew: each looks at every option a good many times. */
static int proven_count(const struct plan_case *plan, int wanted, int most)
{
    int count = EFFORT_MAX / (plan->problem.options + 1);

    count = count > most ? most : count;
    return wanted < count ? wanted : count;
}

enum rc plan_put_worth(const struct plan_case *plan, const struct plan_answer *answer,
                       const struct table_sink *sink)
{
    struct move moves[MOVES_MAX];
    int count = find_moves(plan, answer, MOVES_MAX, moves);
    int proven = proven_count(plan, count, MOVES_MAX);
    const str notes[] = {msg_text(plan->cx->lang, MSG_PLAN_WORTH_NOTE)};
    const struct table table = {
        .name = STR("plan_worth"),
        .title = msg_text(plan->cx->lang, MSG_PLAN_WORTH_TITLE),
        .columns =
            columns_in(plan->cx->lang, WORTH_COLUMNS, COUNT_OF(WORTH_COLUMNS), plan->cx->arena),
        .column_count = COUNT_OF(WORTH_COLUMNS),
        .notes = notes,
        .note_count = COUNT_OF(notes),
    };

    TRY(sink->begin(sink->self, &table));
    for (int i = 0; i < count && moves[i].brings > 0.0; i++) {
        TRY(put_move(plan, answer, &moves[i], i < proven, sink));
    }
    return sink->end(sink->self);
}

/* ---- locks ---- */

/* The problem's group that the lock decides; NONE where its unit has none. */
static int group_of_lock(const struct plan_case *plan, const struct plan_lock *lock)
{
    for (int g = 0; g < plan->problem.groups; g++) {
        int place = plan->group_of[g] % plan->count;
        const struct plan_group *about = &plan->groups[plan->group_of[g] / plan->count];
        bool is_here = plan->tiers->panel.places[plan->tiers->rows[place]] == lock->place;
        for (int m = 0; is_here && m < about->count; m++) {
            if (about->measures[m] == lock->measure) {
                return g;
            }
        }
    }
    return NONE;
}

static enum rc price_lock(const struct plan_case *plan, const struct plan_answer *answer, int lock,
                          int group, struct solve_lock_cost *out)
{
    const struct solve_opts opts = {
        .seed = plan->options.seed,
        .steps = (int64_t)plan->problem.options * NEWLY_SOLVED_STEPS_PER_OPTION,
        .threads = plan->options.threads,
    };
    int first = plan->problem.first[group];
    int count = plan->problem.first[group + 1] - first;
    bool *kept = ARENA_NEW(plan->cx->arena, bool, (size_t)count);

    for (int o = 0; o < count; o++) {
        kept[o] =
            plan_is_barred(plan, plan->group_of[group] / plan->count,
                           plan->group_of[group] % plan->count, &plan->choices[first + o], lock);
    }
    return solve_cost_of_lock(&plan->problem, &answer->solved, &(struct solve_lock){group, kept},
                              &opts, out, plan->cx->err);
}

static const struct column_row LOCK_COLUMNS[] = {
    {STR_INIT("code"), MSG_PLAN_WORK_CODE, 15, true},
    {STR_INIT("where"), MSG_PLAN_WORK_WHERE, 34, false},
    {STR_INIT("lock"), MSG_PLAN_LOCK_WHAT, 50, false},
    {STR_INIT("cost"), MSG_PLAN_LOCK_COST, 16, false},
    {STR_INIT("how"), MSG_PLAN_LOCK_HOW, 14, false},
    {STR_INIT("most"), MSG_PLAN_LOCK_MOST, 16, false},
};

static enum rc put_lock(const struct plan_case *plan, const struct plan_answer *answer, int i,
                        const struct table_sink *sink)
{
    const struct plan_lock *lock = &plan->limits->locks[i];
    enum lang lang = plan->cx->lang;
    int group = group_of_lock(plan, lock);
    struct solve_lock_cost cost = {0};

    if (group != NONE) {
        TRY(price_lock(plan, answer, i, group, &cost));
    }
    const struct out cells[] = {
        out_text(plan->tiers->tree->units[lock->place].code),
        out_text(plan_path(plan, lock->place)),
        out_text(plan_lock_text(plan, lock)),
        points_out(cost.is_resolved ? cost.resolved : cost.relaxed),
        group == NONE      ? out_named(STR("idle"), msg_text(lang, MSG_PLAN_LOCK_IDLE))
        : cost.is_resolved ? out_named(STR("resolved"), msg_text(lang, MSG_PLAN_LOCK_RESOLVED))
                           : out_named(STR("about"), msg_text(lang, MSG_PLAN_LOCK_ABOUT)),
        points_out(cost.most),
    };
    return sink->row(sink->self, cells);
}

enum rc plan_put_locks(const struct plan_case *plan, const struct plan_answer *answer,
                       const struct table_sink *sink)
{
    int proven = proven_count(plan, plan->limits->lock_count, LOCKS_PRICED_MAX);
    int count = proven == 0 ? 1 : proven;
    const str notes[] = {
        SENTENCE(plan, MSG_PLAN_LOCKS_NOTE, arg_count(plan->limits->lock_count), arg_count(count))};
    const struct table table = {
        .name = STR("plan_locks"),
        .title = msg_text(plan->cx->lang, MSG_PLAN_LOCKS_TITLE),
        .columns =
            columns_in(plan->cx->lang, LOCK_COLUMNS, COUNT_OF(LOCK_COLUMNS), plan->cx->arena),
        .column_count = COUNT_OF(LOCK_COLUMNS),
        .notes = notes,
        .note_count = COUNT_OF(notes),
    };

    TRY(sink->begin(sink->self, &table));
    for (int i = 0; i < count; i++) {
        TRY(put_lock(plan, answer, i, sink));
    }
    return sink->end(sink->self);
}
