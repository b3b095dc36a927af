/* Any bytes as a meeting report: what is read points into the text, and its tables can be made. */
#include <stdint.h>

#include "base/utf8.h"
#include "office/meeting/meeting.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc take_table(void *self, const struct table *table)
{
    *(int *)self = table->column_count;
    return RC_OK;
}

static enum rc take_row(void *self, const struct out *cells)
{
    for (int i = 0; i < *(const int *)self; i++) {
        MUST(utf8_is_valid(cells[i].text));
    }
    return RC_OK;
}

static enum rc take_end(void *self)
{
    (void)self;
    return RC_OK;
}

static void check_place(const struct report *report, struct place place)
{
    MUST(place.paragraph > 0 && place.sentence > 0);
    MUST(place.begin < place.end && place.end <= report->text.len);
    MUST(utf8_is_valid(str_part(report->text, place.begin, place.end - place.begin)));
}

static void check(const struct report *report)
{
    int columns = 0;
    const struct table_sink sink = {&columns, take_table, take_row, take_end};

    for (int i = 0; i < report->task_count; i++) {
        MUST(report->tasks[i].demand.len > 0 && report->tasks[i].path.len > 0);
        check_place(report, report->tasks[i].place);
    }
    for (int i = 0; i < report->left_count; i++) {
        check_place(report, report->left[i].place);
    }
    MUST(report_tables(report, LANG_ZH, &sink) == RC_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct report *report = NULL;
    struct err err = {0};
    struct arena arena;

    arena_init(&arena, ARENA_JOB_MAX);
    if (report_read((str){(const char *)data, size}, &arena, &report, &err) == RC_OK) {
        check(report);
    }
    arena_done(&arena);
    return 0;
}
