/* XML as bytes. */
#include "format/patch/scan.h"

#include <string.h>

#include "base/buf.h"
#include "base/must.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

void scan_init(struct scan *scan, str text)
{
    *scan = (struct scan){.text = text};
}

static bool fail_scan(struct scan *scan)
{
    scan->is_broken = true;
    return false;
}

/* Move behind the next `mark`. */
static bool skip_past(struct scan *scan, str mark)
{
    size_t found = str_find(str_part(scan->text, scan->place, scan->text.len), mark);

    if (found == STR_NONE) {
        return fail_scan(scan);
    }
    scan->place += found + mark.len;
    return true;
}

/* Comments, instructions and CDATA are passed over; a DOCTYPE is not. */
static bool skip_other(struct scan *scan, bool *out_skipped)
{
    str rest = str_part(scan->text, scan->place, 9);

    *out_skipped = true;
    if (str_starts(rest, STR("<!--"))) {
        scan->place += 4;
        return skip_past(scan, STR("-->"));
    }
    if (str_starts(rest, STR("<![CDATA["))) {
        return skip_past(scan, STR("]]>"));
    }
    if (str_starts(rest, STR("<?"))) {
        return skip_past(scan, STR("?>"));
    }
    if (str_starts(rest, STR("<!"))) {
        return fail_scan(scan);
    }
    *out_skipped = false;
    return true;
}

/* The ">" that ends the tag at scan->place; those inside quotes do not count. */
static bool find_end(struct scan *scan, size_t *out_end)
{
    char quote = '\0';

    for (size_t i = scan->place + 1; i < scan->text.len; i++) {
        char c = scan->text.at[i];
        if (quote != '\0') {
            if (c == quote) {
                quote = '\0';
            }
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            *out_end = i + 1;
            return true;
        } else if (c == '<') {
            break;
        }
    }
    return fail_scan(scan);
}

static bool set_depth(struct scan *scan, struct tag *tag)
{
    if (tag->kind == TAG_CLOSE) {
        scan->depth--;
    }
    tag->depth = scan->depth;
    if (tag->kind == TAG_OPEN) {
        scan->depth++;
    }
    return tag->depth >= 0 && scan->depth <= SCAN_DEPTH_MAX ? true : fail_scan(scan);
}

static bool take_tag(struct scan *scan, struct tag *tag)
{
    size_t end = 0;

    if (!find_end(scan, &end)) {
        return false;
    }
    bool is_close = scan->text.at[scan->place + 1] == '/';
    bool is_empty = !is_close && scan->text.at[end - 2] == '/';
    size_t begin = scan->place + (is_close ? 2 : 1);
    size_t last = end - (is_empty ? 2 : 1);
    size_t name_end = begin;
    while (name_end < last && !is_blank(scan->text.at[name_end])) {
        name_end++;
    }
    if (name_end == begin || name_end - begin > SCAN_NAME_MAX) {
        return fail_scan(scan);
    }
    *tag = (struct tag){
        .kind = is_close   ? TAG_CLOSE
                : is_empty ? TAG_EMPTY
                           : TAG_OPEN,
        .at = scan->place,
        .end = end,
        .name = str_part(scan->text, begin, name_end - begin),
        .inside = str_part(scan->text, name_end, last - name_end),
    };
    scan->place = end;
    return set_depth(scan, tag);
}

bool scan_next(struct scan *scan, struct tag *out)
{
    bool skipped = true;

    while (skipped && !scan->is_broken) {
        const char *found = NULL;
        if (scan->place < scan->text.len) {
            found = memchr(scan->text.at + scan->place, '<', scan->text.len - scan->place);
        }
        if (found == NULL) {
            scan->is_broken |= scan->depth != 0;
            return false;
        }
        scan->place = (size_t)(found - scan->text.at);
        if (!skip_other(scan, &skipped)) {
            return false;
        }
    }
    return !scan->is_broken && take_tag(scan, out);
}

size_t scan_count(str text, str piece, size_t max)
{
    size_t count = 0;
    size_t place = 0;

    while (count < max && (place = str_find(text, piece)) != STR_NONE) {
        text = str_part(text, place + piece.len, text.len);
        count++;
    }
    return count;
}

bool attribute_next(str *rest, str *out_name, str *out_value)
{
    size_t i = 0;

    while (i < rest->len && is_blank(rest->at[i])) {
        i++;
    }
    size_t begin = i;
    while (i < rest->len && !is_blank(rest->at[i]) && rest->at[i] != '=') {
        i++;
    }
    *out_name = str_part(*rest, begin, i - begin);
    while (i < rest->len && (is_blank(rest->at[i]) || rest->at[i] == '=')) {
        i++;
    }
    if (out_name->len == 0 || i >= rest->len || (rest->at[i] != '"' && rest->at[i] != '\'')) {
        return false;
    }
    const char *close = memchr(rest->at + i + 1, rest->at[i], rest->len - i - 1);
    if (close == NULL) {
        return false;
    }
    size_t end = (size_t)(close - rest->at);
    *out_value = str_part(*rest, i + 1, end - i - 1);
    *rest = str_part(*rest, end + 1, rest->len);
    return true;
}

str attribute_of(const struct tag *tag, str name)
{
    str rest = tag->inside;
    str found = {0};
    str value = {0};

    while (attribute_next(&rest, &found, &value)) {
        if (str_equal(found, name)) {
            return value;
        }
    }
    return (str){0};
}

static const struct {
    str entity;
    str text;
} ENTITIES[] = {
    {STR_INIT("&amp;"), STR_INIT("&")},  {STR_INIT("&lt;"), STR_INIT("<")},
    {STR_INIT("&gt;"), STR_INIT(">")},   {STR_INIT("&quot;"), STR_INIT("\"")},
    {STR_INIT("&apos;"), STR_INIT("'")},
};

str attribute_text(struct arena *arena, const struct tag *tag, str name)
{
    str raw = attribute_of(tag, name);
    struct buf out;
    str text = {0};

    buf_init(&out, arena, raw.len);
    while (raw.len > 0) {
        str put = str_part(raw, 0, 1);
        size_t used = 1;
        for (size_t i = 0; i < COUNT_OF(ENTITIES); i++) {
            if (str_starts(raw, ENTITIES[i].entity)) {
                put = ENTITIES[i].text;
                used = ENTITIES[i].entity.len;
            }
        }
        buf_put(&out, put);
        raw = str_part(raw, used, raw.len);
    }
    (void)buf_done(&out, &text);
    return text;
}

static size_t prefix_len(str name)
{
    size_t colon = str_find(name, STR(":"));

    return colon == STR_NONE ? 0 : colon + 1;
}

str name_prefix(str name)
{
    return str_part(name, 0, prefix_len(name));
}

str name_local(str name)
{
    return str_part(name, prefix_len(name), name.len);
}

str attribute_relation(const struct tag *tag)
{
    str name = {0};
    str value = {0};

    for (str rest = tag->inside; attribute_next(&rest, &name, &value);) {
        if (str_equal(name_local(name), STR("id")) && name_prefix(name).len > 0) {
            return value;
        }
    }
    return STR("");
}

void edits_init(struct edits *edits, struct arena *arena, str text)
{
    *edits = (struct edits){.arena = arena, .text = text};
}

void edits_add(struct edits *edits, size_t at, size_t drop, str put)
{
    if (edits->count == edits->room) {
        size_t room = edits->room == 0 ? 64 : edits->room * 2;
        struct edit *list = ARENA_NEW(edits->arena, struct edit, room);
        if (edits->count > 0) {
            memcpy(list, edits->list, edits->count * sizeof(*list));
        }
        edits->list = list;
        edits->room = room;
    }
    if (edits->count > 0) {
        const struct edit *last = &edits->list[edits->count - 1];
        edits->is_disordered |= last->at + last->drop > at;
    }
    edits->list[edits->count++] = (struct edit){at, drop, put};
}

void edits_set(struct edits *edits, const struct tag *tag, str name, str value)
{
    str old = attribute_of(tag, name);
    struct buf out;
    str put = {0};

    if (old.at != NULL) {
        edits_add(edits, (size_t)(old.at - edits->text.at), old.len, value);
        return;
    }
    buf_init(&out, edits->arena, name.len + value.len + 4);
    buf_char(&out, ' ');
    buf_put(&out, name);
    buf_put(&out, STR("=\""));
    buf_put(&out, value);
    buf_char(&out, '"');
    MUST(buf_done(&out, &put));
    edits_add(edits, (size_t)(tag->inside.at - edits->text.at) + tag->inside.len, 0, put);
}

bool edits_apply(const struct edits *edits, str *out_text)
{
    struct buf out;
    size_t place = 0;
    size_t size = edits->text.len;

    if (edits->is_disordered) {
        return false;
    }
    for (size_t i = 0; i < edits->count; i++) {
        size += edits->list[i].put.len - edits->list[i].drop;
    }
    char *room = arena_take(edits->arena, size + 1);
    out = (struct buf){.arena = edits->arena, .at = room, .room = size, .max = size};
    for (size_t i = 0; i < edits->count; i++) {
        const struct edit *edit = &edits->list[i];
        buf_put(&out, str_part(edits->text, place, edit->at - place));
        buf_put(&out, edit->put);
        place = edit->at + edit->drop;
    }
    buf_put(&out, str_part(edits->text, place, edits->text.len));
    MUST(buf_done(&out, out_text));
    return true;
}
