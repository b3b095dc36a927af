/* Commands about definitions: init, programme check, apply. */
#include "cli/cmd.h"
#include "cli/load.h"
#include "office/programme/record.h"

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

static enum rc apply(struct session *session, str path)
{
    struct programme *programme = NULL;
    struct problems problems = {0};
    struct numbers numbers = {0};
    bool is_new = false;
    enum rc rc = load_definition(session, &path, 1, &programme, &problems);

    if (rc != RC_OK) {
        say_problems(session, &problems);
        return rc;
    }
    TRY(programme_record(&session->cx, programme, &is_new));
    TRY(numbers_load(&session->cx, programme, true, &numbers));
    SAY(session, is_new ? MSG_CLI_PROGRAMME_APPLIED : MSG_CLI_PROGRAMME_SAME,
        arg_text(text_in(programme->name, session->cx.lang)),
        arg_text(str_part(hash_hex(programme->hash, &session->arena), 0, 12)));
    return RC_OK;
}

enum rc cmd_init(struct session *session)
{
    return apply(session, session_text(session, "programme"));
}

enum rc cmd_programme_apply(struct session *session)
{
    return apply(session, session->operands[0]);
}
