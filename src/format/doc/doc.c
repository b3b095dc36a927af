/* The event parser of libfyaml, walked once with a stack of our own. */
#include "format/doc/doc.h"

#include <libfyaml.h>

#include "base/map.h"
#include "base/utf8.h"

enum { KEYS_SCANNED_MAX = 16 }; /* maps beyond it look their keys up in a hash map */

/* A list or map being filled. */
struct frame {
    struct doc *node;
    struct doc *last; /* newest child */
    bool has_key;     /* the next value belongs to `key` */
    str key;
    int key_line;
    int key_column;
    struct map *keys; /* of a large map: key to line */
};

struct reading {
    struct arena *arena;
    struct err *err;
    str bytes;
    str file;
    struct fy_parser *parser;
    struct fy_diag *diag;
    struct doc *root;
    struct frame stack[DOC_DEPTH_MAX];
    int depth;
    int nodes;
    int documents;
};

struct spot {
    int line;
    int column;
};

static struct spot spot_of(struct fy_event *event)
{
    const struct fy_mark *mark = fy_event_start_mark(event);

    return mark == NULL ? (struct spot){1, 1} : (struct spot){mark->line + 1, mark->column + 1};
}

static enum rc refuse(const struct reading *in, struct spot at, enum msg_id msg)
{
    return err_set(in->err, RC_INVALID, msg, arg_text(in->file), arg_count(at.line),
                   arg_count(at.column));
}

static enum rc too_much(const struct reading *in, struct spot at, enum msg_id msg, int limit)
{
    return err_set(in->err, RC_LIMIT, msg, arg_text(in->file), arg_count(at.line),
                   arg_count(at.column), arg_count(limit));
}

/* The line where `key` already stands in the map; 0 when it is new. */
static int line_of_key(const struct frame *frame, str key)
{
    int64_t line = 0;

    if (frame->keys != NULL) {
        return map_get(frame->keys, key, &line) ? (int)line : 0;
    }
    const struct doc *known = doc_get(frame->node, key);
    return known == NULL ? 0 : known->key_line;
}

static void remember_key(struct reading *in, struct frame *frame)
{
    if (frame->keys == NULL && frame->node->count == KEYS_SCANNED_MAX) {
        frame->keys = ARENA_NEW(in->arena, struct map, 1);
        map_init(frame->keys, in->arena, (size_t)4 * KEYS_SCANNED_MAX);
        for (const struct doc *child = frame->node->first; child != NULL; child = child->next) {
            (void)map_put(frame->keys, child->key, child->key_line);
        }
    }
    if (frame->keys != NULL) {
        (void)map_put(frame->keys, frame->key, frame->key_line);
    }
}

static enum rc take_key(struct reading *in, struct frame *frame, str key, struct spot at)
{
    int before = line_of_key(frame, key);

    if (before != 0) {
        return err_set(in->err, RC_INVALID, MSG_DOC_KEY_TWICE, arg_text(in->file),
                       arg_count(at.line), arg_count(at.column), arg_text(key), arg_count(before));
    }
    frame->has_key = true;
    frame->key = key;
    frame->key_line = at.line;
    frame->key_column = at.column;
    remember_key(in, frame);
    return RC_OK;
}

static void hang(struct reading *in, struct doc *node)
{
    if (in->depth == 0) {
        in->root = node;
        return;
    }
    struct frame *frame = &in->stack[in->depth - 1];
    if (frame->node->kind == DOC_MAP) {
        node->key = frame->key;
        node->key_line = frame->key_line;
        node->key_column = frame->key_column;
        frame->has_key = false;
    }
    if (frame->last == NULL) {
        frame->node->first = node;
    } else {
        frame->last->next = node;
    }
    frame->last = node;
    frame->node->count++;
}

static enum rc add(struct reading *in, enum doc_kind kind, struct spot at, struct doc **out)
{
    if (++in->nodes > DOC_NODES_MAX) {
        return too_much(in, at, MSG_DOC_TOO_MANY, DOC_NODES_MAX);
    }
    struct doc *node = ARENA_NEW(in->arena, struct doc, 1);
    *node = (struct doc){
        .kind = kind,
        .file = in->file,
        .line = at.line,
        .column = at.column,
    };
    hang(in, node);
    *out = node;
    return RC_OK;
}

static bool expects_key(const struct reading *in)
{
    const struct frame *frame = &in->stack[in->depth == 0 ? 0 : in->depth - 1];

    return in->depth > 0 && frame->node->kind == DOC_MAP && !frame->has_key;
}

static enum rc open_many(struct reading *in, struct fy_event *event, enum doc_kind kind)
{
    struct spot at = spot_of(event);
    struct doc *node = NULL;

    if (expects_key(in)) {
        return refuse(in, at, MSG_DOC_KEY_NOT_TEXT);
    }
    if (in->depth == DOC_DEPTH_MAX) {
        return too_much(in, at, MSG_DOC_TOO_DEEP, DOC_DEPTH_MAX);
    }
    enum rc rc = add(in, kind, at, &node);
    if (rc == RC_OK) {
        in->stack[in->depth++] = (struct frame){.node = node};
    }
    return rc;
}

static bool is_null(str text)
{
    return text.len == 0 || str_equal(text, STR("~")) || str_equal(text, STR("null"));
}

/* The place of the first control character that is no line break or tab; STR_NONE without. */
static size_t find_control(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7F) {
            return i;
        }
    }
    return STR_NONE;
}

/* What stands between single quotes on one line, each pair of quotes made one: libfyaml 0.7.12
 * loses memory over more than a few of them. */
static str without_pairs(struct arena *arena, str raw)
{
    char *text = arena_take(arena, raw.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < raw.len; i++) {
        text[len++] = raw.at[i];
        i += raw.at[i] == '\'' ? 1 : 0;
    }
    return (str){text, len};
}

/* The bytes of a token that is not yet unescaped. */
static str raw_of(const struct reading *in, struct fy_event *event)
{
    const struct fy_mark *begin = fy_event_start_mark(event);
    const struct fy_mark *end = fy_event_end_mark(event);

    if (begin == NULL || end == NULL) {
        return STR("");
    }
    return str_part(in->bytes, begin->input_pos, end->input_pos - begin->input_pos);
}

static enum rc text_of(struct reading *in, struct fy_event *event, struct spot at, str *out)
{
    struct fy_token *token = event->scalar.value;
    str raw = raw_of(in, event);
    size_t len = 0;

    if (fy_token_scalar_style(token) == FYSS_SINGLE_QUOTED &&
        str_find(raw, STR("''")) != STR_NONE) {
        if (str_find(raw, STR("\n")) != STR_NONE || str_find(raw, STR("\r")) != STR_NONE) {
            return refuse(in, at, MSG_DOC_QUOTES);
        }
        *out = without_pairs(in->arena, raw);
        return RC_OK;
    }
    const char *text = fy_token_get_text(token, &len);
    *out = text == NULL ? STR("") : arena_str(in->arena, (str){text, len});
    return RC_OK;
}

static enum rc take_scalar(struct reading *in, struct fy_event *event)
{
    struct spot at = spot_of(event);
    enum fy_scalar_style style = fy_token_scalar_style(event->scalar.value);
    bool quoted = style != FYSS_PLAIN;
    struct doc *node = NULL;
    str text = {0};

    if (style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED) {
        at.column--; /* the mark stands behind the quote */
    }
    enum rc rc = text_of(in, event, at, &text);
    if (rc != RC_OK) {
        return rc;
    }
    if (!utf8_is_valid(text) || find_control(text) != STR_NONE) {
        return refuse(in, at, MSG_DOC_CONTROL);
    }
    if (expects_key(in)) {
        return take_key(in, &in->stack[in->depth - 1], text, at);
    }
    rc = add(in, !quoted && is_null(text) ? DOC_NULL : DOC_TEXT, at, &node);
    if (rc == RC_OK) {
        node->text = text;
        node->quoted = quoted;
    }
    return rc;
}

static enum rc refuse_anchor_and_tag(struct reading *in, struct fy_event *event)
{
    if (fy_event_get_anchor_token(event) != NULL || event->type == FYET_ALIAS) {
        return refuse(in, spot_of(event), MSG_DOC_ALIAS);
    }
    if (fy_event_get_tag_token(event) != NULL) {
        return refuse(in, spot_of(event), MSG_DOC_TAG);
    }
    return RC_OK;
}

static enum rc begin_document(struct reading *in)
{
    if (++in->documents > 1) {
        return err_set(in->err, RC_INVALID, MSG_DOC_SECOND, arg_text(in->file));
    }
    return RC_OK;
}

static enum rc take_event(struct reading *in, struct fy_event *event)
{
    enum rc rc = refuse_anchor_and_tag(in, event);

    if (rc != RC_OK) {
        return rc;
    }
    switch (event->type) {
    case FYET_DOCUMENT_START:
        return begin_document(in);
    case FYET_MAPPING_START:
        return open_many(in, event, DOC_MAP);
    case FYET_SEQUENCE_START:
        return open_many(in, event, DOC_LIST);
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        in->depth--;
        return RC_OK;
    case FYET_SCALAR:
        return take_scalar(in, event);
    case FYET_ALIAS:
    case FYET_NONE:
    case FYET_STREAM_START:
    case FYET_STREAM_END:
    case FYET_DOCUMENT_END:
        break;
    }
    return RC_OK;
}

/* Why the parser stopped before the end of the stream. */
static enum rc say_syntax(struct reading *in)
{
    void *place = NULL;
    const struct fy_diag_error *error = fy_diag_errors_iterate(in->diag, &place);

    bool is_said = error != NULL;
    return err_set(in->err, RC_INVALID, MSG_DOC_SYNTAX, arg_text(in->file),
                   arg_count(is_said ? error->line : 1), arg_count(is_said ? error->column : 1),
                   arg_text(is_said ? str_from(error->msg) : STR("?")));
}

static enum rc walk(struct reading *in)
{
    enum rc rc = RC_OK;
    bool is_whole = false;

    while (rc == RC_OK && !is_whole) {
        struct fy_event *event = fy_parser_parse(in->parser);
        if (event == NULL) {
            return say_syntax(in);
        }
        is_whole = event->type == FYET_STREAM_END;
        rc = take_event(in, event);
        fy_parser_event_free(in->parser, event);
    }
    if (rc == RC_OK && in->root == NULL) {
        return err_set(in->err, RC_INVALID, MSG_DOC_EMPTY, arg_text(in->file));
    }
    return rc;
}

/* Refused before the parser sees them: YAML and JSON do not allow them, and libfyaml loses memory
 * over some. */
static enum rc refuse_control(const struct reading *in, str bytes)
{
    size_t found = find_control(bytes);
    struct spot at = {1, 1};

    if (found == STR_NONE) {
        return RC_OK;
    }
    for (size_t i = 0; i < found; i++) {
        bool is_break = bytes.at[i] == '\n';
        bool begins = ((unsigned char)bytes.at[i] & 0xC0U) != 0x80U;
        at.line += is_break ? 1 : 0;
        at.column = is_break ? 1 : at.column + (begins ? 1 : 0);
    }
    return refuse(in, at, MSG_DOC_CONTROL);
}

static enum rc parse(struct reading *in, str bytes, enum fy_parse_cfg_flags flags)
{
    struct fy_diag_cfg said = {0};
    enum rc rc = RC_OK;

    fy_diag_cfg_default(&said);
    said.fp = NULL;
    in->diag = fy_diag_create(&said);
    MUST(in->diag != NULL);
    fy_diag_set_collect_errors(in->diag, true);
    const struct fy_parse_cfg cfg = {.flags = flags | FYPCF_QUIET, .diag = in->diag};
    in->parser = fy_parser_create(&cfg);
    MUST(in->parser != NULL);
    MUST(fy_parser_set_string(in->parser, bytes.at, bytes.len) == 0);
    rc = walk(in);
    fy_parser_destroy(in->parser);
    fy_diag_destroy(in->diag);
    return rc;
}

static enum rc read_document(str bytes, str file, struct arena *arena,
                             enum fy_parse_cfg_flags flags, const struct doc **out, struct err *err)
{
    struct reading in = {
        .arena = arena,
        .err = err,
        .bytes = bytes,
        .file = arena_str(arena, file),
    };

    if (bytes.len > DOC_BYTES_MAX) {
        return err_set(err, RC_LIMIT, MSG_DOC_TOO_LARGE, arg_text(file),
                       arg_count(DOC_BYTES_MAX >> 20));
    }
    if (bytes.len == 0) {
        return err_set(err, RC_INVALID, MSG_DOC_EMPTY, arg_text(file));
    }
    if (!utf8_is_valid(bytes)) {
        return err_set(err, RC_INVALID, MSG_DOC_NOT_UTF8, arg_text(file));
    }
    enum rc rc = refuse_control(&in, bytes);
    if (rc == RC_OK) {
        rc = parse(&in, bytes, flags);
    }
    if (rc == RC_OK) {
        *out = in.root;
    }
    return rc;
}

enum rc doc_read_yaml(str bytes, str file, struct arena *arena, const struct doc **out,
                      struct err *err)
{
    return read_document(bytes, file, arena, FYPCF_JSON_NONE, out, err);
}

enum rc doc_read_json(str bytes, str file, struct arena *arena, const struct doc **out,
                      struct err *err)
{
    return read_document(bytes, file, arena, FYPCF_JSON_FORCE, out, err);
}
