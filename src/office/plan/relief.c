/* Why there is no plan, and the least that would have to give way (contracts C26). */
#include "calc/solve/relief.h"

#include "office/plan/unknown_in.h"

/* What it costs, beside money, that a limit gives way: land and policy only where money alone does
 * not do. In fen for a hundredth of the land's gauge, and for a fen beyond a cap. */
enum { LAND_PRICE = 100000, LAND_SCALE = 100, CAP_PRICE = 4 };

static int64_t price_of(const struct plan_row *row)
{
    switch (row->kind) {
    case ROW_MONEY:
        return 1;
    case ROW_CAP:
        return CAP_PRICE;
    case ROW_LAND:
    case ROW_FARMLAND:
        return LAND_PRICE;
    }
    NEVER("a row of no kind");
}

static enum rc relieve_limits(const struct plan_case *plan, const struct solve_opts *opts,
                              struct relief *out)
{
    struct arena *arena = plan->cx->arena;
    int64_t *price = ARENA_NEW(arena, int64_t, (size_t)plan->row_count);
    int *next = ARENA_NEW(arena, int, (size_t)plan->row_count);
    const struct relief_terms terms = {price, next};

    for (int r = 0; r < plan->row_count; r++) {
        price[r] = price_of(&plan->rows[r]);
        int later = plan_next_row(plan, r);
        next[r] = later == NONE ? RELIEF_LAST : later;
    }
    return relief_rows(&plan->problem, &terms, opts, arena, out, plan->cx->err);
}

/* A group that may do nothing need not be left out. One that may not because of a lock stays; one
 * that may not because of its standards may wait, at the weight of the people who wait. */
static int64_t weight_of(const struct plan_case *plan, int group)
{
    int place = plan->group_of[group] % plan->count;

    for (int o = plan->problem.first[group]; o < plan->problem.first[group + 1]; o++) {
        if (plan->choices[o].count == 0) {
            return RELIEF_HARD;
        }
    }
    return plan->residents[place] < 1.0 ? 1 : (int64_t)plan->residents[place];
}

static enum rc relieve_standards(const struct plan_case *plan, const struct solve_opts *opts,
                                 struct relief *out)
{
    struct arena *arena = plan->cx->arena;
    int64_t *weight = ARENA_NEW(arena, int64_t, (size_t)plan->problem.groups);

    for (int g = 0; g < plan->problem.groups; g++) {
        weight[g] = weight_of(plan, g);
    }
    return relief_groups(&plan->problem, weight, opts, arena, out, plan->cx->err);
}

enum rc plan_relieve(const struct plan_case *plan, struct plan_relief *out)
{
    struct plan_watch watch = {plan->cx};
    const struct solve_opts opts = {
        .seed = plan->options.seed,
        .steps = plan->options.steps / 2,
        .threads = plan->options.threads,
        .stop = plan_is_stopped,
        .stop_cx = &watch,
    };

    *out = (struct plan_relief){0};
    out->impossible_count = solve_impossible(&plan->problem, plan->cx->arena, &out->impossible);
    if (out->impossible_count > 0) {
        return RC_OK;
    }
    TRY(relieve_limits(plan, &opts, &out->limits));
    return relieve_standards(plan, &opts, &out->standards);
}

/* ---- places where nothing is possible ---- */

static const struct column_row IMPOSSIBLE_COLUMNS[] = {
    {STR_INIT("code"), MSG_PLAN_WORK_CODE, 15, true},
    {STR_INIT("where"), MSG_PLAN_WORK_WHERE, 34, false},
    {STR_INIT("measures"), MSG_PLAN_WORK_MEASURE, 30, false},
    {STR_INIT("standards"), MSG_PLAN_UNMET_NEEDED, 40, false},
    {STR_INIT("locks"), MSG_PLAN_IMPOSSIBLE_LOCKS, 40, false},
};

static str locks_text(const struct plan_case *plan, int group, int place)
{
    int unit = plan->tiers->panel.places[plan->tiers->rows[place]];
    const struct plan_group *about = &plan->groups[group];
    struct buf buf;
    str text = {0};

    buf_init(&buf, plan->cx->arena, 8192);
    for (int i = 0; i < plan->limits->lock_count; i++) {
        const struct plan_lock *lock = &plan->limits->locks[i];
        for (int m = 0; lock->place == unit && m < about->count; m++) {
            if (about->measures[m] == lock->measure) {
                buf_put(&buf, plan_lock_text(plan, lock));
            }
        }
    }
    return buf_done(&buf, &text) ? text : STR("…");
}

static enum rc put_impossible(const struct plan_case *plan, const struct plan_relief *relief,
                              const struct table_sink *sink)
{
    const str notes[] = {msg_text(plan->cx->lang, MSG_PLAN_IMPOSSIBLE_NOTE)};
    const struct table table = {
        .name = STR("plan_impossible"),
        .title = msg_text(plan->cx->lang, MSG_PLAN_IMPOSSIBLE_TITLE),
        .columns = columns_in(plan->cx->lang, IMPOSSIBLE_COLUMNS, COUNT_OF(IMPOSSIBLE_COLUMNS),
                              plan->cx->arena),
        .column_count = COUNT_OF(IMPOSSIBLE_COLUMNS),
        .notes = notes,
        .note_count = COUNT_OF(notes),
    };

    TRY(sink->begin(sink->self, &table));
    for (int i = 0; i < relief->impossible_count; i++) {
        int group = plan->group_of[relief->impossible[i]] / plan->count;
        int place = plan->group_of[relief->impossible[i]] % plan->count;
        int unit = plan->tiers->panel.places[plan->tiers->rows[place]];
        const struct out cells[] = {
            out_text(plan->tiers->tree->units[unit].code),
            out_text(plan_path(plan, unit)),
            out_text(plan_group_text(plan, group)),
            out_text(plan_standards_text(plan, group, place)),
            out_text(locks_text(plan, group, place)),
        };
        TRY(sink->row(sink->self, cells));
    }
    return sink->end(sink->self);
}

/* ---- limits that give way ---- */

static const struct column_row LIMIT_COLUMNS[] = {
    {STR_INIT("what"), MSG_PLAN_MONEY_WHAT, 28, false},
    {STR_INIT("owner"), MSG_PLAN_MONEY_OWNER, 16, false},
    {STR_INIT("year"), MSG_PLAN_RELIEF_YEAR, 8, true},
    {STR_INIT("unit"), MSG_PLAN_MONEY_UNIT, 10, false},
    {STR_INIT("limit"), MSG_PLAN_MONEY_LIMIT, 14, false},
    {STR_INIT("more"), MSG_PLAN_RELIEF_MORE, 14, false},
};

static str limits_note(const struct plan_case *plan, const struct relief *relief)
{
    static const struct plan_row LAND = {.kind = ROW_LAND};
    int64_t unit = plan->programme->money.display_fen;
    int64_t land_fen = (int64_t)LAND_PRICE * LAND_SCALE;

    return SENTENCE(plan, MSG_PLAN_RELIEF_NOTE, arg_count((relief->cost + unit - 1) / unit),
                    arg_text(text_in(plan->programme->money.display_name, plan->cx->lang)),
                    arg_count(relief->cost_least / unit), arg_text(plan_row_unit(plan, &LAND)),
                    arg_fixed(land_fen * 100 / unit, 2), arg_number(CAP_PRICE));
}

static enum rc put_limits(const struct plan_case *plan, const struct relief *relief,
                          const struct table_sink *sink)
{
    const str notes[] = {
        relief->picks == NULL ? msg_text(plan->cx->lang, MSG_PLAN_RELIEF_UNFOUND)
                              : limits_note(plan, relief),
    };
    const struct table table = {
        .name = STR("plan_relief"),
        .title = msg_text(plan->cx->lang, MSG_PLAN_RELIEF_TITLE),
        .columns =
            columns_in(plan->cx->lang, LIMIT_COLUMNS, COUNT_OF(LIMIT_COLUMNS), plan->cx->arena),
        .column_count = COUNT_OF(LIMIT_COLUMNS),
        .notes = notes,
        .note_count = COUNT_OF(notes),
    };

    TRY(sink->begin(sink->self, &table));
    for (int r = 0; relief->picks != NULL && r < plan->row_count; r++) {
        const struct plan_row *row = &plan->rows[r];
        if (relief->given[r] == 0) {
            continue;
        }
        const struct out cells[] = {
            out_text(plan_row_name(plan, row)),
            out_text(plan->tiers->tree->units[row->place].name),
            out_fixed(plan->options.first_year + row->year, 0),
            out_text(plan_row_unit(plan, row)),
            plan_row_amount(plan, row, row->limit),
            out_toned(plan_row_amount(plan, row, relief->given[r]), TONE_WARN),
        };
        TRY(sink->row(sink->self, cells));
    }
    return sink->end(sink->self);
}

/* ---- standards that wait ---- */

static const struct column_row WAIT_COLUMNS[] = {
    {STR_INIT("code"), MSG_PLAN_WORK_CODE, 15, true},
    {STR_INIT("where"), MSG_PLAN_WORK_WHERE, 34, false},
    {STR_INIT("standards"), MSG_PLAN_WAIT_STANDARDS, 50, false},
    {STR_INIT("residents"), MSG_PLAN_PART_RESIDENTS, 14, false},
};

static enum rc put_waiting(const struct plan_case *plan, const struct relief *relief,
                           const struct table_sink *sink)
{
    const str notes[] = {
        relief->picks == NULL ? msg_text(plan->cx->lang, MSG_PLAN_WAIT_UNFOUND)
                              : SENTENCE(plan, MSG_PLAN_WAIT_NOTE, arg_count(relief->cost),
                                         arg_count(relief->cost_least)),
    };
    const struct table table = {
        .name = STR("plan_deferred"),
        .title = msg_text(plan->cx->lang, MSG_PLAN_WAIT_TITLE),
        .columns =
            columns_in(plan->cx->lang, WAIT_COLUMNS, COUNT_OF(WAIT_COLUMNS), plan->cx->arena),
        .column_count = COUNT_OF(WAIT_COLUMNS),
        .notes = notes,
        .note_count = COUNT_OF(notes),
    };

    TRY(sink->begin(sink->self, &table));
    for (int g = 0; relief->picks != NULL && g < plan->problem.groups; g++) {
        int place = plan->group_of[g] % plan->count;
        int unit = plan->tiers->panel.places[plan->tiers->rows[place]];
        if (relief->picks[g] != RELIEF_LEFT_OUT) {
            continue;
        }
        const struct out cells[] = {
            out_text(plan->tiers->tree->units[unit].code),
            out_text(plan_path(plan, unit)),
            out_text(plan_standards_text(plan, plan->group_of[g] / plan->count, place)),
            out_int((int64_t)plan->residents[place]),
        };
        TRY(sink->row(sink->self, cells));
    }
    return sink->end(sink->self);
}

enum rc plan_relief_tables(const struct plan_case *plan, const struct plan_relief *relief,
                           const struct table_sink *sink)
{
    if (relief->impossible_count > 0) {
        TRY(put_impossible(plan, relief, sink));
    } else {
        TRY(put_limits(plan, &relief->limits, sink));
        TRY(put_waiting(plan, &relief->standards, sink));
    }
    return plan_put_unknown(plan, sink);
}
