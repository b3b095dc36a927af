/* What the cube answers: sums of units and groups, quantiles, values. */
#include <math.h>

#include "calc/cube/cube_in.h"
#include "calc/stat/sample.h"

double cube_value_at(const struct cube *cube, int indicator, uint32_t place)
{
    const struct home *home = &cube->homes[indicator];
    size_t at = (size_t)home->column * cube->levels[0].count + place;

    if (home->is_wide) {
        return cube->wide[at];
    }
    const union word_32 word = {.number = cube->columns[at]};
    if (word.bits == EXCLUDED_32) {
        return (union word_64){.bits = EXCLUDED_64}.number;
    }
    return (double)word.number;
}

struct wide_sum tile_lane(const struct tile_sum *tile, uint32_t lane)
{
    return (struct wide_sum){
        .sum = tile->sum[lane],
        .weighted = tile->weighted[lane],
        .weight = tile->weight[lane],
        .least = (double)tile->least[lane],
        .most = (double)tile->most[lane],
        .known = tile->known[lane],
        .reached = tile->reached[lane],
        .excluded = tile->excluded[lane],
    };
}

static struct cube_sum public_sum(struct wide_sum sum, uint32_t leaves)
{
    return (struct cube_sum){
        .sum = sum.sum,
        .weighted = sum.weighted,
        .weight = sum.weight,
        .least = sum.known == 0 ? (double)NAN : sum.least,
        .most = sum.known == 0 ? (double)NAN : sum.most,
        .known = sum.known,
        .reached = sum.reached,
        .excluded = sum.excluded,
        .leaves = leaves,
    };
}

struct cube_sum cube_unit(const struct cube *cube, int level, uint32_t unit, int indicator)
{
    MUST(level >= 1 && level < cube->level_count && unit < cube->levels[level].count);
    const struct level *in = &cube->levels[level];
    const struct home *home = &cube->homes[indicator];
    uint32_t place = in->place[unit];
    uint32_t leaves = in->first_leaf[place + 1] - in->first_leaf[place];
    size_t at = in->base + place;

    if (home->is_wide) {
        return public_sum(cube->wide_sums[(size_t)home->column * cube->sum_count + at], leaves);
    }
    return public_sum(tile_lane(&cube->sums[(size_t)home->tile * cube->sum_count + at], home->lane),
                      leaves);
}

struct cube_sum cube_group(const struct cube *cube, const uint32_t *leaves, size_t count,
                           int indicator)
{
    const struct home *home = &cube->homes[indicator];
    const float *weights = cube->weights + (size_t)home->weight * cube->levels[0].count;
    struct wide_sum sum = wide_none();

    for (size_t i = 0; i < count; i++) {
        uint32_t place = cube->levels[0].place[leaves[i]];
        wide_add(&sum, cube_value_at(cube, indicator, place), (double)weights[place],
                 cube->indicators[indicator].threshold);
    }
    return public_sum(sum, (uint32_t)count);
}

static double quotient(double above, double below)
{
    return below == 0.0 ? (double)NAN : above / below;
}

double cube_mean(struct cube_sum sum)
{
    return quotient(sum.sum, sum.known);
}

double cube_weighted_mean(struct cube_sum sum)
{
    return quotient(sum.weighted, sum.weight);
}

double cube_share(struct cube_sum sum)
{
    return quotient(sum.reached, sum.known);
}

double cube_coverage(struct cube_sum sum)
{
    return quotient(sum.known, sum.leaves - sum.excluded);
}

double cube_ratio(struct cube_sum num, struct cube_sum den)
{
    return quotient(num.sum, den.sum);
}

double cube_quantile(const struct cube *cube, int level, uint32_t unit, int indicator, double share,
                     struct arena *scratch)
{
    MUST(level >= 1 && level < cube->level_count && unit < cube->levels[level].count);
    const struct level *in = &cube->levels[level];
    uint32_t begin = in->first_leaf[in->place[unit]];
    uint32_t count = in->first_leaf[in->place[unit] + 1] - begin;
    struct arena_mark mark = arena_mark(scratch);
    double *values = ARENA_NEW(scratch, double, count);

    for (uint32_t i = 0; i < count; i++) {
        values[i] = cube_value_at(cube, indicator, begin + i);
    }
    double answer = sample_quantile(values, sample_pack(values, count), share);
    arena_rewind(scratch, mark);
    return answer;
}

double cube_group_quantile(const struct cube *cube, const uint32_t *leaves, size_t count,
                           int indicator, double share, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    double *values = ARENA_NEW(scratch, double, count);

    for (size_t i = 0; i < count; i++) {
        values[i] = cube_value_at(cube, indicator, cube->levels[0].place[leaves[i]]);
    }
    double answer = sample_quantile(values, sample_pack(values, count), share);
    arena_rewind(scratch, mark);
    return answer;
}

double cube_value(const struct cube *cube, uint32_t leaf, int indicator, enum expr_state *out_state)
{
    const union word_64 word = {.number =
                                    cube_value_at(cube, indicator, cube->levels[0].place[leaf])};

    *out_state = EXPR_KNOWN;
    if (isnan(word.number)) {
        *out_state = word.bits == EXCLUDED_64 ? EXPR_NOT_APPLICABLE : EXPR_MISSING;
    }
    return word.number;
}

void cube_column(const struct cube *cube, int indicator, double *out)
{
    const struct level *leaves = &cube->levels[0];

    for (uint32_t i = 0; i < leaves->count; i++) {
        out[i] = cube_value_at(cube, indicator, leaves->place[i]);
    }
}
