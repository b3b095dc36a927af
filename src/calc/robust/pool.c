/* One pool through all draws, block by block. */
#include "calc/robust/pool.h"

#include <math.h>

#include "base/must.h"

#define BAND_GROWTH 1.2F /* of reach, before the lists are made again */

enum { INSERTION_MAX = 24 };

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
    size_t tile_cells = (size_t)tile_rows * (size_t)plan->draws.criterion_count;
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

/* Whether a lane whose line is not well inside the width may stand all the same: nobody was left
 * out of the list on that side, or everybody or nobody was admitted and is inside. */
static bool lane_may_stand(const struct tier_list *list, const struct grade_task *task, int lane)
{
    int32_t places = task->places[lane];
    int32_t available = task->available[lane];
    int32_t line = task->line[lane];
    int ends[2];

    if ((list->any_above && places < 0) || (list->any_below && available < places)) {
        return false;
    }
    if (available <= places || places <= 0) {
        grade_ends(task, lane, ends);
        return available <= places ? !list->any_below || ends[0] > -GRADE_AT_WIDTH
                                   : !list->any_above || ends[1] < GRADE_AT_WIDTH;
    }
    return !(list->any_above && line >= 0) && !(list->any_below && line < 0);
}

static bool lines_may_stand(const struct tier_list *list, const struct grade_task *task,
                            uint32_t valid)
{
    for (uint32_t left = task->outside & valid; left != 0; left &= left - 1) {
        if (!lane_may_stand(list, task, __builtin_ctz(left))) {
            return false;
        }
    }
    return true;
}

/* How far from the guess lines were, for the width of later lists. */
static void learn_distance(const struct block_run *run, struct guide *guide,
                           const struct grade_task *task)
{
    float reach = run->plan->draws.reach[run->block];

    for (uint32_t left = task->far & run->valid; left != 0; left &= left - 1) {
        int32_t line = task->line[__builtin_ctz(left)];
        float away = (float)(line < 0 ? -line : line) * task->width / GRADE_AT_WIDTH;
        away /= reach > 0 ? reach : 1.0F;
        guide->farthest = away > guide->farthest ? away : guide->farthest;
    }
}

/* ---- contested places ---- */

static bool is_better(const struct tied *a, const struct tied *b)
{
    return a->score != b->score ? a->score > b->score : a->turn < b->turn;
}

static int best_first(const void *left, const void *right)
{
    return is_better(left, right) ? -1 : is_better(right, left);
}

/* Best first; mostly there are two or three. */
static void sort_tied(struct tied *tied, int count)
{
    if (count > INSERTION_MAX) {
        qsort(tied, (size_t)count, sizeof(*tied), best_first);
        return;
    }
    for (int i = 1; i < count; i++) {
        struct tied one = tied[i];
        int at = i;
        for (; at > 0 && is_better(&one, &tied[at - 1]); at--) {
            tied[at] = tied[at - 1];
        }
        tied[at] = one;
    }
}

/* Among a lane's contested rows the best by score, then by turn, get the places that are left. */
static void settle_lane(const struct pool_scratch *scratch, const struct tier_list *list,
                        const struct grade_task *task, int lane)
{
    int left = task->places[lane] - task->certain[lane];
    int count = 0;

    for (int c = 0; c < task->contested_count; c++) {
        if ((task->contested_lanes[c] >> lane & 1) != 0) {
            int i = task->contested[c];
            int slot = list->slots[i];
            float score = scratch->scores[(size_t)slot * LANES_WIDE + (size_t)lane];
            scratch->tied[count++] =
                (struct tied){score + list->bonus[i], scratch->rows[scratch->row_of[slot]].turn, i};
        }
    }
    MUST(left > 0 && left < count);
    sort_tied(scratch->tied, count);
    for (int i = 0; i < left; i++) {
        list->admitted[scratch->tied[i].at] |= (uint32_t)1 << lane;
    }
}

static void settle_contested(const struct pool_scratch *scratch, const struct tier_list *list,
                             const struct grade_task *task)
{
    for (uint32_t left = task->open; left != 0; left &= left - 1) {
        settle_lane(scratch, list, task, __builtin_ctz(left));
    }
}

/* ---- the tiers of a block ---- */

static struct grade_task task_of(const struct pool_scratch *scratch, int tier)
{
    const struct guide *guide = &scratch->guides[tier];
    const struct tier_list *list = &scratch->lists[tier];

    return (struct grade_task){
        .row_count = list->count,
        .rows = list->slots,
        .bonus = list->bonus,
        .scores = scratch->scores,
        .taken = scratch->taken,
        .none_taken = tier == 0,
        .guide_count = guide->row_count,
        .guides = list->guide_slots,
        .shift = guide->shift,
        .width = list->width,
        .density = list->density,
        .room = guide->room,
        .sure = list->sure,
        .grades = scratch->grades,
        .admitted = list->admitted,
        .contested = scratch->contested,
        .contested_lanes = scratch->contested_lanes,
    };
}

/* Nobody is listed: what is left over; whether rows counted on fit, and those left out had to. */
static bool pass_over(struct block_run *run, const struct tier_list *list, int room)
{
    bool may_stand = true;

    for (int lane = 0; lane < LANES_WIDE; lane++) {
        int32_t places = room + run->spilled[lane];
        places = (places > 0 ? places : 0) - list->sure;
        may_stand = may_stand && !(list->any_above && places < 0);
        may_stand = may_stand && !(list->any_below && places > 0);
        run->spilled[lane] = places > 0 ? places : 0;
    }
    return may_stand;
}

/* Admit by quota. False when a line was farther away than thought. */
static bool admit_by_quota(struct block_run *run, int tier)
{
    const struct pool_scratch *scratch = run->scratch;
    struct guide *guide = &run->scratch->guides[tier];
    const struct tier_list *list = &scratch->lists[tier];
    struct grade_task task = task_of(scratch, tier);
    float reach = run->plan->draws.reach[run->block];

    if (!run->plan->job->rules->spill) {
        memset(run->spilled, 0, sizeof(run->spilled));
    }
    if (list->count == 0) {
        return pass_over(run, list, guide->room);
    }
    memcpy(task.spilled, run->spilled, sizeof(task.spilled));
    task.seen = (int)fminf(guide->farthest * reach / list->width * GRADE_AT_WIDTH, GRADE_MAX);
    run->plan->ops->grade(&task);
    memcpy(run->spilled, task.spilled, sizeof(task.spilled));
    settle_contested(scratch, list, &task);
    learn_distance(run, guide, &task);
    return lines_may_stand(list, &task, run->valid);
}

static void admit_by_threshold(const struct block_run *run, int tier)
{
    struct grade_task task = task_of(run->scratch, tier);

    run->plan->ops->reach(&task, task.shift);
}

/* Who has a tier now; nobody asks any more after the last contested one. */
static void take_admitted(const struct pool_scratch *scratch, const struct tier_list *list,
                          bool is_last)
{
    for (int i = 0; i < list->count && !is_last; i++) {
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
    int contested = rules->tier_count - 1;
    bool is_inside = true;

    score_rows(run);
    for (int tier = 0; tier < contested && is_inside; tier++) {
        if (rules->sorting == SORT_BY_QUOTA) {
            is_inside = admit_by_quota(run, tier);
        } else {
            admit_by_threshold(run, tier);
        }
        take_admitted(run->scratch, &run->scratch->lists[tier], tier == contested - 1);
    }
    return is_inside;
}

/* ---- counts ---- */

static void tally_block(const struct block_run *run)
{
    const struct lanes_ops *ops = run->plan->ops;

    for (int tier = 0; tier < run->plan->job->rules->tier_count - 1; tier++) {
        const struct tier_list *list = &run->scratch->lists[tier];
        ops->tally(list->admitted, run->valid, list->count, list->sums);
        ops->tally(list->kept_admitted, run->valid, list->kept_count, list->kept_sums);
    }
}

static void add_sums(const struct plan *plan, const struct pool_scratch *scratch, int tier)
{
    const struct tier_list *list = &scratch->lists[tier];
    size_t tier_count = (size_t)plan->job->rules->tier_count;
    uint32_t *count = plan->count + tier;

    for (int i = 0; i < list->count; i++) {
        int place = scratch->rows[scratch->row_of[list->slots[i]]].place;
        count[(size_t)place * tier_count] += list->sums[i];
    }
    for (int i = 0; i < list->kept_count; i++) {
        int place = scratch->rows[scratch->row_of[list->kept[i]]].place;
        count[(size_t)place * tier_count] += list->kept_sums[i];
    }
}

/* What the present lists brought, in the draws done with them: sums of listed rows, and rows that
 * have their tier whatever the draw. */
static void add_counts(const struct plan *plan, const struct pool_scratch *scratch,
                       uint32_t draw_count)
{
    size_t tier_count = (size_t)plan->job->rules->tier_count;

    for (int tier = 0; tier < plan->job->rules->tier_count - 1 && draw_count > 0; tier++) {
        add_sums(plan, scratch, tier);
    }
    for (int row = 0; row < scratch->row_count && draw_count > 0; row++) {
        if (scratch->settled[row] != TIER_NONE) {
            size_t place = (size_t)scratch->rows[row].place;
            plan->count[place * tier_count + (size_t)scratch->settled[row]] += draw_count;
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

    add_counts(run->plan, run->scratch, band->draws);
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
    tally_block(run);
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
    add_counts(plan, scratch, band.draws);
}
