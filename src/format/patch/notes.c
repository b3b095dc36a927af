/* Comments: new ones beside those that are there; where a cell has one, ours is added to it. */
#include "format/patch/patch_in.h"

#include "base/num.h"
#include "base/place.h"

enum { OLD_NOTES_MAX = 100000, BOXES_MAX = 60000, NOTES_MAX = 256 * 1024 * 1024 };

static const str MAIN_NS = STR_INIT("http://schemas.openxmlformats.org/spreadsheetml/2006/main");
static const str MAIN_NS_STRICT = STR_INIT("http://purl.oclc.org/ooxml/spreadsheetml/main");

struct notes {
    struct patch *patch;
    const struct spots *spots;
    str prefix;
    struct edits edits;
    bool *has_old;    /* of each spot: its cell had a comment */
    struct spots old; /* cells that had one */
    size_t old_room;
    int64_t author_count;
    struct spot *cell; /* of the comment being scanned, NULL when it is not marked */
    bool is_added;
    bool is_over; /* the comments do not fit */
};

/* A run of text in a comment. */
static str run_of(struct notes *notes, str text)
{
    struct patch *patch = notes->patch;
    str p = notes->prefix;

    return PATCH_JOIN(patch, STR("<"), p, STR("r><"), p, STR("rPr><"), p, STR("sz val=\"9\"/><"), p,
                      STR("color indexed=\"81\"/><"), p, STR("rFont val=\"宋体\"/><"), p,
                      STR("charset val=\"134\"/></"), p, STR("rPr><"), p,
                      STR("t xml:space=\"preserve\">"), patch_escape(patch, text), STR("</"), p,
                      STR("t></"), p, STR("r>"));
}

static str comment_of(struct notes *notes, const struct spot *spot)
{
    struct patch *patch = notes->patch;
    str p = notes->prefix;
    char place[PLACE_MAX];

    return PATCH_JOIN(patch, STR("<"), p, STR("comment ref=\""),
                      place_name(place, spot->row - 1, spot->column), STR("\" authorId=\""),
                      patch_number(patch, notes->author_count), STR("\"><"), p, STR("text>"),
                      run_of(notes, spot->text), STR("</"), p, STR("text></"), p, STR("comment>"));
}

static str author_of(struct notes *notes)
{
    str p = notes->prefix;

    return PATCH_JOIN(notes->patch, STR("<"), p, STR("author>"),
                      patch_escape(notes->patch, notes->patch->options->author), STR("</"), p,
                      STR("author>"));
}

/* The comments of all spots whose cells had none. */
static str new_comments(struct notes *notes)
{
    struct buf out;
    str text = {0};

    buf_init(&out, &notes->patch->arena, NOTES_MAX);
    for (size_t i = 0; i < notes->spots->count; i++) {
        if (!notes->has_old[i]) {
            buf_put(&out, comment_of(notes, &notes->spots->list[i]));
        }
    }
    notes->is_over |= !buf_done(&out, &text);
    return text;
}

static struct spot *spot_at(const struct spots *spots, int64_t row, int column, size_t *out_index)
{
    size_t low = 0;
    size_t high = spots->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        struct spot *spot = &spots->list[middle];
        if (spot->row == row && spot->column == column) {
            *out_index = middle;
            return spot;
        }
        bool is_left = spot->row < row || (spot->row == row && spot->column < column);
        low = is_left ? middle + 1 : low;
        high = is_left ? high : middle;
    }
    return NULL;
}

static bool take_comment(struct notes *notes, const struct tag *tag)
{
    int64_t row = 0;
    int column = 0;
    size_t index = 0;

    notes->is_added = false;
    if (notes->old.count == notes->old_room ||
        !place_read(attribute_of(tag, STR("ref")), &row, &column)) {
        return false;
    }
    notes->old.list[notes->old.count++] = (struct spot){.row = row + 1, .column = column};
    notes->cell = spot_at(notes->spots, row + 1, column, &index);
    if (notes->cell != NULL) {
        notes->has_old[index] = true;
    }
    return true;
}

/* Our text goes behind what is there, before what says how to pronounce it. */
static void take_text(struct notes *notes, const struct tag *tag)
{
    if (notes->cell != NULL && !notes->is_added) {
        str text = PATCH_JOIN(notes->patch, STR("\n"), notes->cell->text);
        str run = run_of(notes, text);
        if (tag->kind == TAG_EMPTY) {
            run = PATCH_JOIN(notes->patch, STR(">"), run, STR("</"), tag->name, STR(">"));
            edits_add(&notes->edits, tag->end - 2, 2, run);
        } else {
            edits_add(&notes->edits, tag->at, 0, run);
        }
        notes->is_added = true;
    }
}

static bool is_named(const struct notes *notes, const struct tag *tag, str local)
{
    return str_equal(name_prefix(tag->name), notes->prefix) &&
           str_equal(name_local(tag->name), local);
}

/* Text for the end of a list, whether it is written as <list/> or <list>…</list>. */
static void put_at_end(struct notes *notes, const struct tag *tag, str text)
{
    if (tag->kind == TAG_CLOSE) {
        edits_add(&notes->edits, tag->at, 0, text);
    } else if (tag->kind == TAG_EMPTY) {
        edits_add(&notes->edits, tag->end - 2, 2,
                  PATCH_JOIN(notes->patch, STR(">"), text, STR("</"), tag->name, STR(">")));
    }
}

static void take_list(struct notes *notes, const struct tag *tag)
{
    if (is_named(notes, tag, STR("authors"))) {
        put_at_end(notes, tag, author_of(notes));
    } else if (is_named(notes, tag, STR("commentList"))) {
        put_at_end(notes, tag, new_comments(notes));
    }
}

/* An item of one of the two lists, opening. */
static bool take_item(struct notes *notes, const struct tag *tag)
{
    if (is_named(notes, tag, STR("author"))) {
        notes->author_count++;
    }
    return is_named(notes, tag, STR("comment")) ? take_comment(notes, tag) : true;
}

static bool is_pronunciation(const struct notes *notes, const struct tag *tag)
{
    return is_named(notes, tag, STR("rPh")) || is_named(notes, tag, STR("phoneticPr"));
}

static bool take_tag(struct notes *notes, const struct tag *tag)
{
    bool closes = tag->kind == TAG_CLOSE;

    if (tag->depth == 0) {
        notes->prefix = name_prefix(tag->name);
    } else if (tag->depth == 1) {
        take_list(notes, tag);
    } else if (tag->depth == 2 && !closes) {
        return take_item(notes, tag);
    } else if (tag->depth == 3 && tag->kind != TAG_OPEN && is_named(notes, tag, STR("text"))) {
        take_text(notes, tag);
    } else if (tag->depth == 4 && !closes && is_pronunciation(notes, tag)) {
        take_text(notes, &(struct tag){.kind = TAG_OPEN, .at = tag->at});
    }
    return true;
}

static enum rc edit_comments(struct notes *notes, str path)
{
    struct patch *patch = notes->patch;
    struct scan scan;
    struct tag tag = {0};
    str text = {0};
    enum rc rc = patch_read(patch, path, &text);

    if (rc != RC_OK) {
        return rc;
    }
    notes->old_room = scan_count(text, STR("comment"), OLD_NOTES_MAX);
    notes->old.list = ARENA_NEW(&patch->arena, struct spot, notes->old_room);
    edits_init(&notes->edits, &patch->arena, text);
    scan_init(&scan, text);
    bool good = true;
    while (good && scan_next(&scan, &tag)) {
        good = take_tag(notes, &tag);
    }
    if (!good || notes->is_over || scan.is_broken || notes->edits.count < 2 ||
        !edits_apply(&notes->edits, &text)) {
        return patch_odd(patch, path);
    }
    patch_write(patch, path, text);
    return RC_OK;
}

static enum rc make_comments(struct notes *notes, str of_sheet)
{
    struct patch *patch = notes->patch;
    str made = patch_free_path(patch, STR("xl/comments"), STR(".xml"));
    str id = {0};

    buf_put(&patch->content_types,
            PATCH_JOIN(patch, STR("<Override PartName=\"/"), made,
                       STR("\" ContentType=\"application/"
                           "vnd.openxmlformats-officedocument.spreadsheetml.comments+xml\"/>")));
    patch_write(patch, made,
                PATCH_JOIN(patch,
                           STR("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                               "<comments xmlns=\""),
                           patch->is_strict ? MAIN_NS_STRICT : MAIN_NS, STR("\"><authors>"),
                           author_of(notes), STR("</authors><commentList>"), new_comments(notes),
                           STR("</commentList></comments>")));
    return notes->is_over ? patch_odd(patch, made)
                          : relations_add(patch, of_sheet, STR("comments"), made, &id);
}

/* ---- the boxes in which comments are shown: an old drawing format that is XML by name only, so
 * nothing is read of it but ids, and what is new goes before its end ---- */

enum { SHAPE_FIRST = 1025, SHAPES_MAX = 256 * 1024 * 1024, BOX_COLUMNS = 3, LINE_CHARS = 18 };

static const str HEAD =
    STR_INIT("<xml xmlns:v=\"urn:schemas-microsoft-com:vml\""
             " xmlns:o=\"urn:schemas-microsoft-com:office:office\""
             " xmlns:x=\"urn:schemas-microsoft-com:office:excel\">"
             "<o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout>");

static const str SHAPE_TYPE =
    STR_INIT("<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\""
             " path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/>"
             "<v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>");

static const str ID_MARK = STR_INIT("_x0000_s");

/* One more than the highest shape id in the drawing. */
static int64_t next_id(str text)
{
    int64_t next = SHAPE_FIRST;
    size_t found = 0;

    while ((found = str_find(text, ID_MARK)) != STR_NONE) {
        text = str_part(text, found + ID_MARK.len, text.len);
        size_t len = 0;
        int64_t id = 0;
        while (len < text.len && text.at[len] >= '0' && text.at[len] <= '9') {
            len++;
        }
        if (num_parse_int(str_part(text, 0, len), 0, INT32_MAX, &id) && id >= next) {
            next = id + 1;
        }
    }
    return next;
}

static void put_with(struct buf *out, str before, int64_t number)
{
    buf_put(out, before);
    buf_int(out, number);
}

/* A box beside its cell, high enough for its text. */
static void put_anchor(struct buf *out, const struct spot *spot)
{
    int64_t left = spot->column + 1 + BOX_COLUMNS < MARK_COLUMN_MAX ? spot->column + 1
                                                                    : spot->column - BOX_COLUMNS;
    int64_t lines = 2 + (int64_t)(spot->text.len / 3) / LINE_CHARS;
    int64_t top = spot->row > 1 ? spot->row - 2 : 0;

    put_with(out, STR("<x:Anchor>"), left);
    put_with(out, STR(", 15, "), top);
    put_with(out, STR(", 2, "), left + BOX_COLUMNS);
    put_with(out, STR(", 15, "), top + (lines < 12 ? lines + 1 : 13));
    buf_put(out, STR(", 4</x:Anchor>"));
}

static void put_shape(struct buf *out, int64_t id, const struct spot *spot, str spaces)
{
    put_with(out, STR("<v:shape id=\"_x0000_s"), id);
    buf_put(out, STR("\" type=\"#_x0000_t202\""));
    buf_put(out, spaces);
    buf_put(out, STR(" style=\"position:absolute;margin-left:60pt;margin-top:1.5pt;width:180pt;"
                     "height:72pt;z-index:1;visibility:hidden\" fillcolor=\"#ffffe1\""
                     " o:insetmode=\"auto\"><v:fill color2=\"#ffffe1\"/>"
                     "<v:shadow on=\"t\" color=\"black\" obscured=\"t\"/>"
                     "<v:path o:connecttype=\"none\"/>"
                     "<v:textbox style=\"mso-direction-alt:auto\">"
                     "<div style=\"text-align:left\"></div></v:textbox>"
                     "<x:ClientData ObjectType=\"Note\"><x:MoveWithCells/><x:SizeWithCells/>"));
    put_anchor(out, spot);
    put_with(out, STR("<x:AutoFill>False</x:AutoFill><x:Row>"), spot->row - 1);
    put_with(out, STR("</x:Row><x:Column>"), spot->column);
    buf_put(out, STR("</x:Column></x:ClientData></v:shape>"));
}

/* The three namespaces, where the root of the drawing does not bind them to the usual letters. */
static str missing_spaces(struct patch *patch, str root)
{
    static const str SPACES[] = {
        STR_INIT(" xmlns:v=\"urn:schemas-microsoft-com:vml\""),
        STR_INIT(" xmlns:o=\"urn:schemas-microsoft-com:office:office\""),
        STR_INIT(" xmlns:x=\"urn:schemas-microsoft-com:office:excel\""),
    };
    str missing = STR("");

    for (size_t i = 0; i < COUNT_OF(SPACES); i++) {
        if (str_find(root, str_part(SPACES[i], 1, SPACES[i].len)) == STR_NONE) {
            missing = PATCH_JOIN(patch, missing, SPACES[i]);
        }
    }
    return missing;
}

static size_t find_last(str text, str piece)
{
    size_t last = STR_NONE;
    size_t place = 0;
    size_t found = 0;

    while ((found = str_find(str_part(text, place, text.len), piece)) != STR_NONE) {
        last = place + found;
        place = last + piece.len;
    }
    return last;
}

static str put_shapes(struct patch *patch, str old, const struct spots *spots, str spaces)
{
    struct buf out;
    str text = {0};
    int64_t id = next_id(old);

    buf_init(&out, &patch->arena, SHAPES_MAX);
    if (str_find(old, STR("_x0000_t202")) == STR_NONE) {
        size_t name = sizeof("<v:shapetype") - 1;
        buf_put(&out, str_part(SHAPE_TYPE, 0, name));
        buf_put(&out, spaces);
        buf_put(&out, str_part(SHAPE_TYPE, name, SHAPE_TYPE.len));
    }
    for (size_t i = 0; i < spots->count; i++) {
        put_shape(&out, id++, &spots->list[i], spaces);
    }
    MUST(buf_done(&out, &text));
    return text;
}

/* Boxes for comments at the spots, added to the drawing at `path` or in a new one there. */
static enum rc add_boxes(struct patch *patch, str path, const struct spots *spots)
{
    str old = {0};

    if (!patch_has(patch, path)) {
        patch_write(
            patch, path,
            PATCH_JOIN(patch, HEAD, put_shapes(patch, STR(""), spots, STR("")), STR("</xml>")));
        return RC_OK;
    }
    enum rc rc = patch_read(patch, path, &old);
    if (rc != RC_OK) {
        return rc;
    }
    size_t root = str_find(old, STR("<xml"));
    size_t end = find_last(old, STR("</xml>"));
    if (root == STR_NONE || end == STR_NONE || root > end) {
        return patch_odd(patch, path);
    }
    str behind = str_part(old, root, end - root);
    str open = str_part(behind, 0, str_find(behind, STR(">")));
    str shapes = put_shapes(patch, old, spots, missing_spaces(patch, open));
    patch_write(patch, path,
                PATCH_JOIN(patch, str_part(old, 0, end), shapes, str_part(old, end, old.len)));
    return RC_OK;
}

/* The cells that need a box: those without a comment so far, and all that never had one. */
static struct spots boxes(struct notes *notes, bool has_drawing)
{
    size_t room = notes->spots->count + notes->old.count;
    struct spots boxes = {.list = ARENA_NEW(&notes->patch->arena, struct spot, room)};

    for (size_t i = 0; i < notes->spots->count; i++) {
        if (!notes->has_old[i]) {
            boxes.list[boxes.count++] = notes->spots->list[i];
        }
    }
    for (size_t i = 0; i < notes->old.count && !has_drawing; i++) {
        boxes.list[boxes.count++] = notes->old.list[i];
    }
    return boxes;
}

enum rc notes_add(struct patch *patch, str path, const struct spots *spots, str legacy,
                  str *out_legacy)
{
    struct notes notes = {.patch = patch, .spots = spots};
    struct relations relations = {0};
    enum rc rc = relations_read(patch, path, &relations);

    if (rc != RC_OK) {
        return rc;
    }
    notes.has_old = ARENA_NEW(&patch->arena, bool, spots->count);
    const struct relation *comments = relations_find(&relations, STR("comments"));
    const struct relation *drawing = relations_by_id(&relations, legacy);
    if (legacy.len > 0 && drawing == NULL) {
        return patch_odd(patch, path);
    }
    rc = comments != NULL ? edit_comments(&notes, comments->path) : make_comments(&notes, path);
    if (rc != RC_OK) {
        return rc;
    }
    struct spots wanted = boxes(&notes, drawing != NULL);
    patch->box_count += wanted.count;
    if (patch->box_count > BOXES_MAX) {
        return patch_odd(patch, path);
    }
    str vml = drawing != NULL ? drawing->path
                              : patch_free_path(patch, STR("xl/drawings/vmlDrawing"), STR(".vml"));
    rc = wanted.count > 0 ? add_boxes(patch, vml, &wanted) : RC_OK;
    if (rc == RC_OK && drawing == NULL) {
        rc = relations_add(patch, path, STR("vmlDrawing"), vml, out_legacy);
    }
    return rc;
}
