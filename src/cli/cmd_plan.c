/* Commands about the plan: plan, explain plan. */
#include "base/num.h"
#include "cli/cmd.h"
#include "cli/load.h"
#include "format/doc/doc.h"
#include "office/plan/plan.h"

enum { THREADS = 2, SECONDS_MAX = 3600 };

/* "2025-2027" or "2025" */
static enum rc years_of(struct session *session, struct plan_options *out)
{
    str text = session_text(session, "years");
    size_t dash = str_find(text, STR("-"));
    str last_text = dash == STR_NONE ? text : str_part(text, dash + 1, text.len);
    int64_t first = 0;
    int64_t last = 0;
    bool is_read = num_parse_int(str_part(text, 0, dash), 1900, 2199, &first) &&
                   num_parse_int(last_text, 1900, 2199, &last);

    if (!is_read || last < first || last - first >= PLAN_YEARS_MAX) {
        return err_set(&session->err, RC_INVALID, MSG_CLI_YEARS, arg_text(text),
                       arg_count(PLAN_YEARS_MAX));
    }
    out->first_year = (int)first;
    out->year_count = (int)(last - first + 1);
    return RC_OK;
}

static enum rc read_limits(struct session *session, const struct office *office, const char *option,
                           const struct plan_options *options, struct plan_limits *to)
{
    str path = session_text(session, option);
    const struct doc *doc = NULL;
    str bytes = {0};

    if (path.len == 0) {
        return RC_OK;
    }
    TRY(session_read(session, path, &bytes));
    TRY(doc_read_yaml(bytes, path, &session->arena, &doc, &session->err));
    return plan_read_limits(&session->cx, doc, &office->tree, office->programme, options, to);
}

static enum rc options_of(struct session *session, struct plan_options *out)
{
    int64_t seconds = 0;
    int64_t seed = 0;

    TRY(years_of(session, out));
    TRY(session_int(session, "seconds", 1, SECONDS_MAX, &seconds));
    TRY(session_int(session, "seed", 0, INT64_MAX, &seed));
    out->seed = (uint64_t)seed;
    out->steps = seconds * THREADS * SOLVE_STEPS_PER_SECOND;
    out->threads = THREADS;
    return RC_OK;
}

/* No plan: what stands against it and the least that would repair it; the refusal stays. */
static enum rc show_relief(struct session *session, const struct plan_case *plan)
{
    struct table_sink sink = session_stdout(session);
    struct plan_relief relief;

    session_say(session, MSG_CLI_PLAN_RELIEF, NULL, 0);
    TRY(plan_relieve(plan, &relief));
    TRY(plan_relief_tables(plan, &relief, &sink));
    return err_set(&session->err, RC_CONFLICT, MSG_PLAN_INFEASIBLE);
}

enum rc cmd_plan(struct session *session)
{
    struct office office;
    struct run run = {0};
    struct tier_options tier_options;
    struct tier_case tiers;
    struct plan_options options = {0};
    struct plan_limits limits = {0};
    struct plan_case *plan = NULL;
    struct plan_answer answer;
    struct table_sink sink = {0};

    TRY(options_of(session, &options));
    TRY(cli_run_of(session, "tiers", STR("tier"), &run));
    TRY(load_office(session, run.register_day, &office));
    TRY(cli_tier_options(session, &office, &run, &tier_options));
    TRY(read_limits(session, &office, "funds", &options, &limits));
    TRY(read_limits(session, &office, "lock", &options, &limits));
    TRY(cli_tier_prepare(session, &office, &tier_options, &tiers));
    TRY(plan_prepare(&tiers, &run, &limits, &options, &plan));
    enum rc rc = plan_compute(plan, &answer);
    if (rc == RC_CONFLICT) {
        return show_relief(session, plan);
    }
    TRY(rc);
    TRY(plan_keep(plan, STR(WANCUN_VERSION), &answer));
    TRY(session_sink(session, &sink));
    if (session_has(session, "output")) {
        TRY(plan_tables(plan, &answer, &sink));
        struct table_sink shown = session_stdout(session);
        return plan_summary_table(plan, &answer, &shown);
    }
    return session->is_json ? plan_tables(plan, &answer, &sink)
                            : plan_summary_table(plan, &answer, &sink);
}

enum rc cmd_explain_plan(struct session *session)
{
    struct office office;
    struct run run = {0};
    struct table_sink sink = {0};
    struct plan_question question = {.run = &run};

    TRY(cli_run_of(session, "run", STR("plan"), &run));
    TRY(load_office(session, run.register_day, &office));
    TRY(load_code(session, &office.tree, session->operands[0], &question.place));
    question.tree = &office.tree;
    question.programme = office.programme;
    TRY(session_sink(session, &sink));
    return plan_explain(&session->cx, &question, &sink);
}
