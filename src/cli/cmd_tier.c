/* Commands about tiers and runs: classify, explain tier, override, approve, runs. */
#include "base/num.h"
#include "cli/cmd.h"
#include "cli/load.h"
#include "office/tier/tier.h"

enum { THREADS = 2 };

static enum rc scheme_of(struct session *session, const struct programme *programme, int *out)
{
    str id = session_text(session, "scheme");
    int level = NONE;

    if (id.len > 0) {
        *out = programme_scheme(programme, id);
        return *out == NONE
                   ? err_set(&session->err, RC_MISSING, MSG_CLI_SCHEME_UNKNOWN, arg_text(id))
                   : RC_OK;
    }
    TRY(load_level(session, programme, &level));
    for (int i = 0; i < programme->scheme_count; i++) {
        if (programme->schemes[i].level == level) {
            *out = i;
            return RC_OK;
        }
    }
    return err_set(&session->err, RC_MISSING, MSG_CLI_SCHEME_NONE,
                   arg_text(text_in(programme->levels[level].name, session->cx.lang)));
}

enum rc cli_tier_prepare(struct session *session, const struct office *office,
                         const struct tier_options *options, struct tier_case *out)
{
    const struct panel_of of = {
        .tree = &office->tree,
        .programme = office->programme,
        .numbers = &office->numbers,
        .level = office->programme->schemes[options->scheme].level,
        .within = options->root,
    };

    return tier_prepare(&session->cx, &of, options, out);
}

enum rc cmd_classify(struct session *session)
{
    struct office office;
    struct tier_options options = {.threads = THREADS};
    struct tier_case in;
    struct tier_answer answer;
    struct table_sink sink = {0};
    int64_t draws = 0;
    int64_t seed = 0;

    TRY(session_period(session, "period", &options.period));
    TRY(session_int(session, "draws", 0, TIER_DRAWS_MAX, &draws));
    TRY(session_int(session, "seed", 0, INT64_MAX, &seed));
    TRY(load_office(session, period_end(options.period), &office));
    TRY(scheme_of(session, office.programme, &options.scheme));
    TRY(load_unit(session, &office.tree, &options.root));
    options.draws = (int)draws;
    options.seed = (uint64_t)seed;
    TRY(cli_tier_prepare(session, &office, &options, &in));
    TRY(tier_compute(&in, &answer));
    TRY(tier_keep(&in, STR(WANCUN_VERSION), &answer));
    TRY(session_sink(session, &sink));
    if (session_has(session, "output")) {
        TRY(tier_tables(&in, &answer, &sink));
        struct table_sink shown = session_stdout(session);
        return tier_summary_table(&in, &answer, &shown);
    }
    return session->is_json ? tier_tables(&in, &answer, &sink)
                            : tier_summary_table(&in, &answer, &sink);
}

enum rc cli_run_of(struct session *session, const char *option, str kind, struct run *out)
{
    int64_t id = 0;

    if (!session_has(session, option)) {
        return run_newest(&session->cx, kind, out);
    }
    TRY(session_int(session, option, 1, INT64_MAX, &id));
    return run_load(&session->cx, id, out);
}

enum rc cli_tier_options(struct session *session, const struct office *office,
                         const struct run *run, struct tier_options *out)
{
    *out = (struct tier_options){
        .scheme = programme_scheme(office->programme, run->scheme),
        .root = unit_tree_find_id(&office->tree, run->root),
        .period = run->period,
        .seed = (uint64_t)run->seed,
        .draws = (int)run->draws,
        .threads = THREADS,
    };
    if (out->scheme == NONE || out->root == NONE) {
        return err_set(&session->err, RC_CONFLICT, MSG_CLI_RUN_OTHER, arg_number(run->id));
    }
    return RC_OK;
}

static int place_of_unit(const struct tier_case *in, int unit)
{
    for (int i = 0; i < in->count; i++) {
        if (in->panel.places[in->rows[i]] == unit) {
            return i;
        }
    }
    return NONE;
}

enum rc cmd_explain_tier(struct session *session)
{
    struct office office;
    struct tier_options options;
    struct tier_case in;
    struct tier_answer answer;
    struct table_sink sink = {0};
    struct run run = {0};
    int unit = NONE;

    TRY(cli_run_of(session, "run", STR("tier"), &run));
    TRY(load_office(session, run.register_day, &office));
    TRY(cli_tier_options(session, &office, &run, &options));
    TRY(load_code(session, &office.tree, session->operands[0], &unit));
    TRY(cli_tier_prepare(session, &office, &options, &in));
    int place = place_of_unit(&in, unit);
    if (place == NONE) {
        return err_set(&session->err, RC_MISSING, MSG_CLI_NOT_PLACED,
                       arg_text(session->operands[0]));
    }
    TRY(tier_compute(&in, &answer));
    answer.run = run.id;
    TRY(session_sink(session, &sink));
    return tier_explain(&in, &answer, place, &sink);
}

enum rc cmd_override_tier(struct session *session)
{
    struct programme *programme = NULL;
    struct unit_tree tree;
    struct tier_exception exception = {
        .tree = &tree,
        .tier = session->operands[1],
        .reason = session_text(session, "reason"),
    };
    int scheme = NONE;

    TRY(load_programme(session, &programme));
    TRY(unit_tree_load(&session->cx, programme,
                       date_of_moment(session->cx.now_ms, programme->offset_minutes), &tree));
    TRY(scheme_of(session, programme, &scheme));
    TRY(load_code(session, &tree, session->operands[0], &exception.place));
    exception.scheme = programme->schemes[scheme].id;
    if (str_equal(exception.tier, STR("none"))) {
        exception.tier = STR("");
    } else if (programme_tier(programme, exception.tier) == NONE) {
        return err_set(&session->err, RC_MISSING, MSG_CLI_TIER_UNKNOWN, arg_text(exception.tier));
    }
    TRY(tier_override(&session->cx, &exception));
    SAY_LATER(session, MSG_CLI_OVERRIDDEN, arg_text(tree.units[exception.place].name));
    return RC_OK;
}

static enum rc run_number(struct session *session, str text, int64_t *out)
{
    if (!num_parse_int(text, 1, INT64_MAX, out)) {
        return err_set(&session->err, RC_INVALID, MSG_CLI_RUN_NUMBER, arg_text(text));
    }
    return RC_OK;
}

enum rc cmd_approve(struct session *session)
{
    int64_t id = 0;

    TRY(run_number(session, session->operands[0], &id));
    TRY(run_approve(&session->cx, id, session_text(session, "resolution")));
    SAY_LATER(session, MSG_CLI_APPROVED, arg_number(id));
    return RC_OK;
}

enum rc cmd_runs_list(struct session *session)
{
    struct programme *programme = NULL;
    struct table_sink sink = {0};

    TRY(load_programme(session, &programme));
    TRY(session_sink(session, &sink));
    return run_table(&session->cx, programme, &sink);
}

enum rc cmd_runs_show(struct session *session)
{
    struct programme *programme = NULL;
    struct table_sink sink = {0};
    struct run run = {0};
    int64_t id = 0;

    TRY(run_number(session, session->operands[0], &id));
    TRY(load_programme(session, &programme));
    TRY(run_load(&session->cx, id, &run));
    TRY(session_sink(session, &sink));
    return run_show(&session->cx, programme, &run, &sink);
}

enum rc cmd_runs_compare(struct session *session)
{
    struct office office;
    struct run before = {0};
    struct run after = {0};
    struct table_sink sink = {0};
    int64_t id = 0;

    TRY(run_number(session, session->operands[0], &id));
    TRY(run_load(&session->cx, id, &before));
    TRY(run_number(session, session->operands[1], &id));
    TRY(run_load(&session->cx, id, &after));
    TRY(load_office(session, after.register_day, &office));
    TRY(session_sink(session, &sink));
    const struct tier_comparison comparison = {
        .tree = &office.tree,
        .programme = office.programme,
        .before = &before,
        .after = &after,
    };
    return tier_compare(&session->cx, &comparison, &sink);
}
