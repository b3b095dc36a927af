/* read: a meeting report becomes proposed tasks. */
#include "cli/cmd.h"
#include "office/meeting/meeting.h"

enum rc cmd_read(struct session *session)
{
    struct report *report = NULL;
    struct table_sink sink = {0};
    str text = {0};

    TRY(session_read(session, session->operands[0], &text));
    TRY(report_read(text, &session->arena, &report, &session->err));
    TRY(session_sink(session, &sink));
    return report_tables(report, session->cx.lang, &sink);
}
