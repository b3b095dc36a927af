/* The changes of an import, for a person to look at before they are made. */
#include "office/collect/import.h"

static const struct column_row COLUMNS[] = {
    {STR_INIT("code"), MSG_COLLECT_CHANGE_CODE, 14, true},
    {STR_INIT("name"), MSG_COLLECT_CHANGE_NAME, 18, false},
    {STR_INIT("indicator"), MSG_COLLECT_CHANGE_INDICATOR, 24, false},
    {STR_INIT("before"), MSG_COLLECT_CHANGE_BEFORE, 14, false},
    {STR_INIT("after"), MSG_COLLECT_CHANGE_AFTER, 14, false},
    {STR_INIT("row"), MSG_COLLECT_CHANGE_ROW, 8, false},
};

enum rc import_changes_table(const struct ledger *ledger, const struct change_list *list,
                             const struct table_sink *sink)
{
    enum lang lang = ledger->cx->lang;
    const struct numbers *numbers = ledger->job.numbers;
    const struct table table = {
        .name = STR("changes"),
        .title = msg_text(lang, MSG_COLLECT_CHANGES_TITLE),
        .columns = columns_in(lang, COLUMNS, COUNT_OF(COLUMNS), ledger->cx->arena),
        .column_count = COUNT_OF(COLUMNS),
    };

    TRY(sink->begin(sink->self, &table));
    for (int i = 0; i < list->count; i++) {
        const struct change *change = &list->changes[i];
        const struct ledger_row *row = &ledger->rows[change->row];
        const struct unit *unit = &ledger->job.tree->units[row->place];
        const struct indicator *indicator =
            &ledger->job.programme->indicators[numbers->indicator_of[change->after.indicator]];
        const struct out cells[] = {
            out_text(unit->code),
            out_text(unit->name),
            out_text(text_in(indicator->name, lang)),
            value_out(lang, indicator, &change->before),
            value_out(lang, indicator, &change->after),
            out_int(row->row),
        };
        TRY(sink->row(sink->self, cells));
    }
    return sink->end(sink->self);
}
