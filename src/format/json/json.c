/* JSON on its way out (RFC 8259). */
#include "format/json/json.h"

#include "base/num.h"

static const int64_t JSON_INT_MAX = (int64_t)1 << 53;

static void hand_over(struct json *json)
{
    if (json->rc == RC_OK && json->used > 0) {
        json->rc = json->out.take(json->out.self, (str){json->piece, json->used});
    }
    json->used = 0;
}

static void put(struct json *json, str s)
{
    while (s.len > 0) {
        size_t room = JSON_PIECE_MAX - json->used;
        str part = str_part(s, 0, room);
        memcpy(json->piece + json->used, part.at, part.len);
        json->used += part.len;
        s = str_part(s, part.len, s.len);
        if (json->used == JSON_PIECE_MAX) {
            hand_over(json);
        }
    }
}

static bool in_map(const struct json *json)
{
    return json->depth > 0 && json->closers[json->depth - 1] == '}';
}

/* What stands before a value: nothing after a key, a comma between the items of a list. */
static void begin_value(struct json *json)
{
    MUST(in_map(json) == json->has_key);
    if (json->has_items && !json->has_key && json->depth > 0) {
        put(json, STR(","));
    }
    json->has_key = false;
    json->has_items = true;
}

static void put_number(struct json *json, int64_t scaled, int decimals)
{
    char text[NUM_TEXT_MAX];

    put(json, num_print(text, scaled, decimals));
}

/* The escape of a byte that may not stand in a string, or "". */
static str escape_of(unsigned char byte, char text[static 6])
{
    static const char HEX[] = "0123456789abcdef";

    switch (byte) {
    case '"':
        return STR("\\\"");
    case '\\':
        return STR("\\\\");
    case '\n':
        return STR("\\n");
    case '\t':
        return STR("\\t");
    case '\r':
        return STR("\\r");
    default:
        break;
    }
    if (byte >= 0x20) {
        return STR("");
    }
    const char code[] = {'\\', 'u', '0', '0', HEX[byte >> 4], HEX[byte & 15]};
    memcpy(text, code, sizeof(code));
    return (str){text, sizeof(code)};
}

static void put_string(struct json *json, str s)
{
    size_t begin = 0;

    put(json, STR("\""));
    for (size_t i = 0; i < s.len; i++) {
        char text[6];
        str escape = escape_of((unsigned char)s.at[i], text);
        if (escape.len > 0) {
            put(json, str_part(s, begin, i - begin));
            put(json, escape);
            begin = i + 1;
        }
    }
    put(json, str_part(s, begin, s.len));
    put(json, STR("\""));
}

static void open_with(struct json *json, str opener, char closer)
{
    begin_value(json);
    MUST(json->depth < JSON_DEPTH_MAX);
    put(json, opener);
    json->closers[json->depth++] = closer;
    json->has_items = false;
}

static void close_with(struct json *json, str closer)
{
    MUST(json->depth > 0 && json->closers[json->depth - 1] == closer.at[0] && !json->has_key);
    put(json, closer);
    json->depth--;
    json->has_items = true;
}

void json_init(struct json *json, struct byte_sink out)
{
    *json = (struct json){.out = out};
}

void json_open_map(struct json *json)
{
    open_with(json, STR("{"), '}');
}

void json_close_map(struct json *json)
{
    close_with(json, STR("}"));
}

void json_open_list(struct json *json)
{
    open_with(json, STR("["), ']');
}

void json_close_list(struct json *json)
{
    close_with(json, STR("]"));
}

void json_key(struct json *json, str key)
{
    MUST(in_map(json) && !json->has_key);
    if (json->has_items) {
        put(json, STR(","));
    }
    put_string(json, key);
    put(json, STR(":"));
    json->has_key = true;
}

void json_text(struct json *json, str text)
{
    begin_value(json);
    put_string(json, text);
}

void json_null(struct json *json)
{
    begin_value(json);
    put(json, STR("null"));
}

void json_bool(struct json *json, bool value)
{
    begin_value(json);
    put(json, value ? STR("true") : STR("false"));
}

void json_int(struct json *json, int64_t value)
{
    MUST(value <= JSON_INT_MAX && value >= -JSON_INT_MAX);
    begin_value(json);
    put_number(json, value, 0);
}

void json_fixed(struct json *json, int64_t scaled, int decimals)
{
    begin_value(json);
    put_number(json, scaled, decimals);
}

void json_id(struct json *json, int64_t id)
{
    begin_value(json);
    put(json, STR("\""));
    put_number(json, id, 0);
    put(json, STR("\""));
}

void json_raw(struct json *json, str value)
{
    begin_value(json);
    put(json, value);
}

void json_ratio(struct json *json, int64_t num, int64_t den)
{
    json_open_map(json);
    json_key(json, STR("num"));
    json_int(json, num);
    json_key(json, STR("den"));
    json_int(json, den);
    json_close_map(json);
}

void json_state(struct json *json, str state)
{
    json_open_map(json);
    json_key(json, STR("state"));
    json_text(json, state);
    json_close_map(json);
}

void json_line(struct json *json)
{
    MUST(json->depth == 0);
    put(json, STR("\n"));
    json->has_items = false;
}

enum rc json_done(struct json *json)
{
    MUST(json->depth == 0 && !json->has_key);
    hand_over(json);
    return json->rc;
}
