/* The lowest units have nothing below that could speak for them: their names do, within
 * surroundings that the levels above have settled, with what moved together as evidence. First
 * names that leave no choice, then those that do; then codes that stayed under another name; then
 * names like the old ones. What is left over ended or is new. */
#include <stdlib.h>

#include "calc/lineage/match_in.h"

/* Evidence in thousandths; measured on labelled and synthetic registers (tests of this folder and
 * of office/unit). */
enum {
    PARENT_AND_NAME = 990,
    MANY_MOVED = 985, /* three or more others between the same parents */
    SOME_MOVED = 970,
    ONLY_BEARER = 960, /* a name borne by at most three units anywhere */
    KNOWN_NAME = 930,  /* at most ten */
    COMMON_NAME = 880, /* more */
    LONE_MOVE = 930,   /* at most: both parents go on, and nobody else moved */
    ONE_OF_SEVERAL = 700,
    RIVAL_FAR = 980,      /* under the old parent, the rivals are from elsewhere */
    RIVAL_MOVED = 960,    /* moved with others, the rivals did not */
    RIVAL_IN_ORDER = 930, /* a rival might be it too, but its neighbours speak for this one */
    RIVAL_CLOSE = 800,
    OTHER_KIND = 15, /* less sure when the kind changed too */
};

static const double SLOT_ALIKE = 0.5;

/* More bearers of one name in one county than this are told apart by a person. */
enum { GROUP_MAX = 24, NO_RIVAL = -1 };

enum {
    SCORE_PARENT = 1000,
    SCORE_MOVED = 8,
    SCORE_MOVED_MAX = 100,
    SCORE_KIND = 150,
    SCORE_ORDER = 100,
    SCORE_FAR = 500
};

/* How two units of one name hang together. */
struct bond {
    int before;
    int after;
    bool one_parent;
    int moved; /* others that went between the same parents */
    bool same_kind;
    bool in_order; /* their neighbours kept the same order */
    int score;
};

static int parent_of(const struct match *match, int side, int place)
{
    return unit_at(match, side, place)->parent;
}

static bool have_one_parent(const struct match *match, int before, int after)
{
    int older = parent_of(match, BEFORE, before);
    int newer = parent_of(match, AFTER, after);

    if (older == LINEAGE_NONE || newer == LINEAGE_NONE) {
        return older == newer;
    }
    return match->mate[BEFORE][older] == newer;
}

/* The place of the nearest unit beside `after` that is matched and came from under the parent of
 * `before`; 0 when the nearest one came from elsewhere. */
static int neighbour(const struct match *match, int before, int after, int step)
{
    int parent = parent_of(match, AFTER, after);

    for (int i = after + step; i > 0 && i < match->list[AFTER].count; i += step) {
        if (parent_of(match, AFTER, i) != parent) {
            return 0;
        }
        int mate = match->mate[AFTER][i];
        if (mate != LINEAGE_NONE) {
            bool beside = parent_of(match, BEFORE, mate) == parent_of(match, BEFORE, before);
            return beside ? mate : 0;
        }
    }
    return 0;
}

static bool are_in_order(const struct match *match, int before, int after)
{
    int left = neighbour(match, before, after, -1);
    int right = neighbour(match, before, after, 1);

    return (left > 0 || right > 0) && (left == 0 || left < before) &&
           (right == 0 || before < right);
}

static struct bond bond_of(const struct match *match, int before, int after, bool was_counted)
{
    struct bond bond = {
        .before = before,
        .after = after,
        .one_parent = have_one_parent(match, before, after),
        .moved =
            match_flow(match, parent_of(match, BEFORE, before), parent_of(match, AFTER, after)) -
            (was_counted ? 1 : 0),
        .same_kind = unit_at(match, BEFORE, before)->kind == unit_at(match, AFTER, after)->kind,
        .in_order = are_in_order(match, before, after),
    };
    int moved = bond.moved < SCORE_MOVED_MAX ? bond.moved : SCORE_MOVED_MAX;

    bond.score = (bond.one_parent ? SCORE_PARENT : moved * SCORE_MOVED) +
                 (bond.same_kind ? SCORE_KIND : 0) + (bond.in_order ? SCORE_ORDER : 0);
    return bond;
}

/* A group of equal names: the free ones on both sides, and how many bear the name at all. */
struct group {
    int *free[SIDES];
    int free_count[SIDES];
    int all[SIDES];
};

static struct group free_of(struct match *match, const struct bearers sides[SIDES],
                            const struct range range[SIDES])
{
    struct group group = {0};

    for (int side = 0; side < SIDES; side++) {
        group.all[side] = range[side].end - range[side].begin;
        group.free[side] = ARENA_NEW(match->arena, int, (size_t)group.all[side]);
        for (int i = range[side].begin; i < range[side].end; i++) {
            int place = sides[side].rows[i].place;
            if (is_free(match, side, place)) {
                group.free[side][group.free_count[side]++] = place;
            }
        }
    }
    return group;
}

static bool is_alone(const struct group *group)
{
    return group->all[BEFORE] == 1 && group->all[AFTER] == 1;
}

static bool goes_on(const struct match *match, int side, int place)
{
    int parent = parent_of(match, side, place);

    return parent != LINEAGE_NONE && match->mate[side][parent] != LINEAGE_NONE;
}

/* The name is all there is: how rare it is anywhere, and whether the parents gave a reason. */
static struct lineage_link by_name_alone(const struct match *match, const struct bond *bond,
                                         const struct group *group)
{
    int bearers = match->bearers[bond->before];
    int confidence = bearers <= 3 ? ONLY_BEARER : bearers <= 10 ? KNOWN_NAME : COMMON_NAME;
    bool both_go_on = goes_on(match, BEFORE, bond->before) && goes_on(match, AFTER, bond->after);

    if (!is_alone(group)) {
        confidence = ONE_OF_SEVERAL;
    } else if (both_go_on && confidence > LONE_MOVE) {
        confidence = LONE_MOVE;
    }
    struct lineage_link link =
        match_continued(match, bond->before, bond->after,
                        is_alone(group) ? LINEAGE_ONLY_BEARER : LINEAGE_SEVERAL, confidence);
    link.count = is_alone(group) ? bearers : group->all[BEFORE] + group->all[AFTER] - 1;
    return link;
}

/* No rival is free on either side. */
static struct lineage_link without_rival(const struct match *match, const struct bond *bond,
                                         const struct group *group)
{
    struct lineage_link link = {0};

    if (bond->one_parent) {
        link =
            match_continued(match, bond->before, bond->after, LINEAGE_SAME_PARENT, PARENT_AND_NAME);
    } else if (bond->moved > 0) {
        link = match_continued(match, bond->before, bond->after, LINEAGE_MOVED_TOGETHER,
                               bond->moved >= 3 ? MANY_MOVED : SOME_MOVED);
        link.count = bond->moved;
    } else {
        link = by_name_alone(match, bond, group);
    }
    link.confidence -= bond->same_kind ? 0 : OTHER_KIND;
    return link;
}

static struct lineage_link with_rival(const struct match *match, const struct bond *bond,
                                      int rival_score, const struct group *group)
{
    int confidence = ONE_OF_SEVERAL;

    if (bond->score - rival_score >= SCORE_FAR && rival_score <= SCORE_KIND) {
        confidence = bond->one_parent ? RIVAL_FAR : RIVAL_MOVED;
    } else if (bond->one_parent || bond->moved >= 3) {
        confidence = bond->in_order ? RIVAL_IN_ORDER : RIVAL_CLOSE;
    }
    struct lineage_link link =
        match_continued(match, bond->before, bond->after, LINEAGE_SEVERAL, confidence);
    link.count = group->free_count[BEFORE] + group->free_count[AFTER] - 1;
    link.confidence -= bond->same_kind ? 0 : OTHER_KIND;
    return link;
}

/* Does the code of either end go on under a name much like it? */
static bool stays_in_slot(const struct match *match, const struct bond *bond)
{
    int after = match->slot[BEFORE][bond->before];
    int before = match->slot[AFTER][bond->after];

    if (after != LINEAGE_NONE && is_free(match, AFTER, after) &&
        match_alike(match, bond->before, after) >= SLOT_ALIKE) {
        return true;
    }
    return before != LINEAGE_NONE && is_free(match, BEFORE, before) &&
           match_alike(match, before, bond->after) >= SLOT_ALIKE;
}

/* A unit does not leave for surroundings its parents never touched on the strength of a name. */
static bool is_within_reach(const struct match *match, const struct bond *bond)
{
    int older = parent_of(match, BEFORE, bond->before);
    int newer = parent_of(match, AFTER, bond->after);

    if (!bond->one_parent && bond->moved == 0 && stays_in_slot(match, bond)) {
        return false;
    }
    if (bond->one_parent || bond->moved >= 2 || older == LINEAGE_NONE || newer == LINEAGE_NONE) {
        return true;
    }
    int older_above = parent_of(match, BEFORE, older);
    return older_above == LINEAGE_NONE ||
           match->mate[BEFORE][older_above] == parent_of(match, AFTER, newer);
}

static bool is_open(const struct match *match, const struct bond *bond)
{
    return is_free(match, BEFORE, bond->before) && is_free(match, AFTER, bond->after);
}

static struct bond bond_at(const struct match *match, const struct group *group, int pair)
{
    int before = group->free[BEFORE][pair / group->free_count[AFTER]];
    int after = group->free[AFTER][pair % group->free_count[AFTER]];

    return bond_of(match, before, after, is_alone(group));
}

/* The best bond left in a group. */
static bool best_bond(const struct match *match, const struct group *group, struct bond *out)
{
    int pairs = group->free_count[BEFORE] * group->free_count[AFTER];
    bool found = false;

    for (int i = 0; i < pairs; i++) {
        struct bond bond = bond_at(match, group, i);
        if (is_open(match, &bond) && is_within_reach(match, &bond) &&
            (!found || bond.score > out->score)) {
            *out = bond;
            found = true;
        }
    }
    return found;
}

/* The best score of another bond for either of its ends; NO_RIVAL when there is none. */
static int rival_of(const struct match *match, const struct group *group, const struct bond *best)
{
    int pairs = group->free_count[BEFORE] * group->free_count[AFTER];
    int rival = NO_RIVAL;

    for (int i = 0; i < pairs; i++) {
        struct bond bond = bond_at(match, group, i);
        bool rivals = (bond.before == best->before) != (bond.after == best->after);
        if (rivals && is_open(match, &bond) && bond.score > rival) {
            rival = bond.score;
        }
    }
    return rival;
}

/* The best pair first. What is left after a choice is no surer than the choice was. */
static void match_group(struct match *match, const struct group *group)
{
    struct bond bond = {0};
    int surest = LINEAGE_SURE;

    if (group->free_count[BEFORE] > GROUP_MAX || group->free_count[AFTER] > GROUP_MAX) {
        return;
    }
    while (best_bond(match, group, &bond)) {
        int rival = rival_of(match, group, &bond);
        struct lineage_link link = rival == NO_RIVAL ? without_rival(match, &bond, group)
                                                     : with_rival(match, &bond, rival, group);
        link.confidence = link.confidence < surest ? link.confidence : surest;
        surest = link.confidence;
        match_link(match, link);
    }
}

static int *wide_keys(struct match *match, int side)
{
    int *keys = ARENA_NEW(match->arena, int, (size_t)match->list[side].count);

    for (int i = 0; i < match->list[side].count; i++) {
        int parent = parent_of(match, side, i);
        keys[i] = match_surroundings(match, side, parent == LINEAGE_NONE ? i : parent);
    }
    return keys;
}

/* Groups that leave no choice first: they are the neighbours that decide the others. */
static void match_names(struct match *match)
{
    const struct bearers sides[SIDES] = {
        bearers_of(match, BEFORE, match->leaf_level, wide_keys(match, BEFORE)),
        bearers_of(match, AFTER, match->leaf_level, wide_keys(match, AFTER)),
    };

    for (int pass = 0; pass < 2; pass++) {
        struct range range[SIDES];
        int at[SIDES] = {0, 0};
        while (bearers_next(sides, at, range)) {
            struct group group = free_of(match, sides, range);
            bool is_clear = group.free_count[BEFORE] == 1 && group.free_count[AFTER] == 1;
            if (pass == 1 || is_clear) {
                match_group(match, &group);
            }
        }
    }
}

/* How many older units bear each one's name anywhere. */
static void count_bearers(struct match *match)
{
    int count = match->list[BEFORE].count;
    int *nowhere = ARENA_NEW(match->arena, int, (size_t)count);
    struct bearers all = bearers_of(match, BEFORE, match->leaf_level, nowhere);

    match->bearers = ARENA_NEW(match->arena, int, (size_t)count);
    for (int begin = 0; begin < all.count;) {
        int end = begin + 1;
        while (end < all.count && str_equal(all.rows[end].base, all.rows[begin].base)) {
            end++;
        }
        for (int i = begin; i < end; i++) {
            match->bearers[all.rows[i].place] = end - begin;
        }
        begin = end;
    }
}

void match_lowest(struct match *match)
{
    match_twins(match, match->leaf_level);
    count_bearers(match);
    match_names(match);
    match_rest(match);
}
