/* What most commands begin with. */
#include "act/load.h"

#include "format/doc/doc.h"
#include "format/sheet/sheet.h"
#include "office/file/batch.h"
#include "office/programme/record.h"

enum { DOCUMENTS_MAX = 64, REGISTER_BYTES_MAX = 256 << 20 };

struct documents {
    const struct doc *at[DOCUMENTS_MAX];
    int count;
};

static enum rc read_document(struct act *act, str path, struct documents *to)
{
    str bytes = {0};

    if (to->count == DOCUMENTS_MAX) {
        return err_set(&act->err, RC_LIMIT, MSG_ACT_DOCUMENTS_MANY, arg_count(DOCUMENTS_MAX));
    }
    TRY(act_read(act, path, &bytes));
    return doc_read_yaml(bytes, path, &act->arena, &to->at[to->count++], &act->err);
}

static str join_path(struct act *act, str directory, str name)
{
    struct buf buf;
    str path = {0};

    buf_init(&buf, &act->arena, 8192);
    buf_put(&buf, directory);
    buf_char(&buf, '/');
    buf_put(&buf, name);
    return buf_done(&buf, &path) ? path : directory;
}

static enum rc read_documents(struct act *act, str path, struct documents *to)
{
    str *names = NULL;
    size_t count = 0;

    enum rc rc = act_list(act, path, STR(".yaml"), &names, &count);
    if (rc == RC_MISSING && act->err.rc == RC_OK) {
        return read_document(act, path, to);
    }
    TRY(rc);
    if (count == 0) {
        return err_set(&act->err, RC_MISSING, MSG_ACT_NO_DOCUMENTS, arg_text(path));
    }
    for (size_t i = 0; i < count; i++) {
        TRY(read_document(act, join_path(act, path, names[i]), to));
    }
    return RC_OK;
}

enum rc load_definition(struct act *act, const str *paths, int count, struct programme **out,
                        struct problems *problems)
{
    struct documents documents = {.count = 0};

    *problems = (struct problems){0};
    for (int i = 0; i < count; i++) {
        TRY(read_documents(act, paths[i], &documents));
    }
    return definition_read(documents.at, documents.count, &act->arena, out, problems, &act->err);
}

void say_problems(struct act *act, const struct problems *problems)
{
    for (int i = 0; i < problems->count; i++) {
        struct buf line;
        str text = {0};
        buf_init(&line, &act->arena, 1 << 16);
        problem_put(&line, act->cx.lang, problems->rows[i]);
        (void)buf_done(&line, &text);
        SAY(act, MSG_ACT_LINE, arg_text(text));
    }
}

enum rc load_programme(struct act *act, struct programme **out)
{
    struct problems problems = {0};
    const struct doc *doc = NULL;
    str text = {0};

    TRY(programme_recorded(&act->cx, STR(""), &text));
    TRY(doc_read_yaml(text, STR("programme"), &act->arena, &doc, &act->err));
    return definition_read(&doc, 1, &act->arena, out, &problems, &act->err);
}

enum rc load_office(struct act *act, date at, struct office *out)
{
    TRY(load_programme(act, &out->programme));
    TRY(numbers_load(&act->cx, out->programme, false, &out->numbers));
    return unit_tree_load(&act->cx, out->programme, at, &out->tree);
}

enum rc load_code(struct act *act, const struct unit_tree *tree, str code, int *out)
{
    int place = unit_tree_find_code(tree, code);
    bool is_seen = false;

    if (place != NONE) {
        TRY(cx_sees(&act->cx, tree->units[place].id, &is_seen));
    }
    if (!is_seen) {
        return err_set(&act->err, RC_MISSING, MSG_ACT_UNIT_UNKNOWN, arg_text(code));
    }
    *out = place;
    return RC_OK;
}

/* Where the one who acts has his post; who has several is asked which one he means. */
static enum rc own_place(struct act *act, const struct unit_tree *tree, int *out)
{
    const struct scope *scope = act->cx.scope;

    *out = 0;
    if (scope == NULL || scope->is_all) {
        return RC_OK;
    }
    if (scope->root_count != 1) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_UNIT_WANTED, arg_count(scope->root_count));
    }
    *out = unit_tree_find_id(tree, scope->roots[0]);
    return *out == NONE ? err_set(&act->err, RC_MISSING, MSG_ACT_UNIT_NOT_THEN) : RC_OK;
}

enum rc load_unit(struct act *act, const struct unit_tree *tree, int *out)
{
    return act_has(act, "unit") ? load_code(act, tree, act_text(act, "unit"), out)
                                : own_place(act, tree, out);
}

enum rc load_level(struct act *act, const struct programme *programme, int *out)
{
    str id = act_text(act, "level");
    int level = id.len == 0 ? programme->level_count - 1 : programme_level(programme, id);

    if (level == NONE) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_LEVEL_UNKNOWN, arg_text(id));
    }
    *out = level;
    return RC_OK;
}

enum rc load_source(struct act *act, const struct programme *programme, int *out)
{
    str id = act_text(act, "source");

    *out = NONE;
    for (int i = 0; i < programme->source_count; i++) {
        *out = str_equal(programme->sources[i].id, id) ? i : *out;
    }
    return id.len > 0 && *out == NONE
               ? err_set(&act->err, RC_MISSING, MSG_ACT_SOURCE_UNKNOWN, arg_text(id))
               : RC_OK;
}

enum rc load_bytes(struct act *act, str name, str bytes, const struct sheet_reader *reader)
{
    if (str_ends(name, STR(".xz"))) {
        TRY(xz_unpack(bytes, REGISTER_BYTES_MAX, &act->arena, &bytes, &act->err));
        name = str_part(name, 0, name.len - 3);
    }
    return str_ends(name, STR(".csv")) || str_ends(name, STR(".txt"))
               ? csv_read(bytes, &SHEET_LIMITS, reader, &act->err)
               : xlsx_read(bytes, &SHEET_LIMITS, reader, &act->err);
}

enum rc load_sheets(struct act *act, str path, const struct sheet_reader *reader, str *out_bytes)
{
    TRY(act_read(act, path, out_bytes));
    return load_bytes(act, path, *out_bytes, reader);
}

enum rc load_keep(struct act *act, str path, str bytes, struct hash *out)
{
    TRY(home_keep_file(act->home, bytes, out, &act->err));
    return file_note(&act->cx, *out, path, (int64_t)bytes.len);
}
