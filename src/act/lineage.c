/* Commands about lineage: what became of units, what waits for a decision, deciding. */
#include "act/cmd.h"
#include "act/load.h"
#include "office/lineage/decide.h"
#include "office/lineage/report.h"

enum rc cmd_lineage_show(struct act *act)
{
    struct programme *programme = NULL;
    struct lineage_days days = lineage_days_all();
    struct table_sink sink = {0};

    if (act_has(act, "from")) {
        TRY(act_date(act, "from", &days.from));
    }
    if (act_has(act, "to")) {
        TRY(act_date(act, "to", &days.to));
    }
    TRY(load_programme(act, &programme));
    TRY(act_sink(act, &sink));
    return act->operand_count == 0
               ? lineage_summary_table(&act->cx, programme, days, &sink)
               : lineage_history_table(&act->cx, programme, act->operands[0], days, &sink);
}

enum rc cmd_lineage_propose(struct act *act)
{
    struct programme *programme = NULL;
    struct table_sink sink = {0};
    const struct lineage_filter open = {
        .only_open = true,
        .within = act_text(act, "unit"),
        .confidence_max = LINEAGE_SURE,
    };

    TRY(load_programme(act, &programme));
    TRY(act_sink(act, &sink));
    return lineage_steps_table(&act->cx, programme, &open, &sink);
}

static enum rc show_faults(struct act *act, const struct decision_reader *reader)
{
    const struct table_sink sink = act_shown(act);

    return reader->fault_count == 0 ? RC_OK : decision_faults_table(reader, &sink);
}

static void say_decided(struct act *act, const struct decision_result *result)
{
    if (result->batch == 0) {
        SAY(act, MSG_ACT_SAME_FILE, arg_text(act->operands[0]));
    } else if (act->is_trial) {
        SAY(act, MSG_ACT_LINEAGE_TRIED, arg_count(result->confirmed), arg_count(result->rejected),
            arg_count(result->again));
    } else {
        SAY_LATER(act, MSG_ACT_LINEAGE_DONE, arg_count(result->confirmed),
                  arg_count(result->rejected), arg_count(result->again), arg_number(result->batch));
    }
}

/* The list of what was decided, where somebody asked to see it. */
static enum rc show_decided(struct act *act, const struct programme *programme,
                            const struct decision_result *result)
{
    struct table_sink sink = {0};
    bool is_asked = act->is_trial || act->is_json || act_has(act, "output");

    if (!is_asked) {
        return RC_OK;
    }
    TRY(act_sink(act, &sink));
    return lineage_rows_table(&act->cx, programme, &result->rows, &sink);
}

enum rc cmd_lineage_apply(struct act *act)
{
    struct programme *programme = NULL;
    struct decision_reader reader;
    struct decision_result result = {0};
    struct decision_act decision = {
        .file_name = act->operands[0],
        .reason = act_text(act, "reason"),
    };
    str bytes = {0};

    act->is_trial = act_has(act, "dry-run");
    TRY(load_programme(act, &programme));
    decision_reader_init(&reader, &act->cx);
    struct sheet_reader sheets = decision_reader_sheet(&reader);
    TRY(load_sheets(act, decision.file_name, &sheets, &bytes));
    decision.file_hash = hash_of(bytes);
    enum rc rc = lineage_apply(&act->cx, programme, &reader, &decision, &result);
    TRY(show_faults(act, &reader));
    TRY(rc);
    if (!act->is_trial && result.batch != 0) {
        TRY(load_keep(act, decision.file_name, bytes, &decision.file_hash));
    }
    say_decided(act, &result);
    return show_decided(act, programme, &result);
}
