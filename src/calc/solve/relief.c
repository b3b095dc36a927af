/* Relief as a problem of choice: options are worth nothing, giving way is worth less than that. */
#include "calc/solve/relief.h"

#include <string.h>

#include "calc/solve/overrun.h"

enum { BITS_MAX = 53, BLOCK_NONE = -1, BLOCK_MIXED = -2 };

struct reliever {
    const struct solve_problem *problem;
    const struct relief_terms *terms; /* NULL: no row gives way */
    const struct solve_opts *opts;
    struct arena *arena;
    struct err *err;
    struct solve_builder *builder;
};

static enum rc copy_rows(struct reliever *r)
{
    enum rc rc = RC_OK;

    for (int row = 0; row < r->problem->rows && rc == RC_OK; row++) {
        rc = solve_row(r->builder, r->problem->sense[row], r->problem->limit[row]);
    }
    return rc;
}

static enum rc copy_options(struct reliever *r, int group)
{
    const struct solve_problem *p = r->problem;
    enum rc rc = RC_OK;

    for (int o = p->first[group]; o < p->first[group + 1] && rc == RC_OK; o++) {
        int uses = (int)(p->use_first[o + 1] - p->use_first[o]);
        rc = solve_option(r->builder, 0, p->use + p->use_first[o], uses);
        if (rc == RC_OK && !solve_allowed(p, group, o)) {
            rc = solve_forbid(r->builder, o - p->first[group]);
        }
    }
    return rc;
}

/* Every group with its options; where weights are given, one more option that leaves it out. */
static enum rc copy_groups(struct reliever *r, const int64_t *weight)
{
    enum rc rc = RC_OK;

    for (int g = 0; g < r->problem->groups && rc == RC_OK; g++) {
        rc = solve_group(r->builder, r->problem->block[g]);
        if (rc == RC_OK) {
            rc = copy_options(r, g);
        }
        if (rc == RC_OK && weight != NULL && weight[g] != RELIEF_HARD) {
            rc = solve_option(r->builder, -weight[g], NULL, 0);
        }
    }
    return rc;
}

/* Of every row: the most and the least that all groups can use, and the block they are of. */
struct reach {
    int64_t *least;
    int64_t *most;
    int *block;
};

static void note_block(const struct solve_problem *p, int group, int row, int *block)
{
    if (block[row] == BLOCK_NONE) {
        block[row] = p->block[group];
    } else if (block[row] != p->block[group]) {
        block[row] = BLOCK_MIXED;
    }
}

static void measure(const struct reliever *r, struct reach *out)
{
    const struct solve_problem *p = r->problem;
    size_t rows = (size_t)p->rows;
    int64_t *low = ARENA_NEW(r->arena, int64_t, rows);
    int64_t *high = ARENA_NEW(r->arena, int64_t, rows);

    out->least = ARENA_NEW(r->arena, int64_t, rows);
    out->most = ARENA_NEW(r->arena, int64_t, rows);
    out->block = ARENA_NEW(r->arena, int, rows);
    for (size_t row = 0; row < rows; row++) {
        out->block[row] = BLOCK_NONE;
    }
    for (int g = 0; g < p->groups; g++) {
        for (int64_t u = p->use_first[p->first[g]]; u < p->use_first[p->first[g + 1]]; u++) {
            int64_t amount = p->use[u].amount;
            int row = p->use[u].row;
            low[row] = amount < low[row] ? amount : low[row];
            high[row] = amount > high[row] ? amount : high[row];
            note_block(p, g, row, out->block);
        }
        for (int64_t u = p->use_first[p->first[g]]; u < p->use_first[p->first[g + 1]]; u++) {
            int row = p->use[u].row;
            out->least[row] += low[row];
            out->most[row] += high[row];
            low[row] = high[row] = 0;
        }
    }
}

static int next_of(const struct relief_terms *terms, int row)
{
    return terms->next == NULL ? RELIEF_LAST : terms->next[row];
}

/* One of the binary digits by which a row, and those of its chain, may give way. */
struct digit {
    int row;
    int sign;
    int block;
    int64_t amount;
    int64_t cost;
};

static enum rc add_digit(struct reliever *r, const struct digit *digit)
{
    struct solve_use uses[RELIEF_CHAIN_MAX];
    int count = 0;

    for (int row = digit->row; row != RELIEF_LAST; row = next_of(r->terms, row)) {
        MUST(count < RELIEF_CHAIN_MAX);
        uses[count++] = (struct solve_use){row, -digit->sign * digit->amount};
    }
    enum rc rc = solve_group(r->builder, digit->block);
    rc = rc == RC_OK ? solve_option(r->builder, 0, NULL, 0) : rc;
    return rc == RC_OK ? solve_option(r->builder, -digit->cost, uses, count) : rc;
}

/* A row gives way by any amount up to `most`: one group for each binary digit. */
static enum rc add_bits(struct reliever *r, const struct digit *first, int64_t price, int64_t most)
{
    enum rc rc = RC_OK;

    for (int bit = 0; bit < BITS_MAX && ((int64_t)1 << bit) <= most && rc == RC_OK; bit++) {
        struct digit digit = *first;
        digit.amount = (int64_t)1 << bit;
        if (digit.amount > SOLVE_NUMBER_MAX / price) {
            break; /* dearer than anything that can be computed */
        }
        digit.cost = price * digit.amount;
        rc = add_digit(r, &digit);
    }
    return rc;
}

/* How far the row and those of its chain can be beyond their limits. */
static int64_t overrun_of(const struct reliever *r, const struct reach *reach, int row)
{
    int64_t most = 0;

    for (; row != RELIEF_LAST; row = next_of(r->terms, row)) {
        int64_t over = reach->most[row] - r->problem->limit[row];
        most = over > most ? over : most;
    }
    return most;
}

static enum rc add_relief(struct reliever *r)
{
    const struct solve_problem *p = r->problem;
    struct reach reach = {0};
    enum rc rc = RC_OK;

    measure(r, &reach);
    for (int row = 0; row < p->rows && rc == RC_OK; row++) {
        int64_t price = r->terms->price[row];
        struct digit digit = {.row = row, .block = reach.block[row] < 0 ? 0 : reach.block[row]};
        if (price <= RELIEF_HARD) {
            continue;
        }
        if (p->sense[row] != SOLVE_AT_LEAST) {
            digit.sign = 1;
            rc = add_bits(r, &digit, price, overrun_of(r, &reach, row));
        }
        if (rc == RC_OK && p->sense[row] != SOLVE_AT_MOST) {
            digit.sign = -1;
            rc = add_bits(r, &digit, price, p->limit[row] - reach.least[row]);
        }
    }
    return rc;
}

/* Read the answer to the extended problem. */
static void report(const struct reliever *r, const struct solve_answer *answer, struct relief *out)
{
    const struct solve_problem *p = r->problem;

    out->status = answer->status;
    out->conflict = ARENA_NEW(r->arena, bool, (size_t)p->rows);
    for (int row = 0; row < p->rows; row++) {
        out->conflict[row] = answer->prices[row] != 0;
    }
    if (answer->status == SOLVE_IMPOSSIBLE) {
        return;
    }
    out->cost_least = answer->bound < 0 ? -answer->bound : 0;
    if (answer->picks == NULL) {
        return;
    }
    out->picks = ARENA_NEW(r->arena, int, (size_t)p->groups);
    out->given = ARENA_NEW(r->arena, int64_t, (size_t)p->rows);
    for (int g = 0; g < p->groups; g++) {
        bool left_out = answer->picks[g] == p->first[g + 1] - p->first[g];
        out->picks[g] = left_out ? RELIEF_LEFT_OUT : answer->picks[g];
    }
    if (r->terms == NULL) {
        out->cost = -answer->value;
        return;
    }
    /* The digits round up: what the choice itself lacks is less. */
    overrun_descend(p, r->terms, out->picks, r->arena);
    out->cost = overrun_cost(p, r->terms, out->picks, r->arena, out->given);
}

static enum rc solve_extended(struct reliever *r, struct relief *out)
{
    struct solve_problem extended = {0};
    struct solve_answer answer = {0};
    struct solve_opts opts = *r->opts;
    enum rc rc = solve_end(r->builder, &extended);

    opts.prices = NULL; /* prices and picks of the problem say nothing about its relief */
    opts.picks = NULL;
    if (rc == RC_OK) {
        rc = solve_run(&extended, &opts, r->arena, &answer, r->err);
    }
    if (rc == RC_OK) {
        *out = (struct relief){0};
        report(r, &answer, out);
    }
    return rc;
}

static struct reliever begin(const struct solve_problem *problem, const struct solve_opts *opts,
                             struct arena *arena, struct err *err)
{
    return (struct reliever){
        .problem = problem,
        .opts = opts,
        .arena = arena,
        .err = err,
        .builder = solve_begin(arena, err),
    };
}

enum rc relief_rows(const struct solve_problem *problem, const struct relief_terms *terms,
                    const struct solve_opts *opts, struct arena *arena, struct relief *out,
                    struct err *err)
{
    struct reliever r = begin(problem, opts, arena, err);
    enum rc rc = copy_rows(&r);

    r.terms = terms;
    rc = rc == RC_OK ? copy_groups(&r, NULL) : rc;
    rc = rc == RC_OK ? add_relief(&r) : rc;
    return rc == RC_OK ? solve_extended(&r, out) : rc;
}

enum rc relief_groups(const struct solve_problem *problem, const int64_t *weight,
                      const struct solve_opts *opts, struct arena *arena, struct relief *out,
                      struct err *err)
{
    struct reliever r = begin(problem, opts, arena, err);
    enum rc rc = copy_rows(&r);

    rc = rc == RC_OK ? copy_groups(&r, weight) : rc;
    return rc == RC_OK ? solve_extended(&r, out) : rc;
}
