/* A workbook as the zip archive it is: its claims are checked before anything is inflated, what it
 * holds is counted while it is. For the rooms of format that take workbooks apart. */
#ifndef FORMAT_SHEET_PACKAGE_H
#define FORMAT_SHEET_PACKAGE_H

#include <zip.h>

#include "base/map.h"
#include "format/sheet/sheet.h"

/* The zip archive. Nothing is inflated before its directory has been found sound. */
struct package {
    zip_source_t *source;
    zip_t *zip;
    const struct sheet_limits *limits;
    struct arena *arena;
    struct err *err;
    struct map parts; /* path in lower case → index in the archive */
};

enum rc package_open(struct package *package, str bytes, const struct sheet_limits *limits,
                     struct arena *arena, struct err *err) MUST_CHECK;
void package_close(struct package *package);
bool package_has(const struct package *package, str path);

/* One file of the archive, read from front to end. */
struct part {
    struct package *package;
    str path;
    zip_file_t *file;
    uint64_t left; /* declared bytes that have not come yet */
};

enum rc part_open(struct package *package, str path, struct part *part) MUST_CHECK;
/* Up to `room` bytes; 0 at the end. */
enum rc part_read(struct part *part, char *at, size_t room, size_t *out_len) MUST_CHECK;
void part_close(struct part *part);

#endif
