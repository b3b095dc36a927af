/* xlsx workbooks: from the package to its sheets, in the workbook's order. */
#include "format/sheet/xlsx_in.h"

#include <string.h>

const struct sheet_limits SHEET_LIMITS = {
    .packed_max = 20 * ARENA_MIB,
    .unpacked_max = 200 * ARENA_MIB,
    .ratio_max = 100,
    .part_max = 2000,
    .sheet_max = 200,
    .row_max = 200000,
    .column_max = 500,
    .cell_max = 32767,
    .strings_max = 64 * ARENA_MIB,
    .merge_max = 50000,
    .depth_max = 64,
};

enum { NAME_BYTES_MAX = 256, PATH_BYTES_MAX = 512, OVERHEAD_BYTES = 64 * 1024 * 1024 };

static const str CONTENT_TYPES = STR_INIT("[Content_Types].xml");

/* ---- what kind of workbook it is ---- */

struct kind_pass {
    bool has_workbook;
    bool has_macros;
    bool is_binary;
};

static bool contains(str s, str piece)
{
    return str_find(s, piece) != STR_NONE;
}

static enum rc kind_begin(struct xml *xml, enum tag tag, const char **attributes)
{
    struct kind_pass *pass = xml->self;
    str type = xml_attribute(attributes, "ContentType");

    if (tag == TAG_OVERRIDE || tag == TAG_DEFAULT) {
        pass->has_workbook |= contains(type, STR("spreadsheetml.sheet.main+xml")) ||
                              contains(type, STR("spreadsheetml.template.main+xml"));
        pass->has_macros |=
            contains(type, STR("macroEnabled")) || contains(type, STR("vbaProject"));
        pass->is_binary |= contains(type, STR("sheet.binary"));
    }
    return RC_OK;
}

static enum rc check_kind(struct package *package)
{
    struct kind_pass pass = {0};
    struct xml xml = {.self = &pass, .begin = kind_begin};

    if (!package_has(package, CONTENT_TYPES)) {
        return err_set(package->err, RC_INVALID,
                       package_has(package, STR("mimetype")) ? MSG_SHEET_OTHER_FORMAT
                                                             : MSG_SHEET_NOT_WORKBOOK);
    }
    enum rc rc = xml_read(&xml, package, CONTENT_TYPES);
    if (rc != RC_OK) {
        return rc;
    }
    if (pass.has_macros || package_has(package, STR("xl/vbaProject.bin"))) {
        return err_set(package->err, RC_INVALID, MSG_SHEET_MACROS);
    }
    if (pass.is_binary) {
        return err_set(package->err, RC_INVALID, MSG_SHEET_OTHER_FORMAT);
    }
    return pass.has_workbook ? RC_OK : err_set(package->err, RC_INVALID, MSG_SHEET_NOT_WORKBOOK);
}

/* ---- relationships ---- */

struct relation {
    str id;
    str kind; /* last word of the type: "worksheet" */
    str path; /* in the archive */
    const struct relation *next;
};

struct relation_pass {
    struct package *package;
    str folder; /* the targets are relative to it, "xl/" */
    struct relation *first;
    int count;
};

static size_t last_slash(str s)
{
    size_t place = s.len;

    while (place > 0 && s.at[place - 1] != '/') {
        place--;
    }
    return place;
}

/* "../a/b" seen from "xl/x/" is "xl/a/b"; "/a" is "a". */
static str resolve(struct arena *arena, str folder, str target)
{
    struct buf out;
    str path = {0};

    if (str_starts(target, STR("/"))) {
        folder = STR("");
        target = str_part(target, 1, target.len);
    }
    while (str_starts(target, STR("../")) || str_starts(target, STR("./"))) {
        bool is_up = target.at[1] == '.';
        if (is_up && folder.len > 0) {
            folder = str_part(folder, 0, last_slash(str_part(folder, 0, folder.len - 1)));
        }
        target = str_part(target, is_up ? 3 : 2, target.len);
    }
    buf_init(&out, arena, PATH_BYTES_MAX);
    buf_put(&out, folder);
    buf_put(&out, target);
    return buf_done(&out, &path) ? path : STR("");
}

static enum rc relation_begin(struct xml *xml, enum tag tag, const char **attributes)
{
    struct relation_pass *pass = xml->self;
    struct arena *arena = pass->package->arena;
    str type = xml_attribute(attributes, "Type");
    str mode = xml_attribute(attributes, "TargetMode");

    if (tag != TAG_RELATIONSHIP || str_equal(mode, STR("External"))) {
        return RC_OK;
    }
    if (pass->count++ == pass->package->limits->part_max) {
        return err_set(pass->package->err, RC_LIMIT, MSG_SHEET_TOO_MANY_PARTS,
                       arg_count(pass->package->limits->part_max));
    }
    struct relation *relation = ARENA_NEW(arena, struct relation, 1);
    *relation = (struct relation){
        .id = arena_str(arena, str_part(xml_attribute(attributes, "Id"), 0, NAME_BYTES_MAX)),
        .kind = arena_str(arena, str_part(type, last_slash(type), NAME_BYTES_MAX)),
        .path = resolve(arena, pass->folder, xml_attribute(attributes, "Target")),
        .next = pass->first,
    };
    pass->first = relation;
    return RC_OK;
}

/* The relations of the part at `path`; they stand in _rels/NAME.rels beside it. */
static enum rc relations_read(struct package *package, str path, const struct relation **out)
{
    size_t slash = last_slash(path);
    struct relation_pass pass = {.package = package, .folder = str_part(path, 0, slash)};
    struct xml xml = {.self = &pass, .begin = relation_begin};
    struct buf name;
    str rels = {0};

    buf_init(&name, package->arena, PATH_BYTES_MAX);
    buf_put(&name, pass.folder);
    buf_put(&name, STR("_rels/"));
    buf_put(&name, str_part(path, slash, path.len));
    buf_put(&name, STR(".rels"));
    (void)buf_done(&name, &rels);
    enum rc rc = xml_read(&xml, package, rels);
    *out = pass.first;
    return rc;
}

static const struct relation *relation_of(const struct relation *relations, str kind)
{
    while (relations != NULL && !str_equal(relations->kind, kind)) {
        relations = relations->next;
    }
    return relations;
}

/* ---- the list of sheets ---- */

struct sheets_pass {
    struct package *package;
    struct map paths; /* relation id → index into `relations` */
    const struct relation **relations;
    struct sheet_entry *sheets;
    int count;
    bool is_1904;
};

/* The attribute r:id, whatever the prefix. */
static str relation_id(const char **attributes)
{
    for (; *attributes != NULL; attributes += 2) {
        str name = str_from(attributes[0]);
        if (contains(name, STR("elationships|id"))) {
            return str_from(attributes[1]);
        }
    }
    return (str){0};
}

static enum rc take_sheet(struct sheets_pass *pass, const char **attributes)
{
    struct package *package = pass->package;
    str name = xml_attribute(attributes, "name");
    str state = xml_attribute(attributes, "state");
    int64_t index = 0;

    if (!map_get(&pass->paths, relation_id(attributes), &index)) {
        return err_set(package->err, RC_INVALID, MSG_SHEET_SHEET_LOST,
                       arg_text(str_part(name, 0, NAME_BYTES_MAX)));
    }
    if (!str_equal(pass->relations[index]->kind, STR("worksheet"))) {
        return RC_OK; /* a chart or a dialog on a sheet of its own */
    }
    if (pass->count == package->limits->sheet_max) {
        return err_set(package->err, RC_LIMIT, MSG_SHEET_TOO_MANY_SHEETS,
                       arg_count(package->limits->sheet_max));
    }
    pass->sheets[pass->count++] = (struct sheet_entry){
        .name = arena_str(package->arena, str_part(name, 0, NAME_BYTES_MAX)),
        .path = pass->relations[index]->path,
        .is_hidden = state.len > 0 && !str_equal(state, STR("visible")),
    };
    return RC_OK;
}

static enum rc sheets_begin(struct xml *xml, enum tag tag, const char **attributes)
{
    struct sheets_pass *pass = xml->self;

    if (tag == TAG_WORKBOOK_PR) {
        str said = xml_attribute(attributes, "date1904");
        pass->is_1904 = str_equal(said, STR("1")) || str_equal(said, STR("true"));
    }
    return tag == TAG_SHEET ? take_sheet(pass, attributes) : RC_OK;
}

static void index_relations(struct sheets_pass *pass, const struct relation *relations)
{
    int64_t count = 0;

    for (const struct relation *r = relations; r != NULL; r = r->next) {
        count++;
    }
    pass->relations = ARENA_NEW(pass->package->arena, const struct relation *, (size_t)count);
    map_init(&pass->paths, pass->package->arena, (size_t)count);
    for (const struct relation *r = relations; r != NULL; r = r->next) {
        pass->relations[--count] = r;
        (void)map_put(&pass->paths, r->id, count);
    }
}

static enum rc sheets_read(struct book *book, str path, const struct relation *relations)
{
    struct package *package = book->package;
    struct sheets_pass pass = {
        .package = package,
        .sheets = ARENA_NEW(package->arena, struct sheet_entry, (size_t)package->limits->sheet_max),
    };
    struct xml xml = {.self = &pass, .begin = sheets_begin};

    index_relations(&pass, relations);
    enum rc rc = xml_read(&xml, package, path);
    book->sheets = pass.sheets;
    book->sheet_count = pass.count;
    book->is_1904 = pass.is_1904;
    return rc;
}

/* ---- the workbook ---- */

static enum rc book_parts_read(struct book *book, const struct relation *relations)
{
    const struct relation *styles = relation_of(relations, STR("styles"));
    const struct relation *strings = relation_of(relations, STR("sharedStrings"));
    enum rc rc = RC_OK;

    if (styles != NULL && package_has(book->package, styles->path)) {
        rc = styles_read(book, styles->path);
    }
    if (rc == RC_OK && strings != NULL && package_has(book->package, strings->path)) {
        rc = strings_read(&book->strings, book->package, strings->path);
    }
    return rc;
}

static enum rc book_read(struct book *book)
{
    struct package *package = book->package;
    const struct relation *relations = NULL;

    enum rc rc = relations_read(package, STR(""), &relations);
    const struct relation *main = relation_of(relations, STR("officeDocument"));
    if (rc != RC_OK || main == NULL) {
        return rc != RC_OK ? rc : err_set(package->err, RC_INVALID, MSG_SHEET_NOT_WORKBOOK);
    }
    rc = relations_read(package, main->path, &relations);
    if (rc == RC_OK && relation_of(relations, STR("externalLink")) != NULL) {
        rc = err_set(package->err, RC_INVALID, MSG_SHEET_EXTERNAL_LINK);
    }
    if (rc == RC_OK) {
        rc = sheets_read(book, main->path, relations);
    }
    return rc == RC_OK ? book_parts_read(book, relations) : rc;
}

enum rc xlsx_read_as(str bytes, const struct sheet_limits *limits,
                     const struct sheet_reader *reader, bool use_plain, struct err *err)
{
    struct arena arena;
    struct package package = {0};
    struct book book = {.package = &package};

    arena_init(&arena, limits->strings_max + limits->unpacked_max + OVERHEAD_BYTES);
    enum rc rc = package_open(&package, bytes, limits, &arena, err);
    if (rc == RC_OK) {
        rc = check_kind(&package);
    }
    if (rc == RC_OK) {
        rc = book_read(&book);
    }
    for (int i = 0; rc == RC_OK && i < book.sheet_count; i++) {
        rc = sheet_read(&book, i, reader, use_plain);
    }
    package_close(&package);
    arena_done(&arena);
    return rc;
}

enum rc xlsx_read(str bytes, const struct sheet_limits *limits, const struct sheet_reader *reader,
                  struct err *err)
{
    return xlsx_read_as(bytes, limits, reader, true, err);
}
