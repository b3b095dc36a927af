/* What a request asks for, into an act: by the options and operands of its command. */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "web/call.h"

enum { FORM_BYTES_MAX = 1 << 20, FORM_MEMBERS_MAX = 64, FORM_VALUE_BYTES_MAX = 64 << 10 };

/* Words in braces of the path, then the query or the JSON map. RC_INVALID: a name that the command
 * does not know, a value of another kind, something missing. */
enum rc form_read(struct call *call) MUST_CHECK;

#endif
