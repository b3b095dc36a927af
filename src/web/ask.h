/* Requests for long work that nobody waits for: kept as jobs, and made again when their turn comes.
 */
#ifndef WEB_ASK_H
#define WEB_ASK_H

#include "web/call.h"

/* Does the request say "Prefer: respond-async"? */
bool ask_is_wanted(const struct http_request *request);

/* Pack the request of a call whose right was asked, its body kept as a file; out->id 0. */
enum rc ask_pack(struct call *call, struct job *out) MUST_CHECK;

/* The request as it was, but for who asked (call->job says so): headers and query that matter, and
 * the body. `to` has an arena, a lane and no body; its `user` is its route. RC_MISSING: this
 * program has no such route. */
enum rc ask_unpack(const struct job *job, struct home *home, struct http_request *to,
                   struct err *err) MUST_CHECK;
/* Let go of its body. */
void ask_close(struct http_request *request);

#endif
