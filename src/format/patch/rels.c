/* Relations between the parts of a workbook. */
#include "format/patch/patch_in.h"

static const str PACKAGE_NS =
    STR_INIT("http://schemas.openxmlformats.org/package/2006/relationships");
static const str KIND_NS =
    STR_INIT("http://schemas.openxmlformats.org/officeDocument/2006/relationships/");
static const str KIND_NS_STRICT =
    STR_INIT("http://purl.oclc.org/ooxml/officeDocument/relationships/");

static size_t last_slash(str s)
{
    size_t place = s.len;

    while (place > 0 && s.at[place - 1] != '/') {
        place--;
    }
    return place;
}

/* "../a/b" seen from "xl/x/" is "xl/a/b"; "/a" is "a". */
static str resolve(struct patch *patch, str folder, str target)
{
    if (str_starts(target, STR("/"))) {
        return str_part(target, 1, target.len);
    }
    while (str_starts(target, STR("../")) || str_starts(target, STR("./"))) {
        bool is_up = target.at[1] == '.';
        if (is_up && folder.len > 0) {
            folder = str_part(folder, 0, last_slash(str_part(folder, 0, folder.len - 1)));
        }
        target = str_part(target, is_up ? 3 : 2, target.len);
    }
    return PATCH_JOIN(patch, folder, target);
}

static str rels_path(struct patch *patch, str path)
{
    size_t slash = last_slash(path);

    return PATCH_JOIN(patch, str_part(path, 0, slash), STR("_rels/"),
                      str_part(path, slash, path.len), STR(".rels"));
}

static void take_relation(struct patch *patch, str path, const struct tag *tag,
                          struct relations *out)
{
    struct relation *relation = &out->list[out->count++];
    str type = attribute_of(tag, STR("Type"));
    bool is_outside = str_equal(attribute_of(tag, STR("TargetMode")), STR("External"));
    str target = attribute_text(&patch->arena, tag, STR("Target"));

    relation->id = attribute_of(tag, STR("Id"));
    relation->kind = str_part(type, last_slash(type), type.len);
    if (!is_outside) {
        relation->path = resolve(patch, str_part(path, 0, last_slash(path)), target);
    }
}

enum rc relations_read(struct patch *patch, str path, struct relations *out)
{
    str rels = rels_path(patch, path);
    struct scan scan;
    struct tag tag = {0};
    str text = {0};

    *out = (struct relations){0};
    if (!patch_has(patch, rels)) {
        return RC_OK;
    }
    enum rc rc = patch_read(patch, rels, &text);
    if (rc != RC_OK) {
        return rc;
    }
    size_t room = (size_t)patch->options->limits->part_max;
    out->list = ARENA_NEW(&patch->arena, struct relation, room);
    scan_init(&scan, text);
    while (scan_next(&scan, &tag)) {
        if (tag.depth == 1 && tag.kind != TAG_CLOSE &&
            str_equal(name_local(tag.name), STR("Relationship"))) {
            if (out->count == room) {
                return patch_odd(patch, rels);
            }
            take_relation(patch, path, &tag, out);
        }
    }
    return scan.is_broken ? patch_odd(patch, rels) : RC_OK;
}

const struct relation *relations_find(const struct relations *relations, str kind)
{
    for (size_t i = 0; i < relations->count; i++) {
        if (str_equal(relations->list[i].kind, kind) && relations->list[i].path.len > 0) {
            return &relations->list[i];
        }
    }
    return NULL;
}

const struct relation *relations_by_id(const struct relations *relations, str id)
{
    for (size_t i = 0; i < relations->count; i++) {
        if (str_equal(relations->list[i].id, id) && relations->list[i].path.len > 0) {
            return &relations->list[i];
        }
    }
    return NULL;
}

/* An id that no relation of the list has. */
static str free_id(struct patch *patch, const struct relations *relations)
{
    for (int64_t n = 1;; n++) {
        str id = PATCH_JOIN(patch, STR("rIdMark"), patch_number(patch, n));
        bool is_taken = false;
        for (size_t i = 0; i < relations->count && !is_taken; i++) {
            is_taken = str_equal(relations->list[i].id, id);
        }
        if (!is_taken) {
            return id;
        }
    }
}

static str relation_tag(struct patch *patch, str prefix, const struct relation *relation)
{
    return PATCH_JOIN(patch, STR("<"), prefix, STR("Relationship Id=\""), relation->id,
                      STR("\" Type=\""), patch->is_strict ? KIND_NS_STRICT : KIND_NS,
                      relation->kind, STR("\" Target=\"/"), patch_escape(patch, relation->path),
                      STR("\"/>"));
}

static enum rc add_to_list(struct patch *patch, str rels, const struct relation *relation)
{
    struct edits edits;
    struct scan scan;
    struct tag tag = {0};
    str text = {0};
    enum rc rc = patch_read(patch, rels, &text);

    if (rc != RC_OK) {
        return rc;
    }
    scan_init(&scan, text);
    edits_init(&edits, &patch->arena, text);
    while (scan_next(&scan, &tag)) {
        str prefix = name_prefix(tag.name);
        if (tag.depth == 0 && tag.kind == TAG_CLOSE) {
            edits_add(&edits, tag.at, 0, relation_tag(patch, prefix, relation));
        } else if (tag.depth == 0 && tag.kind == TAG_EMPTY) {
            edits_add(&edits, tag.end - 2, 2,
                      PATCH_JOIN(patch, STR(">"), relation_tag(patch, prefix, relation), STR("</"),
                                 tag.name, STR(">")));
        }
    }
    if (scan.is_broken || edits.count != 1 || !edits_apply(&edits, &text)) {
        return patch_odd(patch, rels);
    }
    patch_write(patch, rels, text);
    return RC_OK;
}

enum rc relations_add(struct patch *patch, str path, str kind, str target, str *out_id)
{
    str rels = rels_path(patch, path);
    struct relation relation = {.kind = kind, .path = target};
    struct relations relations = {0};
    enum rc rc = relations_read(patch, path, &relations);

    if (rc != RC_OK) {
        return rc;
    }
    relation.id = free_id(patch, &relations);
    *out_id = relation.id;
    if (patch_has(patch, rels)) {
        return add_to_list(patch, rels, &relation);
    }
    patch_write(patch, rels,
                PATCH_JOIN(patch,
                           STR("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
                               "<Relationships xmlns=\""),
                           PACKAGE_NS, STR("\">"), relation_tag(patch, STR(""), &relation),
                           STR("</Relationships>")));
    return RC_OK;
}
