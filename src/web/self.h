/* What somebody does about his own account over the network: password, one-time codes, sessions,
 * tokens. */
#ifndef WEB_SELF_H
#define WEB_SELF_H

#include "web/call.h"

/* Prove anew who one is, by the password (and code): approving asks for it. Answers as a log-in. */
enum rc self_weigh(struct call *call) MUST_CHECK;
enum rc self_prove(struct call *call) MUST_CHECK;
/* Another password, "new", for the one at hand; all other sessions end. */
enum rc self_weigh_new(struct call *call) MUST_CHECK;
enum rc self_set_password(struct call *call) MUST_CHECK;
/* The first password, by a start token; nobody has to have logged in. */
enum rc self_weigh_first(struct call *call) MUST_CHECK;
enum rc self_start(struct call *call) MUST_CHECK;
/* A secret for one-time codes, shown once; it is in force when a code of it was given, which shows
 * the recovery codes. Both want a fresh session. */
enum rc self_offer_codes(struct call *call) MUST_CHECK;
enum rc self_confirm_codes(struct call *call) MUST_CHECK;
/* One's own sessions and tokens; end one; ask for a token. */
enum rc self_sessions(struct call *call) MUST_CHECK;
enum rc self_end_session(struct call *call) MUST_CHECK;
enum rc self_add_token(struct call *call) MUST_CHECK;

#endif
