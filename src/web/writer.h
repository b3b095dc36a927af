/* The one thread that writes: what arrived while the last group was being committed is the next
 * group; each call in it is a savepoint, and is answered after the commit (decision 7). */
#ifndef WEB_WRITER_H
#define WEB_WRITER_H

#include "store/home.h"

struct call;
struct log;
struct writer;

enum { WRITER_GROUP_MAX = 64 };

enum rc writer_start(struct home *home, struct log *log, struct arena *arena, struct writer **out,
                     struct err *err) MUST_CHECK;
/* Hand over a call whose request was deferred. */
void writer_put(struct writer *writer, struct call *call);
/* For a thread that runs its call itself: wait for the writer's connection, which is the call's
 * until it leaves; meanwhile the group waits. A failure: the call is over. */
enum rc writer_enter(struct writer *writer, struct call *call) MUST_CHECK;
/* Give it back, with the outcome in call->rc, and wait for the commit: then call->rc is final. */
void writer_leave(struct writer *writer, struct call *call);
/* Finish what was handed over, then end. NULL is fine. */
void writer_stop(struct writer *writer);

#endif
