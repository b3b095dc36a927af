/* The schematic map for other programs: OGC API – Features (part 1: core, GeoJSON), a collection a
 * level, and vector tiles with TileJSON. Each shows what lies in the scope of who asks. */
#ifndef WEB_MAP_MAP_H
#define WEB_MAP_MAP_H

#include "web/call.h"

enum { MAP_FEATURES = 1000, MAP_FEATURES_MAX = 10000 };

/* What they take in the query. */
extern const struct opt MAP_ITEMS_OPTS[]; /* a list of features */
extern const struct opt MAP_OPTS[];       /* all others */

enum rc map_landing(struct call *call) MUST_CHECK;
enum rc map_conformance(struct call *call) MUST_CHECK;
enum rc map_collections(struct call *call) MUST_CHECK;
enum rc map_collection(struct call *call) MUST_CHECK;
enum rc map_schema(struct call *call) MUST_CHECK;
enum rc map_items(struct call *call) MUST_CHECK;
enum rc map_item(struct call *call) MUST_CHECK;
enum rc map_tilejson(struct call *call) MUST_CHECK;
enum rc map_tile(struct call *call) MUST_CHECK;

#endif
