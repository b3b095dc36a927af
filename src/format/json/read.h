/* JSON on its way in (RFC 8259), token by token over bytes in memory: no tree, numbers as they are
 * written, every token with its place. Values may follow one another, as lines of NDJSON do. */
#ifndef FORMAT_JSON_READ_H
#define FORMAT_JSON_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "format/json/json.h"

enum json_token {
    JSON_END, /* of the bytes, outside every value */
    JSON_MAP,
    JSON_MAP_END,
    JSON_LIST,
    JSON_LIST_END,
    JSON_KEY,
    JSON_TEXT,
    JSON_NUMBER,
    JSON_WORD, /* true, false, null */
};

/* A reader that is copied is a place to come back to. */
struct json_reader {
    str bytes;
    str file;
    struct arena *arena; /* of texts that were written with escapes; others lie in `bytes` */
    struct err *err;
    size_t at;
    int64_t line;
    size_t line_at; /* where the line begins */

    enum json_token token; /* the latest */
    str text;              /* of a key, text, number or word */
    size_t token_at;
    int64_t token_line;
    size_t token_line_at;

    int depth;
    char closers[JSON_DEPTH_MAX];
    bool has_items;
    bool has_key;
};

/* `file` names the source in messages; a byte order mark is passed over. RC_INVALID: not UTF-8. */
MUST_CHECK enum rc json_read_begin(struct json_reader *json, str bytes, str file,
                                   struct arena *arena, struct err *err);
/* The next token. RC_INVALID with file, line and column where the text is no JSON, RC_LIMIT where
 * it is nested deeper than JSON_DEPTH_MAX. */
MUST_CHECK enum rc json_next(struct json_reader *json);
/* The next token must be of this kind, else RC_INVALID says what was expected there. */
MUST_CHECK enum rc json_expect(struct json_reader *json, enum json_token token);
/* A whole number in [min, max], written without fraction and exponent. */
MUST_CHECK enum rc json_expect_int(struct json_reader *json, int64_t min, int64_t max,
                                   int64_t *out);
/* The key of the next pair, in `text`; false at the end of the map. */
MUST_CHECK enum rc json_next_key(struct json_reader *json, bool *out_is_key);
/* Pass over the value that comes next. */
MUST_CHECK enum rc json_skip(struct json_reader *json);

/* An outcome at the latest token: `msg` gets file, line, column, `more` and `other`; ARG_LAST where
 * there is no more. */
enum rc json_refuse(const struct json_reader *json, enum rc rc, enum msg_id msg, struct arg more,
                    struct arg other);

#endif
