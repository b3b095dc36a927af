/* Commands about lineage: what became of units, what waits for a decision, deciding. */
#include "cli/cmd.h"
#include "cli/load.h"
#include "cli/output.h"
#include "office/lineage/decide.h"
#include "office/lineage/report.h"

enum rc cmd_lineage_show(struct session *session)
{
    struct programme *programme = NULL;
    struct lineage_days days = lineage_days_all();
    struct table_sink sink = {0};

    if (session_has(session, "from")) {
        TRY(session_date(session, "from", &days.from));
    }
    if (session_has(session, "to")) {
        TRY(session_date(session, "to", &days.to));
    }
    TRY(load_programme(session, &programme));
    TRY(session_sink(session, &sink));
    return session->operand_count == 0
               ? lineage_summary_table(&session->cx, programme, days, &sink)
               : lineage_history_table(&session->cx, programme, session->operands[0], days, &sink);
}

enum rc cmd_lineage_propose(struct session *session)
{
    struct programme *programme = NULL;
    struct table_sink sink = {0};
    const struct lineage_filter open = {
        .only_open = true,
        .within = session_text(session, "unit"),
        .confidence_max = LINEAGE_SURE,
    };

    TRY(load_programme(session, &programme));
    TRY(session_sink(session, &sink));
    return lineage_steps_table(&session->cx, programme, &open, &sink);
}

static enum rc show_faults(struct session *session, const struct decision_reader *reader)
{
    const struct table_sink sink = session_stdout(session);

    return reader->fault_count == 0 ? RC_OK : decision_faults_table(reader, &sink);
}

static void say_decided(struct session *session, const struct decision_result *result)
{
    if (result->batch == 0) {
        SAY(session, MSG_CLI_SAME_FILE, arg_text(session->operands[0]));
    } else if (session->is_trial) {
        SAY(session, MSG_CLI_LINEAGE_TRIED, arg_count(result->confirmed),
            arg_count(result->rejected), arg_count(result->again));
    } else {
        SAY_LATER(session, MSG_CLI_LINEAGE_DONE, arg_count(result->confirmed),
                  arg_count(result->rejected), arg_count(result->again), arg_number(result->batch));
    }
}

/* The list of what was decided, where somebody asked to see it. */
static enum rc show_decided(struct session *session, const struct programme *programme,
                            const struct decision_result *result)
{
    struct table_sink sink = {0};
    bool is_asked = session->is_trial || session->is_json || session_has(session, "output");

    if (!is_asked) {
        return RC_OK;
    }
    TRY(session_sink(session, &sink));
    return lineage_rows_table(&session->cx, programme, &result->rows, &sink);
}

enum rc cmd_lineage_apply(struct session *session)
{
    struct programme *programme = NULL;
    struct decision_reader reader;
    struct decision_result result = {0};
    struct decision_act act = {
        .file_name = session->operands[0],
        .reason = session_text(session, "reason"),
    };
    str bytes = {0};

    session->is_trial = session_has(session, "dry-run");
    TRY(load_programme(session, &programme));
    decision_reader_init(&reader, &session->cx);
    struct sheet_reader sheets = decision_reader_sheet(&reader);
    TRY(load_sheets(session, act.file_name, &sheets, &bytes));
    act.file_hash = hash_of(bytes);
    enum rc rc = lineage_apply(&session->cx, programme, &reader, &act, &result);
    TRY(show_faults(session, &reader));
    TRY(rc);
    if (!session->is_trial && result.batch != 0) {
        TRY(load_keep(session, act.file_name, bytes, &act.file_hash));
    }
    say_decided(session, &result);
    return show_decided(session, programme, &result);
}
