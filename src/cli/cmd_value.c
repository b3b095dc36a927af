/* Commands about values: rollup, explain value, export ledger. */
#include "cli/cmd.h"
#include "cli/load.h"
#include "cli/output.h"
#include "format/form/form.h"
#include "office/collect/form.h"
#include "office/indicator/rollup.h"

/* --indicator A,B; all of the panel's level without it. */
static enum rc indicators_of(struct session *session, const struct panel *panel, int **out,
                             int *out_count)
{
    const struct programme *programme = panel->programme;
    str rest = session_text(session, "indicator");
    str id = {0};
    int count = 0;
    int *places = ARENA_NEW(&session->arena, int, (size_t)programme->indicator_count + 1);

    for (int i = 0; rest.len == 0 && i < programme->indicator_count; i++) {
        places[count] = i;
        count += panel_has(panel, i) ? 1 : 0;
    }
    while (session_has(session, "indicator") && str_cut(&rest, ',', &id) &&
           count < programme->indicator_count) {
        places[count] = programme_indicator(programme, str_trim(id));
        if (places[count] == NONE) {
            return err_set(&session->err, RC_MISSING, MSG_CLI_INDICATOR_UNKNOWN, arg_text(id));
        }
        count++;
    }
    *out = places;
    *out_count = count;
    return RC_OK;
}

/* The units of --level for --period. */
static enum rc load_units(struct session *session, struct office *office, struct panel_of *out,
                          struct period *out_period)
{
    TRY(session_period(session, "period", out_period));
    TRY(load_office(session, period_end(*out_period), office));
    *out = (struct panel_of){
        .tree = &office->tree,
        .programme = office->programme,
        .numbers = &office->numbers,
    };
    return load_level(session, office->programme, &out->level);
}

/* --boundaries: of the newest register, or of a day. */
static enum rc boundary_day(struct session *session, date *out)
{
    str asked = session_text(session, "boundaries");

    if (str_equal(asked, STR("now"))) {
        *out = date_of(9999, 12, 31);
        return RC_OK;
    }
    return date_parse(asked, out)
               ? RC_OK
               : err_set(&session->err, RC_INVALID, MSG_CLI_BOUNDARIES, arg_text(asked));
}

static enum rc refuse_older(struct session *session, struct period period)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, &session->arena, 32);
    period_put(&buf, period);
    MUST(buf_done(&buf, &text));
    return err_set(&session->err, RC_INVALID, MSG_ROLLUP_OLDER, arg_text(text),
                   arg_text(session_text(session, "boundaries")));
}

/* In later boundaries: made each time it is asked for. */
static enum rc make_moved(struct session *session, const struct panel_of *of, struct period period,
                          const struct unit_tree *tree, struct rollup *out)
{
    struct panel *panel = ARENA_NEW(&session->arena, struct panel, 1);
    struct unit_crosswalk crosswalk = {0};

    if (tree->register_day.days < of->tree->register_day.days) {
        return refuse_older(session, period);
    }
    TRY(panel_load(&session->cx, of, period, panel));
    TRY(unit_crosswalk_load(&session->cx, of->tree, tree, &crosswalk));
    const struct rollup_bounds bounds = {tree, &crosswalk};
    return rollup_make(panel, &bounds, out);
}

/* The roll-up in the boundaries asked for; in those of the period itself by the cube kept in the
 * data directory. */
static enum rc make_rollup(struct session *session, const struct panel_of *of, struct period period,
                           struct rollup *out)
{
    struct unit_tree *tree = ARENA_NEW(&session->arena, struct unit_tree, 1);
    bool is_then = str_equal(session_text(session, "boundaries"), STR("then"));
    date day = {0};

    if (!is_then) {
        TRY(boundary_day(session, &day));
        TRY(unit_tree_load(&session->cx, of->programme, day, tree));
    }
    if (!is_then && tree->register_day.days != of->tree->register_day.days) {
        return make_moved(session, of, period, tree, out);
    }
    str directory = home_path(session->home, STR("cubes"), &session->arena);
    return rollup_open(&session->cx, of, period, directory, out);
}

static enum rc show_rollup(struct session *session, const struct rollup *rollup)
{
    struct table_sink sink = {0};
    int *indicators = NULL;
    int count = 0;
    int place = 0;

    TRY(indicators_of(session, rollup->panel, &indicators, &count));
    TRY(load_unit(session, rollup->tree, &place));
    TRY(session_sink(session, &sink));
    return rollup_table(rollup, place, indicators, count, &sink);
}

enum rc cmd_rollup(struct session *session)
{
    struct office office;
    struct panel_of of;
    struct period period = {0};
    struct rollup rollup = {0};

    TRY(load_units(session, &office, &of, &period));
    enum rc rc = make_rollup(session, &of, period, &rollup);
    if (rc == RC_OK) {
        MUST(rollup.panel != NULL);
        rc = show_rollup(session, &rollup);
    }
    rollup_close(&rollup);
    return rc;
}

enum rc cmd_explain_value(struct session *session)
{
    struct office office;
    struct period period = {0};
    struct table_sink sink = {0};
    struct value_question question = {.programme = NULL};
    int place = NONE;

    TRY(session_period(session, "period", &period));
    TRY(load_office(session, period_end(period), &office));
    TRY(load_code(session, &office.tree, session->operands[0], &place));
    question = (struct value_question){
        .programme = office.programme,
        .numbers = &office.numbers,
        .tree = &office.tree,
        .place = place,
        .indicator = programme_indicator(office.programme, session->operands[1]),
        .period = period,
    };
    if (question.indicator == NONE) {
        return err_set(&session->err, RC_MISSING, MSG_CLI_INDICATOR_UNKNOWN,
                       arg_text(session->operands[1]));
    }
    TRY(session_sink(session, &sink));
    return value_explain(&session->cx, &question, &sink);
}

enum rc cmd_export_ledger(struct session *session)
{
    struct office office;
    struct panel_of of;
    struct period period = {0};
    struct panel panel = {0};
    struct form_job job = {.panel = &panel};
    struct form_book *book = NULL;
    struct gathered *gathered = gathered_new(&session->out_arena, &session->err);

    TRY(load_units(session, &office, &of, &period));
    TRY(panel_load(&session->cx, &of, period, &panel));
    TRY(load_unit(session, &office.tree, &job.root));
    TRY(load_source(session, office.programme, &job.source));
    const struct book_options options = {
        .title = text_in(office.programme->name, session->cx.lang),
        .footer = text_in(office.programme->notice, session->cx.lang),
        .created_ms = session->cx.now_ms,
    };
    TRY(form_open(&session->out_arena, &options, &session->err, &book));
    struct form_sink sink = form_sink(book);
    enum rc rc = form_make(&session->cx, &job, &sink);
    if (rc != RC_OK) {
        form_abandon(book);
        return rc;
    }
    TRY(form_close(book, gathered_sink(gathered)));
    TRY(session_write(session, session_text(session, "output"), gathered_bytes(gathered)));
    SAY(session, MSG_CLI_WROTE, arg_text(session_text(session, "output")));
    return RC_OK;
}
