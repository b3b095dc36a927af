/* The texts of a request taken apart: pure functions, each fuzzed. */
#ifndef HTTP_PARSE_H
#define HTTP_PARSE_H

#include "base/buf.h"
#include "http/http.h"

/* "%E6%9D%91" decoded, into the arena. False: a broken escape, a byte below space, or text that is
 * not UTF-8. */
bool parse_percent(str raw, struct arena *arena, str *out);

struct parse_path {
    const str *segments;
    int count;
    bool has_slash;
};
/* False: no '/' in front, an empty segment, "." or "..", a segment that holds '/' or '\' once
 * decoded, or one that cannot be decoded. */
bool parse_path(str raw, struct arena *arena, struct parse_path *out);

/* The path of a target: itself, or what follows the authority of "http://authority/…" when that is
 * `host`. False for another host and for other forms. */
bool parse_target(str target, str host, str *out_path);

/* "a=1; b=2": pairs as they stand, quotes taken off; what is not a cookie is left out. */
int parse_cookies(str header, struct http_pair *out, int max);

/* "text/csv; charset=utf-8" is of the type "text/csv", in any case; false when the charset is
 * another than UTF-8, or the header malformed. */
bool parse_type_is(str header, str type);

/* The last address that is no proxy: the client's. "" when there is none that is an address. */
str parse_forwarded(str header, const str *proxies, int count);

/* Does the list of If-None-Match name the tag (given without quotes)? */
bool parse_etag_listed(str header, str etag);

/* Does Accept-Encoding take the coding? Not when it is absent or has q=0. */
bool parse_coding_taken(str header, str coding);

/* Bytes that may stand in a header's value: UTF-8, tabs, nothing else below space. */
bool parse_value_is_clean(str value);

/* The name of a header or of a cookie (RFC 9110, token). */
bool parse_name_is_token(str name);

/* ASCII letters in lower case, all else as it is. */
char parse_lower(char c);

/* `text` is that word, in any case. */
bool parse_is_word(str text, const char *word);

/* A length: digits only, at most 18. */
bool parse_length(str value, int64_t *out);

/* `attachment` with the name in ASCII and, by RFC 8187, in UTF-8. */
void parse_put_disposition(struct buf *out, str name);

/* "127.0.0.1:8600", "[::1]:8600", "unix:/path". */
struct parse_listen {
    str path; /* "": an address */
    str host;
    int64_t port;
    bool is_v6;
};
bool parse_listen(str text, struct parse_listen *out);

#endif
