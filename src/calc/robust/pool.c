/* One pool through all draws, block by block. */
#include "calc/robust/pool.h"

#include <math.h>

#include "base/must.h"

#define GRADE_AT_WIDTH 16000 /* grades reach twice the width on each side of the guess */
#define BAND_GROWTH    1.1F  /* of reach, before the lists are made again */

/* A block on its way through the tiers. */
struct block_run {
    const struct plan *plan;
    struct pool_scratch *scratch;
    int block;
    uint32_t valid;
    int32_t spilled[LANES_WIDE]; /* places the tier above could not fill */
};

/* ---- scores ---- */

static void score_rows(const struct block_run *run)
{
    const struct plan *plan = run->plan;
    const struct pool_scratch *scratch = run->scratch;
    int tile_rows = plan->ops->tile_rows;
    size_t tile_cells = (size_t)(tile_rows * plan->draws.criterion_count);
    bool topsis = plan->job->method == SCORE_TOPSIS;

    for (int slot = 0; slot < scratch->slot_count; slot += tile_rows) {
        size_t at = (size_t)(slot / tile_rows) * tile_cells;
        struct score_tile tile = {
            .u = scratch->u + at,
            .rest = topsis ? scratch->rest + at : NULL,
            .weights = draws_weights(&plan->draws, scratch->rows[scratch->row_of[slot]].pattern,
                                     run->block),
            .criterion_count = plan->draws.criterion_count,
            .scores = scratch->scores + (size_t)slot * LANES_WIDE,
        };
        plan->ops->score(&tile);
        memset(scratch->taken + slot, 0, (size_t)tile_rows * sizeof(*scratch->taken));
    }
}

/* ---- one tier ---- */

/* The grade of the guess is 0: offset = -scale * (mean of the guide's scores + shift). */
static void find_offsets(const struct pool_scratch *scratch, const struct guide *guide, float scale,
                         float *out)
{
    float sum[LANES_WIDE] = {0};

    for (int i = 0; i < guide->row_count; i++) {
        const float *scores =
            scratch->scores + (size_t)scratch->slot_of[guide->rows[i]] * LANES_WIDE;
        for (int lane = 0; lane < LANES_WIDE; lane++) {
            sum[lane] += scores[lane];
        }
    }
    float share = guide->row_count > 0 ? 1.0F / (float)guide->row_count : 0.0F;
    for (int lane = 0; lane < LANES_WIDE; lane++) {
        out[lane] = -scale * (sum[lane] * share + guide->shift);
    }
}

static bool is_valid(const struct block_run *run, int lane)
{
    return (run->valid >> lane & 1) != 0;
}

/* The lowest and the highest grade of a lane's rows that had no tier yet. */
static void grade_ends(const struct grade_task *task, int lane, int ends[2])
{
    ends[0] = GRADE_MAX;
    ends[1] = GRADE_MIN;
    for (int i = 0; i < task->row_count; i++) {
        int grade = task->grades[(size_t)i * LANES_WIDE + (size_t)lane];
        if (grade != GRADE_TAKEN) {
            ends[0] = grade < ends[0] ? grade : ends[0];
            ends[1] = grade > ends[1] ? grade : ends[1];
        }
    }
}

/* Whether a lane's line stayed between the rows that were not looked at. */
static bool lane_is_inside(const struct tier_list *list, const struct grade_task *task, int lane)
{
    int32_t places = task->places[lane];
    int32_t available = task->available[lane];
    int ends[2];

    if ((list->any_above && places < 0) || (list->any_below && available < places)) {
        return false;
    }
    if (available <= places || places <= 0) {
        grade_ends(task, lane, ends);
        return available <= places ? !list->any_below || ends[0] > -GRADE_AT_WIDTH
                                   : !list->any_above || ends[1] < GRADE_AT_WIDTH;
    }
    return (!list->any_above || task->line[lane] < GRADE_AT_WIDTH) &&
           (!list->any_below || task->line[lane] > -GRADE_AT_WIDTH);
}

static bool lines_are_inside(const struct block_run *run, const struct tier_list *list,
                             const struct grade_task *task)
{
    for (int lane = 0; lane < LANES_WIDE; lane++) {
        if (is_valid(run, lane) && !lane_is_inside(list, task, lane)) {
            return false;
        }
    }
    return true;
}

/* Remember how far from the guess lines were, for the width of later lists. */
static void learn_distance(const struct block_run *run, struct guide *guide,
                           const struct tier_list *list, const struct grade_task *task)
{
    int32_t farthest = 0;

    for (int lane = 0; lane < LANES_WIDE; lane++) {
        bool is_line = task->places[lane] > 0 && task->available[lane] > task->places[lane];
        int32_t away = task->line[lane] < 0 ? -task->line[lane] : task->line[lane];
        farthest = is_valid(run, lane) && is_line && away > farthest ? away : farthest;
    }
    float reach = run->plan->draws.reach[run->block];
    float away = (float)farthest * list->width / GRADE_AT_WIDTH / (reach > 0 ? reach : 1.0F);
    guide->farthest = away > guide->farthest ? away : guide->farthest;
}

/* ---- ties ---- */

static int worst_first(const void *left, const void *right)
{
    const struct tied *a = left;
    const struct tied *b = right;

    if (a->score != b->score) {
        return a->score < b->score ? -1 : 1;
    }
    return a->turn > b->turn ? -1 : a->turn < b->turn;
}

/* Rows of one lane whose grade is the line are told apart by score and turn; who is too many goes
 * out. */
static void break_tie(const struct pool_scratch *scratch, const struct tier_list *list,
                      const struct grade_task *task, int lane)
{
    int count = 0;
    int excess = task->reached[lane] - task->places[lane];

    for (int i = 0; i < list->count; i++) {
        if (task->grades[(size_t)i * LANES_WIDE + (size_t)lane] == task->line[lane]) {
            int slot = list->slots[i];
            float score = scratch->scores[(size_t)slot * LANES_WIDE + (size_t)lane];
            scratch->tied[count++] =
                (struct tied){score + list->bonus[i], scratch->rows[scratch->row_of[slot]].turn, i};
        }
    }
    MUST(excess < count);
    qsort(scratch->tied, (size_t)count, sizeof(*scratch->tied), worst_first);
    for (int i = 0; i < excess; i++) {
        list->admitted[scratch->tied[i].at] &= ~((uint32_t)1 << lane);
    }
}

static void break_ties(const struct pool_scratch *scratch, const struct tier_list *list,
                       const struct grade_task *task)
{
    for (int lane = 0; lane < LANES_WIDE; lane++) {
        if (task->places[lane] > 0 && task->reached[lane] > task->places[lane]) {
            break_tie(scratch, list, task, lane);
        }
    }
}

/* ---- the tiers of a block ---- */

/* Places that remain for listed rows, and what is left over for the tier below. */
static void count_places(const struct block_run *run, int tier, int32_t *out)
{
    const struct tiering *rules = run->plan->job->rules;
    const struct guide *guide = &run->scratch->guides[tier];
    const struct tier_list *list = &run->scratch->lists[tier];

    for (int lane = 0; lane < LANES_WIDE; lane++) {
        int32_t room = guide->room + (rules->spill ? run->spilled[lane] : 0);
        out[lane] = (room > 0 ? room : 0) - list->sure;
    }
}

static void spill(struct block_run *run, const int32_t *places, const int32_t *available)
{
    for (int lane = 0; lane < LANES_WIDE; lane++) {
        int32_t left = places[lane] - available[lane];
        run->spilled[lane] = left > 0 ? left : 0;
    }
}

/* Admit by quota. False when a line was farther away than thought. */
static bool admit_by_quota(struct block_run *run, int tier)
{
    struct pool_scratch *scratch = run->scratch;
    struct guide *guide = &scratch->guides[tier];
    const struct tier_list *list = &scratch->lists[tier];
    float offset[LANES_WIDE] __attribute__((aligned(LANES_ALIGN)));
    int32_t places[LANES_WIDE] __attribute__((aligned(LANES_ALIGN)));
    struct grade_task task = {
        .row_count = list->count,
        .rows = list->slots,
        .bonus = list->bonus,
        .scores = scratch->scores,
        .taken = scratch->taken,
        .scale = GRADE_AT_WIDTH / list->width,
        .density = list->density * list->width / GRADE_AT_WIDTH,
        .offset = offset,
        .places = places,
        .grades = scratch->grades,
        .admitted = list->admitted,
    };

    count_places(run, tier, places);
    if (list->count > 0) {
        find_offsets(scratch, guide, task.scale, offset);
        run->plan->ops->grade(&task);
        break_ties(scratch, list, &task);
        learn_distance(run, guide, list, &task);
    }
    spill(run, places, task.available);
    return lines_are_inside(run, list, &task);
}

static void admit_by_threshold(const struct block_run *run, int tier)
{
    const struct pool_scratch *scratch = run->scratch;
    const struct tier_list *list = &scratch->lists[tier];
    struct grade_task task = {
        .row_count = list->count,
        .rows = list->slots,
        .bonus = list->bonus,
        .scores = scratch->scores,
        .taken = scratch->taken,
        .admitted = list->admitted,
    };

    run->plan->ops->reach(&task, scratch->guides[tier].shift);
}

static void take_admitted(const struct pool_scratch *scratch, const struct tier_list *list)
{
    for (int i = 0; i < list->count; i++) {
        scratch->taken[list->slots[i]] |= list->admitted[i];
    }
    for (int i = 0; i < list->kept_count; i++) {
        list->kept_admitted[i] = ~scratch->taken[list->kept[i]];
        scratch->taken[list->kept[i]] = UINT32_MAX;
    }
}

static bool run_tiers(struct block_run *run)
{
    const struct tiering *rules = run->plan->job->rules;
    bool is_inside = true;

    score_rows(run);
    for (int tier = 0; tier < rules->tier_count - 1 && is_inside; tier++) {
        if (rules->sorting == SORT_BY_QUOTA) {
            is_inside = admit_by_quota(run, tier);
        } else {
            admit_by_threshold(run, tier);
        }
        take_admitted(run->scratch, &run->scratch->lists[tier]);
    }
    return is_inside;
}

/* ---- counts ---- */

static void add_masks(const struct block_run *run, int tier, const int *slots,
                      const uint32_t *masks, int count)
{
    const struct pool_scratch *scratch = run->scratch;
    size_t tier_count = (size_t)run->plan->job->rules->tier_count;

    for (int i = 0; i < count; i++) {
        int place = scratch->rows[scratch->row_of[slots[i]]].place;
        run->plan->count[(size_t)place * tier_count + (size_t)tier] +=
            (uint32_t)__builtin_popcount(masks[i] & run->valid);
    }
}

static void add_block(const struct block_run *run)
{
    for (int tier = 0; tier < run->plan->job->rules->tier_count - 1; tier++) {
        const struct tier_list *list = &run->scratch->lists[tier];
        add_masks(run, tier, list->slots, list->admitted, list->count);
        add_masks(run, tier, list->kept, list->kept_admitted, list->kept_count);
    }
}

/* Rows that have their tier whatever the draw, for the draws done with the present lists. */
static void add_settled(const struct plan *plan, const struct pool_scratch *scratch,
                        uint32_t draw_count)
{
    size_t tier_count = (size_t)plan->job->rules->tier_count;

    for (int row = 0; row < scratch->row_count; row++) {
        if (scratch->settled[row] != TIER_NONE) {
            plan->count[(size_t)scratch->rows[row].place * tier_count +
                        (size_t)scratch->settled[row]] += draw_count;
        }
    }
}

/* ---- a watched place ---- */

static uint32_t mask_of_slot(const int *slots, const uint32_t *masks, int count, int slot)
{
    for (int i = 0; i < count; i++) {
        if (slots[i] == slot) {
            return masks[i];
        }
    }
    return 0;
}

/* Lanes in which the row came into `tier`, a higher one than the last. */
static uint32_t lanes_in_tier(const struct pool_scratch *scratch, int row, int tier)
{
    const struct tier_list *list = &scratch->lists[tier];

    if (scratch->settled[row] != TIER_NONE) {
        return scratch->settled[row] == tier ? UINT32_MAX : 0;
    }
    if (!scratch->is_listed[row]) {
        return 0;
    }
    int slot = scratch->slot_of[row];
    return mask_of_slot(list->slots, list->admitted, list->count, slot) |
           mask_of_slot(list->kept, list->kept_admitted, list->kept_count, slot);
}

static void add_shares(const struct block_run *run, int tier, uint32_t lanes)
{
    const struct draws *draws = &run->plan->draws;
    double *sums = run->plan->watched_shares + (size_t)tier * (size_t)draws->criterion_count;

    for (int lane = 0; lane < LANES_WIDE; lane++) {
        int draw = draws->draw[run->block * LANES_WIDE + lane];
        const float *shares = draws->shares + (size_t)draw * (size_t)draws->criterion_count;
        if ((lanes >> lane & 1) == 0) {
            continue;
        }
        run->plan->watched_counts[tier]++;
        for (int k = 0; k < draws->criterion_count; k++) {
            sums[k] += (double)shares[k];
        }
    }
}

static void watch(const struct block_run *run)
{
    int last = run->plan->job->rules->tier_count - 1;
    uint32_t left = run->valid;
    int row = 0;

    while (row < run->scratch->row_count && run->scratch->rows[row].place != run->plan->watched) {
        row++;
    }
    if (row == run->scratch->row_count) {
        return;
    }
    for (int tier = 0; tier < last; tier++) {
        uint32_t lanes = lanes_in_tier(run->scratch, row, tier) & run->valid;
        add_shares(run, tier, lanes);
        left &= ~lanes;
    }
    add_shares(run, last, left);
}

/* ---- all blocks ---- */

/* The lists in force, and what they have been used for. */
struct band {
    float reach;     /* good up to here */
    uint32_t draws;  /* done with them */
    bool is_current; /* false: make them again before the next block */
};

static void renew_lists(struct block_run *run, struct band *band, bool wide)
{
    const struct draws *draws = &run->plan->draws;
    float end = draws->reach[draws->block_count - 1];
    float reach = draws->reach[run->block] * BAND_GROWTH;

    add_settled(run->plan, run->scratch, band->draws);
    *band = (struct band){.reach = reach < end ? reach : end, .is_current = !wide};
    near_list(run->plan, run->scratch, band->reach, wide);
}

static void run_block(struct block_run *run, struct band *band)
{
    bool is_first = run->block == 0;

    memset(run->spilled, 0, sizeof(run->spilled));
    if (!band->is_current || run->plan->draws.reach[run->block] > band->reach) {
        renew_lists(run, band, is_first);
    }
    if (!run_tiers(run)) {
        renew_lists(run, band, true);
        memset(run->spilled, 0, sizeof(run->spilled));
        MUST(run_tiers(run));
    }
    band->draws += (uint32_t)__builtin_popcount(run->valid);
    add_block(run);
    if (run->plan->watched != TIER_NONE) {
        watch(run);
    }
}

void pool_run(const struct plan *plan, int pool, struct pool_scratch *scratch)
{
    struct band band = {0};

    near_begin(plan, pool, scratch);
    if (scratch->row_count == 0) {
        return;
    }
    for (int block = 0; block < plan->draws.block_count; block++) {
        struct block_run run = {
            .plan = plan,
            .scratch = scratch,
            .block = block,
            .valid = draws_valid(&plan->draws, block),
        };
        run_block(&run, &band);
    }
    add_settled(plan, scratch, band.draws);
}
