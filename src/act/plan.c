/* Commands about the plan: plan, explain plan. */
#include "office/plan/plan.h"
#include "act/cmd.h"
#include "act/load.h"
#include "base/num.h"
#include "child/child.h"
#include "format/doc/doc.h"

enum {
    THREADS = 2,
    SECONDS_MAX = 3600,
    PROVER_WALL_MS = 4000, /* for a second of its own time, of which others take their part */
    PROVER_GRACE_MS = 2000,
    PROVER_LOG_MAX = 64 << 20,
};
static const int64_t PROVER_MEMORY_MAX = (int64_t)2 << 30;

/* "2025-2027" or "2025" */
static enum rc years_of(struct act *act, struct plan_options *out)
{
    str text = act_text(act, "years");
    size_t dash = str_find(text, STR("-"));
    str last_text = dash == STR_NONE ? text : str_part(text, dash + 1, text.len);
    int64_t first = 0;
    int64_t last = 0;
    bool is_read = num_parse_int(str_part(text, 0, dash), 1900, 2199, &first) &&
                   num_parse_int(last_text, 1900, 2199, &last);

    if (!is_read || last < first || last - first >= PLAN_YEARS_MAX) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_YEARS, arg_text(text),
                       arg_count(PLAN_YEARS_MAX));
    }
    out->first_year = (int)first;
    out->year_count = (int)(last - first + 1);
    return RC_OK;
}

static enum rc read_limits(struct act *act, const struct office *office, const char *option,
                           const struct plan_options *options, struct plan_limits *to)
{
    str path = act_text(act, option);
    const struct doc *doc = NULL;
    str bytes = {0};

    if (path.len == 0) {
        return RC_OK;
    }
    TRY(act_read(act, path, &bytes));
    TRY(doc_read_yaml(bytes, path, &act->arena, &doc, &act->err));
    return plan_read_limits(&act->cx, doc, &office->tree, office->programme, options, to);
}

/* For how long, and for whom. */
struct proving {
    int64_t seconds;
    const struct cx *cx;
};

static bool is_stopped(void *self)
{
    const struct proving *proving = self;

    return cx_is_stopped(proving->cx);
}

/* CBC as it is installed. */
static bool run_cbc(void *self, str mps, struct arena *arena, str *out_log)
{
    struct proving *proving = self;
    const struct child_limits limits = {
        .time_ms = proving->seconds * PROVER_WALL_MS + PROVER_GRACE_MS,
        .memory_max = PROVER_MEMORY_MAX,
        .output_max = PROVER_LOG_MAX,
        .is_stopped = is_stopped,
        .self = proving,
    };
    struct child_result result = {0};
    struct err err = {0};
    struct buf text;
    str most = {0};

    buf_init(&text, arena, 32);
    buf_int(&text, proving->seconds);
    buf_char(&text, '\0');
    MUST(buf_done(&text, &most));
    const char *const argv[] = {"cbc",    "-import",   "-", "-sec",  most.at,
                                "-solve", "-solution", "-", "-quit", NULL};
    bool is_run = child_run(argv, mps, &limits, arena, &result, &err) == RC_OK;
    *out_log = result.output;
    return is_run && result.end == CHILD_EXITED && result.exit_code == 0;
}

static enum rc options_of(struct act *act, struct plan_options *out, struct proving *proving)
{
    int64_t seconds = 0;
    int64_t seed = 0;

    TRY(years_of(act, out));
    TRY(act_int(act, "seconds", 1, SECONDS_MAX, &seconds));
    TRY(act_int(act, "seed", 0, INT64_MAX, &seed));
    out->seed = (uint64_t)seed;
    out->threads = THREADS;
    /* Half of the time each; at least a second. */
    *proving = (struct proving){seconds < 2 ? 1 : seconds / 2, &act->cx};
    out->steps = (seconds - seconds / 2) * THREADS * SOLVE_STEPS_PER_SECOND;
    out->prover = (struct plan_prover){run_cbc, proving};
    return RC_OK;
}

/* No plan: what stands against it and the least that would repair it; the refusal stays. */
static enum rc show_relief(struct act *act, const struct plan_case *plan)
{
    struct table_sink sink = act_shown(act);
    struct plan_relief relief;

    act_say(act, MSG_ACT_PLAN_RELIEF, NULL, 0);
    TRY(plan_relieve(plan, &relief));
    TRY(plan_relief_tables(plan, &relief, &sink));
    return err_set(&act->err, RC_CONFLICT, MSG_PLAN_INFEASIBLE);
}

/* A plan takes in all that its tiers do: whoever plans must have the right there. */
static enum rc need_whole(struct act *act, const struct run *run)
{
    bool is_seen = false;

    TRY(cx_sees(&act->cx, run->root, &is_seen));
    return is_seen ? RC_OK : err_set(&act->err, RC_DENIED, MSG_ACT_PLAN_ABOVE, arg_number(run->id));
}

enum rc cmd_plan(struct act *act)
{
    struct office office;
    struct run run = {0};
    struct tier_options tier_options;
    struct tier_case tiers;
    struct plan_options options = {0};
    struct proving proving = {0};
    struct plan_limits limits = {0};
    struct plan_case *plan = NULL;
    struct plan_answer answer;
    struct table_sink sink = {0};

    TRY(options_of(act, &options, &proving));
    TRY(act_run_of(act, "tiers", STR("tier"), &run));
    TRY(need_whole(act, &run));
    TRY(load_office(act, run.register_day, &office));
    TRY(act_tier_options(act, &office, &run, &tier_options));
    TRY(read_limits(act, &office, "funds", &options, &limits));
    TRY(read_limits(act, &office, "lock", &options, &limits));
    TRY(act_tier_prepare(act, &office, &tier_options, &tiers));
    TRY(plan_prepare(&tiers, &run, &limits, &options, &plan));
    enum rc rc = plan_compute(plan, &answer);
    if (rc == RC_CONFLICT && !cx_is_stopped(&act->cx)) {
        return show_relief(act, plan);
    }
    TRY(rc);
    TRY(act_begin_write(act, &office.tree, tier_options.root));
    TRY(plan_keep(plan, STR(WANCUN_VERSION), &answer));
    TRY(act_sink(act, &sink));
    if (act_has(act, "output")) {
        TRY(plan_tables(plan, &answer, &sink));
        struct table_sink shown = act_shown(act);
        return plan_summary_table(plan, &answer, &shown);
    }
    return act->is_json ? plan_tables(plan, &answer, &sink)
                        : plan_summary_table(plan, &answer, &sink);
}

enum rc cmd_explain_plan(struct act *act)
{
    struct office office;
    struct run run = {0};
    struct table_sink sink = {0};
    struct plan_question question = {.run = &run};

    TRY(act_run_of(act, "run", STR("plan"), &run));
    TRY(load_office(act, run.register_day, &office));
    TRY(load_code(act, &office.tree, act->operands[0], &question.place));
    question.tree = &office.tree;
    question.programme = office.programme;
    question.numbers = &office.numbers;
    TRY(act_sink(act, &sink));
    return plan_explain(&act->cx, &question, &sink);
}
