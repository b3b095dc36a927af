/* Commands about definitions: init, programme check, diff, apply, export, import. */
#include "cli/cmd.h"
#include "cli/load.h"
#include "format/doc/doc.h"
#include "format/sheet/sheet.h"
#include "office/programme/record.h"
#include "office/revision/revision.h"

enum rc cmd_programme_check(struct session *session)
{
    struct programme *programme = NULL;
    struct problems problems = {0};
    enum rc rc =
        load_definition(session, session->operands, session->operand_count, &programme, &problems);

    say_problems(session, &problems);
    TRY(rc);
    SAY(session, MSG_CLI_PROGRAMME_SOUND, arg_text(text_in(programme->name, session->cx.lang)),
        arg_count(programme->indicator_count), arg_count(programme->measure_count),
        arg_count(problems.warnings));
    return RC_OK;
}

/* A canonical text as the tree that revisions are told by. */
static enum rc tree_of(struct session *session, str text, const struct doc **out)
{
    struct problems problems;
    const struct doc *doc = NULL;

    problems_init(&problems, &session->arena);
    TRY(doc_read_yaml(text, STR("programme"), &session->arena, &doc, &session->err));
    *out = tree_normal(tree_merge(&doc, 1, &session->arena, &problems), &session->arena);
    return RC_OK;
}

/* What a programme changes against the version in force. */
static enum rc compare(struct session *session, const struct programme *programme,
                       struct changes *out)
{
    const struct doc *before = NULL;
    const struct doc *after = NULL;
    str text = {0};

    MUST(programme != NULL);
    TRY(programme_recorded(&session->cx, STR(""), &text));
    TRY(tree_of(session, text, &before));
    TRY(tree_of(session, programme->text, &after));
    *out = revision_compare(before, after, &session->arena);
    return RC_OK;
}

static enum rc refuse_permanent(struct session *session, const struct changes *changes)
{
    for (int i = 0; i < changes->count; i++) {
        const struct change *change = &changes->rows[i];
        if (change->is_refused) {
            return err_set(&session->err, RC_CONFLICT, MSG_CLI_PROGRAMME_REFUSED,
                           arg_text(change->id), arg_text(change->field), arg_msg(change->why),
                           arg_count(changes->refused));
        }
    }
    return RC_OK;
}

static enum rc show_changes(struct session *session, const struct changes *changes)
{
    struct table_sink sink = {0};

    TRY(session_sink(session, &sink));
    TRY(revision_changes(changes, session->cx.lang, &sink, &session->arena));
    SAY(session, MSG_CLI_PROGRAMME_CHANGES, arg_count(changes->count), arg_count(changes->refused));
    return RC_OK;
}

/* Make it the version in force. */
static enum rc record(struct session *session, const struct programme *programme)
{
    struct numbers numbers = {0};
    bool is_new = false;

    TRY(programme_record(&session->cx, programme, &is_new));
    TRY(numbers_load(&session->cx, programme, true, &numbers));
    SAY_LATER(session, is_new ? MSG_CLI_PROGRAMME_APPLIED : MSG_CLI_PROGRAMME_SAME,
              arg_text(text_in(programme->name, session->cx.lang)),
              arg_text(str_part(hash_hex(programme->hash, &session->arena), 0, 12)));
    return RC_OK;
}

static enum rc load_said(struct session *session, const str *paths, int count,
                         struct programme **out)
{
    struct problems problems = {0};
    enum rc rc = load_definition(session, paths, count, out, &problems);

    if (rc != RC_OK) {
        say_problems(session, &problems);
    }
    return rc;
}

enum rc cmd_init(struct session *session)
{
    struct programme *programme = NULL;
    str path = session_text(session, "programme");

    TRY(load_said(session, &path, 1, &programme));
    return record(session, programme);
}

enum rc cmd_programme_apply(struct session *session)
{
    struct programme *programme = NULL;
    struct changes changes = {0};

    TRY(load_said(session, session->operands, 1, &programme));
    TRY(compare(session, programme, &changes));
    TRY(refuse_permanent(session, &changes));
    return record(session, programme);
}

enum rc cmd_programme_diff(struct session *session)
{
    struct programme *programme = NULL;
    struct changes changes = {0};

    TRY(load_said(session, session->operands, session->operand_count, &programme));
    TRY(compare(session, programme, &changes));
    return show_changes(session, &changes);
}

enum rc cmd_programme_export(struct session *session)
{
    str path = session_text(session, "output");
    const struct doc *tree = NULL;
    struct table_sink sink = {0};
    str text = {0};

    TRY(programme_recorded(&session->cx, STR(""), &text));
    if (str_ends(path, STR(".yaml"))) {
        TRY(session_write(session, path, text));
        SAY(session, MSG_CLI_WROTE, arg_text(path));
        return RC_OK;
    }
    if (!str_ends(path, STR(".xlsx"))) {
        return err_set(&session->err, RC_INVALID, MSG_CLI_PROGRAMME_KIND, arg_text(path));
    }
    TRY(tree_of(session, text, &tree));
    TRY(session_sink(session, &sink));
    return revision_export(tree, session->cx.lang, &sink, &session->arena);
}

/* The definition that a workbook holds; all its faults are said. */
static enum rc read_workbook(struct session *session, str path, struct programme **out)
{
    struct revision_import import;
    struct problems problems;
    str bytes = {0};

    problems_init(&problems, &session->arena);
    revision_import_begin(&import, path, &session->arena, &problems);
    TRY(load_sheets(session, path, &import.reader, &bytes));
    if (problems.errors > 0) {
        say_problems(session, &problems);
        return err_set(&session->err, RC_INVALID, MSG_CLI_PROGRAMME_BOOK, arg_text(path),
                       arg_count(problems.errors));
    }
    const struct doc *tree = revision_import_end(&import);
    enum rc rc = definition_read(&tree, 1, &session->arena, out, &problems, &session->err);
    if (rc != RC_OK) {
        say_problems(session, &problems);
    }
    return rc;
}

enum rc cmd_programme_import(struct session *session)
{
    struct programme *programme = NULL;
    struct changes changes = {0};

    TRY(read_workbook(session, session->operands[0], &programme));
    TRY(compare(session, programme, &changes));
    TRY(show_changes(session, &changes));
    TRY(refuse_permanent(session, &changes));
    return session_has(session, "dry-run") ? RC_OK : record(session, programme);
}
