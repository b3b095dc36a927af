/* One value, one cell. */
#include "office/revision/revision_in.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void put_escaped(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool is_edge = i == 0 || i == text.len - 1;
        if (strchr("\\|=[]{}", text.at[i]) != NULL || (is_edge && is_blank(text.at[i]))) {
            buf_char(out, '\\');
        }
        buf_char(out, text.at[i]);
    }
}

static void put_items(struct buf *out, const struct doc *many)
{
    for (const struct doc *item = many->first; item != NULL; item = item->next) {
        buf_put(out, item == many->first ? STR("") : STR(" | "));
        if (many->kind == DOC_MAP) {
            put_escaped(out, item->key);
            buf_put(out, STR(" = "));
        }
        put_escaped(out, item->text);
    }
}

/* Whether the grammar knows the value to be a list. */
static bool is_list(const struct field *field)
{
    switch (field->type) {
    case FIELD_WORDS:
    case FIELD_REFS:
    case FIELD_SET:
    case FIELD_TEXTS:
    case FIELD_INTS:
        return true;
    case FIELD_TEXT:
    case FIELD_NAME:
    case FIELD_INT:
    case FIELD_FIXED:
    case FIELD_MONEY:
    case FIELD_REAL:
    case FIELD_BOOL:
    case FIELD_DATE:
    case FIELD_WORD:
    case FIELD_REF:
    case FIELD_RATIO:
    case FIELD_FORMULA:
    case FIELD_ONE:
    case FIELD_MAP:
    case FIELD_LIST:
    case FIELD_LATER:
        break;
    }
    return false;
}

str cell_write(const struct field *field, const struct doc *value, struct arena *arena)
{
    struct buf out;
    str text = {0};

    if (value->kind == DOC_TEXT) {
        return value->text;
    }
    buf_init(&out, arena, CELL_BYTES_MAX);
    if (is_list(field)) {
        put_items(&out, value);
    } else {
        buf_char(&out, value->kind == DOC_MAP ? '{' : '[');
        put_items(&out, value);
        buf_char(&out, value->kind == DOC_MAP ? '}' : ']');
    }
    MUST(buf_done(&out, &text));
    return text;
}

/* The piece up to an unescaped mark, without its escapes and the blanks around it. False when
 * nothing is left. */
static bool cut_piece(str *rest, const char *marks, struct arena *arena, str *out, char *out_mark)
{
    char *piece = arena_take(arena, rest->len + 1);
    size_t len = 0;
    size_t keep = 0; /* up to the last character that is no blank or was escaped */
    size_t i = 0;

    if (rest->at == NULL) {
        return false;
    }
    *out_mark = '\0';
    for (; i < rest->len && *out_mark == '\0'; i++) {
        bool is_escaped = rest->at[i] == '\\' && i + 1 < rest->len;
        char c = rest->at[is_escaped ? ++i : i];
        if (!is_escaped && strchr(marks, c) != NULL) {
            *out_mark = c;
            continue;
        }
        if (len == 0 && !is_escaped && is_blank(c)) {
            continue;
        }
        piece[len++] = c;
        keep = is_escaped || !is_blank(c) ? len : keep;
    }
    *out = (str){piece, keep};
    *rest = *out_mark == '\0' ? (str){0} : str_part(*rest, i, rest->len);
    return true;
}

static struct doc *new_doc(struct arena *arena, enum doc_kind kind, str text)
{
    struct doc *doc = ARENA_NEW(arena, struct doc, 1);

    *doc = (struct doc){.kind = kind, .text = text};
    return doc;
}

static struct doc *read_items(str inside, enum doc_kind kind, struct arena *arena)
{
    struct doc *many = new_doc(arena, kind, STR(""));
    struct doc *last = NULL;
    str piece = {0};
    char mark = '\0';

    while (cut_piece(&inside, kind == DOC_MAP ? "|=" : "|", arena, &piece, &mark)) {
        str key = STR("");
        if (kind == DOC_MAP && mark == '=') {
            key = piece;
            (void)cut_piece(&inside, "|", arena, &piece, &mark);
        }
        struct doc *item = new_doc(arena, DOC_TEXT, piece);
        item->key = key;
        if (last == NULL) {
            many->first = item;
        } else {
            last->next = item;
        }
        last = item;
        many->count++;
    }
    return many;
}

struct doc *cell_read(const struct field *field, str cell, struct arena *arena)
{
    str trimmed = str_trim(cell);
    bool is_braced = field->type == FIELD_LATER && trimmed.len >= 2;
    str inside = is_braced ? str_part(trimmed, 1, trimmed.len - 2) : trimmed;

    if (is_list(field)) {
        return read_items(trimmed, DOC_LIST, arena);
    }
    if (is_braced && trimmed.at[0] == '[') {
        return read_items(inside, DOC_LIST, arena);
    }
    if (is_braced && trimmed.at[0] == '{') {
        return read_items(inside, DOC_MAP, arena);
    }
    return new_doc(arena, DOC_TEXT, cell);
}
