/* Checkpoints: one signed head over the heads of all logs. Its tree has a leaf a log, in order of
 * id: the log's id, size and root in the encoding of events. */
#ifndef OFFICE_AUDIT_CHECKPOINT_H
#define OFFICE_AUDIT_CHECKPOINT_H

#include "office/audit/note.h"

/* The head of one log at a checkpoint. */
struct log_head {
    struct unit_id log;
    struct merkle_claim at;
};
struct log_heads {
    struct log_head *heads; /* in order of log */
    int count;
};

/* Sign the heads as they stand. RC_OK and `*out_is_made` false when no log has grown since the
 * checkpoint before. Whoever writes calls it in the same transaction, last: a command once, a
 * server once a group of acts. Nothing that is committed is unsigned. */
enum rc checkpoint_sign(const struct cx *cx, const struct sign_key *key,
                        bool *out_is_made) MUST_CHECK;

/* The newest; RC_MISSING leaves err alone. */
enum rc checkpoint_newest(const struct cx *cx, struct note *out) MUST_CHECK;
/* That of a number, with its text as it was signed; RC_MISSING leaves err alone. */
enum rc checkpoint_get(const struct cx *cx, int64_t number, str *out_text,
                       struct note *out) MUST_CHECK;
/* The heads that a checkpoint signed; they live in cx->arena. */
enum rc checkpoint_heads(const struct cx *cx, int64_t number, struct log_heads *out) MUST_CHECK;
/* The leaf of one head, and the root over all. */
str checkpoint_leaf(const struct log_head *head, struct arena *arena);
struct hash checkpoint_root(const struct log_heads *heads, struct arena *arena);

#endif
