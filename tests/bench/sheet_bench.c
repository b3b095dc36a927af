/* sheet_bench make FILE | read FILE | dump FILE: the workbook of the bench (20,000 rows of 100
 * cells, a quarter of them text, the rest whole and broken numbers), the product's reader over it
 * with CPU time and peak memory, and its cells for comparison (sheet_peers.py). */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xlsxwriter.h>

#include "base/clock.h"
#include "base/msg.h"
#include "base/num.h"
#include "format/sheet/sheet.h"

enum { ROWS = 20000, NAMES = 3000, TEXT_MAX = 64, MESSAGE_MAX = 4096, STATUS_BYTES_MAX = 8192 };

static const lxw_col_t COLUMNS = 100;
static const str PEAK_MARK = STR_INIT("VmHWM:");

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void write_cell(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, uint64_t random)
{
    char text[TEXT_MAX];

    if (row == 0) {
        (void)snprintf(text, sizeof(text), "指标%d（人）", column);
        MUST(worksheet_write_string(sheet, row, column, text, NULL) == LXW_NO_ERROR);
    } else if (column % 4 == 3) {
        (void)snprintf(text, sizeof(text), "示范乡第%d村", (int)(random % NAMES));
        MUST(worksheet_write_string(sheet, row, column, text, NULL) == LXW_NO_ERROR);
    } else {
        double number =
            column % 4 == 2 ? (double)(random % 1000000) / 7919.0 : (double)(random % ROWS);
        MUST(worksheet_write_number(sheet, row, column, number, NULL) == LXW_NO_ERROR);
    }
}

static int make(const char *path)
{
    lxw_workbook *book = workbook_new(path);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "台账");
    uint64_t state = 88172645463325252U;

    for (lxw_row_t row = 0; row <= ROWS; row++) {
        for (lxw_col_t column = 0; column < COLUMNS; column++) {
            write_cell(sheet, row, column, next_random(&state));
        }
    }
    return workbook_close(book) == LXW_NO_ERROR ? 0 : 1;
}

struct count {
    int64_t rows;
    int64_t cells;
    bool is_dump;
};

static enum rc on_sheet(void *self, const struct sheet_info *info)
{
    (void)self;
    (void)info;
    return RC_OK;
}

static enum rc on_row(void *self, const struct sheet_row *row)
{
    struct count *count = self;

    count->rows++;
    count->cells += row->count;
    for (int i = 0; count->is_dump && i < row->count; i++) {
        const struct cell *cell = &row->cells[i];
        (void)printf("%ld\t%d\t%d\t%.*s\n", (long)row->row, cell->column, (int)cell->kind,
                     STR_ARG(cell->text));
    }
    return RC_OK;
}

static enum rc on_end(void *self)
{
    (void)self;
    return RC_OK;
}

static str map_file(const char *path)
{
    struct stat stat;
    int file = open(path, O_RDONLY | O_CLOEXEC);

    MUST(file >= 0 && fstat(file, &stat) == 0);
    void *at = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    MUST(at != MAP_FAILED);
    (void)close(file);
    return (str){at, (size_t)stat.st_size};
}

static int report(const struct err *err)
{
    struct arena arena;
    struct buf out;
    str text = {0};

    arena_init(&arena, ARENA_MIB);
    buf_init(&out, &arena, MESSAGE_MAX);
    err_put(&out, LANG_EN, err);
    (void)buf_done(&out, &text);
    (void)fprintf(stderr, "%.*s\n", STR_ARG(text));
    arena_done(&arena);
    return 1;
}

/* The most memory this program has had resident. getrusage would also count what the process held
 * before it became this program. */
static long peak_kib(void)
{
    char text[STATUS_BYTES_MAX];
    FILE *status = fopen("/proc/self/status", "r");
    int64_t kib = 0;

    MUST(status != NULL);
    str rest = {text, fread(text, 1, sizeof(text), status)};
    (void)fclose(status);
    rest = str_part(rest, str_find(rest, PEAK_MARK), rest.len);
    rest = str_trim(str_part(rest, PEAK_MARK.len, rest.len));
    MUST(num_parse_int(str_part(rest, 0, str_find(rest, STR(" "))), 0, INT32_MAX, &kib));
    return (long)kib;
}

/* "cells N cpu_us N peak_kib N file_kib N"; the peak holds the mapped file's pages too. */
static int read_book(const char *path, bool is_dump)
{
    struct count count = {.is_dump = is_dump};
    struct sheet_reader reader = {&count, on_sheet, on_row, on_end};
    struct err err = {0};
    str bytes = map_file(path);

    int64_t began = clock_cpu_us();
    enum rc rc = xlsx_read(bytes, &SHEET_LIMITS, &reader, &err);
    int64_t cpu_us = clock_cpu_us() - began;
    if (rc != RC_OK) {
        return report(&err);
    }
    if (!is_dump) {
        (void)printf("cells %ld cpu_us %ld peak_kib %ld file_kib %zu\n", (long)count.cells,
                     (long)cpu_us, peak_kib(), bytes.len / 1024);
    }
    return 0;
}

int main(int argc, char **argv)
{
    str verb = argc == 3 ? str_from(argv[1]) : STR("");

    if (str_equal(verb, STR("make"))) {
        return make(argv[2]);
    }
    if (str_equal(verb, STR("read")) || str_equal(verb, STR("dump"))) {
        return read_book(argv[2], str_equal(verb, STR("dump")));
    }
    (void)fprintf(stderr, "usage: sheet_bench make|read|dump FILE\n");
    return 2;
}
