/* MPS out, CBC's log in. */
#include "calc/solve/core_lp.h"

#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "calc/solve/engine/model.h"

struct writer {
    const struct model *model;
    struct buf *mps;
    double *loss;
    int *best;
    double gap;
    struct core_lp *core;
};

static bool in_core(const struct writer *w, int group, int option)
{
    return option != w->best[group] && w->loss[w->model->first[group] + option] <= w->gap;
}

static bool is_open(const struct writer *w, int group)
{
    for (int j = 0; j < model_options(w->model, group); j++) {
        if (in_core(w, group, j)) {
            return true;
        }
    }
    return false;
}

static void put_named(struct buf *mps, const char *before, char kind, int64_t number)
{
    buf_put(mps, str_from(before));
    buf_char(mps, kind);
    buf_int(mps, number);
}

/* One entry of a column: a row's name and a whole number. */
static void put_entry(struct writer *w, int column, char kind, int row, int64_t amount)
{
    if (amount == 0) {
        return;
    }
    put_named(w->mps, "    ", 'X', column);
    put_named(w->mps, " ", kind, row);
    buf_char(w->mps, ' ');
    buf_int(w->mps, amount);
    buf_char(w->mps, '\n');
}

static void put_rows(struct writer *w)
{
    buf_put(w->mps, STR("NAME core\nROWS\n N C0\n"));
    for (int r = 0; r < w->model->rows; r++) {
        put_named(w->mps, " L ", 'R', r);
        buf_char(w->mps, '\n');
    }
    for (int g = 0; g < w->model->groups; g++) {
        if (is_open(w, g)) {
            put_named(w->mps, " L ", 'G', g);
            buf_char(w->mps, '\n');
            w->core->groups++;
        }
    }
}

/* An option as a departure from the prices' choice. */
static void put_column(struct writer *w, int group, int option)
{
    const struct model *m = w->model;
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *from = model_use(m, group, w->best[group]);
    const int64_t *to = model_use(m, group, option);
    int column = w->core->columns++;

    w->core->column_group[column] = m->group_origin[group];
    w->core->column_option[column] = m->option_origin[m->first[group] + option];
    int64_t lost = m->value[m->first[group] + w->best[group]] - m->value[m->first[group] + option];

    put_entry(w, column, 'C', 0, lost);
    for (int k = 0; k < model_rows(m, group); k++) {
        put_entry(w, column, 'R', row[k], to[k] - from[k]);
    }
    put_entry(w, column, 'G', group, 1);
}

static void put_columns(struct writer *w)
{
    buf_put(w->mps, STR("COLUMNS\n    M0 'MARKER' 'INTORG'\n"));
    for (int g = 0; g < w->model->groups; g++) {
        for (int j = 0; j < model_options(w->model, g); j++) {
            if (in_core(w, g, j)) {
                put_column(w, g, j);
            }
        }
    }
    buf_put(w->mps, STR("    M1 'MARKER' 'INTEND'\n"));
}

/* What the rows leave to departures, and one departure at most a group. */
static void put_limits(struct writer *w, const struct choice *base)
{
    buf_put(w->mps, STR("RHS\n"));
    for (int r = 0; r < w->model->rows; r++) {
        put_named(w->mps, "    RHS ", 'R', r);
        buf_char(w->mps, ' ');
        buf_int(w->mps, base->left[r]);
        buf_char(w->mps, '\n');
    }
    for (int g = 0; g < w->model->groups; g++) {
        if (is_open(w, g)) {
            put_named(w->mps, "    RHS ", 'G', g);
            buf_put(w->mps, STR(" 1\n"));
        }
    }
    buf_put(w->mps, STR("BOUNDS\n"));
    for (int i = 0; i < w->core->columns; i++) {
        put_named(w->mps, " UP BND ", 'X', i);
        buf_put(w->mps, STR(" 1\n"));
    }
    buf_put(w->mps, STR("ENDATA\n"));
}

static int64_t *model_prices(const struct model *m, const struct solve_answer *answer,
                             struct arena *arena)
{
    int64_t *prices = ARENA_NEW(arena, int64_t, (size_t)m->rows);

    for (int r = 0; r < m->rows; r++) {
        int64_t price = m->row_sign[r] * answer->prices[m->row_origin[r]];
        prices[r] = price > 0 ? price : 0;
    }
    return prices;
}

void core_lp_write(const struct solve_problem *problem, const struct solve_answer *answer,
                   struct buf *mps, struct arena *keep, struct core_lp *out)
{
    struct arena arena;
    struct model model;
    struct choice base;

    MUST(answer->picks != NULL);
    arena_init(&arena, ARENA_JOB_MAX);
    model_of(problem, &arena, &model);
    *out = (struct core_lp){
        .problem_groups = problem->groups,
        .picks = ARENA_NEW(keep, int, (size_t)problem->groups),
        .column_group = ARENA_NEW(keep, int, (size_t)model.options),
        .column_option = ARENA_NEW(keep, int, (size_t)model.options),
    };
    struct writer w = {
        .model = &model,
        .mps = mps,
        .loss = ARENA_NEW(&arena, double, (size_t)model.options),
        .best = ARENA_NEW(&arena, int, (size_t)model.groups),
        .core = out,
    };
    int64_t bound = model_bound(&model, model_prices(&model, answer, &arena), w.loss, w.best);
    w.gap = (double)(bound - answer->value) + 1;
    choice_init(&model, &arena, &base);
    (void)choice_take(&model, &base, w.best);
    for (int g = 0; g < problem->groups; g++) {
        out->picks[g] = model.pick_kept[g];
    }
    for (int g = 0; g < model.groups; g++) {
        out->picks[model.group_origin[g]] = model.option_origin[model.first[g] + w.best[g]];
    }
    out->base = model.value_kept + base.value;
    out->cutoff = answer->value;
    put_rows(&w);
    put_columns(&w);
    put_limits(&w, &base);
    arena_done(&arena);
}

/* The number after the first `name` in the log. */
static bool number_after(str log, str name, double *out)
{
    char text[64] = {0};
    size_t at = str_find(log, name);

    if (at == STR_NONE) {
        return false;
    }
    str rest = str_trim(str_part(log, at + name.len, sizeof(text) - 1));
    memcpy(text, rest.at, rest.len);
    char *end = NULL;
    *out = strtod(text, &end);
    return end != text && isfinite(*out);
}

bool core_lp_read_bound(const struct core_lp *core, str log, int64_t *out_bound)
{
    double lost = 0;
    bool solved = str_find(log, STR("Result - Optimal solution found")) != STR_NONE;
    bool known = number_after(log, STR("Lower bound:"), &lost) ||
                 (solved && number_after(log, STR("Objective value:"), &lost));

    if (str_find(log, STR("Result - Problem proven infeasible")) != STR_NONE) {
        *out_bound = core->cutoff; /* nothing in the core fits: nothing is better */
        return true;
    }
    if (!known) {
        return false;
    }
    double bound = floor((double)core->base - lost + 1e-6 + 1e-9 * fabs(lost));
    *out_bound = bound > (double)core->cutoff ? (int64_t)bound : core->cutoff;
    return true;
}

/* "  6661 X6661   1   -138": the column, where the line is of a chosen one; else -1. */
static int64_t chosen_column(str line, int columns)
{
    str rest = str_trim(line);
    str word[3] = {{0}};
    int64_t column = -1;

    for (int i = 0; i < 3; i++) {
        rest = str_trim(rest);
        if (!str_cut(&rest, ' ', &word[i])) {
            return -1;
        }
    }
    if (!str_starts(word[1], STR("X")) || !str_equal(word[2], STR("1")) ||
        !num_parse_int(str_part(word[1], 1, word[1].len), 0, columns - 1, &column)) {
        return -1;
    }
    return column;
}

bool core_lp_read_picks(const struct core_lp *core, str log, struct arena *arena, int **out_picks)
{
    int *picks = ARENA_NEW(arena, int, (size_t)core->problem_groups);
    str line = {0};
    bool any = false;

    for (int g = 0; g < core->problem_groups; g++) {
        picks[g] = core->picks[g];
    }
    while (str_cut(&log, '\n', &line)) {
        int64_t column = chosen_column(line, core->columns);
        if (column >= 0) {
            picks[core->column_group[column]] = core->column_option[column];
            any = true;
        }
    }
    *out_picks = picks;
    return any;
}
