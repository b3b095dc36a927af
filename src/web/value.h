/* One value as it stands: {"unit":…,"indicator":…,"period":…,"value":…,"source":…}. */
#ifndef WEB_VALUE_H
#define WEB_VALUE_H

#include "office/indicator/panel.h"
#include "web/call.h"

/* RC_MISSING: no such indicator, or one that is computed and not kept. */
enum rc value_show(struct call *call) MUST_CHECK;
/* The same from what the loop remembers, for whoever may read it; false: not from there. */
bool value_quick(struct server *server, struct http_request *request,
                 const struct route_match *match);

struct value_asked {
    const struct programme *programme;
    const struct numbers *numbers;
    str code;
    const struct unit_address *addresses;
    int address_count;
    int indicator; /* place in the programme */
    struct period period;
};
/* Read it and put it into an open map. */
enum rc value_tell_json(const struct cx *cx, const struct value_asked *asked,
                        struct json *json) MUST_CHECK;

#endif
