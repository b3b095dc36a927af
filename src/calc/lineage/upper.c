/* Units that have others below: their code, their name, and above all the units below say who they
 * are. What is left over went into others, in shares of the units below. */
#include <stdlib.h>

#include "calc/lineage/match_in.h"

/* Evidence in thousandths; measured on labelled and synthetic registers (tests of this folder and
 * of office/unit). */
enum {
    NAME_AND_UNITS = 990, /* same name, and most units below went along */
    NAME_ALONE = 960,     /* same name, no units below to ask */
    NAME_AGAINST = 900,   /* same name, but most units below went elsewhere */
    CODE_AND_ALL = 980,   /* same code, both ways most units below */
    CODE_AND_HALF = 900,
    CODE_ALIKE = 800, /* same code, similar name, no units below */
    CODE_ALONE = 700,
    CODE_AGAINST = 400,
    UNITS_ALONE = 940, /* neither code nor name, but both ways most units below */
    ALL_WENT = 960,    /* all of five or more units below went into one */
    MOST_WENT = 900,
    WENT_APART = 800,
    TAKEN_FROM = 850,
    NOTHING_BELOW = 700,
    NEW_FOR_SURE = 900,
    NEW_PERHAPS = 700,

    PAIRS_MAX = 1 << 22, /* pairs weighed in one surroundings; beyond, a person must */
};

struct claim {
    struct lineage_link link;
    int flow;
};

struct claims {
    struct claim *rows;
    int count;
    int room;
};

/* Is `part` at least num/den of `whole`? */
static bool is_share(int part, int whole, int num, int den)
{
    return (int64_t)part * den >= (int64_t)whole * num;
}

static bool has_evidence(const struct match *match, int before, int after)
{
    return match->flows.out[before] > 0 && match->flows.in[after] > 0;
}

static int sure_by_name(const struct match *match, int before, int after, int flow)
{
    if (!has_evidence(match, before, after)) {
        return NAME_ALONE;
    }
    bool half = is_share(flow, match->flows.out[before], 1, 2) ||
                is_share(flow, match->flows.in[after], 1, 2);
    return half ? NAME_AND_UNITS : NAME_AGAINST;
}

static int sure_by_code(const struct match *match, int before, int after, int flow)
{
    int out = match->flows.out[before];
    int in = match->flows.in[after];

    if (!has_evidence(match, before, after)) {
        return match_alike(match, before, after) >= 0.5 ? CODE_ALIKE : CODE_ALONE;
    }
    if (is_share(flow, out, 2, 3) && is_share(flow, in, 2, 3)) {
        return CODE_AND_ALL;
    }
    return is_share(flow, out, 1, 2) || is_share(flow, in, 1, 2) ? CODE_AND_HALF : CODE_AGAINST;
}

/* How sure it is that the two are one; 0: not even a proposal. */
static struct claim weigh_pair(const struct match *match, int before, int after)
{
    int flow = match_flow(match, before, after);
    enum lineage_reason reason = LINEAGE_SAME_UNITS;
    int confidence = 0;

    if (str_equal(unit_at(match, BEFORE, before)->base, unit_at(match, AFTER, after)->base)) {
        reason = LINEAGE_SAME_PARENT;
        confidence = sure_by_name(match, before, after, flow);
    } else if (match->slot[BEFORE][before] == after) {
        reason = LINEAGE_SAME_CODE;
        confidence = sure_by_code(match, before, after, flow);
    } else if (flow >= 3 && is_share(flow, match->flows.out[before], 2, 3) &&
               is_share(flow, match->flows.in[after], 2, 3)) {
        confidence = UNITS_ALONE;
    }
    struct claim claim = {.flow = flow};
    claim.link = match_continued(match, before, after, reason, confidence);
    claim.link.count = flow;
    return claim;
}

static void add_claim(struct match *match, struct claims *claims, struct claim claim)
{
    if (claims->count == claims->room) {
        int room = claims->room == 0 ? 64 : claims->room * 2;
        struct claim *rows = ARENA_NEW(match->arena, struct claim, (size_t)room);
        for (int i = 0; i < claims->count; i++) {
            rows[i] = claims->rows[i];
        }
        claims->rows = rows;
        claims->room = room;
    }
    claims->rows[claims->count++] = claim;
}

static int by_confidence(const void *a, const void *b)
{
    const struct claim *first = a;
    const struct claim *second = b;

    if (first->link.confidence != second->link.confidence) {
        return first->link.confidence > second->link.confidence ? -1 : 1;
    }
    if (first->flow != second->flow) {
        return first->flow > second->flow ? -1 : 1;
    }
    if (first->link.before != second->link.before) {
        return first->link.before < second->link.before ? -1 : 1;
    }
    return first->link.after < second->link.after ? -1 : first->link.after > second->link.after;
}

/* Free units of a level, those with the same surroundings together. */
static struct bearers free_units(struct match *match, int side, int level)
{
    int count = match->list[side].count;
    int *keys = ARENA_NEW(match->arena, int, (size_t)count);

    for (int i = 0; i < count; i++) {
        bool wanted = unit_at(match, side, i)->level == level && is_free(match, side, i);
        keys[i] = wanted ? match_surroundings(match, side, i) : -1;
    }
    return bearers_by_key(match, side, level, keys);
}

static void claim_group(struct match *match, const struct bearers sides[SIDES],
                        const struct range group[SIDES], struct claims *claims)
{
    int64_t pairs = (int64_t)(group[BEFORE].end - group[BEFORE].begin) *
                    (group[AFTER].end - group[AFTER].begin);

    if (pairs > PAIRS_MAX) {
        return;
    }
    for (int i = group[BEFORE].begin; i < group[BEFORE].end; i++) {
        for (int k = group[AFTER].begin; k < group[AFTER].end; k++) {
            struct claim claim =
                weigh_pair(match, sides[BEFORE].rows[i].place, sides[AFTER].rows[k].place);
            if (claim.link.confidence > 0) {
                add_claim(match, claims, claim);
            }
        }
    }
}

static void find_continued(struct match *match, int level)
{
    struct bearers sides[SIDES] = {free_units(match, BEFORE, level),
                                   free_units(match, AFTER, level)};
    struct claims claims = {0};
    struct range group[SIDES];
    int at[SIDES] = {0, 0};

    while (bearers_next(sides, at, group)) {
        claim_group(match, sides, group, &claims);
    }
    if (claims.count > 0) {
        qsort(claims.rows, (size_t)claims.count, sizeof(struct claim), by_confidence);
    }
    for (int i = 0; i < claims.count; i++) {
        const struct lineage_link *link = &claims.rows[i].link;
        if (is_free(match, BEFORE, link->before) && is_free(match, AFTER, link->after)) {
            match_link(match, *link);
        }
    }
}

/* The flows of a level as a list, by older and then newer unit. */
struct flow_list {
    struct flow *rows;
    int count;
};

static int by_ends(const void *a, const void *b)
{
    const struct flow *first = a;
    const struct flow *second = b;

    if (first->from != second->from) {
        return first->from < second->from ? -1 : 1;
    }
    return first->to < second->to ? -1 : first->to > second->to;
}

static struct flow_list list_flows(struct match *match)
{
    struct flow_list list = {0};

    for (size_t i = 0; i < match->flows.room; i++) {
        list.count += match->flows.slots[i].count > 0 ? 1 : 0;
    }
    list.rows = ARENA_NEW(match->arena, struct flow, (size_t)list.count);
    list.count = 0;
    for (size_t i = 0; i < match->flows.room; i++) {
        if (match->flows.slots[i].count > 0) {
            list.rows[list.count++] = match->flows.slots[i];
        }
    }
    qsort(list.rows, (size_t)list.count, sizeof(struct flow), by_ends);
    return list;
}

static struct range flows_from(const struct flow_list *list, int begin)
{
    struct range range = {begin, begin + 1};

    while (range.end < list->count && list->rows[range.end].from == list->rows[begin].from) {
        range.end++;
    }
    return range;
}

/* Shares below a tenth are single units that went astray. */
static bool is_worth_a_share(const struct flow *flow, int out)
{
    return is_share(flow->count, out, 1, 10);
}

static void end_in_shares(struct match *match, const struct flow_list *list, struct range range)
{
    int out = 0;

    for (int i = range.begin; i < range.end; i++) {
        bool kept = is_worth_a_share(&list->rows[i], match->flows.out[list->rows[i].from]);
        out += kept ? list->rows[i].count : 0;
    }
    for (int i = range.begin; i < range.end; i++) {
        const struct flow *flow = &list->rows[i];
        if (is_worth_a_share(flow, match->flows.out[flow->from])) {
            match_link(match, (struct lineage_link){
                                  .kind = LINEAGE_SPLIT,
                                  .reason = LINEAGE_UNITS_WENT,
                                  .before = flow->from,
                                  .after = flow->to,
                                  .confidence = WENT_APART,
                                  .count = flow->count,
                                  .share_num = flow->count,
                                  .share_den = out,
                              });
        }
    }
}

/* An older unit nobody continues: into one if four in five of its units went there, else in
 * shares. */
static void end_unit(struct match *match, const struct flow_list *list, struct range range)
{
    const struct flow *most = &list->rows[range.begin];
    int out = match->flows.out[most->from];

    for (int i = range.begin + 1; i < range.end; i++) {
        most = list->rows[i].count > most->count ? &list->rows[i] : most;
    }
    if (!is_share(most->count, out, 4, 5)) {
        end_in_shares(match, list, range);
        return;
    }
    match_link(match, (struct lineage_link){
                          .kind = LINEAGE_MERGE,
                          .reason = LINEAGE_UNITS_WENT,
                          .before = most->from,
                          .after = most->to,
                          .confidence = most->count == out && out >= 5 ? ALL_WENT : MOST_WENT,
                          .count = most->count,
                      });
}

/* A newer unit that took units from older ones that go on. */
static void take_shares(struct match *match, const struct flow_list *list)
{
    for (int i = 0; i < list->count; i++) {
        const struct flow *flow = &list->rows[i];
        bool goes_on = match->mate[BEFORE][flow->from] != LINEAGE_NONE;
        if (match->mate[AFTER][flow->to] != LINEAGE_NONE || !goes_on ||
            !is_share(flow->count, match->flows.in[flow->to], 1, 10)) {
            continue;
        }
        match_link(match, (struct lineage_link){
                              .kind = LINEAGE_SPLIT,
                              .reason = LINEAGE_UNITS_WENT,
                              .before = flow->from,
                              .after = flow->to,
                              .confidence = TAKEN_FROM,
                              .count = flow->count,
                              .share_num = flow->count,
                              .share_den = match->flows.out[flow->from],
                          });
    }
}

static int count_free(const struct match *match, int side, int level)
{
    int count = 0;

    for (int i = 0; i < match->list[side].count; i++) {
        count += unit_at(match, side, i)->level == level && is_free(match, side, i) ? 1 : 0;
    }
    return count;
}

/* What has no unit below that says anything. */
static void tell_the_rest(struct match *match, int level)
{
    int news = count_free(match, AFTER, level);
    int olds = count_free(match, BEFORE, level);

    for (int i = 0; i < match->list[BEFORE].count; i++) {
        if (unit_at(match, BEFORE, i)->level == level && is_free(match, BEFORE, i)) {
            match_link(match, (struct lineage_link){
                                  .kind = LINEAGE_ABOLISH,
                                  .reason = LINEAGE_VANISHED,
                                  .before = i,
                                  .after = LINEAGE_NONE,
                                  .confidence = NOTHING_BELOW,
                                  .count = news,
                              });
        }
    }
    for (int i = 0; i < match->list[AFTER].count; i++) {
        if (unit_at(match, AFTER, i)->level == level && is_free(match, AFTER, i)) {
            match_link(match, (struct lineage_link){
                                  .kind = LINEAGE_CREATE,
                                  .reason = LINEAGE_NO_TRACE,
                                  .before = LINEAGE_NONE,
                                  .after = i,
                                  .confidence = olds == 0 ? NEW_FOR_SURE : NEW_PERHAPS,
                                  .count = olds,
                              });
        }
    }
}

static int find_root(int *sets, int at)
{
    while (sets[at] != at) {
        sets[at] = sets[sets[at]];
        at = sets[at];
    }
    return at;
}

static void join(int *sets, int a, int b)
{
    int first = find_root(sets, a);
    int second = find_root(sets, b);

    sets[first > second ? first : second] = first > second ? second : first;
}

/* A flow that is more than names met by chance: three units, and one in twenty of one side. */
static bool is_strong(const struct match *match, const struct flow *flow)
{
    int out = match->flows.out[flow->from];
    int in = match->flows.in[flow->to];

    return flow->count >= 3 && is_share(flow->count, out < in ? out : in, 1, 20);
}

/* Join units that continue each other, merged, split or changed units below. */
static void join_all(const struct match *match, const struct flow_list *list, int *sets)
{
    int olds = match->list[BEFORE].count;

    for (int i = 0; i < olds; i++) {
        if (match->mate[BEFORE][i] != LINEAGE_NONE) {
            join(sets, i, olds + match->mate[BEFORE][i]);
        }
    }
    for (int i = 0; i < match->link_count; i++) {
        const struct lineage_link *link = &match->links[i];
        if (link->before != LINEAGE_NONE && link->after != LINEAGE_NONE) {
            join(sets, link->before, olds + link->after);
        }
    }
    for (int i = 0; i < list->count; i++) {
        if (is_strong(match, &list->rows[i])) {
            join(sets, list->rows[i].from, olds + list->rows[i].to);
        }
    }
}

static void set_scopes(struct match *match, int level, const struct flow_list *list)
{
    int olds = match->list[BEFORE].count;
    int count = olds + match->list[AFTER].count;
    int *sets = ARENA_NEW(match->arena, int, (size_t)count);

    for (int i = 0; i < count; i++) {
        sets[i] = i;
    }
    join_all(match, list, sets);
    for (int i = 0; i < count; i++) {
        int side = i < olds ? BEFORE : AFTER;
        int place = i < olds ? i : i - olds;
        if (unit_at(match, side, place)->level == level) {
            match->scope[side][place] = find_root(sets, i) + 1;
        }
    }
}

void match_upper(struct match *match, int level)
{
    match_twins(match, level);
    match_count_flows(match, level);
    find_continued(match, level);
    struct flow_list list = list_flows(match);
    for (int i = 0; i < list.count;) {
        struct range range = flows_from(&list, i);
        if (is_free(match, BEFORE, list.rows[i].from)) {
            end_unit(match, &list, range);
        }
        i = range.end;
    }
    take_shares(match, &list);
    tell_the_rest(match, level);
    set_scopes(match, level, &list);
}
