/* What a loop remembers between requests, so that the shortest of them need not ask the database
 * again: definition, units, who shows which token, values already told.
 *
 * It holds only while nothing has been committed: the server is the only one that writes, and its
 * writer raises server->version after each commit and before anybody is told of it. What was read
 * after the version was looked at is at least as new as the version. Definition and units stay
 * longer: as long as no event has changed them. Belongs to one thread. */
#ifndef WEB_KNOWN_H
#define WEB_KNOWN_H

#include "office/access/actor.h"
#include "office/indicator/panel.h"
#include "web/server.h"

enum {
    KNOWN_PERSONS_MAX = 256,
    KNOWN_VALUES_MAX = 1 << 15,
    KNOWN_BYTES_MAX = 32 << 20, /* then it begins anew */
    KNOWN_AGE_MAX_MS = 60000,   /* the same, whatever happens */
};

struct known;
/* For the connection of the lane; nothing is read before it is asked. */
struct known *known_open(struct server *server, int lane);
/* NULL is fine. */
void known_close(struct known *known);

/* Who shows the token, with what he may do now; NULL: nobody who is let in, or the database does
 * not answer: ask in the long way, which also says why. */
const struct actor *known_actor(struct known *known, str token, int64_t now_ms);

/* After known_actor: units and definition as they stand. */
const struct unit_tree *known_tree(const struct known *known);
const struct programme *known_programme(const struct known *known);

struct known_value {
    int place; /* in the tree */
    int indicator;
    struct period period;
};
/* What is told of a value, as JSON; false: ask in the long way. */
bool known_text(struct known *known, const struct known_value *value, int64_t now_ms, str *out);

#endif
