/* What the parts of the map's interface share. */
#ifndef WEB_MAP_MAP_IN_H
#define WEB_MAP_MAP_IN_H

#include "act/load.h"
#include "format/json/geojson.h"
#include "office/sketch/sketch.h"
#include "web/map/map.h"

/* An answer about the map: what is asked for, and the map when it had to be made. */
struct mapping {
    struct call *call;
    struct office office;
    struct period period; /* key 0: of today, without indicators */
    int indicators[SKETCH_INDICATORS_MAX];
    int indicator_count;
    struct sketch sketch;
    str notice; /* in every feature: what the map is not */
};

/* Read what is asked for, and name the state of the answer by its etag. `*out_is_known`: whoever
 * asks has it already, and the answer needs no body. */
enum rc mapping_begin(struct call *call, struct mapping *out, bool *out_is_known) MUST_CHECK;
/* Make the map. To be closed by sketch_close, whatever comes of it. */
enum rc mapping_make(struct mapping *mapping) MUST_CHECK;
/* The level of the path's word. */
enum rc mapping_level(struct mapping *mapping, str id, int *out) MUST_CHECK;

/* Everything a feature says of itself, piece by piece; all features of a level in the same order.
 */
enum property_kind { PROPERTY_TEXT, PROPERTY_WHOLE, PROPERTY_NUMBER, PROPERTY_YES };
struct property_sink {
    void *self;
    void (*text)(void *self, str key, str text);
    void (*number)(void *self, str key, int64_t scaled, int decimals);
    void (*yes)(void *self, str key, bool is_true);
    /* A property of that kind of which nothing is known: every feature of a level has the same. */
    void (*none)(void *self, str key, enum property_kind kind);
};
void mapping_properties(const struct mapping *mapping, int place, const struct property_sink *sink);

/* Links, by the name under which the server was reached. */
struct link {
    str rel;
    str type;
    str title; /* "" none */
    str path;  /* below "/api": "/map/collections" */
};
void put_link(struct json *json, const struct call *call, const struct link *link);
/* The same of what was asked, from another offset on. */
void put_page_link(struct json *json, const struct call *call, str rel, int64_t offset);
/* "https://name/api" and what is added, percent-encoded but for '/', '{' and '}'; the
 * period and indicators that are looked at go along. */
str map_address(const struct call *call, str path);
/* "/map/a/b" of "a" and "b" */
str map_path(const struct call *call, const str *parts, int count);

extern const str MAP_JSON;
extern const str MAP_GEOJSON;
extern const str MAP_CRS84;

#endif
