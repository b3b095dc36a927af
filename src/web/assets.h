/* The files that are built into the program and served to everybody, sorted by path. */
#ifndef WEB_ASSETS_H
#define WEB_ASSETS_H

#include "http/asset.h"

extern const struct http_asset ASSETS[];
extern const int ASSET_COUNT;

#endif
