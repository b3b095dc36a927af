/* The frame of a comparison: twins, flows, links; level by level from the root down. */
#include <stdlib.h>

#include "base/map.h"
#include "base/must.h"
#include "calc/lineage/match_in.h"

bool lineage_continues(enum lineage_kind kind)
{
    return kind <= LINEAGE_TRANSFER;
}

int match_above(const struct match *match, int side, int place, int level)
{
    while (place != LINEAGE_NONE && unit_at(match, side, place)->level > level) {
        place = unit_at(match, side, place)->parent;
    }
    bool found = place != LINEAGE_NONE && unit_at(match, side, place)->level == level;
    return found ? place : LINEAGE_NONE;
}

int match_surroundings(const struct match *match, int side, int place)
{
    int parent = unit_at(match, side, place)->parent;

    return parent == LINEAGE_NONE ? 0 : match->scope[side][parent];
}

static int compare_bearers(const void *a, const void *b)
{
    const struct bearer *first = a;
    const struct bearer *second = b;

    if (first->key != second->key) {
        return first->key < second->key ? -1 : 1;
    }
    int order = str_compare(first->base, second->base);
    if (order != 0) {
        return order;
    }
    return first->place < second->place ? -1 : first->place > second->place;
}

static struct bearers sorted_bearers(struct match *match, int side, int level, const int *keys,
                                     bool by_name)
{
    int count = match->list[side].count;
    struct bearers bearers = {.rows = ARENA_NEW(match->arena, struct bearer, (size_t)count)};

    for (int i = 0; i < count; i++) {
        const struct lineage_unit *unit = unit_at(match, side, i);
        if (unit->level == level && keys[i] >= 0) {
            str base = by_name ? unit->base : STR("");
            bearers.rows[bearers.count++] = (struct bearer){keys[i], base, i};
        }
    }
    qsort(bearers.rows, (size_t)bearers.count, sizeof(struct bearer), compare_bearers);
    return bearers;
}

struct bearers bearers_of(struct match *match, int side, int level, const int *keys)
{
    return sorted_bearers(match, side, level, keys, true);
}

struct bearers bearers_by_key(struct match *match, int side, int level, const int *keys)
{
    return sorted_bearers(match, side, level, keys, false);
}

static int compare_names(const struct bearer *a, const struct bearer *b)
{
    if (a->key != b->key) {
        return a->key < b->key ? -1 : 1;
    }
    return str_compare(a->base, b->base);
}

static struct range group_at(const struct bearers *bearers, int begin)
{
    struct range range = {begin, begin + 1};

    while (range.end < bearers->count &&
           compare_names(&bearers->rows[begin], &bearers->rows[range.end]) == 0) {
        range.end++;
    }
    return range;
}

bool bearers_next(const struct bearers sides[SIDES], int at[SIDES], struct range out[SIDES])
{
    while (at[BEFORE] < sides[BEFORE].count && at[AFTER] < sides[AFTER].count) {
        int order = compare_names(&sides[BEFORE].rows[at[BEFORE]], &sides[AFTER].rows[at[AFTER]]);
        if (order == 0) {
            out[BEFORE] = group_at(&sides[BEFORE], at[BEFORE]);
            out[AFTER] = group_at(&sides[AFTER], at[AFTER]);
            at[BEFORE] = out[BEFORE].end;
            at[AFTER] = out[AFTER].end;
            return true;
        }
        at[order < 0 ? BEFORE : AFTER]++;
    }
    return false;
}

static struct flow *flow_slot(const struct match *match, int from, int to)
{
    uint64_t key = (uint64_t)(uint32_t)from << 32 | (uint32_t)to;
    size_t at = (key * 0x9e3779b97f4a7c15U >> 24) & (match->flows.room - 1);
    struct flow *slots = match->flows.slots;

    while (slots[at].count > 0 && (slots[at].from != from || slots[at].to != to)) {
        at = (at + 1) & (match->flows.room - 1);
    }
    return &slots[at];
}

int match_flow(const struct match *match, int from, int to)
{
    bool known = from != LINEAGE_NONE && to != LINEAGE_NONE;

    return known ? flow_slot(match, from, to)->count : 0;
}

static void add_flow(struct match *match, int from, int to)
{
    if (from == LINEAGE_NONE || to == LINEAGE_NONE) {
        return;
    }
    struct flow *slot = flow_slot(match, from, to);
    *slot = (struct flow){from, to, slot->count + 1};
    match->flows.out[from]++;
    match->flows.in[to]++;
}

static void clear_flows(struct match *match)
{
    struct flows *flows = &match->flows;

    for (size_t i = 0; i < flows->room; i++) {
        flows->slots[i] = (struct flow){0};
    }
    for (int i = 0; i < match->list[BEFORE].count; i++) {
        flows->out[i] = 0;
    }
    for (int i = 0; i < match->list[AFTER].count; i++) {
        flows->in[i] = 0;
    }
}

/* The surroundings of the unit of `level` above each unit of the lowest level. */
static int *keys_above(struct match *match, int side, int level)
{
    int *keys = ARENA_NEW(match->arena, int, (size_t)match->list[side].count);

    for (int i = 0; i < match->list[side].count; i++) {
        int above = match_above(match, side, i, level);
        keys[i] = above == LINEAGE_NONE ? -1 : match_surroundings(match, side, above);
    }
    return keys;
}

void match_count_flows(struct match *match, int level)
{
    const struct arena_mark mark = arena_mark(match->arena);
    struct bearers sides[SIDES];
    struct range group[SIDES];
    int at[SIDES] = {0, 0};

    clear_flows(match);
    for (int side = 0; side < SIDES; side++) {
        sides[side] = bearers_of(match, side, match->leaf_level, keys_above(match, side, level));
    }
    for (int i = 0; i < sides[BEFORE].count; i++) {
        int place = sides[BEFORE].rows[i].place;
        int twin = match->twin[BEFORE][place];
        if (twin != LINEAGE_NONE) {
            add_flow(match, match_above(match, BEFORE, place, level),
                     match_above(match, AFTER, twin, level));
        }
    }
    while (bearers_next(sides, at, group)) {
        int before = sides[BEFORE].rows[group[BEFORE].begin].place;
        int after = sides[AFTER].rows[group[AFTER].begin].place;
        bool alone = group[BEFORE].end - group[BEFORE].begin == 1 &&
                     group[AFTER].end - group[AFTER].begin == 1;
        if (alone && match->twin[BEFORE][before] != after) {
            add_flow(match, match_above(match, BEFORE, before, level),
                     match_above(match, AFTER, after, level));
        }
    }
    arena_rewind(match->arena, mark);
}

void match_link(struct match *match, struct lineage_link link)
{
    if (match->link_count == match->link_room) {
        int room = match->link_room == 0 ? 256 : match->link_room * 2;
        struct lineage_link *links = ARENA_NEW(match->arena, struct lineage_link, (size_t)room);
        for (int i = 0; i < match->link_count; i++) {
            links[i] = match->links[i];
        }
        match->links = links;
        match->link_room = room;
    }
    if (link.share_den == 0) {
        link.share_num = 1;
        link.share_den = 1;
    }
    match->links[match->link_count++] = link;
    if (link.before != LINEAGE_NONE) {
        match->told[BEFORE][link.before] = true;
    }
    if (link.after != LINEAGE_NONE) {
        match->told[AFTER][link.after] = true;
    }
    if (lineage_continues(link.kind)) {
        match->mate[BEFORE][link.before] = link.after;
        match->mate[AFTER][link.after] = link.before;
    }
}

static bool are_parents_one(const struct match *match, int before, int after)
{
    int parent_before = unit_at(match, BEFORE, before)->parent;
    int parent_after = unit_at(match, AFTER, after)->parent;

    if (parent_before == LINEAGE_NONE || parent_after == LINEAGE_NONE) {
        return parent_before == parent_after;
    }
    return match->mate[BEFORE][parent_before] == parent_after;
}

struct lineage_link match_continued(const struct match *match, int before, int after,
                                    enum lineage_reason reason, int confidence)
{
    const struct lineage_unit *older = unit_at(match, BEFORE, before);
    const struct lineage_unit *newer = unit_at(match, AFTER, after);
    enum lineage_kind kind = LINEAGE_RENAME;

    kind = str_equal(older->code, newer->code) ? kind : LINEAGE_RECODE;
    kind = older->kind == newer->kind ? kind : LINEAGE_UPGRADE;
    kind = are_parents_one(match, before, after) ? kind : LINEAGE_TRANSFER;
    return (struct lineage_link){
        .kind = kind,
        .reason = reason,
        .before = before,
        .after = after,
        .confidence = confidence,
    };
}

void match_twins(struct match *match, int level)
{
    for (int i = 0; i < match->list[AFTER].count; i++) {
        const struct lineage_unit *newer = unit_at(match, AFTER, i);
        int before = match->twin[AFTER][i];
        if (newer->level != level || before == LINEAGE_NONE || !are_parents_one(match, before, i) ||
            unit_at(match, BEFORE, before)->kind != newer->kind) {
            continue;
        }
        match->same[i] = before;
        match->mate[BEFORE][before] = i;
        match->mate[AFTER][i] = before;
        if (!str_equal(unit_at(match, BEFORE, before)->name, newer->name)) {
            match_link(match, match_continued(match, before, i, LINEAGE_ENDING, LINEAGE_SURE));
        }
    }
}

static void find_twins(struct match *match)
{
    struct map codes;

    map_init(&codes, match->arena, (size_t)match->list[BEFORE].count);
    for (int i = 0; i < match->list[BEFORE].count; i++) {
        (void)map_put(&codes, unit_at(match, BEFORE, i)->code, i);
    }
    for (int i = 0; i < match->list[AFTER].count; i++) {
        const struct lineage_unit *newer = unit_at(match, AFTER, i);
        int64_t found = 0;
        if (!map_get(&codes, newer->code, &found)) {
            continue;
        }
        const struct lineage_unit *older = unit_at(match, BEFORE, (int)found);
        if (older->level != newer->level) {
            continue;
        }
        match->slot[AFTER][i] = (int)found;
        match->slot[BEFORE][found] = i;
        if (str_equal(older->base, newer->base)) {
            match->twin[AFTER][i] = (int)found;
            match->twin[BEFORE][found] = i;
        }
    }
}

static int *nowhere(struct arena *arena, int count)
{
    int *places = ARENA_NEW(arena, int, (size_t)count);

    for (int i = 0; i < count; i++) {
        places[i] = LINEAGE_NONE;
    }
    return places;
}

static void begin_side(struct match *match, int side, struct lineage_list list)
{
    match->list[side] = list;
    match->slot[side] = nowhere(match->arena, list.count);
    match->twin[side] = nowhere(match->arena, list.count);
    match->mate[side] = nowhere(match->arena, list.count);
    match->told[side] = ARENA_NEW(match->arena, bool, (size_t)list.count);
    match->scope[side] = nowhere(match->arena, list.count);
    for (int i = 0; i < list.count; i++) {
        MUST(list.units[i].parent < i);
        if (list.units[i].level > match->leaf_level) {
            match->leaf_level = list.units[i].level;
        }
    }
}

static void begin(struct match *match, struct lineage_list before, struct lineage_list after)
{
    size_t most = (size_t)before.count + (size_t)after.count;

    begin_side(match, BEFORE, before);
    begin_side(match, AFTER, after);
    match->flows.room = 1024;
    while (match->flows.room < most * 2) {
        match->flows.room *= 2;
    }
    match->flows.slots = ARENA_NEW(match->arena, struct flow, match->flows.room);
    match->flows.out = ARENA_NEW(match->arena, int, (size_t)before.count);
    match->flows.in = ARENA_NEW(match->arena, int, (size_t)after.count);
    letters_init(match);
    find_twins(match);
}

static int link_order(const struct lineage_link *link, int after_count)
{
    return link->after == LINEAGE_NONE ? after_count + link->before : link->after;
}

/* Links as the answer promises them: counting by place, so that equal places keep their order. */
static struct lineage_link *in_order(struct match *match)
{
    int places = match->list[AFTER].count + match->list[BEFORE].count;
    int *begin_at = ARENA_NEW(match->arena, int, (size_t)places + 1);
    struct lineage_link *sorted =
        ARENA_NEW(match->arena, struct lineage_link, (size_t)match->link_count);

    for (int i = 0; i < match->link_count; i++) {
        begin_at[link_order(&match->links[i], match->list[AFTER].count) + 1]++;
    }
    for (int i = 0; i < places; i++) {
        begin_at[i + 1] += begin_at[i];
    }
    for (int i = 0; i < match->link_count; i++) {
        sorted[begin_at[link_order(&match->links[i], match->list[AFTER].count)]++] =
            match->links[i];
    }
    return sorted;
}

void lineage_compare(struct lineage_list before, struct lineage_list after, struct arena *arena,
                     struct lineage_answer *out)
{
    struct match match = {.arena = arena, .same = nowhere(arena, after.count)};

    begin(&match, before, after);
    for (int level = 0; level < match.leaf_level; level++) {
        match_upper(&match, level);
    }
    match_lowest(&match);
    *out = (struct lineage_answer){
        .same = match.same,
        .links = in_order(&match),
        .link_count = match.link_count,
    };
}
