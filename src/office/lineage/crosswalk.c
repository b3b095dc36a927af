/* The crosswalk: every older unit is followed through the confirmed steps, day by day, until it
 * stands in the newer tree or is lost sight of. */
#include "office/lineage/crosswalk.h"

#include <stdlib.h>

#include "office/lineage/crosswalk_sql.h"

__extension__ typedef __int128 wide;

/* Denominators that grow beyond this are rounded down to thousand-millionths; what is lost by
 * that stays with the rest, so that the sum is still one. */
static const int64_t DEN_MAX = (int64_t)1 << 53;
static const int64_t DEN_ROUND = 1000000000;

struct fraction {
    int64_t num;
    int64_t den;
};

/* A confirmed merger or split; ids are permanent ones. */
struct step {
    int64_t from;
    int64_t to; /* 0: unknown */
    int64_t day;
    struct fraction share;
};

/* What is being followed: a share of the first unit, now in `unit`, since a day. */
struct piece {
    int64_t unit;
    int64_t since;
    struct fraction share;
};

struct walk {
    const struct cx *cx;
    const struct unit_tree *before;
    const struct unit_tree *after;
    struct step *steps; /* by from, then day */
    int step_count;
    int step_room;
    struct piece *parts; /* still to follow */
    int part_count;
    int part_room;
    struct unit_share *shares;
    int share_count;
    int share_room;
    int *first;
    int *sources; /* by place in `after`: how many older units have a part in it */
};

static struct fraction reduced(wide num, wide den)
{
    wide a = num;
    wide b = den;

    while (b != 0) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    num /= a;
    den /= a;
    if (den > DEN_MAX) {
        num = num * DEN_ROUND / den;
        den = DEN_ROUND;
    }
    return (struct fraction){(int64_t)num, (int64_t)den};
}

static struct fraction times(struct fraction a, struct fraction b)
{
    return reduced((wide)a.num * b.num, (wide)a.den * b.den);
}

static struct fraction plus(struct fraction a, struct fraction b)
{
    return reduced((wide)a.num * b.den + (wide)b.num * a.den, (wide)a.den * b.den);
}

static struct fraction minus(struct fraction a, struct fraction b)
{
    return reduced((wide)a.num * b.den - (wide)b.num * a.den, (wide)a.den * b.den);
}

static struct fraction least(struct fraction a, struct fraction b)
{
    return (wide)a.num * b.den < (wide)b.num * a.den ? a : b;
}

/* `rows` of `size` bytes with room for one more. */
static void *with_room(struct arena *arena, void *rows, int count, int *room, size_t size)
{
    if (count < *room) {
        return rows;
    }
    *room = *room == 0 ? 64 : *room * 2;
    char *bigger = arena_take_many(arena, (size_t)*room, size);
    const char *from = rows;
    for (size_t i = 0; i < (size_t)count * size; i++) {
        bigger[i] = from[i];
    }
    return bigger;
}

static enum rc take_step(void *self, const struct val *row)
{
    struct walk *walk = self;

    walk->steps = with_room(walk->cx->arena, walk->steps, walk->step_count, &walk->step_room,
                            sizeof(*walk->steps));
    walk->steps[walk->step_count++] = (struct step){
        .from = row[0].number,
        .to = row[1].number,
        .day = row[2].number,
        .share = reduced(row[3].number, row[4].number),
    };
    return RC_OK;
}

/* The first step from `unit` after `since`; step_count when there is none. */
static int first_step(const struct walk *walk, int64_t unit, int64_t since)
{
    int low = 0;
    int high = walk->step_count;

    while (low < high) {
        int mid = low + (high - low) / 2;
        const struct step *step = &walk->steps[mid];
        if (step->from < unit || (step->from == unit && step->day <= since)) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low;
}

static void push(struct walk *walk, int64_t unit, int64_t since, struct fraction share)
{
    walk->parts = with_room(walk->cx->arena, walk->parts, walk->part_count, &walk->part_room,
                            sizeof(*walk->parts));
    walk->parts[walk->part_count++] = (struct piece){unit, since, share};
}

/* Add to the shares of `from`, those to one place together. */
static void give(struct walk *walk, int from, int to, struct fraction share, bool is_unallocated)
{
    if (share.num == 0) {
        return;
    }
    for (int i = walk->first[from]; i < walk->share_count; i++) {
        struct unit_share *old = &walk->shares[i];
        if (old->to == to && old->is_unallocated == is_unallocated) {
            share = plus(share, (struct fraction){old->num, old->den});
            old->num = share.num;
            old->den = share.den;
            return;
        }
    }
    walk->shares = with_room(walk->cx->arena, walk->shares, walk->share_count, &walk->share_room,
                             sizeof(*walk->shares));
    walk->shares[walk->share_count++] = (struct unit_share){
        .from = from,
        .to = to,
        .num = share.num,
        .den = share.den,
        .is_unallocated = is_unallocated,
    };
}

/* Where what is lost sight of is kept: the nearest unit above that is known to have become one. */
static int keeper(const struct walk *walk, int from)
{
    for (int i = walk->before->units[from].parent; i != NONE; i = walk->before->units[i].parent) {
        const struct unit_share *share = &walk->shares[walk->first[i]];
        bool alone = walk->first[i + 1] - walk->first[i] == 1;
        if (alone && !share->is_unallocated) {
            return share->to;
        }
    }
    return 0;
}

/* Take one part a day further: what its unit gave away that day goes on from there, the rest
 * stays with the unit. */
static void follow(struct walk *walk, int from, struct piece part)
{
    int at = first_step(walk, part.unit, part.since);
    struct fraction rest = part.share;

    if (at < walk->step_count && walk->steps[at].from == part.unit) {
        int64_t day = walk->steps[at].day;
        for (; at < walk->step_count && walk->steps[at].from == part.unit &&
               walk->steps[at].day == day;
             at++) {
            struct fraction given = least(times(part.share, walk->steps[at].share), rest);
            if (walk->steps[at].to != 0) {
                push(walk, walk->steps[at].to, day, given);
                rest = minus(rest, given);
            }
        }
        push(walk, part.unit, day, rest);
        return;
    }
    int place = unit_tree_find_id(walk->after, (struct unit_id){part.unit});
    if (place != NONE) {
        give(walk, from, place, rest, false);
    } else {
        give(walk, from, keeper(walk, from), rest, true);
    }
}

static int by_target(const void *a, const void *b)
{
    const struct unit_share *first = a;
    const struct unit_share *second = b;

    return first->to != second->to ? first->to - second->to
                                   : (int)first->is_unallocated - (int)second->is_unallocated;
}

static void walk_unit(struct walk *walk, int from)
{
    int64_t since = date_key(walk->before->register_day);

    walk->first[from] = walk->share_count;
    push(walk, walk->before->units[from].id.v, since, (struct fraction){1, 1});
    while (walk->part_count > 0) {
        follow(walk, from, walk->parts[--walk->part_count]);
    }
    walk->first[from + 1] = walk->share_count;
    int count = walk->share_count - walk->first[from];
    qsort(&walk->shares[walk->first[from]], (size_t)count, sizeof(struct unit_share), by_target);
    for (int i = walk->first[from]; i < walk->share_count; i++) {
        walk->sources[walk->shares[i].to] += walk->shares[i].is_unallocated ? 0 : 1;
    }
}

static void mark_whole(struct walk *walk)
{
    for (int i = 0; i < walk->share_count; i++) {
        struct unit_share *share = &walk->shares[i];
        share->is_whole =
            !share->is_unallocated && share->num == share->den && walk->sources[share->to] == 1;
    }
}

enum rc unit_crosswalk_load(const struct cx *cx, const struct unit_tree *before,
                            const struct unit_tree *after, struct unit_crosswalk *out)
{
    struct walk walk = {
        .cx = cx,
        .before = before,
        .after = after,
        .first = ARENA_NEW(cx->arena, int, (size_t)before->count + 1),
        .sources = ARENA_NEW(cx->arena, int, (size_t)after->count),
    };
    const struct val in[] = {
        v_int(date_key(before->register_day)),
        v_int(date_key(after->register_day)),
    };

    MUST(before->register_day.days <= after->register_day.days);
    TRY(db_each(cx->db, &CROSSWALK_LIST, in, take_step, &walk, cx->err));
    for (int i = 0; i < before->count; i++) {
        walk_unit(&walk, i);
    }
    mark_whole(&walk);
    *out = (struct unit_crosswalk){walk.shares, walk.first, walk.share_count};
    return RC_OK;
}
