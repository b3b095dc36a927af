/* What is left of the gap, given to a branch and bound of another house: its bound, and its plan
 * where that is better. */
#include "base/buf.h"
#include "calc/solve/core_lp.h"
#include "office/plan/plan_in.h"

enum {
    OPTIONS_MAX = 200000, /* beyond it a core is not worth writing */
    COLUMNS_MAX = 30000,  /* beyond it a branch and bound gets nowhere in seconds */
    GAP_SHARE = 66667,    /* a gap below one part of this many is left alone (contracts E28) */
};
static const size_t MPS_MAX = 32 * (size_t)ARENA_MIB;

static bool is_worth_it(const struct plan_case *plan, const struct solve_answer *solved)
{
    return plan->options.prover.run != NULL && plan->problem.options <= OPTIONS_MAX &&
           solved->bound - solved->value > solved->bound / GAP_SHARE;
}

/* The plan is taken where it keeps every row and is worth more; the checker sees it afterwards. */
static void take_plan(const struct plan_case *plan, const struct core_lp *core, str log,
                      struct solve_answer *solved)
{
    int *picks = NULL;

    if (core_lp_read_picks(core, log, plan->cx->arena, &picks)) {
        solve_take_picks(&plan->problem, picks, solved);
    }
}

void plan_prove(const struct plan_case *plan, struct solve_answer *solved)
{
    const struct plan_prover *prover = &plan->options.prover;
    struct arena arena;
    struct core_lp core;
    struct buf mps;
    str text = {0};
    str log = {0};
    int64_t bound = 0;

    if (!is_worth_it(plan, solved)) {
        return;
    }
    arena_init(&arena, ARENA_JOB_MAX);
    buf_init(&mps, &arena, MPS_MAX);
    core_lp_write(&plan->problem, solved, &mps, &arena, &core);
    bool is_small = buf_done(&mps, &text) && core.columns <= COLUMNS_MAX;
    if (is_small && prover->run(prover->self, text, &arena, &log)) {
        take_plan(plan, &core, log, solved);
        if (core_lp_read_bound(&core, log, &bound)) {
            solve_lower_bound(solved, bound);
        }
    }
    arena_done(&arena);
}
