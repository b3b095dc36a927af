/* What most commands begin with. */
#include "cli/load.h"

#include "format/doc/doc.h"
#include "format/sheet/sheet.h"
#include "office/file/batch.h"
#include "office/programme/record.h"
#include "store/file.h"

enum { DOCUMENTS_MAX = 64, REGISTER_BYTES_MAX = 256 << 20 };

struct documents {
    const struct doc *at[DOCUMENTS_MAX];
    int count;
};

static enum rc read_document(struct session *session, str path, struct documents *to)
{
    str bytes = {0};

    if (to->count == DOCUMENTS_MAX) {
        return err_set(&session->err, RC_LIMIT, MSG_CLI_DOCUMENTS_MANY, arg_count(DOCUMENTS_MAX));
    }
    TRY(session_read(session, path, &bytes));
    return doc_read_yaml(bytes, path, &session->arena, &to->at[to->count++], &session->err);
}

static str join_path(struct session *session, str directory, str name)
{
    struct buf buf;
    str path = {0};

    buf_init(&buf, &session->arena, 8192);
    buf_put(&buf, directory);
    buf_char(&buf, '/');
    buf_put(&buf, name);
    return buf_done(&buf, &path) ? path : directory;
}

static enum rc read_documents(struct session *session, str path, struct documents *to)
{
    str *names = NULL;
    size_t count = 0;

    if (!file_is_directory(path)) {
        return read_document(session, path, to);
    }
    TRY(file_list(path, STR(".yaml"), &session->arena, &names, &count, &session->err));
    if (count == 0) {
        return err_set(&session->err, RC_MISSING, MSG_CLI_NO_DOCUMENTS, arg_text(path));
    }
    for (size_t i = 0; i < count; i++) {
        TRY(read_document(session, join_path(session, path, names[i]), to));
    }
    return RC_OK;
}

enum rc load_definition(struct session *session, const str *paths, int count,
                        struct programme **out, struct problems *problems)
{
    struct documents documents = {.count = 0};

    *problems = (struct problems){0};
    for (int i = 0; i < count; i++) {
        TRY(read_documents(session, paths[i], &documents));
    }
    return definition_read(documents.at, documents.count, &session->arena, out, problems,
                           &session->err);
}

void say_problems(struct session *session, const struct problems *problems)
{
    for (int i = 0; i < problems->count; i++) {
        struct buf line;
        str text = {0};
        buf_init(&line, &session->arena, 1 << 16);
        problem_put(&line, session->cx.lang, problems->rows[i]);
        (void)buf_done(&line, &text);
        SAY(session, MSG_CLI_LINE, arg_text(text));
    }
}

enum rc load_programme(struct session *session, struct programme **out)
{
    struct problems problems = {0};
    const struct doc *doc = NULL;
    str text = {0};

    TRY(programme_recorded(&session->cx, STR(""), &text));
    TRY(doc_read_yaml(text, STR("programme"), &session->arena, &doc, &session->err));
    return definition_read(&doc, 1, &session->arena, out, &problems, &session->err);
}

enum rc load_office(struct session *session, date at, struct office *out)
{
    TRY(load_programme(session, &out->programme));
    TRY(numbers_load(&session->cx, out->programme, false, &out->numbers));
    return unit_tree_load(&session->cx, out->programme, at, &out->tree);
}

enum rc load_code(struct session *session, const struct unit_tree *tree, str code, int *out)
{
    int place = unit_tree_find_code(tree, code);

    if (place == NONE) {
        return err_set(&session->err, RC_MISSING, MSG_CLI_UNIT_UNKNOWN, arg_text(code));
    }
    *out = place;
    return RC_OK;
}

enum rc load_unit(struct session *session, const struct unit_tree *tree, int *out)
{
    *out = 0;
    return session_has(session, "unit")
               ? load_code(session, tree, session_text(session, "unit"), out)
               : RC_OK;
}

enum rc load_level(struct session *session, const struct programme *programme, int *out)
{
    str id = session_text(session, "level");
    int level = id.len == 0 ? programme->level_count - 1 : programme_level(programme, id);

    if (level == NONE) {
        return err_set(&session->err, RC_INVALID, MSG_CLI_LEVEL_UNKNOWN, arg_text(id));
    }
    *out = level;
    return RC_OK;
}

enum rc load_source(struct session *session, const struct programme *programme, int *out)
{
    str id = session_text(session, "source");

    *out = NONE;
    for (int i = 0; i < programme->source_count; i++) {
        *out = str_equal(programme->sources[i].id, id) ? i : *out;
    }
    return id.len > 0 && *out == NONE
               ? err_set(&session->err, RC_MISSING, MSG_CLI_SOURCE_UNKNOWN, arg_text(id))
               : RC_OK;
}

enum rc load_bytes(struct session *session, str name, str bytes, const struct sheet_reader *reader)
{
    if (str_ends(name, STR(".xz"))) {
        TRY(xz_unpack(bytes, REGISTER_BYTES_MAX, &session->arena, &bytes, &session->err));
        name = str_part(name, 0, name.len - 3);
    }
    return str_ends(name, STR(".csv")) || str_ends(name, STR(".txt"))
               ? csv_read(bytes, &SHEET_LIMITS, reader, &session->err)
               : xlsx_read(bytes, &SHEET_LIMITS, reader, &session->err);
}

enum rc load_sheets(struct session *session, str path, const struct sheet_reader *reader,
                    str *out_bytes)
{
    TRY(session_read(session, path, out_bytes));
    return load_bytes(session, path, *out_bytes, reader);
}

enum rc load_keep(struct session *session, str path, str bytes, struct hash *out)
{
    TRY(home_keep_file(session->home, bytes, out, &session->err));
    return file_note(&session->cx, *out, path, (int64_t)bytes.len);
}
