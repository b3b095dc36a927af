/* Any bytes as each text of a request: the first byte says which. What is accepted must be what its
 * callers rely on. */
#include <stdint.h>

#include "base/utf8.h"
#include "http/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PAIRS_MAX = 8, KINDS = 8 };

static void try_path(str text, struct arena *arena)
{
    struct parse_path path = {0};

    if (parse_path(text, arena, &path)) {
        for (int i = 0; i < path.count; i++) {
            str segment = path.segments[i];
            MUST(segment.len > 0 && utf8_is_valid(segment));
            MUST(memchr(segment.at, '/', segment.len) == NULL);
            MUST(memchr(segment.at, 0, segment.len) == NULL);
            MUST(!str_equal(segment, STR(".")) && !str_equal(segment, STR("..")));
        }
    }
}

static void try_percent(str text, struct arena *arena)
{
    str out = {0};

    if (parse_percent(text, arena, &out)) {
        MUST(utf8_is_valid(out) && out.len <= text.len && parse_value_is_clean(out));
    }
}

static void try_cookies(str text, struct arena *arena)
{
    struct http_pair pairs[PAIRS_MAX];
    int count = parse_cookies(text, pairs, PAIRS_MAX);

    (void)arena;
    for (int i = 0; i < count; i++) {
        MUST(parse_name_is_token(pairs[i].name));
    }
}

static void try_type(str text, struct arena *arena)
{
    (void)arena;
    MUST(!parse_type_is(text, STR("text/csv")) || text.len >= 8);
}

static void try_forwarded(str text, struct arena *arena)
{
    static const str PROXIES[] = {STR_INIT("127.0.0.1")};
    str peer = parse_forwarded(text, PROXIES, 1);

    (void)arena;
    MUST(peer.len < 46 && parse_value_is_clean(peer) && !str_equal(peer, PROXIES[0]));
}

static void try_lists(str text, struct arena *arena)
{
    int64_t length = 0;

    (void)arena;
    MUST(!parse_etag_listed(text, STR("tag")) || text.len > 0);
    MUST(!parse_coding_taken(text, STR("gzip")) || text.len >= 4);
    MUST(!parse_length(text, &length) || length >= 0);
}

static void try_listen(str text, struct arena *arena)
{
    struct parse_listen listen = {0};
    str path = {0};

    (void)arena;
    MUST(!parse_listen(text, &listen) || listen.path.len > 0 || listen.port <= 65535);
    MUST(!parse_target(text, STR("host"), &path) || path.at[0] == '/');
}

static void try_name(str text, struct arena *arena)
{
    struct buf out;
    str done = {0};

    buf_init(&out, arena, text.len * 4 + 64);
    parse_put_disposition(&out, text);
    MUST(buf_done(&out, &done) && parse_value_is_clean(done));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const TRY_EACH[KINDS])(str, struct arena *) = {
        try_path,      try_percent, try_cookies, try_type,
        try_forwarded, try_lists,   try_listen,  try_name,
    };
    struct arena arena;

    if (size > 0) {
        arena_init(&arena, 64 * ARENA_MIB);
        TRY_EACH[data[0] % KINDS]((str){(const char *)data + 1, size - 1}, &arena);
        arena_done(&arena);
    }
    return 0;
}
