/* Addresses of the map's interface. Clients want them whole, scheme and name included. */
#include "base/num.h"
#include "web/map/map_in.h"
#include "web/server_in.h"

enum { ADDRESS_BYTES_MAX = 64 << 10, HOST_BYTES_MAX = 255 };

const str MAP_JSON = STR_INIT("application/json");
const str MAP_GEOJSON = STR_INIT("application/geo+json");
const str MAP_CRS84 = STR_INIT("http://www.opengis.net/def/crs/OGC/1.3/CRS84");
static const str ROOT = STR_INIT("/api");

static bool is_plain(char c)
{
    bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

    return is_letter || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}

static void put_encoded(struct buf *out, str text, str also)
{
    static const char HEX[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (is_plain(c) || str_find(also, (str){&c, 1}) != STR_NONE) {
            buf_char(out, c);
        } else {
            buf_char(out, '%');
            buf_char(out, HEX[(unsigned char)c >> 4]);
            buf_char(out, HEX[(unsigned char)c & 15]);
        }
    }
}

/* The name under which the server was reached; "" when it is none, and addresses have no name. */
static str host_of(const struct call *call)
{
    str host = http_header(call->request, STR("host"));

    for (size_t i = 0; i < host.len; i++) {
        if (!is_plain(host.at[i]) && str_find(STR(":[]"), str_part(host, i, 1)) == STR_NONE) {
            return STR("");
        }
    }
    return host.len <= HOST_BYTES_MAX ? host : STR("");
}

static void put_root(struct buf *out, const struct call *call)
{
    str host = host_of(call);

    if (host.len > 0) {
        buf_put(out, call->server->opts.is_https ? STR("https://") : STR("http://"));
        buf_put(out, host);
    }
}

static str text_of(const struct buf *buf)
{
    str text = {0};

    return buf_done(buf, &text) ? text : STR("");
}

/* What is looked at goes along from link to link: so a program that was given it once sees it
 * everywhere. */
static void put_view(struct buf *out, const struct call *call)
{
    static const str NAMES[] = {STR_INIT("period"), STR_INIT("indicator"), STR_INIT("lang")};
    char mark = '?';
    str value = {0};

    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        if (http_query(call->request, NAMES[i], &value)) {
            buf_char(out, mark);
            buf_put(out, NAMES[i]);
            buf_char(out, '=');
            put_encoded(out, value, STR(","));
            mark = '&';
        }
    }
}

str map_address(const struct call *call, str path)
{
    struct buf buf;

    buf_init(&buf, call->act.cx.arena, ADDRESS_BYTES_MAX);
    put_root(&buf, call);
    buf_put(&buf, ROOT);
    put_encoded(&buf, path, STR("/{}"));
    put_view(&buf, call);
    return text_of(&buf);
}

str map_path(const struct call *call, const str *parts, int count)
{
    struct buf buf;

    buf_init(&buf, call->act.cx.arena, ADDRESS_BYTES_MAX);
    buf_put(&buf, STR("/map"));
    for (int i = 0; i < count; i++) {
        buf_char(&buf, '/');
        buf_put(&buf, parts[i]);
    }
    return text_of(&buf);
}

static void put_pair(struct json *json, str key, str text)
{
    json_key(json, key);
    json_text(json, text);
}

void put_link(struct json *json, const struct call *call, const struct link *link)
{
    json_open_map(json);
    put_pair(json, STR("rel"), link->rel);
    put_pair(json, STR("type"), link->type);
    if (link->title.len > 0) {
        put_pair(json, STR("title"), link->title);
    }
    put_pair(json, STR("href"), map_address(call, link->path));
    json_close_map(json);
}

/* Programs add what they were given to links that have it already: each name goes along once. */
static bool is_kept(const struct http_request *request, int at)
{
    str name = request->query[at].name;

    for (int i = 0; i < at; i++) {
        if (str_equal(request->query[i].name, name)) {
            return false;
        }
    }
    return !str_equal(name, STR("offset"));
}

/* The address as it was asked for, with that offset. */
static str page_address(const struct call *call, int64_t offset)
{
    const struct http_request *request = call->request;
    struct buf buf;
    bool is_first = true;

    buf_init(&buf, call->act.cx.arena, ADDRESS_BYTES_MAX);
    put_root(&buf, call);
    for (int i = 0; i < request->segment_count; i++) {
        buf_char(&buf, '/');
        put_encoded(&buf, request->segments[i], STR(""));
    }
    for (int i = 0; i < request->query_count; i++) {
        if (is_kept(request, i)) {
            buf_char(&buf, is_first ? '?' : '&');
            put_encoded(&buf, request->query[i].name, STR(""));
            buf_char(&buf, '=');
            put_encoded(&buf, request->query[i].value, STR(""));
            is_first = false;
        }
    }
    if (offset > 0) {
        buf_put(&buf, is_first ? STR("?offset=") : STR("&offset="));
        buf_int(&buf, offset);
    }
    return text_of(&buf);
}

void put_page_link(struct json *json, const struct call *call, str rel, int64_t offset)
{
    json_open_map(json);
    put_pair(json, STR("rel"), rel);
    put_pair(json, STR("type"), MAP_GEOJSON);
    put_pair(json, STR("href"), page_address(call, offset));
    json_close_map(json);
}
