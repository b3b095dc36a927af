/* Logging in and out over the network. */
#ifndef WEB_ACCOUNT_H
#define WEB_ACCOUNT_H

#include "web/call.h"

/* The 60 ms of a password, on a worker; at most two at once. */
enum rc account_weigh(struct call *call) MUST_CHECK;
/* The same of somebody whose login is known. */
enum rc account_weigh_as(struct call *call, str name) MUST_CHECK;
/* What takes as long stands between these. */
void account_take_turn(void);
void account_end_turn(void);
enum rc account_log_in(struct call *call) MUST_CHECK;
/* The session's cookie goes with the answer. */
void account_let_in(struct call *call, str token);
enum rc account_log_out(struct call *call) MUST_CHECK;
/* Who I am: login, name, posts held today. */
enum rc account_who(struct call *call) MUST_CHECK;

#endif
