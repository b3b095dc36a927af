/* Commands about tiers and runs: classify, explain tier, override, approve, runs. */
#include "office/tier/tier.h"
#include "act/cmd.h"
#include "act/load.h"
#include "base/num.h"
#include "office/approval/approval.h"
#include "office/plan/plan.h"

enum { THREADS = 2 };

static enum rc scheme_of(struct act *act, const struct programme *programme, int *out)
{
    str id = act_text(act, "scheme");
    int level = NONE;

    if (id.len > 0) {
        *out = programme_scheme(programme, id);
        return *out == NONE ? err_set(&act->err, RC_MISSING, MSG_ACT_SCHEME_UNKNOWN, arg_text(id))
                            : RC_OK;
    }
    TRY(load_level(act, programme, &level));
    for (int i = 0; i < programme->scheme_count; i++) {
        if (programme->schemes[i].level == level) {
            *out = i;
            return RC_OK;
        }
    }
    return err_set(&act->err, RC_MISSING, MSG_ACT_SCHEME_NONE,
                   arg_text(text_in(programme->levels[level].name, act->cx.lang)));
}

enum rc act_tier_prepare(struct act *act, const struct office *office,
                         const struct tier_options *options, struct tier_case *out)
{
    const struct panel_of of = {
        .tree = &office->tree,
        .programme = office->programme,
        .numbers = &office->numbers,
        .level = office->programme->schemes[options->scheme].level,
        .within = options->root,
    };

    return tier_prepare(&act->cx, &of, options, out);
}

enum rc cmd_classify(struct act *act)
{
    struct office office;
    struct tier_options options = {.threads = THREADS};
    struct tier_case in;
    struct tier_answer answer;
    struct table_sink sink = {0};
    int64_t draws = 0;
    int64_t seed = 0;

    TRY(act_period(act, "period", &options.period));
    TRY(act_int(act, "draws", 0, TIER_DRAWS_MAX, &draws));
    TRY(act_int(act, "seed", 0, INT64_MAX, &seed));
    TRY(load_office(act, period_end(options.period), &office));
    TRY(scheme_of(act, office.programme, &options.scheme));
    TRY(load_unit(act, &office.tree, &options.root));
    options.draws = (int)draws;
    options.seed = (uint64_t)seed;
    TRY(act_tier_prepare(act, &office, &options, &in));
    TRY(tier_compute(&in, &answer));
    TRY(act_begin_write(act, &office.tree, options.root));
    TRY(tier_keep(&in, STR(WANCUN_VERSION), &answer));
    TRY(act_sink(act, &sink));
    if (act_has(act, "output")) {
        TRY(tier_tables(&in, &answer, &sink));
        struct table_sink shown = act_shown(act);
        return tier_summary_table(&in, &answer, &shown);
    }
    return act->is_json ? tier_tables(&in, &answer, &sink)
                        : tier_summary_table(&in, &answer, &sink);
}

enum rc act_run_of(struct act *act, const char *option, str kind, struct run *out)
{
    int64_t id = 0;

    if (!act_has(act, option)) {
        return run_newest(&act->cx, kind, out);
    }
    TRY(act_int(act, option, 1, INT64_MAX, &id));
    return run_load(&act->cx, id, out);
}

enum rc act_tier_options(struct act *act, const struct office *office, const struct run *run,
                         struct tier_options *out)
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
        return err_set(&act->err, RC_CONFLICT, MSG_ACT_RUN_OTHER, arg_number(run->id));
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

enum rc cmd_explain_tier(struct act *act)
{
    struct office office;
    struct tier_options options;
    struct tier_case in;
    struct tier_answer answer;
    struct table_sink sink = {0};
    struct run run = {0};
    int unit = NONE;

    TRY(act_run_of(act, "run", STR("tier"), &run));
    TRY(load_office(act, run.register_day, &office));
    TRY(act_tier_options(act, &office, &run, &options));
    TRY(load_code(act, &office.tree, act->operands[0], &unit));
    TRY(act_tier_prepare(act, &office, &options, &in));
    int place = place_of_unit(&in, unit);
    if (place == NONE) {
        return err_set(&act->err, RC_MISSING, MSG_ACT_NOT_PLACED, arg_text(act->operands[0]));
    }
    TRY(tier_compute(&in, &answer));
    answer.run = run.id;
    TRY(act_sink(act, &sink));
    return tier_explain(&in, &answer, place, &sink);
}

enum rc cmd_override_tier(struct act *act)
{
    struct programme *programme = NULL;
    struct unit_tree tree;
    struct tier_exception exception = {
        .tree = &tree,
        .tier = act->operands[1],
        .reason = act_text(act, "reason"),
    };
    int64_t waits = 0;
    int scheme = NONE;

    TRY(load_programme(act, &programme));
    TRY(unit_tree_load(&act->cx, programme,
                       date_of_moment(act->cx.now_ms, programme->offset_minutes), &tree));
    TRY(scheme_of(act, programme, &scheme));
    TRY(load_code(act, &tree, act->operands[0], &exception.place));
    exception.scheme = programme->schemes[scheme].id;
    if (str_equal(exception.tier, STR("none"))) {
        exception.tier = STR("");
    } else if (programme_tier(programme, exception.tier) == NONE) {
        return err_set(&act->err, RC_MISSING, MSG_ACT_TIER_UNKNOWN, arg_text(exception.tier));
    }
    TRY(tier_override(&act->cx, &exception, &waits));
    if (waits != 0) {
        SAY_LATER(act, MSG_ACT_PROPOSED, arg_number(waits));
    } else {
        SAY_LATER(act, MSG_ACT_OVERRIDDEN, arg_text(tree.units[exception.place].name));
    }
    return RC_OK;
}

static enum rc run_number(struct act *act, str text, int64_t *out)
{
    if (!num_parse_int(text, 1, INT64_MAX, out)) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_RUN_NUMBER, arg_text(text));
    }
    return RC_OK;
}

/* Body, day and minutes as they were given, and the document kept like any other file. */
static enum rc load_resolution(struct act *act, struct resolution *out)
{
    str path = act_text(act, "document");
    str bytes = {0};

    *out = (struct resolution){
        .body = act_text(act, "resolution"),
        .minutes = act_text(act, "minutes"),
        .has_document = path.len > 0,
    };
    if (act_has(act, "on")) {
        TRY(act_date(act, "on", &out->day));
    }
    if (!out->has_document) {
        return RC_OK;
    }
    TRY(act_read(act, path, &bytes));
    return load_keep(act, path, bytes, &out->document);
}

enum rc cmd_approve(struct act *act)
{
    struct resolution resolution;
    int64_t id = 0;
    int64_t waits = 0;

    TRY(run_number(act, act->operands[0], &id));
    TRY(load_resolution(act, &resolution));
    TRY(run_approve(&act->cx, id, &resolution, &waits));
    if (waits != 0) {
        SAY_LATER(act, MSG_ACT_PROPOSED, arg_number(waits));
    } else {
        SAY_LATER(act, MSG_ACT_APPROVED, arg_number(id));
    }
    return RC_OK;
}

enum rc cmd_runs_list(struct act *act)
{
    struct programme *programme = NULL;
    struct table_sink sink = {0};

    TRY(load_programme(act, &programme));
    TRY(act_sink(act, &sink));
    return run_table(&act->cx, programme, &sink);
}

enum rc cmd_runs_show(struct act *act)
{
    struct programme *programme = NULL;
    struct table_sink sink = {0};
    struct run run = {0};
    int64_t id = 0;

    TRY(run_number(act, act->operands[0], &id));
    TRY(load_programme(act, &programme));
    TRY(run_load(&act->cx, id, &run));
    TRY(act_sink(act, &sink));
    return run_show(&act->cx, programme, &run, &sink);
}

enum rc cmd_runs_results(struct act *act)
{
    struct office office;
    struct table_sink sink = {0};
    struct run run = {0};
    int64_t id = 0;

    TRY(run_number(act, act->operands[0], &id));
    TRY(run_load(&act->cx, id, &run));
    TRY(load_office(act, run.register_day, &office));
    TRY(act_sink(act, &sink));
    return str_equal(run.kind, STR("tier")) ? tier_kept_table(&act->cx, &office.tree, &run, &sink)
                                            : plan_kept_table(&act->cx, &office.tree, &run, &sink);
}

enum rc cmd_runs_compare(struct act *act)
{
    struct office office;
    struct run before = {0};
    struct run after = {0};
    struct table_sink sink = {0};
    int64_t id = 0;

    TRY(run_number(act, act->operands[0], &id));
    TRY(run_load(&act->cx, id, &before));
    TRY(run_number(act, act->operands[1], &id));
    TRY(run_load(&act->cx, id, &after));
    TRY(load_office(act, after.register_day, &office));
    TRY(act_sink(act, &sink));
    const struct tier_comparison comparison = {
        .tree = &office.tree,
        .programme = office.programme,
        .before = &before,
        .after = &after,
    };
    return tier_compare(&act->cx, &comparison, &sink);
}
