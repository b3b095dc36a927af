/* The operator: pool by pool, tier by tier, best first. */
#include "calc/weigh/tiering.h"

#include <math.h>

#include "base/must.h"
#include "calc/stat/breaks.h"

/* ---- what may be wrong ---- */

static void keep_promises(const struct tiering *rules, int place)
{
    int last = rules->tier_count - 1;

    MUST(rules->pool[place] >= 0 && rules->pool[place] < rules->pool_count);
    MUST(rules->previous[place] >= TIER_NONE && rules->previous[place] <= last);
    MUST(rules->locked[place] >= TIER_NONE && rules->locked[place] <= last);
}

static enum rc check_place(const struct tiering *rules, int place, struct err *err)
{
    int last = rules->tier_count - 1;

    keep_promises(rules, place);
    if (rules->gates[(size_t)place * (size_t)rules->tier_count + (size_t)last] != GATE_PASSED) {
        return err_set(err, RC_INVALID, MSG_WEIGH_LAST_GATE, arg_count(place + 1));
    }
    for (int key = 0; key < rules->key_count; key++) {
        if (!isfinite(rules->keys[key][place])) {
            return err_set(err, RC_INVALID, MSG_WEIGH_TIE_KEY, arg_count(key + 1),
                           arg_count(place + 1));
        }
    }
    return RC_OK;
}

static enum rc check_line(const struct tiering *rules, int pool, int tier, struct err *err)
{
    size_t at = (size_t)pool * (size_t)rules->tier_count + (size_t)tier;

    if (rules->sorting == SORT_BY_QUOTA) {
        return rules->quota[at] >= 0 ? RC_OK
                                     : err_set(err, RC_INVALID, MSG_WEIGH_QUOTA_NEGATIVE,
                                               arg_count(pool + 1), arg_count(tier + 1));
    }
    if (rules->sorting == SORT_BY_BREAKS) {
        return RC_OK;
    }
    bool falls = tier == 0 || rules->threshold[at] <= rules->threshold[at - 1];
    return isfinite(rules->threshold[at]) && falls
               ? RC_OK
               : err_set(err, RC_INVALID, MSG_WEIGH_THRESHOLD, arg_count(pool + 1),
                         arg_count(tier + 1));
}

enum rc tiering_check(const struct tiering *rules, struct err *err)
{
    enum rc rc = RC_OK;

    if (rules->tier_count < 2 || rules->tier_count > TIER_COUNT_MAX) {
        return err_set(err, RC_INVALID, MSG_WEIGH_TIER_COUNT, arg_count(rules->tier_count),
                       arg_count(TIER_COUNT_MAX));
    }
    if (!(rules->hysteresis >= 0 && rules->hysteresis <= 1)) {
        return err_set(err, RC_INVALID, MSG_WEIGH_HYSTERESIS);
    }
    MUST(rules->key_count >= 0 && rules->key_count <= TIE_KEYS_MAX);
    for (int pool = 0; pool < rules->pool_count && rc == RC_OK; pool++) {
        for (int tier = 0; tier < rules->tier_count - 1 && rc == RC_OK; tier++) {
            rc = check_line(rules, pool, tier, err);
        }
    }
    for (int place = 0; place < rules->place_count && rc == RC_OK; place++) {
        rc = check_place(rules, place, err);
    }
    return rc;
}

/* ---- order ---- */

struct tie_context {
    const struct tiering *rules;
};

static int by_ties(const void *left, const void *right, void *context)
{
    const struct tiering *rules = ((const struct tie_context *)context)->rules;
    int a = *(const int *)left;
    int b = *(const int *)right;

    for (int key = 0; key < rules->key_count; key++) {
        const double *value = rules->keys[key];
        if (value[a] != value[b]) {
            return value[a] > value[b] ? -1 : 1;
        }
    }
    if (rules->id[a] != rules->id[b]) {
        return rules->id[a] < rules->id[b] ? -1 : 1;
    }
    return a < b ? -1 : a > b;
}

struct pool_order tiering_order(const struct tiering *rules, struct arena *arena)
{
    struct tie_context context = {rules};
    struct pool_order order = {
        .place = ARENA_NEW(arena, int, (size_t)rules->place_count),
        .begin = ARENA_NEW(arena, int, (size_t)rules->pool_count + 2),
    };

    /* Counted two places further on, so that filling moves each begin to where it belongs. */
    for (int i = 0; i < rules->place_count; i++) {
        order.begin[rules->pool[i] + 2]++;
    }
    for (int pool = 2; pool <= rules->pool_count; pool++) {
        order.begin[pool] += order.begin[pool - 1];
    }
    for (int i = 0; i < rules->place_count; i++) {
        order.place[order.begin[rules->pool[i] + 1]++] = i;
    }
    for (int pool = 0; pool < rules->pool_count; pool++) {
        int *members = order.place + order.begin[pool];
        size_t count = (size_t)(order.begin[pool + 1] - order.begin[pool]);
        qsort_r(members, count, sizeof(*members), by_ties, &context);
    }
    return order;
}

/* A place in the competition: its score, and its turn among equals. */
struct rival {
    float score;
    int turn;
    int place;
};

static int by_score(const void *left, const void *right)
{
    const struct rival *a = left;
    const struct rival *b = right;

    if (a->score != b->score) {
        return a->score > b->score ? -1 : 1;
    }
    return a->turn < b->turn ? -1 : a->turn > b->turn;
}

static void sort_rivals(struct rival *rivals, int count)
{
    qsort(rivals, (size_t)count, sizeof(*rivals), by_score);
}

/* ---- one pool ---- */

struct pool_run {
    const struct tiering *rules;
    const float *scores;
    const int *members;
    int member_count;
    struct rival *rivals; /* room for all members */
    int *ranking;         /* turns of those not undecided, by score */
    int ranked;
    struct placing *places;
    const int *quota;        /* of this pool, one a tier */
    const float *threshold;  /* the same */
    struct tier_line *lines; /* the same */
    int spilled;
};

static enum gate gate_of(const struct tiering *rules, int place, int tier)
{
    return (enum gate)rules->gates[(size_t)place * (size_t)rules->tier_count + (size_t)tier];
}

static bool held(const struct tiering *rules, int place, int tier)
{
    return rules->previous[place] != TIER_NONE && rules->previous[place] <= tier;
}

static float score_for(const struct pool_run *run, int place, int tier)
{
    float bonus = held(run->rules, place, tier) ? run->rules->hysteresis : 0.0F;

    return run->scores[place] + bonus;
}

/* Locked and undecided places are out before the competition begins; the others get their rank. */
static void begin_pool(struct pool_run *run)
{
    int count = 0;

    for (int turn = 0; turn < run->member_count; turn++) {
        int place = run->members[turn];
        struct placing *placing = &run->places[place];
        *placing = (struct placing){.tier = TIER_NONE, .to_rise = NAN, .to_fall = NAN};
        if (run->rules->locked[place] != TIER_NONE) {
            placing->tier = run->rules->locked[place];
            placing->reason = REASON_LOCKED;
        } else if (run->rules->undecided[place]) {
            placing->reason = REASON_UNDECIDED;
            continue;
        }
        run->rivals[count++] = (struct rival){run->scores[place], turn, place};
    }
    sort_rivals(run->rivals, count);
    for (int i = 0; i < count; i++) {
        run->places[run->rivals[i].place].rank = i + 1;
        run->ranking[i] = run->rivals[i].turn;
    }
    run->ranked = count;
}

static bool competes(const struct pool_run *run, int place, int tier)
{
    const struct placing *placing = &run->places[place];

    return placing->tier == TIER_NONE && placing->reason != REASON_UNDECIDED &&
           gate_of(run->rules, place, tier) == GATE_PASSED;
}

/* Everyone who competes for the tier, best first; who keeps it without counting is taken out. */
static int gather_rivals(struct pool_run *run, int tier)
{
    bool keeps =
        run->rules->sorting == SORT_BY_QUOTA && run->rules->kinds[tier] == QUOTA_NEW_THIS_YEAR;
    int count = 0;

    for (int i = 0; i < run->ranked; i++) {
        int turn = run->ranking[i];
        int place = run->members[turn];
        if (!competes(run, place, tier)) {
            continue;
        }
        if (keeps && held(run->rules, place, tier)) {
            run->places[place].tier = (signed char)tier;
            run->lines[tier].kept++;
            continue;
        }
        run->rivals[count++] = (struct rival){score_for(run, place, tier), turn, place};
    }
    if (run->rules->hysteresis > 0) {
        sort_rivals(run->rivals, count);
    }
    return count;
}

static int count_locked(const struct pool_run *run, int tier)
{
    bool newcomers_only = run->rules->kinds[tier] == QUOTA_NEW_THIS_YEAR;
    int count = 0;

    for (int i = 0; i < run->member_count; i++) {
        int place = run->members[i];
        bool counts = !newcomers_only || !held(run->rules, place, tier);
        count += run->rules->locked[place] == tier && counts;
    }
    return count;
}

/* How many of `count` sorted rivals the quota leaves places for. */
static int admit_by_quota(struct pool_run *run, int tier, int count)
{
    struct tier_line *line = &run->lines[tier];

    line->open = run->quota[tier] + run->spilled;
    line->locked = count_locked(run, tier);
    int left = line->open > line->locked ? line->open - line->locked : 0;
    int admitted = left < count ? left : count;
    line->overrun = line->locked > line->open ? line->locked - line->open : 0;
    line->unfilled = left - admitted;
    run->spilled = run->rules->spill ? line->unfilled : 0;
    return admitted;
}

static int admit_by_threshold(const struct pool_run *run, float threshold, int count)
{
    int admitted = 0;

    while (admitted < count && run->rivals[admitted].score >= threshold) {
        admitted++;
    }
    return admitted;
}

static void admit(struct pool_run *run, int tier, int count)
{
    struct tier_line *line = &run->lines[tier];

    if (line->admitted > 0) {
        line->last = run->rivals[line->admitted - 1].place;
        line->last_score = run->rivals[line->admitted - 1].score;
    }
    if (line->admitted < count) {
        line->first_out = run->rivals[line->admitted].place;
        line->first_out_score = run->rivals[line->admitted].score;
    }
    bool by_quota = run->rules->sorting == SORT_BY_QUOTA;
    float line_below = by_quota ? line->first_out_score : run->threshold[tier];
    for (int i = 0; i < line->admitted; i++) {
        struct placing *placing = &run->places[run->rivals[i].place];
        placing->tier = (signed char)tier;
        placing->to_fall = run->rivals[i].score - line_below;
    }
}

static void run_tier(struct pool_run *run, int tier)
{
    int count = gather_rivals(run, tier);

    run->lines[tier].admitted = run->rules->sorting == SORT_BY_QUOTA
                                    ? admit_by_quota(run, tier, count)
                                    : admit_by_threshold(run, run->threshold[tier], count);
    admit(run, tier, count);
}

static enum tier_reason reason_at(const struct tiering *rules, int place, int tier)
{
    if (tier == 0) {
        return REASON_ADMITTED;
    }
    switch (gate_of(rules, place, tier - 1)) {
    case GATE_FAILED:
        return REASON_GATE;
    case GATE_UNDETERMINED:
        return REASON_GATE_UNDETERMINED;
    case GATE_PASSED:
        break;
    }
    return rules->sorting == SORT_BY_QUOTA ? REASON_QUOTA : REASON_THRESHOLD;
}

/* Who is left goes to the last tier; then everyone's reason and way up are known. */
static void finish_pool(struct pool_run *run)
{
    int last = run->rules->tier_count - 1;
    bool by_quota = run->rules->sorting == SORT_BY_QUOTA;

    for (int i = 0; i < run->member_count; i++) {
        int place = run->members[i];
        struct placing *placing = &run->places[place];
        if (placing->reason == REASON_LOCKED || placing->reason == REASON_UNDECIDED) {
            continue;
        }
        if (placing->tier == TIER_NONE) {
            placing->tier = (signed char)last;
            run->lines[last].admitted++;
        }
        int above = placing->tier - 1;
        placing->reason = reason_at(run->rules, place, placing->tier);
        if (above >= 0) {
            float line = by_quota ? run->lines[above].last_score : run->threshold[above];
            placing->to_rise = line - score_for(run, place, above);
        }
    }
    run->lines[last].locked = count_locked(run, last);
}

static void clear_lines(struct tier_line *lines, int count)
{
    for (int i = 0; i < count; i++) {
        lines[i] = (struct tier_line){
            .last = TIER_NONE,
            .first_out = TIER_NONE,
            .last_score = NAN,
            .first_out_score = NAN,
        };
    }
}

static void run_pool(struct pool_run *run)
{
    int tier_count = run->rules->tier_count;

    clear_lines(run->lines, tier_count);
    begin_pool(run);
    for (int tier = 0; tier < tier_count - 1; tier++) {
        run_tier(run, tier);
    }
    finish_pool(run);
}

/* ---- natural breaks ---- */

/* Scores of a pool's competing places, for whom classes are found. */
static size_t gather_scores(const struct tiering *rules, const float *scores,
                            const struct pool_order *order, int pool, double *out)
{
    size_t count = 0;

    for (int at = order->begin[pool]; at < order->begin[pool + 1]; at++) {
        int place = order->place[at];
        if (rules->locked[place] == TIER_NONE && !rules->undecided[place]) {
            out[count++] = (double)scores[place];
        }
    }
    return count;
}

struct tiering tiering_resolve(const struct tiering *rules, const float *scores,
                               struct arena *arena)
{
    struct tiering resolved = *rules;
    size_t tier_count = (size_t)rules->tier_count;

    if (rules->sorting != SORT_BY_BREAKS) {
        return resolved;
    }
    float *threshold = ARENA_NEW(arena, float, (size_t)rules->pool_count *tier_count);
    struct arena_mark mark = arena_mark(arena);
    struct pool_order order = tiering_order(rules, arena);
    double *values = ARENA_NEW(arena, double, (size_t)rules->place_count);
    for (int pool = 0; pool < rules->pool_count; pool++) {
        double least[TIER_COUNT_MAX] = {0};
        size_t count = gather_scores(rules, scores, &order, pool, values);
        size_t classes = breaks_find(values, count, tier_count, least, arena);
        for (size_t tier = 0; tier < tier_count; tier++) {
            size_t class = tier + 1 < classes ? classes - 1 - tier : 0;
            threshold[(size_t)pool * tier_count + tier] = (float)least[class];
        }
    }
    arena_rewind(arena, mark);
    resolved.sorting = SORT_BY_THRESHOLD;
    resolved.threshold = threshold;
    return resolved;
}

struct tiering_result tiering_run(const struct tiering *declared, const float *scores,
                                  struct arena *arena)
{
    size_t place_count = (size_t)declared->place_count;
    size_t tier_count = (size_t)declared->tier_count;
    struct tiering_result result = {
        .places = ARENA_NEW(arena, struct placing, place_count),
        .lines = ARENA_NEW(arena, struct tier_line, (size_t)declared->pool_count * tier_count),
    };
    struct arena_mark mark = arena_mark(arena);
    struct tiering resolved = tiering_resolve(declared, scores, arena);
    const struct tiering *rules = &resolved;
    struct pool_order order = tiering_order(rules, arena);
    struct rival *rivals = ARENA_NEW(arena, struct rival, place_count);
    int *ranking = ARENA_NEW(arena, int, place_count);

    for (int pool = 0; pool < rules->pool_count; pool++) {
        size_t at = (size_t)pool * tier_count;
        bool by_quota = rules->sorting == SORT_BY_QUOTA;
        struct pool_run run = {
            .rules = rules,
            .scores = scores,
            .members = order.place + order.begin[pool],
            .member_count = order.begin[pool + 1] - order.begin[pool],
            .rivals = rivals,
            .ranking = ranking,
            .places = result.places,
            .quota = by_quota ? rules->quota + at : NULL,
            .threshold = by_quota ? NULL : rules->threshold + at,
            .lines = result.lines + at,
        };
        run_pool(&run);
    }
    arena_rewind(arena, mark);
    return result;
}

/* ---- one place alone ---- */

struct alone {
    const struct tiering *rules; /* resolved */
    const struct tier_line *lines;
    const struct tier_hope *hope;
};

/* Would the place come into a tier above its own, where all who are in it now stand against it? Who
 * keeps a tier needs no place in it; nobody stands against who finds one empty. */
static bool comes_into(const struct alone *in, int place, int tier)
{
    const struct tiering *rules = in->rules;
    struct tie_context ties = {rules};
    size_t tiers = (size_t)rules->tier_count;
    size_t at = (size_t)rules->pool[place] * tiers + (size_t)tier;
    const struct tier_line *line = &in->lines[at];
    bool was_there = held(rules, place, tier);
    float score = in->hope->scores[place] + (was_there ? rules->hysteresis : 0.0F);

    if (in->hope->gates[(size_t)place * tiers + (size_t)tier] != GATE_PASSED) {
        return false;
    }
    if (rules->sorting != SORT_BY_QUOTA) {
        return score >= rules->threshold[at];
    }
    if ((was_there && rules->kinds[tier] == QUOTA_NEW_THIS_YEAR) || line->unfilled > 0) {
        return true;
    }
    return line->last != TIER_NONE &&
           (score > line->last_score ||
            (score == line->last_score && by_ties(&place, &line->last, &ties) < 0));
}

void tiering_alone(const struct tiering *declared, const float *scores,
                   const struct tiering_result *base, const struct tier_hope *hope,
                   struct arena *arena, signed char *out)
{
    struct tiering rules = tiering_resolve(declared, scores, arena);
    const struct alone in = {&rules, base->lines, hope};
    int last = rules.tier_count - 1;

    for (int place = 0; place < rules.place_count; place++) {
        const struct placing *placing = &base->places[place];
        int now = placing->tier == TIER_NONE ? last : placing->tier;
        int tier = 0;
        bool is_fixed = placing->reason == REASON_LOCKED;
        while (!is_fixed && tier < now && !comes_into(&in, place, tier)) {
            tier++;
        }
        out[place] = (signed char)(is_fixed ? now : tier);
    }
}
