/* solve: the optimiser alone on a problem file. */
#include <math.h>
#include <stdlib.h>

#include "base/num.h"
#include "calc/solve/check.h"
#include "calc/solve/prices.h"
#include "calc/solve/relief.h"
#include "cli/cmd.h"
#include "format/problem/problem.h"

enum { SECONDS_MAX = 3600, GIVE_WAY_SHOWN = 5, NAMES_BYTES_MAX = 4096, PRICE_DECIMALS = 6 };

_Static_assert((int)PROBLEM_OPTION_USES_MAX <= (int)SOLVE_OPTION_USES_MAX &&
                   (int)PROBLEM_GROUP_OPTIONS_MAX <= (int)SOLVE_GROUP_OPTIONS_MAX &&
                   (int)PROBLEM_RESOURCES_MAX <= (int)SOLVE_ROWS_MAX,
               "what a file may hold can be solved");

struct job {
    struct act *act;
    struct hash hash; /* of the file */
    struct solve_builder *builder;
    struct problem_names names;
    struct solve_problem problem;
    struct solve_opts opts;
    struct solve_answer answer;
};

/* --- from the file to the problem --- */

static enum rc take_resource(void *self, const struct problem_resource *resource)
{
    static const enum solve_sense SENSES[] = {
        [PROBLEM_AT_MOST] = SOLVE_AT_MOST,
        [PROBLEM_AT_LEAST] = SOLVE_AT_LEAST,
        [PROBLEM_EQUAL] = SOLVE_EQUAL,
    };
    struct job *job = self;

    return solve_row(job->builder, SENSES[resource->sense], resource->limit);
}

static enum rc take_group(void *self, int block)
{
    struct job *job = self;

    return solve_group(job->builder, block);
}

static enum rc take_option(void *self, int64_t value, const struct problem_use *uses, int count)
{
    struct job *job = self;
    struct solve_use use[PROBLEM_OPTION_USES_MAX];

    for (int i = 0; i < count; i++) {
        use[i] = (struct solve_use){uses[i].resource, uses[i].amount};
    }
    return solve_option(job->builder, value, use, count);
}

static enum rc take_fixed(void *self, int option)
{
    struct job *job = self;

    return solve_fix(job->builder, option);
}

static enum rc take_forbidden(void *self, int option)
{
    struct job *job = self;

    return solve_forbid(job->builder, option);
}

static enum rc read_problem(struct job *job)
{
    struct act *act = job->act;
    const struct problem_sink sink = {job,         take_resource, take_group,
                                      take_option, take_fixed,    take_forbidden};
    str path = act->operands[0];
    str bytes = {0};

    TRY(act_read(act, path, &bytes));
    job->hash = hash_of(bytes);
    job->builder = solve_begin(&act->arena, &act->err);
    TRY(problem_read(bytes, path, &sink, &act->arena, &job->names, &act->err));
    return solve_end(job->builder, &job->problem);
}

/* --- when there is no answer --- */

static enum rc refuse_groups(struct job *job)
{
    struct act *act = job->act;
    int *groups = NULL;
    int count = solve_impossible(&job->problem, &act->arena, &groups);

    return count == 0 ? RC_OK
                      : err_set(&act->err, RC_CONFLICT, MSG_CLI_SOLVE_GROUP,
                                arg_text(job->names.groups[groups[0]]), arg_count(count));
}

static void put_amount(struct buf *out, const struct job *job, int row, int64_t amount)
{
    const struct problem_resource *resource = &job->names.resources[row];

    buf_put(out, out->len > 0 ? STR("; ") : STR(""));
    buf_put(out, resource->id);
    buf_char(out, ' ');
    buf_fixed_grouped(out, amount, resource->decimals);
}

/* No choice keeps every resource: a set of limits that need only give way by so much. */
static enum rc refuse_resources(struct job *job)
{
    struct act *act = job->act;
    const struct solve_problem *problem = &job->problem;
    int64_t *price = ARENA_NEW(&act->arena, int64_t, (size_t)problem->rows);
    const struct relief_terms terms = {.price = price};
    struct relief relief = {0};
    struct buf rows;
    str text = {0};
    int count = 0;

    for (int r = 0; r < problem->rows; r++) {
        price[r] = 1;
    }
    TRY(relief_rows(problem, &terms, &job->opts, &act->arena, &relief, &act->err));
    buf_init(&rows, &act->arena, NAMES_BYTES_MAX);
    for (int r = 0; relief.picks != NULL && r < problem->rows; r++) {
        if (relief.given[r] != 0 && count++ < GIVE_WAY_SHOWN) {
            put_amount(&rows, job, r, llabs(relief.given[r]));
        }
    }
    if (count == 0 || !buf_done(&rows, &text)) {
        return err_set(&act->err, RC_CONFLICT, MSG_CLI_SOLVE_NONE);
    }
    return err_set(&act->err, RC_CONFLICT,
                   job->answer.status == SOLVE_IMPOSSIBLE ? MSG_CLI_SOLVE_IMPOSSIBLE
                                                          : MSG_CLI_SOLVE_UNFOUND,
                   arg_text(text), arg_count(count));
}

/* --- the answer --- */

static enum rc verify(struct job *job)
{
    const struct solve_answer *answer = &job->answer;
    const struct check_claim claim = {
        .picks = answer->picks,
        .prices = answer->prices,
        .value = answer->value,
        .bound = answer->bound,
        .searched = answer->status == SOLVE_SEARCHED,
    };
    struct check_verdict verdict = {0};

    solve_check(&job->problem, &claim, &job->act->arena, &verdict);
    return verdict.fault == CHECK_SOUND
               ? RC_OK
               : err_set(&job->act->err, RC_BROKEN, MSG_CLI_SOLVE_UNSOUND,
                         arg_count((int64_t)verdict.fault), arg_count(verdict.place));
}

static struct out named(const struct job *job, str key, enum msg_id text)
{
    return out_named(key, msg_text(job->act->cx.lang, text));
}

static struct out status_out(const struct job *job)
{
    switch (job->answer.status) {
    case SOLVE_OPTIMAL:
        return named(job, STR("optimal"), MSG_CLI_SOLVE_OPTIMAL);
    case SOLVE_CERTIFIED:
        return named(job, STR("certified"), MSG_CLI_SOLVE_CERTIFIED);
    case SOLVE_SEARCHED:
        return named(job, STR("searched"),
                     job->answer.bound == job->answer.value ? MSG_CLI_SOLVE_OPTIMAL
                                                            : MSG_CLI_SOLVE_SEARCHED);
    case SOLVE_NO_PLAN:
    case SOLVE_IMPOSSIBLE:
        break;
    }
    NEVER("an answer without a plan is refused");
}

static struct out gap_share(const struct solve_answer *answer)
{
    int64_t scaled = 0;
    double share = 100.0 * (double)(answer->bound - answer->value) / fabs((double)answer->bound);

    return answer->bound != 0 && num_from_double(share, PRICE_DECIMALS, &scaled)
               ? out_fixed(scaled, PRICE_DECIMALS)
               : out_none(STR("not_applicable"), STR(""));
}

static const struct column_row ANSWER_COLUMNS[] = {
    {STR_INIT("status"), MSG_CLI_SOLVE_STATUS, 40, false},
    {STR_INIT("value"), MSG_CLI_SOLVE_VALUE, 18, false},
    {STR_INIT("bound"), MSG_CLI_SOLVE_BOUND, 18, false},
    {STR_INIT("gap"), MSG_CLI_SOLVE_GAP, 14, false},
    {STR_INIT("gap_percent"), MSG_CLI_SOLVE_GAP_PERCENT, 12, false},
    {STR_INIT("bound_by"), MSG_CLI_SOLVE_BOUND_BY, 14, false},
    {STR_INIT("checked"), MSG_CLI_SOLVE_CHECKED, 14, false},
};

static enum rc put_answer(const struct job *job, const struct table_sink *sink)
{
    struct act *act = job->act;
    const struct solve_answer *answer = &job->answer;
    bool is_searched = answer->status == SOLVE_SEARCHED;
    int decimals = job->names.decimals;
    enum lang lang = act->cx.lang;
    const struct fact facts[] = {
        {STR("problem"), msg_text(lang, MSG_CLI_SOLVE_PROBLEM),
         out_text(hash_hex(job->hash, &act->arena))},
        {STR("seed"), msg_text(lang, MSG_CLI_SOLVE_SEED), out_int((int64_t)answer->seed)},
        {STR("steps"), msg_text(lang, MSG_CLI_SOLVE_STEPS), out_int(job->opts.steps)},
        {STR("program"), msg_text(lang, MSG_CLI_SOLVE_PROGRAM), out_text(STR(WANCUN_VERSION))},
    };
    const struct table table = {
        .name = STR("solve"),
        .title = msg_text(lang, MSG_CLI_SOLVE_TITLE),
        .columns = columns_in(lang, ANSWER_COLUMNS, COUNT_OF(ANSWER_COLUMNS), &act->arena),
        .column_count = COUNT_OF(ANSWER_COLUMNS),
        .facts = facts,
        .fact_count = COUNT_OF(facts),
    };
    const struct out row[] = {
        status_out(job),
        out_fixed(answer->value, decimals),
        out_fixed(answer->bound, decimals),
        out_fixed(answer->bound - answer->value, decimals),
        gap_share(answer),
        is_searched ? named(job, STR("search"), MSG_CLI_SOLVE_BY_SEARCH)
                    : named(job, STR("multipliers"), MSG_CLI_SOLVE_BY_PRICES),
        named(job, STR("sound"), MSG_CLI_SOLVE_SOUND),
    };

    TRY(sink->begin(sink->self, &table));
    TRY(sink->row(sink->self, row));
    return sink->end(sink->self);
}

static struct out sense_out(const struct job *job, enum problem_sense sense)
{
    switch (sense) {
    case PROBLEM_AT_MOST:
        return named(job, STR("le"), MSG_CLI_SOLVE_AT_MOST);
    case PROBLEM_AT_LEAST:
        return named(job, STR("ge"), MSG_CLI_SOLVE_AT_LEAST);
    case PROBLEM_EQUAL:
        return named(job, STR("eq"), MSG_CLI_SOLVE_EXACTLY);
    }
    NEVER("unknown sense");
}

static struct out why_out(const struct job *job, enum solve_why why)
{
    switch (why) {
    case SOLVE_SPENT:
        return named(job, STR("spent"), MSG_CLI_SOLVE_SPENT);
    case SOLVE_NOT_NEEDED:
        return named(job, STR("not_needed"), MSG_CLI_SOLVE_NOT_NEEDED);
    case SOLVE_TOO_LITTLE:
        return named(job, STR("too_little"), MSG_CLI_SOLVE_TOO_LITTLE);
    case SOLVE_ELSEWHERE:
        return named(job, STR("elsewhere"), MSG_CLI_SOLVE_ELSEWHERE);
    }
    NEVER("unknown reason");
}

/* A price in the units that people read: of value, for one of the resource. */
static struct out price_out(const struct job *job, int row)
{
    int shift = job->names.resources[row].decimals - job->names.decimals;
    double price = (double)job->answer.prices[row] / (1 << SOLVE_PRICE_BITS) * pow(10, shift);
    int64_t scaled = 0;

    return num_from_double(price, PRICE_DECIMALS, &scaled)
               ? out_fixed(scaled, PRICE_DECIMALS)
               : out_none(STR("not_applicable"), STR(""));
}

static const struct column_row RESOURCE_COLUMNS[] = {
    {STR_INIT("resource"), MSG_CLI_SOLVE_RESOURCE, 20, true},
    {STR_INIT("sense"), MSG_CLI_SOLVE_SENSE, 10, false},
    {STR_INIT("limit"), MSG_CLI_SOLVE_LIMIT, 18, false},
    {STR_INIT("used"), MSG_CLI_SOLVE_USED, 18, false},
    {STR_INIT("left"), MSG_CLI_SOLVE_LEFT, 18, false},
    {STR_INIT("price"), MSG_CLI_SOLVE_PRICE, 16, false},
    {STR_INIT("multiplier"), MSG_CLI_SOLVE_MULTIPLIER, 20, true},
    {STR_INIT("why"), MSG_CLI_SOLVE_WHY, 30, false},
};

static enum rc put_resources(const struct job *job, const struct table_sink *sink)
{
    struct act *act = job->act;
    enum lang lang = act->cx.lang;
    enum solve_why *why = ARENA_NEW(&act->arena, enum solve_why, (size_t)job->problem.rows);
    const struct table table = {
        .name = STR("solve_resources"),
        .title = msg_text(lang, MSG_CLI_SOLVE_RESOURCES_TITLE),
        .columns = columns_in(lang, RESOURCE_COLUMNS, COUNT_OF(RESOURCE_COLUMNS), &act->arena),
        .column_count = COUNT_OF(RESOURCE_COLUMNS),
    };

    solve_why_left(&job->problem, &job->answer, why);
    TRY(sink->begin(sink->self, &table));
    for (int r = 0; r < job->problem.rows; r++) {
        const struct problem_resource *resource = &job->names.resources[r];
        int64_t left = job->answer.left[r];
        const struct out row[] = {
            out_text(resource->id),
            sense_out(job, resource->sense),
            out_fixed(resource->limit, resource->decimals),
            out_fixed(resource->limit - left, resource->decimals),
            out_fixed(left, resource->decimals),
            price_out(job, r),
            out_int(job->answer.prices[r]),
            why_out(job, why[r]),
        };
        TRY(sink->row(sink->self, row));
    }
    return sink->end(sink->self);
}

static const struct column_row PICK_COLUMNS[] = {
    {STR_INIT("group"), MSG_CLI_SOLVE_GROUP_TITLE, 20, true},
    {STR_INIT("option"), MSG_CLI_SOLVE_OPTION, 20, true},
    {STR_INIT("value"), MSG_CLI_SOLVE_VALUE, 18, false},
};

static enum rc put_picks(const struct job *job, const struct table_sink *sink)
{
    struct act *act = job->act;
    const struct problem_names *names = &job->names;
    enum lang lang = act->cx.lang;
    const struct table table = {
        .name = STR("solve_picks"),
        .title = msg_text(lang, MSG_CLI_SOLVE_PICKS_TITLE),
        .columns = columns_in(lang, PICK_COLUMNS, COUNT_OF(PICK_COLUMNS), &act->arena),
        .column_count = COUNT_OF(PICK_COLUMNS),
    };

    TRY(sink->begin(sink->self, &table));
    for (int g = 0; g < job->problem.groups; g++) {
        int option = names->first[g] + job->answer.picks[g];
        const struct out row[] = {
            out_text(names->groups[g]),
            out_text(names->options[option]),
            out_fixed(job->problem.value[option], names->decimals),
        };
        TRY(sink->row(sink->self, row));
    }
    return sink->end(sink->self);
}

static enum rc options_of(struct job *job)
{
    int64_t seconds = 0;
    int64_t seed = 0;
    int64_t threads = 0;

    TRY(act_int(job->act, "seconds", 0, SECONDS_MAX, &seconds));
    TRY(act_int(job->act, "seed", 0, PROBLEM_NUMBER_MAX, &seed));
    TRY(act_int(job->act, "threads", 1, SOLVE_THREADS_MAX, &threads));
    job->opts = (struct solve_opts){
        .seed = (uint64_t)seed,
        .steps = seconds * SOLVE_STEPS_PER_SECOND,
        .threads = (int)threads,
    };
    return RC_OK;
}

enum rc cmd_solve(struct act *act)
{
    struct job job = {.act = act};
    struct table_sink sink = {0};

    TRY(options_of(&job));
    TRY(read_problem(&job));
    TRY(refuse_groups(&job));
    TRY(solve_run(&job.problem, &job.opts, &act->arena, &job.answer, &act->err));
    if (job.answer.picks == NULL) {
        return refuse_resources(&job);
    }
    TRY(verify(&job));
    TRY(act_sink(act, &sink));
    TRY(put_answer(&job, &sink));
    TRY(put_resources(&job, &sink));
    return put_picks(&job, &sink);
}
