/* Who can be near a line.
 *
 * Most places of a pool are far from every line: whatever the draw, they are in or out. Which ones
 * is known beforehand. The shares of a draw are centre_k + away_k and sum to 1, so for any row d
 * and any number x
 *     |sum of away_k d_k| = |sum of away_k (d_k - x)| <= reach * spread     (Cauchy and Schwarz)
 *     reach = sqrt(sum of (away_k / unit_k)^2)       of the draw,
 *     spread = sqrt(sum of (unit_k (d_k - x))^2)     of the row.
 * With d the difference between a place and a guess of the line that is linear in the weights (the
 * mean of some places near it), a place whose difference at the centre is more than reach * spread
 * + width stays on its side as long as the line is within `width` of the guess. pool.c looks
 * whether it is, and does a block of draws again with everybody where it is not: so the answer is
 * the operator's, whatever was guessed here. */
#include <math.h>

#include "base/must.h"
#include "calc/robust/pool.h"

#define WIDTH_MIN     1e-4F
#define WIDTH_MAX     0.25F
#define WIDTH_CAUTION 1.5F  /* times the farthest line seen */
#define ROUNDING      2e-5F /* more than float32 loses in a score and a guess */

/* ---- memory ---- */

static int largest_pool(const struct plan *plan)
{
    int largest = 0;

    for (int pool = 0; pool < plan->job->rules->pool_count; pool++) {
        int size = plan->order.begin[pool + 1] - plan->order.begin[pool];
        largest = size > largest ? size : largest;
    }
    return largest;
}

static void *aligned(struct arena *arena, size_t count, size_t size)
{
    char *at = ARENA_NEW(arena, char, count *size + LANES_ALIGN);

    return at + (LANES_ALIGN - (uintptr_t)at % LANES_ALIGN) % LANES_ALIGN;
}

static void make_tier_room(struct pool_scratch *scratch, int tier, size_t row_count,
                           struct arena *arena)
{
    scratch->guides[tier].bonus = ARENA_NEW(arena, float, row_count);
    scratch->guides[tier].gap = ARENA_NEW(arena, float, row_count);
    scratch->guides[tier].spread = ARENA_NEW(arena, float, row_count);
    scratch->lists[tier].slots = ARENA_NEW(arena, int, row_count);
    scratch->lists[tier].bonus = ARENA_NEW(arena, float, row_count);
    scratch->lists[tier].admitted = ARENA_NEW(arena, uint32_t, row_count);
    scratch->lists[tier].sums = ARENA_NEW(arena, uint32_t, row_count);
    scratch->lists[tier].kept_sums = ARENA_NEW(arena, uint32_t, row_count);
    scratch->lists[tier].kept = ARENA_NEW(arena, int, row_count);
    scratch->lists[tier].kept_admitted = ARENA_NEW(arena, uint32_t, row_count);
}

struct pool_scratch *pool_scratch_make(const struct plan *plan, struct arena *arena)
{
    struct pool_scratch *scratch = ARENA_NEW(arena, struct pool_scratch, 1);
    size_t row_count = (size_t)largest_pool(plan);
    size_t patterns = (size_t)plan->patterns.count;
    size_t tiles_begun = patterns < row_count ? patterns : row_count;
    size_t slot_count = row_count + tiles_begun * (size_t)(plan->ops->tile_rows - 1);
    size_t criteria = (size_t)plan->job->tree->criterion_count;

    scratch->rows = ARENA_NEW(arena, struct row, row_count);
    scratch->settled = ARENA_NEW(arena, signed char, row_count);
    scratch->is_listed = ARENA_NEW(arena, bool, row_count);
    scratch->slot_of = ARENA_NEW(arena, int, row_count);
    scratch->row_of = ARENA_NEW(arena, int, slot_count);
    scratch->u = aligned(arena, slot_count * criteria, sizeof(float));
    scratch->rest = aligned(arena, slot_count * criteria, sizeof(float));
    scratch->scores = aligned(arena, slot_count * LANES_WIDE, sizeof(float));
    scratch->grades = aligned(arena, row_count * LANES_WIDE, sizeof(int16_t));
    scratch->contested = ARENA_NEW(arena, int, row_count + 1);
    scratch->contested_lanes = ARENA_NEW(arena, uint32_t, row_count + 1);
    scratch->tied = ARENA_NEW(arena, struct tied, row_count);
    scratch->taken = ARENA_NEW(arena, uint32_t, slot_count);
    for (int tier = 0; tier < plan->job->rules->tier_count; tier++) {
        make_tier_room(scratch, tier, row_count, arena);
    }
    return scratch;
}

/* ---- rows ---- */

static int by_pattern(const void *left, const void *right)
{
    const struct row *a = left;
    const struct row *b = right;

    if (a->pattern != b->pattern) {
        return a->pattern < b->pattern ? -1 : 1;
    }
    return a->turn < b->turn ? -1 : a->turn > b->turn;
}

static void gather_rows(const struct plan *plan, int pool, struct pool_scratch *scratch)
{
    const struct tiering *rules = plan->job->rules;
    int begin = plan->order.begin[pool];

    scratch->row_count = 0;
    for (int at = begin; at < plan->order.begin[pool + 1]; at++) {
        int place = plan->order.place[at];
        if (rules->locked[place] == TIER_NONE && !rules->undecided[place]) {
            scratch->rows[scratch->row_count++] =
                (struct row){place, at - begin, plan->patterns.of_place[place]};
        }
    }
    qsort(scratch->rows, (size_t)scratch->row_count, sizeof(*scratch->rows), by_pattern);
}

static const float *u_of(const struct plan *plan, const struct row *row)
{
    return plan->job->u->u + (size_t)row->place * (size_t)plan->job->u->criterion_count;
}

static bool held(const struct tiering *rules, int place, int tier)
{
    return rules->previous[place] != TIER_NONE && rules->previous[place] <= tier;
}

static bool passes(const struct tiering *rules, int place, int tier)
{
    return rules->gates[(size_t)place * (size_t)rules->tier_count + (size_t)tier] == GATE_PASSED;
}

static bool keeps(const struct tiering *rules, int place, int tier)
{
    return rules->sorting == SORT_BY_QUOTA && rules->kinds[tier] == QUOTA_NEW_THIS_YEAR &&
           held(rules, place, tier);
}

/* Whether the row is one of those the tier is contested by. */
static bool contests(const struct tiering *rules, int place, int tier)
{
    return passes(rules, place, tier) && !keeps(rules, place, tier);
}

/* ---- guides ---- */

/* Scores of such rows are linear in the weights of a draw. */
static bool is_linear(const struct plan *plan, const struct row *row)
{
    int criteria = plan->job->tree->criterion_count;

    return plan->job->method == SCORE_SUM &&
           plan->patterns.mask[row->pattern] == UINT64_MAX >> (WEIGH_CRITERIA_MAX - criteria);
}

/* Put `row` among the guide's rows if it is nearer to the line than one of them. */
static void offer_guide(struct guide *guide, float *away, int row, float away_of_row)
{
    int at = guide->row_count;

    if (at == GUIDES_MAX && !(away_of_row < away[at - 1])) {
        return;
    }
    at = at == GUIDES_MAX ? at - 1 : at;
    for (; at > 0 && away[at - 1] > away_of_row; at--) {
        guide->rows[at] = guide->rows[at - 1];
        away[at] = away[at - 1];
    }
    guide->rows[at] = row;
    away[at] = away_of_row;
    guide->row_count += guide->row_count < GUIDES_MAX;
}

/* The contesting rows nearest to the line of the base run; `linear`: only such. */
static void pick_guides(const struct plan *plan, struct pool_scratch *scratch, int tier, float line,
                        bool linear)
{
    struct guide *guide = &scratch->guides[tier];
    float away[GUIDES_MAX];

    guide->row_count = 0;
    for (int i = 0; i < scratch->row_count; i++) {
        const struct row *row = &scratch->rows[i];
        if (contests(plan->job->rules, row->place, tier) && (!linear || is_linear(plan, row))) {
            float score = plan->base_scores[row->place] + guide->bonus[i];
            offer_guide(guide, away, i, fabsf(score - line));
        }
    }
}

/* Where the base run's line is; NAN when everybody or nobody was admitted. */
static float base_line(const struct tier_line *line)
{
    return (line->last_score + line->first_out_score) / 2;
}

static void set_guess(const struct plan *plan, struct pool_scratch *scratch, int tier, float line)
{
    struct guide *guide = &scratch->guides[tier];
    float sum = 0;

    pick_guides(plan, scratch, tier, line, true);
    guide->is_sure = guide->row_count > 0;
    if (!guide->is_sure) {
        pick_guides(plan, scratch, tier, line, false);
    }
    for (int i = 0; i < guide->row_count; i++) {
        sum += plan->base_scores[scratch->rows[guide->rows[i]].place];
    }
    guide->shift = guide->row_count > 0 ? line - sum / (float)guide->row_count : line;
}

/* The guess's own utilities: the mean of its rows. */
static void guess_profile(const struct plan *plan, const struct pool_scratch *scratch, int tier,
                          double *out)
{
    const struct guide *guide = &scratch->guides[tier];
    int criteria = plan->job->tree->criterion_count;

    for (int k = 0; k < criteria; k++) {
        out[k] = 0;
        for (int i = 0; i < guide->row_count; i++) {
            out[k] += (double)u_of(plan, &scratch->rows[guide->rows[i]])[k] / guide->row_count;
        }
    }
}

/* How one linear row stands to the guess, and how far a draw can move it. */
static void measure_row(const struct plan *plan, const float *u, const double *profile,
                        double *out_gap, double *out_spread)
{
    const struct draws *draws = &plan->draws;
    double weight = 0;
    double mean = 0;
    double sum = 0;

    *out_gap = 0;
    for (int k = 0; k < draws->criterion_count; k++) {
        double d = (double)u[k] - profile[k];
        double unit = draws->unit[k] * draws->unit[k];
        *out_gap += draws->centre[k] * d;
        mean += unit * d;
        weight += unit;
    }
    mean /= weight;
    for (int k = 0; k < draws->criterion_count; k++) {
        double d = draws->unit[k] * ((double)u[k] - profile[k] - mean);
        sum += d * d;
    }
    *out_spread = sqrt(sum);
}

static void measure_rows(const struct plan *plan, struct pool_scratch *scratch, int tier,
                         float line)
{
    struct guide *guide = &scratch->guides[tier];
    double profile[WEIGH_CRITERIA_MAX];

    guess_profile(plan, scratch, tier, profile);
    for (int i = 0; i < scratch->row_count; i++) {
        const struct row *row = &scratch->rows[i];
        guide->gap[i] = plan->base_scores[row->place] + guide->bonus[i] - line;
        guide->spread[i] = INFINITY;
        if (guide->is_sure && is_linear(plan, row)) {
            double gap = 0;
            double spread = 0;
            measure_row(plan, u_of(plan, row), profile, &gap, &spread);
            guide->gap[i] = (float)gap + guide->bonus[i] - guide->shift;
            guide->spread[i] = (float)spread;
        }
    }
}

static void begin_tier(const struct plan *plan, int pool, struct pool_scratch *scratch, int tier)
{
    const struct tiering *rules = plan->job->rules;
    struct guide *guide = &scratch->guides[tier];
    size_t at = (size_t)pool * (size_t)rules->tier_count + (size_t)tier;
    const struct tier_line *base = &plan->base.lines[at];
    bool by_quota = rules->sorting == SORT_BY_QUOTA;
    int contesting = 0;

    for (int i = 0; i < scratch->row_count; i++) {
        int place = scratch->rows[i].place;
        guide->bonus[i] = held(rules, place, tier) ? rules->hysteresis : 0.0F;
        contesting += contests(rules, place, tier);
    }
    guide->room = by_quota ? rules->quota[at] - base->locked : 0;
    guide->is_open = !by_quota || guide->room > 0 || (rules->spill && tier > 0);
    guide->all_fit = by_quota && contesting <= guide->room;
    guide->farthest = -1;
    guide->row_count = 0;
    guide->is_sure = true;
    guide->shift = by_quota ? 0.0F : rules->threshold[at];
    float line = by_quota ? base_line(base) : guide->shift;
    if (by_quota && isfinite(line)) {
        set_guess(plan, scratch, tier, line);
    }
    guide->is_sure = guide->is_sure && isfinite(line);
    measure_rows(plan, scratch, tier, isfinite(line) ? line : 0.0F);
}

void near_begin(const struct plan *plan, int pool, struct pool_scratch *scratch)
{
    gather_rows(plan, pool, scratch);
    for (int tier = 0; tier < plan->job->rules->tier_count - 1; tier++) {
        begin_tier(plan, pool, scratch, tier);
    }
}

/* ---- lists ---- */

enum side { SIDE_BELOW, SIDE_NEAR, SIDE_ABOVE };

static enum side side_of(const struct guide *guide, const struct tier_list *list, int row,
                         float reach)
{
    float away = guide->spread[row] * reach + list->width + ROUNDING;

    if (guide->gap[row] > away) {
        return SIDE_ABOVE;
    }
    return guide->gap[row] < -away ? SIDE_BELOW : SIDE_NEAR;
}

static void list_row(struct pool_scratch *scratch, int tier, int row)
{
    struct tier_list *list = &scratch->lists[tier];

    list->bonus[list->count] = scratch->guides[tier].bonus[row];
    list->slots[list->count++] = row; /* its slot, once there is one */
    scratch->is_listed[row] = true;
}

static void keep_row(struct pool_scratch *scratch, int tier, int row)
{
    struct tier_list *list = &scratch->lists[tier];

    list->kept[list->kept_count++] = row;
    scratch->is_listed[row] = true;
}

/* One row in one tier. False when it has a tier from here on, whatever the draw. */
static bool list_in_tier(const struct plan *plan, struct pool_scratch *scratch, int tier, int row,
                         float reach)
{
    const struct tiering *rules = plan->job->rules;
    const struct guide *guide = &scratch->guides[tier];
    struct tier_list *list = &scratch->lists[tier];
    int place = scratch->rows[row].place;
    bool is_free = !scratch->is_listed[row]; /* no higher tier can have taken it */

    if (!passes(rules, place, tier)) {
        return true;
    }
    if (keeps(rules, place, tier)) {
        if (is_free) {
            scratch->settled[row] = (signed char)tier;
        } else {
            keep_row(scratch, tier, row);
        }
        return false;
    }
    if (!guide->is_open) {
        return true;
    }
    enum side side = guide->all_fit ? SIDE_ABOVE : side_of(guide, list, row, reach);
    list->any_above |= side == SIDE_ABOVE && !guide->all_fit;
    list->any_below |= side == SIDE_BELOW;
    if (side == SIDE_ABOVE && is_free) {
        scratch->settled[row] = (signed char)tier;
        list->sure++;
    } else if (side != SIDE_BELOW) {
        list_row(scratch, tier, row);
    }
    return side != SIDE_ABOVE;
}

static void clear_lists(const struct plan *plan, struct pool_scratch *scratch, float reach)
{
    for (int tier = 0; tier < plan->job->rules->tier_count - 1; tier++) {
        const struct guide *guide = &scratch->guides[tier];
        struct tier_list *list = &scratch->lists[tier];
        float width = guide->farthest < 0 ? WIDTH_MAX : WIDTH_CAUTION * guide->farthest * reach;
        width = width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
        list->width = plan->job->rules->sorting == SORT_BY_QUOTA ? width : WIDTH_MIN;
        list->sure = list->count = list->kept_count = 0;
        list->any_above = list->any_below = false;
    }
    for (int row = 0; row < scratch->row_count; row++) {
        scratch->settled[row] = TIER_NONE;
        scratch->is_listed[row] = false;
    }
}

/* Rows per unit of score near the guess, from those listed within the width. */
static void measure_density(struct pool_scratch *scratch, int tier)
{
    const struct guide *guide = &scratch->guides[tier];
    struct tier_list *list = &scratch->lists[tier];
    int near = 1;

    for (int i = 0; i < list->count; i++) {
        near += fabsf(guide->gap[list->slots[i]]) < list->width;
    }
    list->density = (float)near / (2 * list->width);
}

/* Copy a row into its place in its tile. */
static void fill_slot(const struct plan *plan, struct pool_scratch *scratch, int slot, int row)
{
    int tile_rows = plan->ops->tile_rows;
    int criteria = plan->job->tree->criterion_count;
    const float *u = u_of(plan, &scratch->rows[row]);
    size_t at =
        (size_t)(slot / tile_rows) * (size_t)(tile_rows * criteria) + (size_t)(slot % tile_rows);
    bool topsis = plan->job->method == SCORE_TOPSIS;

    scratch->row_of[slot] = row;
    scratch->slot_of[row] = slot;
    for (int k = 0; k < criteria; k++, at += (size_t)tile_rows) {
        scratch->u[at] = topsis ? u[k] * u[k] : u[k];
        if (topsis) {
            scratch->rest[at] = (1.0F - u[k]) * (1.0F - u[k]);
        }
    }
}

/* Slots for all rows to be scored; a tile holds rows of one pattern. */
static void make_tiles(const struct plan *plan, struct pool_scratch *scratch)
{
    int tile_rows = plan->ops->tile_rows;
    int slot = 0;
    int pattern = -1;

    for (int row = 0; row < scratch->row_count; row++) {
        if (!scratch->is_listed[row]) {
            continue;
        }
        bool is_new = scratch->rows[row].pattern != pattern;
        while (is_new && slot % tile_rows != 0) {
            scratch->row_of[slot++] = -1;
        }
        pattern = scratch->rows[row].pattern;
        fill_slot(plan, scratch, slot++, row);
    }
    while (slot % tile_rows != 0) {
        scratch->row_of[slot++] = -1;
    }
    scratch->slot_count = slot;
}

static void rows_to_slots(const struct pool_scratch *scratch, int *list, int count)
{
    for (int i = 0; i < count; i++) {
        list[i] = scratch->slot_of[list[i]];
    }
}

static void finish_list(struct pool_scratch *scratch, int tier)
{
    const struct guide *guide = &scratch->guides[tier];
    struct tier_list *list = &scratch->lists[tier];

    rows_to_slots(scratch, list->slots, list->count);
    rows_to_slots(scratch, list->kept, list->kept_count);
    for (int i = 0; i < guide->row_count && list->count > 0; i++) {
        list->guide_slots[i] = scratch->slot_of[guide->rows[i]];
    }
    memset(list->sums, 0, (size_t)list->count * sizeof(*list->sums));
    memset(list->kept_sums, 0, (size_t)list->kept_count * sizeof(*list->kept_sums));
}

void near_list(const struct plan *plan, struct pool_scratch *scratch, float reach, bool wide)
{
    int last = plan->job->rules->tier_count - 1;

    clear_lists(plan, scratch, reach);
    for (int row = 0; row < scratch->row_count; row++) {
        bool goes_on = true;
        for (int tier = 0; tier < last && goes_on; tier++) {
            goes_on = list_in_tier(plan, scratch, tier, row, wide ? INFINITY : reach);
        }
    }
    for (int tier = 0; tier < last; tier++) {
        const struct guide *guide = &scratch->guides[tier];
        measure_density(scratch, tier);
        for (int i = 0; i < guide->row_count && scratch->lists[tier].count > 0; i++) {
            scratch->is_listed[guide->rows[i]] = true; /* the guess needs its score */
        }
    }
    make_tiles(plan, scratch);
    for (int tier = 0; tier < last; tier++) {
        finish_list(scratch, tier);
    }
}
