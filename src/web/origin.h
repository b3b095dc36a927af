/* Where a request comes from: our own pages, a program, or a page of another site. */
#ifndef WEB_ORIGIN_H
#define WEB_ORIGIN_H

#include <stdbool.h>

#include "base/str.h"

/* What the heads Sec-Fetch-Site, Origin and Host say; "" where one is absent. A browser that says
 * where it comes from is believed; one that says only the origin comes from elsewhere unless that
 * is the host asked for, whose port a proxy may have left out. Programs send neither. */
bool origin_is_elsewhere(str site, str origin, str host);

#endif
