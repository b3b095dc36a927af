/* read: a meeting report becomes proposed tasks. */
#include "act/cmd.h"
#include "office/meeting/meeting.h"

enum rc cmd_read(struct act *act)
{
    struct report *report = NULL;
    struct table_sink sink = {0};
    str text = {0};

    TRY(act_read(act, act->operands[0], &text));
    TRY(report_read(text, &act->arena, &report, &act->err));
    TRY(act_sink(act, &sink));
    return report_tables(report, act->cx.lang, &sink);
}
