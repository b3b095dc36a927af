/* Features: the units of a level as GeoJSON. */
#include <math.h>

#include "base/num.h"
#include "web/map/map_in.h"

/* ---- what is asked for ---- */

struct asked {
    struct geo_box boxes[2]; /* two where the box goes over the 180th degree */
    int box_count;           /* 0: everywhere */
    int64_t limit;
    int64_t offset;
};

static const double MILLION = 1e6;

/* A number as programs write it, exponent and all, in degrees. */
static bool read_degrees(struct act *act, str text, double *out)
{
    str copy = arena_str(&act->arena, str_trim(text));
    char *end = NULL;

    if (copy.len == 0 || strspn(copy.at, "0123456789+-.eE") != copy.len) {
        return false;
    }
    *out = strtod(copy.at, &end);
    return end == copy.at + copy.len && fabs(*out) <= 360.0;
}

/* Four numbers; or six, of which the third and the last are heights. */
static bool read_corners(struct act *act, str text, double out[static 4])
{
    double numbers[6] = {0};
    str rest = text;
    str piece = {0};
    int count = 0;

    while (rest.len > 0 && str_cut(&rest, ',', &piece)) {
        if (count == 6 || !read_degrees(act, piece, &numbers[count])) {
            return false;
        }
        count++;
    }
    int step = count / 2;
    for (int i = 0; i < 4; i++) {
        out[i] = numbers[i / 2 * step + i % 2];
    }
    return (count == 4 || count == 6) && out[1] <= out[3] && fabs(out[1]) <= 90.0 &&
           fabs(out[3]) <= 90.0;
}

static struct geo_box box_of(double west, double south, double east, double north)
{
    return (struct geo_box){
        .west = (int32_t)floor(west * MILLION),
        .south = (int32_t)floor(south * MILLION),
        .east = (int32_t)ceil(east * MILLION),
        .north = (int32_t)ceil(north * MILLION),
    };
}

static enum rc read_box(struct act *act, struct asked *out)
{
    str text = act_text(act, "bbox");
    double at[4] = {0};

    if (!act_has(act, "bbox")) {
        return RC_OK;
    }
    if (!read_corners(act, text, at)) {
        return err_set(&act->err, RC_INVALID, MSG_MAP_BOX, arg_text(text));
    }
    bool is_over = at[0] > at[2];
    out->boxes[out->box_count++] = box_of(at[0], at[1], is_over ? 360.0 : at[2], at[3]);
    if (is_over) {
        out->boxes[out->box_count++] = box_of(-360.0, at[1], at[2], at[3]);
    }
    return RC_OK;
}

/* "2024-06-30", "2024-06-30T10:00:00Z", or ".." where a stretch is open. */
static bool is_moment(str text)
{
    str day = str_part(text, 0, 10);
    date ignored = {0};

    return date_parse(day, &ignored) && (text.len == 10 || text.at[10] == 'T');
}

static bool is_time(str text)
{
    str rest = text;
    str from = {0};

    if (!str_cut(&rest, '/', &from) || from.len == text.len) {
        return is_moment(text);
    }
    bool is_from_open = from.len == 0 || str_equal(from, STR(".."));
    bool is_to_open = rest.len == 0 || str_equal(rest, STR(".."));
    return (is_from_open || is_moment(from)) && (is_to_open || is_moment(rest));
}

static enum rc read_asked(struct act *act, struct asked *out)
{
    *out = (struct asked){.limit = MAP_FEATURES};
    TRY(read_box(act, out));
    if (act_has(act, "limit")) {
        TRY(act_int(act, "limit", 1, INT32_MAX, &out->limit));
        out->limit = out->limit > MAP_FEATURES_MAX ? MAP_FEATURES_MAX : out->limit;
    }
    if (act_has(act, "offset")) {
        TRY(act_int(act, "offset", 0, INT32_MAX, &out->offset));
    }
    if (act_has(act, "datetime") && !is_time(act_text(act, "datetime"))) {
        return err_set(&act->err, RC_INVALID, MSG_MAP_TIME, arg_text(act_text(act, "datetime")));
    }
    return RC_OK;
}

/* ---- one feature ---- */

static void put_text(void *self, str key, str text)
{
    json_key(self, key);
    json_text(self, text);
}

static void put_number(void *self, str key, int64_t scaled, int decimals)
{
    json_key(self, key);
    json_fixed(self, scaled, decimals);
}

static void put_yes(void *self, str key, bool is_true)
{
    json_key(self, key);
    json_bool(self, is_true);
}

static void put_none(void *self, str key, enum property_kind kind)
{
    (void)kind;
    json_key(self, key);
    json_null(self);
}

/* The members of a feature, into a map that is open. */
static void put_feature(struct json *json, const struct mapping *mapping, int place)
{
    struct arena *arena = mapping->call->act.cx.arena;
    struct arena_mark mark = arena_mark(arena);
    const struct property_sink sink = {json, put_text, put_number, put_yes, put_none};

    put_text(json, STR("type"), STR("Feature"));
    put_text(json, STR("id"), mapping->sketch.tree->units[place].code);
    json_key(json, STR("geometry"));
    geojson_polygon(json, layout_ring(&mapping->sketch.layout, place, arena));
    json_key(json, STR("properties"));
    json_open_map(json);
    mapping_properties(mapping, place, &sink);
    json_close_map(json);
    arena_rewind(arena, mark);
}

/* ---- a list of them ---- */

static bool fits(const struct sketch *sketch, int place, int level, const struct asked *asked)
{
    bool is_met = asked->box_count == 0;

    if (sketch->tree->units[place].level != level || !sketch->is_seen[place]) {
        return false;
    }
    for (int i = 0; i < asked->box_count; i++) {
        is_met = is_met || layout_meets(&sketch->layout, place, asked->boxes[i]);
    }
    return is_met;
}

static int64_t put_features(struct json *json, const struct mapping *mapping, int level,
                            const struct asked *asked)
{
    int64_t matched = 0;

    json_key(json, STR("features"));
    json_open_list(json);
    for (int i = 0; i < mapping->sketch.tree->count; i++) {
        if (!fits(&mapping->sketch, i, level, asked)) {
            continue;
        }
        if (matched >= asked->offset && matched < asked->offset + asked->limit) {
            json_open_map(json);
            put_feature(json, mapping, i);
            json_close_map(json);
        }
        matched++;
    }
    json_close_list(json);
    return matched;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void put_list_links(struct json *json, const struct call *call, const struct asked *asked,
                           int64_t matched)
{
    const str to_collection[] = {STR("collections"), call->act.operands[0]};
    const struct link collection = {STR("collection"), MAP_JSON, STR(""),
                                    map_path(call, to_collection, COUNT_OF(to_collection))};

    json_key(json, STR("links"));
    json_open_list(json);
    put_page_link(json, call, STR("self"), asked->offset);
    put_link(json, call, &collection);
    if (asked->offset + asked->limit < matched) {
        put_page_link(json, call, STR("next"), asked->offset + asked->limit);
    }
    json_close_list(json);
}

static enum rc put_items(struct mapping *mapping, int level, const struct asked *asked)
{
    struct call *call = mapping->call;
    struct json *json = call_object(call);

    put_text(json, STR("type"), STR("FeatureCollection"));
    put_text(json, STR("notice"), mapping->notice);
    int64_t matched = put_features(json, mapping, level, asked);
    int64_t left = matched > asked->offset ? matched - asked->offset : 0;
    json_key(json, STR("numberMatched"));
    json_int(json, matched);
    json_key(json, STR("numberReturned"));
    json_int(json, least(left, asked->limit));
    put_list_links(json, call, asked, matched);
    return call_close_object(call);
}

enum rc map_items(struct call *call)
{
    struct mapping mapping;
    struct asked asked;
    bool is_known = false;
    int level = NONE;

    TRY(mapping_begin(call, &mapping, &is_known));
    TRY(mapping_level(&mapping, call->act.operands[0], &level));
    TRY(read_asked(&call->act, &asked));
    call->type = str_from(call->route->type);
    if (is_known) {
        return RC_OK;
    }
    enum rc rc = mapping_make(&mapping);
    rc = rc == RC_OK ? put_items(&mapping, level, &asked) : rc;
    sketch_close(&mapping.sketch);
    return rc;
}

/* ---- one by its code ---- */

static enum rc put_item(struct mapping *mapping, int level)
{
    struct call *call = mapping->call;
    const struct sketch *sketch = &mapping->sketch;
    str code = call->act.operands[1];
    int place = unit_tree_find_code(sketch->tree, code);

    if (place == NONE || !sketch->is_seen[place] || sketch->tree->units[place].level != level) {
        return err_set(&call->act.err, RC_MISSING, MSG_ACT_UNIT_UNKNOWN, arg_text(code));
    }
    const str to_self[] = {STR("collections"), call->act.operands[0], STR("items"), code};
    const struct link links[] = {
        {STR("self"), MAP_GEOJSON, STR(""), map_path(call, to_self, 4)},
        {STR("collection"), MAP_JSON, STR(""), map_path(call, to_self, 2)},
    };
    struct json *json = call_object(call);
    put_feature(json, mapping, place);
    json_key(json, STR("links"));
    json_open_list(json);
    put_link(json, call, &links[0]);
    put_link(json, call, &links[1]);
    json_close_list(json);
    return call_close_object(call);
}

enum rc map_item(struct call *call)
{
    struct mapping mapping;
    bool is_known = false;
    int level = NONE;

    TRY(mapping_begin(call, &mapping, &is_known));
    TRY(mapping_level(&mapping, call->act.operands[0], &level));
    call->type = str_from(call->route->type);
    if (is_known) {
        return RC_OK;
    }
    enum rc rc = mapping_make(&mapping);
    rc = rc == RC_OK ? put_item(&mapping, level) : rc;
    sketch_close(&mapping.sketch);
    return rc;
}
