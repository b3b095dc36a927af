/* hostile_test FOLDER: every file that make.py made is answered as its name says, by a clear
 * refusal with a hint, within two seconds of CPU time and 96 MiB beyond its own size. */
#include <dirent.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/msg.h"
#include "format/sheet/sheet.h"

enum { CPU_MS_MAX = 2000, MEMORY_KIB_MAX = 96 * 1024, FILES_MIN = 60 };

#define REASON(name, id)                                                                           \
    {                                                                                              \
        STR_INIT(name), MSG_SHEET_##id                                                             \
    }

static const struct {
    str name;
    enum msg_id id;
} REASONS[] = {
    REASON("cell_broken", CELL_BROKEN),
    REASON("cell_too_long", CELL_TOO_LONG),
    REASON("csv_binary", CSV_BINARY),
    REASON("csv_encoding", CSV_ENCODING),
    REASON("csv_quote_open", CSV_QUOTE_OPEN),
    REASON("csv_quote_tail", CSV_QUOTE_TAIL),
    REASON("doctype", DOCTYPE),
    REASON("external_link", EXTERNAL_LINK),
    REASON("field_too_long", FIELD_TOO_LONG),
    REASON("file_damaged", FILE_DAMAGED),
    REASON("file_too_big", FILE_TOO_BIG),
    REASON("macros", MACROS),
    REASON("not_workbook", NOT_WORKBOOK),
    REASON("old_format", OLD_FORMAT),
    REASON("other_format", OTHER_FORMAT),
    REASON("part_broken", PART_BROKEN),
    REASON("part_damaged", PART_DAMAGED),
    REASON("part_missing", PART_MISSING),
    REASON("part_twice", PART_TWICE),
    REASON("parts_overlap", PARTS_OVERLAP),
    REASON("password", PASSWORD),
    REASON("ratio_too_high", RATIO_TOO_HIGH),
    REASON("row_order", ROW_ORDER),
    REASON("sheet_lost", SHEET_LOST),
    REASON("string_too_long", STRING_TOO_LONG),
    REASON("strings_too_big", STRINGS_TOO_BIG),
    REASON("too_many_columns", TOO_MANY_COLUMNS),
    REASON("too_many_merges", TOO_MANY_MERGES),
    REASON("too_many_parts", TOO_MANY_PARTS),
    REASON("too_many_rows", TOO_MANY_ROWS),
    REASON("too_many_sheets", TOO_MANY_SHEETS),
    REASON("unpacked_too_big", UNPACKED_TOO_BIG),
    REASON("xml_token_too_big", XML_TOKEN_TOO_BIG),
    REASON("xml_too_deep", XML_TOO_DEEP),
    REASON("xz_damaged", XZ_DAMAGED),
    REASON("xz_too_big", XZ_TOO_BIG),
};

static enum rc on_sheet(void *self, const struct sheet_info *info)
{
    (void)self;
    (void)info;
    return RC_OK;
}

static enum rc on_row(void *self, const struct sheet_row *row)
{
    (void)self;
    (void)row;
    return RC_OK;
}

static enum rc on_end(void *self)
{
    (void)self;
    return RC_OK;
}

static str load(const char *path, struct arena *arena)
{
    FILE *file = fopen(path, "rb");

    MUST(file != NULL && fseek(file, 0, SEEK_END) == 0);
    long size = ftell(file);
    MUST(size >= 0);
    rewind(file);
    char *at = arena_take(arena, (size_t)size + 1);
    MUST(fread(at, 1, (size_t)size, file) == (size_t)size);
    (void)fclose(file);
    return (str){at, (size_t)size};
}

static enum rc read_file(str name, str bytes, struct arena *arena, struct err *err)
{
    struct sheet_reader reader = {NULL, on_sheet, on_row, on_end};

    if (str_ends(name, STR(".xlsx"))) {
        return xlsx_read(bytes, &SHEET_LIMITS, &reader, err);
    }
    if (str_ends(name, STR(".xz"))) {
        str unpacked = {0};
        return xz_unpack(bytes, 64 * ARENA_MIB, arena, &unpacked, err);
    }
    return csv_read(bytes, &SHEET_LIMITS, &reader, err);
}

/* What the name promises, against what happened; a fault in words, or "". */
static str fault_of(str name, enum rc rc, const struct err *err, struct arena *arena)
{
    str reason = str_part(name, 0, str_find(name, STR("--")));
    struct buf words;
    str text = {0};

    if (str_equal(reason, STR("ok"))) {
        return rc == RC_OK ? STR("") : STR("refused");
    }
    if (rc != RC_INVALID && rc != RC_LIMIT) {
        return STR("not refused");
    }
    buf_init(&words, arena, ARENA_KIB * 4);
    err_put(&words, LANG_ZH, err);
    if (!buf_done(&words, &text) || str_find(text, STR("\n")) == STR_NONE) {
        return STR("refused without saying what to do");
    }
    for (size_t i = 0; i < COUNT_OF(REASONS); i++) {
        if (str_equal(reason, REASONS[i].name)) {
            return err->msg == REASONS[i].id ? STR("") : text;
        }
    }
    return STR("named after a reason this test does not know");
}

/* In a child of its own, so that time and memory are this file's. */
static int try_file(const char *folder, const char *name)
{
    struct arena arena;
    struct err err = {0};
    struct rusage before;
    struct rusage after;
    char path[4096];

    arena_init(&arena, 256 * ARENA_MIB);
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    str bytes = load(path, &arena);
    (void)getrusage(RUSAGE_SELF, &before);
    int64_t began = clock_cpu_us();
    enum rc rc = read_file(str_from(name), bytes, &arena, &err);
    int64_t ms = (clock_cpu_us() - began) / 1000;
    (void)getrusage(RUSAGE_SELF, &after);
    str fault = fault_of(str_from(name), rc, &err, &arena);
#ifndef ARENA_SPLIT /* sanitizers take time and memory of their own */
    if (ms > CPU_MS_MAX || after.ru_maxrss - before.ru_maxrss > MEMORY_KIB_MAX) {
        fault = STR("takes too long or too much memory");
    }
#endif
    if (fault.len > 0) {
        (void)printf("# %s: %.*s (%ld ms, %ld KiB)\n", name, STR_ARG(fault), (long)ms,
                     after.ru_maxrss - before.ru_maxrss);
        (void)fflush(stdout);
    }
    arena_done(&arena);
    return fault.len == 0 ? 0 : 1;
}

static bool passes(const char *folder, const char *name)
{
    int status = 0;

    (void)fflush(stdout);
    pid_t child = fork();
    MUST(child >= 0);
    if (child == 0) {
        _exit(try_file(folder, name));
    }
    MUST(waitpid(child, &status, 0) == child);
    if (WIFSIGNALED(status)) {
        (void)printf("# %s: died of signal %d\n", name, WTERMSIG(status));
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(int argc, char **argv)
{
    int count = 0;
    int failed = 0;

    MUST(argc == 2);
    DIR *folder = opendir(argv[1]);
    MUST(folder != NULL);
    const struct dirent *entry = NULL;
    /* One thread: readdir is safe. */
    while ((entry = readdir(folder)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        if (entry->d_name[0] != '.') {
            count++;
            failed += passes(argv[1], entry->d_name) ? 0 : 1;
        }
    }
    (void)closedir(folder);
    (void)printf("# %d files, %d answered wrongly\n", count, failed);
    return count >= FILES_MIN && failed == 0 ? 0 : 1;
}
