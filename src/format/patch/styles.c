/* Styles: for each style of a marked cell a twin that differs in its fill alone. */
#include "format/patch/patch_in.h"

#include "base/num.h"

/* Soft, and told apart in grey; the comment says the same in words. */
static const str FILLS[] = {
    [MARK_WARNING] = STR_INIT("FFFFF2CC"),
    [MARK_ERROR] = STR_INIT("FFFFD5CC"),
};

enum { XF_MAX = 65490, ADDED_MAX = 64 * 1024 * 1024 };

static bool is_named(const struct styles *styles, const struct tag *tag, str local)
{
    return str_equal(name_local(tag->name), local) &&
           str_equal(name_prefix(tag->name), styles->prefix);
}

/* What a scan of the part is in the middle of. */
struct styles_pass {
    struct styles *styles;
    bool in_fills;
    bool in_cells;
    size_t xf_at; /* of the xf just open */
};

static void take_list(struct styles_pass *pass, const struct tag *tag)
{
    struct styles *styles = pass->styles;
    bool opens = tag->kind == TAG_OPEN;

    if (is_named(styles, tag, STR("fills"))) {
        pass->in_fills = opens;
        styles->fills = opens ? *tag : styles->fills;
        styles->fills_end = opens ? 0 : tag->at;
    }
    if (is_named(styles, tag, STR("cellXfs"))) {
        pass->in_cells = opens;
        styles->cells = opens ? *tag : styles->cells;
        styles->cells_end = opens ? 0 : tag->at;
    }
}

static void take_xf(struct styles_pass *pass, const struct tag *tag)
{
    struct styles *styles = pass->styles;

    if (!pass->in_cells || !is_named(styles, tag, STR("xf"))) {
        return;
    }
    if (tag->kind == TAG_OPEN) {
        pass->xf_at = tag->at;
        return;
    }
    size_t begin = tag->kind == TAG_EMPTY ? tag->at : pass->xf_at;
    if (styles->xf_count < styles->xf_room) {
        styles->xfs[styles->xf_count] = str_part(styles->text, begin, tag->end - begin);
    }
    styles->xf_count++;
}

static bool survey(struct styles *styles)
{
    struct styles_pass pass = {.styles = styles};
    struct scan scan;
    struct tag tag = {0};

    scan_init(&scan, styles->text);
    while (scan_next(&scan, &tag)) {
        if (tag.depth == 0) {
            styles->prefix = name_prefix(tag.name);
        } else if (tag.depth == 1) {
            take_list(&pass, &tag);
        } else if (tag.depth == 2 && pass.in_fills && tag.kind != TAG_CLOSE) {
            styles->fill_count++;
        } else if (tag.depth == 2) {
            take_xf(&pass, &tag);
        }
    }
    return !scan.is_broken && styles->fills.name.len > 0 && styles->cells.name.len > 0 &&
           styles->xf_count > 0 && styles->xf_count <= styles->xf_room;
}

enum rc styles_open(struct styles *styles, struct patch *patch, str path)
{
    *styles = (struct styles){.patch = patch, .path = path};
    enum rc rc = patch_read(patch, path, &styles->text);

    if (rc != RC_OK) {
        return rc;
    }
    styles->xf_room = (int64_t)scan_count(styles->text, STR("xf"), XF_MAX);
    styles->xfs = ARENA_NEW(&patch->arena, str, (size_t)styles->xf_room);
    map_init(&styles->clones, &patch->arena, 64);
    buf_init(&styles->added, &patch->arena, ADDED_MAX);
    return survey(styles) ? RC_OK : patch_odd(patch, path);
}

/* `xf` with another fill; all else as it was. */
static void put_twin(struct styles *styles, str xf, enum mark_severity severity)
{
    struct buf *out = &styles->added;
    struct scan scan;
    struct tag tag = {0};
    str name = {0};
    str value = {0};

    scan_init(&scan, xf);
    MUST(scan_next(&scan, &tag));
    buf_put(out, STR("<"));
    buf_put(out, tag.name);
    for (str rest = tag.inside; attribute_next(&rest, &name, &value);) {
        if (!str_equal(name, STR("fillId")) && !str_equal(name, STR("applyFill"))) {
            size_t from = (size_t)(name.at - xf.at);
            size_t end = (size_t)(value.at - xf.at) + value.len + 1;
            buf_char(out, ' ');
            buf_put(out, str_part(xf, from, end - from));
        }
    }
    buf_put(out, STR(" fillId=\""));
    buf_int(out, styles->fill_count + (int64_t)severity);
    buf_put(out, STR("\" applyFill=\"1\""));
    buf_put(out, tag.kind == TAG_EMPTY ? STR("/>") : STR(">"));
    buf_put(out, str_part(xf, tag.end, xf.len));
}

int64_t styles_marked(struct styles *styles, int64_t style, enum mark_severity severity)
{
    struct patch *patch = styles->patch;
    int64_t number = 0;

    if (style < 0 || style >= styles->xf_count) {
        style = 0;
    }
    str key = PATCH_JOIN(patch, patch_number(patch, style), STR(" "),
                         patch_number(patch, (int64_t)severity));
    if (!map_get(&styles->clones, key, &number)) {
        number = styles->xf_count + styles->added_count++;
        (void)map_put(&styles->clones, key, number);
        put_twin(styles, styles->xfs[style], severity);
    }
    return number;
}

static str new_fills(struct styles *styles)
{
    struct buf out;
    str text = {0};

    buf_init(&out, &styles->patch->arena, ADDED_MAX);
    for (size_t i = 0; i < COUNT_OF(FILLS); i++) {
        const str pieces[] = {
            STR("<"),
            styles->prefix,
            STR("fill><"),
            styles->prefix,
            STR("patternFill patternType=\"solid\"><"),
            styles->prefix,
            STR("fgColor rgb=\""),
            FILLS[i],
            STR("\"/><"),
            styles->prefix,
            STR("bgColor indexed=\"64\"/></"),
            styles->prefix,
            STR("patternFill></"),
            styles->prefix,
            STR("fill>"),
        };
        for (size_t k = 0; k < COUNT_OF(pieces); k++) {
            buf_put(&out, pieces[k]);
        }
    }
    MUST(buf_done(&out, &text));
    return text;
}

enum rc styles_close(struct styles *styles)
{
    struct patch *patch = styles->patch;
    int64_t count = styles->xf_count + styles->added_count;
    struct edits edits;
    str added = {0};
    str text = {0};

    bool whole = buf_done(&styles->added, &added);
    edits_init(&edits, &patch->arena, styles->text);
    edits_set(&edits, &styles->fills, STR("count"),
              patch_number(patch, styles->fill_count + (int64_t)COUNT_OF(FILLS)));
    edits_add(&edits, styles->fills_end, 0, new_fills(styles));
    edits_set(&edits, &styles->cells, STR("count"), patch_number(patch, count));
    edits_add(&edits, styles->cells_end, 0, added);
    if (!whole || count > XF_MAX || !edits_apply(&edits, &text)) {
        return patch_odd(patch, styles->path);
    }
    patch_write(patch, styles->path, text);
    return RC_OK;
}
