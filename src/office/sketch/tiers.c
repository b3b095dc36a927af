/* Which tier every unit has, and how many there are of each in those above. */
#include "office/sketch/sketch_in.h"
#include "office/sketch/sketch_sql.h"

/* The first scheme of a level. */
static int scheme_of(const struct programme *programme, int level)
{
    for (int i = 0; i < programme->scheme_count; i++) {
        if (programme->schemes[i].level == level) {
            return i;
        }
    }
    return NONE;
}

struct search {
    const struct cx *cx;
    int64_t newest; /* 0: none yet */
    int64_t approved;
};

static enum rc look_at_run(void *self, const struct val *row)
{
    struct search *search = self;
    bool is_seen = false;

    if (search->approved != 0 || (search->newest != 0 && row[2].number == 0)) {
        return RC_OK;
    }
    TRY(cx_sees_part(search->cx, (struct unit_id){row[1].number}, &is_seen));
    if (is_seen) {
        search->newest = search->newest == 0 ? row[0].number : search->newest;
        search->approved = row[2].number != 0 ? row[0].number : 0;
    }
    return RC_OK;
}

static void find_tiers(const struct programme *programme, int scheme, struct sketch_tiering *out)
{
    for (int i = programme->tier_count - 1; i >= 0; i--) {
        if (programme->tiers[i].scheme == scheme) {
            out->first = i;
            out->count++;
        }
    }
}

enum rc sketch_tiering_find(const struct cx *cx, const struct programme *programme, int level,
                            struct sketch_tiering *out)
{
    int scheme = scheme_of(programme, level);
    struct search search = {.cx = cx};

    *out = (struct sketch_tiering){.scheme = NULL};
    if (scheme == NONE) {
        return RC_OK;
    }
    const struct val in[] = {v_text(programme->schemes[scheme].id)};
    TRY(db_each(cx->db, &SKETCH_RUN_LIST, in, look_at_run, &search, cx->err));
    if (search.newest == 0) {
        return RC_OK;
    }
    out->scheme = &programme->schemes[scheme];
    out->is_approved = search.approved != 0;
    find_tiers(programme, scheme, out);
    return run_load(cx, out->is_approved ? search.approved : search.newest, &out->run);
}

struct taking {
    struct sketch *sketch;
    int level;
};

static enum rc take(void *self, struct unit_id unit, const struct tier_result *result)
{
    const struct taking *taking = self;
    struct sketch *sketch = taking->sketch;
    int place = unit_tree_find_id(sketch->tree, unit);

    if (place != NONE && sketch->tree->units[place].level == taking->level &&
        result->tier < sketch->tierings[taking->level].count) {
        sketch->tiers[place] = (signed char)result->tier;
    }
    return RC_OK;
}

/* Each placed unit counts in all that it lies in. */
static void count_all(struct sketch *sketch)
{
    const struct unit *units = sketch->tree->units;
    int last = sketch->stride - 1;

    for (int i = 0; i < sketch->tree->count; i++) {
        if (units[i].level != sketch->counted || sketch->tiers[i] == SKETCH_NO_TIER) {
            continue;
        }
        int column = sketch->tiers[i] == TIER_NONE ? last : sketch->tiers[i];
        for (int above = units[i].parent; above != NONE; above = units[above].parent) {
            sketch->counts[above * sketch->stride + column]++;
        }
    }
}

enum rc sketch_tiers_load(struct sketch *sketch)
{
    size_t count = (size_t)sketch->tree->count;

    sketch->counted = NONE;
    sketch->tiers = ARENA_NEW(sketch->cx->arena, signed char, count);
    memset(sketch->tiers, SKETCH_NO_TIER, count);
    for (int level = 0; level < sketch->programme->level_count; level++) {
        struct sketch_tiering *tiering = &sketch->tierings[level];
        struct taking taking = {sketch, level};
        TRY(sketch_tiering_find(sketch->cx, sketch->programme, level, tiering));
        if (tiering->scheme != NULL) {
            TRY(tier_each(sketch->cx, tiering->run.id, take, &taking));
            sketch->counted = level;
        }
    }
    if (sketch->counted != NONE) {
        sketch->stride = sketch->tierings[sketch->counted].count + 1;
        sketch->counts = ARENA_NEW(sketch->cx->arena, int, count *(size_t)sketch->stride);
        count_all(sketch);
    }
    return RC_OK;
}
