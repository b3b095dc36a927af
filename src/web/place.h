/* Where the right of a route must hold, found out and asked for. */
#ifndef WEB_PLACE_H
#define WEB_PLACE_H

#include "web/call.h"

/* May who asks take the route? From here on he acts by the post that lets him, and sees what lies
 * where the right reaches. RC_DENIED: not logged in, or in sight without the right; RC_MISSING with
 * the words of what does not exist: out of sight. */
enum rc place_enter(struct call *call) MUST_CHECK;

#endif
