/* Files that are sent first and named afterwards. */
#ifndef WEB_FILE_H
#define WEB_FILE_H

#include "web/call.h"

/* Keep the body under its hash; the answer's "file" names it: "sha256:<digits>/<name>". */
enum rc file_keep(struct call *call) MUST_CHECK;

#endif
