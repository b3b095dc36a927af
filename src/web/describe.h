/* The API in its own words (OpenAPI 3.1), made from the route and command tables. */
#ifndef WEB_DESCRIBE_H
#define WEB_DESCRIBE_H

#include "web/call.h"

enum rc describe_api(struct call *call) MUST_CHECK;

#endif
