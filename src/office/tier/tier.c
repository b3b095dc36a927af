/* Computing tiers: the base run, its optimistic twin, and robustness. */
#include "office/tier/tier.h"

#include "office/tier/tier_in.h"

enum { ROBUST_PERCENT = 90 };

enum score_method tier_method(const struct tier_case *in)
{
    return in->scheme->method == METHOD_TOPSIS ? SCORE_TOPSIS : SCORE_SUM;
}

const struct unit *tier_unit(const struct tier_case *in, int place)
{
    return &in->tree->units[in->panel.places[in->rows[place]]];
}

struct out tier_named(const struct cx *cx, const struct tier *tier)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 1024);
    buf_put(&buf, tier->letter);
    buf_char(&buf, ' ');
    buf_put(&buf, text_in(tier->name, cx->lang));
    MUST(buf_done(&buf, &text));
    return out_toned(out_named(tier->id, text), tier->tone);
}

struct out tier_out(const struct tier_case *in, int tier)
{
    return tier == TIER_NONE
               ? out_none(STR("undecided"), msg_text(in->cx->lang, MSG_TIER_UNDECIDED))
               : tier_named(in->cx, &in->programme->tiers[in->first_tier + tier]);
}

/* The tier of each place if its own missing values were at their goals and its undetermined gates
 * open, its rivals as they are. */
static signed char *run_optimistic(const struct tier_case *in, const struct tier_answer *answer)
{
    struct arena *arena = in->cx->arena;
    size_t cells = (size_t)in->count * (size_t)in->tier_count;
    struct utilities utilities = utilities_optimistic(&in->utilities, arena);
    unsigned char *gates = ARENA_NEW(arena, unsigned char, cells);
    float *scores = ARENA_NEW(arena, float, (size_t)in->count);
    signed char *tiers = ARENA_NEW(arena, signed char, (size_t)in->count);
    const struct tier_hope hope = {scores, gates};

    for (size_t i = 0; i < cells; i++) {
        bool is_open = in->rules.gates[i] == GATE_UNDETERMINED;
        gates[i] = is_open ? GATE_PASSED : in->rules.gates[i];
    }
    score_all(&utilities, &in->weights, tier_method(in), scores);
    tiering_alone(&in->rules, answer->scores, &answer->base, &hope, arena, tiers);
    return tiers;
}

struct telling {
    const struct cx *cx;
    int draws;
};

static bool tell_draws(void *self, int done)
{
    const struct telling *in = self;

    return cx_progress(in->cx, MSG_TIER_PROGRESS_DRAWS, done, in->draws) == RC_OK;
}

static enum rc run_robust(const struct tier_case *in, struct robustness *out)
{
    struct arena *arena = in->cx->arena;
    double *dimension = ARENA_NEW(arena, double, (size_t)in->dimension_count);
    double *criterion = ARENA_NEW(arena, double, (size_t)in->criterion_count);
    struct telling telling = {in->cx, in->options.draws};

    for (int d = 0; d < in->dimension_count; d++) {
        dimension[d] = in->scheme->sigma_dimension;
    }
    for (int k = 0; k < in->criterion_count; k++) {
        criterion[k] = in->scheme->sigma_criterion;
    }
    const struct robust_job job = {
        .rules = &in->rules,
        .u = &in->utilities,
        .tree = &in->weights,
        .method = tier_method(in),
        .model = DRAW_AROUND,
        .dimension_sigma = dimension,
        .criterion_sigma = criterion,
        .seed = in->options.seed,
        .draws = in->options.draws,
        .threads = in->options.threads,
        .step = tell_draws,
        .step_self = &telling,
    };
    TRY(robust_run(&job, arena, out, in->cx->err));
    return out->is_stopped ? in->cx->err->rc : RC_OK;
}

enum rc tier_compute(const struct tier_case *in, struct tier_answer *out)
{
    struct arena *arena = in->cx->arena;

    *out = (struct tier_answer){
        .scores = ARENA_NEW(arena, float, (size_t)in->count),
        .coverage = ARENA_NEW(arena, float, (size_t)in->count),
    };
    score_all(&in->utilities, &in->weights, tier_method(in), out->scores);
    for (int i = 0; i < in->count; i++) {
        out->coverage[i] = (float)score_coverage(&in->utilities, &in->weights, i);
    }
    out->base = tiering_run(&in->rules, out->scores, arena);
    out->optimistic = run_optimistic(in, out);
    return in->options.draws == 0 ? RC_OK : run_robust(in, &out->robust);
}

bool tier_is_robust(const struct tier_case *in, const struct tier_answer *answer, int place)
{
    int tier = answer->base.places[place].tier;
    bool is_drawn = answer->robust.count != NULL && tier != TIER_NONE;

    return is_drawn && 100 * (int64_t)answer->robust.count[place * in->tier_count + tier] >=
                           ROBUST_PERCENT * (int64_t)answer->robust.draws;
}
