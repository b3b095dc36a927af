/* JSON on its way out: written piece by piece to a byte sink, nesting and commas kept by the
 * writer. The first failure of the sink sticks; it is asked for once, at the end. */
#ifndef FORMAT_JSON_JSON_H
#define FORMAT_JSON_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

enum { JSON_DEPTH_MAX = 32, JSON_PIECE_MAX = 4096 };

struct json {
    struct byte_sink out;
    enum rc rc;
    int depth;
    char closers[JSON_DEPTH_MAX]; /* '}' or ']' of each open map or list */
    bool has_items;               /* in the innermost map or list */
    bool has_key;                 /* a key waits for its value */
    size_t used;
    char piece[JSON_PIECE_MAX];
};

void json_init(struct json *json, struct byte_sink out);

/* A map takes pairs: json_key, then one value. Anything else is a broken promise. */
void json_open_map(struct json *json);
void json_close_map(struct json *json);
void json_open_list(struct json *json);
void json_close_list(struct json *json);
void json_key(struct json *json, str key);

void json_text(struct json *json, str text);
void json_bool(struct json *json, bool value);
/* A count, a year, fen: within 2^53, so that every reader gets it whole. */
void json_int(struct json *json, int64_t value);
/* `scaled` / 10^decimals with exactly `decimals` decimals; at most 15 significant digits are
 * promised to survive in readers that use doubles. */
void json_fixed(struct json *json, int64_t scaled, int decimals);
/* A 64-bit id, as a string. */
void json_id(struct json *json, int64_t id);
/* {"num":…,"den":…} */
void json_ratio(struct json *json, int64_t num, int64_t den);
/* {"state":"…"}: why there is no value. Never a bare null. */
void json_state(struct json *json, str state);

/* A value that is JSON already, as it stands. */
void json_raw(struct json *json, str value);

/* For formats of others, which know no other way to say that a value is not there. */
void json_null(struct json *json);

/* Between two values on the outermost level, and after the last one. */
void json_line(struct json *json);
/* Hand over what is left. Nothing may be open. The first failure of the sink, or RC_OK. */
MUST_CHECK enum rc json_done(struct json *json);

#endif
