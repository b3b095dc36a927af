/* Commands about values: rollup, values list, explain value, export ledger. */
#include "act/cmd.h"
#include "act/load.h"
#include "format/form/form.h"
#include "office/collect/form.h"
#include "office/indicator/list.h"
#include "office/indicator/rollup.h"

/* --indicator A,B; all of the panel's level without it. */
static enum rc indicators_of(struct act *act, const struct panel *panel, int **out, int *out_count)
{
    const struct programme *programme = panel->programme;
    str rest = act_text(act, "indicator");
    str id = {0};
    int count = 0;
    int *places = ARENA_NEW(&act->arena, int, (size_t)programme->indicator_count + 1);

    for (int i = 0; rest.len == 0 && i < programme->indicator_count; i++) {
        places[count] = i;
        count += panel_has(panel, i) ? 1 : 0;
    }
    while (act_has(act, "indicator") && str_cut(&rest, ',', &id) &&
           count < programme->indicator_count) {
        places[count] = programme_indicator(programme, str_trim(id));
        if (places[count] == NONE) {
            return err_set(&act->err, RC_MISSING, MSG_ACT_INDICATOR_UNKNOWN, arg_text(id));
        }
        count++;
    }
    *out = places;
    *out_count = count;
    return RC_OK;
}

/* The units of --level for --period. */
static enum rc load_units(struct act *act, struct office *office, struct panel_of *out,
                          struct period *out_period)
{
    TRY(act_period(act, "period", out_period));
    TRY(load_office(act, period_end(*out_period), office));
    *out = (struct panel_of){
        .tree = &office->tree,
        .programme = office->programme,
        .numbers = &office->numbers,
    };
    return load_level(act, office->programme, &out->level);
}

/* --boundaries: of the newest register, or of a day. */
static enum rc boundary_day(struct act *act, date *out)
{
    str asked = act_text(act, "boundaries");

    if (str_equal(asked, STR("now"))) {
        *out = date_of(9999, 12, 31);
        return RC_OK;
    }
    return date_parse(asked, out)
               ? RC_OK
               : err_set(&act->err, RC_INVALID, MSG_ACT_BOUNDARIES, arg_text(asked));
}

static enum rc refuse_older(struct act *act, struct period period)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &act->arena, 32);
    period_put(&buf, period);
    MUST(buf_done(&buf, &text));
    return err_set(&act->err, RC_INVALID, MSG_ROLLUP_OLDER, arg_text(text),
                   arg_text(act_text(act, "boundaries")));
}

/* In later boundaries: made each time it is asked for. */
static enum rc make_moved(struct act *act, const struct panel_of *of, struct period period,
                          const struct unit_tree *tree, struct rollup *out)
{
    struct panel *panel = ARENA_NEW(&act->arena, struct panel, 1);
    struct unit_crosswalk crosswalk = {0};

    if (tree->register_day.days < of->tree->register_day.days) {
        return refuse_older(act, period);
    }
    TRY(panel_load(&act->cx, of, period, panel));
    TRY(unit_crosswalk_load(&act->cx, of->tree, tree, &crosswalk));
    const struct rollup_bounds bounds = {tree, &crosswalk};
    return rollup_make(panel, &bounds, out);
}

/* The roll-up in the boundaries asked for; in those of the period itself by the cube kept in the
 * data directory. */
static enum rc make_rollup(struct act *act, const struct panel_of *of, struct period period,
                           struct rollup *out)
{
    struct unit_tree *tree = ARENA_NEW(&act->arena, struct unit_tree, 1);
    bool is_then = str_equal(act_text(act, "boundaries"), STR("then"));
    date day = {0};

    if (!is_then) {
        TRY(boundary_day(act, &day));
        TRY(unit_tree_load(&act->cx, of->programme, day, tree));
    }
    if (!is_then && tree->register_day.days != of->tree->register_day.days) {
        return make_moved(act, of, period, tree, out);
    }
    str directory = home_path(act->home, STR("cubes"), &act->arena);
    return rollup_open(&act->cx, of, period, directory, out);
}

static enum rc show_rollup(struct act *act, const struct rollup *rollup)
{
    struct table_sink sink = {0};
    int *indicators = NULL;
    int count = 0;
    int place = 0;

    TRY(indicators_of(act, rollup->panel, &indicators, &count));
    TRY(load_unit(act, rollup->tree, &place));
    TRY(act_sink(act, &sink));
    return rollup_table(rollup, place, indicators, count, &sink);
}

enum rc cmd_rollup(struct act *act)
{
    struct office office;
    struct panel_of of;
    struct period period = {0};
    struct rollup rollup = {0};

    TRY(load_units(act, &office, &of, &period));
    enum rc rc = make_rollup(act, &of, period, &rollup);
    if (rc == RC_OK) {
        MUST(rollup.panel != NULL);
        rc = show_rollup(act, &rollup);
    }
    rollup_close(&rollup);
    return rc;
}

/* --indicator A,B as a set; all there are without it. */
static enum rc wanted_indicators(struct act *act, const struct programme *programme,
                                 const bool **out)
{
    bool *wanted = ARENA_NEW(&act->arena, bool, (size_t)programme->indicator_count + 1);
    str rest = act_text(act, "indicator");
    str id = {0};

    memset(wanted, rest.len == 0, (size_t)programme->indicator_count);
    while (rest.len > 0 && str_cut(&rest, ',', &id)) {
        int place = programme_indicator(programme, str_trim(id));
        if (place == NONE) {
            return err_set(&act->err, RC_MISSING, MSG_ACT_INDICATOR_UNKNOWN, arg_text(id));
        }
        wanted[place] = true;
    }
    *out = wanted;
    return RC_OK;
}

enum rc cmd_values_list(struct act *act)
{
    struct office office;
    struct table_sink sink = {0};
    struct value_list list = {.programme = NULL};

    TRY(act_period(act, "period", &list.period));
    TRY(load_office(act, period_end(list.period), &office));
    list.programme = office.programme;
    list.numbers = &office.numbers;
    list.tree = &office.tree;
    TRY(load_unit(act, &office.tree, &list.within));
    TRY(wanted_indicators(act, office.programme, &list.wanted));
    TRY(act_sink(act, &sink));
    return value_list(&act->cx, &list, &sink);
}

enum rc cmd_explain_value(struct act *act)
{
    struct office office;
    struct period period = {0};
    struct table_sink sink = {0};
    struct value_question question = {.programme = NULL};
    int place = NONE;

    TRY(act_period(act, "period", &period));
    TRY(load_office(act, period_end(period), &office));
    TRY(load_code(act, &office.tree, act->operands[0], &place));
    question = (struct value_question){
        .programme = office.programme,
        .numbers = &office.numbers,
        .tree = &office.tree,
        .place = place,
        .indicator = programme_indicator(office.programme, act->operands[1]),
        .period = period,
    };
    if (question.indicator == NONE) {
        return err_set(&act->err, RC_MISSING, MSG_ACT_INDICATOR_UNKNOWN,
                       arg_text(act->operands[1]));
    }
    TRY(act_sink(act, &sink));
    return value_explain(&act->cx, &question, &sink);
}

enum rc cmd_export_ledger(struct act *act)
{
    struct office office;
    struct panel_of of;
    struct period period = {0};
    struct panel panel = {0};
    struct form_job job = {.panel = &panel};
    struct form_book *book = NULL;
    struct spool *spool = act_spool(act);

    TRY(load_units(act, &office, &of, &period));
    TRY(panel_load(&act->cx, &of, period, &panel));
    TRY(load_unit(act, &office.tree, &job.root));
    TRY(load_source(act, office.programme, &job.source));
    const struct book_options options = {
        .title = text_in(office.programme->name, act->cx.lang),
        .footer = text_in(office.programme->notice, act->cx.lang),
        .created_ms = act->cx.now_ms,
        .scratch = act->scratch,
    };
    TRY(form_open(&act->out_arena, &options, &act->err, &book));
    struct form_sink sink = form_sink(book);
    enum rc rc = form_make(&act->cx, &job, &sink);
    if (rc != RC_OK) {
        form_abandon(book);
        return rc;
    }
    TRY(form_close(book, spool_sink(spool)));
    TRY(act_write(act, act_text(act, "output"), spool));
    SAY(act, MSG_ACT_WROTE, arg_text(act_text(act, "output")));
    return RC_OK;
}
