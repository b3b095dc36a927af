/* The map: units laid out, in sight or not, with what is known of them. */
#include "office/sketch/sketch.h"

#include <math.h>

#include "base/num.h"
#include "office/sketch/sketch_in.h"

/* ---- what is in sight ---- */

static void see_within(const struct unit_tree *tree, const struct scope *scope, bool *is_seen)
{
    for (int i = 0; i < scope->root_count; i++) {
        int place = unit_tree_find_id(tree, scope->roots[i]);
        if (place != NONE) {
            memset(is_seen + place, 1, (size_t)(tree->units[place].end - place));
        }
    }
}

/* Scope is that of a day. In the tree of another day a unit is in sight if it is on the scope's
 * day, or lay in scope last. */
static enum rc see_by_day(const struct sketch *sketch, const struct scope *scope, bool *is_seen)
{
    struct unit_tree *today = ARENA_NEW(sketch->cx->arena, struct unit_tree, 1);
    date day = date_of(scope->day / 10000, scope->day / 100 % 100, scope->day % 100);

    TRY(unit_tree_load(sketch->cx, sketch->programme, day, today));
    if (today->register_day.days == sketch->tree->register_day.days) {
        see_within(sketch->tree, scope, is_seen);
        return RC_OK;
    }
    bool *now = ARENA_NEW(sketch->cx->arena, bool, (size_t)today->count);
    see_within(today, scope, now);
    for (int i = 0; i < sketch->tree->count; i++) {
        int place = unit_tree_find_id(today, sketch->tree->units[i].id);
        if (place != NONE) {
            is_seen[i] = now[place];
        } else {
            TRY(cx_sees(sketch->cx, sketch->tree->units[i].id, &is_seen[i]));
        }
    }
    return RC_OK;
}

static enum rc find_seen(struct sketch *sketch)
{
    bool *is_seen = ARENA_NEW(sketch->cx->arena, bool, (size_t)sketch->tree->count);
    bool is_all = false;

    TRY(cx_sees(sketch->cx, sketch->tree->units[0].id, &is_all));
    sketch->is_seen = is_seen;
    if (is_all) {
        memset(is_seen, 1, (size_t)sketch->tree->count);
        return RC_OK;
    }
    return sketch->cx->scope == NULL ? RC_OK : see_by_day(sketch, sketch->cx->scope, is_seen);
}

/* ---- where units lie ---- */

/* Brothers lie in order of their permanent ids: whoever changes his code stays where he is, and
 * whoever comes later comes last. */
static void lay_out(struct sketch *sketch)
{
    const struct unit_tree *tree = sketch->tree;
    int *parent = ARENA_NEW(sketch->cx->arena, int, (size_t)tree->count);
    int64_t *rank = ARENA_NEW(sketch->cx->arena, int64_t, (size_t)tree->count);

    for (int i = 0; i < tree->count; i++) {
        parent[i] = tree->units[i].parent;
        rank[i] = tree->units[i].id.v;
    }
    layout_make(parent, rank, tree->count, sketch->cx->arena, &sketch->layout);
}

/* ---- what is asked about them ---- */

/* The lowest level whose units have the indicator: its sums are those of all levels above. */
static int level_of(const struct programme *programme, int indicator)
{
    int level = programme->level_count - 1;

    while (level > 0 && (programme->indicators[indicator].levels >> level & 1) == 0) {
        level--;
    }
    return level;
}

static enum rc ask(struct sketch *sketch, const struct sketch_ask *ask, int indicator)
{
    int level = level_of(sketch->programme, indicator);
    struct panel_of of = *ask->of;

    if (sketch->asked_count == SKETCH_INDICATORS_MAX) {
        return err_set(sketch->cx->err, RC_LIMIT, MSG_MAP_INDICATORS,
                       arg_count(SKETCH_INDICATORS_MAX));
    }
    if (sketch->rollups[level] == NULL) {
        of.level = level;
        of.within = 0;
        sketch->rollups[level] = ARENA_NEW(sketch->cx->arena, struct rollup, 1);
        TRY(rollup_open(sketch->cx, &of, ask->period, ask->directory, sketch->rollups[level]));
    }
    sketch->asked[sketch->asked_count++] = (struct sketch_asked){indicator, sketch->rollups[level]};
    return RC_OK;
}

enum rc sketch_make(const struct cx *cx, const struct sketch_ask *asked, struct sketch *out)
{
    *out = (struct sketch){
        .cx = cx,
        .programme = asked->of->programme,
        .tree = asked->of->tree,
    };
    TRY(find_seen(out));
    lay_out(out);
    TRY(sketch_tiers_load(out));
    for (int i = 0; i < asked->indicator_count; i++) {
        TRY(ask(out, asked, asked->indicators[i]));
    }
    return RC_OK;
}

void sketch_close(struct sketch *sketch)
{
    for (int i = 0; i < PROGRAMME_LEVELS_MAX; i++) {
        if (sketch->rollups[i] != NULL) {
            rollup_close(sketch->rollups[i]);
        }
    }
}

struct rolled sketch_value(const struct sketch *sketch, int place, int asked, struct arena *scratch)
{
    const struct sketch_asked *in = &sketch->asked[asked];

    return in->rollup->level_of[place] == NONE
               ? (struct rolled){.state = EXPR_MISSING}
               : rollup_unit(in->rollup, place, in->indicator, scratch);
}

bool sketch_number(const struct sketch *sketch, const struct rolled *rolled, int asked,
                   int64_t *out_scaled, int *out_decimals)
{
    const struct indicator *indicator =
        &sketch->programme->indicators[sketch->asked[asked].indicator];
    bool is_share = indicator->aggregate == AGGREGATE_COUNT_TRUE;

    *out_decimals = is_share ? 1 : indicator->decimals;
    return rolled->state == EXPR_KNOWN &&
           num_from_double(is_share ? 100.0 * rolled->value : rolled->value, *out_decimals,
                           out_scaled);
}

/* ---- the picture ---- */

int sketch_zoom(const struct sketch *sketch, int level)
{
    int units = 0;
    double cells = 0.0;

    for (int i = 0; i < sketch->tree->count; i++) {
        if (sketch->tree->units[i].level == level) {
            units++;
            cells += sketch->layout.cells[i];
        }
    }
    double width = 2.0 * LAYOUT_STEP_LON / 1e6 * sqrt(units == 0 ? 1.0 : cells / units);
    double zoom = ceil(log2(SKETCH_PIXELS_MIN * 360.0 / (width * SKETCH_PIXELS)));

    return zoom < 0.0 ? 0 : zoom > SKETCH_ZOOM_MAX ? SKETCH_ZOOM_MAX : (int)zoom;
}

bool sketch_box(const struct sketch *sketch, int level, struct geo_box *out)
{
    bool is_any = false;

    for (int i = 0; i < sketch->tree->count; i++) {
        const struct geo_box *box = &sketch->layout.boxes[i];
        if (sketch->tree->units[i].level != level || !sketch->is_seen[i]) {
            continue;
        }
        *out = is_any ? geo_box_join(*out, *box) : *box;
        is_any = true;
    }
    return is_any;
}
