/* The owner of the data directory in a browser: he who started the server (`wancun ui`) may do over
 * HTTP what he may do at the command line. One key lets one browser in, once and soon; what stays
 * of it is a token in the server's memory, which ends with the server. */
#ifndef WEB_OWNER_H
#define WEB_OWNER_H

#include "base/arena.h"
#include "base/str.h"

#define OWNER_ENTER_MS   ((int64_t)3 * 60 * 1000)
#define OWNER_SESSION_MS ((int64_t)12 * 60 * 60 * 1000)

struct owner;
/* `name` is how events name him: "local:<user>". Lives in the arena. */
struct owner *owner_new(struct arena *arena, str name);
/* A key that lets one browser in until OWNER_ENTER_MS from now; one made before is worth nothing.
 */
str owner_invite(struct owner *owner, int64_t now_ms, struct arena *arena);
/* The token for whoever shows the key first; false: it is not the key, or too late. */
bool owner_enter(struct owner *owner, str key, int64_t now_ms, struct arena *arena, str *out_token);
/* Is it the owner's? NULL is nobody's. */
bool owner_is(struct owner *owner, str token, int64_t now_ms);
void owner_leave(struct owner *owner);
str owner_name(const struct owner *owner);

#endif
