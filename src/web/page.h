/* The plain page of a server: what it is, where the interface is described, and the accounts for
 * trying out a demonstration. It needs no script. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "web/call.h"

enum rc page_front(struct call *call) MUST_CHECK;
/* Log in as the demonstration account of a post at a level. RC_MISSING where nothing is tried out:
 * no demonstration, reached from elsewhere than this machine, or through a proxy. */
enum rc page_try_out(struct call *call) MUST_CHECK;
/* Let the owner in by his key. RC_DENIED: used already, too late, or not the key. */
enum rc page_enter(struct call *call) MUST_CHECK;
enum rc page_leave(struct call *call) MUST_CHECK;

#endif
