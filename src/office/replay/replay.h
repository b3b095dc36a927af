/* Is the trace what it was, and are the tables what it says? Written apart from what writes the
 * trace: it shares the reading of rows, SHA-256 and the signature, and nothing else. */
#ifndef OFFICE_REPLAY_REPLAY_H
#define OFFICE_REPLAY_REPLAY_H

#include "office/audit/checkpoint.h"
#include "office/audit/replay.h"

/* Every log: its events without a gap, each as its digest says; the tree over them against the
 * kept nodes, the head, and every root that was ever signed. `rows` counts events. */
enum rc replay_logs(const struct cx *cx, struct replay_count *out) MUST_CHECK;

/* Every checkpoint: in order, signed by this key, its root that over the heads it lists; and the
 * newest covers every event there is. `rows` counts checkpoints. */
enum rc replay_checkpoints(const struct cx *cx, const struct sign_public *key,
                           struct replay_count *out) MUST_CHECK;

/* Is a checkpoint that somebody else kept (a witness, a report) one of ours, word for word? What
 * was cut off or put back since, or grew another way, is refused. */
enum rc replay_note(const struct cx *cx, str text) MUST_CHECK;

/* The tables of all rooms: call with 0, 1, … until it answers NULL. */
const struct replay_table *replay_table_at(int place);

#endif
