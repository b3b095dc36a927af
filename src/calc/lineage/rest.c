/* The lowest units that no equal name explains: codes that stayed under another name, names made
 * of older ones, and what ended or began without a trace. */
#include "base/must.h"
#include "calc/lineage/match_in.h"

/* Evidence in thousandths, as in lowest.c. */
enum {
    PARTS_SAME_CODE = 800,
    PARTS_VANISHED = 750,
    PARTS_NEW_CODE = 700,
    SIMILAR_LEAST = 600,
    SIMILAR_RANGE = 250, /* added as the likeness goes from ALIKE to 1 */
    ENDED_FOR_SURE = 900,
    ENDED_PERHAPS = 600,
    NEW_FOR_SURE = 900,
    NEW_PERHAPS = 700,
    SPLIT_BY_NAME = 650,

    PARTS_MAX = 12,
    PAIRS_MAX = 1 << 22, /* names compared in one county; beyond, a person must */
    WHOLE_BYTES_MIN = 3, /* more than one character */
};

static const double ALIKE = 0.5;

/* Whether anything beside a unit came or vanished without explanation. */
enum company { QUIET, GROWN, SHRUNK, COMPANIES };

/* How sure it is that a code kept under another name is the same unit, by how alike the names are
 * at least. Where neighbours vanished it may as well be a merger that kept one old code. */
static const struct {
    double alike;
    int sure[COMPANIES];
} SLOT_KEPT[] = {
    {0.8, {985, 975, 960}}, {0.6, {985, 975, 930}}, {0.5, {985, 975, 850}},
    {0.1, {970, 940, 650}}, {0.0, {930, 800, 450}},
};

/* Counts under each parent of units that came or went without explanation. */
struct loose {
    int *count[SIDES];
};

static int parent_of(const struct match *match, int side, int place)
{
    return unit_at(match, side, place)->parent;
}

static bool is_loose(const struct match *match, int side, int place)
{
    return unit_at(match, side, place)->level == match->leaf_level && is_free(match, side, place);
}

static struct loose count_loose(struct match *match, bool with_slot)
{
    struct loose loose = {0};

    for (int side = 0; side < SIDES; side++) {
        int count = match->list[side].count;
        loose.count[side] = ARENA_NEW(match->arena, int, (size_t)count);
        for (int i = 0; i < count; i++) {
            int parent = parent_of(match, side, i);
            bool counts = with_slot || match->slot[side][i] == LINEAGE_NONE;
            if (is_loose(match, side, i) && counts && parent != LINEAGE_NONE) {
                loose.count[side][parent]++;
            }
        }
    }
    return loose;
}

static int loose_beside(const struct match *match, const struct loose *loose, int side, int place)
{
    int parent = parent_of(match, side, place);

    return parent == LINEAGE_NONE ? 0 : loose->count[side][parent];
}

static int sure_of_slot(double likeness, enum company company)
{
    size_t row = 0;

    while (row + 1 < COUNT_OF(SLOT_KEPT) && likeness < SLOT_KEPT[row].alike) {
        row++;
    }
    return SLOT_KEPT[row].sure[company];
}

/* Vanished neighbours whose names share as much with the new name as the one does whose code was
 * kept: 上官张 beside 下官张 when 官张 comes. */
static int find_parts(const struct match *match, int before, int after, int parts[PARTS_MAX])
{
    int parent = parent_of(match, BEFORE, before);
    int count = 0;

    for (int i = parent + 1; parent != LINEAGE_NONE && i < match->list[BEFORE].count; i++) {
        if (unit_at(match, BEFORE, i)->level <= unit_at(match, BEFORE, parent)->level) {
            break;
        }
        bool is_part = i != before && is_loose(match, BEFORE, i) &&
                       match->slot[BEFORE][i] == LINEAGE_NONE &&
                       match_alike(match, i, after) >= ALIKE;
        if (is_part && count < PARTS_MAX) {
            parts[count++] = i;
        }
    }
    return count;
}

static void link_parts(struct match *match, int after, const int *parts, int count, int confidence)
{
    for (int i = 0; i < count; i++) {
        match_link(match, (struct lineage_link){
                              .kind = LINEAGE_MERGE,
                              .reason = LINEAGE_PARTS_OF_NAME,
                              .before = parts[i],
                              .after = after,
                              .confidence = confidence,
                              .count = count,
                          });
    }
}

/* A code that stayed, under a name nobody bore: renamed, or a merger that kept the code. */
static void match_slot(struct match *match, int before, const struct loose *loose)
{
    int after = match->slot[BEFORE][before];
    int parts[PARTS_MAX + 1];
    double likeness = match_alike(match, before, after);
    int count = likeness >= ALIKE ? find_parts(match, before, after, parts) : 0;

    if (count > 0) {
        link_parts(match, after, parts, count, PARTS_VANISHED);
        parts[0] = before;
        link_parts(match, after, parts, 1, PARTS_SAME_CODE);
        return;
    }
    int vanished = loose_beside(match, loose, BEFORE, before);
    int came = loose_beside(match, loose, AFTER, after);
    enum company company = vanished > 0 ? SHRUNK : came > 0 ? GROWN : QUIET;
    struct lineage_link link = match_continued(
        match, before, after, likeness >= ALIKE ? LINEAGE_SAME_CODE : LINEAGE_SLOT_KEPT,
        sure_of_slot(likeness, company));
    link.count = vanished;
    match_link(match, link);
}

static void match_slots(struct match *match)
{
    const struct loose loose = count_loose(match, false);

    for (int i = 0; i < match->list[BEFORE].count; i++) {
        int after = match->slot[BEFORE][i];
        if (is_loose(match, BEFORE, i) && after != LINEAGE_NONE && is_free(match, AFTER, after)) {
            match_slot(match, i, &loose);
        }
    }
}

/* Did units go from the one parent to the other? A single one may be the namesake in question. */
static bool are_linked(const struct match *match, int older, int newer)
{
    if (older == LINEAGE_NONE || newer == LINEAGE_NONE) {
        return older == newer;
    }
    return match->mate[BEFORE][older] == newer || match_flow(match, older, newer) > 1;
}

/* Loose older units by surroundings, so that a newer one meets only those it may have come from. */
struct near {
    const struct match *match;
    int *first; /* by scope key: first loose older unit, or LINEAGE_NONE */
    int *next;
};

static int key_of(const struct match *match, int side, int place)
{
    int parent = parent_of(match, side, place);

    return match_surroundings(match, side, parent == LINEAGE_NONE ? place : parent);
}

static struct near index_loose(struct match *match)
{
    int keys = match->list[BEFORE].count + match->list[AFTER].count + 1;
    int olds = match->list[BEFORE].count;
    struct near near = {
        .match = match,
        .first = ARENA_NEW(match->arena, int, (size_t)keys),
        .next = ARENA_NEW(match->arena, int, (size_t)olds),
    };

    for (int i = 0; i < keys; i++) {
        near.first[i] = LINEAGE_NONE;
    }
    for (int i = olds - 1; i >= 0; i--) {
        if (is_loose(match, BEFORE, i)) {
            near.next[i] = near.first[key_of(match, BEFORE, i)];
            near.first[key_of(match, BEFORE, i)] = i;
        }
    }
    return near;
}

/* Loose older units under linked parents whose names are like that of `after`. */
static int find_alike(const struct near *near, int after, int found[PARTS_MAX])
{
    const struct match *match = near->match;
    int newer = parent_of(match, AFTER, after);
    int count = 0;

    for (int i = near->first[key_of(match, AFTER, after)]; i != LINEAGE_NONE; i = near->next[i]) {
        bool fits = is_free(match, BEFORE, i) &&
                    are_linked(match, parent_of(match, BEFORE, i), newer) &&
                    match_alike(match, i, after) >= ALIKE;
        if (fits && count < PARTS_MAX) {
            found[count++] = i;
        }
    }
    return count;
}

/* Loose units by surroundings. */
static int *count_by_key(struct match *match, int side)
{
    int keys = match->list[BEFORE].count + match->list[AFTER].count + 1;
    int *counts = ARENA_NEW(match->arena, int, (size_t)keys);

    for (int i = 0; i < match->list[side].count; i++) {
        if (is_loose(match, side, i)) {
            counts[key_of(match, side, i)]++;
        }
    }
    return counts;
}

/* A new name like one vanished is that one; like several, it was made of them. */
static void match_similar(struct match *match)
{
    const struct near near = index_loose(match);
    const int *olds = count_by_key(match, BEFORE);
    const int *news = count_by_key(match, AFTER);

    for (int i = 0; i < match->list[AFTER].count; i++) {
        int found[PARTS_MAX];
        int key = key_of(match, AFTER, i);
        bool fits = is_loose(match, AFTER, i) && (int64_t)olds[key] * news[key] <= PAIRS_MAX;
        int count = fits ? find_alike(&near, i, found) : 0;
        if (count > 1) {
            link_parts(match, i, found, count, PARTS_NEW_CODE);
        } else if (count == 1) {
            double likeness = match_alike(match, found[0], i);
            int confidence =
                SIMILAR_LEAST + (int)(SIMILAR_RANGE * (likeness - ALIKE) / (1 - ALIKE));
            match_link(match, match_continued(match, found[0], i, LINEAGE_SIMILAR, confidence));
        }
    }
}

/* Units under the parent that carry on a name with something added: 甲一村, 甲二村 out of 甲村. */
static int find_whole(const struct match *match, int after)
{
    int newer = parent_of(match, AFTER, after);
    int older = newer == LINEAGE_NONE ? LINEAGE_NONE : match->mate[AFTER][newer];
    str name = unit_at(match, AFTER, after)->base;

    for (int i = older + 1; older != LINEAGE_NONE && i < match->list[BEFORE].count; i++) {
        const struct lineage_unit *unit = unit_at(match, BEFORE, i);
        if (unit->level <= unit_at(match, BEFORE, older)->level) {
            break;
        }
        bool goes_on = match->mate[BEFORE][i] != LINEAGE_NONE;
        if (unit->level == match->leaf_level && (goes_on || is_free(match, BEFORE, i)) &&
            unit->base.len > WHOLE_BYTES_MIN && unit->base.len < name.len &&
            str_starts(name, unit->base)) {
            return i;
        }
    }
    return LINEAGE_NONE;
}

/* Two or more new units that begin with an older name share it with what goes on of it. */
static void match_splits(struct match *match)
{
    int olds = match->list[BEFORE].count;
    int news = match->list[AFTER].count;
    int *pieces = ARENA_NEW(match->arena, int, (size_t)olds);
    int *whole = ARENA_NEW(match->arena, int, (size_t)news);

    for (int i = 0; i < news; i++) {
        whole[i] = is_loose(match, AFTER, i) ? find_whole(match, i) : LINEAGE_NONE;
        if (whole[i] != LINEAGE_NONE) {
            pieces[whole[i]]++;
        }
    }
    for (int i = 0; i < news; i++) {
        if (whole[i] == LINEAGE_NONE || pieces[whole[i]] < 2) {
            continue;
        }
        bool goes_on = match->mate[BEFORE][whole[i]] != LINEAGE_NONE;
        match_link(match, (struct lineage_link){
                              .kind = LINEAGE_SPLIT,
                              .reason = LINEAGE_PARTS_OF_NAME,
                              .before = whole[i],
                              .after = i,
                              .confidence = SPLIT_BY_NAME,
                              .count = pieces[whole[i]],
                              .share_num = 1,
                              .share_den = pieces[whole[i]] + (goes_on ? 1 : 0),
                          });
    }
}

/* The parent ended and nothing of it went anywhere: then the unit ended with it. */
static bool ended_with_parent(const struct match *match, int before)
{
    int parent = parent_of(match, BEFORE, before);

    return parent != LINEAGE_NONE && match->mate[BEFORE][parent] == LINEAGE_NONE &&
           match->flows.out[parent] == 0;
}

static void tell_the_rest(struct match *match)
{
    const int *olds = count_by_key(match, BEFORE);
    const int *news = count_by_key(match, AFTER);

    for (int i = 0; i < match->list[BEFORE].count; i++) {
        if (!is_loose(match, BEFORE, i)) {
            continue;
        }
        int came = news[key_of(match, BEFORE, i)];
        match_link(match, (struct lineage_link){
                              .kind = ended_with_parent(match, i) ? LINEAGE_ABOLISH : LINEAGE_MERGE,
                              .reason = LINEAGE_VANISHED,
                              .before = i,
                              .after = LINEAGE_NONE,
                              .confidence = came == 0 ? ENDED_FOR_SURE : ENDED_PERHAPS,
                              .count = came,
                          });
    }
    for (int i = 0; i < match->list[AFTER].count; i++) {
        if (!is_loose(match, AFTER, i)) {
            continue;
        }
        int gone = olds[key_of(match, AFTER, i)];
        match_link(match, (struct lineage_link){
                              .kind = LINEAGE_CREATE,
                              .reason = LINEAGE_NO_TRACE,
                              .before = LINEAGE_NONE,
                              .after = i,
                              .confidence = gone == 0 ? NEW_FOR_SURE : NEW_PERHAPS,
                              .count = gone,
                          });
    }
}

void match_rest(struct match *match)
{
    match_slots(match);
    match_similar(match);
    match_splits(match);
    tell_the_rest(match);
}
