/* JSON on its way in. */
#include "format/json/read.h"

#include "base/num.h"
#include "base/utf8.h"

#define NO_BYTE '\0' /* never stands outside a text */

static char peek(const struct json_reader *json)
{
    if (json->at >= json->bytes.len) {
        return NO_BYTE;
    }
    return json->bytes.at[json->at];
}

static struct arg column_of(const struct json_reader *json)
{
    str before = str_part(json->bytes, json->token_line_at, json->token_at - json->token_line_at);

    return arg_number((int64_t)utf8_count(before) + 1);
}

enum rc json_refuse(const struct json_reader *json, enum rc rc, enum msg_id msg, struct arg more,
                    struct arg other)
{
    return err_set(json->err, rc, msg, arg_text(json->file), arg_number(json->token_line),
                   column_of(json), more, other);
}

static void mark_token(struct json_reader *json)
{
    json->token_at = json->at;
    json->token_line = json->line;
    json->token_line_at = json->line_at;
    json->text = STR("");
}

/* What is wrong stands here, not where the token began. */
static enum rc refuse_here(struct json_reader *json, enum msg_id expected)
{
    mark_token(json);
    return json_refuse(json, RC_INVALID, MSG_JSON_SYNTAX, arg_msg(expected), ARG_LAST);
}

static void skip_blanks(struct json_reader *json)
{
    for (; json->at < json->bytes.len; json->at++) {
        char c = json->bytes.at[json->at];
        if (c == '\n') {
            json->line++;
            json->line_at = json->at + 1;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            return;
        }
    }
}

enum rc json_read_begin(struct json_reader *json, str bytes, str file, struct arena *arena,
                        struct err *err)
{
    str mark = STR("\xEF\xBB\xBF");

    *json = (struct json_reader){
        .bytes = str_starts(bytes, mark) ? str_part(bytes, mark.len, bytes.len) : bytes,
        .file = file,
        .arena = arena,
        .err = err,
        .line = 1,
    };
    return utf8_is_valid(bytes) ? RC_OK
                                : err_set(err, RC_INVALID, MSG_DOC_NOT_UTF8, arg_text(file));
}

static bool in_map(const struct json_reader *json)
{
    return json->depth > 0 && json->closers[json->depth - 1] == '}';
}

static void value_is_read(struct json_reader *json)
{
    json->has_items = true;
    json->has_key = false;
}

static enum rc open_value(struct json_reader *json, enum json_token token, char closer)
{
    if (json->depth == JSON_DEPTH_MAX) {
        return json_refuse(json, RC_LIMIT, MSG_DOC_TOO_DEEP, arg_count(JSON_DEPTH_MAX), ARG_LAST);
    }
    json->closers[json->depth++] = closer;
    json->has_items = false;
    json->has_key = false;
    json->token = token;
    json->at++;
    return RC_OK;
}

static enum rc close_value(struct json_reader *json)
{
    json->token = in_map(json) ? JSON_MAP_END : JSON_LIST_END;
    json->depth--;
    json->at++;
    value_is_read(json);
    return RC_OK;
}

/* Four hexadecimal digits at `at` in the raw text; false when they are none. */
static bool hex_of(str raw, size_t at, uint32_t *out)
{
    uint32_t point = 0;

    if (at + 4 > raw.len) {
        return false;
    }
    for (size_t i = at; i < at + 4; i++) {
        char c = raw.at[i];
        char small = (char)(c | 0x20);
        bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && (small < 'a' || small > 'f')) {
            return false;
        }
        point = point << 4 | (uint32_t)(is_digit ? c - '0' : small - 'a' + 10);
    }
    *out = point;
    return true;
}

/* The code point of the \u escape whose digits begin at `*at`, a pair of surrogates being one. */
static bool take_point(str raw, size_t *at, uint32_t *out)
{
    uint32_t high = 0;
    uint32_t low = 0;

    if (!hex_of(raw, *at, &high)) {
        return false;
    }
    *at += 4;
    *out = high;
    if (high < 0xD800 || high > 0xDFFF) {
        return true;
    }
    bool is_pair = high < 0xDC00 && *at + 6 <= raw.len && raw.at[*at] == '\\' &&
                   raw.at[*at + 1] == 'u' && hex_of(raw, *at + 2, &low) && low >= 0xDC00 &&
                   low <= 0xDFFF;
    *at += 6;
    *out = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    return is_pair;
}

/* The byte that a letter behind a backslash stands for; NO_BYTE when it is none. */
static char escaped(char letter)
{
    static const char LETTERS[] = "\"\\/bfnrt";
    static const char BYTES[] = "\"\\/\b\f\n\r\t";

    for (size_t i = 0; i + 1 < sizeof(LETTERS); i++) {
        if (LETTERS[i] == letter) {
            return BYTES[i];
        }
    }
    return NO_BYTE;
}

/* The text that `raw` spells; false when an escape is none. */
static bool unescape(str raw, char *to, size_t *out_len)
{
    size_t len = 0;

    for (size_t i = 0; i < raw.len;) {
        uint32_t point = 0;
        if (raw.at[i] != '\\') {
            to[len++] = raw.at[i++];
            continue;
        }
        char letter = raw.at[i + 1]; /* read_text has seen that there is one */
        i += 2;
        if (letter == 'u') {
            if (!take_point(raw, &i, &point)) {
                return false;
            }
            len += utf8_write(to + len, point);
            continue;
        }
        to[len] = escaped(letter);
        if (to[len++] == NO_BYTE) {
            return false;
        }
    }
    *out_len = len;
    return true;
}

/* The text between the quotes that begin here. */
static enum rc read_text(struct json_reader *json, enum json_token token)
{
    size_t begin = ++json->at;
    bool has_escapes = false;

    for (; peek(json) != '"'; json->at++) {
        if (json->at >= json->bytes.len || (unsigned char)peek(json) < 0x20) {
            return refuse_here(json, MSG_JSON_WANT_QUOTE);
        }
        if (peek(json) == '\\') {
            has_escapes = true;
            json->at++;
        }
    }
    json->token = token;
    json->text = str_part(json->bytes, begin, json->at - begin);
    json->at++;
    if (has_escapes) {
        size_t len = 0;
        char *room = arena_take(json->arena, json->text.len);
        if (!unescape(json->text, room, &len)) {
            return json_refuse(json, RC_INVALID, MSG_JSON_SYNTAX, arg_msg(MSG_JSON_WANT_ESCAPE),
                               ARG_LAST);
        }
        json->text = (str){room, len};
    }
    return RC_OK;
}

static size_t skip_digits(struct json_reader *json)
{
    size_t begin = json->at;

    while (peek(json) >= '0' && peek(json) <= '9') {
        json->at++;
    }
    return json->at - begin;
}

/* -? (0 | 1-9 digits) (. digits)? (e sign? digits)? */
static enum rc read_number(struct json_reader *json)
{
    json->at += peek(json) == '-' ? 1 : 0;
    bool is_zero_led = peek(json) == '0';
    size_t digits = skip_digits(json);
    bool is_sound = digits > 0 && !(is_zero_led && digits > 1);

    if (peek(json) == '.') {
        json->at++;
        is_sound = skip_digits(json) > 0 && is_sound;
    }
    if (peek(json) == 'e' || peek(json) == 'E') {
        json->at++;
        json->at += peek(json) == '+' || peek(json) == '-' ? 1 : 0;
        is_sound = skip_digits(json) > 0 && is_sound;
    }
    if (!is_sound) {
        return json_refuse(json, RC_INVALID, MSG_JSON_SYNTAX, arg_msg(MSG_JSON_WANT_NUMBER),
                           ARG_LAST);
    }
    json->token = JSON_NUMBER;
    json->text = str_part(json->bytes, json->token_at, json->at - json->token_at);
    return RC_OK;
}

static enum rc read_word(struct json_reader *json)
{
    const str words[] = {STR("true"), STR("false"), STR("null")};

    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_equal(str_part(json->bytes, json->at, words[i].len), words[i])) {
            json->token = JSON_WORD;
            json->text = words[i];
            json->at += words[i].len;
            return RC_OK;
        }
    }
    return refuse_here(json, MSG_JSON_WANT_VALUE);
}

static enum rc read_value(struct json_reader *json)
{
    char c = peek(json);

    if (c == '{') {
        return open_value(json, JSON_MAP, '}');
    }
    if (c == '[') {
        return open_value(json, JSON_LIST, ']');
    }
    enum rc rc = RC_OK;
    if (c == '"') {
        rc = read_text(json, JSON_TEXT);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
        rc = read_number(json);
    } else {
        rc = read_word(json);
    }
    value_is_read(json);
    return rc;
}

static enum rc read_key(struct json_reader *json)
{
    if (peek(json) != '"') {
        return refuse_here(json, MSG_JSON_WANT_KEY);
    }
    enum rc rc = read_text(json, JSON_KEY);
    if (rc != RC_OK) {
        return rc;
    }
    skip_blanks(json);
    if (peek(json) != ':') {
        return refuse_here(json, MSG_JSON_WANT_COLON);
    }
    json->at++;
    json->has_key = true;
    return RC_OK;
}

enum rc json_next(struct json_reader *json)
{
    skip_blanks(json);
    mark_token(json);
    if (json->depth == 0 && json->at == json->bytes.len) {
        json->token = JSON_END;
        return RC_OK;
    }
    if (json->depth == 0 || json->has_key) {
        return read_value(json);
    }
    if (peek(json) == json->closers[json->depth - 1]) {
        return close_value(json);
    }
    if (json->has_items) {
        if (peek(json) != ',') {
            return refuse_here(json, MSG_JSON_WANT_COMMA);
        }
        json->at++;
        skip_blanks(json);
        mark_token(json);
    }
    return in_map(json) ? read_key(json) : read_value(json);
}

static enum msg_id name_of(enum json_token token)
{
    switch (token) {
    case JSON_MAP:
    case JSON_MAP_END:
        return MSG_JSON_A_MAP;
    case JSON_LIST:
    case JSON_LIST_END:
        return MSG_JSON_A_LIST;
    case JSON_KEY:
        return MSG_JSON_WANT_KEY;
    case JSON_TEXT:
        return MSG_JSON_A_TEXT;
    case JSON_NUMBER:
        return MSG_JSON_A_NUMBER;
    case JSON_WORD:
        return MSG_JSON_WANT_VALUE;
    case JSON_END:
        return MSG_JSON_THE_END;
    }
    NEVER("a token of no kind");
}

enum rc json_expect(struct json_reader *json, enum json_token token)
{
    enum rc rc = json_next(json);

    if (rc == RC_OK && json->token != token) {
        return json_refuse(json, RC_INVALID, MSG_JSON_EXPECTED, arg_msg(name_of(token)), ARG_LAST);
    }
    return rc;
}

enum rc json_expect_int(struct json_reader *json, int64_t min, int64_t max, int64_t *out)
{
    enum rc rc = json_expect(json, JSON_NUMBER);

    if (rc == RC_OK && !num_parse_int(json->text, min, max, out)) {
        return err_set(json->err, RC_INVALID, MSG_JSON_INT, arg_text(json->file),
                       arg_number(json->token_line), column_of(json), arg_text(json->text),
                       arg_count(min), arg_count(max));
    }
    return rc;
}

enum rc json_next_key(struct json_reader *json, bool *out_is_key)
{
    enum rc rc = json_next(json);

    *out_is_key = json->token == JSON_KEY;
    return rc;
}

enum rc json_skip(struct json_reader *json)
{
    int depth = json->depth;
    enum rc rc = json_next(json);

    while (rc == RC_OK && json->depth > depth) {
        rc = json_next(json);
    }
    return rc;
}
