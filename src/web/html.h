/* Text into HTML, by the place where it lands. */
#ifndef WEB_HTML_H
#define WEB_HTML_H

#include "base/buf.h"

/* Between tags, or in an attribute between double quotes. */
void html_text(struct buf *out, str text);

#endif
