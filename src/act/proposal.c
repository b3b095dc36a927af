/* Commands about what needs two persons. */
#include "act/cmd.h"
#include "act/load.h"
#include "base/num.h"
#include "office/approval/approval.h"
#include "office/tier/tier.h"

enum rc cmd_proposals_list(struct act *act)
{
    struct programme *programme = NULL;
    struct table_sink sink = {0};

    TRY(load_programme(act, &programme));
    TRY(act_sink(act, &sink));
    return proposal_table(&act->cx, programme, &sink);
}

static enum rc carry_out_override(struct act *act, const struct proposal *proposal)
{
    struct programme *programme = NULL;
    struct unit_tree tree;

    TRY(load_programme(act, &programme));
    TRY(unit_tree_load(&act->cx, programme,
                       date_of_moment(act->cx.now_ms, programme->offset_minutes), &tree));
    return tier_override_carry_out(&act->cx, &tree, proposal);
}

/* Exports and restores are carried out by whoever proposed them, when he comes back for it. */
static enum rc carry_out(struct act *act, const struct proposal *proposal)
{
    switch (proposal->matter) {
    case MATTER_OVERRIDE:
        return carry_out_override(act, proposal);
    case MATTER_TIERS:
    case MATTER_PLAN:
        return run_approve_carry_out(&act->cx, proposal);
    case MATTER_EXPORT:
    case MATTER_RESTORE:
    case MATTER_COUNT:
        break;
    }
    return RC_OK;
}

static enum rc number_of(struct act *act, int64_t *out)
{
    str text = act->operands[0];

    if (!num_parse_int(text, 1, INT64_MAX, out)) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_RUN_NUMBER, arg_text(text));
    }
    return RC_OK;
}

enum rc cmd_proposals_decide(struct act *act)
{
    bool is_approved = str_equal(act->operands[1], STR("approve"));
    struct proposal proposal;
    int64_t id = 0;

    TRY(number_of(act, &id));
    if (!is_approved && !str_equal(act->operands[1], STR("refuse"))) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_VERDICT, arg_text(act->operands[1]));
    }
    TRY(proposal_decide(&act->cx, id, is_approved, act_text(act, "remark"), &proposal));
    if (is_approved) {
        TRY(carry_out(act, &proposal));
    }
    SAY_LATER(act, MSG_ACT_DECIDED, arg_number(id));
    return RC_OK;
}

enum rc cmd_proposals_withdraw(struct act *act)
{
    int64_t id = 0;

    TRY(number_of(act, &id));
    TRY(proposal_withdraw(&act->cx, id));
    SAY_LATER(act, MSG_ACT_WITHDRAWN, arg_number(id));
    return RC_OK;
}
