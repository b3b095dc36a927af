/* The key that signs the office's checkpoints, and signing with it. */
#ifndef ACT_TRACE_H
#define ACT_TRACE_H

#include "act/act.h"
#include "crypt/crypt.h"

/* The key as a file of mode 0400 at `path`; made when there is none and `may_make`, else
 * RC_MISSING without a message. RC_DENIED when others can read it. */
enum rc trace_key(struct act *act, str path, bool may_make, struct sign_key *out) MUST_CHECK;

/* Sign a checkpoint over what the act wrote, with the key of the data directory. Every door calls
 * it inside the transaction of a writing act, just before office_leave. */
enum rc trace_sign(struct act *act) MUST_CHECK;

/* The public key of the data directory; RC_MISSING without a message. */
enum rc trace_public(struct act *act, struct sign_public *out) MUST_CHECK;

#endif
