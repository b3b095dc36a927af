/* The pages around the features: landing, conformance, collections, TileJSON. */
#include "web/map/map_in.h"

static void put_pair(struct json *json, str key, str text)
{
    json_key(json, key);
    json_text(json, text);
}

static str text_with(const struct call *call, enum msg_id msg, str with)
{
    const struct arg args[] = {arg_text(with)};
    struct buf buf;
    str text = {0};

    buf_init(&buf, call->act.cx.arena, 64 << 10);
    msg_put(&buf, call->act.cx.lang, msg, args, COUNT_OF(args));
    return buf_done(&buf, &text) ? text : with;
}

static void put_links(struct json *json, const struct call *call, const struct link *links,
                      size_t count)
{
    json_key(json, STR("links"));
    json_open_list(json);
    for (size_t i = 0; i < count; i++) {
        put_link(json, call, &links[i]);
    }
    json_close_list(json);
}

static const str API_TYPE = STR_INIT("application/vnd.oai.openapi+json;version=3.1");

enum rc map_landing(struct call *call)
{
    enum lang lang = call->act.cx.lang;
    struct json *json = call_object(call);
    const struct link links[] = {
        {STR("self"), MAP_JSON, STR(""), STR("/map")},
        {STR("service-desc"), API_TYPE, STR(""), STR("/map/api")},
        {STR("conformance"), MAP_JSON, STR(""), STR("/map/conformance")},
        {STR("data"), MAP_JSON, STR(""), STR("/map/collections")},
        {STR("related"), MAP_JSON, msg_text(lang, MSG_MAP_TILES), STR("/map/tiles")},
    };

    put_pair(json, STR("title"),
             text_with(call, MSG_MAP_TITLE, text_in(call->programme->name, lang)));
    put_pair(json, STR("description"), msg_text(lang, MSG_MAP_WHAT));
    put_pair(json, STR("attribution"), msg_text(lang, MSG_MAP_NOTICE));
    put_links(json, call, links, COUNT_OF(links));
    return call_close_object(call);
}

enum rc map_conformance(struct call *call)
{
    static const str CLASSES[] = {
        STR_INIT("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"),
        STR_INIT("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson"),
    };
    struct json *json = call_object(call);

    json_key(json, STR("conformsTo"));
    json_open_list(json);
    for (size_t i = 0; i < COUNT_OF(CLASSES); i++) {
        json_text(json, CLASSES[i]);
    }
    json_close_list(json);
    return call_close_object(call);
}

static void put_extent(struct json *json, struct geo_box box)
{
    json_key(json, STR("extent"));
    json_open_map(json);
    json_key(json, STR("spatial"));
    json_open_map(json);
    json_key(json, STR("bbox"));
    json_open_list(json);
    geojson_box(json, box);
    json_close_list(json);
    put_pair(json, STR("crs"), MAP_CRS84);
    json_close_map(json);
    json_close_map(json);
}

static void put_collection(struct json *json, const struct mapping *mapping, int level)
{
    const struct call *call = mapping->call;
    const struct level *about = &call->programme->levels[level];
    const str to_self[] = {STR("collections"), about->id};
    const str to_schema[] = {STR("collections"), about->id, STR("schema")};
    const str to_items[] = {STR("collections"), about->id, STR("items")};
    const struct link links[] = {
        {STR("self"), MAP_JSON, STR(""), map_path(call, to_self, COUNT_OF(to_self))},
        {STR("describedBy"), STR("application/schema+json"), STR(""),
         map_path(call, to_schema, COUNT_OF(to_schema))},
        {STR("items"), MAP_GEOJSON, STR(""), map_path(call, to_items, COUNT_OF(to_items))},
    };
    struct geo_box box = {0};

    put_pair(json, STR("id"), about->id);
    put_pair(json, STR("title"),
             text_with(call, MSG_MAP_LEVEL, text_in(about->name, call->act.cx.lang)));
    put_pair(json, STR("description"), msg_text(call->act.cx.lang, MSG_MAP_WHAT));
    put_pair(json, STR("attribution"), mapping->notice);
    put_pair(json, STR("itemType"), STR("feature"));
    if (sketch_box(&mapping->sketch, level, &box)) {
        put_extent(json, box);
    }
    json_key(json, STR("crs"));
    json_open_list(json);
    json_text(json, MAP_CRS84);
    json_close_list(json);
    put_links(json, call, links, COUNT_OF(links));
}

static enum rc put_collections(struct mapping *mapping)
{
    struct call *call = mapping->call;
    struct json *json = call_object(call);
    const struct link links[] = {{STR("self"), MAP_JSON, STR(""), STR("/map/collections")}};

    put_links(json, call, links, COUNT_OF(links));
    json_key(json, STR("collections"));
    json_open_list(json);
    for (int level = 0; level < call->programme->level_count; level++) {
        json_open_map(json);
        put_collection(json, mapping, level);
        json_close_map(json);
    }
    json_close_list(json);
    return call_close_object(call);
}

/* The map, then what is written of it; it is closed in any case. */
static enum rc with_map(struct call *call, enum rc (*put)(struct mapping *mapping))
{
    struct mapping mapping;
    bool is_known = false;

    TRY(mapping_begin(call, &mapping, &is_known));
    if (is_known) {
        return RC_OK;
    }
    enum rc rc = mapping_make(&mapping);
    rc = rc == RC_OK ? put(&mapping) : rc;
    sketch_close(&mapping.sketch);
    return rc;
}

enum rc map_collections(struct call *call)
{
    return with_map(call, put_collections);
}

static enum rc put_one(struct mapping *mapping)
{
    struct call *call = mapping->call;
    int level = NONE;

    TRY(mapping_level(mapping, call->act.operands[0], &level));
    put_collection(call_object(call), mapping, level);
    return call_close_object(call);
}

enum rc map_collection(struct call *call)
{
    return with_map(call, put_one);
}

/* ---- what a feature is, by the names and types of its properties (JSON Schema) ---- */

static void put_type(struct json *json, str key, str type)
{
    json_key(json, key);
    json_open_map(json);
    put_pair(json, STR("type"), type);
    json_close_map(json);
}

static const str TYPES[] = {
    [PROPERTY_TEXT] = STR_INIT("string"),
    [PROPERTY_WHOLE] = STR_INIT("integer"),
    [PROPERTY_NUMBER] = STR_INIT("number"),
    [PROPERTY_YES] = STR_INIT("boolean"),
};

static void type_text(void *self, str key, str text)
{
    (void)text;
    put_type(self, key, TYPES[PROPERTY_TEXT]);
}

static void type_number(void *self, str key, int64_t scaled, int decimals)
{
    (void)scaled;
    put_type(self, key, TYPES[decimals == 0 ? PROPERTY_WHOLE : PROPERTY_NUMBER]);
}

static void type_yes(void *self, str key, bool is_true)
{
    (void)is_true;
    put_type(self, key, TYPES[PROPERTY_YES]);
}

static void type_none(void *self, str key, enum property_kind kind)
{
    put_type(self, key, TYPES[kind]);
}

/* All features of a level have the same properties: those of the first in sight tell. */
static enum rc put_schema(struct mapping *mapping)
{
    struct call *call = mapping->call;
    const struct sketch *sketch = &mapping->sketch;
    int level = NONE;
    int place = 0;

    TRY(mapping_level(mapping, call->act.operands[0], &level));
    struct json *json = call_object(call);
    const struct property_sink sink = {json, type_text, type_number, type_yes, type_none};
    put_pair(json, STR("$schema"), STR("https://json-schema.org/draft/2020-12/schema"));
    put_pair(json, STR("type"), STR("object"));
    json_key(json, STR("properties"));
    json_open_map(json);
    put_type(json, STR("id"), TYPES[PROPERTY_TEXT]);
    json_key(json, STR("properties"));
    json_open_map(json);
    put_pair(json, STR("type"), STR("object"));
    json_key(json, STR("properties"));
    json_open_map(json);
    while (place < sketch->tree->count &&
           (sketch->tree->units[place].level != level || !sketch->is_seen[place])) {
        place++;
    }
    if (place < sketch->tree->count) {
        mapping_properties(mapping, place, &sink);
    }
    json_close_map(json);
    json_close_map(json);
    json_close_map(json);
    return call_close_object(call);
}

enum rc map_schema(struct call *call)
{
    call->type = str_from(call->route->type);
    return with_map(call, put_schema);
}

/* ---- TileJSON ---- */

/* A layer a level, each from the zoom on where its units can be told apart. */
static void put_layers(struct json *json, const struct mapping *mapping)
{
    const struct programme *programme = mapping->call->programme;

    json_key(json, STR("vector_layers"));
    json_open_list(json);
    for (int level = 0; level < programme->level_count; level++) {
        json_open_map(json);
        put_pair(json, STR("id"), programme->levels[level].id);
        put_pair(json, STR("description"),
                 text_in(programme->levels[level].name, mapping->call->act.cx.lang));
        json_key(json, STR("minzoom"));
        json_int(json, sketch_zoom(&mapping->sketch, level));
        json_key(json, STR("maxzoom"));
        json_int(json, SKETCH_ZOOM_MAX);
        json_key(json, STR("fields"));
        json_open_map(json);
        put_pair(json, STR("code"), STR("String"));
        put_pair(json, STR("name"), STR("String"));
        put_pair(json, STR("tier"), STR("String"));
        json_close_map(json);
        json_close_map(json);
    }
    json_close_list(json);
}

static enum rc put_tilejson(struct mapping *mapping)
{
    struct call *call = mapping->call;
    enum lang lang = call->act.cx.lang;
    struct json *json = call_object(call);
    struct geo_box all = {0};
    bool is_any = false;

    put_pair(json, STR("tilejson"), STR("3.0.0"));
    put_pair(json, STR("name"),
             text_with(call, MSG_MAP_TITLE, text_in(call->programme->name, lang)));
    put_pair(json, STR("description"), msg_text(lang, MSG_MAP_WHAT));
    put_pair(json, STR("attribution"), mapping->notice);
    put_pair(json, STR("scheme"), STR("xyz"));
    json_key(json, STR("tiles"));
    json_open_list(json);
    json_text(json, map_address(call, STR("/map/tiles/{z}/{x}/{y}.mvt")));
    json_close_list(json);
    json_key(json, STR("minzoom"));
    json_int(json, sketch_zoom(&mapping->sketch, mapping->sketch.tree->units[0].level));
    json_key(json, STR("maxzoom"));
    json_int(json, SKETCH_ZOOM_MAX);
    for (int level = 0; level < call->programme->level_count; level++) {
        struct geo_box box = {0};
        if (sketch_box(&mapping->sketch, level, &box)) {
            all = is_any ? geo_box_join(all, box) : box;
            is_any = true;
        }
    }
    if (is_any) {
        json_key(json, STR("bounds"));
        geojson_box(json, all);
    }
    put_layers(json, mapping);
    return call_close_object(call);
}

enum rc map_tilejson(struct call *call)
{
    return with_map(call, put_tilejson);
}
