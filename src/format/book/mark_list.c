/* Marks as a table, for files that cannot be marked themselves. */
#include "format/patch/patch.h"

#include "base/place.h"

enum rc mark_list(const struct mark *marks, size_t count, enum lang lang, struct table_sink sink)
{
    const struct column columns[] = {
        {.key = STR("sheet"), .title = msg_text(lang, MSG_BOOK_LIST_SHEET)},
        {.key = STR("cell"), .title = msg_text(lang, MSG_BOOK_LIST_CELL), .is_id = true},
        {.key = STR("value"), .title = msg_text(lang, MSG_BOOK_LIST_VALUE), .is_id = true},
        {.key = STR("severity"), .title = msg_text(lang, MSG_BOOK_LIST_SEVERITY)},
        {.key = STR("reason"), .title = msg_text(lang, MSG_BOOK_LIST_REASON), .width = 70},
    };
    const struct table table = {
        .name = STR("marks"),
        .title = msg_text(lang, MSG_BOOK_LIST_TITLE),
        .columns = columns,
        .column_count = COUNT_OF(columns),
        .frozen_columns = 2,
    };
    enum rc rc = sink.begin(sink.self, &table);

    for (size_t i = 0; i < count && rc == RC_OK; i++) {
        char place[PLACE_MAX];
        bool is_error = marks[i].severity == MARK_ERROR;
        const struct out cells[] = {
            out_text(marks[i].sheet_name),
            out_text(place_name(place, marks[i].row - 1, marks[i].column)),
            out_text(marks[i].value),
            out_toned(is_error ? out_named(STR("error"), msg_text(lang, MSG_BOOK_LIST_ERROR))
                               : out_named(STR("warning"), msg_text(lang, MSG_BOOK_LIST_WARNING)),
                      is_error ? TONE_WARN : TONE_PLAIN),
            out_text(marks[i].text),
        };
        rc = sink.row(sink.self, cells);
    }
    return rc == RC_OK ? sink.end(sink.self) : rc;
}
