/* Instances for the solver's bench. The numbers follow no real place. */
#include "solve_make.h"

#include <math.h>

enum {
    MEASURES = 8,
    LEVELS_MAX = 3,
    FUNDS = 4,
    YEARS_MAX = 3,
    GENERAL_ROWS = 10,
    GENERAL_OPTIONS = 10
};

static const int LEVELS[MEASURES] = {3, 3, 3, 3, 2, 2, 2, 2};
/* Share of what everything would cost that each fund holds. */
static const double FUND_SHARE[FUNDS] = {1.2, 1.0, 0.8, 0.9};

struct village {
    int county;
    int tier;
    int64_t value[MEASURES][LEVELS_MAX + 1];
    int64_t cost[MEASURES][LEVELS_MAX + 1]; /* thousands of yuan */
    int64_t land[MEASURES][LEVELS_MAX + 1]; /* square metres */
};

struct maker {
    const struct make_opts *opts;
    struct solve_builder *builder;
    struct village *village;
    int counties;
    uint64_t state;
};

static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ULL);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state, double low, double high)
{
    return low + (high - low) * ((double)(next(state) >> 11) * 0x1p-53);
}

static double normal(uint64_t *state)
{
    double u = uniform(state, 1e-12, 1);

    return sqrt(-2 * log(u)) * cos(6.283185307179586 * uniform(state, 0, 1));
}

static double lognormal(uint64_t *state, double sigma)
{
    return exp(sigma * normal(state));
}

static int64_t at_least_one(double x)
{
    return x < 1 ? 1 : llrint(x);
}

static void make_measure(struct maker *m, struct village *v, int measure, double people)
{
    uint64_t *s = &m->state;
    double base = lognormal(s, 0.5);
    double cost_base = uniform(s, 10, 60) * lognormal(s, 0.5) * pow(people, 0.7);
    double value_base = base * pow(people, 0.9) * uniform(s, 10, 60);
    double value = 0;
    double cost = 0;

    for (int level = 1; level <= LEVELS[measure]; level++) {
        int l = level - 1;
        cost += cost_base * uniform(s, 0.6, 1.4) * (1 + 0.5 * l);
        value += value_base * uniform(s, 0.4, 1.2) / (1 + 0.4 * l);
        v->cost[measure][level] = at_least_one(cost * 10);
        v->value[measure][level] = at_least_one(value * 10);
        if (m->opts->lumpy) {
            v->cost[measure][level] = (v->cost[measure][level] + 4) / 5 * 5;
            v->value[measure][level] =
                at_least_one((double)v->cost[measure][level] * (0.6 + 0.12 * normal(s)));
        }
        if (measure >= 4) {
            v->land[measure][level] = llrint(100 * level * lognormal(s, 0.5) * uniform(s, 0.5, 2));
        }
    }
}

static void make_village(struct maker *m, struct village *v)
{
    double draw = uniform(&m->state, 0, 1);
    double people = lognormal(&m->state, 0.6);

    v->tier = draw < 0.15 ? 1 : draw < 0.4 ? 2 : 3;
    for (int measure = 0; measure < MEASURES; measure++) {
        make_measure(m, v, measure, people);
    }
}

static int row_province(int year)
{
    return year * (1 + FUNDS);
}

static int row_fund(int year, int fund)
{
    return year * (1 + FUNDS) + 1 + fund;
}

static int row_money(const struct maker *m, int county, int year)
{
    return m->opts->years * (1 + FUNDS) + (county * m->opts->years + year) * 2;
}

static int row_land(const struct maker *m, int county, int year)
{
    return row_money(m, county, year) + 1;
}

struct totals {
    double cost; /* everything at its top level */
    double fund[FUNDS];
    double least; /* what the standards need */
    double *county_cost;
    double *county_least;
    double *county_land;
};

static void add_up(const struct maker *m, struct totals *t)
{
    for (int i = 0; i < m->opts->villages; i++) {
        const struct village *v = &m->village[i];
        double least = (double)v->cost[0][1] + (v->tier == 1 ? (double)v->cost[1][1] : 0);
        for (int k = 0; k < MEASURES; k++) {
            double cost = (double)v->cost[k][LEVELS[k]];
            t->cost += cost;
            t->fund[k / 2] += cost;
            t->county_cost[v->county] += cost;
            t->county_land[v->county] += (double)v->land[k][LEVELS[k]];
        }
        t->least += least;
        t->county_least[v->county] += least;
    }
}

static enum rc make_rows(struct maker *m, struct arena *arena)
{
    size_t counties = (size_t)m->counties;
    struct totals t = {
        .county_cost = ARENA_NEW(arena, double, counties),
        .county_least = ARENA_NEW(arena, double, counties),
        .county_land = ARENA_NEW(arena, double, counties),
    };
    double years = m->opts->years;

    add_up(m, &t);
    for (int y = 0; y < m->opts->years; y++) {
        TRY(solve_row(m->builder, SOLVE_AT_MOST, (int64_t)(7 * t.cost * 0.40 / years)));
        for (int f = 0; f < FUNDS; f++) {
            double share = 0.42 * t.fund[f] * FUND_SHARE[f];
            double limit = f == 0 ? fmax(share, 1.3 * t.least) : share;
            TRY(solve_row(m->builder, SOLVE_AT_MOST, (int64_t)(limit / years)));
        }
    }
    for (int c = 0; c < m->counties; c++) {
        double money =
            fmax(3 * t.county_cost[c] * uniform(&m->state, 0.25, 0.6), 3 * t.county_least[c] * 1.3);
        double land = t.county_land[c] * uniform(&m->state, 0.2, 0.6);
        for (int y = 0; y < m->opts->years; y++) {
            TRY(solve_row(m->builder, SOLVE_AT_MOST, (int64_t)(money / years)));
            TRY(solve_row(m->builder, SOLVE_AT_MOST, (int64_t)(land / years)));
        }
    }
    return RC_OK;
}

/* Level `p` of measure `k` and `q` of the next, done in a year; benefit shrinks by 4 % a year. */
static enum rc add_option(struct maker *m, const struct village *v, int k, const int level[2],
                          int year)
{
    int64_t cost = v->cost[k][level[0]] + (level[1] > 0 ? v->cost[k + 1][level[1]] : 0);
    int64_t value = v->value[k][level[0]] + (level[1] > 0 ? v->value[k + 1][level[1]] : 0);
    const struct solve_use use[] = {
        {row_province(year), 7 * cost},
        {row_fund(year, k / 2), cost},
        {row_money(m, v->county, year), 3 * cost},
        {row_land(m, v->county, year), v->land[k][level[0]]},
    };

    return solve_option(m->builder, value - (m->opts->years > 1 ? value * year / 25 : 0), use, 4);
}

/* Sewage from level 2 needs garbage from level 2; industry needs a road; standards are removed
 * options. */
static bool bundle_allowed(const struct village *v, int k, int p, int q)
{
    if (k == 0) {
        return p >= 1 && (v->tier != 1 || q >= 1) && (q < 2 || p >= 2);
    }
    return q == 0 || p >= 1;
}

static enum rc add_bundles(struct maker *m, const struct village *v, int k)
{
    TRY(solve_group(m->builder, v->county));
    for (int p = 0; p <= LEVELS[k]; p++) {
        for (int q = 0; q <= (k < 4 ? LEVELS[k + 1] : 0); q++) {
            int years = p + q == 0 ? 1 : m->opts->years;
            for (int y = 0; y < years && (k >= 4 || bundle_allowed(v, k, p, q)); y++) {
                TRY(add_option(m, v, k, (int[2]){p, q}, y));
            }
        }
    }
    return RC_OK;
}

enum rc make_villages(const struct make_opts *opts, struct arena *arena, struct err *err,
                      struct solve_problem *out)
{
    struct maker m = {.opts = opts, .builder = solve_begin(arena, err), .state = opts->seed};
    int size = opts->county_villages;

    m.village = ARENA_NEW(arena, struct village, (size_t)opts->villages);
    for (int i = 0, left = 0; i < opts->villages; i++, left--) {
        if (left == 0) {
            left = (int)uniform(&m.state, 0.5 * size, 1.5 * size);
            m.counties++;
        }
        m.village[i].county = m.counties - 1;
        make_village(&m, &m.village[i]);
    }
    TRY(make_rows(&m, arena));
    for (int i = 0; i < opts->villages; i++) {
        for (int k = 0; k < MEASURES; k += k < 4 ? 2 : 1) {
            TRY(add_bundles(&m, &m.village[i], k));
        }
    }
    return solve_end(m.builder, out);
}

/* What the groups could use of a row at most; `weight` begins at the row's own. */
static int64_t most_use(const int64_t *weight, int groups)
{
    int64_t total = 0;

    for (int g = 0; g < groups; g++) {
        int64_t most = 0;
        for (int o = 0; o < GENERAL_OPTIONS; o++, weight += GENERAL_ROWS) {
            most = *weight > most ? *weight : most;
        }
        total += most;
    }
    return total;
}

enum rc make_general(uint64_t seed, int groups, struct arena *arena, struct err *err,
                     struct solve_problem *out)
{
    enum { WEIGHT_MAX = 10 };
    struct solve_builder *b = solve_begin(arena, err);
    uint64_t state = seed;
    double price[GENERAL_ROWS];
    size_t uses = (size_t)groups * GENERAL_OPTIONS * GENERAL_ROWS;
    int64_t *weight = ARENA_NEW(arena, int64_t, uses);

    for (size_t i = 0; i < uses; i++) {
        weight[i] = (int64_t)(next(&state) % (WEIGHT_MAX + 1));
    }
    for (int r = 0; r < GENERAL_ROWS; r++) {
        TRY(solve_row(b, SOLVE_AT_MOST, most_use(weight + r, groups) / 2));
        price[r] = uniform(&state, 2, 8);
    }
    for (int i = 0; i < groups * GENERAL_OPTIONS; i++) {
        struct solve_use use[GENERAL_ROWS];
        double value = 30 * normal(&state);
        for (int r = 0; r < GENERAL_ROWS; r++) {
            use[r] = (struct solve_use){r, weight[(size_t)i * GENERAL_ROWS + (size_t)r]};
            value += price[r] * (double)use[r].amount;
        }
        if (i % GENERAL_OPTIONS == 0) {
            TRY(solve_group(b, 0));
        }
        TRY(solve_option(b, at_least_one(value), use, GENERAL_ROWS));
    }
    return solve_end(b, out);
}
