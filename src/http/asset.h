/* Files built into the program and served as they are: the console, fonts, the map's style. */
#ifndef HTTP_ASSET_H
#define HTTP_ASSET_H

#include "http/http.h"

/* A file built into the program. Tables are sorted by path. */
struct http_asset {
    str path; /* "/assets/app.3f9c.js" */
    str type;
    str bytes;
    str gzip; /* packed beforehand; "": none */
    str brotli;
    str etag;
    bool is_immutable; /* its name has its hash */
};
/* Answer with the asset of that path in the packing the client takes; false when there is none. */
bool http_answer_asset(struct http_request *request, const struct http_asset *assets, int count,
                       str path);

#endif
