/* Commands about definitions: init, programme check, diff, apply, export, import. */
#include "act/cmd.h"
#include "act/load.h"
#include "format/doc/doc.h"
#include "format/sheet/sheet.h"
#include "office/programme/record.h"
#include "office/revision/revision.h"

enum rc cmd_programme_check(struct act *act)
{
    struct programme *programme = NULL;
    struct problems problems = {0};
    enum rc rc = load_definition(act, act->operands, act->operand_count, &programme, &problems);

    say_problems(act, &problems);
    TRY(rc);
    SAY(act, MSG_ACT_PROGRAMME_SOUND, arg_text(text_in(programme->name, act->cx.lang)),
        arg_count(programme->indicator_count), arg_count(programme->measure_count),
        arg_count(problems.warnings));
    return RC_OK;
}

/* A canonical text as the tree that revisions are told by. */
static enum rc tree_of(struct act *act, str text, const struct doc **out)
{
    struct problems problems;
    const struct doc *doc = NULL;

    problems_init(&problems, &act->arena);
    TRY(doc_read_yaml(text, STR("programme"), &act->arena, &doc, &act->err));
    *out = tree_normal(tree_merge(&doc, 1, &act->arena, &problems), &act->arena);
    return RC_OK;
}

/* What a programme changes against the version in force. */
static enum rc compare(struct act *act, const struct programme *programme, struct changes *out)
{
    const struct doc *before = NULL;
    const struct doc *after = NULL;
    str text = {0};

    MUST(programme != NULL);
    TRY(programme_recorded(&act->cx, STR(""), &text));
    TRY(tree_of(act, text, &before));
    TRY(tree_of(act, programme->text, &after));
    *out = revision_compare(before, after, &act->arena);
    return RC_OK;
}

static enum rc refuse_permanent(struct act *act, const struct changes *changes)
{
    for (int i = 0; i < changes->count; i++) {
        const struct change *change = &changes->rows[i];
        if (change->is_refused) {
            return err_set(&act->err, RC_CONFLICT, MSG_ACT_PROGRAMME_REFUSED, arg_text(change->id),
                           arg_text(change->field), arg_msg(change->why),
                           arg_count(changes->refused));
        }
    }
    return RC_OK;
}

static enum rc show_changes(struct act *act, const struct changes *changes)
{
    struct table_sink sink = {0};

    TRY(act_sink(act, &sink));
    TRY(revision_changes(changes, act->cx.lang, &sink, &act->arena));
    SAY(act, MSG_ACT_PROGRAMME_CHANGES, arg_count(changes->count), arg_count(changes->refused));
    return RC_OK;
}

/* Make it the version in force. */
static enum rc record(struct act *act, const struct programme *programme)
{
    struct numbers numbers = {0};
    bool is_new = false;

    TRY(programme_record(&act->cx, programme, &is_new));
    TRY(numbers_load(&act->cx, programme, true, &numbers));
    SAY_LATER(act, is_new ? MSG_ACT_PROGRAMME_APPLIED : MSG_ACT_PROGRAMME_SAME,
              arg_text(text_in(programme->name, act->cx.lang)),
              arg_text(str_part(hash_hex(programme->hash, &act->arena), 0, 12)));
    return RC_OK;
}

static enum rc load_said(struct act *act, const str *paths, int count, struct programme **out)
{
    struct problems problems = {0};
    enum rc rc = load_definition(act, paths, count, out, &problems);

    if (rc != RC_OK) {
        say_problems(act, &problems);
    }
    return rc;
}

enum rc cmd_init(struct act *act)
{
    struct programme *programme = NULL;
    str path = act_text(act, "programme");

    TRY(load_said(act, &path, 1, &programme));
    return record(act, programme);
}

enum rc cmd_programme_apply(struct act *act)
{
    struct programme *programme = NULL;
    struct changes changes = {0};

    TRY(load_said(act, act->operands, 1, &programme));
    TRY(compare(act, programme, &changes));
    TRY(refuse_permanent(act, &changes));
    return record(act, programme);
}

enum rc cmd_programme_diff(struct act *act)
{
    struct programme *programme = NULL;
    struct changes changes = {0};

    TRY(load_said(act, act->operands, act->operand_count, &programme));
    TRY(compare(act, programme, &changes));
    return show_changes(act, &changes);
}

enum rc cmd_programme_export(struct act *act)
{
    str path = act_text(act, "output");
    const struct doc *tree = NULL;
    struct table_sink sink = {0};
    str text = {0};

    TRY(programme_recorded(&act->cx, STR(""), &text));
    if (str_ends(path, STR(".yaml"))) {
        TRY(act_write_text(act, path, text));
        SAY(act, MSG_ACT_WROTE, arg_text(path));
        return RC_OK;
    }
    if (act_has(act, "output") && !str_ends(path, STR(".xlsx"))) {
        return err_set(&act->err, RC_INVALID, MSG_ACT_PROGRAMME_KIND, arg_text(path));
    }
    TRY(tree_of(act, text, &tree));
    TRY(act_sink(act, &sink));
    return revision_export(tree, act->cx.lang, &sink, &act->arena);
}

/* The definition that a workbook holds; all its faults are said. */
static enum rc read_workbook(struct act *act, str path, struct programme **out)
{
    struct revision_import import;
    struct problems problems;
    str bytes = {0};

    problems_init(&problems, &act->arena);
    revision_import_begin(&import, path, &act->arena, &problems);
    TRY(load_sheets(act, path, &import.reader, &bytes));
    if (problems.errors > 0) {
        say_problems(act, &problems);
        return err_set(&act->err, RC_INVALID, MSG_ACT_PROGRAMME_BOOK, arg_text(path),
                       arg_count(problems.errors));
    }
    const struct doc *tree = revision_import_end(&import);
    enum rc rc = definition_read(&tree, 1, &act->arena, out, &problems, &act->err);
    if (rc != RC_OK) {
        say_problems(act, &problems);
    }
    return rc;
}

enum rc cmd_programme_import(struct act *act)
{
    struct programme *programme = NULL;
    struct changes changes = {0};

    TRY(read_workbook(act, act->operands[0], &programme));
    TRY(compare(act, programme, &changes));
    TRY(show_changes(act, &changes));
    TRY(refuse_permanent(act, &changes));
    return act_has(act, "dry-run") ? RC_OK : record(act, programme);
}
