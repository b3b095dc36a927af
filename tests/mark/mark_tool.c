/* mark_tool IN OUT SHEET:CELL:e|w:TEXT…: mark cells of a workbook, for the tests of mark_test.py.
 */
#include "base/place.h"
#include "format/patch/patch.h"

enum { FILE_MAX = 64 * 1024 * 1024, MARKS = 25000 };

static enum rc put(void *self, str bytes)
{
    return fwrite(bytes.at, 1, bytes.len, self) == bytes.len ? RC_OK : RC_BROKEN;
}

static bool read_mark(const char *text, struct mark *mark)
{
    str rest = str_from(text);
    str sheet = {0};
    str cell = {0};
    str kind = {0};

    *mark = (struct mark){0};
    if (!str_cut(&rest, ':', &sheet) || !str_cut(&rest, ':', &cell) ||
        !str_cut(&rest, ':', &kind) || !place_read(cell, &mark->row, &mark->column)) {
        return false;
    }
    mark->row++;
    mark->sheet = sheet.at[0] - '0';
    mark->severity = str_equal(kind, STR("e")) ? MARK_ERROR : MARK_WARNING;
    mark->text = rest;
    return true;
}

static enum rc mark_file(FILE *in, FILE *out, int count, char **texts)
{
    static char bytes[FILE_MAX];
    static struct mark marks[MARKS];
    struct err err = {0};
    struct mark_options options = {STR("示范县专班"), LANG_ZH, &SHEET_LIMITS};
    size_t size = fread(bytes, 1, sizeof(bytes), in);

    for (int i = 0; i < count; i++) {
        MUST(i < MARKS && read_mark(texts[i], &marks[i]));
    }
    enum rc rc = mark_book((str){bytes, size}, marks, (size_t)count, &options,
                           (struct byte_sink){out, put}, &err);
    if (rc != RC_OK) {
        struct arena arena;
        struct buf why;
        str text = {0};
        arena_init(&arena, ARENA_MIB);
        buf_init(&why, &arena, ARENA_MIB);
        err_put(&why, LANG_EN, &err);
        (void)buf_done(&why, &text);
        (void)fprintf(stderr, "%.*s\n", STR_ARG(text));
        arena_done(&arena);
    }
    return rc;
}

int main(int count, char **args)
{
    FILE *in = count > 2 ? fopen(args[1], "rb") : NULL;
    FILE *out = in != NULL ? fopen(args[2], "wb") : NULL;

    if (out == NULL) {
        return 2;
    }
    enum rc rc = mark_file(in, out, count - 3, args + 3);
    (void)fclose(in);
    return fclose(out) != 0 || rc != RC_OK;
}
