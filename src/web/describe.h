/* The API in its own words (OpenAPI 3.1), made from the route and command tables. */
#ifndef WEB_DESCRIBE_H
#define WEB_DESCRIBE_H

#include "format/json/json.h"
#include "web/call.h"

/* The members of the description, into an open map. */
void describe_put(struct json *json, enum lang lang, struct arena *arena);

/* GET /api */
enum rc describe_api(struct call *call) MUST_CHECK;

#endif
