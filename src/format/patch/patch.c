/* Marks in the sender's own workbook: from the archive to its sheets and back. */
#include "format/patch/patch_in.h"

#include <expat.h>

#include "base/num.h"
#include "base/utf8.h"

static const str CONTENT_TYPES = STR_INIT("[Content_Types].xml");

enum {
    TYPES_MAX = 1024 * 1024,
    ZIP_EPOCH = 315532800, /* 1980-01-01, the oldest day an archive knows */
};

/* ---- parts ---- */

enum rc patch_odd(struct patch *patch, str path)
{
    return err_set(patch->err, RC_INVALID, MSG_BOOK_MARK_ODD, arg_text(path));
}

static const struct change *find_change(const struct patch *patch, str path)
{
    const struct change *change = patch->changes;

    while (change != NULL && !str_equal(change->path, path)) {
        change = change->next;
    }
    return change;
}

bool patch_has(const struct patch *patch, str path)
{
    return find_change(patch, path) != NULL || package_has(&patch->package, path);
}

void patch_write(struct patch *patch, str path, str text)
{
    struct change *change = patch->changes;

    while (change != NULL && !str_equal(change->path, path)) {
        change = change->next;
    }
    if (change == NULL) {
        change = ARENA_NEW(&patch->arena, struct change, 1);
        *change = (struct change){.path = path, .next = patch->changes};
        patch->changes = change;
    }
    change->text = text;
}

/* Old drawings are XML by name only; all else must be, and in UTF-8, so that the scanner sees
 * what a parser sees. */
static bool is_sound(str path, str text)
{
    if (str_ends(path, STR(".vml"))) {
        return memchr(text.at, '\0', text.len) == NULL;
    }
    XML_Parser parser = XML_ParserCreate("UTF-8");
    MUST(parser != NULL);
    bool sound = text.len <= INT32_MAX &&
                 XML_Parse(parser, text.at, (int)text.len, XML_TRUE) == XML_STATUS_OK;
    XML_ParserFree(parser);
    return sound;
}

static enum rc read_all(struct part *part, char *at, size_t size)
{
    size_t len = 0;
    size_t got = 0;
    enum rc rc = RC_OK;

    do {
        rc = part_read(part, at + len, size - len, &got);
        len += got;
    } while (rc == RC_OK && got > 0);
    return rc;
}

enum rc patch_read(struct patch *patch, str path, str *out)
{
    const struct change *change = find_change(patch, path);
    struct part part;

    if (change != NULL) {
        *out = change->text;
        return RC_OK;
    }
    enum rc rc = part_open(&patch->package, path, &part);
    if (rc != RC_OK) {
        return rc;
    }
    size_t size = part.left;
    char *at = arena_take(&patch->arena, size + 1);
    rc = read_all(&part, at, size);
    part_close(&part);
    *out = (str){at, size};
    return rc == RC_OK && !is_sound(path, *out) ? patch_odd(patch, path) : rc;
}

str patch_join(struct patch *patch, const str *pieces, size_t count)
{
    struct buf out;
    str text = {0};
    size_t len = 0;

    for (size_t i = 0; i < count; i++) {
        len += pieces[i].len;
    }
    buf_init(&out, &patch->arena, len);
    for (size_t i = 0; i < count; i++) {
        buf_put(&out, pieces[i]);
    }
    MUST(buf_done(&out, &text));
    return text;
}

str patch_number(struct patch *patch, int64_t number)
{
    char text[NUM_TEXT_MAX];

    return arena_str(&patch->arena, num_print(text, number, 0));
}

str patch_free_path(struct patch *patch, str begin, str end)
{
    for (int64_t n = 1;; n++) {
        str path = PATCH_JOIN(patch, begin, patch_number(patch, n), end);
        if (!patch_has(patch, path)) {
            return path;
        }
    }
}

static str escaped_point(uint32_t point, str as_is)
{
    switch (point) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    case 0xFFFE:
    case 0xFFFF:
        return STR(" ");
    default:
        return point < 0x20 && point != '\n' ? STR(" ") : as_is;
    }
}

str patch_escape(struct patch *patch, str text)
{
    struct buf out;
    str escaped = {0};
    size_t place = 0;
    uint32_t point = 0;

    buf_init(&out, &patch->arena, 6 * text.len);
    for (size_t begin = 0; utf8_next(text, &place, &point); begin = place) {
        buf_put(&out, escaped_point(point, str_part(text, begin, place - begin)));
    }
    MUST(buf_done(&out, &escaped));
    return escaped;
}

/* ---- the workbook ---- */

struct found {
    str *sheets; /* paths, in the workbook's order */
    int sheet_count;
    str styles;
};

static enum rc list_sheets(struct patch *patch, str path, const struct relations *relations,
                           struct found *out)
{
    int max = patch->options->limits->sheet_max;
    struct scan scan;
    struct tag tag = {0};
    str text = {0};
    enum rc rc = patch_read(patch, path, &text);

    if (rc != RC_OK) {
        return rc;
    }
    out->sheets = ARENA_NEW(&patch->arena, str, (size_t)max);
    scan_init(&scan, text);
    while (scan_next(&scan, &tag)) {
        if (tag.kind == TAG_CLOSE || !str_equal(name_local(tag.name), STR("sheet")) ||
            tag.depth != 2) {
            continue;
        }
        const struct relation *to = relations_by_id(relations, attribute_relation(&tag));
        if (to != NULL && str_equal(to->kind, STR("worksheet")) && out->sheet_count < max) {
            out->sheets[out->sheet_count++] = to->path;
        }
    }
    return scan.is_broken ? patch_odd(patch, path) : RC_OK;
}

static enum rc find_parts(struct patch *patch, struct found *out)
{
    struct relations relations = {0};
    enum rc rc = relations_read(patch, STR(""), &relations);

    if (rc != RC_OK) {
        return rc;
    }
    const struct relation *book = relations_find(&relations, STR("officeDocument"));
    if (relations_find(&relations, STR("origin")) != NULL) {
        return err_set(patch->err, RC_INVALID, MSG_BOOK_MARK_SIGNED);
    }
    if (book == NULL) {
        return patch_odd(patch, STR("_rels/.rels"));
    }
    str path = book->path;
    rc = relations_read(patch, path, &relations);
    if (rc == RC_OK) {
        rc = list_sheets(patch, path, &relations, out);
    }
    const struct relation *styles = relations_find(&relations, STR("styles"));
    if (rc == RC_OK && (styles == NULL || out->sheet_count == 0)) {
        return patch_odd(patch, path);
    }
    out->styles = rc == RC_OK ? styles->path : STR("");
    return rc;
}

/* ---- marks to spots ---- */

static int order_of_marks(const void *left, const void *right)
{
    const struct mark *a = *(const struct mark *const *)left;
    const struct mark *b = *(const struct mark *const *)right;

    if (a->sheet != b->sheet) {
        return a->sheet < b->sheet ? -1 : 1;
    }
    if (a->row != b->row) {
        return a->row < b->row ? -1 : 1;
    }
    if (a->column != b->column) {
        return a->column < b->column ? -1 : 1;
    }
    return a < b ? -1 : a > b; /* as the caller gave them */
}

static const struct mark **sorted(struct patch *patch, const struct mark *marks, size_t count)
{
    const struct mark **list = ARENA_NEW(&patch->arena, const struct mark *, count);

    for (size_t i = 0; i < count; i++) {
        MUST(marks[i].sheet >= 0 && marks[i].row >= 1 && marks[i].row <= MARK_ROW_MAX);
        MUST(marks[i].column >= 0 && marks[i].column < MARK_COLUMN_MAX);
        list[i] = &marks[i];
    }
    qsort(list, count, sizeof(const struct mark *), order_of_marks);
    return list;
}

static str spot_text(struct patch *patch, const struct mark *mark)
{
    bool is_error = mark->severity == MARK_ERROR;
    enum msg_id word = is_error ? MSG_BOOK_LIST_ERROR : MSG_BOOK_LIST_WARNING;
    str text = mark->text;

    if (text.len > MARK_TEXT_MAX) {
        size_t end = MARK_TEXT_MAX;
        while (end > 0 && ((unsigned char)text.at[end] & 0xC0U) == 0x80U) {
            end--;
        }
        text = PATCH_JOIN(patch, str_part(text, 0, end), STR("…"));
    }
    return PATCH_JOIN(patch, STR("["), msg_text(patch->options->lang, word), STR("] "), text);
}

/* The marks of one sheet; `*place` moves behind them. */
static struct spots take_spots(struct patch *patch, const struct mark **marks, size_t count,
                               size_t *place)
{
    int sheet = marks[*place]->sheet;
    size_t end = *place;

    while (end < count && marks[end]->sheet == sheet) {
        end++;
    }
    struct spots spots = {.list = ARENA_NEW(&patch->arena, struct spot, end - *place)};
    for (; *place < end; (*place)++) {
        const struct mark *mark = marks[*place];
        spots.list[spots.count++] =
            (struct spot){mark->row, mark->column, mark->severity, spot_text(patch, mark)};
    }
    return spots;
}

static enum rc mark_sheets(struct patch *patch, const struct mark *marks, size_t count)
{
    const struct mark **list = sorted(patch, marks, count);
    struct found found = {0};
    struct styles styles;
    enum rc rc = find_parts(patch, &found);

    if (rc == RC_OK) {
        rc = styles_open(&styles, patch, found.styles);
    }
    for (size_t place = 0; place < count && rc == RC_OK;) {
        int sheet = list[place]->sheet;
        struct spots spots = take_spots(patch, list, count, &place);
        bool is_there = found.sheets != NULL && sheet < found.sheet_count;
        rc = is_there ? sheet_mark(patch, &styles, found.sheets[sheet], &spots)
                      : patch_odd(patch, STR("xl/workbook.xml"));
    }
    return rc == RC_OK ? styles_close(&styles) : rc;
}

/* ---- the way out ---- */

static enum rc say_types(struct patch *patch)
{
    struct edits edits;
    struct scan scan;
    struct tag tag = {0};
    str text = {0};
    str added = {0};
    enum rc rc = patch_read(patch, CONTENT_TYPES, &text);

    if (rc != RC_OK) {
        return rc;
    }
    MUST(buf_done(&patch->content_types, &added));
    scan_init(&scan, text);
    edits_init(&edits, &patch->arena, text);
    bool knows_vml = false;
    while (scan_next(&scan, &tag)) {
        str extension = attribute_of(&tag, STR("Extension"));
        knows_vml |= str_equal(extension, STR("vml")) || str_equal(extension, STR("VML"));
        if (tag.depth == 0 && tag.kind == TAG_CLOSE) {
            if (name_prefix(tag.name).len > 0) {
                break;
            }
            edits_add(&edits, tag.at, 0, added);
            edits_add(&edits, tag.at, 0,
                      knows_vml ? STR("")
                                : STR("<Default Extension=\"vml\" ContentType=\"application/"
                                      "vnd.openxmlformats-officedocument.vmlDrawing\"/>"));
        }
    }
    if (scan.is_broken || edits.count == 0 || !edits_apply(&edits, &text)) {
        return patch_odd(patch, CONTENT_TYPES);
    }
    patch_write(patch, CONTENT_TYPES, text);
    return RC_OK;
}

static enum rc broken(struct patch *patch)
{
    return err_set(patch->err, RC_BROKEN, MSG_BOOK_NOT_MADE, arg_text(STR("zip")));
}

/* A changed part in the place of the old one, a new part at the end. */
static bool put_part(zip_t *zip, struct patch *patch, const struct change *change)
{
    const char *name = arena_str(&patch->arena, change->path).at;
    zip_source_t *source = zip_source_buffer(zip, change->text.at, change->text.len, 0);
    zip_int64_t index = zip_name_locate(zip, name, ZIP_FL_NOCASE);
    zip_stat_t entry = {0};
    time_t mtime = ZIP_EPOCH;

    if (source == NULL) {
        return false;
    }
    if (index >= 0) {
        if (zip_stat_index(zip, (zip_uint64_t)index, 0, &entry) == 0 &&
            (entry.valid & ZIP_STAT_MTIME) != 0) {
            mtime = entry.mtime;
        }
        if (zip_file_replace(zip, (zip_uint64_t)index, source, 0) != 0) {
            zip_source_free(source);
            return false;
        }
    } else {
        index = zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8);
        if (index < 0) {
            zip_source_free(source);
            return false;
        }
    }
    return zip_file_set_mtime(zip, (zip_uint64_t)index, mtime, 0) == 0;
}

static bool put_parts(zip_t *zip, struct patch *patch)
{
    bool good = true;

    for (const struct change *c = patch->changes; c != NULL && good; c = c->next) {
        good = put_part(zip, patch, c);
    }
    return good;
}

static enum rc send(struct patch *patch, zip_source_t *source, struct byte_sink out)
{
    enum { PIECE_BYTES = 8 * 1024 };
    char piece[PIECE_BYTES];
    zip_int64_t got = 0;
    enum rc rc = RC_OK;

    if (zip_source_open(source) != 0) {
        return broken(patch);
    }
    while (rc == RC_OK && (got = zip_source_read(source, piece, sizeof(piece))) > 0) {
        rc = out.take(out.self, (str){piece, (size_t)got});
    }
    (void)zip_source_close(source);
    return got < 0 ? broken(patch) : rc;
}

/* The archive again, its untouched parts as they were packed. */
static enum rc hand_over(struct patch *patch, str original, struct byte_sink out)
{
    zip_error_t error;
    zip_source_t *source = zip_source_buffer_create(original.at, original.len, 0, &error);
    zip_t *zip = source == NULL ? NULL : zip_open_from_source(source, 0, &error);

    if (zip == NULL) {
        zip_source_free(source);
        return broken(patch);
    }
    zip_source_keep(source); /* the archive frees its own share on closing */
    enum rc rc = RC_OK;
    if (!put_parts(zip, patch) || zip_close(zip) != 0) {
        zip_discard(zip);
        rc = broken(patch);
    }
    if (rc == RC_OK) {
        rc = send(patch, source, out);
    }
    zip_source_free(source);
    return rc;
}

enum rc mark_book(str original, const struct mark *marks, size_t count,
                  const struct mark_options *options, struct byte_sink out, struct err *err)
{
    struct patch patch = {.err = err, .options = options};

    if (count > MARKS_MAX) {
        return err_set(err, RC_LIMIT, MSG_BOOK_MARKS_MANY, arg_count((int64_t)count),
                       arg_count(MARKS_MAX));
    }
    arena_init(&patch.arena, 4 * options->limits->unpacked_max + ARENA_JOB_MAX);
    buf_init(&patch.content_types, &patch.arena, TYPES_MAX);
    enum rc rc = package_open(&patch.package, original, options->limits, &patch.arena, err);
    if (rc == RC_OK && count > 0) {
        rc = mark_sheets(&patch, marks, count);
    }
    if (rc == RC_OK && count > 0) {
        rc = say_types(&patch);
    }
    if (rc == RC_OK) {
        rc = hand_over(&patch, original, out);
    }
    package_close(&patch.package);
    arena_done(&patch.arena);
    return rc;
}
