/* What the files of this concept share. */
#ifndef OFFICE_ACCOUNT_ACCOUNT_IN_H
#define OFFICE_ACCOUNT_ACCOUNT_IN_H

#include "office/account/session.h"

/* Of the whole office's log: who (a person's id) and what (a session, a post, a kind). No names. */
enum rc account_event(const struct cx *cx, str kind, int64_t person, int64_t what) MUST_CHECK;

/* RC_MISSING without a message. */
enum rc account_seek(const struct cx *cx, str login, struct person *out) MUST_CHECK;
enum rc account_keep_record(const struct cx *cx, int64_t person, str record) MUST_CHECK;

/* The step whose code it is, 0 when it is none's; using one up is RC_CONFLICT when somebody was
 * faster, a recovery code that is none likewise. */
enum rc account_totp_fits(const struct cx *cx, const struct person *person, str code,
                          int64_t *out_step) MUST_CHECK;
enum rc account_use_step(const struct cx *cx, int64_t person, int64_t step) MUST_CHECK;
enum rc account_use_recovery(const struct cx *cx, int64_t person, str code) MUST_CHECK;

/* The last step of a log-in: a session of its own, or a new token for the one it proves anew. */
enum rc account_begin_session(const struct cx *cx, struct login *login) MUST_CHECK;
enum rc account_renew_session(const struct cx *cx, struct login *login) MUST_CHECK;

/* Rows that every act which changes them stamps. */
extern const struct stamped PERSON_STAMPED;
extern const struct stamped SALT_STAMPED; /* with it, names */
extern const struct stamped HELD_STAMPED;

#endif
