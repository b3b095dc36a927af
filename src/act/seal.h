/* The key that seals what a copy of the database must not give away: one-time code secrets. */
#ifndef ACT_SEAL_H
#define ACT_SEAL_H

#include "act/act.h"
#include "crypt/crypt.h"

/* "seal.key" of the data directory, mode 0400; made when there is none and `may_make`, else
 * RC_MISSING without touching `err`. RC_BROKEN when others may read it or it is damaged. Whoever
 * runs acts for people sets cx.seal to it. Backups leave it out: after restoring one without it,
 * one-time codes are set up anew. */
enum rc seal_key_of(struct act *act, bool may_make, struct seal_key *out) MUST_CHECK;

#endif
