/* A sheet: its marked cells get their new style, absent ones are made, and the drawing that holds
 * the comments is named. Everything else stays byte for byte. */
#include "format/patch/patch_in.h"

#include "base/num.h"
#include "base/place.h"

enum { MERGES_MAX = 50000, COLUMNS_MAX = 16384, NEW_TEXT_MAX = 64 * 1024 * 1024 };

static const str STRICT_NS = STR_INIT("http://purl.oclc.org/ooxml/spreadsheetml/main");

/* What must stand behind <legacyDrawing> in a sheet. */
static const str BEHIND_DRAWING[] = {
    STR_INIT("legacyDrawingHF"), STR_INIT("drawingHF"),  STR_INIT("picture"),
    STR_INIT("oleObjects"),      STR_INIT("controls"),   STR_INIT("AlternateContent"),
    STR_INIT("webPublishItems"), STR_INIT("tableParts"), STR_INIT("extLst"),
};

struct range {
    int64_t first_row; /* from 0 */
    int64_t last_row;
    int first_column;
    int last_column;
    int64_t style; /* of a column */
};

struct ranges {
    struct range *list;
    size_t count;
    size_t room;
    bool is_over; /* more than we hold */
};

/* The sheet as a first look finds it. */
struct survey {
    str text;
    str prefix;
    str legacy;          /* relation of the old drawing */
    size_t legacy_place; /* where a new one is named */
    bool is_place_known;
    bool is_behind_data;
    bool has_data;
    struct ranges merges;
    struct ranges columns;
};

struct editor {
    struct patch *patch;
    struct styles *styles;
    const struct survey *survey;
    struct scan scan;
    struct edits edits;
    const struct spots *spots;
    size_t next; /* the next spot to be placed */
    int64_t row; /* the last one seen, from 1 */
    int column;  /* the last one seen in it, from 0; -1: none */
    int64_t row_style;
};

static bool is_named(str prefix, const struct tag *tag, str local)
{
    return str_equal(name_prefix(tag->name), prefix) && str_equal(name_local(tag->name), local);
}

static int64_t number_of(const struct tag *tag, str name, int64_t otherwise)
{
    int64_t number = 0;

    return num_parse_int(attribute_of(tag, name), 0, INT32_MAX, &number) ? number : otherwise;
}

/* ---- the first look ---- */

static void make_room(struct patch *patch, struct ranges *ranges, size_t room)
{
    ranges->list = ARENA_NEW(&patch->arena, struct range, room);
    ranges->room = room;
}

static void add_range(struct ranges *ranges, struct range range)
{
    if (ranges->count == ranges->room) {
        ranges->is_over = true;
    } else {
        ranges->list[ranges->count++] = range;
    }
}

static void take_merge(struct survey *survey, const struct tag *tag)
{
    str rest = attribute_of(tag, STR("ref"));
    str first = {0};
    struct range range = {0};

    if (str_cut(&rest, ':', &first) && place_read(first, &range.first_row, &range.first_column) &&
        place_read(rest, &range.last_row, &range.last_column)) {
        add_range(&survey->merges, range);
    }
}

static void take_column(struct survey *survey, const struct tag *tag)
{
    struct range range = {
        .first_column = (int)number_of(tag, STR("min"), 0) - 1,
        .last_column = (int)number_of(tag, STR("max"), 0) - 1,
        .style = number_of(tag, STR("style"), 0),
    };

    add_range(&survey->columns, range);
}

static bool is_behind_drawing(const struct tag *tag)
{
    for (size_t i = 0; i < COUNT_OF(BEHIND_DRAWING); i++) {
        if (str_equal(name_local(tag->name), BEHIND_DRAWING[i])) {
            return true;
        }
    }
    return false;
}

/* A child of the sheet: where the rows end, and where a drawing is or may be named. */
static void take_child(struct survey *survey, const struct tag *tag)
{
    if (is_named(survey->prefix, tag, STR("sheetData"))) {
        survey->has_data = true;
        survey->is_behind_data = tag->kind != TAG_OPEN;
        return;
    }
    if (!survey->is_behind_data || tag->kind == TAG_CLOSE) {
        return;
    }
    if (is_named(survey->prefix, tag, STR("legacyDrawing"))) {
        survey->legacy = attribute_relation(tag);
    } else if (!survey->is_place_known && is_behind_drawing(tag)) {
        survey->legacy_place = tag->at;
        survey->is_place_known = true;
    }
}

static void take_root(struct patch *patch, struct survey *survey, const struct tag *tag)
{
    if (tag->kind == TAG_CLOSE) {
        survey->legacy_place = survey->is_place_known ? survey->legacy_place : tag->at;
        return;
    }
    survey->prefix = name_prefix(tag->name);
    str name = {0};
    str value = {0};
    for (str rest = tag->inside; attribute_next(&rest, &name, &value);) {
        patch->is_strict |= str_starts(name, STR("xmlns")) && str_equal(value, STRICT_NS);
    }
}

static bool look(struct patch *patch, struct survey *survey)
{
    struct scan scan;
    struct tag tag = {0};

    make_room(patch, &survey->merges, scan_count(survey->text, STR("mergeCell"), MERGES_MAX));
    make_room(patch, &survey->columns, scan_count(survey->text, STR("col"), COLUMNS_MAX));
    scan_init(&scan, survey->text);
    while (scan_next(&scan, &tag)) {
        if (tag.depth == 0) {
            take_root(patch, survey, &tag);
        } else if (tag.depth == 1) {
            take_child(survey, &tag);
        } else if (tag.depth == 2 && tag.kind != TAG_CLOSE) {
            if (is_named(survey->prefix, &tag, STR("mergeCell"))) {
                take_merge(survey, &tag);
            } else if (is_named(survey->prefix, &tag, STR("col"))) {
                take_column(survey, &tag);
            }
        }
    }
    return !scan.is_broken && survey->has_data && survey->legacy_place > 0 &&
           !survey->merges.is_over && !survey->columns.is_over;
}

/* ---- spots ---- */

/* A mark inside a merged range is seen only at its first cell. */
static void move_to_first(const struct ranges *merges, struct spot *spot)
{
    for (size_t i = 0; i < merges->count; i++) {
        const struct range *merge = &merges->list[i];
        if (spot->row - 1 >= merge->first_row && spot->row - 1 <= merge->last_row &&
            spot->column >= merge->first_column && spot->column <= merge->last_column) {
            spot->row = merge->first_row + 1;
            spot->column = merge->first_column;
            return;
        }
    }
}

static int order_of_spots(const void *left, const void *right)
{
    const struct spot *a = left;
    const struct spot *b = right;

    if (a->row != b->row) {
        return a->row < b->row ? -1 : 1;
    }
    if (a->column != b->column) {
        return a->column < b->column ? -1 : 1;
    }
    return a->order < b->order ? -1 : a->order > b->order;
}

/* One spot a cell: the worst severity, all the texts. */
static void settle(struct patch *patch, const struct survey *survey, struct spots *spots)
{
    size_t kept = 0;

    for (size_t i = 0; i < spots->count; i++) {
        spots->list[i].order = i;
        move_to_first(&survey->merges, &spots->list[i]);
    }
    qsort(spots->list, spots->count, sizeof(struct spot), order_of_spots);
    for (size_t i = 0; i < spots->count; i++) {
        const struct spot *spot = &spots->list[i];
        struct spot *last = kept == 0 ? NULL : &spots->list[kept - 1];
        if (last != NULL && last->row == spot->row && last->column == spot->column) {
            last->text = PATCH_JOIN(patch, last->text, STR("\n"), spot->text);
            last->severity = spot->severity > last->severity ? spot->severity : last->severity;
        } else {
            spots->list[kept++] = *spot;
        }
    }
    spots->count = kept;
}

/* ---- the rows ---- */

static int64_t column_style(const struct editor *editor, int column)
{
    const struct ranges *columns = &editor->survey->columns;

    for (size_t i = 0; i < columns->count; i++) {
        if (column >= columns->list[i].first_column && column <= columns->list[i].last_column) {
            return columns->list[i].style;
        }
    }
    return 0;
}

/* A cell that was not there, in the style its row or column gave it. */
static str new_cell(struct editor *editor, const struct spot *spot, int64_t row_style)
{
    char place[PLACE_MAX];
    int64_t style = row_style > 0 ? row_style : column_style(editor, spot->column);
    int64_t marked = styles_marked(editor->styles, style, spot->severity);

    return PATCH_JOIN(editor->patch, STR("<"), editor->survey->prefix, STR("c r=\""),
                      place_name(place, spot->row - 1, spot->column), STR("\" s=\""),
                      patch_number(editor->patch, marked), STR("\"/>"));
}

/* Spots up to `row` that no row of the file holds: rows of their own. */
static str new_rows(struct editor *editor, int64_t row)
{
    const struct spots *spots = editor->spots;
    str prefix = editor->survey->prefix;
    struct buf out;
    str text = {0};

    buf_init(&out, &editor->patch->arena, NEW_TEXT_MAX);
    while (editor->next < spots->count && spots->list[editor->next].row < row) {
        int64_t made = spots->list[editor->next].row;
        str open = PATCH_JOIN(editor->patch, STR("<"), prefix, STR("row r=\""),
                              patch_number(editor->patch, made), STR("\">"));
        buf_put(&out, open);
        while (editor->next < spots->count && spots->list[editor->next].row == made) {
            buf_put(&out, new_cell(editor, &spots->list[editor->next++], 0));
        }
        buf_put(&out, PATCH_JOIN(editor->patch, STR("</"), prefix, STR("row>")));
    }
    MUST(buf_done(&out, &text));
    return text;
}

/* Spots of this row left of `column` that the row does not hold. */
static str new_cells(struct editor *editor, int column)
{
    const struct spots *spots = editor->spots;
    struct buf out;
    str text = {0};

    buf_init(&out, &editor->patch->arena, NEW_TEXT_MAX);
    while (editor->next < spots->count && spots->list[editor->next].row == editor->row &&
           spots->list[editor->next].column < column) {
        buf_put(&out, new_cell(editor, &spots->list[editor->next++], editor->row_style));
    }
    MUST(buf_done(&out, &text));
    return text;
}

static void put_before(struct editor *editor, const struct tag *tag, str text)
{
    if (text.len > 0) {
        edits_add(&editor->edits, tag->at, 0, text);
    }
}

static bool take_cell(struct editor *editor, const struct tag *tag)
{
    str reference = attribute_of(tag, STR("r"));
    int64_t row = editor->row - 1;
    int column = editor->column + 1;

    if (reference.at != NULL && !place_read(reference, &row, &column)) {
        return false;
    }
    if (row != editor->row - 1 || column <= editor->column) {
        return false;
    }
    editor->column = column;
    put_before(editor, tag, new_cells(editor, column));
    const struct spot *spot =
        editor->next < editor->spots->count ? &editor->spots->list[editor->next] : NULL;
    if (spot != NULL && spot->row == editor->row && spot->column == column) {
        int64_t style = number_of(tag, STR("s"), 0);
        int64_t marked = styles_marked(editor->styles, style, spot->severity);
        edits_set(&editor->edits, tag, STR("s"), patch_number(editor->patch, marked));
        editor->next++;
    }
    return true;
}

static bool begin_row(struct editor *editor, const struct tag *tag)
{
    str number = attribute_of(tag, STR("r"));
    int64_t row = editor->row + 1;

    if (number.at != NULL && !num_parse_int(number, editor->row + 1, MARK_ROW_MAX, &row)) {
        return false;
    }
    put_before(editor, tag, new_rows(editor, row));
    editor->row = row;
    editor->column = -1;
    editor->row_style = number_of(tag, STR("s"), 0);
    if (tag->kind == TAG_EMPTY) {
        str cells = new_cells(editor, MARK_COLUMN_MAX);
        if (cells.len > 0) {
            edits_add(&editor->edits, tag->end - 2, 2,
                      PATCH_JOIN(editor->patch, STR(">"), cells, STR("</"), tag->name, STR(">")));
        }
    }
    return true;
}

/* The end of the rows: what is still left goes behind the last one. */
static void end_data(struct editor *editor, const struct tag *tag)
{
    str rows = new_rows(editor, MARK_ROW_MAX + 1);

    if (tag->kind == TAG_CLOSE) {
        put_before(editor, tag, rows);
    } else if (rows.len > 0) {
        edits_add(&editor->edits, tag->end - 2, 2,
                  PATCH_JOIN(editor->patch, STR(">"), rows, STR("</"), tag->name, STR(">")));
    }
}

/* A tag between <sheetData> and its end. */
static bool take_tag(struct editor *editor, const struct tag *tag)
{
    str prefix = editor->survey->prefix;

    if (tag->depth == 2 && is_named(prefix, tag, STR("row"))) {
        if (tag->kind != TAG_CLOSE) {
            return begin_row(editor, tag);
        }
        put_before(editor, tag, new_cells(editor, MARK_COLUMN_MAX));
    } else if (tag->depth == 3 && tag->kind != TAG_CLOSE && is_named(prefix, tag, STR("c"))) {
        return take_cell(editor, tag);
    }
    return true;
}

/* Up to the end of the rows; what follows is not looked at. */
static bool edit_rows(struct editor *editor)
{
    struct tag tag = {0};
    bool in_data = false;
    bool good = true;

    scan_init(&editor->scan, editor->survey->text);
    while (good && scan_next(&editor->scan, &tag)) {
        if (tag.depth == 1 && is_named(editor->survey->prefix, &tag, STR("sheetData"))) {
            in_data = tag.kind == TAG_OPEN;
            if (!in_data) {
                end_data(editor, &tag);
                break;
            }
        } else if (in_data) {
            good = take_tag(editor, &tag);
        }
    }
    return good && !editor->scan.is_broken && editor->next == editor->spots->count;
}

static str drawing_tag(struct patch *patch, str prefix, str id)
{
    str namespace =
        patch->is_strict
            ? STR("http://purl.oclc.org/ooxml/officeDocument/relationships")
            : STR("http://schemas.openxmlformats.org/officeDocument/2006/relationships");

    return PATCH_JOIN(patch, STR("<"), prefix, STR("legacyDrawing xmlns:r=\""), namespace,
                      STR("\" r:id=\""), id, STR("\"/>"));
}

enum rc sheet_mark(struct patch *patch, struct styles *styles, str path, struct spots *spots)
{
    struct survey survey = {0};
    struct editor editor = {
        .patch = patch, .styles = styles, .survey = &survey, .spots = spots, .column = -1};
    str legacy = {0};
    str text = {0};
    enum rc rc = patch_read(patch, path, &survey.text);

    if (rc == RC_OK && !look(patch, &survey)) {
        rc = patch_odd(patch, path);
    }
    if (rc == RC_OK) {
        settle(patch, &survey, spots);
        rc = notes_add(patch, path, spots, survey.legacy, &legacy);
    }
    if (rc != RC_OK) {
        return rc;
    }
    edits_init(&editor.edits, &patch->arena, survey.text);
    bool good = edit_rows(&editor);
    if (survey.legacy.len == 0) {
        edits_add(&editor.edits, survey.legacy_place, 0, drawing_tag(patch, survey.prefix, legacy));
    }
    if (!good || !edits_apply(&editor.edits, &text)) {
        return patch_odd(patch, path);
    }
    patch_write(patch, path, text);
    return RC_OK;
}
