/* What the tests of this room share: a reader that writes down what it is given. */
#ifndef FORMAT_SHEET_READING_TEST_H
#define FORMAT_SHEET_READING_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "format/sheet/xlsx_in.h"

/* What was read, as one text: "[name]" a sheet, "A1:text" a cell, ";" the end of a row. */
struct reading {
    struct buf text;
    int sheets;
    int64_t rows;
    int64_t cells;
    enum rc answer; /* what the row callback answers */
};

struct fixture {
    struct arena arena;
    struct reading reading;
    struct err err;
};

static const char KIND_LETTERS[] = {'_', 't', 'n', 'b', 'd', 'e'};

static enum rc take_sheet(void *self, const struct sheet_info *info)
{
    struct reading *reading = self;

    reading->sheets++;
    buf_put(&reading->text, STR("["));
    buf_put(&reading->text, info->name);
    buf_put(&reading->text, info->is_hidden ? STR(" hidden") : STR(""));
    for (int i = 0; i < info->merge_count; i++) {
        const struct merge *merge = &info->merges[i];
        buf_put(&reading->text, STR(" "));
        buf_int(&reading->text, merge->first_row);
        buf_put(&reading->text, STR("-"));
        buf_int(&reading->text, merge->last_row);
        buf_put(&reading->text, STR("/"));
        buf_int(&reading->text, merge->first_column);
        buf_put(&reading->text, STR("-"));
        buf_int(&reading->text, merge->last_column);
    }
    buf_put(&reading->text, STR("]"));
    return RC_OK;
}

static void put_escaped(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\n') {
            buf_put(out, STR("\\n"));
        } else {
            buf_char(out, text.at[i]);
        }
    }
}

static enum rc take_row(void *self, const struct sheet_row *row)
{
    struct reading *reading = self;

    reading->rows++;
    reading->cells += row->count;
    buf_int(&reading->text, row->row);
    for (int i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        buf_char(&reading->text, ' ');
        buf_char(&reading->text, (char)('A' + cell->column));
        buf_char(&reading->text, KIND_LETTERS[cell->kind]);
        buf_put(&reading->text, cell->is_percent ? STR("%") : STR(""));
        buf_put(&reading->text, cell->is_formula ? STR("=") : STR(""));
        buf_char(&reading->text, ':');
        put_escaped(&reading->text, cell->text);
    }
    buf_char(&reading->text, ';');
    return reading->answer;
}

static enum rc take_end(void *self)
{
    (void)self;
    return RC_OK;
}

static int begin(void **state)
{
    static struct fixture fixture;

    fixture = (struct fixture){0};
    arena_init(&fixture.arena, ARENA_JOB_MAX);
    buf_init(&fixture.reading.text, &fixture.arena, ARENA_MIB);
    *state = &fixture;
    return 0;
}

static int end(void **state)
{
    struct fixture *fixture = *state;

    arena_done(&fixture->arena);
    return 0;
}

static struct sheet_reader reader_of(struct fixture *fixture)
{
    return (struct sheet_reader){&fixture->reading, take_sheet, take_row, take_end};
}

static str read_back(struct fixture *fixture)
{
    str text = {0};

    (void)buf_done(&fixture->reading.text, &text);
    return text;
}

static void assert_text(str got, const char *want)
{
    if (!str_equal(got, str_from(want))) {
        fail_msg("got  %.*s\nwant %s", STR_ARG(got), want);
    }
}

#endif
