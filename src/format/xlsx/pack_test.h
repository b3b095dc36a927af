/* For tests: a workbook packed from the texts of its parts. */
#ifndef FORMAT_XLSX_PACK_TEST_H
#define FORMAT_XLSX_PACK_TEST_H

#include <zip.h>

#include "base/arena.h"
#include "base/must.h"

struct piece {
    const char *path;
    const char *text;
};

/* Pieces up to one without a path. */
static inline str pack(struct arena *arena, const struct piece *pieces)
{
    zip_error_t error;
    zip_stat_t info = {0};
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);

    MUST(zip != NULL);
    zip_source_keep(source);
    for (int i = 0; pieces[i].path != NULL; i++) {
        zip_source_t *text = zip_source_buffer(zip, pieces[i].text, strlen(pieces[i].text), 0);
        MUST(zip_file_add(zip, pieces[i].path, text, ZIP_FL_ENC_UTF_8) >= 0);
    }
    MUST(zip_close(zip) == 0);
    MUST(zip_source_open(source) == 0 && zip_source_stat(source, &info) == 0);
    char *bytes = arena_take(arena, info.size + 1);
    MUST(zip_source_read(source, bytes, info.size) == (zip_int64_t)info.size);
    (void)zip_source_close(source);
    zip_source_free(source);
    return (str){bytes, info.size};
}

#endif
