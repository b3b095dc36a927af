/* What a feature says of itself. */
#include "web/map/map_in.h"

static const str UNDECIDED = STR_INIT("undecided");

static str joined(const struct mapping *mapping, str a, str b)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, mapping->call->act.cx.arena, 1024);
    buf_put(&buf, a);
    buf_put(&buf, b);
    MUST(buf_done(&buf, &text));
    return text;
}

static str period_text(const struct mapping *mapping, struct period period)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, mapping->call->act.cx.arena, 32);
    period_put(&buf, period);
    MUST(buf_done(&buf, &text));
    return text;
}

static void put_no_tier(const struct property_sink *sink)
{
    sink->none(sink->self, STR("tier"), PROPERTY_TEXT);
    sink->none(sink->self, STR("tier_letter"), PROPERTY_TEXT);
    sink->none(sink->self, STR("tier_name"), PROPERTY_TEXT);
    sink->none(sink->self, STR("tier_run"), PROPERTY_TEXT);
    sink->none(sink->self, STR("tier_period"), PROPERTY_TEXT);
    sink->none(sink->self, STR("tier_approved"), PROPERTY_YES);
}

/* The tier that a run has found, or that it could find none. */
static void put_found(const struct mapping *mapping, const struct sketch_tiering *tiering, int tier,
                      const struct property_sink *sink)
{
    if (tier == TIER_NONE) {
        sink->text(sink->self, STR("tier"), UNDECIDED);
        sink->none(sink->self, STR("tier_letter"), PROPERTY_TEXT);
        sink->none(sink->self, STR("tier_name"), PROPERTY_TEXT);
        return;
    }
    const struct tier *found = &mapping->sketch.programme->tiers[tiering->first + tier];
    sink->text(sink->self, STR("tier"), found->id);
    sink->text(sink->self, STR("tier_letter"), found->letter);
    sink->text(sink->self, STR("tier_name"), text_in(found->name, mapping->call->act.cx.lang));
}

/* Its own tier, and by which run. */
static void put_tier(const struct mapping *mapping, int place, const struct property_sink *sink)
{
    const struct sketch *sketch = &mapping->sketch;
    const struct sketch_tiering *tiering = &sketch->tierings[sketch->tree->units[place].level];
    int tier = sketch->tiers[place];

    if (tiering->scheme == NULL || tier == SKETCH_NO_TIER) {
        put_no_tier(sink);
        return;
    }
    put_found(mapping, tiering, tier, sink);
    sink->text(sink->self, STR("tier_run"), cx_number(sketch->cx, tiering->run.id));
    sink->text(sink->self, STR("tier_period"), period_text(mapping, tiering->run.period));
    sink->yes(sink->self, STR("tier_approved"), tiering->is_approved);
}

/* How many of the units in it have each tier. */
static void put_counts(const struct mapping *mapping, int place, const struct property_sink *sink)
{
    const struct sketch *sketch = &mapping->sketch;

    if (sketch->counted == NONE || sketch->tree->units[place].level >= sketch->counted) {
        return;
    }
    const struct sketch_tiering *tiering = &sketch->tierings[sketch->counted];
    for (int i = 0; i < sketch->stride; i++) {
        str id = i == tiering->count ? UNDECIDED : sketch->programme->tiers[tiering->first + i].id;
        sink->number(sink->self, joined(mapping, STR("count_"), id),
                     sketch->counts[place * sketch->stride + i], 0);
    }
}

/* A value, and of how many units that have to do with it how many are known. */
static void put_value(const struct mapping *mapping, int place, int asked,
                      const struct property_sink *sink)
{
    const struct sketch *sketch = &mapping->sketch;
    str id = sketch->programme->indicators[sketch->asked[asked].indicator].id;
    struct rolled rolled = sketch_value(sketch, place, asked, sketch->cx->arena);
    int64_t scaled = 0;
    int decimals = 0;

    if (sketch_number(sketch, &rolled, asked, &scaled, &decimals)) {
        sink->number(sink->self, id, scaled, decimals);
    } else {
        sink->none(sink->self, id, decimals == 0 ? PROPERTY_WHOLE : PROPERTY_NUMBER);
    }
    sink->number(sink->self, joined(mapping, id, STR("_known")), rolled.known, 0);
    sink->number(sink->self, joined(mapping, id, STR("_of")), rolled.applicable, 0);
}

void mapping_properties(const struct mapping *mapping, int place, const struct property_sink *sink)
{
    const struct sketch *sketch = &mapping->sketch;
    const struct unit *unit = &sketch->tree->units[place];

    sink->text(sink->self, STR("code"), unit->code);
    sink->text(sink->self, STR("name"), unit->name);
    sink->text(sink->self, STR("level"), sketch->programme->levels[unit->level].id);
    if (unit->parent != NONE && sketch->is_seen[unit->parent]) {
        sink->text(sink->self, STR("parent"), sketch->tree->units[unit->parent].code);
    } else {
        sink->none(sink->self, STR("parent"), PROPERTY_TEXT);
    }
    sink->number(sink->self, STR("size"), sketch->layout.cells[place], 0);
    put_tier(mapping, place, sink);
    put_counts(mapping, place, sink);
    for (int i = 0; i < sketch->asked_count; i++) {
        put_value(mapping, place, i, sink);
    }
    sink->text(sink->self, STR("notice"), mapping->notice);
}
