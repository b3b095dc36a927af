/* Any bytes as separated text, and as an xz file that may hold some. */
#include <stdint.h>

#include "base/utf8.h"
#include "format/sheet/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum rc on_sheet(void *self, const struct sheet_info *info)
{
    *(int64_t *)self = 0;
    MUST(info->index == 0);
    return RC_OK;
}

static enum rc on_row(void *self, const struct sheet_row *row)
{
    int64_t *last = self;
    int column = -1;

    MUST(row->row > *last && row->count > 0);
    *last = row->row;
    for (int i = 0; i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        MUST(cell->kind == CELL_TEXT && cell->text.len > 0 && utf8_is_valid(cell->text));
        MUST(cell->column > column);
        column = cell->column;
    }
    return RC_OK;
}

static enum rc on_end(void *self)
{
    (void)self;
    return RC_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct err err = {0};
    int64_t last = 0;
    struct sheet_reader reader = {&last, on_sheet, on_row, on_end};
    str bytes = {size == 0 ? "" : (const char *)data, size};
    str unpacked = {0};

    arena_init(&arena, 64 * ARENA_MIB);
    if (xz_unpack(bytes, 16 * ARENA_MIB, &arena, &unpacked, &err) == RC_OK) {
        bytes = unpacked;
    }
    err_clear(&err);
    enum rc rc = csv_read(bytes, &SHEET_LIMITS, &reader, &err);
    MUST(rc == RC_OK || err.rc == rc);
    arena_done(&arena);
    return 0;
}
