/* The one thread that writes: what arrived while the last group was being committed is the next
 * group; each call in it is a savepoint, and is answered after the commit (decision 7). */
#ifndef WEB_WRITER_H
#define WEB_WRITER_H

#include "store/home.h"

struct call;
struct writer;

enum { WRITER_GROUP_MAX = 64 };

enum rc writer_start(struct home *home, struct arena *arena, struct writer **out,
                     struct err *err) MUST_CHECK;
/* Hand over a call whose request was deferred. */
void writer_put(struct writer *writer, struct call *call);
/* Finish what was handed over, then end. NULL is fine. */
void writer_stop(struct writer *writer);

#endif
