/* Request texts, without state and without the network. */
#include "http/parse.h"

#include <arpa/inet.h>

#include "base/num.h"
#include "base/utf8.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char small = (char)(c | 0x20);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

char parse_lower(char c)
{
    if (c >= 'A' && c <= 'Z') {
        c = (char)(c + ('a' - 'A'));
    }
    return c;
}

static bool equal_any_case(str a, str b)
{
    if (a.len != b.len) {
        return false;
    }
    for (size_t i = 0; i < a.len; i++) {
        if (parse_lower(a.at[i]) != parse_lower(b.at[i])) {
            return false;
        }
    }
    return true;
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

/* Decode in place of `out`, which has room for raw.len; the length, or STR_NONE. */
static size_t decode(str raw, char *out)
{
    size_t len = 0;

    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.at[i];
        if (c == '%') {
            int high = i + 2 < raw.len ? hex_digit(raw.at[i + 1]) : -1;
            int low = high >= 0 ? hex_digit(raw.at[i + 2]) : -1;
            if (low < 0) {
                return STR_NONE;
            }
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (is_control(c)) {
            return STR_NONE;
        }
        out[len++] = c;
    }
    return len;
}

bool parse_percent(str raw, struct arena *arena, str *out)
{
    char *bytes = arena_take(arena, raw.len + 1);
    size_t len = decode(raw, bytes);

    if (len == STR_NONE || !utf8_is_valid((str){bytes, len})) {
        return false;
    }
    *out = (str){bytes, len};
    return true;
}

static bool segment_is_plain(str segment)
{
    return segment.len > 0 && !str_equal(segment, STR(".")) && !str_equal(segment, STR("..")) &&
           memchr(segment.at, '/', segment.len) == NULL &&
           memchr(segment.at, '\\', segment.len) == NULL;
}

static int count_of(str text, char mark)
{
    int count = 0;

    for (size_t i = 0; i < text.len; i++) {
        count += text.at[i] == mark;
    }
    return count;
}

/* Cut the path at its slashes into `segments`; how many, or -1. */
static int read_segments(str rest, struct arena *arena, str *segments)
{
    int count = 0;
    bool is_more = rest.len > 0;

    while (is_more) {
        size_t end = str_find(rest, STR("/"));
        is_more = end != STR_NONE;
        if (!parse_percent(str_part(rest, 0, is_more ? end : rest.len), arena, &segments[count]) ||
            !segment_is_plain(segments[count])) {
            return -1;
        }
        count++;
        rest = is_more ? str_part(rest, end + 1, rest.len) : rest;
    }
    return count;
}

bool parse_path(str raw, struct arena *arena, struct parse_path *out)
{
    if (raw.len == 0 || raw.at[0] != '/' || memchr(raw.at, '#', raw.len) != NULL) {
        return false;
    }
    str rest = str_part(raw, 1, raw.len);
    bool has_slash = rest.len > 0 && rest.at[rest.len - 1] == '/';
    if (has_slash && rest.len == 1) {
        return false;
    }
    rest.len -= has_slash ? 1 : 0;
    str *segments = ARENA_NEW(arena, str, (size_t)count_of(rest, '/') + 1);
    int count = read_segments(rest, arena, segments);
    *out = (struct parse_path){segments, count, has_slash};
    return count >= 0;
}

bool parse_target(str target, str host, str *out_path)
{
    static const str SCHEMES[] = {STR_INIT("http://"), STR_INIT("https://")};

    if (str_starts(target, STR("/"))) {
        *out_path = target;
        return true;
    }
    for (size_t i = 0; i < COUNT_OF(SCHEMES); i++) {
        if (target.len > SCHEMES[i].len &&
            equal_any_case(str_part(target, 0, SCHEMES[i].len), SCHEMES[i])) {
            str rest = str_part(target, SCHEMES[i].len, target.len);
            size_t end = str_find(rest, STR("/"));
            if (end == STR_NONE || !equal_any_case(str_part(rest, 0, end), host)) {
                return false;
            }
            *out_path = str_part(rest, end, rest.len);
            return true;
        }
    }
    return false;
}

bool parse_name_is_token(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (is_control(name.at[i]) || (unsigned char)name.at[i] >= 0x80 ||
            strchr(" \"(),/:;<=>?@[\\]{}", name.at[i]) != NULL) {
            return false;
        }
    }
    return name.len > 0;
}

static str unquoted(str text)
{
    bool is_quoted = text.len >= 2 && text.at[0] == '"' && text.at[text.len - 1] == '"';

    return is_quoted ? str_part(text, 1, text.len - 2) : text;
}

int parse_cookies(str header, struct http_pair *out, int max)
{
    int count = 0;
    str piece = {0};

    while (count < max && str_cut(&header, ';', &piece)) {
        size_t equals = str_find(piece, STR("="));
        if (equals == STR_NONE) {
            continue;
        }
        struct http_pair pair = {
            .name = str_trim(str_part(piece, 0, equals)),
            .value = unquoted(str_trim(str_part(piece, equals + 1, piece.len))),
        };
        if (parse_name_is_token(pair.name)) {
            out[count++] = pair;
        }
    }
    return count;
}

bool parse_type_is(str header, str type)
{
    str piece = {0};

    if (!str_cut(&header, ';', &piece) || !equal_any_case(str_trim(piece), type)) {
        return false;
    }
    while (str_cut(&header, ';', &piece)) {
        size_t equals = str_find(piece, STR("="));
        if (equals == STR_NONE) {
            return false;
        }
        str name = str_trim(str_part(piece, 0, equals));
        str value = unquoted(str_trim(str_part(piece, equals + 1, piece.len)));
        if (equal_any_case(name, STR("charset")) && !equal_any_case(value, STR("utf-8"))) {
            return false;
        }
    }
    return true;
}

static bool is_address(str text)
{
    char zero_ended[INET6_ADDRSTRLEN];
    unsigned char bytes[16];

    if (text.len == 0 || text.len >= sizeof(zero_ended) || memchr(text.at, 0, text.len) != NULL) {
        return false;
    }
    memcpy(zero_ended, text.at, text.len);
    zero_ended[text.len] = 0;
    return inet_pton(AF_INET, zero_ended, bytes) == 1 ||
           inet_pton(AF_INET6, zero_ended, bytes) == 1;
}

static bool is_listed(str text, const str *list, int count)
{
    for (int i = 0; i < count; i++) {
        if (str_equal(text, list[i])) {
            return true;
        }
    }
    return false;
}

str parse_forwarded(str header, const str *proxies, int count)
{
    while (header.len > 0) {
        size_t begin = header.len;
        while (begin > 0 && header.at[begin - 1] != ',') {
            begin--;
        }
        str address = str_trim(str_part(header, begin, header.len));
        if (!is_address(address)) {
            return STR("");
        }
        if (!is_listed(address, proxies, count)) {
            return address;
        }
        header = str_part(header, 0, begin == 0 ? 0 : begin - 1);
    }
    return STR("");
}

bool parse_etag_listed(str header, str etag)
{
    str piece = {0};

    if (str_equal(str_trim(header), STR("*"))) {
        return true;
    }
    while (str_cut(&header, ',', &piece)) {
        piece = str_trim(piece);
        if (str_starts(piece, STR("W/"))) {
            piece = str_part(piece, 2, piece.len);
        }
        if (piece.len == etag.len + 2 && str_equal(unquoted(piece), etag)) {
            return true;
        }
    }
    return false;
}

/* A weight "q=0", "q=0.0": not at all. */
static bool weight_is_nothing(str weight)
{
    int64_t scaled = 0;

    weight = str_trim(weight);
    return weight.len > 2 && parse_lower(weight.at[0]) == 'q' && weight.at[1] == '=' &&
           (!num_parse_fixed(str_part(weight, 2, weight.len), 3, &scaled) || scaled <= 0);
}

bool parse_coding_taken(str header, str coding)
{
    str piece = {0};
    str name = {0};

    while (str_cut(&header, ',', &piece)) {
        if (str_cut(&piece, ';', &name) && equal_any_case(str_trim(name), coding)) {
            return !weight_is_nothing(piece);
        }
    }
    return false;
}

bool parse_value_is_clean(str value)
{
    for (size_t i = 0; i < value.len; i++) {
        if (is_control(value.at[i]) && value.at[i] != '\t') {
            return false;
        }
    }
    return utf8_is_valid(value);
}

bool parse_is_word(str text, const char *word)
{
    return equal_any_case(text, str_from(word));
}

bool parse_length(str value, int64_t *out)
{
    if (value.len == 0 || value.len > 18) {
        return false;
    }
    int64_t length = 0;
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] < '0' || value.at[i] > '9') {
            return false;
        }
        length = length * 10 + (value.at[i] - '0');
    }
    *out = length;
    return true;
}

static bool is_plain_in_name(char c)
{
    return (c >= '0' && c <= '9') || (parse_lower(c) >= 'a' && parse_lower(c) <= 'z') || c == '.' ||
           c == '-' || c == '_';
}

void parse_put_disposition(struct buf *out, str name)
{
    static const char HEX[] = "0123456789ABCDEF";

    buf_put(out, STR("attachment; filename=\""));
    for (size_t i = 0; i < name.len; i++) {
        if (is_plain_in_name(name.at[i]) || name.at[i] == ' ') {
            buf_char(out, name.at[i]);
        } else if (((unsigned char)name.at[i] & 0xc0) != 0x80) { /* once a character */
            buf_char(out, '_');
        }
    }
    buf_put(out, STR("\"; filename*=UTF-8''"));
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.at[i];
        if (is_plain_in_name(name.at[i])) {
            buf_char(out, name.at[i]);
        } else {
            buf_char(out, '%');
            buf_char(out, HEX[c >> 4]);
            buf_char(out, HEX[c & 15]);
        }
    }
}

bool parse_listen(str text, struct parse_listen *out)
{
    struct parse_listen at = {0};

    if (str_starts(text, STR("unix:"))) {
        at.path = str_part(text, 5, text.len);
        *out = at;
        return at.path.len > 0;
    }
    size_t colon = text.len;
    while (colon > 0 && text.at[colon - 1] != ':') {
        colon--;
    }
    if (colon == 0 || !num_parse_int(str_part(text, colon, text.len), 0, 65535, &at.port)) {
        return false;
    }
    at.host = str_part(text, 0, colon - 1);
    if (at.host.len > 2 && at.host.at[0] == '[' && at.host.at[at.host.len - 1] == ']') {
        at.is_v6 = true;
        at.host = str_part(at.host, 1, at.host.len - 2);
    }
    *out = at;
    return is_address(at.host) && at.is_v6 == (str_find(at.host, STR(":")) != STR_NONE);
}
