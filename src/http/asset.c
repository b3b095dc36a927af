/* Assets: found by path, in the packing that the client takes. */
#include "http/asset.h"

#include <stdlib.h>

#include "http/parse.h"
#include "http/parts.h"

enum { ETAG_MAX = 256 };

static int compare_path(const void *key, const void *asset)
{
    return str_compare(*(const str *)key, ((const struct http_asset *)asset)->path);
}

/* The smallest packing that the client takes. Each has a tag of its own. */
static str choose_packing(struct asked *asked, const struct http_asset *asset,
                          struct http_answer *answer)
{
    const struct {
        str coding;
        str bytes;
        str mark;
    } packings[] = {
        {STR("br"), asset->brotli, STR("-br")},
        {STR("gzip"), asset->gzip, STR("-gz")},
    };
    str taken = http_header(&asked->open, STR("accept-encoding"));
    struct buf etag;

    for (size_t i = 0; i < COUNT_OF(packings); i++) {
        asked->varies |= packings[i].bytes.len > 0;
        if (packings[i].bytes.len > 0 && parse_coding_taken(taken, packings[i].coding)) {
            buf_init(&etag, &asked->arena, ETAG_MAX);
            buf_put(&etag, asset->etag);
            buf_put(&etag, packings[i].mark);
            MUST(buf_done(&etag, &answer->etag));
            answer->body = packings[i].bytes;
            asked->varies = true;
            return packings[i].coding;
        }
    }
    return STR("");
}

bool http_answer_asset(struct http_request *request, const struct http_asset *assets, int count,
                       str path)
{
    const struct http_asset *asset =
        bsearch(&path, assets, (size_t)count, sizeof(*assets), compare_path);

    if (asset == NULL) {
        return false;
    }
    struct asked *asked = (struct asked *)request;
    struct http_answer answer = {
        .status = 200,
        .type = asset->type,
        .body = asset->bytes,
        .etag = asset->etag,
        .cache = asset->is_immutable ? HTTP_IMMUTABLE : HTTP_REVALIDATE,
    };
    asked->packing = choose_packing(asked, asset, &answer);
    http_answer(request, &answer);
    return true;
}
