/* Faces of an answer. */
#include "web/faces.h"

#include "base/num.h"
#include "web/call.h"
#include "web/export.h"

enum { LINK_BYTES_MAX = 4096, REQUEST_BYTES_MAX = 1 << 18, QUALITY_DECIMALS = 3 };

static const str QUALITY = STR_INIT("q=");

/* One of Accept: a type and how much it is liked, in thousandths. */
struct liking {
    str type;
    int64_t quality;
};

static struct liking read_liking(str item)
{
    struct liking liking = {.quality = num_pow10(QUALITY_DECIMALS)};
    str word = {0};

    (void)str_cut(&item, ';', &word);
    liking.type = str_trim(word);
    while (item.len > 0 && str_cut(&item, ';', &word)) {
        word = str_trim(word);
        if (str_starts(word, QUALITY) && !num_parse_fixed(str_part(word, QUALITY.len, word.len),
                                                          QUALITY_DECIMALS, &liking.quality)) {
            liking.quality = 0;
        }
    }
    return liking;
}

/* JSON also answers whoever takes anything. */
static enum face face_of_type(str type)
{
    int i = 0;

    if (str_equal(type, STR("*/*")) || str_equal(type, STR("application/*"))) {
        return FACE_JSON;
    }
    while (i < FACES && !str_equal(FACE_ROWS[i].type, type)) {
        i++;
    }
    return (enum face)i;
}

/* The best liked face, the first of those liked as well; JSON for who likes none. */
static enum face face_of_accept(str accept)
{
    enum face best = FACE_JSON;
    int64_t quality = 0;
    str item = {0};

    while (accept.len > 0 && str_cut(&accept, ',', &item)) {
        struct liking liking = read_liking(item);
        enum face face = face_of_type(liking.type);
        if (face != FACES && liking.quality > quality) {
            best = face;
            quality = liking.quality;
        }
    }
    return best;
}

bool faces_know(str name)
{
    return str_equal(name, STR("format")) || str_equal(name, STR("table")) ||
           str_equal(name, STR("lang"));
}

enum rc faces_choose(struct call *call)
{
    struct faces *faces = &call->faces;
    struct err *err = &call->act.err;
    str format = {0};

    (void)http_query(call->request, STR("table"), &faces->wanted);
    if (!http_query(call->request, STR("format"), &format)) {
        enum face liked = face_of_accept(http_header(call->request, STR("accept")));
        faces->face = call->act.command == NULL ? FACE_JSON : liked;
        return RC_OK;
    }
    faces->face = face_by_id(format);
    if (faces->face == FACES) {
        return err_set(err, RC_INVALID, MSG_WEB_FORMAT, arg_text(format));
    }
    return faces->face == FACE_JSON || call->act.command != NULL
               ? RC_OK
               : err_set(err, RC_INVALID, MSG_WEB_FORMAT_NO_TABLE, arg_text(format));
}

static bool takes_one(const struct faces *faces)
{
    return faces->face == FACE_CSV || faces->face == FACE_NDJSON;
}

static void note_name(struct faces *faces, str name, struct arena *arena)
{
    for (int i = 0; i < faces->name_count; i++) {
        if (str_equal(faces->names[i], name)) {
            return;
        }
    }
    if (faces->name_count < FACES_NAMED_MAX) {
        faces->names[faces->name_count++] = arena_str(arena, name);
    }
}

/* JSON has its tables in a list: a comma before each but the first. */
static enum rc open_table(struct call *call)
{
    struct faces *faces = &call->faces;
    struct byte_sink out = spool_sink(faces->spool);

    if (!faces->is_open) {
        TRY(face_open(&call->act, faces->face, faces->spool, &faces->facing));
        faces->is_open = true;
    }
    if (faces->face != FACE_JSON) {
        return RC_OK;
    }
    return out.take(out.self, faces->begun == 1 ? STR("{\"tables\":[") : STR(","));
}

static enum rc begin(void *self, const struct table *table)
{
    struct call *call = self;
    struct faces *faces = &call->faces;

    note_name(faces, table->name, call->request->arena);
    if (faces->begun++ == 0 && faces->wanted.len == 0 && takes_one(faces)) {
        faces->wanted = faces->names[0];
    }
    faces->is_passed_over = faces->wanted.len > 0 && !str_equal(faces->wanted, table->name);
    if (faces->is_passed_over) {
        return RC_OK;
    }
    TRY(open_table(call));
    return faces->facing.tables.begin(faces->facing.tables.self, table);
}

static enum rc put_row(void *self, const struct out *row)
{
    struct call *call = self;
    struct faces *faces = &call->faces;

    if (faces->is_passed_over) {
        return RC_OK;
    }
    faces->row_count++;
    TRY(export_count(call));
    return faces->facing.tables.row(faces->facing.tables.self, row);
}

static enum rc end(void *self)
{
    struct call *call = self;
    struct faces *faces = &call->faces;

    return faces->is_passed_over ? RC_OK : faces->facing.tables.end(faces->facing.tables.self);
}

struct table_sink faces_sink(struct call *call)
{
    return (struct table_sink){.self = call, .begin = begin, .row = put_row, .end = end};
}

static str names_text(struct call *call)
{
    struct faces *faces = &call->faces;
    struct buf buf;
    str text = {0};

    buf_init(&buf, call->request->arena, LINK_BYTES_MAX);
    for (int i = 0; i < faces->name_count; i++) {
        buf_put(&buf, i > 0 ? STR(", ") : STR(""));
        buf_put(&buf, faces->names[i]);
    }
    (void)buf_done(&buf, &text);
    return text;
}

enum rc faces_end(struct call *call)
{
    struct faces *faces = &call->faces;

    if (faces->begun > 0 && !faces->is_open) {
        return err_set(&call->act.err, RC_MISSING, MSG_WEB_TABLE, arg_text(faces->wanted),
                       arg_text(names_text(call)));
    }
    return faces->is_open ? face_close(&faces->facing) : RC_OK;
}

void faces_drop(struct call *call)
{
    if (call->faces.is_open) {
        face_drop(&call->faces.facing);
    }
}

/* Everything but letters, digits and "-._~" by its bytes. */
static void put_escaped(struct buf *out, str text)
{
    static const char DIGITS[] = "0123456789ABCDEF";
    static const char PLAIN[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte != '\0' && strchr(PLAIN, byte) != NULL) {
            buf_char(out, text.at[i]);
        } else {
            buf_char(out, '%');
            buf_char(out, DIGITS[byte >> 4]);
            buf_char(out, DIGITS[byte & 15U]);
        }
    }
}

static void put_pair(struct buf *out, const struct http_pair *pair, bool is_first)
{
    buf_char(out, is_first ? '?' : '&');
    put_escaped(out, pair->name);
    buf_char(out, '=');
    put_escaped(out, pair->value);
}

/* One link: the same request, but for the table. */
static void put_link(struct call *call, struct buf *out, str name)
{
    const struct http_request *request = call->request;
    const struct http_pair table = {STR("table"), name};

    buf_put(out, out->len > 0 ? STR(", <") : STR("<"));
    put_pair(out, &table, true);
    for (int i = 0; i < request->query_count; i++) {
        if (!str_equal(request->query[i].name, STR("table"))) {
            put_pair(out, &request->query[i], false);
        }
    }
    buf_put(out, STR(">; rel=\"related\"; title=\""));
    buf_put(out, name);
    buf_char(out, '"');
}

str faces_link(struct call *call)
{
    struct faces *faces = &call->faces;
    struct buf out;
    str text = {0};

    buf_init(&out, call->request->arena, LINK_BYTES_MAX);
    for (int i = 0; takes_one(faces) && i < faces->name_count; i++) {
        if (!str_equal(faces->names[i], faces->wanted)) {
            put_link(call, &out, faces->names[i]);
        }
    }
    return buf_done(&out, &text) ? text : STR("");
}

/* The pair of the query that comes after `before` in order of names and, for one name, as sent. */
static int next_pair(const struct http_request *request, int before)
{
    int next = NONE;

    for (int i = 0; i < request->query_count; i++) {
        str name = request->query[i].name;
        int after = before == NONE ? 1 : str_compare(name, request->query[before].name);
        bool is_after = after > 0 || (after == 0 && i > before);
        if (is_after && (next == NONE || str_compare(name, request->query[next].name) < 0)) {
            next = i;
        }
    }
    return next;
}

str faces_request(struct call *call)
{
    const struct http_request *request = call->request;
    const struct http_pair face = {STR("format"), FACE_ROWS[call->faces.face].id};
    struct buf out;
    str text = {0};

    buf_init(&out, call->request->arena, REQUEST_BYTES_MAX);
    for (int i = 0; i < request->segment_count; i++) {
        buf_char(&out, '/');
        put_escaped(&out, request->segments[i]);
    }
    put_pair(&out, &face, true);
    for (int at = next_pair(request, NONE); at != NONE; at = next_pair(request, at)) {
        str name = request->query[at].name;
        if (!str_equal(name, STR("format")) && !str_equal(name, STR("lang")) &&
            !str_equal(name, STR("reason"))) {
            put_pair(&out, &request->query[at], false);
        }
    }
    MUST(buf_done(&out, &text)); /* the door takes no line of more than a few KiB */
    return text;
}
