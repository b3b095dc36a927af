/* Long acts in two phases: they read and compute on a thread of their own, beside everybody else,
 * and write in the writer's group once what they have read is known to stand. */
#ifndef WEB_PHASE_H
#define WEB_PHASE_H

#include "web/call.h"

/* Run a call; `is_whole`: all of it in the writer's group, where nothing can have changed. With
 * call->is_stale it was for nothing, and may be tried anew with another call. `at_end` (NULL:
 * nothing) is done in the transaction that wrote, where there is one and all went well. */
void phase_run(struct call *call, bool is_whole, enum rc (*at_end)(struct call *call));

/* Of the door of requests: see act_begin_write. */
enum rc phase_begin_write(struct act *act, const struct unit_tree *tree, int within) MUST_CHECK;

#endif
